//! Verdicts: why a message was sent, put off or held back, with everything that was looked at.
//!
//! A verdict holds its inputs ([`Case`]), so judging them again under the same policy gives the same bytes.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    channel::Channel,
    delivery::Purpose,
    gate::Case,
    id::{ConversationId, VerdictId},
    time::Timestamp,
};

/// Names the rules of the gates themselves; changes whenever a gate's meaning does.
pub const POLICY: &str = "2026-11-5";

/// What a gate says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// Nothing against it.
    Allow,
    /// Not yet.
    Defer {
        /// Not before then.
        until: Timestamp,
    },
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
    /// The ids of what it rests on: entries of the ledger, events, a suppression's key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
}

impl GateResult {
    fn new(rule: &str, finding: Finding, why: &str, change: &str) -> Self {
        let (rule, why, change) = (rule.into(), why.into(), change.into());
        Self { rule, finding, why, change, evidence: Vec::new() }
    }

    /// A gate that allows.
    pub fn allow(rule: &str, why: &str) -> Self {
        Self::new(rule, Finding::Allow, why, "")
    }

    /// A gate that puts off, and what would have to change.
    pub fn defer(rule: &str, until: Timestamp, why: &str, change: &str) -> Self {
        Self::new(rule, Finding::Defer { until }, why, change)
    }

    /// A gate that denies, and what would have to change.
    pub fn deny(rule: &str, why: &str, change: &str) -> Self {
        Self::new(rule, Finding::Deny, why, change)
    }

    /// The same, resting on an id.
    #[must_use]
    pub fn because_of(mut self, id: &impl AsRef<str>) -> Self {
        self.evidence.push(id.as_ref().to_owned());
        self
    }

    /// The same, resting on several.
    #[must_use]
    pub fn because_of_all<T: AsRef<str>>(mut self, ids: impl IntoIterator<Item = T>) -> Self {
        self.evidence.extend(ids.into_iter().map(|id| id.as_ref().to_owned()));
        self
    }
}

/// What becomes of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// It may not be sent, by this rule.
    Denied(String),
    /// It may be sent from then on; the rule that puts it off the longest.
    Deferred(String, Timestamp),
}

impl Held {
    /// The rule that holds it.
    pub fn rule(&self) -> &str {
        match self {
            Self::Denied(rule) | Self::Deferred(rule, _) => rule,
        }
    }
}

/// A way the message could have gone, and every gate's result for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// What was judged.
    pub case: Case,
    /// Every gate, in order.
    pub gates: Vec<GateResult>,
}

impl Candidate {
    /// The first rule that denies, else the one that puts off the longest.
    pub fn against(&self) -> Option<&GateResult> {
        let until = |gate: &&GateResult| match gate.finding {
            Finding::Defer { until } => Some(until),
            _ => None,
        };
        let denied = self.gates.iter().find(|gate| gate.finding == Finding::Deny);
        denied.or_else(|| self.gates.iter().filter(|gate| until(gate).is_some()).max_by_key(until))
    }

    /// Why it may not go now; nothing where it may.
    pub fn held(&self) -> Option<Held> {
        let gate = self.against()?;
        Some(match gate.finding {
            Finding::Defer { until } => Held::Deferred(gate.rule.clone(), until),
            _ => Held::Denied(gate.rule.clone()),
        })
    }
}

/// What was judged, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// The policy in force: [`crate::policy::Policy::version`].
    pub policy: String,
    /// What of that policy is not as by default, by field: a verdict can be judged again by itself, whatever the site's policy
    /// has become since.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub rules: Map<String, Value>,
    /// Why it was to be sent.
    pub purpose: Purpose,
    /// Every way it could have gone, the best first.
    pub candidates: Vec<Candidate>,
    /// Ways it must not go by and that the contact may prefer all the same: they close a preference or leave it open.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aside: Vec<Case>,
    /// The place of the one it goes; none where it is held back.
    pub winner: Option<usize>,
    /// One sentence: why this way, or why not.
    pub why: String,
    /// One sentence: what would have to change. Empty where it goes.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub change: String,
}

impl Detail {
    /// The candidate that matters: the winner, else the best of those that lost.
    pub fn decisive(&self) -> Option<&Candidate> {
        self.candidates.get(self.winner.unwrap_or(0))
    }

    /// Every gate of the candidate that matters.
    pub fn gates(&self) -> &[GateResult] {
        self.decisive().map_or(&[], |candidate| &candidate.gates)
    }

    /// The channel of the candidate that matters.
    pub fn channel(&self) -> Option<Channel> {
        self.decisive().map(|candidate| candidate.case.channel)
    }

    /// What holds it back.
    pub fn against(&self) -> Option<&GateResult> {
        if self.winner.is_some() { None } else { self.decisive().and_then(Candidate::against) }
    }

    /// Why it may not go now; nothing where it may.
    pub fn held(&self) -> Option<Held> {
        if self.winner.is_some() {
            return None;
        }
        let held = self.decisive().and_then(Candidate::held);
        Some(held.unwrap_or_else(|| Held::Denied("reachability.none".into())))
    }

    /// `allow`, or the rule that puts it off or denies it.
    pub fn outcome(&self) -> &str {
        match (self.winner, self.against()) {
            (Some(_), _) => "allow",
            (None, Some(gate)) => &gate.rule,
            (None, None) => "reachability.none",
        }
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
