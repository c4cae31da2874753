//! The selector: of all the ways a message could go, the best one that the gates leave open.
//!
//! 1. A visitor who is on the site right now is told there.
//! 2. A channel the contact said they prefer comes first, for marketing also the one they answer on, then the policy's
//!    order for the purpose.
//! 3. A text message that is billed as many goes another way, where one is open.
//! 4. Where no way is open but one opens later, the message waits for the first that does.

use super::{Case, Preference, judge};
use crate::{
    channel::Channel,
    delivery::Purpose,
    policy::{Named, Policy},
    verdict::{Candidate, Detail, Held},
};

/// Judges every way a message could go, and picks one: the verdict, and the winner's place among the `cases` given, where
/// one won. `aside` are ways that it must not go by and that the contact may prefer all the same. `is_present` says that
/// the visitor has the chat open right now.
pub fn select(
    policy: &Policy,
    cases: Vec<Case>,
    aside: &[Case],
    is_present: bool,
) -> (Detail, Option<usize>) {
    let purpose = cases.first().map(|case| case.purpose).unwrap_or_default();
    let closed_by = closed_preference(policy, &cases, aside);
    let judged = cases.into_iter().map(|mut case| {
        if let Some(preference) = &mut case.preference {
            preference.closed_by.clone_from(&closed_by);
        }
        judge(policy, case)
    });
    let mut ranked: Vec<(usize, Candidate)> = judged.enumerate().collect();
    ranked.sort_by_key(|(_, candidate)| (weight(candidate), rank(policy, candidate, is_present)));
    let won = ranked.first().filter(|(_, best)| best.held().is_none()).map(|(place, _)| *place);
    let candidates: Vec<Candidate> = ranked.into_iter().map(|(_, candidate)| candidate).collect();
    let (why, change) = words(candidates.first(), is_present);
    let winner = won.map(|_| 0);
    let Named { version, rules } = policy.named();
    let aside = aside.to_vec();
    (Detail { policy: version, rules, purpose, candidates, aside, winner, why, change }, won)
}

/// The rule that closes the preferred channel for this message, or that there is no such address. It is closed only where
/// each of the contact's addresses on it is, so the order of the cases does not matter.
fn closed_preference(policy: &Policy, cases: &[Case], aside: &[Case]) -> Option<String> {
    let preference = cases.iter().find_map(|case| case.preference.as_ref())?;
    if preference.is_unanswered {
        return Some("preference.unanswered".into());
    }
    let preferred = preference.channel;
    let mut closed_by = None;
    for case in cases.iter().chain(aside).filter(|case| case.channel == preferred) {
        match judge(policy, Case { preference: None, ..case.clone() }).held()? {
            Held::Denied(rule) => closed_by = closed_by.or(Some(rule)),
            // It opens again, and a preference can wait.
            Held::Deferred(..) => return None,
        }
    }
    closed_by.or_else(|| Some("reachability.none".into()))
}

/// Open ways come first, then those that open later, the soonest first.
fn weight(candidate: &Candidate) -> (u8, i64) {
    match candidate.held() {
        None => (0, 0),
        Some(Held::Deferred(_, until)) => (1, until.ms()),
        Some(Held::Denied(_)) => (2, 0),
    }
}

fn rank(policy: &Policy, Candidate { case, .. }: &Candidate, is_present: bool) -> (bool, bool, bool, usize) {
    let order = policy.order(case.purpose);
    let place = order.iter().position(|channel| *channel == case.channel).unwrap_or(order.len());
    let is_there = is_present && case.channel == Channel::Widget;
    let preferred = case.preference.as_ref();
    let binds = |it: &Preference| it.is_stated || case.purpose == Purpose::Marketing;
    let is_wanted = preferred.is_some_and(|it| binds(it) && it.channel == case.channel);
    let is_dear = case.channel == Channel::Sms && case.content.segments > policy.dear_segments;
    (!is_there, !is_wanted, is_dear, place)
}

fn words(best: Option<&Candidate>, is_present: bool) -> (String, String) {
    let Some(best) = best else {
        return (
            "There is no address the contact could be written to.".into(),
            "The contact gives an address.".into(),
        );
    };
    if let Some(gate) = best.against() {
        return (gate.why.clone(), gate.change.clone());
    }
    let Case { channel, purpose, preference, .. } = &best.case;
    let name = channel.as_str();
    let why = match preference {
        _ if is_present && *channel == Channel::Widget => "The visitor is on the site right now.".to_owned(),
        Some(it) if it.is_stated && it.channel == *channel => {
            format!("The contact said that they prefer {name}.")
        }
        Some(it) if it.channel == *channel && *purpose == Purpose::Marketing => {
            format!("The contact answers by {name}.")
        }
        _ => format!("For {} messages {name} is the best channel that is open.", purpose.as_str()),
    };
    (why, String::new())
}

#[cfg(test)]
mod tests;
