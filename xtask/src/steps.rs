//! Running named steps in order, with a heading and a duration each, and a summary at the end.
//!
//! The first failure ends the run. The last line is always the tally of tests, and a failed run never claims none failed.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::cmd::{Outcome, watch};
use crate::tally::Tally;

/// Steps done so far.
#[derive(Default)]
pub(crate) struct Steps {
    rows: Vec<Row>,
    failure: Option<String>,
}

struct Row {
    name: String,
    took: Duration,
    tally: Tally,
    ok: bool,
}

impl Steps {
    /// A step that counts no tests.
    pub(crate) fn check(&mut self, name: &str, step: impl FnOnce() -> Outcome) {
        self.take(name, |_| step());
    }

    /// A step that runs the `cargo test` that `prepare` returns and counts what its closing lines say.
    pub(crate) fn tests(&mut self, name: &str, prepare: impl FnOnce() -> Outcome<Command>) {
        self.take(name, |tally| {
            let ok = watch(name, &mut prepare()?, |line| *tally += Tally::read(line))?;
            if ok { Ok(()) } else { Err(format!("{name} failed; the output is above.")) }
        });
    }

    /// Prints the summary and the closing line; the error has been printed already.
    pub(crate) fn finish(self) -> Outcome {
        let tally = self.tally();
        println!("\n{:<28} {:>8}  {:>6}", "step", "seconds", "tests");
        for row in &self.rows {
            let tests = if row.tally.total() == 0 { String::new() } else { row.tally.total().to_string() };
            let mark = if row.ok { "" } else { "  FAILED" };
            println!("{:<28} {:>8.1}  {tests:>6}{mark}", row.name, row.took.as_secs_f64());
        }
        if let Some(failure) = &self.failure {
            println!("\n{}", failure.trim_end());
        }
        println!("{}", tally.closing_line());
        if self.failure.is_none() { Ok(()) } else { Err(String::new()) }
    }

    fn tally(&self) -> Tally {
        let mut sum = Tally::default();
        for row in &self.rows {
            sum += row.tally;
        }
        if self.failure.is_some() {
            sum.failed = sum.failed.max(1);
        }
        sum
    }

    fn take(&mut self, name: &str, step: impl FnOnce(&mut Tally) -> Outcome) {
        if self.failure.is_some() {
            return;
        }
        println!("\n\x1b[1m== {name}\x1b[0m");
        let started = now();
        let mut tally = Tally::default();
        let outcome = step(&mut tally);
        self.rows.push(Row { name: name.to_owned(), took: started.elapsed(), tally, ok: outcome.is_ok() });
        self.failure = outcome.err();
    }
}

#[expect(clippy::disallowed_methods, reason = "a duration shown to a person; nothing is decided by it")]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_failure_ends_the_run_and_counts_as_one() {
        let mut steps = Steps::default();
        let mut reached = false;
        steps.check("passes", || Ok(()));
        steps.check("fails", || Err("It is broken.".to_owned()));
        steps.check("is not reached", || {
            reached = true;
            Ok(())
        });
        assert!(!reached);
        assert_eq!(steps.rows.len(), 2);
        assert_eq!(steps.tally().closing_line(), "0 passed, 1 failed");
        assert_eq!(steps.finish(), Err(String::new()));
    }
}
