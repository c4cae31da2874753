//! Saying something: every message out passes the gates here, and leaves its verdict.

use super::{Change, Known, Plan, people};
use crate::{
    calendar::quiet,
    channel::Channel,
    consent::standing,
    contact::AddressKind,
    conversation::{Conversation, Spend},
    ctx::Ctx,
    delivery::{Billed, Delivery, Purpose},
    effect::Effect,
    event::{Body, Event, Message},
    file::LINK_CHARS,
    gate::{Case, Content, Preference, judge},
    id::{DeliveryId, VerdictId},
    identity,
    message::DeliveryState,
    phrases,
    site::Site,
    time::{HOUR_MS, Timestamp},
    verdict::{Candidate, Detail, GateResult, Held, Verdict},
    wire::Speaker,
};

/// Why something is said, and by whom.
#[derive(Clone, Debug)]
pub(crate) struct Motive {
    pub(crate) purpose: Purpose,
    pub(crate) topic: Option<String>,
    pub(crate) speaker: Speaker,
    /// What its sequence adds to its bid.
    pub(crate) priority: u8,
}

/// Whom something is said to, and when: what a [`Case`] needs besides the message itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct About<'a> {
    pub(crate) now: Timestamp,
    pub(crate) site: &'a Site,
    pub(crate) conversation: &'a Conversation,
    /// The contact's, where known.
    pub(crate) time_zone: Option<&'a str>,
}

impl About<'_> {
    /// What the gates are shown of a message to an address; a preference is the caller's to add.
    pub(crate) fn case(&self, to: &Known, channel: Channel, motive: &Motive, message: &Message) -> Case {
        let Self { now, site, conversation, time_zone } = *self;
        let Motive { purpose, topic, speaker, priority } = motive;
        let handle = to.owner.as_ref().map(|(_, handle)| handle);
        let number = (to.address.kind == AddressKind::Phone).then_some(to.address.text.as_str());
        Case {
            now,
            channel,
            has_endpoint: site.endpoint_on(channel).is_some(),
            purpose: *purpose,
            topic: topic.clone(),
            content: content_of(&site.address, channel, message),
            to: identity::mask(&to.address),
            kind: to.address.kind,
            is_known: handle.is_some(),
            is_merged: false,
            blocked: handle.is_some_and(|handle| handle.blocked),
            standing: standing(&to.chain, channel, *purpose, topic.as_deref(), now),
            suppressed: to.suppressed.clone(),
            whereabouts: quiet::whereabouts(time_zone, number, &site.time_zone),
            active_at: conversation.heard_at,
            wrote_at: wrote_at(conversation, to, channel, *purpose),
            spent: if purpose.is_unasked() { conversation.spent.clone() } else { Vec::new() },
            priority: *priority,
            rivals: Vec::new(),
            preference: None,
            floor: conversation.floor.clone(),
            speaker: speaker.clone(),
        }
    }
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
        let motive = Motive { purpose, topic: None, speaker, priority: 0 };
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
        let motive = Motive { purpose, topic: None, speaker: Speaker::Assistant, priority: 0 };
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
        let about = About {
            now: ctx.now,
            site: self.snapshot.site,
            conversation: &self.conversation,
            time_zone: self.contact.time_zone.as_deref(),
        };
        let case = about.case(to, channel, motive, message);
        if motive.purpose.is_unasked() {
            let standing = people::strictest(self.snapshot, to, channel, motive, ctx.now);
            self.unasked(ctx, Case { standing, ..case })
        } else {
            case
        }
    }

    /// The channel the contact said they prefer, else the one they last wrote on.
    pub(super) fn preference(&self, now: Timestamp) -> Option<Preference> {
        let mut said = self.snapshot.facts.iter().rev().filter(|said| said.fact.key == "preference");
        if let Some(channel) = said.find_map(|said| Channel::parse(&said.fact.value)) {
            return Some(Preference { channel, is_stated: true, is_unanswered: false, closed_by: None });
        }
        let (policy, conversation) = (&self.snapshot.site.policy, &self.conversation);
        // Nobody is reached in a chat they have left.
        let heard = conversation.heard.iter().rfind(|heard| heard.channel != Channel::Widget)?;
        if now.since_ms(heard.at) >= i64::from(policy.engaged_for_h) * HOUR_MS {
            return None;
        }
        let patience_ms = i64::from(policy.unanswered_for_h) * HOUR_MS;
        let is_unanswered = conversation.spent.iter().any(|spend| {
            spend.channel == heard.channel
                && conversation.heard_at.is_none_or(|at| at < spend.at)
                && now.since_ms(spend.at) >= patience_ms
        });
        Some(Preference { channel: heard.channel, is_stated: false, is_unanswered, closed_by: None })
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
        let Motive { purpose, topic, speaker, .. } = motive;
        let billed = (channel == Channel::Sms).then(|| billed(&message));
        let event = self.append(ctx, None, (channel, &to.address), speaker, Body::Message(message));
        self.judged(ctx, Some(event.seq), detail);
        if purpose.is_unasked() {
            let looks_back_ms = self.snapshot.site.policy.looks_back_ms();
            self.conversation
                .spend(Spend { at: ctx.now, channel, purpose, topic, also: Vec::new() }, looks_back_ms);
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

/// The verdict on a message that could go one way only.
pub(crate) fn alone(policy: String, purpose: Purpose, candidate: Candidate) -> Detail {
    let (winner, why, change) = match candidate.against() {
        None => (Some(0), "It goes on the line it belongs to.".to_owned(), String::new()),
        Some(gate) => (None, gate.why.clone(), gate.change.clone()),
    };
    Detail { policy, purpose, candidates: vec![candidate], aside: Vec::new(), winner, why, change }
}

/// When the contact last wrote from an address. An answer answers a message from that very address.
fn wrote_at(
    conversation: &Conversation,
    to: &Known,
    channel: Channel,
    purpose: Purpose,
) -> Option<Timestamp> {
    let from = conversation.heard_from(channel, &identity::key(&to.address));
    from.or(conversation.heard_at.filter(|_| purpose == Purpose::Reply))
}

/// What a message costs as a text: its links are made when it leaves, and are about as long as this.
fn billed(message: &Message) -> Billed {
    let links = "x".repeat(message.files.len() * LINK_CHARS);
    if links.is_empty() { Billed::of(&message.text) } else { Billed::of(&(message.words() + &links)) }
}

/// What a message is made of, as the gates ask for it.
fn content_of(address: &str, channel: Channel, message: &Message) -> Content {
    let segments = if channel == Channel::Sms { billed(message).segments } else { 0 };
    Content {
        segments,
        is_document: !message.files.is_empty(),
        says_stop: phrases::lines::says_stop(&message.text),
        // Marketing mail always ends with it, see `channel::email::render`.
        gives_address: !address.is_empty() && (channel == Channel::Email || message.text.contains(address)),
    }
}
