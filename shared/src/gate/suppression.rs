//! Never write to an address that bounced for good, complained, or is blocked at the carrier.

use super::Case;
use crate::{decide::ERASED, policy::Policy, verdict::GateResult};

pub(super) fn judge(_: &Policy, case: &Case) -> GateResult {
    // Of an erased address, whether somebody has written from it since decides.
    let result = match case.suppressed.as_ref().filter(|reason| *reason != ERASED) {
        None => {
            return GateResult::allow("suppression.none", "The address is on no suppression list.");
        }
        Some(reason) => GateResult::deny(
            "suppression.listed",
            &format!("The address is suppressed: {reason}."),
            "The contact gives a new consent, or another address.",
        ),
    };
    result.because_of_all(case.suppression.iter())
}
