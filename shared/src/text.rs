//! Small text tools: folding, words, sentences, and cutting on whole characters.
//!
//! Everything here is total and allocation is bounded by the input. It knows no language beyond Latin diacritics and a
//! few abbreviations; meaning stands in [`crate::phrases`], [`crate::knowledge`] and the assistant.

mod phrases;

pub use phrases::{ByWord, Found, Phrases, WordHasher, WordSet};

/// Lower case, without diacritics, with plain quotes and spaces: two spellings of one word become equal.
///
/// Covers Latin-1 and the common part of Latin Extended-A; other scripts are only lower-cased. Lengths may change, so
/// offsets into the result say nothing about the input.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        let mut folded = text.replace('`', "'");
        folded.make_ascii_lowercase();
        return folded;
    }
    text.chars().flat_map(char::to_lowercase).filter_map(fold_char).collect()
}

/// One lower-case character without its diacritic; `None` for combining marks and invisible joiners.
fn fold_char(c: char) -> Option<char> {
    Some(match c {
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => return None,
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => 'c',
        'ď' | 'đ' => 'd',
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => 'e',
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => 'g',
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => 'i',
        'ĺ' | 'ļ' | 'ľ' | 'ł' => 'l',
        'ñ' | 'ń' | 'ņ' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => 'o',
        'ŕ' | 'ŗ' | 'ř' => 'r',
        'ś' | 'ŝ' | 'ş' | 'š' | 'ß' => 's',
        'ţ' | 'ť' | 'ț' => 't',
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        '\u{2018}' | '\u{2019}' | '\u{02bc}' | '`' | '´' => '\'',
        '\u{201c}' | '\u{201d}' | '«' | '»' => '"',
        '\u{2010}'..='\u{2015}' => '-',
        '\u{a0}' | '\u{202f}' | '\u{2009}' => ' ',
        other => other,
    })
}

/// A word and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The word, folded, apostrophes dropped.
    pub word: String,
    /// Where it begins in the text, in bytes.
    pub start: usize,
    /// Where it ends, in bytes.
    pub end: usize,
}

impl AsRef<str> for Token {
    fn as_ref(&self) -> &str {
        &self.word
    }
}

/// The words of a text with their places: runs of letters and digits. An apostrophe inside a word is dropped (`don't`
/// is `dont`), everything else separates.
pub fn tokens(text: &str) -> Vec<Token> {
    // A word and the space after it are seldom shorter than five letters.
    let mut out = Vec::with_capacity(text.len() / 5 + 1);
    let mut start = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let apostrophe = matches!(c, '\'' | '\u{2018}' | '\u{2019}' | '\u{02bc}');
        let joins = matches!(c, '\u{300}'..='\u{36f}')
            || (apostrophe && chars.peek().is_some_and(|(_, next)| next.is_alphanumeric()));
        if c.is_alphanumeric() {
            start.get_or_insert(at);
        } else if !joins {
            out.extend(start.take().map(|start| token(text, start, at)));
        }
    }
    out.extend(start.map(|start| token(text, start, text.len())));
    out
}

fn token(text: &str, start: usize, end: usize) -> Token {
    let written = &text[start..end];
    let mut word = if written.is_ascii() { written.to_ascii_lowercase() } else { fold(written) };
    if word.contains('\'') {
        word.retain(|c| c != '\'');
    }
    Token { word, start, end }
}

/// The words of a text, folded; see [`tokens`].
pub fn words(text: &str) -> Vec<String> {
    tokens(text).into_iter().map(|token| token.word).collect()
}

/// Whether `phrase`, a sequence of folded words separated by single spaces, stands in `words` as a run.
pub fn has_phrase(words: &[String], phrase: &str) -> bool {
    find_phrase(words, phrase).is_some()
}

/// Where `phrase` begins in `words`.
pub fn find_phrase(words: &[String], phrase: &str) -> Option<usize> {
    let mut wanted = phrase.split(' ').filter(|word| !word.is_empty());
    let first = wanted.next()?;
    (0..words.len()).find(|start| {
        let mut have = words[*start..].iter();
        have.next().is_some_and(|word| word == first)
            && wanted.clone().all(|want| have.next().is_some_and(|word| word == want))
    })
}

/// The first `max_chars` characters at most; never splits a character.
pub fn truncate(text: &str, max_chars: usize) -> &str {
    text.char_indices().nth(max_chars).map_or(text, |(at, _)| &text[..at])
}

/// At most `max_chars` characters, cut between words and marked with `…` where something was left off.
pub fn shorten(text: &str, max_chars: usize) -> String {
    let text = text.trim();
    if text.chars().count() <= max_chars {
        return text.to_owned();
    }
    let head = truncate(text, max_chars.saturating_sub(1));
    let cut =
        head.rfind(char::is_whitespace).filter(|at| *at > head.len() / 2).map_or(head, |at| &head[..at]);
    let cut = cut.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '-'));
    if max_chars == 0 { String::new() } else { format!("{cut}…") }
}

/// The whole first sentences that fit into `max_chars` characters; the first one [`shorten`]ed where even it does not.
pub fn lead(text: &str, max_chars: usize) -> String {
    let mut out = String::new();
    for sentence in sentences(text) {
        let joined = out.chars().count() + usize::from(!out.is_empty()) + sentence.chars().count();
        if joined > max_chars {
            break;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(sentence);
    }
    if out.is_empty() { shorten(text, max_chars) } else { out }
}

/// The text as it is where it fits into `max_chars` characters, else [`shorten`]ed.
pub fn within(text: &str, max_chars: usize) -> String {
    if text.chars().count() <= max_chars { text.to_owned() } else { shorten(text, max_chars) }
}

/// Words with a full stop that end no sentence.
const ABBREVIATIONS: [&str; 26] = [
    "mr", "mrs", "ms", "dr", "st", "ave", "no", "nr", "vs", "etc", "e.g", "i.e", "a.m", "p.m", "approx",
    "inc", "ltd", "co", "jr", "sr", "sra", "srta", "ud", "uds", "av", "ej",
];

/// The sentences of a text, trimmed, in order; a line break ends one too. No text is lost but white space.
pub fn sentences(text: &str) -> Vec<&str> {
    text.lines().flat_map(line_sentences).filter(|sentence| !sentence.is_empty()).collect()
}

fn line_sentences(line: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut chars = line.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if !matches!(c, '.' | '!' | '?' | '…') {
            continue;
        }
        let mut end = at + c.len_utf8();
        while let Some((next, closing)) = chars.peek().copied() {
            if !matches!(closing, '.' | '!' | '?' | '…' | '"' | '\'' | ')' | '”' | '’' | '»') {
                break;
            }
            end = next + closing.len_utf8();
            chars.next();
        }
        let ends_word = chars.peek().is_none_or(|(_, next)| next.is_whitespace());
        if ends_word && !(c == '.' && abbreviates(&line[start..at], &line[end..])) {
            out.push(line[start..end].trim());
            start = end;
        }
    }
    out.push(line[start..].trim());
    out
}

/// Whether the full stop after `before` belongs to an abbreviation rather than to a sentence's end. "p.m." ends a
/// sentence where a capital follows.
fn abbreviates(before: &str, after: &str) -> bool {
    let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    let word = fold(word.trim_start_matches(['(', '"', '\'']));
    let capital = after.trim_start().chars().next().is_some_and(char::is_uppercase);
    if matches!(word.as_str(), "a.m" | "p.m" | "etc") {
        return !capital;
    }
    let initial = word.chars().count() == 1 && word.chars().all(char::is_alphabetic) && word != "i";
    initial || ABBREVIATIONS.contains(&word.as_str())
}

/// The text on one line with single spaces, without control characters.
pub fn one_line(text: &str) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    clean.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn folding_makes_spellings_equal() {
        assert_eq!(fold("¿Cuánto CUESTA el año?"), "¿cuanto cuesta el ano?");
        assert_eq!(
            words("Don’t you e-mail “Ana”? It's 10 am."),
            ["dont", "you", "e", "mail", "ana", "its", "10", "am"]
        );
    }

    #[test]
    fn abbreviations_prices_and_times_end_no_sentence() {
        let text = "We open at 9 a.m. on St. Mark's Place. It is $1.50! Really?! Yes\nNo.";
        assert_eq!(
            sentences(text),
            ["We open at 9 a.m. on St. Mark's Place.", "It is $1.50!", "Really?!", "Yes", "No."]
        );
        assert_eq!(sentences("We close at 5 p.m. Then we sleep."), ["We close at 5 p.m.", "Then we sleep."]);
    }

    #[test]
    fn a_lead_is_whole_sentences_or_a_marked_cut() {
        let text = "One two three. Four five six. Seven.";
        assert_eq!(lead(text, 30), "One two three. Four five six.");
        assert_eq!(lead(text, 29), "One two three. Four five six.");
        assert_eq!(lead(text, 28), "One two three.");
        assert_eq!(lead(text, 10), "One two…");
        assert_eq!(truncate("añb", 2), "añ");
    }

    proptest! {
        #[test]
        fn nothing_panics_and_nothing_grows(text in any::<String>(), max in 0_usize..40) {
            prop_assert!(truncate(&text, max).chars().count() <= max);
            prop_assert!(shorten(&text, max).chars().count() <= max);
            prop_assert!(lead(&text, max).chars().count() <= max);
            let kept: String = sentences(&text).concat().split_whitespace().collect();
            let given: String = text.split_whitespace().collect();
            prop_assert_eq!(kept, given);
            for token in tokens(&text) {
                prop_assert!(text.get(token.start..token.end).is_some());
            }
        }
    }
}
