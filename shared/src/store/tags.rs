//! Tags: the words a team sorts its contacts by.

use serde::Deserialize;

use super::{Answer, DbError, Stmt, statements, stmt};
use crate::{
    id::{ContactId, ConversationId, SiteId},
    time::Timestamp,
};

statements! {
    /// A contact's tags, those of joined contacts included.
    OF_CONTACT = "WITH root AS (
          SELECT COALESCE(o.merged_into, o.id) AS id FROM contacts o WHERE o.site_id = ?1 AND o.id = ?2
        ) SELECT DISTINCT t.tag FROM (
          SELECT id FROM root
          UNION ALL SELECT c.id FROM root CROSS JOIN contacts c ON c.site_id = ?1 AND c.merged_into = root.id
        ) c
        CROSS JOIN tags t ON t.site_id = ?1 AND t.contact_id = c.id
        ORDER BY t.tag";
    /// The same of whoever has a conversation.
    OF_CONVERSATION = "WITH root AS (
          SELECT COALESCE(o.merged_into, o.id) AS id FROM conversations v
          JOIN contacts o ON o.site_id = ?1 AND o.id = v.contact_id
          WHERE v.site_id = ?1 AND v.id = ?2
        ) SELECT DISTINCT t.tag FROM (
          SELECT id FROM root
          UNION ALL SELECT c.id FROM root CROSS JOIN contacts c ON c.site_id = ?1 AND c.merged_into = root.id
        ) c
        CROSS JOIN tags t ON t.site_id = ?1 AND t.contact_id = c.id
        ORDER BY t.tag";
    /// Puts a tag on a contact; one that is there changes nothing.
    ADD = "INSERT INTO tags (site_id, contact_id, tag, at_ms) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
    /// Takes a tag off a contact and off whoever turned out to be them.
    DROP = "DELETE FROM tags WHERE site_id = ?1 AND tag = ?3 AND contact_id IN (
          SELECT c.id FROM contacts c WHERE c.site_id = ?1 AND c.id = ?2
          UNION ALL SELECT c.id FROM contacts c WHERE c.site_id = ?1 AND c.merged_into = ?2
        )";
}

#[derive(Deserialize)]
struct TagRow {
    tag: String,
}

/// The tags of an answer to [`of_contact`].
pub fn decode(answer: Answer) -> Result<Vec<String>, DbError> {
    Ok(answer.decode_all::<TagRow>()?.into_iter().map(|row| row.tag).collect())
}

/// Asks for a contact's tags.
pub fn of_contact(site: &SiteId, contact: &ContactId) -> Stmt {
    stmt!(OF_CONTACT, site.as_str(), contact.as_str())
}

/// Asks for the tags of whoever has a conversation.
pub fn of_conversation(site: &SiteId, conversation: &ConversationId) -> Stmt {
    stmt!(OF_CONVERSATION, site.as_str(), conversation.as_str())
}

/// Puts a tag on a contact.
pub fn add(site: &SiteId, contact: &ContactId, tag: &str, now: Timestamp) -> Stmt {
    stmt!(ADD, site.as_str(), contact.as_str(), tag, now)
}

/// Takes a tag off a contact.
pub fn remove(site: &SiteId, contact: &ContactId, tag: &str) -> Stmt {
    stmt!(DROP, site.as_str(), contact.as_str(), tag)
}
