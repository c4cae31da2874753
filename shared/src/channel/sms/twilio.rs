//! Twilio's Programmable Messaging.
//!
//! Settings: `account_sid`; optional `messaging_service_sid` (then the service picks the sender); optional
//! `auth_token_secret`, the name of the secret that holds the auth token ([`AUTH_TOKEN`] otherwise); optional `api_base`
//! for a stand-in. The endpoint's address is the sending number.
//!
//! Twilio has no idempotency key for sends: an answer that was lost stays unknown. It answers opt-out keywords itself
//! where Advanced Opt-Out is on and says so in `OptOutType`; our acknowledgement is always empty, so that nothing is
//! said twice.
//!
//! Sources: <https://www.twilio.com/docs/messaging/guides/webhook-request>,
//! <https://www.twilio.com/docs/messaging/api/message-resource>,
//! <https://www.twilio.com/docs/messaging/guides/track-outbound-message-status>.

use super::signature;
use crate::{
    channel::provider::{Capabilities, Provider, RenderError, Setup},
    error::{ParseError, Rejection},
    http::{HttpError, Request, Response},
    message::{Inbound, Outcome, Outgoing},
    signature::base64,
    site::Endpoint,
    time::Timestamp,
};

mod answer;
mod webhook;

/// The secret that holds the auth token unless the endpoint names another.
pub const AUTH_TOKEN: &str = "TWILIO_AUTH_TOKEN";

/// Where the API is.
const API_BASE: &str = "https://api.twilio.com";

/// The longest `Body`, in characters; a longer one is error 21617.
const MAX_TEXT_CHARS: usize = 1_600;

/// The codec.
#[derive(Clone, Copy, Debug, Default)]
pub struct Twilio;

impl Provider for Twilio {
    fn capabilities(&self) -> Capabilities {
        Capabilities { idempotent_send: false }
    }

    /// Checks `X-Twilio-Signature` over the public URL; the request's own may be an internal one.
    fn verify(&self, setup: Setup<'_>, request: &Request, _now: Timestamp) -> Result<(), Rejection> {
        let token = auth_token(setup).ok_or_else(|| {
            Rejection::new(403, "not_configured", "The endpoint's Twilio auth token is not set.")
        })?;
        let claimed = request
            .header(signature::HEADER)
            .ok_or_else(|| Rejection::bad_signature("The header `X-Twilio-Signature` is missing."))?;
        let url = format!("{}{}", setup.public_url.trim_end_matches('/'), path_and_query(&request.url));
        if signature::is_valid(&token, &url, &request.body, claimed) {
            Ok(())
        } else {
            Err(Rejection::bad_signature("The header `X-Twilio-Signature` does not match the request."))
        }
    }

    fn parse(&self, setup: Setup<'_>, request: &Request, now: Timestamp) -> Result<Vec<Inbound>, ParseError> {
        webhook::parse(setup, request, now)
    }

    /// An empty `TwiML` document: nothing to say.
    fn acknowledge(&self) -> Response {
        Response::new(200, "text/xml", r#"<?xml version="1.0" encoding="UTF-8"?><Response></Response>"#)
    }

    fn render(&self, setup: Setup<'_>, message: &Outgoing) -> Result<Request, RenderError> {
        let Setup { endpoint, public_url, .. } = setup;
        if message.text.trim().is_empty() {
            return Err(RenderError::Unfit("the text is empty"));
        }
        if message.text.chars().count() > MAX_TEXT_CHARS {
            return Err(RenderError::Unfit("the text is longer than 1,600 characters"));
        }
        if !message.to.starts_with('+') {
            return Err(RenderError::Unfit("the address is not a phone number in E.164"));
        }
        let account = setting(endpoint, "account_sid")
            .filter(|sid| sid.bytes().all(|byte| byte.is_ascii_alphanumeric()))
            .ok_or(RenderError::Missing("account_sid"))?;
        let token = auth_token(setup).ok_or(RenderError::Missing(AUTH_TOKEN))?;
        let (sender, from) = match setting(endpoint, "messaging_service_sid") {
            Some(service) => ("MessagingServiceSid", service),
            None if endpoint.address.is_empty() => return Err(RenderError::Missing("address")),
            None => ("From", endpoint.address.as_str()),
        };
        let callback = format!(
            "{}/hooks/{}?delivery={}",
            public_url.trim_end_matches('/'),
            endpoint.id,
            message.delivery
        );
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("To", &message.to)
            .append_pair(sender, from)
            .append_pair("Body", &message.text)
            .append_pair("StatusCallback", &callback);
        for file in &message.files {
            form.append_pair("MediaUrl", &file.url);
        }
        let body = form.finish();
        let base = setting(endpoint, "api_base").unwrap_or(API_BASE).trim_end_matches('/');
        let url = format!("{base}/2010-04-01/Accounts/{account}/Messages.json");
        let credentials = base64(format!("{account}:{token}").as_bytes());
        Ok(Request::post(url, "application/x-www-form-urlencoded", body.into_bytes())
            .with_header("authorization", format!("Basic {credentials}"))
            .with_header("accept", "application/json"))
    }

    fn outcome(&self, answer: &Result<Response, HttpError>) -> Outcome {
        answer::outcome(answer)
    }
}

/// A setting that is there and not empty.
fn setting<'a>(endpoint: &'a Endpoint, name: &str) -> Option<&'a str> {
    endpoint.settings.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
}

fn auth_token(setup: Setup<'_>) -> Option<String> {
    let name = setting(setup.endpoint, "auth_token_secret").unwrap_or(AUTH_TOKEN);
    setup.secrets.secret(name).filter(|token| !token.is_empty())
}

/// What follows the authority of a URL, or the whole of what is only a path.
fn path_and_query(url: &str) -> &str {
    let after_scheme = url.find("://").map_or(0, |at| at + 3);
    let rest = &url[after_scheme..];
    if after_scheme == 0 { rest } else { rest.find(['/', '?']).map_or("", |at| &rest[at..]) }
}

#[cfg(test)]
mod tests;
