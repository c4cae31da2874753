//! What the assistant is taught, and what the team says often.

use serde::Deserialize;
use shared::{
    api::{
        teach::Canned,
        work::{Dropped, Looked, Teaches},
    },
    flow::work::{canned, teach},
    id::TaughtId,
    work::Lesson,
};
use worker::Response;

use super::{Call, told};
use crate::error::EdgeError;

/// How many answers a page has where nothing is asked for.
const PAGE: u32 = 20;

#[derive(Default, Deserialize)]
struct Asked {
    after: Option<String>,
    limit: Option<u32>,
}

fn done() -> Result<Response, EdgeError> {
    Ok(Response::empty()?.with_status(204))
}

fn taught(call: &Call<'_>) -> Result<TaughtId, EdgeError> {
    TaughtId::parse(call.param("taught"))
        .map_err(|_| EdgeError::reject(400, "bad_id", "The path ends in an id that begins with `tgt_`."))
}

pub(super) async fn reviews(call: &Call<'_>) -> Result<Response, EdgeError> {
    let asked: Asked = call.request.query().unwrap_or_default();
    let limit = asked.limit.unwrap_or(PAGE);
    told(&teach::load_reviews(call.scope(), &call.ctx(), asked.after.as_deref(), limit).await?)
}

pub(super) async fn reviewed(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let Looked { by, conversation, seq } = call.body().await?;
    teach::reviewed(call.scope(), &call.by(by)?, &conversation, seq).await?;
    done()
}

pub(super) async fn lessons(call: &Call<'_>) -> Result<Response, EdgeError> {
    told(&teach::load_taught(call.scope()).await?)
}

pub(super) async fn put(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let Teaches { by, question, answer, about } = call.body().await?;
    let lesson = Lesson { id: taught(&call)?, question, answer, by: call.by(by)? };
    let about = about.as_ref().map(|(conversation, seq)| (conversation, *seq));
    teach::teach(call.scope(), &call.ctx(), &lesson, about).await?;
    done()
}

pub(super) async fn forget(call: &Call<'_>) -> Result<Response, EdgeError> {
    teach::forget(call.scope(), &taught(call)?).await?;
    done()
}

pub(super) async fn replies(call: &Call<'_>) -> Result<Response, EdgeError> {
    told(&canned::load(call.scope()).await?)
}

pub(super) async fn put_reply(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let Canned { name, text } = call.body().await?;
    canned::put(call.scope(), &call.ctx(), &name, &text).await?;
    done()
}

pub(super) async fn remove_reply(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let Dropped { name } = call.body().await?;
    canned::remove(call.scope(), &name).await?;
    done()
}
