//! Never write to an address that bounced for good, complained, or is blocked at the carrier.

use super::Case;
use crate::{policy::Policy, verdict::GateResult};

pub(super) fn judge(_: &Policy, case: &Case) -> GateResult {
    match &case.suppressed {
        None => GateResult::allow("suppression.none", "The address is on no suppression list."),
        Some(reason) => GateResult::deny(
            "suppression.listed",
            &format!("The address is suppressed: {reason}."),
            "The contact gives a new consent, or another address.",
        ),
    }
}
