//! The gates: every message passes all of them, twice: when it is decided and again when it is claimed for sending.
//!
//! A gate is one pure function from a [`Case`] under a [`Policy`] to a [`GateResult`]. All of them are asked, in the
//! order of a refusal's weight; what can never be overridden comes first. A case is data: it is stored with its verdict, so
//! that judging it again gives the same bytes.

mod bid;
mod budget;
mod consent;
mod content;
mod floor;
mod jurisdiction;
mod pause;
mod person;
mod preference;
mod quiet;
mod reachability;
mod revocation;
mod select;
mod suppression;
mod topic;
mod window;

use serde::{Deserialize, Serialize};

pub(crate) use self::jurisdiction::marketing_needs;
pub use self::select::select;
use crate::{
    calendar::quiet::Whereabouts,
    channel::Channel,
    consent::Standing,
    contact::AddressKind,
    conversation::{Floor, Spend},
    delivery::Purpose,
    id::EventId,
    policy::Policy,
    time::Timestamp,
    verdict::{Candidate, Finding, GateResult},
    wire::Speaker,
};

/// A message that wants to be sent, and all that speaks for or against it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a plain fact that one gate asks for")]
pub struct Case {
    /// The present.
    pub now: Timestamp,
    /// The line.
    pub channel: Channel,
    /// The site has such a line.
    pub has_endpoint: bool,
    /// Why it is to be sent.
    pub purpose: Purpose,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// What it is made of.
    #[serde(default)]
    pub content: Content,
    /// To whom, masked.
    pub to: String,
    /// The kind of the address.
    pub kind: AddressKind,
    /// The address is known to be somebody's.
    pub is_known: bool,
    /// The contact turned out to be another one, whose conversation goes on.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_merged: bool,
    /// The address has opted out of the channel.
    #[serde(default, skip_serializing_if = "is_false")]
    pub blocked: bool,
    /// What its ledger says for this purpose and topic.
    pub standing: Standing,
    /// Why the address must never be written to, where it must not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suppressed: Option<String>,
    /// The key of that entry of the site's list: the keyed hash of the address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suppression: Option<String>,
    /// Where the contact may be.
    pub whereabouts: Whereabouts,
    /// When the contact last did something, on any channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active_at: Option<Timestamp>,
    /// When the contact last wrote from this address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrote_at: Option<Timestamp>,
    /// In which event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrote: Option<EventId>,
    /// What was sent to the contact unasked, on all channels, as far as the policy looks back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spent: Vec<Spend>,
    /// What its sequence adds to its bid.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub priority: u8,
    /// What else is to be said to the contact unasked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rivals: Vec<Bid>,
    /// The channel the contact prefers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preference: Option<Preference>,
    /// Who may speak.
    pub floor: Floor,
    /// Who wants to.
    pub speaker: Speaker,
}

/// What a message is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// As how many text messages it is billed, where it would be one; 0 where nobody knows yet.
    pub segments: u32,
    /// It is a document, or has one with it.
    pub is_document: bool,
    /// It says how to stop.
    pub says_stop: bool,
    /// It gives the sender's postal address.
    pub gives_address: bool,
}

/// Something that is to be said to the contact unasked, and wants their attention like any other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bid {
    /// When it is due.
    pub at: Timestamp,
    /// Why it is to be said.
    pub purpose: Purpose,
    /// What its sequence adds.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub priority: u8,
    /// What about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// Who says it.
    pub of: String,
}

/// A channel the contact prefers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preference {
    /// Which.
    pub channel: Channel,
    /// They said so; else it is where they answered last.
    pub is_stated: bool,
    /// They were written to there unasked and have not answered for a while.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_unanswered: bool,
    /// The rule that closes it for this message, where one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_by: Option<String>,
}

type Gate = fn(&Policy, &Case) -> GateResult;

/// Every gate, in order.
const GATES: [Gate; 15] = [
    pause::judge,
    person::judge,
    suppression::judge,
    revocation::judge,
    consent::judge,
    jurisdiction::judge,
    floor::judge,
    window::judge,
    quiet::judge,
    budget::judge,
    bid::judge,
    preference::judge,
    reachability::judge,
    content::judge,
    topic::judge,
];

/// Every gate's result for a case.
pub fn judge(policy: &Policy, case: Case) -> Candidate {
    let gates = GATES.iter().map(|gate| gate(policy, &case)).collect();
    Candidate { case, gates }
}

/// Whether the contact has agreed to messages like this one and has not taken it back; nothing else is asked.
pub(crate) fn agrees(policy: &Policy, case: &Case) -> bool {
    let gates: [Gate; 3] = [suppression::judge, revocation::judge, consent::judge];
    gates.iter().all(|gate| gate(policy, case).finding == Finding::Allow)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if passes a reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if passes a reference")]
const fn is_zero(value: &u8) -> bool {
    *value == 0
}

#[cfg(test)]
mod properties;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
