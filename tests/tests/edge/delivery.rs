//! Sends that go wrong: what is tried again, what never is, and that nobody has to guess.

use std::time::Duration;

use e2e::{
    clock::{PATIENCE, eventually},
    shop::{ADMIN_TOKEN, QUESTION, Shop},
    twilio::{Mode, Twilio},
    world::World,
};
use serde_json::Value;
use shared::channel::Channel;

use crate::{a_world_of_its_own, deliveries, world};

const MARIA: &str = "+14155552671";
/// Longer than a send may take before the worker gives up on it.
const AFTER_TIMEOUT: Duration = Duration::from_mins(1);

/// A shop whose first send meets `mode`, and a question that makes it send.
fn first_send_meets(world: &World, mode: Mode) -> (Twilio, Shop) {
    let twilio = Twilio::start();
    let shop = Shop::new().texting_through(&twilio).opens(world.edge());
    twilio.next(mode);
    twilio.reply(&shop.webhook(world.edge(), Channel::Sms), MARIA, shop.number(), QUESTION);
    twilio.waits_for_attempt(1, PATIENCE);
    (twilio, shop)
}

/// The one outbox row, once it is in this state.
#[track_caller]
fn comes_to(world: &World, shop: &Shop, states: &[&str]) -> Value {
    eventually(AFTER_TIMEOUT, &format!("a delivery in {states:?}"), || {
        let rows = deliveries(world, shop, Channel::Sms);
        rows.into_iter().find(|row| row["state"].as_str().is_some_and(|state| states.contains(&state)))
    })
}

/// Lets the clock run and the scheduled handler with it until `look` finds something.
#[track_caller]
fn in_time<T>(world: &World, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    eventually(AFTER_TIMEOUT, what, || {
        look().or_else(|| {
            world.sandbox().advances(Duration::from_secs(30));
            world.host.cron();
            None
        })
    })
}

#[test]
fn a_send_over_the_rate_limit_is_tried_again_and_goes_out_once() {
    let world = a_world_of_its_own();
    let (twilio, shop) = first_send_meets(&world, Mode::RateLimited(2));
    in_time(&world, "the second attempt", || twilio.sent().into_iter().next());
    comes_to(&world, &shop, &["sent", "delivered"]);
    assert_eq!((twilio.attempts().len(), twilio.sent().len()), (2, 1));
}

#[test]
fn a_send_that_met_the_providers_own_error_is_tried_again_and_goes_out_once() {
    let world = a_world_of_its_own();
    let (twilio, shop) = first_send_meets(&world, Mode::OwnServerError);
    in_time(&world, "the second attempt", || twilio.sent().into_iter().next());
    comes_to(&world, &shop, &["sent"]);
    assert_eq!((twilio.attempts().len(), twilio.sent().len()), (2, 1));
}

#[test]
fn a_send_that_met_an_error_of_who_knows_whom_is_wedged_as_unknown_and_not_repeated() {
    let world = a_world_of_its_own();
    let (twilio, shop) = first_send_meets(&world, Mode::ServerError);
    let row = comes_to(&world, &shop, &["wedged"]);
    assert_eq!(row["reason"], "unknown", "{row}");
    world.sandbox().advances(Duration::from_hours(1));
    world.host.cron();
    assert_eq!(twilio.attempts().len(), 1);
}

#[test]
fn a_send_that_nobody_answers_is_wedged_as_unknown_and_not_repeated() {
    let world = world();
    let (twilio, shop) = first_send_meets(&world, Mode::Hang);
    let row = comes_to(&world, &shop, &["wedged"]);
    assert_eq!(row["reason"], "unknown", "{row}");
    world.host.cron();
    assert_eq!(twilio.attempts().len(), 1);
}

#[test]
fn a_send_whose_answer_was_lost_is_wedged_as_unknown_and_not_repeated() {
    let world = world();
    let (twilio, shop) = first_send_meets(&world, Mode::SentThenDropped);
    let row = comes_to(&world, &shop, &["wedged"]);
    assert_eq!(row["reason"], "unknown", "{row}");
    world.host.cron();
    assert_eq!(twilio.attempts().len(), 1);
}

#[test]
fn a_send_that_was_refused_for_good_is_wedged_with_the_providers_code() {
    let world = world();
    let (twilio, shop) = first_send_meets(&world, Mode::Refused(21614));
    let row = comes_to(&world, &shop, &["wedged"]);
    assert!(row["reason"].as_str().is_some_and(|reason| reason.contains("21614")), "{row}");
    world.host.cron();
    assert_eq!(twilio.attempts().len(), 1);
}

#[test]
fn a_recipient_the_carrier_blocks_is_never_tried_again() {
    let world = world();
    let (twilio, shop) = first_send_meets(&world, Mode::OptedOut);
    comes_to(&world, &shop, &["wedged"]);
    let hook = shop.webhook(world.edge(), Channel::Sms);
    twilio.reply(&hook, MARIA, shop.number(), "When are you open?");
    twilio.reply(&hook, "+14155552672", shop.number(), QUESTION);
    twilio.waits_for(1, PATIENCE);
    assert_eq!(twilio.attempts().iter().filter(|attempt| attempt.to == MARIA).count(), 1);
}

#[test]
fn a_send_on_a_line_that_was_removed_is_withdrawn_with_the_reason() {
    let world = a_world_of_its_own();
    let (twilio, mut shop) = first_send_meets(&world, Mode::RateLimited(2));
    comes_to(&world, &shop, &["pending"]);
    let removed = shop.clone();
    shop.site.endpoints.retain(|endpoint| endpoint.channel != Channel::Sms);
    shop.import(world.edge(), ADMIN_TOKEN).expect_ok("the import without the number");
    let row = in_time(&world, "an end", || {
        let rows = deliveries(&world, &removed, Channel::Sms);
        rows.into_iter().find(|row| row["state"] == "cancelled")
    });
    assert_eq!(row["reason"], "no_endpoint", "{row}");
    assert_eq!(twilio.sent().len(), 0);
}
