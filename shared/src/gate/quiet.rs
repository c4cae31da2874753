//! Unasked messages keep quiet hours, in every zone and state the contact may be in. They wait, they are not dropped; a
//! direct answer to somebody who just did something is no such message.
//! Source: 47 CFR 64.1200(c)(1), and the states' rules in [`crate::calendar::quiet`].

use super::Case;
use crate::{calendar::quiet, delivery::Purpose, policy::Policy, time::MINUTE_MS, verdict::GateResult};

pub(super) fn judge(policy: &Policy, case: &Case) -> GateResult {
    if !policy.quiet_channels.contains(&case.channel) {
        return GateResult::allow("quiet.no_hours", "The channel keeps no quiet hours.");
    }
    if case.purpose == Purpose::OptOutReply {
        return GateResult::allow("quiet.confirmation", "An opt-out is confirmed at any hour.");
    }
    let within_ms = i64::from(policy.answer_within_min) * MINUTE_MS;
    // A reminder answers nothing, whatever somebody has just done.
    if !matches!(case.purpose, Purpose::Reminder | Purpose::Marketing)
        && case.active_at.is_some_and(|at| case.now.since_ms(at) <= within_ms)
    {
        return GateResult::allow("quiet.answer", "It answers somebody who did something just now.");
    }
    let hours = policy.minutes();
    match quiet::explain(&case.whereabouts, hours, case.now) {
        None => GateResult::allow("quiet.day", "It is day wherever the contact may be."),
        Some(why) => {
            let until = quiet::next_allowed(&case.whereabouts, hours, case.now);
            GateResult::defer("quiet.hours", until, &why, "The night passes, or the contact writes.")
        }
    }
}
