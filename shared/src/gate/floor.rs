//! One speaker at a time: the assistant is silent while a human has the floor.

use super::Case;
use crate::{conversation::Floor, delivery::Purpose, verdict::GateResult, wire::Speaker};

pub(super) fn judge(case: &Case<'_>) -> GateResult {
    match (case.floor, case.speaker) {
        (Floor::Agent(name), Speaker::Assistant | Speaker::Sequence(_))
            if case.purpose != Purpose::OptOutReply =>
        {
            GateResult::deny("floor.taken", &format!("{name} has the floor."), "The floor is given back.")
        }
        _ => GateResult::allow("floor.free", "The speaker may speak."),
    }
}
