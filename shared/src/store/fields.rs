//! What a site's team keeps of its contacts besides, and the facts that somebody of it has taken back.

use serde::Deserialize;

use super::{Answer, DbError, Stmt, statements, stmt};
use crate::{
    id::{ContactId, EventId, SiteId},
    time::Timestamp,
};

statements! {
    /// A person's fields; what stands with the contact that goes on comes last, and counts.
    OF_CONTACT = "SELECT f.name, f.value, f.at_ms, f.done_by, f.contact_id = ?2 AS is_own FROM (
          SELECT id FROM contacts WHERE site_id = ?1 AND id = ?2
          UNION ALL SELECT id FROM contacts WHERE site_id = ?1 AND merged_into = ?2
        ) c
        CROSS JOIN fields f ON f.site_id = ?1 AND f.contact_id = c.id
        ORDER BY is_own, f.at_ms, f.name";
    /// Keeps a field's value.
    PUT = "INSERT INTO fields (site_id, contact_id, name, value, at_ms, done_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT (site_id, contact_id, name) DO UPDATE SET value = excluded.value, at_ms = excluded.at_ms,
          done_by = excluded.done_by";
    /// Drops a field of a person.
    DROP = "DELETE FROM fields WHERE site_id = ?1 AND name = ?3 AND contact_id IN (
          SELECT id FROM contacts WHERE site_id = ?1 AND id = ?2
          UNION ALL SELECT id FROM contacts WHERE site_id = ?1 AND merged_into = ?2)";
    /// Forgets what a person told about something in an event: its words go, and that it was forgotten stays.
    FORGET = "UPDATE facts SET value = '', quote = '', superseded_by = id, forgotten_at_ms = ?5, done_by = ?6
        WHERE site_id = ?1 AND key = ?3 AND source = ?4 AND contact_id IN (
          SELECT id FROM contacts WHERE site_id = ?1 AND id = ?2
          UNION ALL SELECT id FROM contacts WHERE site_id = ?1 AND merged_into = ?2)";
}

/// A field of a contact's.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Kept {
    /// Its name in the site's definition.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Since when.
    pub at_ms: Timestamp,
    /// Who of the team says so.
    pub done_by: String,
}

/// Asks for a person's fields.
pub fn of_contact(site: &SiteId, contact: &ContactId) -> Stmt {
    stmt!(OF_CONTACT, site.as_str(), contact.as_str())
}

/// The fields of an answer to [`of_contact`], each name once, in order of the alphabet.
pub fn decode(answer: Answer) -> Result<Vec<Kept>, DbError> {
    let rows = answer.decode_all::<Kept>()?;
    let kept: std::collections::BTreeMap<String, Kept> =
        rows.into_iter().map(|row| (row.name.clone(), row)).collect();
    Ok(kept.into_values().collect())
}

/// Keeps a field's value.
pub fn put(
    site: &SiteId,
    contact: &ContactId,
    (name, value): (&str, &str),
    by: &str,
    now: Timestamp,
) -> Stmt {
    stmt!(PUT, site.as_str(), contact.as_str(), name, value, now, by)
}

/// Drops a field.
pub fn drop(site: &SiteId, contact: &ContactId, name: &str) -> Stmt {
    stmt!(DROP, site.as_str(), contact.as_str(), name)
}

/// Forgets what a person told about `key` in an event.
pub fn forget(
    site: &SiteId,
    contact: &ContactId,
    (key, source): (&str, &EventId),
    by: &str,
    now: Timestamp,
) -> Stmt {
    stmt!(FORGET, site.as_str(), contact.as_str(), key, source.as_str(), now, by)
}
