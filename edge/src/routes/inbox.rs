//! How somebody of a team comes into the inbox: the form, and the link in their mail. Pages without a script.

use shared::{
    error::Rejection,
    fields::Fields,
    flow::{FlowError, sign_in},
    page::{SignInView, sign_in as page},
    phrases::{Lang, sign_in as words},
};
use worker::{Request, Response, console_log};

use super::{alone, body, lang, see_other};
use crate::{app::App, auth, error::EdgeError, perform::perform};

/// The largest form taken, in bytes.
const MAX_BYTES: usize = 4 * 1024;

/// `GET /inbox/sign-in`: the form.
pub(super) fn form(request: &Request) -> Result<Response, EdgeError> {
    alone(&page(lang(request), &SignInView::Form { email: String::new(), wrong: None }), 200)
}

/// `POST /inbox/sign-in`: asks for a link. Whether the address is anybody's is looked for after the answer.
pub(super) async fn ask(app: &App, mut request: Request) -> Result<Response, EdgeError> {
    own_page(app, &request)?;
    let lang = lang(&request);
    let kind = request.headers().get("content-type")?.unwrap_or_default();
    let bytes = body(&mut request, MAX_BYTES).await?;
    let typed = Fields::parse_post(&kind, &bytes).unwrap_or_default().get("email").to_owned();
    let ip = auth::ip(&request);
    match sign_in::wish(app.door(), &app.context(), &typed, ip.as_deref()).await {
        Ok(email) => {
            let then = app.clone();
            app.spawn(async move {
                match sign_in::send_link(then.door(), &mut then.context(), &email).await {
                    Ok(effects) => perform(&then, effects),
                    Err(error) => EdgeError::from(error).log("sign-in"),
                }
            });
            alone(&page(lang, &SignInView::Asked { email: typed }), 200)
        }
        Err(FlowError::Rejected(refused)) => {
            let wrong = match &refused {
                Rejection { status: 429, .. } => words::too_many(lang, minutes(&refused)),
                _ => words::no_address(lang).to_owned(),
            };
            let view = SignInView::Form { email: typed, wrong: Some(wrong) };
            later(alone(&page(lang, &view), refused.status)?, &refused)
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /inbox/in/{token}`: a button, and no change: whatever scans a mail follows its links.
pub(super) async fn look(app: &App, request: &Request, token: &str) -> Result<Response, EdgeError> {
    let lang = lang(request);
    match sign_in::look(app.door(), &app.context(), token).await? {
        Ok(email) => {
            let action = format!("/inbox/in/{token}");
            alone(&page(lang, &SignInView::Enter { email, action }), 200)
        }
        Err(why) => refused(lang, why),
    }
}

/// `POST /inbox/in/{token}`: signs this browser in, and leads to the inbox.
pub(super) async fn enter(app: &App, request: &Request, token: &str) -> Result<Response, EdgeError> {
    own_page(app, request)?;
    let (lang, ip) = (lang(request), auth::ip(request));
    match sign_in::enter(app.door(), &mut app.context(), token, ip.as_deref()).await {
        Ok(Ok(cookie)) => {
            App::forget_sites();
            let mut response = see_other("/inbox")?;
            auth::give_cookie(app, &mut response, Some(&cookie))?;
            Ok(response)
        }
        Ok(Err(why)) => refused(lang, why),
        Err(FlowError::Rejected(too_many)) => {
            let view = SignInView::Refused(words::too_many(lang, minutes(&too_many)));
            later(alone(&page(lang, &view), too_many.status)?, &too_many)
        }
        Err(error) => Err(error.into()),
    }
}

fn refused(lang: Lang, why: sign_in::Refused) -> Result<Response, EdgeError> {
    console_log!("sign-in: a link was refused: {}", why.as_str());
    alone(&page(lang, &SignInView::Refused(why.says(lang))), why.status())
}

/// 403 where another site's page sends a form in somebody's name.
fn own_page(app: &App, request: &Request) -> Result<(), EdgeError> {
    if auth::sent(app, request, |sent, own| sent.is_own(own))? {
        Ok(())
    } else {
        Err(EdgeError::reject(403, "foreign_call", "This form stands on a page of ours: open it there."))
    }
}

fn minutes(refused: &Rejection) -> u32 {
    refused.retry_after_ms.unwrap_or(0).div_ceil(60_000).max(1)
}

fn later(mut response: Response, refused: &Rejection) -> Result<Response, EdgeError> {
    if let Some(ms) = refused.retry_after_ms {
        response.headers_mut().set("retry-after", &ms.div_ceil(1_000).to_string())?;
    }
    Ok(response)
}
