//! Links that sign in, and browsers that are signed in: both by a hash only.

use serde::Deserialize;

use super::{Answer, DbError, Stmt, statements, stmt};
use crate::{
    id::{AgentId, SiteId},
    time::Timestamp,
};

statements! {
    /// Notes a link that was sent.
    ADD_LINK = "INSERT INTO sign_in_links (hash, email, email_key, expires_at_ms) VALUES (?1, ?2, ?3, ?4)";
    /// Forgets somebody's links that have ended.
    FORGET_LINKS = "DELETE FROM sign_in_links WHERE email_key = ?1 AND expires_at_ms <= ?2";
    /// A link that still works.
    LINK = "SELECT email FROM sign_in_links WHERE hash = ?1 AND used_for IS NULL AND expires_at_ms > ?2";
    /// Uses a link: one winner.
    USE_LINK = "UPDATE sign_in_links SET used_for = ?2
        WHERE hash = ?1 AND used_for IS NULL AND expires_at_ms > ?3 RETURNING email";
    /// Signs a browser in, by the link it has just used.
    BEGIN = "INSERT INTO sign_ins (hash, email, email_key, began_at_ms, seen_at_ms, expires_at_ms)
        SELECT ?2, email, email_key, ?3, ?3, ?4 FROM sign_in_links WHERE hash = ?1 AND used_for = ?2";
    /// Forgets somebody's sign-ins that have ended.
    FORGET = "DELETE FROM sign_ins WHERE email_key = ?1 AND expires_at_ms <= ?2";
    /// Who is signed in, and who they are on a site where they are of its team.
    WHO = "SELECT s.email, s.seen_at_ms, a.id, a.name, a.role FROM sign_ins s
        LEFT JOIN agents a ON a.email_key = s.email_key AND a.site_id = ?2 AND a.state = 'active'
        WHERE s.hash = ?1 AND s.expires_at_ms > ?3";
    /// Notes that a browser was here.
    TOUCH = "UPDATE sign_ins SET seen_at_ms = ?2, expires_at_ms = ?3 WHERE hash = ?1 AND seen_at_ms < ?2";
    /// Signs a browser out.
    END = "DELETE FROM sign_ins WHERE hash = ?1";
    /// Signs somebody out everywhere.
    END_ALL = "DELETE FROM sign_ins WHERE email_key = ?1";
}

#[derive(Deserialize)]
struct EmailRow {
    email: String,
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Who {
    /// Their mailbox.
    pub email: String,
    /// When they were here last, to the day.
    #[serde(rename = "seen_at_ms")]
    pub seen_at: Timestamp,
    /// Who they are on the site that was asked about; none where they are not of its team.
    pub id: Option<AgentId>,
    /// Their name there.
    pub name: Option<String>,
    /// Their role there.
    pub role: Option<String>,
}

/// The mailbox of an answer to [`link`] or [`redeem`].
pub fn decode_email(answer: Answer) -> Result<Option<String>, DbError> {
    Ok(answer.decode_first::<EmailRow>()?.map(|row| row.email))
}

/// Who is signed in, of an answer to [`who`].
pub fn decode_who(answer: Answer) -> Result<Option<Who>, DbError> {
    answer.decode_first()
}

/// Notes a link that is sent to somebody, and forgets those that have ended.
pub fn add_link(hash: &str, (email, key): (&str, &str), until: Timestamp, now: Timestamp) -> [Stmt; 2] {
    [stmt!(FORGET_LINKS, key, now), stmt!(ADD_LINK, hash, email, key, until)]
}

/// Asks whose a link is, where it still works.
pub fn link(hash: &str, now: Timestamp) -> Stmt {
    stmt!(LINK, hash, now)
}

/// Uses a link and signs a browser in by it. The first answer holds the mailbox, or nothing where the link has ended.
pub fn redeem(link: &str, cookie: &str, now: Timestamp, until: Timestamp) -> [Stmt; 2] {
    [stmt!(USE_LINK, link, cookie, now), stmt!(BEGIN, link, cookie, now, until)]
}

/// Forgets somebody's sign-ins that have ended.
pub fn forget(email_key: &str, now: Timestamp) -> Stmt {
    stmt!(FORGET, email_key, now)
}

/// Asks who is signed in, and who they are on a site.
pub fn who(cookie: &str, site: Option<&SiteId>, now: Timestamp) -> Stmt {
    stmt!(WHO, cookie, site.map(SiteId::as_str), now)
}

/// Notes that a browser was here.
pub fn touch(cookie: &str, now: Timestamp, until: Timestamp) -> Stmt {
    stmt!(TOUCH, cookie, now, until)
}

/// Signs a browser out.
pub fn end(cookie: &str) -> Stmt {
    stmt!(END, cookie)
}

/// Signs somebody out everywhere.
pub fn end_all(email_key: &str) -> Stmt {
    stmt!(END_ALL, email_key)
}
