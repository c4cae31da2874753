//! A contact's own link to the booking page: whose it is, what it shows, and when it is worth nothing.

use shared::{
    appointment::link::{open_personal, seal_personal},
    fields::Fields,
    flow::{
        book::{Visit, book, give_link, show},
        link::Posted,
    },
    id::ContactId,
    page::{self, BookView, Step},
};

use super::*;

const KEY: &str = "test-signing-key";
const MAILBOX: &str = "maria@example.com";

/// Maria's link, as the team gives it out.
fn token_of(world: &World, contact: &ContactId) -> String {
    let link = now(give_link(world.scope(), &mut world.ctx.clone(), contact)).unwrap();
    assert!(link.until_ms > world.ctx.now.plus_ms(58 * DAY_MS));
    link.url.strip_prefix("https://edge.example/book/").unwrap().to_owned()
}

fn looks(world: &World, token: &str, query: &str, zone: &str) -> Result<BookView, FlowError> {
    let visit = Visit { accepted: "en", zone, token: Some(token) };
    now(show(world.scope(), &mut world.ctx.clone(), &Fields::parse(query.as_bytes()), visit))
}

fn posts(world: &mut World, token: &str, form: &str) -> Result<Posted<BookView>, FlowError> {
    world.db.restart();
    let visit = Visit { accepted: "en", zone: "", token: Some(token) };
    let mut ctx = world.ctx.clone();
    let posted = now(book(world.scope(), &mut ctx, &Fields::parse(form.as_bytes()), visit));
    world.ctx = ctx;
    if let Ok(Posted::Done(handled, _)) = &posted {
        world.note(handled.effects.clone());
        world.settle();
    }
    posted
}

/// The form of the last step for a time, as the page has it.
fn form(world: &World, token: &str, start: Timestamp) -> String {
    let chosen = format!("service=svc_tune_up&start={}", start.ms());
    let Step::Details(details) = looks(world, token, &chosen, "").unwrap().step else { panic!() };
    format!("{chosen}&form={}&note=Red+bike", details.token)
}

#[test]
fn a_known_contact_types_nothing_and_books_as_themselves() {
    let (mut world, first) = with_booking(161);
    let maria = appointment(&world, &first).contact;
    let token = token_of(&world, &maria);
    let before = everything(&world);
    let view = looks(&world, &token, &format!("service=svc_tune_up&start={}", tuesday(10).ms()), "").unwrap();
    let shown = page::book(&view);
    assert!(shown.contains("You book as") && shown.contains("<b>Maria Lopez</b>"), "{shown}");
    assert!(shown.contains("m•••@example.com") && !shown.contains(MAILBOX), "masked: {shown}");
    assert!(!shown.contains("name=\"email\"") && shown.contains("href=\"/book/ste_larkspur\""), "{shown}");
    assert_eq!(everything(&world), before, "looking changes nothing");

    let form = form(&world, &token, tuesday(10));
    let Ok(Posted::Done(_, path)) = posts(&mut world, &token, &form) else { panic!() };
    let own = now(appointments::load_open(world.scope(), &world.ctx, &maria)).unwrap();
    let booked = own.iter().find(|own| own.id != first).unwrap();
    assert_eq!((booked.time.start, booked.state), (tuesday(10), State::Booked));
    assert_eq!((booked.note.as_deref(), booked.mailbox.as_ref()), (Some("Red bike"), None));
    let link = world.scope().appointment_link(&booked.id).unwrap();
    assert_eq!(format!("https://edge.example{path}"), format!("{link}?done=booked"));
    let contacts =
        world.db.run(&Stmt { sql: "SELECT id FROM contacts", args: Vec::new() }).unwrap().rows.len();
    // The same form again is the same booking, and nobody new has come.
    let Ok(Posted::Done(_, again)) = posts(&mut world, &token, &form) else { panic!() };
    assert_eq!(
        (again, now(appointments::load_open(world.scope(), &world.ctx, &maria)).unwrap()),
        (path, own)
    );
    let after = world.db.run(&Stmt { sql: "SELECT id FROM contacts", args: Vec::new() }).unwrap().rows.len();
    assert_eq!(after, contacts);
    world.advance(MINUTE_MS);
    let mails = world.taken_for(MAILBOX);
    assert!(mails.last().unwrap().text.contains(&link), "confirmed in her own mailbox: {mails:#?}");
}

#[test]
fn a_time_that_is_gone_offers_the_next_ones_on_the_personal_page_too() {
    let (mut world, first) = with_booking(162);
    let token = token_of(&world, &appointment(&world, &first).contact);
    let form = form(&world, &token, tuesday(10));
    let ben = visitor(&mut world);
    books(&mut world, &ben, "tune_up", tuesday(10));
    let Ok(Posted::Refused(view, 409)) = posts(&mut world, &token, &form) else { panic!() };
    let shown = page::book(&view);
    assert!(
        shown.contains("Somebody has just taken that time.") && shown.contains("type=\"radio\""),
        "{shown}"
    );
    assert!(shown.contains("<b>Maria Lopez</b>") && !shown.contains("name=\"email\""), "{shown}");
}

#[test]
fn a_forged_an_ended_and_an_erased_contacts_link_open_nothing_and_change_nothing() {
    let (mut world, first) = with_booking(163);
    let maria = appointment(&world, &first).contact;
    let good = token_of(&world, &maria);
    let form = form(&world, &good, tuesday(10));
    let before = everything(&world);
    let nobody = ContactId::parse("ctc_nobody").unwrap();
    let far = world.ctx.now.plus_ms(DAY_MS * 30);
    let other_site = shared::id::SiteId::parse("ste_other").unwrap();
    let forged = seal_personal("another key", &world.site.id, &maria, far);
    assert_eq!(open_personal(KEY, &forged), None);
    for token in [
        forged.as_str(),
        "a.b",
        "",
        &seal_personal(KEY, &world.site.id, &nobody, far),
        &seal_personal(KEY, &other_site, &maria, far),
        &seal_personal(KEY, &world.site.id, &maria, world.ctx.now),
    ] {
        assert_eq!(code(looks(&world, token, "", "")), "ended_link", "{token}");
        assert_eq!(code(posts(&mut world, token, &form)), "ended_link", "{token}");
    }
    assert_eq!(everything(&world), before);
    assert_eq!(code(now(give_link(world.scope(), &mut world.ctx.clone(), &nobody))), "unknown_contact");
    world.ctx.now = world.ctx.now.plus_ms(61 * DAY_MS);
    assert_eq!(code(looks(&world, &good, "", "")), "ended_link");
}

#[test]
fn times_are_on_the_visitors_clock_until_they_choose_another() {
    let (world, first) = with_booking(164);
    let token = token_of(&world, &appointment(&world, &first).contact);
    let start = format!("service=svc_tune_up&start={}", tuesday(10).ms());
    let read = |query: &str, zone: &str| page::book(&looks(&world, &token, query, zone).unwrap());
    let there = read(&start, "Europe/Madrid");
    assert!(there.contains("19:00–20:00") && there.contains("Madrid time"), "{there}");
    assert!(there.contains("With us: Tuesday, 24 November 2026 at 10:00 (Los Angeles time)"), "{there}");
    assert!(there.contains("<select id=\"zone\" name=\"zone\">") && !there.contains("<script"), "{there}");
    let chosen = read(&format!("{start}&zone=America/New_York"), "Europe/Madrid");
    assert!(chosen.contains("13:00–14:00") && chosen.contains("New York time"), "{chosen}");
    for unknown in ["", "Mars/Olympus", "../etc"] {
        let here = read(&start, unknown);
        assert!(here.contains("10:00–11:00") && !here.contains("With us"), "{unknown}: {here}");
    }
    // The page of the appointment as well.
    let shown = |zone: &str| {
        let view =
            now(flow::link::show(world.scope(), &world.ctx, &first, &Fields::parse(b""), zone)).unwrap();
        page::appointment(&view)
    };
    assert!(shown("Europe/Madrid").contains("23:00–0:00") && shown("").contains("14:00–15:00"));
}

#[test]
fn who_called_off_by_their_link_may_book_another_one_as_themselves() {
    let (mut world, first) = with_booking(165);
    asks(&mut world, &phone(MARIA), Ask::Cancel(first.clone())).unwrap();
    let mut site = world.site.clone();
    site.booking_url = None;
    world.site = site;
    let view = now(flow::link::show(world.scope(), &world.ctx, &first, &Fields::parse(b""), "")).unwrap();
    let token = view.book.as_deref().and_then(|url| url.strip_prefix("https://edge.example/book/")).unwrap();
    let maria = appointment(&world, &first).contact;
    assert_eq!(open_personal(KEY, token).map(|(_, contact, _)| contact), Some(maria));
}
