//! What stops everything stops it, and what starts something starts nothing else: the kill switch, and a bare "yes".

use shared::{
    channel::Channel,
    consent::{Action, Standing, standing},
    contact::Address,
    delivery::Purpose,
    flow,
    id::PlannedId,
    planned::{PlannedBody, PlannedState},
    store::{
        consents, contacts,
        deliveries::{self, VerdictRow},
        planned,
    },
    time::{DAY_MS, HOUR_MS, MINUTE_MS},
};

use crate::{
    planned::{body, plan_for},
    world::{World, mailbox, now, phone},
};

const MARIA: &str = "+14155552671";
const STRANGER: &str = "+14155550123";
const MAILBOX: &str = "maria@example.com";

fn plans(world: &mut World, purpose: Purpose, among: Vec<Channel>, in_ms: i64) -> PlannedId {
    let body = PlannedBody { among, ..body(purpose, "Your bike is ready.") };
    plan_for(world, &phone(MARIA), body, in_ms)
}

fn outcomes(world: &World) -> Vec<String> {
    let stmt = deliveries::verdicts(&world.site.id, &world.conversation(&phone(MARIA)).id, 100);
    let rows: Vec<VerdictRow> = world.db.run(&stmt).unwrap().decode_all().unwrap();
    rows.into_iter().map(|row| row.outcome).collect()
}

fn is_blocked(world: &World, address: &Address) -> bool {
    let found = world.db.run(&contacts::by_address(&world.site.id, address)).unwrap();
    contacts::decode_by_address(found).unwrap().is_some_and(|(_, handle)| handle.blocked)
}

fn actions(world: &World, address: &Address) -> Vec<Action> {
    let found = world.db.run(&consents::chain(&world.site.id, address)).unwrap();
    consents::decode_chain(found).unwrap().into_iter().map(|entry| entry.body.action).collect()
}

#[test]
fn the_kill_switch_stops_all_that_is_planned_and_each_verdict_says_so() {
    let mut world = World::with_knowledge(1401, &["prices.md"]);
    world.texts(MARIA, "How much is a full service?");
    world.mails(MAILBOX, "Prices", "How much is a puncture repair?", None);
    world.advance(MINUTE_MS);
    let sent = (world.taken_for(MARIA).len(), world.taken_for(MAILBOX).len());
    let planned_ids = [
        plans(&mut world, Purpose::Transactional, vec![Channel::Email], 2 * HOUR_MS),
        plans(&mut world, Purpose::Reminder, vec![Channel::Email], 3 * HOUR_MS),
        plans(&mut world, Purpose::Marketing, Vec::new(), DAY_MS),
    ];
    let before = outcomes(&world).len();
    world.site.policy.paused = true;
    world.texts(MARIA, "And how much is a puncture repair?");
    world.advance(3 * DAY_MS);
    assert_eq!((world.taken_for(MARIA).len(), world.taken_for(MAILBOX).len()), sent, "nothing has left");
    for id in &planned_ids {
        let stored = planned::decode(world.db.run(&planned::planned(&world.site.id, id)).unwrap()).unwrap();
        assert_eq!(stored[0].state, PlannedState::Held, "{:?}", stored[0]);
        assert_eq!(stored[0].reason.as_deref(), Some("pause.on"));
    }
    let told = outcomes(&world);
    let new = &told[..told.len() - before];
    assert_eq!(new.len(), 4, "the answer and each of what was planned: {new:?}");
    assert!(new.iter().all(|outcome| outcome == "pause.on"), "{new:?}");
    // Whoever wants no more is heard even so.
    world.texts(MARIA, "STOP");
    world.advance(MINUTE_MS);
    assert!(is_blocked(&world, &phone(MARIA)));
    assert_eq!(world.taken_for(MARIA).len(), sent.0 + 1, "the confirmation alone");
}

#[test]
fn a_yes_opts_in_nobody_who_has_not_opted_out() {
    let mut world = World::with_knowledge(1402, &["prices.md"]);
    for words in ["YES", "Yes!", "yes please"] {
        world.texts(STRANGER, words);
        world.advance(MINUTE_MS);
    }
    assert_eq!(actions(&world, &phone(STRANGER)), []);
    world.texts(MARIA, "STOP");
    world.advance(MINUTE_MS);
    world.texts(STRANGER, "YES");
    world.advance(MINUTE_MS);
    assert!(is_blocked(&world, &phone(MARIA)), "another's yes is not hers");
    world.texts(MARIA, "YES");
    world.advance(MINUTE_MS);
    assert_eq!(actions(&world, &phone(MARIA)), [Action::Revoke, Action::Grant]);
    assert!(!is_blocked(&world, &phone(MARIA)));
}

#[test]
fn a_yes_lifts_no_suppression_and_nothing_that_was_stopped_for_one_purpose() {
    let mut world = World::with_knowledge(1403, &["prices.md"]);
    world.texts(MARIA, "How much is a full service?");
    world.mails(MAILBOX, "Prices", "How much is a puncture repair?", None);
    world.advance(MINUTE_MS);
    let number = phone(MARIA);
    let hash = world.scope().hash(&number);
    let suppress = deliveries::suppress(&world.site.id, number.kind, &hash, "complaint", world.ctx.now);
    world.db.run(&suppress).unwrap();
    let sent = world.taken_for(MARIA).len();
    world.texts(MARIA, "YES");
    world.advance(MINUTE_MS);
    let stands = deliveries::suppressed(&world.site.id, number.kind, &hash);
    assert_eq!(world.db.run(&stands).unwrap().rows.len(), 1, "a complaint is not taken back by a word");
    assert_eq!(world.taken_for(MARIA).len(), sent, "nor is it answered");
    assert_eq!(actions(&world, &number), []);
    // News by mail was stopped with one click; a yes in a mail is about something else.
    let mut ctx = world.ctx.clone();
    let asked = shared::subscription::Asked::OneClick;
    let by = shared::consent::Presser::default();
    now(flow::choose::choose(world.scope(), &mut ctx, &mailbox(MAILBOX), asked, by)).unwrap();
    world.ctx = ctx;
    world.mails(MAILBOX, "Re: Prices", "YES", None);
    world.advance(MINUTE_MS);
    assert_eq!(actions(&world, &mailbox(MAILBOX)), [Action::Revoke]);
    let chain =
        consents::decode_chain(world.db.run(&consents::chain(&world.site.id, &mailbox(MAILBOX))).unwrap());
    let stands = standing(&chain.unwrap(), Channel::Email, Purpose::Marketing, None, world.ctx.now);
    assert!(matches!(stands, Standing::Revoked { .. }));
}
