//! The outbox of notices.

use serde::Deserialize;

use super::{Answer, DbError, Stmt, decode_word, deliveries::Settled, statements, stmt};
use crate::{
    channel::Channel,
    id::{AgentId, NoticeId, SiteId},
    message::DeliveryState,
    notice::{Notice, Waiting},
    time::Timestamp,
};

statements! {
    /// Puts a notice in the outbox; the same one again changes nothing.
    ADD = "INSERT INTO notices (site_id, id, agent_id, kind, channel, to_address, subject, text, group_key, state,
          due_at_ms, made_at_ms)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'pending', ?10, ?11) ON CONFLICT (id) DO NOTHING";
    /// A notice by its id alone: how a queued hint finds its site.
    NOTICE = "SELECT * FROM notices WHERE id = ?1";
    /// Withdraws what has not been sent of a group.
    WITHDRAW = "UPDATE notices SET state = 'cancelled', reason = ?3
        WHERE site_id = ?1 AND group_key = ?2 AND state = 'pending'";
    /// Withdraws one that nobody may be told any more: whoever it is for was removed.
    DROP_REMOVED = "UPDATE notices SET state = 'cancelled', reason = 'removed'
        WHERE id = ?2 AND site_id = ?1 AND state = 'pending' AND agent_id IS NOT NULL
          AND NOT EXISTS (
            SELECT 1 FROM agents a WHERE a.site_id = notices.site_id AND a.id = notices.agent_id
              AND a.state <> 'removed')";
    /// Takes a notice to send it: one winner.
    CLAIM = "UPDATE notices SET state = 'sending', lease = ?3, lease_until_ms = ?4, attempt = attempt + 1
        WHERE id = ?2 AND site_id = ?1 AND state = 'pending' AND due_at_ms <= ?5 RETURNING *";
    /// Writes what became of a claimed notice; only the holder of the lease may.
    SETTLE = "UPDATE notices SET state = ?4, reason = ?5, provider_id = ?6, due_at_ms = ?7, lease = NULL,
          lease_until_ms = NULL
        WHERE id = ?2 AND site_id = ?1 AND state = 'sending' AND lease = ?3";
    /// Ends a claim whose holder never came back.
    ABANDON = "UPDATE notices SET state = ?3, reason = ?4, lease = NULL, lease_until_ms = NULL
        WHERE id = ?2 AND site_id = ?1 AND state = 'sending' AND lease_until_ms <= ?5";
    /// What is due or was left half-done, over all sites: the healer's list.
    DUE = "SELECT id FROM notices WHERE state IN ('pending', 'sending') AND due_at_ms <= ?1
          AND (lease_until_ms IS NULL OR lease_until_ms <= ?1)
        ORDER BY due_at_ms LIMIT ?2";
}

#[derive(Deserialize)]
struct NoticeRow {
    id: NoticeId,
    site_id: SiteId,
    agent_id: Option<AgentId>,
    kind: String,
    channel: String,
    to_address: String,
    subject: Option<String>,
    text: String,
    group_key: String,
    state: String,
    reason: Option<String>,
    attempt: u32,
    due_at_ms: Timestamp,
    made_at_ms: Timestamp,
}

/// What is due.
#[derive(Deserialize)]
pub struct Due {
    /// Which.
    pub id: NoticeId,
}

fn decode_row(row: NoticeRow) -> Result<Waiting, DbError> {
    Ok(Waiting {
        site: row.site_id,
        state: decode_word(&row.state, DeliveryState::parse(&row.state))?,
        reason: row.reason,
        attempt: row.attempt,
        made_at: row.made_at_ms,
        notice: Notice {
            id: row.id,
            agent: row.agent_id,
            kind: row.kind,
            channel: decode_word(&row.channel, Channel::parse(&row.channel))?,
            to: row.to_address,
            subject: row.subject,
            text: row.text,
            group: row.group_key,
            due_at: row.due_at_ms,
        },
    })
}

/// The notice of an answer.
pub fn decode(answer: Answer) -> Result<Option<Waiting>, DbError> {
    answer.decode_first()?.map(decode_row).transpose()
}

/// Puts a notice in the outbox.
pub fn add(site: &SiteId, notice: &Notice, now: Timestamp) -> Stmt {
    stmt!(
        ADD,
        site.as_str(),
        notice.id.as_str(),
        notice.agent.as_ref().map(AgentId::as_str),
        notice.kind.as_str(),
        notice.channel.as_str(),
        notice.to.as_str(),
        notice.subject.as_deref(),
        notice.text.as_str(),
        notice.group.as_str(),
        notice.due_at,
        now,
    )
}

/// Withdraws what waits of a group, for a reason.
pub fn withdraw(site: &SiteId, group: &str, reason: &str) -> Stmt {
    stmt!(WITHDRAW, site.as_str(), group, reason)
}

/// Asks for a notice by its id.
pub fn notice(id: &NoticeId) -> Stmt {
    stmt!(NOTICE, id.as_str())
}

/// Takes a notice until `until`: withdrawn instead where whoever it is for was removed. The second answer holds it, or nothing
/// where it is not to be had.
pub fn claim(site: &SiteId, id: &NoticeId, lease: &str, until: Timestamp, now: Timestamp) -> [Stmt; 2] {
    [
        stmt!(DROP_REMOVED, site.as_str(), id.as_str()),
        stmt!(CLAIM, site.as_str(), id.as_str(), lease, until, now),
    ]
}

/// Writes what became of a claimed notice.
pub fn settle(site: &SiteId, id: &NoticeId, lease: &str, to: &Settled) -> Stmt {
    let Settled { state, reason, provider_id, due_at } = to;
    let (reason, provider_id) = (reason.as_deref(), provider_id.as_deref());
    stmt!(SETTLE, site.as_str(), id.as_str(), lease, state.as_str(), reason, provider_id, *due_at)
}

/// Ends a claim whose holder never came back.
pub fn abandon(site: &SiteId, id: &NoticeId, to: DeliveryState, reason: &str, now: Timestamp) -> Stmt {
    stmt!(ABANDON, site.as_str(), id.as_str(), to.as_str(), reason, now)
}

/// Asks for what is due, at most `limit`.
pub fn due(now: Timestamp, limit: u32) -> Stmt {
    stmt!(DUE, now, limit)
}
