//! STOP and START at a carrier that keeps a list of its own, and what START does not lift.

use shared::{
    consent::{Action, Basis, ConsentEntry},
    message::DeliveryState,
    store::{consents, contacts},
    time::MINUTE_MS,
};

use crate::world::{World, outside::Failing, phone};

const MARIA: &str = "+14155552671";
const PRICE: &str = "How much is a puncture repair?";

/// The texts that reached Maria.
fn texts(world: &World) -> usize {
    world.sandbox(MARIA).iter().filter(|text| text.recipient == MARIA).count()
}

fn texts_and_waits(world: &mut World, text: &str) {
    world.texts(MARIA, text);
    world.advance(MINUTE_MS);
}

fn chain(world: &World) -> Vec<ConsentEntry> {
    let rows = world.db.run(&consents::chain(&world.site.id, &phone(MARIA))).unwrap();
    consents::decode_chain(rows).unwrap()
}

fn is_blocked(world: &World) -> bool {
    let rows = world.db.run(&contacts::by_address(&world.site.id, &phone(MARIA))).unwrap();
    contacts::decode_by_address(rows).unwrap().is_some_and(|(_, handle)| handle.blocked)
}

fn states(world: &World) -> Vec<(DeliveryState, Option<String>)> {
    let contact = world.contact(&phone(MARIA)).unwrap();
    let mut sent = world.deliveries(&contact);
    sent.sort_by(|a, b| a.id.cmp(&b.id));
    sent.into_iter().map(|delivery| (delivery.state, delivery.reason)).collect()
}

#[test]
fn start_restores_texts_where_the_carrier_refused_our_confirmation_of_stop() {
    let mut world = World::new(21);
    texts_and_waits(&mut world, PRICE);
    assert_eq!(texts(&world), 1);
    world.outside.failures.borrow_mut().push_back(Failing::Refused("carrier"));
    texts_and_waits(&mut world, "STOP");
    texts_and_waits(&mut world, PRICE);
    assert_eq!(texts(&world), 1, "nothing after STOP");
    let opted_out = (DeliveryState::Cancelled, Some("opted_out".to_owned()));
    assert_eq!(states(&world).last(), Some(&opted_out), "the carrier confirmed it, so nobody must look");
    assert_eq!(chain(&world).len(), 1, "the refusal adds nothing to what the person said");
    texts_and_waits(&mut world, "START");
    assert_eq!(texts(&world), 2, "START is confirmed");
    texts_and_waits(&mut world, PRICE);
    assert_eq!(texts(&world), 3);
    assert!(!is_blocked(&world));
}

#[test]
fn a_refusal_by_the_carriers_list_is_an_opt_out_in_the_ledger_that_start_lifts() {
    let mut world = World::new(22);
    world.outside.failures.borrow_mut().push_back(Failing::Refused("carrier"));
    texts_and_waits(&mut world, PRICE);
    assert_eq!(states(&world), [(DeliveryState::Wedged, Some("carrier".to_owned()))]);
    let ledger = chain(&world);
    let last = &ledger.last().unwrap().body;
    assert_eq!(
        (last.action, last.basis, last.evidence.as_str()),
        (Action::Revoke, Basis::Carrier, "carrier")
    );
    assert!(is_blocked(&world));
    texts_and_waits(&mut world, PRICE);
    assert_eq!(texts(&world), 0, "not tried again");
    texts_and_waits(&mut world, "START");
    texts_and_waits(&mut world, PRICE);
    assert_eq!(texts(&world), 2, "the confirmation and the answer");
    let ledger = chain(&world);
    assert_eq!(ledger.last().unwrap().body.action, Action::Grant);
    assert_eq!(shared::consent::first_break(&ledger), None);
}

#[test]
fn start_lifts_neither_a_complaint_nor_a_dead_number() {
    for code in ["complaint", "hard_bounce"] {
        let mut world = World::new(23);
        world.outside.failures.borrow_mut().push_back(Failing::Refused(code));
        texts_and_waits(&mut world, PRICE);
        for word in ["STOP", "START", PRICE] {
            texts_and_waits(&mut world, word);
        }
        assert_eq!(texts(&world), 0, "{code}");
        assert!(chain(&world).iter().all(|entry| entry.body.basis == Basis::Keyword), "{code}");
    }
}
