//! Nothing goes to an address whose owner has opted out of the channel, except the one confirmation.
//! Source: 47 CFR 64.1200(a)(10) and (12).

use super::Case;
use crate::{consent::Standing, delivery::Purpose, policy::Policy, verdict::GateResult};

pub(super) fn judge(_: &Policy, case: &Case) -> GateResult {
    let entry = match &case.standing {
        Standing::Revoked { entry } => Some(entry),
        _ => None,
    };
    if !case.blocked && entry.is_none() {
        return GateResult::allow("revocation.none", "The contact has not opted out of this.");
    }
    let result = if case.purpose == Purpose::OptOutReply {
        GateResult::allow("revocation.confirmation", "One message may confirm an opt-out.")
    } else {
        GateResult::deny(
            "revocation.opted_out",
            "The contact has opted out of this.",
            "The contact opts in again, by START or by a new consent.",
        )
    };
    entry.map_or(result.clone(), |entry| result.because_of(&entry.as_str()))
}
