//! Dates and times of day, in English and Spanish and in figures.

use std::collections::BTreeSet;

use crate::text;

/// English and Spanish months by their first letters, folded.
const MONTHS: [[&str; 2]; 12] = [
    ["january", "enero"],
    ["february", "febrero"],
    ["march", "marzo"],
    ["april", "abril"],
    ["may", "mayo"],
    ["june", "junio"],
    ["july", "julio"],
    ["august", "agosto"],
    ["september", "septiembre"],
    ["october", "octubre"],
    ["november", "noviembre"],
    ["december", "diciembre"],
];

fn month(word: &str) -> Option<u32> {
    let named = |name: &&str| {
        word == *name
            || (word.len() == 3 && name.starts_with(word))
            || (word == "sept" && *name == "september")
    };
    (1..).zip(MONTHS).find(|(_, names)| names.iter().any(named)).map(|(number, _)| number)
}

fn day(word: &str) -> Option<u32> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let ending = &word[digits.len()..];
    let ordinal = matches!(ending, "" | "st" | "nd" | "rd" | "th");
    digits.parse().ok().filter(|day| ordinal && digits.len() <= 2 && (1..=31).contains(day))
}

/// Dates as month and day: "March 3", "3rd of March", "3 de marzo", `2026-03-03`, `3/3/2026`.
pub(super) fn dates(text: &str) -> BTreeSet<(u32, u32)> {
    let words = text::words(text);
    let mut out = BTreeSet::new();
    for (at, word) in words.iter().enumerate() {
        let Some(month) = month(word) else { continue };
        let near = |index: Option<usize>| index.and_then(|index| words.get(index)).and_then(|word| day(word));
        let joined =
            at.checked_sub(1).and_then(|i| words.get(i)).is_some_and(|word| word == "of" || word == "de");
        let before = near(at.checked_sub(if joined { 2 } else { 1 }));
        let the = words.get(at + 1).is_some_and(|word| word == "the");
        out.extend(before.or_else(|| near(Some(at + if the { 2 } else { 1 }))).map(|day| (month, day)));
    }
    for piece in text.split(|c: char| !c.is_ascii_digit() && c != '-' && c != '/') {
        out.extend(iso_date(piece).or_else(|| slashed_date(piece)));
    }
    out
}

pub(super) fn iso_date(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let date = (month.parse().ok()?, day.parse().ok()?);
    (year.len() == 4 && month.len() == 2 && day.len() == 2 && parts.next().is_none() && valid(date))
        .then_some(date)
}

/// `12/25` and `12/25/2026`, the month first.
fn slashed_date(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.split('/');
    let (month, day) = (parts.next()?, parts.next()?);
    let date = (month.parse().ok()?, day.parse().ok()?);
    (month.len() <= 2 && day.len() <= 2 && parts.count() <= 1 && valid(date)).then_some(date)
}

const fn valid((month, day): (u32, u32)) -> bool {
    1 <= month && month <= 12 && 1 <= day && day <= 31
}

/// Times of day in minutes: `18:00`, `9 am`, `9:30pm`. A time without "am" or "pm" before 12:00 stands for itself only.
pub(super) fn times(text: &str) -> BTreeSet<u32> {
    let mut out = BTreeSet::new();
    for (start, digits, end) in clock_numbers(text) {
        let after = text::fold(text::truncate(&text[end..], 8)).trim_start().replace('.', "");
        let minutes = text
            .get(end..end + 3)
            .and_then(|rest| rest.strip_prefix(':'))
            .and_then(|m| m.parse::<u32>().ok());
        let (minutes, after) = match minutes.filter(|minutes| *minutes < 60) {
            Some(minutes) => {
                (Some(minutes), text::fold(text::truncate(&text[end + 3..], 8)).trim_start().replace('.', ""))
            }
            None => (None, after),
        };
        let ends = |mark: &str| {
            after.strip_prefix(mark).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        };
        let (am, pm) = (ends("am"), ends("pm"));
        let before = text[..start].chars().next_back();
        let part = before.is_some_and(|c| c == ':' || c == '$' || c.is_ascii_digit());
        if part || digits > 24 || (minutes.is_none() && !am && !pm) {
            continue;
        }
        let hour = match (digits, am, pm) {
            (12, true, _) => 0,
            (12, _, true) => 12,
            (hour, _, true) if hour < 12 => hour + 12,
            (hour, ..) => hour,
        };
        out.insert(hour * 60 + minutes.unwrap_or(0));
    }
    out
}

/// Whole numbers of one or two digits, with where they stand.
fn clock_numbers(text: &str) -> Vec<(usize, u32, usize)> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        if at == start {
            at += 1;
        } else if at - start <= 2 {
            out.extend(text[start..at].parse().ok().map(|number| (start, number, at)));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_are_read_in_their_usual_shapes() {
        for text in [
            "March 3",
            "3rd of March",
            "on the 3 March 2026",
            "3 de marzo",
            "2026-03-03",
            "3/3/2026",
            "Mar 3rd",
        ] {
            assert_eq!(dates(text).into_iter().collect::<Vec<_>>(), [(3, 3)], "{text}");
        }
        for (text, expect) in [
            ("9 am", &[540][..]),
            ("9:30pm", &[1290]),
            ("9 a.m. to 18:00", &[540, 1080]),
            ("12 am", &[0]),
            ("9:00–18:00", &[540, 1080]),
            ("$9 amount, 3 bikes", &[]),
            ("10 amazing bikes", &[]),
        ] {
            assert_eq!(times(text).into_iter().collect::<Vec<_>>(), expect, "{text}");
        }
        assert!(dates("you may 5 times").len() <= 1);
    }
}
