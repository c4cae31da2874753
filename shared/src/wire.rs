//! What the widget and the edge say to each other.
//!
//! Every frame is one JSON object with one key, the frame's name: `{"say":{"id":"evt_…","text":"…"}}`. The same frames
//! travel as WebSocket text messages and, where sockets are blocked, as bodies of `POST /v1/frames` (a [`ClientFrame`]
//! in, a list of [`ServerFrame`]s out) and `GET /v1/events?after=SEQ`. Unknown keys are ignored on both sides.
//!
//! A visitor sees [`Item`]s: the timeline's events as far as they are theirs to see. Everything is text; nothing is HTML.

use serde::{Deserialize, Serialize};

use crate::{
    channel::Channel,
    id::{ConversationId, EventId, FileId},
    time::Timestamp,
};

/// The longest message a visitor may send, in characters.
pub const MAX_MESSAGE_CHARS: usize = 4_000;
/// The largest frame either side accepts, in bytes.
pub const MAX_FRAME_BYTES: usize = 64 * 1024;
/// The largest file that is taken, in bytes.
pub const MAX_FILE_BYTES: usize = 10 * 1024 * 1024;
/// How many files go with one message at most.
pub const MAX_FILES: usize = 5;
/// The WebSocket subprotocol; the visitor's token follows as a second one, so that it stands in no URL.
pub const SUBPROTOCOL: &str = "throughline.v1";

/// From the widget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientFrame {
    /// First on every connection: where the widget's copy ends. Answered by [`ServerFrame::Ready`].
    Hello {
        /// The conversation the cursor belongs to; none before the first answer.
        conversation: Option<ConversationId>,
        /// The last `seq` the widget holds of it; 0 for nothing.
        last_seq: u32,
        /// The panel's language, a BCP 47 tag.
        locale: String,
        /// The visitor's IANA time zone, as the browser tells it.
        time_zone: String,
    },
    /// A message. Sent again with the same `id` until [`ServerFrame::Accepted`] or [`ServerFrame::Refused`] names it.
    Say {
        /// Minted by the widget; the message's id everywhere.
        id: EventId,
        /// 1 to [`MAX_MESSAGE_CHARS`] characters; none where files go with it.
        text: String,
        /// What this browser has uploaded for it, at most [`MAX_FILES`].
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<FileId>,
    },
    /// The visitor types, or stopped. Repeated every few seconds while it goes on: an old sign is not believed, and a
    /// message takes it back.
    Typing {
        /// Typing now.
        on: bool,
    },
    /// The visitor has seen everything up to here.
    Read {
        /// The last `seq` shown.
        seq: u32,
    },
    /// "Continue by text" or "by email": the card's form, sent by the visitor's own act.
    Continue {
        /// Minted by the widget, like a message's.
        id: EventId,
        /// [`Channel::Sms`] or [`Channel::Email`].
        channel: Channel,
        /// A phone number or an email address as typed.
        address: String,
        /// [`Wording::version`] of the consent text that was shown.
        wording: String,
    },
    /// "Talk to a person".
    Person {
        /// Minted by the widget, like a message's.
        id: EventId,
        /// Where to answer if nobody is there: a phone number or an email address as typed.
        address: Option<String>,
    },
}

/// To the widget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServerFrame {
    /// The answer to [`ClientFrame::Hello`]: everything after the widget's cursor. Where `conversation` differs from the
    /// one the widget named, the widget's copy is replaced by `items`.
    Ready {
        /// The conversation this visitor is in now.
        conversation: ConversationId,
        /// Its newest `seq`; the next [`ServerFrame::Item`] has the one after.
        last_seq: u32,
        /// What was missed, in order.
        items: Vec<Item>,
        /// Who answers now.
        floor: Speaker,
    },
    /// A new item.
    Item(Item),
    /// The message is committed: it will not be lost, and it will not be taken twice.
    Accepted {
        /// The message's id.
        id: EventId,
        /// Its place on the timeline.
        seq: u32,
        /// When it was committed.
        at: Timestamp,
    },
    /// The message was not taken, and why. Sending the same again will not help unless `retry_after_ms` is given.
    Refused {
        /// The message's id.
        id: EventId,
        /// Stable: `too_long`, `empty`, `bad_address`, `rate_limited`, `blocked`, `malformed`.
        code: String,
        /// One sentence for the visitor, in their language.
        text: String,
        /// When the same may be sent again, in milliseconds from now.
        retry_after_ms: Option<u32>,
    },
    /// A piece of an answer that is being written; never stored. The finished answer arrives as an item and replaces it.
    Delta {
        /// Grows with every answer begun: pieces of an older turn are ignored.
        turn: u32,
        /// The text so far, whole.
        text: String,
    },
    /// Somebody on the other side writes, or stopped; an item of theirs ends it, too. Sent for the assistant as soon as
    /// an answer is owed.
    Typing {
        /// Who.
        speaker: Speaker,
        /// Typing now.
        on: bool,
    },
    /// The state of the visitor's own messages up to `seq`.
    Receipt {
        /// The last `seq` it holds for.
        seq: u32,
        /// `delivered` or `read`.
        state: Receipt,
    },
    /// The conversation goes on under another id (two threads of one person became one): say hello again.
    Moved {
        /// Where it goes on.
        conversation: ConversationId,
    },
    /// Something is wrong with the connection as a whole, and why.
    Trouble {
        /// Stable: `malformed`, `unauthorized`, `rate_limited`, `unavailable`.
        code: String,
        /// One sentence.
        text: String,
    },
}

/// How far a message of the visitor's has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Receipt {
    /// It is in the inbox of whoever has the floor.
    Delivered,
    /// Whoever has the floor has read it.
    Read,
}

/// Who speaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    /// The person this conversation is with.
    Contact,
    /// The AI.
    Assistant,
    /// A human of the team, by name.
    Agent(String),
    /// An automation, by name.
    Sequence(String),
    /// Throughline itself: notices.
    System,
}

/// A file that goes with a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Attachment {
    /// Its id.
    pub id: FileId,
    /// What it is called.
    pub name: String,
    /// What it is: a media type.
    pub media_type: String,
    /// How large.
    pub bytes: u32,
    /// Where it is got, for a while: a path of ours. Empty where it is stored.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub url: String,
}

impl Attachment {
    /// Whether a browser shows it as a picture.
    pub fn is_picture(&self) -> bool {
        matches!(self.media_type.as_str(), "image/png" | "image/jpeg" | "image/gif" | "image/webp")
    }
}

/// One entry of the timeline as the visitor sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its place on the timeline.
    pub seq: u32,
    /// Its id.
    pub id: EventId,
    /// When it happened.
    pub at: Timestamp,
    /// The line it came or went over.
    pub channel: Channel,
    /// Who spoke.
    pub speaker: Speaker,
    /// What was said, as plain text with line breaks. Notices too are whole sentences in the contact's language.
    pub text: String,
    /// An email's subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Where an assistant's answer comes from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Source>,
    /// Cards to show under it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offers: Vec<Offer>,
    /// Files that go with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<Attachment>,
}

/// A place an answer was taken from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Source {
    /// What to call it: a page and its heading, or "your text message of Tuesday".
    pub title: String,
    /// The passage itself, shortened.
    pub quote: String,
    /// The earlier message it points to, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<EventId>,
}

/// A card under an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Offer {
    /// "Continue by text", with a number field and the consent wording.
    ContinueBySms,
    /// "Continue by email".
    ContinueByEmail,
    /// "Talk to a person", with an address field if nobody is there.
    Person,
    /// Times to choose from; whoever chooses one says its number, from 1.
    Times {
        /// When each begins, in milliseconds since 1970.
        starts: Vec<Timestamp>,
    },
    /// A time that is kept free for the visitor while they make up their mind; whoever wants it says yes, who does not says no.
    Held {
        /// The service.
        name: String,
        /// When it begins, in milliseconds since 1970.
        start: Timestamp,
        /// Until when it is kept, in milliseconds since 1970.
        until: Timestamp,
    },
    /// An appointment that is booked, or is at another time now.
    Booked {
        /// The service.
        name: String,
        /// When it begins, in milliseconds since 1970.
        start: Timestamp,
        /// Where it is changed; its calendar file is `/appointment.ics` below that. Empty where there is no such page.
        link: String,
    },
}

/// The answer to `POST /v1/session`: what the panel needs to start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Proves who the visitor is; kept in the host page's first-party storage.
    pub token: String,
    /// The site's name.
    pub site: String,
    /// The brand colour, `#rrggbb`.
    pub color: String,
    /// The assistant's name.
    pub assistant: String,
    /// First words, shown before anything is said; in the visitor's language.
    pub greeting: String,
    /// "You are talking to an AI", in the visitor's language.
    pub disclosure: String,
    /// When a person is there next: a whole sentence in the visitor's language and time zone.
    pub people: String,
    /// The wording of the text-message card; none where the site has no number.
    pub sms: Option<Wording>,
    /// The wording of the email card; none where the site has no mailbox.
    pub email: Option<Wording>,
}

/// The exact words under a consent card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    /// Names these exact words for ever.
    pub version: String,
    /// The words.
    pub text: String,
}

/// The body of `POST /v1/session`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRequest {
    /// The widget's key, as on the script tag.
    pub key: String,
    /// The token of an earlier visit; a broken or foreign one is replaced.
    pub token: Option<String>,
    /// The panel's language, a BCP 47 tag.
    pub locale: String,
    /// The visitor's IANA time zone.
    pub time_zone: String,
}

/// The body of every error answer of the HTTP interface.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Failure {
    /// Stable; programs may match on it.
    pub code: String,
    /// One sentence that names what to change.
    pub text: String,
    /// What is wrong with each field of what was sent, where that is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Wrong>,
}

/// A field that cannot be as it was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Wrong {
    /// Its path: `brand.color`, `hours.mon[0]`.
    pub field: String,
    /// What is wrong with it, in one sentence to stand beside it.
    pub text: String,
}
