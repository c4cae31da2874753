//! A contact: their log, their tags, what is said to them and what is planned to be.

use shared::{
    api::asked::{Called, FloorNumber, Named, Said, Tagged},
    command::{CallNote, Command, FloorWish, TagWish, TeamReply},
    flow::{self, inbox::handoff, log::load_log, planned::load_ahead, team},
    id::PlannedId,
};
use worker::Response;

use super::{Call, told};
use crate::{error::EdgeError, fetcher::Fetcher, perform::perform, routes::files};

pub(super) async fn log(call: &Call<'_>) -> Result<Response, EdgeError> {
    told(&load_log(call.scope(), &call.ctx(), &call.contact()?).await?)
}

pub(super) async fn tags(call: &Call<'_>) -> Result<Response, EdgeError> {
    told(&team::load_tags(call.scope(), &call.contact()?).await?)
}

/// A tag is put on or taken off: 204.
pub(super) async fn tag(mut call: Call<'_>, on: bool) -> Result<Response, EdgeError> {
    let Tagged { by, tag } = call.body().await?;
    let wish = TagWish { by: call.by(by)?, tag, on };
    call.done(team::tag(call.scope(), &mut call.ctx(), &call.contact()?, wish).await?)
}

/// Somebody of the team writes: 201 with the event's id.
pub(super) async fn write(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let Said { by, channel, subject, text, files } = call.body().await?;
    let reply = TeamReply { by: call.by(by)?, channel, subject, text, files };
    let handled = team::reply(call.scope(), &mut call.ctx(), &call.contact()?, reply).await?;
    let id = handled.accepted.as_ref().map(|(id, ..)| id.to_string());
    perform(call.app, handled.effects);
    Ok(told(&serde_json::json!({ "id": id }))?.with_status(201))
}

/// A file is uploaded for a message: 201 with what the message takes along.
pub(super) async fn upload(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let (name, contact) = (files::name_of(&call.request)?, call.contact()?);
    let bytes = files::bounded(&mut call.request).await?;
    let http = Fetcher { app: call.app, site: &call.site };
    let taken = (name.as_str(), bytes);
    let kept = flow::files::upload(call.scope(), &http, &mut call.ctx(), &contact, taken).await?;
    Ok(told(&kept)?.with_status(201))
}

/// The floor is taken or given back: its new number.
pub(super) async fn floor(mut call: Call<'_>, take: bool) -> Result<Response, EdgeError> {
    let Named { by, force } = call.body().await?;
    let wish = FloorWish { by: call.by(by)?, take, force };
    let handled = team::floor(call.scope(), &mut call.ctx(), &call.contact()?, wish).await?;
    let fence = handled.fence.unwrap_or_default();
    perform(call.app, handled.effects);
    told(&FloorNumber { fence })
}

/// A reply to begin with.
pub(super) async fn suggest(call: &Call<'_>) -> Result<Response, EdgeError> {
    let http = Fetcher { app: call.app, site: &call.site };
    told(&handoff::suggest(call.scope(), &http, &call.ctx(), &call.contact()?).await?)
}

/// A call is noted: 201 with the event's id.
pub(super) async fn called(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let Called { by, number, note } = call.body().await?;
    let note = CallNote { by: call.by(by)?, number, note };
    let handled = team::call(call.scope(), &mut call.ctx(), &call.contact()?, note).await?;
    let id = handled.accepted.as_ref().map(|(id, ..)| id.to_string());
    perform(call.app, handled.effects);
    Ok(told(&serde_json::json!({ "id": id }))?.with_status(201))
}

pub(super) async fn planned(call: &Call<'_>) -> Result<Response, EdgeError> {
    told(&load_ahead(call.scope(), &call.ctx(), &call.contact()?).await?)
}

/// A planned message is called off: 204.
pub(super) async fn cancel(call: &Call<'_>) -> Result<Response, EdgeError> {
    let unknown = || EdgeError::reject(404, "unknown_planned", "No planned message has this id.");
    let command = Command::CancelPlanned(PlannedId::parse(call.param("planned")).map_err(|_| unknown())?);
    call.done(flow::handle(call.scope(), &mut call.ctx(), &command).await?)
}
