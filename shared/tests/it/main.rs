//! Scenarios and properties in virtual time on SQLite: the whole product in one native process.

#![expect(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test that panics says where, and these modules are one binary"
)]

mod billing;
mod continuing;
mod crashes;
mod forged;
mod optout;
mod reports;
mod statements;
mod story;
mod threads;
mod world;
