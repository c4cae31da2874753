//! What calendars answer our invitations: a decline calls the appointment off, anything else is noted, and only the word of
//! the mailbox that was invited counts.

use shared::{
    appointment::ics::{Answer, uid_of},
    fields::Fields,
    flow::{book, link},
    page::{self, Step},
};

use super::*;
use crate::world::mailbox;

const MAILBOX: &str = "maria@example.com";
const PASSED: &str = "dmarc=pass; spf=pass; dkim=pass header.d=example.com";

/// A calendar's answer as a mail.
#[derive(Clone, Copy)]
struct Reply<'a> {
    from: &'a str,
    attendee: &'a str,
    results: &'a str,
    id: &'a AppointmentId,
    sequence: u32,
    part_stat: &'a str,
}

impl<'a> Reply<'a> {
    fn of(id: &'a AppointmentId, part_stat: &'a str) -> Self {
        Self { from: MAILBOX, attendee: MAILBOX, results: PASSED, id, sequence: 0, part_stat }
    }

    fn arrives(&self, world: &mut World) {
        let raw = self.raw(world.ctx.entropy.next_u64());
        let to = world.endpoint(Channel::Email).address;
        world.routed(self.from, &to, raw);
        world.advance(MINUTE_MS);
    }

    fn raw(&self, name: u64) -> String {
        let Self { from, attendee, results, id, sequence, part_stat } = self;
        let word = part_stat.to_lowercase();
        format!(
            "Authentication-Results: mx.cloudflare.net; {results}\r\nFrom: Maria <{from}>\r\nTo: hello@larkspur.example\r\n\
             Subject: {word}: Basic tune-up\r\nMessage-ID: <{name}@mail.example>\r\n\
             Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n\
             Content-Type: multipart/alternative; boundary=a\r\n\r\n--a\r\nContent-Type: text/plain\r\n\r\n\
             Maria has {word} this invitation. What does a tune-up cost?\r\n--a\r\n\
             Content-Type: text/calendar; charset=utf-8; method=REPLY\r\n\r\nBEGIN:VCALENDAR\r\nVERSION:2.0\r\n\
             METHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:{}\r\nSEQUENCE:{sequence}\r\n\
             ATTENDEE;PARTSTAT={part_stat}:mailto:{attendee}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n--a--\r\n--m\r\n\
             Content-Type: application/ics; name=invite.ics\r\nContent-Disposition: attachment\r\n\r\n\
             BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n--m--\r\n",
            uid_of(id)
        )
    }
}

/// What the assistant has said to Maria by mail.
fn answers(world: &World) -> usize {
    let contact = world.contact(&mailbox(MAILBOX)).unwrap();
    let said = |event: &Event| event.speaker == Speaker::Assistant && event.channel == Channel::Email;
    world.timeline(&contact).iter().filter(|event| said(event)).count()
}

#[test]
fn a_decline_calls_the_appointment_off_and_is_not_answered_as_a_message() {
    let (mut world, id) = with_booking(161);
    Reply::of(&id, "DECLINED").arrives(&mut world);
    assert_eq!(appointment(&world, &id).state, State::Cancelled);
    assert!(is_free(&world, "tune_up", tuesday(14)));
    let last = told(&world, &mailbox(MAILBOX)).pop().unwrap();
    assert_eq!((last.act, last.answer), (Act::Cancelled, None));
    assert_eq!(answers(&world), 0, "nobody asked the assistant");
    let subjects: Vec<_> = world.taken_for(MAILBOX).into_iter().filter_map(|mail| mail.subject).collect();
    assert!(subjects.last().unwrap().starts_with("Cancelled"), "{subjects:?}");
    let contact = world.contact(&mailbox(MAILBOX)).unwrap();
    let timeline = world.timeline(&contact);
    let mail = timeline.iter().filter_map(Event::message).find(|mail| mail.automatic).unwrap();
    assert_eq!(mail.text, "Maria has declined this invitation. What does a tune-up cost?", "kept as it came");
}

#[test]
fn an_acceptance_is_noted_and_changes_nothing_else() {
    let (mut world, id) = with_booking(162);
    let before = appointment(&world, &id);
    for (part_stat, answer, words) in [
        ("ACCEPTED", Answer::Accepted, "Maria accepted the invitation to Basic tune-up on"),
        ("TENTATIVE", Answer::Tentative, "Maria may come to Basic tune-up on"),
    ] {
        Reply::of(&id, part_stat).arrives(&mut world);
        let last = told(&world, &mailbox(MAILBOX)).pop().unwrap();
        assert_eq!((last.act, last.answer), (Act::Noted, Some(answer)));
        let chosen = world.contact(&mailbox(MAILBOX));
        let view = now(flow::view::load_timeline(world.scope(), &world.ctx, chosen)).unwrap();
        let page = page::timeline(&view);
        assert!(page.contains(words), "{words}");
    }
    let after = appointment(&world, &id);
    assert_eq!(after, Appointment { version: before.version + 2, ..before });
    assert_eq!((answers(&world), world.taken_for(MAILBOX).len()), (0, 1), "only the confirmation was sent");
}

#[test]
fn a_strangers_answer_a_forged_one_and_an_old_one_change_nothing() {
    let (mut world, id) = with_booking(163);
    let to = Ask::Move { id: id.clone(), start: tuesday(16), resource: None };
    let (_, moves) = command(&mut world, &phone(MARIA), Speaker::Contact, to);
    handle(&mut world, &moves).unwrap();
    let before = appointment(&world, &id);
    let newest = Reply { sequence: 1, ..Reply::of(&id, "DECLINED") };
    let gone = AppointmentId::parse("apt_gone").unwrap();
    for (what, reply) in [
        ("an old one", Reply { sequence: 0, ..newest }),
        ("a stranger's", Reply { from: "eve@example.com", attendee: "eve@example.com", ..newest }),
        ("a stranger's for her", Reply { from: "eve@example.com", ..newest }),
        ("hers for another", Reply { attendee: "dev@example.com", ..newest }),
        ("a forged one", Reply { results: "dmarc=fail; spf=fail; dkim=none", ..newest }),
        ("one nobody vouches for", Reply { results: "dmarc=none", ..newest }),
        ("one about nothing", Reply { id: &gone, ..newest }),
        ("a delegation", Reply { part_stat: "DELEGATED", ..newest }),
    ] {
        reply.arrives(&mut world);
        assert_eq!(appointment(&world, &id), before, "{what}");
    }
    newest.arrives(&mut world);
    assert_eq!(appointment(&world, &id).state, State::Cancelled);
    newest.arrives(&mut world);
    assert_eq!(appointment(&world, &id).version, before.version + 1, "a second time changes nothing");
}

#[test]
fn the_answer_of_a_mailbox_typed_on_the_page_proves_it_and_counts() {
    let mut world = World::with_knowledge(164, &["prices.md"]);
    let query = format!("service=svc_tune_up&start={}", tuesday(14).ms());
    let mut ctx = world.ctx.clone();
    let view =
        now(book::show(world.scope(), &mut ctx, &Fields::parse(query.as_bytes()), book::Visit::default()))
            .unwrap();
    let Step::Details(details) = view.step else { panic!() };
    let form = format!("form={}&{query}&name=Maria&email=maria%40example.com", details.token);
    let posted =
        now(book::book(world.scope(), &mut ctx, &Fields::parse(form.as_bytes()), book::Visit::default()))
            .unwrap();
    let link::Posted::Done(handled, path) = posted else { panic!() };
    world.ctx = ctx;
    world.note(handled.effects);
    world.advance(MINUTE_MS);
    let token = path.strip_prefix("/b/").unwrap().split('?').next().unwrap();
    let (_, id) = shared::appointment::link::open("test-signing-key", token).unwrap();
    // The mailbox is Maria's, whom the shop knows; whoever typed it is another contact until she answers.
    assert_ne!(Some(appointment(&world, &id).contact), world.contact(&mailbox(MAILBOX)));
    Reply::of(&id, "DECLINED").arrives(&mut world);
    let found = appointment(&world, &id);
    assert_eq!((found.state, Some(found.contact)), (State::Cancelled, world.contact(&mailbox(MAILBOX))));
}

#[test]
fn an_end_between_the_mail_and_its_answer_loses_neither() {
    for how in [Break::Before, Break::After] {
        for at in 0..12 {
            let (mut world, id) = with_booking(165);
            let reply = Reply::of(&id, "DECLINED").raw(7);
            let to = world.endpoint(Channel::Email).address;
            world.db.crash(at, how);
            // Whoever is not answered brings it again.
            world.routed(MAILBOX, &to, reply.clone());
            world.db.restart();
            world.routed(MAILBOX, &to, reply);
            let acts: Vec<_> = told(&world, &mailbox(MAILBOX)).into_iter().map(|told| told.act).collect();
            assert_eq!(acts, [Act::Booked, Act::Cancelled], "{how:?} {at}");
        }
    }
}
