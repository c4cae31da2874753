//! A database that fails: nothing is acknowledged that is not stored, and what was brought is taken once it works again.

use std::time::Duration;

use e2e::{
    clock::{PATIENCE, eventually},
    shop::{ANSWER, QUESTION, Shop},
    world::World,
};
use shared::channel::{Channel, email::read_mail};

use crate::{a_world_of_its_own, visitor};

const MARIA: &str = "+14155552671";

/// Lets every new event fail until [`mend`].
fn break_the_timeline(world: &World) {
    let trigger =
        "CREATE TRIGGER out_of_order BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'out of order'); END";
    world.host.query(trigger, &[]);
}

fn mend(world: &World) {
    world.host.query("DROP TRIGGER out_of_order", &[]);
}

#[test]
fn a_chat_message_that_could_not_be_stored_is_refused_and_taken_when_it_is_sent_again() {
    let world = a_world_of_its_own();
    let shop = world.opens_a_shop();
    let mut visitor = visitor(&world, &shop);
    break_the_timeline(&world);
    let id = visitor.says(QUESTION);
    let refusal = visitor.is_refused(&id);
    assert_eq!(refusal.code, "unavailable");
    assert!(refusal.retry_after_ms.is_some(), "{refusal:?}");
    assert!(!refusal.text.contains("out of order"), "what failed is for the log: {refusal:?}");
    mend(&world);

    let mut tab = visitor.opens_another_tab();
    assert!(tab.items.is_empty(), "{:?}", tab.items);
    tab.says_again(&id, QUESTION);
    assert!(tab.waits_for_answer_to(&id).text.contains(ANSWER));
}

#[test]
fn a_webhook_that_could_not_be_stored_is_not_acknowledged() {
    let world = a_world_of_its_own();
    let shop = Shop::new().texting_through(&world.twilio).opens(world.edge());
    break_the_timeline(&world);
    let hook = shop.webhook(world.edge(), Channel::Sms);
    let webhook = world.twilio.message(&hook, MARIA, shop.number(), QUESTION);
    assert_eq!(webhook.post().expect_failure(503).code, "unavailable");
    mend(&world);
    webhook.post().expect_ok("the provider's next try");
    assert!(world.twilio.waits_for(1, PATIENCE).body.contains(ANSWER));
}

#[test]
fn a_mail_that_could_not_be_stored_is_kept_and_taken_by_the_sweep() {
    let world = a_world_of_its_own();
    let shop = Shop::new().mailing_through_the_platform().opens(world.edge());
    break_the_timeline(&world);
    let from = "maria@mail.example";
    let raw = format!(
        "Authentication-Results: mx.cloudflare.net; dmarc=pass header.from=mail.example\r\nFrom: {from}\r\n\
         To: {to}\r\nSubject: My bike\r\nMessage-ID: <1@mail.example>\r\nDate: Wed, 25 Nov 2026 10:00:00 +0000\r\n\
         \r\n{QUESTION}\r\n",
        to = shop.mailbox(),
    );
    assert_eq!(world.host.receives_mail(from, shop.mailbox(), &raw), None, "it is ours now");
    assert_eq!(world.host.mentions(from), []);
    mend(&world);

    let answer = eventually(PATIENCE, "the answer to the kept mail", || {
        world.host.cron();
        world.sandbox().advances(Duration::from_secs(1));
        world.host.sent_mail().into_iter().next()
    });
    assert!(read_mail(answer.as_bytes()).expect("a mail").text.contains(ANSWER), "{answer}");
    world.host.cron();
    assert_eq!(world.host.sent_mail().len(), 1, "a mail that was taken is kept no longer");
}

#[test]
fn a_mail_to_two_mailboxes_that_could_not_be_stored_is_taken_for_both() {
    let world = a_world_of_its_own();
    let shops = [(); 2].map(|()| Shop::new().mailing_through_the_platform().opens(world.edge()));
    break_the_timeline(&world);
    let from = "maria@mail.example";
    let [one, other] = shops.each_ref().map(Shop::mailbox);
    let raw = format!(
        "Authentication-Results: mx.cloudflare.net; dmarc=pass header.from=mail.example\r\nFrom: {from}\r\n\
         To: {one}, {other}\r\nSubject: My bike\r\nMessage-ID: <2@mail.example>\r\n\
         Date: Wed, 25 Nov 2026 10:00:00 +0000\r\n\r\n{QUESTION}\r\n",
    );
    for mailbox in [one, other] {
        assert_eq!(world.host.receives_mail(from, mailbox, &raw), None, "it is ours now");
    }
    mend(&world);
    for mailbox in [one, other] {
        eventually(PATIENCE, &format!("the answer from {mailbox}"), || {
            world.host.cron();
            world.sandbox().advances(Duration::from_secs(1));
            let sender = format!("<{mailbox}>");
            let is_from =
                |raw: &String| raw.lines().any(|line| line.starts_with("From:") && line.contains(&sender));
            world.host.sent_mail().into_iter().find(is_from)
        });
    }
}

#[test]
fn a_hint_that_cannot_be_followed_is_given_up_and_counted_and_the_sweep_sends_all_the_same() {
    let world = a_world_of_its_own();
    let shop = Shop::new().texting_through(&world.twilio).opens(world.edge());
    let trigger = "CREATE TRIGGER stuck BEFORE UPDATE ON deliveries BEGIN SELECT RAISE(ABORT, 'stuck'); END";
    world.host.query(trigger, &[]);
    let hook = shop.webhook(world.edge(), Channel::Sms);
    world.twilio.message(&hook, MARIA, shop.number(), QUESTION).post().expect_ok("a message");
    let dead = "SELECT count AS n FROM counters WHERE site_id = ?1 AND name = 'jobs.dead'";
    eventually(PATIENCE, "a hint that is given up", || {
        let counted = world.host.query(dead, &[shop.site.id.as_str().into()]);
        (!counted.is_empty()).then_some(())
    });
    world.host.query("DROP TRIGGER stuck", &[]);

    world.host.cron();
    assert!(world.twilio.waits_for(1, PATIENCE).body.contains(ANSWER));
}
