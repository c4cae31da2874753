//! Sequences: their texts, who is in them, beginning and ending them, and trying one.

use shared::{
    api::{
        asked::About,
        sequences::{SequenceGone, SequenceText},
    },
    flow::sequences::{self, files},
    time::Timestamp,
};
use worker::Response;

use super::{Call, json, told};
use crate::{app::App, error::EdgeError, perform::perform};

/// The largest body with a sequence's text, in bytes: JSON may write a character with six.
const MAX_FILE_BYTES: usize = 6 * files::MAX_TEXT_BYTES;

pub(super) async fn list(call: &Call<'_>) -> Result<Response, EdgeError> {
    told(&files::load_files(call.scope()).await?)
}

pub(super) async fn check(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let SequenceText { text, .. } = json(&mut call.request, MAX_FILE_BYTES).await?;
    told(&files::check(call.scope(), call.param("sequence"), &text)?)
}

/// Keeps one, and tells it as it is then.
pub(super) async fn put(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let wish: SequenceText = json(&mut call.request, MAX_FILE_BYTES).await?;
    let (by, id) = (call.asker.named(), call.param("sequence"));
    let kept = files::put(call.scope(), &mut call.ctx(), &by, id, &wish).await?;
    App::forget_sites();
    told(&kept)
}

/// Removes one: 204.
pub(super) async fn remove(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let SequenceGone { version } = call.body().await?;
    let (by, id) = (call.asker.named(), call.param("sequence"));
    files::remove(call.scope(), &mut call.ctx(), &by, id, &version).await?;
    App::forget_sites();
    Ok(Response::empty()?.with_status(204))
}

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
