//! Appointments as both databases must keep them: what they answer, and what their triggers refuse.

use shared::{
    appointment::{Appointment, State, booker::Booker, id_of},
    channel::Channel,
    command::{Appoint, Arrival, Ask, Command, Note, Wish},
    flow::{self, appointments},
    id::{AppointmentId, EventId, ServiceId},
    store::{DbError, Stmt, appointments as rows},
    time::{DAY_MS, HOUR_MS, MINUTE_MS, Timestamp},
    wire::Speaker,
};

use super::{
    MARIA,
    native::{World, now, phone},
};

fn asks(world: &mut World, by: Speaker, ask: Ask) -> AppointmentId {
    let event = EventId::mint(&mut world.ctx);
    let arrival = Arrival {
        endpoint: world.endpoint(Channel::Sms).id,
        external_id: event.to_string(),
        event: event.clone(),
        at: world.ctx.now,
        visitor: None,
    };
    let id = ask.names().cloned().unwrap_or_else(|| id_of(&event));
    let command = Command::Appoint(arrival, Appoint { from: phone(MARIA), by, version: None, ask });
    let mut ctx = world.ctx.clone();
    now(flow::handle(world.scope(), &mut ctx, &command)).expect("an acknowledgement");
    world.ctx = ctx;
    id
}

/// Held, let go, booked, moved, noted, called off, done; and a hold that ends by the clock and is tidied up.
pub(super) fn story(world: &mut World) {
    let service = ServiceId::parse("svc_full_service").expect("an id");
    let (from, to) = (world.ctx.now, world.ctx.now.plus_ms(9 * DAY_MS));
    let load = |world: &World| {
        now(appointments::load_slots(world.scope(), &world.ctx, &service, from, to)).expect("slots")
    };
    let wish = |start: Timestamp| Wish { service: service.clone(), resource: None, start, note: None };
    let starts: Vec<Timestamp> = load(world).iter().map(|slot| slot.time.start).collect();
    asks(world, Speaker::Contact, Ask::Hold(wish(starts[0])));
    asks(world, Speaker::Contact, Ask::Hold(wish(starts[1])));
    world.ctx.now = world.ctx.now.plus_ms(11 * MINUTE_MS);
    let id = asks(world, Speaker::Contact, Ask::Book(wish(starts[1])));
    let start = load(world).last().expect("a slot").time.start;
    asks(world, Speaker::Contact, Ask::Move { id: id.clone(), start, resource: None });
    asks(world, Speaker::Contact, Ask::Note(id.clone(), Note::LateByMin(10)));
    let held = asks(world, Speaker::Contact, Ask::Hold(wish(starts[1])));
    asks(world, Speaker::Contact, Ask::BookHeld { id: held.clone(), note: Some("Ñandú, red".into()) });
    let booked = now(appointments::load_appointment(world.scope(), &held)).expect("an answer").expect("one");
    must_fail(world, &booked);
    asks(world, Speaker::Contact, Ask::Cancel(held.clone()));
    let booker = Booker { name: "Ana".into(), email: "ana@mail.example".into(), phone: String::new() };
    let typed = asks(world, Speaker::Contact, Ask::BookAs(wish(starts[1]), booker));
    let told = now(appointments::load_appointment(world.scope(), &typed)).expect("an answer").expect("one");
    assert_eq!(told.mailbox.map(|mailbox| mailbox.text).as_deref(), Some("ana@mail.example"));
    asks(world, Speaker::Contact, Ask::Cancel(typed));
    let over = now(appointments::load_appointment(world.scope(), &held)).expect("an answer").expect("one");
    let back = Appointment { state: State::Booked, version: over.version + 1, ..over };
    assert!(world.db.run(&rows::update(&world.site.id, &back, world.ctx.now)).is_err());
    world.ctx.now = start.plus_ms(HOUR_MS);
    asks(world, Speaker::Agent("Rosa".into()), Ask::MarkDone(id));
    let maria = world.contact(&phone(MARIA)).expect("Maria");
    now(appointments::load_open(world.scope(), &world.ctx, &maria)).expect("appointments");
}

/// What the constraints refuse, with one appointment booked.
fn must_fail(world: &World, booked: &Appointment) {
    let (site, at) = (&world.site.id, world.ctx.now);
    let id = AppointmentId::parse("apt_other").expect("an id");
    let other = Appointment { id, version: 1, ..booked.clone() };
    let conflict = |stmt: &Stmt, why: &str| {
        let answer = world.db.run(stmt);
        assert!(matches!(&answer, Err(DbError::Conflict(words)) if words.contains(why)), "{why}: {answer:?}");
    };
    conflict(&rows::add(site, &other, at), "the time is taken");
    conflict(&rows::update(site, booked, at), "the appointment has changed");
    // A day that is full, an hour that is free, then onto the other's time and day.
    let mut later = Appointment { day_max: Some(1), ..other };
    let time = &mut later.time;
    for at in [&mut time.start, &mut time.end, &mut time.busy_from, &mut time.busy_to] {
        *at = at.plus_ms(9 * HOUR_MS);
    }
    conflict(&rows::add(site, &later, at), "the day is full");
    "2000-01-01".clone_into(&mut later.time.day);
    world.db.run(&rows::add(site, &later, at)).expect("room");
    let onto = Appointment { version: 2, day_max: None, time: booked.time.clone(), ..later.clone() };
    conflict(&rows::update(site, &onto, at), "the time is taken");
    let mut full = Appointment { version: 2, ..later.clone() };
    full.time.day.clone_from(&booked.time.day);
    conflict(&rows::update(site, &full, at), "the day is full");
    let nonsense = Appointment { state: State::Held, held_until: None, version: 2, ..later.clone() };
    let answer = world.db.run(&rows::update(site, &nonsense, at));
    assert!(matches!(answer, Err(DbError::Corrupt(_))), "{answer:?}");
    let cancelled = Appointment { state: State::Cancelled, version: 2, ..later };
    world.db.run(&rows::update(site, &cancelled, at)).expect("a change");
}
