//! The wire's frames to and from JSON, by hand.
//!
//! `shared::wire` describes the frames with serde; this module speaks the same JSON without serde's generated code,
//! which costs too much for a page (see `codec::json`). `tests/codec.rs` proves for every variant that the two agree.
//!
//! Reading is forgiving where the wire says so: unknown keys are ignored, and a frame of an unknown name is skipped
//! ([`None`]), so that an older panel survives a newer edge.

pub mod json;

use shared::channel::Channel;
use shared::id::{ConversationId, EventId, FileId};
use shared::time::Timestamp;
use shared::wire::{
    Attachment, ClientFrame, Failure, Item, Offer, Receipt, ServerFrame, Session, SessionRequest, Source,
    Speaker, Wording,
};

use self::json::{Json, Object};

/// A frame as the edge reads it.
pub fn encode_frame(frame: &ClientFrame) -> String {
    let (name, body) = match frame {
        ClientFrame::Hello { conversation, last_seq, locale, time_zone } => (
            "hello",
            Object::default()
                .maybe("conversation", conversation.as_ref().map(ConversationId::as_str))
                .int("last_seq", i64::from(*last_seq))
                .text("locale", locale)
                .text("time_zone", time_zone),
        ),
        ClientFrame::Say { id, text, files } => {
            let said = Object::default().text("id", id.as_str()).text("text", text);
            if files.is_empty() {
                ("say", said)
            } else {
                // An id holds nothing that JSON would escape.
                let ids: Vec<&str> = files.iter().map(FileId::as_str).collect();
                ("say", said.raw("files", &["[\"", &ids.join("\",\""), "\"]"].concat()))
            }
        }
        ClientFrame::Typing { on } => {
            ("typing", Object::default().raw("on", if *on { "true" } else { "false" }))
        }
        ClientFrame::Read { seq } => ("read", Object::default().int("seq", i64::from(*seq))),
        ClientFrame::Continue { id, channel, address, wording } => (
            "continue",
            Object::default()
                .text("id", id.as_str())
                .text("channel", channel.as_str())
                .text("address", address)
                .text("wording", wording),
        ),
        ClientFrame::Person { id, address } => {
            ("person", Object::default().text("id", id.as_str()).maybe("address", address.as_deref()))
        }
    };
    Object::default().raw(name, &body.end()).end()
}

/// One frame of the edge's; none where it is no frame this panel knows.
pub fn decode_frame(text: &str) -> Option<ServerFrame> {
    frame(&Json::parse(text)?)
}

/// A list of frames, without those this panel does not know; none where it is no list.
pub fn decode_frames(text: &str) -> Option<Vec<ServerFrame>> {
    match Json::parse(text)? {
        Json::List(values) => Some(values.iter().filter_map(frame).collect()),
        _ => None,
    }
}

/// The answer to [`encode_session_request`].
pub fn decode_session(text: &str) -> Option<Session> {
    let json = Json::parse(text)?;
    Some(Session {
        token: string(&json, "token")?,
        site: string(&json, "site")?,
        color: string(&json, "color")?,
        assistant: string(&json, "assistant")?,
        greeting: string(&json, "greeting")?,
        disclosure: string(&json, "disclosure")?,
        people: string(&json, "people")?,
        sms: wording(json.get("sms")),
        email: wording(json.get("email")),
    })
}

/// The body of `POST /v1/session`; `identity` is what the host page gave to `identify`, in a key of its own.
pub fn encode_session_request(request: &SessionRequest, identity: Option<&str>) -> String {
    let body = Object::default()
        .text("key", &request.key)
        .maybe("token", request.token.as_deref())
        .text("locale", &request.locale)
        .text("time_zone", &request.time_zone);
    match identity {
        Some(identity) => body.text("identity", identity).end(),
        None => body.end(),
    }
}

/// The body of an error answer.
pub fn decode_failure(text: &str) -> Option<Failure> {
    let json = Json::parse(text)?;
    Some(Failure { code: string(&json, "code")?, text: string(&json, "text")? })
}

/// A frame that waits to be accepted, as kept over a reload.
pub fn encode_kept(frame: &ClientFrame, at: Timestamp) -> String {
    Object::default().int("at", at.ms()).raw("frame", &encode_frame(frame)).end()
}

/// What [`encode_kept`] wrote; none for anything but a message or a card's form.
pub fn decode_kept(text: &str) -> Option<(ClientFrame, Timestamp)> {
    let json = Json::parse(text)?;
    let (name, body) = json.get("frame").only()?;
    let id = event(body.get("id"))?;
    let frame = match name {
        "say" => {
            let files = body.get("files").list().iter().filter_map(|id| FileId::parse(id.text()?).ok());
            ClientFrame::Say { id, text: string(body, "text")?, files: files.collect() }
        }
        "continue" => ClientFrame::Continue {
            id,
            channel: channel(body)?,
            address: string(body, "address")?,
            wording: string(body, "wording")?,
        },
        "person" => ClientFrame::Person { id, address: string(body, "address") },
        _ => return None,
    };
    Some((frame, time(json.get("at"))?))
}

fn frame(json: &Json) -> Option<ServerFrame> {
    let (name, body) = json.only()?;
    Some(match name {
        "ready" => ServerFrame::Ready {
            conversation: conversation(body)?,
            last_seq: number(body.get("last_seq"))?,
            items: body.get("items").list().iter().filter_map(item).collect(),
            floor: speaker(body.get("floor"))?,
        },
        "item" => ServerFrame::Item(item(body)?),
        "accepted" => ServerFrame::Accepted {
            id: event(body.get("id"))?,
            seq: number(body.get("seq"))?,
            at: time(body.get("at"))?,
        },
        "refused" => ServerFrame::Refused {
            id: event(body.get("id"))?,
            code: string(body, "code")?,
            text: string(body, "text")?,
            retry_after_ms: number(body.get("retry_after_ms")),
        },
        "delta" => ServerFrame::Delta { turn: number(body.get("turn"))?, text: string(body, "text")? },
        "typing" => {
            ServerFrame::Typing { speaker: speaker(body.get("speaker"))?, on: body.get("on").bool()? }
        }
        "receipt" => ServerFrame::Receipt {
            seq: number(body.get("seq"))?,
            state: match body.get("state").text()? {
                "delivered" => Receipt::Delivered,
                "read" => Receipt::Read,
                _ => return None,
            },
        },
        "moved" => ServerFrame::Moved { conversation: conversation(body)? },
        "trouble" => ServerFrame::Trouble { code: string(body, "code")?, text: string(body, "text")? },
        _ => return None,
    })
}

fn item(json: &Json) -> Option<Item> {
    Some(Item {
        seq: number(json.get("seq"))?,
        id: event(json.get("id"))?,
        at: time(json.get("at"))?,
        channel: channel(json)?,
        speaker: speaker(json.get("speaker"))?,
        text: string(json, "text")?,
        subject: string(json, "subject"),
        sources: json.get("sources").list().iter().filter_map(source).collect(),
        offers: json.get("offers").list().iter().filter_map(offer).collect(),
        files: json.get("files").list().iter().filter_map(attachment).collect(),
    })
}

/// The answer to an upload, and what goes with an item.
pub fn decode_attachment(text: &str) -> Option<Attachment> {
    attachment(&Json::parse(text)?)
}

fn attachment(json: &Json) -> Option<Attachment> {
    Some(Attachment {
        id: FileId::parse(json.get("id").text()?).ok()?,
        name: string(json, "name")?,
        media_type: string(json, "media_type")?,
        bytes: number(json.get("bytes"))?,
        url: string(json, "url").unwrap_or_default(),
    })
}

fn source(json: &Json) -> Option<Source> {
    Some(Source {
        title: string(json, "title")?,
        quote: string(json, "quote")?,
        event: event(json.get("event")),
    })
}

fn offer(json: &Json) -> Option<Offer> {
    if let Some((name, body)) = json.only() {
        return match name {
            "times" => {
                Some(Offer::Times { starts: body.get("starts").list().iter().filter_map(time).collect() })
            }
            "booked" => Some(Offer::Booked {
                name: string(body, "name")?,
                start: time(body.get("start"))?,
                link: string(body, "link")?,
            }),
            _ => None,
        };
    }
    Some(match json.text()? {
        "continue_by_sms" => Offer::ContinueBySms,
        "continue_by_email" => Offer::ContinueByEmail,
        "person" => Offer::Person,
        _ => return None,
    })
}

fn speaker(json: &Json) -> Option<Speaker> {
    if let Some((name, who)) = json.only() {
        let who = who.text()?.to_owned();
        return match name {
            "agent" => Some(Speaker::Agent(who)),
            "sequence" => Some(Speaker::Sequence(who)),
            _ => None,
        };
    }
    Some(match json.text()? {
        "contact" => Speaker::Contact,
        "assistant" => Speaker::Assistant,
        "system" => Speaker::System,
        _ => return None,
    })
}

fn wording(json: &Json) -> Option<Wording> {
    Some(Wording { version: string(json, "version")?, text: string(json, "text")? })
}

fn string(json: &Json, key: &str) -> Option<String> {
    json.get(key).text().map(str::to_owned)
}

fn channel(json: &Json) -> Option<Channel> {
    Channel::parse(json.get("channel").text()?)
}

fn conversation(json: &Json) -> Option<ConversationId> {
    ConversationId::parse(json.get("conversation").text()?).ok()
}

fn event(json: &Json) -> Option<EventId> {
    EventId::parse(json.text()?).ok()
}

fn number(json: &Json) -> Option<u32> {
    u32::try_from(json.int()?).ok()
}

fn time(json: &Json) -> Option<Timestamp> {
    json.int().map(Timestamp::from_ms)
}
