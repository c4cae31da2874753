//! Promises: somebody says until when something will happen, keeps it, or lets its time pass.
//!
//! One promise stands in a conversation at a time. A later one of the assistant's never takes the place of an earlier one
//! that is not late; after that, a new time that was said is a new timer for whoever has it by then; a member of the team who promises something knows better. What was missed is counted once,
//! stays to be kept, and goes down the team, each after some more of the team's own time.

use super::{
    Change, Decision, Plan, Snapshot,
    handoff::{self, Call},
    notify::{self, Told},
    planned::{Outcome, Unasked, say},
    sequence,
};
use crate::{
    api::alerts::AlertKind,
    calendar,
    channel::Channel,
    command::{PromiseDoes, PromiseWish},
    contact::{Address, AddressKind},
    ctx::Ctx,
    delivery::Purpose,
    effect::Effect,
    error::Rejection,
    event::{Body, Message},
    handoff::Reason,
    promise::{self, Deed, Promise, PromiseAct},
    time::{MINUTE_MS, Timestamp},
    wire::Speaker,
};

/// The longest note, in characters.
const MAX_NOTE_CHARS: usize = 1_000;

/// A person was called on a line, and the contact hears that one acts until `by`: that is a promise.
pub(super) fn by_assistant(
    plan: &mut Plan<'_>,
    ctx: &mut Ctx,
    line: (Channel, &Address),
    by: Option<Timestamp>,
) {
    let Some(by) = by.filter(|by| *by > ctx.now) else { return };
    let standing = plan.conversation.promise.as_ref();
    // What stands and is not late is sooner than what was said here, or the very same.
    if standing.is_some_and(|standing| ctx.now < standing.by && standing.by <= by) {
        return;
    }
    let owner = standing.map(|standing| standing.owner.clone());
    let owner = owner.unwrap_or_else(|| promise::first_owner(plan.snapshot.site));
    make(plan, ctx, line, (Deed::Answer, by), (Speaker::Assistant, owner));
}

/// A sequence calls a member of the team in, in place of whoever owns what stands.
pub(super) fn by_sequence(plan: &mut Plan<'_>, ctx: &mut Ctx, member: &str) {
    let Some((channel, to)) = line_of(plan.snapshot) else { return };
    let call = Call { reason: Reason::Sequence, about: None, by: None };
    let opened = handoff::open(plan, ctx, (channel, &to), Speaker::System, &call);
    if let Some(by) = promise::by(plan.snapshot.site, ctx.now) {
        let made = (Speaker::System, member.to_owned());
        make(plan, ctx, (channel, &to), (Deed::Answer, by), made);
    }
    if let Some(rings) = opened {
        handoff::tell(plan, ctx, (channel, &to), &call, rings);
    }
}

/// A member of the team promises something, or has done what was promised.
pub(super) fn decide(
    snapshot: &Snapshot<'_>,
    wish: &PromiseWish,
    ctx: &mut Ctx,
) -> Result<Decision, Rejection> {
    let (Some(contact), Some(conversation)) = (&snapshot.contact, &snapshot.conversation) else {
        let text = "The contact has no conversation: nothing was ever said.";
        return Err(Rejection::new(404, "unknown_conversation", text));
    };
    let member = wish.by.trim();
    if !snapshot.site.has_member(member) {
        let text = "`by` names nobody of the site's `team`: who acts?";
        return Err(Rejection::new(400, "unknown_member", text));
    }
    let mut plan = Plan::on_conversation(snapshot, contact.clone(), conversation.clone());
    match &wish.does {
        PromiseDoes::Make { deed, within_min, tell } => {
            let within = within_min.unwrap_or(snapshot.site.promises.within_min);
            if !(1..=promise::MAX_WITHIN_MIN).contains(&within) {
                let most = promise::MAX_WITHIN_MIN;
                let text =
                    format!("`within_min` takes 1 to {most} minutes, counted while the team is there.");
                return Err(Rejection::new(400, "bad_within", text));
            }
            let by = calendar::after_open_minutes(snapshot.site, ctx.now, within);
            let by = by.ok_or_else(|| {
                let text = "The site has no opening hours that it could be promised by: give it `hours`.";
                Rejection::new(409, "no_hours", text)
            })?;
            let (channel, to) = line_of(snapshot).ok_or_else(|| {
                let text = "The contact has no address that anything could be promised to.";
                Rejection::new(409, "no_address", text)
            })?;
            let speaker = Speaker::Agent(member.to_owned());
            make(&mut plan, ctx, (channel, &to), (*deed, by), (speaker, member.to_owned()));
            remind(&mut plan, ctx, (channel, &to), member, by);
            if *tell {
                tell_of(&mut plan, ctx, member, *deed, by);
            }
        }
        PromiseDoes::Keep(note) => done(&mut plan, ctx, member, note.as_deref(), true)?,
        PromiseDoes::Withdraw(note) => done(&mut plan, ctx, member, note.as_deref(), false)?,
    }
    Ok(plan.finish())
}

/// A promise's time has passed: it is missed, or passed on to the next of the team.
pub(super) fn overdue(snapshot: &Snapshot<'_>, ctx: &mut Ctx) -> Decision {
    let (Some(contact), Some(conversation)) = (&snapshot.contact, &snapshot.conversation) else {
        return Decision::default();
    };
    let Some(standing) = &conversation.promise else { return Decision::default() };
    if standing.wakes_at.is_none_or(|wakes_at| wakes_at > ctx.now) {
        return Decision::default();
    }
    let mut plan = Plan::on_conversation(snapshot, contact.clone(), conversation.clone());
    // Whoever was joined to somebody is promised in the conversation that goes on.
    if conversation.contact != contact.id {
        plan.conversation.promise = None;
        return plan.finish();
    }
    let (site, first) = (snapshot.site, standing.missed_at.is_none());
    let next = standing.next_owner(site);
    let wakes_at = next
        .as_ref()
        .and_then(|_| calendar::after_open_minutes(site, ctx.now, site.promises.pass_on_after_min));
    let promise = Promise {
        owner: next.unwrap_or_else(|| standing.owner.clone()),
        missed_at: standing.missed_at.or(Some(ctx.now)),
        wakes_at,
        ..standing.clone()
    };
    let act = if first { PromiseAct::Missed } else { PromiseAct::PassedOn };
    // Nobody is left to ask: it stays with whoever has it, and nothing new is to be told.
    if first || promise.owner != standing.owner {
        let (channel, to) = (promise.channel, promise.to.clone());
        let body = Body::Promise(promise.event(act, None));
        plan.append(ctx, None, (channel, &to), Speaker::System, body);
        let because = "What was promised has not been kept in time, and is yours now.".to_owned();
        let told = Told { kind: AlertKind::Promise, because, line: (channel, &to), rings: true };
        let now = ctx.now;
        notify::one(&mut plan, ctx, &promise.owner, &told, now);
    }
    plan.conversation.promise = Some(promise);
    if first {
        plan.change(Change::CountPromise(false));
        sequence::on_missed(&mut plan, ctx);
    }
    wake(&mut plan);
    plan.finish()
}

/// Reminds whoever promised something before its end. They see to it, so nobody else is told any more.
fn remind(plan: &mut Plan<'_>, ctx: &mut Ctx, line: (Channel, &Address), member: &str, by: Timestamp) {
    notify::withdraw(plan, "answered");
    let near_ms = i64::from(plan.snapshot.site.handoff.near_end_min) * MINUTE_MS;
    let because = "What you promised is to be kept soon.".to_owned();
    let told = Told { kind: AlertKind::Promise, because, line, rings: true };
    let at = by.plus_ms(-near_ms).max(ctx.now);
    notify::one(plan, ctx, member, &told, at);
}

fn make(
    plan: &mut Plan<'_>,
    ctx: &mut Ctx,
    line: (Channel, &Address),
    (deed, by): (Deed, Timestamp),
    (made_by, owner): (Speaker, String),
) {
    // One that is late and whose timer has not come by is missed, whatever takes its place.
    let standing = plan.conversation.promise.as_ref();
    if standing.is_some_and(|standing| standing.missed_at.is_none() && standing.by <= ctx.now) {
        plan.change(Change::CountPromise(false));
    }
    let promise = Promise {
        deed,
        by,
        made_by: made_by.clone(),
        made_at: ctx.now,
        channel: line.0,
        to: line.1.clone(),
        owner,
        missed_at: None,
        wakes_at: Some(by),
    };
    let body = Body::Promise(promise.event(PromiseAct::Made, None));
    plan.append(ctx, None, line, made_by, body);
    plan.conversation.promise = Some(promise);
    wake(plan);
}

/// What a member of the team has done: kept it, or found that there is no need for it.
pub(super) fn done(
    plan: &mut Plan<'_>,
    ctx: &mut Ctx,
    member: &str,
    note: Option<&str>,
    is_kept: bool,
) -> Result<(), Rejection> {
    if note.is_some_and(|note| note.chars().count() > MAX_NOTE_CHARS) {
        let text = format!("`note` has at most {MAX_NOTE_CHARS} characters.");
        return Err(Rejection::new(400, "too_long", text));
    }
    let Some(standing) = plan.conversation.promise.take() else {
        return Err(Rejection::new(409, "nothing_promised", "Nothing is promised that is still to be kept."));
    };
    let in_time = standing.missed_at.is_none() && ctx.now <= standing.by;
    let act = match (is_kept, in_time) {
        (false, _) => PromiseAct::Withdrawn,
        (true, true) => PromiseAct::Kept,
        (true, false) => PromiseAct::KeptLate,
    };
    handoff::close(plan, if is_kept { "answered" } else { "resolved" });
    // One that was missed is counted as such already, unless its timer has not come by yet.
    if is_kept && standing.missed_at.is_none() {
        plan.change(Change::CountPromise(in_time));
    }
    let event = standing.event(act, note.map(str::trim).filter(|note| !note.is_empty()).map(str::to_owned));
    let line = (standing.channel, &standing.to);
    plan.append(ctx, None, line, Speaker::Agent(member.to_owned()), Body::Promise(event));
    Ok(())
}

/// Says to the contact what was just promised, by the best open channel.
fn tell_of(plan: &mut Plan<'_>, ctx: &mut Ctx, member: &str, deed: Deed, by: Timestamp) {
    let (lang, site) = (plan.lang(), plan.snapshot.site);
    let promised = (Some(member), deed, Some(by));
    let text = calendar::promised_sentence(site, promised, ctx.now, plan.time_zone(), lang.tag());
    let unasked = Unasked {
        speaker: Speaker::Agent(member.to_owned()),
        purpose: Purpose::Transactional,
        topic: None,
        priority: 0,
        among: &[],
        about: None,
        words: &|_, _| Message { text: text.clone(), ..Message::default() },
    };
    // Held back or put off: the verdict says why, and the promise stands all the same.
    let (Outcome::Said(_) | Outcome::PutOff(..) | Outcome::Held(_)) = say(plan, ctx, &unasked, &[]);
}

/// The line that something is promised on where nobody asked on one: the best proven.
fn line_of(snapshot: &Snapshot<'_>) -> Option<(Channel, Address)> {
    let standing = snapshot.conversation.as_ref().and_then(|conversation| conversation.promise.as_ref());
    if let Some(standing) = standing {
        return Some((standing.channel, standing.to.clone()));
    }
    best_line(snapshot)
}

/// The best proven of the contact's lines.
pub(super) fn best_line(snapshot: &Snapshot<'_>) -> Option<(Channel, Address)> {
    let assurance = |known: &&super::Known| known.owner.as_ref().map(|(_, handle)| handle.assurance);
    let best = snapshot.addresses.iter().max_by_key(assurance)?;
    let channel = Channel::ALL.into_iter().find(|channel| AddressKind::of(*channel) == best.address.kind)?;
    Some((channel, best.address.clone()))
}

fn wake(plan: &mut Plan<'_>) {
    let due_at = plan.conversation.promise.as_ref().and_then(|promise| promise.wakes_at);
    if let Some(due_at) = due_at {
        let (site, conversation) = (plan.snapshot.site.id.clone(), plan.conversation.id.clone());
        plan.effect(Effect::Overdue { site, conversation, due_at });
    }
}
