//! Going on elsewhere: what is asked, and what is sent.

use super::{Story, moves};
use crate::{channel::Channel, wire::Offer};

#[test]
fn text_me_a_link_to_book_asks_for_the_number_and_then_sends_the_link() {
    let mut story = Story::new();
    story.chat("how much is a full service?");
    let ask = story.chat("can you text me a link to book?");
    assert_eq!(ask.offers, [Offer::ContinueBySms]);
    assert_eq!(moves(&ask), None);
    assert!(ask.text.contains("number"), "{}", ask.text);
    let draft = story.chat("415-555-2671");
    let expect = (Channel::Sms, Some("415-555-2671"), "You can book here: https://larkspur.example/book");
    assert_eq!(moves(&draft), Some(expect));
    assert!(draft.text.contains("•••2671"), "{}", draft.text);
}

#[test]
fn a_number_in_the_request_is_used_as_it_was_typed() {
    let mut story = Story::new();
    story.chat("how much is a full service?");
    let draft = story.chat("text me that at (415) 555-2671 please");
    let (channel, address, text) = moves(&draft).unwrap();
    assert_eq!((channel, address), (Channel::Sms, Some("(415) 555-2671")));
    assert!(text.starts_with("A full service is $140."), "{text}");
}

#[test]
fn a_known_number_is_not_asked_for_again() {
    let mut story = Story::new();
    story.turn.can_text = true;
    let draft = story.chat("text me the price of a full service");
    let (channel, address, text) = moves(&draft).unwrap();
    assert_eq!((channel, address), (Channel::Sms, None));
    assert!(text.contains("$140"), "{text}");
}

#[test]
fn email_me_goes_to_the_mailbox_in_the_same_burst() {
    let mut story = Story::new();
    let draft = story.burst(Channel::Widget, &["email me the price of a tune-up", "maria@example.com"]);
    let (channel, address, text) = moves(&draft).unwrap();
    assert_eq!((channel, address), (Channel::Email, Some("maria@example.com")));
    assert!(text.contains("$75"), "{text}");
}

#[test]
fn where_nothing_can_be_booked_here_booking_gives_the_link_and_offers_to_go_on_by_text_once() {
    let booked_elsewhere = || {
        let mut story = Story::new();
        story.turn.site.to_mut().booking = None;
        story
    };
    let mut story = booked_elsewhere();
    let draft = story.chat("I want to book an appointment");
    assert!(draft.text.contains("https://larkspur.example/book"), "{}", draft.text);
    assert_eq!(draft.offers, [Offer::ContinueBySms]);
    assert_eq!(story.chat("how do I book?").offers, []);
    let mut story = booked_elsewhere();
    story.chat("I want to book");
    assert!(story.chat("yes").text.contains("Which number"));
}
