//! The kill switch: while a site is paused, nothing automated leaves it.

use super::Case;
use crate::{delivery::Purpose, policy::Policy, verdict::GateResult, wire::Speaker};

pub(super) fn judge(policy: &Policy, case: &Case) -> GateResult {
    let automated = !matches!(case.speaker, Speaker::Agent(_)) && case.purpose != Purpose::OptOutReply;
    if policy.paused && automated {
        return GateResult::deny(
            "pause.on",
            "The site has stopped everything automated.",
            "The site's policy.paused is switched off.",
        );
    }
    GateResult::allow("pause.off", "The site is not paused.")
}
