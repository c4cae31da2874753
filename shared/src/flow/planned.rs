//! What will be said to a contact unasked, and what would become of it.

use serde::Serialize;

use super::{FlowError, Scope, load, sequences::look_ahead, unasked::MAX_RUNS};
use crate::{
    channel::Channel,
    command::Command,
    ctx::Ctx,
    decide::{Change, decide},
    delivery::{Delivery, Purpose},
    id::{ContactId, PlannedId},
    planned::Planned,
    sequence::run::Run,
    store::{
        Db,
        deliveries::{self, VerdictRow},
        planned, runs,
    },
    time::{DAY_MS, Timestamp},
    verdict::Detail,
};

/// How far ahead one looks, in milliseconds.
const AHEAD_MS: i64 = 14 * DAY_MS;
/// How many planned messages are looked at.
const MAX_AHEAD: u32 = 100;

/// A planned message, and what would become of it if nothing happened before it is due. The shape of the API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Ahead {
    /// Its id, what it is called off by; none for a step of a sequence, which is left out by its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<PlannedId>,
    /// The sequence it is a step of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequence: Option<String>,
    /// Which step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// When it is due, in milliseconds since 1970.
    pub due_at: Timestamp,
    /// Who says it.
    pub speaker: String,
    /// Why.
    pub purpose: Purpose,
    /// What about.
    pub topic: Option<String>,
    /// Its words.
    pub text: String,
    /// `allow`, or the rule that puts it off, holds it back or makes it pointless.
    pub outcome: String,
    /// Where it would go.
    pub channel: Option<Channel>,
    /// One sentence: why.
    pub why: String,
    /// One sentence: what would have to change. Empty where it goes.
    pub change: String,
}

/// What is planned for a contact within the next 14 days, the next first: steps of sequences, and what waits in the outbox
/// until it may go, included. Nothing is
/// written.
pub async fn load_ahead<D: Db>(
    scope: Scope<'_, D>,
    ctx: &Ctx,
    contact: &ContactId,
) -> Result<Vec<Ahead>, FlowError> {
    let until = planned::until(&scope.site.id, contact, ctx.now.plus_ms(AHEAD_MS), MAX_AHEAD);
    let mut ahead = Vec::new();
    for planned in planned::decode(scope.db.query(&until).await?)? {
        ahead.push(predict(scope, ctx, planned).await?);
    }
    let put_off = deliveries::put_off_of(&scope.site.id, contact, ctx.now, MAX_AHEAD);
    for delivery in deliveries::decode(scope.db.query(&put_off).await?)? {
        ahead.extend(put_off_until(scope, delivery).await?);
    }
    for run in runs::decode(scope.db.query(&runs::of_contact(&scope.site.id, contact, MAX_RUNS)).await?)? {
        ahead.extend(predict_run(scope, ctx, run).await?);
    }
    ahead.sort_by_key(|next| next.due_at);
    Ok(ahead)
}

/// What was said already, and waits in the outbox for its time.
async fn put_off_until<D: Db>(scope: Scope<'_, D>, delivery: Delivery) -> Result<Option<Ahead>, FlowError> {
    let Delivery { id, conversation, seq, channel, due_at, reason, .. } = delivery;
    let stmts = [
        planned::of_delivery(&scope.site.id, &id),
        deliveries::verdicts_between(&scope.site.id, &conversation, seq, seq),
    ];
    let mut answers = scope.db.batch(&stmts).await?.into_iter();
    let found = planned::decode(answers.next().unwrap_or_default())?.into_iter().next();
    let verdicts: Vec<VerdictRow> = answers.next().unwrap_or_default().decode_all()?;
    let newest = verdicts.into_iter().max_by_key(|verdict| verdict.at_ms);
    let detail = newest.and_then(|verdict| serde_json::from_str::<Detail>(&verdict.detail).ok());
    let (why, change) = detail.map(|detail| (detail.why, detail.change)).unwrap_or_default();
    let outcome = reason.unwrap_or_else(|| "allow".to_owned());
    Ok(found.map(|planned| Ahead { due_at, ..ahead_of(planned, outcome, Some(channel), (why, change)) }))
}

/// What a run will say, as far as its steps are determined: as if nothing happened meanwhile.
async fn predict_run<D: Db>(scope: Scope<'_, D>, ctx: &Ctx, run: Run) -> Result<Vec<Ahead>, FlowError> {
    let Some(sequence) = scope.site.sequence(&run.key.sequence).filter(|_| run.is_running) else {
        return Ok(Vec::new());
    };
    let command = Command::Step { run: run.key.clone(), present: Vec::new(), written: None };
    let mut snapshot = load::load(scope, &command, ctx).await?;
    // What is overdue is decided now.
    for run in &mut snapshot.runs {
        run.due_at = run.due_at.max(ctx.now);
    }
    let said = look_ahead(snapshot, ctx.now.plus_ms(AHEAD_MS)).steps.into_iter().map(|said| Ahead {
        id: None,
        sequence: Some(run.key.sequence.clone()),
        step: Some(said.step),
        due_at: said.at,
        speaker: sequence.name.clone(),
        purpose: said.purpose,
        topic: said.topic,
        text: said.text,
        outcome: said.outcome,
        channel: said.channel,
        why: said.why,
        change: said.change,
    });
    Ok(said.collect())
}

/// Decides it as if it were due, on what is known today.
async fn predict<D: Db>(scope: Scope<'_, D>, ctx: &Ctx, planned: Planned) -> Result<Ahead, FlowError> {
    let command = Command::Speak { planned: planned.id.clone(), present: Vec::new() };
    let mut then = Ctx::seeded(planned.due_at.max(ctx.now), 0);
    let snapshot = load::load(scope, &command, &then).await?;
    let decision = decide(&snapshot, &command, &mut then)?;
    let verdict = decision.changes.iter().find_map(|change| match change {
        Change::Judge(verdict) => Some(&verdict.detail),
        _ => None,
    });
    let ended = decision.changes.iter().find_map(|change| match change {
        Change::EndPlanned(_, ended) => ended.reason.clone(),
        _ => None,
    });
    let outcome = verdict.map(|detail| detail.outcome().to_owned()).or(ended).unwrap_or_default();
    let (channel, why, change) = verdict.map_or_else(
        || (None, "What it was planned for is no longer so.".to_owned(), String::new()),
        |detail| (detail.winner.and(detail.channel()), detail.why.clone(), detail.change.clone()),
    );
    Ok(ahead_of(planned, outcome, channel, (why, change)))
}

fn ahead_of(
    planned: Planned,
    outcome: String,
    channel: Option<Channel>,
    (why, change): (String, String),
) -> Ahead {
    let Planned { id, due_at, body, .. } = planned;
    Ahead {
        id: Some(id),
        sequence: None,
        step: None,
        due_at,
        speaker: body.speaker,
        purpose: body.purpose,
        topic: body.topic,
        text: body.text,
        outcome,
        channel,
        why,
        change,
    }
}
