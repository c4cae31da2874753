//! Replay: a contact's log of verdicts, judged again. Under the policy it was reached under every verdict comes out as it
//! was, byte for byte, also where the site's policy has changed since: a verdict keeps what makes its own. Under another one it
//! shows which messages would appear, vanish, move or change channel.
//!
//! A verdict holds everything its gates looked at, so nothing else is needed, and each is judged by itself: what would have
//! followed from a message that was never sent is not imagined.

use serde::{Deserialize, Serialize};

use crate::{
    channel::Channel,
    decide::alone,
    error::ParseError,
    gate::{judge, select},
    id::{ContactId, ConversationId, SiteId, VerdictId},
    policy::Policy,
    time::Timestamp,
    verdict::{Candidate, Detail, Finding, Held},
};

/// The format of [`Log`]; another shape gets another name.
pub const FORMAT: &str = "throughline.log.v1";

/// A contact's log: what was sent, put off and held back, and why. Oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Log {
    /// [`FORMAT`].
    pub format: String,
    /// Whose contact.
    pub site: SiteId,
    /// The contact.
    pub contact: ContactId,
    /// When it was handed out.
    pub at: Timestamp,
    /// The site's policy then.
    pub policy: Policy,
    /// Every verdict.
    pub verdicts: Vec<Entry>,
}

/// A verdict in a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its id.
    pub id: VerdictId,
    /// When it was reached.
    pub at: Timestamp,
    /// The conversation.
    pub conversation: ConversationId,
    /// The event it is about; none where the message was held back before it stood on the timeline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<u32>,
    /// What was judged, and what came of it.
    pub detail: Detail,
}

/// What became of a verdict that was judged again under its own policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replayed {
    /// The same bytes.
    Same,
    /// Other bytes: the log was altered, or the gates have changed without saying so.
    Differs,
    /// It was reached under a policy that neither it nor the log holds: an earlier version's.
    OtherPolicy,
    /// A limit outside the gates held the message back; no gate was asked.
    OutsideTheGates,
}

/// What another policy changes about a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was held back, and would be sent by this channel, not before then; `None` is at once.
    Appears(Channel, Option<Timestamp>),
    /// It was sent or put off, and would be held back, by this rule.
    Vanishes(String),
    /// It would be sent at the second time instead of the first; `None` is at once.
    Moves(Option<Timestamp>, Option<Timestamp>),
    /// It would go by the second channel instead of the first.
    ChangesChannel(Channel, Channel),
}

/// Reads a log. Fails with `malformed_log` where it is none.
pub fn read(text: &str) -> Result<Log, ParseError> {
    let malformed = |text: String| ParseError::new("malformed_log", text);
    let log: Log =
        serde_json::from_str(text).map_err(|error| malformed(format!("This is no log: {error}.")))?;
    if log.format != FORMAT {
        let text = format!("`format` is `{}`; this version reads `{FORMAT}`.", log.format);
        return Err(malformed(text));
    }
    if let Some(trouble) = log.policy.trouble() {
        return Err(malformed(trouble));
    }
    Ok(log)
}

/// Judges a verdict of a log again.
pub fn replay(log: &Log, entry: &Entry) -> Replayed {
    let detail = &entry.detail;
    if let Some(limit) = outside(detail) {
        let again = alone(&log.policy, detail.purpose, limit.clone());
        let again = Detail { policy: detail.policy.clone(), rules: detail.rules.clone(), ..again };
        return if again == *detail { Replayed::OutsideTheGates } else { Replayed::Differs };
    }
    let Some(policy) = policy_of(log, detail) else { return Replayed::OtherPolicy };
    let bytes = |detail: &Detail| serde_json::to_string(detail).unwrap_or_default();
    // Verdicts of before December 2026 keep nothing of their policy.
    let again = Detail { rules: detail.rules.clone(), ..judge_again(&policy, detail) };
    if bytes(&again) == bytes(detail) { Replayed::Same } else { Replayed::Differs }
}

/// The policy a verdict was reached under: its own fields make it, or the log has it.
fn policy_of(log: &Log, detail: &Detail) -> Option<Policy> {
    let own = Policy::of(&detail.policy, &detail.rules);
    own.or_else(|| {
        let is_the_logs = detail.rules.is_empty() && log.policy.version() == detail.policy;
        is_the_logs.then(|| log.policy.clone())
    })
}

/// What a policy would have changed about the message of a verdict; nothing where it stays as it was. What would go by
/// another channel at another time is told of by two changes.
pub fn compare(policy: &Policy, entry: &Entry) -> Vec<Change> {
    if outside(&entry.detail).is_some() {
        return Vec::new();
    }
    changed(fate(&entry.detail), fate(&judge_again(policy, &entry.detail)))
}

/// What a policy would change about the message of a verdict, seen against what another policy makes of it: the same
/// whatever the policy was under which the verdict was reached.
pub fn between(from: &Policy, to: &Policy, detail: &Detail) -> Vec<Change> {
    if outside(detail).is_some() {
        return Vec::new();
    }
    changed(fate(&judge_again(from, detail)), fate(&judge_again(to, detail)))
}

type Fate = Result<(Channel, Option<Timestamp>), String>;

fn changed(was: Fate, is: Fate) -> Vec<Change> {
    match (was, is) {
        (Err(_), Err(_)) => Vec::new(),
        (Err(_), Ok((channel, at))) => vec![Change::Appears(channel, at)],
        (Ok(_), Err(rule)) => vec![Change::Vanishes(rule)],
        (Ok((from, was)), Ok((to, is))) => {
            let channel = (from != to).then_some(Change::ChangesChannel(from, to));
            let time = (was != is).then_some(Change::Moves(was, is));
            channel.into_iter().chain(time).collect()
        }
    }
}

/// By which channel a message goes and not before when, `None` at once; else the rule that holds it back.
fn fate(detail: &Detail) -> Fate {
    let at = match detail.held() {
        None => None,
        Some(Held::Deferred(_, until)) => Some(until),
        Some(Held::Denied(rule)) => return Err(rule),
    };
    detail.channel().map(|channel| (channel, at)).ok_or_else(|| "reachability.none".to_owned())
}

/// The limit outside the gates that spoke alone, where one did: one way, with its refusal and no gate's result.
fn outside(detail: &Detail) -> Option<&Candidate> {
    let [candidate] = detail.candidates.as_slice() else { return None };
    let [rule] = candidate.gates.as_slice() else { return None };
    (rule.finding == Finding::Deny && rule.rule.starts_with("limit.")).then_some(candidate)
}

fn judge_again(policy: &Policy, detail: &Detail) -> Detail {
    let mut cases = detail.candidates.iter().map(|candidate| candidate.case.clone());
    // What answers goes where the question came from; what nobody asked for had all its ways to choose from.
    if !detail.purpose.is_unasked()
        && let Some(case) = cases.next()
    {
        return alone(policy, detail.purpose, judge(policy, case));
    }
    let cases: Vec<_> = cases.collect();
    // A browser is a way only while somebody is there.
    let is_present = cases.iter().any(|case| case.channel == Channel::Widget);
    let mut again = select(policy, cases, &detail.aside, is_present).0;
    again.purpose = detail.purpose;
    again
}

#[cfg(test)]
mod tests;
