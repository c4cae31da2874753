//! What is said, normalised: inbound before any decision, and outbound before any rendering.

use serde::{Deserialize, Serialize};

use crate::{
    appointment::ics::Response,
    channel::Channel,
    contact::Address,
    delivery::Purpose,
    file::File,
    id::{ConversationId, DeliveryId, EndpointId, EventId, FileId},
    phrases::Lang,
    time::Timestamp,
};

/// Something that reached an endpoint, verified and parsed, before any decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbound {
    /// Where it arrived.
    pub endpoint: EndpointId,
    /// The provider's name for it; with the endpoint, what makes a second arrival a duplicate.
    pub external_id: String,
    /// When it was received.
    pub at: Timestamp,
    /// What it is.
    pub body: InboundBody,
}

/// What an [`Inbound`] is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InboundBody {
    /// A contact wrote.
    Message(InboundMessage),
    /// A contact's calendar answered an invitation of ours, by this mail.
    Response(InboundMessage, Response),
    /// A provider tells how a delivery fares.
    Status(DeliveryReport),
}

/// A message from a contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboundMessage {
    /// Who wrote.
    pub from: Address,
    /// The sender's display name, where the channel has one.
    pub from_name: Option<String>,
    /// What was written, without quoted history or signature.
    pub text: String,
    /// An email's subject.
    pub subject: Option<String>,
    /// Whether the provider vouches that `from` really sent it: a signed SMS webhook, an aligned DKIM or SPF pass.
    pub authenticated: bool,
    /// What it answers, strongest first.
    pub thread: Vec<ThreadRef>,
    /// The message's own name on its channel (an email's `Message-ID`, without angle brackets).
    pub message_id: Option<String>,
    /// An opt-out, opt-in or help request that the provider itself recognised.
    pub keyword: Option<Keyword>,
    /// A machine sent it: it is stored, and never answered.
    pub automatic: bool,
    /// The files that came with it.
    pub files: Vec<Brought>,
}

/// A file on its way in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Brought {
    /// It came with the message: what its sender called it, and its bytes.
    Whole(String, Vec<u8>),
    /// It was uploaded before, by the browser that now says something with it.
    Uploaded(FileId),
    /// It is kept, and goes with the message.
    Kept(File),
}

impl InboundMessage {
    /// What a visitor says on our own page: nobody but their browser could have sent it.
    pub const fn said(from: Address, text: String) -> Self {
        Self {
            from,
            from_name: None,
            text,
            subject: None,
            authenticated: true,
            thread: Vec::new(),
            message_id: None,
            keyword: None,
            automatic: false,
            files: Vec::new(),
        }
    }
}

/// A pointer from a message to what it answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThreadRef {
    /// A reply address that we signed for the very mailbox that writes to it.
    Token(ConversationId),
    /// A reply address that we did not sign for the mailbox that writes to it: it says what is answered, as a `Message-ID`
    /// does, and proves nothing.
    Named(ConversationId),
    /// A `Message-ID` out of `In-Reply-To` or `References`, without angle brackets.
    MessageId(String),
}

/// The words that steer an SMS subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keyword {
    /// No more messages.
    Stop,
    /// Messages again.
    Start,
    /// Who are you, and how do I stop this?
    Help,
}

/// A provider's word on a delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryReport {
    /// Our own id, where the provider hands it back; it fits even before the provider's id is known.
    pub delivery: Option<DeliveryId>,
    /// The provider's id of the message, as it was given when it was sent.
    pub provider_id: String,
    /// How far it came.
    pub state: DeliveryState,
    /// The provider's error code, as text.
    pub code: Option<String>,
    /// The address can never be reached again (hard bounce, opted out at the carrier): suppress it.
    pub suppress: Option<Suppress>,
}

/// Why an address must not be written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Suppress {
    /// The mailbox or number does not exist.
    HardBounce,
    /// The person reported a message as unwanted.
    Complaint,
    /// The carrier or provider has the person on its block list. A phone got there by STOP: that is an opt-out, and START
    /// lifts it.
    Carrier,
}

impl Suppress {
    /// The stable name used in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HardBounce => "hard_bounce",
            Self::Complaint => "complaint",
            Self::Carrier => "carrier",
        }
    }
}

/// How far a delivery has come: a lattice, ordered by how final it is. A later report of an earlier state changes
/// nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Waits in the outbox.
    Pending,
    /// Claimed: a call to the provider may be under way.
    Sending,
    /// The provider has it.
    Sent,
    /// The provider says it arrived.
    Delivered,
    /// It was opened.
    Read,
    /// It will not arrive, or nobody knows: a person must look. The reason stands beside it.
    Wedged,
    /// Withdrawn before it was sent.
    Cancelled,
}

impl DeliveryState {
    /// Every state.
    pub const ALL: [Self; 7] = [
        Self::Pending,
        Self::Sending,
        Self::Sent,
        Self::Delivered,
        Self::Read,
        Self::Wedged,
        Self::Cancelled,
    ];

    /// The stable name used in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Wedged => "wedged",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of a stored name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// A message to be rendered for a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// The outbox row, and the idempotency key.
    pub delivery: DeliveryId,
    /// The conversation it belongs to.
    pub conversation: ConversationId,
    /// The event it carries.
    pub event: EventId,
    /// When it was written.
    pub at: Timestamp,
    /// The line.
    pub channel: Channel,
    /// The contact's address, normalised.
    pub to: String,
    /// Why it is sent: marketing mail says how to leave it.
    pub purpose: Purpose,
    /// The language of what is added to it.
    pub lang: Lang,
    /// What to say.
    pub text: String,
    /// An email's subject.
    pub subject: Option<String>,
    /// An email's thread, oldest first: `Message-ID`s without angle brackets.
    pub references: Vec<String>,
    /// The message being answered, folded under an email: who wrote, when, and what.
    pub quoted: Option<Quoted>,
    /// Written by a machine: marked `Auto-Submitted` in email.
    pub automatic: bool,
    /// It goes to somebody of the team: no conversation hears their answer.
    pub to_team: bool,
    /// A calendar invitation that goes along with an email.
    pub calendar: Option<Calendar>,
    /// Files that go along.
    pub files: Vec<Enclosed>,
}

/// A file that goes along with a message itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enclosed {
    /// What it is called.
    pub name: String,
    /// What it is.
    pub media_type: String,
    /// Its bytes, for an email.
    pub bytes: Vec<u8>,
    /// Where its provider gets it, for a text message.
    pub url: String,
}

/// A calendar invitation (RFC 5545), as it goes along with an email (RFC 6047).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// Its METHOD: `REQUEST` or `CANCEL`.
    pub method: String,
    /// Its text, lines ended by CRLF.
    pub ics: String,
}

/// Quoted history of an email.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quoted {
    /// "On Tuesday, 24 November 2026 at 09:12, Maria wrote:", in the contact's language.
    pub intro: String,
    /// What they wrote.
    pub text: String,
}

/// What became of a call to a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The provider has it, under this id.
    Accepted {
        /// The provider's id of the message.
        provider_id: String,
    },
    /// Not taken, and safe to try again, not before `after_ms` from now where given.
    Retry {
        /// The provider's own wish, in milliseconds.
        after_ms: Option<i64>,
        /// The provider's code or a stable word.
        code: String,
    },
    /// Never will be.
    Failed {
        /// The provider's code or a stable word.
        code: String,
        /// Where the address itself is at fault for good.
        suppress: Option<Suppress>,
    },
    /// It may have been taken: nobody knows.
    Unknown,
}
