//! Several things may want one contact's attention at a time. Each bids: so much for its purpose, and what its sequence adds.
//!
//! What is outbid waits until some hours after the higher bid; what would say the same as a higher bid is not said at all.
//! The lower of two that could go together goes with the other (see `decide::sequence`).

use super::Case;
use crate::{
    delivery::Purpose,
    policy::Policy,
    time::{HOUR_MS, Timestamp},
    verdict::GateResult,
};

pub(super) fn judge(policy: &Policy, case: &Case) -> GateResult {
    if !matches!(case.purpose, Purpose::Reminder | Purpose::Marketing) {
        return GateResult::allow("bid.exempt", "Messages like this one give way to nothing.");
    }
    let own = policy.bid(case.purpose, case.priority);
    let within = |at: Timestamp, hours: u32| at.since_ms(case.now) < i64::from(hours) * HOUR_MS;
    let apart_ms = i64::from(policy.apart_h) * HOUR_MS;
    let higher = case.rivals.iter().filter(|rival| policy.bid(rival.purpose, rival.priority) > own);
    let mut soon: Option<(Timestamp, &str)> = None;
    // What was due so long ago is not about to be said.
    for rival in higher.filter(|rival| rival.at.plus_ms(apart_ms) > case.now) {
        if rival.topic.is_some() && rival.topic == case.topic && within(rival.at, policy.topic_within_h) {
            let why = format!("{} is about to say the same, and bids more.", rival.of);
            return GateResult::deny("bid.same_topic", &why, "That one ends without having said it.");
        }
        if within(rival.at, policy.apart_h) && soon.is_none_or(|(at, _)| at < rival.at) {
            soon = Some((rival.at, rival.of.as_str()));
        }
    }
    match soon {
        Some((at, of)) => {
            let why = format!("{of} is to be said soon, and bids more.");
            GateResult::defer(
                "bid.outbid",
                at.plus_ms(apart_ms),
                &why,
                "It has been said for a while, or it ends.",
            )
        }
        None => GateResult::allow("bid.highest", "Nothing that is to be said soon bids more."),
    }
}
