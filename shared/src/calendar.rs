//! Calendar questions: which weekday was that for this contact, is the team there, and when will it be?
//!
//! Instants come in as [`Timestamp`]s and zones as IANA names; the zone database is compiled in. An unknown zone falls
//! back to the site's and then to UTC, so every function is total. Times of day are written on the 24-hour clock.

use jiff::{
    civil::{Date, Time, Weekday},
    tz::TimeZone,
};

use crate::{phrases::Lang, site::Site, time::Timestamp};

mod hours;
mod promised;
pub mod quiet;
mod week;

pub(crate) use hours::KEYS as DAY_KEYS;
pub use hours::{is_open, next_open, opens_sentence};
pub use promised::{after_open_minutes, promised_sentence};
pub use week::{day_sentence, week_sentence};

/// English and Spanish weekday names, Monday first.
const WEEKDAYS: [[&str; 7]; 2] = [
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
];

/// English and Spanish month names.
const MONTHS: [[&str; 12]; 2] = [
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
];

/// The contact's zone where it is known to the database, else the site's, else UTC.
///
/// Shape: an IANA name such as `America/Los_Angeles` or `UTC`.
pub fn known_zone<'a>(time_zone: &'a str, site: &'a Site) -> &'a str {
    [time_zone, &site.time_zone].into_iter().find(|name| TimeZone::get(name).is_ok()).unwrap_or("UTC")
}

/// The zone of a name; UTC where nobody knows it.
pub(crate) fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// An instant on the wall clock of a zone. Instants beyond the calendar's ends are moved to them.
pub(crate) fn local(at: Timestamp, zone: &TimeZone) -> jiff::Zoned {
    within(at).to_zoned(zone.clone())
}

/// The same day and time so many months later, in UTC; the last day of a month that has no such day.
pub(crate) fn months_after(at: Timestamp, months: i32) -> Timestamp {
    let span = jiff::Span::new().months(months);
    let later = local(at, &TimeZone::UTC).checked_add(span);
    later.map_or(at, |later| Timestamp::from_ms(later.timestamp().as_millisecond()))
}

/// An instant as the calendar counts it, moved to the calendar's ends where it lies beyond them.
fn within(at: Timestamp) -> jiff::Timestamp {
    let (min, max) = (jiff::Timestamp::MIN.as_millisecond() + 1, jiff::Timestamp::MAX.as_millisecond() - 1);
    jiff::Timestamp::from_millisecond(at.ms().clamp(min, max)).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}

/// Whole calendar days from `earlier` to `later`.
fn days_between(earlier: Date, later: Date) -> i32 {
    later.since(earlier).map_or(0, |span| span.get_days())
}

fn weekday_of(day: Weekday, lang: Lang) -> &'static str {
    let index = usize::try_from(day.to_monday_zero_offset()).unwrap_or(0);
    WEEKDAYS[lang as usize][index.min(6)]
}

fn month_of(date: Date, lang: Lang) -> &'static str {
    let index = usize::try_from(date.month()).unwrap_or(1).clamp(1, 12) - 1;
    MONTHS[lang as usize][index]
}

/// The weekday's name at an instant in a zone: `Tuesday`, `martes`.
pub fn weekday(at: Timestamp, time_zone: &str, lang: Lang) -> &'static str {
    weekday_of(local(at, &zone(time_zone)).weekday(), lang)
}

/// A month's name: `May`, `mayo`.
pub fn month(at: Timestamp, time_zone: &str, lang: Lang) -> &'static str {
    month_of(local(at, &zone(time_zone)).date(), lang)
}

/// The day of `at` as said at `now`, with its preposition: `today`, `yesterday`, `tomorrow`, `on Tuesday` within six
/// days, `on 3 March` within a year, else `on 3 March 2025`. Days are counted on the calendar of `time_zone`.
pub fn relative_day(at: Timestamp, now: Timestamp, time_zone: &str, lang: Lang) -> String {
    let zone = zone(time_zone);
    relative_date(local(at, &zone).date(), local(now, &zone).date(), lang)
}

/// [`relative_day`] between two calendar dates.
fn relative_date(day: Date, today: Date, lang: Lang) -> String {
    let days = days_between(today, day);
    match (days, lang) {
        (0, Lang::En) => "today".to_owned(),
        (0, Lang::Es) => "hoy".to_owned(),
        (1, Lang::En) => "tomorrow".to_owned(),
        (1, Lang::Es) => "mañana".to_owned(),
        (-1, Lang::En) => "yesterday".to_owned(),
        (-1, Lang::Es) => "ayer".to_owned(),
        (-6..=6, Lang::En) => format!("on {}", weekday_of(day.weekday(), lang)),
        (-6..=6, Lang::Es) => format!("el {}", weekday_of(day.weekday(), lang)),
        (-330..=330, _) => format!("{} {}", on(lang), day_month(day, lang)),
        _ => format!("{} {}", on(lang), full_date(day, lang)),
    }
}

const fn on(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "on",
        Lang::Es => "el",
    }
}

fn day_month(day: Date, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{} {}", day.day(), month_of(day, lang)),
        Lang::Es => format!("{} de {}", day.day(), month_of(day, lang)),
    }
}

fn full_date(day: Date, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{} {}", day_month(day, lang), day.year()),
        Lang::Es => format!("{} de {}", day_month(day, lang), day.year()),
    }
}

/// The time of day: `9:05`, `18:00`.
pub fn local_time(at: Timestamp, time_zone: &str) -> String {
    clock(local(at, &zone(time_zone)).time())
}

fn clock(time: Time) -> String {
    format!("{}:{:02}", time.hour(), time.minute())
}

/// The date: `24 November 2026`, `24 de noviembre de 2026`.
pub fn local_date(at: Timestamp, time_zone: &str, lang: Lang) -> String {
    full_date(local(at, &zone(time_zone)).date(), lang)
}

/// Weekday and date: `Tuesday 24 November`, `martes 24 de noviembre`.
pub fn weekday_date(at: Timestamp, time_zone: &str, lang: Lang) -> String {
    let date = local(at, &zone(time_zone)).date();
    format!("{} {}", weekday_of(date.weekday(), lang), day_month(date, lang))
}

/// Weekday, date and time: `Tuesday, 24 November 2026 at 9:12`, `martes, 24 de noviembre de 2026, 9:12`.
pub fn local_date_time(at: Timestamp, time_zone: &str, lang: Lang) -> String {
    let there = local(at, &zone(time_zone));
    let (weekday, date) = (weekday_of(there.weekday(), lang), full_date(there.date(), lang));
    match lang {
        Lang::En => format!("{weekday}, {date} at {}", clock(there.time())),
        Lang::Es => format!("{weekday}, {date}, {}", clock(there.time())),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::from_ms(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    #[test]
    fn the_weekday_is_the_contacts_own() {
        let late = at("2026-11-25T04:30:00Z");
        assert_eq!(weekday(late, "America/Los_Angeles", Lang::En), "Tuesday");
        assert_eq!(weekday(late, "Europe/Madrid", Lang::Es), "miércoles");
        assert_eq!(weekday(late, "Nowhere/Land", Lang::En), "Wednesday");
    }

    #[test]
    fn days_are_named_by_how_far_they_are() {
        let now = at("2026-11-27T17:00:00Z");
        let zone = "America/Los_Angeles";
        for (day, en, es) in [
            ("2026-11-27T08:00:00Z", "today", "hoy"),
            ("2026-11-27T07:59:00Z", "yesterday", "ayer"),
            ("2026-11-24T18:00:00Z", "on Tuesday", "el martes"),
            ("2026-11-20T18:00:00Z", "on 20 November", "el 20 de noviembre"),
            ("2026-11-28T18:00:00Z", "tomorrow", "mañana"),
            ("2026-11-30T18:00:00Z", "on Monday", "el lunes"),
            ("2025-03-03T18:00:00Z", "on 3 March 2025", "el 3 de marzo de 2025"),
        ] {
            assert_eq!(relative_day(at(day), now, zone, Lang::En), en);
            assert_eq!(relative_day(at(day), now, zone, Lang::Es), es);
        }
    }

    #[test]
    fn dates_and_times_are_written_out() {
        let moment = at("2026-11-24T17:12:00Z");
        assert_eq!(local_time(moment, "America/Los_Angeles"), "9:12");
        assert_eq!(
            local_date_time(moment, "America/Los_Angeles", Lang::En),
            "Tuesday, 24 November 2026 at 9:12"
        );
        assert_eq!(
            local_date_time(moment, "America/Mexico_City", Lang::Es),
            "martes, 24 de noviembre de 2026, 11:12"
        );
    }

    proptest! {
        #[test]
        fn every_instant_and_zone_name_has_an_answer(at in any::<i64>(), now in any::<i64>(), name in "\\PC{0,12}") {
            let (at, now) = (Timestamp::from_ms(at), Timestamp::from_ms(now));
            for lang in Lang::ALL {
                prop_assert!(!relative_day(at, now, &name, lang).is_empty());
                prop_assert!(!local_date_time(at, &name, lang).is_empty());
            }
        }
    }
}
