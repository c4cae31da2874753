//! The page where anybody books at a site: no account, no cookie, no script.

use std::rc::Rc;

use shared::{
    fields::Fields,
    flow::{
        FlowError,
        book::{book, show},
        link::Posted,
    },
    id::SiteId,
    page,
    site::Site,
};
use worker::{Request, Response};

use super::{alone, body, lang, see_other};
use crate::{app::App, error::EdgeError, perform::perform};

/// The largest form taken, in bytes.
const MAX_BYTES: usize = 16 * 1024;

/// `GET /book/{site}`: services, times, and the form. Changes nothing.
pub(super) async fn look(app: &App, request: &Request, site: &str) -> Result<Response, EdgeError> {
    let Some(site) = open(app, site).await? else { return nothing(request) };
    let query = Fields::parse(request.url()?.query().unwrap_or_default().as_bytes());
    match show(app.scope(&site), &mut app.context(), &query, &accepted(request)).await {
        Ok(view) => alone(&page::book(&view), 200),
        Err(FlowError::Rejected(_)) => nothing(request),
        Err(error) => Err(error.into()),
    }
}

/// `POST /book/{site}`: books, and leads to the page of the appointment.
pub(super) async fn take(app: &App, mut request: Request, site: &str) -> Result<Response, EdgeError> {
    let kind = request.headers().get("content-type")?.unwrap_or_default();
    let bytes = body(&mut request, MAX_BYTES).await?;
    let Some(site) = open(app, site).await? else { return nothing(&request) };
    let Some(form) = Fields::parse_post(&kind, &bytes) else {
        return alone(&page::unread_booking(lang(&request)), 400);
    };
    match book(app.scope(&site), &mut app.context(), &form, &accepted(&request)).await {
        Ok(Posted::Done(handled, path)) => {
            perform(app, handled.effects);
            see_other(&path)
        }
        Ok(Posted::Refused(view, status)) => alone(&page::book(&view), status),
        Err(FlowError::Rejected(_)) => nothing(&request),
        Err(error) => Err(error.into()),
    }
}

async fn open(app: &App, site: &str) -> Result<Option<Rc<Site>>, EdgeError> {
    match SiteId::parse(site) {
        Ok(site) => app.site(&site).await,
        Err(_) => Ok(None),
    }
}

fn nothing(request: &Request) -> Result<Response, EdgeError> {
    alone(&page::nothing_to_book(lang(request)), 404)
}

fn accepted(request: &Request) -> String {
    request.headers().get("accept-language").ok().flatten().unwrap_or_default()
}
