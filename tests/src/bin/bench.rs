//! Measures the built worker in workerd on this machine: many visitors at once, and a slow model.
//!
//! Prints one table and fails only where a message was lost or doubled: how fast is fast enough is for the reader.

use std::{
    process::ExitCode,
    sync::{Arc, Barrier},
    thread,
    time::Duration,
};

use e2e::{
    clock::Stopwatch,
    openai::{OpenAi, Script},
    shop::{ORIGIN, QUESTION, Shop},
    visitor::{Door, Visitor},
    world::World,
};
use shared::{id::EventId, wire::Speaker};

/// How many visitors ask at the same moment.
const VISITORS: usize = 50;
/// How often each of them asks.
const ROUNDS: usize = 4;
/// How many visitors ask while the model is slow.
const VISITORS_OF_MODEL: usize = 20;
/// How long after another each of them asks, where they do not all ask at once.
const APART: Duration = Duration::from_millis(100);
/// How long the slow model thinks before its first token.
const FIRST_TOKEN: Duration = Duration::from_millis(1_500);

fn main() -> ExitCode {
    // As it is deployed: no virtual clock to be read, nothing of the sandbox.
    let world = match World::start_in_production() {
        Ok(world) => world,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let builtin = crowd(&world, &world.opens_a_shop(), VISITORS, ROUNDS, Duration::ZERO);

    let model = OpenAi::start();
    model.always(Script::says("We look after your bike as if it were ours.").first_token_after(FIRST_TOKEN));
    let answered_by_model = || world.opens_a_shop_answered_by(&model);
    let slow = crowd(&world, &answered_by_model(), VISITORS_OF_MODEL, 1, APART);
    let slow_at_once = crowd(&world, &answered_by_model(), VISITORS_OF_MODEL, 1, Duration::ZERO);

    println!("{:<58} {:>9} {:>9} {:>9}", "", "p50", "p95", "max");
    row(&format!("{VISITORS} visitors at once: acknowledgement"), &builtin.acknowledged);
    row(&format!("{VISITORS} visitors at once: first words, built in"), &builtin.first_words);
    println!("A model whose first token takes {} ms:", FIRST_TOKEN.as_millis());
    row(
        &format!("{VISITORS_OF_MODEL} visitors, one every {} ms: first words", APART.as_millis()),
        &slow.first_words,
    );
    row(&format!("{VISITORS_OF_MODEL} visitors at once: first words"), &slow_at_once.first_words);
    let mut sound = true;
    for (name, crowd) in [("built in", &builtin), ("model", &slow), ("model, at once", &slow_at_once)] {
        println!(
            "{name}: {} said, {} acknowledged and stored once, {} lost, {} doubled",
            crowd.said, crowd.once, crowd.lost, crowd.doubled
        );
        sound &= crowd.once == crowd.said;
    }
    if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What a crowd saw.
#[derive(Default)]
struct Crowd {
    acknowledged: Vec<Duration>,
    first_words: Vec<Duration>,
    said: usize,
    once: usize,
    lost: usize,
    doubled: usize,
}

/// Lets visitors arrive one by one and ask round by round, each one `apart` after another.
fn crowd(world: &World, shop: &Shop, visitors: usize, rounds: usize, apart: Duration) -> Crowd {
    let starting = Arc::new(Barrier::new(visitors));
    let asking: Vec<_> = (0..u32::try_from(visitors).unwrap_or(u32::MAX))
        .map(|index| {
            let mut visitor = Visitor::arrives(&Door::of(world.edge(), shop.key(), ORIGIN));
            let starting = Arc::clone(&starting);
            thread::spawn(move || {
                let mut seen = Crowd::default();
                let mut ids = Vec::new();
                for _ in 0..rounds {
                    starting.wait();
                    thread::sleep(apart * index);
                    ids.push(asks(&mut visitor, &mut seen));
                }
                counts(&visitor, &ids, &mut seen);
                seen
            })
        })
        .collect();
    let mut all = Crowd::default();
    for visitor in asking {
        match visitor.join() {
            Ok(seen) => all.takes(seen),
            // Said why on its own thread; whatever it had said counts as lost.
            Err(_) => all.takes(Crowd { said: rounds, lost: rounds, ..Crowd::default() }),
        }
    }
    all
}

fn asks(visitor: &mut Visitor, seen: &mut Crowd) -> EventId {
    let before = visitor.frames.len();
    let watch = Stopwatch::start();
    let id = visitor.says(QUESTION);
    visitor.is_accepted(&id);
    seen.acknowledged.push(watch.elapsed());
    visitor.waits_for_first_words(before);
    seen.first_words.push(watch.elapsed());
    visitor.waits_for_answer_to(&id);
    id
}

/// Counts what became of each message, as a second tab sees the timeline.
fn counts(visitor: &Visitor, ids: &[EventId], seen: &mut Crowd) {
    let mut tab = visitor.opens_another_tab();
    tab.listens();
    for id in ids {
        let stored =
            tab.items.values().filter(|item| item.speaker == Speaker::Contact && item.id == *id).count();
        seen.said += 1;
        match (visitor.acknowledgements(id).1, stored) {
            (1, 1) => seen.once += 1,
            (_, 0) => seen.lost += 1,
            _ => seen.doubled += 1,
        }
    }
}

impl Crowd {
    fn takes(&mut self, other: Self) {
        self.acknowledged.extend(other.acknowledged);
        self.first_words.extend(other.first_words);
        self.said += other.said;
        self.once += other.once;
        self.lost += other.lost;
        self.doubled += other.doubled;
    }
}

fn row(name: &str, times: &[Duration]) {
    let mut times = times.to_vec();
    times.sort_unstable();
    let at = |percent: usize| match times.len() {
        0 => "-".to_owned(),
        count => format!("{} ms", times[(count * percent / 100).min(count - 1)].as_millis()),
    };
    println!("{name:<58} {:>9} {:>9} {:>9}", at(50), at(95), at(100));
}
