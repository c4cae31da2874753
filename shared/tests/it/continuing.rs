//! Going on elsewhere takes along only what the asking line may know.

use shared::{channel::Channel, contact::Assurance, id::VisitorId, store::contacts, time::MINUTE_MS};

use crate::world::{World, phone, web};

const MARIA: &str = "+14155552671";
const STRANGER_MAIL: &str = "stranger@example.com";

/// A stranger asks a price in the widget and types Maria's number; Maria answers from her phone, and her timeline and the
/// stranger's are one.
fn joined_by_a_typed_number(world: &mut World) -> VisitorId {
    let visitor = world.visitor();
    world.says(&visitor, "How much is a full service?").unwrap();
    world.settle();
    world.continues(&visitor, Channel::Sms, MARIA).unwrap();
    world.advance(MINUTE_MS);
    world.texts(MARIA, "My name is Maria. How much is a puncture repair?");
    world.advance(MINUTE_MS);
    assert!(world.last_answer(&phone(MARIA)).message().unwrap().text.contains("$18"));
    assert_eq!(world.contact(&web(&visitor)), world.contact(&phone(MARIA)));
    visitor
}

fn mail_to(world: &World, address: &str) -> String {
    let mails = world.sandbox(address);
    mails.iter().find(|mail| mail.recipient == address).expect("a mail was sent").text.clone()
}

#[test]
fn a_browser_that_proves_nothing_carries_only_its_own_answers_and_no_name_along() {
    let mut world = World::new(31);
    let visitor = joined_by_a_typed_number(&mut world);
    world.continues(&visitor, Channel::Email, STRANGER_MAIL).unwrap();
    world.advance(MINUTE_MS);
    let text = mail_to(&world, STRANGER_MAIL);
    assert!(text.contains("$140"), "its own last answer: {text}");
    assert!(!text.contains("$18") && !text.contains("Maria"), "{text}");
}

#[test]
fn a_proven_browser_carries_the_newest_answer_and_is_greeted_by_name() {
    let mut world = World::new(32);
    let visitor = joined_by_a_typed_number(&mut world);
    let proof = contacts::prove_handle(&world.site.id, &web(&visitor), Assurance::Possessed);
    world.db.run(&proof).unwrap();
    world.continues(&visitor, Channel::Email, STRANGER_MAIL).unwrap();
    world.advance(MINUTE_MS);
    let text = mail_to(&world, STRANGER_MAIL);
    assert!(text.contains("$18") && text.contains("Maria"), "{text}");
}

#[test]
fn a_name_told_on_the_asking_line_greets_in_the_first_mail() {
    let mut world = World::new(33);
    let visitor = world.visitor();
    world.says(&visitor, "My name is Ana. How much is a full service?").unwrap();
    world.settle();
    world.continues(&visitor, Channel::Email, "ana@example.com").unwrap();
    world.advance(MINUTE_MS);
    let text = mail_to(&world, "ana@example.com");
    assert!(text.contains("Hi Ana,") && text.contains("$140"), "{text}");
}

#[test]
fn a_mail_asked_for_in_words_greets_only_by_a_name_the_asking_line_knows() {
    let mut world = World::new(34);
    let visitor = joined_by_a_typed_number(&mut world);
    world.says(&visitor, "Email me the price of a full service at stranger@example.com").unwrap();
    world.advance(MINUTE_MS);
    let text = mail_to(&world, STRANGER_MAIL);
    assert!(text.contains("$140") && !text.contains("Maria"), "{text}");
    world.texts(MARIA, "Email me the price of a full service at maria@example.com");
    world.advance(MINUTE_MS);
    let text = mail_to(&world, "maria@example.com");
    assert!(text.contains("$140") && text.contains("Hi Maria,"), "{text}");
}

#[test]
fn what_was_asked_to_be_sent_is_in_the_first_text_whatever_was_answered_before() {
    let mut world = World::new(35);
    let visitor = world.visitor();
    for text in ["How much is a full service?", "Can you text me a link to book?"] {
        world.says(&visitor, text).unwrap();
        world.settle();
    }
    world.continues(&visitor, Channel::Sms, MARIA).unwrap();
    world.advance(MINUTE_MS);
    let text = mail_to(&world, MARIA);
    assert!(text.contains("You can book here: https://larkspur.example/book"), "{text}");
    world.says(&visitor, "How much is a puncture repair?").unwrap();
    world.advance(MINUTE_MS);
    world.continues(&visitor, Channel::Email, STRANGER_MAIL).unwrap();
    world.advance(MINUTE_MS);
    let text = mail_to(&world, STRANGER_MAIL);
    assert!(text.contains("$18") && !text.contains("book here"), "only what was asked last: {text}");
}

#[test]
fn what_the_card_writes_is_no_topic_of_the_contacts() {
    let mut world = World::new(36);
    let visitor = world.visitor();
    world.says(&visitor, "I'd like a full service").unwrap();
    world.settle();
    world.continues(&visitor, Channel::Sms, MARIA).unwrap();
    world.advance(MINUTE_MS);
    world.texts(MARIA, "How much is it?");
    world.advance(MINUTE_MS);
    let answer = world.last_answer(&phone(MARIA)).message().unwrap().text.clone();
    assert!(answer.contains("A full service is $140"), "{answer}");
}

#[test]
fn who_fills_the_card_again_still_gets_what_was_asked_for() {
    let mut world = World::new(37);
    let visitor = world.visitor();
    world.says(&visitor, "Can you text me a link to book?").unwrap();
    world.settle();
    for number in ["+15035550147", MARIA] {
        world.continues(&visitor, Channel::Sms, number).unwrap();
        world.advance(MINUTE_MS);
        assert!(mail_to(&world, number).contains("https://larkspur.example/book"), "{number}");
    }
}
