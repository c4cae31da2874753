//! The list of conversations.

use serde::{Deserialize, Serialize};

use crate::{
    channel::Channel,
    id::{ContactId, ConversationId},
    time::Timestamp,
    wire::Speaker,
};

/// Which conversations are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// Every open one, the most recently moved first.
    #[default]
    All,
    /// Open ones that are whoever asks's, the most recently moved first.
    Mine,
    /// Open ones that a person should answer and that are nobody's, who waits longest first.
    Unassigned,
    /// Open ones whose contact waits for a person, who waits longest first.
    Waiting,
    /// Those in which something is promised and not yet kept, the next to be kept first.
    Promised,
    /// Those with a message that could not be delivered and that nobody has dealt with, the latest first.
    NotDelivered,
    /// Open ones that the assistant or a sequence looks after, the most recently moved first.
    Automated,
    /// Those that were put off until later, the most recently moved first.
    Snoozed,
    /// Those that were resolved, the most recently moved first.
    Resolved,
}

impl View {
    /// Every view, in the order in which they are offered.
    pub const ALL: [Self; 9] = [
        Self::All,
        Self::Mine,
        Self::Unassigned,
        Self::Waiting,
        Self::Promised,
        Self::NotDelivered,
        Self::Automated,
        Self::Snoozed,
        Self::Resolved,
    ];

    /// The stable name, as it stands in `?view=`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Mine => "mine",
            Self::Unassigned => "unassigned",
            Self::Waiting => "waiting",
            Self::Promised => "promised",
            Self::NotDelivered => "not_delivered",
            Self::Automated => "automated",
            Self::Snoozed => "snoozed",
            Self::Resolved => "resolved",
        }
    }

    /// The view of a name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.as_str() == text)
    }
}

/// How far the team is with a conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// It is to be looked at; every word of its contact makes it so again.
    #[default]
    Open,
    /// Not before `until`.
    Snoozed {
        /// When it is open again by itself.
        until: Timestamp,
    },
    /// Nothing is left to do.
    Resolved,
}

/// One conversation of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Card {
    /// With whom.
    pub contact: ContactId,
    /// Which.
    pub conversation: ConversationId,
    /// What the contact is called: their name, else an address of theirs, else nothing.
    pub name: Option<String>,
    /// The line of the newest message.
    pub channel: Channel,
    /// Who said the newest message.
    pub speaker: Speaker,
    /// How it begins: at most 140 characters on one line.
    pub excerpt: String,
    /// When something was last said.
    pub at: Timestamp,
    /// Who of the team has the floor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor: Option<String>,
    /// Whose it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assigned: Option<String>,
    /// How far the team is with it.
    pub progress: Progress,
    /// Since when the contact waits for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits_since: Option<Timestamp>,
    /// When the next promise is to be kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised_by: Option<Timestamp>,
    /// A message could not be delivered and nobody has dealt with it.
    #[serde(default)]
    pub not_delivered: bool,
    /// Its labels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

/// The answer to `GET /api/sites/{site}/conversations`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Cards {
    /// In the view's order. A page may be shorter than asked for, even empty, where `next` stands.
    pub cards: Vec<Card>,
    /// Where the next page begins (`?after=`); none where this is the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// How many conversations stand in each view, as far as counting goes: the answer to
/// `GET /api/sites/{site}/conversations/counts`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Counts {
    /// Whoever asks's.
    pub mine: u32,
    /// Nobody's, and a person should answer.
    pub unassigned: u32,
    /// The contact waits for a person.
    pub waiting: u32,
    /// Something is promised.
    pub promised: u32,
    /// Something was not delivered.
    pub not_delivered: u32,
}

/// What could not be delivered: the answer to `GET /api/sites/{site}/not-delivered`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Failures {
    /// The latest first, at most 20.
    pub failures: Vec<Failed>,
    /// Where the next page begins (`?after=`); none where this is the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A message that could not be delivered and that nobody has dealt with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Failed {
    /// To whom.
    pub contact: ContactId,
    /// Where.
    pub conversation: ConversationId,
    /// Their name, where known.
    pub name: Option<String>,
    /// By which channel.
    pub channel: Channel,
    /// The address, masked.
    pub to: String,
    /// When it was said.
    pub at: Timestamp,
    /// How it begins: at most 140 characters on one line.
    pub excerpt: String,
    /// Why: a stable word or a provider's code.
    pub reason: String,
    /// The same for people to read.
    pub because: String,
    /// The way it would go now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub way: Option<OtherWay>,
    /// Why there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<String>,
}

/// Another way for a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OtherWay {
    /// The channel.
    pub channel: Channel,
    /// The address, masked.
    pub to: String,
    /// Why this one, in one sentence.
    pub why: String,
}

/// What one act on many conversations came to: the answer to `POST /api/sites/{site}/conversations/bulk`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Bulk {
    /// Whose conversations it was done for, or was so already.
    pub done: Vec<ContactId>,
    /// Where it was not.
    pub refused: Vec<Refused>,
}

/// A conversation that an act was refused for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Refused {
    /// Whose.
    pub contact: ContactId,
    /// The stable code.
    pub code: String,
    /// One sentence: why.
    pub text: String,
}

/// A contact or message that a search has found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Found {
    /// Whom.
    pub contact: ContactId,
    /// Their name or an address of theirs.
    pub name: Option<String>,
    /// What was found: `name`, `address`, `subject`, `text`, or `note` for the team's own.
    pub part: String,
    /// The words around it, on one line, at most 160 characters; what was looked for stands between U+2402 and U+2403.
    pub excerpt: String,
    /// Where it stands, for a message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<(ConversationId, u32)>,
    /// When.
    pub at: Timestamp,
}
