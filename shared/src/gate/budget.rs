//! A contact's attention: so many messages, and so many points over all channels together, within rolling windows.
//!
//! Transactional messages are never held by it, but what they cost counts; a reserve keeps room that nothing else may use.

use super::Case;
use crate::{
    conversation::Spend,
    delivery::Purpose,
    policy::{Cap, Policy},
    time::{HOUR_MS, Timestamp},
    verdict::GateResult,
};

pub(super) fn judge(policy: &Policy, case: &Case) -> GateResult {
    if !matches!(case.purpose, Purpose::Reminder | Purpose::Marketing) {
        return GateResult::allow(
            "budget.exempt",
            "Messages like this one are counted, and never held by the budget.",
        );
    }
    let capped = policy.caps.iter().filter(|cap| applies(cap, case));
    let capped = capped.filter_map(|cap| Some((capped_until(cap, case)?, cap)));
    if let Some((until, cap)) = capped.max_by_key(|(until, _)| *until) {
        return GateResult::defer(
            "budget.capped",
            until,
            "The contact got as many messages like this one as they should in a while.",
            "Time passes, or the caps in the site's policy are raised.",
        )
        .because_of_all(ids(case, |spend| counts(cap, case, spend)));
    }
    match spent_until(policy, case) {
        Ok(spent) => {
            let left = open(policy).saturating_sub(spent);
            GateResult::allow(
                "budget.open",
                &format!("The contact has {left} points of attention left for this."),
            )
        }
        Err(until) => GateResult::defer(
            "budget.spent",
            until,
            "The contact's attention is spent, over all channels together.",
            "Time passes, or the budget in the site's policy is raised.",
        )
        .because_of_all(ids(case, |spend| is_within(case, spend, policy.budget.within_h))),
    }
}

fn applies(cap: &Cap, case: &Case) -> bool {
    cap.purpose == case.purpose && cap.channel.is_none_or(|channel| channel == case.channel)
}

/// When a cap lets one more through; nothing where it does already.
fn capped_until(cap: &Cap, case: &Case) -> Option<Timestamp> {
    let within_ms = i64::from(cap.within_h) * HOUR_MS;
    let counted = case.spent.iter().filter(|spend| counts(cap, case, spend));
    let mut sent: Vec<Timestamp> = counted.map(|spend| spend.at).collect();
    sent.sort_unstable();
    let at_most = usize::try_from(cap.at_most).unwrap_or(usize::MAX);
    // Room comes when enough of the oldest have left the window; a cap of none never opens within it.
    let leaving = sent.len().checked_sub(at_most)?;
    let last = sent.get(leaving).or(sent.last()).copied().unwrap_or(case.now);
    Some(last.plus_ms(within_ms))
}

/// Whether a cap counts a message.
fn counts(cap: &Cap, case: &Case, spend: &Spend) -> bool {
    spend.purpose == cap.purpose
        && cap.channel.is_none_or(|channel| channel == spend.channel)
        && is_within(case, spend, cap.within_h)
}

fn is_within(case: &Case, spend: &Spend, within_h: u32) -> bool {
    case.now.since_ms(spend.at) < i64::from(within_h) * HOUR_MS
}

/// The messages that a refusal rests on.
fn ids<'a>(case: &'a Case, counts: impl Fn(&Spend) -> bool + 'a) -> impl Iterator<Item = &'a str> {
    case.spent
        .iter()
        .filter(move |spend| counts(spend))
        .filter_map(|spend| Some(spend.event.as_ref()?.as_str()))
}

/// What reminders and marketing may spend together with everything else.
const fn open(policy: &Policy) -> u32 {
    policy.budget.points.saturating_sub(policy.budget.reserve)
}

/// What is spent where the message still fits, else when it will.
fn spent_until(policy: &Policy, case: &Case) -> Result<u32, Timestamp> {
    let within_ms = i64::from(policy.budget.within_h) * HOUR_MS;
    let costs = |spend: &Spend| policy.points(spend.channel, spend.purpose);
    let mut counted: Vec<&Spend> =
        case.spent.iter().filter(|spend| is_within(case, spend, policy.budget.within_h)).collect();
    counted.sort_unstable_by_key(|spend| spend.at);
    let mut spent: u32 = counted.iter().map(|spend| costs(spend)).sum();
    let price = policy.points(case.channel, case.purpose);
    if spent + price <= open(policy) {
        return Ok(spent);
    }
    for spend in &counted {
        spent -= costs(spend);
        if spent + price <= open(policy) {
            return Err(spend.at.plus_ms(within_ms));
        }
    }
    Err(case.now.plus_ms(within_ms))
}
