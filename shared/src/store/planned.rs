//! Planned messages.

use serde::Deserialize;

use super::{Answer, DbError, Stmt, decode_json, decode_word, encode_json, statements, stmt};
use crate::{
    id::{ConversationId, DeliveryId, PlannedId, SiteId},
    planned::{Planned, PlannedState},
    time::Timestamp,
};

statements! {
    /// Plans a message; the same plan again changes nothing.
    ADD = "INSERT INTO planned (id, site_id, conversation_id, body, due_at_ms, state, updated_at_ms)
        VALUES (?1, ?2, ?3, ?4, ?5, 'waiting', ?6) ON CONFLICT (id) DO NOTHING";
    /// A planned message.
    PLANNED = "SELECT * FROM planned WHERE id = ?2 AND site_id = ?1";
    /// The planned message a delivery came from.
    OF_DELIVERY = "SELECT p.* FROM deliveries d
        JOIN planned p ON p.conversation_id = d.conversation_id AND p.site_id = d.site_id AND p.delivery_id = d.id
        WHERE d.id = ?2 AND d.site_id = ?1";
    /// What is planned in a contact's conversations until a moment, joined ones included.
    UNTIL = "WITH root AS (
          SELECT COALESCE(o.merged_into, o.id) AS id FROM contacts o WHERE o.site_id = ?1 AND o.id = ?2
        ) SELECT p.* FROM (
          SELECT id FROM root
          UNION ALL SELECT c.id FROM root CROSS JOIN contacts c ON c.site_id = ?1 AND c.merged_into = root.id
        ) c
        CROSS JOIN conversations v INDEXED BY conversations_by_contact ON v.site_id = ?1 AND v.contact_id = c.id
        CROSS JOIN planned p INDEXED BY planned_by_conversation ON p.conversation_id = v.id
        WHERE p.site_id = ?1 AND p.state = 'waiting' AND p.due_at_ms <= ?3
        ORDER BY p.due_at_ms, p.id LIMIT ?4";
    /// What is due, over all sites: the healer's list.
    DUE = "SELECT site_id, conversation_id, id, due_at_ms FROM planned WHERE state = 'waiting' AND due_at_ms <= ?1 ORDER BY due_at_ms LIMIT ?2";
    /// What waits in a conversation, the next first, whole.
    ALL_WAITING = "SELECT * FROM planned INDEXED BY planned_by_conversation
        WHERE conversation_id = ?2 AND site_id = ?1 AND state = 'waiting' ORDER BY due_at_ms LIMIT ?3";
    /// What waits in a conversation, the next first.
    WAITING = "SELECT site_id, conversation_id, id, due_at_ms FROM planned INDEXED BY planned_by_conversation
        WHERE conversation_id = ?2 AND site_id = ?1 AND state = 'waiting' ORDER BY due_at_ms LIMIT ?3";
    /// Writes what became of a planned message; a conflict where it has ended already.
    END = "UPDATE planned SET state = ?3, reason = ?4, delivery_id = ?5, updated_at_ms = ?6
        WHERE id = ?2 AND site_id = ?1";
    /// Passes what waits in a conversation to the one its contact goes on in.
    PASS = "UPDATE planned SET conversation_id = ?3, came_from = COALESCE(came_from, conversation_id)
        WHERE site_id = ?1 AND conversation_id = ?2 AND state = 'waiting'";
    /// Puts a planned message off; a conflict where it has ended already.
    PUT_OFF = "UPDATE planned SET due_at_ms = ?3, reason = ?4, updated_at_ms = ?5
        WHERE id = ?2 AND site_id = ?1";
}

#[derive(Deserialize)]
struct PlannedRow {
    id: PlannedId,
    conversation_id: ConversationId,
    body: String,
    due_at_ms: i64,
    state: String,
    reason: Option<String>,
    delivery_id: Option<DeliveryId>,
}

/// The planned messages of an answer to one of this module's questions.
pub fn decode(answer: Answer) -> Result<Vec<Planned>, DbError> {
    let rows = answer.decode_all::<PlannedRow>()?;
    rows.into_iter()
        .map(|row| {
            Ok(Planned {
                id: row.id,
                conversation: row.conversation_id,
                body: decode_json(&row.body)?,
                due_at: Timestamp::from_ms(row.due_at_ms),
                state: decode_word(&row.state, PlannedState::parse(&row.state))?,
                reason: row.reason,
                delivery: row.delivery_id,
            })
        })
        .collect()
}

/// Plans a message.
pub fn add(site: &SiteId, planned: &Planned, now: Timestamp) -> Stmt {
    let Planned { id, conversation, body, due_at, .. } = planned;
    stmt!(ADD, id.as_str(), site.as_str(), conversation.as_str(), encode_json(body), *due_at, now)
}

/// Asks for a planned message.
pub fn planned(site: &SiteId, id: &PlannedId) -> Stmt {
    stmt!(PLANNED, site.as_str(), id.as_str())
}

/// Asks for the planned message a delivery came from.
pub fn of_delivery(site: &SiteId, delivery: &DeliveryId) -> Stmt {
    stmt!(OF_DELIVERY, site.as_str(), delivery.as_str())
}

/// Asks what is planned for a contact until then, the next first.
pub fn until(site: &SiteId, contact: &crate::id::ContactId, end: Timestamp, limit: u32) -> Stmt {
    stmt!(UNTIL, site.as_str(), contact.as_str(), end, limit)
}

/// A planned message that is due.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Due {
    /// The site.
    pub site_id: SiteId,
    /// The conversation.
    pub conversation_id: ConversationId,
    /// Which.
    pub id: PlannedId,
    /// When.
    pub due_at_ms: Timestamp,
}

/// Asks for what waits in a conversation, the next first.
pub fn all_waiting(site: &SiteId, conversation: &ConversationId, limit: u32) -> Stmt {
    stmt!(ALL_WAITING, site.as_str(), conversation.as_str(), limit)
}

/// Asks what waits in a conversation, the next first; answers with [`Due`].
pub fn waiting(site: &SiteId, conversation: &ConversationId, limit: u32) -> Stmt {
    stmt!(WAITING, site.as_str(), conversation.as_str(), limit)
}

/// Asks what is due; answers with [`Due`].
pub fn due(now: Timestamp, limit: u32) -> Stmt {
    stmt!(DUE, now, limit)
}

/// What became of a planned message, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Its new state.
    pub state: PlannedState,
    /// The rule, where it was not said.
    pub reason: Option<String>,
    /// The delivery it became.
    pub delivery: Option<DeliveryId>,
}

/// Passes what waits in a conversation to another.
pub fn pass(site: &SiteId, from: &ConversationId, to: &ConversationId) -> Stmt {
    stmt!(PASS, site.as_str(), from.as_str(), to.as_str())
}

/// Ends a planned message that was waiting.
pub fn end(site: &SiteId, id: &PlannedId, ended: &Ended, now: Timestamp) -> Stmt {
    let Ended { state, reason, delivery } = ended;
    let delivery = delivery.as_ref().map(DeliveryId::as_str);
    stmt!(END, site.as_str(), id.as_str(), state.as_str(), reason.clone(), delivery, now)
}

/// Puts a planned message off, by a rule.
pub fn put_off(site: &SiteId, id: &PlannedId, until: Timestamp, rule: &str, now: Timestamp) -> Stmt {
    stmt!(PUT_OFF, site.as_str(), id.as_str(), until, rule, now)
}
