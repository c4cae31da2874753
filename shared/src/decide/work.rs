//! The team's work on a conversation: what each decision makes of it, and what members do about it by hand.
//!
//! - A word of the contact's opens what was resolved or put off.
//! - Their contact waits for a person from the moment they ask for one, are promised one, or write while a person has the
//!   floor, until a person of the team answers, keeps what was promised, gives the floor back or resolves it.
//! - Whoever is called for is given the conversation by turn, where the site wants that.

use super::{Change, Decision, Plan, Snapshot, handoff, plan::duplicate, promise};
use crate::{
    channel::Channel,
    command::{NoteWish, WorkAct, WorkWish},
    contact::Address,
    conversation::{Conversation, Floor},
    ctx::Ctx,
    effect::Effect,
    error::Rejection,
    event::{Body, Event},
    id::EndpointId,
    promise::PromiseAct,
    site::Site,
    time::{DAY_MS, Timestamp},
    wire::Speaker,
    work::{Progress, WorkEvent},
};

/// The longest note, in characters.
pub(crate) const MAX_NOTE_CHARS: usize = 4_000;
/// How many of the team one note may be for.
const MAX_MENTIONS: usize = 20;
/// How far ahead a conversation may be put off, in milliseconds.
const MAX_SNOOZE_MS: i64 = 366 * DAY_MS;

/// Takes into the state what the events of a decision mean for the team.
pub(super) fn follow(
    conversation: &mut Conversation,
    before: Option<&Conversation>,
    events: &[Event],
    lapses_h: u32,
) {
    let is_answered = events.iter().any(|event| matches!(event.speaker, Speaker::Agent(_)) && is_said(event));
    for event in events {
        let floor = before.and_then(|before| before.floor.holder(event.at, lapses_h));
        let work = &mut conversation.work;
        if event.message().is_some() {
            work.said_seq = Some(event.seq);
        }
        if event.speaker == Speaker::Contact && is_word(event) {
            work.progress = Progress::Open;
            if floor.is_some() {
                work.waits_since = work.waits_since.or(Some(event.at));
            }
        }
        match &event.body {
            Body::Handoff { .. } => {
                work.progress = Progress::Open;
                work.waits_since = work.waits_since.or(Some(event.at));
            }
            Body::Promise(told) if told.act == PromiseAct::Made => {
                work.waits_since = work.waits_since.or(Some(event.at));
            }
            Body::Promise(told) => {
                let ended =
                    matches!(told.act, PromiseAct::Kept | PromiseAct::KeptLate | PromiseAct::Withdrawn);
                work.waits_since = work.waits_since.filter(|_| !ended);
            }
            // Whoever takes the floor owes the answer that the assistant owed.
            Body::Floor { taken: true } if !is_answered => {
                let owed = before.iter().flat_map(|before| &before.owed).map(|owed| owed.since).min();
                work.waits_since = work.waits_since.or(owed);
            }
            Body::Floor { taken: false } if conversation.promise.is_none() => work.waits_since = None,
            Body::Call { .. } => work.waits_since = None,
            Body::Message(_) if matches!(event.speaker, Speaker::Agent(_)) => {
                // A call that is promised is still to come.
                work.waits_since = work.waits_since.filter(|_| conversation.promise.is_some());
            }
            _ => {}
        }
    }
    // Nobody spoke from the floor for too long, and the assistant looks after it again.
    let had = before.is_some_and(|before| matches!(before.floor, Floor::Agent { .. }));
    let called = events.iter().any(|event| matches!(event.body, Body::Handoff { .. }));
    if had
        && conversation.floor == Floor::Assistant
        && conversation.promise.is_none()
        && !called
        && conversation.called.is_empty()
    {
        conversation.work.waits_since = None;
    }
}

/// What a person said in words or by hand: no machine's mail, no calendar's answer.
fn is_word(event: &Event) -> bool {
    match &event.body {
        Body::Message(message) => !message.automatic && !message.repeated,
        Body::Handoff { .. } | Body::Form { .. } => true,
        Body::Appointment(told) => told.answer.is_none(),
        _ => false,
    }
}

const fn is_said(event: &Event) -> bool {
    event.message().is_some()
}

/// A person is called for: the conversation is given to the next of the team, where it is nobody's yet.
pub(super) fn give(plan: &mut Plan<'_>, ctx: &mut Ctx, line: (Channel, &Address)) {
    let site = plan.snapshot.site;
    let Some(rounds) = &plan.snapshot.rounds else { return };
    if plan.conversation.work.assigned.is_some() || plan.has_given() {
        return;
    }
    let Some((to, open)) = rounds.next(&site.team, site.work.capacity) else { return };
    plan.conversation.work.assigned = Some(to.to_owned());
    plan.change(Change::GiveTurn(rounds.after(to, ctx.now)));
    let told = WorkEvent::Given { to: to.to_owned(), open };
    plan.append(ctx, None, line, Speaker::System, Body::Work(told));
}

/// A member does something about the conversation.
pub(super) fn decide(snapshot: &Snapshot<'_>, wish: &WorkWish, ctx: &mut Ctx) -> Result<Decision, Rejection> {
    let (mut plan, member) = begin(snapshot, &wish.by)?;
    let work = &mut plan.conversation.work;
    let (is_so, told) = match &wish.act {
        WorkAct::Assign(to) => {
            let to = to.as_deref().map(str::trim).map(str::to_owned);
            if to.as_ref().is_some_and(|to| !snapshot.site.has_member(to)) {
                let text = "`to` names nobody of the site's `team`: whose is it to be?";
                return Err(Rejection::new(400, "unknown_member", text));
            }
            let is_so = work.assigned == to;
            work.assigned.clone_from(&to);
            (is_so, WorkEvent::Assigned { to })
        }
        WorkAct::Resolve => {
            let is_so = work.progress == Progress::Resolved;
            work.progress = Progress::Resolved;
            work.waits_since = None;
            (is_so, WorkEvent::Resolved {})
        }
        WorkAct::Reopen => {
            let is_so = work.progress == Progress::Open;
            work.progress = Progress::Open;
            (is_so, WorkEvent::Reopened {})
        }
        WorkAct::Snooze(until) => {
            let ahead_ms = until.since_ms(ctx.now);
            if !(1..=MAX_SNOOZE_MS).contains(&ahead_ms) {
                let text = "`until` takes a time that is to come, within a year.";
                return Err(Rejection::new(400, "bad_until", text));
            }
            let is_so = work.progress == Progress::Snoozed { until: *until };
            work.progress = Progress::Snoozed { until: *until };
            (is_so, WorkEvent::Snoozed { until: *until })
        }
        WorkAct::DealtWith => (work.not_delivered.is_none(), WorkEvent::DealtWith {}),
    };
    if is_so {
        return Ok(Decision::default());
    }
    let (site, conversation) = (snapshot.site.id.clone(), plan.conversation.id.clone());
    match wish.act {
        WorkAct::Snooze(due_at) => plan.effect(Effect::Awake { site, conversation, due_at }),
        WorkAct::DealtWith => plan.change(Change::DealtWith(conversation)),
        _ => {}
    }
    if wish.act == WorkAct::Resolve {
        handoff::close(&mut plan, "resolved");
    }
    let (channel, address) = line(snapshot)?;
    plan.append(ctx, None, (channel, &address), Speaker::Agent(member), Body::Work(told));
    Ok(plan.finish())
}

/// A member writes a note for the team.
pub(super) fn note(snapshot: &Snapshot<'_>, wish: &NoteWish, ctx: &mut Ctx) -> Result<Decision, Rejection> {
    if let Some(decision) = duplicate(snapshot, &wish.id) {
        return Ok(decision);
    }
    let (mut plan, member) = begin(snapshot, &wish.by)?;
    let text = wish.text.trim();
    if text.is_empty() || text.chars().count() > MAX_NOTE_CHARS {
        let text = format!("`text` takes 1 to {MAX_NOTE_CHARS} characters.");
        return Err(Rejection::new(400, "bad_text", text));
    }
    let mut mentions: Vec<String> = Vec::new();
    for name in &wish.mentions {
        if !snapshot.site.has_member(name) {
            let text = format!("`mentions` names nobody of the site's `team`: {name}");
            return Err(Rejection::new(400, "unknown_member", text));
        }
        if !mentions.contains(name) {
            mentions.push(name.clone());
        }
    }
    if mentions.len() > MAX_MENTIONS {
        let text = format!("`mentions` takes at most {MAX_MENTIONS} names.");
        return Err(Rejection::new(400, "too_many_mentions", text));
    }
    let (channel, address) = line(snapshot)?;
    let body = Body::Note { text: text.to_owned(), mentions };
    let by = Speaker::Agent(member);
    let event = plan.append(ctx, Some(wish.id.clone()), (channel, &address), by, body);
    plan.change(Change::Arrive(desk(snapshot.site), wish.id.to_string(), event.clone()));
    let mut decision = plan.finish();
    decision.accepted = Some((event.id, event.seq, event.at));
    Ok(decision)
}

/// What was put off is open again.
pub(super) fn awake(snapshot: &Snapshot<'_>, ctx: &mut Ctx) -> Decision {
    let (Some(contact), Some(conversation)) = (&snapshot.contact, &snapshot.conversation) else {
        return Decision::default();
    };
    if !matches!(conversation.work.progress, Progress::Snoozed { until } if until <= ctx.now) {
        return Decision::default();
    }
    let mut plan = Plan::on_conversation(snapshot, contact.clone(), conversation.clone());
    plan.conversation.work.progress = Progress::Open;
    if let Ok((channel, address)) = line(snapshot) {
        plan.append(ctx, None, (channel, &address), Speaker::System, Body::Work(WorkEvent::Awake {}));
    }
    plan.finish()
}

/// The line that what the team itself writes is noted as arrived on: each site's own, and no channel's.
pub(crate) fn desk(site: &Site) -> EndpointId {
    let suffix = site.id.as_str().split_once('_').map_or("", |(_, suffix)| suffix);
    let id = EndpointId::parse(&format!("{}_{suffix}", EndpointId::PREFIX));
    // Both kinds of id take the same suffixes, and their prefixes are equally long.
    id.unwrap_or_else(|_| EndpointId::mint(&mut Ctx::seeded(Timestamp::default(), 0)))
}

/// The plan, and the member's name as the site writes it.
pub(super) fn begin<'a>(snapshot: &'a Snapshot<'a>, by: &str) -> Result<(Plan<'a>, String), Rejection> {
    let (Some(contact), Some(conversation)) = (&snapshot.contact, &snapshot.conversation) else {
        let text = "The contact has no conversation: nothing was ever said.";
        return Err(Rejection::new(404, "unknown_conversation", text));
    };
    let member = by.trim();
    if !snapshot.site.has_member(member) {
        let text = "`by` names nobody of the site's `team`: who does it?";
        return Err(Rejection::new(400, "unknown_member", text));
    }
    Ok((Plan::on_conversation(snapshot, contact.clone(), conversation.clone()), member.to_owned()))
}

/// The line that what the team does is noted on: the best proven of the contact's.
fn line(snapshot: &Snapshot<'_>) -> Result<(Channel, Address), Rejection> {
    promise::best_line(snapshot)
        .ok_or_else(|| Rejection::new(409, "no_address", "The contact has no address any more."))
}
