//! `scenario` and `replay`: text scenarios are played and logs judged again natively, by the runners of the end-to-end harness.

use std::path::PathBuf;
use std::process::Command;

use crate::cmd::{Outcome, cargo};
use crate::{build, setup};

/// A file that does not hold has been told by the runner, with its line.
pub(crate) fn play(files: &[PathBuf]) -> Outcome {
    // The runner starts in the workspace root; a file is named from where this was called.
    let here = std::env::current_dir().map_err(|error| format!("No current directory: {error}."))?;
    run("scenario", files.iter().map(|file| here.join(file).into_os_string()).collect())
}

/// Plays them on the built worker at reading speed, for a browser that looks on.
pub(crate) fn watch(files: &[PathBuf]) -> Outcome {
    let here = std::env::current_dir().map_err(|error| format!("No current directory: {error}."))?;
    build::build()?;
    let node = setup::node::node()?;
    let mut runner = runner("scenario");
    runner.env("PATH", node.path()).env("THROUGHLINE_NODE", node.bin()).arg("--watch");
    finish(runner.args(files.iter().map(|file| here.join(file))))
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
    finish(runner(name).args(words))
}

fn runner(name: &str) -> Command {
    let mut runner = cargo();
    runner.args(["run", "--quiet", "-p", "e2e", "--bin", name, "--"]);
    runner
}

fn finish(runner: &mut Command) -> Outcome {
    let status = runner.status().map_err(|error| format!("The runner could not start: {error}."))?;
    if status.success() { Ok(()) } else { Err(String::new()) }
}
