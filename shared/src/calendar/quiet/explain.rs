//! Why it is quiet, in one sentence for a verdict.

use jiff::{Zoned, tz::TimeZone};

use super::{HORIZON_MS, Rule, Span, Whereabouts, clock, is_allowed, next_allowed, rules, zones};
use crate::{
    calendar::{local, relative_date, weekday_of},
    phrases::Lang,
    time::Timestamp,
};

/// Why no message may go out at `now`, in English: "It is 06:12 in UTC; messages wait until 08:00."
/// None where it [`is_allowed`].
///
/// Names the first zone in which it is quiet and tells both times on that zone's clock; names the state where nothing but
/// that state's rule makes it quiet.
pub fn explain(whereabouts: &Whereabouts, hours: Span, now: Timestamp) -> Option<String> {
    let week = rules::week(&whereabouts.regions, hours);
    let zone = zones(whereabouts).into_iter().find(|zone| !clock::is_open(&week, zone, now))?;
    let here = local(now, &zone);
    let rule = closing_rule(whereabouts, hours, &zone, now);

    let weekday = match rule {
        Some(rule) if let Some(name) = rule.holiday(here.date()) => format!(" on {name}"),
        Some(rule) if rule.on(here.weekday().to_monday_zero_offset()).is_none() => {
            format!(" on {}", weekday_of(here.weekday(), Lang::En))
        }
        _ => String::new(),
    };
    let name = zone.iana_name().unwrap_or("UTC");
    let rest = match until(whereabouts, hours, now, &here) {
        Some(until) => {
            let law = rule.map(|rule| format!("by the rule of {} ", rule.region)).unwrap_or_default();
            format!("; {law}messages wait until {until}")
        }
        None => ", and no minute of the next 14 days is allowed everywhere this contact may be".to_owned(),
    };
    Some(format!("It is {}{weekday} in {name}{rest}.", time(&here)))
}

/// The state whose rule makes it quiet in a zone, where the default and the site's own hours do not.
fn closing_rule(
    whereabouts: &Whereabouts,
    hours: Span,
    zone: &TimeZone,
    now: Timestamp,
) -> Option<&'static Rule> {
    let open = |regions: &[String]| clock::is_open(&rules::week(regions, hours), zone, now);
    open(&[]).then(|| rules::of(&whereabouts.regions).find(|rule| !open(&[rule.region.to_owned()]))).flatten()
}

/// When it is allowed, on the clock that shows `here`: `08:00`, `08:00 tomorrow`, `09:00 on Monday`.
fn until(whereabouts: &Whereabouts, hours: Span, now: Timestamp, here: &Zoned) -> Option<String> {
    let next = next_allowed(whereabouts, hours, now);
    if next == now.plus_ms(HORIZON_MS) && !is_allowed(whereabouts, hours, next) {
        return None;
    }
    let there = local(next, here.time_zone());
    let day = match relative_date(there.date(), here.date(), Lang::En) {
        today if today == "today" => String::new(),
        later => format!(" {later}"),
    };
    Some(format!("{}{day}", time(&there)))
}

/// `08:00`.
fn time(at: &Zoned) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::quiet::tests::{ANY, at, numbered, zoned};

    #[test]
    fn a_sentence_says_why() {
        let sentence = |whereabouts: &Whereabouts, hours, now| explain(whereabouts, hours, at(now));
        let pacific = numbered("+14155550123");
        let said = sentence(&pacific, ANY, "2026-07-03T13:12:00Z");
        assert_eq!(said.as_deref(), Some("It is 06:12 in America/Los_Angeles; messages wait until 08:00."));
        assert_eq!(sentence(&pacific, ANY, "2026-07-03T15:00:00Z"), None);
        let said = sentence(&pacific, ANY, "2026-07-04T05:00:00Z");
        assert_eq!(
            said.as_deref(),
            Some("It is 22:00 in America/Los_Angeles; messages wait until 08:00 tomorrow.")
        );
        let said = sentence(&numbered("+13055550123"), ANY, "2026-07-04T00:30:00Z");
        let florida =
            "It is 20:30 in America/New_York; by the rule of US-FL messages wait until 08:00 tomorrow.";
        assert_eq!(said.as_deref(), Some(florida));
        let said = sentence(&numbered("+12055550123"), ANY, "2026-07-05T18:00:00Z");
        let alabama = "It is 13:00 on Sunday in America/Chicago; by the rule of US-AL messages wait until 08:00 tomorrow.";
        assert_eq!(said.as_deref(), Some(alabama));
        let said = sentence(&numbered("+14015550123"), ANY, "2026-07-12T00:30:00Z");
        let rhode =
            "It is 20:30 in America/New_York; by the rule of US-RI messages wait until 09:00 on Monday.";
        assert_eq!(said.as_deref(), Some(rhode));
        let said = sentence(&numbered("+18015550123"), ANY, "2026-12-25T18:00:00Z");
        let utah = "It is 11:00 on Christmas in America/Denver; by the rule of US-UT messages wait until 08:00 tomorrow.";
        assert_eq!(said.as_deref(), Some(utah));
        let said = sentence(&numbered("+18505550123"), ANY, "2026-07-03T12:30:00Z");
        assert_eq!(said.as_deref(), Some("It is 07:30 in America/Chicago; messages wait until 08:00."));
        let said = sentence(&zoned(&["UTC"], &[]), (600, 600), "2026-07-03T12:00:00Z");
        let never = "It is 12:00 in UTC, and no minute of the next 14 days is allowed everywhere this contact may be.";
        assert_eq!(said.as_deref(), Some(never));
    }
}
