//! Claims that need a source: amounts, percentages, dates, times, links, numbers, mailboxes.

use std::collections::BTreeSet;

use super::Fault;
use crate::{
    assistant::Turn,
    calendar,
    identity::{find_email, find_phone},
    phrases::{self, Lang},
    text,
    wire::Speaker,
};

/// What a turn's sources say, ready to be compared.
pub(super) struct Sources {
    amounts: BTreeSet<String>,
    dates: BTreeSet<(u32, u32)>,
    times: BTreeSet<u32>,
    urls: BTreeSet<String>,
    /// Where phone numbers are looked for, when there is one to look for.
    numbered: String,
    emails: BTreeSet<String>,
    region: String,
}

impl Sources {
    /// Reads a turn's sources. Ours are passages, the site, what was said by us, and facts; what the contact wrote counts
    /// for dates, times and their own addresses only.
    pub(super) fn of(turn: &Turn) -> Self {
        let site = &turn.site;
        let mut ours = String::new();
        let mut add = |text: &str| {
            ours.push_str(text);
            ours.push('\n');
        };
        for passage in &turn.passages {
            add(&passage.heading);
            add(&passage.text);
        }
        for text in [&site.address, &site.phone, &site.name] {
            add(text);
        }
        add(site.booking_url.as_deref().unwrap_or_default());
        for endpoint in &site.endpoints {
            add(&endpoint.address);
        }
        for spans in site.hours.values().flatten() {
            add(&format!("{} {}", spans.0, spans.1));
        }
        for lang in Lang::ALL {
            add(&calendar::opens_sentence(site, turn.now, &turn.time_zone, lang.tag()));
        }
        for said in turn.history.iter().filter(|said| said.speaker != Speaker::Contact) {
            add(&said.text);
        }
        let mut theirs = ours.clone();
        for said in turn.history.iter().chain(&turn.burst) {
            theirs.push_str(&said.text);
            theirs.push('\n');
            let zone = calendar::known_zone(&turn.time_zone, site);
            theirs.push_str(&calendar::local_date_time(said.at, zone, Lang::En));
            theirs.push('\n');
        }
        let mut amounts = amounts(&ours);
        for fact in &turn.facts {
            amounts.extend(self::amounts(&fact.value));
            amounts.extend(self::amounts(&fact.quote));
        }
        let mut dates = dates(&theirs);
        dates.extend(site.holidays.iter().filter_map(|day| iso_date(day)));
        Self {
            amounts,
            dates,
            times: times(&theirs),
            urls: urls(&ours).into_iter().collect(),
            numbered: theirs.lines().filter(|line| digits(line) >= 7).collect::<Vec<_>>().join("\n"),
            emails: theirs.lines().flat_map(emails).collect(),
            region: site.region.clone(),
        }
    }

    fn knows_phone(&self, number: &str) -> bool {
        self.numbered.lines().any(|line| phone(line, &self.region).as_deref() == Some(number))
    }

    /// The claims of a sentence that stand in no source.
    pub(super) fn unfounded(&self, sentence: &str) -> Vec<Fault> {
        let mut faults = Vec::new();
        faults.extend(amounts(sentence).difference(&self.amounts).cloned().map(Fault::Amount));
        faults.extend(
            dates(sentence).difference(&self.dates).map(|(month, day)| Fault::Date(format!("{month}-{day}"))),
        );
        let unknown = times(sentence).into_iter().filter(|time| !self.times.contains(time));
        faults.extend(unknown.map(|time| Fault::Time(format!("{}:{:02}", time / 60, time % 60))));
        faults.extend(urls(sentence).into_iter().filter(|url| !self.urls.contains(url)).map(Fault::Url));
        let masked = |address: String| phrases::masked(&address);
        let unknown = phone(sentence, &self.region).filter(|number| !self.knows_phone(number));
        faults.extend(unknown.map(masked).map(Fault::Phone));
        let unknown = emails(sentence).into_iter().filter(|address| !self.emails.contains(address));
        faults.extend(unknown.map(masked).map(Fault::Email));
        if claims_to_be_human(sentence) {
            faults.push(Fault::Person);
        }
        faults
    }
}

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

/// "I am a real person", "no soy un bot".
fn claims_to_be_human(sentence: &str) -> bool {
    const CLAIMS: &str = "i am a real person|im a real person|i am a person|im a person|i am human|im human|i am a human|\
        im a human|im not a bot|i am not a bot|im not an ai|i am not an ai|soy una persona|soy humano|soy humana|no soy un bot|\
        no soy una ia|no soy un robot";
    let words = text::words(sentence);
    CLAIMS.split('|').any(|claim| text::has_phrase(&words, claim))
}

/// Amounts of money as `$140`, `$1.50`; percentages as `10%`.
fn amounts(text: &str) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for (start, number, end) in numbers(text) {
        let before = text[..start].trim_end();
        let after = &text[end..];
        let next = text::words(text::truncate(after, 24)).into_iter().next().unwrap_or_default();
        let unit = after.trim_start().starts_with(|c: char| c.is_alphabetic());
        let named = unit
            && matches!(
                next.as_str(),
                "dollars" | "dollar" | "bucks" | "usd" | "dolares" | "euros" | "euro" | "pesos"
            );
        if before.ends_with(['$', '€', '£'])
            || before.ends_with("USD")
            || named
            || after.trim_start().starts_with('€')
        {
            out.insert(format!("${number}"));
        } else if after.trim_start().starts_with('%') {
            out.insert(format!("{number}%"));
        }
    }
    out
}

/// Numbers without separators and without `.00`, with where they stand.
fn numbers(text: &str) -> Vec<(usize, String, usize)> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() {
            let separated =
                matches!(bytes[at], b'.' | b',') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
            if !bytes[at].is_ascii_digit() && !separated {
                break;
            }
            at += 1;
        }
        out.push((start, plain(&text[start..at]), at));
    }
    out
}

/// `1,200.00` as `1200`, `1.50` as `1.50`: one or two digits after the last separator are cents.
fn plain(number: &str) -> String {
    match number.rsplit_once(['.', ',']) {
        Some((whole, cents)) if cents.len() <= 2 => {
            let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
            if cents.bytes().all(|b| b == b'0') { whole } else { format!("{whole}.{cents:0<2}") }
        }
        _ => number.chars().filter(char::is_ascii_digit).collect(),
    }
}

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
fn dates(text: &str) -> BTreeSet<(u32, u32)> {
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

fn iso_date(text: &str) -> Option<(u32, u32)> {
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
fn times(text: &str) -> BTreeSet<u32> {
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

/// Links, with and without a scheme, without the punctuation after them.
fn urls(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for word in text.split(|c: char| {
        c.is_whitespace() || matches!(c, '(' | ')' | '<' | '>' | '"' | '“' | '”' | '[' | ']')
    }) {
        let lower = word.to_lowercase();
        let begins = ["https://", "http://", "www."].iter().filter_map(|start| lower.find(start)).min();
        if let Some(url) = begins.and_then(|at| lower.get(at..)) {
            out.push(url.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '/', '*', '_']).to_owned());
        } else if bare_domain(&lower) {
            out.push(lower.trim_end_matches(['.', ',', ';', ':', '!', '?', '/']).to_owned());
        }
    }
    out
}

/// `evil.example/pay`, `bit.ly/x`: a domain with a path, or with an ending people click on.
fn bare_domain(word: &str) -> bool {
    let word = word.trim_end_matches(['.', ',', ';', ':', '!', '?']);
    let host = word.split('/').next().unwrap_or_default();
    let Some((name, ending)) = host.rsplit_once('.') else { return false };
    let letters = ending.len() >= 2 && ending.bytes().all(|b| b.is_ascii_lowercase());
    let known = matches!(
        ending,
        "com" | "net" | "org" | "io" | "co" | "app" | "dev" | "shop" | "info" | "biz" | "ly" | "me"
    );
    !word.contains('@') && !name.is_empty() && letters && (known || word.contains('/'))
}

/// A phone number as its digits, without a leading country code of North America.
fn phone(text: &str, region: &str) -> Option<String> {
    if digits(text) < 7 {
        return None;
    }
    let found = find_phone(text, region)?;
    let digits: String = found.chars().filter(char::is_ascii_digit).collect();
    Some(digits.strip_prefix('1').filter(|rest| rest.len() == 10).map_or(digits.clone(), str::to_owned))
}

/// Email addresses, in lower case.
fn emails(text: &str) -> Vec<String> {
    let words = text.split(char::is_whitespace).filter(|word| word.contains('@'));
    words.filter_map(|word| find_email(word).map(str::to_lowercase)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_are_equal_however_they_are_written() {
        let one = |text: &str| amounts(text).into_iter().collect::<Vec<_>>().join(" ");
        for (text, expect) in [
            ("$140", "$140"),
            ("$ 140.00,", "$140"),
            ("140 dollars", "$140"),
            ("$1,200.50", "$1200.50"),
            ("$1.5", "$1.50"),
            ("10 %", "10%"),
            ("20 minutes, 3 bikes, 2418 SE", ""),
        ] {
            assert_eq!(one(text), expect, "{text}");
        }
    }

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

    #[test]
    fn links_are_found_with_and_without_a_scheme() {
        assert_eq!(urls("See (https://X.example/Book)."), ["https://x.example/book"]);
        assert_eq!(urls("go to evil.com/pay, or bit.ly"), ["evil.com/pay", "bit.ly"]);
        assert_eq!(urls("a@b.com and 3.5 and e.g. this and Mr.Smith"), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn claims_are_found_in_any_text(text in any::<String>()) {
            let _ = (amounts(&text), dates(&text), times(&text), urls(&text), phone(&text, "US"), emails(&text));
        }

        #[test]
        fn claims_are_found_in_text_full_of_them(text in "(\\$|[0-9]{1,4}|:|[.]|,| am| pm|May |/|-|ñ|€|%| of ){0,24}") {
            let _ = (amounts(&text), dates(&text), times(&text), urls(&text));
        }
    }
}
