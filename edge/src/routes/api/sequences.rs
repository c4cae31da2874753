//! Sequences: who is in them, beginning and ending them, and trying one.

use shared::{api::asked::About, flow::sequences, time::Timestamp};
use worker::Response;

use super::{Call, told};
use crate::{error::EdgeError, perform::perform};

pub(super) async fn runs(call: &Call<'_>) -> Result<Response, EdgeError> {
    told(&sequences::load_runs(call.scope(), &call.ctx(), &call.contact()?).await?)
}

/// Begins one: 201.
pub(super) async fn begin(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let About { appointment, .. } = call.body().await?;
    let (contact, id) = (call.contact()?, call.param("sequence"));
    let handled = sequences::begin(call.scope(), &mut call.ctx(), &contact, id, appointment).await?;
    perform(call.app, handled.effects);
    Ok(Response::empty()?.with_status(201))
}

/// Ends one: 204.
pub(super) async fn stop(call: &Call<'_>) -> Result<Response, EdgeError> {
    let (contact, id) = (call.contact()?, call.param("sequence"));
    sequences::stop(call.scope(), &mut call.ctx(), &contact, id).await?;
    Ok(Response::empty()?.with_status(204))
}

/// Leaves out a step: 204.
pub(super) async fn skip(call: &Call<'_>) -> Result<Response, EdgeError> {
    let step = (call.param("sequence"), call.param("step"));
    sequences::skip(call.scope(), &mut call.ctx(), &call.contact()?, step).await?;
    Ok(Response::empty()?.with_status(204))
}

pub(super) async fn dry_run(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let About { contact, appointment, at_ms } = call.body().await?;
    let needed = || EdgeError::reject(400, "missing_field", "`contact` is missing: who would it be for?");
    let (contact, mut ctx) = (contact.ok_or_else(needed)?, call.ctx());
    ctx.now = at_ms.map_or(ctx.now, Timestamp::from_ms);
    told(&sequences::dry_run(call.scope(), &ctx, &contact, call.param("sequence"), appointment).await?)
}
