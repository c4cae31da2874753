//! Plays scenarios natively and tells everything that happens, step by step; with `--watch` on the built worker, slowly, so
//! that a browser can look on.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    thread,
    time::Duration,
};

use e2e::scenario::{self, Native, Workerd, run::Told};

const HELP: &str = "cargo xtask scenario FILE…   (examples/scenarios/story.scn is a good one to begin with)";

/// How long what happened stands before the next thing does.
const READING: Duration = Duration::from_millis(2_500);

fn main() -> ExitCode {
    let (options, files): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|word| word.starts_with("--"));
    let files: Vec<PathBuf> = files.into_iter().map(PathBuf::from).collect();
    if files.is_empty() {
        eprintln!("{HELP}");
        return ExitCode::FAILURE;
    }
    let watched = options.iter().any(|option| option == "--watch");
    let mut all_hold = true;
    for file in &files {
        match if watched { watch(file) } else { play(file) } {
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

/// On the built worker, whose pages show everything as it happens; then until Ctrl-C.
fn watch(file: &Path) -> Result<(), String> {
    let file = scenario::load(file)?;
    let mut stage = Workerd::start()?;
    println!("\n  Open {}/timeline and {}/sandbox.\n", stage.url(), stage.url());
    thread::sleep(READING * 2);
    let mut slowly = |told: &Told<'_>| {
        tells(told);
        thread::sleep(READING);
    };
    scenario::run(&file, &mut stage, &mut slowly).map_err(|failure| failure.to_string())?;
    println!("\n  The end. Look around; Ctrl-C stops.");
    loop {
        thread::park();
    }
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
