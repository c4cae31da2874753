//! What a contact told a member of the team about our messages is obeyed like their own word.

use shared::{
    channel::Channel,
    command::{Command, Revoke},
    consent::{Action, Actor, Basis},
    delivery::Purpose,
    effect::Effect,
    event::Body,
    flow::{self, FlowError},
    planned::PlannedBody,
    store::{consents, deliveries, events},
    time::{DAY_MS, HOUR_MS, MINUTE_MS},
    wire::Speaker,
};

use crate::{
    checks,
    planned::{body, plan_for},
    world::{World, mailbox, now, phone},
};

const MARIA: &str = "+14155552671";
const MAILBOX: &str = "maria@example.com";

fn with_maria(seed: u64) -> World {
    let mut world = World::with_knowledge(seed, &["prices.md"]);
    world.texts(MARIA, "How much is a full service?");
    world.mails(MAILBOX, "Prices", "How much is a puncture repair?", None);
    world.advance(MINUTE_MS);
    world
}

/// How much the site has sent to an address.
fn received(world: &World, address: &str) -> usize {
    world.sandbox(address).iter().filter(|message| message.recipient == address).count()
}

fn revokes(world: &mut World, by: &str, channels: &[Channel], words: &str) -> Result<(), FlowError> {
    let conversation = world.conversation(&phone(MARIA)).id;
    let revoke = Revoke { by: by.into(), channels: channels.to_vec(), words: words.into() };
    let mut ctx = world.ctx.clone();
    let handled = now(flow::handle(world.scope(), &mut ctx, &Command::Revoke(conversation, revoke)));
    world.ctx = ctx;
    world.note(handled?.effects);
    world.settle();
    Ok(())
}

#[test]
fn texts_stop_at_once_email_goes_on_and_only_the_contact_lifts_it() {
    let mut world = with_maria(701);
    revokes(&mut world, "Jun Park", &[Channel::Sms], "On the phone: please no more texts.").unwrap();
    checks::holds(&world, &[phone(MARIA), mailbox(MAILBOX)]);
    let chain = consents::chain(&world.site.id, &phone(MARIA));
    let chain = consents::decode_chain(world.db.run(&chain).unwrap()).unwrap();
    let last = &chain.last().unwrap().body;
    assert_eq!((last.action, last.basis, last.actor), (Action::Revoke, Basis::Told, Actor::Agent));
    assert_eq!(last.evidence, "On the phone: please no more texts.");
    let texts = received(&world, MARIA);
    world.texts(MARIA, "How much is a tune-up?");
    world.advance(MINUTE_MS);
    assert_eq!(received(&world, MARIA), texts, "nothing goes there");
    let mails = received(&world, MAILBOX);
    world.mails(MAILBOX, "Again", "How much is a tune-up?", None);
    world.advance(MINUTE_MS);
    assert_eq!(received(&world, MAILBOX), mails + 1, "email goes on");
    // Twice is once.
    revokes(&mut world, "Jun Park", &[Channel::Sms], "Again.").unwrap();
    let again = consents::chain(&world.site.id, &phone(MARIA));
    assert_eq!(consents::decode_chain(world.db.run(&again).unwrap()).unwrap().len(), chain.len());
    world.texts(MARIA, "START");
    world.advance(MINUTE_MS);
    world.texts(MARIA, "How much is a tune-up?");
    world.advance(DAY_MS);
    assert!(received(&world, MARIA) > texts + 1, "she asked for texts again herself");
    checks::holds(&world, &[phone(MARIA), mailbox(MAILBOX)]);
}

#[test]
fn without_channels_everything_stops_and_what_says_too_little_changes_nothing() {
    let mut world = with_maria(702);
    let code = |told: Result<(), FlowError>| match told {
        Err(FlowError::Rejected(rejection)) => rejection.code,
        other => panic!("not refused: {other:?}"),
    };
    assert_eq!(code(revokes(&mut world, "Somebody", &[], "No more.")), "unknown_member");
    assert_eq!(code(revokes(&mut world, "Jun Park", &[], "  ")), "bad_words");
    assert_eq!(code(revokes(&mut world, "Jun Park", &[Channel::Widget], "No more.")), "no_address");
    let (texts, mails) = (received(&world, MARIA), received(&world, MAILBOX));
    revokes(&mut world, "Jun Park", &[], "In the shop: do not write to me at all.").unwrap();
    world.texts(MARIA, "How much is a tune-up?");
    world.mails(MAILBOX, "Again", "How much is a tune-up?", None);
    world.advance(DAY_MS);
    assert_eq!((received(&world, MARIA), received(&world, MAILBOX)), (texts, mails));
    checks::holds(&world, &[phone(MARIA), mailbox(MAILBOX)]);
}

fn plans(world: &mut World, channel: Channel, text: &str, in_ms: i64) {
    let body = PlannedBody { among: vec![channel], ..body(Purpose::Transactional, text) };
    plan_for(world, &phone(MARIA), body, in_ms);
}

/// Maria agreed to texts; one is planned, so is a mail, and an answer by text is decided and has not left yet.
fn with_something_waiting(seed: u64) -> World {
    let mut world = with_maria(seed);
    for word in ["STOP", "START"] {
        world.texts(MARIA, word);
        world.advance(MINUTE_MS);
    }
    plans(&mut world, Channel::Sms, "Your bike is ready.", HOUR_MS);
    plans(&mut world, Channel::Email, "Your invoice is ready.", HOUR_MS);
    world.texts(MARIA, "How much is a tune-up?");
    let is_thought = |effect: &Effect| matches!(effect, Effect::Think { .. });
    let due = world.waiting.iter().find(|(_, effect)| is_thought(effect)).map(|(due, _)| *due).unwrap();
    let thought = world.waiting.remove(&due).unwrap();
    world.ctx.now = world.ctx.now.max(due.0);
    world.perform(&thought);
    world
}

#[test]
fn what_waits_for_the_number_is_withdrawn_and_the_timeline_says_who_was_told() {
    // Without the word, all three leave.
    let mut world = with_something_waiting(703);
    let before = (received(&world, MARIA), received(&world, MAILBOX));
    world.advance(2 * DAY_MS);
    let after = (received(&world, MARIA), received(&world, MAILBOX));
    assert_eq!(after, (before.0 + 2, before.1 + 1));

    let mut world = with_something_waiting(703);
    let before = (received(&world, MARIA), received(&world, MAILBOX));
    revokes(&mut world, "Jun Park", &[Channel::Sms], "On the phone: no texts.").unwrap();
    let conversation = world.conversation(&phone(MARIA)).id;
    let outbox = deliveries::of_conversation(&world.site.id, &conversation, 100);
    let outbox = deliveries::decode(world.db.run(&outbox).unwrap()).unwrap();
    let reasons: Vec<_> = outbox.iter().filter_map(|delivery| delivery.reason.as_deref()).collect();
    assert_eq!(reasons, ["opted_out"], "{outbox:#?}");
    world.advance(2 * DAY_MS);
    let after = (received(&world, MARIA), received(&world, MAILBOX));
    assert_eq!(after, (before.0, before.1 + 1), "the mail alone");
    let contact = world.contact(&phone(MARIA)).unwrap();
    let timeline = world.db.run(&events::recent(&world.site.id, &contact, 1_000)).unwrap();
    let told = Speaker::Agent("Jun Park".into());
    let shown: Vec<_> = events::decode_events(timeline).unwrap();
    let shown: Vec<_> = shown.iter().filter(|event| event.speaker == told).map(|event| &event.body).collect();
    assert!(
        matches!(shown.as_slice(), [Body::Consent { action, channel: Channel::Sms, .. }] if action == "revoke"),
        "{shown:?}"
    );
    checks::holds(&world, &[phone(MARIA), mailbox(MAILBOX)]);
}
