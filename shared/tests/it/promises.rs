//! What is promised in the team's name: true to its hours, a timer with an owner, kept or missed and counted.

use shared::{
    channel::Channel,
    command::{PromiseDoes, PromiseWish},
    event::Body,
    flow::{FlowError, team},
    id::{EventId, VisitorId},
    promise::{Deed, Promise, PromiseAct},
    store::sqlite::Break,
    time::{DAY_MS, HOUR_MS, MINUTE_MS},
    wire::ClientFrame,
};

use crate::{
    work::writes,
    world::{World, now, phone, web},
};

const MARIA: &str = "+14155552671";
const MAILBOX: &str = "maria@example.com";
const LATE: (&str, &str) =
    ("handoff-promise.toml", include_str!("../../../examples/site/sequences/handoff-promise.toml"));
const FORM: (&str, &str) =
    ("form-follow-up.toml", include_str!("../../../examples/site/sequences/form-follow-up.toml"));
const MIA: &str = "mia@example.com";
const PERSON: &str = "Can I talk to a person?";

/// Maria asks for a person by text, while the team is there.
fn asked(seed: u64) -> World {
    let mut world = World::with_sequences(seed, &["prices.md"], &[LATE, FORM]);
    world.texts(MARIA, PERSON);
    world.advance(MINUTE_MS);
    world
}

fn standing(world: &World) -> Option<Promise> {
    world.conversation(&phone(MARIA)).promise
}

fn acts(world: &World) -> Vec<PromiseAct> {
    let contact = world.contact(&phone(MARIA)).unwrap();
    let events = world.timeline(&contact);
    let acts = events.iter().filter_map(|event| match &event.body {
        Body::Promise(told) => Some(told.act),
        _ => None,
    });
    acts.collect()
}

fn counts(world: &World) -> (usize, u32, u32) {
    let all = now(team::load_promises(world.scope(), &world.ctx)).unwrap();
    (all.open.len(), all.kept, all.missed)
}

/// A visitor presses "talk to a person".
fn calls_a_person(world: &mut World, visitor: &VisitorId) {
    let id = EventId::mint(&mut world.ctx);
    drop(world.frame(visitor, &ClientFrame::Person { id, address: None }).unwrap());
}

/// A member of the team does something about what Maria was promised.
fn team(world: &mut World, by: &str, does: PromiseDoes) -> Result<(), FlowError> {
    let contact = world.contact(&phone(MARIA)).unwrap();
    let (mut ctx, wish) = (world.ctx.clone(), PromiseWish { by: by.into(), does });
    let handled = now(team::promise(world.scope(), &mut ctx, &contact, wish));
    world.ctx = ctx;
    world.note(handled?.effects);
    world.settle();
    Ok(())
}

fn refused(told: Result<(), FlowError>) -> &'static str {
    match told {
        Err(FlowError::Rejected(rejection)) => rejection.code,
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn what_the_answer_says_is_the_time_of_the_timer() {
    let world = asked(501);
    let promise = standing(&world).unwrap();
    assert_eq!(
        (promise.deed, promise.owner.as_str(), promise.channel),
        (Deed::Answer, "Jun Park", Channel::Sms)
    );
    let contact = world.contact(&phone(MARIA)).unwrap();
    let said = world.last_answer(&phone(MARIA));
    let zone = "America/New_York";
    let sentence = shared::calendar::promised_sentence(
        &world.site,
        (None, Deed::Answer, Some(promise.by)),
        said.at,
        zone,
        "en",
    );
    assert!(said.message().unwrap().text.contains(&sentence), "{said:?}, not {sentence}");
    assert_eq!(promise.wakes_at, Some(promise.by));
    assert_eq!((acts(&world), counts(&world)), (vec![PromiseAct::Made], (1, 0, 0)));
    assert!(world.timeline(&contact).iter().any(|event| matches!(event.body, Body::Handoff { .. })));
}

#[test]
fn asking_again_moves_nothing() {
    let mut world = asked(502);
    let promise = standing(&world).unwrap();
    world.advance(20 * MINUTE_MS);
    world.texts(MARIA, "I want to speak to a human");
    world.advance(MINUTE_MS);
    assert_eq!(standing(&world).unwrap().by, promise.by);
    assert_eq!(acts(&world), [PromiseAct::Made]);
}

#[test]
fn a_promise_that_is_kept_is_counted_and_wakes_nobody() {
    let mut world = asked(503);
    world.advance(10 * MINUTE_MS);
    team(&mut world, "Jun Park", PromiseDoes::Keep(Some("called her, wheel is true again".into()))).unwrap();
    assert_eq!((standing(&world), counts(&world)), (None, (0, 1, 0)));
    world.advance(DAY_MS);
    assert_eq!(acts(&world), [PromiseAct::Made, PromiseAct::Kept]);
    assert!(world.sandbox(MAILBOX).is_empty(), "nobody says sorry for what was kept");
    assert_eq!(refused(team(&mut world, "Jun Park", PromiseDoes::Keep(None))), "nothing_promised");
}

#[test]
fn a_promise_that_is_missed_is_counted_once_goes_down_the_team_and_the_contact_hears_of_it() {
    let mut world = asked(504);
    let by = standing(&world).unwrap().by;
    world.advance(by.since_ms(world.ctx.now) - MINUTE_MS);
    assert_eq!(acts(&world), [PromiseAct::Made], "not a minute before");
    world.advance(2 * MINUTE_MS);
    let promise = standing(&world).unwrap();
    assert_eq!((promise.owner.as_str(), promise.missed_at.is_some()), ("Theo Lindqvist", true));
    assert_eq!(counts(&world), (1, 0, 1));
    let sorry = |world: &World| {
        world.sandbox(MAILBOX).iter().filter(|mail| mail.text.contains("We are sorry")).count()
    };
    assert_eq!(sorry(&world), 1);
    world.advance(2 * DAY_MS);
    assert_eq!(acts(&world), [PromiseAct::Made, PromiseAct::Missed, PromiseAct::PassedOn]);
    let promise = standing(&world).unwrap();
    assert_eq!((promise.owner.as_str(), promise.wakes_at), ("Rosa Delgado", None), "everybody was asked");
    assert_eq!((counts(&world), sorry(&world)), ((1, 0, 1), 1));
    team(&mut world, "Rosa Delgado", PromiseDoes::Keep(None)).unwrap();
    assert_eq!((acts(&world).last(), counts(&world)), (Some(&PromiseAct::KeptLate), (0, 0, 1)));
}

#[test]
fn a_timer_whose_hint_was_lost_is_found_by_the_sweep() {
    let mut world = asked(505);
    let by = standing(&world).unwrap().by;
    world.waiting_is_lost();
    world.ctx.now = by.plus_ms(MINUTE_MS);
    world.sweep();
    world.settle();
    assert_eq!(acts(&world), [PromiseAct::Made, PromiseAct::Missed]);
    world.sweep();
    world.settle();
    assert_eq!(acts(&world).len(), 2, "once");
}

#[test]
fn a_crash_at_any_call_of_the_timer_misses_the_promise_once() {
    for how in [Break::Before, Break::After] {
        for at in 0..8 {
            let mut world = asked(506);
            let by = standing(&world).unwrap().by;
            world.ctx.now = by.plus_ms(1);
            world.db.crash(at, how);
            world.settle();
            world.db.restart();
            for _ in 0..3 {
                world.advance(MINUTE_MS);
            }
            assert_eq!(acts(&world), [PromiseAct::Made, PromiseAct::Missed], "{how:?} {at}");
            assert_eq!(counts(&world), (1, 0, 1), "{how:?} {at}");
        }
    }
}

#[test]
fn a_member_of_the_team_promises_by_the_hours_and_the_contact_is_told() {
    let mut world = asked(507);
    let make = |within_min, tell| PromiseDoes::Make { deed: Deed::Call, within_min, tell };
    assert_eq!(refused(team(&mut world, "Nobody", make(None, false))), "unknown_member");
    for within in [0, 6_001, u32::MAX] {
        assert_eq!(refused(team(&mut world, "Jun Park", make(Some(within), false))), "bad_within");
    }
    team(&mut world, "Theo Lindqvist", make(Some(120), true)).unwrap();
    let promise = standing(&world).unwrap();
    assert_eq!((promise.deed, promise.owner.as_str()), (Deed::Call, "Theo Lindqvist"));
    let told = world.sandbox(MAILBOX);
    assert!(told[0].text.contains("Theo Lindqvist will call you by"), "{}", told[0].text);
    assert_eq!(acts(&world), [PromiseAct::Made, PromiseAct::Made]);
    team(&mut world, "Theo Lindqvist", PromiseDoes::Withdraw(Some("she came by".into()))).unwrap();
    assert_eq!((standing(&world), counts(&world)), (None, (0, 0, 0)));
    world.site.hours.clear();
    assert_eq!(refused(team(&mut world, "Theo Lindqvist", make(None, true))), "no_hours");
    assert_eq!(standing(&world), None);
}

#[test]
fn what_a_member_promises_in_their_own_words_is_a_timer_like_any_other() {
    let mut world = asked(617);
    writes(&mut world, &phone(MARIA), "Jun Park", "Thanks, got it. I'll call you within the hour.");
    let promise = standing(&world).expect("their words");
    assert_eq!((promise.deed, promise.owner.as_str()), (Deed::Call, "Jun Park"));
    assert_eq!(promise.by.since_ms(promise.made_at), HOUR_MS);
    world.advance(2 * HOUR_MS);
    assert!(acts(&world).contains(&PromiseAct::Missed), "{:?}", acts(&world));
    writes(
        &mut world,
        &phone(MARIA),
        "Jun Park",
        "Shall I call you? I'll call you in 20 minutes if you like.",
    );
    assert_eq!(standing(&world).map(|it| it.made_at), Some(promise.made_at), "a question promises nothing");
}

#[test]
fn a_browser_that_proves_nothing_is_not_told_what_was_promised_elsewhere() {
    let mut world = asked(508);
    let visitor = world.visitor();
    world.says(&visitor, PERSON).unwrap();
    world.advance(MINUTE_MS);
    let (own, other) = (world.conversation(&web(&visitor)), world.conversation(&phone(MARIA)));
    assert_ne!(own.id, other.id);
    assert_eq!(counts(&world).0, 2, "each of the two is promised something");
}

#[test]
fn a_new_time_that_is_said_after_a_missed_one_is_a_new_timer_of_whoever_has_it_by_then() {
    let mut world = World::with_sequences(512, &["prices.md"], &[]);
    let visitor = world.visitor();
    calls_a_person(&mut world, &visitor);
    world.advance(70 * MINUTE_MS);
    let conversation = world.conversation(&web(&visitor)).promise.unwrap();
    assert_eq!((conversation.owner.as_str(), conversation.missed_at.is_some()), ("Theo Lindqvist", true));
    calls_a_person(&mut world, &visitor);
    let promise = world.conversation(&web(&visitor)).promise.unwrap();
    assert_eq!((promise.owner.as_str(), promise.missed_at), ("Theo Lindqvist", None));
    assert!(promise.by > world.ctx.now && promise.wakes_at == Some(promise.by), "{promise:?}");
    assert_eq!(counts(&world), (1, 0, 1));
    // The timer has not come by, and the next time is said already: the first one is missed all the same.
    world.waiting_is_lost();
    world.ctx.now = promise.by.plus_ms(1);
    calls_a_person(&mut world, &visitor);
    assert_eq!(counts(&world), (1, 0, 2));
}

#[test]
fn who_is_joined_is_promised_one_thing_and_nothing_is_missed_twice() {
    let mut world = World::with_sequences(509, &["prices.md"], &[LATE]);
    let visitor = world.visitor();
    world.says(&visitor, PERSON).unwrap();
    world.advance(MINUTE_MS);
    world.continues(&visitor, Channel::Sms, "+14155550123").unwrap();
    world.advance(MINUTE_MS);
    world.texts("+14155550123", PERSON);
    world.advance(MINUTE_MS);
    assert_eq!(world.contact(&web(&visitor)), world.contact(&phone("+14155550123")));
    world.advance(3 * HOUR_MS);
    assert_eq!(counts(&world).2, 1);
}

#[test]
fn a_form_is_followed_up_on_once_and_then_somebody_looks_at_it() {
    let mut world = World::with_sequences(510, &["prices.md"], &[LATE, FORM]);
    let visitor = world.visitor();
    let body = format!("name=Maria&email={MIA}&message=How+much+is+a+full+service%3F&tl_form=contact");
    let posted = shared::form::read(body.as_bytes()).unwrap();
    let mut ctx = world.ctx.clone();
    let taken = now(shared::flow::forms::take(world.scope(), &mut ctx, &visitor, "en", &posted)).unwrap();
    world.ctx = ctx;
    world.note(taken.effects);
    world.advance(HOUR_MS);
    assert!(world.sandbox(MIA).is_empty(), "not yet");
    world.advance(2 * DAY_MS);
    let mails = world.sandbox(MIA);
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert!(mails[0].text.contains("Is anything still open?"), "{}", mails[0].text);
    world.advance(DAY_MS);
    let promise = world.conversation(&web(&visitor)).promise.unwrap();
    assert_eq!((promise.owner.as_str(), promise.deed), ("Jun Park", Deed::Answer));
    // Whoever answers in time is not asked.
    let mut world = World::with_sequences(511, &["prices.md"], &[LATE, FORM]);
    let visitor = world.visitor();
    let mut ctx = world.ctx.clone();
    let taken = now(shared::flow::forms::take(world.scope(), &mut ctx, &visitor, "en", &posted)).unwrap();
    world.ctx = ctx;
    world.note(taken.effects);
    world.advance(HOUR_MS);
    world.says(&visitor, "Thanks, all clear").unwrap();
    world.advance(3 * DAY_MS);
    assert!(world.sandbox(MIA).is_empty());
}
