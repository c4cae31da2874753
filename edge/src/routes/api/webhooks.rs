//! Where a site is told what happens.

use shared::{
    api::webhooks::{HookSent, WebhookChange, WebhookWish},
    effect::Effect,
    flow::webhooks as flow,
    id::WebhookId,
};
use worker::Response;

use super::{Call, told};
use crate::{error::EdgeError, perform::perform};

pub(super) async fn list(call: &Call<'_>) -> Result<Response, EdgeError> {
    told(&flow::load_webhooks(call.scope()).await?)
}

/// Makes a webhook: 201 with its secret, told this once.
pub(super) async fn add(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let wish: WebhookWish = call.body().await?;
    let made = flow::add(call.scope(), &mut call.ctx(), &call.asker, wish).await?;
    Ok(told(&made)?.with_status(201))
}

pub(super) async fn change(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let wish: WebhookChange = call.body().await?;
    let id = webhook(&call)?;
    told(&flow::change(call.scope(), &mut call.ctx(), (&call.asker, &id), wish).await?)
}

/// Removes a webhook: 204.
pub(super) async fn remove(call: &Call<'_>) -> Result<Response, EdgeError> {
    flow::remove(call.scope(), &mut call.ctx(), &webhook(call)?).await?;
    Ok(Response::empty()?.with_status(204))
}

pub(super) async fn log(call: &Call<'_>) -> Result<Response, EdgeError> {
    told(&flow::load_log(call.scope(), &call.ctx(), &webhook(call)?).await?)
}

/// Sends something once more: 202.
pub(super) async fn replay(call: &Call<'_>) -> Result<Response, EdgeError> {
    let send = call.param("send");
    sent(call, flow::replay(call.scope(), &mut call.ctx(), &webhook(call)?, send).await?)
}

/// Tries a webhook: 202.
pub(super) async fn test(call: &Call<'_>) -> Result<Response, EdgeError> {
    sent(call, flow::test(call.scope(), &mut call.ctx(), &webhook(call)?).await?)
}

fn sent(call: &Call<'_>, (sent, effects): (HookSent, Vec<Effect>)) -> Result<Response, EdgeError> {
    perform(call.app, effects);
    Ok(told(&sent)?.with_status(202))
}

fn webhook(call: &Call<'_>) -> Result<WebhookId, EdgeError> {
    WebhookId::parse(call.param("webhook"))
        .map_err(|_| EdgeError::reject(404, "unknown_webhook", "The site has no webhook of this id."))
}
