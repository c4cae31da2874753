//! What a contact is told about an appointment: a confirmation by email at once, a reminder by text the day before, and
//! nothing that is no longer so.

use shared::{
    appointment::ics::{Method, appointment_of, parse_ics},
    channel::Channel,
    consent::{Action, Basis, ConsentBody, ConsentEntry},
    id::{ConsentId, ContactId, EventId},
    store::{consents, sandbox::SandboxMessage},
};

use super::*;
use crate::world::mailbox;

const MAILBOX: &str = "maria@example.com";

/// Maria, who the shop knows by number and mailbox, has agreed to be texted.
fn with_maria(seed: u64) -> World {
    let mut world = World::with_knowledge(seed, &["prices.md"]);
    world.texts(MARIA, "How much is a full service?");
    world.advance(MINUTE_MS);
    let contact = world.contact(&phone(MARIA)).unwrap();
    assert_eq!(world.contact(&mailbox(MAILBOX)), Some(contact.clone()));
    agrees_to_texts(&mut world, MARIA, &contact);
    world
}

/// Whoever has a number agrees to be texted there.
pub(super) fn agrees_to_texts(world: &mut World, number: &str, contact: &ContactId) {
    let (site, number) = (world.site.id.clone(), phone(number));
    let event = EventId::mint(&mut world.ctx);
    let body = ConsentBody::of(Channel::Sms, Action::Grant, Basis::Card, "text me", &event);
    let chain = consents::decode_chain(world.db.run(&consents::chain(&site, &number)).unwrap()).unwrap();
    let id = ConsentId::mint(&mut world.ctx);
    let entry = ConsentEntry::after(&chain, (&site, &number), id, contact.clone(), world.ctx.now, body);
    world.db.run(&consents::add(&site, &number, &entry)).unwrap();
}

/// Books and lets what follows at once happen.
fn booked(world: &mut World, start: Timestamp) -> AppointmentId {
    let (id, command) = command(world, &phone(MARIA), Speaker::Contact, Ask::Book(wish("tune_up", start)));
    let effects = handle(world, &command).unwrap().effects;
    world.note(effects);
    world.advance(MINUTE_MS);
    id
}

fn does(world: &mut World, ask: Ask) {
    let (_, command) = command(world, &phone(MARIA), Speaker::Contact, ask);
    let effects = handle(world, &command).unwrap().effects;
    world.note(effects);
    world.advance(MINUTE_MS);
}

fn told(world: &World, address: &str, word: &str) -> Vec<SandboxMessage> {
    let mut messages = world.taken_for(address);
    messages.retain(|message| {
        message.text.contains(word)
            || message.subject.as_deref().is_some_and(|subject| subject.contains(word))
    });
    messages
}

/// A Friday; the day before it the shop is closed, and reminds all the same.
fn friday(hour: i64) -> Timestamp {
    tuesday(hour).plus_ms(3 * DAY_MS)
}

#[test]
fn a_booking_is_confirmed_by_email_at_once_and_reminded_of_by_text_the_day_before() {
    let mut world = with_maria(111);
    booked(&mut world, friday(14));
    let confirmed = told(&world, MAILBOX, "Booked");
    assert_eq!(confirmed.len(), 1, "{:#?}", world.taken_for(MAILBOX));
    assert!(confirmed[0].text.contains("Friday, 27 November 2026 at 14:00"), "{}", confirmed[0].text);
    assert!(told(&world, MARIA, "are booked").is_empty(), "one topic, one channel");

    world.ctx.now = friday(13).plus_ms(-DAY_MS);
    world.advance(MINUTE_MS);
    assert!(told(&world, MARIA, "reminder").is_empty(), "not before its time");
    world.advance(2 * HOUR_MS);
    let reminded = told(&world, MARIA, "reminder");
    assert_eq!(reminded.len(), 1, "{:#?}", world.taken_for(MARIA));
    assert!(reminded[0].at_ms.since_ms(friday(14).plus_ms(-DAY_MS)) < 5 * MINUTE_MS);
    assert!(told(&world, MAILBOX, "Reminder").is_empty());
}

#[test]
fn a_move_or_a_cancellation_at_any_moment_leaves_no_stale_reminder() {
    for (seed, cancels) in [(112, true), (113, false)] {
        let mut world = with_maria(seed);
        let id = booked(&mut world, friday(14));
        world.advance(6 * HOUR_MS);
        if cancels {
            does(&mut world, Ask::Cancel(id));
            assert_eq!(told(&world, MAILBOX, "Cancelled").len(), 1);
        } else {
            does(&mut world, Ask::Move { id, start: friday(16), resource: None });
            assert_eq!(told(&world, MAILBOX, "at 16:00").len(), 1);
        }
        world.advance(4 * DAY_MS);
        let reminded = told(&world, MARIA, "reminder");
        let times: Vec<bool> = reminded.iter().map(|message| message.text.contains("16:00")).collect();
        assert_eq!(times, if cancels { vec![] } else { vec![true] }, "{reminded:#?}");
    }
}

#[test]
fn a_note_on_the_appointment_keeps_its_reminder() {
    let mut world = with_maria(114);
    let id = booked(&mut world, friday(14));
    does(&mut world, Ask::Note(id, Note::Text("The front brake squeals".into())));
    world.advance(4 * DAY_MS);
    assert_eq!(told(&world, MARIA, "reminder").len(), 1);
}

#[test]
fn whoever_books_for_this_morning_is_not_reminded_and_after_an_opt_out_mail_goes_on() {
    let mut world = with_maria(115);
    booked(&mut world, START.plus_ms(4 * HOUR_MS));
    world.advance(DAY_MS);
    assert!(told(&world, MARIA, "reminder").is_empty() && told(&world, MAILBOX, "Reminder").is_empty());

    let mut world = with_maria(116);
    booked(&mut world, friday(14));
    world.texts(MARIA, "STOP");
    world.advance(4 * DAY_MS);
    assert!(told(&world, MARIA, "reminder").is_empty());
    assert_eq!(told(&world, MAILBOX, "Reminder").len(), 1, "by email then");
}

#[test]
fn the_confirmation_brings_an_invitation_that_a_move_updates_and_a_cancellation_withdraws() {
    let mut world = with_maria(117);
    let id = booked(&mut world, friday(14));
    does(&mut world, Ask::Move { id: id.clone(), start: friday(16), resource: None });
    does(&mut world, Ask::Cancel(id.clone()));
    let mails = world.taken_for(MAILBOX);
    let invites: Vec<_> = mails
        .iter()
        .filter_map(|mail| {
            let parsed = mail_parser::MessageParser::default().parse(mail.raw.as_ref()?.as_bytes())?;
            let calendar = parsed.parts.iter().find(|part| {
                let kind = part.headers.iter().find(|header| header.name.as_str() == "Content-Type");
                kind.and_then(|header| header.value.as_content_type()).is_some_and(|kind| {
                    kind.c_type == "text" && kind.c_subtype.as_deref() == Some("calendar")
                })
            })?;
            let ics = parse_ics(calendar.text_contents()?.as_bytes()).unwrap();
            Some((ics.method, appointment_of(&ics.uid), ics.sequence))
        })
        .collect();
    let id = Some(id);
    assert_eq!(
        invites,
        [(Method::Request, id.clone(), 0), (Method::Request, id.clone(), 1), (Method::Cancel, id, 2)],
        "{mails:#?}"
    );
}

#[test]
fn running_late_is_answered_and_written_on_the_appointment_and_on_no_other() {
    let mut world = with_maria(118);
    let id = booked(&mut world, friday(14));
    let later = booked(&mut world, friday(16));
    world.texts(MARIA, "running 10 min late");
    world.advance(MINUTE_MS);
    assert_eq!(appointment(&world, &id).late_by_min, None, "it is days away");

    world.ctx.now = friday(13).plus_ms(50 * MINUTE_MS);
    world.texts(MARIA, "running 10 min late");
    world.advance(MINUTE_MS);
    assert_eq!(told(&world, MARIA, "No problem").len(), 2);
    assert_eq!(appointment(&world, &id).late_by_min, Some(10));
    assert_eq!(appointment(&world, &later).late_by_min, None);
    let contact = world.contact(&phone(MARIA)).unwrap();
    let noted = world.timeline(&contact).into_iter().filter(|event| {
        matches!(&event.body, Body::Appointment(told) if told.act == Act::Noted && told.late_by_min == Some(10))
    });
    assert_eq!(noted.count(), 1, "the timeline says so");
}
