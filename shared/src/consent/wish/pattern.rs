//! Requests as patterns: what the languages other than English are read by.
//!
//! A pattern is words parted by spaces. `a|b` is either word, `?a|b` one that may be missing, `%` any number of the
//! language's qualifiers, `#` a word for messages, and `$` the end of the clause but for its last words of politeness. A
//! pattern counts where nothing but a lead stands before it in its clause.

use std::collections::HashMap;

use super::{Found, Kind, list::has};
use crate::text::ByWord;

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

/// A language's patterns, by the word each begins with.
pub(super) struct Patterns {
    by_first: HashMap<&'static str, Vec<Pattern>, ByWord>,
    /// Those that may begin with any of many words.
    open: Vec<Pattern>,
}

/// A pattern, its kind, and the place of that kind in the order of strength: the first is the strongest.
struct Pattern {
    rank: usize,
    kind: Kind,
    tokens: Vec<&'static str>,
}

impl Patterns {
    /// A language's patterns, cut up.
    pub(super) fn of(language: &Language) -> Self {
        let kinds = [
            (Kind::Everyone, language.everyone),
            (Kind::Request, language.requests),
            (Kind::Calls, language.calls),
            (Kind::Bare, language.bare),
        ];
        let mut all = Self { by_first: HashMap::default(), open: Vec::new() };
        for (rank, (kind, patterns)) in kinds.into_iter().enumerate() {
            for pattern in patterns {
                let cut = || Pattern { rank, kind, tokens: pattern.split_ascii_whitespace().collect() };
                let first = pattern.split_ascii_whitespace().next().unwrap_or_default();
                if first.starts_with(['?', '%', '#', '$']) {
                    all.open.push(cut());
                } else {
                    first.split('|').for_each(|word| all.by_first.entry(word).or_default().push(cut()));
                }
            }
        }
        all
    }
}

/// The request in a clause, the strongest first, and of those the one that begins first.
pub(super) fn find(language: &Language, patterns: &Patterns, clause: &[&str]) -> Option<Found> {
    let mut best: Option<(usize, Found)> = None;
    for at in starts(language, clause) {
        let known = patterns.by_first.get(clause[at]).into_iter().flatten();
        for pattern in known.chain(&patterns.open) {
            let is_better = best.is_none_or(|(rank, _)| pattern.rank < rank);
            if is_better && matches(language, &pattern.tokens, &clause[at..]) {
                best = Some((pattern.rank, Found { kind: pattern.kind, at }));
            }
        }
    }
    let (_, found) = best?;
    let is_other = clause.iter().any(|word| has(language.other, word));
    (!is_other).then_some(found)
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
