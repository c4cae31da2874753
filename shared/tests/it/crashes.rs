//! Bad days in virtual time: a crash before and after every commit and every provider call, and input that is doubled,
//! reordered and late. The invariants are looked at after every step.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use shared::{
    channel::Channel,
    contact::Address,
    event::Event,
    id::{EventId, VisitorId},
    message::DeliveryState,
    store::{
        consents,
        sqlite::{Break, Sqlite},
    },
    time::{HOUR_MS, MINUTE_MS},
    wire::{ClientFrame, Speaker},
};

use crate::world::{Failing, World, mailbox, phone, web};

const MARIA: &str = "+14155552671";
const MAILBOX: &str = "maria@example.com";

/// What must hold after every step.
fn holds(world: &World, addresses: &[Address]) {
    for address in addresses {
        let Some(contact) = world.contact(address) else { continue };
        let timeline = world.timeline(&contact);
        no_gaps(&timeline);
        no_event_twice(&timeline);
        let deliveries = world.deliveries(&contact);
        for delivery in &deliveries {
            let event =
                timeline.iter().find(|e| e.conversation == delivery.conversation && e.seq == delivery.seq);
            assert!(event.is_some(), "a delivery without its event: {delivery:?}");
        }
        let chain =
            consents::decode_chain(world.db.run(&consents::chain(&world.site.id, address)).unwrap()).unwrap();
        assert_eq!(shared::consent::first_break(&chain), None);
        every_message_out_has_its_verdict(world, &timeline);
    }
}

/// Invariant 2.
fn no_gaps(timeline: &[Event]) {
    let mut places: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for event in timeline {
        places.entry(event.conversation.to_string()).or_default().push(event.seq);
    }
    for (conversation, mut seqs) in places {
        seqs.sort_unstable();
        let expected: Vec<u32> = (1..=u32::try_from(seqs.len()).unwrap()).collect();
        assert_eq!(seqs, expected, "{conversation} has a gap");
    }
}

/// Invariant 3.
fn no_event_twice(timeline: &[Event]) {
    let ids: BTreeSet<_> = timeline.iter().map(|event| &event.id).collect();
    assert_eq!(ids.len(), timeline.len(), "an event stands twice");
}

/// Invariant 10.
fn every_message_out_has_its_verdict(world: &World, timeline: &[Event]) {
    let conversations: BTreeSet<_> = timeline.iter().map(|event| &event.conversation).collect();
    for conversation in conversations {
        let stmt = shared::store::deliveries::verdicts(&world.site.id, conversation, 10_000);
        let rows: Vec<shared::store::deliveries::VerdictRow> =
            world.db.run(&stmt).unwrap().decode_all().unwrap();
        let allowed: BTreeSet<u32> = rows.iter().filter_map(|row| row.seq).collect();
        let spoken = timeline.iter().filter(|event| event.conversation == *conversation);
        for event in spoken.filter(|event| event.speaker == Speaker::Assistant && event.message().is_some()) {
            assert!(allowed.contains(&event.seq), "no verdict for {event:?}");
        }
    }
}

/// A visitor who does not give up: the same frame again until it is acknowledged.
fn insists(world: &mut World, visitor: &VisitorId, frame: &ClientFrame) {
    for _ in 0..5 {
        if world.frame(visitor, frame).is_ok_and(|handled| handled.accepted.is_some()) {
            return;
        }
    }
    panic!("never acknowledged");
}

/// The main job with one batch broken; everything is acknowledged once and answered once.
fn story_with_a_break(at: u32, how: Break) -> bool {
    let mut world = World::new(u64::from(at));
    let visitor = world.visitor();
    let before = world.db.batches();
    world.db.break_batch(at, how);
    let id = EventId::mint(&mut world.ctx);
    let say = ClientFrame::Say { id: id.clone(), text: "How much is a full service?".into() };
    insists(&mut world, &visitor, &say);
    world.settle();
    holds(&world, &[web(&visitor)]);
    let card = ClientFrame::Continue {
        id: EventId::mint(&mut world.ctx),
        channel: Channel::Sms,
        address: MARIA.into(),
        wording: "sms.v1.en".into(),
    };
    insists(&mut world, &visitor, &card);
    // Whatever was lost is found by the sweep, once leases have run out.
    for _ in 0..4 {
        world.advance(2 * MINUTE_MS);
        holds(&world, &[web(&visitor), phone(MARIA)]);
    }
    let contact = world.contact(&web(&visitor)).unwrap();
    let timeline = world.timeline(&contact);
    let said = timeline.iter().filter(|event| event.id == id).count();
    assert_eq!(said, 1, "batch {at} {how:?}");
    let answers: Vec<_> = timeline
        .iter()
        .filter(|event| event.speaker == Speaker::Assistant && event.channel == Channel::Widget)
        .filter(|event| event.message().is_some())
        .collect();
    assert_eq!(answers.len(), 1, "batch {at} {how:?}: {answers:#?}");
    assert_eq!(world.sandbox(MARIA).len(), 1, "batch {at} {how:?}: one text, sent once");
    world.db.batches() > before + at
}

#[test]
fn invariants_3_to_6_a_crash_before_or_after_any_commit_loses_and_doubles_nothing() {
    let mut broken = 0;
    for how in [Break::Before, Break::After] {
        for at in 0..40 {
            if !story_with_a_break(at, how) {
                break;
            }
            broken += 1;
        }
    }
    assert!(broken > 20, "only {broken} places were broken");
    println!("{broken} crash points");
}

#[test]
fn invariant_7_a_provider_that_tells_repeats_apart_gets_a_lost_send_again_and_delivers_once() {
    for failing in [Failing::Unreachable, Failing::LostBefore, Failing::LostAfter] {
        let mut world = World::new(11);
        world.failures.borrow_mut().push_back(failing);
        world.texts(MARIA, "How much is a tune-up?");
        world.advance(HOUR_MS);
        let from_us = world.sandbox(MARIA).iter().filter(|text| text.recipient == MARIA).count();
        assert_eq!(from_us, 1, "{failing:?}");
        let contact = world.contact(&phone(MARIA)).unwrap();
        assert!(world.deliveries(&contact).iter().all(|d| d.state == DeliveryState::Sent), "{failing:?}");
    }
}

#[test]
fn invariant_8_an_answer_to_what_is_no_longer_the_last_word_is_dropped() {
    let mut world = World::new(12);
    let visitor = world.visitor();
    world.says(&visitor, "How much is a tune-up?").unwrap();
    world.says(&visitor, "Sorry, I mean a full service").unwrap();
    world.settle();
    let contact = world.contact(&web(&visitor)).unwrap();
    let answers = world
        .timeline(&contact)
        .into_iter()
        .filter(|event| event.speaker == Speaker::Assistant && event.message().is_some())
        .count();
    assert_eq!(answers, 1);
}

/// Something a person does.
#[derive(Clone, Debug)]
enum Step {
    Says(usize),
    SaysAgain,
    Texts(usize),
    Mails(usize),
    Card,
    Waits(i64),
    Fails(u8),
}

const WORDS: [&str; 10] = [
    "How much is a full service?",
    "STOP",
    "START",
    "text me at 415 555 2671",
    "thanks!",
    "can I talk to a person?",
    "my name is Maria, that's too expensive",
    "running 10 min late",
    "asdf qwer",
    "hello",
];

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0..WORDS.len()).prop_map(Step::Says),
        1 => Just(Step::SaysAgain),
        3 => (0..WORDS.len()).prop_map(Step::Texts),
        2 => (0..WORDS.len()).prop_map(Step::Mails),
        1 => Just(Step::Card),
        3 => prop_oneof![Just(1_000), Just(5_000), Just(MINUTE_MS), Just(26 * HOUR_MS)].prop_map(Step::Waits),
        1 => (0_u8..4).prop_map(Step::Fails),
    ];
    proptest::collection::vec(step, 1..24)
}

fn play(world: &mut World, steps: &[Step]) {
    let visitor = world.visitor();
    let mut last: Option<ClientFrame> = None;
    let mut blocked_since: Option<usize> = None;
    for step in steps {
        match step {
            Step::Says(word) => {
                let id = EventId::mint(&mut world.ctx);
                let say = ClientFrame::Say { id, text: WORDS[*word].into() };
                let _ = world.frame(&visitor, &say);
                last = Some(say);
            }
            Step::SaysAgain => {
                if let Some(say) = &last {
                    let _ = world.frame(&visitor, say);
                }
            }
            Step::Texts(word) => {
                world.texts(MARIA, WORDS[*word]);
                world.settle();
            }
            Step::Mails(word) => world.mails(MAILBOX, "Hello", WORDS[*word], None),
            Step::Card => {
                let _ = world.continues(&visitor, Channel::Sms, MARIA);
            }
            Step::Waits(ms) => world.advance(*ms),
            Step::Fails(how) => match how {
                0 => world.db.break_batch(1, Break::Before),
                1 => world.failures.borrow_mut().push_back(Failing::LostAfter),
                2 => world.failures.borrow_mut().push_back(Failing::LostBefore),
                _ => world.failures.borrow_mut().push_back(Failing::Unreachable),
            },
        }
        world.settle();
        holds(world, &[web(&visitor), phone(MARIA), mailbox(MAILBOX)]);
        // After STOP nothing but its one confirmation reaches the phone, until START.
        let texts = world.sandbox(MARIA);
        if is_blocked(&world.db, &world.site.id) {
            let count = texts.iter().filter(|text| text.recipient == MARIA).count();
            let limit: usize = *blocked_since.get_or_insert(count + 1);
            assert!(count <= limit, "{texts:#?}");
        } else {
            blocked_since = None;
        }
    }
}

fn is_blocked(db: &Sqlite, site: &shared::id::SiteId) -> bool {
    let answer = db.run(&shared::store::contacts::by_address(site, &phone(MARIA))).unwrap();
    shared::store::contacts::decode_by_address(answer).unwrap().is_some_and(|(_, handle)| handle.blocked)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn no_order_of_acts_and_failures_breaks_an_invariant(steps in steps(), seed in 0_u64..1_000_000) {
        let mut world = World::new(seed);
        play(&mut world, &steps);
    }
}
