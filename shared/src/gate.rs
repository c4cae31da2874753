//! The gates: every message passes all of them, twice: when it is decided and again when it is claimed for sending.
//!
//! A gate is one pure function from a [`Case`] to a [`GateResult`]. The order is that of a refusal's weight: what can
//! never be overridden comes first.

mod consent;
mod floor;
mod reachability;
mod revocation;
mod suppression;

use crate::{
    channel::Channel,
    consent::ConsentEntry,
    contact::{Address, Handle},
    conversation::Floor,
    delivery::Purpose,
    identity,
    verdict::{Detail, GateResult, POLICY},
    wire::Speaker,
};

/// A message that wants to be sent, and all that speaks for or against it.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The line.
    pub channel: Channel,
    /// The site has such a line.
    pub has_endpoint: bool,
    /// Why it is to be sent.
    pub purpose: Purpose,
    /// To whom.
    pub to: &'a Address,
    /// The address as a handle, where it is known.
    pub handle: Option<&'a Handle>,
    /// The address's consents, oldest first.
    pub chain: &'a [ConsentEntry],
    /// Why the address must never be written to, where it must not.
    pub suppressed: Option<&'a str>,
    /// Who may speak.
    pub floor: &'a Floor,
    /// Who wants to.
    pub speaker: &'a Speaker,
}

/// Every gate's result for a case.
pub fn judge(case: Case<'_>) -> Detail {
    let gates: [fn(&Case<'_>) -> GateResult; 5] =
        [suppression::judge, revocation::judge, consent::judge, floor::judge, reachability::judge];
    Detail {
        policy: POLICY.to_owned(),
        channel: case.channel,
        purpose: case.purpose.as_str().to_owned(),
        to: identity::mask(case.to),
        gates: gates.iter().map(|gate| gate(&case)).collect(),
    }
}
