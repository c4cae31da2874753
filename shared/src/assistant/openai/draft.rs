//! From a model's answer to a draft.

use super::stream::Answer;
use crate::{
    assistant::{Act, Draft, Turn, builtin},
    command::Ask,
    knowledge::CONFIDENT,
    text,
    wire::{Offer, Source},
};

/// How much of a source is shown, in characters.
const QUOTE_CHARS: usize = 240;
/// How much of a passage's words an answer shares where it was taken from it, in hundredths.
const SHARED: usize = 45;

/// The draft of an answer, and of the answer after its tool round where there was one. Acts come from calls that hold;
/// what was stated plainly is remembered even where the model did not call for it; sources are the passages whose words
/// the answer shares. Unchecked: `Guard::check` comes next.
pub fn draft(turn: &Turn, first: &Answer, second: Option<&Answer>) -> Draft {
    let last = second.filter(|answer| !answer.text.is_empty()).unwrap_or(first);
    let mut acts: Vec<Act> = Vec::new();
    let called = first.calls.iter().filter_map(|call| call.act(turn));
    let stated = builtin::facts(&turn.burst, &turn.history).into_iter().map(Act::Remember);
    for act in called.chain(stated) {
        if !acts.iter().any(|known| same(known, &act)) && !remembered(turn, &act) {
            acts.push(act);
        }
    }
    let calls_person = acts.iter().any(|act| matches!(act, Act::CallPerson { .. }));
    let tokens = first.tokens.saturating_add(second.map_or(0, |answer| answer.tokens));
    let author =
        if last.model.is_empty() { turn.site.assistant.model.clone() } else { Some(last.model.clone()) };
    // What came of an appointment is said by whoever knows it.
    let is_done = acts.iter().any(|act| matches!(act, Act::Appoint(ask) if !matches!(ask, Ask::Note(..))));
    let text = if is_done { String::new() } else { last.text.clone() };
    Draft {
        sources: sources(turn, &text),
        text,
        offers: if calls_person { vec![Offer::Person] } else { Vec::new() },
        acts,
        author: author.unwrap_or_else(|| "openai".to_owned()),
        tokens,
        ..Draft::default()
    }
}

fn same(left: &Act, right: &Act) -> bool {
    match (left, right) {
        (Act::Remember(left), Act::Remember(right)) => left.key == right.key,
        (Act::MoveTo { channel: left, .. }, Act::MoveTo { channel: right, .. }) => left == right,
        (Act::CallPerson { .. }, Act::CallPerson { .. })
        | (Act::Unsure, Act::Unsure)
        | (Act::Appoint(_), Act::Appoint(_)) => true,
        _ => false,
    }
}

fn remembered(turn: &Turn, act: &Act) -> bool {
    let Act::Remember(fact) = act else { return false };
    turn.facts
        .iter()
        .any(|known| known.key == fact.key && text::fold(&known.value) == text::fold(&fact.value))
}

/// The passages an answer shares its words with, at most three.
fn sources(turn: &Turn, answer: &str) -> Vec<Source> {
    let said = text::words(answer);
    let taken = turn.passages.iter().filter(|passage| {
        let first = text::lead(&passage.text, QUOTE_CHARS);
        let words: Vec<String> = text::words(&first).into_iter().filter(|word| word.len() > 2).collect();
        let shared = words.iter().filter(|word| said.contains(word)).count();
        passage.score >= CONFIDENT / 2 && !words.is_empty() && shared * 100 >= words.len() * SHARED
    });
    taken
        .take(3)
        .map(|passage| Source {
            title: format!("{}: {}", passage.title, passage.heading),
            quote: text::shorten(&passage.text, QUOTE_CHARS),
            event: None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        assistant::{Passage, fixtures, openai::ToolCall},
        channel::Channel,
    };

    #[test]
    fn a_draft_has_the_words_the_sources_and_the_acts_that_hold() {
        let mut turn = fixtures::turn(Channel::Widget, "I'm Maria. How much is a full service?");
        turn.passages = vec![Passage {
            path: "prices.md".into(),
            title: "Prices".into(),
            heading: "How much is a full service?".into(),
            text: "A full service is $140. It is everything in the basic tune-up.".into(),
            score: 900,
        }];
        let bogus = ToolCall {
            id: "1".into(),
            name: "remember".into(),
            arguments: r#"{"key":"budget","value":"$5","quote":"five dollars"}"#.into(),
        };
        let first = Answer { calls: vec![bogus], tokens: 10, model: "m".into(), ..Answer::default() };
        let text = "A full service is $140, with everything in the basic tune-up.";
        let second = Answer { text: text.into(), tokens: 5, model: "m".into(), ..Answer::default() };
        let draft = draft(&turn, &first, Some(&second));
        assert_eq!((draft.text.as_str(), draft.tokens, draft.author.as_str()), (text, 15, "m"));
        assert_eq!(draft.sources[0].title, "Prices: How much is a full service?");
        assert!(
            matches!(&draft.acts[..], [Act::Remember(fact)] if fact.key == "name" && fact.value == "Maria")
        );
    }
}
