//! Forms of the customer's own page: answered in the chat, consents with their words, no message sent to whoever was typed.

use shared::{
    channel::Channel,
    consent::{Action, Basis, Level, Presser, Standing, standing},
    delivery::Purpose,
    event::Body,
    flow::{FlowError, Handled, forms},
    form,
    id::VisitorId,
    store::{Stmt, consents},
    time::{HOUR_MS, SECOND_MS},
};

use crate::world::{World, mailbox, now, phone, web};

const FORM: &str = "name=Maria+Lopez&email=maria%40mail.example&phone=415+555+2671&message=How+much+is+a+basic+tune-up%3F\
    &bike=Gravel&tl_page=https%3A%2F%2Fshop.example%2Fcontact&tl_ms=9000&tl_id=evt_form1";
const CONSENT: &str = "&sms_consent=yes&tl_label.sms_consent=Text+me+about+this.&email_marketing=on&tl_label.email_marketing=\
    News+from+Larkspur+Bike+Workshop+by+email.";

fn fills(world: &mut World, visitor: &VisitorId, body: &str) -> Result<Handled, FlowError> {
    world.db.restart();
    let posted = form::read(body.as_bytes()).unwrap();
    let mut ctx = world.ctx.clone();
    let handled = now(forms::take(world.scope(), &mut ctx, visitor, "en", &posted));
    world.ctx = ctx;
    if let Ok(handled) = &handled {
        world.note(handled.effects.clone());
    }
    handled
}

fn rows(world: &World, sql: &'static str) -> usize {
    world.db.run(&Stmt { sql, args: Vec::new() }).unwrap().rows.len()
}

#[test]
fn a_form_is_answered_in_the_chat_and_its_consents_stand_with_their_words() {
    let mut world = World::with_knowledge(1, &["prices.md"]);
    let visitor = world.visitor();
    fills(&mut world, &visitor, &format!("{FORM}{CONSENT}")).unwrap();
    world.advance(3 * SECOND_MS);
    let answer = world.last_answer(&web(&visitor));
    assert!(answer.message().unwrap().text.contains("$75"), "{answer:?}");
    let contact = world.contact(&web(&visitor)).unwrap();
    let timeline = world.timeline(&contact);
    let told = timeline.iter().find_map(|event| match &event.body {
        Body::Form { page, fields } => Some((page.as_str(), fields.clone())),
        _ => None,
    });
    let (page, fields) = told.unwrap();
    assert_eq!(page, "https://shop.example/contact");
    assert!(fields.contains(&("bike".to_owned(), "Gravel".to_owned())), "{fields:?}");
    assert!(!format!("{fields:?}").contains("maria@mail.example"), "addresses are masked: {fields:?}");

    let chain = |address| {
        consents::decode_chain(world.db.run(&consents::chain(&world.site.id, &address)).unwrap()).unwrap()
    };
    let texts = chain(phone("+14155552671"));
    assert_eq!((texts[0].body.basis, texts[0].body.evidence.as_str()), (Basis::Form, "Text me about this."));
    assert_eq!(texts[0].body.page.as_deref(), Some("https://shop.example/contact"));
    let mails = chain(mailbox("maria@mail.example"));
    assert_eq!(
        (mails[0].body.purpose, mails[0].body.level),
        (Some(Purpose::Marketing), Level::ExpressWritten)
    );
    assert_ne!(
        standing(&mails, Channel::Email, Purpose::Marketing, None, world.ctx.now),
        Standing::Silent,
        "{mails:?}"
    );
    assert!(world.sandbox("+14155552671").is_empty(), "nothing goes to an address that was only typed");
    let asked = world.sandbox("maria@mail.example");
    assert!(matches!(&asked[..], [one] if one.text.contains("/c/")), "it is asked to confirm: {asked:#?}");
}

#[test]
fn the_same_form_again_and_a_programs_form_change_nothing() {
    let mut world = World::with_knowledge(2, &["prices.md"]);
    let visitor = world.visitor();
    fills(&mut world, &visitor, FORM).unwrap();
    let before = rows(&world, "SELECT * FROM events");
    fills(&mut world, &visitor, FORM).unwrap();
    // Without scripts every post is a new browser.
    let unnamed = FORM.replace("&tl_id=evt_form1", "");
    let (one, two) = (world.visitor(), world.visitor());
    fills(&mut world, &one, &unnamed).unwrap();
    let with_one = rows(&world, "SELECT * FROM events");
    fills(&mut world, &two, &unnamed).unwrap();
    assert_eq!((before, with_one), (before, rows(&world, "SELECT * FROM events")));
    let trapped = format!("{FORM}&tl_website=spam").replace("evt_form1", "evt_form2");
    fills(&mut world, &two, &trapped).unwrap();
    assert_eq!(with_one, rows(&world, "SELECT * FROM events"));
    assert_eq!(rows(&world, "SELECT * FROM counters WHERE name = 'forms.trapped'"), 1);
}

#[test]
fn a_bad_address_names_its_field_and_too_many_forms_are_refused_for_an_hour() {
    let mut world = World::with_knowledge(3, &[]);
    let visitor = world.visitor();
    let code = |result: Result<Handled, FlowError>| match result {
        Err(FlowError::Rejected(why)) => why.code,
        other => panic!("{other:?}"),
    };
    let bad = FORM.replace("maria%40mail.example", "maria");
    assert_eq!(code(fills(&mut world, &visitor, &bad)), "bad_email");
    let bad = FORM.replace("415+555+2671", "12");
    assert_eq!(code(fills(&mut world, &visitor, &bad)), "bad_phone");
    assert_eq!(rows(&world, "SELECT * FROM events"), 0);
    world.site.limits.forms_per_hour = 1;
    fills(&mut world, &visitor, FORM).unwrap();
    let second = FORM.replace("evt_form1", "evt_form2");
    let other = world.visitor();
    assert_eq!(code(fills(&mut world, &other, &second)), "too_many_forms");
    world.advance(HOUR_MS);
    fills(&mut world, &other, &second).unwrap();
}

#[test]
fn a_stop_in_a_form_stops_and_agrees_to_nothing_and_nobody_agrees_to_marketing_for_another() {
    let mut world = World::with_knowledge(4, &["prices.md"]);
    let visitor = world.visitor();
    fills(&mut world, &visitor, &format!("{FORM}&sms_consent=yes&tl_label.sms_consent=Text+me.")).unwrap();
    let stop = format!("{FORM}&sms_marketing=on&tl_label.sms_marketing=Offers+from+Larkspur+Bike+Workshop")
        .replace("evt_form1", "evt_form2")
        .replace("How+much+is+a+basic+tune-up%3F", "Please+stop+texting+me");
    fills(&mut world, &visitor, &stop).unwrap();
    let chain = |world: &World, number: &str| {
        let rows = world.db.run(&consents::chain(&world.site.id, &phone(number))).unwrap();
        consents::decode_chain(rows).unwrap()
    };
    let last = chain(&world, "+14155552671").pop().unwrap();
    assert_eq!((last.body.action, last.body.basis), (Action::Revoke, Basis::Words));

    world.texts("+14155550100", "How much is a full service?");
    world.advance(3 * SECOND_MS);
    let stranger = world.visitor();
    let theirs = format!("{FORM}&sms_marketing=on&tl_label.sms_marketing=Offers+from+Larkspur+Bike+Workshop")
        .replace("evt_form1", "evt_form3")
        .replace("415+555+2671", "415+555+0100");
    fills(&mut world, &stranger, &theirs).unwrap();
    let agreed = chain(&world, "+14155550100");
    assert!(agreed.iter().all(|entry| entry.body.purpose != Some(Purpose::Marketing)), "{agreed:?}");
}

#[test]
fn a_consent_keeps_from_where_in_which_language_and_by_which_box_it_was_given() {
    let mut world = World::with_knowledge(11, &["prices.md"]);
    let visitor = world.visitor();
    let mut posted = form::read(format!("{FORM}{CONSENT}").as_bytes()).unwrap();
    posted.by = Presser::of(Some("203.0.113.9".into()), Some("Browser/1".repeat(90)));
    let mut ctx = world.ctx.clone();
    now(forms::take(world.scope(), &mut ctx, &visitor, "en", &posted)).unwrap();
    world.ctx = ctx;
    let chain = |address| {
        consents::decode_chain(world.db.run(&consents::chain(&world.site.id, &address)).unwrap()).unwrap()
    };
    let seen = chain(phone("+14155552671"))[0].body.seen.clone();
    assert_eq!((seen.locale.as_deref(), seen.field.as_deref()), (Some("en"), Some("sms_consent")));
    assert_eq!(seen.by.ip.as_deref(), Some("203.0.113.9"));
    assert_eq!(seen.by.agent.map(|agent| agent.len()), Some(200), "a browser may call itself anything");
    assert_eq!(seen.places, ["US-CA"], "whose law may hold");
    assert_eq!(chain(mailbox("maria@mail.example"))[0].body.seen.places, [""; 0], "a mailbox tells no place");
}

#[test]
fn a_box_for_one_topic_is_a_consent_to_that_topic_alone() {
    let mut world = World::with_knowledge(12, &["prices.md"]);
    let visitor = world.visitor();
    let form = FORM.replace("415+555+2671", "415+555+0142");
    let body = format!(
        "{form}&sms_marketing.races=on&tl_label.sms_marketing.races=Races+by+text+from+Larkspur+Bike+Workshop."
    );
    fills(&mut world, &visitor, &body).unwrap();
    let number = phone("+14155550142");
    let chain =
        consents::decode_chain(world.db.run(&consents::chain(&world.site.id, &number)).unwrap()).unwrap();
    let about = |topic| standing(&chain, Channel::Sms, Purpose::Marketing, topic, world.ctx.now);
    assert!(matches!(about(Some("races")), Standing::Granted { level: Level::ExpressWritten, .. }));
    assert_eq!((about(Some("sales")), about(None)), (Standing::Silent, Standing::Silent));
}
