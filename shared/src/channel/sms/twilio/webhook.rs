//! Twilio's webhooks: an inbound message, or a delivery's status. A status has `MessageStatus`, a message has not.

use super::answer::suppression;
use crate::{
    channel::provider::Setup,
    error::ParseError,
    http::Request,
    id::DeliveryId,
    identity,
    message::{DeliveryReport, DeliveryState, Inbound, InboundBody, InboundMessage, Keyword},
    time::Timestamp,
};

/// More attachments than Twilio ever sends with one message (10).
const MAX_MEDIA: usize = 32;

/// The fields of a form, names unique: the first value counts.
struct Fields(Vec<(String, String)>);

impl Fields {
    /// A field that is there and not empty.
    fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    fn required(&self, name: &'static str) -> Result<&str, ParseError> {
        self.get(name).ok_or_else(|| ParseError::new("missing_field", format!("`{name}` is missing")))
    }
}

/// Reads a verified webhook; a status that we do not follow gives nothing.
pub(super) fn parse(setup: Setup<'_>, request: &Request, now: Timestamp) -> Result<Vec<Inbound>, ParseError> {
    let query = request.url.split_once('?').map_or("", |(_, query)| query);
    let form = if request.method == "GET" { query.as_bytes() } else { &request.body };
    let fields = Fields(form_urlencoded::parse(form).into_owned().collect());
    let sid = fields.get("MessageSid").or_else(|| fields.get("SmsSid"));
    let sid = sid.ok_or_else(|| ParseError::new("missing_field", "`MessageSid` is missing"))?;
    let found = match fields.get("MessageStatus") {
        Some(status) => report(sid, status, &fields, delivery(query)),
        None => Some((sid.to_owned(), InboundBody::Message(message(setup, sid, &fields)?))),
    };
    let inbound =
        |(external_id, body)| Inbound { endpoint: setup.endpoint.id.clone(), external_id, at: now, body };
    Ok(found.map(inbound).into_iter().collect())
}

/// Our own id, as the callback's address carries it: a report may overtake the answer that tells the provider's id.
fn delivery(query: &str) -> Option<DeliveryId> {
    let pairs = form_urlencoded::parse(query.as_bytes());
    pairs.filter(|(name, _)| name == "delivery").find_map(|(_, id)| DeliveryId::parse(&id).ok())
}

fn message(setup: Setup<'_>, sid: &str, fields: &Fields) -> Result<InboundMessage, ParseError> {
    let region = fields.get("FromCountry").unwrap_or(&setup.site.region);
    let from = identity::parse_inbound_phone(fields.required("From")?, region)
        .map_err(|_| ParseError::new("malformed_form", "`From` is not a phone number"))?;
    let mut text = fields.get("Body").unwrap_or_default().to_owned();
    if let Some(media) = media(fields) {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&media);
    }
    let keyword = match fields.get("OptOutType").map(str::to_ascii_uppercase).as_deref() {
        Some("STOP") => Some(Keyword::Stop),
        Some("START") => Some(Keyword::Start),
        Some("HELP") => Some(Keyword::Help),
        _ => None,
    };
    Ok(InboundMessage {
        // Only programs write from short codes: answering one could go on for ever.
        automatic: from.text.starts_with("short:"),
        files: Vec::new(),
        from,
        from_name: None,
        text,
        subject: None,
        authenticated: true,
        thread: Vec::new(),
        message_id: Some(sid.to_owned()),
        keyword,
    })
}

/// The attachments in words: `[2 pictures, 1 file]`. They stay at Twilio, to be fetched by the message's id.
fn media(fields: &Fields) -> Option<String> {
    const KINDS: [(&str, &str); 5] = [
        ("picture", "pictures"),
        ("video", "videos"),
        ("sound recording", "sound recordings"),
        ("contact card", "contact cards"),
        ("file", "files"),
    ];
    let count = fields.get("NumMedia").and_then(|count| count.parse().ok()).unwrap_or(0_usize).min(MAX_MEDIA);
    let mut counts = [0_usize; KINDS.len()];
    for index in 0..count {
        let content_type =
            fields.get(&format!("MediaContentType{index}")).unwrap_or_default().to_ascii_lowercase();
        let kind = match content_type.split('/').collect::<Vec<_>>().as_slice() {
            ["image", ..] => 0,
            ["video", ..] => 1,
            ["audio", ..] => 2,
            ["text", "vcard" | "x-vcard" | "directory"] => 3,
            _ => 4,
        };
        counts[kind] += 1;
    }
    let named = counts.iter().zip(KINDS).filter(|(count, _)| **count > 0);
    let named: Vec<String> = named
        .map(|(count, (one, many))| format!("{count} {}", if *count == 1 { one } else { many }))
        .collect();
    (!named.is_empty()).then(|| format!("[{}]", named.join(", ")))
}

/// A status with its own name: the same status of a message may come twice, and another one later.
fn report(
    sid: &str,
    status: &str,
    fields: &Fields,
    delivery: Option<DeliveryId>,
) -> Option<(String, InboundBody)> {
    let state = match status {
        "accepted" | "scheduled" | "queued" | "sending" | "sent" | "partially_delivered" => {
            DeliveryState::Sent
        }
        "delivered" => DeliveryState::Delivered,
        "read" => DeliveryState::Read,
        "undelivered" | "failed" | "canceled" => DeliveryState::Wedged,
        _ => return None,
    };
    let code = fields.get("ErrorCode").filter(|code| *code != "0");
    let external_id = format!("{sid}:{status}:{}", code.unwrap_or_default());
    let wedged = state == DeliveryState::Wedged;
    let from_short_code = fields.get("From").is_some_and(|from| !from.starts_with('+'));
    let report = DeliveryReport {
        delivery,
        provider_id: sid.to_owned(),
        state,
        suppress: code.filter(|_| wedged).and_then(|code| suppression(code, from_short_code)),
        code: code.or(wedged.then_some(status)).map(str::to_owned),
    };
    Some((external_id, InboundBody::Status(report)))
}
