//! Questions, courtesies and what an answer must look like.

use super::Story;
use crate::{
    assistant::guard::max_chars,
    channel::Channel,
    phrases::{self, Lang},
};

#[test]
fn a_price_is_answered_from_its_passage_with_the_source() {
    let mut story = Story::new();
    let draft = story.chat("Hi! How much is a full service?");
    assert!(draft.text.starts_with("A full service is $140."), "{}", draft.text);
    assert_eq!(draft.sources[0].title, "Prices: How much is a full service?");
    assert_eq!((draft.author.as_str(), draft.acts.len()), ("builtin", 0));
}

#[test]
fn two_questions_in_one_burst_get_two_answers() {
    let mut story = Story::new();
    let draft = story.burst(Channel::Widget, &["how much is a full service?", "and where are you located?"]);
    assert!(draft.text.contains("$140") && draft.text.contains("2418 SE Larkspur"), "{}", draft.text);
    assert_eq!(draft.sources.len(), 2);
}

#[test]
fn a_whole_question_that_begins_with_and_is_about_what_it_names() {
    let mut story = Story::new();
    story.chat("How much is a full service?");
    let draft = story.chat("And how much is a puncture repair?");
    assert!(draft.text.contains("puncture") && !draft.text.contains("$140"), "{}", draft.text);
}

#[test]
fn hours_come_from_the_sites_definition_for_the_day_asked() {
    let mut story = Story::new();
    let draft = story.chat("are you open on thursday?");
    assert!(
        draft.text.starts_with("We are closed on Thursday. We are open Monday to Friday"),
        "{}",
        draft.text
    );
    let draft = story.chat("¿a qué hora abren?");
    assert!(draft.text.starts_with("Abrimos lunes a viernes 9:00–18:00"), "{}", draft.text);
}

#[test]
fn courtesies_are_returned() {
    let mut story = Story::new();
    for (text, expect) in [
        ("hi", "Hi, I am Sprocket, the AI assistant of Larkspur Bike Workshop."),
        ("hola", "Hola de nuevo."),
        ("thanks!", "You're welcome!"),
        ("gracias", "¡De nada!"),
        ("ok", "De acuerdo."),
        ("bye", "Goodbye"),
        ("my name is Maria", "Nice to meet you, Maria."),
        ("tell me a joke", "I'm only good for questions about Larkspur"),
        ("asdf qwer zxcv", "Sorry, I did not understand that."),
    ] {
        let draft = story.chat(text);
        assert!(draft.text.starts_with(expect), "{text}: {}", draft.text);
    }
}

#[test]
fn a_text_message_stays_within_its_length() {
    let mut story = Story::new();
    let draft =
        story.text("what is included in the full service, which service do i need, and how much is it?");
    let whole =
        phrases::spoken(Lang::En, Channel::Sms, "Sprocket", "Larkspur Bike Workshop", None, &draft.text);
    assert!(whole.chars().count() <= max_chars(Channel::Sms), "{whole}");
}

#[test]
fn an_email_that_begins_a_thread_has_a_subject() {
    let mut story = Story::new();
    story.turn.channel = Channel::Email;
    let draft = story.burst(Channel::Email, &["how much is a full service?"]);
    assert_eq!(draft.subject, None, "an answer stays in its thread");
}
