//! The widget's interface: a session, a socket, and plain HTTP where sockets are blocked.

use serde::Deserialize;
use shared::{
    calendar,
    channel::Channel,
    flow::catch_up,
    id::{ConversationId, VisitorId},
    phrases::{self, Lang, consent},
    site::{Endpoint, Site},
    store::sites,
    wire::{ClientFrame, MAX_FRAME_BYTES, Session, SessionRequest, Wording},
};
use worker::{Headers, Method, Request, RequestInit, Response, Stub};

use super::json;
use crate::{
    app::App,
    auth::{self, Visitor},
    error::EdgeError,
    room::{Poll, Posted},
};

/// The origin a request says it comes from.
pub(super) fn origin(request: &Request) -> Result<String, EdgeError> {
    Ok(request.headers().get("origin")?.unwrap_or_default())
}

/// Whether a browser vouches that a page of ours asks. A GET to the page's own origin carries no `Origin`, but this, which
/// no script can set (<https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header>).
fn is_own_get(request: &Request) -> Result<bool, EdgeError> {
    let headers = request.headers();
    let same = headers.get("sec-fetch-site")?.is_some_and(|site| site == "same-origin");
    Ok(same && request.method() == Method::Get && headers.get("origin")?.is_none())
}

/// 403 unless the origin is one of the site's, or the panel's own.
pub(super) fn check_origin(app: &App, request: &Request, site: &Site) -> Result<(), EdgeError> {
    let origin = origin(request)?;
    let own = request.url()?.origin().ascii_serialization();
    let allowed = origin == own || app.config.public_url == origin || site.allowed_origins.contains(&origin);
    if allowed || is_own_get(request)? {
        return Ok(());
    }
    let shown: String = origin.chars().filter(|c| !c.is_control()).take(120).collect();
    let shown = if shown.is_empty() { "an unknown origin".to_owned() } else { shown };
    let text = format!(
        "Throughline: {shown} may not show this widget. Add it to `allowed_origins` in the site's definition."
    );
    Err(EdgeError::reject(403, "origin_not_allowed", text))
}

pub(super) async fn site_of_key(app: &App, key: &str) -> Result<(Site, Endpoint), EdgeError> {
    sites::load_by_address(&*app.db, Channel::Widget, key)
        .await?
        .ok_or_else(|| EdgeError::reject(404, "unknown_widget", "No widget has this key; check `data-site`."))
}

pub(super) fn with_cors(mut response: Response, origin: &str) -> Result<Response, EdgeError> {
    let headers = response.headers_mut();
    headers.set("access-control-allow-origin", origin)?;
    headers.set("vary", "origin")?;
    headers.set("access-control-allow-methods", "GET")?;
    headers.set("access-control-max-age", "600")?;
    Ok(response)
}

/// `OPTIONS /v1/widgets/{key}`.
pub(super) fn preflight(request: &Request) -> Result<Response, EdgeError> {
    with_cors(Response::empty()?.with_status(204), &origin(request)?)
}

/// `GET /v1/widgets/{key}`: whether this page may show the widget; readable by any page, so that the reason is.
pub(super) async fn describe(app: &App, request: &Request, key: &str) -> Result<Response, EdgeError> {
    let told = match site_of_key(app, key).await {
        Ok((site, _)) => check_origin(app, request, &site).map(|()| site),
        Err(error) => Err(error),
    };
    let response = match told {
        Ok(site) => {
            Response::from_json(&serde_json::json!({ "name": site.name, "color": site.brand.color }))?
        }
        Err(error) => error.into_response()?,
    };
    with_cors(response, &origin(request)?)
}

/// `POST /v1/session`: a visitor's token, old or new, and what the panel shows. Writes nothing.
pub(super) async fn session(app: &App, mut request: Request) -> Result<Response, EdgeError> {
    let asked: SessionRequest = json(&mut request, MAX_FRAME_BYTES).await?;
    let (site, endpoint) = site_of_key(app, &asked.key).await?;
    check_origin(app, &request, &site)?;
    let mut ctx = app.context();
    let visitor = auth::visitor_of(app, asked.token.as_deref(), &endpoint.id, &mut ctx)?;
    let session = session_of(app, &site, &visitor, Lang::of(&asked.locale), &asked.time_zone)?;
    let mut response = Response::from_json(&session)?;
    response.headers_mut().set("cache-control", "no-store")?;
    Ok(response)
}

/// A visitor's session, as the panel keeps it.
pub(super) fn session_of(
    app: &App,
    site: &Site,
    visitor: &Visitor,
    lang: Lang,
    time_zone: &str,
) -> Result<Session, EdgeError> {
    let wording = |channel: Channel| -> Option<Wording> {
        site.endpoint_on(channel)?;
        consent::current(lang, channel, &site.name)
    };
    let greeting = site.brand.greeting.get(lang.tag()).or_else(|| site.brand.greeting.values().next());
    Ok(Session {
        token: auth::seal_visitor(app, visitor)?,
        site: site.name.clone(),
        color: site.brand.color.clone(),
        assistant: site.assistant.name.clone(),
        greeting: greeting.cloned().unwrap_or_default(),
        disclosure: phrases::disclosure(lang, &site.assistant.name, &site.name),
        people: calendar::opens_sentence(site, app.context().now, time_zone, lang.tag()),
        sms: wording(Channel::Sms),
        email: wording(Channel::Email),
    })
}

/// The visitor's site, endpoint and conversation; 403 for a page that may not show the widget.
async fn admit(app: &App, request: &Request) -> Result<(Visitor, ConversationId), EdgeError> {
    let visitor = auth::visitor(app, request)?;
    let (site, _) = app.endpoint(&visitor.endpoint).await?;
    check_origin(app, request, &site)?;
    let conversation = catch_up::load_conversation(app.scope(&site), &visitor.id).await?;
    Ok((visitor, conversation.id))
}

/// The visitor who uploads a file, and their site.
pub(super) async fn admit_upload(app: &App, request: &Request) -> Result<(VisitorId, Site), EdgeError> {
    let visitor = auth::visitor(app, request)?;
    let (site, _) = app.endpoint(&visitor.endpoint).await?;
    check_origin(app, request, &site)?;
    Ok((visitor.id, site))
}

/// `GET /v1/socket`: upgrades to the Room of the visitor's conversation.
pub(super) async fn socket(app: &App, request: Request) -> Result<Response, EdgeError> {
    if request.headers().get("upgrade")?.as_deref() != Some("websocket") {
        return Err(EdgeError::reject(426, "upgrade_required", "This address speaks WebSocket."));
    }
    let (visitor, conversation) = admit(app, &request).await?;
    let headers = Headers::new();
    headers.set("upgrade", "websocket")?;
    headers.set("x-visitor", visitor.id.as_str())?;
    headers.set("x-endpoint", visitor.endpoint.as_str())?;
    let mut init = RequestInit::new();
    init.with_headers(headers);
    let inner = Request::new_with_init("https://room/socket", &init)?;
    Ok(app.room(&conversation)?.fetch_with_request(inner).await?)
}

/// `POST /v1/frames`: one frame in, the frames that answer it out.
pub(super) async fn frame(app: &App, mut request: Request) -> Result<Response, EdgeError> {
    let (visitor, conversation) = admit(app, &request).await?;
    let frame: ClientFrame = json(&mut request, MAX_FRAME_BYTES).await?;
    let (locale, time_zone) = match &frame {
        ClientFrame::Hello { locale, time_zone, .. } => (locale.clone(), time_zone.clone()),
        // Over a socket the hello before them told it; here every frame comes by itself.
        _ => (told(&request, "x-locale")?, told(&request, "x-time-zone")?),
    };
    let posted = Posted { visitor: visitor.id, endpoint: visitor.endpoint, locale, time_zone, frame };
    let room = app.room(&conversation)?;
    post(&room, "https://room/frame", &posted).await
}

/// What a panel tells of its visitor with every frame; a tag or a zone is never longer.
fn told(request: &Request, header: &str) -> Result<String, EdgeError> {
    Ok(request.headers().get(header)?.filter(|value| value.len() <= 64).unwrap_or_default())
}

#[derive(Deserialize)]
struct After {
    after: u32,
}

/// `GET /v1/events?after=SEQ`: what is new, as soon as there is something, or nothing after a while.
pub(super) async fn events(app: &App, request: &Request) -> Result<Response, EdgeError> {
    let After { after } = request
        .query()
        .map_err(|_| EdgeError::reject(400, "malformed_query", "Give `after`, the last seq you hold."))?;
    let (visitor, conversation) = admit(app, request).await?;
    let room = app.room(&conversation)?;
    let poll = Poll { visitor: visitor.id, endpoint: visitor.endpoint, conversation, after };
    post(&room, "https://room/poll", &poll).await
}

async fn post(room: &Stub, url: &str, body: &impl serde::Serialize) -> Result<Response, EdgeError> {
    let text = serde_json::to_string(body).map_err(worker::Error::from)?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_body(Some(text.into()));
    let request = Request::new_with_init(url, &init)?;
    Ok(room.fetch_with_request(request).await?)
}
