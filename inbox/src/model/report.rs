//! Spans of days, and what a figure or a chart of one needs: the change against the span before, steps of an axis, days
//! on which nothing was counted.

use shared::api::report::{Day, Named, Report};

/// The longest span a report takes, in days.
pub const MAX_DAYS: i64 = 366;

/// A span of days, both ends included, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first day.
    pub from: i64,
    /// The last day.
    pub to: i64,
}

impl Span {
    /// The last so many days, today included.
    pub const fn last(days: i64, today: i64) -> Self {
        Self { from: today - days + 1, to: today }
    }

    /// The span of two typed days; `None` where it is none, or longer than a report takes.
    pub fn typed(from: &str, to: &str) -> Option<Self> {
        let span = Self { from: parse_day(from)?, to: parse_day(to)? };
        (1..=MAX_DAYS).contains(&span.days()).then_some(span)
    }

    /// How many days it has.
    pub const fn days(self) -> i64 {
        self.to - self.from + 1
    }

    /// The span of as many days that ends the day before.
    #[must_use]
    pub const fn before(self) -> Self {
        Self { from: self.from - self.days(), to: self.from - 1 }
    }

    /// `from=2026-11-01&to=2026-11-30`, as a report is asked for.
    pub fn query(self) -> String {
        ["from=", &day_text(self.from), "&to=", &day_text(self.to)].concat()
    }
}

/// The day of `2026-11-26`, counted from 1970-01-01; `None` where the text is no day. (Days from civil, after Howard Hinnant.)
pub fn parse_day(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    if !(1_000..=9_999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let shifted = if month > 2 { year } else { year - 1 };
    let (era, of_era) = (shifted.div_euclid(400), shifted.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let count = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    // 31 February is none.
    (day_text(count) == text).then_some(count)
}

/// The day as `2026-11-26`.
pub fn day_text(day: i64) -> String {
    let shifted = day + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let part = (5 * of_year + 2) / 153;
    let (day, month) = (of_year - (153 * part + 2) / 5 + 1, if part < 10 { part + 3 } else { part - 9 });
    let year = year + era * 400 + i64::from(month <= 2);
    let two = |number: i64| if number < 10 { format!("0{number}") } else { number.to_string() };
    [year.to_string(), two(month), two(day)].join("-")
}

/// What a figure is to be, to tell good from bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// The more the better.
    More,
    /// The less the better.
    Less,
    /// Neither.
    Neither,
}

/// How a figure stands against the span before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// By so many per cent, rounded; none where there was nothing before.
    pub percent: Option<i64>,
    /// `good`, `bad` or `even`.
    pub tone: &'static str,
}

/// The change from one count to the next.
pub fn change(before: u32, now: u32, wish: Wish) -> Change {
    let (was, is) = (i64::from(before), i64::from(now));
    let percent = (was > 0).then(|| ((is - was) * 200 + if is >= was { was } else { -was }) / (2 * was));
    let tone = match (wish, is.cmp(&was)) {
        (Wish::Neither, _) | (_, core::cmp::Ordering::Equal) => "even",
        (Wish::More, core::cmp::Ordering::Greater) | (Wish::Less, core::cmp::Ordering::Less) => "good",
        _ => "bad",
    };
    Change { percent, tone }
}

/// The step of an axis from 0 on which the greatest value still stands, with at most five of them.
pub fn step(greatest: u32) -> u32 {
    let mut scale = 1;
    loop {
        for times in [1, 2, 5] {
            let step = times * scale;
            if greatest <= step * 5 {
                return step;
            }
        }
        let Some(next) = u32::checked_mul(scale, 10).filter(|next| *next <= 100_000_000) else {
            return scale * 10;
        };
        scale = next;
    }
}

/// Every day of a span, those without a count as well.
pub fn filled(span: Span, days: &[Day]) -> Vec<Day> {
    let of = |day: i64| {
        let day = day_text(day);
        let known = days.iter().find(|known| known.day == day).cloned();
        known.unwrap_or_else(|| Day { day, ..Day::default() })
    };
    (span.from..=span.to).map(of).collect()
}

/// All of some counts together.
pub fn sum(named: &[Named]) -> u32 {
    named.iter().map(|it| it.count).sum()
}

/// So many of a hundred, rounded; none of nothing.
pub fn per_100(some: u32, all: u32) -> Option<u32> {
    let rounded = (u64::from(some) * 100 + u64::from(all) / 2).checked_div(u64::from(all))?;
    u32::try_from(rounded).ok()
}

/// How many opted out for each 1,000 messages of sequences, over all of them; none where none was sent.
pub fn opted_out_per_1000(report: &Report) -> Option<u32> {
    let sent: u64 = report.sequences.iter().map(|it| u64::from(it.sent)).sum();
    let out: u64 = report.sequences.iter().map(|it| u64::from(it.opted_out)).sum();
    u32::try_from((out * 1_000 + sent / 2).checked_div(sent)?).ok()
}

/// Whether nothing at all was counted.
pub fn is_empty(report: &Report) -> bool {
    let counts =
        [report.talks, report.answers, report.contacts, report.booked, report.cancelled, report.no_shows];
    counts.iter().all(|count| *count == 0)
        && report.promises_kept + report.promises_missed == 0
        && [&report.handoffs, &report.held_back].iter().all(|named| named.is_empty())
        && report.first_answers.is_empty()
        && report.sequences.is_empty()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        for (text, day) in
            [("1970-01-01", 0), ("2000-02-29", 11_016), ("2026-11-26", 20_783), ("1969-12-31", -1)]
        {
            assert_eq!((parse_day(text), day_text(day)), (Some(day), text.to_owned()));
        }
        for text in ["2026-02-29", "2026-11-31", "2026-13-01", "26-11-01", "", "2026-1-1", "2026-11-26-1"] {
            assert_eq!(parse_day(text), None, "{text}");
        }
    }

    #[test]
    fn the_span_before_is_as_long_and_ends_the_day_before() {
        let week = Span::last(7, parse_day("2026-11-26").unwrap());
        assert_eq!(week.query(), "from=2026-11-20&to=2026-11-26");
        assert_eq!(week.before().query(), "from=2026-11-13&to=2026-11-19");
        assert_eq!(Span::typed("2026-11-02", "2026-11-01"), None);
        assert_eq!(Span::typed("2024-01-01", "2026-01-01"), None, "more than a year is no report");
        assert_eq!(Span::typed("2026-11-01", "2026-11-01").unwrap().days(), 1);
    }

    #[test]
    fn a_change_is_told_in_per_cent_and_by_what_is_wished_for() {
        assert_eq!(change(8, 10, Wish::More), Change { percent: Some(25), tone: "good" });
        assert_eq!(change(8, 10, Wish::Less), Change { percent: Some(25), tone: "bad" });
        assert_eq!(change(3, 2, Wish::Less), Change { percent: Some(-33), tone: "good" });
        assert_eq!(change(5, 5, Wish::More), Change { percent: Some(0), tone: "even" });
        assert_eq!(change(0, 4, Wish::More), Change { percent: None, tone: "good" });
        assert_eq!(change(4, 9, Wish::Neither).tone, "even");
    }

    #[test]
    fn a_day_without_a_count_stands_in_the_chart_as_nothing() {
        let days = [Day { day: "2026-11-25".into(), talks: 3, ..Day::default() }];
        let all = filled(Span::last(3, parse_day("2026-11-26").unwrap()), &days);
        assert_eq!(all.iter().map(|day| day.talks).collect::<Vec<_>>(), [0, 3, 0]);
        assert_eq!(all[2].day, "2026-11-26");
    }

    #[test]
    fn opt_outs_are_told_per_thousand_over_all_sequences_and_of_nothing_there_are_none() {
        use shared::api::report::SequenceSends;
        let sends = |sent, opted_out| SequenceSends {
            sequence: "nudge".into(),
            sent,
            opted_out,
            opted_out_per_1000: None,
        };
        let report = Report { sequences: vec![sends(300, 1), sends(100, 1)], ..Report::default() };
        assert_eq!(opted_out_per_1000(&report), Some(5));
        assert_eq!(opted_out_per_1000(&Report::default()), None);
        assert!(!is_empty(&report) && is_empty(&Report::default()));
    }

    proptest! {
        #[test]
        fn an_axis_holds_its_greatest_value_in_at_most_five_steps(greatest in 0_u32..400_000_000) {
            let step = step(greatest);
            prop_assert!(greatest <= step * 5);
            prop_assert!(step == 1 || greatest > step, "{greatest} needs no step of {step}");
        }

        #[test]
        fn every_day_is_read_as_it_is_written(day in -350_000_i64..2_900_000) {
            prop_assert_eq!(parse_day(&day_text(day)), Some(day));
        }
    }
}
