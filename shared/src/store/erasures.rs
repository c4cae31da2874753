//! Erasing everything about a person, and what is left of them: ids, times, and keyed hashes in the place of addresses.
//!
//! Every table that holds something of a contact has its statement here; a test looks through all tables.

use serde::Deserialize;

use super::{Answer, Db, DbError, Stmt, alerts, decode_json, encode_json, files, statements, stmt};
use crate::{
    alert,
    contact::Address,
    id::{ContactId, ConversationId, EndpointId, SiteId},
    identity,
    site::Site,
    time::Timestamp,
};

statements! {
    /// When everything about a contact was erased.
    ERASED_AT = "SELECT erased_at_ms FROM contacts WHERE site_id = ?1 AND id = ?2 AND erased_at_ms IS NOT NULL";
    /// Blanks a conversation's events; an address gives way to its hash.
    EVENTS = "UPDATE events SET body = '{\"erased\":{}}',
          address_key = COALESCE((SELECT j.value FROM json_each(?3) j WHERE j.key = events.address_key), ?4)
        WHERE conversation_id = ?2 AND site_id = ?1";
    /// Empties a conversation's state; its version must be the one after that which was read.
    CONVERSATION = "UPDATE conversations SET version = ?3, floor = '\"assistant\"', fence = fence + 1, turn_owed = '[]',
          turn_basis_seq = NULL, turn_due_at_ms = NULL, turn_lease = NULL, turn_lease_until_ms = NULL, typed = '[]',
          heard = '[]', spent = '[]', called = '[]', promise = NULL, promise_wakes_at_ms = NULL, updated_at_ms = 0
        WHERE id = ?2 AND site_id = ?1";
    /// Takes the addresses out of the outbox; what has not been sent never is.
    DELIVERIES = "UPDATE deliveries INDEXED BY deliveries_by_event SET address = '',
          address_key = COALESCE((SELECT j.value FROM json_each(?3) j WHERE j.key = deliveries.address_key), ?4),
          reason = CASE state WHEN 'pending' THEN 'person.erased' WHEN 'sending' THEN 'unknown' ELSE reason END,
          state = CASE state WHEN 'pending' THEN 'cancelled' WHEN 'sending' THEN 'wedged' ELSE state END,
          lease = NULL, lease_until_ms = NULL
        WHERE conversation_id = ?2 AND site_id = ?1";
    /// Verdicts name whereabouts and what was said about whom.
    VERDICTS = "DELETE FROM verdicts WHERE conversation_id = ?2 AND site_id = ?1";
    /// What waits to be said.
    PLANNED = "DELETE FROM planned WHERE conversation_id = ?2 AND site_id = ?1";
    /// Sequences.
    RUNS = "DELETE FROM runs WHERE site_id = ?1 AND conversation_id = ?2";
    /// What our staff were told about it.
    NOTICES = "DELETE FROM notices WHERE site_id = ?1 AND group_key = ?2";
    /// Message-IDs.
    MAIL_IDS = "DELETE FROM mail_ids WHERE site_id = ?1 AND conversation_id = ?2";
    /// What a browser has sent: its name stands in each arrival's.
    ARRIVALS = "DELETE FROM arrivals WHERE endpoint_id = ?2 AND external_id >= ?3 || '/' AND external_id < ?3 || '0'
          AND site_id = ?1";
    /// Mails: their author stands in each arrival's name, after the Message-ID.
    MAIL_ARRIVALS = "DELETE FROM arrivals WHERE site_id = ?1 AND endpoint_id = ?3 AND external_id IN (
          SELECT a.external_id FROM mail_ids m INDEXED BY mail_ids_by_place
          CROSS JOIN arrivals a ON a.endpoint_id = ?3 AND a.external_id >= m.message_id || ' '
            AND a.external_id < m.message_id || '!'
          WHERE m.site_id = ?1 AND m.conversation_id = ?2)";
    /// Mails that have no Message-ID: few.
    NAMELESS_ARRIVALS = "DELETE FROM arrivals WHERE endpoint_id = ?3 AND external_id >= 'sha256:'
          AND external_id < 'sha256;' AND conversation_id = ?2 AND site_id = ?1";
    /// What was typed of an address by others.
    CLAIMS = "DELETE FROM claims WHERE site_id = ?1 AND kind = ?2 AND address_key = ?3";
    /// An address gives way to its hash.
    HANDLE = "UPDATE handles SET address_key = ?4, address = ?4, assurance = 0, blocked = 1, is_shared = 0
        WHERE site_id = ?1 AND kind = ?2 AND address_key = ?3";
    /// An entry of an address's ledger keeps its place and hash; its words give way to their own hash.
    CONSENT = "UPDATE consents SET address_key = ?5, body = ?6
        WHERE site_id = ?1 AND kind = ?2 AND address_key = ?3 AND n = ?4";
    /// What was remembered.
    FACTS = "DELETE FROM facts WHERE site_id = ?1 AND contact_id IN (
          SELECT id FROM contacts WHERE site_id = ?1 AND id = ?2
          UNION ALL SELECT id FROM contacts WHERE site_id = ?1 AND merged_into = ?2)";
    /// Tags.
    TAGS = "DELETE FROM tags WHERE site_id = ?1 AND contact_id IN (
          SELECT id FROM contacts WHERE site_id = ?1 AND id = ?2
          UNION ALL SELECT id FROM contacts WHERE site_id = ?1 AND merged_into = ?2)";
    /// What the team kept.
    FIELDS = "DELETE FROM fields WHERE site_id = ?1 AND contact_id IN (
          SELECT id FROM contacts WHERE site_id = ?1 AND id = ?2
          UNION ALL SELECT id FROM contacts WHERE site_id = ?1 AND merged_into = ?2)";
    /// Addresses that are somebody else's by now.
    FORMER_HANDLES = "DELETE FROM former_handles WHERE site_id = ?1 AND contact_id IN (
          SELECT id FROM contacts WHERE site_id = ?1 AND id = ?2
          UNION ALL SELECT id FROM contacts WHERE site_id = ?1 AND merged_into = ?2)";
    /// Calls off what is still to come.
    CALL_OFF = "UPDATE appointments INDEXED BY appointments_by_contact
        SET state = 'cancelled', version = version + 1, updated_at_ms = ?3
        WHERE site_id = ?1 AND state IN ('held', 'booked') AND ends_at_ms > ?3 AND contact_id IN (
          SELECT id FROM contacts WHERE site_id = ?1 AND id = ?2
          UNION ALL SELECT id FROM contacts WHERE site_id = ?1 AND merged_into = ?2)";
    /// Takes words and addresses out of appointments: what is left is that a time was taken.
    APPOINTMENTS = "UPDATE appointments INDEXED BY appointments_by_contact SET note = NULL, mailbox = NULL,
          address_key = COALESCE((SELECT j.value FROM json_each(?3) j WHERE j.key = appointments.address_key), ?4)
        WHERE site_id = ?1 AND contact_id IN (
          SELECT id FROM contacts WHERE site_id = ?1 AND id = ?2
          UNION ALL SELECT id FROM contacts WHERE site_id = ?1 AND merged_into = ?2)";
    /// Why they were joined, and what is needed to part them: nobody is left to part.
    MERGES_INTO = "UPDATE merges INDEXED BY merges_by_into SET evidence = '{}', detail = '{}' WHERE site_id = ?1 AND into_id IN (
          SELECT id FROM contacts WHERE site_id = ?1 AND id = ?2
          UNION ALL SELECT id FROM contacts WHERE site_id = ?1 AND merged_into = ?2)";
    /// The same from the other side.
    MERGES_FROM = "UPDATE merges INDEXED BY merges_by_from SET evidence = '{}', detail = '{}' WHERE site_id = ?1 AND from_id IN (
          SELECT id FROM contacts WHERE site_id = ?1 AND id = ?2
          UNION ALL SELECT id FROM contacts WHERE site_id = ?1 AND merged_into = ?2)";
    /// The contact, and whoever was joined to them.
    CONTACTS = "UPDATE contacts SET name = NULL, locale = NULL, time_zone = NULL, erased_at_ms = ?3
        WHERE site_id = ?1 AND id IN (
          SELECT ?2 UNION ALL SELECT id FROM contacts WHERE site_id = ?1 AND merged_into = ?2)";
    /// What went through the sandbox to or from an address.
    SANDBOX = "DELETE FROM sandbox_messages WHERE site_id = ?1 AND (lower(sender) = ?2 OR lower(recipient) = ?2)";
    /// Sites that keep people for so long and no longer, over all: the sweep's list.
    RETAINING = "SELECT id, definition FROM sites INDEXED BY sites_retaining
        WHERE json_extract(definition, '$.policy.retention_months') IS NOT NULL AND id > ?1 ORDER BY id LIMIT ?2";
    /// People with whom nothing has happened since a moment; nobody who was erased is among them.
    SILENT = "SELECT contact_id FROM conversations INDEXED BY conversations_recent
        WHERE site_id = ?1 AND progress IN ('open', 'snoozed', 'resolved', 'joined') AND updated_at_ms > 0
          AND updated_at_ms < ?2 LIMIT ?3";
}

/// An address, and what takes its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// The address.
    pub address: Address,
    /// What takes its place: `erased:` and 32 hexadecimal digits of a keyed hash.
    pub by: String,
    /// The keyed hash under which it is suppressed.
    pub suppression: String,
    /// The entries of its ledger: their places, and the SHA-256 of their words.
    pub entries: Vec<(u32, String)>,
}

/// What stands for an address whose hash is not known here.
const NOBODY: &str = "erased:00000000000000000000000000000000";

#[derive(Deserialize)]
struct ErasedRow {
    erased_at_ms: Timestamp,
}

/// Asks whether everything about a contact was erased.
pub fn erased_at(site: &SiteId, contact: &ContactId) -> Stmt {
    stmt!(ERASED_AT, site.as_str(), contact.as_str())
}

/// The moment of an answer to [`erased_at`].
pub fn decode_erased_at(answer: Answer) -> Result<Option<Timestamp>, DbError> {
    Ok(answer.decode_first::<ErasedRow>()?.map(|row| row.erased_at_ms))
}

/// Erases a conversation that was read at a version, and everything that stands on it.
pub fn conversation(site: &SiteId, id: &ConversationId, version: u32, replaced: &[Replaced]) -> Vec<Stmt> {
    let (by, told) = (by_key(replaced), alert::group(id));
    let kept = files::erase(site, id);
    let (site, id) = (site.as_str(), id.as_str());
    let mut stmts = vec![
        kept,
        stmt!(CONVERSATION, site, id, version + 1),
        stmt!(EVENTS, site, id, by.as_str(), NOBODY),
        stmt!(DELIVERIES, site, id, by.as_str(), NOBODY),
    ];
    stmts.extend([VERDICTS, PLANNED, RUNS, MAIL_IDS].map(|sql| stmt!(sql, site, id)));
    stmts.push(stmt!(NOTICES, site, told.as_str()));
    stmts.push(stmt!(alerts::WITHDRAW, site, told.as_str()));
    stmts
}

/// Erases what names the mails of a conversation that came in on a line. Before the conversation, which knows their ids.
pub fn mails(site: &SiteId, conversation: &ConversationId, endpoint: &EndpointId) -> [Stmt; 2] {
    [MAIL_ARRIVALS, NAMELESS_ARRIVALS]
        .map(|sql| stmt!(sql, site.as_str(), conversation.as_str(), endpoint.as_str()))
}

/// Erases an address and what was allowed for it; its hash stays where it must not be written to. `widget` is the line that
/// browsers come on.
pub fn address(site: &SiteId, replaced: &Replaced, widget: Option<&EndpointId>) -> Vec<Stmt> {
    let Replaced { address, by, entries, .. } = replaced;
    let (id, kind, key) = (site.as_str(), address.kind.as_str(), identity::key(address));
    let mut stmts: Vec<Stmt> = entries
        .iter()
        .map(|(n, digest)| {
            let body = format!("{{\"erased\":\"{digest}\"}}");
            stmt!(CONSENT, id, kind, key.as_str(), *n, by.as_str(), body)
        })
        .collect();
    stmts.push(stmt!(CLAIMS, id, kind, key.as_str()));
    stmts.push(stmt!(HANDLE, id, kind, key.as_str(), by.as_str()));
    stmts.push(stmt!(SANDBOX, id, key.to_lowercase()));
    if let Some(widget) = widget {
        stmts.push(stmt!(ARRIVALS, id, widget.as_str(), key.as_str()));
    }
    stmts
}

/// Erases what was typed of an address by others.
pub fn claims(site: &SiteId, address: &Address) -> Stmt {
    stmt!(CLAIMS, site.as_str(), address.kind.as_str(), identity::key(address))
}

/// Erases everything that is kept of a contact and of whoever was joined to them.
pub fn contact(site: &SiteId, contact: &ContactId, replaced: &[Replaced], now: Timestamp) -> Vec<Stmt> {
    let (by, id) = (by_key(replaced), contact.as_str());
    let site = site.as_str();
    let mut stmts = vec![stmt!(CALL_OFF, site, id, now), stmt!(APPOINTMENTS, site, id, by, NOBODY)];
    let kept = [FACTS, TAGS, FIELDS, FORMER_HANDLES, MERGES_INTO, MERGES_FROM];
    stmts.extend(kept.map(|sql| stmt!(sql, site, id)));
    stmts.push(stmt!(CONTACTS, site, id, now));
    stmts
}

fn by_key(replaced: &[Replaced]) -> String {
    let by = replaced.iter().map(|one| (identity::key(&one.address), one.by.clone()));
    encode_json(&by.collect::<std::collections::BTreeMap<_, _>>())
}

#[derive(Deserialize)]
struct SiteRow {
    definition: String,
}

/// The sites after one, by their ids, that keep people for so long and no longer.
pub async fn load_retaining(db: &impl Db, after: &str, limit: u32) -> Result<Vec<Site>, DbError> {
    let rows = db.query(&stmt!(RETAINING, after, limit)).await?.decode_all::<SiteRow>()?;
    rows.into_iter().map(|row| decode_json(&row.definition)).collect()
}

#[derive(Deserialize)]
struct SilentRow {
    contact_id: ContactId,
}

/// Asks with whom nothing has happened since a moment.
pub fn silent(site: &SiteId, since: Timestamp, limit: u32) -> Stmt {
    stmt!(SILENT, site.as_str(), since, limit)
}

/// The contacts of an answer to [`silent`].
pub fn decode_silent(answer: Answer) -> Result<Vec<ContactId>, DbError> {
    Ok(answer.decode_all::<SilentRow>()?.into_iter().map(|row| row.contact_id).collect())
}
