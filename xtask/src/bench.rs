//! `bench`: builds everything and runs the load measurements: the product alone, natively, and the built worker in workerd.
//! Their rows stand in one table.

use std::process::Command;

use crate::cmd::{Outcome, capture, cargo};
use crate::{build, setup};

pub(crate) fn bench() -> Outcome {
    build::build()?;
    let node = setup::node::node()?;
    let native = |bench: &str| {
        let mut native = cargo();
        native.args(["bench", "--quiet", "-p", "shared", "--features", "sqlite", "--bench", bench]);
        native
    };
    let mut workerd = cargo();
    workerd.env("PATH", node.path()).env("THROUGHLINE_NODE", node.bin());
    workerd.args(["run", "--quiet", "--profile", "bench", "-p", "e2e", "--bin", "bench"]);
    table([
        ("The native bench", native("conversations")),
        ("The bench of a year", native("year")),
        ("The bench of what is due", native("due")),
        ("The bench of the search", native("search")),
        ("The bench of the worker", workerd),
    ])
}

/// Runs each measurement by itself, so that none slows another, and prints them together. A failure is told after the
/// table of what was measured before it.
fn table(measurements: [(&str, Command); 5]) -> Outcome {
    let mut rows = String::new();
    let mut outcome = Ok(());
    for (name, mut command) in measurements {
        match capture(name, &mut command) {
            Ok(measured) => rows.push_str(&measured),
            Err(error) => outcome = outcome.and(Err(error)),
        }
    }
    print!("{rows}");
    outcome
}
