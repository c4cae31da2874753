//! The legal holidays on which four states want no solicitations, as their statutes list them.
//!
//! Facts with their sources, not advice. A holiday that is observed on another day keeps both quiet. Louisiana's and Alabama's
//! Mardi Gras is kept in the whole state, since a number does not tell the county. Not here: days that a governor proclaims,
//! Louisiana's half-holidays of banks, and Inauguration Day in Baton Rouge.

use jiff::{
    ToSpan as _,
    civil::{Date, Weekday},
};

/// When a holiday is, in any year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// A day of a month.
    Day(i8, i8),
    /// The so-manyth weekday of a month; -1 is its last.
    Nth(i8, i8, Weekday),
    /// So many days after Easter Sunday.
    Easter(i64),
    /// The Tuesday after the first Monday of November, in even years.
    Election,
    /// The Monday nearest to 19 June by Utah Code 63G-1-301(2)(c) and (d).
    MondayOfJuneteenth,
}

/// Where a holiday goes that falls on a weekend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Observed {
    /// From Sunday to Monday.
    OnMonday,
    /// From Sunday to Monday, from Saturday to Friday.
    OnEitherSide,
}

/// A state's holidays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Year {
    /// The state, ISO 3166-2: `US-UT`.
    pub region: &'static str,
    /// Where those go that fall on a weekend.
    pub observed: Observed,
    /// Each with its name.
    pub days: &'static [(On, &'static str)],
    /// The statute.
    pub source: &'static str,
}

use On::{Day, Easter, Election, MondayOfJuneteenth, Nth};
use Weekday::{Monday, Thursday};

/// The states whose legal holidays are quiet.
pub const HOLIDAYS: &[Year] = &[
    Year {
        region: "US-AL",
        observed: Observed::OnEitherSide,
        source: "Ala. Code 1-3-8",
        days: &[
            (Day(1, 1), "New Year’s Day"),
            (Nth(1, 3, Monday), "Martin Luther King Jr. and Robert E. Lee’s Birthday"),
            (Nth(2, 3, Monday), "Washington and Jefferson’s Birthday"),
            (Easter(-47), "Mardi Gras"),
            (Nth(4, 4, Monday), "Confederate Memorial Day"),
            (Nth(5, -1, Monday), "Memorial Day"),
            (Nth(6, 1, Monday), "Jefferson Davis’ Birthday"),
            (Day(6, 19), "Juneteenth"),
            (Day(7, 4), "Independence Day"),
            (Nth(9, 1, Monday), "Labor Day"),
            (Nth(10, 2, Monday), "Columbus Day"),
            (Day(11, 11), "Veterans Day"),
            (Nth(11, 4, Thursday), "Thanksgiving Day"),
            (Day(12, 25), "Christmas Day"),
        ],
    },
    Year {
        region: "US-LA",
        observed: Observed::OnEitherSide,
        source: "La. R.S. 1:55(A)(1)",
        days: &[
            (Day(1, 1), "New Year’s Day"),
            (Day(1, 8), "Battle of New Orleans"),
            (Nth(1, 3, Monday), "Martin Luther King Jr.’s Birthday"),
            (Nth(2, 3, Monday), "Washington’s Birthday"),
            (Easter(-47), "Mardi Gras"),
            (Easter(-2), "Good Friday"),
            (Nth(5, -1, Monday), "Memorial Day"),
            (Day(7, 4), "Independence Day"),
            (Day(8, 30), "Huey P. Long Day"),
            (Nth(9, 1, Monday), "Labor Day"),
            (Nth(10, 2, Monday), "Columbus Day"),
            (Day(11, 1), "All Saints’ Day"),
            (Day(11, 11), "Veterans’ Day"),
            (Nth(11, 4, Thursday), "Thanksgiving Day"),
            (Day(12, 25), "Christmas Day"),
        ],
    },
    Year {
        region: "US-RI",
        observed: Observed::OnMonday,
        // Juneteenth and Thanksgiving by its last clause: days that Congress appoints (5 U.S.C. 6103).
        source: "R.I. Gen. Laws 25-1-1",
        days: &[
            (Day(1, 1), "New Year’s Day"),
            (Nth(1, 3, Monday), "Martin Luther King Jr.’s Birthday"),
            (Nth(2, 3, Monday), "Washington’s Birthday"),
            (Day(5, 4), "Rhode Island Independence Day"),
            (Nth(5, -1, Monday), "Memorial Day"),
            (Day(6, 19), "Juneteenth"),
            (Day(7, 4), "Independence Day"),
            (Nth(8, 2, Monday), "Victory Day"),
            (Nth(9, 1, Monday), "Labor Day"),
            (Nth(10, 2, Monday), "Columbus Day"),
            (Election, "Election Day"),
            (Day(11, 11), "Veterans’ Day"),
            (Nth(11, 4, Thursday), "Thanksgiving Day"),
            (Day(12, 25), "Christmas Day"),
        ],
    },
    Year {
        region: "US-UT",
        observed: Observed::OnEitherSide,
        source: "Utah Code 63G-1-301, as of 2025-05-07",
        days: &[
            (Day(1, 1), "New Year’s Day"),
            (Nth(1, 3, Monday), "Martin Luther King Jr. Day"),
            (Nth(2, 3, Monday), "Washington and Lincoln Day"),
            (Nth(5, -1, Monday), "Memorial Day"),
            (Day(6, 19), "Juneteenth"),
            (MondayOfJuneteenth, "Juneteenth"),
            (Day(7, 4), "Independence Day"),
            (Day(7, 24), "Pioneer Day"),
            (Nth(9, 1, Monday), "Labor Day"),
            (Nth(10, 2, Monday), "Columbus Day"),
            (Day(11, 11), "Veterans Day"),
            (Nth(11, 4, Thursday), "Thanksgiving Day"),
            (Day(12, 25), "Christmas"),
        ],
    },
];

/// The legal holiday of a state on a day, where it is one.
pub(super) fn of(region: &str, date: Date) -> Option<&'static str> {
    let year = HOLIDAYS.iter().find(|year| year.region == region)?;
    // New Year's Day of the next year may be observed on the last day of this one.
    let is_on = |on: On| [date.year(), date.year() + 1].into_iter().any(|of| year.falls(on, of, date));
    year.days.iter().find(|(on, _)| is_on(*on)).map(|(_, name)| *name)
}

/// Whether a state has holidays of its own here.
pub(super) fn has(region: &str) -> bool {
    HOLIDAYS.iter().any(|year| year.region == region)
}

impl Year {
    /// Whether a holiday of a year is kept on a date.
    fn falls(&self, on: On, year: i16, date: Date) -> bool {
        let Some(day) = on.date(year) else { return false };
        let kept = match (on, day.weekday(), self.observed) {
            (Day(..), Weekday::Sunday, _) => day.checked_add(1.day()),
            (Day(..), Weekday::Saturday, Observed::OnEitherSide) => day.checked_sub(1.day()),
            _ => Ok(day),
        };
        day == date || kept.is_ok_and(|kept| kept == date)
    }
}

impl On {
    /// Its date in a year.
    fn date(self, year: i16) -> Option<Date> {
        match self {
            Self::Day(month, day) => Date::new(year, month, day).ok(),
            Self::Nth(month, nth, weekday) => {
                Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok()
            }
            Self::Easter(days) => easter(year)?.checked_add(days.days()).ok(),
            Self::Election if year % 2 == 0 => Self::Nth(11, 1, Monday).date(year)?.checked_add(1.day()).ok(),
            Self::Election => None,
            Self::MondayOfJuneteenth => {
                let day = Date::new(year, 6, 19).ok()?;
                let days = match i64::from(day.weekday().to_monday_zero_offset()) {
                    weekend @ 5..=6 => 7 - weekend,
                    weekday => -weekday,
                };
                day.checked_add(days.days()).ok()
            }
        }
    }
}

/// Easter Sunday of the Gregorian calendar (the anonymous algorithm, as in Meeus, Astronomical Algorithms, chapter 8).
fn easter(year: i16) -> Option<Date> {
    let full = i32::from(year);
    let (golden, century, rest) = (full % 19, full / 100, full % 100);
    let moon = (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30;
    let sunday = (32 + 2 * (century % 4) + 2 * (rest / 4) - moon - rest % 4) % 7;
    let days = moon + sunday - 7 * ((golden + 11 * moon + 22 * sunday) / 451) + 114;
    Date::new(year, i8::try_from(days / 31).ok()?, i8::try_from(days % 31 + 1).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_holidays_of_each_state_fall_where_everybody_knows_them_to() {
        for (region, year, month, day, name) in [
            ("US-AL", 2027, 1, 18, "Martin Luther King Jr. and Robert E. Lee’s Birthday"),
            ("US-AL", 2026, 4, 27, "Confederate Memorial Day"),
            ("US-AL", 2026, 6, 1, "Jefferson Davis’ Birthday"),
            ("US-AL", 2026, 7, 3, "Independence Day"),
            ("US-AL", 2026, 7, 4, "Independence Day"),
            ("US-LA", 2027, 2, 9, "Mardi Gras"),
            ("US-LA", 2027, 3, 26, "Good Friday"),
            ("US-LA", 2026, 8, 30, "Huey P. Long Day"),
            ("US-LA", 2026, 11, 1, "All Saints’ Day"),
            ("US-RI", 2026, 5, 4, "Rhode Island Independence Day"),
            ("US-RI", 2026, 8, 10, "Victory Day"),
            ("US-RI", 2026, 11, 3, "Election Day"),
            ("US-RI", 2027, 7, 5, "Independence Day"),
            ("US-UT", 2026, 6, 15, "Juneteenth"),
            ("US-UT", 2027, 6, 21, "Juneteenth"),
            ("US-UT", 2026, 7, 24, "Pioneer Day"),
            ("US-UT", 2027, 7, 23, "Pioneer Day"),
            ("US-UT", 2027, 12, 31, "New Year’s Day"),
            ("US-UT", 2026, 11, 26, "Thanksgiving Day"),
        ] {
            assert_eq!(of(region, date(year, month, day)), Some(name), "{region} {year}-{month}-{day}");
        }
        for (region, year, month, day) in [
            ("US-AL", 2026, 7, 24),
            ("US-LA", 2026, 11, 27),
            ("US-RI", 2027, 11, 2),
            ("US-RI", 2026, 7, 3),
            ("US-UT", 2026, 5, 4),
            ("US-CA", 2026, 12, 25),
        ] {
            assert_eq!(of(region, date(year, month, day)), None, "{region} {year}-{month}-{day}");
        }
    }

    #[test]
    fn easter_is_where_it_was_and_will_be() {
        for (year, month, day) in [(2000, 4, 23), (2024, 3, 31), (2026, 4, 5), (2027, 3, 28), (2038, 4, 25)] {
            assert_eq!(easter(year), Some(date(year, month, day)));
        }
    }

    #[test]
    fn every_list_has_its_source() {
        assert_eq!(
            HOLIDAYS.iter().map(|year| year.region).collect::<Vec<_>>(),
            ["US-AL", "US-LA", "US-RI", "US-UT"]
        );
        assert!(HOLIDAYS.iter().all(|year| !year.source.is_empty()));
    }
}
