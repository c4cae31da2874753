//! Slots: the times at which a service could begin at a resource. Pure; the store's rows come in as [`Busy`].
//!
//! Hours are the resource's wall clock: starts stand every `step_min` minutes of *local* time from the beginning of each
//! span, and an appointment must end, after its *real* duration, by the span's end. Where the clock is put forward, a
//! start that the clock skips is no start; where it is put back, a time that comes twice is its first occurrence, as a
//! start and as an end. So a day of 23 hours has fewer slots, and the repeated hour of one of 25 is offered once.
//!
//! Slots are checked against hours, notice, horizon, daily maximum and what is busy; buffers need no hours. Malformed
//! hours, which an import refuses, are no hours: every function here is total.

use jiff::{
    Span,
    civil::{Date, DateTime},
    tz::{AmbiguousOffset, TimeZone},
};

use super::Time;
use crate::{
    calendar,
    id::{ResourceId, ServiceId},
    site::{
        Site,
        booking::{Resource, Service, Spans},
    },
    time::{MINUTE_MS, Timestamp},
};

/// The most days that are looked at for one answer.
const MAX_DAYS: usize = 800;

/// What takes a resource's time already: an appointment or a hold that lasts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Busy {
    /// From when, buffers included.
    pub from: Timestamp,
    /// Until when, buffers included.
    pub to: Timestamp,
    /// What for.
    pub service: ServiceId,
    /// The day it counts for, `YYYY-MM-DD` in the resource's zone.
    pub day: String,
}

/// A time at which a service could begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Whose time it is.
    pub resource: ResourceId,
    /// When it would be, and what it would take.
    pub time: Time,
}

/// Why a start cannot be booked; what came closer to having it is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refused {
    /// It is none of the starts offered: outside the hours, too soon, too far ahead.
    NotOffered,
    /// It has passed.
    Past,
    /// The resource does no more of this service on that day.
    DayFull,
    /// Something else takes the time.
    Taken,
}

/// A service at a resource, and the days on which the site is closed.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// What is to be done.
    pub service: &'a Service,
    /// By whom.
    pub resource: &'a Resource,
    /// Dates on which the site is closed, `YYYY-MM-DD`.
    pub holidays: &'a [String],
}

impl<'a> Rules<'a> {
    /// The rules of a service at each resource that does it, in the owner's order.
    pub fn of(site: &'a Site, service: &'a Service) -> impl Iterator<Item = Self> {
        let holidays = site.holidays.as_slice();
        let resources = service.resources.iter().filter_map(|id| site.booking.as_ref()?.resource(id));
        resources.map(move |resource| Self { service, resource, holidays })
    }

    /// The slots that begin within `[from, to)` and can be booked at `now`, earliest first. `busy` may be in any order
    /// and must hold everything that lies within three days of the window.
    pub fn slots(&self, from: Timestamp, to: Timestamp, busy: &[Busy], now: Timestamp) -> Vec<Slot> {
        let mut slots = self.offered(from, to, now);
        slots.retain(|slot| self.collision(&slot.time, busy).is_none());
        slots
    }

    /// The slot that begins at `start`, or why it cannot be booked at `now`.
    pub fn slot_at(&self, start: Timestamp, busy: &[Busy], now: Timestamp) -> Result<Slot, Refused> {
        if start <= now {
            return Err(Refused::Past);
        }
        let slot = self.offered(start, start.plus_ms(1), now).into_iter().next();
        let slot = slot.ok_or(Refused::NotOffered)?;
        self.collision(&slot.time, busy).map_or(Ok(slot), Err)
    }

    /// What stands in the way of a time that is offered.
    fn collision(&self, time: &Time, busy: &[Busy]) -> Option<Refused> {
        let taken = busy.iter().any(|busy| busy.from < time.busy_to && time.busy_from < busy.to);
        if taken {
            return Some(Refused::Taken);
        }
        let max = usize::try_from(self.service.daily_max?).unwrap_or(usize::MAX);
        let same = busy.iter().filter(|busy| busy.service == self.service.id && busy.day == time.day);
        (same.count() >= max).then_some(Refused::DayFull)
    }

    /// The starts that hours, notice and horizon allow, whatever is busy.
    fn offered(&self, from: Timestamp, to: Timestamp, now: Timestamp) -> Vec<Slot> {
        let zone = calendar::zone(&self.resource.time_zone);
        let earliest = from.max(now.plus_ms(i64::from(self.service.notice_min) * MINUTE_MS));
        let today = calendar::local(now, &zone).date();
        let last = today.saturating_add(Span::new().days(i64::from(self.service.ahead_days.min(10_000))));
        let first = calendar::local(earliest, &zone).date();
        let last = last.min(calendar::local(to, &zone).date());
        let days = first.series(Span::new().days(1)).take_while(|day| *day <= last).take(MAX_DAYS);
        let mut slots: Vec<Slot> = days.flat_map(|day| self.on(day, &zone)).collect();
        slots.retain(|slot| earliest <= slot.time.start && slot.time.start < to);
        slots
    }

    /// The starts of one day, by its hours alone.
    fn on(&self, day: Date, zone: &TimeZone) -> Vec<Slot> {
        let mut slots = Vec::new();
        for (opens, closes) in self.spans(day) {
            let (Some(opens), Some(closes)) = (wall(day, opens), wall(day, closes)) else { continue };
            let Some(end) = closing(closes, zone) else { continue };
            let step = i64::from(self.service.step_min().max(1));
            for minutes in (0..24 * 60).step_by(usize::try_from(step).unwrap_or(1)) {
                let Ok(there) = opens.checked_add(Span::new().minutes(minutes)) else { break };
                if there >= closes {
                    break;
                }
                let Some(start) = instant(there, zone) else { continue };
                let time = self.time(start, day);
                if time.end <= end {
                    slots.push(Slot { resource: self.resource.id.clone(), time });
                }
            }
        }
        slots.sort_by_key(|slot| slot.time.start);
        slots
    }

    /// The hours of a day: its own, else none on a holiday, else its weekday's.
    fn spans(&self, day: Date) -> &'a [(String, String)] {
        let date = day.to_string();
        if let Some(spans) = self.resource.dates.get(&date) {
            return spans;
        }
        if self.holidays.contains(&date) {
            return &[];
        }
        let index = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0);
        let key = calendar::DAY_KEYS[index.min(6)];
        self.resource.hours.get(key).map_or(&[], Spans::as_slice)
    }

    fn time(&self, start: Timestamp, day: Date) -> Time {
        let ms = |minutes: u32| i64::from(minutes) * MINUTE_MS;
        let end = start.plus_ms(ms(self.service.duration_min));
        Time {
            start,
            end,
            busy_from: start.plus_ms(-ms(self.service.buffer_before_min)),
            busy_to: end.plus_ms(ms(self.service.buffer_after_min)),
            day: day.to_string(),
        }
    }
}

/// `HH:MM` of a day; `24:00` is the next day's beginning.
fn wall(day: Date, text: &str) -> Option<DateTime> {
    if text == "24:00" {
        return Some(day.tomorrow().ok()?.at(0, 0, 0, 0));
    }
    let (hour, minute) = text.split_once(':')?;
    let time = jiff::civil::Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()?;
    Some(day.to_datetime(time))
}

/// The instant of a start: the first of two, none where the clock skips it.
fn instant(there: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    let ambiguous = zone.to_ambiguous_timestamp(there);
    if matches!(ambiguous.offset(), AmbiguousOffset::Gap { .. }) {
        return None;
    }
    ambiguous.earlier().ok().map(|at| Timestamp::from_ms(at.as_millisecond()))
}

/// The instant of a span's end: the first of two, and the moment of the change where the clock skips it.
fn closing(there: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    let ambiguous = zone.to_ambiguous_timestamp(there);
    let earlier = ambiguous.earlier().ok()?;
    let at = match ambiguous.offset() {
        AmbiguousOffset::Gap { .. } => zone.following(earlier).next()?.timestamp(),
        AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => earlier,
    };
    Some(Timestamp::from_ms(at.as_millisecond()))
}

#[cfg(test)]
mod tests;
