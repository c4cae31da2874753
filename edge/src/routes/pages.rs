//! The sandbox and timeline pages, for development only.

use serde::Deserialize;
use shared::{
    channel::Channel,
    flow::{proof::prove, view},
    id::{ContactId, SiteId},
    page,
    site::Site,
    store::sites,
};
use worker::{Method, Request, Response};

use super::{alone, development};
use crate::{app::App, error::EdgeError, room};

#[derive(Default, Deserialize)]
struct Asked {
    site: Option<String>,
    person: Option<usize>,
    mail: Option<String>,
    app: Option<String>,
    contact: Option<String>,
    address: Option<String>,
}

/// Answers a page's path.
pub(super) async fn route(app: &App, mut request: Request, parts: &[&str]) -> Result<Response, EdgeError> {
    let asked: Asked = request.query().unwrap_or_default();
    match (request.method(), parts) {
        (Method::Get, ["pages", "page.css"]) => text(page::CSS, "text/css; charset=utf-8"),
        (Method::Get, ["pages", "page.js"]) => text(page::JS, "text/javascript; charset=utf-8"),
        (Method::Get, ["sandbox"]) => html(&page::sandbox(&sandbox(app, asked).await?)),
        (Method::Get, ["sandbox", "version"]) => {
            text(&sandbox(app, asked).await?.version, "text/plain; charset=utf-8")
        }
        (Method::Post, ["sandbox", channel]) => {
            development::act(app, &mut request, development::line(channel)?).await
        }
        (Method::Get, ["timeline"]) => html(&page::timeline(&timeline(app, asked).await?)),
        (Method::Get, ["timeline", "consent"]) => {
            let (site, _) = shop(app, asked.site).await?;
            let contact = asked.contact.and_then(|id| ContactId::parse(&id).ok());
            let contact = contact.ok_or_else(EdgeError::not_found)?;
            let proof = prove(app.scope(&site), &app.context(), &contact).await?;
            alone(&page::proof(&proof, &site.time_zone), 200)
        }
        (Method::Get, ["timeline", "version"]) => {
            text(&timeline(app, asked).await?.version, "text/plain; charset=utf-8")
        }
        _ => Err(EdgeError::not_found()),
    }
}

async fn sandbox(app: &App, asked: Asked) -> Result<page::SandboxView, EdgeError> {
    let (site, named) = shop(app, asked.site).await?;
    let ctx = app.context();
    let person = asked.person.unwrap_or(0);
    let mut view = view::load_sandbox(app.scope(&site), &ctx, person, asked.mail).await?;
    view.app = asked.app.as_deref().and_then(Channel::parse).unwrap_or(Channel::Sms);
    view.site = named;
    Ok(view)
}

async fn timeline(app: &App, asked: Asked) -> Result<page::TimelineView, EdgeError> {
    let (site, named) = shop(app, asked.site).await?;
    let scope = app.scope(&site);
    let contact = match (asked.contact.and_then(|id| ContactId::parse(&id).ok()), asked.address) {
        (None, Some(address)) => view::load_contact_at(scope, &address).await?,
        (contact, _) => contact,
    };
    let mut view = view::load_timeline(scope, &app.context(), contact).await?;
    let mut present = Vec::new();
    for conversation in view::conversations_of(&view) {
        present.extend(room::present(app, &conversation).await?);
    }
    view::show_present(&mut view, present);
    view.site = named;
    Ok(view)
}

/// The site that is asked for and its id, or the first one.
async fn shop(app: &App, asked: Option<String>) -> Result<(Site, Option<SiteId>), EdgeError> {
    let empty = || {
        EdgeError::reject(404, "no_site", "No site is imported yet; run `cargo xtask dev`, or import one.")
    };
    let named = asked.and_then(|id| SiteId::parse(&id).ok());
    let site = match &named {
        Some(id) => sites::load_site(&*app.db, id).await?,
        None => sites::load_all(&*app.db).await?.into_iter().next(),
    };
    Ok((site.ok_or_else(empty)?, named))
}

fn html(body: &str) -> Result<Response, EdgeError> {
    let mut response = Response::from_html(body)?;
    let headers = response.headers_mut();
    headers.set("content-security-policy", page::CSP)?;
    headers.set("x-content-type-options", "nosniff")?;
    headers.set("cache-control", "no-store")?;
    Ok(response)
}

fn text(body: &str, kind: &str) -> Result<Response, EdgeError> {
    let mut response = Response::ok(body)?;
    response.headers_mut().set("content-type", kind)?;
    Ok(response)
}
