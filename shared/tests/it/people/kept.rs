//! What is kept of a contact: changed by the team, and erased altogether.

use serde_json::Value;
use shared::{
    channel::Channel,
    command::{EditWish, FactWish, FieldWish},
    contact::Address,
    delivery::Purpose,
    effect::Effect,
    event::Body,
    flow::{people, proof::prove},
    id::ContactId,
    site::Field,
    store::{Row, Stmt, consents, contacts, deliveries, erasures},
    time::{DAY_MS, MINUTE_MS},
    wire::Speaker,
};
use verify_consent::{Tally, Verdict, verify};

use super::{ANA, JUN, as_team, code, conversation_of, merge, plan, tag, unmerge, whose};
use crate::world::{World, mailbox, now, phone, web};

const MAILBOX: &str = "ana.quill@example.org";

fn contact(world: &World, id: &ContactId) -> shared::contact::Contact {
    let found = world.db.run(&contacts::contact(&world.site.id, id)).unwrap();
    contacts::decode_one(found).unwrap().unwrap()
}

fn facts(world: &World, id: &ContactId) -> Vec<shared::assistant::Fact> {
    let found = world.db.run(&consents::facts(&world.site.id, id)).unwrap();
    consents::current(consents::decode_facts(found).unwrap())
}

fn edits(world: &mut World, id: &ContactId, wish: EditWish) -> Result<(), shared::flow::FlowError> {
    as_team(world, |world, ctx| now(people::edit::edit(world.scope(), ctx, id, wish)))
}

fn told(world: &World, id: &ContactId) -> Vec<(Speaker, String, String)> {
    let edited = |event: shared::event::Event| match event.body {
        Body::Edited { what, how } => Some((event.speaker, what, how)),
        _ => None,
    };
    world.timeline(id).into_iter().filter_map(edited).collect()
}

#[test]
fn the_team_changes_a_name_a_language_and_a_zone_and_the_timeline_says_who() {
    let (mut world, ana, _) = super::with_two(920);
    let wish = EditWish {
        by: JUN.into(),
        name: Some(" Ana Quill ".into()),
        locale: Some("es".into()),
        time_zone: Some("Europe/Madrid".into()),
    };
    edits(&mut world, &ana, wish.clone()).unwrap();
    let known = contact(&world, &ana);
    assert_eq!((known.name.as_deref(), known.locale.as_deref()), (Some("Ana Quill"), Some("es")));
    let by = Speaker::Agent(JUN.into());
    let of = |what: &str, how: &str| (by.clone(), what.to_owned(), how.to_owned());
    assert_eq!(
        told(&world, &ana),
        [of("name", "changed"), of("locale", "changed"), of("time_zone", "changed")]
    );
    edits(&mut world, &ana, wish.clone()).unwrap();
    assert_eq!(told(&world, &ana).len(), 3, "nothing has changed");
    let nothing = EditWish { by: JUN.into(), name: Some(String::new()), ..EditWish::default() };
    edits(&mut world, &ana, nothing).unwrap();
    assert_eq!((contact(&world, &ana).name, told(&world, &ana).len()), (None, 4));
    let zone = EditWish { time_zone: Some("Mars/Olympus".into()), ..wish.clone() };
    assert_eq!(code(edits(&mut world, &ana, zone)), "bad_time_zone");
    let name = EditWish { name: Some("x".repeat(121)), ..wish.clone() };
    assert_eq!(code(edits(&mut world, &ana, name)), "bad_name");
    assert_eq!(code(edits(&mut world, &ana, EditWish { by: "Nobody".into(), ..wish })), "unknown_member");
}

#[test]
fn a_fact_is_corrected_with_its_own_source_and_forgotten_for_good() {
    let (mut world, ana, _) = super::with_two(921);
    world.texts(ANA, "My budget is $80");
    world.advance(MINUTE_MS);
    let learnt = facts(&world, &ana).into_iter().find(|fact| fact.key == "budget").expect("a budget");
    let wish = |value: Option<&str>, source: &shared::id::EventId| FactWish {
        by: JUN.into(),
        key: "budget".into(),
        source: source.clone(),
        value: value.map(str::to_owned),
    };
    let does = |world: &mut World, wish| {
        as_team(world, |world, ctx| now(people::edit::fact(world.scope(), ctx, &ana, wish)))
    };
    does(&mut world, wish(Some("$90"), &learnt.source)).unwrap();
    let now_known: Vec<_> = facts(&world, &ana).into_iter().filter(|fact| fact.key == "budget").collect();
    assert_eq!(now_known.iter().map(|fact| fact.value.as_str()).collect::<Vec<_>>(), ["$90"]);
    let source = &now_known[0].source;
    let timeline = world.timeline(&ana);
    let edited =
        timeline.iter().find(|event| event.id == *source).expect("its source stands on the timeline");
    assert!(
        matches!(&edited.body, Body::Edited { what, how } if what == "fact.budget" && how == "corrected")
    );
    assert_eq!(code(does(&mut world, wish(None, &learnt.source))), "unknown_fact");
    does(&mut world, wish(None, source)).unwrap();
    assert!(facts(&world, &ana).iter().all(|fact| fact.key != "budget"));
    // The same event teaches it no second time.
    let said = consents::Remembered { fact: learnt, address_key: ANA.into() };
    let id = shared::id::FactId::mint(&mut world.ctx);
    for stmt in consents::remember(&world.site.id, &ana, &id, &said) {
        world.db.run(&stmt).unwrap();
    }
    assert!(facts(&world, &ana).iter().all(|fact| fact.key != "budget"));
    world.texts(ANA, "My budget is $120");
    world.advance(MINUTE_MS);
    assert!(facts(&world, &ana).iter().any(|fact| fact.key == "budget"), "what she says anew is learnt");
}

#[test]
fn the_sites_own_fields_are_kept_as_they_are_defined() {
    let (mut world, ana, bea) = super::with_two(922);
    let field = |name: &str, options: &[&str]| Field {
        name: name.into(),
        label: String::new(),
        options: options.iter().map(|&option| option.to_owned()).collect(),
    };
    world.site.fields = vec![field("size", &["S", "L"]), field("bike", &[])];
    let does = |world: &mut World, who: &ContactId, name: &str, value: Option<&str>| {
        let wish = FieldWish { by: JUN.into(), name: name.into(), value: value.map(str::to_owned) };
        as_team(world, |world, ctx| now(people::edit::field(world.scope(), ctx, who, wish)))
    };
    let kept = |world: &World, who: &ContactId| -> Vec<(String, String)> {
        let kept = now(people::edit::load_fields(world.scope(), who)).unwrap();
        kept.into_iter().map(|kept| (kept.name, kept.value)).collect()
    };
    does(&mut world, &ana, "size", Some("L")).unwrap();
    does(&mut world, &bea, "size", Some("S")).unwrap();
    does(&mut world, &bea, "bike", Some("a red one")).unwrap();
    assert_eq!(code(does(&mut world, &ana, "size", Some("XXL"))), "bad_value");
    assert_eq!(code(does(&mut world, &ana, "shoe", Some("9"))), "unknown_field");
    merge(&mut world, &ana, &bea).unwrap();
    let of = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(kept(&world, &ana), [of("bike", "a red one"), of("size", "L")], "hers come first");
    unmerge(&mut world, &bea).unwrap();
    assert_eq!(kept(&world, &ana), [of("size", "L")]);
    does(&mut world, &ana, "size", None).unwrap();
    assert_eq!((kept(&world, &ana), kept(&world, &bea).len()), (Vec::new(), 2));
}

/// Ana, who has said and agreed to things on three lines and was two contacts before; and Bea, who is nobody else.
fn with_much(seed: u64) -> (World, ContactId, Address) {
    let (mut world, ana, bea) = super::with_two(seed);
    let visitor = world.visitor();
    world.says(&visitor, "I ride a zebrawood bicycle").unwrap();
    world.settle();
    world.continues(&visitor, Channel::Email, MAILBOX).unwrap();
    world.advance(MINUTE_MS);
    world.mails(MAILBOX, "Zebrawood", "My budget is $80 for the zebrawood bicycle", None);
    world.advance(MINUTE_MS);
    for text in ["STOP", "START", "I want to talk to a real person about the zebrawood"] {
        world.texts(ANA, text);
        world.advance(MINUTE_MS);
    }
    let stranger = world.contact(&web(&visitor)).unwrap();
    merge(&mut world, &ana, &stranger).unwrap();
    world.site.fields = vec![Field { name: "bike".into(), label: String::new(), options: Vec::new() }];
    let wish = FieldWish { by: JUN.into(), name: "bike".into(), value: Some("zebrawood".into()) };
    as_team(&mut world, |world, ctx| now(people::edit::field(world.scope(), ctx, &ana, wish))).unwrap();
    let wish = EditWish { by: JUN.into(), name: Some("Ana Quill".into()), ..EditWish::default() };
    edits(&mut world, &ana, wish).unwrap();
    tag(&mut world, &ana, "zebrawood", true).unwrap();
    let own = conversation_of(&world, &ana).unwrap();
    plan(&mut world, &own, Purpose::Reminder, 30 * DAY_MS);
    world.texts(super::BEA, "How much is a full service?");
    world.advance(MINUTE_MS);
    assert_ne!(whose(&world, super::BEA), ana);
    assert_eq!(whose(&world, super::BEA), bea);
    (world, ana, web(&visitor))
}

fn rows(world: &World, sql: String) -> Vec<Row> {
    // A test's texts may live as long as the test.
    world.db.run(&Stmt { sql: Box::leak(sql.into_boxed_str()), args: Vec::new() }).unwrap().rows
}

/// The tables in which some text stands.
fn tables_with(world: &World, needle: &str) -> Vec<String> {
    let tables = rows(world, "SELECT name FROM sqlite_schema WHERE type = 'table'".into());
    let names = tables.iter().map(|row| row.get("name").and_then(Value::as_str).unwrap().to_owned());
    let ours = names.filter(|name| !name.starts_with("passages") && name != "sites");
    ours.filter(|name| {
        let all = rows(world, format!("SELECT * FROM {name}"));
        all.iter().any(|row| format!("{row:?}").to_lowercase().contains(&needle.to_lowercase()))
    })
    .collect()
}

fn erase(world: &mut World, who: &ContactId) -> Result<(), shared::flow::FlowError> {
    as_team(world, |world, ctx| now(people::erase::erase(world.scope(), ctx, who, JUN.into())))
}

#[test]
fn everything_about_a_person_is_erased_from_every_table() {
    let (mut world, ana, browser) = with_much(930);
    let needles = [
        ANA,
        "0101",
        MAILBOX,
        "ana.quill",
        "a•••@example.org",
        "Ana Quill",
        "zebrawood",
        browser.text.as_str(),
    ];
    for needle in &needles {
        assert!(!tables_with(&world, needle).is_empty(), "{needle} was never there");
    }
    let (before, bea) = (world.timeline(&ana).len(), whose(&world, super::BEA));
    let (others, texts) = (format!("{:?}", world.timeline(&bea)), world.sandbox(super::BEA).len());
    erase(&mut world, &ana).unwrap();
    for needle in needles {
        assert_eq!(tables_with(&world, needle), Vec::<String>::new(), "{needle}");
    }
    let blank = world.timeline(&ana);
    assert!(blank.len() == before && blank.iter().all(|event| event.body == Body::Erased {}));
    assert_eq!(world.contact(&phone(ANA)), None);
    assert_eq!(world.contact(&mailbox(MAILBOX)), None);
    assert_eq!((format!("{:?}", world.timeline(&bea)), world.sandbox(super::BEA).len()), (others, texts));
    assert_eq!(code(erase(&mut world, &ana)), "unknown_contact", "nobody is left");
    assert_eq!(code(merge(&mut world, &bea, &ana)), "unknown_contact");
    world.advance(60 * DAY_MS);
    assert_eq!(tables_with(&world, ANA), Vec::<String>::new(), "nothing that waited is said");
}

#[test]
fn an_erased_ledger_still_holds_and_says_so() {
    let (mut world, ana, _) = with_much(931);
    let file =
        |world: &World| serde_json::to_value(now(prove(world.scope(), &world.ctx, &ana)).unwrap()).unwrap();
    let Verdict::Holds(Tally { entries, erased: 0, unnamed: 0 }) = verify(&file(&world).to_string()) else {
        panic!("{}", file(&world))
    };
    assert!(entries >= 3);
    erase(&mut world, &ana).unwrap();
    let mut after = file(&world);
    assert_eq!(verify(&after.to_string()), Verdict::Holds(Tally { entries, erased: entries, unnamed: 0 }));
    assert!(verify(&after.to_string()).to_string().contains("erased"));
    let chain =
        after["addresses"].as_array_mut().unwrap().iter_mut().find(|one| one["entries"] == 2).unwrap();
    chain["chain"].as_array_mut().unwrap().remove(0);
    assert!(matches!(verify(&after.to_string()), Verdict::Breaks(_)));
    let forged = "UPDATE consents SET body = '{}' WHERE n = 1";
    assert!(world.db.run(&Stmt { sql: forged, args: Vec::new() }).is_err());
    let moved = "UPDATE consents SET address_key = '+1' WHERE n = 1";
    assert!(world.db.run(&Stmt { sql: moved, args: Vec::new() }).is_err());
}

#[test]
fn whoever_writes_from_an_erased_address_is_somebody_new_and_is_answered() {
    let (mut world, ana, browser) = with_much(932);
    let hash = world.scope().hash(&phone(ANA));
    erase(&mut world, &ana).unwrap();
    let found = world.db.run(&deliveries::suppressed(&world.site.id, phone(ANA).kind, &hash)).unwrap();
    assert_eq!(found.rows[0].get("reason").and_then(Value::as_str), Some("erased"));
    // Somebody else types the number: nothing is sent to it.
    let other = world.visitor();
    world.says(&other, "Hello").unwrap();
    world.settle();
    world.continues(&other, Channel::Sms, ANA).unwrap();
    world.advance(MINUTE_MS);
    assert_eq!(world.sandbox(ANA).len(), 0, "nobody writes to who was erased");
    world.texts(ANA, "How much is a full service?");
    world.advance(MINUTE_MS);
    let anew = whose(&world, ANA);
    assert_ne!(anew, ana);
    let answer = world.last_answer(&phone(ANA)).message().unwrap().text.clone();
    assert!(answer.contains("$140") && !answer.contains("zebrawood"), "{answer}");
    assert!(world.sandbox(ANA).iter().any(|message| message.recipient == ANA), "she is answered");
    // Her browser, which still holds its token, begins anew as well.
    let visitor = shared::flow::catch_up::visitor_of(&browser).unwrap();
    let handled = world.says(&visitor, "Do you fix zebrawood?").unwrap();
    assert!(handled.effects.iter().any(|effect| matches!(effect, Effect::Moved { .. })));
    world.settle();
    let new = world.contact(&browser).unwrap();
    assert!(new != ana && world.timeline(&new).len() >= 2);
    world.says(&visitor, "And a puncture?").unwrap();
    world.settle();
}

#[test]
fn people_with_whom_nothing_happened_for_long_are_erased_by_the_sites_rule() {
    let (mut world, ana, bea) = super::with_two(933);
    let sweeps = |world: &mut World| {
        let mut ctx = world.ctx.clone();
        let effects = now(people::erase::erase_silent(world.scope(), &mut ctx)).unwrap();
        world.ctx = ctx;
        effects.len()
    };
    world.advance(200 * DAY_MS);
    assert_eq!(sweeps(&mut world), 0, "the site has no such rule");
    world.site.policy.retention_months = Some(6);
    let definition = serde_json::to_string(&world.site).unwrap();
    let put = Stmt { sql: "UPDATE sites SET definition = ?1", args: vec![definition.into()] };
    assert!(now(erasures::load_retaining(&world.db, "", 10)).unwrap().is_empty());
    world.db.run(&put).unwrap();
    assert_eq!(now(erasures::load_retaining(&world.db, "", 10)).unwrap(), [world.site.clone()]);
    world.texts(super::BEA, "Hello again");
    world.advance(MINUTE_MS);
    assert!(sweeps(&mut world) > 0);
    assert_eq!((world.contact(&phone(ANA)), whose(&world, super::BEA)), (None, bea));
    assert!(world.timeline(&ana).iter().all(|event| event.body == Body::Erased {}));
    assert_eq!(sweeps(&mut world), 0, "once is enough");
}
