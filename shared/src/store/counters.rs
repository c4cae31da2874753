//! Counters: how often something happened within a span, per site.

use serde::Deserialize;

use super::{Answer, DbError, Stmt, statements, stmt};
use crate::{id::SiteId, time::Timestamp};

statements! {
    /// Adds to a counter.
    COUNT = "INSERT INTO counters (site_id, name, since_ms, count) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (site_id, name, since_ms) DO UPDATE SET count = count + excluded.count";
    /// A counter's value.
    COUNTED = "SELECT count FROM counters WHERE site_id = ?1 AND name = ?2 AND since_ms = ?3";
    /// What a counter has come to since a time.
    SUMMED = "SELECT SUM(count) AS count FROM counters WHERE site_id = ?1 AND name = ?2 AND since_ms >= ?3
        GROUP BY name";
}

/// A counter's value.
#[derive(Deserialize)]
struct Counted {
    count: u32,
}

/// The count of an answer to [`counted`] or [`summed`].
pub fn decode(answer: Answer) -> Result<u32, DbError> {
    Ok(answer.decode_first::<Counted>()?.map_or(0, |row| row.count))
}

/// Adds `more` to the counter of the span of `span_ms` that `now` falls in.
pub fn count(site: &SiteId, name: &str, now: Timestamp, span_ms: i64, more: u32) -> Stmt {
    stmt!(COUNT, site.as_str(), name, span_start(now, span_ms), more)
}

/// Reads the same counter; see [`decode`].
pub fn counted(site: &SiteId, name: &str, now: Timestamp, span_ms: i64) -> Stmt {
    stmt!(COUNTED, site.as_str(), name, span_start(now, span_ms))
}

/// Adds up the spans of a counter that began since a time; see [`decode`].
pub fn summed(site: &SiteId, name: &str, since: Timestamp) -> Stmt {
    stmt!(SUMMED, site.as_str(), name, since)
}

/// Adds `more` to a counter of the whole deployment, which is no site's.
pub fn count_here(name: &str, now: Timestamp, span_ms: i64, more: u32) -> Stmt {
    stmt!(COUNT, "", name, span_start(now, span_ms), more)
}

/// Reads the same counter; see [`decode`].
pub fn counted_here(name: &str, now: Timestamp, span_ms: i64) -> Stmt {
    stmt!(COUNTED, "", name, span_start(now, span_ms))
}

const fn span_start(now: Timestamp, span_ms: i64) -> i64 {
    now.ms() - now.ms().rem_euclid(span_ms)
}
