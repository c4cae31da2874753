//! `scenario` and `replay`: text scenarios are played and logs judged again natively, by the runners of the end-to-end harness.

use std::path::PathBuf;

use crate::cmd::{Outcome, cargo};

/// A file that does not hold has been told by the runner, with its line.
pub(crate) fn play(files: &[PathBuf]) -> Outcome {
    // The runner starts in the workspace root; a file is named from where this was called.
    let here = std::env::current_dir().map_err(|error| format!("No current directory: {error}."))?;
    run("scenario", files.iter().map(|file| here.join(file).into_os_string()).collect())
}

/// What does not replay has been told by the runner.
pub(crate) fn replay(words: &[String]) -> Outcome {
    let here = std::env::current_dir().map_err(|error| format!("No current directory: {error}."))?;
    let path = |word: &String| {
        if word == "--policy" { word.into() } else { here.join(word).into_os_string() }
    };
    run("replay", words.iter().map(path).collect())
}

fn run(name: &str, words: Vec<std::ffi::OsString>) -> Outcome {
    let mut runner = cargo();
    runner.args(["run", "--quiet", "-p", "e2e", "--bin", name, "--"]);
    runner.args(words);
    let status = runner.status().map_err(|error| format!("The runner could not start: {error}."))?;
    if status.success() { Ok(()) } else { Err(String::new()) }
}
