//! What was committed and is not yet taken into the search and the counts, and those counts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Answer, DbError, Stmt, encode_json, statements, stmt};
use crate::{
    id::{ConversationId, SiteId},
    time::Timestamp,
};

statements! {
    /// The sites whose turn it is, over all of them.
    DUE = "SELECT site_id FROM digests ORDER BY done_at_ms LIMIT ?1";
    /// Since when a site may have something new.
    SINCE = "SELECT since_ms FROM digests WHERE site_id = ?1";
    /// Notes how far a site is digested.
    DONE = "UPDATE digests SET since_ms = MAX(since_ms, ?2), done_at_ms = ?3 WHERE site_id = ?1";
    /// Conversations at one stage in which something is new, who moved first first.
    NEWS = "SELECT id, last_seq, digested_seq, updated_at_ms FROM conversations INDEXED BY conversations_recent
        WHERE site_id = ?1 AND progress = ?2 AND updated_at_ms >= ?3 AND last_seq > digested_seq
        ORDER BY updated_at_ms, id LIMIT ?4";
    /// Notes how far a conversation is digested; a conflict where somebody else was there first.
    TAKE = "UPDATE conversations SET digested_seq = CASE digested_seq WHEN ?3 THEN ?4 ELSE digested_seq END
        WHERE id = ?2 AND site_id = ?1";
    /// Adds to the counts of days: a JSON list of `{day, name, count}`.
    COUNT = "INSERT INTO daily (site_id, day, name, count)
        SELECT ?1, json_extract(j.value, '$.day'), json_extract(j.value, '$.name'), json_extract(j.value, '$.count')
        FROM json_each(?2) j WHERE true
        ON CONFLICT (site_id, day, name) DO UPDATE SET count = count + excluded.count";
    /// The counts of a span of days.
    COUNTED = "SELECT name, SUM(count) AS count FROM daily WHERE site_id = ?1 AND day BETWEEN ?2 AND ?3 GROUP BY name";
    /// Some of them day by day, in order.
    BY_DAY = "SELECT day, name, count FROM daily WHERE site_id = ?1 AND day BETWEEN ?2 AND ?3
          AND name IN ('talks', 'answers', 'contacts', 'booked') ORDER BY day, name";
    /// An answer that somebody should look at.
    REVIEW = "INSERT INTO reviews (conversation_id, seq, site_id, why, at_ms) VALUES (?2, ?3, ?1, ?4, ?5)
        ON CONFLICT (conversation_id, seq) DO UPDATE SET why = excluded.why";
}

#[derive(Deserialize)]
struct SiteRow {
    site_id: SiteId,
}

/// Asks for the sites whose turn it is; see [`decode_due`].
pub fn due(limit: u32) -> Stmt {
    stmt!(DUE, limit)
}

/// The sites of an answer to [`due`].
pub fn decode_due(answer: Answer) -> Result<Vec<SiteId>, DbError> {
    Ok(answer.decode_all::<SiteRow>()?.into_iter().map(|row| row.site_id).collect())
}

#[derive(Deserialize)]
struct SinceRow {
    since_ms: i64,
}

/// Asks since when a site may have something new; see [`decode_since`].
pub fn since(site: &SiteId) -> Stmt {
    stmt!(SINCE, site.as_str())
}

/// The time of an answer to [`since`].
pub fn decode_since(answer: Answer) -> Result<i64, DbError> {
    Ok(answer.decode_first::<SinceRow>()?.map_or(0, |row| row.since_ms))
}

/// Notes that everything which moved before `since_ms` is digested.
pub fn done(site: &SiteId, since_ms: i64, now: Timestamp) -> Stmt {
    stmt!(DONE, site.as_str(), since_ms, now)
}

/// A conversation in which something is new.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct News {
    /// Which.
    pub id: ConversationId,
    /// Its newest place.
    pub last_seq: u32,
    /// How far it is digested.
    pub digested_seq: u32,
    /// When it last moved.
    pub updated_at_ms: i64,
}

/// Asks where something is new; answers with [`News`].
pub fn news(site: &SiteId, progress: &str, since_ms: i64, limit: u32) -> Stmt {
    stmt!(NEWS, site.as_str(), progress, since_ms, limit)
}

/// Notes that a conversation is digested from one place to another.
pub fn take(site: &SiteId, id: &ConversationId, from: u32, to: u32) -> Stmt {
    stmt!(TAKE, site.as_str(), id.as_str(), from, to)
}

#[derive(Serialize)]
struct Counted<'a> {
    day: &'a str,
    name: &'a str,
    count: u32,
}

/// Adds to counts, by day and name.
pub fn count<'a>(site: &SiteId, counts: impl IntoIterator<Item = (&'a str, &'a str, u32)>) -> Stmt {
    let counts = counts.into_iter().map(|(day, name, count)| Counted { day, name, count });
    stmt!(COUNT, site.as_str(), encode_json(&counts.collect::<Vec<_>>()))
}

#[derive(Deserialize)]
struct CountRow {
    name: String,
    count: u32,
}

/// Asks for the counts of a span of days, both ends included; see [`decode_counts`].
pub fn counted(site: &SiteId, from: &str, to: &str) -> Stmt {
    stmt!(COUNTED, site.as_str(), from, to)
}

/// The counts of an answer to [`counted`], by name.
pub fn decode_counts(answer: Answer) -> Result<BTreeMap<String, u32>, DbError> {
    Ok(answer.decode_all::<CountRow>()?.into_iter().map(|row| (row.name, row.count)).collect())
}

/// A count of a day.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct OfDay {
    /// The day.
    pub day: String,
    /// What.
    pub name: String,
    /// How often.
    pub count: u32,
}

/// Asks for conversations, answers, new contacts and bookings day by day; answers with [`OfDay`].
pub fn by_day(site: &SiteId, from: &str, to: &str) -> Stmt {
    stmt!(BY_DAY, site.as_str(), from, to)
}

/// Notes an answer that somebody should look at.
pub fn review(site: &SiteId, conversation: &ConversationId, seq: u32, why: &str, at: Timestamp) -> Stmt {
    stmt!(REVIEW, site.as_str(), conversation.as_str(), seq, why, at)
}
