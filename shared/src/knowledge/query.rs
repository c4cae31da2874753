//! From a customer's question to an FTS5 `MATCH` text.

use super::{
    lexicon::{Worth, meaning_at, phrases_of, worth},
    stem::stem,
};
use crate::text;

/// The most words of a question that are searched for; the rest of a long message adds noise, not hits.
const MAX_WORDS: usize = 24;
/// The most terms in a query.
const MAX_TERMS: usize = 64;

/// The `MATCH` text for a question: quoted words joined by `OR`, so that nothing in the question is FTS5 syntax. Words
/// without a topic are left out, words of one meaning are added, and longer words also match by their beginning, so that
/// a slip at the end of a word still finds it. `None` where nothing is left to search for.
pub fn fts_query(question: &str) -> Option<String> {
    let words: Vec<String> = text::words(question).into_iter().take(4 * MAX_WORDS).collect();
    let mut terms = Vec::new();
    let mut at = 0;
    let mut taken = 0;
    while at < words.len() && taken < MAX_WORDS {
        let step = if let Some((meaning, length)) = meaning_at(&words, at) {
            add(&mut terms, &words[at..at + length].join(" "), false);
            for phrase in phrases_of(meaning) {
                add(&mut terms, phrase, false);
            }
            taken += 1;
            length
        } else {
            if worth(&words[at]) != Worth::Stop {
                add_word(&mut terms, &words[at]);
                taken += 1;
            }
            1
        };
        at += step;
    }
    terms.truncate(MAX_TERMS);
    if terms.is_empty() { None } else { Some(terms.join(" OR ")) }
}

/// Whether a question names no thing of its own ("how much is it?", "and on Saturdays?"), so that it takes its topic from
/// what was said before.
pub fn is_vague(question: &str) -> bool {
    /// Meanings that ask, but name nothing.
    const BARE: [&str; 8] = ["price", "hours", "where", "duration", "included", "often", "soon", "estimate"];
    let words = text::words(question);
    let mut at = 0;
    while at < words.len() {
        match meaning_at(&words, at) {
            Some((meaning, _)) if !BARE.contains(&meaning) && worth(meaning) == Worth::Full => return false,
            Some((_, length)) => at += length,
            None if worth(&words[at]) == Worth::Full => return false,
            None => at += 1,
        }
    }
    true
}

/// A word as it is, by its beginning, and in two where it is a verb and a particle written as one ("dropoff").
fn add_word(terms: &mut Vec<String>, word: &str) {
    add(terms, word, false);
    let length = word.chars().count();
    if length >= 5 {
        let kept = text::truncate(word, 4.max(length.saturating_sub(3)));
        add(terms, text::truncate(kept, 6), true);
    }
    let short = stem(word);
    if short != word && short.len() >= 3 {
        add(terms, &short, false);
    }
    for particle in ["up", "off", "in", "out", "on", "down"] {
        if let Some(verb) = word.strip_suffix(particle).filter(|verb| verb.len() >= 3) {
            add(terms, &format!("{verb} {particle}"), false);
        }
    }
}

/// Adds a term once; `phrase` holds letters, digits and spaces only.
fn add(terms: &mut Vec<String>, phrase: &str, prefix: bool) {
    let clean: String = phrase.chars().filter(|c| c.is_alphanumeric() || *c == ' ').collect();
    let term = format!("\"{clean}\"{}", if prefix { "*" } else { "" });
    if !clean.trim().is_empty() && !terms.contains(&term) {
        terms.push(term);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn stop_words_go_and_slips_still_match_by_their_beginning() {
        assert_eq!(fts_query("do you have parking?").unwrap(), "\"parking\" OR \"park\"* OR \"park\"");
        assert!(fts_query("punctue repair cost").unwrap().contains("\"punc\"*"));
        assert!(fts_query("tuneup?").unwrap().contains("\"tune\""));
        assert_eq!(fts_query("what do you do"), None);
        assert_eq!(fts_query("?!"), None);
    }

    #[test]
    fn full_text_syntax_in_a_question_is_only_words() {
        let query = fts_query("chain\" OR title:x* NEAR(a b) - ^wheel").unwrap();
        assert!(
            query.starts_with("\"chain\" OR ") && query.contains("\"near\"") && query.contains("\"wheel\"")
        );
        assert!(!query.contains([':', '^', '-', '(', '+']) && !query.contains("NEAR"));
    }

    #[test]
    fn a_question_without_a_thing_is_vague() {
        for (question, vague) in [
            ("how much is it?", true),
            ("and how long does that take", true),
            ("how much is a tune-up", false),
            ("do you sell kayaks", false),
            ("", true),
        ] {
            assert_eq!(is_vague(question), vague, "{question}");
        }
    }

    proptest! {
        #[test]
        fn a_query_is_quoted_terms_and_bounded(question in any::<String>()) {
            if let Some(query) = fts_query(&question) {
                let terms: Vec<_> = query.split(" OR ").collect();
                prop_assert!(terms.len() <= MAX_TERMS);
                for term in terms {
                    let inner = term.strip_suffix('*').unwrap_or(term);
                    let inner = inner.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap();
                    prop_assert!(inner.chars().all(|c| c.is_alphanumeric() || c == ' '));
                }
            }
        }
    }
}
