//! What was said before, and what is remembered of it.

use super::{Story, TUESDAY, remembered};
use crate::{channel::Channel, time::MINUTE_MS};

#[test]
fn running_late_is_answered_and_noted() {
    let mut story = Story::new();
    let draft = story.text("running 10 min late");
    assert!(draft.text.starts_with("No problem"), "{}", draft.text);
    let fact = remembered(&draft, "late").unwrap();
    assert_eq!((fact.value.as_str(), fact.quote.as_str()), ("10 min", "running 10 min late"));
}

#[test]
fn a_preference_is_noted_with_its_words() {
    let mut story = Story::new();
    let draft = story.chat("Text is better for me.");
    let fact = remembered(&draft, "preference").unwrap();
    assert_eq!((fact.value.as_str(), fact.quote.as_str()), ("sms", "Text is better for me."));
    assert!(draft.text.contains("text you"), "{}", draft.text);
}

#[test]
fn a_fact_said_in_chat_is_used_by_text_without_asking_again() {
    let mut story = Story::new();
    story.chat("Hi, I'm Maria. I need a full service.");
    assert_eq!(story.turn.facts.len(), 2);
    let draft = story.text("how much is it?");
    assert!(draft.text.contains("A full service is $140."), "{}", draft.text);
}

#[test]
fn two_days_later_an_email_recalls_what_was_texted_on_tuesday() {
    let mut story = Story::new();
    story.text("how much is a full service?");
    let asked = story.turn.history[0].id.clone();
    story.days(2);
    let draft = story.burst(Channel::Email, &["Hello, is the price of the full service still the same?"]);
    assert!(
        draft.text.starts_with("When we texted on Tuesday, you asked about the price of a full service."),
        "{}",
        draft.text
    );
    assert_eq!(draft.sources[0].event, Some(asked));
    let again = story.burst(Channel::Email, &["how much is a full service?"]);
    assert!(!again.text.contains("When we"), "said once: {}", again.text);
}

#[test]
fn a_week_later_the_date_is_named_and_the_weekday_is_the_contacts() {
    let mut story = Story::new();
    story.turn.now = TUESDAY.plus_ms(15 * 60 * MINUTE_MS);
    story.turn.time_zone = "America/New_York".to_owned();
    story.chat("how much is a full service?");
    story.days(3);
    assert!(story.text("price of a full service?").text.starts_with("When we chatted on Wednesday,"));
    story.turn.history.truncate(2);
    story.days(10);
    assert!(story.text("price of a full service?").text.starts_with("When we chatted on 25 November,"));
}

#[test]
fn half_a_year_later_the_objection_is_named() {
    let mut story = Story::new();
    story.chat("how much is a full service?");
    let draft = story.chat("Hmm, that's a lot.");
    assert_eq!(remembered(&draft, "objection").unwrap().value, "price $140");
    story.days(183);
    let draft = story.text("hi, what was the price of the full service again?");
    assert!(draft.text.contains("Last time, in November, you felt $140 was a lot."), "{}", draft.text);
    assert!(draft.text.contains("A full service is $140."), "{}", draft.text);
}

#[test]
fn a_budget_is_known_when_a_price_is_named() {
    let mut story = Story::new();
    story.chat("My budget is $100.");
    let draft = story.text("how much is a full service?");
    assert!(
        draft.text.starts_with("You mentioned a budget of $100. A full service is $140."),
        "{}",
        draft.text
    );
    assert!(!story.text("and a basic tune-up?").text.contains("budget"));
}

#[test]
fn what_was_quoted_before_is_repeated_with_its_source() {
    let mut story = Story::new();
    story.chat("how much is a basic tune-up?");
    let told = story.turn.history[1].id.clone();
    let draft = story.text("what did you quote me in the chat?");
    assert!(
        draft.text.contains("When we chatted today, I wrote: “A basic tune-up is $75."),
        "{}",
        draft.text
    );
    assert_eq!(draft.sources[0].event, Some(told));
    let mut stranger = Story::new();
    let draft = stranger.text("what did you quote me in the chat?");
    assert!(draft.text.starts_with("I can't see anything about that here."), "{}", draft.text);
}

#[test]
fn the_contacts_own_name_and_budget_come_from_what_they_told() {
    let mut story = Story::new();
    for (question, unknown) in [
        ("What is my name?", "I don't know your name yet."),
        ("what's my budget?", "I don't know your budget yet."),
        ("¿Cómo me llamo?", "Todavía no sé su nombre."),
        ("¿Cuál es mi presupuesto?", "Todavía no sé su presupuesto."),
    ] {
        let draft = story.chat(question);
        assert_eq!((draft.text.as_str(), draft.sources.len()), (unknown, 0), "{question}");
    }
    story.chat("My name is Ana and my budget is $100.");
    let told = story.turn.facts[0].source.clone();
    for (question, known) in [
        ("do you know my name?", "Your name is Ana."),
        ("What was my budget again?", "You told me your budget is $100."),
        ("¿cómo me llamo?", "Se llama Ana."),
        ("¿cuál era mi presupuesto?", "Me dijo que su presupuesto es de $100."),
    ] {
        let draft = story.text(question);
        assert_eq!(draft.text, known, "{question}");
        assert_eq!(draft.sources[0].event, Some(told.clone()), "{question}");
    }
    let both = story.chat("What is my name, and what was my budget?");
    assert_eq!(both.text, "Your name is Ana. You told me your budget is $100.");
}

#[test]
fn a_name_that_is_known_without_being_told_is_answered_without_a_source() {
    let mut story = Story::new();
    story.turn.name = Some("Maria Lopez".to_owned());
    let draft = story.chat("What's my name?");
    assert_eq!((draft.text.as_str(), draft.sources.len()), ("Your name is Maria Lopez.", 0));
    assert!(story.chat("what is your name?").text.contains("Sprocket"));
    assert!(story.chat("how much is a full service? and what's my name?").text.contains("$140"));
}
