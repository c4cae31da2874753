//! A site's sequences as the team sees and changes them: text, drawing, and what is wrong where.

use serde::{Deserialize, Serialize};

use crate::{channel::Channel, time::Timestamp};

/// The answer to `GET /api/sites/{site}/sequences`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Sequences {
    /// Each of them, in the order of their ids.
    pub sequences: Vec<SequenceFile>,
}

/// A sequence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SequenceFile {
    /// Its id: 1 to 40 lower-case letters, digits or `-`.
    pub id: String,
    /// Its text as it was written; empty where only the drawing is known.
    pub text: String,
    /// Names this text: what a change of it says it was made on.
    pub version: String,
    /// What the text says.
    pub drawn: Drawn,
}

/// What a sequence's text says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Drawn {
    /// What it is called.
    pub name: String,
    /// Whether anything begins it.
    pub enabled: bool,
    /// What begins it.
    pub begins: Vec<Begins>,
    /// Whether anything the contact does ends it.
    pub ends_on_reply: bool,
    /// Its steps, in order.
    pub steps: Vec<DrawnStep>,
}

/// What begins a sequence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Begins {
    /// `manual`, `appointment`, `form`, `tag`, `handoff_missed` or `silence`.
    pub by: String,
    /// Which: `booked`, `moved`, `missed` or `done`; the form, `*` for any; the tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// After how long a silence, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_ms: Option<i64>,
}

/// A step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DrawnStep {
    /// Its id.
    pub id: String,
    /// What it does.
    pub does: StepDoes,
    /// Where it leads to, in order; nothing where it ends.
    pub to: Vec<Leads>,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum StepDoes {
    /// Waits.
    Wait {
        /// How long, in milliseconds.
        ms: i64,
    },
    /// Waits for a moment of the appointment's.
    WaitUntil {
        /// `before` its start, `after` its end, or `on_the_day`.
        moment: String,
        /// How long before or after; on the day, the time since midnight. In milliseconds.
        ms: i64,
    },
    /// Says something.
    Send {
        /// The channels it may go by; any where there is none.
        channels: Vec<Channel>,
        /// Why: `transactional`, `reminder`, `marketing`.
        purpose: String,
        /// How it begins, at most 140 characters; none where the words are the product's own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        excerpt: Option<String>,
    },
    /// Goes on at one place or another.
    Branch {
        /// `replied`, `prefers` or `consents`.
        asks: String,
        /// Of which channel.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        channel: Option<Channel>,
    },
    /// Calls somebody of the team in.
    Assign {
        /// Whom.
        member: String,
    },
    /// Ends.
    Stop {
        /// Why.
        reason: String,
    },
}

/// Where a step leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Leads {
    /// `next`, `yes`, `no`, or `passed`: the moment has passed already.
    pub when: String,
    /// To which step; none is the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// The body of `PUT /api/sites/{site}/sequences/{sequence}`, and of `…/check`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SequenceText {
    /// The whole text.
    pub text: String,
    /// The version that was read; empty for a new one. Nothing to a check.
    #[serde(default)]
    pub version: String,
}

/// The body of `DELETE /api/sites/{site}/sequences/{sequence}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SequenceGone {
    /// The version that was read.
    pub version: String,
}

/// The answer to `POST /api/sites/{site}/sequences/{sequence}/check`: what it says, or what is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Checked {
    /// What it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawn: Option<Drawn>,
    /// What is wrong, and where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrong: Option<WrongAt>,
}

/// What is wrong with a text, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WrongAt {
    /// The stable code.
    pub code: String,
    /// The line, from 1.
    pub line: usize,
    /// The character in it, from 1.
    pub column: usize,
    /// One sentence that says what to change.
    pub text: String,
}

/// The answer to `POST /api/sites/{site}/sequences/{sequence}/dry-run`, as the inbox reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    /// What it would say, in order.
    pub steps: Vec<WouldSay>,
    /// Why it would end; nothing where that is further off than is looked.
    pub ended: Option<String>,
}

/// Something a sequence would say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WouldSay {
    /// The step.
    pub step: String,
    /// When.
    pub at: Timestamp,
    /// Its words; empty where it is held back.
    pub text: String,
    /// `allow`, or the rule that holds it back.
    pub outcome: String,
    /// Where it would go.
    pub channel: Option<Channel>,
    /// One sentence: why.
    pub why: String,
    /// One sentence: what would have to change.
    pub change: String,
}
