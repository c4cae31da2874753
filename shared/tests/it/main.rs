//! Scenarios and properties in virtual time on SQLite: the whole product in one native process.

#![expect(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test that panics says where, and these modules are one binary"
)]

mod alerts;
mod appointments;
mod arrivals;
mod billing;
mod checks;
mod confirming;
mod continuing;
mod crash_points;
mod crashes;
mod disclosure;
mod door;
mod facts;
mod files;
mod forged;
mod forms;
mod handoffs;
mod implied;
mod inbox;
mod invariants;
mod knowledge;
mod letting_go;
mod limits;
mod lines;
mod mail_loop;
mod mailboxes;
mod notices;
mod openapi;
mod optout;
mod pace;
mod people;
mod planned;
mod promises;
mod proof;
mod races;
mod replay;
mod replying;
mod reports;
mod returning;
mod revoking;
mod sending;
mod sequences;
mod settings;
mod statements;
mod stopping;
mod story;
mod threads;
mod unsubscribe;
mod webhooks;
mod wishes;
mod work;
mod world;
