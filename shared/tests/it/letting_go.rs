//! What lets a message go: each that leaves has one verdict that says so, the newest, however often it was put off before.

use shared::{
    channel::Channel,
    command::TeamReply,
    contact::Address,
    delivery::Delivery,
    flow::team,
    message::DeliveryState,
    replay::{Entry, FORMAT, Log, Replayed, replay},
    store::{
        deliveries::{self, VerdictRow},
        sqlite::Break,
    },
    time::{DAY_MS, HOUR_MS, MINUTE_MS, Timestamp},
};

use crate::{
    checks::leaves_committed_claimed_and_judged,
    world::{World, now, phone},
};

const MARIA: &str = "+14155552671";
const JUN: &str = "Jun Park";

/// Maria, who lives in New York, has texted at 13:00, and Jun answers her at 1:30 on her clock.
fn answered_at_night(seed: u64) -> World {
    let mut world = World::with_knowledge(seed, &["prices.md"]);
    world.outside.watch = Some(leaves_committed_claimed_and_judged);
    world.texts(MARIA, "Can I talk to a person?");
    world.advance(12 * HOUR_MS + HOUR_MS / 2);
    let contact = world.contact(&phone(MARIA)).unwrap();
    let reply = TeamReply {
        by: JUN.into(),
        channel: Some(Channel::Sms),
        subject: None,
        text: "It is ready tomorrow.".into(),
        files: Vec::new(),
    };
    let mut ctx = world.ctx.clone();
    let handled = now(team::reply(world.scope(), &mut ctx, &contact, reply)).unwrap();
    world.ctx = ctx;
    world.note(handled.effects);
    world
}

fn newest(world: &World, to: &Address) -> Delivery {
    let stmt = deliveries::of_conversation(&world.site.id, &world.conversation(to).id, 1);
    deliveries::decode(world.db.run(&stmt).unwrap()).unwrap().remove(0)
}

/// The verdicts on it, the oldest first.
fn verdicts(world: &World, delivery: &Delivery) -> Vec<VerdictRow> {
    let stmt = deliveries::verdicts(&world.site.id, &delivery.conversation, 100);
    let mut rows: Vec<VerdictRow> = world.db.run(&stmt).unwrap().decode_all().unwrap();
    rows.retain(|row| row.seq == Some(delivery.seq));
    rows.reverse();
    rows
}

fn outcomes(world: &World, delivery: &Delivery) -> Vec<String> {
    verdicts(world, delivery).into_iter().map(|row| row.outcome).collect()
}

#[test]
fn what_was_put_off_leaves_with_one_verdict_that_lets_it_go() {
    let mut world = answered_at_night(1301);
    world.settle();
    let waits = newest(&world, &phone(MARIA));
    assert_eq!(waits.state, DeliveryState::Pending);
    assert_eq!(outcomes(&world, &waits), ["quiet.hours"]);
    world.advance(DAY_MS);
    assert_eq!(newest(&world, &phone(MARIA)).state, DeliveryState::Sent);
    assert_eq!(outcomes(&world, &waits), ["quiet.hours", "allow"]);
    let conversation = waits.conversation.clone();
    let log = Log {
        format: FORMAT.into(),
        site: world.site.id.clone(),
        contact: world.contact(&phone(MARIA)).unwrap(),
        at: world.ctx.now,
        policy: world.site.policy.clone(),
        verdicts: Vec::new(),
    };
    for row in verdicts(&world, &waits) {
        let detail = serde_json::from_str(&row.detail).unwrap();
        let at = Timestamp::from_ms(row.at_ms);
        let entry = Entry { id: row.id, at, conversation: conversation.clone(), seq: row.seq, detail };
        assert_eq!(replay(&log, &entry), Replayed::Same);
    }
}

#[test]
fn each_attempt_leaves_its_verdict_and_the_last_one_alone_lets_it_go() {
    let mut world = answered_at_night(1302);
    world.settle();
    let waits = newest(&world, &phone(MARIA));
    // In the morning the site begins later than it did.
    world.site.policy.hours = ("12:00".into(), "20:00".into());
    world.advance(8 * HOUR_MS);
    assert_eq!(outcomes(&world, &waits), ["quiet.hours", "quiet.hours"]);
    world.advance(6 * HOUR_MS);
    assert_eq!(newest(&world, &phone(MARIA)).state, DeliveryState::Sent);
    assert_eq!(outcomes(&world, &waits), ["quiet.hours", "quiet.hours", "allow"]);
}

#[test]
fn a_message_that_may_go_at_once_is_claimed_without_another_verdict() {
    let mut world = World::with_knowledge(1303, &["prices.md"]);
    world.outside.watch = Some(leaves_committed_claimed_and_judged);
    world.texts(MARIA, "How much is a puncture repair?");
    world.advance(MINUTE_MS);
    let sent = newest(&world, &phone(MARIA));
    assert_eq!(sent.state, DeliveryState::Sent);
    assert_eq!(outcomes(&world, &sent), ["allow"]);
}

#[test]
fn a_claim_that_is_lost_or_begun_anew_leaves_no_second_verdict() {
    for how in [Break::Before, Break::After] {
        for at in 0..6 {
            let mut world = answered_at_night(1304);
            world.settle();
            let waits = newest(&world, &phone(MARIA));
            // The process ends somewhere in the morning's sending.
            world.advance(6 * HOUR_MS + 29 * MINUTE_MS);
            world.db.crash(at, how);
            world.advance(MINUTE_MS);
            world.db.restart();
            world.advance(DAY_MS);
            let outcomes = outcomes(&world, &waits);
            let allowed = outcomes.iter().filter(|outcome| *outcome == "allow").count();
            let state = newest(&world, &phone(MARIA)).state;
            assert_eq!((state, allowed), (DeliveryState::Sent, 1), "{how:?} {at}: {outcomes:?}");
        }
    }
}
