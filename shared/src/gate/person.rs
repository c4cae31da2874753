//! Whom a message is for must still be there: nobody writes to a person whose data was erased, nor unasked to one who
//! turned out to be somebody else: what waits goes on in the conversation that goes on.
//! Source: GDPR Art. 17.

use super::Case;
use crate::{decide::ERASED, policy::Policy, verdict::GateResult};

pub(super) fn judge(_: &Policy, case: &Case) -> GateResult {
    // Whoever has written from the address since is somebody new to us; what may be sent to them unasked, their new consents
    // say.
    if case.suppressed.as_deref() == Some(ERASED) && case.wrote_at.is_none() {
        return GateResult::deny(
            "person.erased",
            "What was known of this person was erased at their request.",
            "They write again from this address.",
        )
        .because_of_all(case.suppression.iter());
    }
    if case.is_merged {
        return GateResult::deny(
            "person.merged",
            "This person turned out to be another contact, whose conversation goes on.",
            "It is said in that conversation.",
        );
    }
    GateResult::allow("person.there", "The contact is there.")
}
