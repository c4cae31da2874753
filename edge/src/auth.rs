//! Who is asking: visitors by a sealed token, the team by the inbox's cookie, programs by a bearer token, our own invocations by a
//! signature.

use shared::{
    api::access::{self, Asker, Sent},
    channel::provider::Secrets,
    consent::Presser,
    ctx::Ctx,
    flow::door::{self, SignedIn},
    id::{EndpointId, SiteId, VisitorId},
    signature,
    wire::SUBPROTOCOL,
};
use worker::{Method, Request, Response};

use crate::{access as vouching, app::App, error::EdgeError};

const VISITOR: &str = "visitor";

/// Who a token stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Visitor {
    pub(crate) id: VisitorId,
    pub(crate) endpoint: EndpointId,
}

fn key(app: &App) -> Result<String, EdgeError> {
    app.secrets.secret("SIGNING_KEY").ok_or_else(|| EdgeError::missing("SIGNING_KEY"))
}

/// A visitor's token.
pub(crate) fn seal_visitor(app: &App, visitor: &Visitor) -> Result<String, EdgeError> {
    let payload = format!("{}\n{}", visitor.id, visitor.endpoint);
    Ok(signature::seal(&key(app)?, VISITOR, payload.as_bytes()))
}

/// The visitor of a token; `None` where it is not one of ours.
pub(crate) fn open_visitor(app: &App, token: &str) -> Result<Option<Visitor>, EdgeError> {
    let Some(payload) = signature::open(&key(app)?, VISITOR, token) else { return Ok(None) };
    let text = String::from_utf8(payload).unwrap_or_default();
    Ok(text.split_once('\n').and_then(|(id, endpoint)| {
        Some(Visitor { id: VisitorId::parse(id).ok()?, endpoint: EndpointId::parse(endpoint).ok()? })
    }))
}

/// The visitor of a token for one line, else a new one.
pub(crate) fn visitor_of(
    app: &App,
    token: Option<&str>,
    endpoint: &EndpointId,
    ctx: &mut Ctx,
) -> Result<Visitor, EdgeError> {
    let earlier = match token {
        Some(token) => open_visitor(app, token)?.filter(|visitor| visitor.endpoint == *endpoint),
        None => None,
    };
    Ok(earlier.unwrap_or_else(|| Visitor { id: VisitorId::mint(ctx), endpoint: endpoint.clone() }))
}

/// The visitor of a request: the second WebSocket subprotocol, or a bearer token. 401 where it is missing or forged.
pub(crate) fn visitor(app: &App, request: &Request) -> Result<Visitor, EdgeError> {
    let protocols = request.headers().get("sec-websocket-protocol")?.unwrap_or_default();
    let mut protocols = protocols.split(',').map(str::trim);
    let token = if protocols.next() == Some(SUBPROTOCOL) {
        protocols.next().unwrap_or("").to_owned()
    } else {
        bearer(request)?
    };
    let unauthorized = || {
        EdgeError::reject(
            401,
            "unauthorized",
            "The visitor's token is missing or not valid; start a session first.",
        )
    };
    open_visitor(app, &token)?.ok_or_else(unauthorized)
}

/// Checks that the deployment's tools are asking. 401 otherwise; without the secret nobody is.
pub(crate) fn admin(app: &App, request: &Request) -> Result<(), EdgeError> {
    if is_deployment(app, &bearer(request)?)? {
        Ok(())
    } else {
        Err(EdgeError::reject(
            401,
            "unauthorized",
            "Send `authorization: Bearer` with the ADMIN_TOKEN secret.",
        ))
    }
}

fn is_deployment(app: &App, token: &str) -> Result<bool, EdgeError> {
    let expected = app.secrets.secret("ADMIN_TOKEN").ok_or_else(|| EdgeError::missing("ADMIN_TOKEN"))?;
    Ok(signature::same(token.as_bytes(), expected.as_bytes()))
}

/// Somebody who calls the HTTP interface.
pub(crate) struct Caller {
    /// Who they are on the site that was asked about; none where they are signed in and not of its team.
    pub(crate) asker: Option<Asker>,
    /// The mailbox of somebody who is signed in.
    pub(crate) email: Option<String>,
    /// The cookie of their browser.
    pub(crate) cookie: Option<String>,
    /// The cookie is to be given anew.
    pub(crate) renewed: bool,
}

/// Who calls, and who that is on a site: by a bearer token, else by the inbox's cookie, else by Cloudflare Access. 401 where it is nobody of ours; 403 where a
/// browser would change something from another page than the inbox.
pub(crate) async fn caller(app: &App, request: &Request, site: Option<&SiteId>) -> Result<Caller, EdgeError> {
    let (token, ctx, door) = (bearer(request)?, app.context(), app.door());
    if !token.is_empty() {
        let asker = if is_deployment(app, &token)? {
            Some(Asker::Deployment)
        } else {
            door::program(door, &ctx, &token).await?
        };
        let asker = Some(asker.ok_or_else(access::unauthorized)?);
        return Ok(Caller { asker, email: None, cookie: None, renewed: false });
    }
    let cookie = cookie(app, request)?;
    let mut found = match &cookie {
        Some(cookie) => door::browser(door, &ctx, cookie, site).await?,
        None => None,
    };
    if found.is_none()
        && let Some(email) = vouching::vouched(app, request).await?
    {
        found = Some(door::vouched(door, &email, site).await?);
    }
    let SignedIn { email, agent, renewed } = found.ok_or_else(access::unauthorized)?;
    if request.method() != Method::Get {
        sent(app, request, |sent, own| sent.check(own))??;
    } else if request.headers().get("upgrade")?.is_some() {
        // A page can open a socket anywhere, with the cookie and without asking first.
        sent(app, request, |sent, own| sent.check_socket(own))??;
    }
    Ok(Caller { asker: agent, email: Some(email), cookie, renewed })
}

/// Judges what a browser says about where its request comes from, by the origins that are ours.
pub(crate) fn sent<T>(
    app: &App,
    request: &Request,
    judge: impl Fn(Sent<'_>, &[&str]) -> T,
) -> Result<T, EdgeError> {
    let header = |name: &str| request.headers().get(name);
    let (marker, origin, fetch_site) =
        (header("x-throughline")?, header("origin")?, header("sec-fetch-site")?);
    let sent =
        Sent { marker: marker.as_deref(), origin: origin.as_deref(), fetch_site: fetch_site.as_deref() };
    let here = request.url()?.origin().ascii_serialization();
    Ok(judge(sent, &[here.as_str(), app.config.public_url.as_str()]))
}

/// The network address a request comes from, where the platform tells it.
pub(crate) fn ip(request: &Request) -> Option<String> {
    request.headers().get("cf-connecting-ip").ok().flatten()
}

/// Who sends a request, as far as it tells: kept with what they agree to.
pub(crate) fn presser(request: &Request) -> Presser {
    Presser::of(ip(request), request.headers().get("user-agent").ok().flatten())
}

/// The cookie's name: bound to this very host where there is TLS.
fn cookie_name(app: &App) -> &'static str {
    if app.config.public_url.starts_with("https:") { "__Host-tl" } else { "tl" }
}

fn cookie(app: &App, request: &Request) -> Result<Option<String>, EdgeError> {
    let all = request.headers().get("cookie")?.unwrap_or_default();
    let pairs = all.split(';').filter_map(|pair| pair.trim().split_once('='));
    let own = pairs.into_iter().find(|(name, value)| *name == cookie_name(app) && !value.is_empty());
    Ok(own.map(|(_, value)| value.to_owned()))
}

/// Gives a browser its cookie; takes it away where there is none.
pub(crate) fn give_cookie(app: &App, response: &mut Response, cookie: Option<&str>) -> Result<(), EdgeError> {
    let secure = if app.config.public_url.starts_with("https:") { "; Secure" } else { "" };
    let age = if cookie.is_some() { door::SIGNED_IN_MS / 1_000 } else { 0 };
    let (name, value) = (cookie_name(app), cookie.unwrap_or_default());
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}");
    response.headers_mut().append("set-cookie", &text)?;
    Ok(())
}

/// Signs the body of a request to ourselves.
pub(crate) fn sign_internal(app: &App, body: &str) -> Result<String, EdgeError> {
    let mac = signature::hmac_sha256(key(app)?.as_bytes(), &[b"internal\n", body.as_bytes()]);
    Ok(signature::hex(&mac))
}

/// Checks that a request comes from ourselves; 404 otherwise, as if the path did not exist.
pub(crate) fn internal(app: &App, request: &Request, body: &str) -> Result<(), EdgeError> {
    let given = request.headers().get("x-throughline-internal")?.unwrap_or_default();
    if signature::same(given.as_bytes(), sign_internal(app, body)?.as_bytes()) {
        Ok(())
    } else {
        Err(EdgeError::not_found())
    }
}

fn bearer(request: &Request) -> Result<String, EdgeError> {
    let value = request.headers().get("authorization")?.unwrap_or_default();
    Ok(value.strip_prefix("Bearer ").unwrap_or("").to_owned())
}
