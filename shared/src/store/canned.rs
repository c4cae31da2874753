//! Canned replies.

use serde::Deserialize;

use super::{Stmt, statements, stmt};
use crate::{id::SiteId, time::Timestamp};

statements! {
    /// Keeps a reply, in place of the one of the same name.
    PUT = "INSERT INTO canned (site_id, name, text, updated_at_ms) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (site_id, name) DO UPDATE SET text = excluded.text, updated_at_ms = excluded.updated_at_ms";
    /// A site's replies, by name.
    ALL_OF_SITE = "SELECT name, text FROM canned WHERE site_id = ?1 ORDER BY name LIMIT ?2";
    /// Drops a reply.
    DROP = "DELETE FROM canned WHERE site_id = ?1 AND name = ?2";
}

/// A canned reply as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CannedRow {
    /// Its name.
    pub name: String,
    /// Its words.
    pub text: String,
}

/// Keeps a reply.
pub fn put(site: &SiteId, name: &str, text: &str, now: Timestamp) -> Stmt {
    stmt!(PUT, site.as_str(), name, text, now)
}

/// Asks for a site's replies; answers with [`CannedRow`].
pub fn all(site: &SiteId, limit: u32) -> Stmt {
    stmt!(ALL_OF_SITE, site.as_str(), limit)
}

/// Drops a reply.
pub fn remove(site: &SiteId, name: &str) -> Stmt {
    stmt!(DROP, site.as_str(), name)
}
