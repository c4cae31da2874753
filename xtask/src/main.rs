//! The developer commands: `cargo xtask COMMAND`, one file each.
//!
//! Commands install what they need, once, from the package registries, and say so. They hold no product logic and depend on
//! no other crate of the workspace, so that they run before anything else compiles.

mod args;
mod bench;
mod build;
mod ci;
mod cmd;
mod deploy;
mod dev;
mod files;
mod host;
mod import;
mod lockfile;
mod migration;
mod rules;
mod scenario;
mod setup;
mod size;
mod stamp;
mod steps;
mod tally;

use std::process::ExitCode;

use crate::args::{Command, HELP};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match args::parse(&words) {
        Ok(Command::Help) => {
            print!("{HELP}");
            Ok(())
        }
        Ok(Command::Dev(options)) => dev::dev(&options),
        Ok(Command::Test(selection)) => ci::test(selection),
        Ok(Command::Build) => build::build(),
        Ok(Command::Size) => build::build().and_then(|()| size::size()),
        Ok(Command::Deploy { dry_run: true }) => deploy::dry_run(),
        Ok(Command::Deploy { dry_run: false }) => deploy::deploy(),
        Ok(Command::Bench) => bench::bench(),
        Ok(Command::Scenario { files, watch: false }) => scenario::play(&files),
        Ok(Command::Scenario { files, watch: true }) => scenario::watch(&files),
        Ok(Command::Replay { words }) => scenario::replay(&words),
        Ok(Command::Import(options)) => import::import(&options),
        Ok(Command::NewMigration { name }) => migration::new(&name),
        Err(message) => Err(format!("{message}\n\n{HELP}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            if !message.is_empty() {
                eprintln!("{}", message.trim_end());
            }
            ExitCode::FAILURE
        }
    }
}
