//! A conversation: one per contact, over all channels, with one speaker at a time.

use serde::{Deserialize, Serialize};

use crate::{
    channel::Channel,
    contact::AddressKind,
    delivery::Purpose,
    handoff::Called,
    id::{ContactId, ConversationId, EventId},
    promise::Promise,
    time::{HOUR_MS, Timestamp},
    work::Work,
};

/// Who may speak to the contact now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Floor {
    /// The AI.
    #[default]
    Assistant,
    /// A human of the team: the assistant is silent.
    Agent {
        /// Who.
        name: String,
        /// When they last wrote, or took it.
        at: Timestamp,
    },
}

impl Floor {
    /// Who of the team has it; nobody where nothing was said from there for `lapses_h` hours.
    pub fn holder(&self, now: Timestamp, lapses_h: u32) -> Option<&str> {
        match self {
            Self::Agent { name, at } if now.since_ms(*at) < i64::from(lapses_h) * HOUR_MS => Some(name),
            _ => None,
        }
    }
}

/// The state of a conversation: what its timeline adds up to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    /// Its id.
    pub id: ConversationId,
    /// Whose it is.
    pub contact: ContactId,
    /// The version of the stored state that was read; 0 before the first. Whoever writes the next one wins.
    pub version: u32,
    /// The newest event's place; 0 before the first.
    pub last_seq: u32,
    /// Who may speak.
    pub floor: Floor,
    /// Grows whenever the floor changes hands; an answer begun under an older number is dropped.
    pub fence: u32,
    /// The answers that are owed, one per line that waits; see [`Conversation::next_owed`].
    pub owed: Vec<Owed>,
    /// Messages of the contact in the current minute.
    pub said: Window,
    /// Answers of the assistant in the current hour.
    pub turns: Window,
    /// Model tokens in the current day.
    pub tokens: Window,
    /// Addresses that were typed in the current day.
    pub typed: Vec<Typed>,
    /// How the contact was first told, on each channel, that an AI is speaking.
    pub disclosed: Vec<Disclosed>,
    /// When the contact last did something, on any channel. Every act has a later time of its own, whatever the clock says.
    pub heard_at: Option<Timestamp>,
    /// Where they did so last, an entry per address, the newest last.
    pub heard: Vec<Heard>,
    /// What the contact was sent unasked, as far as the site's policy looks back.
    pub spent: Vec<Spend>,
    /// When the contact was last told that the whole site is at its ceiling.
    pub busy_told_at: Option<Timestamp>,
    /// What was promised in the team's name and is still to be kept.
    pub promise: Option<Promise>,
    /// How far the team is with it.
    pub work: Work,
    /// What a person was called for and nobody of the team has answered yet, the oldest first.
    pub called: Vec<Called>,
}

impl Conversation {
    /// A conversation nothing has happened in.
    pub fn new(id: ConversationId, contact: ContactId) -> Self {
        Self {
            id,
            contact,
            version: 0,
            last_seq: 0,
            floor: Floor::default(),
            fence: 0,
            owed: Vec::new(),
            said: Window::default(),
            turns: Window::default(),
            tokens: Window::default(),
            typed: Vec::new(),
            disclosed: Vec::new(),
            heard_at: None,
            heard: Vec::new(),
            spent: Vec::new(),
            busy_told_at: None,
            promise: None,
            work: Work::default(),
            called: Vec::new(),
        }
    }
}

impl Conversation {
    /// Notes that an AI spoke and said so, in the words of `wording`; the first time on each channel counts.
    pub fn disclose(&mut self, channel: Channel, wording: String, at: Timestamp) {
        if !self.disclosed.iter().any(|earlier| earlier.channel == channel) {
            self.disclosed.push(Disclosed { channel, wording, at });
        }
    }

    /// Notes that the contact did something: when, from where, and in which event. Every act has a later time of its own, whatever the clock says.
    pub fn hear(&mut self, now: Timestamp, (channel, address_key): (Channel, &str), event: Option<&EventId>) {
        let at = self.heard_at.map_or(now, |before| now.max(before.plus_ms(1)));
        self.heard_at = Some(at);
        self.heard.retain(|heard| (heard.channel, heard.address_key.as_str()) != (channel, address_key));
        self.heard.push(Heard { channel, address_key: address_key.to_owned(), at, event: event.cloned() });
        if self.heard.len() > MAX_HEARD {
            self.heard.remove(0);
        }
    }

    /// That they last wrote from an address.
    pub fn heard_from(&self, channel: Channel, address_key: &str) -> Option<&Heard> {
        let from = |heard: &&Heard| heard.channel == channel && heard.address_key == address_key;
        self.heard.iter().find(from)
    }

    /// Counts a message that was sent unasked, and forgets those that are older than anything looks back on.
    pub fn spend(&mut self, spend: Spend, looks_back_ms: i64) {
        self.spent.retain(|earlier| spend.at.since_ms(earlier.at) < looks_back_ms);
        self.spent.push(spend);
    }

    /// The answer to work on: the one that is due first.
    pub fn next_owed(&self) -> Option<&Owed> {
        self.owed.iter().min_by_key(|owed| (owed.due_at, owed.basis_seq))
    }

    /// The answer that is owed on a line.
    pub fn owed_on(&self, channel: Channel, address_key: &str) -> Option<&Owed> {
        self.owed.iter().find(|owed| owed.channel == channel && owed.address_key == address_key)
    }

    /// Notes that an answer is owed, in place of the one that was owed on the same line.
    pub fn owe(&mut self, owed: Owed) {
        self.settle(owed.channel, &owed.address_key);
        self.owed.push(owed);
    }

    /// Nothing is owed on a line any more; what other lines wait for stands.
    pub fn settle(&mut self, channel: Channel, address_key: &str) {
        self.owed.retain(|owed| owed.channel != channel || owed.address_key != address_key);
    }
}

/// An answer that is owed on one line: lines are answered each by itself, because each may know something else.
///
/// Stored as JSON in the shape spelled out in this module's tests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owed {
    /// The line.
    pub channel: Channel,
    /// The contact's address on it, as compared.
    pub address_key: String,
    /// The first unanswered message.
    pub first_seq: u32,
    /// The newest message it must take in.
    pub basis_seq: u32,
    /// When the first unanswered message came.
    pub since: Timestamp,
    /// Not before.
    pub due_at: Timestamp,
}

/// An address that somebody typed to be written to. Stored as JSON in the shape spelled out in this module's tests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typed {
    /// Its kind.
    pub kind: AddressKind,
    /// The address, as compared.
    pub key: String,
    /// When it was last typed.
    pub at: Timestamp,
    /// When it was last sent a first message.
    pub sent_at: Option<Timestamp>,
    /// The lines it was typed on: the contact's addresses there, as compared.
    #[serde(default)]
    pub on: Vec<String>,
}

/// That a contact was told that an AI is speaking (EU AI Act, Art. 50(1)). Stored as JSON in this shape.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disclosed {
    /// Where.
    pub channel: Channel,
    /// In which words: see [`crate::phrases::disclosure_version`].
    pub wording: String,
    /// When.
    pub at: Timestamp,
}

/// That a contact wrote from an address. Stored as JSON in this shape.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// The channel.
    pub channel: Channel,
    /// The contact's address on it, as compared.
    pub address_key: String,
    /// When they last did.
    pub at: Timestamp,
    /// In which event; none where it was before that was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<EventId>,
}

/// How many addresses it is kept for.
const MAX_HEARD: usize = 8;

/// A message that was sent unasked. Stored as JSON in this shape.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spend {
    /// When.
    pub at: Timestamp,
    /// Where.
    pub channel: Channel,
    /// Why.
    pub purpose: Purpose,
    /// What about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// What else was said with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// Which message it was; none where it was sent before that was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<EventId>,
}

impl Spend {
    /// Whether it said something about this topic.
    pub fn said(&self, topic: &str) -> bool {
        self.topic.as_deref() == Some(topic) || self.also.iter().any(|also| also == topic)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn owed(channel: Channel, basis_seq: u32, due_ms: i64) -> Owed {
        let (since, due_at) = (Timestamp::from_ms(1), Timestamp::from_ms(due_ms));
        Owed { channel, address_key: "a".into(), first_seq: 1, basis_seq, since, due_at }
    }

    #[test]
    fn what_is_owed_is_stored_in_this_shape() {
        let text = r#"{"channel":"sms","address_key":"a","first_seq":1,"basis_seq":2,"since":1,"due_at":3}"#;
        let owed = owed(Channel::Sms, 2, 3);
        assert_eq!(serde_json::to_string(&owed).unwrap(), text);
        assert_eq!(serde_json::from_str::<Owed>(text).unwrap(), owed);
    }

    #[test]
    fn what_was_typed_is_stored_in_this_shape() {
        let text = r#"{"kind":"phone","key":"+14155552671","at":1,"sent_at":2,"on":["vis_1"]}"#;
        let (at, sent_at) = (Timestamp::from_ms(1), Some(Timestamp::from_ms(2)));
        let typed = Typed {
            kind: AddressKind::Phone,
            key: "+14155552671".into(),
            at,
            sent_at,
            on: vec!["vis_1".into()],
        };
        assert_eq!(serde_json::to_string(&typed).unwrap(), text);
        assert_eq!(serde_json::from_str::<Typed>(text).unwrap(), typed);
        let before = r#"{"kind":"phone","key":"+14155552671","at":1,"sent_at":2}"#;
        assert_eq!(serde_json::from_str::<Typed>(before).unwrap(), Typed { on: Vec::new(), ..typed });
    }

    #[test]
    fn each_line_is_owed_one_answer_and_the_one_due_first_is_next() {
        let (id, contact) = (ConversationId::parse("cnv_1").unwrap(), ContactId::parse("ctc_1").unwrap());
        let mut conversation = Conversation::new(id, contact);
        conversation.owe(owed(Channel::Sms, 2, 30));
        conversation.owe(owed(Channel::Widget, 3, 10));
        conversation.owe(owed(Channel::Sms, 4, 40));
        assert_eq!(conversation.owed.len(), 2);
        assert_eq!(conversation.next_owed().unwrap().basis_seq, 3);
        conversation.settle(Channel::Widget, "a");
        assert_eq!(conversation.next_owed().unwrap().basis_seq, 4);
        assert_eq!(conversation.owed_on(Channel::Widget, "a"), None);
    }
}
