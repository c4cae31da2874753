//! The labelled corpus, the per-se words in every dress, and totality.

use proptest::prelude::*;

use super::*;

/// The words that Twilio and 47 CFR 64.1200(a)(10) name.
const PER_SE: [&str; 9] =
    ["stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "opt out"];

/// Every line of `fixtures/keywords.tsv`: a label and a text, `\n` for a line break.
fn corpus() -> Vec<(Option<Keyword>, String)> {
    let label = |text: &str| match text {
        "stop" => Some(Keyword::Stop),
        "start" => Some(Keyword::Start),
        "help" => Some(Keyword::Help),
        "none" => None,
        other => panic!("unknown label {other}"),
    };
    include_str!("../../../../fixtures/keywords.tsv")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'))
        .map(|(name, text)| (label(name), text.replace("\\n", "\n")))
        .collect()
}

#[test]
fn the_corpus_is_judged_with_full_recall_and_high_precision() {
    let corpus = corpus();
    assert!(corpus.len() >= 150, "{} phrases", corpus.len());
    let (mut right, mut false_stops, mut missed_stops, mut stops) = (0, 0, 0, 0);
    for (expected, text) in &corpus {
        let found = keyword(text);
        right += usize::from(found == *expected);
        stops += usize::from(*expected == Some(Keyword::Stop));
        false_stops += usize::from(found == Some(Keyword::Stop) && *expected != found);
        missed_stops += usize::from(*expected == Some(Keyword::Stop) && *expected != found);
        if found != *expected {
            println!("{text:?}: expected {expected:?}, found {found:?}");
        }
    }
    let found = stops - missed_stops;
    println!("{} phrases, {right} right", corpus.len());
    println!("stop: precision {found}/{}, recall {found}/{stops}", found + false_stops);
    assert_eq!(right, corpus.len(), "see the lines above");
}

#[test]
fn every_per_se_word_counts_in_any_case_with_any_punctuation() {
    for word in PER_SE {
        for text in [
            word.to_owned(),
            word.to_uppercase(),
            format!("  {word}. "),
            format!("\"{}\"!!!", word.to_uppercase()),
            format!("{word}\n"),
            format!("{word} {word}"),
            word.chars().flat_map(|c| [c, ' ']).collect(),
        ] {
            assert_eq!(keyword(&text), Some(Keyword::Stop), "{text:?}");
        }
    }
    for (word, expected) in [
        ("START", Keyword::Start),
        ("unstop", Keyword::Start),
        ("Help", Keyword::Help),
        ("INFO", Keyword::Help),
    ] {
        assert_eq!(keyword(word), Some(expected), "{word}");
    }
}

#[test]
fn yes_is_a_yes_and_no_keyword() {
    for text in ["YES", "yes!", "Yes please", "Sí", "yep"] {
        assert!(is_yes(text), "{text}");
        assert_eq!(keyword(text), None, "{text}");
    }
    for text in ["ok", "yes thanks, see you at 5", "no", "", "👍", "yesterday"] {
        assert!(!is_yes(text), "{text}");
    }
}

fn vocabulary() -> Vec<&'static str> {
    [STOP, LEAD, VERBS, NOUNS, QUALIFIERS, PHRASES]
        .into_iter()
        .flat_map(str::split_ascii_whitespace)
        .collect()
}

proptest! {
    #[test]
    fn any_text_is_judged_without_a_panic(text in "(\\PC|\n){0,80}") {
        let _ = (keyword(&text), is_yes(&text));
    }

    #[test]
    fn any_words_in_any_order_are_judged_without_a_panic(
        words in prop::collection::vec(prop::sample::select(vocabulary()), 0..12),
    ) {
        let _ = keyword(&words.join(" "));
    }

    #[test]
    fn a_negation_turns_a_request_around(rest in prop::sample::select(vec!["stop", "stop texting me", "unsubscribe me", "quit"])) {
        for negation in ["don't", "Please don’t", "do not", "never"] {
            prop_assert_eq!(keyword(&format!("{negation} {rest}")), None);
        }
    }
}
