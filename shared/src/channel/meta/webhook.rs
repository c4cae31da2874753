//! Meta's webhooks: messages, button presses, and reports of what was delivered or seen.
//!
//! An echo of what a page said, a reaction, a referral and an unsent message are passed over.

use serde::Deserialize;

use crate::{
    channel::{Channel, provider::Setup},
    contact::{Address, AddressKind},
    error::ParseError,
    identity,
    message::{DeliveryReport, DeliveryState, Inbound, InboundBody, InboundMessage},
    time::Timestamp,
};

/// The most events of one webhook: as many as Meta ever puts together.
const MAX_EVENTS: usize = 1_000;

#[derive(Deserialize)]
struct Webhook {
    object: String,
    #[serde(default)]
    entry: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    id: String,
    /// Events are read one by one, so that one of an unknown shape does not spoil the others.
    #[serde(default)]
    messaging: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Event {
    sender: Party,
    /// Milliseconds since 1970, or a text in tests of Meta's own.
    #[serde(default)]
    timestamp: serde_json::Value,
    #[serde(default)]
    message: Option<Message>,
    #[serde(default)]
    postback: Option<Postback>,
    #[serde(default)]
    delivery: Option<Delivered>,
    #[serde(default)]
    read: Option<Seen>,
}

#[derive(Deserialize)]
struct Party {
    id: String,
}

#[derive(Deserialize)]
struct Message {
    mid: String,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    attachments: Vec<Attachment>,
    #[serde(default)]
    is_echo: bool,
    #[serde(default)]
    is_deleted: bool,
    #[serde(default)]
    is_unsupported: bool,
}

#[derive(Deserialize)]
struct Attachment {
    #[serde(rename = "type", default)]
    kind: String,
}

#[derive(Deserialize)]
struct Postback {
    #[serde(default)]
    mid: Option<String>,
    #[serde(default)]
    title: Option<String>,
}

#[derive(Deserialize)]
struct Delivered {
    #[serde(default)]
    mids: Vec<String>,
}

#[derive(Deserialize)]
struct Seen {
    #[serde(default)]
    mid: Option<String>,
}

/// Reads a verified webhook: the events of the endpoint's own page or account.
pub(super) fn parse(setup: Setup<'_>, body: &[u8], now: Timestamp) -> Result<Vec<Inbound>, ParseError> {
    let webhook: Webhook = serde_json::from_slice(body).map_err(|error| {
        ParseError::new("malformed_json", format!("the body is not Meta's webhook: {error}"))
    })?;
    let (object, kind) = match setup.endpoint.channel {
        Channel::Instagram => ("instagram", AddressKind::Instagram),
        _ => ("page", AddressKind::Messenger),
    };
    if webhook.object != object {
        return Ok(Vec::new());
    }
    let own = webhook.entry.into_iter().filter(|entry| entry.id == setup.endpoint.address);
    let events: Vec<serde_json::Value> = own.flat_map(|entry| entry.messaging).collect();
    if events.len() > MAX_EVENTS {
        // Whole or not at all: what is acknowledged is kept.
        return Err(ParseError::new("too_large", format!("the webhook has more than {MAX_EVENTS} events")));
    }
    let read = events.into_iter().filter_map(|event| serde_json::from_value::<Event>(event).ok());
    let bodies = read.flat_map(|event| bodies(setup, kind, event));
    let inbound =
        |(external_id, body)| Inbound { endpoint: setup.endpoint.id.clone(), external_id, at: now, body };
    Ok(bodies.map(inbound).collect())
}

fn bodies(setup: Setup<'_>, kind: AddressKind, event: Event) -> Vec<(String, InboundBody)> {
    let Event { sender, timestamp, message, postback, delivery, read } = event;
    if let Some(message) = message {
        // What the page says itself comes back as an echo.
        if message.is_echo || message.is_deleted || sender.id == setup.endpoint.address {
            return Vec::new();
        }
        let text = words(&message);
        return said(setup, kind, &sender, message.mid, text).into_iter().collect();
    }
    if let Some(Postback { mid, title }) = postback {
        // Old pages press buttons without a name for it.
        let mid = mid.unwrap_or_else(|| format!("postback:{}:{timestamp}", sender.id));
        return said(setup, kind, &sender, mid, title.unwrap_or_default()).into_iter().collect();
    }
    let delivered = delivery.into_iter().flat_map(|delivery| delivery.mids);
    let delivered = delivered.map(|mid| report(mid, DeliveryState::Delivered, "delivered"));
    let seen = read.and_then(|read| read.mid).map(|mid| report(mid, DeliveryState::Read, "read"));
    delivered.chain(seen).collect()
}

/// The words of a message, and after them its attachments: `[2 pictures]`.
fn words(message: &Message) -> String {
    const KINDS: [(&str, &str, &str); 4] = [
        ("image", "picture", "pictures"),
        ("video", "video", "videos"),
        ("audio", "sound recording", "sound recordings"),
        ("file", "file", "files"),
    ];
    let mut counts = [0_usize; KINDS.len()];
    for attachment in &message.attachments {
        let place = KINDS.iter().position(|(kind, ..)| *kind == attachment.kind).unwrap_or(KINDS.len() - 1);
        counts[place] += 1;
    }
    let named = counts.iter().zip(KINDS).filter(|(count, _)| **count > 0);
    let named: Vec<String> = named
        .map(|(count, (_, one, many))| format!("{count} {}", if *count == 1 { one } else { many }))
        .collect();
    let attached = if named.is_empty() { String::new() } else { format!("[{}]", named.join(", ")) };
    let text = message.text.as_deref().unwrap_or(if message.is_unsupported {
        "[a message of another kind]"
    } else {
        ""
    });
    [text, &attached].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

/// A message; nothing where it has no words or its sender's id is none.
fn said(
    setup: Setup<'_>,
    kind: AddressKind,
    sender: &Party,
    mid: String,
    text: String,
) -> Option<(String, InboundBody)> {
    let from: Address = identity::parse_person(kind, &setup.endpoint.address, &sender.id)?;
    if text.is_empty() {
        return None;
    }
    let message = InboundMessage {
        from,
        from_name: None,
        text,
        subject: None,
        authenticated: true,
        thread: Vec::new(),
        message_id: Some(mid.clone()),
        keyword: None,
        automatic: false,
        files: Vec::new(),
    };
    Some((mid, InboundBody::Message(message)))
}

fn report(mid: String, state: DeliveryState, word: &str) -> (String, InboundBody) {
    let external_id = format!("{mid}:{word}");
    let report = DeliveryReport { delivery: None, provider_id: mid, state, suppress: None, code: None };
    (external_id, InboundBody::Status(report))
}
