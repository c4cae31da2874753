//! Nothing goes to an address whose owner has opted out of the channel, except the one confirmation.
//! Source: 47 CFR 64.1200(a)(10) and (12).

use super::Case;
use crate::{
    consent::{Standing, standing},
    delivery::Purpose,
    verdict::GateResult,
};

pub(super) fn judge(case: &Case<'_>) -> GateResult {
    let blocked = case.handle.is_some_and(|handle| handle.blocked);
    let revoked = blocked || standing(case.chain, case.channel) == Standing::Revoked;
    if !revoked {
        GateResult::allow("revocation.none", "The contact has not opted out of this channel.")
    } else if case.purpose == Purpose::OptOutReply {
        GateResult::allow("revocation.confirmation", "One message may confirm an opt-out.")
    } else {
        GateResult::deny(
            "revocation.opted_out",
            "The contact has opted out of this channel.",
            "The contact opts in again, by START or by a new consent.",
        )
    }
}
