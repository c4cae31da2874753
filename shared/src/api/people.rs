//! Who is who: what may be the same person, how two would read as one, and what was joined.

use serde::{Deserialize, Serialize};

use crate::{
    channel::Channel,
    id::{ContactId, ConversationId, EventId, MergeId},
    time::Timestamp,
    wire::Speaker,
};

/// How much something speaks for two contacts being one person, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// One of them used what the other has.
    Strong,
    /// They are alike.
    Weak,
}

/// Something that speaks for two contacts being one person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Evidence {
    /// How much.
    pub strength: Strength,
    /// What, in one sentence.
    pub text: String,
}

/// A contact that may be the same person: one of the answer to `GET /api/sites/{site}/contacts/{contact}/suggestions`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "SuggestedContact"))]
pub struct Suggestion {
    /// Who.
    pub contact: ContactId,
    /// Their name, where known.
    pub name: Option<String>,
    /// Their conversation.
    pub conversation: Option<ConversationId>,
    /// Their addresses, masked.
    pub addresses: Vec<String>,
    /// What speaks for it, the strongest first.
    pub evidence: Vec<Evidence>,
}

/// The answer to `GET /api/sites/{site}/contacts/{contact}/merge-preview?from=…`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Preview {
    /// What the one they would be is called.
    pub name: Option<String>,
    /// The newest entries of both, in order.
    pub lines: Vec<PreviewLine>,
}

/// An entry of a preview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PreviewLine {
    /// Whose timeline it is from.
    pub contact: ContactId,
    /// The event.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// The line.
    pub channel: Channel,
    /// Who spoke.
    pub speaker: Speaker,
    /// How it begins: at most 140 characters on one line; empty for what is no message.
    pub excerpt: String,
}

/// That two contacts were joined: one of the answer to `GET /api/sites/{site}/contacts/{contact}/merges`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MergeLine {
    /// Which.
    pub id: MergeId,
    /// Who went on.
    pub into: ContactId,
    /// Who turned out to be them. To part them, name this one.
    pub from: ContactId,
    /// What that one is called by themselves, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// When.
    pub at: Timestamp,
    /// Who of the team did it; empty where it came about by itself.
    pub by: String,
    /// What somebody of the team saw.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
    /// The event in which the address was typed that was proven.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<EventId>,
    /// When it was undone, and by whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone: Option<(Timestamp, String)>,
}
