//! Judges a contact's log again, and tells what another policy would have changed.

use std::process::ExitCode;

use jiff::{Timestamp, tz::TimeZone};
use shared::{
    policy::Policy,
    replay::{self, Change, Entry, Log, Replayed},
};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let told = match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [file] => read(file).map(|log| again(&log)),
        [file, "--policy", policy] => {
            read(file).and_then(|log| Ok((log, read_policy(policy)?))).map(|(log, policy)| {
                compare(&log, &policy);
                true
            })
        }
        _ => Err("cargo xtask replay FILE [--policy FILE]".to_owned()),
    };
    match told {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn text(file: &str) -> Result<String, String> {
    std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))
}

fn read(file: &str) -> Result<Log, String> {
    replay::read(&text(file)?).map_err(|error| format!("{file}: {error}"))
}

fn read_policy(file: &str) -> Result<Policy, String> {
    let policy: Policy =
        serde_json::from_str(&text(file)?).map_err(|error| format!("{file}: This is no policy: {error}."))?;
    policy.trouble().map_or(Ok(policy), |trouble| Err(format!("{file}: {trouble}")))
}

/// Judges everything again under the log's own policy; false where a verdict came out otherwise.
fn again(log: &Log) -> bool {
    let mut counts = [0_usize; 4];
    for entry in &log.verdicts {
        let replayed = replay::replay(log, entry);
        counts[replayed as usize] += 1;
        if replayed == Replayed::Differs {
            println!("differs: {}", line(entry));
        }
    }
    let [same, differs, other, outside] = counts;
    println!(
        "{} verdicts under {}: {same} identical, {differs} not, {other} reached under another policy, {outside} by a limit \
         outside the gates.",
        log.verdicts.len(),
        log.policy.version()
    );
    differs == 0
}

fn compare(log: &Log, policy: &Policy) {
    let mut changed = 0;
    for entry in &log.verdicts {
        let told = match replay::compare(policy, entry) {
            Change::None => continue,
            Change::Appears(channel) => format!("appears by {}", channel.as_str()),
            Change::Vanishes(rule) => format!("vanishes ({rule})"),
            Change::Moves(from, to) => {
                let when = |at: Option<shared::time::Timestamp>| at.map_or("at once".to_owned(), moment);
                format!("moves from {} to {}", when(from), when(to))
            }
            Change::ChangesChannel(from, to) => {
                format!("goes by {} instead of {}", to.as_str(), from.as_str())
            }
        };
        changed += 1;
        println!("{}: {told}", line(entry));
    }
    println!("{changed} of {} messages would be otherwise under {}.", log.verdicts.len(), policy.version());
}

fn line(entry: &Entry) -> String {
    let detail = &entry.detail;
    let channel = detail.channel().map_or("nowhere", |channel| channel.as_str());
    format!(
        "{} {} {} by {channel}, {}",
        entry.id,
        moment(entry.at),
        detail.purpose.as_str(),
        detail.outcome()
    )
}

fn moment(at: shared::time::Timestamp) -> String {
    let at = Timestamp::from_millisecond(at.ms()).unwrap_or_default();
    at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M UTC").to_string()
}
