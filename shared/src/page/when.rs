//! Times on the pages: the contact's own clock to read, the instant itself for machines.

use super::html::Html;
use crate::{calendar, phrases::Lang, time::Timestamp};

/// The pages speak English.
const LANG: Lang = Lang::En;

/// How much of an instant is written.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    /// `9:12`.
    Clock,
    /// `Tuesday 9:12`.
    Weekday,
    /// `9:12` today, else the day: `yesterday`, `Tuesday`, `20 November`.
    Short,
    /// `Tuesday, 24 November 2026 at 9:12`.
    Full,
}

/// `Tuesday, 24 November 2026`.
pub(super) fn day(at: Timestamp, zone: &str) -> String {
    format!("{}, {}", calendar::weekday(at, zone, LANG), calendar::local_date(at, zone, LANG))
}

/// The day as said at `now`, with its preposition.
pub(super) fn relative_day(at: Timestamp, now: Timestamp, zone: &str) -> String {
    calendar::relative_day(at, now, zone, LANG)
}

/// An instant as words.
pub(super) fn text(at: Timestamp, now: Timestamp, zone: &str, shape: Shape) -> String {
    let clock = calendar::local_time(at, zone);
    match shape {
        Shape::Clock => clock,
        Shape::Weekday => format!("{} {clock}", calendar::weekday(at, zone, LANG)),
        Shape::Full => calendar::local_date_time(at, zone, LANG),
        Shape::Short => match calendar::relative_day(at, now, zone, LANG).as_str() {
            "today" => clock,
            day => day.strip_prefix("on ").unwrap_or(day).to_owned(),
        },
    }
}

/// An instant as a `<time>` element; the full date stands in its title.
pub(super) fn time(html: &mut Html, at: Timestamp, now: Timestamp, zone: &str, shape: Shape) {
    let full = format!("{} ({})", text(at, now, zone, Shape::Full), zone_name(zone));
    html.tag("time").attr("datetime", &machine(at)).attr("title", &full).text(&text(at, now, zone, shape));
}

/// The instant for machines, RFC 3339 in UTC; empty beyond the calendar's ends.
pub(super) fn machine(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.ms()).map(|at| at.to_string()).unwrap_or_default()
}

/// A zone as people say it: `New York`.
pub(super) fn zone_name(zone: &str) -> String {
    zone.rsplit('/').next().unwrap_or(zone).replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_shows_the_contacts_clock_and_tells_machines_the_instant() {
        let at = Timestamp::from_ms(1_795_540_320_000);
        let mut html = Html::default();
        time(&mut html, at, at, "America/New_York", Shape::Weekday);
        assert_eq!(
            html.into_string(),
            "<time datetime=\"2026-11-24T17:12:00Z\" title=\"Tuesday, 24 November 2026 at 12:12 (New York)\">\
             Tuesday 12:12</time>"
        );
    }

    #[test]
    fn a_list_shows_the_hour_of_today_and_the_day_of_anything_older() {
        let at = Timestamp::from_ms(1_795_540_320_000);
        let short = |now: Timestamp| text(at, now, "UTC", Shape::Short);
        assert_eq!(short(at), "17:12");
        assert_eq!(short(at.plus_ms(crate::time::DAY_MS)), "yesterday");
        assert_eq!(short(at.plus_ms(2 * crate::time::DAY_MS)), "Tuesday");
        assert_eq!(short(at.plus_ms(20 * crate::time::DAY_MS)), "24 November");
    }
}
