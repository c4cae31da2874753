//! Messenger and Instagram over the sandbox: the lines of every new site, until a page is connected.
//!
//! A send is a `POST` of `{"from","to","text","delivery"}` to `sandbox://messenger/messages` or
//! `sandbox://instagram/messages` with the delivery as idempotency key. A webhook is
//! `{"message":{"id","from","to","text"}}` or `{"status":{…}}`, signed as [`crate::channel::sandbox`] says; `from` is the
//! person's id as the page sees it.

use serde::Deserialize;
use serde_json::json;

use crate::{
    channel::{
        Channel,
        provider::{Capabilities, Provider, RenderError, Setup},
        sandbox,
    },
    contact::AddressKind,
    error::{ParseError, Rejection},
    http::{HttpError, Request, Response},
    identity,
    message::{Inbound, InboundBody, InboundMessage, Outcome, Outgoing},
    time::Timestamp,
};

/// The longest text, in characters: what both of Meta's channels carry.
const MAX_TEXT_CHARS: usize = 1_000;

/// The codec.
#[derive(Clone, Copy, Debug, Default)]
pub struct SandboxMeta;

#[derive(Deserialize)]
struct Webhook {
    #[serde(default)]
    message: Option<Message>,
    #[serde(default)]
    status: Option<sandbox::Status>,
}

#[derive(Deserialize)]
struct Message {
    id: String,
    from: String,
    text: String,
}

impl Provider for SandboxMeta {
    fn capabilities(&self) -> Capabilities {
        Capabilities { idempotent_send: true }
    }

    fn verify(&self, setup: Setup<'_>, request: &Request, _now: Timestamp) -> Result<(), Rejection> {
        sandbox::verify(setup.secrets, request)
    }

    fn parse(&self, setup: Setup<'_>, request: &Request, now: Timestamp) -> Result<Vec<Inbound>, ParseError> {
        let Webhook { message, status } = serde_json::from_slice(&request.body).map_err(|error| {
            ParseError::new("malformed_json", format!("the body is not a sandbox webhook: {error}"))
        })?;
        let (external_id, body) = match (message, status) {
            (Some(message), None) => (message.id.clone(), InboundBody::Message(inbound(setup, message)?)),
            (None, Some(status)) => (status.external_id(), InboundBody::Status(status.into_report()?)),
            _ => return Err(ParseError::new("missing_field", "one of `message` and `status` is needed")),
        };
        Ok(vec![Inbound { endpoint: setup.endpoint.id.clone(), external_id, at: now, body }])
    }

    fn acknowledge(&self) -> Response {
        sandbox::acknowledge()
    }

    fn render(&self, setup: Setup<'_>, message: &Outgoing) -> Result<Request, RenderError> {
        if message.text.trim().is_empty() {
            return Err(RenderError::Unfit("the text is empty"));
        }
        if message.text.chars().count() > MAX_TEXT_CHARS {
            return Err(RenderError::Unfit("the text is longer than 1,000 characters"));
        }
        let Setup { endpoint, .. } = setup;
        let person = identity::person_of_page(&message.to, &endpoint.address)
            .ok_or(RenderError::Unfit("the address is not one of this page's"))?;
        let delivery = message.delivery.as_str();
        let body =
            json!({ "from": endpoint.address, "to": person, "text": message.text, "delivery": delivery });
        let url = format!("sandbox://{}/messages", endpoint.channel.as_str());
        Ok(Request::post(url, "application/json", body.to_string().into_bytes())
            .with_header("idempotency-key", delivery))
    }

    fn outcome(&self, answer: &Result<Response, HttpError>) -> Outcome {
        sandbox::outcome(answer)
    }
}

fn inbound(setup: Setup<'_>, message: Message) -> Result<InboundMessage, ParseError> {
    let kind = match setup.endpoint.channel {
        Channel::Instagram => AddressKind::Instagram,
        _ => AddressKind::Messenger,
    };
    let from = identity::parse_person(kind, &setup.endpoint.address, &message.from)
        .ok_or_else(|| ParseError::new("malformed_json", "`message.from` is no person's id"))?;
    Ok(InboundMessage {
        from,
        from_name: None,
        text: message.text,
        subject: None,
        authenticated: true,
        thread: Vec::new(),
        message_id: Some(message.id),
        keyword: None,
        automatic: false,
        files: Vec::new(),
    })
}
