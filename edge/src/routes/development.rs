//! Development only: the virtual clock, the sandbox and the timeline view. In production these paths do not exist.

use serde::Deserialize;
use shared::{
    channel::{Channel, email::without_tag},
    flow::sandbox::{self, Act},
    http, page,
    site::{Endpoint, Site},
    store::{Db, clock, sandbox as kept, sandbox::SandboxMessage, sites},
};
use worker::{Method, Request, Response};

use super::{body, hook::hook};
use crate::{app::App, error::EdgeError, perform};

const MAX_BYTES: usize = 256 * 1024;

/// Answers a development path.
pub(super) async fn route(app: &App, mut request: Request, parts: &[&str]) -> Result<Response, EdgeError> {
    match (request.method(), parts) {
        (Method::Post, ["dev", "clock"]) => advance(app, &mut request).await,
        (Method::Get, ["sandbox", "api", "messages"]) => messages(app, &request).await,
        (Method::Post, ["sandbox", "api", channel]) => act(app, &mut request, line(channel)?).await,
        _ => super::pages::route(app, request, parts).await,
    }
}

#[derive(Deserialize)]
struct Advance {
    advance_ms: u32,
}

/// `POST /dev/clock`: moves the present ahead and does what becomes due.
async fn advance(app: &App, request: &mut Request) -> Result<Response, EdgeError> {
    let (asked, from): (Advance, _) = json_or_form(request).await?;
    clock::advance(&*app.db, asked.advance_ms).await?;
    app.read_clock().await?;
    perform::sweep(app).await?;
    if let Some(from) = from {
        return back(request, &from);
    }
    Ok(Response::from_json(&serde_json::json!({ "now_ms": app.context().now.ms() }))?)
}

#[derive(Deserialize)]
struct Address {
    #[serde(default)]
    address: String,
}

/// `GET /sandbox/api/messages?address=`: what lies at a phone or mailbox, newest first.
async fn messages(app: &App, request: &Request) -> Result<Response, EdgeError> {
    let Address { address } = request.query().unwrap_or(Address { address: String::new() });
    let found = kept::decode(app.db.query(&kept::list(&address, 500)).await?)?;
    let shown: Vec<_> = found
        .iter()
        .map(|message| {
            serde_json::json!({
                "id": message.id, "channel": message.channel, "from": message.sender, "to": message.recipient,
                "subject": message.subject, "text": message.text, "at": message.at_ms,
            })
        })
        .collect();
    Ok(Response::from_json(&shown)?)
}

/// The channel of a path, where people write on it at the sandbox.
pub(super) fn line(name: &str) -> Result<Channel, EdgeError> {
    let channel = Channel::parse(name).filter(|channel| *channel != Channel::Widget);
    channel.ok_or_else(EdgeError::not_found)
}

/// `POST /sandbox/api/{sms,email,messenger,instagram}`, also as `/sandbox/…` from the page: somebody writes at the sandbox.
pub(super) async fn act(app: &App, request: &mut Request, channel: Channel) -> Result<Response, EdgeError> {
    let (act, from): (Act, _) = json_or_form(request).await?;
    let (site, _) = shop(app, channel, &act.to).await?;
    let scope = app.scope(&site);
    let mut ctx = app.context();
    let (endpoint, webhook, message): (Endpoint, http::Request, SandboxMessage) = match channel {
        Channel::Email => sandbox::mail(scope, &mut ctx, &act).await?,
        channel => sandbox::short_message(scope, &mut ctx, channel, &act)?,
    };
    app.db.query(&kept::add(&message)).await?;
    let taken = hook(app, &endpoint.id, &webhook).await?;
    match from {
        Some(from) if taken.status_code() < 300 => back(request, &from),
        _ => Ok(taken),
    }
}

/// The site whose line somebody writes to; a mailbox may carry a tag.
async fn shop(app: &App, channel: Channel, to: &str) -> Result<(Site, Endpoint), EdgeError> {
    let bare = without_tag(to);
    sites::load_by_address(&*app.db, channel, &bare)
        .await?
        .ok_or_else(|| EdgeError::reject(404, "unknown_line", format!("No site has the line {bare}.")))
}

/// A body from a page's form, with the page it stood on, or a program's JSON.
async fn json_or_form<T: serde::de::DeserializeOwned>(
    request: &mut Request,
) -> Result<(T, Option<String>), EdgeError> {
    let kind = request.headers().get("content-type")?.unwrap_or_default();
    let bytes = body(request, MAX_BYTES).await?;
    let malformed = |error: serde_json::Error| {
        EdgeError::reject(400, "malformed", format!("Not what is expected: {error}."))
    };
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Ok((serde_json::from_slice(&bytes).map_err(malformed)?, None));
    }
    let pairs = form_pairs(&bytes);
    let from = pairs.get("back").and_then(|back| back.as_str()).unwrap_or_default().to_owned();
    Ok((serde_json::from_value(pairs.into()).map_err(malformed)?, Some(from)))
}

fn form_pairs(bytes: &[u8]) -> serde_json::Map<String, serde_json::Value> {
    form_urlencoded::parse(bytes)
        .map(|(name, value)| {
            let number = value.parse::<u32>().ok().filter(|_| name == "advance_ms");
            let value = number.map_or_else(|| value.as_ref().into(), serde_json::Value::from);
            (name.into_owned(), value)
        })
        .collect()
}

/// Back to the page the form stood on.
fn back(request: &Request, from: &str) -> Result<Response, EdgeError> {
    let to = request.url()?.join(page::back(from));
    let to = to.map_err(|error| worker::Error::RustError(error.to_string()))?;
    Ok(Response::redirect_with_status(to, 303)?)
}
