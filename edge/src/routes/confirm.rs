//! The page where a mailbox confirms that it wants news and offers. The link itself is the permission: no cookie, no
//! session, no redirect.

use std::rc::Rc;

use shared::{
    channel::{
        email::confirm::{self, Asked},
        provider::Secrets,
    },
    flow::{
        FlowError,
        confirm::{press, show as load_view},
    },
    page,
    site::Site,
};
use worker::{Request, Response};

use super::{alone, lang};
use crate::{app::App, auth, error::EdgeError, perform::perform};

/// `GET /c/{token}`: shows what is asked, and changes nothing: whatever scans a mail follows its links.
pub(super) async fn show(app: &App, request: &Request, token: &str) -> Result<Response, EdgeError> {
    let Some((site, asked)) = open(app, token).await? else { return unknown(request) };
    match load_view(app.scope(&site), &app.context(), &asked, token).await {
        Ok(view) => alone(&page::confirm(&view), 200),
        Err(FlowError::Rejected(_)) => unknown(request),
        Err(error) => Err(error.into()),
    }
}

/// `POST /c/{token}`: the button was pressed.
pub(super) async fn take(app: &App, request: Request, token: &str) -> Result<Response, EdgeError> {
    let Some((site, asked)) = open(app, token).await? else { return unknown(&request) };
    let by = auth::presser(&request);
    let mut ctx = app.context();
    match press(app.scope(&site), &mut ctx, &asked, token, by).await {
        Ok(handled) => perform(app, handled.effects),
        // The page says how it stands.
        Err(FlowError::Rejected(_)) => {}
        Err(error) => return Err(error.into()),
    }
    show(app, &request, token).await
}

/// The site and the question of a token; `None` where it is not one of ours, or its site is gone.
async fn open(app: &App, token: &str) -> Result<Option<(Rc<Site>, Asked)>, EdgeError> {
    let key = app.secrets.secret("SIGNING_KEY").ok_or_else(|| EdgeError::missing("SIGNING_KEY"))?;
    let Some(asked) = confirm::open(&key, token) else { return Ok(None) };
    Ok(app.site(&asked.site).await?.map(|site| (site, asked)))
}

fn unknown(request: &Request) -> Result<Response, EdgeError> {
    alone(&page::unknown_link(lang(request)), 404)
}
