//! Replay: a contact's log comes out as it was, and another policy shows what it would change.

use shared::{
    channel::Channel,
    delivery::Purpose,
    flow::log::load_log,
    planned::PlannedBody,
    replay::{Change, FORMAT, Log, Replayed, compare, read, replay},
    time::{DAY_MS, HOUR_MS, MINUTE_MS},
};

use crate::{
    planned::{body, plan_for},
    world::{World, mailbox, now, phone},
};

const MARIA: &str = "+14155552671";
const MAILBOX: &str = "maria@example.com";

/// Maria asks, is planned things for on both channels by day and by night, stops texts, and asks on.
fn life(seed: u64) -> World {
    let mut world = World::with_knowledge(seed, &["prices.md"]);
    world.texts(MARIA, "How much is a full service?");
    world.advance(MINUTE_MS);
    world.mails(MAILBOX, "Prices", "How much is a puncture repair?", None);
    world.advance(MINUTE_MS);
    for (purpose, among, in_ms) in [
        (Purpose::Transactional, Vec::new(), HOUR_MS),
        (Purpose::Reminder, vec![Channel::Sms], 13 * HOUR_MS),
        (Purpose::Marketing, vec![Channel::Email], DAY_MS),
        (Purpose::Reminder, Vec::new(), 2 * DAY_MS),
    ] {
        plans(&mut world, purpose, among, in_ms);
    }
    world.advance(3 * DAY_MS);
    world.texts(MARIA, "STOP");
    world.advance(MINUTE_MS);
    plans(&mut world, Purpose::Reminder, vec![Channel::Sms], HOUR_MS);
    world.mails(MAILBOX, "Again", "And how much is a tune-up?", None);
    world.advance(DAY_MS);
    world
}

fn plans(world: &mut World, purpose: Purpose, among: Vec<Channel>, in_ms: i64) {
    let body = PlannedBody { among, ..body(purpose, "Your bike is ready.") };
    plan_for(world, &phone(MARIA), body, in_ms);
}

fn log_of(world: &World) -> Log {
    let contact = world.contact(&mailbox(MAILBOX)).unwrap();
    let log = now(load_log(world.scope(), &world.ctx, &contact)).unwrap();
    // As it is handed out and read again.
    read(&serde_json::to_string(&log).unwrap()).unwrap()
}

#[test]
fn every_verdict_of_a_life_replays_to_the_same_bytes() {
    let log = log_of(&life(601));
    assert_eq!(log.format, FORMAT);
    assert!(log.verdicts.len() >= 9, "{}", log.verdicts.len());
    let outcomes: Vec<_> = log.verdicts.iter().map(|entry| entry.detail.outcome()).collect();
    for kind in ["allow", "consent.", "revocation."] {
        assert!(outcomes.iter().any(|outcome| outcome.starts_with(kind)), "{kind}: {outcomes:?}");
    }
    for entry in &log.verdicts {
        assert_eq!(replay(&log, entry), Replayed::Same, "{entry:#?}");
        assert_eq!(compare(&log.policy, entry), [], "{entry:#?}");
    }
}

#[test]
fn a_log_that_was_altered_does_not_replay() {
    let mut log = log_of(&life(602));
    let sent = log.verdicts.iter_mut().find(|entry| entry.detail.winner.is_some()).unwrap();
    sent.detail.candidates[0].case.blocked = true;
    let told: Vec<_> = log.verdicts.iter().map(|entry| replay(&log, entry)).collect();
    assert_eq!(told.iter().filter(|told| **told == Replayed::Differs).count(), 1);
    // A result that was taken out is missed as well.
    let mut cut = log_of(&life(602));
    let sent = cut.verdicts.iter().position(|entry| entry.detail.winner.is_some()).unwrap();
    cut.verdicts[sent].detail.candidates[0].gates.pop();
    assert_eq!(replay(&cut, &cut.verdicts[sent]), Replayed::Differs);
    cut.verdicts[sent].detail.candidates[0].gates.clear();
    assert_eq!(replay(&cut, &cut.verdicts[sent]), Replayed::Differs);
    // Nobody holds the policy of that name.
    log.verdicts[0].detail.policy = "2026-01-1.000000000000".into();
    assert_eq!(replay(&log, &log.verdicts[0]), Replayed::OtherPolicy);
    // Nor does a policy that was altered pass for its own.
    let mut altered = log_of(&life(602));
    altered.verdicts[0].detail.rules.insert("paused".into(), true.into());
    assert_ne!(replay(&altered, &altered.verdicts[0]), Replayed::Same);
    for wrong in ["", "{}", r#"{"format":"throughline.log.v9"}"#] {
        assert_eq!(read(wrong).unwrap_err().code, "malformed_log");
    }
    let other = serde_json::to_string(&log).unwrap().replacen(FORMAT, "throughline.log.v9", 1);
    assert!(read(&other).unwrap_err().text.contains("throughline.log.v9"));
}

#[test]
fn a_log_that_goes_across_changes_of_the_policy_replays_to_the_same_bytes() {
    let mut world = life(604);
    let before = log_of(&world).verdicts.len();
    world.site.policy.paused = true;
    world.mails(MAILBOX, "Once more", "How much is a full service?", None);
    world.advance(MINUTE_MS);
    world.site.policy.paused = false;
    world.site.policy.hours = ("11:00".into(), "16:00".into());
    world.site.policy.quiet_channels.push(Channel::Email);
    plans(&mut world, Purpose::Reminder, vec![Channel::Email], 12 * HOUR_MS);
    world.advance(2 * DAY_MS);
    let log = log_of(&world);
    let new = &log.verdicts[before..];
    assert!(new.iter().any(|entry| entry.detail.outcome() == "pause.on"), "{new:#?}");
    assert!(new.iter().any(|entry| entry.detail.outcome() == "quiet.hours"), "{new:#?}");
    let policies: std::collections::BTreeSet<_> =
        log.verdicts.iter().map(|entry| entry.detail.policy.as_str()).collect();
    assert_eq!(policies.len(), 3, "{policies:?}");
    for entry in &log.verdicts {
        assert_eq!(replay(&log, entry), Replayed::Same, "{entry:#?}");
    }
}

#[test]
fn another_policy_shows_what_would_appear_vanish_move_and_change_channel() {
    let log = log_of(&life(603));
    let changes = |policy: &shared::policy::Policy| -> Vec<Change> {
        log.verdicts.iter().flat_map(|entry| compare(policy, entry)).collect()
    };
    // Paused: nothing automated leaves.
    let paused = shared::policy::Policy { paused: true, ..log.policy.clone() };
    let told = changes(&paused);
    assert!(!told.is_empty());
    assert!(
        told.iter().all(|change| matches!(change, Change::Vanishes(rule) if rule.starts_with("pause"))),
        "{told:?}"
    );
    // Texts need no consent: what was held back for want of it appears, and what went by email for it goes by text.
    let mut lax = log.policy.clone();
    lax.needs.retain(|need| need.channel != Channel::Sms);
    lax.order.iter_mut().for_each(|order| order.channels = vec![Channel::Sms, Channel::Email]);
    lax.hours = ("00:00".into(), "24:00".into());
    let told = changes(&lax);
    // It was decided at night, and a policy never widens the law's hours: it would have waited for the morning.
    let appears = |change: &Change| matches!(change, Change::Appears(Channel::Sms, Some(_)));
    assert!(told.iter().any(appears), "{told:?}");
    assert!(told.contains(&Change::ChangesChannel(Channel::Email, Channel::Sms)), "{told:?}");
    // Email keeps quiet hours, and those are nearly all day: what was sent by it waits.
    let mut quiet = log.policy.clone();
    quiet.quiet_channels.push(Channel::Email);
    quiet.hours = ("12:00".into(), "12:30".into());
    let told = changes(&quiet);
    assert!(told.iter().any(|change| matches!(change, Change::Moves(None, Some(_)))), "{told:?}");
}
