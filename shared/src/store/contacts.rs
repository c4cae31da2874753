//! Contacts, their handles, and claims on other people's.

use serde::Deserialize;

use super::{Answer, DbError, Stmt, decode_word, statements, stmt};
use crate::{
    contact::{Address, AddressKind, Assurance, Contact, Handle},
    id::{ContactId, ConversationId, EventId, SiteId},
    identity,
    time::Timestamp,
};

statements! {
    /// The contact behind an address, after joins, with the handle itself.
    BY_ADDRESS = "SELECT h.kind, h.address, h.address_key, h.contact_id AS owner_id, h.assurance, h.blocked, h.is_shared,
          c.id, c.name, c.locale, c.time_zone
        FROM handles h
        JOIN contacts o ON o.site_id = h.site_id AND o.id = h.contact_id
        JOIN contacts c ON c.site_id = o.site_id AND c.id = COALESCE(o.merged_into, o.id)
        WHERE h.site_id = ?1 AND h.kind = ?2 AND h.address_key = ?3";
    /// A contact, after joins.
    CONTACT = "SELECT c.id, c.name, c.locale, c.time_zone FROM contacts o
        JOIN contacts c ON c.site_id = o.site_id AND c.id = COALESCE(o.merged_into, o.id)
        WHERE o.site_id = ?1 AND o.id = ?2";
    /// The contact whose conversation it is, after joins.
    OF_CONVERSATION = "SELECT c.id, c.name, c.locale, c.time_zone FROM conversations v
        JOIN contacts o ON o.site_id = v.site_id AND o.id = v.contact_id
        JOIN contacts c ON c.site_id = o.site_id AND c.id = COALESCE(o.merged_into, o.id)
        WHERE v.id = ?2 AND v.site_id = ?1";
    /// All handles of a contact, also those that came with joins.
    HANDLES = "SELECT h.kind, h.address, h.address_key, h.contact_id AS owner_id, h.assurance, h.blocked, h.is_shared
        FROM (
          SELECT id FROM contacts WHERE site_id = ?1 AND id = ?2
          UNION ALL SELECT id FROM contacts WHERE site_id = ?1 AND merged_into = ?2
        ) c
        CROSS JOIN handles h INDEXED BY handles_by_contact ON h.site_id = ?1 AND h.contact_id = c.id
        ORDER BY h.created_at_ms, h.address_key";
    /// The same, asked by a conversation.
    HANDLES_OF_CONVERSATION = "WITH root AS (
          SELECT COALESCE(o.merged_into, o.id) AS id FROM conversations v
          JOIN contacts o ON o.site_id = v.site_id AND o.id = v.contact_id
          WHERE v.id = ?2 AND v.site_id = ?1
        ) SELECT h.kind, h.address, h.address_key, h.contact_id AS owner_id, h.assurance, h.blocked, h.is_shared
        FROM (
          SELECT id FROM root
          UNION ALL SELECT c.id FROM root CROSS JOIN contacts c ON c.site_id = ?1 AND c.merged_into = root.id
        ) c
        CROSS JOIN handles h INDEXED BY handles_by_contact ON h.site_id = ?1 AND h.contact_id = c.id
        ORDER BY h.created_at_ms, h.address_key";
    /// Adds a contact.
    ADD_CONTACT = "INSERT INTO contacts (site_id, id, name, locale, time_zone, created_at_ms)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    /// Fills in what was not known, and takes a newer language and zone.
    UPDATE_CONTACT = "UPDATE contacts SET name = COALESCE(?3, name), locale = COALESCE(?4, locale),
        time_zone = COALESCE(?5, time_zone) WHERE site_id = ?1 AND id = ?2";
    /// Adds a handle; an address somebody else has is a conflict.
    ADD_HANDLE = "INSERT INTO handles (site_id, kind, address_key, address, contact_id, assurance, created_at_ms)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    /// Raises a handle's assurance; it never falls.
    PROVE_HANDLE = "UPDATE handles SET assurance = MAX(assurance, ?4)
        WHERE site_id = ?1 AND kind = ?2 AND address_key = ?3";
    /// Opts an address out of its channel, or in again.
    BLOCK_HANDLE = "UPDATE handles SET blocked = ?4 WHERE site_id = ?1 AND kind = ?2 AND address_key = ?3";
    /// Notes that a contact typed an address that belongs to another.
    CLAIM = "INSERT INTO claims (site_id, kind, address_key, contact_id, event_id, at_ms)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT (site_id, kind, address_key, contact_id) DO UPDATE SET
          event_id = excluded.event_id, at_ms = excluded.at_ms";
    /// Who typed this address lately, newest first.
    CLAIMS = "SELECT contact_id, event_id FROM claims
        WHERE site_id = ?1 AND kind = ?2 AND address_key = ?3 AND at_ms >= ?4 ORDER BY at_ms DESC LIMIT 5";
    /// Settles a claim.
    DROP_CLAIM = "DELETE FROM claims WHERE site_id = ?1 AND kind = ?2 AND address_key = ?3 AND contact_id = ?4";
    /// Joins a contact, and everybody who was joined to it, into another.
    JOIN_CONTACT = "UPDATE contacts SET merged_into = ?3
        WHERE site_id = ?1 AND id IN (
          SELECT ?2 UNION ALL SELECT id FROM contacts WHERE site_id = ?1 AND merged_into = ?2)";
}

#[derive(Deserialize)]
struct ContactRow {
    id: ContactId,
    name: Option<String>,
    locale: Option<String>,
    time_zone: Option<String>,
}

#[derive(Deserialize)]
struct HandleRow {
    kind: String,
    address: String,
    owner_id: ContactId,
    assurance: i64,
    blocked: i64,
    is_shared: i64,
}

fn decode_contact(row: ContactRow) -> Contact {
    Contact { id: row.id, name: row.name, locale: row.locale, time_zone: row.time_zone }
}

fn decode_handle(row: HandleRow) -> Result<Handle, DbError> {
    Ok(Handle {
        address: Address::new(decode_word(&row.kind, AddressKind::parse(&row.kind))?, row.address),
        owner: row.owner_id,
        assurance: Assurance::from_level(row.assurance),
        blocked: row.blocked != 0,
        is_shared: row.is_shared != 0,
    })
}

/// The contact and handle of an answer to [`by_address`].
pub fn decode_by_address(answer: Answer) -> Result<Option<(Contact, Handle)>, DbError> {
    let Some(row) = answer.rows.into_iter().next() else { return Ok(None) };
    let contact = decode_contact(row.clone().decode()?);
    Ok(Some((contact, decode_handle(row.decode()?)?)))
}

/// The contact of an answer to [`contact`] or [`of_conversation`].
pub fn decode_one(answer: Answer) -> Result<Option<Contact>, DbError> {
    Ok(answer.decode_first::<ContactRow>()?.map(decode_contact))
}

/// The handles of an answer to [`handles`] or [`handles_of_conversation`].
pub fn decode_handles(answer: Answer) -> Result<Vec<Handle>, DbError> {
    answer.decode_all()?.into_iter().map(decode_handle).collect()
}

/// Asks whose an address is.
pub fn by_address(site: &SiteId, address: &Address) -> Stmt {
    stmt!(BY_ADDRESS, site.as_str(), address.kind.as_str(), identity::key(address))
}

/// Asks for a contact by any of its ids.
pub fn contact(site: &SiteId, id: &ContactId) -> Stmt {
    stmt!(CONTACT, site.as_str(), id.as_str())
}

/// Asks for the handles of whoever a conversation belongs to.
pub fn handles_of_conversation(site: &SiteId, id: &ConversationId) -> Stmt {
    stmt!(HANDLES_OF_CONVERSATION, site.as_str(), id.as_str())
}

/// Asks whose a conversation is.
pub fn of_conversation(site: &SiteId, id: &ConversationId) -> Stmt {
    stmt!(OF_CONVERSATION, site.as_str(), id.as_str())
}

/// Asks for a contact's handles.
pub fn handles(site: &SiteId, id: &ContactId) -> Stmt {
    stmt!(HANDLES, site.as_str(), id.as_str())
}

/// Adds a contact.
pub fn add_contact(site: &SiteId, contact: &Contact, now: Timestamp) -> Stmt {
    let Contact { id, name, locale, time_zone } = contact;
    stmt!(ADD_CONTACT, site.as_str(), id.as_str(), name.clone(), locale.clone(), time_zone.clone(), now)
}

/// Fills in what is now known of a contact; `None` leaves a field as it is.
pub fn update_contact(site: &SiteId, contact: &Contact) -> Stmt {
    let Contact { id, name, locale, time_zone } = contact;
    stmt!(UPDATE_CONTACT, site.as_str(), id.as_str(), name.clone(), locale.clone(), time_zone.clone())
}

/// Adds a handle.
pub fn add_handle(site: &SiteId, handle: &Handle, now: Timestamp) -> Stmt {
    stmt!(
        ADD_HANDLE,
        site.as_str(),
        handle.address.kind.as_str(),
        identity::key(&handle.address),
        handle.address.text.as_str(),
        handle.owner.as_str(),
        handle.assurance.level(),
        now,
    )
}

/// Raises a handle's assurance.
pub fn prove_handle(site: &SiteId, address: &Address, assurance: Assurance) -> Stmt {
    stmt!(PROVE_HANDLE, site.as_str(), address.kind.as_str(), identity::key(address), assurance.level())
}

/// Opts an address out, or in again.
pub fn block_handle(site: &SiteId, address: &Address, blocked: bool) -> Stmt {
    stmt!(BLOCK_HANDLE, site.as_str(), address.kind.as_str(), identity::key(address), i64::from(blocked))
}

/// Notes a claim.
pub fn claim(site: &SiteId, address: &Address, by: &ContactId, event: &EventId, now: Timestamp) -> Stmt {
    let (kind, key) = (address.kind.as_str(), identity::key(address));
    stmt!(CLAIM, site.as_str(), kind, key, by.as_str(), event.as_str(), now)
}

/// Asks who claimed an address since `since`.
pub fn claims(site: &SiteId, address: &Address, since: Timestamp) -> Stmt {
    stmt!(CLAIMS, site.as_str(), address.kind.as_str(), identity::key(address), since)
}

/// A claim on an address.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Claim {
    /// Who typed it.
    pub contact_id: ContactId,
    /// In which event.
    pub event_id: EventId,
}

/// Settles a claim.
pub fn drop_claim(site: &SiteId, address: &Address, by: &ContactId) -> Stmt {
    stmt!(DROP_CLAIM, site.as_str(), address.kind.as_str(), identity::key(address), by.as_str())
}

/// Joins `from` into `into`.
pub fn join_contact(site: &SiteId, from: &ContactId, into: &ContactId) -> Stmt {
    stmt!(JOIN_CONTACT, site.as_str(), from.as_str(), into.as_str())
}
