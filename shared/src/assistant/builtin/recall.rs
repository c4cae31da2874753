//! Earlier words: when something was spoken of on another line, and what was said then.
//!
//! Everything comes from the turn's history, which the caller has already cut to what this line may know.

use super::super::{Passage, Said, Turn};
use crate::{
    calendar,
    channel::Channel,
    knowledge,
    phrases::{self, Lang},
    text,
    time::HOUR_MS,
    wire::{Source, Speaker},
};

/// Something said more recently than this needs no reminder, in milliseconds.
const FRESH_MS: i64 = 6 * HOUR_MS;
/// How much of an earlier message is repeated, in characters.
const QUOTE_CHARS: usize = 120;
/// Stands where an address stands.
const MASK: &str = "\u{0}";

/// A message as it was meant: without label, opener, greeting and sign-off.
pub(super) fn bare(turn: &Turn, said: &Said) -> String {
    let (assistant, site) = (&turn.site.assistant.name, &turn.site.name);
    let mut text = said.text.trim();
    if said.speaker != Speaker::Assistant {
        return text.to_owned();
    }
    for lang in Lang::ALL {
        let opener = phrases::lines::sms_opener(lang, assistant, site);
        let label = format!("{}:", phrases::label(lang, assistant));
        let end = phrases::lines::sign_off(lang, assistant, site);
        text = text.strip_prefix(opener.as_str()).unwrap_or(text).trim();
        text = text.strip_prefix(label.as_str()).unwrap_or(text).trim();
        if let Some(signed) = text.strip_suffix(end.as_str()) {
            let body = signed.trim();
            text = body.split_once("\n\n").map_or(body, |(_, rest)| rest).trim();
        }
    }
    text.to_owned()
}

/// The contact's newest question on another line that this passage answers, where it is old enough to need a reminder
/// and was not taken up on this line since.
pub(super) fn earlier<'a>(turn: &'a Turn, passage: &Passage) -> Option<&'a Said> {
    let sentences = text::sentences(&passage.text);
    let first = sentences.first().copied().unwrap_or_default();
    for (index, said) in turn.history.iter().enumerate().rev() {
        if said.speaker == Speaker::Assistant {
            if said.channel == turn.channel && !first.is_empty() && said.text.contains(first) {
                return None;
            }
        } else if said.speaker == Speaker::Contact
            && said.channel != turn.channel
            && turn.now.since_ms(said.at) >= FRESH_MS
            && speaks_of(turn, index, passage, first)
        {
            return Some(said);
        }
    }
    None
}

/// Whether a message is about a passage: it asks what the passage answers, or the answer to it was the passage.
fn speaks_of(turn: &Turn, index: usize, passage: &Passage, first: &str) -> bool {
    let Some(said) = turn.history.get(index) else { return false };
    let answer = turn
        .history
        .get(index + 1..)
        .unwrap_or_default()
        .iter()
        .find(|next| next.speaker != Speaker::Contact);
    let answered = answer.is_some_and(|answer| !first.is_empty() && answer.text.contains(first));
    answered
        || (knowledge::score(&said.text, passage) >= knowledge::CONFIDENT && !knowledge::is_vague(&said.text))
}

/// "When we texted on Tuesday, you asked about the price of a full service." with the message as its source.
pub(super) fn reminder(turn: &Turn, lang: Lang, said: &Said, passage: &Passage) -> (String, Source) {
    let topic = topic(lang, passage, said);
    (phrases::memory::recall(lang, said.channel, &day(turn, lang, said), &topic), source(turn, lang, said))
}

/// The day of a message as said now, on the contact's calendar.
pub(super) fn day(turn: &Turn, lang: Lang, said: &Said) -> String {
    let zone = calendar::known_zone(&turn.time_zone, &turn.site);
    calendar::relative_day(said.at, turn.now, zone, lang)
}

/// An earlier message as a source.
pub(super) fn source(turn: &Turn, lang: Lang, said: &Said) -> Source {
    let theirs = said.speaker == Speaker::Contact;
    let title = phrases::memory::source_title(lang, said.channel, theirs, &day(turn, lang, said));
    Source { title, quote: bare(turn, said), event: Some(said.id.clone()) }
}

/// What a message was about: the thing whose price the passage's heading asks for, else their own words.
fn topic(lang: Lang, passage: &Passage, said: &Said) -> String {
    let heading = passage.heading.trim_matches(['?', '¿', ' ', '.']);
    let thing =
        [("How much is ", ""), ("How much does ", " cost"), ("Cuánto cuesta ", ""), ("Cuánto cuestan ", "")]
            .iter()
            .find_map(|(before, after)| heading.strip_prefix(before)?.strip_suffix(after));
    let asked_price = text::words(&said.text).iter().any(|word| {
        matches!(
            word.as_str(),
            "price" | "cost" | "costs" | "much" | "charge" | "cuanto" | "precio" | "cuesta"
        )
    });
    match thing {
        Some(thing) if asked_price && !thing.starts_with("it ") => phrases::memory::price_of(lang, thing),
        _ => phrases::memory::quoted(lang, &text::shorten(&text::one_line(&said.text), QUOTE_CHARS)),
    }
}

/// What was said before that a question asks for: the newest words of ours on the line it names (else on any), with an
/// amount where it asks for a price. `None` where nothing fits.
pub(super) fn said_before<'a>(turn: &'a Turn, question: &str) -> Option<&'a Said> {
    let words = text::words(question);
    let has = |list: &[&str]| list.iter().any(|phrase| text::has_phrase(&words, phrase));
    let line = [
        (Channel::Widget, &["chat", "website", "site", "web"][..]),
        (Channel::Sms, &["text", "texts", "sms", "mensaje"]),
        (Channel::Email, &["email", "mail", "correo"]),
    ]
    .into_iter()
    .find_map(|(channel, names)| has(names).then_some(channel));
    let price = has(&["price", "cost", "quote", "quoted", "how much", "precio", "cuanto", "cuanto era"]);
    let ours = |said: &&Said| matches!(said.speaker, Speaker::Assistant | Speaker::Agent(_));
    let fits = |said: &&Said| {
        line.is_none_or(|line| said.channel == line)
            && (!price || said.text.contains('$'))
            && !is_formal(turn, said)
    };
    turn.history.iter().rev().filter(ours).find(fits)
}

/// A turn of ours that says nothing worth repeating.
pub(super) fn is_formal(turn: &Turn, said: &Said) -> bool {
    use phrases::answers;
    let text = bare(turn, said);
    let name = &turn.site.assistant.name;
    let lines = [Channel::Sms, Channel::Email];
    let begins_fixed = |lang: Lang| {
        [
            answers::unknown(lang),
            answers::gibberish(lang),
            answers::thanks(lang),
            answers::farewell(lang),
            answers::agreed(lang),
            answers::declined(lang),
            answers::greeting_again(lang),
            answers::ask_address(lang, Channel::Sms),
            answers::ask_address(lang, Channel::Email),
        ]
        .iter()
        .any(|phrase| text.starts_with(phrase))
    };
    let greets = |lang: Lang| {
        text == answers::greeting(lang, name, &turn.site.name, turn.name.as_deref())
            || text == answers::greeting(lang, name, &turn.site.name, None)
    };
    let moves = |lang: Lang| {
        lines.iter().any(|line| {
            text == answers::moving(lang, *line, None)
                || answers::moving(lang, *line, Some(MASK))
                    .split_once(MASK)
                    .is_some_and(|(before, _)| text.starts_with(before))
        })
    };
    text.is_empty() || Lang::ALL.into_iter().any(|lang| begins_fixed(lang) || greets(lang) || moves(lang))
}
