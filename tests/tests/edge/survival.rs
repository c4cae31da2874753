//! What survives: acknowledged messages over a power cut, and production without the tools of development.

use std::time::Duration;

use e2e::{
    client::Call,
    clock::{PATIENCE, eventually},
    shop::{ANSWER, QUESTION, Shop},
    twilio::Twilio,
    visitor::Visitor,
    world::World,
};
use serde_json::json;
use shared::channel::Channel;

use crate::{a_world_of_its_own, door, visitor};

#[test]
fn a_killed_worker_keeps_every_acknowledged_message_and_answers_it() {
    let mut world = a_world_of_its_own();
    let shop = world.opens_a_shop();
    let mut visitor = visitor(&world, &shop);
    let answered = visitor.asks(QUESTION);
    let id = visitor.says("When are you open?");
    let seq = visitor.is_accepted(&id);
    world.host.kill9();

    visitor.leaves();
    visitor.opens_a_socket();
    let mut tab = visitor.opens_another_tab();
    assert_eq!(tab.items.get(&seq).map(|item| &item.id), Some(&id));
    assert!(tab.items.values().any(|item| item.id == answered.id));
    // The answer was under way or not: the sweep finds it in either case.
    let answer = eventually(PATIENCE, "the answer after the kill", || {
        world.sandbox().advances(Duration::from_secs(30));
        world.host.cron();
        tab.listens();
        tab.items.range(seq + 1..).map(|(_, item)| item.clone()).next()
    });
    assert!(answer.text.contains('9'), "{answer:?}");
    visitor.says_again(&id, "When are you open?");
    assert_eq!(visitor.is_accepted(&id), seq);
    assert!(visitor.asks(QUESTION).text.contains(ANSWER));
}

#[test]
fn a_killed_worker_sends_no_text_message_twice() {
    let mut world = a_world_of_its_own();
    let twilio = Twilio::start();
    let shop = Shop::new().texting_through(&twilio).opens(world.edge());
    let hook = shop.webhook(world.edge(), Channel::Sms);
    let webhook = twilio.reply(&hook, "+14155552671", shop.number(), QUESTION);
    world.host.kill9();
    webhook.post().expect_ok("a redelivery after the kill");
    eventually(PATIENCE, "an end of the delivery", || {
        world.sandbox().advances(Duration::from_mins(1));
        world.host.cron();
        let rows = crate::deliveries(&world, &shop, Channel::Sms);
        (!rows.is_empty() && rows.iter().all(|row| row["state"] == "sent" || row["state"] == "wedged"))
            .then_some(())
    });
    assert!(twilio.sent().len() <= 1, "{:?}", twilio.sent());
}

#[test]
fn a_turn_whose_hand_over_was_lost_is_answered_before_any_sweep() {
    let world = a_world_of_its_own();
    let shop = world.opens_a_shop();
    let mut visitor = visitor(&world, &shop);
    // Whoever comes first to claim the turn goes away as if it had never been told.
    world.host.query("CREATE TABLE lost_turns (id TEXT)", &[]);
    let trigger = "CREATE TRIGGER lose_a_turn BEFORE UPDATE OF turn_lease ON conversations \
        WHEN NEW.turn_lease IS NOT NULL AND NOT EXISTS (SELECT 1 FROM lost_turns) \
        BEGIN INSERT INTO lost_turns VALUES (NEW.id); SELECT RAISE(IGNORE); END";
    world.host.query(trigger, &[]);
    assert!(visitor.asks(QUESTION).text.contains(ANSWER));
    assert_eq!(world.host.query("SELECT id FROM lost_turns", &[]).len(), 1);
}

#[test]
fn in_production_the_sandbox_and_the_clock_do_not_exist() {
    let world = World::start_in_production().unwrap_or_else(|error| panic!("{error}"));
    let at = |path: &str| format!("{}{path}", world.edge());
    let pages =
        ["/sandbox", "/sandbox/", "/sandbox/version", "/timeline", "/timeline/version", "/pages/page.js"];
    let tools = ["/sandbox/api/messages?address=%2B14155552671", "/dev/clock", "/dev"];
    for path in pages.into_iter().chain(tools) {
        assert_eq!(Call::get(at(path)).send().status, 404, "GET {path}");
    }
    for path in ["/dev/clock", "/sandbox/api/sms", "/sandbox/api/email", "/sandbox/sms", "/sandbox/email"] {
        let body = json!({"advance_ms": 1, "from": "+14155552671", "to": "+15005550006", "text": "x"});
        assert_eq!(Call::post_json(at(path), &body).send().status, 404, "POST {path}");
    }
    // A site on real providers works there all the same.
    let mut shop = Shop::new().texting_through(&world.twilio);
    shop.site.endpoints.retain(|endpoint| endpoint.channel != Channel::Email);
    let shop = shop.opens(world.edge());
    let mut visitor = Visitor::arrives(&door(&world, &shop));
    assert!(visitor.asks(QUESTION).text.contains(ANSWER));
}
