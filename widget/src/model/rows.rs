//! The log's rows: items and waiting messages in the order they are shown.

use shared::channel::Channel;
use shared::time::{MINUTE_MS, Timestamp};
use shared::wire::{Item, Speaker};

use super::{Model, State};

/// A speaker is named again after a pause this long.
const PAUSE_MS: i64 = 10 * MINUTE_MS;

/// One row of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What was said. A waiting message has the `seq` 0.
    pub item: Item,
    /// A new calendar day begins here.
    pub day: bool,
    /// The first of a run by one speaker over one channel: it bears the name.
    pub first: bool,
    /// The last of such a run.
    pub last: bool,
}

impl Model {
    /// The log's rows; `day_of` numbers the calendar days of the visitor's time zone.
    pub fn rows(&self, day_of: impl Fn(Timestamp) -> i64) -> Vec<Row> {
        let waiting = self.outbox.iter().filter_map(|pending| {
            Some(Item {
                seq: 0,
                id: pending.id()?.clone(),
                at: pending.at,
                channel: Channel::Widget,
                speaker: Speaker::Contact,
                text: pending.text()?.to_owned(),
                subject: None,
                sources: Vec::new(),
                offers: Vec::new(),
                files: Vec::new(),
            })
        });
        let mut rows: Vec<Row> = Vec::new();
        for item in self.items.iter().cloned().chain(waiting) {
            let before = rows.last_mut();
            let day = before.as_ref().is_none_or(|row| day_of(row.item.at) != day_of(item.at));
            let first = day || before.as_ref().is_none_or(|row| !goes_on(&row.item, &item));
            if let Some(row) = before {
                row.last = first;
            }
            rows.push(Row { item, day, first, last: true });
        }
        rows
    }

    /// Whether the row of this own message tells how far it has come: the newest one does, and any that is not there yet.
    pub fn tells_state(&self, row: &Row, state: &State) -> bool {
        match state {
            State::Queued | State::Sending | State::Failed { .. } => true,
            State::Sent | State::Delivered | State::Read => {
                let own = |item: &&Item| item.speaker == Speaker::Contact && item.channel == Channel::Widget;
                self.items.iter().rev().find(own).is_some_and(|item| item.id == row.item.id)
            }
        }
    }
}

fn goes_on(before: &Item, item: &Item) -> bool {
    before.speaker == item.speaker
        && before.channel == item.channel
        && item.at.since_ms(before.at) < PAUSE_MS
        && item.speaker != Speaker::System
}
