//! The page where somebody chooses what a mailbox gets, and the one click of RFC 8058. The link itself is the permission:
//! no cookie, no session, no redirect.

use std::rc::Rc;

use shared::{
    channel::{email::unsubscribe, provider::Secrets},
    contact::Address,
    flow::{FlowError, choose},
    page,
    phrases::subscription as words,
    site::Site,
    subscription::{Asked, Part, State, parse_post},
};
use worker::{Request, Response};

use super::{alone, body, lang};
use crate::{app::App, auth, error::EdgeError, perform::perform};

/// The largest form taken, in bytes.
const MAX_BYTES: usize = 4 * 1024;

/// `GET /u/{token}`: shows what the mailbox gets, and changes nothing: whatever scans a mail follows its links.
pub(super) async fn show(app: &App, request: &Request, token: &str) -> Result<Response, EdgeError> {
    let Some((site, mailbox)) = open(app, token).await? else { return unknown(request) };
    match choose::show(app.scope(&site), &app.context(), &mailbox).await {
        Ok(view) => alone(&page::choice(&view), 200),
        Err(FlowError::Rejected(_)) => unknown(request),
        Err(error) => Err(error.into()),
    }
}

/// `POST /u/{token}`: does at once what the mail program or a form of the page asks for. 400 for any other body.
pub(super) async fn take(app: &App, mut request: Request, token: &str) -> Result<Response, EdgeError> {
    let kind = request.headers().get("content-type")?.unwrap_or_default();
    let bytes = body(&mut request, MAX_BYTES).await?;
    let Some((site, mailbox)) = open(app, token).await? else { return unknown(&request) };
    let Some(asked) = parse_post(&kind, &bytes) else {
        return alone(&page::unread_form(lang(&request)), 400);
    };
    let mut ctx = app.context();
    let scope = app.scope(&site);
    match choose::choose(scope, &mut ctx, &mailbox, asked, auth::presser(&request)).await {
        Ok(handled) => perform(app, handled.effects),
        Err(FlowError::Rejected(_)) => return unknown(&request),
        Err(error) => return Err(error.into()),
    }
    let mut view = choose::show(scope, &ctx, &mailbox).await?;
    match asked {
        Asked::OneClick => Ok(Response::ok(words::done(view.lang, Part::Marketing, false))?),
        Asked::Form(part, wanted) => {
            // What the page may not start again stays as it is, and is not said to be done.
            let is_on = view.parts.contains(&(part, State::On));
            view.done = Some((part, wanted)).filter(|_| is_on == wanted);
            alone(&page::choice(&view), 200)
        }
    }
}

/// The site and mailbox of a token; `None` where it is not one of ours, or its site is gone.
async fn open(app: &App, token: &str) -> Result<Option<(Rc<Site>, Address)>, EdgeError> {
    let key = app.secrets.secret("SIGNING_KEY").ok_or_else(|| EdgeError::missing("SIGNING_KEY"))?;
    let Some((site, mailbox)) = unsubscribe::open(&key, token) else { return Ok(None) };
    Ok(app.site(&site).await?.map(|site| (site, mailbox)))
}

fn unknown(request: &Request) -> Result<Response, EdgeError> {
    alone(&page::unknown_link(lang(request)), 404)
}
