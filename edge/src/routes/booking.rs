//! The page where anybody books at a site, and a known contact by their personal link: no account, no cookie, no script.

use std::rc::Rc;

use shared::{
    channel::provider::Secrets,
    fields::Fields,
    flow::{
        FlowError,
        book::{Visit, book, path, show, site_of_token},
        link::Posted,
    },
    id::SiteId,
    page,
    site::Site,
};
use worker::{Request, Response};

use super::{alone, body, lang, see_other, told_zone};
use crate::{app::App, error::EdgeError, perform::perform};

/// The largest form taken, in bytes.
const MAX_BYTES: usize = 16 * 1024;

/// `GET /book/{site}` and `GET /book/{token}`: services, times, and the form. Changes nothing.
pub(super) async fn look(app: &App, request: &Request, part: &str) -> Result<Response, EdgeError> {
    let Some((site, token)) = open(app, part).await? else { return nothing(request) };
    let query = Fields::parse(request.url()?.query().unwrap_or_default().as_bytes());
    let (accepted, zone) = (accepted(request), told_zone(request));
    let visit = Visit { accepted: &accepted, zone: &zone, token };
    match show(app.scope(&site), &mut app.context(), &query, visit).await {
        Ok(view) => alone(&page::book(&view), 200),
        Err(error) => failed(request, &site, error),
    }
}

/// `POST` to the same: books, and leads to the page of the appointment.
pub(super) async fn take(app: &App, mut request: Request, part: &str) -> Result<Response, EdgeError> {
    let kind = request.headers().get("content-type")?.unwrap_or_default();
    let bytes = body(&mut request, MAX_BYTES).await?;
    let Some((site, token)) = open(app, part).await? else { return nothing(&request) };
    let Some(form) = Fields::parse_post(&kind, &bytes) else {
        return alone(&page::unread_booking(lang(&request)), 400);
    };
    let (accepted, zone) = (accepted(&request), told_zone(&request));
    let visit = Visit { accepted: &accepted, zone: &zone, token };
    match book(app.scope(&site), &mut app.context(), &form, visit).await {
        Ok(Posted::Done(handled, path)) => {
            perform(app, handled.effects);
            see_other(&path)
        }
        Ok(Posted::Refused(view, status)) => alone(&page::book(&view), status),
        Err(error) => failed(&request, &site, error),
    }
}

/// The site, and the token where it was named by a personal link.
async fn open<'a>(app: &App, part: &'a str) -> Result<Option<(Rc<Site>, Option<&'a str>)>, EdgeError> {
    if let Ok(site) = SiteId::parse(part) {
        return Ok(app.site(&site).await?.map(|site| (site, None)));
    }
    let key = app.secrets.secret("SIGNING_KEY").ok_or_else(|| EdgeError::missing("SIGNING_KEY"))?;
    match site_of_token(&key, part) {
        Some(site) => Ok(app.site(&site).await?.map(|site| (site, Some(part)))),
        None => Ok(None),
    }
}

fn failed(request: &Request, site: &Site, error: FlowError) -> Result<Response, EdgeError> {
    match error {
        FlowError::Rejected(why) if why.status == 410 => {
            alone(&page::ended_personal(lang(request), &path(site)), 410)
        }
        FlowError::Rejected(_) => nothing(request),
        error => Err(error.into()),
    }
}

fn nothing(request: &Request) -> Result<Response, EdgeError> {
    alone(&page::nothing_to_book(lang(request)), 404)
}

fn accepted(request: &Request) -> String {
    request.headers().get("accept-language").ok().flatten().unwrap_or_default()
}
