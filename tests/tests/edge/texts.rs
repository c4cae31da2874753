//! Text messages through the Twilio stand-in: signed webhooks in, sends out, statuses back.

use std::time::Duration;

use e2e::{
    client::Call,
    clock::{PATIENCE, eventually, fresh_word},
    shop::{ANSWER, QUESTION, Shop},
    twilio::{Mode, Twilio, Webhook},
    world::World,
};
use serde_json::json;
use shared::channel::Channel;

use crate::{deliveries, world};

const MARIA: &str = "+14155552671";
const NOAH: &str = "+14155552672";

/// A shop with a Twilio of its own, so that nobody else's sends are counted.
fn shop(world: &World) -> (Twilio, Shop, String) {
    let twilio = Twilio::start();
    let shop = Shop::new().texting_through(&twilio).opens(world.edge());
    let hook = shop.webhook(world.edge(), Channel::Sms);
    (twilio, shop, hook)
}

#[test]
fn a_text_message_is_answered_by_text() {
    let world = world();
    let (twilio, shop, hook) = shop(&world);
    let webhook = twilio.message(&hook, MARIA, shop.number(), QUESTION);
    let answer = webhook.post().expect_ok("a signed message");
    assert!(answer.header("content-type").is_some_and(|kind| kind.starts_with("text/xml")), "{answer:?}");
    assert!(answer.text().contains("<Response"), "{answer:?}");
    let sent = twilio.waits_for(1, PATIENCE);
    assert_eq!((sent.to.as_str(), sent.from.as_str()), (MARIA, shop.number()));
    assert!(sent.body.contains(ANSWER), "{sent:?}");
    let callback = sent.status_callback.expect("a callback");
    assert!(callback.starts_with(&format!("{hook}?delivery=dlv_")), "{callback}");
    assert_eq!(twilio.complaints(), Vec::<String>::new());
}

#[test]
fn a_redelivered_message_is_acknowledged_and_answered_once() {
    let world = world();
    let (twilio, shop, hook) = shop(&world);
    let webhook = twilio.reply(&hook, MARIA, shop.number(), QUESTION);
    webhook.post().expect_ok("a redelivery");
    twilio.waits_for(1, PATIENCE);
    webhook.post().expect_ok("a late redelivery");
    // Another contact's answer, asked for later, shows that nothing is on its way any more.
    twilio.reply(&hook, NOAH, shop.number(), QUESTION);
    twilio.waits_for(2, PATIENCE);
    assert_eq!(twilio.sent_to(MARIA).len(), 1);
}

#[test]
fn a_wrong_or_missing_signature_is_refused_and_nothing_but_a_counter_is_stored() {
    let world = world();
    let (twilio, shop, hook) = shop(&world);
    let rows = || {
        let rows = world.host.mentions(shop.site.id.as_str());
        rows.into_iter().filter(|(table, _)| table != "counters").collect::<Vec<_>>()
    };
    let before = rows();
    let marker = fresh_word();
    let message = twilio.message(&hook, MARIA, shop.number(), &format!("{QUESTION} {marker}"));
    let elsewhere = twilio.message("http://elsewhere.test/", MARIA, shop.number(), "x").signature;
    let mut changed = message.clone();
    changed.form.push(("Added".to_owned(), "later".to_owned()));
    for forged in [
        message.clone().with_signature(None),
        message.clone().with_signature(Some("")),
        message.clone().with_signature(Some("not base64!")),
        message.clone().with_signature(elsewhere.as_deref()),
        changed,
    ] {
        assert_eq!(forged.post().expect_failure(403).code, "bad_signature");
    }
    assert_eq!(rows(), before);
    let counted = world.host.query(
        "SELECT sum(count) AS n FROM counters WHERE site_id = ?1 AND name = ?2",
        &[json!(shop.site.id.as_str()), json!(format!("refused.{}", shop.endpoint(Channel::Sms).id))],
    );
    assert_eq!(counted, [json!({"n": 5})]);
    assert_eq!(world.host.mentions(&marker), []);
    message.post().expect_ok("the real one");
    assert_ne!(world.host.mentions(&marker), []);
}

#[test]
fn a_signed_form_without_its_fields_is_malformed() {
    let world = world();
    let (_twilio, _, hook) = shop(&world);
    Webhook::signed(&hook, &[("Hello", "there")]).post().expect_failure(400);
    Webhook::signed(&hook, &[("MessageSid", "SM1"), ("Body", "no sender")]).post().expect_failure(400);
}

#[test]
fn a_webhook_of_megabytes_is_too_large() {
    let world = world();
    let (_twilio, _, hook) = shop(&world);
    let form = "application/x-www-form-urlencoded";
    Call::post(hook, form, vec![b'a'; 3 * 1024 * 1024]).send().expect_failure(413);
}

#[test]
fn statuses_doubled_and_out_of_order_leave_it_delivered() {
    let world = world();
    let (twilio, shop, hook) = shop(&world);
    twilio.reply(&hook, MARIA, shop.number(), QUESTION);
    let sent = twilio.waits_for(1, PATIENCE);
    for state in ["sending", "delivered", "sent", "delivered", "queued", "sent"] {
        twilio.status(&hook, &sent, state, None).post().expect_ok(state);
    }
    eventually(PATIENCE, "the delivery to be delivered", || {
        let rows = deliveries(&world, &shop, Channel::Sms);
        (rows.len() == 1 && rows[0]["state"] == "delivered").then_some(())
    });
}

#[test]
fn a_text_that_the_carrier_could_not_deliver_says_its_code_and_stays_so() {
    let world = world();
    let (twilio, shop, hook) = shop(&world);
    twilio.reply(&hook, MARIA, shop.number(), QUESTION);
    let sent = twilio.waits_for(1, PATIENCE);
    for (state, error) in [("sent", None), ("undelivered", Some(30003)), ("delivered", None), ("sent", None)]
    {
        twilio.status(&hook, &sent, state, error).post().expect_ok(state);
    }
    let rows = deliveries(&world, &shop, Channel::Sms);
    assert_eq!((&rows[0]["state"], &rows[0]["reason"]), (&json!("wedged"), &json!("30003")), "{rows:?}");
}

#[test]
fn a_stop_that_the_provider_answered_itself_blocks_in_silence() {
    let world = world();
    let (twilio, shop, hook) = shop(&world);
    let mut form = twilio.message(&hook, MARIA, shop.number(), "stop").form;
    form.push(("OptOutType".to_owned(), "STOP".to_owned()));
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    Webhook::signed(&hook, &form).post().expect_ok("a signed STOP");
    twilio.reply(&hook, MARIA, shop.number(), QUESTION);
    // Another contact's answer, asked for later, shows that nothing is on its way to her.
    twilio.reply(&hook, NOAH, shop.number(), QUESTION);
    twilio.waits_for(1, PATIENCE);
    world.host.cron();
    assert_eq!(twilio.sent_to(MARIA), []);
}

#[test]
fn a_status_before_the_send_was_answered_is_not_an_error() {
    let world = world();
    let (twilio, shop, hook) = shop(&world);
    twilio.reply(&hook, MARIA, shop.number(), QUESTION);
    let mut sent = twilio.waits_for(1, PATIENCE);
    sent.sid = "SM00000000000000000000000000000bad".to_owned();
    twilio.status(&hook, &sent, "delivered", None).post().expect_ok("a status of a message nobody knows");
}

#[test]
fn after_stop_nothing_is_texted_until_start() {
    let world = world();
    let (twilio, shop, hook) = shop(&world);
    twilio.reply(&hook, MARIA, shop.number(), QUESTION);
    twilio.waits_for(1, PATIENCE);
    twilio.reply(&hook, MARIA, shop.number(), " Stop. ");
    let stopped = twilio.sent_to(MARIA).len();
    twilio.reply(&hook, MARIA, shop.number(), QUESTION);
    twilio.reply(&hook, NOAH, shop.number(), QUESTION);
    eventually(PATIENCE, "the other contact's answer", || (!twilio.sent_to(NOAH).is_empty()).then_some(()));
    world.host.cron();
    // The provider confirms a STOP itself: at most a confirmation may have been on its way.
    assert!(twilio.sent_to(MARIA).len() <= stopped + 1, "{:?}", twilio.sent_to(MARIA));
    let blocked = world.host.query(
        "SELECT blocked FROM handles WHERE site_id = ?1 AND kind = 'phone' AND address = ?2",
        &[json!(shop.site.id.as_str()), json!(MARIA)],
    );
    assert_eq!(blocked, [json!({"blocked": 1})]);

    let before = twilio.sent_to(MARIA).len();
    twilio.reply(&hook, MARIA, shop.number(), "START");
    twilio.reply(&hook, MARIA, shop.number(), QUESTION);
    eventually(PATIENCE, "texts again", || {
        let later = twilio.sent_to(MARIA).into_iter().skip(before);
        later.into_iter().find(|sent| sent.body.contains(ANSWER))
    });
}

#[test]
fn the_provider_refuses_our_confirmation_of_stop_and_start_restores_texts() {
    let world = world();
    let (twilio, shop, hook) = shop(&world);
    twilio.reply(&hook, MARIA, shop.number(), QUESTION);
    twilio.waits_for(1, PATIENCE);
    twilio.reply(&hook, MARIA, shop.number(), "STOP");
    let refused = twilio.waits_for_attempt(2, PATIENCE);
    assert_eq!(refused.mode, Mode::OptedOut, "the provider has confirmed it itself");
    eventually(PATIENCE, "the confirmation to be withdrawn", || {
        let rows = deliveries(&world, &shop, Channel::Sms);
        (rows.len() == 2 && rows[1]["state"] == "cancelled").then_some(())
    });
    twilio.reply(&hook, MARIA, shop.number(), QUESTION);
    twilio.reply(&hook, NOAH, shop.number(), QUESTION);
    eventually(PATIENCE, "the other contact's answer", || (!twilio.sent_to(NOAH).is_empty()).then_some(()));
    world.host.cron();
    assert_eq!(twilio.attempts().iter().filter(|attempt| attempt.to == MARIA).count(), 2);

    twilio.reply(&hook, MARIA, shop.number(), "START");
    twilio.reply(&hook, MARIA, shop.number(), QUESTION);
    eventually(PATIENCE, "texts again", || {
        let later = twilio.sent_to(MARIA).into_iter().skip(1);
        later.into_iter().find(|sent| sent.body.contains(ANSWER))
    });
}

#[test]
fn a_number_that_sent_stop_before_it_was_ours_is_opted_out_until_its_owner_sends_start() {
    let world = world();
    let (twilio, shop, hook) = shop(&world);
    twilio.message(&hook, MARIA, shop.number(), "STOP");
    twilio.reply(&hook, MARIA, shop.number(), QUESTION);
    twilio.waits_for_attempt(1, PATIENCE);
    let ledger = || {
        world.host.query(
            "SELECT h.blocked, (SELECT count(*) FROM consents c WHERE c.site_id = ?1) AS entries
             FROM handles h WHERE h.site_id = ?1 AND h.kind = 'phone' AND h.address = ?2",
            &[json!(shop.site.id.as_str()), json!(MARIA)],
        )
    };
    eventually(PATIENCE, "the opt-out to be recorded", || {
        (ledger() == [json!({"blocked": 1, "entries": 1})]).then_some(())
    });
    twilio.reply(&hook, MARIA, shop.number(), "START");
    twilio.reply(&hook, MARIA, shop.number(), QUESTION);
    eventually(PATIENCE, "texts after START", || {
        twilio.sent_to(MARIA).into_iter().find(|sent| sent.body.contains(ANSWER))
    });
    assert_eq!(ledger(), [json!({"blocked": 0, "entries": 2})]);
}

#[test]
fn a_text_whose_answer_was_lost_is_delivered_once_the_provider_says_so() {
    let world = world();
    let (twilio, shop, hook) = shop(&world);
    twilio.next(Mode::SentThenDropped);
    twilio.reply(&hook, MARIA, shop.number(), QUESTION);
    let sent = twilio.waits_for(1, PATIENCE);
    let comes_to = |state: &str| {
        eventually(Duration::from_mins(1), state, || {
            let rows = deliveries(&world, &shop, Channel::Sms);
            rows.into_iter().find(|row| row["state"] == state)
        })
    };
    assert_eq!(comes_to("wedged")["reason"], "unknown");
    let callback = sent.status_callback.clone().expect("a callback");
    twilio.status(&callback, &sent, "delivered", None).post().expect_ok("a status");
    let row = comes_to("delivered");
    assert_eq!((&row["reason"], &row["provider_id"]), (&json!(null), &json!(sent.sid)));
    assert_eq!(twilio.attempts().len(), 1);
}
