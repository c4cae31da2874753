//! What the team taught the assistant, and the answers it should look at.

use serde::Deserialize;

use super::{Stmt, statements, stmt};
use crate::{
    id::{ContactId, ConversationId, SiteId, TaughtId},
    time::Timestamp,
    work::Lesson,
};

statements! {
    /// Keeps what was taught, in place of what stood under its id.
    PUT = "INSERT INTO taught (site_id, id, question, answer, taught_by, at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT (site_id, id) DO UPDATE SET question = excluded.question, answer = excluded.answer,
          taught_by = excluded.taught_by, at_ms = excluded.at_ms";
    /// What a site was taught, the newest first.
    ALL_OF_SITE = "SELECT id, question, answer, taught_by, at_ms FROM taught WHERE site_id = ?1 ORDER BY id DESC LIMIT ?2";
    /// Forgets it.
    DROP = "DELETE FROM taught WHERE site_id = ?1 AND id = ?2";
    /// Takes its passage out of what is known.
    DROP_PASSAGE = "DELETE FROM passages WHERE site_id = ?1 AND path = ?2";
    /// Its passage.
    ADD_PASSAGE = "INSERT INTO passages (site_id, path, title, heading, text) VALUES (?1, ?2, ?3, ?3, ?4)";
    /// Whoever remembers what was found looks again.
    NOTE = "INSERT INTO knowledge_digests (site_id, digest, taught) VALUES (?1, '', 1)
        ON CONFLICT (site_id) DO UPDATE SET taught = taught + 1";
    /// Answers that somebody should look at, the latest first.
    REVIEWS = "SELECT r.conversation_id, r.seq, r.why, r.at_ms, COALESCE(c.merged_into, c.id) AS contact_id
        FROM reviews r INDEXED BY reviews_open
        CROSS JOIN conversations v ON v.id = r.conversation_id AND v.site_id = r.site_id
        CROSS JOIN contacts c ON c.site_id = v.site_id AND c.id = v.contact_id
        WHERE r.site_id = ?1 AND r.done_by IS NULL AND (r.at_ms, r.conversation_id, r.seq) < (?2, ?3, ?4)
        ORDER BY r.at_ms DESC, r.conversation_id DESC, r.seq DESC LIMIT ?5";
    /// Somebody has looked at one.
    REVIEWED = "UPDATE reviews SET done_by = ?4 WHERE conversation_id = ?2 AND seq = ?3 AND site_id = ?1 AND done_by IS NULL";
}

/// The path of what was taught, among those of imported files.
pub const FOLDER: &str = "taught/";

/// Keeps a lesson, and its passage.
pub fn put(site: &SiteId, lesson: &Lesson, now: Timestamp) -> Vec<Stmt> {
    let Lesson { id, question, answer, by } = lesson;
    let (site, path) = (site.as_str(), format!("{FOLDER}{id}"));
    vec![
        stmt!(PUT, site, id.as_str(), question.as_str(), answer.as_str(), by.as_str(), now),
        stmt!(DROP_PASSAGE, site, path.as_str()),
        stmt!(ADD_PASSAGE, site, path, question.as_str(), answer.as_str()),
        stmt!(NOTE, site),
    ]
}

/// Forgets a lesson, and its passage.
pub fn remove(site: &SiteId, id: &TaughtId) -> Vec<Stmt> {
    let site = site.as_str();
    vec![
        stmt!(DROP, site, id.as_str()),
        stmt!(DROP_PASSAGE, site, format!("{FOLDER}{id}")),
        stmt!(NOTE, site),
    ]
}

/// A lesson as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct TaughtRow {
    /// Which.
    pub id: TaughtId,
    /// What is asked.
    pub question: String,
    /// What is to be answered.
    pub answer: String,
    /// Who taught it.
    pub taught_by: String,
    /// When.
    pub at_ms: Timestamp,
}

/// Asks for what a site was taught; answers with [`TaughtRow`].
pub fn all(site: &SiteId, limit: u32) -> Stmt {
    stmt!(ALL_OF_SITE, site.as_str(), limit)
}

/// An answer that somebody should look at.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ReviewRow {
    /// Where it stands.
    pub conversation_id: ConversationId,
    /// At which place.
    pub seq: u32,
    /// Why.
    pub why: String,
    /// When.
    pub at_ms: i64,
    /// To whom, after joins.
    pub contact_id: ContactId,
}

/// Asks for answers to look at that were said before a place; answers with [`ReviewRow`].
pub fn reviews(site: &SiteId, (at_ms, conversation, seq): (i64, &str, u32), limit: u32) -> Stmt {
    stmt!(REVIEWS, site.as_str(), at_ms, conversation, seq, limit)
}

/// Notes who has looked at an answer.
pub fn reviewed(site: &SiteId, conversation: &ConversationId, seq: u32, by: &str) -> Stmt {
    stmt!(REVIEWED, site.as_str(), conversation.as_str(), seq, by)
}
