//! Verdicts: why a message was sent, or held back.

use serde::{Deserialize, Serialize};

use crate::{
    channel::Channel,
    id::{ConversationId, VerdictId},
};

/// Names the rules a verdict was reached under; changes whenever a gate's meaning does.
pub const POLICY: &str = "2026-11-1";

/// What a gate says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// Nothing against it.
    Allow,
    /// Not at all.
    Deny,
}

/// One gate's result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateResult {
    /// The rule, stable: `consent.granted`, `revocation.opted_out`.
    pub rule: String,
    /// What it says.
    pub finding: Finding,
    /// One sentence: why.
    pub why: String,
    /// One sentence: what would have to change. Empty where it allows.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub change: String,
}

impl GateResult {
    /// A gate that allows.
    pub fn allow(rule: &str, why: &str) -> Self {
        Self { rule: rule.into(), finding: Finding::Allow, why: why.into(), change: String::new() }
    }

    /// A gate that denies, and what would have to change.
    pub fn deny(rule: &str, why: &str, change: &str) -> Self {
        Self { rule: rule.into(), finding: Finding::Deny, why: why.into(), change: change.into() }
    }
}

/// What was judged, and every gate's result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// The rules in force.
    pub policy: String,
    /// The line it was to go out on.
    pub channel: Channel,
    /// Why it was to be sent.
    pub purpose: String,
    /// To whom, masked.
    pub to: String,
    /// Every gate, in order.
    pub gates: Vec<GateResult>,
}

impl Detail {
    /// The first rule that denies.
    pub fn denied_by(&self) -> Option<&GateResult> {
        self.gates.iter().find(|gate| gate.finding == Finding::Deny)
    }

    /// `allow`, or the rule that denies.
    pub fn outcome(&self) -> &str {
        self.denied_by().map_or("allow", |gate| &gate.rule)
    }
}

/// A verdict as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Its id.
    pub id: VerdictId,
    /// The conversation it was judged in.
    pub conversation: ConversationId,
    /// The event it let through; none where the message was held back.
    pub seq: Option<u32>,
    /// What was judged.
    pub detail: Detail,
}
