//! How far reading the sites' own pages has come.

use serde::Deserialize;

use super::{Answer, DbError, Stmt, decode_json, encode_json, statements, stmt};
use crate::{id::SiteId, time::Timestamp};

statements! {
    /// Begins anew.
    BEGIN = "INSERT INTO crawls (site_id, origin, state, todo, read_count, failed, note, begun_by, begun_at_ms, at_ms, taken_until_ms)
        VALUES (?1, ?2, 'running', '', 0, '[]', NULL, ?3, ?4, ?4, 0)
        ON CONFLICT (site_id) DO UPDATE SET origin = excluded.origin, state = 'running', todo = '', read_count = 0, failed = '[]',
          note = NULL, begun_by = excluded.begun_by, begun_at_ms = excluded.begun_at_ms, at_ms = excluded.at_ms, taken_until_ms = 0";
    /// How far a site's has come.
    ONE = "SELECT origin, state, todo, read_count, failed, note, begun_by, begun_at_ms, at_ms FROM crawls WHERE site_id = ?1";
    /// The sites whose pages are to be read on, up to a limit.
    DUE = "SELECT site_id FROM crawls WHERE state = 'running' AND taken_until_ms <= ?1 ORDER BY taken_until_ms LIMIT ?2";
    /// Takes a site's to go on with; one wins.
    CLAIM = "UPDATE crawls SET taken_until_ms = ?3 WHERE site_id = ?1 AND state = 'running' AND taken_until_ms <= ?2
        RETURNING origin, state, todo, read_count, failed, note, begun_by, begun_at_ms, at_ms";
    /// Keeps how far it has come, as long as it is still whoever took it who says so.
    SAVE = "UPDATE crawls SET state = ?3, todo = ?4, read_count = ?5, failed = ?6, note = ?7, at_ms = ?8, taken_until_ms = 0
        WHERE site_id = ?1 AND taken_until_ms = ?2 AND state = 'running'";
    /// Ends it.
    STOP = "UPDATE crawls SET state = 'stopped', todo = '[]', at_ms = ?2 WHERE site_id = ?1 AND state = 'running'";
}

/// How far it has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crawl {
    /// The origin whose pages are read.
    pub origin: String,
    /// `running`, `done`, `stopped` or `failed`.
    pub state: String,
    /// The addresses still to be read; `None` until they are known.
    pub todo: Option<Vec<String>>,
    /// How many pages were read.
    pub read: u32,
    /// What could not be read, with why.
    pub failed: Vec<(String, String)>,
    /// Why it came to its end, where there is something to say.
    pub note: Option<String>,
    /// Who began it.
    pub by: String,
    /// When.
    pub begun_at: Timestamp,
    /// When it last went on.
    pub at: Timestamp,
}

#[derive(Deserialize)]
struct CrawlRow {
    origin: String,
    state: String,
    todo: String,
    read_count: u32,
    failed: String,
    note: Option<String>,
    begun_by: String,
    begun_at_ms: Timestamp,
    at_ms: Timestamp,
}

/// The row of an answer to [`one`] or [`claim`].
pub fn decode(answer: Answer) -> Result<Option<Crawl>, DbError> {
    let crawl = |row: CrawlRow| {
        let CrawlRow { origin, state, todo, read_count: read, failed, note, begun_by, begun_at_ms, at_ms } =
            row;
        let todo = if todo.is_empty() { None } else { Some(decode_json(&todo)?) };
        let failed = decode_json(&failed)?;
        Ok(Crawl { origin, state, todo, read, failed, note, by: begun_by, begun_at: begun_at_ms, at: at_ms })
    };
    answer.decode_first::<CrawlRow>()?.map(crawl).transpose()
}

/// Begins anew: whoever had taken it before keeps nothing.
pub fn begin(site: &SiteId, origin: &str, by: &str, now: Timestamp) -> Stmt {
    stmt!(BEGIN, site.as_str(), origin, by, now)
}

/// Asks how far a site's has come.
pub fn one(site: &SiteId) -> Stmt {
    stmt!(ONE, site.as_str())
}

/// Asks for the sites whose pages are to be read on.
pub fn due(now: Timestamp, limit: u32) -> Stmt {
    stmt!(DUE, now, limit)
}

#[derive(Deserialize)]
struct DueRow {
    site_id: SiteId,
}

/// The sites of an answer to [`due`].
pub fn decode_due(answer: Answer) -> Result<Vec<SiteId>, DbError> {
    Ok(answer.decode_all::<DueRow>()?.into_iter().map(|row| row.site_id).collect())
}

/// Takes a site's to go on with, until a time that is also the lease's number.
pub fn claim(site: &SiteId, now: Timestamp, until: Timestamp) -> Stmt {
    stmt!(CLAIM, site.as_str(), now, until)
}

/// Keeps how far it has come, and lets it go.
pub fn save(site: &SiteId, until: Timestamp, crawl: &Crawl, now: Timestamp) -> Stmt {
    let todo = crawl.todo.as_ref().map_or_else(String::new, encode_json);
    let (state, failed) = (crawl.state.as_str(), encode_json(&crawl.failed));
    stmt!(SAVE, site.as_str(), until, state, todo, crawl.read, failed, crawl.note.as_deref(), now)
}

/// Ends it.
pub fn stop(site: &SiteId, now: Timestamp) -> Stmt {
    stmt!(STOP, site.as_str(), now)
}
