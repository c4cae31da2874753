//! Plays scenarios natively and tells everything that happens, step by step.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use e2e::scenario::{self, Native, run::Told};

const HELP: &str = "cargo xtask scenario FILE…   (examples/scenarios/story.scn is a good one to begin with)";

fn main() -> ExitCode {
    let files: Vec<PathBuf> = std::env::args().skip(1).map(PathBuf::from).collect();
    if files.is_empty() {
        eprintln!("{HELP}");
        return ExitCode::FAILURE;
    }
    let mut all_hold = true;
    for file in &files {
        match play(file) {
            Ok(()) => println!("{} holds.\n", file.display()),
            Err(error) => {
                eprintln!("{error}\n");
                all_hold = false;
            }
        }
    }
    if all_hold { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn play(file: &Path) -> Result<(), String> {
    let file = scenario::load(file)?;
    scenario::run(&file, &mut Native::new(), &mut tells).map_err(|failure| failure.to_string())
}

fn tells(told: &Told<'_>) {
    match told {
        Told::Step(step, _) if step.is_expectation() => {
            println!("{:19} ✓ {}", "", step.source);
        }
        Told::Step(step, at) => println!("{at:19} {}", step.source),
        Told::Came(channel, who, received, at) => {
            let subject =
                received.subject.as_ref().map(|subject| format!("[{subject}] ")).unwrap_or_default();
            let text = format!("{subject}{}", received.text.trim_end());
            println!(
                "{at:19}   → {who}'s {}: {}",
                scenario::run::name(*channel),
                text.replace('\n', "\n                        ")
            );
        }
    }
}
