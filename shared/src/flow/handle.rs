//! Load, decide, commit: the only writer of the timeline.
//!
//! Order is a database constraint: whoever commits second finds the place taken, loads again and decides again. A batch
//! whose answer was lost is found by its arrival row on the next try, so the caller may simply try again.

use super::{FlowError, Handled, Scope, load::load, plan::plan_changes, webhooks};
use crate::{
    command::Command,
    ctx::Ctx,
    decide::{Change, Decision, decide},
    effect::Effect,
    store::{Db, DbError, webhooks as hooks},
    webhook,
};

/// How often a decision is taken anew because somebody else wrote first.
const MAX_TRIES: u32 = 10;

/// Handles a command. A rejection or a store failure has written nothing that was acknowledged.
pub async fn handle<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    command: &Command,
) -> Result<Handled, FlowError> {
    let mut last = String::new();
    for _ in 0..MAX_TRIES {
        // What is asked on the way to a snapshot is many times what the rest takes: it lies elsewhere meanwhile.
        let snapshot = Box::pin(load(scope, command, ctx)).await?;
        let decision = decide(&snapshot, command, ctx)?;
        if decision.changes.is_empty() {
            return Ok(handled(decision));
        }
        let mut stmts = plan_changes(scope.site, &decision.changes, ctx);
        stmts.extend(scope.noted(ctx));
        let happened = webhook::happened(&decision.changes);
        if !happened.is_empty() {
            stmts.push(hooks::enqueue(&scope.site.id, &happened, ctx.now));
        }
        match scope.db.batch(&stmts).await {
            Ok(mut answers) => {
                let mut handled = handled(decision);
                let enqueued = answers.pop().filter(|_| !happened.is_empty()).unwrap_or_default();
                // It is committed: what is not understood of the hints is the sweep's.
                handled
                    .effects
                    .extend(webhooks::hints(&scope.site.id, enqueued, ctx.now).unwrap_or_default());
                return Ok(handled);
            }
            Err(DbError::Conflict(what)) => last = what,
            Err(error) => return Err(error.into()),
        }
    }
    Err(DbError::Conflict(last).into())
}

fn handled(decision: Decision) -> Handled {
    let Decision { changes, accepted, mut effects, refused } = decision;
    let fence = changes.iter().find_map(|change| match change {
        Change::AddConversation(state) | Change::UpdateConversation(state) => Some(state.fence),
        _ => None,
    });
    effects.extend(changes.into_iter().filter_map(|change| match change {
        Change::Notify(notice) => Some(Effect::Notify { notice: notice.id, due_at: notice.due_at }),
        _ => None,
    }));
    Handled { accepted, effects, refused, fence }
}
