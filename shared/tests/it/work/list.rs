//! Who stands in which view, and when they leave it.

use shared::{
    api::list::View,
    channel::Channel,
    command::{FloorWish, PromiseDoes, PromiseWish, TagWish, WorkAct},
    contact::Address,
    flow::{team, work::list},
    message::{DeliveryReport, DeliveryState},
    store::deliveries,
    time::{HOUR_MS, MINUTE_MS},
    wire::Speaker,
};

use super::{ANN, JUN, MARIA, PERSON, THEO, card, does, names, page, texted, writes};
use crate::world::{World, mailbox, now, outside::Failing, phone, web};

const MAILBOX: &str = "maria@example.com";

fn takes_floor(world: &mut World, of: &Address, take: bool) {
    let contact = world.contact(of).unwrap();
    let mut ctx = world.ctx.clone();
    let wish = FloorWish { by: JUN.into(), take, force: true };
    let handled = now(team::floor(world.scope(), &mut ctx, &contact, wish)).unwrap();
    world.ctx = ctx;
    world.note(handled.effects);
    world.settle();
}

fn keeps(world: &mut World, of: &Address) {
    let contact = world.contact(of).unwrap();
    let mut ctx = world.ctx.clone();
    let wish = PromiseWish { by: JUN.into(), does: PromiseDoes::Keep(None) };
    now(team::promise(world.scope(), &mut ctx, &contact, wish)).unwrap();
    world.ctx = ctx;
}

fn tags(world: &mut World, of: &Address, tag: &str) {
    let contact = world.contact(of).unwrap();
    let mut ctx = world.ctx.clone();
    let wish = TagWish { by: JUN.into(), tag: tag.into(), on: true };
    now(team::tag(world.scope(), &mut ctx, &contact, wish)).unwrap();
    world.ctx = ctx;
}

#[test]
fn a_card_says_who_it_is_what_was_said_last_and_where() {
    let mut world = texted(711, &[(ANN, "How much is a full service?")]);
    tags(&mut world, &phone(ANN), "VIP");
    let ann = card(&world, &phone(ANN));
    assert_eq!(
        (ann.name.as_deref(), ann.channel, &ann.speaker),
        (Some(ANN), Channel::Sms, &Speaker::Assistant)
    );
    assert!(ann.excerpt.contains("$140") && ann.excerpt.chars().count() <= 140, "{}", ann.excerpt);
    assert_eq!((ann.tags, ann.floor, ann.waits_since), (vec!["vip".to_owned()], None, None));
    let long = format!("My\nquestion {}", "is long ".repeat(60));
    world.texts(ANN, &long);
    let ann = card(&world, &phone(ANN));
    assert!(ann.excerpt.starts_with("My question is long") && ann.excerpt.chars().count() <= 140);
    assert_eq!((ann.speaker, ann.at), (Speaker::Contact, world.ctx.now));
    // Who is known by name is called by it.
    world.mails(MAILBOX, "Prices", "", None);
    assert_eq!(card(&world, &mailbox(MAILBOX)).name.as_deref(), Some("Maria Lopez"));
    assert_eq!(card(&world, &mailbox(MAILBOX)).excerpt, "Prices", "a mail without words, by its subject");
}

#[test]
fn who_asked_for_a_person_waits_until_a_person_answers_or_keeps_the_promise() {
    let mut world = texted(712, &[(MARIA, PERSON), (ANN, PERSON)]);
    assert_eq!(names(&world, View::Waiting).len(), 2);
    assert_eq!(page(&world, View::Waiting).cards[0].contact, world.contact(&phone(MARIA)).unwrap());
    assert_eq!(page(&world, View::Promised).cards.len(), 2);
    assert_eq!(names(&world, View::Automated), Vec::<String>::new());
    // Another answer of the assistant's is not a person's.
    world.texts(ANN, "How much is a full service?");
    world.advance(MINUTE_MS);
    assert_eq!(names(&world, View::Waiting).len(), 2);
    writes(&mut world, &phone(MARIA), JUN, "Jun here: which wheel?");
    keeps(&mut world, &phone(ANN));
    assert_eq!(names(&world, View::Waiting), Vec::<String>::new());
    assert_eq!(names(&world, View::Promised), Vec::<String>::new());
    assert_eq!(names(&world, View::Automated), [ANN]);
}

#[test]
fn who_writes_while_a_person_has_the_floor_waits_for_that_person() {
    let mut world = texted(713, &[(ANN, "How much is a full service?")]);
    takes_floor(&mut world, &phone(ANN), true);
    assert_eq!(card(&world, &phone(ANN)).waits_since, None, "the assistant has answered");
    world.texts(ANN, "And a tune-up?");
    let since = card(&world, &phone(ANN)).waits_since;
    assert_eq!(since, Some(world.ctx.now));
    world.advance(MINUTE_MS);
    world.texts(ANN, "Hello?");
    assert_eq!(card(&world, &phone(ANN)).waits_since, since, "since the first of them");
    takes_floor(&mut world, &phone(ANN), false);
    world.advance(MINUTE_MS);
    assert_eq!(names(&world, View::Automated), [ANN]);
    // Who takes the floor before the assistant has answered owes the answer.
    world.texts(ANN, "How much is a puncture repair?");
    takes_floor(&mut world, &phone(ANN), true);
    assert_eq!(card(&world, &phone(ANN)).waits_since, Some(world.ctx.now));
    // A floor that has lapsed is the assistant's again.
    world.advance(13 * HOUR_MS);
    world.texts(ANN, "How much is a full service?");
    world.advance(MINUTE_MS);
    assert_eq!(names(&world, View::Automated), [ANN]);
}

#[test]
fn resolving_ends_the_waiting_and_assigning_moves_it_out_of_nobodys() {
    let mut world = texted(714, &[(MARIA, PERSON), (ANN, PERSON)]);
    assert_eq!(names(&world, View::Unassigned).len(), 2);
    does(&mut world, &phone(ANN), JUN, WorkAct::Assign(Some(JUN.into()))).unwrap();
    does(&mut world, &phone(MARIA), JUN, WorkAct::Assign(Some(THEO.into()))).unwrap();
    assert_eq!((names(&world, View::Unassigned).len(), names(&world, View::Waiting).len()), (0, 2));
    assert_eq!(names(&world, View::Mine), [ANN]);
    let counts = now(list::load_counts(world.scope(), Some(JUN))).unwrap();
    assert_eq!((counts.mine, counts.unassigned, counts.waiting, counts.promised), (1, 0, 2, 2));
    does(&mut world, &phone(ANN), JUN, WorkAct::Resolve).unwrap();
    assert_eq!(names(&world, View::Mine), Vec::<String>::new());
    assert_eq!(card(&world, &phone(ANN)).waits_since, None);
    assert_eq!(names(&world, View::Promised).len(), 2, "what was promised stands until it is kept");
}

#[test]
fn what_was_not_delivered_is_a_work_item_until_it_is_dealt_with_or_a_later_one_arrives() {
    let mut world = texted(715, &[(ANN, "Hello")]);
    for way in ["a member", "a later one"] {
        world.outside.failures.borrow_mut().push_back(Failing::Refused("30003"));
        world.texts(ANN, "How much is a full service?");
        world.advance(MINUTE_MS);
        assert_eq!(names(&world, View::NotDelivered), [ANN], "{way}");
        assert!(card(&world, &phone(ANN)).not_delivered);
        world.texts(ANN, "Are you there?");
        world.advance(MINUTE_MS);
        assert_eq!(names(&world, View::NotDelivered), [ANN], "what is only on its way settles nothing");
        if way == "a member" {
            for _ in 0..2 {
                does(&mut world, &phone(ANN), JUN, WorkAct::DealtWith).unwrap();
            }
        } else {
            let contact = world.contact(&phone(ANN)).unwrap();
            let sent = world.deliveries(&contact).into_iter().max_by_key(|sent| sent.seq).unwrap();
            let report = DeliveryReport {
                delivery: Some(sent.id.clone()),
                provider_id: String::new(),
                state: DeliveryState::Delivered,
                code: None,
                suppress: None,
            };
            world
                .db
                .run(&deliveries::report(&world.site.id, &sent.endpoint, &report, world.ctx.now))
                .unwrap();
        }
        assert_eq!(names(&world, View::NotDelivered), Vec::<String>::new(), "{way}");
    }
}

#[test]
fn who_turned_out_to_be_one_person_stands_in_the_list_once_with_all_that_is_to_be_done() {
    let mut world = World::with_knowledge(716, &["prices.md"]);
    let visitor = world.visitor();
    world.texts(ANN, "Hello");
    world.advance(MINUTE_MS);
    world.says(&visitor, PERSON).unwrap();
    world.advance(MINUTE_MS);
    world.continues(&visitor, Channel::Sms, ANN).unwrap();
    world.advance(MINUTE_MS);
    does(&mut world, &web(&visitor), JUN, WorkAct::Assign(Some(JUN.into()))).unwrap();
    assert_eq!(page(&world, View::All).cards.len(), 2);
    world.texts(ANN, "It is me");
    world.advance(MINUTE_MS);
    assert_eq!(world.contact(&web(&visitor)), world.contact(&phone(ANN)));
    let all = page(&world, View::All).cards;
    assert_eq!(all.len(), 1, "{all:#?}");
    assert_eq!((all[0].assigned.as_deref(), all[0].waits_since.is_some()), (Some(JUN), true));
    for view in [View::Mine, View::Waiting, View::Promised] {
        assert_eq!(page(&world, view).cards.len(), 1, "{view:?}");
    }
    // The old conversation's own timers write it once more, and it stays away.
    world.advance(5 * HOUR_MS);
    assert_eq!(page(&world, View::All).cards.len(), 1);
}

#[test]
fn pages_follow_one_another_whatever_happens_meanwhile_and_filters_leave_out_what_they_say() {
    let mut world = World::with_knowledge(717, &["prices.md"]);
    let number = |at: usize| format!("+1415555{:04}", 200 + at);
    for at in 0..9 {
        world.texts(&number(at), "Hello");
        world.advance(MINUTE_MS);
    }
    tags(&mut world, &phone(&number(2)), "vip");
    does(&mut world, &phone(&number(3)), JUN, WorkAct::Assign(Some(THEO.into()))).unwrap();
    let load = |world: &World, filter: &list::Filter, after: Option<&str>| {
        now(list::load_cards(world.scope(), &world.ctx, (View::All, None), filter, after, 2)).unwrap()
    };
    let all = list::Filter::default();
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let cards = load(&world, &all, after.as_deref());
        seen.extend(cards.cards.into_iter().map(|card| card.contact));
        // Somebody whom the list has shown writes again: nobody is left out, and nobody shifts.
        if seen.len() == 4 {
            world.texts(&number(8), "Me again");
        }
        after = cards.next;
        if after.is_none() {
            break;
        }
    }
    let mut once = seen.clone();
    once.sort();
    once.dedup();
    assert_eq!((seen.len(), once.len()), (9, 9));
    for (filter, who) in [
        (list::Filter { tag: Some("vip".into()), ..all.clone() }, 2),
        (list::Filter { assigned: Some(THEO.into()), ..all.clone() }, 3),
    ] {
        let cards = load(&world, &filter, None);
        assert_eq!(cards.cards.len(), 1, "{filter:?}");
        assert_eq!(cards.cards[0].name, Some(number(who)));
    }
    let mail = list::Filter { channel: Some(Channel::Email), ..all.clone() };
    assert!(load(&world, &mail, None).cards.is_empty());
    let wrong = list::load_cards(world.scope(), &world.ctx, (View::All, None), &all, Some("x"), 2);
    assert_eq!(super::refused(now(wrong).map(drop)), "bad_cursor");
}
