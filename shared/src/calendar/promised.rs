//! When the team will have acted, in its own time: so many minutes while somebody is there, and the sentence that says so.

use super::{
    clock, days_between, full_date,
    hours::{HORIZON_DAYS, spans_from, your_time},
    is_open, local, next_open, on, relative_date, weekday_of, zone,
};
use crate::{
    phrases::Lang,
    promise::Deed,
    site::Site,
    time::{MINUTE_MS, Timestamp},
};

/// A time that is said is a whole multiple of this, in milliseconds.
const STEP_MS: i64 = 5 * MINUTE_MS;

/// The moment at which the team has been there for `minutes` from `now` on, rounded up to five minutes but never past the
/// end of that opening. `None` where the site's hours do not add up to that within 400 days.
pub fn after_open_minutes(site: &Site, now: Timestamp, minutes: u32) -> Option<Timestamp> {
    let mut left_ms = i64::from(minutes) * MINUTE_MS;
    let mut reached = now;
    for (start, end) in spans_from(site, now, HORIZON_DAYS) {
        let start = start.max(reached);
        if end <= start {
            continue;
        }
        let length_ms = end.since_ms(start);
        if left_ms <= length_ms {
            let then = start.plus_ms(left_ms);
            let late_ms = then.ms().rem_euclid(STEP_MS);
            return Some(if late_ms == 0 { then } else { then.plus_ms(STEP_MS - late_ms).min(end) });
        }
        left_ms -= length_ms;
        reached = end;
    }
    None
}

/// What is promised, as a whole sentence on the contact's own clock: "A person will answer by 14:30 today." or "A person
/// will answer on Monday between 9:00 and 10:00 (your time)."; `who` is a member of the team by name. Without a time, "as
/// soon as they can".
pub fn promised_sentence(
    site: &Site,
    (who, deed, by): (Option<&str>, Deed, Option<Timestamp>),
    now: Timestamp,
    time_zone: &str,
    locale: &str,
) -> String {
    let lang = Lang::of(locale);
    let who = match (who.filter(|who| !who.is_empty()), lang) {
        (Some(who), _) => who,
        (None, Lang::En) => "A person",
        (None, Lang::Es) => "Una persona",
    };
    let does = match (deed, lang) {
        (Deed::Answer, Lang::En) => "will answer",
        (Deed::Answer, Lang::Es) => "responderá",
        (Deed::Call, Lang::En) => "will call you",
        (Deed::Call, Lang::Es) => "le llamará",
    };
    let when = match (by, lang) {
        (Some(by), _) => until(site, by, now, time_zone, lang),
        (None, Lang::En) => "as soon as they can".to_owned(),
        (None, Lang::Es) => "en cuanto pueda".to_owned(),
    };
    format!("{who} {does} {when}.")
}

/// "by 14:30 today", "on Monday between 9:00 and 10:00 (your time)".
fn until(site: &Site, by: Timestamp, now: Timestamp, time_zone: &str, lang: Lang) -> String {
    let zone = zone(super::known_zone(time_zone, site));
    let (there, today) = (local(by, &zone), local(now, &zone).date());
    let day = if days_between(today, there.date()) <= 6 {
        relative_date(there.date(), today, lang)
    } else {
        format!("{} {}, {}", on(lang), weekday_of(there.weekday(), lang), full_date(there.date(), lang))
    };
    let yours = your_time(site, by, &zone, lang);
    let time = clock(there.time());
    // Who is told at night when the team comes need not count on the first minute.
    let opens = if is_open(site, now) { None } else { next_open(site, now) };
    let opens = opens.map(|opens| local(opens, &zone)).filter(|opens| opens.date() == there.date());
    let opens = opens.map(|opens| clock(opens.time())).filter(|opens| *opens != time);
    match (opens, lang) {
        (Some(opens), Lang::En) => format!("{day} between {opens} and {time}{yours}"),
        (Some(opens), Lang::Es) => {
            format!("{day} entre {} y {}{yours}", the_hour(&opens), the_hour(&time))
        }
        (None, Lang::En) => format!("by {time} {day}{yours}"),
        (None, Lang::Es) => format!("{day} antes de {}{yours}", the_hour(&time)),
    }
}

/// "la 1:30", "las 14:30".
fn the_hour(time: &str) -> String {
    if time.starts_with("1:") { format!("la {time}") } else { format!("las {time}") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HERE: &str = "America/Los_Angeles";

    fn site() -> Site {
        serde_json::from_str(include_str!("../../../examples/site/throughline.json")).unwrap()
    }

    fn at(text: &str) -> Timestamp {
        Timestamp::from_ms(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    fn after(now: &str, minutes: u32) -> Option<Timestamp> {
        after_open_minutes(&site(), at(now), minutes)
    }

    #[test]
    fn only_the_teams_own_time_counts() {
        // Tuesday, 10:00 to 18:00 in Portland.
        assert_eq!(after("2026-11-24T18:00:00Z", 60), Some(at("2026-11-24T19:00:00Z")));
        assert_eq!(after("2026-11-24T18:01:00Z", 60), Some(at("2026-11-24T19:05:00Z")), "rounded up");
        // Half an hour before it closes, and Thursday is a holiday.
        assert_eq!(after("2026-11-26T01:30:00Z", 60), Some(at("2026-11-27T17:30:00Z")));
        // Saturday night.
        assert_eq!(after("2026-11-29T04:00:00Z", 60), Some(at("2026-11-30T18:00:00Z")));
        let mut never = site();
        never.hours.clear();
        assert_eq!(after_open_minutes(&never, at("2026-11-24T18:00:00Z"), 60), None);
    }

    #[test]
    fn the_sentence_names_the_very_time() {
        let site = site();
        let say = |now: &str, who, deed, zone, locale| {
            let by = after_open_minutes(&site, at(now), 60);
            promised_sentence(&site, (who, deed, by), at(now), zone, locale)
        };
        let tuesday = "2026-11-24T18:12:00Z";
        assert_eq!(say(tuesday, None, Deed::Answer, HERE, "en"), "A person will answer by 11:15 today.");
        assert_eq!(
            say(tuesday, Some("Sam"), Deed::Call, "America/New_York", "en"),
            "Sam will call you by 14:15 today (your time)."
        );
        let night = "2026-11-29T04:00:00Z";
        assert_eq!(
            say(night, None, Deed::Answer, HERE, "en"),
            "A person will answer on Monday between 9:00 and 10:00."
        );
        assert_eq!(
            say(night, None, Deed::Call, "America/New_York", "es"),
            "Una persona le llamará el lunes entre las 12:00 y las 13:00 (su hora)."
        );
        assert_eq!(
            say("2026-11-26T01:30:00Z", None, Deed::Answer, HERE, "en"),
            "A person will answer by 9:30 on Friday.",
            "the team is there still, and the day after tomorrow"
        );
        let none = promised_sentence(&site, (None, Deed::Answer, None), at(night), HERE, "es");
        assert_eq!(none, "Una persona responderá en cuanto pueda.");
    }

    proptest! {
        #[test]
        fn what_is_promised_is_after_now_and_within_an_opening_or_at_its_end(
            minutes in 0_i64..600_000, within in 1_u32..900
        ) {
            let site = site();
            let now = at("2026-01-01T00:00:00Z").plus_ms(minutes * MINUTE_MS);
            let by = after_open_minutes(&site, now, within).unwrap();
            prop_assert!(by > now);
            prop_assert!(is_open(&site, by.plus_ms(-1)));
            let sooner = after_open_minutes(&site, now, within.div_ceil(2)).unwrap();
            prop_assert!(sooner <= by);
        }
    }
}
