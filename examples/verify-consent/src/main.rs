//! `verify-consent FILE.json`: says whether every link of an exported proof of consent holds, or which entry breaks and how.
//!
//! Exit code 0 where all holds, 1 where something breaks, 2 where it was not given a file. It opens no connection.

use std::{env, fs, process::ExitCode};

use verify_consent::{Verdict, verify};

fn main() -> ExitCode {
    let mut args = env::args_os().skip(1);
    let (Some(path), None) = (args.next(), args.next()) else {
        eprintln!("usage: verify-consent FILE.json");
        return ExitCode::from(2);
    };
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("{} cannot be read: {error}", path.display());
            return ExitCode::from(2);
        }
    };
    let verdict = verify(&text);
    println!("{verdict}");
    if matches!(verdict, Verdict::Holds(_)) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
