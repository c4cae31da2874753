//! Replay: a contact's log of verdicts, judged again. Under the policy it was written under every verdict comes out as it
//! was, byte for byte; under another one it shows which messages would appear, vanish, move or change channel.
//!
//! A verdict holds everything its gates looked at, so nothing else is needed, and each is judged by itself: what would have
//! followed from a message that was never sent is not imagined.

use serde::{Deserialize, Serialize};

use crate::{
    channel::Channel,
    decide::alone,
    error::ParseError,
    gate::{GATE_COUNT, judge, select},
    id::{ContactId, ConversationId, SiteId, VerdictId},
    policy::Policy,
    time::Timestamp,
    verdict::{Detail, Held},
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

/// What became of a verdict that was judged again under the policy of its log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replayed {
    /// The same bytes.
    Same,
    /// Other bytes: the log was altered, or the gates have changed without saying so.
    Differs,
    /// It was reached under another policy than the log's.
    OtherPolicy,
    /// A limit outside the gates held the message back; no gate was asked.
    OutsideTheGates,
}

/// What another policy changes about a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing.
    None,
    /// It was held back, and would be sent.
    Appears(Channel),
    /// It was sent or put off, and would be held back, by this rule.
    Vanishes(String),
    /// It would be sent at another time; `None` is at once.
    Moves(Option<Timestamp>, Option<Timestamp>),
    /// It would go by the second channel.
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
    if is_outside(&entry.detail) {
        return Replayed::OutsideTheGates;
    }
    if entry.detail.policy != log.policy.version() {
        return Replayed::OtherPolicy;
    }
    let bytes = |detail: &Detail| serde_json::to_string(detail).unwrap_or_default();
    if bytes(&judge_again(&log.policy, &entry.detail)) == bytes(&entry.detail) {
        Replayed::Same
    } else {
        Replayed::Differs
    }
}

/// What a policy would have changed about the message of a verdict.
pub fn compare(policy: &Policy, entry: &Entry) -> Change {
    if is_outside(&entry.detail) {
        return Change::None;
    }
    let (was, is) = (&entry.detail, judge_again(policy, &entry.detail));
    match (was.held(), is.held()) {
        (None, None) => match (was.channel(), is.channel()) {
            (Some(from), Some(to)) if from != to => Change::ChangesChannel(from, to),
            _ => Change::None,
        },
        (Some(Held::Denied(_)), None | Some(Held::Deferred(..))) => {
            is.channel().map_or(Change::None, Change::Appears)
        }
        (Some(Held::Denied(_)), Some(Held::Denied(_))) => Change::None,
        (_, Some(Held::Denied(rule))) => Change::Vanishes(rule),
        (was, is) => {
            let until = |held: Option<Held>| match held {
                Some(Held::Deferred(_, until)) => Some(until),
                _ => None,
            };
            let (from, to) = (until(was), until(is));
            if from == to { Change::None } else { Change::Moves(from, to) }
        }
    }
}

/// Whether a limit outside the gates spoke alone.
fn is_outside(detail: &Detail) -> bool {
    detail.candidates.iter().any(|candidate| candidate.gates.len() != GATE_COUNT)
}

/// The verdict on the same cases.
fn judge_again(policy: &Policy, detail: &Detail) -> Detail {
    let mut cases = detail.candidates.iter().map(|candidate| candidate.case.clone());
    // What answers goes where the question came from; what nobody asked for had all its ways to choose from.
    if !detail.purpose.is_unasked()
        && let Some(case) = cases.next()
    {
        return alone(policy.version(), detail.purpose, judge(policy, case));
    }
    let cases: Vec<_> = cases.collect();
    // A browser is a way only while somebody is there.
    let is_present = cases.iter().any(|case| case.channel == Channel::Widget);
    let mut again = select(policy, cases, is_present).0;
    again.purpose = detail.purpose;
    again
}
