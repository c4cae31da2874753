//! The team's work: whose a conversation is, how far the team is with it, and since when its contact waits for a person.
//!
//! The state stands in the conversation's own row, so a word of the contact's changes it at no write of its own. It is
//! derived in one place, `decide/work.rs`, from the events of each decision; what a member does by hand is an event.

pub mod tally;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use crate::api::list::Progress;
use crate::{
    id::{DeliveryId, TaughtId},
    time::Timestamp,
};

/// How far the team is with a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Whose it is, by name.
    pub assigned: Option<String>,
    /// Open, put off, or resolved.
    pub progress: Progress,
    /// Since when the contact waits for a person.
    pub waits_since: Option<Timestamp>,
    /// The place of the newest message.
    pub said_seq: Option<u32>,
    /// The newest delivery that did not arrive and that nobody has dealt with. Read only: the store keeps it true.
    pub not_delivered: Option<DeliveryId>,
}

impl Work {
    /// Takes on what the team had to do in a conversation that is joined to this one.
    pub fn join(&mut self, other: Self) {
        self.waits_since = match (self.waits_since, other.waits_since) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        if self.assigned.is_none() {
            self.assigned = other.assigned;
        }
    }
}

/// What was done about a conversation, as it stands on the timeline. Stored as JSON in the shape spelled out in this
/// module's tests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkEvent {
    /// It was given to a member whose turn it was.
    Given {
        /// Whose it is.
        to: String,
        /// How many other open ones they had.
        open: u32,
    },
    /// A member made it somebody's, or nobody's.
    Assigned {
        /// Whose it is.
        to: Option<String>,
    },
    /// Nothing is left to do.
    Resolved {},
    /// It is to be looked at again.
    Reopened {},
    /// It was put off.
    Snoozed {
        /// Until then.
        until: Timestamp,
    },
    /// What it was put off for has come.
    Awake {},
    /// Somebody saw to what could not be delivered.
    DealtWith {},
}

/// What a member of the team teaches the assistant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// Its id, minted by whoever teaches it: the same again takes its place.
    pub id: TaughtId,
    /// What is asked.
    pub question: String,
    /// What is to be answered.
    pub answer: String,
    /// Who, by name.
    pub by: String,
}

/// How conversations are given to the members of a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Whoever is called for is the next of the team, by turn.
    pub round_robin: bool,
    /// How many open ones a member has at most, as far as they are given by turn.
    pub capacity: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { round_robin: false, capacity: 20 }
    }
}

/// Whose turn it is to be given a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rounds {
    /// The version that was read; 0 before the first turn.
    pub version: u32,
    /// When each member was last given one.
    pub given: BTreeMap<String, Timestamp>,
    /// How many open ones each member has, counted up to the capacity.
    pub open: BTreeMap<String, u32>,
}

impl Rounds {
    /// The next of the team and how many open ones they have: who has the fewest below the capacity; of those whoever was
    /// given one longest ago, in the team's order. `None` where everybody has their fill.
    pub fn next<'a>(&self, team: &'a [String], capacity: u32) -> Option<(&'a str, u32)> {
        let open = |name: &str| self.open.get(name).copied().unwrap_or(0);
        let free = team.iter().filter(|name| open(name) < capacity);
        let next = free.min_by_key(|name| (open(name), self.given.get(*name).copied()))?;
        Some((next, open(next)))
    }

    /// The same after a member was given one.
    #[must_use]
    pub fn after(&self, name: &str, at: Timestamp) -> Self {
        let mut next = self.clone();
        next.version += 1;
        next.given.insert(name.to_owned(), at);
        *next.open.entry(name.to_owned()).or_default() += 1;
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_is_stored_in_these_shapes() {
        let until = Timestamp::from_ms(5);
        let shapes = [
            (WorkEvent::Given { to: "Jun".into(), open: 2 }, r#"{"given":{"to":"Jun","open":2}}"#),
            (WorkEvent::Assigned { to: Some("Jun".into()) }, r#"{"assigned":{"to":"Jun"}}"#),
            (WorkEvent::Assigned { to: None }, r#"{"assigned":{"to":null}}"#),
            (WorkEvent::Resolved {}, r#"{"resolved":{}}"#),
            (WorkEvent::Reopened {}, r#"{"reopened":{}}"#),
            (WorkEvent::Snoozed { until }, r#"{"snoozed":{"until":5}}"#),
            (WorkEvent::Awake {}, r#"{"awake":{}}"#),
            (WorkEvent::DealtWith {}, r#"{"dealt_with":{}}"#),
        ];
        for (event, text) in shapes {
            assert_eq!(serde_json::to_string(&event).unwrap(), text);
            assert_eq!(serde_json::from_str::<WorkEvent>(text).unwrap(), event);
        }
    }

    #[test]
    fn the_fewest_come_first_then_whoever_was_given_one_longest_ago_then_the_teams_order() {
        let team: Vec<String> = ["Ann", "Ben", "Cem"].map(String::from).to_vec();
        let mut rounds = Rounds::default();
        let mut given = Vec::new();
        for minute in 0..7 {
            let Some((name, _)) = rounds.next(&team, 2) else { break };
            given.push(name.to_owned());
            rounds = rounds.after(name, Timestamp::from_ms(minute));
        }
        assert_eq!(given, ["Ann", "Ben", "Cem", "Ann", "Ben", "Cem"], "and then nobody is free");
        rounds.open.insert("Ben".into(), 0);
        rounds.open.insert("Cem".into(), 0);
        assert_eq!(rounds.next(&team, 2), Some(("Ben", 0)), "who was given one before Cem");
        assert_eq!(rounds.next(&[], 2), None);
    }
}
