//! Runs of sequences.

use serde::Deserialize;

use super::{Answer, DbError, Stmt, decode_json, encode_json, statements, stmt};
use crate::{
    id::{ContactId, ConversationId, SiteId},
    sequence::run::{Run, RunKey},
    time::Timestamp,
};

statements! {
    /// Begins a run, or writes its next version: the version of an older one is a conflict.
    PUT = "INSERT INTO runs (site_id, conversation_id, sequence, about, version, step, due_at_ms, state, reason, body, updated_at_ms)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
        ON CONFLICT (site_id, conversation_id, sequence, about) DO UPDATE SET version = excluded.version,
          step = excluded.step, due_at_ms = excluded.due_at_ms, state = excluded.state, reason = excluded.reason,
          body = excluded.body, updated_at_ms = excluded.updated_at_ms";
    /// A run.
    ONE = "SELECT * FROM runs WHERE site_id = ?1 AND conversation_id = ?2 AND sequence = ?3 AND about = ?4";
    /// The runs of a conversation that are about nothing else.
    OF_CONVERSATION = "SELECT * FROM runs WHERE site_id = ?1 AND conversation_id = ?2 AND about = ''";
    /// The runs in a contact's conversations, joined ones included, the newest first.
    OF_CONTACT = "WITH root AS (
          SELECT COALESCE(o.merged_into, o.id) AS id FROM contacts o WHERE o.site_id = ?1 AND o.id = ?2
        ) SELECT r.* FROM (
          SELECT id FROM root
          UNION ALL SELECT c.id FROM root CROSS JOIN contacts c ON c.site_id = ?1 AND c.merged_into = root.id
        ) c
        CROSS JOIN conversations v INDEXED BY conversations_by_contact ON v.site_id = ?1 AND v.contact_id = c.id
        CROSS JOIN runs r ON r.site_id = ?1 AND r.conversation_id = v.id
        ORDER BY r.updated_at_ms DESC, r.sequence, r.about LIMIT ?3";
    /// The runs that go on in a conversation, the next first.
    RUNNING = "SELECT * FROM runs WHERE site_id = ?1 AND conversation_id = ?2 AND state = 'running' ORDER BY due_at_ms LIMIT ?3";
    /// What goes on in a conversation, the next first.
    WAITING = "SELECT site_id, conversation_id, sequence, about, due_at_ms FROM runs
        WHERE site_id = ?1 AND conversation_id = ?2 AND state = 'running' ORDER BY due_at_ms LIMIT ?3";
    /// Passes what goes on in a conversation to the one its contact goes on in; what runs there already stays behind, and ends.
    PASS = "UPDATE OR IGNORE runs SET conversation_id = ?3, came_from = COALESCE(came_from, conversation_id),
          version = version + 1
        WHERE site_id = ?1 AND conversation_id = ?2 AND state = 'running'";
    /// What is due, over all sites: the healer's list.
    DUE = "SELECT site_id, conversation_id, sequence, about, due_at_ms FROM runs
        WHERE state = 'running' AND due_at_ms <= ?1 ORDER BY due_at_ms LIMIT ?2";
}

#[derive(Deserialize)]
struct RunRow {
    conversation_id: ConversationId,
    sequence: String,
    about: String,
    version: u32,
    step: String,
    due_at_ms: i64,
    state: String,
    reason: Option<String>,
    body: String,
}

/// The runs of an answer to one of this module's questions.
pub fn decode(answer: Answer) -> Result<Vec<Run>, DbError> {
    let rows = answer.decode_all::<RunRow>()?;
    rows.into_iter()
        .map(|row| {
            let RunRow { conversation_id: conversation, sequence, about, .. } = row;
            Ok(Run {
                key: RunKey { conversation, sequence, about },
                version: row.version,
                step: row.step,
                due_at: Timestamp::from_ms(row.due_at_ms),
                is_running: row.state == "running",
                reason: row.reason,
                body: decode_json(&row.body)?,
            })
        })
        .collect()
}

/// Begins a run, or writes its next version.
pub fn put(site: &SiteId, run: &Run, now: Timestamp) -> Stmt {
    let Run { key, version, step, due_at, is_running, reason, body } = run;
    let RunKey { conversation, sequence, about } = key;
    let state = if *is_running { "running" } else { "ended" };
    stmt!(
        PUT,
        site.as_str(),
        conversation.as_str(),
        sequence.as_str(),
        about.as_str(),
        *version,
        step.as_str(),
        *due_at,
        state,
        reason.clone(),
        encode_json(body),
        now,
    )
}

/// Asks for a run.
pub fn one(site: &SiteId, key: &RunKey) -> Stmt {
    let RunKey { conversation, sequence, about } = key;
    stmt!(ONE, site.as_str(), conversation.as_str(), sequence.as_str(), about.as_str())
}

/// Asks for the runs of a conversation that are about no appointment.
pub fn of_conversation(site: &SiteId, conversation: &ConversationId) -> Stmt {
    stmt!(OF_CONVERSATION, site.as_str(), conversation.as_str())
}

/// Asks for the runs that go on in a conversation, the next first.
pub fn running(site: &SiteId, conversation: &ConversationId, limit: u32) -> Stmt {
    stmt!(RUNNING, site.as_str(), conversation.as_str(), limit)
}

/// Asks for a contact's runs, the newest first.
pub fn of_contact(site: &SiteId, contact: &ContactId, limit: u32) -> Stmt {
    stmt!(OF_CONTACT, site.as_str(), contact.as_str(), limit)
}

/// Passes what goes on in a conversation to another.
pub fn pass(site: &SiteId, from: &ConversationId, to: &ConversationId) -> Stmt {
    stmt!(PASS, site.as_str(), from.as_str(), to.as_str())
}

/// A run whose step is due.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Due {
    /// The site.
    pub site_id: SiteId,
    /// The conversation.
    pub conversation_id: ConversationId,
    /// The sequence.
    pub sequence: String,
    /// What it is about.
    pub about: String,
    /// When.
    pub due_at_ms: Timestamp,
}

/// Asks what goes on in a conversation, the next first; answers with [`Due`].
pub fn waiting(site: &SiteId, conversation: &ConversationId, limit: u32) -> Stmt {
    stmt!(WAITING, site.as_str(), conversation.as_str(), limit)
}

/// Asks what is due; answers with [`Due`].
pub fn due(now: Timestamp, limit: u32) -> Stmt {
    stmt!(DUE, now, limit)
}
