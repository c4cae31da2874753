//! Saying something: every message out passes the gates here, and leaves its verdict.

use super::{Change, Known, Plan};
use crate::{
    calendar::quiet::{self, Whereabouts},
    channel::Channel,
    consent::standing,
    contact::{Address, AddressKind},
    conversation::Spend,
    ctx::Ctx,
    delivery::{Billed, Delivery, Purpose},
    effect::Effect,
    event::{Body, Event, Message},
    gate::{Case, Content, Preference, judge},
    id::{DeliveryId, VerdictId},
    identity,
    message::DeliveryState,
    phrases,
    site::Site,
    time::Timestamp,
    verdict::{Candidate, Detail, GateResult, Held, Verdict},
    wire::Speaker,
};

/// Why something is said, and by whom.
#[derive(Clone, Debug)]
pub(super) struct Motive {
    pub(super) purpose: Purpose,
    pub(super) topic: Option<String>,
    pub(super) speaker: Speaker,
}

impl Plan<'_> {
    /// Says something on a line if the gates allow it: the event, its verdict and, outside the widget, its delivery, which
    /// waits where the gates put it off. A message that is denied leaves its verdict only, and what denies it is returned.
    pub(super) fn say(
        &mut self,
        ctx: &mut Ctx,
        to: &Known,
        channel: Channel,
        purpose: Purpose,
        speaker: Speaker,
        message: Message,
    ) -> Result<Event, Held> {
        let motive = Motive { purpose, topic: None, speaker };
        let case = self.case(ctx, to, channel, &motive, &message);
        let policy = &self.snapshot.site.policy;
        let candidate = judge(policy, case);
        let held = candidate.held();
        let detail = alone(policy.version(), purpose, candidate);
        let due_at = match held {
            Some(held @ Held::Denied(_)) => {
                self.judged(ctx, None, detail);
                return Err(held);
            }
            Some(Held::Deferred(_, until)) => until,
            None => ctx.now,
        };
        Ok(self.send(ctx, (to, channel), motive, message, detail, due_at).0)
    }

    /// Holds a message back by a rule that is no gate's: it leaves its verdict, and the rule is returned.
    pub(super) fn hold(
        &mut self,
        ctx: &mut Ctx,
        to: &Known,
        channel: Channel,
        purpose: Purpose,
        rule: GateResult,
    ) -> Held {
        let motive = Motive { purpose, topic: None, speaker: Speaker::Assistant };
        let case = self.case(ctx, to, channel, &motive, &Message::default());
        let held = Held::Denied(rule.rule.clone());
        let candidate = Candidate { case, gates: vec![rule] };
        let version = self.snapshot.site.policy.version();
        self.judged(ctx, None, alone(version, purpose, candidate));
        held
    }

    /// What the gates are shown of a message.
    pub(super) fn case(
        &self,
        ctx: &Ctx,
        to: &Known,
        channel: Channel,
        motive: &Motive,
        message: &Message,
    ) -> Case {
        let Motive { purpose, topic, speaker } = motive;
        let handle = to.owner.as_ref().map(|(_, handle)| handle);
        let unasked = purpose.is_unasked();
        let spent = if unasked { self.conversation.spent.clone() } else { Vec::new() };
        Case {
            now: ctx.now,
            channel,
            has_endpoint: self.snapshot.site.endpoint_on(channel).is_some(),
            purpose: *purpose,
            topic: topic.clone(),
            content: content_of(&self.snapshot.site.address, channel, message),
            to: identity::mask(&to.address),
            kind: to.address.kind,
            is_known: handle.is_some(),
            is_gone: false,
            blocked: handle.is_some_and(|handle| handle.blocked),
            standing: standing(&to.chain, channel, *purpose, topic.as_deref(), ctx.now),
            suppressed: to.suppressed.clone(),
            whereabouts: whereabouts(self.contact.time_zone.as_deref(), &to.address, &self.snapshot.site),
            active_at: self.conversation.heard_at,
            wrote_at: None,
            spent,
            preference: unasked.then(|| self.preference()).flatten(),
            floor: self.conversation.floor.clone(),
            speaker: speaker.clone(),
        }
    }

    /// The channel the contact said they prefer.
    fn preference(&self) -> Option<Preference> {
        let said = self.snapshot.facts.iter().rfind(|said| said.fact.key == "preference")?;
        let channel = Channel::parse(&said.fact.value)?;
        Some(Preference { channel, is_stated: true, closed_by: None })
    }

    /// Puts a message on the timeline and, outside the widget, in the outbox, not before `due_at`: its event and delivery.
    pub(super) fn send(
        &mut self,
        ctx: &mut Ctx,
        (to, channel): (&Known, Channel),
        motive: Motive,
        message: Message,
        detail: Detail,
        due_at: Timestamp,
    ) -> (Event, Option<DeliveryId>) {
        let Motive { purpose, topic, speaker } = motive;
        let billed = (channel == Channel::Sms).then(|| Billed::of(&message.text));
        let event = self.append(ctx, None, (channel, &to.address), speaker, Body::Message(message));
        self.judged(ctx, Some(event.seq), detail);
        if purpose.is_unasked() {
            let looks_back_ms = self.snapshot.site.policy.looks_back_ms();
            self.conversation.spend(Spend { at: ctx.now, channel, purpose, topic }, looks_back_ms);
        }
        let endpoint = self.snapshot.site.endpoint_on(channel);
        let delivery = endpoint.filter(|_| channel != Channel::Widget).map(|endpoint| {
            let delivery = Delivery {
                id: DeliveryId::mint(ctx),
                site: self.snapshot.site.id.clone(),
                conversation: self.conversation.id.clone(),
                seq: event.seq,
                endpoint: endpoint.id.clone(),
                channel,
                to: to.address.clone(),
                purpose,
                state: DeliveryState::Pending,
                reason: None,
                attempt: 0,
                due_at,
                lease: None,
                provider_id: None,
                billed,
            };
            self.effect(Effect::Deliver { delivery: delivery.id.clone(), due_at });
            let id = delivery.id.clone();
            self.change(Change::Deliver(delivery));
            id
        });
        (event, delivery)
    }

    /// Keeps a verdict.
    pub(super) fn judged(&mut self, ctx: &mut Ctx, seq: Option<u32>, detail: Detail) {
        let (id, conversation) = (VerdictId::mint(ctx), self.conversation.id.clone());
        self.change(Change::Judge(Verdict { id, conversation, seq, detail }));
    }
}

/// Where whoever has an address may be.
pub(crate) fn whereabouts(zone: Option<&str>, address: &Address, site: &Site) -> Whereabouts {
    let number = (address.kind == AddressKind::Phone).then_some(address.text.as_str());
    quiet::whereabouts(zone, number, &site.time_zone)
}

/// The verdict on a message that could go one way only.
pub(crate) fn alone(policy: String, purpose: Purpose, candidate: Candidate) -> Detail {
    let (winner, why, change) = match candidate.against() {
        None => (Some(0), "It goes on the line it belongs to.".to_owned(), String::new()),
        Some(gate) => (None, gate.why.clone(), gate.change.clone()),
    };
    Detail { policy, purpose, candidates: vec![candidate], winner, why, change }
}

/// What a message is made of, as the gates ask for it.
pub(crate) fn content_of(address: &str, channel: Channel, message: &Message) -> Content {
    let segments = if channel == Channel::Sms { Billed::of(&message.text).segments } else { 0 };
    Content {
        segments,
        is_document: false,
        says_stop: phrases::lines::says_stop(&message.text),
        // Marketing mail always ends with it, see `channel::email::render`.
        gives_address: !address.is_empty() && (channel == Channel::Email || message.text.contains(address)),
    }
}
