//! Text messages over the sandbox carrier: the default line of every site, played on a page with a phone.
//!
//! A send is a `POST` of `{"from","to","text","delivery"}` to [`URL`] with the delivery as idempotency key; the platform
//! answers that address itself. A webhook is `{"message":{"id","from","to","text"}}` or `{"status":{…}}`, signed as
//! [`crate::channel::sandbox`] says. As with a real carrier, the signature vouches for the sender's number.

use serde::{Deserialize, Serialize};

use crate::{
    channel::{
        provider::{Capabilities, Provider, RenderError, Secrets, Setup},
        sandbox,
    },
    error::{ParseError, Rejection},
    http::{HttpError, Request, Response},
    identity,
    message::{Inbound, InboundBody, InboundMessage, Outcome, Outgoing},
    time::Timestamp,
};

/// Where sends go: not a host, the platform's sandbox takes it.
pub const URL: &str = "sandbox://sms/messages";

/// The longest text, as at Twilio.
const MAX_TEXT_CHARS: usize = 1_600;

/// The codec.
#[derive(Clone, Copy, Debug, Default)]
pub struct SandboxSms;

/// What a webhook carries.
#[derive(Deserialize)]
struct Webhook {
    #[serde(default)]
    message: Option<Message>,
    #[serde(default)]
    status: Option<sandbox::Status>,
}

/// A message from a sandbox phone.
#[derive(Deserialize)]
struct Message {
    id: String,
    from: String,
    text: String,
}

/// A message to a sandbox phone.
#[derive(Serialize)]
struct Send<'a> {
    from: &'a str,
    to: &'a str,
    text: &'a str,
    delivery: &'a str,
}

/// The signature a sandbox page puts on a body; `None` where the secret is not set.
pub fn sign(secrets: &dyn Secrets, body: &[u8]) -> Option<String> {
    let key = secrets.secret(sandbox::SIGNING_KEY).filter(|key| !key.is_empty())?;
    Some(sandbox::sign(&key, body))
}

impl Provider for SandboxSms {
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
            return Err(RenderError::Unfit("the text is longer than 1,600 characters"));
        }
        let delivery = message.delivery.as_str();
        let send = Send { from: &setup.endpoint.address, to: &message.to, text: &message.text, delivery };
        let body = serde_json::to_vec(&send)
            .map_err(|_| RenderError::Unfit("the text cannot be written as JSON"))?;
        Ok(Request::post(URL, "application/json", body).with_header("idempotency-key", delivery))
    }

    fn outcome(&self, answer: &Result<Response, HttpError>) -> Outcome {
        sandbox::outcome(answer)
    }
}

fn inbound(setup: Setup<'_>, message: Message) -> Result<InboundMessage, ParseError> {
    let from = identity::parse_inbound_phone(&message.from, &setup.site.region)
        .map_err(|_| ParseError::new("malformed_json", "`message.from` is not a phone number"))?;
    Ok(InboundMessage {
        automatic: from.text.starts_with("short:"),
        files: Vec::new(),
        from,
        from_name: None,
        text: message.text,
        subject: None,
        authenticated: true,
        thread: Vec::new(),
        message_id: Some(message.id),
        keyword: None,
    })
}

#[cfg(test)]
mod tests;
