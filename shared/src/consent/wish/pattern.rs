//! Requests as patterns: what the languages other than English are read by.
//!
//! A pattern is words parted by spaces. `a|b` is either word, `?a|b` one that may be missing, `%` any number of the
//! language's qualifiers, `#` a word for messages, and `$` the end of the clause but for its last words of politeness. A
//! pattern counts where nothing but a lead stands before it in its clause.

use super::{Found, Kind};

/// A language's words: lists parted by spaces, folded as [`super::fold::words`] folds.
pub(super) struct Language {
    /// What may stand before a request.
    pub(super) lead: &'static str,
    /// Where a request may begin anew.
    pub(super) conjunctions: &'static str,
    /// What may stand between a verb and a word for messages.
    pub(super) qualifiers: &'static str,
    /// Words for messages.
    pub(super) nouns: &'static str,
    /// What may end a clause.
    pub(super) tail: &'static str,
    /// With one of these in its clause a request is about something else.
    pub(super) other: &'static str,
    /// Lone words.
    pub(super) bare: &'static [&'static str],
    /// Whole requests.
    pub(super) requests: &'static [&'static str],
    /// Requests to be left alone.
    pub(super) everyone: &'static [&'static str],
    /// Requests not to be called.
    pub(super) calls: &'static [&'static str],
}

/// Whether a list of words has this one.
pub(super) fn has(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|entry| entry == word)
}

/// The request in a clause, the strongest first.
pub(super) fn find(language: &Language, clause: &[&str]) -> Option<Found> {
    if clause.iter().any(|word| has(language.other, word)) {
        return None;
    }
    let kinds = [
        (Kind::Everyone, language.everyone),
        (Kind::Request, language.requests),
        (Kind::Calls, language.calls),
        (Kind::Bare, language.bare),
    ];
    let starts = starts(language, clause);
    kinds.iter().find_map(|(kind, patterns)| {
        let begins = |at: &&usize| {
            patterns.iter().filter(|pattern| may_begin(pattern, clause[**at])).any(|pattern| {
                let tokens: Vec<&str> = pattern.split_ascii_whitespace().collect();
                matches(language, &tokens, &clause[**at..])
            })
        };
        starts.iter().find(begins).map(|at| Found { kind: *kind, at: *at })
    })
}

/// Whether a pattern can begin with a word at all: most cannot, and that is quickly seen.
fn may_begin(pattern: &str, word: &str) -> bool {
    let first = pattern.split_ascii_whitespace().next().unwrap_or_default();
    first.starts_with(['?', '%', '#', '$']) || first.split('|').any(|option| option == word)
}

/// The places where a request may begin: nothing but a lead stands before them since the last conjunction.
fn starts(language: &Language, clause: &[&str]) -> Vec<usize> {
    let mut is_open = true;
    let mut starts = Vec::new();
    for (at, word) in clause.iter().enumerate() {
        if is_open {
            starts.push(at);
        }
        is_open = has(language.conjunctions, word) || is_open && has(language.lead, word);
    }
    starts
}

fn matches(language: &Language, pattern: &[&str], words: &[&str]) -> bool {
    let Some((token, pattern)) = pattern.split_first() else { return true };
    let (first, rest) = words.split_first().map_or(("", words), |(first, rest)| (*first, rest));
    match *token {
        "$" => words.iter().all(|word| has(language.tail, word)),
        "#" => has(language.nouns, first) && matches(language, pattern, rest),
        "%" => {
            matches(language, pattern, words)
                || has(language.qualifiers, first) && matches(language, &[&["%"], pattern].concat(), rest)
        }
        token => {
            let (optional, options) =
                token.strip_prefix('?').map_or((false, token), |options| (true, options));
            let is_one = !first.is_empty() && options.split('|').any(|option| option == first);
            is_one && matches(language, pattern, rest) || optional && matches(language, pattern, words)
        }
    }
}
