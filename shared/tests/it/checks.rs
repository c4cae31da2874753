//! What must hold at any time, whatever happened.

use std::collections::{BTreeMap, BTreeSet};

use shared::{
    consent,
    contact::Address,
    delivery::Purpose,
    event::Event,
    id::{ContactId, ConversationId, DeliveryId},
    message::DeliveryState,
    replay::{Entry, FORMAT, Log, Replayed, replay},
    store::{
        consents, contacts, conversations,
        deliveries::{self, VerdictRow},
        events,
        sqlite::Sqlite,
    },
    wire::Speaker,
};

use crate::world::World;

/// What must hold after every step.
pub fn holds(world: &World, addresses: &[Address]) {
    let mut looked_at = BTreeSet::new();
    for address in addresses {
        let Some(contact) = world.contact(address) else { continue };
        let chain =
            consents::decode_chain(world.db.run(&consents::chain(&world.site.id, address)).unwrap()).unwrap();
        assert_eq!(consent::first_break(&chain), None);
        if !looked_at.insert(contact.clone()) {
            continue;
        }
        let timeline = world.timeline(&contact);
        let places = no_gaps(&timeline);
        no_event_twice(&timeline);
        for (conversation, seqs) in &places {
            every_delivery_has_its_event(world, conversation, seqs);
        }
        every_message_out_has_its_verdict(world, &timeline);
    }
}

/// Invariant 5.
fn every_delivery_has_its_event(world: &World, conversation: &ConversationId, seqs: &BTreeSet<u32>) {
    let stmt = deliveries::of_conversation(&world.site.id, conversation, 10_000);
    for delivery in deliveries::decode(world.db.run(&stmt).unwrap()).unwrap() {
        assert!(seqs.contains(&delivery.seq), "a delivery without its event: {delivery:?}");
    }
}

/// Invariant 2.
fn no_gaps(timeline: &[Event]) -> BTreeMap<ConversationId, BTreeSet<u32>> {
    let mut places: BTreeMap<_, BTreeSet<u32>> = BTreeMap::new();
    for event in timeline {
        let is_new = places.entry(event.conversation.clone()).or_default().insert(event.seq);
        assert!(is_new, "a place is taken twice: {event:?}");
    }
    for (conversation, seqs) in &places {
        let expected: BTreeSet<u32> = (1..=u32::try_from(seqs.len()).unwrap()).collect();
        assert_eq!(*seqs, expected, "{conversation} has a gap");
    }
    places
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
        let stmt = deliveries::verdicts(&world.site.id, conversation, 10_000);
        let rows: Vec<VerdictRow> = world.db.run(&stmt).unwrap().decode_all().unwrap();
        for row in &rows {
            replays(world, conversation, row);
        }
        let judged: BTreeSet<u32> = rows.iter().filter_map(|row| row.seq).collect();
        let spoken = timeline.iter().filter(|event| event.conversation == *conversation);
        for event in spoken.filter(|event| event.speaker == Speaker::Assistant && event.message().is_some()) {
            assert!(judged.contains(&event.seq), "no verdict for {event:?}");
        }
    }
}

/// A verdict that was reached under the site's policy as it is comes out the same.
fn replays(world: &World, conversation: &ConversationId, row: &VerdictRow) {
    let (site, policy) = (world.site.id.clone(), world.site.policy.clone());
    let contact = ContactId::parse("ctc_any").unwrap();
    let log = Log { format: FORMAT.into(), site, contact, at: world.ctx.now, policy, verdicts: Vec::new() };
    let entry = Entry {
        id: row.id.clone(),
        at: world.ctx.now,
        conversation: conversation.clone(),
        seq: row.seq,
        detail: serde_json::from_str(&row.detail).unwrap(),
    };
    assert_ne!(replay(&log, &entry), Replayed::Differs, "{entry:#?}");
}

/// Invariants 4, 5 and 10, looked at whenever a delivery leaves: it is claimed, its event is committed, it was let
/// through, and nothing but a confirmation goes to whoever has opted out.
pub fn leaves_committed_claimed_and_judged(db: &Sqlite, id: &DeliveryId) {
    let found = deliveries::decode(db.run(&deliveries::delivery(id)).unwrap()).unwrap();
    let [delivery] = found.as_slice() else { panic!("{id} leaves and does not stand in the outbox") };
    assert_eq!(delivery.state, DeliveryState::Sending, "{delivery:?}");
    assert!(delivery.lease.is_some(), "{delivery:?}");
    let owner =
        contacts::decode_by_address(db.run(&contacts::by_address(&delivery.site, &delivery.to)).unwrap());
    let blocked = owner.unwrap().is_some_and(|(_, handle)| handle.blocked);
    assert!(!blocked || delivery.purpose == Purpose::OptOutReply, "{delivery:?}");
    let (site, conversation) = (&delivery.site, &delivery.conversation);
    let after = events::after(site, conversation, delivery.seq - 1, 1);
    let event = events::decode_events(db.run(&after).unwrap()).unwrap().remove(0);
    assert!(event.seq == delivery.seq && event.message().is_some(), "{delivery:?}: {event:?}");
    let rows: Vec<VerdictRow> =
        db.run(&deliveries::verdicts(site, conversation, 10_000)).unwrap().decode_all().unwrap();
    let allowed = rows.iter().any(|row| row.seq == Some(delivery.seq) && row.outcome == "allow");
    assert!(allowed, "{delivery:?} was not let through: {rows:?}");
}

/// Nobody waits for ever: nothing is owed and nothing is on its way.
pub fn is_at_rest(world: &World, addresses: &[Address]) {
    let mut later = world.ctx.now;
    later = later.plus_ms(shared::time::DAY_MS);
    let owing: Vec<conversations::Owing> =
        world.db.run(&conversations::owing(later, 100)).unwrap().decode_all().unwrap();
    assert_eq!(owing, [], "somebody waits for an answer");
    for contact in addresses.iter().filter_map(|address| world.contact(address)) {
        for delivery in world.deliveries(&contact) {
            assert!(delivery.state > DeliveryState::Sending, "still on its way: {delivery:?}");
        }
    }
}
