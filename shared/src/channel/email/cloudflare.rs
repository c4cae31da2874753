//! Cloudflare: Email Routing brings mail in, the `send_email` binding takes it out.
//!
//! There is no HTTP on either side. The edge turns a Worker's `email` event into a [`Request`] of method [`METHOD`] with
//! the envelope's headers (see [`super::carrier`]) and the raw mail as its body, in process; HTTP servers hand no such
//! method on to routes, so [`Provider::verify`] has only the method to check: whoever can call it is the edge. To send,
//! the edge takes the request to [`BINDING_URL`], builds an `EmailMessage` of its envelope and body, and answers 200 with
//! the returned message id, or an error status with the thrown `E_…` code as the body.
//!
//! A raw mail must carry a `Message-ID` and a `From` equal to the envelope's sender; the Email Service may still set its
//! own `Message-ID` and `Date`, which is why threads are found by the signed reply address first. Sources:
//! <https://developers.cloudflare.com/email-routing/email-workers/runtime-api/> and
//! <https://developers.cloudflare.com/email-service/>.

use super::{auth_results, carrier, parse::Authenticity};
use crate::{
    channel::{
        provider::{Capabilities, Provider, RenderError, Setup},
        sandbox::SIGNING_KEY,
    },
    error::{ParseError, Rejection},
    http::{HttpError, Request, Response},
    message::{Inbound, Outcome, Outgoing, Suppress},
    site::Endpoint,
    time::{HOUR_MS, Timestamp},
};

/// The method of a request made from an `email` event.
pub const METHOD: &str = "EMAIL";
/// Where a send goes: the edge's binding, not a server.
pub const BINDING_URL: &str = "binding://send_email";
/// The endpoint's setting that names the receiving service in `Authentication-Results`; Cloudflare's where unset.
pub const AUTHSERV_ID: &str = "authserv_id";

/// The codec. Its one secret is [`SIGNING_KEY`], for reply addresses.
#[derive(Clone, Copy, Debug, Default)]
pub struct CloudflareEmail;

impl Provider for CloudflareEmail {
    fn capabilities(&self) -> Capabilities {
        Capabilities { idempotent_send: false }
    }

    fn verify(&self, _: Setup<'_>, request: &Request, _: Timestamp) -> Result<(), Rejection> {
        if request.method == METHOD {
            Ok(())
        } else {
            Err(Rejection::bad_signature("This endpoint takes mail from Email Routing only."))
        }
    }

    fn parse(&self, setup: Setup<'_>, request: &Request, now: Timestamp) -> Result<Vec<Inbound>, ParseError> {
        let service =
            setup.endpoint.settings.get(AUTHSERV_ID).map_or(auth_results::CLOUDFLARE, String::as_str);
        carrier::parse_request(setup, request, now, Authenticity::Results(service))
    }

    fn acknowledge(&self) -> Response {
        Response::new(200, "text/plain", "")
    }

    fn render(&self, setup: Setup<'_>, message: &Outgoing) -> Result<Request, RenderError> {
        carrier::render_request(setup, message, BINDING_URL)
    }

    fn secrets(&self, _: &Endpoint) -> Vec<String> {
        vec![SIGNING_KEY.to_owned()]
    }

    /// A code decides, whatever the status beside it; an error without a code is [`Outcome::Unknown`] from 500 on,
    /// because the binding may have taken the mail before something broke.
    fn outcome(&self, answer: &Result<Response, HttpError>) -> Outcome {
        let response = match answer {
            Ok(response) => response,
            Err(HttpError::Unreachable(_)) => return retry("unreachable", None),
            Err(HttpError::Lost) => return Outcome::Unknown,
        };
        let body = String::from_utf8_lossy(&response.body);
        if (200..300).contains(&response.status) {
            return Outcome::Accepted { provider_id: body.trim().trim_matches(['<', '>']).to_owned() };
        }
        match code(&body) {
            Some(code) => outcome_of(code),
            None if response.status == 429 => retry("429", None),
            None if response.status >= 500 => Outcome::Unknown,
            None => Outcome::Failed { code: response.status.to_string(), suppress: None },
        }
    }
}

/// The `E_…` word at the start of a body or behind other words.
fn code(body: &str) -> Option<&str> {
    body.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').find(|word| word.starts_with("E_"))
}

/// What a code means. Nothing was sent with any of them; a code that is not known will not change by itself.
fn outcome_of(code: &str) -> Outcome {
    match code {
        "E_RATE_LIMIT_EXCEEDED" | "E_INTERNAL_SERVER_ERROR" => retry(code, None),
        "E_DAILY_LIMIT_EXCEEDED" => retry(code, Some(HOUR_MS)),
        "E_RECIPIENT_SUPPRESSED" => failed(code, Some(Suppress::Carrier)),
        // E_VALIDATION_ERROR, E_FIELD_MISSING, E_TOO_MANY_RECIPIENTS, E_SENDER_NOT_VERIFIED, E_RECIPIENT_NOT_ALLOWED,
        // E_SENDER_DOMAIN_NOT_AVAILABLE, E_CONTENT_TOO_LARGE, E_DELIVERY_FAILED, E_HEADER_*
        _ => failed(code, None),
    }
}

fn retry(code: &str, after_ms: Option<i64>) -> Outcome {
    Outcome::Retry { after_ms, code: code.to_owned() }
}

fn failed(code: &str, suppress: Option<Suppress>) -> Outcome {
    Outcome::Failed { code: code.to_owned(), suppress }
}
