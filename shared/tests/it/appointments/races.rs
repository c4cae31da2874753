//! Many at once: everybody has loaded before anybody commits, and every other order.

use std::{
    cell::{Cell, RefCell},
    future::{Future, poll_fn},
    pin::Pin,
    task::{Context, Poll, Waker},
};

use proptest::prelude::*;
use shared::{
    appointment::{Appointment, State},
    command::{Ask, Command},
    contact::Address,
    ctx::{Ctx, Entropy},
    flow::{self, FlowError, Handled, Scope},
    store::{Answer, Db, DbError, Stmt, appointments, sqlite::Sqlite},
    time::{MINUTE_MS, Timestamp},
    wire::Speaker,
};

use super::{appointment, asks, books, code, command, tuesday, visitor, wish};
use crate::world::{World, outside::Keys};

/// A database in whose calls others come between.
struct Busy<'a> {
    db: &'a Sqlite,
    /// How many wait to write for the first time, of how many.
    gate: (&'a Cell<usize>, usize),
    has_waited: Cell<bool>,
    /// How long calls are put off, at random.
    dice: RefCell<Entropy>,
    up_to: u64,
}

impl Busy<'_> {
    async fn wait(&self, stmts: &[Stmt]) {
        let mut turns = self.dice.borrow_mut().below(self.up_to);
        poll_fn(|_| {
            turns = turns.saturating_sub(1);
            if turns == 0 { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        let writes = stmts.iter().any(|stmt| !stmt.sql.starts_with("SELECT"));
        if writes && !self.has_waited.replace(true) {
            let (waiting, all) = self.gate;
            waiting.set(waiting.get() + 1);
            poll_fn(|_| if waiting.get() >= all { Poll::Ready(()) } else { Poll::Pending }).await;
        }
    }
}

impl Db for Busy<'_> {
    async fn query(&self, stmt: &Stmt) -> Result<Answer, DbError> {
        self.wait(&[]).await;
        self.db.query(stmt).await
    }

    async fn batch(&self, stmts: &[Stmt]) -> Result<Vec<Answer>, DbError> {
        self.wait(stmts).await;
        self.db.batch(stmts).await
    }
}

/// Handles commands at the same time. `together`: nobody writes before all have loaded. `up_to`: the most turns by which
/// a call is put off.
fn at_once(
    world: &World,
    commands: &[Command],
    together: bool,
    up_to: u64,
) -> Vec<Result<Handled, FlowError>> {
    type Task<'a> = Pin<Box<dyn Future<Output = Result<Handled, FlowError>> + 'a>>;
    let waiting = Cell::new(0);
    let all = if together { commands.len() } else { 0 };
    let dbs: Vec<Busy<'_>> = (0..commands.len())
        .map(|index| {
            let dice = RefCell::new(Ctx::seeded(world.ctx.now, u64::try_from(index).unwrap()).entropy);
            Busy { db: &world.db, gate: (&waiting, all), has_waited: Cell::new(false), dice, up_to }
        })
        .collect();
    let mut tasks: Vec<Option<Task<'_>>> = Vec::new();
    for ((command, db), seed) in commands.iter().zip(&dbs).zip(1_000_000..) {
        let scope =
            Scope { db, site: &world.site, secrets: &Keys, public_url: "https://edge.example", act: None };
        let mut ctx = Ctx::seeded(world.ctx.now, seed);
        tasks.push(Some(Box::pin(async move { flow::handle(scope, &mut ctx, command).await })));
    }
    let mut results: Vec<Option<Result<Handled, FlowError>>> = tasks.iter().map(|_| None).collect();
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..100_000 {
        for (task, result) in tasks.iter_mut().zip(&mut results) {
            if let Some(Poll::Ready(done)) = task.as_mut().map(|task| task.as_mut().poll(&mut context)) {
                (*task, *result) = (None, Some(done));
            }
        }
        if results.iter().all(Option::is_some) {
            return results.into_iter().flatten().collect();
        }
    }
    panic!("they wait for one another");
}

/// Everything that stands in the calendar, of whoever was asked for.
fn kept(world: &World, asked: &[Address]) -> Vec<Appointment> {
    let contacts = asked.iter().filter_map(|address| world.contact(address));
    let all = contacts.flat_map(|contact| {
        let stmt = appointments::of_contact(&world.site.id, &contact, Timestamp::from_ms(0), 1_000);
        appointments::decode(world.db.run(&stmt).unwrap()).unwrap()
    });
    all.filter(|own| own.state == State::Booked || own.is_held_at(world.ctx.now)).collect()
}

fn stand_apart(world: &World, kept: &[Appointment]) {
    let booking = world.site.booking.as_ref().unwrap();
    for (index, one) in kept.iter().enumerate() {
        let others = kept[index + 1..].iter().filter(|other| other.resource == one.resource);
        for other in others.clone() {
            let apart = one.time.busy_to <= other.time.busy_from || other.time.busy_to <= one.time.busy_from;
            assert!(apart, "{one:?} {other:?}");
        }
        let same =
            others.filter(|other| other.service == one.service && other.time.day == one.time.day).count() + 1;
        let max = booking.service(&one.service).unwrap().daily_max.unwrap();
        assert!(same <= max as usize, "{same} of {}", one.service);
    }
}

#[test]
fn two_hundred_who_all_saw_a_time_free_get_it_once() {
    for ask in [Ask::Book as fn(_) -> _, Ask::Hold] {
        let mut world = World::with_knowledge(21, &["prices.md"]);
        let everybody: Vec<Address> = (0..200).map(|_| visitor(&mut world)).collect();
        let mut commands = Vec::new();
        for from in &everybody {
            let asked = ask(wish("full_service", tuesday(10)));
            commands.push(command(&mut world, from, Speaker::Contact, asked).1);
        }
        let results = at_once(&world, &commands, true, 0);
        let won = results.iter().filter(|result| result.is_ok()).count();
        assert_eq!(won, 1);
        for result in results.into_iter().filter(Result::is_err) {
            assert_eq!(code(result), "slot_taken");
        }
        assert_eq!(kept(&world, &everybody).len(), 1);
        // Who was refused has left nothing, not even a contact.
        assert_eq!(everybody.iter().filter(|address| world.contact(address).is_some()).count(), 1);
    }
}

#[test]
fn a_days_maximum_holds_although_everybody_saw_it_free() {
    let mut world = World::with_knowledge(22, &["prices.md"]);
    let (mut commands, mut everybody) = (Vec::new(), Vec::new());
    // Three full services a day at most, and four hours that do not touch each other.
    for hour in [9, 12, 15, 9, 12, 15, 9] {
        let from = visitor(&mut world);
        commands.push(
            command(&mut world, &from, Speaker::Contact, Ask::Book(wish("full_service", tuesday(hour)))).1,
        );
        everybody.push(from);
    }
    world.site.booking.as_mut().unwrap().services[1].daily_max = Some(2);
    let results = at_once(&world, &commands, true, 0);
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 2);
    assert!(
        results
            .into_iter()
            .filter(Result::is_err)
            .all(|result| ["slot_taken", "day_full"].contains(&code(result)))
    );
    let kept = kept(&world, &everybody);
    assert_eq!(kept.len(), 2);
    stand_apart(&world, &kept);
    let late = visitor(&mut world);
    let refused = asks(&mut world, &late, Ask::Book(wish("full_service", tuesday(15))));
    assert!(["slot_taken", "day_full"].contains(&code(refused)));
    assert!(super::slots(&world, "full_service").is_empty());
    assert!(!super::slots(&world, "tune_up").is_empty());
}

#[test]
fn of_two_changes_of_one_version_one_is_decided_again() {
    let mut world = World::with_knowledge(23, &["prices.md"]);
    let ana = visitor(&mut world);
    let id = books(&mut world, &ana, "tune_up", tuesday(10));
    let move_to = |hour| Ask::Move { id: id.clone(), start: tuesday(hour), resource: None };
    let mut commands = Vec::new();
    for ask in [move_to(12), Ask::Cancel(id.clone()), move_to(14)] {
        commands.push(command(&mut world, &ana, Speaker::Contact, ask).1);
    }
    let results = at_once(&world, &commands, true, 0);
    let done = results.iter().filter(|result| result.is_ok()).count();
    // Whatever came after the cancellation found it over.
    let after = appointment(&world, &id);
    assert_eq!((after.state, after.version as usize), (State::Cancelled, 1 + done));
    assert!(results.into_iter().filter(Result::is_err).all(|result| code(result) == "appointment_over"));
}

#[test]
fn whoever_moves_into_a_time_and_whoever_books_it_do_not_both_get_it() {
    let mut world = World::with_knowledge(24, &["prices.md"]);
    let (ana, ben) = (visitor(&mut world), visitor(&mut world));
    let id = books(&mut world, &ana, "tune_up", tuesday(10));
    let to = Ask::Move { id, start: tuesday(14), resource: None };
    let commands = [
        command(&mut world, &ana, Speaker::Contact, to).1,
        command(&mut world, &ben, Speaker::Contact, Ask::Book(wish("tune_up", tuesday(14)))).1,
    ];
    let results = at_once(&world, &commands, true, 0);
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    stand_apart(&world, &kept(&world, &[ana, ben]));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn in_any_order_of_steps_nothing_overlaps_and_no_day_is_too_full(
        wishes in prop::collection::vec((0_usize..3, 18_i64..36, any::<bool>()), 1..40), up_to in 0_u64..9,
    ) {
        let mut world = World::with_knowledge(25, &["prices.md"]);
        let names = ["tune_up", "full_service", "basic_fitting"];
        let (mut commands, mut everybody) = (Vec::new(), Vec::new());
        for (which, half_hours, hold) in wishes {
            let from = visitor(&mut world);
            let wish = wish(names[which], tuesday(0).plus_ms(half_hours * 30 * MINUTE_MS));
            let ask = if hold { Ask::Hold(wish) } else { Ask::Book(wish) };
            commands.push(command(&mut world, &from, Speaker::Contact, ask).1);
            everybody.push(from);
        }
        let results = at_once(&world, &commands, false, up_to);
        let kept = kept(&world, &everybody);
        prop_assert_eq!(results.iter().filter(|result| result.is_ok()).count(), kept.len());
        prop_assert!(results.iter().all(|result| matches!(result, Ok(_) | Err(FlowError::Rejected(_)))), "{results:?}");
        stand_apart(&world, &kept);
    }
}
