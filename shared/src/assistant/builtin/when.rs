//! Days and times in a contact's words: "Thursday at 3", "tomorrow morning", "el 3 de diciembre a las 10".
//!
//! A reading holds what was said and no more: "3" may be three in the morning or in the afternoon, and whoever knows what
//! can be had decides. Days are counted from `today`; a weekday is the next one of its name.

use jiff::{
    Span,
    civil::{Date, Time, Weekday},
};

use crate::text::{self, Token};

/// What a sentence says of a day and a time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct When {
    /// The day.
    pub day: Option<Date>,
    /// The time of day, every way it may be meant; none where no time was said.
    pub times: Vec<Time>,
    /// The part of the day.
    pub part: Option<Half>,
}

/// A part of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Half {
    /// Before noon.
    Morning,
    /// From noon on.
    Afternoon,
    /// From five on.
    Evening,
}

const WEEKDAYS: [(Weekday, &[&str]); 7] = [
    (Weekday::Monday, &["monday", "mon", "lunes"]),
    (Weekday::Tuesday, &["tuesday", "tue", "tues", "martes"]),
    (Weekday::Wednesday, &["wednesday", "wed", "weds", "miercoles"]),
    (Weekday::Thursday, &["thursday", "thu", "thur", "thurs", "jueves"]),
    (Weekday::Friday, &["friday", "fri", "viernes"]),
    (Weekday::Saturday, &["saturday", "sat", "sabado"]),
    (Weekday::Sunday, &["sunday", "sun", "domingo"]),
];

const MONTHS: [&[&str]; 12] = [
    &["january", "jan", "enero"],
    &["february", "feb", "febrero"],
    &["march", "mar", "marzo"],
    &["april", "apr", "abril"],
    &["may", "mayo"],
    &["june", "jun", "junio"],
    &["july", "jul", "julio"],
    &["august", "aug", "agosto"],
    &["september", "sep", "sept", "septiembre"],
    &["october", "oct", "octubre"],
    &["november", "nov", "noviembre"],
    &["december", "dec", "diciembre"],
];

/// What may stand before an hour that is a time of day.
const AT: [&str; 9] = ["at", "around", "by", "about", "after", "las", "la", "from", "sobre"];
/// What after a number says that it is no time of day.
const COUNTED: [&str; 20] = [
    "min", "mins", "minute", "minutes", "minuto", "minutos", "hours", "horas", "days", "dias", "weeks",
    "people", "bikes", "dollars", "euros", "percent", "st", "nd", "rd", "th",
];

impl When {
    /// Reads a text. Total: what says nothing of a day or a time is empty.
    pub(super) fn read(text: &str, today: Date) -> Self {
        let tokens = text::tokens(text);
        let words: Vec<&str> = tokens.iter().map(|token| token.word.as_str()).collect();
        let (date, dated) = date(&words, today);
        let day = date.or_else(|| relative(&words, today)).or_else(|| weekday(&words, today));
        Self { day, times: times(text, &tokens, &words, dated), part: half(&words) }
    }

    /// Whether nothing was said.
    pub(super) const fn is_empty(&self) -> bool {
        self.day.is_none() && self.times.is_empty() && self.part.is_none()
    }

    /// Whether a moment is one that was meant.
    pub(super) fn fits(&self, day: Date, time: Time) -> bool {
        let in_half = self.part.is_none_or(|half| match half {
            Half::Morning => time.hour() < 12,
            Half::Afternoon => (12..18).contains(&time.hour()),
            Half::Evening => time.hour() >= 17,
        });
        self.day.is_none_or(|wanted| wanted == day)
            && (self.times.is_empty() || self.times.contains(&time))
            && in_half
    }
}

/// "3 December", "Dec 3rd", "3 de diciembre": the date, and where its day stands.
fn date(words: &[&str], today: Date) -> (Option<Date>, Option<usize>) {
    for (at, word) in words.iter().enumerate() {
        let Some(month) = MONTHS.iter().position(|names| names.contains(word)) else { continue };
        let before = match at.checked_sub(1) {
            Some(one) if words[one] == "de" => at.checked_sub(2),
            other => other,
        };
        let beside = [before, Some(at + 1)].into_iter().flatten();
        for place in beside {
            let Some(day) = words.get(place).and_then(|word| ordinal(word)) else { continue };
            let Ok(month) = i8::try_from(month + 1) else { continue };
            let this_year = Date::new(today.year(), month, day).ok();
            let date = this_year.filter(|date| *date >= today);
            let date = date.or_else(|| Date::new(today.year() + 1, month, day).ok());
            if date.is_some() {
                return (date, Some(place));
            }
        }
    }
    (None, None)
}

/// `3`, `3rd`: a day of a month.
fn ordinal(word: &str) -> Option<i8> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let ending = &word[digits.len()..];
    let day: i8 = digits.parse().ok()?;
    (matches!(ending, "" | "st" | "nd" | "rd" | "th") && (1..=31).contains(&day)).then_some(day)
}

fn relative(words: &[&str], today: Date) -> Option<Date> {
    let days = |days: i64| today.checked_add(Span::new().days(days)).ok();
    for (at, word) in words.iter().enumerate() {
        let before = at.checked_sub(1).map_or("", |before| words[before]);
        match *word {
            "today" | "tonight" | "hoy" => return days(0),
            "tomorrow" if before == "after" => return days(2),
            "manana" if before == "pasado" => return days(2),
            // "por la mañana" is the morning.
            "manana" if before == "la" => {}
            "tomorrow" | "manana" => return days(1),
            _ => {}
        }
    }
    None
}

fn weekday(words: &[&str], today: Date) -> Option<Date> {
    let named = |word: &&str| WEEKDAYS.iter().find(|(_, names)| names.contains(word)).map(|(day, _)| *day);
    let wanted = words.iter().find_map(named)?;
    let ahead = i64::from(today.weekday().until(wanted));
    today.checked_add(Span::new().days(if ahead == 0 { 7 } else { ahead })).ok()
}

fn half(words: &[&str]) -> Option<Half> {
    for (at, word) in words.iter().enumerate() {
        let before = at.checked_sub(1).map_or("", |before| words[before]);
        match *word {
            "morning" | "mornings" => return Some(Half::Morning),
            "manana" if before == "la" => return Some(Half::Morning),
            "afternoon" | "afternoons" => return Some(Half::Afternoon),
            "tarde" if before == "la" => return Some(Half::Afternoon),
            "evening" | "evenings" | "tonight" => return Some(Half::Evening),
            "noche" if before == "la" => return Some(Half::Evening),
            _ => {}
        }
    }
    None
}

/// The first time of day of a text, every way it may be meant. `dated` is a number that is a day of a month.
fn times(text: &str, tokens: &[Token], words: &[&str], dated: Option<usize>) -> Vec<Time> {
    let numbers = words.iter().filter(|word| word.starts_with(|c: char| c.is_ascii_digit())).count();
    for (at, token) in tokens.iter().enumerate() {
        if matches!(token.word.as_str(), "noon" | "mediodia" | "midday") {
            return clock(12, 0).into_iter().collect();
        }
        if dated == Some(at) || text[..token.start].ends_with(['$', '€', '#', '+']) {
            continue;
        }
        let digits = token.word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let Ok(hour) = digits.parse::<i8>() else { continue };
        let ending = &token.word[digits.len()..];
        let next = |by: usize| words.get(at + by).copied().unwrap_or("");
        let minutes = minutes_after(text, tokens, at);
        let (minute, after) = minutes.map_or((0, next(1)), |minute| (minute, next(2)));
        let glued = minutes.and_then(|_| next(1).get(2..)).unwrap_or("");
        let last = if minutes.is_some() { next(3) } else { next(2) };
        let meridiem = match (if glued.is_empty() { ending } else { glued }, after, last) {
            ("am" | "a", _, _) | ("", "am", _) | ("", "a", "m") => Some(false),
            ("pm" | "p", _, _) | ("", "pm", _) | ("", "p", "m") => Some(true),
            ("" | "h", _, _) => None,
            _ => continue,
        };
        let before = at.checked_sub(1).map_or("", |before| words[before]);
        let alone = numbers == 1 && words.len() <= 4 && !COUNTED.contains(&after);
        let said_as_time = minutes.is_some()
            || meridiem.is_some()
            || ending == "h"
            || after == "oclock"
            || AT.contains(&before);
        if !said_as_time && !alone || (meridiem.is_none() && COUNTED.contains(&after)) {
            continue;
        }
        let hours = match meridiem {
            Some(false) => vec![hour % 12],
            Some(true) => vec![hour % 12 + 12],
            None if (1..12).contains(&hour) => vec![hour, hour + 12],
            None => vec![hour],
        };
        let found: Vec<Time> = hours.into_iter().filter_map(|hour| clock(hour, minute)).collect();
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

fn clock(hour: i8, minute: i8) -> Option<Time> {
    Time::new(hour, minute, 0, 0).ok()
}

/// The minutes that follow an hour: `:30`, `.30`, `h30`.
fn minutes_after(text: &str, tokens: &[Token], at: usize) -> Option<i8> {
    let (token, next) = (&tokens[at], tokens.get(at + 1)?);
    let between = &text[token.end..next.start];
    let (digits, rest) = (next.word.get(..2)?, next.word.get(2..)?);
    let joined = matches!(between, ":" | ".") && matches!(rest, "" | "h" | "am" | "pm");
    let minute: i8 = digits.parse().ok()?;
    (joined && (0..60).contains(&minute)).then_some(minute)
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> When {
        // A Thursday.
        When::read(text, date(2026, 11, 26))
    }

    #[test]
    fn days_are_read_as_people_write_them() {
        for (text, day) in [
            ("today please", date(2026, 11, 26)),
            ("tomorrow at 10", date(2026, 11, 27)),
            ("the day after tomorrow", date(2026, 11, 28)),
            ("can we do Thursday instead?", date(2026, 12, 3)),
            ("Mon", date(2026, 11, 30)),
            ("el viernes por la mañana", date(2026, 11, 27)),
            ("mañana por la mañana", date(2026, 11, 27)),
            ("pasado mañana", date(2026, 11, 28)),
            ("December 3rd at 2", date(2026, 12, 3)),
            ("3 December", date(2026, 12, 3)),
            ("el 3 de diciembre a las 10", date(2026, 12, 3)),
            ("Jan 5", date(2027, 1, 5)),
        ] {
            assert_eq!(read(text).day, Some(day), "{text}");
        }
        for text in ["may I come?", "por la mañana", "31 February", "I have 3 bikes", "", "sunny"] {
            assert_eq!(read(text).day, None, "{text}");
        }
    }

    #[test]
    fn times_are_read_every_way_they_may_be_meant() {
        let two = |hour| vec![time(hour, 0, 0, 0), time(hour + 12, 0, 0, 0)];
        for (text, times) in [
            ("10:30", vec![time(10, 30, 0, 0), time(22, 30, 0, 0)]),
            ("at 3", two(3)),
            ("3", two(3)),
            ("3 pm", vec![time(15, 0, 0, 0)]),
            ("3pm works", vec![time(15, 0, 0, 0)]),
            ("3:15 p.m.", vec![time(15, 15, 0, 0)]),
            ("10:30am", vec![time(10, 30, 0, 0)]),
            ("12 am", vec![time(0, 0, 0, 0)]),
            ("at noon", vec![time(12, 0, 0, 0)]),
            ("15:00", vec![time(15, 0, 0, 0)]),
            ("a las 16h", vec![time(16, 0, 0, 0)]),
            ("December 3rd at 2", two(2)),
            ("el 3 de diciembre a las 10", two(10)),
            ("Friday, 4 o'clock", two(4)),
        ] {
            assert_eq!(read(text).times, times, "{text}");
        }
        for text in [
            "running 10 min late",
            "3 bikes please",
            "it was $10",
            "December 3rd",
            "call 415 555 2671",
            "25:00",
        ] {
            assert_eq!(read(text).times, [], "{text}");
        }
    }

    #[test]
    fn what_was_meant_is_told_from_what_was_not() {
        let when = read("Friday morning");
        assert!(when.fits(date(2026, 11, 27), time(9, 0, 0, 0)));
        assert!(!when.fits(date(2026, 11, 27), time(13, 0, 0, 0)));
        assert!(!when.fits(date(2026, 11, 28), time(9, 0, 0, 0)));
        assert!(read("at 3").fits(date(2026, 11, 28), time(15, 0, 0, 0)));
        assert!(read("hello").is_empty());
    }

    proptest! {
        #[test]
        fn any_words_are_read(text in "\\PC{0,60}|([0-9a-z:. ]{0,40})") {
            let _ = read(&text);
        }
    }
}
