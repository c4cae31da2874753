//! Webhooks: verified, parsed, committed, then acknowledged.

use shared::{
    channel::{provider::Setup, provider_of},
    flow::ingest,
    http,
    id::EndpointId,
};
use worker::{Request, Response};

use super::{MAX_HOOK_BYTES, received};
use crate::{app::App, error::EdgeError, fetcher::Fetcher, perform::perform};

/// `POST /hooks/{endpoint}`.
pub(super) async fn take(app: &App, mut request: Request, endpoint: &str) -> Result<Response, EdgeError> {
    let id = EndpointId::parse(endpoint)
        .map_err(|_| EdgeError::reject(404, "unknown_endpoint", "No endpoint has this id."))?;
    let received = received(&mut request, MAX_HOOK_BYTES).await?;
    // Bodies that come by HTTP never pass for mail that the platform itself handed in.
    hook(app, &id, &received).await
}

/// `GET /hooks/{endpoint}`: a provider makes sure that the endpoint is ours. 404 where its provider does no such thing.
pub(super) async fn challenge(app: &App, request: &Request, endpoint: &str) -> Result<Response, EdgeError> {
    let id = EndpointId::parse(endpoint).map_err(|_| EdgeError::not_found())?;
    let (site, endpoint) = app.endpoint(&id).await?;
    let setup =
        Setup { site: &site, endpoint: &endpoint, secrets: &app.secrets, public_url: &app.config.public_url };
    let url = request.url()?;
    let answer = provider_of(&endpoint)?.challenge(setup, url.query().unwrap_or_default());
    respond(answer.ok_or_else(EdgeError::not_found)??)
}

/// Takes a webhook of an endpoint, wherever it came from.
pub(crate) async fn hook(
    app: &App,
    id: &EndpointId,
    received: &http::Request,
) -> Result<Response, EdgeError> {
    let (site, endpoint) = app.endpoint(id).await?;
    let (http, mut ctx) = (Fetcher { app, site: &site }, app.context());
    let (answer, effects) = ingest::webhook(app.scope(&site), &http, &mut ctx, &endpoint, received).await?;
    perform(app, effects);
    respond(answer)
}

/// A response value as the platform's.
pub(crate) fn respond(answer: http::Response) -> Result<Response, EdgeError> {
    let mut response = Response::from_bytes(answer.body)?.with_status(answer.status);
    for (name, value) in &answer.headers {
        response.headers_mut().set(name, value)?;
    }
    Ok(response)
}
