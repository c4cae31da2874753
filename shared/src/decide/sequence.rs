//! Sequences: a contact comes into one, a step of it is due, or the team takes the contact out.
//!
//! 1. What makes a run pointless ends it, whenever its next step is due: the contact was heard, the appointment has
//!    changed. What was decided just before that is caught by the claim, which looks at the same (`Unless`).
//! 2. Waits, branches and ends are walked through until something is to be said or waited for.
//! 3. What is said is decided like every unasked message. What the gates hold back leaves its verdict and its rule on the
//!    run, and the run goes on with the next step.
//! 4. The run's next version is written in the same batch; a run that has changed meanwhile makes the batch fail.

mod begin;
mod walk;

pub(super) use begin::{begin, on_answer, on_appointment, on_form, on_missed, on_tag, tells_of};

use super::{
    Change, Decision, Plan, Snapshot,
    appointment::zone_of,
    bid,
    planned::{Outcome, Said, Unasked, say},
    promise,
};
use crate::{
    assistant::Draft,
    channel::Channel,
    command::Written,
    ctx::Ctx,
    effect::Effect,
    error::Rejection,
    event::Message,
    id::{PlannedId, VisitorId},
    planned::{Planned, PlannedBody, PlannedState, Unless},
    sequence::{
        Send, Sequence,
        run::{Done, Run},
        words::{About, Own, Words},
    },
    site::Site,
    store::planned::Ended,
    time::{DAY_MS, MINUTE_MS, Timestamp},
    wire::Speaker,
};
pub(super) use walk::next_said;
use walk::{Next, walk};

/// The team takes a contact out of a sequence: what waits in the outbox because of it is withdrawn.
pub(super) fn stop(snapshot: &Snapshot<'_>) -> Result<Decision, Rejection> {
    let Some(run) = snapshot.runs.first() else {
        return Err(Rejection::new(404, "unknown_run", "The contact was never in this sequence."));
    };
    if !run.is_running {
        let why = run.reason.as_deref().unwrap_or("sequence.done");
        return Err(Rejection::new(409, "not_running", format!("It has ended already: {why}.")));
    }
    let sent = run.body.done.iter().filter_map(|done| done.delivery.clone());
    let mut changes: Vec<Change> = sent.map(|sent| Change::Withdraw(sent, STOPPED)).collect();
    changes.push(Change::PutRun(ended(run, STOPPED)));
    Ok(Decision { changes, ..Decision::default() })
}

/// How long after its sequence was missed a run is looked at again, in milliseconds.
const LOOK_AGAIN_MS: i64 = 10 * MINUTE_MS;
/// The rule by which the team ended a run.
const STOPPED: &str = "sequence.stopped";

/// A step is due.
pub(super) fn step(
    snapshot: &Snapshot<'_>,
    present: &[VisitorId],
    written: Option<&Written>,
    ctx: &mut Ctx,
) -> Decision {
    let (Some(run), Some(contact), Some(conversation)) =
        (snapshot.runs.first(), &snapshot.contact, &snapshot.conversation)
    else {
        return Decision::default();
    };
    if !run.is_running || run.due_at > ctx.now {
        return Decision::default();
    }
    let site = snapshot.site;
    let Some(sequence) = site.sequence(&run.key.sequence) else {
        return lost(site, run, "sequence.gone", ctx);
    };
    let Some(place) = sequence.place_of(&run.step) else { return lost(site, run, "sequence.changed", ctx) };
    let mut run = next_version(run);
    if let Some(silence_ms) = run.body.silence_ms {
        let last = conversation.heard_at.unwrap_or(run.body.began_at);
        let silent_at = last.plus_ms(silence_ms);
        // Who is owed an answer is not silent.
        let owed = !conversation.owed.is_empty();
        if owed || silent_at > ctx.now {
            run.due_at = if owed { ctx.now.plus_ms(silence_ms) } else { silent_at };
            return waits(site, run);
        }
        (run.body.silence_ms, run.body.began_at, run.body.heard_after) = (None, ctx.now, last);
    }
    let appointment = snapshot.calendar.named.as_ref();
    if let Some(rule) = run.pointless(sequence, conversation, appointment, ctx.now) {
        return only(end(run, rule));
    }
    // Who was joined to somebody goes on in that conversation, where this sequence was running already.
    if conversation.contact != contact.id {
        return only(end(run, "sequence.joined"));
    }
    let mut plan = Plan::on_conversation(snapshot, contact.clone(), conversation.clone());
    if let Some(Written { draft, .. }) = written.filter(|written| written.draft.tokens > 0) {
        plan.conversation.tokens = plan.conversation.tokens.add(ctx.now, DAY_MS, draft.tokens);
        plan.change(Change::CountTurn(draft.tokens));
    }
    match walk(snapshot, sequence, &run, place, ctx.now) {
        Next::Say(place, send) => {
            run.step.clone_from(&sequence.steps[place].id);
            match speak(&mut plan, ctx, (sequence, &run, send), (present, written)) {
                Spoken::PutOff(rule, until) => {
                    (run.due_at, run.reason) = (until, Some(rule));
                }
                Spoken::Done(done) => {
                    run.body.done.push(done);
                    run = onward(snapshot, sequence, run, place + 1, ctx.now);
                }
            }
        }
        Next::Assign(place, member) => {
            promise::by_sequence(&mut plan, ctx, member);
            run = onward(snapshot, sequence, run, place + 1, ctx.now);
        }
        next => run = follow(sequence, run, next, ctx.now),
    }
    if run.is_running {
        plan.effect(steps(site, &run));
    }
    plan.change(Change::PutRun(run));
    plan.finish()
}

/// Its sequence, or its next step, is not there. A process may know the site as it was a moment ago, so it is looked at
/// once more before the run ends.
fn lost(site: &Site, run: &Run, rule: &str, ctx: &Ctx) -> Decision {
    if run.reason.as_deref() == Some(rule) {
        return only(ended(run, rule));
    }
    let (due_at, reason) = (ctx.now.plus_ms(LOOK_AGAIN_MS), Some(rule.to_owned()));
    waits(site, Run { due_at, reason, ..next_version(run) })
}

/// The run as it stands after a step, from the next place on.
fn onward(snapshot: &Snapshot<'_>, sequence: &Sequence, run: Run, place: usize, now: Timestamp) -> Run {
    let next = walk(snapshot, sequence, &run, place, now);
    follow(sequence, run, next, now)
}

fn follow(sequence: &Sequence, mut run: Run, next: Next<'_>, now: Timestamp) -> Run {
    let (place, due_at) = match next {
        Next::End(reason) => return end(run, &reason),
        Next::Say(place, _) | Next::Assign(place, _) => (place, now),
        Next::Wait(place, due_at) => (place, due_at),
    };
    (run.step, run.due_at, run.reason) = (sequence.steps[place].id.clone(), due_at, None);
    run
}

/// What became of something to be said.
enum Spoken {
    PutOff(String, Timestamp),
    Done(Done),
}

/// Says a step's words, unless it is too late for them or the gates are against it.
fn speak(
    plan: &mut Plan<'_>,
    ctx: &mut Ctx,
    (sequence, run, send): (&Sequence, &Run, &Send),
    (present, written): (&[VisitorId], Option<&Written>),
) -> Spoken {
    let snapshot = plan.snapshot;
    let appointment = snapshot.calendar.named.as_ref();
    let appointment = appointment.map(|named| (named, zone_of(snapshot.site, &named.resource)));
    let later_than = send.not_after.zip(appointment).map(|(when, (named, zone))| when.of(named, zone));
    if later_than.is_some_and(|end| ctx.now > end) {
        return Spoken::Done(outcome_of(run, ctx, "planned.too_late"));
    }
    let Some(among) = among(snapshot.site, run, send) else {
        return Spoken::Done(outcome_of(run, ctx, "sequence.told"));
    };
    let lang = plan.lang();
    let topic = topic_of(sequence, run, &run.step, send);
    let companions = bid::companions(snapshot, (sequence, run, send), ctx.now);
    let now = ctx.now;
    let draft = written.filter(|written| written.step == run.step && send.ask.is_some());
    let own = |to: &super::Known, channel| {
        let name = snapshot.name_on(channel, &to.address);
        let (text, subject) = send.words.of(channel, &About { site: snapshot.site, lang, name, appointment });
        // It was written out of all that the contact ever said: for an address that is proven to be theirs.
        match draft.filter(|_| snapshot.is_proven(&to.address)).map(|written| &written.draft) {
            Some(Draft { text, sources, author, fallback, .. }) => Message {
                text: text.clone(),
                subject,
                sources: sources.clone(),
                author: Some(author.clone()),
                fallback: fallback.clone(),
                ..Message::default()
            },
            None => Message { text, subject, ..Message::default() },
        }
    };
    let words = |to: &super::Known, channel| {
        let message = own(to, channel);
        let text = bid::together(snapshot, &companions, (to, channel), message.text, now).0;
        Message { text, ..message }
    };
    let unasked = Unasked {
        speaker: Speaker::Sequence(sequence.name.clone()),
        purpose: send.purpose,
        topic: Some(topic.clone()),
        priority: sequence.priority,
        among: &among,
        about: run.body.appointment.as_ref(),
        words: &words,
    };
    match say(plan, ctx, &unasked, present) {
        Outcome::PutOff(rule, until) => Spoken::PutOff(rule, until),
        Outcome::Held(rule) => Spoken::Done(outcome_of(run, ctx, &rule)),
        Outcome::Said(said) => {
            let text = own(&said.to, said.channel).text;
            let along = bid::together(snapshot, &companions, (&said.to, said.channel), text, now).1;
            for other in along {
                join(plan, ctx, other, &said);
            }
            // What was said stands as a planned message: the claim asks it once more what makes it pointless.
            let id = PlannedId::mint(ctx);
            let planned = Planned {
                id: id.clone(),
                conversation: plan.conversation.id.clone(),
                body: PlannedBody {
                    member: false,
                    speaker: sequence.name.clone(),
                    purpose: send.purpose,
                    topic: Some(topic),
                    among,
                    text: said.text,
                    mail: None,
                    subject: None,
                    unless: Unless { later_than, ..run.unless(sequence) },
                },
                due_at: run.due_at,
                state: PlannedState::Waiting,
                reason: None,
                delivery: None,
            };
            let delivery = said.delivery.clone();
            plan.change(Change::Plan(planned));
            plan.change(Change::EndPlanned(id, Ended { state: PlannedState::Said, reason: None, delivery }));
            Spoken::Done(Done {
                channel: Some(said.channel),
                delivery: said.delivery,
                ..outcome_of(run, ctx, "said")
            })
        }
    }
}

/// What the assistant has to write for a run's step that is due now: the step, what is asked of it, and its words.
pub(crate) fn to_write<'a>(
    snapshot: &'a Snapshot<'_>,
    now: Timestamp,
) -> Option<(&'a Sequence, String, &'a Send)> {
    let (run, conversation) = (snapshot.runs.first()?, snapshot.conversation.as_ref()?);
    let sequence = snapshot.site.sequence(&run.key.sequence)?;
    let is_due = run.is_running && run.due_at <= now && run.body.silence_ms.is_none();
    if !is_due || run.pointless(sequence, conversation, snapshot.calendar.named.as_ref(), now).is_some() {
        return None;
    }
    let (place, at, send) = next_said(snapshot, sequence, run, sequence.place_of(&run.step)?, now)?;
    (at <= now && send.ask.is_some()).then(|| (sequence, sequence.steps[place].id.clone(), send))
}

/// What a step is about: what the owner says, else the step itself.
pub(super) fn topic_of(sequence: &Sequence, run: &Run, step: &str, send: &Send) -> String {
    let of = run.body.appointment.as_ref().map_or(&sequence.id, |_| &run.key.about);
    send.topic.clone().unwrap_or_else(|| format!("{of}.{step}"))
}

/// Another run's step went along with what was said.
fn join(plan: &mut Plan<'_>, ctx: &Ctx, other: &bid::Other<'_>, said: &Said) {
    let bid::Other { run, sequence, place, send, .. } = *other;
    let mut run = next_version(run);
    run.step.clone_from(&sequence.steps[place].id);
    if let Some(spend) = plan.conversation.spent.last_mut() {
        spend.also.push(topic_of(sequence, &run, &run.step, send));
    }
    run.body.done.push(Done {
        channel: Some(said.channel),
        delivery: said.delivery.clone(),
        ..outcome_of(&run, ctx, "sequence.merged")
    });
    let run = onward(plan.snapshot, sequence, run, place + 1, ctx.now);
    if run.is_running {
        plan.effect(steps(plan.snapshot.site, &run));
    }
    plan.change(Change::PutRun(run));
}

/// What became of the step that a run is at.
fn outcome_of(run: &Run, ctx: &Ctx, outcome: &str) -> Done {
    let (step, outcome) = (run.step.clone(), outcome.to_owned());
    Done { step, at: ctx.now, outcome, channel: None, delivery: None }
}

/// The channels something may go by; nothing where the only ones are those where it has just been read.
fn among(site: &Site, run: &Run, send: &Send) -> Option<Vec<Channel>> {
    let Some(told) = run.body.told_on.filter(|_| send.words == Words::Own(Own::Confirmed)) else {
        return Some(send.among.clone());
    };
    let all: Vec<Channel> = site.endpoints.iter().map(|endpoint| endpoint.channel).collect();
    let mut among = if send.among.is_empty() { all } else { send.among.clone() };
    among.retain(|channel| *channel != told);
    (!among.is_empty()).then_some(among)
}

fn next_version(run: &Run) -> Run {
    Run { version: run.version + 1, ..run.clone() }
}

fn ended(run: &Run, reason: &str) -> Run {
    end(next_version(run), reason)
}

fn end(run: Run, reason: &str) -> Run {
    Run { is_running: false, reason: Some(reason.to_owned()), ..run }
}

fn only(run: Run) -> Decision {
    Decision { changes: vec![Change::PutRun(run)], ..Decision::default() }
}

fn waits(site: &Site, run: Run) -> Decision {
    let effects = vec![steps(site, &run)];
    Decision { changes: vec![Change::PutRun(run)], effects, ..Decision::default() }
}

fn steps(site: &Site, run: &Run) -> Effect {
    Effect::Step { site: site.id.clone(), run: run.key.clone(), due_at: run.due_at }
}
