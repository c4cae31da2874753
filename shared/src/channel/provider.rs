//! What a provider's codec must do: five pure conversions between its wire and our words.
//!
//! A codec never does I/O and never reads a clock. Bytes are verified before they are parsed, and parsed whole or not at
//! all. A new provider is one file with this trait, one variant and one match arm in the registry, and its fixtures.

use crate::{
    api::lines::Probed,
    error::{ParseError, Rejection},
    http::{HttpError, Request, Response},
    message::{Inbound, Outcome, Outgoing},
    site::{Endpoint, Site},
    time::Timestamp,
};

/// Secrets by name, as the platform holds them. A missing one stops the endpoint; it never weakens a check.
pub trait Secrets {
    /// The secret's value; `None` where it is not set.
    fn secret(&self, name: &str) -> Option<String>;
}

/// What a codec is given besides the bytes.
#[derive(Clone, Copy)]
pub struct Setup<'a> {
    /// The site the endpoint belongs to.
    pub site: &'a Site,
    /// The endpoint.
    pub endpoint: &'a Endpoint,
    /// The platform's secrets.
    pub secrets: &'a dyn Secrets,
    /// The public base URL of this deployment, without a trailing slash.
    pub public_url: &'a str,
}

/// What a provider can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// The same idempotency key is never sent twice, so an unknown outcome may be sent again.
    pub idempotent_send: bool,
}

/// A provider's codec.
pub trait Provider {
    /// What it can do.
    fn capabilities(&self) -> Capabilities;

    /// Checks the signature over the raw request. 403 `bad_signature` where it is missing or wrong.
    fn verify(&self, setup: Setup<'_>, request: &Request, now: Timestamp) -> Result<(), Rejection>;

    /// Reads a verified request; an event of no interest gives an empty list.
    fn parse(&self, setup: Setup<'_>, request: &Request, now: Timestamp) -> Result<Vec<Inbound>, ParseError>;

    /// The answer that acknowledges a webhook.
    fn acknowledge(&self) -> Response;

    /// The answer to a GET by which a provider makes sure that the endpoint is ours, with the request's query; `None` where
    /// it does no such thing, or asks for something else.
    fn challenge(&self, _setup: Setup<'_>, _query: &str) -> Option<Result<Response, Rejection>> {
        None
    }

    /// The request that sends a message. A missing secret or setting is an error that names it.
    fn render(&self, setup: Setup<'_>, message: &Outgoing) -> Result<Request, RenderError>;

    /// The names of the secrets an endpoint needs.
    fn secrets(&self, _endpoint: &Endpoint) -> Vec<String> {
        Vec::new()
    }

    /// A request that costs nothing, changes nothing, and is answered only to whoever has the endpoint's secrets; `None` where the
    /// provider has no such thing.
    fn probe(&self, _setup: Setup<'_>) -> Option<Result<Request, RenderError>> {
        None
    }

    /// What the answer to [`Provider::probe`] says of the endpoint.
    fn probed(&self, _setup: Setup<'_>, response: &Response) -> Probed {
        let works = (200..300).contains(&response.status);
        Probed { works, text: format!("The provider answered {}.", response.status) }
    }

    /// What the provider's answer means.
    fn outcome(&self, answer: &Result<Response, HttpError>) -> Outcome;
}

/// A message that cannot be put on this provider's wire.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// A secret or setting is missing, by name.
    #[error("the endpoint's `{0}` is not set")]
    Missing(&'static str),
    /// The text is empty or too long for the channel.
    #[error("the message does not fit the channel: {0}")]
    Unfit(&'static str),
}
