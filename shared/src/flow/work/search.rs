//! Search over who people are and what was said.
//!
//! All words of a query have to stand in one name, one address or one message; the last one may be the beginning of a word.
//! A number is found by any of its digits in a row, however it is written. People come first, then messages, the newest first.

use std::collections::BTreeSet;

use super::digest::digest;
use crate::{
    api::list::Found,
    ctx::Ctx,
    error::Rejection,
    event::Body,
    flow::{FlowError, Scope},
    id::ContactId,
    store::{
        Db, decode_json,
        search::{self, Person, Said, site_word},
    },
    text::{self, Token},
};

/// The most that is found at once.
pub const MAX_FOUND: u32 = 50;
/// How many people stand before what was said.
const MAX_PEOPLE: usize = 10;
/// The longest query, in characters.
pub const MAX_QUERY_CHARS: usize = 200;
/// How many words of a query are looked for.
const MAX_WORDS: usize = 8;
/// The longest excerpt, in characters.
const EXCERPT_CHARS: usize = 160;
/// How much stands before what was found, in characters.
const LEAD_CHARS: usize = 40;
/// The fewest digits that a number is looked for by.
const MIN_DIGITS: usize = 3;

/// What a query means.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Query {
    /// Its words, folded.
    words: Vec<String>,
    /// All its digits, where it is nothing but a number.
    number: Option<String>,
    /// The last word may go on.
    is_open: bool,
}

impl Query {
    fn read(text: &str) -> Self {
        let mut words = text::words(text);
        words.truncate(MAX_WORDS);
        let is_number = text.chars().all(|c| c.is_ascii_digit() || " +-().\u{a0}".contains(c));
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let number = (is_number && digits.len() >= MIN_DIGITS).then_some(digits);
        let is_open = !text.ends_with(char::is_whitespace);
        Self { words, number, is_open }
    }

    /// The words as an FTS5 expression on some columns.
    fn expression(&self, site: &str, columns: &str) -> String {
        let mut all = format!("site : \"{site}\"");
        for (place, word) in self.words.iter().enumerate() {
            let star = if self.is_last(place) { " *" } else { "" };
            all.extend([" AND ", columns, " : \"", &bare(word), "\"", star]);
        }
        all
    }

    fn is_last(&self, place: usize) -> bool {
        self.is_open && place + 1 == self.words.len()
    }

    fn is_found(&self, word: &str) -> bool {
        let fits = |(place, wanted): (usize, &String)| {
            word == wanted || (self.is_last(place) && word.starts_with(&**wanted))
        };
        self.words.iter().enumerate().any(fits)
    }
}

/// What fits a query, at most `limit`. Refuses one that is too long (`too_long`); one without a word finds nothing.
pub async fn find<D: Db>(
    scope: Scope<'_, D>,
    ctx: &Ctx,
    query: &str,
    limit: u32,
) -> Result<Vec<Found>, FlowError> {
    if query.chars().count() > MAX_QUERY_CHARS {
        let text = format!("`q` takes at most {MAX_QUERY_CHARS} characters.");
        return Err(Rejection::new(400, "too_long", text).into());
    }
    let query = Query::read(query);
    if query.words.is_empty() {
        return Ok(Vec::new());
    }
    // What was just said is found as well.
    digest(scope, ctx).await?;
    let limit = limit.clamp(1, MAX_FOUND);
    let (site, word) = (&scope.site.id, site_word(&scope.site.id));
    let people = match &query.number {
        Some(digits) => format!("site : \"{word}\" AND address : \"{digits}\" *"),
        None => query.expression(&word, "{name address}"),
    };
    let said = query.expression(&word, "{subject text}");
    let stmts = [search::people(site, &people, limit), search::said(site, &said, limit)];
    let mut answers = scope.db.batch(&stmts).await?.into_iter();
    let mut next = || answers.next().unwrap_or_default();
    let mut found = Vec::new();
    for person in next().decode_all::<Person>()? {
        found.extend(found_person(&query, person)?);
    }
    // A name that begins with what is looked for is what is meant; then who was last heard of.
    found.sort_by_key(|found| (found.part != "name", core::cmp::Reverse(found.at)));
    let mut seen: BTreeSet<ContactId> = BTreeSet::new();
    found.retain(|found| seen.insert(found.contact.clone()));
    found.truncate(MAX_PEOPLE.min(limit as usize));
    let mut messages = Vec::new();
    for said in next().decode_all::<Said>()? {
        messages.extend(found_said(&query, said)?);
    }
    messages.sort_by_key(|found| core::cmp::Reverse(found.at));
    found.extend(messages);
    found.truncate(limit as usize);
    Ok(found)
}

fn found_person(query: &Query, person: Person) -> Result<Option<Found>, FlowError> {
    let Person { contact_id, name, own_name, at_ms, addresses } = person;
    let addresses: Vec<String> = decode_json(&addresses)?;
    let mut own = own_name.iter().chain(name.iter());
    let named = own.find_map(|name| excerpt(query, name)).map(|text| ("name", text));
    let reached = || {
        let found = addresses.iter().find_map(|address| marked_address(query, address));
        found.or_else(|| addresses.first().cloned()).map(|text| ("address", text))
    };
    let hit = if query.number.is_some() { reached() } else { named.or_else(reached) };
    Ok(hit.map(|(part, excerpt)| Found {
        contact: contact_id,
        name: name.or(own_name).or_else(|| addresses.first().cloned()),
        part: part.to_owned(),
        excerpt,
        place: None,
        at: at_ms,
    }))
}

fn found_said(query: &Query, said: Said) -> Result<Option<Found>, FlowError> {
    let (part, text, subject) = match decode_json::<Body>(&said.body)? {
        Body::Message(message) => ("text", message.text, message.subject),
        Body::Note { text, .. } => ("note", text, None),
        _ => return Ok(None),
    };
    let in_subject = subject.and_then(|subject| excerpt(query, &subject)).map(|text| ("subject", text));
    let hit = excerpt(query, &text).map(|text| (part, text)).or(in_subject);
    Ok(hit.map(|(part, excerpt)| Found {
        contact: said.contact_id,
        name: said.name,
        part: part.to_owned(),
        excerpt,
        place: Some((said.conversation_id, said.seq)),
        at: said.at_ms,
    }))
}

/// A word without what FTS5 would read as its own.
fn bare(word: &str) -> String {
    word.chars().filter(|c| *c != '"' && *c != '\0').collect()
}

/// The words around what was found, on one line, what was found between its marks; `None` where nothing was.
fn excerpt(query: &Query, text: &str) -> Option<String> {
    let line = text::one_line(text);
    let tokens = text::tokens(&line);
    let first = tokens.iter().find(|token| query.is_found(&token.word))?;
    let from = line[..first.start].char_indices().rev().nth(LEAD_CHARS).map_or(0, |(at, _)| at);
    // Whole words only.
    let from = if from == 0 { 0 } else { line[from..].find(' ').map_or(from, |space| from + space + 1) };
    let hits: Vec<&Token> =
        tokens.iter().filter(|token| token.start >= from && query.is_found(&token.word)).collect();
    let mut out = String::new();
    let mut left = EXCERPT_CHARS - 2;
    if from > 0 {
        out.push('…');
    }
    for (at, c) in line[from..].char_indices().map(|(at, c)| (from + at, c)) {
        if hits.iter().any(|hit| hit.end == at) {
            out.push('\u{2403}');
        }
        let begins = hits.iter().find(|hit| hit.start == at);
        // A mark that is opened is closed: its word fits whole, or it is cut before.
        let needs = begins.map_or(1, |hit| line[hit.start..hit.end].chars().count() + 2);
        if left < needs {
            out.push('…');
            return Some(out);
        }
        if begins.is_some() {
            out.push('\u{2402}');
            left -= 2;
        }
        out.push(c);
        left -= 1;
    }
    if hits.iter().any(|hit| hit.end == line.len()) {
        out.push('\u{2403}');
    }
    Some(out)
}

/// An address with what was found in it between its marks: digits in a row, or the beginning of an end of a word.
fn marked_address(query: &Query, address: &str) -> Option<String> {
    let wanted = match (&query.number, query.words.first()) {
        (Some(digits), _) => digits.clone(),
        (None, Some(word)) => word.clone(),
        (None, None) => return None,
    };
    let folded = address.to_lowercase();
    let at = folded.find(&wanted).filter(|_| folded.len() == address.len())?;
    let end = at + wanted.len();
    if !address.is_char_boundary(at) || !address.is_char_boundary(end) {
        return None;
    }
    Some(format!("{}\u{2402}{}\u{2403}{}", &address[..at], &address[at..end], &address[end..]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_number_is_its_digits_however_it_is_written() {
        for text in ["4155552671", "(415) 555-2671", "415.555 2671"] {
            assert_eq!(Query::read(text).number.as_deref(), Some("4155552671"), "{text}");
        }
        for text in ["12", "maria 415", "maria@"] {
            assert_eq!(Query::read(text).number, None, "{text}");
        }
    }

    #[test]
    fn what_was_found_stands_between_its_marks() {
        let query = Query::read("María bike");
        assert_eq!(
            excerpt(&query, "Hello maria,\nthe bikes are ready").unwrap(),
            "Hello \u{2402}maria\u{2403}, the \u{2402}bikes\u{2403} are ready"
        );
        let long = format!("{} maria {}", "before ".repeat(40), "after ".repeat(40));
        let text = excerpt(&query, &long).unwrap();
        assert!(
            text.starts_with('…') && text.ends_with('…') && text.contains("\u{2402}maria\u{2403}"),
            "{text}"
        );
        assert!(text.chars().count() <= EXCERPT_CHARS);
        assert_eq!(
            marked_address(&Query::read("555 26"), "+14155552671").unwrap(),
            "+1415\u{2402}55526\u{2403}71"
        );
    }

    proptest! {
        #[test]
        fn an_excerpt_is_short_and_every_mark_is_closed(query in any::<String>(), text in any::<String>()) {
            let query = Query::read(&query);
            if let Some(excerpt) = excerpt(&query, &text) {
                prop_assert!(excerpt.chars().count() <= EXCERPT_CHARS + 2, "{excerpt}");
                let marks: String = excerpt.chars().filter(|c| "\u{2402}\u{2403}".contains(*c)).collect();
                let own = text.contains(['\u{2402}', '\u{2403}']);
                prop_assert!(own || marks.replace("\u{2402}\u{2403}", "").is_empty(), "{excerpt}");
            }
        }
    }
}
