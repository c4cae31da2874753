//! What the assistant knows: its sources, the site's own pages, and what would be answered.

use std::rc::Rc;

use serde::Deserialize;
use shared::{
    api::knowledge::{CrawlWish, SourceGone, SourceWish, Tried},
    flow::{crawl, knowledge},
    site::Site,
};
use worker::Response;

use super::{Call, json, told};
use crate::{app::App, error::EdgeError, fetcher::Fetcher};

/// The largest body with a source in it, in bytes: its text may be written with escapes.
const MAX_BODY_BYTES: usize = 2 * knowledge::MAX_SOURCE_BYTES;
/// How many steps of reading pages follow the answer at once; the cron does the rest.
const STEPS_AT_ONCE: u32 = 4;

#[derive(Deserialize)]
struct Path {
    path: String,
}

pub(super) async fn list(call: &Call<'_>) -> Result<Response, EdgeError> {
    told(&knowledge::load_known(call.scope()).await?)
}

pub(super) async fn source(call: &Call<'_>) -> Result<Response, EdgeError> {
    let asked: Result<Path, _> = call.request.query();
    let path = asked.map(|asked| asked.path).unwrap_or_default();
    told(&knowledge::load_source(call.scope(), &path).await?)
}

pub(super) async fn tried(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let Tried { question } = call.body().await?;
    let http = Fetcher { app: call.app, site: &call.site };
    told(&knowledge::try_answer(call.scope(), &http, &mut call.ctx(), &question).await?)
}

pub(super) async fn add(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let wish: SourceWish = json(&mut call.request, MAX_BODY_BYTES).await?;
    let by = call.asker.named();
    told(&knowledge::add(call.scope(), &mut call.ctx(), &by, &wish).await?)
}

pub(super) async fn remove(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let SourceGone { path } = call.body().await?;
    knowledge::remove(call.scope(), &mut call.ctx(), &path).await?;
    Ok(Response::empty()?.with_status(204))
}

/// The pages begin to be read: the first of them right after the answer.
pub(super) async fn begin(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let CrawlWish { origin } = call.body().await?;
    let by = call.asker.named();
    let known = crawl::begin(call.scope(), &mut call.ctx(), &by, &origin).await?;
    let (app, site) = (call.app.clone(), Rc::clone(&call.site));
    call.app.spawn(async move {
        for _ in 0..STEPS_AT_ONCE {
            match step(&app, &site).await {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => return error.log("pages"),
            }
        }
    });
    told(&known)
}

/// Goes on with a site's pages; `true` while more is to be done.
async fn step(app: &App, site: &Site) -> Result<bool, EdgeError> {
    let http = Fetcher { app, site };
    Ok(crawl::step(app.scope(site), &http, &app.context()).await?)
}

pub(super) async fn stop(call: &Call<'_>) -> Result<Response, EdgeError> {
    told(&crawl::stop(call.scope(), &mut call.ctx()).await?)
}

/// The cron: goes on with every site whose pages are to be read.
pub(crate) async fn read_pages(app: &App) -> Result<(), EdgeError> {
    for id in crawl::due(&*app.db, &app.context()).await? {
        if let Some(site) = app.site(&id).await? {
            step(app, &site).await?;
        }
    }
    Ok(())
}
