//! Routing: one match, one file per group of paths.

mod admin;
mod api;
mod appointment;
mod booking;
mod confirm;
mod development;
mod files;
mod forms;
mod hook;
mod inbox;
mod internal;
mod pages;
mod unsubscribe;
mod widget;

use shared::{http, page, phrases::Lang};
use worker::{Method, Request, Response};

use crate::{app::App, assets, error::EdgeError};

pub(crate) use hook::hook as take_hook;

/// The largest webhook body taken, in bytes: a mail service may post a whole message.
pub(crate) const MAX_HOOK_BYTES: usize = 2 * 1024 * 1024;

/// Answers a request.
pub(crate) async fn route(app: &App, request: Request) -> Result<Response, EdgeError> {
    let path = request.path();
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let method = request.method();
    match (method, parts.as_slice()) {
        (Method::Get, ["health"]) => Ok(Response::ok("ok")?),
        (Method::Get, ["panel", key]) => assets::panel(app, key).await,
        (Method::Options, ["v1", "widgets", _]) => widget::preflight(&request),
        (Method::Get, ["v1", "widgets", key]) => widget::describe(app, &request, key).await,
        (Method::Post, ["v1", "session"]) => widget::session(app, request).await,
        (Method::Get, ["v1", "socket"]) => widget::socket(app, request).await,
        (Method::Post, ["v1", "frames"]) => widget::frame(app, request).await,
        (Method::Get, ["v1", "events"]) => widget::events(app, &request).await,
        (Method::Post, ["v1", "files"]) => files::upload(app, request).await,
        (Method::Get, ["files", token]) => files::give(app, token).await,
        (Method::Post, ["v1", "forms", key]) => forms::take(app, request, key).await,
        (Method::Get, ["c", token]) => confirm::show(app, &request, token).await,
        (Method::Post, ["c", token]) => confirm::take(app, request, token).await,
        (Method::Get, ["u", token]) => unsubscribe::show(app, &request, token).await,
        (Method::Post, ["u", token]) => unsubscribe::take(app, request, token).await,
        (Method::Get, ["book", site]) => booking::look(app, &request, site).await,
        (Method::Post, ["book", site]) => booking::take(app, request, site).await,
        (Method::Get, ["b", token]) => appointment::look(app, &request, token).await,
        (Method::Post, ["b", token]) => appointment::take(app, request, token).await,
        (Method::Get, ["b", token, "appointment.ics"]) => appointment::file(app, &request, token).await,
        (Method::Get, ["hooks", endpoint]) => hook::challenge(app, &request, endpoint).await,
        (Method::Post, ["hooks", endpoint]) => hook::take(app, request, endpoint).await,
        (Method::Put, ["admin", "sites"]) => admin::put_site(app, request).await,
        (Method::Get, ["inbox", "sign-in"]) => inbox::form(&request),
        (Method::Post, ["inbox", "sign-in"]) => inbox::ask(app, request).await,
        (Method::Get, ["inbox", "in", token]) => inbox::look(app, &request, token).await,
        (Method::Post, ["inbox", "in", token]) => inbox::enter(app, &request, token).await,
        (Method::Get, ["inbox", ..]) => assets::inbox(app).await,
        (_, ["api", ..]) => api::route(app, request).await,
        (Method::Post, ["internal", "think"]) => internal::think(app, request).await,
        _ if app.config.development => development::route(app, request, &parts).await,
        _ => Err(EdgeError::not_found()),
    }
}

/// A body of at most `limit` bytes; 413 beyond.
pub(crate) async fn body(request: &mut Request, limit: usize) -> Result<Vec<u8>, EdgeError> {
    let too_large = || EdgeError::reject(413, "too_large", format!("The body is larger than {limit} bytes."));
    let announced = request.headers().get("content-length")?.and_then(|length| length.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let bytes = request.bytes().await?;
    if bytes.len() > limit { Err(too_large()) } else { Ok(bytes) }
}

/// A JSON body of at most `limit` bytes; 400 `malformed_json` where it is something else.
pub(crate) async fn json<T: serde::de::DeserializeOwned>(
    request: &mut Request,
    limit: usize,
) -> Result<T, EdgeError> {
    let bytes = body(request, limit).await?;
    serde_json::from_slice(&bytes).map_err(|error| {
        EdgeError::reject(400, "malformed_json", format!("The body is not what is expected: {error}."))
    })
}

/// A page that stands alone, under the policy it is written for.
pub(crate) fn alone(body: &str, status: u16) -> Result<Response, EdgeError> {
    let mut response = Response::from_html(body)?.with_status(status);
    let headers = response.headers_mut();
    headers.set("content-security-policy", &page::csp())?;
    headers.set("x-content-type-options", "nosniff")?;
    headers.set("referrer-policy", "no-referrer")?;
    headers.set("cache-control", "no-store")?;
    Ok(response)
}

/// Leads to a page of ours that shows what was done: loading it again does nothing again.
pub(crate) fn see_other(path: &str) -> Result<Response, EdgeError> {
    let mut response = Response::empty()?.with_status(303);
    let headers = response.headers_mut();
    headers.set("location", path)?;
    headers.set("referrer-policy", "no-referrer")?;
    headers.set("cache-control", "no-store")?;
    Ok(response)
}

/// The browser's first language: who it is cannot be known here.
pub(crate) fn lang(request: &Request) -> Lang {
    let accepted = request.headers().get("accept-language").ok().flatten().unwrap_or_default();
    Lang::of(accepted.split([',', ';']).next().unwrap_or_default().trim())
}

/// A received request as a value, for the codecs.
pub(crate) async fn received(request: &mut Request, limit: usize) -> Result<http::Request, EdgeError> {
    Ok(http::Request {
        method: request.method().to_string(),
        url: request.url()?.to_string(),
        headers: request.headers().entries().map(|(name, value)| (name.to_lowercase(), value)).collect(),
        body: body(request, limit).await?,
        timeout_ms: http::DEFAULT_TIMEOUT_MS,
    })
}
