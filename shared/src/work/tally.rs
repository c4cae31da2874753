//! What a stretch of a timeline counts for in the reports, and which answers somebody should look at.
//!
//! Pure: each event is counted by itself and a fixed number of those before it, so a timeline counts the same whether it is
//! read at once or piece by piece. Days are the site's own.

use std::collections::BTreeMap;

use crate::{
    appointment::Act,
    calendar,
    event::{Body, Event},
    promise::PromiseAct,
    time::{DAY_MS, SECOND_MS, Timestamp},
    wire::Speaker,
};

/// How many events before each are looked at.
pub const LOOKS_BACK: u32 = 40;
/// How long after a sequence's message an opt-out is put down to it, in milliseconds.
const OPT_OUT_MS: i64 = 7 * DAY_MS;

/// What a stretch counts for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How often each thing happened, by day (`2026-11-23`) and name.
    pub counts: BTreeMap<(String, String), u32>,
    /// The answers somebody should look at: the place, when, and why (`unsure`, `no_source`).
    pub reviews: Vec<(u32, Timestamp, &'static str)>,
}

/// Counts the events after `after`; those before are what they are seen against, at least [`LOOKS_BACK`] of them. In order.
pub fn tally(events: &[Event], after: u32, time_zone: &str) -> Tally {
    let mut tally = Tally::default();
    for (place, event) in events.iter().enumerate().filter(|(_, event)| event.seq > after) {
        let from = place.saturating_sub(LOOKS_BACK as usize);
        one(&mut tally, &events[from..place], event, time_zone);
    }
    tally
}

/// The day of an instant on a site's calendar, as counts are kept by it.
pub fn day(at: Timestamp, time_zone: &str) -> String {
    calendar::local(at, &calendar::zone(time_zone)).date().to_string()
}

fn one(tally: &mut Tally, before: &[Event], event: &Event, time_zone: &str) {
    let today = day(event.at, time_zone);
    let mut count = |name: String| *tally.counts.entry((today.clone(), name)).or_default() += 1;
    if event.seq == 1 {
        count("contacts".into());
    }
    match &event.body {
        Body::Message(message) => match &event.speaker {
            Speaker::Contact if !message.automatic => {
                let is_again = |earlier: &Event| is_theirs(earlier) && day(earlier.at, time_zone) == today;
                if !before.iter().rev().any(is_again) {
                    count("talks".into());
                }
            }
            Speaker::Sequence(name) => count(format!("sent.{name}")),
            Speaker::Assistant => {
                count("answers".into());
                if message.sources.is_empty() {
                    count("answers.unsourced".into());
                }
                if let Some(name) = answer(before, event, "assistant") {
                    count(name);
                }
                let is_model = message.author.as_deref().is_some_and(|author| author != "builtin");
                if message.unsure {
                    tally.reviews.push((event.seq, event.at, "unsure"));
                } else if is_model && message.sources.is_empty() && message.offers.is_empty() {
                    tally.reviews.push((event.seq, event.at, "no_source"));
                }
            }
            Speaker::Agent(_) => {
                if let Some(name) = answer(before, event, "person") {
                    count(name);
                }
            }
            _ => {}
        },
        Body::Handoff { reason, .. } => count(format!("handoff.{reason}")),
        Body::Promise(told) => match told.act {
            PromiseAct::Kept => count("promise.kept".into()),
            PromiseAct::Missed => count("promise.missed".into()),
            _ => {}
        },
        Body::Consent { action, .. } if action == "revoke" => {
            let sent = before.iter().rev().find_map(|earlier| match &earlier.speaker {
                Speaker::Sequence(name) if event.at.since_ms(earlier.at) <= OPT_OUT_MS => Some(name),
                _ => None,
            });
            if let Some(name) = sent {
                count(format!("optout.{name}"));
            }
        }
        Body::Appointment(told) => match told.act {
            Act::Booked => count("booked".into()),
            Act::Moved => count("moved".into()),
            Act::Cancelled => count("cancelled".into()),
            Act::Missed => count("no_show".into()),
            _ => {}
        },
        Body::Joined { .. } => count("joined".into()),
        Body::Answered { .. } => count("maybe_one".into()),
        _ => {}
    }
}

fn is_theirs(event: &Event) -> bool {
    event.speaker == Speaker::Contact && event.message().is_some_and(|message| !message.automatic)
}

/// The count of an answer: how long the first message on its line had waited that nobody had answered.
fn answer(before: &[Event], event: &Event, by: &str) -> Option<String> {
    let on_line = |earlier: &&Event| {
        earlier.channel == event.channel
            && earlier.address_key == event.address_key
            && earlier.message().is_some()
    };
    let is_answer = |earlier: &&Event| !matches!(earlier.speaker, Speaker::Assistant | Speaker::Agent(_));
    let waited =
        before.iter().rev().filter(on_line).take_while(is_answer).filter(|event| is_theirs(event)).last()?;
    let bucket = bucket(event.at.since_ms(waited.at));
    Some(format!("answer.{}.{by}.{bucket}", event.channel.as_str()))
}

/// The bucket of a length of time: seconds as they are up to eight, then eight to each doubling, so none is wider than an
/// eighth of its beginning.
pub fn bucket(ms: i64) -> u32 {
    let seconds = u64::try_from(ms / SECOND_MS).unwrap_or(0);
    if seconds < 8 {
        return u32::try_from(seconds).unwrap_or(0);
    }
    let doublings = seconds.ilog2();
    let eighth = u32::try_from((seconds >> (doublings - 3)) & 7).unwrap_or(0);
    8 * (doublings - 2) + eighth
}

/// Where a bucket begins, in seconds.
pub const fn bucket_seconds(bucket: u32) -> u64 {
    if bucket < 8 {
        return bucket as u64;
    }
    let doublings = bucket / 8 + 2;
    (8 + (bucket % 8) as u64) << (doublings - 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_begins_at_most_an_eighth_below_what_it_holds() {
        let mut last = 0;
        for seconds in (0..5_000_i64).chain((5_000..9_000_000).step_by(997)) {
            let bucket = bucket(seconds * SECOND_MS);
            let begins = i64::try_from(bucket_seconds(bucket)).unwrap();
            assert!(
                begins <= seconds && seconds - begins <= begins / 8,
                "{seconds} in {bucket} from {begins}"
            );
            assert!(bucket >= last);
            last = bucket;
        }
        assert_eq!(bucket(-5), 0);
    }
}
