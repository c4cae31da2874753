//! Messenger through the Meta stand-in: the challenge, signed webhooks in, sends out, reports back.

use e2e::{
    client::Call,
    clock::{PATIENCE, eventually},
    meta::{Meta, VERIFY_TOKEN},
    shop::{ANSWER, QUESTION, Shop},
    world::World,
};
use serde_json::json;
use shared::channel::Channel;

use crate::{deliveries, world};

/// A shop with a page of its own.
fn shop(world: &World) -> (Meta, Shop, String, String) {
    let meta = Meta::start();
    let shop = Shop::new().with_a_page(&meta).opens(world.edge());
    let hook = shop.webhook(world.edge(), Channel::Messenger);
    let page = shop.endpoint(Channel::Messenger).address.clone();
    (meta, shop, hook, page)
}

#[test]
fn a_message_to_the_page_is_answered_there_once_and_its_report_is_kept() {
    let world = world();
    let (meta, shop, hook, page) = shop(&world);
    let events = json!([
        Meta::message(&page, "4471", "m_1", QUESTION),
        { "sender": { "id": "4471" }, "recipient": { "id": page }, "reaction": { "mid": "m_0", "action": "react" } },
        Meta::message(&page, &page, "m_echo", "ours"),
    ]);
    let taken = Meta::brings(&hook, &page, &events).expect_ok("a signed webhook");
    assert_eq!(taken.text(), "EVENT_RECEIVED");
    Meta::brings(&hook, &page, &events).expect_ok("the same once more");
    let sent = meta.waits_for(1, PATIENCE);
    assert_eq!(sent.to, "4471");
    assert!(sent.text.contains(ANSWER), "{sent:?}");
    let read = json!([{ "sender": { "id": "4471" }, "recipient": { "id": page }, "delivery": { "mids": ["m_out_1"] } }]);
    Meta::brings(&hook, &page, &read).expect_ok("a report");
    eventually(PATIENCE, "the report on the delivery", || {
        deliveries(&world, &shop, Channel::Messenger)
            .iter()
            .any(|row| row["state"] == "delivered")
            .then_some(())
    });
    assert_eq!(meta.complaints(), Vec::<String>::new());
}

#[test]
fn whoever_knows_the_token_gets_the_challenge_and_an_unsigned_webhook_changes_nothing() {
    let world = world();
    let (_meta, shop, hook, page) = shop(&world);
    let ask = |token: &str| {
        Call::get(format!("{hook}?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={token}"))
            .send()
    };
    let right = ask(VERIFY_TOKEN).expect_ok("the challenge");
    assert_eq!(right.text(), "1158201444");
    ask("guess").expect_failure(403);
    let body = json!({ "object": "page", "entry": [{ "id": page, "messaging": [Meta::message(&page, "9", "m_9", "Hi")] }] });
    Call::post_json(&hook, &body).send().expect_failure(403);
    assert!(deliveries(&world, &shop, Channel::Messenger).is_empty());
}
