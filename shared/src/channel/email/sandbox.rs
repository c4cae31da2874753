//! The sandbox mailbox: the built-in carrier of mail for development, demos and tests.
//!
//! It posts raw mail (`message/rfc822`) with the envelope's headers of [`super::carrier`], or a report as
//! `{"status":{"id":"…","state":"delivered"|"failed","code":"…"?}}` (`application/json`); both carry the signature of
//! [`sandbox`]. It vouches for the authors of the mail it hands in. A send is a `POST` of raw mail to [`SEND_URL`] with
//! the delivery as its idempotency key; the sandbox takes the same key once.

use serde::Deserialize;

use super::{carrier, parse::Authenticity};
use crate::{
    channel::{
        provider::{Capabilities, Provider, RenderError, Setup},
        sandbox::{self, Status},
    },
    error::{ParseError, Rejection},
    http::{HttpError, Request, Response},
    message::{Inbound, InboundBody, Outcome, Outgoing},
    time::Timestamp,
};

/// Where a send goes.
pub const SEND_URL: &str = "sandbox://email/messages";

/// The codec. Its one secret is [`sandbox::SIGNING_KEY`].
#[derive(Clone, Copy, Debug, Default)]
pub struct SandboxEmail;

impl Provider for SandboxEmail {
    fn capabilities(&self) -> Capabilities {
        Capabilities { idempotent_send: true }
    }

    fn verify(&self, setup: Setup<'_>, request: &Request, _: Timestamp) -> Result<(), Rejection> {
        sandbox::verify(setup.secrets, request)
    }

    fn parse(&self, setup: Setup<'_>, request: &Request, now: Timestamp) -> Result<Vec<Inbound>, ParseError> {
        if !request.header("content-type").is_some_and(|kind| kind.starts_with("application/json")) {
            return carrier::parse_request(setup, request, now, Authenticity::Vouched);
        }
        let Posted { status } = serde_json::from_slice(&request.body)
            .map_err(|error| ParseError::new("malformed_json", error.to_string()))?;
        let external_id = status.external_id();
        let body = InboundBody::Status(status.into_report()?);
        Ok(vec![Inbound { endpoint: setup.endpoint.id.clone(), external_id, at: now, body }])
    }

    fn acknowledge(&self) -> Response {
        sandbox::acknowledge()
    }

    fn render(&self, setup: Setup<'_>, message: &Outgoing) -> Result<Request, RenderError> {
        let request = carrier::render_request(setup, message, SEND_URL)?;
        Ok(request.with_header("idempotency-key", message.delivery.as_str()))
    }

    fn outcome(&self, answer: &Result<Response, HttpError>) -> Outcome {
        sandbox::outcome(answer)
    }
}

#[derive(Deserialize)]
struct Posted {
    status: Status,
}
