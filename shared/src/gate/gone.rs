//! Nobody writes to a contact who was erased, or who is another one by now.

use super::Case;
use crate::{policy::Policy, verdict::GateResult};

pub(super) fn judge(_: &Policy, case: &Case) -> GateResult {
    if case.is_gone {
        return GateResult::deny(
            "contact.gone",
            "The contact was erased or has become part of another.",
            "The message is planned anew for whom it is meant.",
        );
    }
    GateResult::allow("contact.here", "The contact is there.")
}
