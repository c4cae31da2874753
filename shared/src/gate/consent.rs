//! A line the contact did not write on needs their consent first, as strong as the policy asks for the purpose; an answer
//! to somebody who just wrote does not.
//! Source: 47 CFR 64.1200(a)(1) and (f)(9), CTIA Messaging Principles (conversational messages), CASL s. 10.

use super::Case;
use crate::{
    channel::Channel,
    consent::{Level, Standing},
    delivery::Purpose,
    policy::Policy,
    verdict::GateResult,
};

pub(super) fn judge(policy: &Policy, case: &Case) -> GateResult {
    if case.channel == Channel::Widget {
        return GateResult::allow("consent.on_site", "The visitor is on the site.");
    }
    if matches!(case.purpose, Purpose::Reply | Purpose::OptOutReply) {
        return GateResult::allow("consent.reply", "It answers a message from this address.");
    }
    let Some(need) = policy.need(case.channel, case.purpose) else {
        return GateResult::allow("consent.not_needed", "The policy asks for no consent to this.");
    };
    match &case.standing {
        Standing::Granted { level, entry } if *level >= need => {
            GateResult::allow("consent.granted", "The contact agreed to messages like this one.")
                .because_of(&entry.as_str())
        }
        Standing::Granted { entry, .. } => GateResult::deny(
            "consent.too_weak",
            &format!("The contact agreed, but not {}.", words(need)),
            &format!("The contact agrees {}.", words(need)),
        )
        .because_of(&entry.as_str()),
        // Marketing is about ours: what implies it is an entry of the ledger, and ends.
        _ if need == Level::Implied && case.is_known && case.purpose != Purpose::Marketing => {
            GateResult::allow(
                "consent.implied",
                "The contact gave this address, and it is about their own matter.",
            )
        }
        _ => GateResult::deny(
            "consent.missing",
            "The contact has not agreed to messages like this one.",
            "The contact gives consent on a card or form, or writes from this address.",
        ),
    }
}

const fn words(level: Level) -> &'static str {
    match level {
        Level::Implied => "even by dealing with the site",
        Level::Express => "expressly",
        Level::ExpressWritten => "in writing, under a wording that names marketing",
        Level::Confirmed => "with a confirmation from the address itself",
    }
}
