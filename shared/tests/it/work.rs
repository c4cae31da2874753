//! The team's work: what the list shows of each conversation, and what members do about them.

mod costs;
mod list;
mod notes;
mod reports;
mod resending;
mod search;
mod teaching;
mod turns;

use shared::{
    api::list::{Card, Cards, Progress, View},
    command::{TeamReply, WorkAct, WorkWish},
    contact::Address,
    event::Body,
    flow::{FlowError, team, work},
    id::ContactId,
    time::{DAY_MS, HOUR_MS, MINUTE_MS},
    work::WorkEvent,
};

use crate::world::{World, now, phone};

pub const MARIA: &str = "+14155552671";
/// As the shop knows her.
pub const LOPEZ: &str = "Maria Lopez";
pub const ANN: &str = "+14155550101";
pub const JUN: &str = "Jun Park";
pub const THEO: &str = "Theo Lindqvist";
pub const PERSON: &str = "Can I talk to a person?";

/// A shop to which some people have texted.
pub fn texted(seed: u64, words: &[(&str, &str)]) -> World {
    let mut world = World::with_knowledge(seed, &["prices.md"]);
    for (from, text) in words {
        world.texts(from, text);
        world.advance(MINUTE_MS);
    }
    world
}

pub fn does(world: &mut World, of: &Address, by: &str, act: WorkAct) -> Result<(), FlowError> {
    let contact = world.contact(of).unwrap();
    let (mut ctx, wish) = (world.ctx.clone(), WorkWish { by: by.into(), act });
    let handled = now(work::act(world.scope(), &mut ctx, &contact, wish));
    world.ctx = ctx;
    world.note(handled?.effects);
    world.settle();
    Ok(())
}

pub fn writes(world: &mut World, of: &Address, by: &str, text: &str) {
    let contact = world.contact(of).unwrap();
    let reply =
        TeamReply { by: by.into(), channel: None, subject: None, text: text.into(), files: Vec::new() };
    let mut ctx = world.ctx.clone();
    let handled = now(team::reply(world.scope(), &mut ctx, &contact, reply)).unwrap();
    world.ctx = ctx;
    world.note(handled.effects);
    world.settle();
}

/// A whole page of a view, as Jun asks for it.
pub fn page(world: &World, view: View) -> Cards {
    let filter = work::list::Filter::default();
    now(work::list::load_cards(world.scope(), &world.ctx, (view, Some(JUN)), &filter, None, 100)).unwrap()
}

/// Who stands in a view, by address, in its order.
pub fn names(world: &World, view: View) -> Vec<String> {
    page(world, view).cards.into_iter().filter_map(|card| card.name).collect()
}

pub fn card(world: &World, of: &Address) -> Card {
    let contact: ContactId = world.contact(of).unwrap();
    let cards = View::ALL.into_iter().flat_map(|view| page(world, view).cards);
    cards.into_iter().find(|card| card.contact == contact).expect("it stands in a view")
}

pub fn refused(told: Result<(), FlowError>) -> &'static str {
    match told {
        Err(FlowError::Rejected(rejection)) => rejection.code,
        other => panic!("not refused: {other:?}"),
    }
}

/// What was done about a contact's conversation, as their timeline tells it.
pub fn told(world: &World, of: &Address) -> Vec<WorkEvent> {
    let events = world.timeline(&world.contact(of).unwrap());
    events
        .into_iter()
        .filter_map(|event| match event.body {
            Body::Work(told) => Some(told),
            _ => None,
        })
        .collect()
}

#[test]
fn what_is_done_already_changes_nothing_and_each_act_is_one_event() {
    let mut world = texted(701, &[(MARIA, "How much is a full service?")]);
    let maria = phone(MARIA);
    let until = world.ctx.now.plus_ms(HOUR_MS);
    let acts = [
        WorkAct::Assign(Some(THEO.into())),
        WorkAct::Assign(None),
        WorkAct::Snooze(until),
        WorkAct::Reopen,
        WorkAct::Resolve,
    ];
    for act in acts {
        for _ in 0..2 {
            does(&mut world, &maria, JUN, act.clone()).unwrap();
        }
    }
    let expected = [
        WorkEvent::Assigned { to: Some(THEO.into()) },
        WorkEvent::Assigned { to: None },
        WorkEvent::Snoozed { until },
        WorkEvent::Reopened {},
        WorkEvent::Resolved {},
    ];
    assert_eq!(told(&world, &maria), expected);
    assert_eq!(card(&world, &maria).progress, Progress::Resolved);
}

#[test]
fn who_is_not_of_the_team_does_nothing_and_is_given_nothing() {
    let mut world = texted(702, &[(MARIA, "Hello")]);
    let maria = phone(MARIA);
    assert_eq!(refused(does(&mut world, &maria, "Nobody", WorkAct::Resolve)), "unknown_member");
    assert_eq!(
        refused(does(&mut world, &maria, JUN, WorkAct::Assign(Some("Nobody".into())))),
        "unknown_member"
    );
    for ms in [0, -1, 400 * DAY_MS] {
        let until = world.ctx.now.plus_ms(ms);
        assert_eq!(refused(does(&mut world, &maria, JUN, WorkAct::Snooze(until))), "bad_until");
    }
    assert_eq!(told(&world, &maria), []);
}

#[test]
fn a_contacts_word_opens_what_was_resolved_or_put_off_and_a_machines_does_not() {
    let mut world = texted(703, &[(MARIA, "Hello")]);
    let maria = phone(MARIA);
    for act in [WorkAct::Resolve, WorkAct::Snooze(world.ctx.now.plus_ms(DAY_MS))] {
        does(&mut world, &maria, JUN, act).unwrap();
        assert!(names(&world, View::All).is_empty());
        world.texts(MARIA, "One more thing");
        world.advance(MINUTE_MS);
        assert_eq!(names(&world, View::All), [LOPEZ]);
    }
    does(&mut world, &maria, JUN, WorkAct::Resolve).unwrap();
    writes(&mut world, &maria, JUN, "Bye then");
    assert_eq!(names(&world, View::Resolved), [LOPEZ], "what the team says opens nothing");
}

#[test]
fn what_is_put_off_opens_by_itself_at_its_time_whether_by_its_hint_or_by_the_sweep() {
    for by_hint in [true, false] {
        let mut world = texted(704, &[(MARIA, "Hello")]);
        let maria = phone(MARIA);
        let until = world.ctx.now.plus_ms(2 * HOUR_MS);
        does(&mut world, &maria, JUN, WorkAct::Snooze(until)).unwrap();
        assert_eq!(names(&world, View::Snoozed), [LOPEZ]);
        if by_hint {
            world.advance(2 * HOUR_MS - 1);
            assert_eq!(names(&world, View::All), Vec::<String>::new(), "not a moment before");
            world.advance(1);
        } else {
            world.waiting_is_lost();
            world.ctx.now = until.plus_ms(MINUTE_MS);
            world.sweep();
            world.sweep();
        }
        assert_eq!(names(&world, View::All), [LOPEZ], "{by_hint}");
        assert_eq!(told(&world, &maria).last(), Some(&WorkEvent::Awake {}));
        assert_eq!(told(&world, &maria).len(), 2, "once");
    }
}

#[test]
fn a_snooze_that_was_made_longer_ends_at_its_last_time() {
    let mut world = texted(705, &[(MARIA, "Hello")]);
    let maria = phone(MARIA);
    for hours in [1, 3] {
        let until = world.ctx.now.plus_ms(hours * HOUR_MS);
        does(&mut world, &maria, JUN, WorkAct::Snooze(until)).unwrap();
    }
    world.advance(2 * HOUR_MS);
    assert_eq!(names(&world, View::Snoozed), [LOPEZ]);
    world.advance(HOUR_MS);
    assert_eq!(names(&world, View::All), [LOPEZ]);
}

#[test]
fn one_act_on_many_conversations_does_each_by_itself_and_tells_which_it_could_not() {
    let world = texted(706, &[(MARIA, "Hello"), (ANN, "Hi")]);
    let maria = world.contact(&phone(MARIA)).unwrap();
    let ann = world.contact(&phone(ANN)).unwrap();
    let nobody = ContactId::parse("ctc_nobody").unwrap();
    let all = [maria.clone(), nobody.clone(), ann.clone(), maria.clone()];
    let mut ctx = world.ctx.clone();
    let done = now(work::bulk::apply(world.scope(), &mut ctx, JUN, &WorkAct::Resolve, &all)).unwrap().0;
    assert_eq!(done.done, [maria.clone(), ann]);
    assert_eq!(done.refused.len(), 1);
    assert_eq!((&done.refused[0].contact, &*done.refused[0].code), (&nobody, "unknown_conversation"));
    assert_eq!(names(&world, View::Resolved).len(), 2);
    let many = vec![maria.clone(); 101];
    for (by, contacts, code) in [(JUN, many, "too_many"), ("Nobody", vec![maria], "unknown_member")] {
        let told = now(work::bulk::apply(world.scope(), &mut ctx, by, &WorkAct::Reopen, &contacts));
        assert_eq!(refused(told.map(drop)), code);
    }
}
