//! A planned message is due: it is said on the best open channel, put off, held back, or no longer of any use.
//!
//! What is said stands on the timeline in the same batch, so whatever happens in the conversation meanwhile makes the
//! batch fail, and it is decided again with that.

use super::{Change, Decision, Known, Plan, Snapshot, confirm, speak::Motive, typed};
use crate::{
    appointment::State,
    channel::Channel,
    command::Plan as Wish,
    contact::{Address, AddressKind, Assurance},
    ctx::Ctx,
    delivery::{Billed, Purpose},
    effect::Effect,
    error::Rejection,
    event::Message,
    gate::select,
    id::{DeliveryId, VisitorId},
    identity,
    phrases::{self, Lang},
    planned::{AppointmentAt, Planned, PlannedState},
    store::planned::Ended,
    time::Timestamp,
    verdict::Held,
    wire::Speaker,
};

/// Plans a message.
pub(super) fn plan(snapshot: &Snapshot<'_>, wish: &Wish) -> Result<Decision, Rejection> {
    let Some(conversation) = &snapshot.conversation else {
        return Err(Rejection::new(404, "unknown_conversation", "No conversation has this id."));
    };
    if wish.body.text.trim().is_empty() {
        return Err(Rejection::new(400, "empty", "A planned message needs a text."));
    }
    let planned = Planned {
        id: wish.id.clone(),
        conversation: conversation.id.clone(),
        body: wish.body.clone(),
        due_at: wish.due_at,
        state: PlannedState::Waiting,
        reason: None,
        delivery: None,
    };
    let effects = vec![wakes(snapshot, &planned, planned.due_at)];
    Ok(Decision { changes: vec![Change::Plan(planned)], effects, ..Decision::default() })
}

/// Calls a planned message off.
pub(super) fn cancel(snapshot: &Snapshot<'_>) -> Result<Decision, Rejection> {
    let Some(planned) = &snapshot.planned else {
        return Err(Rejection::new(404, "unknown_planned", "No planned message has this id."));
    };
    if planned.state != PlannedState::Waiting {
        let text = format!("It is not waiting any more: it is {}.", planned.state.as_str());
        return Err(Rejection::new(409, "not_waiting", text));
    }
    let ended =
        Ended { state: PlannedState::Cancelled, reason: Some("planned.cancelled".into()), delivery: None };
    Ok(Decision { changes: vec![Change::EndPlanned(planned.id.clone(), ended)], ..Decision::default() })
}

/// Says a planned message that is due.
pub(super) fn decide(snapshot: &Snapshot<'_>, present: &[VisitorId], ctx: &mut Ctx) -> Decision {
    let (Some(planned), Some(contact), Some(conversation)) =
        (&snapshot.planned, &snapshot.contact, &snapshot.conversation)
    else {
        return Decision::default();
    };
    if planned.state != PlannedState::Waiting || planned.due_at > ctx.now {
        return Decision::default();
    }
    let mut plan = Plan::on_conversation(snapshot, contact.clone(), conversation.clone());
    if let Some(rule) = planned.body.unless.pointless(conversation, snapshot.calendar.named.as_ref(), ctx.now)
    {
        let ended = Ended { state: PlannedState::Stale, reason: Some(rule.into()), delivery: None };
        return Decision {
            changes: vec![Change::EndPlanned(planned.id.clone(), ended)],
            ..Decision::default()
        };
    }
    let unasked = Unasked {
        speaker: planned.body.said_by(),
        purpose: planned.body.purpose,
        topic: planned.body.topic.clone(),
        priority: 0,
        among: &planned.body.among,
        about: planned.body.unless.appointment.as_ref(),
        words: &|_, channel| {
            let (text, subject) = planned.body.words(channel);
            Message { text, subject, ..Message::default() }
        },
    };
    match say(&mut plan, ctx, &unasked, present) {
        Outcome::Said(said) => {
            let ended = Ended { state: PlannedState::Said, reason: None, delivery: said.delivery };
            plan.change(Change::EndPlanned(planned.id.clone(), ended));
        }
        Outcome::PutOff(rule, until) => {
            plan.change(Change::PutOffPlanned(planned.id.clone(), until, rule));
            plan.effect(wakes(snapshot, planned, until));
        }
        Outcome::Held(rule) => {
            let ended = Ended { state: PlannedState::Held, reason: Some(rule), delivery: None };
            plan.change(Change::EndPlanned(planned.id.clone(), ended));
        }
    }
    plan.finish()
}

/// Something to be said that nobody asked for just now.
pub(super) struct Unasked<'a> {
    /// Who says it.
    pub(super) speaker: Speaker,
    pub(super) purpose: Purpose,
    pub(super) topic: Option<String>,
    /// What its sequence adds to its bid.
    pub(super) priority: u8,
    /// The channels it may go by; any where there is none.
    pub(super) among: &'a [Channel],
    /// The appointment it is about, as it was.
    pub(super) about: Option<&'a AppointmentAt>,
    pub(super) words: Words<'a>,
}

/// The words for an address on a channel.
type Words<'a> = &'a dyn Fn(&Known, Channel) -> Message;

/// What became of it.
pub(super) enum Outcome {
    /// It stands on the timeline, and in the outbox where it does not go to the chat.
    Said(Said),
    /// Not before then, by this rule.
    PutOff(String, Timestamp),
    /// Not at all, by this rule.
    Held(String),
}

/// What was said.
pub(super) struct Said {
    pub(super) to: Known,
    pub(super) channel: Channel,
    pub(super) text: String,
    pub(super) delivery: Option<DeliveryId>,
}

/// Says it on the best open way, and leaves the verdict on all of them.
pub(super) fn say(
    plan: &mut Plan<'_>,
    ctx: &mut Ctx,
    unasked: &Unasked<'_>,
    present: &[VisitorId],
) -> Outcome {
    let motive = Motive {
        purpose: unasked.purpose,
        topic: unasked.topic.clone(),
        speaker: unasked.speaker.clone(),
        priority: unasked.priority,
    };
    let (mut ways, aside) = ways(plan, unasked, present, ctx.now);
    let is_present = ways.iter().any(|way| way.channel == Channel::Widget);
    let case = |way: &Way| plan.case(ctx, &way.to, way.channel, &motive, &way.message);
    let (cases, aside) = (ways.iter().map(case).collect(), aside.iter().map(case).collect::<Vec<_>>());
    let (detail, won) = select(&plan.snapshot.site.policy, cases, &aside, is_present);
    match detail.held() {
        None => {
            let way = won.filter(|place| *place < ways.len()).map(|place| ways.swap_remove(place));
            let Some(Way { to, channel, message }) = way else {
                return Outcome::Held("reachability.none".into());
            };
            let text = message.text.clone();
            let delivery = plan.send(ctx, (&to, channel), motive, message, detail, ctx.now).1;
            Outcome::Said(Said { to, channel, text, delivery })
        }
        Some(Held::Deferred(rule, until)) => {
            plan.judged(ctx, None, detail);
            Outcome::PutOff(rule, until)
        }
        Some(Held::Denied(rule)) => {
            plan.judged(ctx, None, detail);
            Outcome::Held(rule)
        }
    }
}

pub(super) fn wakes(snapshot: &Snapshot<'_>, planned: &Planned, due_at: Timestamp) -> Effect {
    let (site, conversation) = (snapshot.site.id.clone(), planned.conversation.clone());
    Effect::Speak { site, conversation, planned: planned.id.clone(), due_at }
}

/// A way it could go.
struct Way {
    to: Known,
    channel: Channel,
    message: Message,
}

/// Every way: each of the contact's addresses on a channel the site has, and the chat of a browser that is there. Then
/// those it must not go by.
fn ways(
    plan: &Plan<'_>,
    unasked: &Unasked<'_>,
    present: &[VisitorId],
    now: Timestamp,
) -> (Vec<Way>, Vec<Way>) {
    let snapshot = plan.snapshot;
    let is_there = |address: &Address| present.iter().any(|visitor| visitor.as_str() == address.text);
    let own =
        snapshot.addresses.iter().filter(|known| may_hear(plan, unasked, known, now)).filter_map(|known| {
            let channel = match known.address.kind {
                AddressKind::Visitor if is_there(&known.address) => Channel::Widget,
                AddressKind::Visitor => return None,
                AddressKind::Phone => Channel::Sms,
                AddressKind::Email => Channel::Email,
                AddressKind::Messenger => Channel::Messenger,
                AddressKind::Instagram => Channel::Instagram,
            };
            let has_line = snapshot.site.endpoint_on(channel).is_some();
            has_line.then(|| {
                let to = typed::known(snapshot, &known.address);
                let message = message(plan, unasked, (unasked.words)(&to, channel), channel);
                Way { to, channel, message }
            })
        });
    let mut ways: Vec<Way> = own.collect();
    // Of two addresses on one channel the better proven one is the better one.
    ways.sort_by_key(|way| core::cmp::Reverse(way.to.owner.as_ref().map(|(_, handle)| handle.assurance)));
    ways.into_iter().partition(|way| unasked.among.is_empty() || unasked.among.contains(&way.channel))
}

/// Whether an address may be told: once the contact has proven any of theirs, only a proven one, the line an appointment
/// was made on, and what was typed there. Anybody may have typed the rest.
fn may_hear(plan: &Plan<'_>, unasked: &Unasked<'_>, known: &Known, now: Timestamp) -> bool {
    let snapshot = plan.snapshot;
    // Who confirmed from the mailbox itself that it wants news gets news there, whoever typed it.
    let is_news = unasked.purpose == Purpose::Marketing && known.address.kind == AddressKind::Email;
    if is_news && confirm::is_confirmed(known, now) {
        return true;
    }
    let proven = |known: &Known| {
        known.owner.as_ref().is_some_and(|(_, handle)| handle.assurance >= Assurance::Possessed)
    };
    if proven(known) || !snapshot.addresses.iter().any(proven) {
        return true;
    }
    // What was typed for the very appointment it is about.
    let typed = snapshot.calendar.named.as_ref().and_then(|named| named.mailbox.as_ref());
    if typed.is_some_and(|typed| known.address.is_same(typed)) {
        return true;
    }
    let Some(line) = snapshot.calendar.named.as_ref().map(|named| &named.line) else { return false };
    let (kind, key, on) = (known.address.kind, identity::key(&known.address), identity::key(line));
    let mut typed = plan.conversation.typed.iter();
    known.address.is_same(line)
        || typed.any(|typed| typed.kind == kind && typed.key == key && typed.on.contains(&on))
}

fn message(plan: &Plan<'_>, unasked: &Unasked<'_>, message: Message, channel: Channel) -> Message {
    let Message { mut text, subject, .. } = message;
    let (site, lang): (_, Lang) = (&plan.snapshot.site, plan.lang());
    if channel == Channel::Sms {
        if !text.contains(&site.name) {
            text = format!("{}: {text}", site.name);
        }
        if unasked.purpose == Purpose::Marketing && !phrases::lines::says_stop(&text) {
            text = format!("{text} {}", phrases::lines::how_to_stop(lang));
        }
    }
    if let Some(link) = link_of(plan, unasked) {
        text = with_link(channel, text, lang, link);
    }
    let subject = subject
        .or_else(|| (channel == Channel::Email).then(|| phrases::lines::subject(lang, &site.name, None)));
    Message { text, subject, ..message }
}

/// The link of the appointment a message is about, where it is still on.
fn link_of<'a>(plan: &Plan<'a>, unasked: &Unasked<'_>) -> Option<&'a str> {
    let about = unasked.about?;
    plan.snapshot.calendar.link.as_deref().filter(|_| about.state == State::Booked)
}

/// A text with the link under it. A text message has it only where that makes it no dearer.
fn with_link(channel: Channel, text: String, lang: Lang, link: &str) -> String {
    if channel != Channel::Sms {
        return format!("{text}\n\n{}", phrases::appointments::change_it(lang, link));
    }
    let longer = format!("{text} {link}");
    if Billed::of(&longer).segments > Billed::of(&text).segments { text } else { longer }
}
