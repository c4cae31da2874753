//! Chat: answers, acknowledgements, cursors and tabs.

use std::time::Duration;

use e2e::{
    clock::PATIENCE,
    openai::{OpenAi, Script},
    shop::{ANSWER, QUESTION},
    visitor::{Door, TIME_ZONE, Visitor},
};
use serde_json::json;
use shared::{
    channel::Channel,
    wire::{Receipt, Speaker},
};

use crate::{door, visitor, world};

#[test]
fn a_question_is_answered_from_the_knowledge_over_a_socket() {
    let world = world();
    let shop = world.opens_a_shop();
    let mut visitor = visitor(&world, &shop);
    let answer = visitor.asks(QUESTION);
    assert!(answer.text.contains(ANSWER), "{answer:?}");
    assert_eq!((answer.speaker, answer.channel), (Speaker::Assistant, Channel::Widget));
    let source = answer.sources.first().expect("an answer from the knowledge names its source");
    assert!(source.quote.contains(ANSWER), "{source:?}");
}

#[test]
fn a_question_is_answered_where_sockets_are_blocked() {
    let world = world();
    let shop = world.opens_a_shop();
    let mut visitor = Visitor::arrives_without_sockets(&door(&world, &shop));
    let answer = visitor.asks(QUESTION);
    assert!(answer.text.contains(ANSWER), "{answer:?}");
}

#[test]
fn where_sockets_are_blocked_the_visitors_language_and_time_zone_are_known_all_the_same() {
    let world = world();
    let shop = world.opens_a_shop();
    // Words that are of no language, so that only the browser tells it.
    let asks = |mut visitor: Visitor| {
        let answer = visitor.asks("Zxq 4711?").text;
        let conversation = visitor.conversation.clone().expect("a conversation");
        let told = world.host.query(
            "SELECT o.locale, o.time_zone FROM conversations v JOIN contacts o ON o.id = v.contact_id \
             WHERE v.id = ?1",
            &[json!(conversation.as_str())],
        );
        (answer, told)
    };
    let english = door(&world, &shop);
    let spanish = Door { locale: "es".to_owned(), ..english.clone() };
    let (answer, told) = asks(Visitor::arrives_without_sockets(&spanish));
    assert_eq!(told, [json!({"locale": "es", "time_zone": TIME_ZONE})]);
    assert_eq!(answer, asks(Visitor::arrives(&spanish)).0);
    assert_ne!(answer, asks(Visitor::arrives(&english)).0);
}

#[test]
fn the_panel_is_told_who_answers_and_which_words_stand_under_its_cards() {
    let world = world();
    let shop = world.opens_a_shop();
    let session = door(&world, &shop).opens();
    assert_eq!((session.site.as_str(), session.assistant.as_str()), ("Test Bike Workshop", "Sprocket"));
    assert_eq!(session.color, "#4a3fa3");
    assert!(session.disclosure.contains("AI"), "{session:?}");
    assert!(!session.people.is_empty());
    let sms = session.sms.expect("the shop has a number").text;
    assert!(sms.contains("STOP"), "{sms}");
    assert!(session.email.is_some());
}

#[test]
fn a_visitor_who_comes_back_gets_exactly_what_they_missed() {
    let world = world();
    let shop = world.opens_a_shop();
    let mut away = visitor(&world, &shop);
    away.asks(QUESTION);
    away.leaves();
    let cursor = away.last_seq;

    let mut tab = away.opens_another_tab();
    let said = tab.says("When are you open?");
    let answer = tab.waits_for_answer_to(&said);

    away.opens_a_socket();
    let missed: Vec<_> = away.items.range(cursor + 1..).map(|(_, item)| item.id.clone()).collect();
    assert_eq!(missed, [said, answer.id]);
}

#[test]
fn a_message_sent_twice_is_taken_once_and_acknowledged_with_the_same_place() {
    let world = world();
    let shop = world.opens_a_shop();
    let mut visitor = visitor(&world, &shop);
    let id = visitor.says(QUESTION);
    visitor.says_again(&id, QUESTION);
    visitor.waits_for_answer_to(&id);
    visitor.says_again(&id, QUESTION);
    let next = visitor.says("When are you open?");
    visitor.waits_for_answer_to(&next);
    let (acknowledged, places) = visitor.acknowledgements(&id);
    assert!(acknowledged >= 2, "every sending is acknowledged");
    assert_eq!(places, 1);

    let tab = visitor.opens_another_tab();
    assert_eq!(tab.items.values().filter(|item| item.id == id).count(), 1);
    let asked = tab.items.values().filter(|item| item.speaker == Speaker::Contact).count();
    assert_eq!(asked, 2);
}

#[test]
fn a_burst_is_answered_once() {
    let world = world();
    let shop = world.opens_a_shop();
    let mut visitor = visitor(&world, &shop);
    let said =
        [QUESTION, "and a flat tire?", "When are you open?", "on Monday?"].map(|text| visitor.says(text));
    visitor.waits_for_answer_to(&said[3]);
    // An answer to a later question shows that none to the burst is on its way any more.
    visitor.asks("How much is a flat tire?");
    one_answer_at_most_between_questions(&visitor);
}

#[test]
fn what_is_said_while_an_answer_is_written_is_answered_with_it() {
    let world = world();
    let model = OpenAi::start();
    let shop = world.opens_a_shop_answered_by(&model);
    let mut visitor = visitor(&world, &shop);
    model.next(Script::says("The first draft.").first_token_after(Duration::from_secs(2)));
    model.always(Script::says("Happy to help with both."));
    let first = visitor.says("Can you help me?");
    model.waits_for_prompt(1, PATIENCE);
    let second = visitor.says("With my bike, that is.");
    let answer = visitor.waits_for_answer_to(&second);
    visitor.asks("Thanks, and can you do one more thing?");
    one_answer_at_most_between_questions(&visitor);
    // The draft is dropped, unless this machine took so long that it was finished before the second message came.
    let places = (visitor.is_accepted(&first), visitor.is_accepted(&second));
    let dropped = visitor.items.range(places.0..places.1).all(|(_, item)| item.text != "The first draft.");
    assert_eq!(answer.text, "Happy to help with both.");
    let prompt = model.waits_for_prompt(2, PATIENCE);
    assert!(prompt.shows("With my bike") && (!dropped || prompt.shows("Can you help me?")), "{prompt:?}");
}

/// No question, and no burst of them, is answered twice.
#[track_caller]
fn one_answer_at_most_between_questions(visitor: &Visitor) {
    let tab = visitor.opens_another_tab();
    let speakers: Vec<&Speaker> = tab.items.values().map(|item| &item.speaker).collect();
    let doubled = speakers.windows(2).any(|pair| pair == [&Speaker::Assistant, &Speaker::Assistant]);
    assert!(!doubled && speakers.contains(&&Speaker::Assistant), "{speakers:?}");
}

#[test]
fn two_tabs_of_one_visitor_show_the_same() {
    let world = world();
    let shop = world.opens_a_shop();
    let mut first = visitor(&world, &shop);
    let mut second = first.opens_another_tab();
    let id = first.says(QUESTION);
    let answer = first.waits_for_answer_to(&id);
    second.waits_to_see("the other tab's question", |item| item.id == id);
    assert_eq!(second.waits_to_see("the answer", |item| item.id == answer.id), answer);
    assert_eq!(first.conversation, second.conversation);
}

#[test]
fn two_visitors_of_one_shop_see_nothing_of_each_other() {
    let world = world();
    let shop = world.opens_a_shop();
    let (mut one, mut other) = (visitor(&world, &shop), visitor(&world, &shop));
    one.asks(QUESTION);
    other.asks("When are you open?");
    assert_ne!(one.conversation, other.conversation);
    assert!(other.items.values().all(|item| item.text != QUESTION));
}

#[test]
fn markup_stays_text() {
    let world = world();
    let shop = world.opens_a_shop();
    let mut visitor = visitor(&world, &shop);
    let markup = "<img src=x onerror=alert(1)> & <b>bold</b> \u{202e}\u{1f6b2}";
    let id = visitor.says(markup);
    visitor.is_accepted(&id);
    let mut tab = visitor.opens_another_tab();
    assert_eq!(tab.waits_to_see("the message", |item| item.id == id).text, markup);
}

#[test]
fn what_a_visitor_says_is_delivered_and_that_is_told() {
    let world = world();
    let shop = world.opens_a_shop();
    let mut visitor = visitor(&world, &shop);
    let id = visitor.says(QUESTION);
    let seq = visitor.is_accepted(&id);
    visitor.waits_for_receipt(seq, Receipt::Delivered);
}
