//! One topic is not said unasked on two channels.

use super::Case;
use crate::{id::EventId, policy::Policy, time::HOUR_MS, verdict::GateResult};

pub(super) fn judge(policy: &Policy, case: &Case) -> GateResult {
    let Some(topic) = case.topic.as_deref().filter(|_| case.purpose.is_unasked()) else {
        return GateResult::allow("topic.none", "It is about nothing that could be said twice.");
    };
    let within_ms = i64::from(policy.topic_within_h) * HOUR_MS;
    let said = case.spent.iter().find(|spend| {
        spend.said(topic) && spend.channel != case.channel && case.now.since_ms(spend.at) < within_ms
    });
    match said {
        Some(spend) => GateResult::deny(
            "topic.said",
            &format!("The same was said by {} lately.", spend.channel.as_str()),
            "Time passes, or it is said on the same channel.",
        )
        .because_of_all(spend.event.iter().map(EventId::as_str)),
        None => GateResult::allow("topic.new", "It was not said on another channel lately."),
    }
}
