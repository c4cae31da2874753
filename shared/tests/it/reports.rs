//! What providers report later: it suppresses the address it is about, and no other, and survives a crash.

use shared::{
    channel::{Channel, sms::signature},
    contact::Address,
    delivery::Delivery,
    http::Request,
    message::DeliveryState,
    store::{consents, deliveries, sqlite::Break},
    time::MINUTE_MS,
};

use crate::world::{World, mailbox, phone};

const MARIA: &str = "+14155552671";
const NOAH: &str = "+14155552672";
const MARIA_MAIL: &str = "maria@example.com";
const NOAH_MAIL: &str = "noah@example.com";
const PRICE: &str = "How much is a puncture repair?";

/// Maria and Noah have asked, by mail and by text, and were answered.
fn asked(seed: u64) -> World {
    let mut world = World::new(seed);
    for (number, mail) in [(MARIA, MARIA_MAIL), (NOAH, NOAH_MAIL)] {
        world.texts(number, PRICE);
        world.advance(MINUTE_MS);
        world.mails(mail, "Prices", PRICE, None);
        world.advance(MINUTE_MS);
        assert_eq!((received(&world, number), received(&world, mail)), (1, 1));
    }
    world
}

fn received(world: &World, address: &str) -> usize {
    world.sandbox(address).iter().filter(|message| message.recipient == address).count()
}

fn sent_to(world: &World, address: &Address) -> Delivery {
    let sent = world.deliveries(&world.contact(address).unwrap());
    sent.into_iter().rfind(|delivery| delivery.to == *address).unwrap()
}

/// How often each of the four is written to when they ask again.
fn answered_again(world: &mut World) -> [bool; 4] {
    [MARIA, NOAH, MARIA_MAIL, NOAH_MAIL].map(|address| {
        let before = received(world, address);
        if address.contains('@') {
            world.mails(address, "Prices", PRICE, None);
        } else {
            world.texts(address, PRICE);
        }
        world.advance(MINUTE_MS);
        received(world, address) > before
    })
}

/// A report of a mail system on our mail to Maria.
fn report(world: &World, template: &str) -> String {
    let id = shared::channel::email::message_id_of(
        &sent_to(world, &mailbox(MARIA_MAIL)).id,
        &sent_to(world, &mailbox(MARIA_MAIL)).conversation,
        &world.site.endpoint_on(Channel::Email).unwrap().address,
    );
    // Whom the report names does not matter: the address is the one we wrote to.
    template
        .replace("dlv_1.cnv_1@larkspur.example", &id)
        .replace("{action}", "failed")
        .replace("{status}", "5.1.1")
        .replace("maria@lopez.example", NOAH_MAIL)
}

const DSN: &str = include_str!("../../fixtures/email/bounce/dsn.eml");
const COMPLAINT: &str = include_str!("../../fixtures/email/bounce/arf.eml");

fn brings_mail(world: &mut World, raw: String) {
    let to = world.site.endpoint_on(Channel::Email).unwrap().address.clone();
    world.routed("", &to, raw);
}

/// Twilio's status of our text to Maria.
fn brings_status(world: &mut World, status: &str, code: &str) {
    let sent = sent_to(world, &phone(MARIA));
    let provider_id = sent.provider_id.clone().unwrap_or_else(|| "SM1".into());
    status_of(world, &sent, &provider_id, status, code);
}

/// Twilio's status of a text, under this id of its own.
fn status_of(world: &mut World, sent: &Delivery, provider_id: &str, status: &str, code: &str) {
    let body =
        format!("MessageSid={provider_id}&MessageStatus={status}&ErrorCode={code}&From=%2B15005550006");
    let url = format!("https://edge.example/hooks/{}?delivery={}", sent.endpoint, sent.id);
    let signed = signature::sign("test-auth-token", &url, body.as_bytes());
    let request = Request::post(url, "application/x-www-form-urlencoded", body.into_bytes())
        .with_header(signature::HEADER, signed);
    world.brought(Channel::Sms, "twilio", &request);
}

#[test]
fn a_hard_bounce_suppresses_the_mailbox_that_was_written_to_and_no_other() {
    let mut world = asked(61);
    let raw = report(&world, DSN);
    brings_mail(&mut world, raw);
    assert_eq!(sent_to(&world, &mailbox(MARIA_MAIL)).state, DeliveryState::Wedged);
    assert_eq!(answered_again(&mut world), [true, true, false, true]);
}

#[test]
fn a_complaint_suppresses_the_mailbox_also_where_the_mail_is_known_to_have_arrived() {
    for delivered in [false, true] {
        let mut world = asked(62);
        if delivered {
            let arrived = report(&world, DSN).replace("Action: failed", "Action: delivered");
            brings_mail(&mut world, arrived);
            assert_eq!(sent_to(&world, &mailbox(MARIA_MAIL)).state, DeliveryState::Delivered);
        }
        let raw = report(&world, COMPLAINT);
        brings_mail(&mut world, raw);
        assert_eq!(sent_to(&world, &mailbox(MARIA_MAIL)).state, DeliveryState::Delivered);
        assert_eq!(answered_again(&mut world), [true, true, false, true], "delivered before: {delivered}");
    }
}

#[test]
fn a_number_that_does_not_exist_is_suppressed_and_start_does_not_lift_it() {
    let mut world = asked(63);
    brings_status(&mut world, "undelivered", "30005");
    assert_eq!(answered_again(&mut world), [false, true, true, true]);
    for word in ["STOP", "START"] {
        world.texts(MARIA, word);
        world.advance(MINUTE_MS);
    }
    assert_eq!(answered_again(&mut world), [false, true, true, true]);
}

#[test]
fn a_carriers_block_that_is_reported_late_is_an_opt_out_that_start_lifts_for_good() {
    let mut world = asked(64);
    brings_status(&mut world, "failed", "21610");
    assert_eq!(answered_again(&mut world), [false, true, true, true]);
    world.texts(MARIA, "START");
    world.advance(MINUTE_MS);
    assert!(answered_again(&mut world)[0]);
    brings_status(&mut world, "failed", "21610");
    assert!(answered_again(&mut world)[0], "the same report again takes nothing back");
    let chain = world.db.run(&consents::chain(&world.site.id, &phone(MARIA))).unwrap();
    assert_eq!(consents::decode_chain(chain).unwrap().len(), 2);
}

#[test]
fn a_crash_while_a_report_is_written_loses_nothing() {
    for how in [Break::Before, Break::After] {
        let mut world = asked(65);
        world.db.crash(0, how);
        let raw = report(&world, DSN);
        brings_mail(&mut world, raw);
        assert_eq!(answered_again(&mut world), [true, true, false, true], "{how:?}");
    }
}

#[test]
fn a_report_about_a_delivery_of_another_line_suppresses_nothing() {
    let mut world = asked(66);
    let sent = sent_to(&world, &phone(MARIA));
    let site = &world.site.id;
    let hash = "any".to_owned();
    let stmt = deliveries::suppress_reported(
        site,
        &sent.id,
        &hash,
        "hard_bounce",
        DeliveryState::Wedged,
        world.ctx.now,
    );
    assert_eq!(world.db.run(&stmt).unwrap().changes, 0, "it was sent, not wedged");
    let raw =
        report(&world, DSN).replace(sent_to(&world, &mailbox(MARIA_MAIL)).id.as_str(), sent.id.as_str());
    brings_mail(&mut world, raw);
    assert_eq!(answered_again(&mut world), [true; 4]);
}

/// Writes how the delivery stands, past what any flow would write.
fn stands(world: &World, sent: &Delivery, state: &str, reason: &str) -> Delivery {
    let id = shared::id::DeliveryId::mint(&mut world.ctx.clone());
    let next = Delivery { id, due_at: world.ctx.now, ..sent.clone() };
    let (site, now) = (&world.site.id, world.ctx.now);
    world.db.run(&deliveries::add(&next, now)).unwrap();
    if state == "cancelled" {
        world.db.run(&deliveries::withdraw(site, &next.id, reason, now)).unwrap();
    } else {
        let seen = deliveries::Seen { entries: 0, fence: 0, address_hash: String::new(), last_seq: None };
        assert_eq!(
            world.db.run(&deliveries::claim(site, &next.id, "lease", now, now, &seen)).unwrap().rows.len(),
            1
        );
        let wedged = DeliveryState::Wedged;
        world.db.run(&deliveries::abandon(site, &next.id, wedged, reason, now)).unwrap();
    }
    next
}

fn delivery(world: &World, id: &shared::id::DeliveryId) -> (DeliveryState, Option<String>, Option<String>) {
    let rows = world.db.run(&deliveries::delivery(id)).unwrap();
    let found = deliveries::decode(rows).unwrap().pop().unwrap();
    (found.state, found.reason, found.provider_id)
}

#[test]
fn a_report_ends_what_was_unknown_and_nothing_else_that_has_ended() {
    let mut world = asked(67);
    let sent = sent_to(&world, &phone(MARIA));
    let ends = [
        ("sent", "0", DeliveryState::Sent, None),
        ("delivered", "0", DeliveryState::Delivered, None),
        ("undelivered", "30003", DeliveryState::Wedged, Some("30003".to_owned())),
    ];
    for (status, code, state, reason) in ends {
        let lost = stands(&world, &sent, "wedged", "unknown");
        status_of(&mut world, &lost, "SM77", status, code);
        assert_eq!(delivery(&world, &lost.id), (state, reason, Some("SM77".to_owned())), "{status}");
        world.ctx.now = world.ctx.now.plus_ms(1);
    }
    for (state, reason) in [("wedged", "30005"), ("wedged", "gave_up:unknown"), ("cancelled", "unknown")] {
        let ended = stands(&world, &sent, state, reason);
        let before = delivery(&world, &ended.id);
        status_of(&mut world, &ended, "SM78", "delivered", "0");
        assert_eq!(delivery(&world, &ended.id), before, "{state} {reason}");
        world.ctx.now = world.ctx.now.plus_ms(1);
    }
    let lost = stands(&world, &sent, "wedged", "unknown");
    for (status, code) in [("delivered", "0"), ("sent", "0"), ("undelivered", "30003")] {
        status_of(&mut world, &lost, "SM79", status, code);
    }
    assert_eq!(delivery(&world, &lost.id).0, DeliveryState::Delivered, "the lattice holds after it");
}
