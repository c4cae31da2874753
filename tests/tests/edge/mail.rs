//! Mail on the platform's own ways: Email Routing brings it in, the `send_email` binding takes it out.

use e2e::{
    clock::{PATIENCE, eventually, fresh_word},
    shop::{ANSWER, QUESTION, Shop},
    world::World,
};
use serde_json::json;
use shared::channel::{
    Channel,
    email::{mime, read_mail},
};

use crate::{deliveries, world};

/// A shop with a mailbox on the platform, and somebody who writes to it.
struct Post<'a> {
    world: &'a World,
    shop: Shop,
    maria: String,
}

impl<'a> Post<'a> {
    fn of(world: &'a World) -> Self {
        let shop = Shop::new().mailing_through_the_platform().opens(world.edge());
        Self { world, shop, maria: format!("maria@{}.example", fresh_word()) }
    }

    /// A mail as it stands on the wire; its author vouched for by Email Routing where `vouched`.
    fn mail(&self, id: &str, vouched: bool, fields: &str, text: &str) -> String {
        let domain = self.maria.split('@').next_back().expect("a domain");
        let results = if vouched { "dmarc=pass" } else { "dmarc=none" };
        format!(
            "Received: from mx.{domain} by mx.cloudflare.net; Wed, 25 Nov 2026 10:00:00 +0000\r\n\
             Authentication-Results: mx.cloudflare.net; {results} header.from={domain}\r\n\
             From: Maria Lopez <{from}>\r\nTo: {to}\r\nSubject: My bike\r\nMessage-ID: <{id}@{domain}>\r\n\
             Date: Wed, 25 Nov 2026 10:00:00 +0000\r\n{fields}MIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n",
            from = self.maria,
            to = self.shop.mailbox(),
        )
    }

    /// Brings a mail to an address; gives the reason where it was rejected.
    fn brings(&self, to: &str, raw: &str) -> Option<String> {
        self.world.host.receives_mail(&self.maria, to, raw)
    }

    /// What has left for the writer, raw.
    fn sent(&self) -> Vec<String> {
        let to = format!("To: <{}>", self.maria);
        self.world.host.sent_mail().into_iter().filter(|raw| raw.contains(&to)).collect()
    }

    #[track_caller]
    fn waits_for(&self, nth: usize) -> String {
        eventually(PATIENCE, &format!("mail {nth} to {}", self.maria), || {
            self.sent().into_iter().nth(nth - 1)
        })
    }

    fn conversations(&self) -> usize {
        let rows = self.world.host.query(
            "SELECT DISTINCT conversation_id FROM events WHERE site_id = ?1",
            &[json!(self.shop.site.id.as_str())],
        );
        rows.len()
    }
}

fn field(raw: &str, name: &str) -> String {
    let headers = mime::parse_mail(raw.as_bytes()).headers;
    mime::field(&headers, name).unwrap_or_default().to_owned()
}

#[test]
fn a_mail_that_email_routing_brings_is_answered_through_the_binding() {
    let world = world();
    let post = Post::of(&world);
    assert_eq!(post.brings(post.shop.mailbox(), &post.mail("first", true, "", QUESTION)), None);
    let raw = post.waits_for(1);
    let answer = read_mail(raw.as_bytes()).expect("a mail");
    assert!(answer.text.contains(ANSWER), "{raw}");
    assert_eq!(answer.subject.as_deref(), Some("Re: My bike"));
    assert!(field(&raw, "in-reply-to").contains("<first@"), "{raw}");
    assert_eq!(field(&raw, "auto-submitted"), "auto-replied");
    assert!(field(&raw, "from").contains(post.shop.mailbox()), "{raw}");
    eventually(PATIENCE, "the delivery to be settled", || {
        let rows = deliveries(&world, &post.shop, Channel::Email);
        (rows.len() == 1 && rows[0]["state"] == "sent" && rows[0]["provider_id"].is_string()).then_some(())
    });
}

#[test]
fn an_answer_to_our_signed_address_stays_in_the_conversation() {
    let world = world();
    let post = Post::of(&world);
    assert_eq!(post.brings(post.shop.mailbox(), &post.mail("first", true, "", QUESTION)), None);
    let reply_to = mime::mailboxes(&field(&post.waits_for(1), "reply-to")).pop().expect("an address").1;
    assert_ne!(reply_to, post.shop.mailbox());
    let second = post.mail("second", false, "", "And when are you open?");
    assert_eq!(post.brings(&reply_to, &second), None);
    let answer = read_mail(post.waits_for(2).as_bytes()).expect("a mail");
    assert!(answer.text.contains('9'), "{answer:?}");
    assert_eq!(post.conversations(), 1);
}

#[test]
fn an_answer_from_another_mailbox_to_our_signed_address_is_somebody_elses_until_proven() {
    let world = world();
    let post = Post::of(&world);
    assert_eq!(post.brings(post.shop.mailbox(), &post.mail("first", true, "", QUESTION)), None);
    let reply_to = mime::mailboxes(&field(&post.waits_for(1), "reply-to")).pop().expect("an address").1;
    let other =
        Post { world: &world, shop: post.shop.clone(), maria: format!("work@{}.example", fresh_word()) };
    assert_eq!(other.brings(&reply_to, &other.mail("other", true, "", "When are you open?")), None);
    other.waits_for(1);
    assert_eq!(post.conversations(), 2);
    let noted = world.host.query(
        "SELECT count(DISTINCT conversation_id) AS n FROM events WHERE site_id = ?1 AND body LIKE '{\"answered\":%'",
        &[json!(post.shop.site.id.as_str())],
    );
    assert_eq!(noted, [json!({"n": 2})], "both timelines say so");
    let by_id = format!("References: {}\r\n", field(&other.waits_for(1), "message-id"));
    let third = other.mail("third", true, &by_id, QUESTION).replace("Subject: My bike", "Subject: Prices");
    assert_eq!(other.brings(other.shop.mailbox(), &third), None);
    assert_eq!(field(&other.waits_for(2), "subject"), "Re: Prices");
    assert_eq!(post.conversations(), 2);
}

#[test]
fn a_mail_brought_twice_is_taken_once() {
    let world = world();
    let post = Post::of(&world);
    let mail = post.mail("first", true, "", QUESTION);
    for _ in 0..2 {
        assert_eq!(post.brings(post.shop.mailbox(), &mail), None);
    }
    post.waits_for(1);
    assert_eq!(post.brings(post.shop.mailbox(), &mail), None);
    // The next answer shows that none to the doubles is on its way any more.
    assert_eq!(post.brings(post.shop.mailbox(), &post.mail("second", true, "", "When are you open?")), None);
    post.waits_for(2);
    world.host.cron();
    assert_eq!(deliveries(&world, &post.shop, Channel::Email).len(), 2);
}

#[test]
fn a_mail_that_a_machine_wrote_is_kept_and_not_answered() {
    let world = world();
    let post = Post::of(&world);
    let away = post.mail("away", true, "Auto-Submitted: auto-replied\r\n", "I am away until Monday.");
    assert_eq!(post.brings(post.shop.mailbox(), &away), None);
    assert_eq!(post.brings(post.shop.mailbox(), &post.mail("first", true, "", QUESTION)), None);
    let answer = post.waits_for(1);
    assert!(field(&answer, "in-reply-to").contains("<first@"), "{answer}");
    assert_ne!(world.host.mentions("I am away until Monday."), []);
    assert_eq!(deliveries(&world, &post.shop, Channel::Email).len(), 1);
}

#[test]
fn a_mail_to_nobody_is_rejected_with_a_reason_and_leaves_nothing() {
    let world = world();
    let post = Post::of(&world);
    let nobody = format!("nobody@{}.example", fresh_word());
    let reason = post.brings(&nobody, &post.mail("lost", true, "", QUESTION)).expect("a rejection");
    assert!(reason.contains("mailbox"), "{reason}");
    world.host.cron();
    assert_eq!(world.host.mentions(&post.maria), []);
}

#[test]
fn mail_posted_by_anyone_over_http_is_refused() {
    let world = world();
    let post = Post::of(&world);
    let hook = post.shop.webhook(world.edge(), Channel::Email);
    let failure = e2e::client::Call::post(&hook, "message/rfc822", post.mail("forged", true, "", QUESTION))
        .header("x-envelope-from", &post.maria)
        .header("x-envelope-to", post.shop.mailbox())
        .send()
        .expect_failure(403);
    assert_eq!(failure.code, "bad_signature");
    assert_eq!(world.host.mentions(&post.maria), []);
}
