//! `POST /v1/forms/{key}`: a form of a customer's own page, sent by our script or by the browser itself.

use shared::{
    flow::forms,
    form, page,
    phrases::{Lang, forms as words},
    wire::Session,
};
use worker::{Request, Response};

use super::{alone, body, lang, widget};
use crate::{app::App, auth, error::EdgeError, perform::perform};

/// The largest form taken, in bytes.
const MAX_BYTES: usize = 64 * 1024;

/// Takes a form. A script is answered with JSON, which any allowed page may read; a browser with a page.
pub(super) async fn take(app: &App, mut request: Request, key: &str) -> Result<Response, EdgeError> {
    let wants_json =
        request.headers().get("accept")?.is_some_and(|accept| accept.contains("application/json"));
    let origin = widget::origin(&request)?;
    let taken = take_form(app, &mut request, key).await;
    if wants_json {
        let response = match taken {
            Ok((session, lang)) => {
                Response::from_json(&serde_json::json!({ "session": session, "text": words::thanks(lang) }))?
            }
            Err(error) => error.into_response()?,
        };
        return widget::with_cors(response, &origin);
    }
    let lang = lang(&request);
    match taken {
        Ok(_) => alone(&page::told(lang, words::heading(lang), words::thanks_alone(lang)), 200),
        Err(error) => {
            error.log("form");
            let (status, failure) = error.failure();
            alone(&page::told(lang, words::refused(lang), &failure.text), status)
        }
    }
}

/// The visitor's session, old or new, and the language to answer in.
async fn take_form(app: &App, request: &mut Request, key: &str) -> Result<(Session, Lang), EdgeError> {
    let (site, endpoint) = widget::site_of_key(app, key).await?;
    widget::check_origin(app, request, &site)?;
    let kind = request.headers().get("content-type")?.unwrap_or_default();
    if !kind.starts_with("application/x-www-form-urlencoded") {
        let text = "Send the form as application/x-www-form-urlencoded, the way browsers do.";
        return Err(EdgeError::reject(415, "unsupported_type", text));
    }
    let mut posted = form::read(&body(request, MAX_BYTES).await?)?;
    posted.by = auth::presser(request);
    let mut ctx = app.context();
    let visitor = auth::visitor_of(app, posted.token.as_deref(), &endpoint.id, &mut ctx)?;
    let lang = lang(request);
    let handled = forms::take(app.scope(&site), &mut ctx, &visitor.id, lang.tag(), &posted).await?;
    perform(app, handled.effects);
    Ok((widget::session_of(app, &site, &visitor, lang, &site.time_zone)?, lang))
}
