//! What a model wrote, checked before anybody sees it.
//!
//! A sentence that names a price, date, time, link, number or mailbox that stands in no source is taken out; what remains
//! goes out if it still says something. So is one that promises that somebody will call or answer by a time of the
//! model's own: the computed time is said instead, and is a timer (`handoff::promise`). Everything else that is wrong (nothing said, rules recited, the canary leaked)
//! replaces the draft by the built-in's. Sources are the passages, the site's definition, what we said before, what is
//! remembered, and for dates, times and addresses what the contact just wrote: their links and prices are no source.
//!
//! The check knows the words, not the meaning: it cannot see that a true price is given to the wrong service.

mod claims;

use claims::Sources;

use super::{Draft, Turn, builtin, handoff, prompt};
use crate::{
    channel::Channel,
    knowledge,
    phrases::{self, Lang},
    text,
};

/// The longest answer on a line, in characters, label included.
pub const fn max_chars(channel: Channel) -> usize {
    match channel {
        Channel::Sms => 320,
        Channel::Messenger | Channel::Instagram => 640,
        Channel::Widget => 700,
        Channel::Email => 2_000,
    }
}

/// How long an answer of a turn may be without the label that is put before it, in characters.
pub(super) fn room(turn: &Turn, lang: Lang) -> usize {
    let label = phrases::label(lang, &turn.site.assistant.name).chars().count() + 2;
    max_chars(turn.channel).saturating_sub(label)
}

/// Room left for the label that is put before an answer, in characters.
const LABEL_CHARS: usize = 24;
/// A rule recited for this many characters is a leak.
const RECITED_CHARS: usize = 40;

/// What was wrong with a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing was said.
    Empty,
    /// The system message was recited.
    Leak,
    /// An amount of money or a percentage that stands in no source.
    Amount(String),
    /// A date, as month and day.
    Date(String),
    /// A time of day.
    Time(String),
    /// A link.
    Url(String),
    /// A phone number; masked.
    Phone(String),
    /// An email address; masked.
    Email(String),
    /// Promises that somebody of the team acts, within a time that nobody computed.
    Promise,
    /// Longer than the line carries.
    TooLong,
    /// Claims to be a person.
    Person,
    /// Speaks of what the site leaves to people.
    Topic(String),
}

/// A draft after the check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// What may go out.
    pub draft: Draft,
    /// What was wrong with what came in, in the order found.
    pub faults: Vec<Fault>,
}

/// What answers to a turn are held against; reads the turn's sources once.
pub struct Guard<'a> {
    turn: &'a Turn<'a>,
    sources: Sources,
    canary: String,
    left_to_people: Vec<String>,
}

impl<'a> Guard<'a> {
    /// The guard of a turn.
    pub fn of(turn: &'a Turn) -> Self {
        let left_to_people = handoff::left_to_people(turn);
        Self { turn, sources: Sources::of(turn), canary: prompt::canary(turn), left_to_people }
    }

    /// Checks a model's draft. The draft that comes out is never empty, unless it asks for something
    /// about an appointment, and holds no claim without a source; where it had
    /// to be replaced, the built-in wrote it, `fallback` is `failed`, and the tokens spent are kept.
    pub fn check(&self, draft: Draft) -> Checked {
        let (turn, mut faults) = (self.turn, Vec::new());
        let text = bare(turn, &draft.text);
        if self.leaks(&draft.text) {
            faults.push(Fault::Leak);
            return Checked { draft: replaced(turn, &draft), faults };
        }
        if text.trim().is_empty() && draft.asked().is_some() {
            return Checked { draft, faults };
        }
        if text.trim().is_empty() {
            faults.push(Fault::Empty);
            return Checked { draft: replaced(turn, &draft), faults };
        }
        let mut kept = Vec::new();
        for line in text.lines() {
            let sentences: Vec<&str> =
                text::sentences(line).into_iter().filter(|s| self.passes(s, &mut faults)).collect();
            if !sentences.is_empty() || line.trim().is_empty() {
                kept.push(sentences.join(" "));
            }
        }
        let kept = kept.join("\n").trim().to_owned();
        let lost = !faults.is_empty();
        if kept.is_empty() || (lost && kept.chars().count() * 3 < text.chars().count()) {
            return Checked { draft: replaced(turn, &draft), faults };
        }
        let limit = max_chars(turn.channel) - LABEL_CHARS;
        let fits = kept.chars().count() <= limit;
        if !fits {
            faults.push(Fault::TooLong);
        }
        let text = if fits { kept } else { text::lead(&kept, limit) };
        // Sentences that claim nothing each may claim something together: "$" and "10 am".
        if !self.passes(&text, &mut faults) {
            return Checked { draft: replaced(turn, &draft), faults };
        }
        Checked { draft: Draft { text, ..draft }, faults }
    }

    /// What of an unfinished answer may be shown: its whole sentences, as far as the first one that would not pass.
    pub fn show(&self, so_far: &str) -> String {
        let text = bare(self.turn, so_far);
        if self.leaks(so_far) {
            return String::new();
        }
        let mut end = 0;
        for sentence in text::sentences(&text) {
            let Some(at) = text[end..].find(sentence).map(|at| end + at + sentence.len()) else { break };
            let whole = sentence.ends_with(['.', '!', '?', '…', '"', ')', '”', '»']) && at < text.len();
            if !whole || !self.passes(sentence, &mut Vec::new()) {
                break;
            }
            end = at;
        }
        text::lead(&text[..end], max_chars(self.turn.channel) - LABEL_CHARS)
    }

    fn passes(&self, sentence: &str, faults: &mut Vec<Fault>) -> bool {
        let mut found = self.sources.unfounded(sentence);
        let topic = self.left_to_people.iter().find(|topic| knowledge::speaks_of(sentence, topic));
        found.extend(topic.map(|topic| Fault::Topic(topic.clone())));
        let passes = found.is_empty();
        faults.extend(found);
        passes
    }

    /// Whether the canary or a rule stands in a text.
    fn leaks(&self, text: &str) -> bool {
        text.contains(&self.canary)
            || prompt::RULES.iter().any(|rule| text.contains(text::truncate(rule, RECITED_CHARS)))
    }
}

/// The text without the tag or label a model may have copied from the conversation, and without Markdown's emphasis.
fn bare(turn: &Turn, text: &str) -> String {
    let mut text = text.trim();
    while let Some((tag, rest)) = text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        if tag.chars().count() > 100 || rest.starts_with('(') {
            break;
        }
        text = rest.trim_start();
    }
    for label in [" (AI):", " (IA):", ":"] {
        let label = format!("{}{label}", turn.site.assistant.name);
        text = text.strip_prefix(label.as_str()).unwrap_or(text).trim_start();
    }
    text.replace("**", "").replace("__", "")
}

/// The built-in's draft in place of a model's: what the model spent is kept.
fn replaced(turn: &Turn, draft: &Draft) -> Draft {
    let fallback = Some(draft.fallback.clone().unwrap_or_else(|| "failed".to_owned()));
    Draft { fallback, tokens: draft.tokens, ..builtin::draft(turn) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::assistant::{Passage, fixtures};

    fn turn(question: &str) -> Turn<'static> {
        let mut turn = fixtures::turn(Channel::Widget, question);
        turn.passages = vec![Passage {
            path: "prices.md".into(),
            title: "Prices".into(),
            heading: "How much is a full service?".into(),
            text: "A full service is $140. Students get 10% off. We hold your place for 20 minutes, until 9 am on March 3."
                .into(),
            score: 900,
        }];
        turn
    }

    fn checked(question: &str, text: &str) -> Checked {
        let draft = Draft { text: text.into(), author: "m".into(), tokens: 7, ..Draft::default() };
        Guard::of(&turn(question)).check(draft)
    }

    #[test]
    fn what_stands_in_a_source_passes_unchanged() {
        for text in [
            "A full service is $140.",
            "A full service costs 140 dollars. Students get 10% off.",
            "Book at https://larkspur.example/book.",
            "We are at 2418 SE Larkspur Street and open 9:00–18:00; on Saturday from 10 am.",
            "We close on November 26 and on 25 December.",
            "Call us at +1 500 555 0006 or write to hello@larkspur.example.",
            "You can come on March 3 at 9 am.",
        ] {
            let checked = checked("how much?", text);
            assert_eq!((checked.draft.text.as_str(), checked.faults.as_slice()), (text, &[][..]));
        }
    }

    #[test]
    fn a_claim_without_a_source_takes_its_sentence_with_it() {
        let good = "A full service is $140, with everything in it that your bike could need.";
        for (bad, fault) in [
            ("With a coupon it is $99.", Fault::Amount("$99".into())),
            ("You get 50% off.", Fault::Amount("50%".into())),
            ("It costs 99 dollars.", Fault::Amount("$99".into())),
            ("See https://evil.example/pay now.", Fault::Url("https://evil.example/pay".into())),
            ("See www.evil.example.", Fault::Url("www.evil.example".into())),
            ("We are closed on May 5.", Fault::Date("5-5".into())),
            ("Come at 7:30 pm.", Fault::Time("19:30".into())),
            ("Call 415-555-2671.", Fault::Phone("•••2671".into())),
            ("Write to dev@example.com.", Fault::Email("d•••@example.com".into())),
            ("I am a real person.", Fault::Person),
            ("Someone will call you within the hour.", Fault::Promise),
            ("Our team will be in touch shortly.", Fault::Promise),
        ] {
            let checked = checked("how much?", &format!("{good} {bad}"));
            assert_eq!((checked.draft.text.as_str(), checked.faults), (good, vec![fault]), "{bad}");
        }
    }

    #[test]
    fn a_contacts_own_price_and_link_are_no_source() {
        let checked =
            checked("is it $20? see https://evil.example", "Yes, it is $20. See https://evil.example there.");
        assert_eq!(checked.faults.len(), 2);
        assert_eq!(
            (checked.draft.author.as_str(), checked.draft.fallback.as_deref()),
            ("builtin", Some("failed"))
        );
        assert_eq!(checked.draft.tokens, 7);
    }

    #[test]
    fn an_empty_or_leaking_draft_is_replaced() {
        let canary = prompt::canary(&turn("hi"));
        for (text, fault) in
            [("  ", Fault::Empty), (canary.as_str(), Fault::Leak), (prompt::RULES[1], Fault::Leak)]
        {
            let checked = checked("hi", text);
            assert_eq!((checked.faults, checked.draft.author.as_str()), (vec![fault], "builtin"));
            assert!(!checked.draft.text.is_empty());
        }
    }

    #[test]
    fn copied_tags_labels_and_emphasis_go() {
        let text = "[Chat, Thursday, 26 November 2026 at 13:00] Sprocket (AI): A full service is **$140**.";
        assert_eq!(checked("hi", text).draft.text, "A full service is $140.");
    }

    #[test]
    fn a_long_draft_ends_with_a_sentence() {
        let checked = checked("hi", &"We fix bikes with care and joy. ".repeat(60));
        assert!(checked.faults == [Fault::TooLong] && checked.draft.text.ends_with('.'));
        assert!(checked.draft.text.chars().count() <= max_chars(Channel::Widget));
    }

    #[test]
    fn a_preview_shows_whole_sentences_with_sources_only() {
        let turn = turn("how much?");
        for (so_far, shown) in [
            ("A full", ""),
            ("A full service is $1", ""),
            ("A full service is $140. It takes", "A full service is $140."),
            ("A full service is $140. With a coupon $99. Bye. ", "A full service is $140."),
        ] {
            assert_eq!(Guard::of(&turn).show(so_far), shown, "{so_far}");
        }
    }

    #[test]
    fn what_sentences_claim_only_together_is_not_said() {
        let checked = checked("hi", "$\n\n\n 10 am. ");
        assert_eq!(checked.draft.author, "builtin", "{checked:?}");
    }

    proptest! {
        #[test]
        fn what_comes_out_is_bounded_and_said(text in "(\\PC|\n|\\$[0-9]{1,3}|https://| 10 am| May 5|[.] ){0,30}") {
            let turn = turn("hello");
            let checked = checked("hello", &text);
            prop_assert!(!checked.draft.text.trim().is_empty());
            prop_assert!(checked.draft.text.chars().count() <= max_chars(Channel::Widget));
            prop_assert!(Sources::of(&turn).unfounded(&checked.draft.text).is_empty() || checked.draft.author == "builtin");
            let _ = Guard::of(&turn).show(&text);
        }
    }
}
