//! Conversations: the row that knows the newest place, the floor and the answer that is owed.

use serde::Deserialize;

use super::{Answer, DbError, Stmt, decode_json, encode_json, statements, stmt, work};
use crate::{
    conversation::{Conversation, Window},
    id::{ContactId, ConversationId, DeliveryId, SiteId},
    time::Timestamp,
    work::Work,
};

statements! {
    /// A conversation.
    CONVERSATION = "SELECT * FROM conversations WHERE id = ?2 AND site_id = ?1";
    /// The conversation of a contact.
    BY_CONTACT = "SELECT * FROM conversations WHERE site_id = ?1 AND contact_id = ?2";
    /// The conversations of a contact and of everybody who was joined to them.
    OF_PERSON = "SELECT v.id, v.last_seq FROM (
          SELECT id FROM contacts WHERE site_id = ?1 AND id = ?2
          UNION ALL SELECT id FROM contacts WHERE site_id = ?1 AND merged_into = ?2
        ) c
        CROSS JOIN conversations v ON v.site_id = ?1 AND v.contact_id = c.id ORDER BY v.id";
    /// The conversation behind an address, after joins.
    BY_ADDRESS = "SELECT v.* FROM handles h
        JOIN contacts o ON o.site_id = h.site_id AND o.id = h.contact_id
        JOIN conversations v ON v.site_id = h.site_id AND v.contact_id = COALESCE(o.merged_into, o.id)
        WHERE h.site_id = ?1 AND h.kind = ?2 AND h.address_key = ?3";
    /// Adds a conversation; a second one of a contact is a conflict.
    ADD = "INSERT INTO conversations (site_id, id, contact_id, last_seq, floor, fence, turn_basis_seq,
          turn_due_at_ms, turn_owed, said_since_ms, said_count, turns_since_ms, turns_count, tokens_since_ms,
          tokens_count, disclosed, busy_told_at_ms, updated_at_ms, typed, heard_at_ms, spent, version, promise,
          promise_wakes_at_ms, heard, promised_by_ms, assigned, progress, snoozed_until_ms, waits_since_ms, said_seq,
          called)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25,
          ?26, ?27, ?28, ?29, ?30, ?31, ?32)";
    /// Takes a conversation's new state, the one after the version it was made from; whoever was working on an answer has lost it if the answer owed next is another.
    UPDATE = "UPDATE conversations SET last_seq = ?4, floor = ?5, fence = ?6,
          turn_lease = CASE WHEN turn_basis_seq IS ?7 THEN turn_lease END,
          turn_lease_until_ms = CASE WHEN turn_basis_seq IS ?7 THEN turn_lease_until_ms END,
          turn_basis_seq = ?7, turn_due_at_ms = ?8, turn_owed = ?9, said_since_ms = ?10, said_count = ?11,
          turns_since_ms = ?12, turns_count = ?13, tokens_since_ms = ?14, tokens_count = ?15,
          disclosed = ?16, busy_told_at_ms = ?17, updated_at_ms = ?18, typed = ?19,
          heard_at_ms = ?20, spent = ?21, version = ?22, promise = ?23, promise_wakes_at_ms = ?24, heard = ?25,
          promised_by_ms = ?26, assigned = ?27, progress = CASE progress WHEN 'joined' THEN progress ELSE ?28 END,
          snoozed_until_ms = ?29, waits_since_ms = ?30, said_seq = ?31, called = ?32
        WHERE site_id = ?1 AND id = ?2 AND contact_id = ?3";
    /// Passes a conversation to the contact its own turned out to be.
    ADOPT = "UPDATE conversations SET contact_id = ?4 WHERE site_id = ?1 AND id = ?2 AND contact_id = ?3";
    /// Takes the answer that is owed to work on: one winner.
    CLAIM_TURN = "UPDATE conversations SET turn_lease = ?3, turn_lease_until_ms = ?4
        WHERE id = ?2 AND site_id = ?1 AND turn_basis_seq IS NOT NULL AND turn_due_at_ms <= ?5
          AND (turn_lease_until_ms IS NULL OR turn_lease_until_ms <= ?5)
        RETURNING *";
    /// Answers that are owed and that nobody works on, over all sites: the healer's list.
    OWING = "SELECT site_id, id FROM conversations
        WHERE turn_due_at_ms IS NOT NULL AND turn_due_at_ms <= ?1
          AND (turn_lease_until_ms IS NULL OR turn_lease_until_ms <= ?1)
        ORDER BY turn_due_at_ms LIMIT ?2";
    /// Promises that are to be looked at, over all sites: the healer's list.
    PROMISED = "SELECT site_id, id FROM conversations
        WHERE promise_wakes_at_ms IS NOT NULL AND promise_wakes_at_ms <= ?1 ORDER BY promise_wakes_at_ms LIMIT ?2";
    /// What the team of a site has to keep, the next to be missed first.
    PROMISES = "SELECT * FROM conversations INDEXED BY conversations_promises
        WHERE site_id = ?1 AND promised_by_ms IS NOT NULL AND progress <> 'joined' ORDER BY promise_wakes_at_ms IS NULL, promise_wakes_at_ms, id LIMIT ?2";
}

#[derive(Deserialize)]
struct ConversationRow {
    version: u32,
    id: ConversationId,
    contact_id: ContactId,
    last_seq: u32,
    floor: String,
    fence: u32,
    turn_owed: String,
    said_since_ms: i64,
    said_count: u32,
    turns_since_ms: i64,
    turns_count: u32,
    tokens_since_ms: i64,
    tokens_count: u32,
    disclosed: String,
    typed: String,
    heard_at_ms: Option<i64>,
    heard: String,
    spent: String,
    promise: Option<String>,
    called: String,
    busy_told_at_ms: Option<i64>,
    assigned: Option<String>,
    progress: String,
    snoozed_until_ms: Option<i64>,
    waits_since_ms: Option<i64>,
    said_seq: Option<u32>,
    not_delivered: Option<DeliveryId>,
}

/// The conversation of an answer to one of this module's questions.
pub fn decode(answer: Answer) -> Result<Option<Conversation>, DbError> {
    answer.decode_first::<ConversationRow>()?.map(decode_row).transpose()
}

/// The conversations of an answer to [`promises`].
pub fn decode_all(answer: Answer) -> Result<Vec<Conversation>, DbError> {
    answer.decode_all::<ConversationRow>()?.into_iter().map(decode_row).collect()
}

fn decode_row(row: ConversationRow) -> Result<Conversation, DbError> {
    let window = |since, count| Window { since: Timestamp::from_ms(since), count };
    Ok(Conversation {
        version: row.version,
        id: row.id,
        contact: row.contact_id,
        last_seq: row.last_seq,
        floor: decode_json(&row.floor)?,
        fence: row.fence,
        owed: decode_json(&row.turn_owed)?,
        said: window(row.said_since_ms, row.said_count),
        turns: window(row.turns_since_ms, row.turns_count),
        tokens: window(row.tokens_since_ms, row.tokens_count),
        typed: decode_json(&row.typed)?,
        disclosed: decode_json(&row.disclosed)?,
        heard_at: row.heard_at_ms.map(Timestamp::from_ms),
        heard: decode_json(&row.heard)?,
        spent: decode_json(&row.spent)?,
        busy_told_at: row.busy_told_at_ms.map(Timestamp::from_ms),
        promise: row.promise.as_deref().map(decode_json).transpose()?,
        work: Work {
            assigned: row.assigned,
            progress: work::progress(&row.progress, row.snoozed_until_ms),
            waits_since: row.waits_since_ms.map(Timestamp::from_ms),
            said_seq: row.said_seq,
            not_delivered: row.not_delivered,
        },
        called: decode_json(&row.called)?,
    })
}

/// Asks for a conversation.
pub fn conversation(site: &SiteId, id: &ConversationId) -> Stmt {
    stmt!(CONVERSATION, site.as_str(), id.as_str())
}

/// Asks for a contact's conversation.
pub fn by_contact(site: &SiteId, contact: &ContactId) -> Stmt {
    stmt!(BY_CONTACT, site.as_str(), contact.as_str())
}

/// A conversation of a person, and its newest place.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Thread {
    /// Which.
    pub id: ConversationId,
    /// Its newest event's place.
    pub last_seq: u32,
}

/// Asks for the conversations of a contact, by its id after joins; answers with [`Thread`]s.
pub fn of_person(site: &SiteId, contact: &ContactId) -> Stmt {
    stmt!(OF_PERSON, site.as_str(), contact.as_str())
}

/// Asks for the conversation behind an address.
pub fn by_address(site: &SiteId, address: &crate::contact::Address) -> Stmt {
    stmt!(BY_ADDRESS, site.as_str(), address.kind.as_str(), crate::identity::key(address))
}

/// Adds a conversation in its first state.
pub fn add(site: &SiteId, state: &Conversation, now: Timestamp) -> Stmt {
    write(ADD, site, state, now)
}

/// Takes a conversation's new state; a conflict where another was written since it was read.
pub fn update(site: &SiteId, state: &Conversation, now: Timestamp) -> Stmt {
    write(UPDATE, site, state, now)
}

/// Passes a conversation to another contact; one who has a conversation already is a conflict.
pub fn adopt(site: &SiteId, state: &Conversation, contact: &ContactId) -> Stmt {
    stmt!(ADOPT, site.as_str(), state.id.as_str(), state.contact.as_str(), contact.as_str())
}

fn write(sql: &'static str, site: &SiteId, state: &Conversation, now: Timestamp) -> Stmt {
    let next = state.next_owed();
    stmt!(
        sql,
        site.as_str(),
        state.id.as_str(),
        state.contact.as_str(),
        state.last_seq,
        encode_json(&state.floor),
        state.fence,
        next.map(|owed| owed.basis_seq),
        next.map(|owed| owed.due_at),
        encode_json(&state.owed),
        state.said.since,
        state.said.count,
        state.turns.since,
        state.turns.count,
        state.tokens.since,
        state.tokens.count,
        encode_json(&state.disclosed),
        state.busy_told_at,
        now,
        encode_json(&state.typed),
        state.heard_at,
        encode_json(&state.spent),
        state.version + 1,
        state.promise.as_ref().map(encode_json),
        state.promise.as_ref().and_then(|promise| promise.wakes_at),
        encode_json(&state.heard),
        state.promise.as_ref().map(|promise| promise.by),
        state.work.assigned.clone(),
        work::progress_word(state.work.progress),
        work::snoozed_until(state.work.progress),
        state.work.waits_since,
        state.work.said_seq,
        encode_json(&state.called),
    )
}

/// How long one worker may work on an answer before another may take it, in milliseconds.
pub const TURN_LEASE_MS: i64 = 30_000;

/// Takes the answer that is owed; the answer holds the conversation, or nothing where there is none to take.
pub fn claim_turn(site: &SiteId, id: &ConversationId, lease: &str, now: Timestamp) -> Stmt {
    stmt!(CLAIM_TURN, site.as_str(), id.as_str(), lease, now.plus_ms(TURN_LEASE_MS), now)
}

/// A conversation that waits for an answer, or in which a promise has to be looked at.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Owing {
    /// The site.
    pub site_id: SiteId,
    /// The conversation.
    pub id: ConversationId,
}

/// Asks which promises are to be looked at; answers with [`Owing`].
pub fn promised(now: Timestamp, limit: u32) -> Stmt {
    stmt!(PROMISED, now, limit)
}

/// Asks what the team of a site has to keep; see [`decode_all`].
pub fn promises(site: &SiteId, limit: u32) -> Stmt {
    stmt!(PROMISES, site.as_str(), limit)
}

/// Asks which answers are overdue; answers with [`Owing`].
pub fn owing(now: Timestamp, limit: u32) -> Stmt {
    stmt!(OWING, now, limit)
}
