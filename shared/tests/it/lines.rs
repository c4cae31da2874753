//! One person on two lines at once: each line gets its own answer, from what that line may know.

use shared::{channel::Channel, event::Event, id::VisitorId, time::MINUTE_MS, wire::Speaker};

use crate::world::{World, phone, web};

const MARIA: &str = "+14155552671";

/// A browser and Maria's phone in one conversation, a day old.
fn two_lines(seed: u64) -> (World, VisitorId) {
    let mut world = World::new(seed);
    let visitor = world.visitor();
    world.says(&visitor, "hi").unwrap();
    world.settle();
    world.continues(&visitor, Channel::Sms, MARIA).unwrap();
    world.advance(MINUTE_MS);
    world.texts(MARIA, "My name is Maria");
    world.advance(2 * MINUTE_MS);
    assert_eq!(world.contact(&web(&visitor)), world.contact(&phone(MARIA)));
    (world, visitor)
}

fn answers_after(world: &World, seq: usize) -> Vec<Event> {
    let contact = world.contact(&phone(MARIA)).unwrap();
    let spoken = |event: &Event| event.speaker == Speaker::Assistant && event.message().is_some();
    world.timeline(&contact).into_iter().skip(seq).filter(spoken).collect()
}

fn so_far(world: &World) -> usize {
    world.timeline(&world.contact(&phone(MARIA)).unwrap()).len()
}

fn text_on(answers: &[Event], channel: Channel) -> String {
    let on: Vec<&Event> = answers.iter().filter(|event| event.channel == channel).collect();
    assert_eq!(on.len(), 1, "one answer on {channel:?}: {answers:#?}");
    on[0].message().unwrap().text.clone()
}

#[test]
fn a_text_and_a_web_message_within_a_moment_get_one_answer_each_on_their_own_lines() {
    let (mut world, visitor) = two_lines(51);
    let before = so_far(&world);
    world.texts(MARIA, "How much is a puncture repair?");
    world.advance(1_000);
    world.says(&visitor, "How much is a full service?").unwrap();
    world.advance(MINUTE_MS);
    let answers = answers_after(&world, before);
    let (text, chat) = (text_on(&answers, Channel::Sms), text_on(&answers, Channel::Widget));
    assert!(text.contains("$18"), "{text}");
    assert!(chat.contains("$140") && !chat.contains("$18") && !chat.contains("Maria"), "{chat}");
    assert_eq!(answers.len(), 2, "{answers:#?}");
}

#[test]
fn a_web_message_that_waits_is_answered_as_well_when_texts_come_in_between() {
    let (mut world, visitor) = two_lines(52);
    let before = so_far(&world);
    world.texts(MARIA, "quick question");
    world.says(&visitor, "How much is a full service?").unwrap();
    world.texts(MARIA, "How much is a puncture repair?");
    world.advance(MINUTE_MS);
    world.sweep();
    let answers = answers_after(&world, before);
    let (text, chat) = (text_on(&answers, Channel::Sms), text_on(&answers, Channel::Widget));
    assert!(text.contains("$18") && chat.contains("$140"), "{text} / {chat}");
    assert_eq!(answers.len(), 2, "{answers:#?}");
}

#[test]
fn stop_by_text_leaves_a_web_question_owed() {
    let (mut world, visitor) = two_lines(53);
    let before = so_far(&world);
    world.texts(MARIA, "How much is a puncture repair?");
    world.says(&visitor, "How much is a full service?").unwrap();
    world.texts(MARIA, "STOP");
    world.advance(MINUTE_MS);
    let answers = answers_after(&world, before);
    assert!(text_on(&answers, Channel::Widget).contains("$140"));
    assert_eq!(answers.len(), 1, "nothing more by text: {answers:#?}");
}
