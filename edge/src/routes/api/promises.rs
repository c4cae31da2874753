//! What the team promises.

use shared::{
    api::asked::{Ended, Promised},
    command::{PromiseDoes, PromiseWish},
    flow::team,
};
use worker::Response;

use super::{Call, told};
use crate::error::EdgeError;

pub(super) async fn list(call: &Call<'_>) -> Result<Response, EdgeError> {
    told(&team::load_promises(call.scope(), &call.ctx()).await?)
}

pub(super) async fn make(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let Promised { by, deed, within_min, tell } = call.body().await?;
    promise(&call, by, PromiseDoes::Make { deed, within_min, tell }).await
}

pub(super) async fn end(mut call: Call<'_>, kept: bool) -> Result<Response, EdgeError> {
    let Ended { by, note } = call.body().await?;
    let does = if kept { PromiseDoes::Keep(note) } else { PromiseDoes::Withdraw(note) };
    promise(&call, by, does).await
}

/// What somebody of the team does about a promise: 204.
async fn promise(call: &Call<'_>, by: Option<String>, does: PromiseDoes) -> Result<Response, EdgeError> {
    let wish = PromiseWish { by: call.by(by)?, does };
    call.done(team::promise(call.scope(), &mut call.ctx(), &call.contact()?, wish).await?)
}
