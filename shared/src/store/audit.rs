//! The log of what people did: append-only.

use serde::Deserialize;

use super::{Answer, DbError, Stmt, statements, stmt};
use crate::{
    api::team::AuditLine,
    audit::Act,
    id::{AuditId, SiteId},
    time::Timestamp,
};

statements! {
    /// Notes an act.
    ADD = "INSERT INTO audit (site_id, at_ms, id, agent, act, subject, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    /// What was done before a place of the log, the newest first.
    BEFORE = "SELECT at_ms, id, agent, act, subject, detail FROM audit
        WHERE site_id = ?1 AND (at_ms, id) < (?2, ?3) ORDER BY at_ms DESC, id DESC LIMIT ?4";
}

#[derive(Deserialize)]
struct AuditRow {
    at_ms: Timestamp,
    id: AuditId,
    agent: String,
    act: String,
    subject: String,
    detail: String,
}

/// The lines of an answer.
pub fn decode(answer: Answer) -> Result<Vec<AuditLine>, DbError> {
    let line = |row: AuditRow| {
        let AuditRow { at_ms: at, id, agent, act, subject, detail } = row;
        AuditLine { id, at, agent, act, subject, detail }
    };
    Ok(answer.decode_all()?.into_iter().map(line).collect())
}

/// Notes an act.
pub fn add(site: &SiteId, id: &AuditId, act: &Act, now: Timestamp) -> Stmt {
    let Act { agent, act, subject, detail } = act;
    let (agent, act, subject, detail) = (agent.as_str(), act.as_str(), subject.as_str(), detail.as_str());
    stmt!(ADD, site.as_str(), now, id.as_str(), agent, act, subject, detail)
}

/// Asks for what was done before a time and an id, the newest first; an id sorts after the empty text.
pub fn before(site: &SiteId, at: Timestamp, id: &str, limit: u32) -> Stmt {
    stmt!(BEFORE, site.as_str(), at, id, limit)
}
