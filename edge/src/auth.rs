//! Who is asking: visitors by a sealed token, the owner's tools by a bearer token, our own invocations by a signature.

use shared::{
    api::access::{self, Asker},
    channel::provider::Secrets,
    ctx::Ctx,
    id::{EndpointId, SiteId, VisitorId},
    signature,
    wire::SUBPROTOCOL,
};
use worker::Request;

use crate::{app::App, error::EdgeError};

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

/// Who asks for something of a site. 401 where it is nobody of ours, 404 where they know of no such site.
pub(crate) fn asker(app: &App, request: &Request, _site: Option<&SiteId>) -> Result<Asker, EdgeError> {
    if is_deployment(app, &bearer(request)?)? {
        return Ok(Asker::Deployment);
    }
    Err(access::unauthorized().into())
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
