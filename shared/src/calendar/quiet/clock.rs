//! One zone's wall clock against a week's hours.
//!
//! Between two changes of the clock local time is plain arithmetic; so nothing here steps through minutes, and a change
//! that lies in between is where the arithmetic begins anew.

use jiff::tz::TimeZone;

use super::rules::Week;
use crate::{
    calendar::within,
    time::{DAY_MS, MINUTE_MS, Timestamp},
};

/// How many days ahead hours are looked for: no two weeks are all holidays.
const AHEAD: i64 = 14;

/// Whether the hours are open at an instant.
pub(super) fn is_open(week: &Week, zone: &TimeZone, at: Timestamp) -> bool {
    wait(week, local_ms(zone, at)) == Some(0)
}

/// The first instant from `at` on at which the hours are open; `horizon` where there is none before.
pub(super) fn next_open(week: &Week, zone: &TimeZone, mut at: Timestamp, horizon: Timestamp) -> Timestamp {
    while at < horizon {
        let next = match wait(week, local_ms(zone, at)) {
            Some(0) => return at,
            Some(wait) => at.plus_ms(wait),
            None => return horizon,
        };
        match change_after(zone, at) {
            Some(change) if change <= next => at = change,
            _ => return next.min(horizon),
        }
    }
    horizon
}

/// Milliseconds on the wall clock from a local time to the next one within the hours; 0 within them.
fn wait(week: &Week, local: i64) -> Option<i64> {
    let (day, time) = (local.div_euclid(DAY_MS), local.rem_euclid(DAY_MS));
    (0..=AHEAD).find_map(|ahead| {
        let (from, to) = week.on(day + ahead)?;
        let (from, to) = (i64::from(from) * MINUTE_MS, i64::from(to) * MINUTE_MS);
        match ahead {
            0 if time < from => Some(from - time),
            0 if time < to => Some(0),
            0 => None,
            _ => Some(ahead * DAY_MS + from - time),
        }
    })
}

/// What the wall clock shows, in milliseconds since 1970 began on it.
fn local_ms(zone: &TimeZone, at: Timestamp) -> i64 {
    at.plus_ms(i64::from(zone.to_offset(within(at)).seconds()) * 1_000).ms()
}

/// When the zone's clock is changed next.
fn change_after(zone: &TimeZone, at: Timestamp) -> Option<Timestamp> {
    let change = zone.following(within(at)).next()?;
    Some(Timestamp::from_ms(change.timestamp().as_millisecond())).filter(|change| *change > at)
}
