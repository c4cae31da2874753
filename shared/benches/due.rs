//! What it costs to find what is due, beside much that is stored and little.
//!
//! Two databases hold the same thousand due things, two hundred of each kind the sweep looks for, which is as much as one
//! sweep takes on; the second holds a hundred times as much besides, half of it settled and half due in the far future. One
//! sweep is measured in each in turn. Prints one table; as a bench it fails where the target is missed.

#![expect(clippy::unwrap_used, unreachable_pub, reason = "a measurement that panics says where")]

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use shared::{
    ctx::Ctx,
    flow::sweep::sweep,
    store::{Arg, Stmt, sqlite::Sqlite},
};
use world::{START, now as done};

#[expect(dead_code, reason = "the tests need more of the world than a measurement")]
#[path = "../tests/it/world.rs"]
mod world;

/// How much is stored: little, and much.
const STORED: [u32; 2] = [10_000, 1_000_000];
/// How much, where it is only tried out (`cargo test --benches`).
const STORED_OF_TRIAL: [u32; 2] = [4_000, 8_000];
/// How many of each kind are due.
const DUE_OF_EACH: u32 = 200;
/// The kinds: answers owed, promises, deliveries, planned messages, steps of sequences.
const KINDS: u32 = 5;
/// How often each is measured.
const ROUNDS: usize = 101;
/// How much longer it may take beside much.
const TARGET: f64 = 1.3;

/// Statements that fill a quarter of it each.
const FILL: &str = include_str!("due.sql");
/// How many they are.
const QUARTERS: i64 = 4;

fn main() -> ExitCode {
    let as_bench = std::env::args().any(|word| word == "--bench");
    let (stored, rounds) = if as_bench { (STORED, ROUNDS) } else { (STORED_OF_TRIAL, 3) };
    let ctx = Ctx::seeded(START, 1);
    let databases = stored.map(filled);
    let mut took: [Vec<Duration>; 2] = [Vec::new(), Vec::new()];
    let mut found = [0, 0];
    for _ in 0..rounds {
        for (index, db) in databases.iter().enumerate() {
            let began = now();
            let effects = done(sweep(db, &ctx)).unwrap();
            took[index].push(began.elapsed());
            found[index] = effects.len();
        }
    }
    let [little, much] = took.map(median);
    let ratio = much.as_secs_f64() / little.as_secs_f64();
    let ms = |took: Duration| took.as_secs_f64() * 1e3;
    let due = DUE_OF_EACH * KINDS;
    let name = format!("{due} due, found in one sweep, median of {rounds}");
    println!("{name:<58} {:>9} {:>9} {:>9}", "ms", "ratio", "target");
    println!("{:<58} {:>9.3}", format!("among {} stored", stored[0]), ms(little));
    println!(
        "{:<58} {:>9.3} {ratio:>9.2} {:>9}",
        format!("among {} stored", stored[1]),
        ms(much),
        format!("<= {TARGET}")
    );
    let is_met = ratio <= TARGET;
    println!("due: {found:?} found; the target is {}", if is_met { "met" } else { "missed" });
    let sound = found.iter().all(|found| u32::try_from(*found) == Ok(due));
    if sound && (is_met || !as_bench) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A database with so much in it.
fn filled(stored: u32) -> Sqlite {
    let db = Sqlite::in_memory().unwrap();
    let each = i64::from(stored) / QUARTERS;
    for sql in FILL.split(';') {
        let args = vec![Arg::Int(each), Arg::Int(i64::from(DUE_OF_EACH)), Arg::Int(START.ms())];
        db.run(&Stmt { sql, args }).unwrap();
    }
    db
}

fn median(mut took: Vec<Duration>) -> Duration {
    took.sort_unstable();
    took[took.len() / 2]
}

#[expect(clippy::disallowed_methods, reason = "a measurement; nothing is decided by it")]
fn now() -> Instant {
    Instant::now()
}
