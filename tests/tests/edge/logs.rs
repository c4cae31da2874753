//! What the worker logs: what is ours to mend, and nothing of what its people write or where they are.

use e2e::{
    client::Call,
    clock::{PATIENCE, eventually},
    world::World,
};
use serde_json::json;
use shared::wire::ServerFrame;

use crate::{a_world_of_its_own, visitor};

/// What Maria writes on every line; like her mailbox it holds a word that stands nowhere in the product.
const SECRET: &str = "my heirloom quince bicycle";
const NUMBER: &str = "+14155552671";
const MAILBOX: &str = "maria.quince@example.com";

/// Lets every new event fail.
const BREAK: &str =
    "CREATE TRIGGER out_of_order BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'out of order'); END";

/// Maria chats, is texted and mails, and what she writes while the database is broken fails on every line.
fn a_story_with_failures(world: &World) {
    let shop = world.opens_a_shop();
    let mut maria = visitor(world, &shop);
    maria.asks(&format!("How much is a tune-up of {SECRET}?"));
    let moved = maria.continues_by_text(NUMBER);
    maria.is_accepted(&moved);
    let sandbox = world.sandbox();
    sandbox.waits_for(NUMBER, 1, PATIENCE);
    sandbox.texts(NUMBER, shop.number(), &format!("And when is {SECRET} ready?"));
    sandbox.waits_for(NUMBER, 2, PATIENCE);
    sandbox.writes(MAILBOX, shop.mailbox(), SECRET, &format!("How much is a tune-up of {SECRET}?"));
    sandbox.waits_for(MAILBOX, 1, PATIENCE);

    world.host.query(BREAK, &[]);
    let lost = maria.says(SECRET);
    assert_eq!(maria.is_refused(&lost).code, "unavailable");
    for (way, from, to) in [("sms", NUMBER, shop.number()), ("email", MAILBOX, shop.mailbox())] {
        let body = json!({"from": from, "to": to, "subject": SECRET, "text": SECRET});
        Call::post_json(format!("{}/sandbox/api/{way}", world.edge()), &body).send().expect_failure(503);
    }
    let before = maria.frames.len();
    maria.sends_text(&format!("{{\"say\": \"{SECRET} {MAILBOX}\"}}"));
    maria.waits_for("trouble", before, |frame| matches!(frame, ServerFrame::Trouble { .. }).then_some(()));
    world.host.cron();
}

#[test]
fn the_log_names_what_failed_and_holds_nothing_a_customer_wrote_or_is_reached_at() {
    let world = a_world_of_its_own();
    a_story_with_failures(&world);
    let log = eventually(PATIENCE, "the failure in the log", || {
        Some(world.host.log_text()).filter(|log| log.contains("out of order"))
    });
    assert_eq!(leaks(&log), Vec::<&str>::new());
}

#[test]
fn a_log_that_gives_somebody_away_is_noticed_however_it_is_written() {
    for line in [
        "[worker error] store: near \"My heirloom quince bicycle\"",
        "[worker log] to +14155552671",
        "[worker log] to (415) 555-2671",
        "[worker warn] body=how+much+for+heirloom+quince",
        "[worker warn] from Maria.Quince@example.com",
    ] {
        assert_eq!(leaks(&format!("ready\n{line}\n")), [line]);
    }
    assert!(leaks("[worker error] request: out of order\n").is_empty());
}

/// The lines that hold any of Maria's words or her number.
fn leaks(log: &str) -> Vec<&str> {
    let number = &NUMBER[2..];
    let digits = |line: &str| line.chars().filter(char::is_ascii_digit).collect::<String>();
    log.lines()
        .filter(|line| line.to_lowercase().contains("quince") || digits(line).contains(number))
        .collect()
}
