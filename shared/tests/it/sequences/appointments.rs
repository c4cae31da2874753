//! Sequences about appointments: what is told of one that stands, was missed, or took place.

use shared::{
    appointment::id_of,
    command::{Appoint, Arrival, Ask, Wish},
    id::{AppointmentId, ServiceId},
    time::Timestamp,
    wire::Speaker,
};

use super::*;
use crate::world::START;

/// Friday, 27 November 2026, at an hour in Los Angeles.
fn friday(hour: i64) -> Timestamp {
    START.plus_ms(4 * DAY_MS + (hour - 10) * HOUR_MS)
}

/// The team asks.
pub(super) fn asks(world: &mut World, ask: Ask) -> AppointmentId {
    asks_as(world, Speaker::Agent("the team".into()), ask)
}

fn asks_as(world: &mut World, by: Speaker, ask: Ask) -> AppointmentId {
    let event = EventId::mint(&mut world.ctx);
    let arrival = Arrival {
        endpoint: world.endpoint(Channel::Sms).id,
        external_id: event.to_string(),
        event: event.clone(),
        at: world.ctx.now,
        visitor: None,
    };
    let id = ask.names().cloned().unwrap_or_else(|| id_of(&event));
    let appoint = Appoint { from: phone(MARIA), by, version: None, ask };
    let mut ctx = world.ctx.clone();
    let handled = now(flow::handle(world.scope(), &mut ctx, &Command::Appoint(arrival, appoint))).unwrap();
    world.ctx = ctx;
    world.note(handled.effects);
    world.advance(MINUTE_MS);
    id
}

pub(super) fn books(world: &mut World, start: Timestamp) -> AppointmentId {
    let service = ServiceId::parse("svc_tune_up").unwrap();
    asks(world, Ask::Book(Wish { service, resource: None, start, note: None }))
}

pub(super) fn cancels(world: &mut World, id: AppointmentId) {
    asks(world, Ask::Cancel(id));
}

pub(super) fn is_free(world: &World, start: Timestamp) -> bool {
    let service = ServiceId::parse("svc_tune_up").unwrap();
    let slots = flow::appointments::load_slots(world.scope(), &world.ctx, &service, start, start.plus_ms(1));
    !now(slots).unwrap().is_empty()
}

#[test]
fn a_booking_is_confirmed_by_email_with_an_invitation_and_reminded_of_the_day_before() {
    let mut world = with_willing_maria(331, &DEMO);
    books(&mut world, friday(14));
    let mails = got(&world, MAILBOX, "You are booked");
    assert_eq!(mails.len(), 1, "once, and not by the built-in notice as well: {mails:#?}");
    assert!(mails[0].text.contains("Friday, 27 November 2026 at 14:00"), "{}", mails[0].text);
    assert!(mails[0].raw.as_ref().unwrap().contains("text/calendar"), "{mails:#?}");
    world.ctx.now = friday(13).plus_ms(-DAY_MS);
    world.advance(MINUTE_MS);
    assert!(got(&world, MARIA, "reminder").is_empty(), "not before its time");
    world.texts(MARIA, "Do you have coffee?");
    world.advance(2 * HOUR_MS);
    assert_eq!(got(&world, MARIA, "reminder").len(), 1, "a question does not end it");
    world.advance(2 * DAY_MS);
    assert_eq!(got(&world, MARIA, "reminder").len(), 1);
    assert_eq!(end_of(&world, "appointment").as_deref(), Some("sequence.stop: reminded the day before"));
}

#[test]
fn who_books_late_is_reminded_in_the_morning_or_not_at_all() {
    let mut world = with_willing_maria(332, &DEMO);
    world.ctx.now = friday(16).plus_ms(-DAY_MS);
    books(&mut world, friday(14));
    world.ctx.now = friday(7);
    world.advance(MINUTE_MS);
    assert!(got(&world, MARIA, "reminder").is_empty());
    world.advance(2 * HOUR_MS);
    let texts = got(&world, MARIA, "reminder");
    assert_eq!(texts.len(), 1);
    assert!(texts[0].at_ms >= friday(8) && texts[0].at_ms < friday(9), "{texts:#?}");

    let mut world = with_willing_maria(333, &DEMO);
    world.ctx.now = friday(9);
    books(&mut world, friday(14));
    world.advance(DAY_MS);
    assert!(got(&world, MARIA, "reminder").is_empty() && got(&world, MAILBOX, "reminder").is_empty());
    assert_eq!(end_of(&world, "appointment").as_deref(), Some("sequence.done"));
}

#[test]
fn a_move_or_a_cancellation_at_any_moment_leaves_nothing_stale() {
    for (seed, cancels) in [(334, true), (335, false)] {
        let mut world = with_willing_maria(seed, &DEMO);
        let id = books(&mut world, friday(14));
        world.advance(6 * HOUR_MS);
        if cancels {
            asks(&mut world, Ask::Cancel(id));
            assert_eq!(got(&world, MAILBOX, "cancelled").len(), 1, "told by the product itself");
        } else {
            asks(&mut world, Ask::Move { id, start: friday(16), resource: None });
            assert_eq!(got(&world, MAILBOX, "is now").len(), 1, "{:#?}", world.taken_for(MAILBOX));
        }
        world.advance(5 * DAY_MS);
        let times: Vec<bool> =
            got(&world, MARIA, "reminder").iter().map(|text| text.text.contains("16:00")).collect();
        assert_eq!(times, if cancels { vec![] } else { vec![true] });
    }
}

#[test]
fn whoever_was_just_answered_by_text_that_it_is_booked_is_told_by_email_only() {
    let mut world = World::with_sequences(336, &["prices.md"], &DEMO);
    // A number nobody knows, and no mailbox.
    let stranger = "+12125550123";
    world.texts(stranger, "Can I book a basic tune-up on Friday?");
    world.advance(MINUTE_MS);
    world.texts(stranger, "1");
    world.advance(5 * MINUTE_MS);
    let booked: Vec<_> = world
        .taken_for(stranger)
        .into_iter()
        .filter(|text| text.text.to_lowercase().contains("booked"))
        .collect();
    assert_eq!(booked.len(), 1, "{:#?}", world.taken_for(stranger));
}

#[test]
fn a_missed_appointment_is_asked_about_and_a_new_one_ends_that() {
    let mut world = with_willing_maria(337, &DEMO);
    let id = books(&mut world, friday(14));
    world.ctx.now = friday(15);
    world.advance(MINUTE_MS);
    asks(&mut world, Ask::MarkMissed(id));
    world.advance(3 * HOUR_MS);
    let texts = got(&world, MARIA, "we missed you today (Basic tune-up, Friday, 27 November 2026 at 14:00)");
    assert_eq!(texts.len(), 1, "{:#?}", world.taken_for(MARIA));
    let service = ServiceId::parse("svc_tune_up").unwrap();
    let start = friday(14).plus_ms(4 * DAY_MS);
    asks_as(&mut world, Speaker::Contact, Ask::Book(Wish { service, resource: None, start, note: None }));
    world.advance(4 * DAY_MS);
    assert!(got(&world, MAILBOX, "still to do").is_empty());
    assert_eq!(end_of(&world, "missed-appointment").as_deref(), Some("planned.heard"));
}

#[test]
fn work_that_is_done_is_asked_about_by_a_way_that_was_agreed_to() {
    for (seed, agrees_by_mail) in [(338, true), (339, false)] {
        let mut world = with_maria(seed, &[REVIEW]);
        agrees(&mut world, &phone(MARIA), Channel::Sms, None);
        agrees(&mut world, &phone(MARIA), Channel::Sms, Some(Purpose::Marketing));
        if agrees_by_mail {
            agrees(&mut world, &mailbox(MAILBOX), Channel::Email, Some(Purpose::Marketing));
        }
        let id = books(&mut world, friday(14));
        world.ctx.now = friday(15);
        asks(&mut world, Ask::MarkDone(id));
        world.advance(2 * DAY_MS);
        let (mails, texts) =
            (got(&world, MAILBOX, "How does it ride"), got(&world, MARIA, "bike ride after"));
        assert_eq!((mails.len(), texts.len()), if agrees_by_mail { (1, 0) } else { (0, 1) }, "{seed}");
    }
}

#[test]
fn a_dry_run_is_about_the_next_appointment() {
    let mut world = with_willing_maria(340, &DEMO);
    let contact = world.contact(&phone(MARIA)).unwrap();
    let dry = |world: &World| {
        now(flow::sequences::dry_run(world.scope(), &world.ctx, &contact, "appointment", None))
    };
    assert_eq!(code(dry(&world).map(|_| ())), "needs_appointment");
    books(&mut world, friday(14));
    let dry = dry(&world).unwrap();
    let said: Vec<_> = dry.steps.iter().map(|it| (it.step.as_str(), it.channel)).collect();
    assert_eq!(
        said,
        [("confirmation", Some(Channel::Email)), ("day-before", Some(Channel::Sms))],
        "{dry:#?}"
    );
    assert_eq!(dry.steps[1].at, friday(14).plus_ms(-DAY_MS));
}
