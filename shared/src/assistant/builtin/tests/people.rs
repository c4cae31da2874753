//! When a person is called, and what is promised.

use super::{Story, TUESDAY, calls};
use crate::{handoff::Reason, time::MINUTE_MS, wire::Offer};

#[test]
fn what_is_not_written_down_is_not_known_and_the_second_time_a_person_is_called() {
    let mut story = Story::new();
    let draft = story.chat("do you sell kayaks?");
    assert!(draft.text.contains("don't know") && draft.text.contains("person"), "{}", draft.text);
    assert_eq!((draft.offers.as_slice(), calls(&draft)), (&[Offer::Person][..], None));
    let draft = story.chat("what about surfboards?");
    assert_eq!(calls(&draft), Some("unsure"));
    assert!(draft.text.contains("A person will answer by 11:05 today."), "{}", draft.text);
}

#[test]
fn not_knowing_twice_in_a_row_calls_a_person_and_later_it_is_the_first_time_again() {
    let mut story = Story::new();
    story.chat("do you sell kayaks?");
    // Whoever prepares the turn knows how long ago it was.
    story.turn.handoff.was_unsure = false;
    let draft = story.chat("what about surfboards?");
    assert_eq!(calls(&draft), None, "{}", draft.text);
    assert!(draft.text.contains("Shall I get a person"), "{}", draft.text);
    assert_eq!(calls(&story.chat("do you sell kayaks?")), Some("unsure"));
}

#[test]
fn not_knowing_twice_when_nobody_is_there_asks_where_to_answer() {
    let mut story = Story::new();
    story.turn.now = TUESDAY.plus_ms(12 * 60 * MINUTE_MS);
    story.chat("do you sell kayaks?");
    let draft = story.chat("what about surfboards?");
    assert_eq!((calls(&draft), draft.offers.as_slice()), (Some("unsure"), &[Offer::Person][..]));
    assert!(draft.text.contains("phone number or an email"), "{}", draft.text);
    let mut reachable = Story::new();
    reachable.turn.now = TUESDAY.plus_ms(12 * 60 * MINUTE_MS);
    reachable.turn.can_text = true;
    reachable.chat("do you sell kayaks?");
    let draft = reachable.chat("what about surfboards?");
    assert_eq!((calls(&draft), draft.offers.as_slice()), (Some("unsure"), &[][..]));
    assert!(!draft.text.contains("phone number or an email"), "{}", draft.text);
}

#[test]
fn yes_after_the_offer_of_a_person_calls_one() {
    let mut story = Story::new();
    story.chat("do you sell kayaks?");
    let draft = story.chat("yes please");
    assert_eq!(calls(&draft), Some("asked"));
}

#[test]
fn a_person_is_promised_for_when_the_team_is_there() {
    let mut story = Story::new();
    story.turn.now = TUESDAY.plus_ms(12 * 60 * MINUTE_MS);
    story.turn.time_zone = "America/New_York".to_owned();
    let draft = story.chat("I want to talk to a person");
    assert_eq!(calls(&draft), Some("asked"));
    assert!(
        draft.text.contains("A person will answer today between 12:00 and 13:00 (your time)."),
        "{}",
        draft.text
    );
    assert!(draft.text.contains("phone number or an email"), "{}", draft.text);
    let again = story.chat("I need a human");
    assert_eq!(calls(&again), None, "a person is called once: {}", again.text);
}

#[test]
fn what_was_promised_is_said_again_and_a_promise_that_was_not_kept_is_owned_up_to() {
    let mut story = Story::new();
    story.turn.promised = Some(TUESDAY.plus_ms(90 * MINUTE_MS));
    let draft = story.chat("I want to talk to a person");
    assert_eq!(calls(&draft), None, "one was called: {}", draft.text);
    assert!(draft.text.contains("A person will answer by 11:30 today."), "{}", draft.text);
    story.turn.now = TUESDAY.plus_ms(120 * MINUTE_MS);
    let draft = story.chat("I want to talk to a human");
    assert_eq!(calls(&draft), Some("asked"));
    assert!(draft.text.contains("I am sorry"), "{}", draft.text);
    assert!(!draft.text.contains("11:30"), "{}", draft.text);
}

#[test]
fn what_is_left_to_people_calls_one_and_the_rest_is_answered() {
    let mut story = Story::new();
    story.turn.site.to_mut().handoff.topics = vec!["refund".into(), "insurance".into()];
    let draft = story.chat("How much is a full service? And I want a refund for the last one.");
    assert_eq!(calls(&draft), Some("topic"));
    assert!(draft.text.contains("$140") && draft.text.contains("A person will answer"), "{}", draft.text);
    // Until somebody has answered nobody is called for it again, and plain facts are told all the same.
    story.turn.handoff.open = vec![(Reason::Topic, Some("refund".into()))];
    let draft = story.chat("What about my refund?");
    assert_eq!(calls(&draft), None);
    assert!(draft.text.contains("has been told"), "{}", draft.text);
    let draft = story.chat("How much is a puncture repair?");
    assert!(calls(&draft).is_none() && draft.text.contains('$'), "{}", draft.text);
    assert_eq!(calls(&story.chat("Does my insurance cover it?")), Some("topic"));
    assert_eq!(calls(&story.chat("this is unacceptable")), Some("anger"), "another reason");
}

#[test]
fn what_is_not_known_while_a_person_is_on_their_way_waits_for_them() {
    let mut story = Story::new();
    story.turn.handoff.open = vec![(Reason::Unsure, None)];
    story.turn.handoff.was_unsure = true;
    let draft = story.chat("do you sell kayaks?");
    assert_eq!(calls(&draft), None);
    assert!(draft.text.contains("don't know") && draft.text.contains("has been told"), "{}", draft.text);
}

#[test]
fn the_question_who_speaks_is_answered_truthfully() {
    let mut story = Story::new();
    for question in ["are you a bot?", "am I talking to a real person?", "¿eres un robot?"] {
        let draft = story.chat(question);
        assert!(
            draft.text.contains("not a person") || draft.text.contains("no una persona"),
            "{}",
            draft.text
        );
    }
}

#[test]
fn insults_anger_and_orders_to_stop_reach_a_person() {
    for (text, reason) in
        [("you stupid idiot", "abuse"), ("this is unacceptable", "anger"), ("take me off your list", "asked")]
    {
        assert_eq!(calls(&Story::new().chat(text)), Some(reason), "{text}");
    }
}
