//! The page of one appointment. The signed link itself is the permission: no cookie, no account.

use std::rc::Rc;

use shared::{
    appointment::link,
    channel::provider::Secrets,
    fields::Fields,
    flow::{
        FlowError,
        link::{Posted, act, book_url, calendar, show},
    },
    id::AppointmentId,
    page,
    site::Site,
};
use worker::{Request, Response};

use super::{alone, body, lang, see_other, told_zone};
use crate::{app::App, error::EdgeError, perform::perform};

/// The largest form taken, in bytes.
const MAX_BYTES: usize = 4 * 1024;

/// `GET /b/{token}`: shows the appointment, and changes nothing.
pub(super) async fn look(app: &App, request: &Request, token: &str) -> Result<Response, EdgeError> {
    let Some((site, id)) = open(app, token).await? else { return forged(request) };
    let query = Fields::parse(request.url()?.query().unwrap_or_default().as_bytes());
    match show(app.scope(&site), &app.context(), &id, &query, &told_zone(request)).await {
        Ok(view) => alone(&page::appointment(&view), 200),
        Err(error) => failed(request, &site, error),
    }
}

/// `POST /b/{token}`: moves it or calls it off, and leads to the page that says so.
pub(super) async fn take(app: &App, mut request: Request, token: &str) -> Result<Response, EdgeError> {
    let kind = request.headers().get("content-type")?.unwrap_or_default();
    let bytes = body(&mut request, MAX_BYTES).await?;
    let Some((site, id)) = open(app, token).await? else { return forged(&request) };
    let Some(form) = Fields::parse_post(&kind, &bytes) else {
        return alone(&page::unread_booking(lang(&request)), 400);
    };
    match act(app.scope(&site), &mut app.context(), &id, &form, &told_zone(&request)).await {
        Ok(Posted::Done(handled, path)) => {
            perform(app, handled.effects);
            see_other(&path)
        }
        Ok(Posted::Refused(view, status)) => alone(&page::appointment(&view), status),
        Err(error) => failed(&request, &site, error),
    }
}

/// `GET /b/{token}/appointment.ics`: the appointment as a file for calendars.
pub(super) async fn file(app: &App, request: &Request, token: &str) -> Result<Response, EdgeError> {
    let Some((site, id)) = open(app, token).await? else { return forged(request) };
    match calendar(app.scope(&site), &app.context(), &id).await {
        Ok(ics) => {
            let mut response = Response::ok(ics)?;
            let headers = response.headers_mut();
            headers.set("content-type", "text/calendar; charset=utf-8; method=PUBLISH")?;
            headers.set("content-disposition", "attachment; filename=\"appointment.ics\"")?;
            headers.set("x-content-type-options", "nosniff")?;
            headers.set("cache-control", "no-store")?;
            Ok(response)
        }
        Err(error) => failed(request, &site, error),
    }
}

/// The site and appointment of a token; `None` where it is not one of ours, or its site is gone.
async fn open(app: &App, token: &str) -> Result<Option<(Rc<Site>, AppointmentId)>, EdgeError> {
    let key = app.secrets.secret("SIGNING_KEY").ok_or_else(|| EdgeError::missing("SIGNING_KEY"))?;
    let Some((site, id)) = link::open(&key, token) else { return Ok(None) };
    Ok(app.site(&site).await?.map(|site| (site, id)))
}

fn forged(request: &Request) -> Result<Response, EdgeError> {
    alone(&page::no_link(lang(request)), 403)
}

fn failed(request: &Request, site: &Site, error: FlowError) -> Result<Response, EdgeError> {
    match error {
        FlowError::Rejected(why) => {
            alone(&page::ended_link(lang(request), book_url(site).as_deref()), why.status)
        }
        FlowError::Malformed(_) => alone(&page::unread_booking(lang(request)), 400),
        FlowError::Store(error) => Err(error.into()),
    }
}
