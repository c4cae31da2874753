//! The healer: finds what is due although its hint was lost. The outbox and the conversations are the truth; this only
//! reads them.

use crate::{
    ctx::Ctx,
    effect::Effect,
    sequence::run::RunKey,
    store::{Db, DbError, conversations, deliveries, planned, runs},
};

/// How much one sweep takes on; the next one goes on.
const LIMIT: u32 = 200;

/// Everything overdue in a database: answers owed that nobody works on, deliveries that wait or were left
/// half-done, planned messages, steps of sequences, promises.
pub async fn sweep(db: &impl Db, ctx: &Ctx) -> Result<Vec<Effect>, DbError> {
    let stmts = [
        conversations::owing(ctx.now, LIMIT),
        deliveries::due(ctx.now, LIMIT),
        planned::due(ctx.now, LIMIT),
        runs::due(ctx.now, LIMIT),
        conversations::promised(ctx.now, LIMIT),
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
    let speak = next().decode_all::<planned::Due>()?.into_iter().map(|row| Effect::Speak {
        site: row.site_id,
        conversation: row.conversation_id,
        planned: row.id,
        due_at: ctx.now,
    });
    let step = next().decode_all::<runs::Due>()?.into_iter().map(|row| Effect::Step {
        site: row.site_id,
        run: RunKey { conversation: row.conversation_id, sequence: row.sequence, about: row.about },
        due_at: ctx.now,
    });
    let overdue = next().decode_all::<conversations::Owing>()?.into_iter().map(|row| Effect::Overdue {
        site: row.site_id,
        conversation: row.id,
        due_at: ctx.now,
    });
    Ok(think.chain(deliver).chain(speak).chain(step).chain(overdue).collect())
}
