//! What a search costs among a hundred thousand contacts and a million messages of one site, and what taking them in writes.
//!
//! Fills the tables as a site would be after years, digests everything once, and asks what a team asks. Prints one table; as a
//! bench it fails where the target is missed.

#![expect(clippy::unwrap_used, unreachable_pub, reason = "a measurement that panics says where")]

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use shared::{
    flow::work::{digest, search},
    store::{Arg, Stmt},
};
use world::{World, now as done};

#[expect(dead_code, reason = "the tests need more of the world than a measurement")]
#[path = "../tests/it/world.rs"]
mod world;

/// How many contacts, and how many messages each has.
const STORED: (i64, i64) = (100_000, 10);
/// How many, where it is only tried out (`cargo test --benches`).
const STORED_OF_TRIAL: (i64, i64) = (300, 10);
/// How often each is measured.
const ROUNDS: usize = 21;
/// The most a search may take.
const TARGET_MS: f64 = 200.0;

/// What is looked for: a word that everybody says, two of them, two that few say together, beginnings, and people.
const QUERIES: [&str; 9] = [
    "service",
    "service wheel",
    "alpha77 omega13",
    "se",
    "s",
    "maria",
    "550 0042",
    "6285500421",
    "person4242@",
];

/// Statements that fill it.
const FILL: &str = include_str!("search.sql");

fn main() -> ExitCode {
    let as_bench = std::env::args().any(|word| word == "--bench");
    let ((people, each), rounds) = if as_bench { (STORED, ROUNDS) } else { (STORED_OF_TRIAL, 3) };
    let world = World::with_knowledge(1, &["prices.md"]);
    for sql in FILL.split(';').filter(|sql| !sql.trim().is_empty()) {
        let args = [people, each, world::START.ms()].map(Arg::Int).to_vec();
        world.db.run(&Stmt { sql, args }).unwrap();
    }
    let began = now();
    while !done(digest::digest(world.scope(), &world.ctx)).unwrap() {}
    let took = began.elapsed();
    let messages = u32::try_from(people * each).unwrap();
    println!(
        "{:<58} {:>9} {:>9} {:>9}",
        format!("search among {messages} messages, median of {rounds}"),
        "ms",
        "found",
        "target"
    );
    let per_s = f64::from(messages) / took.as_secs_f64();
    println!("{:<58} {:>9.0}", format!("taken in, {per_s:.0} messages a second"), took.as_secs_f64() * 1e3);
    let mut is_met = true;
    for query in QUERIES {
        let mut times = Vec::new();
        let mut found = 0;
        for _ in 0..rounds {
            let began = now();
            found = done(search::find(world.scope(), &world.ctx, query, 20)).unwrap().len();
            times.push(began.elapsed());
        }
        let ms = median(times).as_secs_f64() * 1e3;
        is_met &= ms <= TARGET_MS;
        println!("{:<58} {ms:>9.2} {found:>9} {:>9}", format!("“{query}”"), format!("<= {TARGET_MS}"));
    }
    println!("search: the target is {}", if is_met { "met" } else { "missed" });
    if is_met || !as_bench { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn median(mut took: Vec<Duration>) -> Duration {
    took.sort_unstable();
    took[took.len() / 2]
}

#[expect(clippy::disallowed_methods, reason = "a measurement; nothing is decided by it")]
fn now() -> Instant {
    Instant::now()
}
