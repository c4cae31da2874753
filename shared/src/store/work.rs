//! The list of conversations: its views, each an index of its own, and the cards of what is on a page.
//!
//! A page costs what it returns: its places are read from the view's index alone, then each conversation's card by its keys.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Answer, DbError, Stmt, decode_json, encode_json, statements, stmt};
use crate::{
    id::{ContactId, ConversationId, SiteId},
    time::Timestamp,
    work::{Progress, Rounds},
};

statements! {
    /// Conversations at one stage, the most recently moved first.
    AT_STAGE = "SELECT id, updated_at_ms AS key_ms FROM conversations INDEXED BY conversations_recent
        WHERE site_id = ?1 AND progress = ?2 AND (updated_at_ms, id) < (?3, ?4)
        ORDER BY updated_at_ms DESC, id DESC LIMIT ?5";
    /// Open conversations of a member, the most recently moved first.
    ASSIGNED = "SELECT id, updated_at_ms AS key_ms FROM conversations INDEXED BY conversations_assigned
        WHERE site_id = ?1 AND assigned = ?2 AND assigned IS NOT NULL AND progress = 'open'
          AND (updated_at_ms, id) < (?3, ?4)
        ORDER BY updated_at_ms DESC, id DESC LIMIT ?5";
    /// Open conversations whose contact waits for a person, who waits longest first.
    WAITING = "SELECT id, waits_since_ms AS key_ms FROM conversations INDEXED BY conversations_waiting
        WHERE site_id = ?1 AND waits_since_ms IS NOT NULL AND progress = 'open' AND (waits_since_ms, id) > (?2, ?3)
        ORDER BY waits_since_ms, id LIMIT ?4";
    /// The same of those that are nobody's.
    UNASSIGNED = "SELECT id, waits_since_ms AS key_ms FROM conversations INDEXED BY conversations_unassigned
        WHERE site_id = ?1 AND waits_since_ms IS NOT NULL AND assigned IS NULL AND progress = 'open'
          AND (waits_since_ms, id) > (?2, ?3)
        ORDER BY waits_since_ms, id LIMIT ?4";
    /// Those in which something is promised, the next to be kept first.
    PROMISED = "SELECT id, promised_by_ms AS key_ms FROM conversations INDEXED BY conversations_promises
        WHERE site_id = ?1 AND promised_by_ms IS NOT NULL AND progress <> 'joined' AND (promised_by_ms, id) > (?2, ?3)
        ORDER BY promised_by_ms, id LIMIT ?4";
    /// Those in which something was not delivered, the latest first.
    NOT_DELIVERED = "SELECT id, not_delivered_at_ms AS key_ms FROM conversations INDEXED BY conversations_not_delivered
        WHERE site_id = ?1 AND not_delivered_at_ms IS NOT NULL AND progress <> 'joined'
          AND (not_delivered_at_ms, id) < (?2, ?3)
        ORDER BY not_delivered_at_ms DESC, id DESC LIMIT ?4";
    /// How many there are in five of the views, each counted up to a limit.
    COUNTS = "SELECT
          (SELECT COUNT(*) FROM (SELECT 1 FROM conversations INDEXED BY conversations_assigned
            WHERE site_id = ?1 AND assigned = ?2 AND assigned IS NOT NULL AND progress = 'open' LIMIT ?3)) AS mine,
          (SELECT COUNT(*) FROM (SELECT 1 FROM conversations INDEXED BY conversations_unassigned
            WHERE site_id = ?1 AND waits_since_ms IS NOT NULL AND assigned IS NULL AND progress = 'open' LIMIT ?3))
            AS unassigned,
          (SELECT COUNT(*) FROM (SELECT 1 FROM conversations INDEXED BY conversations_waiting
            WHERE site_id = ?1 AND waits_since_ms IS NOT NULL AND progress = 'open' LIMIT ?3)) AS waiting,
          (SELECT COUNT(*) FROM (SELECT 1 FROM conversations INDEXED BY conversations_promises
            WHERE site_id = ?1 AND promised_by_ms IS NOT NULL AND progress <> 'joined' LIMIT ?3)) AS promised,
          (SELECT COUNT(*) FROM (SELECT 1 FROM conversations INDEXED BY conversations_not_delivered
            WHERE site_id = ?1 AND not_delivered_at_ms IS NOT NULL AND progress <> 'joined' LIMIT ?3))
            AS not_delivered";
    /// The cards of some conversations, a JSON list of ids, in its order.
    CARDS = "SELECT v.id AS conversation_id, v.contact_id, v.floor, v.assigned, v.progress, v.snoozed_until_ms,
          v.waits_since_ms, v.promised_by_ms, v.not_delivered_at_ms, v.updated_at_ms,
          c.name, e.channel, e.speaker, e.body, e.at_ms,
          (SELECT h.address FROM handles h INDEXED BY handles_by_contact
            WHERE h.site_id = v.site_id AND h.kind <> 'visitor' AND h.contact_id IN (
              SELECT v.contact_id UNION ALL
              SELECT m.id FROM contacts m WHERE m.site_id = v.site_id AND m.merged_into = v.contact_id)
            ORDER BY h.assurance DESC, h.created_at_ms, h.address_key LIMIT 1) AS address,
          (SELECT json_group_array(tag) FROM (SELECT DISTINCT t.tag FROM tags t
            WHERE t.site_id = v.site_id AND t.contact_id IN (
              SELECT v.contact_id UNION ALL
              SELECT m.id FROM contacts m WHERE m.site_id = v.site_id AND m.merged_into = v.contact_id)
            ORDER BY t.tag)) AS tags
        FROM json_each(?2) j
        CROSS JOIN conversations v ON v.id = j.value AND v.site_id = ?1
        CROSS JOIN contacts c ON c.site_id = v.site_id AND c.id = v.contact_id
        LEFT JOIN events e ON e.conversation_id = v.id AND e.seq = COALESCE(v.said_seq, v.last_seq)
          AND e.site_id = v.site_id
        ORDER BY j.key";
    /// What could not be delivered is dealt with.
    DEAL_WITH = "UPDATE conversations SET not_delivered = NULL, not_delivered_at_ms = NULL
        WHERE id = ?2 AND site_id = ?1 AND not_delivered IS NOT NULL";
    /// What was put off and is to be looked at, over all sites: the healer's list.
    AWAKE = "SELECT site_id, id FROM conversations INDEXED BY conversations_snoozed
        WHERE progress = 'snoozed' AND snoozed_until_ms <= ?1 ORDER BY snoozed_until_ms LIMIT ?2";
    /// Who was given a conversation by turn, and how many open ones each of the members named has, up to a limit.
    ROUNDS = "SELECT m.value AS name,
          (SELECT COUNT(*) FROM (SELECT 1 FROM conversations v INDEXED BY conversations_assigned
            WHERE v.site_id = ?1 AND v.assigned = m.value AND v.assigned IS NOT NULL AND v.progress = 'open'
            LIMIT ?3)) AS open,
          (SELECT r.version FROM rounds r WHERE r.site_id = ?1) AS version,
          (SELECT r.given FROM rounds r WHERE r.site_id = ?1) AS given
        FROM json_each(?2) m";
    /// Notes that a turn was given; a conflict where another was since this was read.
    PUT_ROUNDS = "INSERT INTO rounds (site_id, version, given) VALUES (?1, ?2, ?3)
        ON CONFLICT (site_id) DO UPDATE SET version = excluded.version, given = excluded.given";
}

/// The stored word of a stage.
pub(crate) const fn progress_word(progress: Progress) -> &'static str {
    match progress {
        Progress::Open => "open",
        Progress::Snoozed { .. } => "snoozed",
        Progress::Resolved => "resolved",
    }
}

/// When what is put off is looked at again.
pub(crate) const fn snoozed_until(progress: Progress) -> Option<Timestamp> {
    match progress {
        Progress::Snoozed { until } => Some(until),
        Progress::Open | Progress::Resolved => None,
    }
}

/// The stage of a stored word; a conversation that is joined to another is looked at there.
pub(crate) fn progress(word: &str, until_ms: Option<i64>) -> Progress {
    match (word, until_ms) {
        ("snoozed", Some(until)) => Progress::Snoozed { until: Timestamp::from_ms(until) },
        ("resolved", _) => Progress::Resolved,
        _ => Progress::Open,
    }
}

/// A place in a view: what it is ordered by, and the conversation.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Place {
    /// The conversation.
    pub id: ConversationId,
    /// The time the view is ordered by.
    pub key_ms: i64,
}

/// Where a page begins, in the order of its view.
#[derive(Clone, Copy, Debug)]
pub struct After<'a> {
    /// The time of the place before.
    pub key_ms: i64,
    /// Its conversation.
    pub id: &'a str,
}

impl After<'_> {
    /// Before everything, where the greatest comes first.
    pub const NEWEST: Self = Self { key_ms: 9_007_199_254_740_991, id: "~" };
    /// Before everything, where the least comes first.
    pub const OLDEST: Self = Self { key_ms: -1, id: "" };
}

/// A page of the conversations at a stage; answers with [`Place`], as all pages do.
pub fn at_stage(site: &SiteId, progress: &str, after: After<'_>, limit: u32) -> Stmt {
    stmt!(AT_STAGE, site.as_str(), progress, after.key_ms, after.id, limit)
}

/// A page of a member's.
pub fn assigned(site: &SiteId, name: &str, after: After<'_>, limit: u32) -> Stmt {
    stmt!(ASSIGNED, site.as_str(), name, after.key_ms, after.id, limit)
}

/// A page of those who wait for a person.
pub fn waiting(site: &SiteId, after: After<'_>, limit: u32) -> Stmt {
    stmt!(WAITING, site.as_str(), after.key_ms, after.id, limit)
}

/// A page of those who wait and are nobody's.
pub fn unassigned(site: &SiteId, after: After<'_>, limit: u32) -> Stmt {
    stmt!(UNASSIGNED, site.as_str(), after.key_ms, after.id, limit)
}

/// A page of those that something is promised to.
pub fn promised(site: &SiteId, after: After<'_>, limit: u32) -> Stmt {
    stmt!(PROMISED, site.as_str(), after.key_ms, after.id, limit)
}

/// A page of those in which something was not delivered.
pub fn not_delivered(site: &SiteId, after: After<'_>, limit: u32) -> Stmt {
    stmt!(NOT_DELIVERED, site.as_str(), after.key_ms, after.id, limit)
}

/// Asks how many there are in each view; answers with [`crate::api::list::Counts`].
pub fn counts(site: &SiteId, me: &str, limit: u32) -> Stmt {
    stmt!(COUNTS, site.as_str(), me, limit)
}

/// A card as it is stored.
#[derive(Clone, Debug, Deserialize)]
pub struct CardRow {
    /// The conversation.
    pub conversation_id: ConversationId,
    /// Whose.
    pub contact_id: ContactId,
    /// Who has the floor, as JSON.
    pub floor: String,
    /// Whose work it is.
    pub assigned: Option<String>,
    /// The stage's word.
    pub progress: String,
    /// Until when it is put off.
    pub snoozed_until_ms: Option<i64>,
    /// Since when its contact waits.
    pub waits_since_ms: Option<i64>,
    /// By when something is promised.
    pub promised_by_ms: Option<i64>,
    /// When something was not delivered.
    pub not_delivered_at_ms: Option<i64>,
    /// When something last happened.
    pub updated_at_ms: i64,
    /// The contact's name.
    pub name: Option<String>,
    /// Their best proven address.
    pub address: Option<String>,
    /// The newest message's line, or the newest event's where nothing was said.
    pub channel: Option<String>,
    /// Who said it, as JSON.
    pub speaker: Option<String>,
    /// What, as JSON.
    pub body: Option<String>,
    /// When.
    pub at_ms: Option<i64>,
    /// The contact's tags, as JSON.
    pub tags: String,
}

/// Asks for the cards of some conversations, in that order; answers with [`CardRow`].
pub fn cards(site: &SiteId, ids: &[&ConversationId]) -> Stmt {
    stmt!(CARDS, site.as_str(), encode_json(&ids))
}

/// Notes that what could not be delivered in a conversation is dealt with.
pub fn deal_with(site: &SiteId, conversation: &ConversationId) -> Stmt {
    stmt!(DEAL_WITH, site.as_str(), conversation.as_str())
}

/// Asks what was put off until now; answers with [`super::conversations::Owing`].
pub fn awake(now: Timestamp, limit: u32) -> Stmt {
    stmt!(AWAKE, now, limit)
}

/// Asks whose turn it is; see [`decode_rounds`].
pub fn rounds(site: &SiteId, team: &[String], capacity: u32) -> Stmt {
    stmt!(ROUNDS, site.as_str(), encode_json(&team), capacity)
}

#[derive(Deserialize)]
struct RoundRow {
    name: String,
    open: u32,
    version: Option<u32>,
    given: Option<String>,
}

/// The turns of an answer to [`rounds`].
pub fn decode_rounds(answer: Answer) -> Result<Rounds, DbError> {
    let mut found = Rounds::default();
    for row in answer.decode_all::<RoundRow>()? {
        found.version = row.version.unwrap_or(0);
        found.given = row.given.as_deref().map_or(Ok(BTreeMap::new()), decode_json)?;
        found.open.insert(row.name, row.open);
    }
    Ok(found)
}

/// Writes the turns after one was given.
pub fn put_rounds(site: &SiteId, rounds: &Rounds) -> Stmt {
    stmt!(PUT_ROUNDS, site.as_str(), rounds.version, encode_json(&rounds.given))
}
