//! What a message is made of must fit its channel, and an unasked one must say what the law wants said.
//! Sources: 16 CFR 316.5(a)(3) (postal address), CTIA Messaging Principles 5.1 (opt-out instructions).

use super::Case;
use crate::{channel::Channel, delivery::Purpose, policy::Policy, verdict::GateResult};

pub(super) fn judge(policy: &Policy, case: &Case) -> GateResult {
    if !case.purpose.is_unasked() {
        return GateResult::allow("content.answer", "An answer may be as long as it is.");
    }
    match case.channel {
        Channel::Sms if case.content.is_document => GateResult::deny(
            "content.document",
            "A document does not go by text message.",
            "It goes by email, or as a link.",
        ),
        Channel::Sms if case.content.segments > policy.max_segments => GateResult::deny(
            "content.too_long",
            &format!(
                "It would be {} text messages, and {} are allowed.",
                case.content.segments, policy.max_segments
            ),
            "It is made shorter, or policy.max_segments is raised.",
        ),
        Channel::Sms if case.purpose == Purpose::Marketing && !case.content.says_stop => GateResult::deny(
            "content.no_stop",
            "A marketing text must say how to stop.",
            "It ends with the words about STOP.",
        ),
        Channel::Email if case.purpose == Purpose::Marketing && !case.content.gives_address => {
            GateResult::deny(
                "content.no_address",
                "Marketing mail must give the sender's postal address.",
                "The site's address is filled in, and stands in the mail.",
            )
        }
        _ => GateResult::allow("content.fits", "It fits the channel."),
    }
}
