//! The site must have the line, and the address must be of its kind.

use super::Case;
use crate::{contact::AddressKind, policy::Policy, verdict::GateResult};

pub(super) fn judge(_: &Policy, case: &Case) -> GateResult {
    if !case.has_endpoint {
        return GateResult::deny(
            "reachability.no_endpoint",
            "The site has no line of this kind.",
            "An endpoint of this channel is added to the site.",
        );
    }
    if AddressKind::of(case.channel) == case.kind {
        GateResult::allow("reachability.known", "The address is one of this channel.")
    } else {
        GateResult::deny(
            "reachability.other_kind",
            "The address belongs to another channel.",
            "The contact gives an address of this channel.",
        )
    }
}
