//! Booking by talking: found, chosen, moved and called off in the contact's own words, on whatever line.

use shared::{
    assistant::{self, Draft},
    event::Body,
};

use super::*;
use crate::world::mailbox;

/// What the assistant last said to an address.
fn answer(world: &World, to: &Address) -> String {
    world.last_answer(to).message().unwrap().text.clone()
}

fn texts(world: &mut World, text: &str) -> String {
    world.texts(MARIA, text);
    world.advance(5_000);
    answer(world, &phone(MARIA))
}

fn says(world: &mut World, from: &Address, text: &str) -> String {
    let visitor = shared::id::VisitorId::parse(&from.text).unwrap();
    world.says(&visitor, text).unwrap();
    world.advance(5_000);
    answer(world, from)
}

fn mails(world: &mut World, text: &str) -> String {
    world.mails("maria@mail.example", "Appointment", text, None);
    world.advance(5_000);
    answer(world, &mailbox("maria@mail.example"))
}

fn states(world: &World, of: &Address) -> Vec<Act> {
    told(world, of).into_iter().map(|told| told.act).collect()
}

#[test]
fn by_text_a_time_is_found_chosen_moved_and_called_off() {
    let mut world = World::with_knowledge(1, &["prices.md"]);
    let maria = phone(MARIA);
    let offer = texts(&mut world, "Hi, I'd like to book a tune-up");
    assert!(
        offer.contains("1) Monday 23 November") && offer.contains("2) ") && offer.contains(" or 3) "),
        "{offer}"
    );
    let second = offer.split("2) ").nth(1).and_then(|rest| rest.split(" or ").next()).unwrap().to_owned();
    let booked = texts(&mut world, "2 please");
    assert!(booked.contains(&format!("You are booked: Basic tune-up, {second}.")), "{booked} / {offer}");

    let asked = texts(&mut world, "sorry, when is my appointment?");
    assert!(asked.contains(&format!("You have an appointment: Basic tune-up, {second}.")), "{asked}");
    let moved = texts(&mut world, "can we do Wednesday at 3 instead?");
    assert!(moved.contains("Basic tune-up is now Wednesday 25 November, 15:00."), "{moved}");
    let day = world.ctx.now.plus_ms(2 * DAY_MS);
    world.advance(day.since_ms(world.ctx.now));
    let late = texts(&mut world, "stuck in traffic, 15 minutes late");
    assert!(late.contains("15 minutes late"), "{late}");
    assert_eq!(told(&world, &maria).last().unwrap().late_by_min, Some(15));

    let asked = texts(&mut world, "sorry, I need to cancel my appointment");
    assert!(asked.contains("Shall I cancel Basic tune-up, Wednesday 25 November, 15:00?"), "{asked}");
    assert_eq!(states(&world, &maria), [Act::Booked, Act::Moved, Act::Noted], "nothing before a yes");
    let cancelled = texts(&mut world, "yes");
    assert!(cancelled.contains("is cancelled"), "{cancelled}");
    assert_eq!(states(&world, &maria), [Act::Booked, Act::Moved, Act::Noted, Act::Cancelled]);
    let phone = world.sandbox(MARIA);
    let booked = phone.iter().filter(|text| text.text.contains("ou are booked")).count();
    assert_eq!(booked, 1, "one text says it, not two: {phone:#?}");
}

#[test]
fn in_the_chat_times_are_cards_and_so_is_what_was_booked_or_moved() {
    use shared::wire::Offer;
    let mut world = World::with_knowledge(9, &["prices.md"]);
    let ana = visitor(&mut world);
    let offers = |world: &World| world.last_answer(&ana).message().unwrap().offers.clone();
    says(&mut world, &ana, "I'd like to book a tune-up");
    let shown = offers(&world);
    let [Offer::Times { starts }] = shown.as_slice() else { panic!("{shown:?}") };
    assert_eq!(starts.len(), 3);
    let held = says(&mut world, &ana, "2");
    assert!(held.contains("free for you for ten minutes. Shall I book it?"), "{held}");
    let shown = offers(&world);
    assert!(
        matches!(&shown[..], [Offer::Held { name, start, until }]
            if name == "Basic tune-up" && *start == starts[1] && until.since_ms(world.ctx.now) > 9 * MINUTE_MS),
        "{shown:?}"
    );
    assert!(says(&mut world, &ana, "Yes, book it").contains("You are booked"));
    assert_eq!(states(&world, &ana), [Act::Held, Act::Booked]);
    let shown = offers(&world);
    let card = |offer: &Offer| match offer {
        Offer::Booked { name, start, link } => Some((name.clone(), *start, link.clone())),
        _ => None,
    };
    let (name, start, link) = shown.iter().find_map(card).unwrap_or_else(|| panic!("{shown:?}"));
    assert_eq!((name.as_str(), start), ("Basic tune-up", starts[1]));
    assert_eq!(told(&world, &ana).last().unwrap().start, start);
    // The card leads to this very appointment.
    let id = shared::appointment::link::open("test-signing-key", link.rsplit('/').next().unwrap()).unwrap().1;
    assert_eq!(told(&world, &ana).last().unwrap().id, id, "{link}");
    says(&mut world, &ana, "can we do Friday at 11 instead?");
    let shown = offers(&world);
    let (_, moved, same) = shown.iter().find_map(card).unwrap_or_else(|| panic!("{shown:?}"));
    assert!(moved != start && same == link, "{shown:?}");

    // A text has no cards.
    texts(&mut world, "I'd like to book a tune-up");
    assert_eq!(world.last_answer(&phone(MARIA)).message().unwrap().offers, []);
}

#[test]
fn in_the_chat_a_time_that_was_named_is_booked_at_once_and_kept_when_the_answer_is_no() {
    let mut world = World::with_knowledge(2, &["prices.md"]);
    let ana = visitor(&mut world);
    let which = says(&mut world, &ana, "I want to book for tomorrow at 14:00");
    assert!(which.contains("What is it for? We offer: Basic tune-up, Full service"), "{which}");
    let booked = says(&mut world, &ana, "the full service");
    assert!(booked.contains("You are booked: Full service, Tuesday 24 November, 14:00."), "{booked}");
    assert!(booked.contains("Which email address may I send a confirmation to?"), "{booked}");
    let asked = says(&mut world, &ana, "can I cancel it?");
    assert!(asked.contains("Shall I cancel Full service"), "{asked}");
    assert!(says(&mut world, &ana, "no").contains("it stays as it is"));
    assert_eq!(states(&world, &ana), [Act::Booked]);
}

#[test]
fn by_email_in_spanish_a_time_is_offered_and_chosen() {
    let mut world = World::with_knowledge(3, &["prices.md"]);
    let offer =
        mails(&mut world, "Hola, quiero reservar una cita para Full service el jueves 3 de diciembre.");
    assert!(offer.contains("1) jueves 3 de diciembre, "), "{offer}");
    let booked = mails(&mut world, "La primera, por favor.");
    assert!(booked.contains("Su cita está reservada: Full service, jueves 3 de diciembre, "), "{booked}");
}

#[test]
fn what_was_taken_meanwhile_is_not_booked_twice_nor_swapped_for_another() {
    let mut world = World::with_knowledge(4, &["prices.md"]);
    let offer = texts(&mut world, "book me a tune-up for tomorrow morning please");
    assert!(offer.contains("1) Tuesday 24 November, 9:00"), "{offer}");
    let ana = visitor(&mut world);
    books(&mut world, &ana, "tune_up", tuesday(9));
    let answer = texts(&mut world, "the first one");
    assert!(answer.contains("Somebody has just taken that time") && answer.contains("1) "), "{answer}");
    assert_eq!(states(&world, &phone(MARIA)), []);
}

#[test]
fn a_time_taken_while_the_answer_was_written_is_refused_in_it() {
    let mut world = World::with_knowledge(5, &["prices.md"]);
    let (ana, ben) = (visitor(&mut world), visitor(&mut world));
    let visitor = shared::id::VisitorId::parse(&ana.text).unwrap();
    world.says(&visitor, "book me a tune-up tomorrow at 9").unwrap();
    let ask = Ask::Book(wish("tune_up", tuesday(9)));
    let draft =
        Draft { acts: vec![assistant::Act::Appoint(ask)], author: "builtin".into(), ..Draft::default() };
    let command = Command::Answer(world.answer(&visitor, draft));
    books(&mut world, &ben, "tune_up", tuesday(9));
    handle(&mut world, &command).unwrap();
    assert!(answer(&world, &ana).contains("Somebody has just taken that time"));
    assert_eq!(states(&world, &ana), []);
}

#[test]
fn a_line_that_proves_nothing_learns_nothing_of_appointments_made_elsewhere() {
    let mut world = World::with_knowledge(6, &[]);
    texts(&mut world, "book me a tune-up tomorrow at 9");
    assert_eq!(states(&world, &phone(MARIA)), [Act::Booked]);
    let ana = visitor(&mut world);
    let visitor = shared::id::VisitorId::parse(&ana.text).unwrap();
    world.continues(&visitor, Channel::Sms, MARIA).unwrap();
    world.advance(5_000);
    let answer = says(&mut world, &ana, "cancel my appointment please");
    assert!(answer.contains("I cannot find an appointment of yours here"), "{answer}");
    let answer = says(&mut world, &ana, "when is my appointment?");
    assert!(answer.contains("I cannot find an appointment of yours here"), "{answer}");
    let timeline = world.timeline(&world.contact(&phone(MARIA)).unwrap());
    assert!(
        timeline
            .iter()
            .all(|event| !matches!(&event.body, Body::Appointment(told) if told.act == Act::Cancelled))
    );
}

#[test]
fn a_number_is_a_choice_and_never_an_hour_of_another_one_and_a_yes_but_is_no_yes() {
    let mut world = World::with_knowledge(7, &["prices.md"]);
    let maria = phone(MARIA);
    let offer = texts(&mut world, "book a basic tune-up for Tuesday");
    assert!(offer.contains("1) "), "{offer}");
    for odd in ["the second one is too early for me", "first thing in the morning would be nice"] {
        texts(&mut world, odd);
        assert_eq!(states(&world, &maria), [], "{odd}");
    }
    let offer = texts(&mut world, "book a basic tune-up for Tuesday");
    let first = offer.split("1) ").nth(1).and_then(|rest| rest.split(';').next()).unwrap().to_owned();
    let booked = texts(&mut world, "1");
    assert!(booked.contains(&format!("You are booked: Basic tune-up, {first}.")), "{booked} / {offer}");

    texts(&mut world, "I need to cancel my appointment");
    let asked = texts(&mut world, "ok but how much is the cancellation fee?");
    assert_eq!(states(&world, &maria), [Act::Booked], "{asked}");
    texts(&mut world, "I need to cancel my appointment");
    texts(&mut world, "ok, actually no, keep it");
    assert_eq!(states(&world, &maria), [Act::Booked]);
}

#[test]
fn an_appointment_is_moved_from_the_day_that_was_named_to_the_day_that_was_named() {
    let mut world = World::with_knowledge(8, &["prices.md"]);
    let maria = phone(MARIA);
    texts(&mut world, "book me a basic tune-up on Wednesday at 10");
    let moved = texts(&mut world, "Please reschedule my Wednesday appointment to Friday at 14:00");
    assert!(moved.contains("Basic tune-up is now Friday 27 November, 14:00."), "{moved}");
    texts(&mut world, "book me a basic tune-up on Tuesday at 10");
    let offered = texts(&mut world, "I want to reschedule to Saturday at 11");
    assert!(offered.contains("Instead of Basic tune-up, Tuesday 24 November, 10:00"), "{offered}");
    assert_eq!(states(&world, &maria), [Act::Booked, Act::Moved, Act::Booked], "nobody said which of two");
}

/// Maria has a tune-up on Tuesday, 1 December, at ten, and it is the Monday before.
fn booked_for_december(seed: u64) -> (World, AppointmentId) {
    let mut world = World::with_knowledge(seed, &["prices.md"]);
    let booked = texts(&mut world, "book me a basic tune-up on December 1 at 10");
    assert!(booked.contains("You are booked: Basic tune-up, Tuesday 1 December, 10:00."), "{booked}");
    let id = told(&world, &phone(MARIA)).last().unwrap().id.clone();
    world.advance(7 * DAY_MS);
    (world, id)
}

#[test]
fn who_is_late_by_text_is_answered_and_it_stands_on_the_next_appointment() {
    for (said, minutes) in
        [("stuck in traffic, 15 minutes", 15), ("running 10 min late", 10), ("running 10 minutes late!", 10)]
    {
        let (mut world, id) = booked_for_december(10);
        let later = texts(&mut world, "book me a basic tune-up on Friday at 10");
        assert!(later.contains("You are booked"), "{later}");
        // A quarter to ten on Tuesday.
        let then = appointment(&world, &id).time.start.plus_ms(-15 * MINUTE_MS);
        world.advance(then.since_ms(world.ctx.now));
        let answer = texts(&mut world, said);
        assert!(
            answer.contains("No problem") && answer.contains(&format!("{minutes} minutes late")),
            "{answer}"
        );
        assert_eq!(appointment(&world, &id).late_by_min, Some(minutes), "{said}");
        let last = told(&world, &phone(MARIA)).pop().unwrap();
        assert_eq!((last.id, last.act, last.late_by_min), (id, Act::Noted, Some(minutes)));
    }
}

#[test]
fn who_asks_by_text_for_thursday_instead_is_offered_thursday_and_it_stands_on_the_next_appointment() {
    let (mut world, id) = booked_for_december(11);
    let asked = "can we do Thursday instead?";
    let answer = texts(&mut world, asked);
    assert!(
        answer.contains(
            "Instead of Basic tune-up, Tuesday 1 December, 10:00, I can offer 1) Thursday 3 December"
        ),
        "{answer}"
    );
    let wished = appointment(&world, &id);
    assert_eq!(
        (wished.note.as_deref(), wished.state),
        (Some(asked), State::Booked),
        "nothing moves before a choice"
    );
    let first = answer.split("1) ").nth(1).and_then(|rest| rest.split([';', '.']).next()).unwrap().to_owned();
    let moved = texts(&mut world, "the first one please");
    assert!(moved.contains(&format!("Basic tune-up is now {first}")), "{moved} / {answer}");
    assert_eq!(states(&world, &phone(MARIA)), [Act::Booked, Act::Noted, Act::Moved]);
    assert_eq!(appointment(&world, &id).time.day, "2026-12-03");
}

#[test]
fn in_the_chat_a_time_that_was_chosen_is_nobody_elses_until_it_is_let_go() {
    let mut world = World::with_knowledge(12, &["prices.md"]);
    let (ana, ben) = (visitor(&mut world), visitor(&mut world));
    let starts = |world: &World| {
        let shown = world.last_answer(&ana).message().unwrap().offers.clone();
        match shown.as_slice() {
            [shared::wire::Offer::Times { starts }] => starts.clone(),
            _ => panic!("{shown:?}"),
        }
    };
    says(&mut world, &ana, "I'd like to book a tune-up for tomorrow");
    let chosen = starts(&world)[0];
    says(&mut world, &ana, "1");
    assert_eq!(code(asks(&mut world, &ben, Ask::Book(wish("tune_up", chosen)))), "slot_taken");
    // Back: it is let go, and others are shown.
    let back = says(&mut world, &ana, "No, another time");
    assert!(back.contains("I can offer 1) ") && !back.contains("cancelled"), "{back}");
    assert_eq!((states(&world, &ana), starts(&world).len()), (vec![Act::Held, Act::Released], 3));
    books(&mut world, &ben, "tune_up", chosen);
    // In Spanish, with a question in between.
    says(&mut world, &ana, "2");
    says(&mut world, &ana, "How much is a basic tune-up?");
    assert!(says(&mut world, &ana, "Sí, reservar").contains("reservada"));
    assert_eq!(states(&world, &ana), [Act::Held, Act::Released, Act::Held, Act::Booked]);
}

#[test]
fn in_the_chat_a_hold_that_ran_out_is_booked_if_it_is_free_and_else_the_next_times_are_offered() {
    for is_taken in [false, true] {
        let mut world = World::with_knowledge(13, &["prices.md"]);
        let (ana, ben) = (visitor(&mut world), visitor(&mut world));
        says(&mut world, &ana, "I'd like to book a tune-up for tomorrow");
        says(&mut world, &ana, "1");
        world.advance(11 * MINUTE_MS);
        let held = told(&world, &ana).remove(0).start;
        if is_taken {
            books(&mut world, &ben, "tune_up", held);
        }
        let answer = says(&mut world, &ana, "Yes, book it");
        if is_taken {
            assert!(
                answer.contains("Somebody has just taken that time") && answer.contains("1) "),
                "{answer}"
            );
            assert_eq!(states(&world, &ana), [Act::Held]);
        } else {
            assert!(answer.contains("You are booked"), "{answer}");
            assert_eq!(states(&world, &ana), [Act::Held, Act::Booked]);
        }
    }
}
