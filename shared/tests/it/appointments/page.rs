//! The booking page: from a service to a booked appointment, what it says when something is wrong, and what a typed
//! mailbox may and may not do.

use shared::{
    appointment::booker::Field,
    contact::Assurance,
    fields::Fields,
    flow::{
        book::{Visit, book, show},
        link::Posted,
    },
    page::{self, BookView, Details, Step},
    store::contacts,
};

use super::*;
use crate::world::mailbox;

const ANA: &str = "ana@mail.example";

/// A browser that speaks these languages, on the site's own page.
fn visit(accepted: &str) -> Visit<'_> {
    Visit { accepted, ..Visit::default() }
}

fn looks(world: &mut World, query: &str) -> BookView {
    let mut ctx = world.ctx.clone();
    let view = now(show(world.scope(), &mut ctx, &Fields::parse(query.as_bytes()), visit("en-US,en;q=0.5")));
    world.ctx = ctx;
    view.unwrap()
}

fn posts(world: &mut World, form: &[(&str, &str)]) -> Posted<BookView> {
    world.db.restart();
    let body = form_urlencoded(form);
    let mut ctx = world.ctx.clone();
    let posted = now(book(world.scope(), &mut ctx, &Fields::parse(body.as_bytes()), visit("en"))).unwrap();
    world.ctx = ctx;
    if let Posted::Done(handled, _) = &posted {
        world.note(handled.effects.clone());
        world.settle();
    }
    posted
}

fn form_urlencoded(form: &[(&str, &str)]) -> String {
    let mut out = ::form_urlencoded::Serializer::new(String::new());
    out.extend_pairs(form);
    out.finish()
}

/// The last step for a time, as somebody who opened the page has it.
fn details(world: &mut World, start: Timestamp) -> Details {
    let view = looks(world, &format!("service=svc_tune_up&start={}", start.ms()));
    match view.step {
        Step::Details(details) => *details,
        other => panic!("{other:?}"),
    }
}

/// Somebody opens the page for a time and sends the form.
fn books_as(world: &mut World, start: Timestamp, email: &str) -> Posted<BookView> {
    let token = details(world, start).token;
    let start = start.ms().to_string();
    let form = [
        ("form", token.as_str()),
        ("service", "svc_tune_up"),
        ("start", &start),
        ("name", "Ana Ruiz"),
        ("email", email),
    ];
    posts(world, &form)
}

fn refused(posted: Posted<BookView>) -> (Details, BookView, u16) {
    match posted {
        Posted::Refused(view, status) => match &view.step {
            Step::Details(details) => ((**details).clone(), *view, status),
            other => panic!("{other:?}"),
        },
        Posted::Done(_, path) => panic!("{path}"),
    }
}

/// Who has a mailbox, and how well that is proven.
fn owner(world: &World, address: &str) -> Option<(shared::id::ContactId, Assurance)> {
    let rows = world.db.run(&contacts::by_address(&world.site.id, &mailbox(address))).unwrap();
    contacts::decode_by_address(rows).unwrap().map(|(contact, handle)| (contact.id, handle.assurance))
}

fn only_appointment(world: &World) -> Appointment {
    let stmt = Stmt { sql: "SELECT id FROM appointments", args: Vec::new() };
    let rows = world.db.run(&stmt).unwrap().rows;
    assert_eq!(rows.len(), 1, "{rows:?}");
    appointment(world, &AppointmentId::parse(rows[0].get("id").and_then(|id| id.as_str()).unwrap()).unwrap())
}

#[test]
fn a_visitor_chooses_a_service_a_time_and_is_booked_and_told_by_mail() {
    let mut world = World::with_knowledge(141, &["prices.md"]);
    let before = everything(&world);
    let Step::Services(offers) = looks(&mut world, "").step else { panic!() };
    assert_eq!(offers.len(), 3);
    let Step::Times(_, times) = looks(&mut world, "service=svc_tune_up").step else { panic!() };
    // Monday from 11:30 on, an hour's notice and the grid; then four more days, the holiday left out.
    assert_eq!((times.days.len(), times.days[0].starts[0]), (5, START.plus_ms(HOUR_MS)));
    let days: Vec<_> = times.days.iter().map(|day| day.starts[0].since_ms(START) / DAY_MS).collect();
    assert_eq!(days, [0, 0, 1, 3, 5], "no Thursday, the 26th, and no Sunday");
    let Step::Times(_, later) =
        looks(&mut world, &format!("service=svc_tune_up&from={}", times.later.unwrap())).step
    else {
        panic!()
    };
    assert!(later.days[0].starts[0] > times.days[4].starts[0]);
    assert_eq!(everything(&world), before, "looking changes nothing");

    let token = details(&mut world, tuesday(14)).token;
    let start = tuesday(14).ms().to_string();
    let form = [
        ("form", token.as_str()),
        ("service", "svc_tune_up"),
        ("start", &start),
        ("name", " Ana  Ruiz "),
        ("email", ANA),
        ("phone", "415-555-0100"),
        ("note", "The front brake squeals."),
        ("lang", "es"),
        ("zone", "America/New_York"),
        ("website", ""),
    ];
    let Posted::Done(_, path) = posts(&mut world, &form) else { panic!() };
    let booked = only_appointment(&world);
    let link = world.scope().appointment_link(&booked.id).unwrap();
    assert_eq!(
        format!("https://edge.example{path}"),
        format!("{link}?done=booked&lang=es&zone=America%2FNew_York")
    );
    assert_eq!((booked.state, booked.time.start), (State::Booked, tuesday(14)));
    assert_eq!(booked.note.as_deref(), Some("The front brake squeals."));
    assert_eq!(owner(&world, ANA), Some((booked.contact.clone(), Assurance::Claimed)), "typed, not proven");
    world.advance(MINUTE_MS);
    let mails = world.taken_for(ANA);
    assert_eq!(mails.len(), 1, "{mails:#?}");
    assert!(
        mails[0].text.contains("martes, 24 de noviembre de 2026, 14:00") && mails[0].text.contains(&link)
    );
    assert!(world.taken_for("+14155550100").is_empty(), "a number is called, not texted");

    // The same form again is the same booking.
    let Posted::Done(_, again) = posts(&mut world, &form) else { panic!() };
    assert_eq!((again, only_appointment(&world)), (path, booked));
    world.ctx.now = tuesday(8);
    world.advance(HOUR_MS);
    assert_eq!(world.taken_for(ANA).len(), 2, "and reminded");
}

#[test]
fn every_field_that_is_wrong_is_named_and_what_was_typed_stays() {
    let mut world = World::with_knowledge(142, &["prices.md"]);
    let token = details(&mut world, tuesday(14)).token;
    let before = everything(&world);
    let (start, long) = (tuesday(14).ms().to_string(), "n".repeat(501));
    let form = [
        ("form", token.as_str()),
        ("service", "svc_tune_up"),
        ("start", &start),
        ("name", ""),
        ("email", "ana<script>@"),
        ("phone", "12"),
        ("note", &long),
    ];
    let (details, view, status) = refused(posts(&mut world, &form));
    let wrong: Vec<Field> = details.wrong.iter().map(|(field, _)| *field).collect();
    assert_eq!((status, wrong), (400, vec![Field::Name, Field::Email, Field::Phone, Field::Note]));
    let page = page::book(&view);
    assert!(page.contains("value=\"ana&lt;script&gt;@\"") && page.contains("aria-invalid=\"true\""));
    assert!(page.contains("href=\"#email\"") && page.contains("id=\"email-wrong\""));
    assert_eq!(everything(&world), before);
}

#[test]
fn a_time_taken_a_moment_ago_is_told_beside_it_and_the_next_are_offered() {
    let mut world = World::with_knowledge(143, &["prices.md"]);
    let token = details(&mut world, tuesday(14)).token;
    let ben = visitor(&mut world);
    books(&mut world, &ben, "tune_up", tuesday(14));
    let send = |world: &mut World, start: Timestamp, token: &str| {
        let start = start.ms().to_string();
        let form = [
            ("form", token),
            ("service", "svc_tune_up"),
            ("start", &start),
            ("name", "Ana"),
            ("email", ANA),
            ("note", "Red bike"),
        ];
        posts(world, &form)
    };
    let (details, view, status) = refused(send(&mut world, tuesday(14), &token));
    assert_eq!((status, details.time, details.wrong[0].0), (409, None, Field::Start));
    assert_eq!(details.booker.email, ANA);
    assert_eq!((details.note.as_str(), details.instead.len()), ("Red bike", 6));
    assert_eq!((details.instead[0], details.instead[5]), (tuesday(12), tuesday(16)), "around it");
    let page = page::book(&view);
    assert!(page.contains("Somebody has just taken that time.") && page.contains("type=\"radio\""));
    let (past, _, status) = refused(send(&mut world, START.plus_ms(-HOUR_MS), &token));
    assert_eq!((status, past.wrong[0].0), (409, Field::Start));
    assert!(matches!(send(&mut world, details.instead[0], &details.token), Posted::Done(..)));
}

#[test]
fn a_form_that_is_not_ours_or_that_a_machine_filled_books_nothing() {
    let mut world = World::with_knowledge(144, &["prices.md"]);
    let good = details(&mut world, tuesday(14)).token;
    let forged = shared::signature::seal("another key", "booking form", b"ste_larkspur\nvis_1");
    let before = everything(&world);
    let start = tuesday(14).ms().to_string();
    for (token, trap, service) in [
        ("", "", "svc_tune_up"),
        (forged.as_str(), "", "svc_tune_up"),
        (good.as_str(), "https://spam.example", "svc_tune_up"),
    ] {
        let form = [
            ("form", token),
            ("service", service),
            ("start", start.as_str()),
            ("name", "Ana"),
            ("email", ANA),
            ("website", trap),
        ];
        let (details, view, status) = refused(posts(&mut world, &form));
        assert_eq!((status, details.booker.email.as_str()), (400, ANA), "{token} {trap}");
        assert!(view.trouble.is_some_and(|trouble| trouble.contains("Nothing is booked yet")));
    }
    let odd = [("service", "svc_none"), ("start", start.as_str())];
    assert!(matches!(posts(&mut world, &odd), Posted::Refused(_, 404)));
    assert_eq!(everything(&world), before);
}

#[test]
fn a_mailbox_that_is_anothers_is_told_and_unlocks_nothing() {
    let mut world = World::with_knowledge(145, &["prices.md"]);
    world.mails("maria@example.com", "My bike", "How much is a full service?", None);
    world.advance(MINUTE_MS);
    let maria = owner(&world, "maria@example.com").unwrap();
    let before = (world.taken_for("maria@example.com").len(), world.timeline(&maria.0).len());
    assert!(matches!(books_as(&mut world, tuesday(14), "maria@example.com"), Posted::Done(..)));
    world.advance(MINUTE_MS);
    let booked = only_appointment(&world);
    assert_ne!(booked.contact, maria.0, "a contact of its own");
    assert_eq!(owner(&world, "maria@example.com"), Some(maria.clone()));
    assert_eq!(world.timeline(&maria.0).len(), before.1, "nothing stands on her timeline");
    let mails = world.taken_for("maria@example.com");
    assert_eq!(mails.len(), before.0 + 1);
    let raw = mails.last().unwrap().raw.clone().unwrap();
    assert!(!raw.contains("Ana Ruiz"), "nothing a stranger typed goes to her: {raw}");
    // A move is told there as well, whoever made it.
    let ask = Ask::Move { id: booked.id.clone(), start: tuesday(16), resource: None };
    let (_, command) = command(&mut world, &booked.line, Speaker::Contact, ask);
    let effects = handle(&mut world, &command).unwrap().effects;
    world.note(effects);
    world.advance(MINUTE_MS);
    assert_eq!(world.taken_for("maria@example.com").len(), before.0 + 2);
    // She answers: then it is known to be hers.
    let confirmation = world.sandbox("maria@example.com").remove(0).id;
    world.mails("maria@example.com", "Re: Booked", "Thank you, see you then", Some(&confirmation));
    world.advance(MINUTE_MS);
    assert_eq!(appointment(&world, &booked.id).contact, owner(&world, "maria@example.com").unwrap().0);
}

#[test]
fn a_mailbox_that_opted_out_gets_nothing_and_the_appointment_stands() {
    let mut world = World::with_knowledge(146, &["prices.md"]);
    world.mails("maria@example.com", "Stop", "STOP", None);
    world.advance(MINUTE_MS);
    let before = world.taken_for("maria@example.com").len();
    assert!(matches!(books_as(&mut world, tuesday(14), "maria@example.com"), Posted::Done(..)));
    world.advance(3 * DAY_MS);
    assert_eq!(only_appointment(&world).state, State::Booked);
    assert_eq!(world.taken_for("maria@example.com").len(), before);
}

#[test]
fn a_mailbox_is_booked_for_five_times_a_day_and_the_site_for_its_first_messages_an_hour() {
    let mut world = World::with_knowledge(147, &["prices.md"]);
    for hour in 9..14 {
        let start = tuesday(hour);
        assert!(matches!(books_as(&mut world, start, ANA), Posted::Done(..)), "{hour}");
    }
    let friday = tuesday(9).plus_ms(3 * DAY_MS);
    let (_, view, status) = refused(books_as(&mut world, friday, "ANA@mail.example"));
    assert_eq!(status, 429);
    assert!(view.trouble.is_some_and(|trouble| trouble.contains("many bookings today")));
    assert!(matches!(books_as(&mut world, friday, "other@mail.example"), Posted::Done(..)));

    world.site.limits.first_messages_per_hour = 6;
    let start = friday.plus_ms(HOUR_MS);
    let (_, view, status) = refused(books_as(&mut world, start, "more@mail.example"));
    assert_eq!(status, 429);
    assert!(view.trouble.is_some_and(|trouble| trouble.contains("pause")));
    world.ctx.now = START.plus_ms(2 * HOUR_MS);
    assert!(matches!(books_as(&mut world, start, "more@mail.example"), Posted::Done(..)));
}

#[test]
fn an_end_at_any_point_leaves_no_half_of_a_booking() {
    for how in [Break::Before, Break::After] {
        for at in 0..5 {
            let mut world = World::with_knowledge(148, &["prices.md"]);
            let token = details(&mut world, tuesday(14)).token;
            let start = tuesday(14).ms().to_string();
            let body = form_urlencoded(&[
                ("form", token.as_str()),
                ("service", "svc_tune_up"),
                ("start", &start),
                ("name", "Ana"),
                ("email", ANA),
            ]);
            let form = Fields::parse(body.as_bytes());
            world.db.restart();
            world.db.crash(at, how);
            let done = (0..3).any(|_| {
                let mut ctx = world.ctx.clone();
                let posted = now(book(world.scope(), &mut ctx, &form, visit("en")));
                world.ctx = ctx;
                world.db.restart();
                matches!(posted, Ok(Posted::Done(..)))
            });
            assert!(done, "{how:?} {at}");
            let booked = only_appointment(&world);
            assert_eq!(owner(&world, ANA), Some((booked.contact.clone(), Assurance::Claimed)));
            assert_eq!(told(&world, &booked.line).len(), 1, "{how:?} {at}");
        }
    }
}

#[test]
fn the_page_speaks_the_languages_it_is_asked_in_and_names_the_zone() {
    let mut world = World::with_knowledge(149, &["prices.md"]);
    let mut read = |query: &str, accepted: &str| {
        let mut ctx = world.ctx.clone();
        let view =
            now(show(world.scope(), &mut ctx, &Fields::parse(query.as_bytes()), visit(accepted))).unwrap();
        world.ctx = ctx;
        page::book(&view)
    };
    assert!(read("", "es-MX,en").contains("<html lang=\"es\">"));
    assert!(read("lang=en", "es").contains("Book an appointment"));
    assert!(read("lang=xx", "").contains("<html lang=\"en\">"), "the site's own");
    let start = tuesday(14).ms();
    let there = read(&format!("service=svc_tune_up&start={start}"), "en");
    assert!(there.contains("14:00–15:00") && there.contains("Los Angeles time"), "{there}");
    let here = read(&format!("service=svc_tune_up&start={start}&zone=Europe/Madrid"), "es");
    assert!(here.contains("23:00–0:00") && here.contains("Hora de Madrid"), "{here}");
    let unknown = read(&format!("service=svc_tune_up&start={start}&zone=Mars/Olympus"), "en");
    assert!(unknown.contains("Los Angeles time") && !unknown.contains("Mars"));
    assert!(!here.contains("<script") && here.contains("method=\"post\""));
}
