//! What `cargo xtask replay` tells of a contact's log: whether it comes out the same when it is judged again, and what
//! another policy would have changed. A line for each verdict that matters, and the sum.

use std::{collections::BTreeSet, fmt::Write as _};

use jiff::{Timestamp, tz::TimeZone};
use shared::{
    policy::Policy,
    replay::{self, Change, Entry, Log, Replayed},
};

const HELP: &str = "cargo xtask replay FILE [--policy FILE]";

/// What is told.
pub struct Told {
    /// Lines to print.
    pub text: String,
    /// False where a verdict came out otherwise, or none could be judged again.
    pub holds: bool,
}

/// Does what the words ask for: `FILE`, or `FILE --policy FILE`. Fails with a sentence that names the file, and where it is
/// broken the place.
pub fn run(words: &[String]) -> Result<Told, String> {
    match words {
        [file] => Ok(again(&read(file)?)),
        [file, flag, policy] if flag == "--policy" => {
            let (log, policy) = (read(file)?, read_policy(policy)?);
            Ok(Told { text: compare(&log, &policy), holds: true })
        }
        _ => Err(HELP.to_owned()),
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

/// Judges everything again, each under its own policy.
fn again(log: &Log) -> Told {
    let mut text = String::new();
    let mut counts = [0_usize; 4];
    for entry in &log.verdicts {
        let replayed = replay::replay(log, entry);
        counts[replayed as usize] += 1;
        if replayed == Replayed::Differs {
            let _ = writeln!(text, "{}  differs", line(entry));
        }
    }
    let [same, differs, other, outside] = counts;
    let policies: BTreeSet<_> = log.verdicts.iter().map(|entry| entry.detail.policy.as_str()).collect();
    let policies = policies.into_iter().collect::<Vec<_>>().join(", ");
    let _ = writeln!(
        text,
        "{} verdicts under {policies}: {same} identical, {differs} not, {other} reached under a policy that the log does not \
         hold, {outside} by a limit outside the gates.",
        log.verdicts.len(),
    );
    // Where nothing could be judged, that must not pass for a replay.
    let was_judged = same + differs + outside > 0 || log.verdicts.is_empty();
    if !was_judged {
        let _ = writeln!(text, "Nothing could be judged again: the log holds the policy of no verdict.");
    }
    Told { text, holds: differs == 0 && was_judged }
}

fn compare(log: &Log, policy: &Policy) -> String {
    let mut text = String::new();
    let mut changed = 0;
    for entry in &log.verdicts {
        let changes = replay::compare(policy, entry);
        if changes.is_empty() {
            continue;
        }
        changed += 1;
        let changes: Vec<String> = changes.iter().map(told).collect();
        let _ = writeln!(text, "{}  {}", line(entry), changes.join(", "));
    }
    let (all, version) = (log.verdicts.len(), policy.version());
    let _ = writeln!(text, "{changed} of {all} verdicts would be otherwise under {version}.");
    text
}

fn told(change: &Change) -> String {
    let when = |at: &Option<shared::time::Timestamp>| at.map_or("at once".to_owned(), moment);
    match change {
        Change::Appears(channel, at) => format!("appears by {} ({})", channel.as_str(), when(at)),
        Change::Vanishes(rule) => format!("vanishes ({rule})"),
        Change::Moves(from, to) => format!("moves from {} to {}", when(from), when(to)),
        Change::ChangesChannel(from, to) => format!("goes by {} instead of {}", to.as_str(), from.as_str()),
    }
}

fn line(entry: &Entry) -> String {
    let detail = &entry.detail;
    let channel = detail.channel().map_or("nowhere", |channel| channel.as_str());
    let (purpose, outcome) = (detail.purpose.as_str(), detail.outcome());
    format!("{}  {}  {purpose:13}  {channel:9}  {outcome:24}", entry.id, moment(entry.at))
}

fn moment(at: shared::time::Timestamp) -> String {
    let at = Timestamp::from_millisecond(at.ms()).unwrap_or_default();
    at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests;
