//! One person, as the team sees them beside the timeline.

use serde::{Deserialize, Serialize};

use crate::{
    channel::Channel,
    id::{AppointmentId, ContactId, ConversationId, EventId},
    time::Timestamp,
    wire::{Attachment, Source},
};

use super::list::Progress;

/// The answer to `GET /api/sites/{site}/contacts/{contact}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Person {
    /// Their id, after joins.
    pub contact: ContactId,
    /// Their conversation; none where nothing was ever said.
    pub conversation: Option<ConversationId>,
    /// Their name, where known.
    pub name: Option<String>,
    /// Their language, a BCP 47 tag, where known.
    pub locale: Option<String>,
    /// Their IANA time zone, where known.
    pub time_zone: Option<String>,
    /// Their addresses.
    pub handles: Vec<HandleLine>,
    /// What is remembered of them.
    pub facts: Vec<FactLine>,
    /// What may be sent to them, a line for each address and purpose.
    pub consents: Vec<ConsentLine>,
    /// How much of their attention is spent.
    pub attention: Attention,
    /// What is planned to be said in the next 14 days.
    pub planned: Vec<PlannedLine>,
    /// Their appointments, the next first.
    pub appointments: Vec<AppointmentLine>,
    /// Files that went with messages, the newest first; at most 50.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileLine>,
    /// Labels.
    pub tags: Vec<String>,
    /// Who of the team has the floor.
    pub floor: Option<String>,
    /// Grows whenever the floor changes hands.
    pub fence: u32,
    /// Whose the conversation is.
    pub assigned: Option<String>,
    /// How far the team is with it.
    pub progress: Progress,
    /// The handoff that is open: what a person is needed for.
    pub handoff: Option<HandoffCard>,
    /// The ways a message to them could go now, one for each channel of the site.
    pub ways: Vec<Way>,
}

/// A file that went with a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FileLine {
    /// Which, with the link where it is got.
    pub file: Attachment,
    /// When it came or went.
    pub at: Timestamp,
}

/// Whether a contact is there: the answer to `GET …/contacts/{contact}/presence`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Presence {
    /// A browser of theirs has the chat open.
    pub here: bool,
    /// They type.
    pub types: bool,
}

/// An address of theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HandleLine {
    /// The kind of line.
    pub channel: Channel,
    /// The address; a browser's is its visitor's id.
    pub address: String,
    /// How well it is proven to be theirs: 0 nobody said so, 1 somebody typed it, 2 they wrote from it, 3 the site signed it.
    pub assurance: u8,
    /// They have opted out of it.
    pub blocked: bool,
    /// Several people are reached there.
    #[serde(default)]
    pub shared: bool,
    /// It came with a contact that was joined to this one: that contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined_from: Option<ContactId>,
}

/// Something remembered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FactLine {
    /// What it is about: `service`, `budget`, `timing`, `objection`.
    pub key: String,
    /// What it says.
    pub value: String,
    /// The very words.
    pub quote: String,
    /// The event they stand in.
    pub source: EventId,
    /// When they were said.
    pub at: Timestamp,
}

/// What may be sent to an address for a purpose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConsentLine {
    /// The kind of line.
    pub channel: Channel,
    /// The address, masked.
    pub address: String,
    /// `reply`, `transactional`, `reminder` or `marketing`.
    pub purpose: String,
    /// `granted`, `silent` or `revoked`.
    pub standing: String,
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
}

/// How much of a contact's attention is spent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Attention {
    /// How many points the site's policy allows in its longest window.
    pub limit: u32,
    /// How many were spent in it.
    pub spent: u32,
    /// That window, in days.
    pub days: u32,
}

/// A message that is planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlannedLine {
    /// What it is called off by: `DELETE` of this path below the site.
    pub call_off: String,
    /// When it is due.
    pub due_at: Timestamp,
    /// What it is: a sequence and its step, a reminder, a confirmation.
    pub title: String,
    /// Which line it would take; none where it would be held back.
    pub channel: Option<Channel>,
    /// What is foreseen to become of it, in one sentence.
    pub foreseen: String,
}

/// An appointment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AppointmentLine {
    /// Which.
    pub id: AppointmentId,
    /// The service's name.
    pub service: String,
    /// When it begins.
    pub start: Timestamp,
    /// `held`, `booked`, `cancelled`, `missed` or `done`.
    pub state: String,
    /// What was noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// By how many minutes they said to be late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_by_min: Option<u32>,
}

/// What a person is needed for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HandoffCard {
    /// The event.
    pub event: EventId,
    /// Why: `asked`, `unsure`, `anger`, `abuse`, `sequence`, `topic`, `failed`, `vip`.
    pub reason: String,
    /// The same for people to read.
    pub because: String,
    /// Since when.
    pub since: Timestamp,
    /// What they want, in their own words: what they said last.
    pub wants: String,
    /// What the assistant answered last, where it did.
    pub tried: Option<String>,
    /// Until when something is promised, and what: `answer` or `call`.
    pub promised: Option<(Timestamp, String)>,
    /// Whose it is to keep.
    pub owner: Option<String>,
    /// A suggested reply.
    pub suggestion: Option<String>,
}

/// A reply that a member of the team may begin with: the answer to `POST …/contacts/{contact}/suggestion`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "SuggestedReply"))]
pub struct Suggestion {
    /// The words; empty where nothing that the site knows answers what they wrote.
    pub text: String,
    /// Where they come from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Source>,
    /// The line they were drafted for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// Who drafted them: `builtin` or a model's name.
    pub author: String,
}

/// A way a message could go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Way {
    /// The channel.
    pub channel: Channel,
    /// To where, for people to read; none where the contact has no address there.
    pub to: Option<String>,
    /// It may go now.
    pub open: bool,
    /// Why, or why not, in one sentence.
    pub why: String,
    /// It is the one a reply takes by itself.
    pub default: bool,
    /// Until when the platform allows it, where it has a window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes_at: Option<Timestamp>,
}

/// The answer to `POST /api/sites/{site}/contacts/{contact}/booking-link`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BookingLink {
    /// The contact's own page to book on: whoever opens it books as them.
    pub url: String,
    /// When it ends.
    pub until_ms: Timestamp,
}
