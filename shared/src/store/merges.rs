//! Who turned out to be whom, who is not, and the statements that join two contacts and part them again.

use serde::Deserialize;

use super::{Answer, DbError, Stmt, decode_json, encode_json, statements, stmt};
use crate::{
    contact::{Address, Contact},
    id::{ContactId, ConversationId, MergeId, SiteId},
    identity,
    merge::{Merge, Tagged},
    time::Timestamp,
};

statements! {
    /// Records a merge. Whoever is somebody else by then is a conflict.
    ADD = "INSERT INTO merges (site_id, id, into_id, from_id, at_ms, done_by, evidence, detail)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    /// The merges that stand from a contact up to whoever they are now, the contact's own first.
    PATH = "WITH RECURSIVE up (id, place) AS (
          SELECT ?2, 0
          UNION ALL
          SELECT m.into_id, up.place + 1 FROM up
          CROSS JOIN merges m INDEXED BY merges_standing ON m.site_id = ?1 AND m.from_id = up.id AND m.undone_at_ms IS NULL
        ) SELECT m.* FROM up
        CROSS JOIN merges m INDEXED BY merges_standing ON m.site_id = ?1 AND m.from_id = up.id AND m.undone_at_ms IS NULL
        ORDER BY up.place";
    /// The merges of a person, undone ones as well, the newest first, with what whoever was joined is called.
    OF_CONTACT = "WITH own AS (
          SELECT id FROM contacts WHERE site_id = ?1 AND id = ?2
          UNION ALL SELECT id FROM contacts WHERE site_id = ?1 AND merged_into = ?2
        ) SELECT m.*, (SELECT c.name FROM contacts c WHERE c.site_id = ?1 AND c.id = m.from_id) AS name
        FROM own CROSS JOIN merges m INDEXED BY merges_by_into ON m.site_id = ?1 AND m.into_id = own.id
        UNION SELECT m.*, (SELECT c.name FROM contacts c WHERE c.site_id = ?1 AND c.id = m.from_id) AS name
        FROM own CROSS JOIN merges m INDEXED BY merges_by_from ON m.site_id = ?1 AND m.from_id = own.id
        ORDER BY at_ms DESC, id DESC LIMIT ?3";
    /// A merge is undone. A second time is a conflict.
    UNDO = "UPDATE merges SET undone_at_ms = ?3, undone_by = ?4 WHERE site_id = ?1 AND id = ?2";
    /// When somebody was last joined to whoever a conversation belongs to, or with them.
    JOINED_AT = "WITH root AS (
          SELECT COALESCE(o.merged_into, o.id) AS id FROM conversations v
          JOIN contacts o ON o.site_id = v.site_id AND o.id = v.contact_id
          WHERE v.id = ?2 AND v.site_id = ?1
        ) SELECT m.at_ms FROM root
        CROSS JOIN contacts c ON c.site_id = ?1 AND c.merged_into = root.id
        CROSS JOIN merges m INDEXED BY merges_standing ON m.site_id = ?1 AND m.from_id = c.id AND m.undone_at_ms IS NULL
        ORDER BY m.at_ms DESC LIMIT 1";
    /// A contact's own row, whoever they turned out to be.
    OWN = "SELECT id, name, locale, time_zone FROM contacts WHERE site_id = ?1 AND id = ?2";
    /// Sets what is known of a contact, also to nothing.
    SET_CONTACT = "UPDATE contacts SET name = ?3, locale = ?4, time_zone = ?5 WHERE site_id = ?1 AND id = ?2";
    /// A contact and those who came with them are somebody of their own again.
    PART = "WITH RECURSIVE part (id) AS (
          SELECT ?2
          UNION SELECT m.from_id FROM part
          CROSS JOIN merges m INDEXED BY merges_by_into ON m.site_id = ?1 AND m.into_id = part.id AND m.undone_at_ms IS NULL
        ) UPDATE contacts SET merged_into = CASE WHEN id = ?2 THEN NULL ELSE ?2 END
        WHERE site_id = ?1 AND id IN (SELECT id FROM part)";
    /// The handles of a contact and of those who came with them.
    PART_HANDLES = "WITH RECURSIVE part (id) AS (
          SELECT ?2
          UNION SELECT m.from_id FROM part
          CROSS JOIN merges m INDEXED BY merges_by_into ON m.site_id = ?1 AND m.into_id = part.id AND m.undone_at_ms IS NULL
        ) SELECT h.kind, h.address, h.address_key, h.contact_id AS owner_id, h.assurance, h.blocked, h.is_shared
        FROM part CROSS JOIN handles h INDEXED BY handles_by_contact ON h.site_id = ?1 AND h.contact_id = part.id
        ORDER BY h.created_at_ms, h.address_key";
    /// What waits to be said in a conversation and was planned in one of the parted contact's, or is about an appointment of
    /// theirs, goes back to theirs.
    PASS_PLANNED_BACK = "WITH RECURSIVE part (id) AS (
          SELECT ?4
          UNION SELECT m.from_id FROM part
          CROSS JOIN merges m INDEXED BY merges_by_into ON m.site_id = ?1 AND m.into_id = part.id AND m.undone_at_ms IS NULL
        ) UPDATE planned SET conversation_id = ?3, came_from = NULLIF(came_from, ?3)
        WHERE site_id = ?1 AND conversation_id = ?2 AND state = 'waiting' AND (
          came_from IN (SELECT v.id FROM part
            CROSS JOIN conversations v ON v.site_id = ?1 AND v.contact_id = part.id)
          OR json_extract(body, '$.unless.appointment.id') IN (SELECT a.id FROM part
            CROSS JOIN appointments a ON a.site_id = ?1 AND a.contact_id = part.id))";
    /// The same of the sequences that run.
    PASS_RUNS_BACK = "WITH RECURSIVE part (id) AS (
          SELECT ?4
          UNION SELECT m.from_id FROM part
          CROSS JOIN merges m INDEXED BY merges_by_into ON m.site_id = ?1 AND m.into_id = part.id AND m.undone_at_ms IS NULL
        ) UPDATE OR IGNORE runs SET conversation_id = ?3, came_from = NULLIF(came_from, ?3), version = version + 1
        WHERE site_id = ?1 AND conversation_id = ?2 AND (
          came_from IN (SELECT v.id FROM part
            CROSS JOIN conversations v ON v.site_id = ?1 AND v.contact_id = part.id)
          OR json_extract(body, '$.appointment.id') IN (SELECT a.id FROM part
            CROSS JOIN appointments a ON a.site_id = ?1 AND a.contact_id = part.id))";
    /// What a contact told on a conversation that was another's goes back with it.
    GIVE_FACTS = "UPDATE facts SET contact_id = ?3 WHERE site_id = ?1 AND contact_id = ?2";
    /// The same of their tags.
    GIVE_TAGS = "UPDATE OR REPLACE tags SET contact_id = ?3 WHERE site_id = ?1 AND contact_id = ?2";
    /// The same of their appointments.
    GIVE_APPOINTMENTS = "UPDATE appointments INDEXED BY appointments_by_contact SET contact_id = ?3
        WHERE site_id = ?1 AND contact_id = ?2 AND conversation_id = ?4";
    /// The same of the addresses they got on it: all but those they had before.
    GIVE_HANDLES = "UPDATE handles INDEXED BY handles_by_contact SET contact_id = ?3 WHERE site_id = ?1 AND contact_id = ?2
          AND kind || ':' || address_key NOT IN (SELECT value FROM json_each(?4))";
    /// The tags of a person with whose each is.
    TAGS = "SELECT t.contact_id, t.tag, t.at_ms FROM (
          SELECT id FROM contacts WHERE site_id = ?1 AND id = ?2
          UNION ALL SELECT id FROM contacts WHERE site_id = ?1 AND merged_into = ?2
        ) c
        CROSS JOIN tags t ON t.site_id = ?1 AND t.contact_id = c.id ORDER BY t.contact_id, t.tag";
    /// Puts a tag back on a contact, where that is the parted one or came with them.
    PUT_TAG_BACK = "INSERT INTO tags (site_id, contact_id, tag, at_ms)
        SELECT c.site_id, c.id, ?4, ?5 FROM contacts c
        WHERE c.site_id = ?1 AND c.id = ?3 AND (c.id = ?2 OR c.merged_into = ?2)
        ON CONFLICT DO NOTHING";
    /// Contacts of a name who are nobody else.
    OF_NAME = "SELECT id FROM contacts INDEXED BY contacts_by_name
        WHERE site_id = ?1 AND name = ?2 COLLATE NOCASE AND merged_into IS NULL LIMIT 10";
    /// Two contacts are not the same person, says somebody of the team.
    KEEP_APART = "INSERT INTO apart (site_id, one_id, other_id, at_ms, done_by) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (site_id, one_id, other_id) DO UPDATE SET at_ms = excluded.at_ms, done_by = excluded.done_by";
    /// Whether somebody said so of two people, or of anybody who was joined to them.
    IS_APART = "SELECT p.at_ms, p.done_by FROM (
          SELECT id FROM contacts WHERE site_id = ?1 AND id = ?2
          UNION ALL SELECT id FROM contacts WHERE site_id = ?1 AND merged_into = ?2
        ) a CROSS JOIN (
          SELECT id FROM contacts WHERE site_id = ?1 AND id = ?3
          UNION ALL SELECT id FROM contacts WHERE site_id = ?1 AND merged_into = ?3
        ) b
        CROSS JOIN apart p ON p.site_id = ?1 AND p.one_id = MIN(a.id, b.id) AND p.other_id = MAX(a.id, b.id)
        LIMIT 1";
    /// Somebody of the team says otherwise now.
    DROP_APART = "DELETE FROM apart WHERE site_id = ?1 AND (one_id, other_id) IN (
          SELECT MIN(a.id, b.id), MAX(a.id, b.id) FROM (
            SELECT id FROM contacts WHERE site_id = ?1 AND id = ?2
            UNION ALL SELECT id FROM contacts WHERE site_id = ?1 AND merged_into = ?2
          ) a CROSS JOIN (
            SELECT id FROM contacts WHERE site_id = ?1 AND id = ?3
            UNION ALL SELECT id FROM contacts WHERE site_id = ?1 AND merged_into = ?3
          ) b)";
}

#[derive(Deserialize)]
struct MergeRow {
    id: MergeId,
    into_id: ContactId,
    from_id: ContactId,
    at_ms: Timestamp,
    done_by: String,
    evidence: String,
    undone_at_ms: Option<Timestamp>,
    undone_by: Option<String>,
    detail: String,
    #[serde(default)]
    name: Option<String>,
}

fn decode_merge(row: MergeRow) -> Result<Merge, DbError> {
    Ok(Merge {
        id: row.id,
        into: row.into_id,
        from: row.from_id,
        at: row.at_ms,
        by: row.done_by,
        evidence: decode_json(&row.evidence)?,
        undone: row.undone_at_ms.map(|at| (at, row.undone_by.unwrap_or_default())),
        detail: decode_json(&row.detail)?,
    })
}

/// The merges of an answer to [`of_contact`], each with what whoever was joined is called by themselves.
pub fn decode_lines(answer: Answer) -> Result<Vec<(Merge, Option<String>)>, DbError> {
    let line = |mut row: MergeRow| {
        let name = row.name.take();
        Ok((decode_merge(row)?, name))
    };
    answer.decode_all()?.into_iter().map(line).collect()
}

/// The merges of an answer to [`path`] or [`of_contact`].
pub fn decode(answer: Answer) -> Result<Vec<Merge>, DbError> {
    answer.decode_all()?.into_iter().map(decode_merge).collect()
}

/// Records a merge.
pub fn add(site: &SiteId, merge: &Merge) -> Stmt {
    let (evidence, detail) = (encode_json(&merge.evidence), encode_json(&merge.detail));
    stmt!(
        ADD,
        site.as_str(),
        merge.id.as_str(),
        merge.into.as_str(),
        merge.from.as_str(),
        merge.at,
        merge.by.as_str(),
        evidence,
        detail,
    )
}

/// Asks for the merges from a contact up to whoever they are now.
pub fn path(site: &SiteId, contact: &ContactId) -> Stmt {
    stmt!(PATH, site.as_str(), contact.as_str())
}

/// Asks for a person's merges, undone ones as well; the contact is one that is nobody else.
pub fn of_contact(site: &SiteId, contact: &ContactId, limit: u32) -> Stmt {
    stmt!(OF_CONTACT, site.as_str(), contact.as_str(), limit)
}

#[derive(Deserialize)]
struct JoinedRow {
    at_ms: Timestamp,
}

/// Asks when somebody was last joined to whoever a conversation belongs to; see [`decode_joined_at`].
pub fn joined_at(site: &SiteId, conversation: &ConversationId) -> Stmt {
    stmt!(JOINED_AT, site.as_str(), conversation.as_str())
}

/// The moment of an answer to [`joined_at`].
pub fn decode_joined_at(answer: Answer) -> Result<Option<Timestamp>, DbError> {
    Ok(answer.decode_first::<JoinedRow>()?.map(|row| row.at_ms))
}

/// Undoes a merge.
pub fn undo(site: &SiteId, id: &MergeId, by: &str, now: Timestamp) -> Stmt {
    stmt!(UNDO, site.as_str(), id.as_str(), now, by)
}

/// Asks for a contact's own row; see [`super::contacts::decode_one`].
pub fn own(site: &SiteId, contact: &ContactId) -> Stmt {
    stmt!(OWN, site.as_str(), contact.as_str())
}

/// Sets what is known of a contact, also to nothing.
pub fn set_contact(site: &SiteId, contact: &Contact) -> Stmt {
    let Contact { id, name, locale, time_zone } = contact;
    stmt!(SET_CONTACT, site.as_str(), id.as_str(), name.clone(), locale.clone(), time_zone.clone())
}

/// Makes a contact, and whoever came with them, somebody of their own again.
pub fn part(site: &SiteId, contact: &ContactId) -> Stmt {
    stmt!(PART, site.as_str(), contact.as_str())
}

/// Asks for the handles of a contact and of those who came with them; see [`super::contacts::decode_handles`].
pub fn part_handles(site: &SiteId, contact: &ContactId) -> Stmt {
    stmt!(PART_HANDLES, site.as_str(), contact.as_str())
}

/// Gives back what had been passed on: what waits, and what runs.
pub fn pass_back(
    site: &SiteId,
    from: &ConversationId,
    to: &ConversationId,
    contact: &ContactId,
) -> [Stmt; 2] {
    [PASS_PLANNED_BACK, PASS_RUNS_BACK]
        .map(|sql| stmt!(sql, site.as_str(), from.as_str(), to.as_str(), contact.as_str()))
}

/// Gives everything of a contact that stands on a conversation back with it, but for the addresses they had before.
pub fn give_back(
    site: &SiteId,
    conversation: &ConversationId,
    (from, to): (&ContactId, &ContactId),
    handles: &[Address],
) -> [Stmt; 4] {
    let kept: Vec<String> = handles
        .iter()
        .map(|address| format!("{}:{}", address.kind.as_str(), identity::key(address)))
        .collect();
    let (site, from, to) = (site.as_str(), from.as_str(), to.as_str());
    [
        stmt!(GIVE_FACTS, site, from, to),
        stmt!(GIVE_TAGS, site, from, to),
        stmt!(GIVE_APPOINTMENTS, site, from, to, conversation.as_str()),
        stmt!(GIVE_HANDLES, site, from, to, encode_json(&kept)),
    ]
}

/// Asks for a person's tags, each with whose it is; answers with [`Tagged`].
pub fn tags(site: &SiteId, contact: &ContactId) -> Stmt {
    stmt!(TAGS, site.as_str(), contact.as_str())
}

/// Puts a tag back on the parted contact or on somebody who came with them.
pub fn put_tag_back(site: &SiteId, contact: &ContactId, tagged: &Tagged) -> Stmt {
    let Tagged { contact_id, tag, at_ms } = tagged;
    stmt!(PUT_TAG_BACK, site.as_str(), contact.as_str(), contact_id.as_str(), tag.as_str(), *at_ms)
}

#[derive(Deserialize)]
struct NamedRow {
    id: ContactId,
}

/// Asks who has a name; at most ten.
pub fn of_name(site: &SiteId, name: &str) -> Stmt {
    stmt!(OF_NAME, site.as_str(), name)
}

/// The contacts of an answer to [`of_name`].
pub fn decode_named(answer: Answer) -> Result<Vec<ContactId>, DbError> {
    Ok(answer.decode_all::<NamedRow>()?.into_iter().map(|row| row.id).collect())
}

/// Notes that two contacts are not the same person.
pub fn keep_apart(site: &SiteId, one: &ContactId, other: &ContactId, by: &str, now: Timestamp) -> Stmt {
    let (one, other) = (one.min(other), one.max(other));
    stmt!(KEEP_APART, site.as_str(), one.as_str(), other.as_str(), now, by)
}

/// Asks whether two people were said not to be the same; one row where they were.
pub fn is_apart(site: &SiteId, one: &ContactId, other: &ContactId) -> Stmt {
    stmt!(IS_APART, site.as_str(), one.as_str(), other.as_str())
}

/// Forgets that two people were said not to be the same.
pub fn drop_apart(site: &SiteId, one: &ContactId, other: &ContactId) -> Stmt {
    stmt!(DROP_APART, site.as_str(), one.as_str(), other.as_str())
}
