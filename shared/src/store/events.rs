//! The timeline's rows.

use serde::Deserialize;

use super::{Answer, Db, DbError, Stmt, decode_json, decode_word, encode_json, statements, stmt};
use crate::{
    channel::Channel,
    event::Event,
    id::{ConversationId, EndpointId, EventId, SiteId},
    time::Timestamp,
};

statements! {
    /// Appends an event. A place that is taken, or a gap, is a conflict.
    APPEND = "INSERT INTO events (site_id, conversation_id, seq, id, at_ms, channel, address_key, speaker, body)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    /// The newest events of a person: of their conversation and of those joined to it. Of none more than are asked for is
    /// looked at.
    RECENT = "SELECT conversation_id, seq, id, at_ms, channel, address_key, speaker, body FROM (
          SELECT e.* FROM contacts c
          JOIN conversations v ON v.site_id = c.site_id AND v.contact_id = c.id
          JOIN events e ON e.conversation_id = v.id AND e.seq > v.last_seq - ?3
          WHERE c.site_id = ?1 AND c.merged_into = ?2
          UNION ALL
          SELECT e.* FROM conversations v
          JOIN events e ON e.conversation_id = v.id AND e.seq > v.last_seq - ?3
          WHERE v.site_id = ?1 AND v.contact_id = ?2
        ) ORDER BY at_ms DESC, conversation_id DESC, seq DESC LIMIT ?3";
    /// The same, asked by a conversation.
    RECENT_OF_CONVERSATION = "WITH root AS (
          SELECT COALESCE(o.merged_into, o.id) AS id FROM conversations v
          JOIN contacts o ON o.site_id = v.site_id AND o.id = v.contact_id
          WHERE v.id = ?2 AND v.site_id = ?1
        ) SELECT conversation_id, seq, id, at_ms, channel, address_key, speaker, body FROM (
          SELECT e.* FROM root
          CROSS JOIN contacts c ON c.site_id = ?1 AND c.merged_into = root.id
          CROSS JOIN conversations v ON v.site_id = c.site_id AND v.contact_id = c.id
          CROSS JOIN events e ON e.conversation_id = v.id AND e.seq > v.last_seq - ?3
          UNION ALL
          SELECT e.* FROM root
          CROSS JOIN conversations v ON v.site_id = ?1 AND v.contact_id = root.id
          CROSS JOIN events e ON e.conversation_id = v.id AND e.seq > v.last_seq - ?3
        ) ORDER BY at_ms DESC, conversation_id DESC, seq DESC LIMIT ?3";
    /// What a conversation has after a cursor, on one line of it.
    AFTER = "SELECT conversation_id, seq, id, at_ms, channel, address_key, speaker, body FROM events
        WHERE conversation_id = ?2 AND site_id = ?1 AND seq > ?3 ORDER BY seq LIMIT ?4";
    /// What a conversation has before a place, the newest first.
    BEFORE = "SELECT conversation_id, seq, id, at_ms, channel, address_key, speaker, body FROM events
        WHERE conversation_id = ?2 AND site_id = ?1 AND seq < ?3 ORDER BY seq DESC LIMIT ?4";
    /// The same of what an address wrote or was written, since a moment.
    AFTER_ON_LINE = "SELECT conversation_id, seq, id, at_ms, channel, address_key, speaker, body FROM events
        WHERE conversation_id = ?2 AND site_id = ?1 AND seq > ?3 AND address_key = ?4 AND at_ms >= ?5 ORDER BY seq";
    /// Notes that something has arrived; a second time is a conflict.
    ARRIVE = "INSERT INTO arrivals (endpoint_id, external_id, site_id, conversation_id, seq, at_ms)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    /// Where something that has arrived stands.
    ARRIVED = "SELECT conversation_id, seq, at_ms FROM arrivals
        WHERE endpoint_id = ?1 AND external_id = ?2 AND site_id = ?3";
    /// Remembers the Message-ID of an email.
    ADD_MAIL_ID = "INSERT INTO mail_ids (site_id, message_id, conversation_id, seq) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (site_id, message_id) DO NOTHING";
    /// The newest Message-IDs of the emails that a conversation has exchanged with one mailbox, newest first.
    MAIL_IDS = "SELECT m.message_id FROM events e
        JOIN mail_ids m ON m.site_id = e.site_id AND m.conversation_id = e.conversation_id AND m.seq = e.seq
        WHERE e.conversation_id = ?2 AND e.site_id = ?1 AND e.channel = 'email' AND e.address_key = ?3
        ORDER BY e.seq DESC LIMIT 12";
    /// The conversation an email's Message-ID belongs to, and whose it is after joins.
    BY_MAIL_ID = "SELECT v.id AS conversation_id, COALESCE(o.merged_into, o.id) AS contact_id FROM mail_ids m
        JOIN conversations v ON v.id = m.conversation_id AND v.site_id = m.site_id
        JOIN contacts o ON o.site_id = v.site_id AND o.id = v.contact_id
        WHERE m.site_id = ?1 AND m.message_id = ?2";
    /// The same of the conversation that a reply address names.
    BY_REPLY_TOKEN = "SELECT v.id AS conversation_id, COALESCE(o.merged_into, o.id) AS contact_id FROM conversations v
        JOIN contacts o ON o.site_id = v.site_id AND o.id = v.contact_id
        WHERE v.id = ?2 AND v.site_id = ?1";
    /// Conversations with their newest word, newest first: the timeline view's list.
    LATEST = "SELECT v.id AS conversation_id, v.contact_id, v.last_seq, v.updated_at_ms, c.name, c.merged_into
        FROM (
          SELECT * FROM (SELECT id, contact_id, last_seq, updated_at_ms FROM conversations
            WHERE site_id = ?1 AND progress = 'open' ORDER BY updated_at_ms DESC LIMIT ?2)
          UNION ALL SELECT * FROM (SELECT id, contact_id, last_seq, updated_at_ms FROM conversations
            WHERE site_id = ?1 AND progress = 'snoozed' ORDER BY updated_at_ms DESC LIMIT ?2)
          UNION ALL SELECT * FROM (SELECT id, contact_id, last_seq, updated_at_ms FROM conversations
            WHERE site_id = ?1 AND progress = 'resolved' ORDER BY updated_at_ms DESC LIMIT ?2)
          UNION ALL SELECT * FROM (SELECT id, contact_id, last_seq, updated_at_ms FROM conversations
            WHERE site_id = ?1 AND progress = 'joined' ORDER BY updated_at_ms DESC LIMIT ?2)
        ) v CROSS JOIN contacts c ON c.site_id = ?1 AND c.id = v.contact_id
        ORDER BY v.updated_at_ms DESC LIMIT ?2";
}

#[derive(Deserialize)]
struct EventRow {
    conversation_id: ConversationId,
    seq: u32,
    id: EventId,
    at_ms: i64,
    channel: String,
    address_key: String,
    speaker: String,
    body: String,
}

fn decode_event(row: EventRow) -> Result<Event, DbError> {
    Ok(Event {
        conversation: row.conversation_id,
        seq: row.seq,
        id: row.id,
        at: Timestamp::from_ms(row.at_ms),
        channel: decode_word(&row.channel, Channel::parse(&row.channel))?,
        address_key: row.address_key,
        speaker: decode_json(&row.speaker)?,
        body: decode_json(&row.body)?,
    })
}

/// The events of an answer to [`recent`] or [`after`].
pub fn decode_events(answer: Answer) -> Result<Vec<Event>, DbError> {
    answer.decode_all()?.into_iter().map(decode_event).collect()
}

/// Appends an event.
pub fn append(site: &SiteId, event: &Event) -> Stmt {
    stmt!(
        APPEND,
        site.as_str(),
        event.conversation.as_str(),
        event.seq,
        event.id.as_str(),
        event.at,
        event.channel.as_str(),
        event.address_key.as_str(),
        encode_json(&event.speaker),
        encode_json(&event.body),
    )
}

/// The newest `limit` events of a contact over all joined conversations, newest first.
pub fn recent(site: &SiteId, contact: &crate::id::ContactId, limit: u32) -> Stmt {
    stmt!(RECENT, site.as_str(), contact.as_str(), limit)
}

/// The same of whoever a conversation belongs to.
pub fn recent_of_conversation(site: &SiteId, conversation: &ConversationId, limit: u32) -> Stmt {
    stmt!(RECENT_OF_CONVERSATION, site.as_str(), conversation.as_str(), limit)
}

/// At most `limit` events after `seq`, in order.
pub fn after(site: &SiteId, conversation: &ConversationId, seq: u32, limit: u32) -> Stmt {
    stmt!(AFTER, site.as_str(), conversation.as_str(), seq, limit)
}

/// At most `limit` events before `seq`, the newest first.
pub fn before(site: &SiteId, conversation: &ConversationId, seq: u32, limit: u32) -> Stmt {
    stmt!(BEFORE, site.as_str(), conversation.as_str(), seq, limit)
}

/// Asks for the events of one address after a place and since a moment, in order.
pub fn after_on_line(
    site: &SiteId,
    conversation: &ConversationId,
    seq: u32,
    address_key: &str,
    since: Timestamp,
) -> Stmt {
    stmt!(AFTER_ON_LINE, site.as_str(), conversation.as_str(), seq, address_key, since)
}

/// Where something that has arrived stands.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Arrived {
    /// In which conversation.
    pub conversation_id: ConversationId,
    /// At which place.
    pub seq: u32,
    /// When it was committed, in milliseconds since 1970.
    pub at_ms: i64,
}

/// Notes an arrival.
pub fn arrive(site: &SiteId, endpoint: &EndpointId, external_id: &str, event: &Event) -> Stmt {
    let (conversation, seq) = (event.conversation.as_str(), event.seq);
    stmt!(ARRIVE, endpoint.as_str(), external_id, site.as_str(), conversation, seq, event.at)
}

/// Asks for an arrival; answers with [`Arrived`].
pub fn arrived(site: &SiteId, endpoint: &EndpointId, external_id: &str) -> Stmt {
    stmt!(ARRIVED, endpoint.as_str(), external_id, site.as_str())
}

/// Remembers an email's Message-ID.
pub fn add_mail_id(site: &SiteId, message_id: &str, conversation: &ConversationId, seq: u32) -> Stmt {
    stmt!(ADD_MAIL_ID, site.as_str(), message_id, conversation.as_str(), seq)
}

#[derive(Deserialize)]
struct MailIdRow {
    message_id: String,
}

/// The newest Message-IDs of the emails that a conversation has exchanged with one mailbox, oldest first; the mailbox as
/// compared. What another mailbox of the same contact wrote is not for this one to see.
pub async fn load_mail_ids(
    db: &impl Db,
    site: &SiteId,
    conversation: &ConversationId,
    mailbox_key: &str,
) -> Result<Vec<String>, DbError> {
    let rows = db.query(&stmt!(MAIL_IDS, site.as_str(), conversation.as_str(), mailbox_key)).await?;
    let mut ids: Vec<String> =
        rows.decode_all::<MailIdRow>()?.into_iter().map(|row| row.message_id).collect();
    ids.reverse();
    Ok(ids)
}

/// The conversation that a mail points to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ThreadPlace {
    /// Which.
    pub conversation_id: ConversationId,
    /// Whose, after joins.
    pub contact_id: crate::id::ContactId,
}

/// Asks which conversation an email's Message-ID belongs to; answers with [`ThreadPlace`].
pub fn by_mail_id(site: &SiteId, message_id: &str) -> Stmt {
    stmt!(BY_MAIL_ID, site.as_str(), message_id)
}

/// Asks whose conversation a reply address names; answers with [`ThreadPlace`].
pub fn by_reply_token(site: &SiteId, conversation: &ConversationId) -> Stmt {
    stmt!(BY_REPLY_TOKEN, site.as_str(), conversation.as_str())
}

/// A conversation in the timeline view's list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Latest {
    /// The conversation.
    pub conversation_id: ConversationId,
    /// Whose.
    pub contact_id: crate::id::ContactId,
    /// How many events it has.
    pub last_seq: u32,
    /// When something last happened, in milliseconds since 1970.
    pub updated_at_ms: i64,
    /// The contact's name.
    pub name: Option<String>,
    /// The contact this one turned out to be.
    pub merged_into: Option<crate::id::ContactId>,
}

/// The site's conversations, the most recently moved first.
pub async fn load_latest(db: &impl Db, site: &SiteId, limit: u32) -> Result<Vec<Latest>, DbError> {
    db.query(&stmt!(LATEST, site.as_str(), limit)).await?.decode_all()
}
