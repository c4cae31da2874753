//! A model behind the assistant: streaming, and what happens when it does not work.

use std::time::Duration;

use e2e::{
    clock::PATIENCE,
    openai::{Ending, OpenAi, Piece, Script},
    shop::{ANSWER, QUESTION},
    visitor::{FirstWords, Visitor},
    world::World,
};
use serde_json::json;
use shared::wire::ServerFrame;

use crate::{visitor, world};

const SAID: &str = "Gern! Unser Team kümmert sich um Ihr Rad 🚲 und freut sich auf Sie.";

/// A visitor of a shop that this model answers.
fn visitor_of(world: &World, model: &OpenAi) -> Visitor {
    let shop = world.opens_a_shop_answered_by(model);
    visitor(world, &shop)
}

/// What the last event of the visitor's conversation says, as it is stored.
fn last_event(world: &World, visitor: &Visitor) -> String {
    let conversation = visitor.conversation.clone().expect("a conversation");
    let rows = world.host.query(
        "SELECT body FROM events WHERE conversation_id = ?1 ORDER BY seq DESC LIMIT 1",
        &[json!(conversation.as_str())],
    );
    rows[0]["body"].as_str().expect("a body").to_owned()
}

#[test]
fn an_answer_is_shown_while_it_is_written_wherever_its_bytes_are_cut() {
    let world = world();
    let model = OpenAi::start();
    let mut visitor = visitor_of(&world, &model);
    for seed in 0..5 {
        model.next(Script::says(SAID).split(seed).every(Duration::from_millis(30)));
        let before = visitor.frames.len();
        let answer = visitor.asks("Can you help me?");
        assert_eq!(answer.text, SAID, "seed {seed}");
        assert!(matches!(visitor.waits_for_first_words(before), FirstWords::Delta(_)), "seed {seed}");
        let deltas: Vec<&String> = visitor.frames[before..]
            .iter()
            .filter_map(|frame| match frame {
                ServerFrame::Delta { text, .. } => Some(text),
                _ => None,
            })
            .collect();
        for (earlier, later) in deltas.iter().zip(deltas.iter().skip(1)) {
            assert!(later.starts_with(earlier.trim_end()), "seed {seed}: {earlier:?} then {later:?}");
        }
    }
    assert_eq!(model.complaints(), Vec::<String>::new());
}

#[test]
fn the_model_is_shown_the_question_and_the_knowledge_and_no_other_contact() {
    let world = world();
    let model = OpenAi::start();
    let shop = world.opens_a_shop_answered_by(&model);
    let (mut one, mut other) = (visitor(&world, &shop), visitor(&world, &shop));
    one.asks("My name is Ottokar and my bike squeaks.");
    other.asks(&format!("Zebra here. {QUESTION}"));
    let prompt = model.waits_for_prompt(2, PATIENCE);
    assert!(prompt.shows(QUESTION) && prompt.shows(ANSWER), "{prompt:?}");
    assert!(!prompt.shows("Ottokar"), "{prompt:?}");
    assert!(
        prompt.by("system").iter().all(|text| !text.contains("Zebra")),
        "a visitor's words are no instructions"
    );
    assert_eq!(prompt.0["stream"], true);
}

#[test]
fn comments_and_a_missing_last_blank_line_change_nothing() {
    let world = world();
    let model = OpenAi::start();
    let mut visitor = visitor_of(&world, &model);
    let pieces = vec![
        Piece::Comment,
        Piece::Text("Happy ".to_owned()),
        Piece::Comment,
        Piece::Text("to help.".to_owned()),
    ];
    model.next(Script::pieces(pieces).ending(Ending::DoneWithoutBlankLine).split(3));
    assert_eq!(visitor.asks("Can you help me?").text, "Happy to help.");
}

#[test]
fn where_the_model_fails_the_built_in_assistant_answers_and_the_event_says_so() {
    let world = world();
    let model = OpenAi::start();
    let failures = [
        Script::ServerError,
        Script::RateLimited(60),
        Script::says("Happy to").ending(Ending::Truncated),
        Script::says("Happy to").ending(Ending::ErrorInStream),
        Script::pieces(Vec::new()),
    ];
    for failure in failures {
        let shown = format!("{failure:?}");
        model.always(failure);
        let mut visitor = visitor_of(&world, &model);
        let answer = visitor.asks(QUESTION);
        assert!(answer.text.contains(ANSWER), "{shown}: {answer:?}");
        let event = last_event(&world, &visitor);
        assert!(event.contains("builtin") && event.contains("failed"), "{shown}: {event}");
    }
}

#[test]
fn where_the_model_is_silent_the_built_in_assistant_answers_and_the_event_says_so() {
    let world = world();
    let model = OpenAi::start();
    for silence in [Script::Hang, Script::pieces(Vec::new()).ending(Ending::Stalls)] {
        model.always(silence);
        let mut visitor = visitor_of(&world, &model);
        let answer = visitor.asks(QUESTION);
        assert!(answer.text.contains(ANSWER), "{answer:?}");
        let event = last_event(&world, &visitor);
        assert!(event.contains("builtin") && event.contains("slow"), "{event}");
    }
}

#[test]
fn a_price_the_model_made_up_does_not_reach_the_visitor() {
    let world = world();
    let model = OpenAi::start();
    model.always(Script::says("A basic tune-up is only $12 today, see https://evil.example/pay."));
    let mut visitor = visitor_of(&world, &model);
    let answer = visitor.asks(QUESTION);
    assert!(!answer.text.contains("$12") && !answer.text.contains("evil.example"), "{answer:?}");
}

#[test]
fn a_time_the_model_promised_is_computed_instead_and_a_person_is_called() {
    let world = world();
    let model = OpenAi::start();
    model.always(Script::says("A basic tune-up is $75. Someone will call you within the hour."));
    let mut visitor = visitor_of(&world, &model);
    let answer = visitor.asks(QUESTION);
    assert!(answer.text.contains("$75") && !answer.text.contains("within the hour"), "{answer:?}");
    assert!(answer.text.contains("passing this on to a person"), "{answer:?}");
}
