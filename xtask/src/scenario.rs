//! `scenario`: plays text scenarios natively, by the runner of the end-to-end harness.

use std::path::PathBuf;

use crate::cmd::{Outcome, cargo};

/// A file that does not hold has been told by the runner, with its line.
pub(crate) fn play(files: &[PathBuf]) -> Outcome {
    // The runner starts in the workspace root; a file is named from where this was called.
    let here = std::env::current_dir().map_err(|error| format!("No current directory: {error}."))?;
    let mut runner = cargo();
    runner.args(["run", "--quiet", "-p", "e2e", "--bin", "scenario", "--"]);
    runner.args(files.iter().map(|file| here.join(file)));
    let status = runner.status().map_err(|error| format!("The runner could not start: {error}."))?;
    if status.success() { Ok(()) } else { Err(String::new()) }
}
