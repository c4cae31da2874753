//! A line the contact did not write on needs their consent first; an answer to somebody who just wrote does not.
//! Source: 47 CFR 64.1200(a)(1) (prior express consent), CTIA Messaging Principles (conversational messages).

use super::Case;
use crate::{
    channel::Channel,
    consent::{Standing, standing},
    delivery::Purpose,
    verdict::GateResult,
};

pub(super) fn judge(case: &Case<'_>) -> GateResult {
    if case.channel == Channel::Widget {
        return GateResult::allow("consent.on_site", "The visitor is on the site.");
    }
    match (case.purpose, standing(case.chain, case.channel)) {
        (Purpose::Reply | Purpose::OptOutReply, _) => {
            GateResult::allow("consent.reply", "It answers a message from this address.")
        }
        (Purpose::Move, Standing::Granted) => {
            GateResult::allow("consent.granted", "The contact agreed to messages on this channel.")
        }
        (Purpose::Move, _) => GateResult::deny(
            "consent.missing",
            "The contact has not agreed to messages on this channel.",
            "The contact gives consent on the card, or writes from this address.",
        ),
    }
}
