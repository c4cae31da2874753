//! One person, one conversation: chat, text message and email of one contact, on the virtual clock.

use std::time::Duration;

use e2e::{
    clock::PATIENCE,
    sandbox::Message,
    shop::{ANSWER, QUESTION, Shop},
    visitor::{TIME_ZONE, Visitor},
    world::World,
};
use jiff::{Timestamp, tz::TimeZone};
use serde_json::json;
use shared::wire::Offer;

use crate::{a_world_of_its_own, visitor, world};

const NUMBER: &str = "+14155552671";
const MAILBOX: &str = "maria@example.com";
const DAY: Duration = Duration::from_hours(24);

/// Chats until the first text message has arrived.
fn moves_to_text(world: &World, shop: &Shop, visitor: &mut Visitor) -> Message {
    visitor.asks(QUESTION);
    let offered = visitor.asks("Can you text me that?");
    assert!(offered.offers.contains(&Offer::ContinueBySms), "{offered:?}");
    let moved = visitor.continues_by_text("(415) 555-2671");
    visitor.is_accepted(&moved);
    let first = world.sandbox().waits_for(NUMBER, 1, PATIENCE);
    assert_eq!(first.from, shop.number());
    first
}

#[test]
fn the_conversation_goes_on_by_text_and_knows_the_chat() {
    let world = a_world_of_its_own();
    let shop = world.opens_a_shop();
    let mut visitor = visitor(&world, &shop);
    let first = moves_to_text(&world, &shop, &mut visitor);
    assert!(first.text.contains(ANSWER), "{first:?}");
    world.sandbox().texts(NUMBER, shop.number(), "Sorry, what was the price again?");
    let second = world.sandbox().waits_for(NUMBER, 2, PATIENCE);
    assert!(second.text.contains(ANSWER), "{second:?}");

    let consents = world.host.query(
        "SELECT count(*) AS n FROM consents WHERE site_id = ?1 AND address_key = ?2",
        &[json!(shop.site.id.as_str()), json!(NUMBER)],
    );
    assert!(consents[0]["n"].as_i64().is_some_and(|n| n > 0), "{consents:?}");
    // The number was only typed here: what its owner texts is not this browser's to see.
    let mut tab = visitor.opens_another_tab();
    tab.waits_to_see("the chat", |item| item.text.contains(ANSWER));
    assert!(tab.items.values().all(|item| item.channel == shared::channel::Channel::Widget));
}

#[test]
fn two_days_later_an_email_is_answered_with_the_day_we_texted() {
    let world = a_world_of_its_own();
    let mut shop = Shop::new();
    shop.site.people.push(shared::site::Person {
        name: "Maria Lopez".to_owned(),
        phone: Some(NUMBER.to_owned()),
        email: Some(MAILBOX.to_owned()),
        messenger: None,
        instagram: None,
        time_zone: Some(TIME_ZONE.to_owned()),
    });
    let shop = shop.opens(world.edge());
    let mut visitor = visitor(&world, &shop);
    moves_to_text(&world, &shop, &mut visitor);
    let sandbox = world.sandbox();
    sandbox.texts(NUMBER, shop.number(), "Sorry, what was the price again?");
    let texted = sandbox.waits_for(NUMBER, 2, PATIENCE);

    sandbox.advances(2 * DAY);
    sandbox.writes(MAILBOX, shop.mailbox(), "My bike", "Hi, what did you say a basic tune-up costs?");
    let answer = sandbox.waits_for(MAILBOX, 1, PATIENCE);
    let zone = TimeZone::get(TIME_ZONE).expect("a time zone");
    let at = Timestamp::from_millisecond(texted.at).expect("a time").to_zoned(zone);
    assert!(answer.text.to_lowercase().contains("when we texted"), "{answer:?}");
    assert!(answer.text.contains(&at.strftime("%A").to_string()), "{answer:?}");
    assert!(answer.text.contains(ANSWER), "{answer:?}");

    sandbox.answers(&answer, "Great, thank you! And when are you open?");
    let next = sandbox.waits_for(MAILBOX, 2, PATIENCE);
    assert!(next.subject.is_some_and(|subject| subject.starts_with("Re: ")));
    let conversations = world.host.query(
        "SELECT DISTINCT e.conversation_id FROM events e WHERE e.site_id = ?1 AND e.channel IN ('sms', 'email')",
        &[json!(shop.site.id.as_str())],
    );
    assert_eq!(conversations.len(), 1, "one person, one conversation");
}

#[test]
fn a_number_that_somebody_typed_unlocks_nothing() {
    let world = world();
    let shop = world.opens_a_shop();
    let sandbox = world.sandbox();
    let number = "+14155552699";
    sandbox.texts(number, shop.number(), "My name is Ottokar. How much is a basic tune-up?");
    sandbox.waits_for(number, 1, PATIENCE);

    let mut stranger = visitor(&world, &shop);
    let typed = stranger.continues_by_text(number);
    stranger.is_accepted(&typed);
    let answer = stranger.asks("What is my name, and what did I ask you by text?");
    assert!(!answer.text.contains("Ottokar"), "{answer:?}");
    let tab = stranger.opens_another_tab();
    assert!(tab.items.values().all(|item| !item.text.contains("Ottokar")), "{:?}", tab.items);
}
