//! Which hours the law leaves: a default, and the states that leave fewer.
//!
//! Facts with their sources, not advice. Most of these statutes speak of unsolicited sales calls; more and more courts
//! and legislatures read texts into them, and some exempt who has consented. Here they hold for every automated message
//! that nobody asked for. Where sources differ, the stricter one is in the table and its row says so.

use jiff::{ToSpan as _, civil::Date};

use super::{Whereabouts, holidays};

/// Hours of a day, in minutes since midnight: from the first one to before the second one.
pub type Span = (u16, u16);

/// The hours that are left, and the states whose holidays are quiet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Week {
    /// On each weekday, Monday first; none where the whole day is quiet.
    pub(super) days: [Option<Span>; 7],
    /// The states that keep their holidays.
    pub(super) keeping: Vec<&'static str>,
}

impl Week {
    /// The hours left on a day, counted from 1 January 1970.
    pub(super) fn on(&self, day: i64) -> Option<Span> {
        /// 1970 began on a Thursday, three days after a Monday.
        const THURSDAY: i64 = 3;
        let weekday = usize::try_from((day + THURSDAY).rem_euclid(7)).unwrap_or(0);
        let span = self.days[weekday]?;
        let is_holiday = || {
            let date = Date::constant(1970, 1, 1).checked_add(day.days());
            date.is_ok_and(|date| self.keeping.iter().any(|region| holidays::of(region, date).is_some()))
        };
        (self.keeping.is_empty() || !is_holiday()).then_some(span)
    }
}

/// What one state's law says about the hours of unsolicited messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The state, ISO 3166-2: `US-FL`.
    pub region: &'static str,
    /// The hours left from Monday to Friday.
    pub weekdays: Span,
    /// The hours left on Saturdays.
    pub saturday: Span,
    /// The hours left on Sundays; none where Sundays are quiet.
    pub sunday: Option<Span>,
    /// How many messages one person may get within 24 hours on one subject.
    pub per_day: Option<u8>,
    /// The statute, or what is known of it.
    pub source: &'static str,
}

/// The default: 8:00 to 21:00 at the called party's location, every day.
pub const EVERYWHERE: Rule = Rule::daily("", 8, 21, "47 CFR 64.1200(c)(1)");

/// The states that leave fewer hours than [`EVERYWHERE`], or limit how many messages there may be.
pub const STATES: &[Rule] = &[
    Rule::daily("US-AL", 8, 20, "Ala. Code ch. 8-19A; Ala. Admin. Code r. 770-X-5-.17").no_sunday(),
    Rule::daily("US-CT", 9, 20, "Conn. Gen. Stat. 42-288a, as amended in 2023"),
    Rule::daily("US-FL", 8, 20, "Fla. Stat. 501.616(6)").at_most(3),
    Rule::daily("US-KY", 10, 21, "Ky. Rev. Stat. 367.46955"),
    Rule::daily("US-LA", 8, 20, "state telemarketing rule (La. Public Service Commission)").no_sunday(),
    Rule::daily("US-MA", 8, 20, "Mass. Gen. Laws ch. 159C; 201 CMR 12.00"),
    Rule::daily("US-MD", 8, 20, "Md. Code, Com. Law 14-4502").at_most(3),
    Rule::daily("US-MI", 9, 21, "state telemarketing rule"),
    Rule::daily("US-MN", 9, 21, "Minn. Stat. 325E.30"),
    Rule::daily("US-MS", 8, 20, "Miss. Code 77-3-723").no_sunday(),
    // The statute itself says 21:00; text message platforms keep to 20:00, and so does this table.
    Rule::daily("US-NJ", 8, 20, "N.J. Stat. 56:8-128, an hour stricter"),
    Rule::daily("US-NM", 9, 21, "state telemarketing rule"),
    Rule::daily("US-NV", 9, 20, "state telemarketing rule"),
    Rule::daily("US-OK", 8, 20, "Okla. Stat. tit. 15, 775C.4").at_most(3),
    // Counts every solicitation, whatever its subject; in force since 2026-01-01.
    Rule::daily("US-OR", 8, 20, "Or. House Bill 3865 (2025)").at_most(3),
    // Names no hours for Sundays, so none are left.
    Rule::daily("US-RI", 9, 18, "R.I. Gen. Laws 5-61-2(2), 5-61-3.6").saturday(10, 17).no_sunday(),
    Rule::daily("US-TX", 9, 21, "Tex. Bus. & Com. Code 301.051").sunday(12, 21),
    Rule::daily("US-UT", 8, 21, "Utah Code 13-25a-103(3)").no_sunday(),
    Rule::daily("US-WA", 8, 20, "Wash. Rev. Code 19.158.040(2)"),
];

impl Rule {
    /// The same hours every day, given in whole hours.
    const fn daily(region: &'static str, from: u16, to: u16, source: &'static str) -> Self {
        let span = (from * 60, to * 60);
        Self { region, weekdays: span, saturday: span, sunday: Some(span), per_day: None, source }
    }

    const fn saturday(mut self, from: u16, to: u16) -> Self {
        self.saturday = (from * 60, to * 60);
        self
    }

    const fn sunday(mut self, from: u16, to: u16) -> Self {
        self.sunday = Some((from * 60, to * 60));
        self
    }

    const fn no_sunday(mut self) -> Self {
        self.sunday = None;
        self
    }

    const fn at_most(mut self, per_day: u8) -> Self {
        self.per_day = Some(per_day);
        self
    }

    /// The state's legal holiday on a date, where it is one and keeps the whole day quiet.
    pub(super) fn holiday(&self, date: Date) -> Option<&'static str> {
        holidays::of(self.region, date)
    }

    /// The hours left on a weekday, 0 is Monday.
    pub(super) const fn on(&self, weekday: i8) -> Option<Span> {
        match weekday {
            0..=4 => Some(self.weekdays),
            5 => Some(self.saturday),
            _ => self.sunday,
        }
    }
}

/// How many messages on one subject the contact may get within 24 hours, by the strictest state they may be in; none
/// where no state says. Oregon counts all subjects together.
pub fn daily_limit(whereabouts: &Whereabouts) -> Option<u8> {
    of(&whereabouts.regions).filter_map(|rule| rule.per_day).min()
}

/// The rules of the states among these regions.
pub(super) fn of(regions: &[String]) -> impl Iterator<Item = &'static Rule> {
    STATES.iter().filter(|rule| regions.iter().any(|region| region == rule.region))
}

/// What the default, all these regions and the site's own hours leave together.
pub(super) fn week(regions: &[String], hours: Span) -> Week {
    let mut days = [Some(hours); 7];
    for rule in std::iter::once(&EVERYWHERE).chain(of(regions)) {
        for (left, day) in days.iter_mut().zip(0..) {
            *left = left.zip(rule.on(day)).and_then(|(left, span)| common(left, span));
        }
    }
    let keeping = of(regions).map(|rule| rule.region).filter(|region| holidays::has(region)).collect();
    Week { days, keeping }
}

/// What two spans have in common.
fn common(one: Span, other: Span) -> Option<Span> {
    let span = (one.0.max(other.0), one.1.min(other.1));
    (span.0 < span.1).then_some(span)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        calendar::quiet::{
            is_allowed,
            tests::{ANY, at, zoned},
        },
        time::MINUTE_MS,
    };

    /// The hours a region leaves on a Friday, a Saturday and a Sunday of November 2026, found by asking every minute.
    fn asked(region: &str) -> [String; 3] {
        let there = zoned(&["UTC"], &[region]);
        ["2026-11-27", "2026-11-28", "2026-11-29"].map(|day| {
            let midnight = at(&format!("{day}T00:00:00Z"));
            let open: Vec<i64> = (0..1440)
                .filter(|minute| is_allowed(&there, ANY, midnight.plus_ms(minute * MINUTE_MS)))
                .collect();
            match (open.first(), open.last()) {
                (Some(first), Some(last)) => {
                    assert_eq!(last - first + 1, i64::try_from(open.len()).unwrap(), "{region}: one span");
                    format!("{}-{}", first / 60, (last + 1) / 60)
                }
                _ => "none".to_owned(),
            }
        })
    }

    #[test]
    fn every_state_leaves_its_own_hours() {
        let rows = [
            ("US-AL", "8-20", "8-20", "none"),
            ("US-CT", "9-20", "9-20", "9-20"),
            ("US-FL", "8-20", "8-20", "8-20"),
            ("US-KY", "10-21", "10-21", "10-21"),
            ("US-LA", "8-20", "8-20", "none"),
            ("US-MA", "8-20", "8-20", "8-20"),
            ("US-MD", "8-20", "8-20", "8-20"),
            ("US-MI", "9-21", "9-21", "9-21"),
            ("US-MN", "9-21", "9-21", "9-21"),
            ("US-MS", "8-20", "8-20", "none"),
            ("US-NJ", "8-20", "8-20", "8-20"),
            ("US-NM", "9-21", "9-21", "9-21"),
            ("US-NV", "9-20", "9-20", "9-20"),
            ("US-OK", "8-20", "8-20", "8-20"),
            ("US-OR", "8-20", "8-20", "8-20"),
            ("US-RI", "9-18", "10-17", "none"),
            ("US-TX", "9-21", "9-21", "12-21"),
            ("US-UT", "8-21", "8-21", "none"),
            ("US-WA", "8-20", "8-20", "8-20"),
        ];
        for (region, friday, saturday, sunday) in rows {
            assert_eq!(asked(region), [friday, saturday, sunday], "{region}");
        }
        assert_eq!(
            rows.map(|row| row.0).as_slice(),
            STATES.iter().map(|rule| rule.region).collect::<Vec<_>>()
        );
        assert_eq!(asked("US-CA"), ["8-21"; 3]);
        assert_eq!(asked("CA-ON"), ["8-21"; 3]);
        assert!(STATES.iter().all(|rule| !rule.source.is_empty()));
    }

    #[test]
    fn the_strictest_daily_limit_holds() {
        for (regions, limit) in [
            (&["US-FL"][..], Some(3)),
            (&["US-OK"], Some(3)),
            (&["US-TX", "US-MD"], Some(3)),
            (&["US-TX"], None),
            (&[], None),
        ] {
            assert_eq!(daily_limit(&zoned(&["UTC"], regions)), limit, "{regions:?}");
        }
    }
}
