//! How fast the whole product is without a network: load, decide, commit, think and deliver, on SQLite in memory.
//!
//! Everybody writes in the widget, goes on by text and then by email, all at the same virtual moment, and everybody is
//! answered from the demo site's knowledge. Prints one table; as a bench it fails where a message was lost, or where the
//! target is missed by more than machines differ.

#![expect(clippy::unwrap_used, unreachable_pub, reason = "a measurement that panics says where")]

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use shared::{
    channel::Channel,
    contact::Address,
    event::Event,
    id::VisitorId,
    time::{HOUR_MS, MINUTE_MS},
    wire::Speaker,
};
use world::{World, phone, web};

#[expect(dead_code, reason = "the tests need more of the world than a measurement")]
#[path = "../tests/it/world.rs"]
mod world;

/// How many people write.
const CONTACTS: usize = 1_000;
/// How many, where it is only tried out (`cargo test --benches`).
const CONTACTS_OF_TRIAL: usize = 3;
/// How long all of it should take.
const TARGET: Duration = Duration::from_secs(10);
/// How much slower than the machine the target was set on another may be.
const TOLERANCE: u32 = 3;

/// What everybody writes, in order, and where. An empty text is a question of the evaluation set, another one for everybody.
const SAID: [(Channel, &str); 20] = [
    (Channel::Widget, "Hi there"),
    (Channel::Widget, "How much is a full service?"),
    (Channel::Widget, ""),
    (Channel::Widget, "When are you open on Saturday?"),
    (Channel::Widget, "That is too expensive for me, my budget is $100"),
    (Channel::Widget, ""),
    (Channel::Widget, "My name is Alex"),
    (Channel::Widget, CONTINUE),
    (Channel::Sms, "What did you tell me in the chat about the price?"),
    (Channel::Sms, ""),
    (Channel::Sms, "Where are you?"),
    (Channel::Sms, ""),
    (Channel::Sms, "Do I need to book?"),
    (Channel::Sms, ""),
    (Channel::Sms, ""),
    (Channel::Sms, "Thanks!"),
    (Channel::Email, "Hello, how much was the full service again?"),
    (Channel::Email, ""),
    (Channel::Email, ""),
    (Channel::Email, ""),
];
/// After this they fill the cards: to go on by text, and by email.
const CONTINUE: &str = "Can you text me that?";
/// Messages and cards of one contact.
const SAID_BY_EACH: usize = SAID.len() + 2;

/// Somebody who writes.
struct Person {
    visitor: VisitorId,
    number: String,
    mailbox: String,
}

fn main() -> ExitCode {
    let as_bench = std::env::args().any(|word| word == "--bench");
    let contacts = if as_bench { CONTACTS } else { CONTACTS_OF_TRIAL };
    let mut world = World::new(1);
    // Everybody fills both cards within the hour, which is more first messages than an abused site should send.
    world.site.limits.first_messages_per_hour = u32::MAX;
    let questions = questions();
    let people: Vec<Person> = (0..contacts).map(|index| person(&mut world, index)).collect();
    let (began, batches) = (now(), world.db.batches());
    for (index, (channel, text)) in SAID.iter().enumerate() {
        let asked = questions.iter().map(String::as_str).cycle().skip(index * 31);
        let texts: Vec<&str> =
            asked.take(contacts).map(|asked| if text.is_empty() { asked } else { text }).collect();
        everybody_says(&mut world, &people, *channel, &texts);
    }
    let took = began.elapsed();
    let batches = world.db.batches() - batches;
    let seen = count(&world, &people);

    let messages = contacts * SAID.len();
    let per_second = f64::from(u32::try_from(messages).unwrap_or(u32::MAX)) / took.as_secs_f64();
    let seconds = took.as_secs_f64();
    let name = format!("{contacts} contacts, {} messages each, natively", SAID.len());
    println!("{name:<58} {:>9} {:>9} {:>9}", "seconds", "target", "msgs/s");
    let target = format!("< {}", TARGET.as_secs());
    println!("{:<58} {seconds:>9.2} {target:>9} {per_second:>9.0}", "load, decide, commit, think, deliver");
    println!(
        "native: {messages} said, {} stored, {} answered, {batches} batches; {}",
        seen.said,
        seen.answered,
        if took < TARGET { "the target is met" } else { "the target is missed" }
    );
    // A card is answered twice, by a notice and a first message; a few questions mean an opt-out, and end a line.
    let sound = seen.said == contacts * SAID_BY_EACH && seen.answered >= seen.said;
    let in_time = !as_bench || took < TARGET * TOLERANCE;
    if sound && in_time { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The evaluation set's questions.
fn questions() -> Vec<String> {
    let set: Vec<serde_json::Value> =
        serde_json::from_str(include_str!("../../examples/questions.json")).unwrap();
    set.iter().map(|question| question["q"].as_str().unwrap().to_owned()).collect()
}

fn person(world: &mut World, index: usize) -> Person {
    Person {
        visitor: world.visitor(),
        number: format!("+1415200{index:04}"),
        mailbox: format!("rider{index}@example.com"),
    }
}

/// One message from everybody, and an hour until the next: the demo site's ceilings stay as they are.
fn everybody_says(world: &mut World, people: &[Person], channel: Channel, texts: &[&str]) {
    for (person, text) in people.iter().zip(texts) {
        match channel {
            Channel::Sms => world.texts(&person.number, text),
            Channel::Email => world.mails(&person.mailbox, "My bike", text, None),
            _ => drop(world.says(&person.visitor, text).unwrap()),
        }
    }
    world.advance(MINUTE_MS);
    if texts.contains(&CONTINUE) {
        for person in people {
            world.continues(&person.visitor, Channel::Sms, &person.number).unwrap();
            world.continues(&person.visitor, Channel::Email, &person.mailbox).unwrap();
        }
    }
    world.advance(HOUR_MS);
}

/// What stands on the timelines.
#[derive(Default)]
struct Seen {
    said: usize,
    answered: usize,
}

fn count(world: &World, people: &[Person]) -> Seen {
    let mut seen = Seen::default();
    for person in people {
        let by = |address: &Address| world.contact(address).map(|contact| world.timeline(&contact));
        let timeline = by(&web(&person.visitor)).unwrap();
        assert_eq!(
            timeline.last().map(|event| &event.id),
            by(&phone(&person.number)).unwrap().last().map(|event| &event.id),
            "one person, one timeline"
        );
        let messages = timeline.iter().filter(|event| event.message().is_some());
        let (said, answered): (Vec<&Event>, Vec<&Event>) =
            messages.partition(|event| event.speaker == Speaker::Contact);
        seen.said += said.len();
        seen.answered += answered.len();
    }
    seen
}

#[expect(clippy::disallowed_methods, reason = "a measurement; nothing is decided by it")]
fn now() -> Instant {
    Instant::now()
}
