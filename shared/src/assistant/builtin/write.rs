//! What is written to somebody who did not write just now: a sentence that takes up what they said last, and the owner's words.

use super::{
    super::{Draft, Said, Task, Turn},
    answers, language, recall,
};
use crate::{
    phrases::{self, Lang},
    text,
    wire::{Source, Speaker},
};

/// How much of a question is repeated, in characters.
const QUOTE_CHARS: usize = 80;

/// The owner's words after a sentence about what the contact objected to or asked last. Nothing is taken up twice.
pub(super) fn write(turn: &Turn, task: &Task) -> Draft {
    let lang = language(turn);
    let taken_up = objection(turn, lang).or_else(|| question(turn, lang));
    let (opening, sources) = match taken_up {
        Some((sentence, source)) => (sentence, vec![source]),
        None => (String::new(), Vec::new()),
    };
    let text = format!("{opening} {}", task.text).trim().to_owned();
    Draft { text, sources, author: "builtin".to_owned(), ..Draft::default() }
}

fn objection(turn: &Turn, lang: Lang) -> Option<(String, Source)> {
    let fact = turn.facts.iter().rev().find(|fact| fact.key == "objection")?;
    let said = turn.history.iter().find(|said| said.id == fact.source)?;
    let sentence = answers::objected(turn, lang, fact);
    is_new(turn, said, &sentence).then(|| (sentence, recall::source(turn, lang, said)))
}

fn question(turn: &Turn, lang: Lang) -> Option<(String, Source)> {
    let own = turn.history.iter().rev().filter(|said| said.speaker == Speaker::Contact);
    let said = own.take(3).find(|said| said.text.contains('?'))?;
    let asked = text::sentences(&said.text).into_iter().find(|sentence| sentence.contains('?'))?;
    let topic = phrases::memory::quoted(lang, &text::shorten(&text::one_line(asked), QUOTE_CHARS));
    let sentence = phrases::memory::recall(lang, said.channel, &recall::day(turn, lang, said), &topic);
    is_new(turn, said, &sentence).then(|| (sentence, recall::source(turn, lang, said)))
}

/// Whether a sentence about something said was not said since.
fn is_new(turn: &Turn, about: &Said, sentence: &str) -> bool {
    !turn.history.iter().any(|said| said.at > about.at && said.text.contains(sentence))
}
