//! One person's timeline, as the team sees it: all lines, all conversations that turned out to be theirs, in one order.

use serde::{Deserialize, Serialize};

use crate::{
    channel::Channel,
    id::{ConversationId, EventId},
    time::Timestamp,
    wire::{Attachment, Source, Speaker},
};

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Entry {
    /// Names the entry: an event's id, or `held-` and a verdict's id.
    pub id: String,
    /// The conversation it stands in.
    pub conversation: ConversationId,
    /// Its place there; none for what was held back, which stands in no conversation.
    pub seq: Option<u32>,
    /// When.
    pub at: Timestamp,
    /// The line.
    pub channel: Channel,
    /// The contact's address there, for people to read; empty for a browser.
    pub address: String,
    /// Who spoke or did it.
    pub speaker: Speaker,
    /// What.
    pub what: What,
}

/// What an entry is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Something said.
    Said(Said),
    /// Something that happened, in one sentence.
    Notice {
        /// What kind: `consent`, `handoff`, `floor`, `promise`, `appointment`, `proven`, `joined`, `form`, `tag`, `edited`, `work`, `call`.
        kind: String,
        /// The sentence.
        text: String,
    },
    /// A note of the team's, which no contact ever sees.
    Note {
        /// The words.
        text: String,
        /// Who of the team is meant to read it, by name.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        mentions: Vec<String>,
    },
    /// A message that was not sent.
    HeldBack {
        /// Why.
        judged: Judged,
    },
    /// Erased on request.
    Erased,
}

/// Something said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Said {
    /// The words.
    pub text: String,
    /// An email's subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Where an assistant's answer comes from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Source>,
    /// Files that go with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<Attachment>,
    /// What else is to be known of it, a sentence each: who wrote it and why, what was offered, that a machine sent it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// How far it came; none for what the contact said and for the chat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent: Option<Sent>,
    /// Why it was allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub judged: Option<Judged>,
}

/// How far a message came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Sent {
    /// `pending`, `sending`, `sent`, `delivered`, `read`, `wedged`, `cancelled`.
    pub state: String,
    /// Why it came no further: a stable word or a provider's code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The same for people to read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    /// What a text message is billed as: parts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segments: Option<u32>,
}

/// A verdict for people to read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Judged {
    /// `allow`, or the rule that decided.
    pub outcome: String,
    /// Why, in one sentence.
    pub why: String,
    /// What would have to change; empty where it was allowed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub change: String,
    /// What it was for, the line and the masked address, and under which policy, in one sentence.
    pub about: String,
    /// Each gate of the way that was taken, or would have been.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gates: Vec<GateLine>,
}

/// A gate's result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GateLine {
    /// The stable rule.
    pub rule: String,
    /// `allow`, `defer` or `deny`.
    pub finding: String,
    /// Why, in one sentence.
    pub why: String,
}

/// A stretch of a timeline: the answer to `GET /api/sites/{site}/contacts/{contact}/timeline`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Stretch {
    /// In order, the oldest first.
    pub entries: Vec<Entry>,
    /// Where what came before begins (`?before=`); none where there is nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The cursor of the end (`?after=`): the newest place of each conversation.
    pub after: String,
    /// How many entries the whole timeline has, about.
    pub total: u32,
}

/// What a message that is about to be sent would be: the answer to `POST …/contacts/{contact}/messages`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Spoken {
    /// The event it became.
    pub id: EventId,
}
