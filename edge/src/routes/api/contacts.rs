//! A contact: their log, their tags, what is said to them and what is planned to be.

use shared::{
    api::asked::{Named, Said, Tagged},
    command::{Command, FloorWish, TagWish, TeamReply},
    flow::{self, log::load_log, planned::load_ahead, team},
    id::PlannedId,
};
use worker::Response;

use super::{Call, told};
use crate::{error::EdgeError, perform::perform};

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
    let Said { by, channel, subject, text } = call.body().await?;
    let reply = TeamReply { by: call.by(by)?, channel, subject, text };
    let handled = team::reply(call.scope(), &mut call.ctx(), &call.contact()?, reply).await?;
    let id = handled.accepted.as_ref().map(|(id, ..)| id.to_string());
    perform(call.app, handled.effects);
    Ok(told(&serde_json::json!({ "id": id }))?.with_status(201))
}

/// The floor is taken or given back: 204.
pub(super) async fn floor(mut call: Call<'_>, take: bool) -> Result<Response, EdgeError> {
    let Named { by } = call.body().await?;
    let wish = FloorWish { by: call.by(by)?, take };
    call.done(team::floor(call.scope(), &mut call.ctx(), &call.contact()?, wish).await?)
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
