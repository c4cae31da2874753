//! Appointments through the store and the one writer: held, booked, moved, called off, by whoever may.

mod link;
mod notices;
mod page;
mod personal;
mod races;
mod refusals;
mod responses;
mod talk;
mod tools;
mod zones;

use shared::{
    appointment::{Act, Appointment, AppointmentEvent, State, id_of, slots::Slot},
    channel::Channel,
    command::{Appoint, Arrival, Ask, Command, Note, Wish},
    contact::{Address, AddressKind},
    event::{Body, Event},
    flow::{self, FlowError, Handled, appointments},
    id::{AppointmentId, EventId, ServiceId},
    store::{Stmt, sqlite::Break},
    time::{DAY_MS, HOUR_MS, MINUTE_MS, Timestamp},
    wire::Speaker,
};

use crate::world::{START, World, now, phone, web};

const MARIA: &str = "+14155552671";

/// Tuesday, 24 November 2026, at an hour in Los Angeles.
fn tuesday(hour: i64) -> Timestamp {
    START.plus_ms(DAY_MS + (hour - 10) * HOUR_MS)
}

fn service(name: &str) -> ServiceId {
    ServiceId::parse(&format!("svc_{name}")).unwrap()
}

fn wish(name: &str, start: Timestamp) -> Wish {
    Wish { service: service(name), resource: None, start, note: None }
}

/// What whoever is at an address asks, as a command.
fn command(world: &mut World, from: &Address, by: Speaker, ask: Ask) -> (AppointmentId, Command) {
    let channel = if from.kind == AddressKind::Phone { Channel::Sms } else { Channel::Widget };
    let event = EventId::mint(&mut world.ctx);
    let arrival = Arrival {
        endpoint: world.endpoint(channel).id,
        external_id: format!("{}/{event}", from.text),
        event: event.clone(),
        at: world.ctx.now,
        visitor: None,
    };
    let id = ask.names().cloned().unwrap_or_else(|| id_of(&event));
    (id, Command::Appoint(arrival, Appoint { from: from.clone(), by, version: None, ask }))
}

fn handle(world: &mut World, command: &Command) -> Result<Handled, FlowError> {
    world.db.restart();
    let mut ctx = world.ctx.clone();
    let handled = now(flow::handle(world.scope(), &mut ctx, command));
    world.ctx = ctx;
    handled
}

/// The contact at an address asks.
fn asks(world: &mut World, from: &Address, ask: Ask) -> Result<AppointmentId, FlowError> {
    let (id, command) = command(world, from, Speaker::Contact, ask);
    handle(world, &command).map(|handled| {
        assert!(handled.accepted.is_some());
        id
    })
}

fn books(world: &mut World, from: &Address, name: &str, start: Timestamp) -> AppointmentId {
    asks(world, from, Ask::Book(wish(name, start))).unwrap()
}

fn code<T: std::fmt::Debug>(asked: Result<T, FlowError>) -> &'static str {
    match asked {
        Err(FlowError::Rejected(why)) => why.code,
        other => panic!("{other:?}"),
    }
}

fn appointment(world: &World, id: &AppointmentId) -> Appointment {
    now(appointments::load_appointment(world.scope(), id)).unwrap().unwrap()
}

fn slots(world: &World, name: &str) -> Vec<Slot> {
    let (from, to) = (tuesday(0), tuesday(24));
    now(appointments::load_slots(world.scope(), &world.ctx, &service(name), from, to)).unwrap()
}

fn is_free(world: &World, name: &str, start: Timestamp) -> bool {
    slots(world, name).iter().any(|slot| slot.time.start == start)
}

/// What the timeline of whoever is at an address tells of appointments.
fn told(world: &World, address: &Address) -> Vec<AppointmentEvent> {
    let contact = world.contact(address).unwrap();
    let told = |event: Event| if let Body::Appointment(told) = event.body { Some(told) } else { None };
    world.timeline(&contact).into_iter().filter_map(told).collect()
}

/// Everything that appointments are and that was ever told.
fn everything(world: &World) -> String {
    let all = |sql| world.db.run(&Stmt { sql, args: Vec::new() }).unwrap().rows;
    let tables = [
        "SELECT * FROM appointments",
        "SELECT * FROM events",
        "SELECT * FROM arrivals",
        "SELECT id, last_seq FROM conversations",
        "SELECT * FROM contacts",
    ];
    format!("{:?}", tables.map(all))
}

/// Maria, whom the shop knows by number and mailbox, has written and then booked, and has been invited by mail.
fn with_booking(seed: u64) -> (World, AppointmentId) {
    let mut world = World::with_knowledge(seed, &["prices.md"]);
    world.texts(MARIA, "How much is a full service?");
    world.advance(MINUTE_MS);
    let (id, command) =
        command(&mut world, &phone(MARIA), Speaker::Contact, Ask::Book(wish("tune_up", tuesday(14))));
    let effects = handle(&mut world, &command).unwrap().effects;
    world.note(effects);
    world.advance(MINUTE_MS);
    (world, id)
}

fn visitor(world: &mut World) -> Address {
    web(&world.visitor())
}

#[test]
fn a_held_time_is_kept_and_then_booked() {
    let mut world = World::with_knowledge(1, &["prices.md"]);
    let ana = visitor(&mut world);
    let id = asks(&mut world, &ana, Ask::Hold(wish("tune_up", tuesday(10)))).unwrap();
    let held = appointment(&world, &id);
    assert_eq!(
        (held.state, held.version, held.held_until),
        (State::Held, 1, Some(START.plus_ms(10 * MINUTE_MS)))
    );
    assert_eq!((held.time.start, held.time.day.as_str()), (tuesday(10), "2026-11-24"));
    assert!(!is_free(&world, "tune_up", tuesday(10)));
    world.ctx.now = START.plus_ms(10 * MINUTE_MS - 1);
    let note = Some("  The red one. ".to_owned());
    asks(&mut world, &ana, Ask::BookHeld { id: id.clone(), note }).unwrap();
    let booked = appointment(&world, &id);
    assert_eq!(
        (booked.state, booked.version, booked.sequence, booked.held_until),
        (State::Booked, 2, 0, None)
    );
    assert_eq!(booked.note.as_deref(), Some("The red one."));
    let told = told(&world, &ana);
    assert_eq!(
        told.iter().map(|told| (told.act, told.version)).collect::<Vec<_>>(),
        [(Act::Held, 1), (Act::Booked, 2)]
    );
    assert_eq!((told[1].name.as_str(), told[1].note.as_deref()), ("Basic tune-up", Some("The red one.")));
    let contact = world.contact(&ana).unwrap();
    assert_eq!(now(appointments::load_open(world.scope(), &world.ctx, &contact)).unwrap(), [booked]);
}

#[test]
fn a_hold_that_has_ended_frees_its_time_and_can_no_longer_be_booked() {
    let mut world = World::with_knowledge(2, &["prices.md"]);
    let (ana, ben) = (visitor(&mut world), visitor(&mut world));
    let id = asks(&mut world, &ana, Ask::Hold(wish("tune_up", tuesday(10)))).unwrap();
    assert_eq!(code(asks(&mut world, &ben, Ask::Book(wish("tune_up", tuesday(10))))), "slot_taken");
    world.ctx.now = START.plus_ms(10 * MINUTE_MS);
    assert!(is_free(&world, "tune_up", tuesday(10)));
    let book_held = Ask::BookHeld { id: id.clone(), note: None };
    assert_eq!(code(asks(&mut world, &ana, book_held.clone())), "expired_hold");
    books(&mut world, &ben, "tune_up", tuesday(10));
    // Tidied up by whoever took the time, and still called what it is.
    assert_eq!(appointment(&world, &id).state, State::Cancelled);
    assert_eq!(code(asks(&mut world, &ana, book_held)), "expired_hold");
    assert_eq!(code(asks(&mut world, &ana, Ask::Cancel(id))), "expired_hold");
}

#[test]
fn a_clock_that_is_behind_does_not_bring_a_hold_back() {
    let mut world = World::with_knowledge(3, &["prices.md"]);
    let (ana, ben) = (visitor(&mut world), visitor(&mut world));
    let id = asks(&mut world, &ana, Ask::Hold(wish("tune_up", tuesday(10)))).unwrap();
    world.ctx.now = START.plus_ms(10 * MINUTE_MS);
    asks(&mut world, &ben, Ask::Hold(wish("tune_up", tuesday(10)))).unwrap();
    world.ctx.now = START.plus_ms(10 * MINUTE_MS - 1);
    assert_eq!(code(asks(&mut world, &ana, Ask::BookHeld { id, note: None })), "expired_hold");
}

#[test]
fn who_holds_another_time_lets_go_of_the_first() {
    let mut world = World::with_knowledge(4, &["prices.md"]);
    let ana = visitor(&mut world);
    let first = asks(&mut world, &ana, Ask::Hold(wish("tune_up", tuesday(10)))).unwrap();
    // Half an hour later overlaps with what is held: it is given up for it.
    let half_past = tuesday(10).plus_ms(30 * MINUTE_MS);
    let second = asks(&mut world, &ana, Ask::Hold(wish("tune_up", half_past))).unwrap();
    assert_eq!(appointment(&world, &first).state, State::Cancelled);
    assert_eq!(code(asks(&mut world, &ana, Ask::BookHeld { id: first, note: None })), "appointment_over");
    // Booking directly lets go of it as well.
    let booked = books(&mut world, &ana, "tune_up", tuesday(10));
    assert_eq!(appointment(&world, &second).state, State::Cancelled);
    assert_eq!(appointment(&world, &booked).state, State::Booked);
    let acts: Vec<_> = told(&world, &ana).into_iter().map(|told| told.act).collect();
    assert_eq!(acts, [Act::Held, Act::Released, Act::Held, Act::Released, Act::Booked]);
}

#[test]
fn moving_frees_the_old_time_and_cancelling_frees_the_new_one() {
    let mut world = World::with_knowledge(5, &["prices.md"]);
    let ana = visitor(&mut world);
    let id = books(&mut world, &ana, "tune_up", tuesday(10));
    asks(&mut world, &ana, Ask::Note(id.clone(), Note::LateByMin(10))).unwrap();
    // Half an hour later overlaps with itself only.
    let half_past = tuesday(10).plus_ms(30 * MINUTE_MS);
    asks(&mut world, &ana, Ask::Move { id: id.clone(), start: half_past, resource: None }).unwrap();
    assert!(!is_free(&world, "tune_up", tuesday(10)) && !is_free(&world, "tune_up", tuesday(11)));
    asks(&mut world, &ana, Ask::Move { id: id.clone(), start: tuesday(14), resource: None }).unwrap();
    assert!(is_free(&world, "tune_up", half_past) && !is_free(&world, "tune_up", tuesday(14)));
    let moved = appointment(&world, &id);
    assert_eq!((moved.version, moved.sequence, moved.late_by_min), (4, 2, None));
    asks(&mut world, &ana, Ask::Cancel(id.clone())).unwrap();
    assert!(is_free(&world, "tune_up", tuesday(14)));
    let cancelled = appointment(&world, &id);
    assert_eq!((cancelled.state, cancelled.version, cancelled.sequence), (State::Cancelled, 5, 3));
    let told = told(&world, &ana);
    assert_eq!(told[3].was, Some(half_past));
    assert_eq!(told.iter().map(|told| told.version).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
}

#[test]
fn notes_stand_on_the_appointment_and_a_delay_is_a_number() {
    let mut world = World::with_knowledge(6, &["prices.md"]);
    world.texts(MARIA, "Hello");
    let maria = phone(MARIA);
    let id = books(&mut world, &maria, "full_service", tuesday(10));
    for text in ["The gears slip.", " The red bike. "] {
        asks(&mut world, &maria, Ask::Note(id.clone(), Note::Text(text.into()))).unwrap();
    }
    world.ctx.now = tuesday(10).plus_ms(5 * MINUTE_MS);
    asks(&mut world, &maria, Ask::Note(id.clone(), Note::LateByMin(15))).unwrap();
    let noted = appointment(&world, &id);
    assert_eq!(noted.note.as_deref(), Some("The gears slip.\nThe red bike."));
    assert_eq!((noted.late_by_min, noted.version, noted.sequence), (Some(15), 4, 0));
    let last = told(&world, &maria).pop().unwrap();
    assert_eq!((last.act, last.late_by_min, last.note), (Act::Noted, Some(15), None));
    let chosen = world.contact(&maria);
    let view = now(flow::view::load_timeline(world.scope(), &world.ctx, chosen)).unwrap();
    let page = shared::page::timeline(&view);
    assert!(
        page.contains("will be 15 min late for Full service on Tuesday, 24 November 2026 at 13:00–15:00.")
    );
}

#[test]
fn the_team_tells_how_an_appointment_ended() {
    let mut world = World::with_knowledge(7, &["prices.md"]);
    let ana = visitor(&mut world);
    for (end, state) in [(Ask::MarkMissed as fn(_) -> _, State::Missed), (Ask::MarkDone, State::Done)] {
        let id = books(&mut world, &ana, "tune_up", tuesday(10));
        let by = |world: &mut World, by: Speaker| {
            let (_, command) = command(world, &ana, by, end(id.clone()));
            handle(world, &command)
        };
        assert_eq!(code(by(&mut world, Speaker::Agent("Rosa".into()))), "not_begun");
        world.ctx.now = tuesday(20);
        assert_eq!(code(by(&mut world, Speaker::Contact)), "not_allowed");
        assert_eq!(code(by(&mut world, Speaker::Assistant)), "not_allowed");
        by(&mut world, Speaker::Agent("Rosa".into())).unwrap();
        assert_eq!(appointment(&world, &id).state, state);
        assert_eq!(code(by(&mut world, Speaker::Agent("Rosa".into()))), "appointment_over");
        world.ctx.now = START;
    }
}

#[test]
fn the_same_command_again_is_acknowledged_at_the_same_place_and_changes_nothing() {
    let mut world = World::with_knowledge(8, &["prices.md"]);
    let ana = visitor(&mut world);
    let (id, hold) = command(&mut world, &ana, Speaker::Contact, Ask::Hold(wish("tune_up", tuesday(10))));
    let first = handle(&mut world, &hold).unwrap();
    let (_, book) = command(&mut world, &ana, Speaker::Contact, Ask::BookHeld { id: id.clone(), note: None });
    let second = handle(&mut world, &book).unwrap();
    let before = everything(&world);
    for _ in 0..2 {
        assert_eq!(handle(&mut world, &hold).unwrap().accepted, first.accepted);
        assert_eq!(handle(&mut world, &book).unwrap().accepted, second.accepted);
    }
    assert_eq!(everything(&world), before);
}

/// The version that is stored; 0 where there is none.
fn version(world: &World, id: &AppointmentId) -> usize {
    let stored = world.db.run(&shared::store::appointments::one(&world.site.id, id)).unwrap();
    let stored = shared::store::appointments::decode(stored).unwrap();
    stored.first().map_or(0, |stored| stored.version as usize)
}

#[test]
fn an_end_at_any_point_leaves_nothing_or_all_of_it_and_trying_again_comes_to_the_same() {
    for how in [Break::Before, Break::After] {
        for at in 0..12 {
            let mut world = World::with_knowledge(9, &["prices.md"]);
            let ana = visitor(&mut world);
            let (id, hold) =
                command(&mut world, &ana, Speaker::Contact, Ask::Hold(wish("tune_up", tuesday(10))));
            let (_, book) =
                command(&mut world, &ana, Speaker::Contact, Ask::BookHeld { id: id.clone(), note: None });
            let to = Ask::Move { id: id.clone(), start: tuesday(12), resource: None };
            let (_, to) = command(&mut world, &ana, Speaker::Contact, to);
            world.db.crash(at, how);
            for (index, command) in [hold, book, to].iter().enumerate() {
                let expected = [Act::Held, Act::Booked, Act::Moved][index];
                // Whoever is not answered asks again.
                let acknowledged = (0..3).any(|_| {
                    let acknowledged = handle(&mut world, command).is_ok();
                    // The event, the arrival and the appointment are there, or none of them is.
                    let told = world.contact(&ana).map(|_| told(&world, &ana)).unwrap_or_default();
                    assert_eq!(version(&world, &id), told.len(), "{how:?} {at}");
                    assert!(
                        !acknowledged || told.last().is_some_and(|told| told.act == expected),
                        "{how:?} {at}"
                    );
                    acknowledged
                });
                assert!(acknowledged, "{how:?} {at}");
            }
            let acts: Vec<_> = told(&world, &ana).into_iter().map(|told| told.act).collect();
            assert_eq!(acts, [Act::Held, Act::Booked, Act::Moved], "{how:?} {at}");
            let moved = appointment(&world, &id);
            assert_eq!((moved.state, moved.version, moved.time.start), (State::Booked, 3, tuesday(12)));
        }
    }
}
