//! What the team teaches the assistant, and what it says often.

use serde::{Deserialize, Serialize};

use crate::{
    id::{ContactId, ConversationId, TaughtId},
    time::Timestamp,
};

/// Answers that somebody should look at: the answer to `GET /api/sites/{site}/review`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reviews {
    /// The latest first.
    pub reviews: Vec<Review>,
    /// Where the next page begins (`?after=`); none where this is the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// An answer of the assistant that somebody should look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Review {
    /// To whom.
    pub contact: ContactId,
    /// Where it stands.
    pub conversation: ConversationId,
    /// At which place.
    pub seq: u32,
    /// When.
    pub at: Timestamp,
    /// `unsure`, or `no_source`.
    pub why: String,
    /// What was asked: the contact's last words before it.
    pub question: String,
    /// What the assistant said.
    pub answer: String,
}

/// Something the team taught the assistant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Taught {
    /// Which.
    pub id: TaughtId,
    /// What is asked.
    pub question: String,
    /// What is to be answered.
    pub answer: String,
    /// Who taught it, by name.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// A canned reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Canned {
    /// Its name.
    pub name: String,
    /// Its words; `{name}` stands for what the contact is called, `{site}` for the business.
    pub text: String,
}
