//! What a report tells of a span of days.

use serde::{Deserialize, Serialize};

use crate::channel::Channel;

/// The answer to `GET /api/sites/{site}/report?from=2026-11-01&to=2026-11-30`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Report {
    /// The first day, `YYYY-MM-DD` on the site's calendar.
    pub from: String,
    /// The last day, included.
    pub to: String,
    /// How long contacts waited for the first answer to what they wrote, by channel and by who answered.
    pub first_answers: Vec<FirstAnswer>,
    /// Days on which somebody wrote, counted for each contact.
    pub talks: u32,
    /// How often a person was called, by cause: `asked`, `unsure`, `anger`, `abuse`, `sequence` and others.
    pub handoffs: Vec<Named>,
    /// All of them, for each 100 of `talks`; none without any.
    pub handoffs_per_100: Option<u32>,
    /// Promises that were kept in time.
    pub promises_kept: u32,
    /// Promises that were missed.
    pub promises_missed: u32,
    /// Those kept, of 100 that ended; none without any.
    pub promises_kept_per_100: Option<u32>,
    /// Messages that were held back, by the rule.
    pub held_back: Vec<Named>,
    /// What sequences sent, and who left because of it.
    pub sequences: Vec<SequenceSends>,
    /// Answers of the assistant.
    pub answers: u32,
    /// Those without a source.
    pub answers_unsourced: u32,
    /// Appointments that were booked.
    pub booked: u32,
    /// Appointments that were called off.
    pub cancelled: u32,
    /// Contacts who did not come.
    pub no_shows: u32,
    /// New contacts.
    pub contacts: u32,
    /// Contacts that turned out to be another one.
    pub joined: u32,
    /// Those, for each 100 new ones; none without any.
    pub joined_per_100: Option<u32>,
    /// Day by day, those on which anything was counted.
    pub days: Vec<Day>,
}

/// How long contacts waited. To within an eighth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FirstAnswer {
    /// On which channel.
    pub channel: Channel,
    /// Who answered: `assistant` or `person`.
    pub by: String,
    /// How many answers.
    pub count: u32,
    /// Half of them took at most this long, in seconds.
    pub median_s: u64,
    /// Nine of ten took at most this long, in seconds.
    pub p90_s: u64,
}

/// How often something happened.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "NamedCount"))]
pub struct Named {
    /// What: a stable word or rule.
    pub name: String,
    /// How often.
    pub count: u32,
}

/// What a sequence sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SequenceSends {
    /// The sequence's name.
    pub sequence: String,
    /// How many messages.
    pub sent: u32,
    /// How many opted out of something within a week of one.
    pub opted_out: u32,
    /// Those, for each 1,000 sent.
    pub opted_out_per_1000: Option<u32>,
}

/// A day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Day {
    /// Which, `YYYY-MM-DD`.
    pub day: String,
    /// Contacts who wrote.
    pub talks: u32,
    /// Answers of the assistant.
    pub answers: u32,
    /// New contacts.
    pub contacts: u32,
    /// Appointments booked.
    pub booked: u32,
}
