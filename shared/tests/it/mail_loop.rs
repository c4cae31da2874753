//! Two machines that answer each other by mail come to rest; a person is answered whatever they write.

use shared::{
    event::Message,
    time::{HOUR_MS, MINUTE_MS},
    wire::Speaker,
};

use crate::world::{World, mailbox};

const ROBOT: &str = "desk@robot.example";
const MARIA: &str = "maria@example.com";

/// How many mails of ours lie at a mailbox.
fn answers(world: &World, address: &str) -> usize {
    world.sandbox(address).iter().filter(|mail| mail.recipient == address).count()
}

/// What a mailbox has written, oldest first.
fn said(world: &World, address: &str) -> Vec<Message> {
    let contact = world.contact(&mailbox(address)).unwrap();
    let timeline = world.timeline(&contact).into_iter().filter(|event| event.speaker == Speaker::Contact);
    timeline.filter_map(|event| event.message().cloned()).collect()
}

fn writes(world: &mut World, address: &str, text: &str) {
    world.mails(address, "My bike", text, None);
    world.advance(MINUTE_MS);
}

fn acknowledges(world: &mut World, ticket: usize) {
    let text =
        format!("Thank you for your message. We have opened ticket #{ticket} and will answer it soon.");
    writes(world, ROBOT, &text);
}

/// Answers every mail of ours, as long as there are any; how often that was.
fn loops(world: &mut World) -> usize {
    let (before, mut sent) = (answers(world, ROBOT), 0);
    while before + sent == answers(world, ROBOT) {
        sent += 1;
        assert!(sent < 50, "the loop goes on");
        acknowledges(world, 1_000 + sent);
    }
    sent
}

#[test]
fn two_machines_answering_each_other_stop_by_themselves() {
    let mut world = World::new(71);
    assert_eq!(loops(&mut world), 3, "the third is not answered");
    assert_eq!(answers(&world, ROBOT), 2);
    let repeated: Vec<bool> = said(&world, ROBOT).iter().map(|message| message.repeated).collect();
    assert_eq!(repeated, [false, false, true], "it is kept, and the timeline says why");
    acknowledges(&mut world, 2_000);
    world.advance(10 * MINUTE_MS);
    assert_eq!(answers(&world, ROBOT), 2, "nor is what follows");
}

#[test]
fn a_different_text_is_answered_at_once_and_the_same_one_after_an_hour() {
    let mut world = World::new(72);
    loops(&mut world);
    writes(&mut world, ROBOT, "This is Sam from the desk. How much is a full service for a city bike?");
    assert_eq!(answers(&world, ROBOT), 3);
    acknowledges(&mut world, 3_000);
    assert_eq!(answers(&world, ROBOT), 3);
    world.advance(HOUR_MS);
    acknowledges(&mut world, 4_000);
    assert_eq!(answers(&world, ROBOT), 4);
}

#[test]
fn a_person_with_different_mails_is_always_answered() {
    let mut world = World::new(73);
    let goods = ["tune-up", "full service", "puncture repair", "wheel truing", "new chain", "brake check"];
    for (count, good) in goods.iter().enumerate() {
        writes(
            &mut world,
            MARIA,
            &format!("Hello, could you please tell me how much a {good} is? Thanks, Maria"),
        );
        assert_eq!(answers(&world, MARIA), count + 1, "{good}");
    }
    assert!(said(&world, MARIA).iter().all(|message| !message.repeated));
}

#[test]
fn a_person_who_asks_hello_three_times_is_answered_three_times() {
    let mut world = World::new(74);
    for count in 1..=5 {
        writes(&mut world, MARIA, "Hello?");
        assert_eq!(answers(&world, MARIA), count);
    }
    writes(&mut world, MARIA, "Hello?");
    assert_eq!(answers(&world, MARIA), 5, "six times an hour no person does");
}

#[test]
fn mailboxes_do_not_count_for_each_other_and_stop_is_obeyed_however_often() {
    let mut world = World::new(75);
    let text = "How much is a tune-up for a city bike with a coaster brake?";
    for address in [MARIA, ROBOT, "third@example.com"] {
        writes(&mut world, address, text);
        assert_eq!(answers(&world, address), 1, "{address}");
    }
    for word in ["STOP", "START"] {
        for _ in 0..6 {
            writes(&mut world, MARIA, word);
        }
    }
    let before = answers(&world, MARIA);
    writes(&mut world, MARIA, "And how much is a full service?");
    assert_eq!(answers(&world, MARIA), before + 1);
}
