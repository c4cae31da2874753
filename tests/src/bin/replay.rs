//! Judges a contact's log again, and tells what another policy would have changed.

use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match e2e::replay::run(&words) {
        Ok(told) => {
            print!("{}", told.text);
            if told.holds { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
