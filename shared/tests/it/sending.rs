//! The invariants of the outbox: what leaves, what must not, and what becomes of it.

use shared::{
    consent::{Standing, standing},
    conversation::Floor,
    delivery::{Delivery, Purpose},
    message::DeliveryState,
    store::{
        Arg, Stmt, consents, contacts, conversations,
        deliveries::{self, VerdictRow},
    },
    time::{DAY_MS, HOUR_MS, MINUTE_MS},
};

use crate::{
    invariants::recorded_story,
    world::{World, mailbox, outside::Failing, phone},
};

const MARIA: &str = "+14155552671";
const DEV: &str = "+15035550147";
const MAILBOX: &str = "hannah@example.com";

fn small(seed: u64) -> World {
    World::with_knowledge(seed, &["prices.md"])
}

/// The deliveries to a phone, oldest first.
fn deliveries_to(world: &World, number: &str) -> Vec<Delivery> {
    let mut found = world.deliveries(&world.contact(&phone(number)).unwrap());
    found.retain(|delivery| delivery.to == phone(number));
    found.sort_by_key(|delivery| delivery.seq);
    found
}

fn states(world: &World, number: &str) -> Vec<(DeliveryState, Option<String>)> {
    deliveries_to(world, number).into_iter().map(|delivery| (delivery.state, delivery.reason)).collect()
}

/// The lattice, spelled out: where a report takes a delivery.
fn after_report(state: DeliveryState, report: &str) -> DeliveryState {
    match (state, report) {
        (DeliveryState::Sent, "delivered") => DeliveryState::Delivered,
        (DeliveryState::Sent | DeliveryState::Delivered, "read") => DeliveryState::Read,
        (DeliveryState::Sent, "failed") => DeliveryState::Wedged,
        _ => state,
    }
}

#[test]
fn invariant_5_reports_in_any_order_move_a_delivery_up_the_lattice_and_never_down() {
    const REPORTS: [&str; 4] = ["sent", "delivered", "read", "failed"];
    for order in 0..64 {
        let mut world = small(51).on_twilio();
        let text = world.hook_of_text(MARIA, "How much is a tune-up?");
        world.insists(&text);
        world.advance(MINUTE_MS);
        let message = world.taken_for(MARIA).remove(0);
        let mut expected = DeliveryState::Sent;
        for report in [order % 4, order / 4 % 4, order / 16].map(|index| REPORTS[index]) {
            expected = after_report(expected, report);
            let hook = world.hook_of_report(&message, report, None);
            world.insists(&hook);
            world.advance(MINUTE_MS);
            assert_eq!(states(&world, MARIA)[0].0, expected, "{order}: after {report}");
        }
        assert_eq!(world.taken_for(MARIA).len(), 1);
    }
}

#[test]
fn invariant_5_a_finished_row_never_changes() {
    const SET: &str = "UPDATE deliveries SET state = ?1";
    for state in ["wedged", "cancelled", "read"] {
        let mut world = small(52);
        world.texts(MARIA, "How much is a tune-up?");
        world.advance(MINUTE_MS);
        let set = |sql, state: &str| world.db.run(&Stmt { sql, args: vec![Arg::from(state)] });
        assert_ne!(set(SET, state).unwrap().changes, 0);
        for other in DeliveryState::ALL.into_iter().filter(|other| other.as_str() != state) {
            assert!(set(SET, other.as_str()).is_err(), "{state} became {}", other.as_str());
        }
    }
}

#[test]
fn invariant_5_a_report_before_the_providers_answer_counts_and_the_text_is_not_sent_again() {
    for sandbox in [true, false] {
        let mut world = if sandbox { small(53) } else { small(53).on_twilio() };
        let text = world.hook_of_text(MARIA, "How much is a tune-up?");
        world.insists(&text);
        // Everything up to the send, and not what becomes of it.
        world.outside.failures.borrow_mut().push_back(Failing::Ended);
        world.advance(4_000);
        assert_eq!(states(&world, MARIA)[0].0, DeliveryState::Sending);
        let message = world.taken_for(MARIA).remove(0);
        let report = world.hook_of_report(&message, "delivered", None);
        world.insists(&report);
        world.advance(HOUR_MS);
        assert_eq!(states(&world, MARIA), [(DeliveryState::Delivered, None)]);
        assert_eq!(world.taken_for(MARIA).len(), 1);
    }
}

#[test]
fn invariant_7_a_provider_that_tells_repeats_apart_gets_a_lost_send_again_and_delivers_once() {
    for failing in [Failing::Unreachable, Failing::LostBefore, Failing::LostAfter, Failing::Ended] {
        let mut world = small(11);
        world.outside.failures.borrow_mut().push_back(failing);
        world.texts(MARIA, "How much is a tune-up?");
        world.advance(HOUR_MS);
        assert_eq!(world.taken_for(MARIA).len(), 1, "{failing:?}");
        assert!(states(&world, MARIA).iter().all(|(state, _)| *state == DeliveryState::Sent), "{failing:?}");
    }
}

#[test]
fn invariant_7_a_provider_that_does_not_is_never_sent_again_what_it_may_have_taken() {
    let unknown = (DeliveryState::Wedged, Some("unknown".to_owned()));
    for (failing, taken, end) in [
        (Failing::Unreachable, 1, (DeliveryState::Sent, None)),
        (Failing::LostBefore, 0, unknown.clone()),
        (Failing::LostAfter, 1, unknown.clone()),
        (Failing::Ended, 1, unknown),
    ] {
        let mut world = small(12).on_twilio();
        world.outside.failures.borrow_mut().push_back(failing);
        let text = world.hook_of_text(MARIA, "How much is a tune-up?");
        world.insists(&text);
        world.advance(HOUR_MS);
        world.advance(HOUR_MS);
        assert_eq!(states(&world, MARIA), [end], "{failing:?}");
        assert_eq!(world.taken_for(MARIA).len(), taken, "{failing:?}");
    }
}

#[test]
fn invariant_10_what_goes_into_the_outbox_is_let_through_in_the_same_batch() {
    let (_, recorded) = recorded_story();
    let mut put = 0;
    for asked in &recorded {
        for delivery in asked.stmts.iter().filter(|stmt| stmt.sql.starts_with("INSERT INTO deliveries")) {
            put += 1;
            let place = &delivery.args[2..4];
            let judged = asked.stmts.iter().any(|stmt| {
                stmt.sql.starts_with("INSERT INTO verdicts")
                    && stmt.args[2..4] == *place
                    && stmt.args[4] == Arg::from("allow")
            });
            assert!(judged, "{delivery:?} without its verdict in {asked:?}");
        }
    }
    assert_eq!(put, 5);
}

/// A world with a text that waits in the outbox, because the carrier cannot be reached for a moment.
fn with_a_text_waiting(seed: u64) -> World {
    let mut world = small(seed).on_twilio();
    let text = world.hook_of_text(MARIA, "How much is a tune-up?");
    world.insists(&text);
    world.advance(MINUTE_MS);
    world.outside.failures.borrow_mut().push_back(Failing::Unreachable);
    let text = world.hook_of_text(MARIA, "And a puncture repair?");
    world.insists(&text);
    world.advance(3_500);
    assert_eq!(states(&world, MARIA)[1].0, DeliveryState::Pending);
    world
}

/// The gates look again before the claim: the waiting text is withdrawn for this reason, and a verdict says so.
fn is_withheld(mut world: World, reason: &str) {
    world.advance(HOUR_MS);
    assert_eq!(states(&world, MARIA)[1], (DeliveryState::Cancelled, Some(reason.to_owned())));
    assert_eq!(world.taken_for(MARIA).len(), 1, "{reason}");
    let waited = deliveries_to(&world, MARIA).remove(1);
    let verdicts = deliveries::verdicts(&world.site.id, &waited.conversation, 100);
    let verdicts: Vec<VerdictRow> = world.db.run(&verdicts).unwrap().decode_all().unwrap();
    let newest = verdicts.iter().find(|row| row.seq == Some(waited.seq)).unwrap();
    assert_eq!(newest.outcome, reason);
}

#[test]
fn invariant_10_a_number_that_turned_out_dead_while_a_text_waited_gets_it_no_more() {
    let mut world = with_a_text_waiting(54);
    let first = world.taken_for(MARIA).remove(0);
    let report = world.hook_of_report(&first, "undelivered", Some("30005"));
    world.insists(&report);
    is_withheld(world, "suppression.listed");
}

#[test]
fn invariant_10_whoever_opted_out_while_a_text_waited_gets_it_no_more() {
    let world = with_a_text_waiting(55);
    world.db.run(&contacts::block_handle(&world.site.id, &phone(MARIA), true)).unwrap();
    is_withheld(world, "revocation.opted_out");
}

#[test]
fn invariant_10_a_human_who_took_the_floor_while_a_text_waited_is_not_spoken_over() {
    let world = with_a_text_waiting(56);
    let mut state = world.conversation(&phone(MARIA));
    state.floor = Floor::Agent { name: "Ana".into(), at: world.ctx.now };
    world.db.run(&conversations::update(&world.site.id, &state, world.ctx.now)).unwrap();
    is_withheld(world, "floor.taken");
}

/// What may happen between the gates and the claim.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Since {
    Nothing,
    Blocked,
    Suppressed,
    LedgerGrew,
    FloorTaken,
    SomethingSaid,
}

#[test]
fn invariant_10_the_claim_itself_misses_what_has_changed_since_the_gates_looked() {
    for purpose in Purpose::ALL {
        for since in [
            Since::Nothing,
            Since::Blocked,
            Since::Suppressed,
            Since::LedgerGrew,
            Since::FloorTaken,
            Since::SomethingSaid,
        ] {
            let world = with_a_text_waiting(57);
            let (site, maria) = (&world.site.id, phone(MARIA));
            let set = "UPDATE deliveries SET purpose = ?1 WHERE state = 'pending'";
            world.db.run(&Stmt { sql: set, args: vec![Arg::from(purpose.as_str())] }).unwrap();
            let waiting = deliveries_to(&world, MARIA).remove(1);
            let chain = world.db.run(&consents::chain(site, &maria)).unwrap();
            let entries = u32::try_from(chain.rows.len()).unwrap();
            let state = world.db.run(&conversations::by_address(site, &maria)).unwrap();
            let mut state = conversations::decode(state).unwrap().unwrap();
            let address_hash = world.scope().hash(&maria);
            let mut seen = deliveries::Seen {
                entries,
                fence: state.fence,
                address_hash,
                last_seq: Some(state.last_seq),
            };
            match since {
                Since::Nothing => {}
                Since::Blocked => drop(world.db.run(&contacts::block_handle(site, &maria, true)).unwrap()),
                Since::Suppressed => {
                    let (kind, now) = (maria.kind, world.ctx.now);
                    let stmt = deliveries::suppress(site, kind, &seen.address_hash, "hard_bounce", now);
                    world.db.run(&stmt).unwrap();
                }
                // As if the gates had looked one event earlier.
                Since::SomethingSaid => seen.last_seq = Some(state.last_seq - 1),
                // As if the gates had looked one entry earlier.
                Since::LedgerGrew => seen.entries += 1,
                Since::FloorTaken => {
                    state.fence += 1;
                    world.db.run(&conversations::update(site, &state, world.ctx.now)).unwrap();
                }
            }
            let now = world.ctx.now.plus_ms(HOUR_MS);
            let claim = deliveries::claim(site, &waiting.id, "lease", now.plus_ms(1), now, &seen);
            let claimed = world.db.run(&claim).unwrap().rows.len();
            let expected = usize::from(since == Since::Nothing || purpose == Purpose::OptOutReply);
            assert_eq!(claimed, expected, "{purpose:?}, {since:?}");
        }
    }
}

#[test]
fn stop_withdraws_what_waits_for_the_number_and_nothing_else() {
    let mut world = small(58);
    for arrival in [
        world.hook_of_text(MARIA, "How much is a tune-up?"),
        world.hook_of_text(DEV, "How much is a tune-up?"),
        world.hook_of_mail(MAILBOX, "How much is a tune-up?"),
    ] {
        world.insists(&arrival);
    }
    world.outside.failures.borrow_mut().extend([Failing::Unreachable; 20]);
    world.advance(3_500);
    world.outside.failures.borrow_mut().clear();
    assert!(world.sandbox("").iter().all(|message| message.id.starts_with("evt")), "all three wait");
    let stop = world.hook_of_text(MARIA, "STOP");
    world.insists(&stop);
    assert_eq!(states(&world, MARIA)[0], (DeliveryState::Cancelled, Some("opted_out".to_owned())));
    world.advance(DAY_MS);
    let taken = world.taken_for(MARIA);
    assert!(taken.len() == 1 && taken[0].text.contains("START"), "only the confirmation: {taken:#?}");
    assert_eq!((world.taken_for(DEV).len(), world.taken_for(MAILBOX).len()), (1, 1));
    let owner = world.contact(&mailbox(MAILBOX)).unwrap();
    assert!(world.deliveries(&owner).iter().all(|delivery| delivery.state == DeliveryState::Sent));
}

#[test]
fn stop_withdraws_the_confirmation_of_a_start_that_has_not_gone_out() {
    let mut world = small(59);
    world.texts(MARIA, "STOP");
    world.advance(MINUTE_MS);
    world.outside.failures.borrow_mut().push_back(Failing::Unreachable);
    world.texts(MARIA, "START");
    world.settle();
    assert_eq!(states(&world, MARIA)[1].0, DeliveryState::Pending);
    world.texts(MARIA, "STOP");
    world.advance(DAY_MS);
    assert_eq!(states(&world, MARIA)[1], (DeliveryState::Cancelled, Some("opted_out".to_owned())));
    assert_eq!(world.taken_for(MARIA).len(), 2, "one confirmation of each STOP");
    let chain = world.db.run(&consents::chain(&world.site.id, &phone(MARIA))).unwrap();
    let chain = consents::decode_chain(chain).unwrap();
    let holds = standing(&chain, shared::channel::Channel::Sms, Purpose::Transactional, None, world.ctx.now);
    assert!(matches!(holds, Standing::Revoked { .. }), "{holds:?}");
}

#[test]
fn an_answer_by_text_that_comes_hours_late_waits_for_the_morning_and_is_not_lost() {
    let mut world = small(63);
    // 23:30 at the shop, and nobody thinks about it before 2:30; Maria lives three hours further east.
    world.ctx.now = world.ctx.now.plus_ms(13 * HOUR_MS + 30 * MINUTE_MS);
    world.texts(MARIA, "How much is a tune-up?");
    world.ctx.now = world.ctx.now.plus_ms(3 * HOUR_MS);
    let morning = world.ctx.now.plus_ms(2 * HOUR_MS + 30 * MINUTE_MS);
    world.advance(2 * HOUR_MS);
    assert!(world.taken_for(MARIA).is_empty(), "{:#?}", world.taken_for(MARIA));
    world.advance(HOUR_MS);
    let taken = world.taken_for(MARIA);
    assert_eq!(taken.len(), 1, "{taken:#?}");
    assert!(taken[0].at_ms >= morning, "{taken:#?}");
}
