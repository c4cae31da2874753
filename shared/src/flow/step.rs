//! A step of a sequence is due: where the assistant is to write it, it is asked first, and decided is with what it wrote.

use super::{FlowError, Handled, Scope, handle, load, think};
use crate::{
    command::{Command, Written},
    ctx::Ctx,
    decide::to_write,
    http::Http,
    id::VisitorId,
    sequence::{Does, run::RunKey},
    store::Db,
};

/// Takes the step of a run that is due. `present` are the visitors who have the chat open right now.
pub async fn step<D: Db>(
    scope: Scope<'_, D>,
    http: &impl Http,
    ctx: &mut Ctx,
    run: RunKey,
    present: Vec<VisitorId>,
) -> Result<Handled, FlowError> {
    let written = write(scope, http, ctx, &run).await?;
    handle(scope, ctx, &Command::Step { run, present, written }).await
}

/// What the assistant writes for a step; nothing where it is not asked to, or may not know whom it writes to.
async fn write<D: Db>(
    scope: Scope<'_, D>,
    http: &impl Http,
    ctx: &Ctx,
    run: &RunKey,
) -> Result<Option<Written>, FlowError> {
    let asks = |does: &Does| matches!(does, Does::Send(send) if send.ask.is_some());
    let sequence = scope.site.sequence(&run.sequence);
    if !sequence.is_some_and(|sequence| sequence.steps.iter().any(|step| asks(&step.does))) {
        return Ok(None);
    }
    let command = Command::Step { run: run.clone(), present: Vec::new(), written: None };
    let snapshot = load::load(scope, &command, ctx).await?;
    let Some((_, step, send)) = to_write(&snapshot, ctx.now) else { return Ok(None) };
    let draft = think::write(scope, http, ctx, &snapshot, send).await?;
    Ok(draft.map(|draft| Written { step, draft }))
}
