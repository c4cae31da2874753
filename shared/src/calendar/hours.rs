//! Opening hours: spans of the site's local time, minus holidays, as instants.
//!
//! A span that begins at a local time the clock skips begins when the clock has skipped; a time that occurs twice is the
//! first one. A span whose end is not after its start runs past midnight (`22:00` to `02:00`; `24:00` is midnight).
//! Malformed spans and holidays are no spans and no holidays.

use jiff::{
    civil::{Date, Time},
    tz::TimeZone,
};

use super::{clock, days_between, full_date, local, on, relative_date, weekday_of, zone};
use crate::{phrases::Lang, site::Site, time::Timestamp};

/// How far ahead an opening is looked for, in days.
pub(super) const HORIZON_DAYS: usize = 400;
/// An opening that lasts longer than this has no closing time worth saying, in days.
const ALWAYS_DAYS: usize = 8;

/// The keys of [`Site::hours`], Monday first.
pub(crate) const KEYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Whether the team is there at `now`.
pub fn is_open(site: &Site, now: Timestamp) -> bool {
    current(site, now).is_some()
}

/// When the team leaves, while it is there: the end of the opening `now` is in, adjoining spans taken together. `None`
/// while closed, and where it is open around the clock.
fn closes_at(site: &Site, now: Timestamp) -> Option<Timestamp> {
    let start = current(site, now)?;
    let mut end = start;
    for span in spans_from(site, now, ALWAYS_DAYS + 2) {
        if span.0 <= end {
            end = end.max(span.1);
        }
    }
    let always = i64::try_from(ALWAYS_DAYS).unwrap_or(8) * crate::time::DAY_MS;
    (end.since_ms(now) < always).then_some(end)
}

/// The first instant from `now` on at which the team is there: `now` itself while it is open, else the next opening
/// within 400 days. `None` where the site has no hours.
pub fn next_open(site: &Site, now: Timestamp) -> Option<Timestamp> {
    if is_open(site, now) {
        return Some(now);
    }
    spans_from(site, now, HORIZON_DAYS).map(|span| span.0).find(|start| *start > now)
}

/// When a person answers, as a whole sentence on the contact's own clock: "The team is here until 18:00 today." or "A
/// person will answer on Monday from 9:00." The words "(your time)" stand where the contact's clock differs from the
/// site's.
pub fn opens_sentence(site: &Site, now: Timestamp, time_zone: &str, locale: &str) -> String {
    let lang = Lang::of(locale);
    let zone = zone(super::known_zone(time_zone, site));
    if is_open(site, now) {
        return match (closes_at(site, now), lang) {
            (Some(end), Lang::En) => {
                format!("The team is here until {}.", moment(site, end, now, &zone, lang))
            }
            (Some(end), Lang::Es) => {
                format!("El equipo está aquí hasta {}.", moment(site, end, now, &zone, lang))
            }
            (None, Lang::En) => "The team is here now.".to_owned(),
            (None, Lang::Es) => "El equipo está aquí ahora.".to_owned(),
        };
    }
    match (next_open(site, now), lang) {
        (Some(start), Lang::En) => format!("A person will answer {}.", from(site, start, now, &zone, lang)),
        (Some(start), Lang::Es) => format!("Una persona responderá {}.", from(site, start, now, &zone, lang)),
        (None, Lang::En) => "A person will answer as soon as they can.".to_owned(),
        (None, Lang::Es) => "Una persona responderá en cuanto pueda.".to_owned(),
    }
}

/// "18:00 today", "las 2:00 de mañana".
fn moment(site: &Site, at: Timestamp, now: Timestamp, zone: &TimeZone, lang: Lang) -> String {
    let there = local(at, zone);
    let today = local(now, zone).date();
    let (time, yours) = (clock(there.time()), your_time(site, at, zone, lang));
    let day = relative_date(there.date(), today, lang);
    match lang {
        Lang::En => format!("{time} {day}{yours}"),
        Lang::Es if there.hour() == 1 => format!("la {time} de {day}{yours}"),
        Lang::Es => format!("las {time} de {day}{yours}"),
    }
}

/// "on Monday from 9:00 (your time)", "on Monday, 4 January 2027, from 9:00".
fn from(site: &Site, at: Timestamp, now: Timestamp, zone: &TimeZone, lang: Lang) -> String {
    let there = local(at, zone);
    let today = local(now, zone).date();
    let (time, yours) = (clock(there.time()), your_time(site, at, zone, lang));
    let day = if days_between(today, there.date()) <= 6 {
        relative_date(there.date(), today, lang)
    } else {
        format!("{} {}, {},", on(lang), weekday_of(there.weekday(), lang), full_date(there.date(), lang))
    };
    match lang {
        Lang::En => format!("{day} from {time}{yours}"),
        Lang::Es if there.hour() == 1 => format!("{day} a partir de la {time}{yours}"),
        Lang::Es => format!("{day} a partir de las {time}{yours}"),
    }
}

/// " (your time)" where the contact's clock shows something else than the site's.
pub(super) fn your_time(site: &Site, at: Timestamp, contact: &TimeZone, lang: Lang) -> &'static str {
    let same = local(at, &zone(&site.time_zone)).datetime() == local(at, contact).datetime();
    match (same, lang) {
        (true, _) => "",
        (false, Lang::En) => " (your time)",
        (false, Lang::Es) => " (su hora)",
    }
}

/// The start of the span `now` is in.
fn current(site: &Site, now: Timestamp) -> Option<Timestamp> {
    spans_from(site, now, 2).find(|(start, end)| *start <= now && now < *end).map(|span| span.0)
}

/// The openings from the day before `now` on, for `days` days, in order of their days.
pub(super) fn spans_from(
    site: &Site,
    now: Timestamp,
    days: usize,
) -> impl Iterator<Item = (Timestamp, Timestamp)> + '_ {
    let zone = zone(&site.time_zone);
    let first = local(now, &zone).date();
    let first = first.yesterday().unwrap_or(first);
    first.series(jiff::Span::new().days(1)).take(days + 1).flat_map(move |day| spans_on(site, day, &zone))
}

/// The openings that begin on a day, earliest first.
fn spans_on(site: &Site, day: Date, zone: &TimeZone) -> Vec<(Timestamp, Timestamp)> {
    if is_holiday(site, day) {
        return Vec::new();
    }
    let key = usize::try_from(day.weekday().to_monday_zero_offset()).map_or("", |index| KEYS[index.min(6)]);
    let hours = site.hours.get(key).map_or(&[][..], Vec::as_slice);
    let mut spans: Vec<_> = hours.iter().filter_map(|(from, to)| span(day, from, to, zone)).collect();
    spans.sort_unstable();
    spans
}

/// Whether the site is closed all day.
pub(super) fn is_holiday(site: &Site, day: Date) -> bool {
    site.holidays.iter().any(|holiday| holiday.parse::<Date>().is_ok_and(|date| date == day))
}

fn span(day: Date, from: &str, to: &str, zone: &TimeZone) -> Option<(Timestamp, Timestamp)> {
    let start = parse_time(from)?;
    let (end_day, end) = match parse_time(to) {
        Some(end) if end > start => (day, end),
        Some(end) => (day.tomorrow().ok()?, end),
        None if to == "24:00" => (day.tomorrow().ok()?, Time::midnight()),
        None => return None,
    };
    let span = (instant(day, start, zone)?, instant(end_day, end, zone)?);
    (span.0 < span.1).then_some(span)
}

/// `HH:MM`, two digits each.
fn parse_time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    if hour.is_empty() || hour.len() > 2 || minute.len() != 2 {
        return None;
    }
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

fn instant(day: Date, time: Time, zone: &TimeZone) -> Option<Timestamp> {
    let stamp = zone.to_ambiguous_timestamp(day.to_datetime(time)).compatible().ok()?;
    Some(Timestamp::from_ms(stamp.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn site() -> Site {
        serde_json::from_str(include_str!("../../../examples/site/throughline.json")).unwrap()
    }

    fn at(text: &str) -> Timestamp {
        Timestamp::from_ms(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    const HERE: &str = "America/Los_Angeles";

    #[test]
    fn the_team_is_there_from_the_first_minute_to_before_the_last() {
        let site = site();
        for (moment, open) in [
            ("2026-11-24T16:59:00Z", false),
            ("2026-11-24T17:00:00Z", true),
            ("2026-11-25T01:59:00Z", true),
            ("2026-11-25T02:00:00Z", false),
        ] {
            assert_eq!(is_open(&site, at(moment)), open, "{moment}");
        }
        assert_eq!(closes_at(&site, at("2026-11-24T18:00:00Z")), Some(at("2026-11-25T02:00:00Z")));
    }

    #[test]
    fn a_holiday_and_a_sunday_are_skipped() {
        let site = site();
        let thanksgiving = at("2026-11-26T18:00:00Z");
        assert_eq!(next_open(&site, thanksgiving), Some(at("2026-11-27T17:00:00Z")));
        let saturday_evening = at("2026-11-29T01:00:00Z");
        assert_eq!(next_open(&site, saturday_evening), Some(at("2026-11-30T17:00:00Z")));
    }

    #[test]
    fn opening_follows_the_clock_change() {
        let site = site();
        let before = at("2027-03-13T20:00:00Z");
        assert!(is_open(&site, before), "Saturday noon in winter time");
        let sunday = at("2027-03-14T20:00:00Z");
        assert_eq!(next_open(&site, sunday), Some(at("2027-03-15T16:00:00Z")), "9:00 in summer time");
    }

    #[test]
    fn a_skipped_hour_opens_when_the_clock_has_skipped() {
        let mut site = site();
        site.hours.insert("sun".to_owned(), vec![("02:30".to_owned(), "05:00".to_owned())]);
        let night = at("2027-03-14T09:00:00Z");
        assert_eq!(next_open(&site, night), Some(at("2027-03-14T10:30:00Z")), "3:30 in summer time");
    }

    #[test]
    fn a_span_past_midnight_and_adjoining_spans_are_one_opening() {
        let mut site = site();
        site.hours.insert("tue".to_owned(), vec![("22:00".to_owned(), "02:00".to_owned())]);
        site.hours.insert("wed".to_owned(), vec![("02:00".to_owned(), "04:00".to_owned())]);
        let night = at("2026-11-25T07:00:00Z");
        assert!(is_open(&site, night));
        assert_eq!(closes_at(&site, night), Some(at("2026-11-25T12:00:00Z")));
    }

    #[test]
    fn the_sentence_is_true_on_the_contacts_clock() {
        let site = site();
        let tuesday = at("2026-11-24T18:00:00Z");
        let say = |now, zone, locale| opens_sentence(&site, now, zone, locale);
        assert_eq!(say(tuesday, HERE, "en"), "The team is here until 18:00 today.");
        assert_eq!(say(tuesday, "America/New_York", "en"), "The team is here until 21:00 today (your time).");
        assert_eq!(
            say(tuesday, "Europe/Madrid", "es"),
            "El equipo está aquí hasta las 3:00 de mañana (su hora)."
        );
        let saturday_night = at("2026-11-29T04:00:00Z");
        assert_eq!(say(saturday_night, HERE, "en"), "A person will answer on Monday from 9:00.");
        assert_eq!(
            say(saturday_night, "America/New_York", "en"),
            "A person will answer on Monday from 12:00 (your time)."
        );
        assert_eq!(
            say(saturday_night, HERE, "es-MX"),
            "Una persona responderá el lunes a partir de las 9:00."
        );
        let sunday_night = at("2026-11-30T07:00:00Z");
        assert_eq!(say(sunday_night, HERE, "en"), "A person will answer tomorrow from 9:00.");
        assert_eq!(say(sunday_night, "Not/AZone", "en"), "A person will answer tomorrow from 9:00.");
    }

    #[test]
    fn no_hours_promise_no_time_and_all_hours_no_end() {
        let mut site = site();
        let now = at("2026-11-24T18:00:00Z");
        for key in KEYS {
            site.hours.insert(key.to_owned(), vec![("00:00".to_owned(), "24:00".to_owned())]);
        }
        site.holidays.clear();
        assert_eq!(opens_sentence(&site, now, HERE, "en"), "The team is here now.");
        site.hours.clear();
        assert_eq!(next_open(&site, now), None);
        assert_eq!(opens_sentence(&site, now, HERE, "en"), "A person will answer as soon as they can.");
    }

    #[test]
    fn an_opening_beyond_a_week_is_named_by_its_date() {
        let mut site = site();
        site.holidays = (1..=12).map(|day| format!("2026-12-{day:02}")).collect();
        assert_eq!(
            opens_sentence(&site, at("2026-12-01T18:00:00Z"), HERE, "en"),
            "A person will answer on Monday, 14 December 2026, from 9:00."
        );
    }

    proptest! {
        #[test]
        fn the_next_opening_is_open_and_nothing_before_it_is(minutes in 0_i64..1_000_000, probe in 0_i64..1_000) {
            let site = site();
            let now = at("2026-01-01T00:00:00Z").plus_ms(minutes * 60_000);
            let next = next_open(&site, now).unwrap();
            prop_assert!(is_open(&site, next));
            let between = now.plus_ms(next.since_ms(now) * probe / 1_000);
            prop_assert!(between >= next || !is_open(&site, between));
        }

        #[test]
        fn odd_hours_never_panic(from in "\\PC{0,6}", to in "\\PC{0,6}", now in any::<i64>()) {
            let mut site = site();
            site.hours.insert("mon".to_owned(), vec![(from, to)]);
            let _ = opens_sentence(&site, Timestamp::from_ms(now), "UTC", "es");
        }
    }
}
