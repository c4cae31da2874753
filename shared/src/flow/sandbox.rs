//! The sandbox: a carrier and a mail service that live in the same database, so that everything can be tried with no
//! account anywhere.
//!
//! It stands where a real provider stands: codecs render requests to it, it keeps what it was sent, and what the person
//! at the sandbox phone or mailbox answers comes back as a signed webhook. It delivers each idempotency key once.

use serde_json::{Value, json};

use super::{FlowError, Scope};
use crate::{
    channel::{self, Channel},
    contact::Address,
    ctx::Ctx,
    error::Rejection,
    http::{Request, Response},
    id::{EventId, SiteId},
    identity,
    site::Endpoint,
    store::{Db, DbError, sandbox, sandbox::SandboxMessage},
};

/// Requests to these URLs are for the sandbox.
pub const SCHEME: &str = "sandbox://";

/// Takes what a codec sends: `sandbox://sms/messages`, `sandbox://email/messages`, and the same of Meta's two channels. Answers like a provider: 201 with an
/// id, 400 for what it cannot read.
pub async fn receive<D: Db>(scope: Scope<'_, D>, ctx: &Ctx, request: &Request) -> Result<Response, DbError> {
    let id = request.header("idempotency-key").unwrap_or("").to_owned();
    let site = scope.site.id.clone();
    let message = match request.url.strip_prefix(SCHEME) {
        Some("sms/messages") => short(Channel::Sms, site, id, ctx, &request.body),
        Some("messenger/messages") => short(Channel::Messenger, site, id, ctx, &request.body),
        Some("instagram/messages") => short(Channel::Instagram, site, id, ctx, &request.body),
        Some("email/messages") => email(scope, id, ctx, request),
        _ => None,
    };
    let Some(message) = message else {
        return Ok(Response::new(400, "application/json", r#"{"error":"malformed"}"#));
    };
    scope.db.query(&sandbox::add(&message)).await?;
    let body = json!({ "id": message.message_id.as_ref().unwrap_or(&message.id) }).to_string();
    Ok(Response::new(201, "application/json", body))
}

fn short(channel: Channel, site_id: SiteId, id: String, ctx: &Ctx, body: &[u8]) -> Option<SandboxMessage> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let field = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    Some(SandboxMessage {
        id,
        site_id,
        channel: channel.as_str().to_owned(),
        sender: field("from")?,
        recipient: field("to")?,
        subject: None,
        text: field("text")?,
        raw: None,
        message_id: None,
        at_ms: ctx.now,
    })
}

fn email<D: Db>(scope: Scope<'_, D>, id: String, ctx: &Ctx, request: &Request) -> Option<SandboxMessage> {
    let read = channel::email::read_mail(&request.body)?;
    Some(SandboxMessage {
        id,
        site_id: scope.site.id.clone(),
        channel: Channel::Email.as_str().to_owned(),
        sender: request.header("x-envelope-from")?.to_owned(),
        recipient: request.header("x-envelope-to")?.to_owned(),
        subject: read.subject,
        text: read.text,
        raw: String::from_utf8(request.body.clone()).ok(),
        message_id: read.message_id,
        at_ms: ctx.now,
    })
}

/// What a person does at the sandbox.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
pub struct Act {
    /// Their number, mailbox, or id on one of Meta's channels.
    pub from: String,
    /// The site's number, mailbox or page.
    pub to: String,
    /// An email's subject.
    #[serde(default)]
    pub subject: Option<String>,
    /// The words.
    pub text: String,
    /// The sandbox message an email answers.
    #[serde(default)]
    pub in_reply_to: Option<String>,
}

/// The signed webhook of a text, or a message on one of Meta's channels, sent at the sandbox phone, and what the sandbox
/// keeps of it.
pub fn short_message<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    channel: Channel,
    act: &Act,
) -> Result<(Endpoint, Request, SandboxMessage), FlowError> {
    let endpoint = endpoint(scope, channel)?;
    let id = EventId::mint(ctx).to_string();
    let body =
        json!({ "message": { "id": id, "from": act.from, "to": act.to, "text": act.text } }).to_string();
    let request = signed(scope, &endpoint, "application/json", body.into_bytes())?;
    let kept = kept(scope, ctx, act, id, channel);
    Ok((endpoint, request, kept))
}

/// The signed webhook of an email written at the sandbox mailbox.
pub async fn mail<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    act: &Act,
) -> Result<(Endpoint, Request, SandboxMessage), FlowError> {
    let endpoint = endpoint(scope, Channel::Email)?;
    let answered = match act.in_reply_to.as_deref().filter(|id| !id.is_empty()) {
        None => None,
        Some(id) => sandbox::decode(scope.db.query(&sandbox::one(id)).await?)?.into_iter().next(),
    };
    let id = EventId::mint(ctx).to_string();
    let written = channel::email::Written {
        from: &act.from,
        to: &act.to,
        subject: act.subject.as_deref(),
        text: &act.text,
        message_id: &id,
        at: ctx.now,
        answered: answered.as_ref().and_then(|message| message.raw.as_deref()),
    };
    let mail = channel::email::write_mail(&written);
    let mut request = signed(scope, &endpoint, "message/rfc822", mail.raw.into_bytes())?;
    request.headers.push(("x-envelope-from".into(), act.from.clone()));
    request.headers.push(("x-envelope-to".into(), mail.to));
    let mut kept = kept(scope, ctx, act, id, Channel::Email);
    kept.subject = Some(mail.subject);
    kept.message_id = Some(mail.message_id);
    Ok((endpoint, request, kept))
}

/// The person's own address, as the product knows it: for finding what they see.
pub fn address(site_region: &str, text: &str) -> Option<Address> {
    identity::parse_phone(text, site_region).or_else(|_| identity::parse_email(text)).ok()
}

fn endpoint<D: Db>(scope: Scope<'_, D>, channel: Channel) -> Result<Endpoint, FlowError> {
    let found = scope.site.endpoint_on(channel).filter(|endpoint| endpoint.provider == "sandbox");
    found.cloned().ok_or_else(|| {
        let text = format!("The site has no sandbox endpoint for {}.", channel.as_str());
        Rejection::new(404, "no_endpoint", text).into()
    })
}

fn signed<D: Db>(
    scope: Scope<'_, D>,
    endpoint: &Endpoint,
    content_type: &str,
    body: Vec<u8>,
) -> Result<Request, FlowError> {
    let missing = || Rejection::new(500, "missing_secret", "The secret SIGNING_KEY is not set.");
    let key = scope.secrets.secret("SIGNING_KEY").ok_or_else(missing)?;
    let signature = channel::sandbox::sign(&key, &body);
    let url = format!("{}/hooks/{}", scope.public_url, endpoint.id);
    Ok(Request::post(url, content_type, body).with_header("x-throughline-signature", signature))
}

fn kept<D: Db>(scope: Scope<'_, D>, ctx: &Ctx, act: &Act, id: String, channel: Channel) -> SandboxMessage {
    SandboxMessage {
        id,
        site_id: scope.site.id.clone(),
        channel: channel.as_str().to_owned(),
        sender: act.from.clone(),
        recipient: act.to.clone(),
        subject: act.subject.clone(),
        text: act.text.clone(),
        raw: None,
        message_id: None,
        at_ms: ctx.now,
    }
}
