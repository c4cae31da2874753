//! Messenger and Instagram may be written to for 24 hours after the contact's last message there, and by a human for seven
//! days. Source: <https://developers.facebook.com/docs/messenger-platform/policy/policy-overview/>.

use super::Case;
use crate::{
    channel::Channel,
    id::EventId,
    policy::Policy,
    time::{DAY_MS, HOUR_MS},
    verdict::GateResult,
    wire::Speaker,
};

pub(super) fn judge(_: &Policy, case: &Case) -> GateResult {
    if !matches!(case.channel, Channel::Messenger | Channel::Instagram) {
        return GateResult::allow("window.none", "The channel has no window.");
    }
    let by_human = matches!(case.speaker, Speaker::Agent(_));
    let (open_ms, rule) = if by_human { (7 * DAY_MS, "window.human") } else { (24 * HOUR_MS, "window.open") };
    let last = case.wrote.iter().map(EventId::as_str);
    match case.wrote_at {
        Some(at) if case.now.since_ms(at) < open_ms => {
            GateResult::allow(rule, "The contact wrote there within the platform's window.")
                .because_of_all(last)
        }
        _ => GateResult::deny(
            "window.closed",
            "The platform's window after the contact's last message there has closed.",
            "The contact writes there again, or another channel is used.",
        )
        .because_of_all(last),
    }
}
