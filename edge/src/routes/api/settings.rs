//! How the site is set: its parts, its lines, and whether the snippet stands on its pages.

use serde::Deserialize;
use serde_json::{Map, Value};
use shared::{
    api::{
        lines::SnippetCheck,
        settings::{RetentionTried, SettingsChange},
    },
    flow::{lines, people::erase::count_silent, policy, settings},
};
use worker::Response;

use super::{Call, json, told};
use crate::{app::App, error::EdgeError, fetcher::Fetcher};

/// The largest part, in bytes.
const MAX_PART_BYTES: usize = 128 * 1024;
/// How many people are counted.
const COUNTED: u32 = 1_000;

#[derive(Deserialize)]
struct Months {
    months: u32,
}

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

/// How many people would be erased now.
pub(super) async fn retention(call: &Call<'_>) -> Result<Response, EdgeError> {
    let asked: Result<Months, _> = call.request.query();
    let Ok(Months { months: months @ 1..=1_200 }) = asked else {
        return Err(EdgeError::reject(400, "bad_months", "`months` takes 1 to 1200."));
    };
    let people = count_silent(call.scope(), &call.ctx(), months, COUNTED).await?;
    told(&RetentionTried { people, or_more: people >= COUNTED })
}

pub(super) fn lines(call: &Call<'_>) -> Result<Response, EdgeError> {
    told(&lines::lines(call.scope()))
}

pub(super) async fn test(call: &Call<'_>) -> Result<Response, EdgeError> {
    let http = Fetcher { app: call.app, site: &call.site };
    told(&lines::test(call.scope(), &http, call.param("line")).await?)
}

pub(super) async fn snippet(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let SnippetCheck { url } = call.body().await?;
    let http = Fetcher { app: call.app, site: &call.site };
    told(&lines::check_snippet(call.scope(), &http, &url).await?)
}
