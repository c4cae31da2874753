//! Ceilings on what a visitor may send, over both ways in.

use e2e::{
    client::{Answer, Call},
    shop::{ORIGIN, QUESTION, Shop},
    visitor::Visitor,
    world::World,
};
use serde_json::json;
use shared::{
    ctx::Ctx,
    id::EventId,
    time::Timestamp,
    wire::{MAX_MESSAGE_CHARS, ServerFrame},
};

use crate::{door, visitor, world};

/// A shop that takes this many messages a minute.
fn shop_that_takes(world: &World, messages: u32) -> Shop {
    let mut shop = Shop::new();
    shop.site.limits.messages_per_minute = messages;
    shop.opens(world.edge())
}

fn posts(world: &World, token: &str, id: &EventId, text: &str) -> Answer {
    Call::post_json(format!("{}/v1/frames", world.edge()), &json!({"say": {"id": id, "text": text}}))
        .header("origin", ORIGIN)
        .header("authorization", &format!("Bearer {token}"))
        .send()
}

#[test]
fn a_visitor_over_the_rate_limit_is_refused_in_words_and_told_when_to_come_back() {
    let world = world();
    let shop = shop_that_takes(&world, 2);
    let mut visitor = visitor(&world, &shop);
    for text in [QUESTION, "When are you open?"] {
        let taken = visitor.says(text);
        visitor.is_accepted(&taken);
    }
    let third = visitor.says("Hello?");
    let refusal = visitor.is_refused(&third);
    assert_eq!(refusal.code, "rate_limited");
    assert!(refusal.text.ends_with("seconds."), "{refusal:?}");
    assert!(refusal.retry_after_ms.is_some_and(|wait| (1_000..=60_000).contains(&wait)), "{refusal:?}");

    let tab = visitor.opens_another_tab();
    assert!(tab.items.values().all(|item| item.id != third), "a refused message is not stored");
}

#[test]
fn over_http_the_rate_limit_is_a_429_with_the_same_words() {
    let world = world();
    let shop = shop_that_takes(&world, 1);
    let visitor = Visitor::arrives_without_sockets(&door(&world, &shop));
    let mut ids = Ctx::seeded(Timestamp::from_ms(1), 7);
    let (first, second) = (EventId::mint(&mut ids), EventId::mint(&mut ids));
    let token = &visitor.session.token;
    posts(&world, token, &first, QUESTION).expect_ok("the first message");
    let answer = posts(&world, token, &second, "Hello?");
    let failure = answer.expect_failure(429);
    assert_eq!(failure.code, "rate_limited");
    assert!(failure.text.ends_with("seconds."), "{failure:?}");
    let wait: u32 = answer.header("retry-after").and_then(|wait| wait.parse().ok()).expect("seconds");
    assert!((1..=60).contains(&wait), "{wait}");
    // What was taken before is acknowledged again all the same.
    posts(&world, token, &first, QUESTION).expect_ok("the first message again");
}

#[test]
fn over_http_a_message_that_is_too_long_is_refused_by_its_id() {
    let world = world();
    let shop = world.opens_a_shop();
    let visitor = Visitor::arrives_without_sockets(&door(&world, &shop));
    let id = EventId::mint(&mut Ctx::seeded(Timestamp::from_ms(1), 8));
    let answer = posts(&world, &visitor.session.token, &id, &"a".repeat(MAX_MESSAGE_CHARS + 1));
    let frames: Vec<ServerFrame> = answer.expect_ok("a frame").json();
    let [ServerFrame::Refused { id: named, code, text, .. }] = frames.as_slice() else {
        panic!("{frames:?}");
    };
    assert_eq!((named, code.as_str()), (&id, "too_long"));
    assert!(text.contains("4000"), "{text}");
}

#[test]
fn the_limit_is_the_visitors_own() {
    let world = world();
    let shop = shop_that_takes(&world, 1);
    for _ in 0..3 {
        let mut visitor = visitor(&world, &shop);
        let said = visitor.says(QUESTION);
        visitor.is_accepted(&said);
    }
}
