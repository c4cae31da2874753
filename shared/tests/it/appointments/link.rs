//! The link of one appointment: in the messages about it, on its page, and what forgery, age and repetition come to.

use shared::{
    appointment::link::{open, seal},
    fields::Fields,
    flow::link::{Posted, act, calendar, show},
    page::{self, AppointmentView, Asked, Done},
};

use super::*;

const KEY: &str = "test-signing-key";
const MAILBOX: &str = "maria@example.com";

fn looks(world: &World, id: &AppointmentId, query: &str) -> AppointmentView {
    now(show(world.scope(), &world.ctx, id, &Fields::parse(query.as_bytes()), "")).unwrap()
}

fn posts(world: &mut World, id: &AppointmentId, form: &str) -> Result<Posted<AppointmentView>, FlowError> {
    world.db.restart();
    let mut ctx = world.ctx.clone();
    let posted = now(act(world.scope(), &mut ctx, id, &Fields::parse(form.as_bytes()), ""));
    world.ctx = ctx;
    if let Ok(Posted::Done(handled, _)) = &posted {
        world.note(handled.effects.clone());
        world.settle();
    }
    posted
}

fn is_done(posted: &Result<Posted<AppointmentView>, FlowError>, word: &str) -> bool {
    matches!(posted, Ok(Posted::Done(_, path)) if path.contains(word))
}

#[test]
fn the_confirmation_and_the_reminder_carry_the_link_by_mail() {
    let (mut world, id) = with_booking(131);
    let link = format!("https://edge.example/b/{}", seal(KEY, &world.site.id, &id));
    assert_eq!(open(KEY, link.rsplit_once('/').unwrap().1), Some((world.site.id.clone(), id.clone())));
    world.ctx.now = tuesday(8);
    world.advance(HOUR_MS);
    let mails = world.taken_for(MAILBOX);
    let subjects: Vec<_> = mails.iter().filter_map(|mail| mail.subject.clone()).collect();
    assert!(subjects[0].contains("Booked") && subjects[1].contains("Reminder"), "{subjects:?}");
    for mail in &mails {
        assert!(mail.text.contains(&format!("Move or cancel it here: {link}")), "{}", mail.text);
    }
    posts(&mut world, &id, "do=cancel&version=1").unwrap();
    world.advance(MINUTE_MS);
    let last = world.taken_for(MAILBOX).pop().unwrap();
    assert!(last.text.contains("is cancelled") && !last.text.contains("/b/"), "{}", last.text);
}

#[test]
fn looking_changes_nothing_whatever_the_address_asks_for() {
    let (world, id) = with_booking(132);
    let before = everything(&world);
    let start = tuesday(16).ms();
    assert_eq!(looks(&world, &id, "").asked, Asked::Look);
    assert_eq!(looks(&world, &id, "ask=cancel").asked, Asked::Cancel);
    let moved = looks(&world, &id, &format!("ask=move&start={start}"));
    assert_eq!(moved.asked, Asked::MoveTo(tuesday(16), tuesday(17)));
    let Asked::Move(times) = looks(&world, &id, "ask=move&zone=Europe/Madrid").asked else { panic!() };
    let offered: Vec<_> = times.days.iter().flat_map(|day| day.starts.clone()).collect();
    assert!(offered.contains(&tuesday(16)) && !offered.contains(&tuesday(14)), "its own time is not offered");
    for odd in [
        "ask=move&start=1",
        "ask=move&start=x&from=2026-99-99",
        "done=cancelled&lang=xx&zone=x",
        "version=1&do=cancel",
    ] {
        looks(&world, &id, odd);
    }
    assert_eq!(looks(&world, &id, "done=cancelled").done, None, "it is not");
    assert_eq!(everything(&world), before);
}

#[test]
fn the_page_moves_it_and_calls_it_off_each_form_once() {
    let (mut world, id) = with_booking(133);
    let form = format!("do=move&version=1&start={}&lang=es&zone=Europe%2FMadrid", tuesday(16).ms());
    let moved = posts(&mut world, &id, &form);
    assert!(is_done(&moved, "done=moved&lang=es&zone=Europe%2FMadrid"), "{moved:?}");
    assert_eq!(appointment(&world, &id).time.start, tuesday(16));
    world.advance(MINUTE_MS);
    // The same form again is the same arrival; another one for that version is refused.
    assert!(is_done(&posts(&mut world, &id, &form), "done=moved"));
    let Ok(Posted::Refused(view, 409)) = posts(&mut world, &id, "do=cancel&version=1") else { panic!() };
    assert_eq!((view.asked.clone(), view.version), (Asked::Look, 2));
    assert!(page::appointment(&view).contains("has changed meanwhile"));
    assert!(is_done(&posts(&mut world, &id, "do=cancel&version=2"), "done=cancelled"));
    assert!(is_free(&world, "tune_up", tuesday(16)));
    let view = looks(&world, &id, "done=cancelled");
    assert_eq!((view.state, view.is_open, view.done), (State::Cancelled, false, Some(Done::Cancelled)));
    let acts: Vec<_> = told(&world, &phone(MARIA)).into_iter().map(|told| told.act).collect();
    assert_eq!(acts, [Act::Booked, Act::Moved, Act::Cancelled]);
    world.advance(MINUTE_MS);
    let subjects: Vec<_> = world.taken_for(MAILBOX).into_iter().filter_map(|mail| mail.subject).collect();
    assert!(subjects[1].starts_with("Booked") && subjects[2].starts_with("Cancelled"), "{subjects:?}");
}

#[test]
fn a_time_somebody_took_meanwhile_is_told_and_others_are_offered() {
    let (mut world, id) = with_booking(134);
    let ben = visitor(&mut world);
    books(&mut world, &ben, "tune_up", tuesday(16));
    let form = format!("do=move&version=1&start={}", tuesday(16).ms());
    let Ok(Posted::Refused(view, 409)) = posts(&mut world, &id, &form) else { panic!() };
    let page = page::appointment(&view);
    assert!(page.contains("Somebody has just taken that time.") && page.contains("role=\"alert\""));
    assert!(page.contains(&format!("start={}", tuesday(17).ms())), "the next free one");
    assert_eq!(appointment(&world, &id).time.start, tuesday(14));
}

#[test]
fn a_link_ends_a_day_after_its_appointment_and_a_move_takes_the_end_along() {
    let (mut world, id) = with_booking(135);
    let form = format!("do=move&version=1&start={}", tuesday(14).plus_ms(DAY_MS).ms());
    posts(&mut world, &id, &form).unwrap();
    world.ctx.now = tuesday(15).plus_ms(2 * DAY_MS - 1);
    let view = looks(&world, &id, "ask=cancel");
    assert_eq!((view.is_open, view.asked), (false, Asked::Look), "it is over");
    world.ctx.now = tuesday(15).plus_ms(2 * DAY_MS);
    let before = everything(&world);
    assert_eq!(code(now(show(world.scope(), &world.ctx, &id, &Fields::default(), ""))), "ended_link");
    assert_eq!(code(posts(&mut world, &id, "do=cancel&version=2")), "ended_link");
    let gone = AppointmentId::parse("apt_none").unwrap();
    assert_eq!(code(posts(&mut world, &gone, "do=cancel&version=1")), "ended_link");
    assert_eq!(everything(&world), before);
}

#[test]
fn a_form_that_is_none_of_the_pages_changes_nothing() {
    let (mut world, id) = with_booking(136);
    let before = everything(&world);
    for form in ["", "do=cancel", "do=cancel&version=x", "do=move&version=1", "do=delete&version=1"] {
        let posted = posts(&mut world, &id, form);
        assert!(matches!(posted, Err(FlowError::Malformed(_))), "{form}: {posted:?}");
    }
    assert_eq!(everything(&world), before);
}

#[test]
fn the_calendar_file_is_a_copy_of_the_same_event_and_invites_nobody() {
    let (mut world, id) = with_booking(137);
    let ics = now(calendar(world.scope(), &world.ctx, &id)).unwrap();
    assert!(ics.contains("METHOD:PUBLISH\r\n") && !ics.contains("ATTENDEE"), "{ics}");
    assert!(ics.contains(&format!("UID:{id}@appointments.throughline\r\n")), "{ics}");
    assert!(ics.contains("SUMMARY:Basic tune-up\\, Larkspur Bike Workshop\r\n"), "{ics}");
    posts(&mut world, &id, "do=cancel&version=1").unwrap();
    assert_eq!(code(now(calendar(world.scope(), &world.ctx, &id))), "ended_link");
}

#[test]
fn a_text_message_has_the_link_only_where_it_costs_no_more() {
    // A long name makes it two messages, and in the second there is room.
    let long = "Full service with new cables, new brake pads, both wheels trued and the bottom bracket";
    for (service, has_link) in [("Basic tune-up", false), (long, true)] {
        let mut world = World::with_knowledge(138, &["prices.md"]);
        let tel = "+14155550199";
        world.texts(tel, "Hello, text me");
        world.advance(MINUTE_MS);
        let contact = world.contact(&phone(tel)).unwrap();
        super::notices::agrees_to_texts(&mut world, tel, &contact);
        world.site.booking.as_mut().unwrap().services[0].name = service.to_owned();
        let (_, command) =
            command(&mut world, &phone(tel), Speaker::Contact, Ask::Book(wish("tune_up", tuesday(14))));
        let effects = handle(&mut world, &command).unwrap().effects;
        world.note(effects);
        world.advance(MINUTE_MS);
        let text = world.taken_for(tel).pop().unwrap().text;
        assert!(text.contains("You are booked"), "{text}");
        assert_eq!(text.contains("https://edge.example/b/"), has_link, "{text}");
        assert_eq!(text.len() > 160, has_link, "{text}");
    }
}
