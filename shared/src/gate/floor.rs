//! One speaker at a time: the assistant and every sequence are silent while a human has the floor.

use super::Case;
use crate::{conversation::Floor, delivery::Purpose, policy::Policy, verdict::GateResult, wire::Speaker};

pub(super) fn judge(_: &Policy, case: &Case) -> GateResult {
    match (&case.floor, &case.speaker) {
        (Floor::Agent(name), Speaker::Assistant | Speaker::Sequence(_))
            if case.purpose != Purpose::OptOutReply =>
        {
            GateResult::deny("floor.taken", &format!("{name} has the floor."), "The floor is given back.")
        }
        _ => GateResult::allow("floor.free", "The speaker may speak."),
    }
}
