//! Durations, and moments relative to an appointment, as an owner writes them.

use jiff::civil::Time as Clock;
use serde::{Deserialize, Serialize};

use crate::{
    appointment::Appointment,
    calendar,
    time::{DAY_MS, HOUR_MS, MINUTE_MS, Timestamp},
};

/// The longest duration.
const MAX_DAYS: i64 = 366;

/// A moment relative to an appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// So many milliseconds before its start.
    Before(i64),
    /// So many milliseconds after its end.
    After(i64),
    /// On its own day, at this minute of the day where it takes place.
    OnTheDay(u16),
}

/// Reads `3 days`: a whole number of minutes, hours, days or weeks up to 366 days, in milliseconds.
pub fn parse_duration(text: &str) -> Option<i64> {
    let (count, unit) = text.split_once(' ')?;
    let unit_ms = match unit.strip_suffix('s').unwrap_or(unit) {
        "minute" => MINUTE_MS,
        "hour" => HOUR_MS,
        "day" => DAY_MS,
        "week" => 7 * DAY_MS,
        _ => return None,
    };
    let plain = !count.is_empty() && count.bytes().all(|digit| digit.is_ascii_digit());
    let count: i64 = count.parse().ok().filter(|count| plain && *count > 0)?;
    count.checked_mul(unit_ms).filter(|ms| *ms <= MAX_DAYS * DAY_MS)
}

/// Reads `1 day before`, `2 hours after` or `08:00 on the day`.
pub fn parse_when(text: &str) -> Option<When> {
    if let Some(before) = text.strip_suffix(" before") {
        return parse_duration(before).map(When::Before);
    }
    if let Some(after) = text.strip_suffix(" after") {
        return parse_duration(after).map(When::After);
    }
    let (hour, minute) = text.strip_suffix(" on the day")?.split_once(':')?;
    let number = |digits: &str| {
        let plain = digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_digit());
        digits.parse::<u16>().ok().filter(|_| plain)
    };
    let (hour, minute) = (number(hour)?, number(minute)?);
    (hour < 24 && minute < 60).then_some(When::OnTheDay(hour * 60 + minute))
}

impl When {
    /// The moment, for an appointment that takes place in a zone.
    pub fn of(self, appointment: &Appointment, zone: &str) -> Timestamp {
        let (start, end) = (appointment.time.start, appointment.time.end);
        match self {
            Self::Before(ms) => start.plus_ms(-ms),
            Self::After(ms) => end.plus_ms(ms),
            Self::OnTheDay(minute) => {
                let (hour, minute) = (i8::try_from(minute / 60), i8::try_from(minute % 60));
                let clock = Clock::new(hour.unwrap_or_default(), minute.unwrap_or_default(), 0, 0);
                let there = calendar::local(start, &calendar::zone(zone));
                let then = clock.and_then(|clock| there.with().time(clock).build());
                then.map_or(start, |then| Timestamp::from_ms(then.timestamp().as_millisecond()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_whole_numbers_of_a_unit() {
        for (text, ms) in [
            ("1 minute", MINUTE_MS),
            ("36 hours", 36 * HOUR_MS),
            ("7 days", 7 * DAY_MS),
            ("2 weeks", 14 * DAY_MS),
        ] {
            assert_eq!(parse_duration(text), Some(ms), "{text}");
        }
        for text in [
            "",
            "7",
            "days",
            "7days",
            "0 days",
            "-1 day",
            "+1 day",
            "1.5 hours",
            "367 days",
            "1 month",
            "7  days",
        ] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
        assert_eq!(parse_duration("99999999999999999999 weeks"), None);
        assert_eq!(parse_duration("9223372036854775807 weeks"), None);
    }

    #[test]
    fn moments_are_before_after_or_on_the_day() {
        assert_eq!(parse_when("1 day before"), Some(When::Before(DAY_MS)));
        assert_eq!(parse_when("2 hours after"), Some(When::After(2 * HOUR_MS)));
        assert_eq!(parse_when("08:30 on the day"), Some(When::OnTheDay(510)));
        for text in
            ["1 day", "before", "8:30 on the day", "24:00 on the day", "08:60 on the day", "+8:30 on the day"]
        {
            assert_eq!(parse_when(text), None, "{text}");
        }
    }
}
