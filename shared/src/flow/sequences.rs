//! Sequences for the team: who comes into one and out of it, and what one would say.

pub mod files;

use serde::Serialize;

use super::{FlowError, Handled, Scope, handle, load, team::conversation_of, unasked::MAX_RUNS};
use crate::{
    appointment::Appointment,
    channel::Channel,
    command::{Begin, Command},
    ctx::Ctx,
    decide::{Change, Snapshot, decide},
    delivery::Purpose,
    error::Rejection,
    id::{AppointmentId, ContactId},
    sequence::{
        Does, Sequence,
        run::{Done, Run},
    },
    store::{Db, appointments, runs},
    time::{DAY_MS, Timestamp},
};

/// How far ahead a dry run looks, in milliseconds.
const DRY_RUN_MS: i64 = 400 * DAY_MS;
/// How many decisions a look ahead takes at most: steps may be put off.
const MAX_DECISIONS: usize = 200;
/// How many of a contact's appointments are looked at.
const MAX_OWN: u32 = 20;

/// Something a sequence would say. The shape of the API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "DryStep"))]
pub struct Said {
    /// The step.
    pub step: String,
    /// When, in milliseconds since 1970.
    pub at: Timestamp,
    /// Why it is said.
    pub purpose: Purpose,
    /// What about; none where it is held back.
    pub topic: Option<String>,
    /// Its words; empty where it is held back.
    pub text: String,
    /// `allow`, or the rule that holds it back.
    pub outcome: String,
    /// Where it would go.
    pub channel: Option<Channel>,
    /// One sentence: why.
    pub why: String,
    /// One sentence: what would have to change. Empty where it goes.
    pub change: String,
}

/// What a sequence would do if nothing happened meanwhile. The shape of the API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DryRun {
    /// What it would say, in order.
    pub steps: Vec<Said>,
    /// Why it would end; nothing where that is further off than is looked.
    pub ended: Option<String>,
}

/// Puts a contact into a sequence, about an appointment of theirs where it is about one: the named one, else the next.
pub async fn begin<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    contact: &ContactId,
    sequence: &str,
    appointment: Option<AppointmentId>,
) -> Result<Handled, FlowError> {
    if scope.site.sequence(sequence).is_some_and(|sequence| sequence.is_off) {
        let text = "This sequence is switched off. Switch it on to begin it for somebody.";
        return Err(Rejection::new(409, "sequence_off", text).into());
    }
    let begin = load_begin(scope, ctx, contact, sequence, appointment).await?;
    handle(scope, ctx, &Command::Begin(begin)).await
}

/// Takes a contact out of a sequence, whatever it is about.
pub async fn stop<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    contact: &ContactId,
    sequence: &str,
) -> Result<(), FlowError> {
    for run in load_running(scope, contact, sequence).await? {
        handle(scope, ctx, &Command::Stop(run.key)).await?;
    }
    Ok(())
}

/// Leaves out a step of a sequence that a contact is in, whatever it is about.
pub async fn skip<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    contact: &ContactId,
    (sequence, step): (&str, &str),
) -> Result<(), FlowError> {
    for run in load_running(scope, contact, sequence).await? {
        handle(scope, ctx, &Command::Skip(run.key, step.to_owned())).await?;
    }
    Ok(())
}

/// The runs in which a contact goes through a sequence, at least one.
async fn load_running<D: Db>(
    scope: Scope<'_, D>,
    contact: &ContactId,
    sequence: &str,
) -> Result<Vec<Run>, FlowError> {
    let found = scope.db.query(&runs::of_contact(&scope.site.id, contact, MAX_RUNS)).await?;
    let own = runs::decode(found)?.into_iter().filter(|run| run.key.sequence == sequence);
    let running: Vec<Run> = own.filter(|run| run.is_running).collect();
    if running.is_empty() {
        return Err(Rejection::new(404, "not_running", "The contact is not in this sequence.").into());
    }
    Ok(running)
}

/// A contact's way through a sequence. The shape of the API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RunView {
    /// The sequence.
    pub sequence: String,
    /// The appointment it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appointment: Option<AppointmentId>,
    /// `waiting` for silence, `running` or `ended`.
    pub state: &'static str,
    /// The step that comes next, while it goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// When, in milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
    /// Why it ended, or why its step was put off: a rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What became of the steps that say something, oldest first.
    pub done: Vec<Done>,
}

/// The sequences a contact is or was in, the newest change first. One that something has ended, and that its next step
/// would find out, is shown as ended.
pub async fn load_runs<D: Db>(
    scope: Scope<'_, D>,
    ctx: &Ctx,
    contact: &ContactId,
) -> Result<Vec<RunView>, FlowError> {
    let found = scope.db.query(&runs::of_contact(&scope.site.id, contact, MAX_RUNS)).await?;
    let mut views = Vec::new();
    for mut run in runs::decode(found)? {
        if run.is_running {
            let command = Command::Step { run: run.key.clone(), present: Vec::new(), written: None };
            let snapshot = load::load(scope, &command, ctx).await?;
            let sequence = scope.site.sequence(&run.key.sequence);
            let over = sequence.zip(snapshot.conversation.as_ref()).and_then(|(sequence, conversation)| {
                run.pointless(sequence, conversation, snapshot.calendar.named.as_ref(), ctx.now)
            });
            if let Some(rule) = over {
                (run.is_running, run.reason) = (false, Some(rule.to_owned()));
            }
        }
        let waits = run.body.silence_ms.is_some();
        views.push(RunView {
            sequence: run.key.sequence,
            appointment: run.body.appointment.map(|appointment| appointment.id),
            state: match (run.is_running, waits) {
                (true, true) => "waiting",
                (true, false) => "running",
                (false, _) => "ended",
            },
            step: run.is_running.then_some(run.step),
            due_at: run.is_running.then_some(run.due_at),
            reason: run.reason,
            done: run.body.done,
        });
    }
    Ok(views)
}

/// What a sequence would say to a contact if it began at `ctx.now`, when, where, and what the gates would say. It is the
/// decisions themselves, taken one after another as if each were due. Nothing is written.
pub async fn dry_run<D: Db>(
    scope: Scope<'_, D>,
    ctx: &Ctx,
    contact: &ContactId,
    sequence: &str,
    appointment: Option<AppointmentId>,
) -> Result<DryRun, FlowError> {
    let begin = load_begin(scope, ctx, contact, sequence, appointment).await?;
    let mut then = ctx.clone();
    let command = Command::Begin(begin);
    let mut snapshot = load::load(scope, &command, &then).await?;
    snapshot.runs.clear();
    let begun = decide(&snapshot, &command, &mut then)?;
    take(&mut snapshot, begun.changes);
    Ok(look_ahead(snapshot, ctx.now.plus_ms(DRY_RUN_MS)))
}

/// What a snapshot's run would say until `until`, if nothing happened meanwhile.
pub(super) fn look_ahead(mut snapshot: Snapshot<'_>, until: Timestamp) -> DryRun {
    let mut steps = Vec::new();
    for _ in 0..MAX_DECISIONS {
        let Some(run) = snapshot.runs.first().cloned() else { break };
        if !run.is_running {
            return DryRun { steps, ended: run.reason };
        }
        if run.due_at > until {
            break;
        }
        let command = Command::Step { run: run.key.clone(), present: Vec::new(), written: None };
        let mut then = Ctx::seeded(run.due_at, 0);
        let Ok(decision) = decide(&snapshot, &command, &mut then) else { break };
        let changes = decision.changes;
        steps.extend(said(snapshot.site, &run, &changes));
        if !take(&mut snapshot, changes) {
            break;
        }
    }
    DryRun { steps, ended: None }
}

/// What a decision about a run's step says, or why it says nothing; nothing where it only waits.
fn said(site: &crate::site::Site, before: &Run, changes: &[Change]) -> Option<Said> {
    let after = changes.iter().find_map(|change| match change {
        Change::PutRun(run) if run.key == before.key => Some(run),
        _ => None,
    })?;
    let done = after.body.done.get(before.body.done.len())?;
    let sequence = site.sequence(&after.key.sequence)?;
    let detail = changes.iter().find_map(|change| match change {
        Change::Judge(verdict) => Some(&verdict.detail),
        _ => None,
    });
    let body = changes.iter().find_map(|change| match change {
        Change::Plan(planned) => Some(&planned.body),
        _ => None,
    });
    let (why, change) = detail.map_or_else(
        || (unsaid(&done.outcome).to_owned(), String::new()),
        |detail| (detail.why.clone(), detail.change.clone()),
    );
    let outcome = if done.outcome == "said" { "allow".to_owned() } else { done.outcome.clone() };
    Some(Said {
        step: done.step.clone(),
        at: done.at,
        purpose: purpose_of(sequence, &done.step),
        topic: body.and_then(|body| body.topic.clone()),
        text: body.map(|body| body.text.clone()).unwrap_or_default(),
        outcome,
        channel: done.channel,
        why,
        change,
    })
}

fn unsaid(outcome: &str) -> &'static str {
    match outcome {
        "sequence.told" => "The contact has just read it on the only channel it may go by.",
        _ => "It is too late to say it.",
    }
}

fn purpose_of(sequence: &Sequence, step: &str) -> Purpose {
    let step = sequence.steps.iter().find(|known| known.id == step);
    match step.map(|step| &step.does) {
        Some(Does::Send(send)) => send.purpose,
        _ => Purpose::default(),
    }
}

/// Takes a decision's changes as if they had been written. Whether the run has moved.
fn take(snapshot: &mut Snapshot<'_>, changes: Vec<Change>) -> bool {
    let mut moved = false;
    for change in changes {
        match change {
            Change::PutRun(run) if snapshot.runs.first().is_none_or(|own| own.key == run.key) => {
                snapshot.runs = vec![run];
                moved = true;
            }
            Change::PutRun(run) => snapshot.waiting.runs.retain(|other| other.key != run.key),
            Change::UpdateConversation(conversation) => snapshot.conversation = Some(conversation),
            _ => {}
        }
    }
    moved
}

/// The wish to put a contact into a sequence, with the conversation and the appointment it is about.
async fn load_begin<D: Db>(
    scope: Scope<'_, D>,
    ctx: &Ctx,
    contact: &ContactId,
    sequence: &str,
    appointment: Option<AppointmentId>,
) -> Result<Begin, FlowError> {
    let site = &scope.site.id;
    let conversation = conversation_of(scope, contact).await?;
    let is_about = scope.site.sequence(sequence).is_some_and(Sequence::is_about_appointments);
    let appointment = match appointment {
        None if is_about => {
            let own = appointments::of_contact(site, contact, ctx.now, MAX_OWN);
            let own: Vec<Appointment> = appointments::decode(scope.db.query(&own).await?)?;
            let booked = own.into_iter().find(|own| own.state == crate::appointment::State::Booked);
            booked.map(|booked| booked.id)
        }
        named => named,
    };
    Ok(Begin { conversation, sequence: sequence.to_owned(), appointment })
}
