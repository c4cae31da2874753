//! The healer: finds what is due although its hint was lost. The outbox and the conversations are the truth; this only
//! reads them.

use super::Scope;
use crate::{
    ctx::Ctx,
    effect::Effect,
    id::ConversationId,
    sequence::run::RunKey,
    store::{Db, DbError, conversations, deliveries, notices, planned, runs, webhooks, work},
    time::Timestamp,
    work::Progress,
};

/// How much one sweep takes on; the next one goes on.
const LIMIT: u32 = 200;
/// How much of what waits in one conversation is looked at.
const WAITING: u32 = 50;

/// Everything overdue in a database: answers owed that nobody works on, deliveries that wait or were left
/// half-done, planned messages, steps of sequences, promises, what was put off, notices, webhooks.
pub async fn sweep(db: &impl Db, ctx: &Ctx) -> Result<Vec<Effect>, DbError> {
    let stmts = [
        conversations::owing(ctx.now, LIMIT),
        deliveries::due(ctx.now, LIMIT),
        planned::due(ctx.now, LIMIT),
        runs::due(ctx.now, LIMIT),
        conversations::promised(ctx.now, LIMIT),
        work::awake(ctx.now, LIMIT),
        notices::due(ctx.now, LIMIT),
        webhooks::due(ctx.now, LIMIT),
    ];
    let mut answers = db.batch(&stmts).await?.into_iter();
    let mut next = || answers.next().unwrap_or_default();
    let owing = next().decode_all::<conversations::Owing>()?;
    let due = next().decode_all::<deliveries::Due>()?;
    let think = owing.into_iter().map(|row| Effect::Think {
        site: row.site_id,
        conversation: row.id,
        due_at: ctx.now,
    });
    let deliver = due.into_iter().map(|row| Effect::Deliver { delivery: row.id, due_at: ctx.now });
    let speak = next().decode_all::<planned::Due>()?.into_iter().map(speaks);
    let step = next().decode_all::<runs::Due>()?.into_iter().map(steps);
    let overdue = next().decode_all::<conversations::Owing>()?.into_iter().map(|row| Effect::Overdue {
        site: row.site_id,
        conversation: row.id,
        due_at: ctx.now,
    });
    let awake = next().decode_all::<conversations::Owing>()?.into_iter().map(|row| Effect::Awake {
        site: row.site_id,
        conversation: row.id,
        due_at: ctx.now,
    });
    let notices = next().decode_all::<notices::Due>()?;
    let notify = notices.into_iter().map(|row| Effect::Notify { notice: row.id, due_at: ctx.now });
    let hooks = next().decode_all::<webhooks::Due>()?.into_iter().map(|row| Effect::Webhook {
        site: row.site_id,
        webhook: row.webhook_id,
        send: row.id,
        due_at: ctx.now,
    });
    Ok(think
        .chain(deliver)
        .chain(speak)
        .chain(step)
        .chain(overdue)
        .chain(awake)
        .chain(notify)
        .chain(hooks)
        .collect())
}

/// What waits for its time in one conversation and is due, and when the next of the rest is: planned messages, steps of
/// sequences, a promise, what was put off.
pub async fn due_in<D: Db>(
    scope: Scope<'_, D>,
    ctx: &Ctx,
    conversation: &ConversationId,
) -> Result<(Vec<Effect>, Option<Timestamp>), DbError> {
    let site = &scope.site.id;
    let stmts = [
        planned::waiting(site, conversation, WAITING),
        runs::waiting(site, conversation, WAITING),
        conversations::conversation(site, conversation),
    ];
    let mut answers = scope.db.batch(&stmts).await?.into_iter();
    let mut next = || answers.next().unwrap_or_default();
    let planned = next().decode_all::<planned::Due>()?.into_iter().map(|row| (row.due_at_ms, speaks(row)));
    let runs = next().decode_all::<runs::Due>()?.into_iter().map(|row| (row.due_at_ms, steps(row)));
    let conversation = conversations::decode(next())?;
    let promise = conversation.as_ref().and_then(|conversation| {
        let due_at = conversation.promise.as_ref()?.wakes_at?;
        let (site, conversation) = (site.clone(), conversation.id.clone());
        Some((due_at, Effect::Overdue { site, conversation, due_at }))
    });
    let snooze = conversation.and_then(|conversation| {
        let Progress::Snoozed { until: due_at } = conversation.work.progress else { return None };
        let (site, conversation) = (site.clone(), conversation.id);
        Some((due_at, Effect::Awake { site, conversation, due_at }))
    });
    let waiting = planned.chain(runs).chain(promise).chain(snooze);
    let (due, later): (Vec<_>, Vec<_>) = waiting.partition(|(due_at, _)| *due_at <= ctx.now);
    let wakes_at = later.into_iter().map(|(due_at, _)| due_at).min();
    Ok((due.into_iter().map(|(_, effect)| effect).collect(), wakes_at))
}

fn speaks(row: planned::Due) -> Effect {
    let planned::Due { site_id: site, conversation_id: conversation, id: planned, due_at_ms: due_at } = row;
    Effect::Speak { site, conversation, planned, due_at }
}

fn steps(row: runs::Due) -> Effect {
    let run = RunKey { conversation: row.conversation_id, sequence: row.sequence, about: row.about };
    Effect::Step { site: row.site_id, run, due_at: row.due_at_ms }
}
