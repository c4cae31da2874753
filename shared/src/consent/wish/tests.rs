//! Two labelled corpora, the per-se words in every dress, and totality.
//!
//! `fixtures/wishes.tsv` is what the reader is tuned on; `fixtures/wishes_held_out.tsv` was written before it.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

/// The words that Twilio and 47 CFR 64.1200(a)(10) name.
const PER_SE: [&str; 9] =
    ["stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "opt out"];

/// A line of a corpus.
struct Labelled {
    lang: &'static str,
    on: Channel,
    wish: Option<What>,
    text: String,
}

fn label(text: &str) -> Option<What> {
    let named = |names: &str| names.split('+').map(|name| Channel::parse(name).unwrap()).collect();
    match text {
        "none" => None,
        "start" => Some(What::Start),
        "help" => Some(What::Help),
        "stop" => Some(What::Stop(Reach::Here)),
        "stop:all" => Some(What::Stop(Reach::Everything)),
        other => Some(What::Stop(Reach::Lines(named(other.strip_prefix("stop:").unwrap())))),
    }
}

fn corpus(lines: &'static str) -> Vec<Labelled> {
    let lines = lines.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let labelled = lines.map(|line| {
        let fields: Vec<&'static str> = line.splitn(4, '\t').collect();
        let [lang, on, wish, text] = fields[..] else { panic!("{line}") };
        Labelled { lang, on: Channel::parse(on).unwrap(), wish: label(wish), text: text.replace("\\n", "\n") }
    });
    labelled.collect()
}

/// What the reader finds of the wishes in a part of a corpus. A wish for the wrong line is both missed and false.
#[derive(Clone, Copy, Default)]
struct Figures {
    phrases: usize,
    nothing: usize,
    wished: usize,
    found: usize,
    right: usize,
}

#[expect(clippy::cast_precision_loss, reason = "small counts")]
impl Figures {
    fn precision(self) -> f64 {
        self.right as f64 / self.found.max(1) as f64
    }

    fn recall(self) -> f64 {
        self.right as f64 / self.wished.max(1) as f64
    }
}

/// The figures of each language and of `all`, printed with whatever was judged wrongly.
fn judge(name: &str, corpus: &[Labelled]) -> BTreeMap<&'static str, Figures> {
    let mut figures: BTreeMap<&'static str, Figures> = BTreeMap::new();
    for Labelled { lang, on, wish, text } in corpus {
        let found = read(text, *on).map(|wish| wish.what);
        if found != *wish {
            println!("{lang} {on:?} {text:?}: expected {wish:?}, found {found:?}");
        }
        for key in [lang, "all"] {
            let figures = figures.entry(key).or_default();
            figures.phrases += 1;
            figures.nothing += usize::from(wish.is_none());
            figures.wished += usize::from(wish.is_some());
            figures.found += usize::from(found.is_some());
            figures.right += usize::from(wish.is_some() && found == *wish);
        }
    }
    for (lang, it) in &figures {
        println!(
            "{name} {lang}: {} phrases, {} without a wish; precision {}/{} = {:.3}, recall {}/{} = {:.3}",
            it.phrases,
            it.nothing,
            it.right,
            it.found,
            it.precision(),
            it.right,
            it.wished,
            it.recall(),
        );
    }
    figures
}

#[test]
fn the_corpus_is_read_with_full_recall_and_precision() {
    let corpus = corpus(include_str!("../../../fixtures/wishes.tsv"));
    let figures = judge("tuned", &corpus);
    assert!(figures["all"].phrases >= 450 && figures["all"].nothing >= 200);
    for (lang, figures) in figures {
        assert!(figures.nothing >= 20, "{lang}: {} without a wish", figures.nothing);
        assert!(figures.precision() >= 0.995 && figures.recall() >= 0.995, "{lang}: see the lines above");
    }
}

#[test]
fn phrases_that_were_held_out_are_read_nearly_as_well() {
    let corpus = corpus(include_str!("../../../fixtures/wishes_held_out.tsv"));
    assert!(corpus.len() >= 120);
    let figures = judge("held out", &corpus)["all"];
    assert!(figures.precision() >= 0.95 && figures.recall() >= 0.95, "see the lines above");
}

#[test]
fn every_per_se_word_counts_in_any_case_with_any_punctuation() {
    let stop = Some(Wish { what: What::Stop(Reach::Here), exact: true });
    for word in PER_SE {
        for text in [
            word.to_owned(),
            word.to_uppercase(),
            format!("  {word}. "),
            format!("\"{}\"!!!", word.to_uppercase()),
            format!("{word}\n"),
            format!("{word} {word}"),
            format!("{word} 🛑"),
            word.chars().flat_map(|c| [c, ' ']).collect(),
        ] {
            for on in [Channel::Sms, Channel::Email, Channel::Messenger, Channel::Instagram] {
                assert_eq!(read(&text, on), stop, "{text:?}");
            }
            assert_eq!(read(&text, Channel::Widget), None, "{text:?}");
        }
    }
    for (word, expected) in
        [("START", What::Start), ("unstop", What::Start), ("Help", What::Help), ("INFO", What::Help)]
    {
        assert_eq!(read(word, Channel::Sms).unwrap().what, expected, "{word}");
    }
}

#[test]
fn yes_is_a_yes_and_no_keyword() {
    for text in ["YES", "yes!", "Yes please", "Sí", "yep", "نعم"] {
        assert!(is_yes(text), "{text}");
        assert_eq!(read(text, Channel::Sms), None, "{text}");
    }
    for text in ["ok", "yes thanks, see you at 5", "no", "", "👍", "yesterday"] {
        assert!(!is_yes(text), "{text}");
    }
}

#[test]
fn a_mail_without_words_is_read_by_its_subject_and_a_machine_by_nothing() {
    let mail = |subject: &str, text: &str, automatic| InboundMessage {
        from: crate::contact::Address::new(crate::contact::AddressKind::Email, "maria@example.com"),
        from_name: None,
        text: text.into(),
        subject: Some(subject.into()),
        authenticated: true,
        thread: Vec::new(),
        message_id: None,
        keyword: None,
        automatic,
        files: Vec::new(),
    };
    assert!(of(&mail("unsubscribe", " \n", false), Channel::Email).is_some());
    assert_eq!(of(&mail("Cancel", "Is Monday still fine?", false), Channel::Email), None);
    assert_eq!(of(&mail("unsubscribe", "", true), Channel::Email), None);
}

fn vocabulary() -> Vec<&'static str> {
    let corpora =
        [include_str!("../../../fixtures/wishes.tsv"), include_str!("../../../fixtures/wishes_held_out.tsv")];
    corpora.into_iter().flat_map(str::split_whitespace).collect()
}

fn channel() -> impl Strategy<Value = Channel> {
    prop::sample::select(Channel::ALL.to_vec())
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(text in "(\\PC|\n){0,80}", on in channel()) {
        let _ = (read(&text, on), is_yes(&text));
    }

    #[test]
    fn any_words_in_any_order_are_read_without_a_panic(
        words in prop::collection::vec(prop::sample::select(vocabulary()), 0..200),
        on in channel(),
    ) {
        let _ = read(&words.join(" "), on);
    }

    #[test]
    fn politeness_punctuation_and_case_around_a_keyword_change_nothing(
        word in prop::sample::select(
            ["start", "unstop", "help", "info"].into_iter().chain(PER_SE).collect::<Vec<_>>()),
        on in channel(),
        before in prop::sample::select(vec!["", "please ", "Pls, ", "¡", "  ", "Por favor ", "...", "svp "]),
        after in prop::sample::select(vec!["", "!", " please", ", thanks", ".", " \n", " thank you!!", " gracias", " 🙏", "?"]),
        upper in any::<Vec<bool>>(),
    ) {
        let cased: String = word.chars().enumerate().flat_map(|(at, c)| {
            if upper.get(at) == Some(&true) { c.to_uppercase().collect::<Vec<_>>() } else { vec![c] }
        }).collect();
        prop_assert_eq!(read(&format!("{before}{cased}{after}"), on), read(word, on));
    }

    #[test]
    fn a_negation_turns_a_request_around(
        rest in prop::sample::select(vec!["stop", "stop texting me", "stop emailing me", "unsubscribe me", "quit"]),
        on in channel(),
    ) {
        for negation in ["don't", "Please don’t", "do not", "never"] {
            prop_assert_eq!(read(&format!("{negation} {rest}"), on), None);
        }
    }
}
