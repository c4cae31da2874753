//! One speaker at a time: while a human has the floor the assistant is silent, and what a sequence has to say waits. What is
//! only told as a fact, such as that an appointment is booked, is told all the same.

use super::Case;
use crate::{
    conversation::Floor, delivery::Purpose, policy::Policy, time::HOUR_MS, verdict::GateResult, wire::Speaker,
};

pub(super) fn judge(policy: &Policy, case: &Case) -> GateResult {
    let Floor::Agent { name, at } = &case.floor else {
        return GateResult::allow("floor.free", "The speaker may speak.");
    };
    let until = at.plus_ms(i64::from(policy.floor_lapses_h) * HOUR_MS);
    let (why, change) = (format!("{name} has the floor."), "The floor is given back.");
    match (&case.speaker, case.purpose) {
        _ if until <= case.now => {
            GateResult::allow("floor.lapsed", "Nobody has spoken from the floor for a while.")
        }
        (_, Purpose::OptOutReply | Purpose::Transactional) => {
            GateResult::allow("floor.fact", "It states a fact, whoever has the floor.")
        }
        (Speaker::Assistant, _) => GateResult::deny("floor.taken", &why, change),
        (Speaker::Sequence(_), _) => GateResult::defer("floor.taken", until, &why, change),
        _ => GateResult::allow("floor.free", "The speaker may speak."),
    }
}
