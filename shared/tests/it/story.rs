//! The main job from end to end: one person, three channels, one timeline.

use shared::{
    channel::Channel,
    contact::Assurance,
    event::Body,
    message::DeliveryState,
    time::{DAY_MS, MINUTE_MS},
    wire::Speaker,
};

use crate::world::{World, mailbox, phone, web};

const MARIA: &str = "+14155552671";
const MARIA_MAIL: &str = "maria@example.com";

#[test]
fn a_question_in_the_widget_is_answered_from_the_knowledge() {
    let mut world = World::new(1);
    let visitor = world.visitor();
    world.says(&visitor, "How much is a full service?").unwrap();
    world.settle();
    let answer = world.last_answer(&web(&visitor));
    assert_eq!(answer.channel, Channel::Widget);
    let message = answer.message().unwrap();
    assert!(message.text.contains("$140"), "{message:?}");
    assert!(!message.sources.is_empty());
}

/// The visitor asks the price and fills the card; Maria's phone gets the text.
fn moved_to_sms(world: &mut World) -> shared::id::VisitorId {
    let visitor = world.visitor();
    world.says(&visitor, "How much is a full service?").unwrap();
    world.settle();
    world.says(&visitor, "Can you text me that?").unwrap();
    world.settle();
    let offered = world.last_answer(&web(&visitor));
    assert!(!offered.message().unwrap().offers.is_empty(), "{offered:?}");
    world.continues(&visitor, Channel::Sms, "(415) 555-2671").unwrap();
    world.settle();
    visitor
}

#[test]
fn p4_a_visitor_goes_on_by_text_with_a_recorded_consent_and_full_context() {
    let mut world = World::new(2);
    let visitor = moved_to_sms(&mut world);
    let texts = world.sandbox(MARIA);
    assert_eq!(texts.len(), 1);
    assert!(texts[0].text.contains("$140") && texts[0].text.contains("STOP"), "{}", texts[0].text);
    world.advance(2 * MINUTE_MS);
    world.texts(MARIA, "What did you tell me in the chat about the price?");
    world.advance(MINUTE_MS);
    let answer = world.last_answer(&phone(MARIA));
    assert_eq!(answer.channel, Channel::Sms);
    assert!(answer.message().unwrap().text.contains("$140"), "{answer:?}");
    let contact = world.contact(&phone(MARIA)).unwrap();
    assert_eq!(world.contact(&web(&visitor)), Some(contact.clone()), "the visitor turned out to be Maria");
    let timeline = world.timeline(&contact);
    let consent =
        timeline.iter().any(|event| matches!(&event.body, Body::Consent { action, .. } if action == "grant"));
    assert!(consent, "{timeline:#?}");
}

#[test]
fn p5_two_days_later_an_email_is_answered_with_when_we_texted_and_the_weekday() {
    let mut world = World::new(3);
    moved_to_sms(&mut world);
    world.advance(10 * MINUTE_MS);
    world.texts(MARIA, "Is a full service really worth it? How much was it again?");
    world.advance(2 * DAY_MS);
    world.mails(MARIA_MAIL, "Full service", "Hello, how much is the full service?", None);
    world.advance(MINUTE_MS);
    let answer = world.last_answer(&mailbox(MARIA_MAIL));
    let message = answer.message().unwrap();
    assert_eq!(answer.channel, Channel::Email);
    assert!(message.text.contains("When we texted on Monday"), "{}", message.text);
    assert!(message.sources.iter().any(|source| source.event.is_some()), "{message:?}");
    let mails = world.sandbox(MARIA_MAIL);
    assert!(mails.iter().any(|mail| mail.sender.contains("larkspur")), "{mails:?}");
    let channels: Vec<Channel> =
        world.timeline(&world.contact(&phone(MARIA)).unwrap()).iter().map(|event| event.channel).collect();
    for channel in [Channel::Widget, Channel::Sms, Channel::Email] {
        assert!(channels.contains(&channel), "{channels:?}");
    }
}

#[test]
fn p14_stop_blocks_every_text_at_once_and_email_goes_on() {
    let mut world = World::new(4);
    let visitor = moved_to_sms(&mut world);
    world.texts(MARIA, "STOP");
    world.settle();
    let texts = world.sandbox(MARIA);
    let from_us = texts.iter().filter(|text| text.recipient == MARIA).count();
    assert_eq!(from_us, 2, "the first text and one confirmation: {texts:#?}");
    world.continues(&visitor, Channel::Sms, MARIA).unwrap();
    world.advance(5 * MINUTE_MS);
    assert_eq!(world.sandbox(MARIA).iter().filter(|text| text.recipient == MARIA).count(), 2);
    world.mails(MARIA_MAIL, "Hours", "When are you open on Saturday?", None);
    world.advance(MINUTE_MS);
    assert_eq!(world.last_answer(&mailbox(MARIA_MAIL)).channel, Channel::Email);
    world.texts(MARIA, "START");
    world.advance(MINUTE_MS);
    world.texts(MARIA, "How much is a puncture repair?");
    world.advance(MINUTE_MS);
    assert!(world.last_answer(&phone(MARIA)).message().unwrap().text.contains("$18"));
}

#[test]
fn invariant_12_a_typed_number_shows_the_browser_nothing_of_its_owner() {
    let mut world = World::new(5);
    world.texts(MARIA, "My name is Maria and my budget is $300");
    world.advance(MINUTE_MS);
    let visitor = moved_to_sms(&mut world);
    world.texts(MARIA, "who is this?");
    world.advance(MINUTE_MS);
    world.says(&visitor, "What is my name, and what was my budget?").unwrap();
    world.settle();
    let answer = world.last_answer(&web(&visitor));
    assert!(
        answer.channel == Channel::Widget && !answer.message().unwrap().text.contains("300"),
        "{answer:?}"
    );
    let contact = world.contact(&phone(MARIA)).unwrap();
    let seen: Vec<_> =
        world.timeline(&contact).into_iter().filter_map(|event| event.item_for(&web(&visitor))).collect();
    assert!(seen.iter().all(|item| item.channel == Channel::Widget), "{seen:?}");
    assert!(Assurance::Possessed > Assurance::Claimed);
}

#[test]
fn p7_an_objection_is_remembered_half_a_year_later() {
    let mut world = World::new(6);
    world.texts(MARIA, "$140 for a full service is too expensive for me");
    world.advance(MINUTE_MS);
    world.advance(182 * DAY_MS);
    world.texts(MARIA, "How much is a full service?");
    world.advance(MINUTE_MS);
    let text = world.last_answer(&phone(MARIA)).message().unwrap().text.clone();
    assert!(text.contains("November"), "{text}");
}

#[test]
fn a_burst_of_texts_gets_one_answer() {
    let mut world = World::new(7);
    world.texts(MARIA, "hi");
    world.advance(1_000);
    world.texts(MARIA, "quick question");
    world.advance(1_000);
    world.texts(MARIA, "how much is a tune-up?");
    world.advance(MINUTE_MS);
    let contact = world.contact(&phone(MARIA)).unwrap();
    let timeline = world.timeline(&contact);
    let answers = timeline.iter().filter(|event| event.speaker == Speaker::Assistant).count();
    assert_eq!(answers, 1, "{timeline:#?}");
    let sent = world.deliveries(&contact);
    assert!(sent.iter().all(|delivery| delivery.state >= DeliveryState::Sent), "{sent:?}");
}

#[test]
fn talk_to_a_person_is_answered_with_an_honest_time() {
    let mut world = World::new(8);
    let visitor = world.visitor();
    world.says(&visitor, "I want to talk to a real person").unwrap();
    world.settle();
    let timeline = world.timeline(&world.contact(&web(&visitor)).unwrap());
    assert!(timeline.iter().any(|event| matches!(event.body, Body::Handoff { .. })), "{timeline:#?}");
}
