//! How the site is set.

use serde_json::{Map, Value};
use shared::{
    api::settings::SettingsChange,
    flow::{policy, settings},
};
use worker::Response;

use super::{Call, json, told};
use crate::{app::App, error::EdgeError};

/// The largest part, in bytes.
const MAX_PART_BYTES: usize = 128 * 1024;

pub(super) async fn read(call: &Call<'_>) -> Result<Response, EdgeError> {
    told(&settings::load_settings(call.scope()).await?)
}

pub(super) async fn change(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let wish: SettingsChange<Value> = json(&mut call.request, MAX_PART_BYTES).await?;
    let by = call.asker.named();
    let settings = settings::change(call.scope(), &mut call.ctx(), &by, &wish).await?;
    App::forget_sites();
    told(&settings)
}

/// What another policy would have done to the messages of the last month.
pub(super) async fn try_policy(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let value: Map<String, Value> = json(&mut call.request, MAX_PART_BYTES).await?;
    told(&policy::try_policy(call.scope(), &call.ctx(), &value).await?)
}
