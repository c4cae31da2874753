//! A conversation: one per contact, over all channels, with one speaker at a time.

use serde::{Deserialize, Serialize};

use crate::{
    id::{ContactId, ConversationId},
    time::Timestamp,
};

/// Who may speak to the contact now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Floor {
    /// The AI.
    #[default]
    Assistant,
    /// A human of the team, by name: the assistant is silent.
    Agent(String),
}

/// The state of a conversation: what its timeline adds up to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    /// Its id.
    pub id: ConversationId,
    /// Whose it is.
    pub contact: ContactId,
    /// The newest event's place; 0 before the first.
    pub last_seq: u32,
    /// Who may speak.
    pub floor: Floor,
    /// Grows whenever the floor changes hands; an answer begun under an older number is dropped.
    pub fence: u32,
    /// The answer that is owed.
    pub turn: Option<Owed>,
    /// Messages of the contact in the current minute.
    pub said: Window,
    /// Answers of the assistant in the current hour.
    pub turns: Window,
    /// Model tokens in the current day.
    pub tokens: Window,
    /// When the contact was first told that an AI is speaking.
    pub disclosed_at: Option<Timestamp>,
    /// When the contact was last told that the whole site is at its ceiling.
    pub busy_told_at: Option<Timestamp>,
}

impl Conversation {
    /// A conversation nothing has happened in.
    pub fn new(id: ConversationId, contact: ContactId) -> Self {
        Self {
            id,
            contact,
            last_seq: 0,
            floor: Floor::default(),
            fence: 0,
            turn: None,
            said: Window::default(),
            turns: Window::default(),
            tokens: Window::default(),
            disclosed_at: None,
            busy_told_at: None,
        }
    }
}

/// An answer that is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owed {
    /// The newest message it must take in.
    pub basis_seq: u32,
    /// Not before.
    pub due_at: Timestamp,
    /// When the first unanswered message came.
    pub since: Timestamp,
}

/// A count within a span of time that starts with its first event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// When the span began.
    pub since: Timestamp,
    /// How much happened in it.
    pub count: u32,
}

impl Window {
    /// The window after `more` happened at `now`: a span older than `span_ms` starts anew.
    #[must_use]
    pub const fn add(self, now: Timestamp, span_ms: i64, more: u32) -> Self {
        if now.since_ms(self.since) >= span_ms {
            Self { since: now, count: more }
        } else {
            Self { since: self.since, count: self.count.saturating_add(more) }
        }
    }

    /// How much has happened in the span that is running at `now`.
    pub const fn count_at(self, now: Timestamp, span_ms: i64) -> u32 {
        if now.since_ms(self.since) >= span_ms { 0 } else { self.count }
    }

    /// Milliseconds until the running span ends.
    pub const fn ends_in_ms(self, now: Timestamp, span_ms: i64) -> i64 {
        let left = span_ms - now.since_ms(self.since);
        if left < 0 { 0 } else { left }
    }
}
