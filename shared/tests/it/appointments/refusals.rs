//! What may not be, with its reason, and without a trace.

use shared::{
    command::{Ask, Command, Note, Wish},
    flow::{FlowError, appointments},
    id::{AppointmentId, ResourceId, SiteId},
    store::{Arg, DbError, Stmt, all_statements},
    time::{DAY_MS, HOUR_MS, MINUTE_MS},
    wire::Speaker,
};

use super::{
    MARIA, appointment, asks, books, code, command, everything, handle, service, told, tuesday, visitor, wish,
};
use crate::world::{START, World, now, phone};

fn nobody() -> AppointmentId {
    AppointmentId::parse("apt_nobody").unwrap()
}

#[test]
fn what_cannot_be_is_refused_with_a_stable_code_and_changes_nothing() {
    let mut world = World::with_knowledge(11, &["prices.md"]);
    let (ana, ben) = (visitor(&mut world), visitor(&mut world));
    let id = books(&mut world, &ana, "tune_up", tuesday(10));
    let held = asks(&mut world, &ana, Ask::Hold(wish("tune_up", tuesday(14)))).unwrap();
    let bens = books(&mut world, &ben, "tune_up", tuesday(12));
    // Five minutes are enough to be asked more often than twenty times.
    world.site.limits.messages_per_minute = 1_000;
    let before = everything(&world);
    let move_to = |start| Ask::Move { id: id.clone(), start, resource: None };
    let at = |resource: &str| {
        let resource = Some(ResourceId::parse(resource).unwrap());
        Ask::Book(Wish { resource, ..wish("tune_up", tuesday(16)) })
    };
    let noted = |note: Option<&str>| {
        Ask::Book(Wish { note: note.map(str::to_owned), ..wish("tune_up", tuesday(16)) })
    };
    let long = "a".repeat(501);
    for (ask, expected) in [
        (Ask::Book(wish("tune_up", tuesday(10))), "slot_taken"),
        (Ask::Book(wish("tune_up", tuesday(10).plus_ms(30 * MINUTE_MS))), "slot_taken"),
        (Ask::Book(wish("full_service", tuesday(11))), "slot_taken"),
        (Ask::Book(wish("tune_up", START.plus_ms(-HOUR_MS))), "slot_past"),
        (Ask::Book(wish("tune_up", START)), "slot_past"),
        (Ask::Book(wish("tune_up", START.plus_ms(30 * MINUTE_MS))), "not_bookable"),
        (Ask::Book(wish("tune_up", tuesday(10).plus_ms(1))), "not_bookable"),
        (Ask::Book(wish("tune_up", tuesday(18))), "not_bookable"),
        (Ask::Hold(wish("tune_up", tuesday(3))), "not_bookable"),
        (Ask::Hold(wish("tune_up", START.plus_ms(61 * DAY_MS))), "not_bookable"),
        // Thanksgiving, and Jun's Monday.
        (Ask::Hold(wish("tune_up", START.plus_ms(3 * DAY_MS))), "not_bookable"),
        (Ask::Hold(wish("basic_fitting", START.plus_ms(7 * DAY_MS))), "not_bookable"),
        (Ask::Hold(wish("haircut", tuesday(16))), "unknown_service"),
        (at("rsc_jun"), "not_bookable"),
        (at("rsc_nobody"), "not_bookable"),
        (noted(Some(" ")), "empty_note"),
        (noted(Some(&long)), "long_note"),
        (Ask::Note(id.clone(), Note::Text(" \n".into())), "empty_note"),
        (Ask::Note(id.clone(), Note::Text(long.clone())), "long_note"),
        (Ask::Note(id.clone(), Note::LateByMin(0)), "bad_delay"),
        (Ask::Note(id.clone(), Note::LateByMin(241)), "bad_delay"),
        (Ask::Note(held.clone(), Note::LateByMin(5)), "not_booked"),
        (Ask::Move { id: held.clone(), start: tuesday(15), resource: None }, "not_booked"),
        (move_to(tuesday(12)), "slot_taken"),
        (move_to(tuesday(10)), "already_booked"),
        (move_to(START), "slot_past"),
        (move_to(tuesday(20)), "not_bookable"),
        (Ask::BookHeld { id: id.clone(), note: None }, "already_booked"),
        (Ask::MarkDone(id.clone()), "not_allowed"),
        (Ask::Cancel(nobody()), "unknown_appointment"),
        (Ask::Cancel(bens.clone()), "unknown_appointment"),
        (Ask::Move { id: bens.clone(), start: tuesday(15), resource: None }, "unknown_appointment"),
        (Ask::Note(bens.clone(), Note::LateByMin(5)), "unknown_appointment"),
        (Ask::BookHeld { id: bens, note: None }, "unknown_appointment"),
    ] {
        assert_eq!(code(asks(&mut world, &ana, ask.clone())), expected, "{ask:?}");
        assert_eq!(everything(&world), before, "{ask:?}");
    }
}

#[test]
fn what_is_over_cannot_be_changed() {
    let mut world = World::with_knowledge(12, &["prices.md"]);
    let ana = visitor(&mut world);
    let cancelled = books(&mut world, &ana, "tune_up", tuesday(12));
    asks(&mut world, &ana, Ask::Cancel(cancelled.clone())).unwrap();
    let past = books(&mut world, &ana, "tune_up", tuesday(10));
    world.ctx.now = tuesday(11);
    for id in [cancelled, past] {
        for ask in [
            Ask::Cancel(id.clone()),
            Ask::Move { id: id.clone(), start: tuesday(14), resource: None },
            Ask::Note(id.clone(), Note::LateByMin(5)),
            Ask::BookHeld { id: id.clone(), note: None },
        ] {
            assert_eq!(code(asks(&mut world, &ana, ask.clone())), "appointment_over", "{ask:?}");
        }
    }
}

#[test]
fn a_line_that_is_not_proven_reaches_only_what_was_made_on_it() {
    let mut world = World::with_knowledge(13, &["prices.md"]);
    let browser = world.visitor();
    world.says(&browser, "Hello").unwrap();
    // Whoever sits at this browser typed a number that nobody had; its owner answers and is thereby the same contact.
    let number = "+14155550123";
    world.continues(&browser, shared::channel::Channel::Sms, number).unwrap();
    world.advance(MINUTE_MS);
    world.texts(number, "Yes, here I am");
    let (browser, number) = (crate::world::web(&browser), phone(number));
    assert_eq!(world.contact(&browser), world.contact(&number));
    let by_text = books(&mut world, &number, "tune_up", tuesday(10));
    let by_chat = books(&mut world, &browser, "tune_up", tuesday(12));
    assert_eq!(code(asks(&mut world, &browser, Ask::Cancel(by_text.clone()))), "unknown_appointment");
    // What was proven reaches everything, also through the assistant.
    let (_, by_assistant) = command(&mut world, &number, Speaker::Assistant, Ask::Cancel(by_chat));
    handle(&mut world, &by_assistant).unwrap();
    // The team reaches it from any line of the contact's.
    let (_, by_team) = command(&mut world, &browser, Speaker::Agent("Rosa".into()), Ask::Cancel(by_text));
    handle(&mut world, &by_team).unwrap();
}

#[test]
fn a_question_meant_for_an_older_version_is_refused() {
    let mut world = World::with_knowledge(14, &["prices.md"]);
    let ana = visitor(&mut world);
    let id = books(&mut world, &ana, "tune_up", tuesday(10));
    let (_, mut first) = command(
        &mut world,
        &ana,
        Speaker::Contact,
        Ask::Move { id: id.clone(), start: tuesday(12), resource: None },
    );
    let (_, mut second) = command(&mut world, &ana, Speaker::Contact, Ask::Cancel(id));
    for command in [&mut first, &mut second] {
        let Command::Appoint(_, appoint) = command else { panic!("another command") };
        appoint.version = Some(1);
    }
    handle(&mut world, &first).unwrap();
    assert_eq!(code(handle(&mut world, &second)), "appointment_changed");
}

#[test]
fn nobody_fills_the_calendar_alone() {
    let mut world = World::with_knowledge(15, &["prices.md"]);
    world.site.limits.messages_per_minute = 5;
    let ana = visitor(&mut world);
    let mut refused = Vec::new();
    for day in [1, 2, 8, 9] {
        for hour in [9, 11, 13, 15] {
            let start = tuesday(hour).plus_ms((day - 1) * DAY_MS);
            match asks(&mut world, &ana, Ask::Book(wish("tune_up", start))) {
                Ok(_) => world.ctx.now = world.ctx.now.plus_ms(20_000),
                Err(FlowError::Rejected(why)) => refused.push(why.code),
                Err(error) => panic!("{error}"),
            }
        }
    }
    assert_eq!(told(&world, &ana).len(), 12);
    assert_eq!(refused.len(), 4);
    assert!(refused.contains(&"too_many_appointments"), "{refused:?}");
    let ben = visitor(&mut world);
    for _ in 0..5 {
        asks(&mut world, &ben, Ask::Hold(wish("tune_up", tuesday(16)))).unwrap();
    }
    assert_eq!(code(asks(&mut world, &ben, Ask::Hold(wish("tune_up", tuesday(16))))), "rate_limited");
}

#[test]
fn another_sites_appointments_are_not_there() {
    let mut world = World::with_knowledge(16, &["prices.md"]);
    world.texts(MARIA, "Hello");
    let id = books(&mut world, &phone(MARIA), "tune_up", tuesday(10));
    let (_, cancel) = command(&mut world, &phone(MARIA), Speaker::System, Ask::Cancel(id.clone()));
    let before = everything(&world);
    let ours = std::mem::replace(&mut world.site.id, SiteId::parse("ste_other").unwrap());
    assert_eq!(now(appointments::load_appointment(world.scope(), &id)), Ok(None));
    assert_eq!(code(handle(&mut world, &cancel)), "unknown_appointment");
    // Its calendar is its own, too: the same names of resources are other resources.
    let (from, to) = (tuesday(10), tuesday(11));
    let slots =
        now(appointments::load_slots(world.scope(), &world.ctx, &service("tune_up"), from, to)).unwrap();
    assert!(slots.iter().any(|slot| slot.time.start == tuesday(10)));
    world.site.id = ours;
    assert_eq!(everything(&world), before);
}

#[test]
fn the_database_itself_refuses_what_overlaps_goes_back_or_has_ended() {
    let mut world = World::with_knowledge(17, &["prices.md"]);
    let ana = visitor(&mut world);
    let id = books(&mut world, &ana, "full_service", tuesday(10));
    let booked = appointment(&world, &id);
    let site = world.site.id.clone();
    let run = |stmt: &Stmt| world.db.run(stmt);
    let add = |next: &shared::appointment::Appointment| shared::store::appointments::add(&site, next, START);
    let change =
        |next: &shared::appointment::Appointment| shared::store::appointments::update(&site, next, START);
    let mut other = booked.clone();
    other.id = nobody();
    // The buffer after it is its own as well: 12:15 is the first free minute.
    for minutes in [-119, 0, 60, 134] {
        let by = |at: shared::time::Timestamp| at.plus_ms(minutes * MINUTE_MS);
        let time = &booked.time;
        (other.time.start, other.time.end) = (by(time.start), by(time.end));
        (other.time.busy_from, other.time.busy_to) = (by(time.busy_from), by(time.busy_to));
        assert!(matches!(run(&add(&other)), Err(DbError::Conflict(_))), "{minutes}");
    }
    (other.time, other.resource) = (booked.time.clone(), ResourceId::parse("rsc_jun").unwrap());
    run(&add(&other)).unwrap();
    // Onto another's time by a change, and from an older version.
    let onto =
        shared::appointment::Appointment { version: 2, resource: booked.resource.clone(), ..other.clone() };
    assert!(matches!(run(&change(&onto)), Err(DbError::Conflict(_))));
    assert!(matches!(run(&change(&other)), Err(DbError::Conflict(_))));
    let skipped = shared::appointment::Appointment { version: 3, ..other.clone() };
    assert!(matches!(run(&change(&skipped)), Err(DbError::Conflict(_))));
    let ended =
        shared::appointment::Appointment { version: 2, state: shared::appointment::State::Done, ..other };
    run(&change(&ended)).unwrap();
    let back =
        shared::appointment::Appointment { version: 3, state: shared::appointment::State::Booked, ..ended };
    assert!(run(&change(&back)).is_err());
    let expire =
        all_statements().into_iter().find(|(path, _)| path.ends_with("appointments::EXPIRE")).unwrap().1;
    let args = vec![
        Arg::from("ste_larkspur"),
        "rsc_stand".into(),
        0_i64.into(),
        tuesday(24).into(),
        tuesday(24).into(),
    ];
    assert_eq!(run(&Stmt { sql: expire, args }).unwrap().changes, 0, "what is booked does not expire");
}
