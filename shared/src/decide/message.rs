//! A contact wrote.
//!
//! 1. A duplicate is acknowledged again.
//! 2. What cannot be taken is refused.
//! 3. Who wrote is found, or is new; a vouched answer from an address proves it, and joins whoever typed it before.
//! 4. The message becomes an event.
//! 5. A wish for no more messages, or for messages again, acts at once, before any assistant sees it.
//! 6. Otherwise an answer is owed, unless a machine wrote or a mail says once more what was answered before.

use super::{Change, Decision, Plan, Snapshot, files, notify, pace, people, plan::duplicate, thread, wish};
use crate::{
    api::alerts::AlertKind,
    channel::{Channel, email::repeat},
    command::Arrival,
    contact::{Address, AddressKind, Assurance},
    conversation::{Floor, Owed},
    ctx::Ctx,
    effect::Effect,
    error::Rejection,
    event::{Body, Event, Message},
    identity,
    message::{Brought, InboundMessage},
    phrases,
    time::{SECOND_MS, Timestamp},
    wire::{Attachment, MAX_MESSAGE_CHARS, Speaker},
};

/// How long text messages are gathered before they are answered together, in milliseconds.
const GATHER_SMS_MS: i64 = 3 * SECOND_MS;
/// How long a burst may put off its answer altogether, in milliseconds.
const GATHER_AT_MOST_MS: i64 = 10 * SECOND_MS;

pub(super) fn decide(
    snapshot: &Snapshot<'_>,
    arrival: &Arrival,
    message: &InboundMessage,
    ctx: &mut Ctx,
) -> Result<Decision, Rejection> {
    if let Some(decision) = duplicate(snapshot, &arrival.event) {
        return Ok(decision);
    }
    let channel = snapshot.site.channel_of(&arrival.endpoint);
    let hints = arrival.visitor.as_ref();
    let vouched = is_vouched(snapshot, message);
    let name = message.from_name.as_deref().filter(|_| vouched);
    let mut plan = Plan::from_sender(snapshot, &message.from, name, hints, ctx);
    let attached = brought(&plan, message)?;
    if channel == Channel::Widget {
        check(&plan, message, ctx)?;
    }
    pace::count(&mut plan, ctx);
    let line = (channel, &message.from);
    if vouched {
        prove(&mut plan, ctx, line, message);
    }
    let body = Body::Message(Message {
        text: files::text(&message.text, &attached),
        subject: message.subject.clone(),
        files: attached,
        automatic: message.automatic,
        repeated: is_repeated(snapshot, channel, message, ctx),
        unverified: !vouched,
        ..Message::default()
    });
    let event = plan.arrive(ctx, arrival, line, Speaker::Contact, body);
    files::send(&mut plan, &event);
    if let Some(id) = &message.message_id {
        plan.change(Change::MailId(id.clone(), event.clone()));
    }
    if !message.automatic {
        thread::note(&mut plan, ctx, &message.from);
    }
    let said = wish::Said { line, message, event: &event, vouched };
    if !wish::obey(&mut plan, ctx, &said) {
        owe(&mut plan, ctx.now, channel, &event);
        tell_holder(&mut plan, ctx, line, &event);
    }
    Ok(plan.finish())
}

/// Refuses what a visitor can put right themselves.
fn check(plan: &Plan<'_>, message: &InboundMessage, ctx: &Ctx) -> Result<(), Rejection> {
    let lang = plan.lang();
    if message.text.trim().is_empty() && message.files.is_empty() {
        return Err(Rejection::new(400, "empty", phrases::limits::empty(lang)));
    }
    if message.text.chars().count() > MAX_MESSAGE_CHARS {
        return Err(Rejection::new(400, "too_long", phrases::limits::too_long(lang, MAX_MESSAGE_CHARS)));
    }
    pace::check(plan, ctx)
}

/// The files that came with a message, and those its browser uploaded for it.
fn brought(plan: &Plan<'_>, message: &InboundMessage) -> Result<Vec<Attachment>, Rejection> {
    let mut ids = Vec::new();
    let mut kept = Vec::new();
    for brought in &message.files {
        match brought {
            Brought::Kept(file) => kept.push(file.attachment()),
            Brought::Uploaded(id) => ids.push(id.clone()),
            Brought::Whole(..) => {}
        }
    }
    let whose = identity::key(&message.from);
    let mut all = files::uploaded(plan.snapshot, &plan.conversation.id, &whose, &ids)?;
    all.extend(kept);
    Ok(all)
}

/// Whether a message is known to come from the address it names: its provider vouches for it, or it is a reply to the
/// address that we signed for that mailbox alone, which proves it as well as the provider's word does.
fn is_vouched(snapshot: &Snapshot<'_>, message: &InboundMessage) -> bool {
    message.authenticated || thread::proves_sender(snapshot)
}

/// Whether a mail repeats those that its mailbox sent within the hour: two machines that answer each other come to rest.
fn is_repeated(snapshot: &Snapshot<'_>, channel: Channel, message: &InboundMessage, ctx: &Ctx) -> bool {
    let key = identity::key(&message.from);
    let earlier = snapshot.recent.iter().filter(|event| {
        event.speaker == Speaker::Contact
            && event.channel == Channel::Email
            && event.address_key == key
            && ctx.now.since_ms(event.at) < repeat::WITHIN_MS
    });
    let texts = earlier.filter_map(|event| event.message()).map(|earlier| earlier.text.as_str());
    channel == Channel::Email && !message.automatic && repeat::is_repeat(&message.text, texts)
}

/// A vouched message from an address proves it; whoever typed that address before is thereby the same person.
fn prove(plan: &mut Plan<'_>, ctx: &mut Ctx, line: (Channel, &Address), message: &InboundMessage) {
    if message.from.kind == AddressKind::Visitor {
        return;
    }
    let known = plan.snapshot.known(&message.from);
    let stands = known.and_then(|known| known.owner.as_ref()).map(|(_, handle)| handle.assurance);
    if stands < Some(Assurance::Possessed) {
        plan.change(Change::Prove(message.from.clone(), Assurance::Possessed));
    }
    if stands == Some(Assurance::Claimed) {
        let body = Body::Proven { address: identity::mask(&message.from), assurance: Assurance::Possessed };
        plan.append(ctx, None, line, Speaker::System, body);
    }
    if let Some(joining) = &plan.snapshot.joining {
        people::proven(plan, ctx, line, joining);
    }
}

/// Whoever has the floor is told that the contact wrote.
fn tell_holder(plan: &mut Plan<'_>, ctx: &mut Ctx, line: (Channel, &Address), event: &Event) {
    let lapses_h = plan.snapshot.site.policy.floor_lapses_h;
    let holder = plan.conversation.floor.holder(ctx.now, lapses_h).map(str::to_owned);
    let is_automatic = event.message().is_none_or(|message| message.automatic);
    let Some(holder) = holder.filter(|_| !is_automatic) else { return };
    let because = "They wrote while you have the floor.".to_owned();
    let told = notify::Told { kind: AlertKind::Message, because, line, rings: true };
    let now = ctx.now;
    notify::one(plan, ctx, &holder, &told, now);
}

/// Notes that an answer is owed on the line, and when: text messages are gathered for a moment.
pub(super) fn owe(plan: &mut Plan<'_>, now: Timestamp, channel: Channel, event: &Event) {
    let unanswered = event.message().is_none_or(|message| message.automatic || message.repeated);
    let lapses_h = plan.snapshot.site.policy.floor_lapses_h;
    if unanswered || plan.conversation.floor.holder(now, lapses_h).is_some() {
        return;
    }
    plan.conversation.floor = Floor::Assistant;
    let earlier = plan.conversation.owed_on(channel, &event.address_key);
    let (first_seq, since) = earlier.map_or((event.seq, event.at), |owed| (owed.first_seq, owed.since));
    let due_at = if channel == Channel::Sms {
        event.at.plus_ms(GATHER_SMS_MS).min(since.plus_ms(GATHER_AT_MOST_MS)).max(event.at)
    } else {
        event.at
    };
    let address_key = event.address_key.clone();
    plan.conversation.owe(Owed { channel, address_key, first_seq, basis_seq: event.seq, since, due_at });
    let (site, conversation) = (plan.snapshot.site.id.clone(), plan.conversation.id.clone());
    plan.effect(Effect::Think { site, conversation, due_at });
}
