//! Where the contact wants to be written to. What they said binds every unasked message while that channel is open; who
//! answers by email gets no marketing on a line that rings. The exception's reason is recorded.

use super::Case;
use crate::{channel::Channel, delivery::Purpose, policy::Policy, verdict::GateResult};

pub(super) fn judge(_: &Policy, case: &Case) -> GateResult {
    if !case.purpose.is_unasked() {
        return GateResult::allow("preference.same_line", "It goes where the contact asked for it.");
    }
    let Some(preference) = &case.preference else {
        return GateResult::allow("preference.none", "The contact has no preference.");
    };
    let preferred = preference.channel.as_str();
    if preference.channel == case.channel {
        return GateResult::allow("preference.kept", &format!("The contact prefers {preferred}."));
    }
    if let Some(rule) = &preference.closed_by {
        let why = format!("The contact prefers {preferred}, which is closed for this message by {rule}.");
        return GateResult::allow("preference.closed", &why);
    }
    if preference.is_stated {
        return GateResult::deny(
            "preference.other",
            &format!("The contact said that they prefer {preferred}."),
            "The contact says otherwise, or that channel closes.",
        );
    }
    if case.purpose == Purpose::Marketing && rings(case.channel) && !rings(preference.channel) {
        return GateResult::deny(
            "preference.engaged",
            &format!("The contact answers by {preferred}."),
            "The contact answers on another channel, or that channel closes.",
        );
    }
    let why =
        format!("The contact answers by {preferred}; messages for this purpose have a channel of their own.");
    GateResult::allow("preference.by_purpose", &why)
}

/// Whether a message there makes a telephone ring.
const fn rings(channel: Channel) -> bool {
    matches!(channel, Channel::Sms | Channel::Messenger | Channel::Instagram)
}
