//! Webhooks, and the outbox of what is sent to them.

use serde::Deserialize;

use super::{Answer, DbError, Stmt, decode_word, encode_json, statements, stmt};
use crate::{
    api::webhooks::{HookKind, HookSend, HookState, Webhook},
    id::{ContactId, ConversationId, SiteId, WebhookId},
    message::DeliveryState,
    time::Timestamp,
    webhook::Happened,
};

statements! {
    /// Every webhook of a site.
    OF_SITE = "SELECT * FROM webhooks WHERE site_id = ?1 ORDER BY id";
    /// One.
    ONE = "SELECT * FROM webhooks WHERE site_id = ?1 AND id = ?2";
    /// Adds one.
    ADD = "INSERT INTO webhooks (site_id, id, url, kinds, state, made_at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    /// Writes what it is like from now on.
    CHANGE = "UPDATE webhooks SET url = ?3, kinds = ?4, state = ?5, failing_since_ms = ?6 WHERE site_id = ?1 AND id = ?2";
    /// Removes one.
    REMOVE = "DELETE FROM webhooks WHERE site_id = ?1 AND id = ?2";
    /// Removes what was to be sent to it, and its log.
    REMOVE_SENDS = "DELETE FROM webhook_sends WHERE site_id = ?1 AND webhook_id = ?2";
    /// Something happened: a row for each webhook that wants to hear of it, so none where a site has no webhook.
    ENQUEUE = "INSERT INTO webhook_sends
          (site_id, webhook_id, id, kind, contact_id, conversation_id, seq, state, due_at_ms, made_at_ms)
        SELECT w.site_id, w.id, j.value ->> 'id', j.value ->> 'kind', j.value ->> 'contact', j.value ->> 'conversation',
          j.value ->> 'seq', 'pending', ?3, ?3
        FROM webhooks w CROSS JOIN json_each(?2) j
        WHERE w.site_id = ?1 AND w.state = 'on' AND instr(w.kinds, ' ' || (j.value ->> 'kind') || ' ') > 0
        ON CONFLICT (site_id, webhook_id, id) DO NOTHING RETURNING webhook_id, id";
    /// Something to be sent to one webhook, whatever it wants to hear of.
    ADD_SEND = "INSERT INTO webhook_sends (site_id, webhook_id, id, kind, state, due_at_ms, made_at_ms)
        VALUES (?1, ?2, ?3, ?4, 'pending', ?5, ?5)";
    /// The newest of what was sent to a webhook.
    LOG = "SELECT * FROM webhook_sends WHERE site_id = ?1 AND webhook_id = ?2 AND made_at_ms >= ?3
        ORDER BY made_at_ms DESC LIMIT ?4";
    /// Sends something once more, under the same id.
    REPLAY = "UPDATE webhook_sends SET state = 'pending', attempt = 0, reason = NULL, due_at_ms = ?4
        WHERE site_id = ?1 AND webhook_id = ?2 AND id = ?3 AND state <> 'sending'";
    /// Takes something to send it: one winner. A claim that was left behind is anybody's, since whoever is told the same twice knows
    /// it by its id.
    CLAIM = "UPDATE webhook_sends
        SET state = 'sending', lease = ?4, lease_until_ms = ?5, attempt = attempt + 1, tried_at_ms = ?6
        WHERE site_id = ?1 AND webhook_id = ?2 AND id = ?3
          AND ((state = 'pending' AND due_at_ms <= ?6) OR (state = 'sending' AND lease_until_ms <= ?6)) RETURNING *";
    /// Writes what became of it; only the holder of the lease may.
    SETTLE = "UPDATE webhook_sends
        SET state = ?5, status = ?6, reason = ?7, due_at_ms = ?8, lease = NULL, lease_until_ms = NULL
        WHERE site_id = ?1 AND webhook_id = ?2 AND id = ?3 AND state = 'sending' AND lease = ?4";
    /// A webhook has taken something.
    WORKS = "UPDATE webhooks SET failing_since_ms = NULL
        WHERE site_id = ?1 AND id = ?2 AND failing_since_ms IS NOT NULL";
    /// It has not: it is turned off where that has been so since before `?4`, or it wants no more.
    FAILS = "UPDATE webhooks SET failing_since_ms = COALESCE(failing_since_ms, ?3),
          state = CASE WHEN ?5 = 1 OR COALESCE(failing_since_ms, ?3) <= ?4 THEN 'disabled' ELSE state END
        WHERE site_id = ?1 AND id = ?2 AND state = 'on'";
    /// Drops the end of its log.
    PRUNE = "DELETE FROM webhook_sends WHERE site_id = ?1 AND webhook_id = ?2 AND made_at_ms < ?3";
    /// What is due or was left half-done, over all sites: the healer's list.
    DUE = "SELECT site_id, webhook_id, id FROM webhook_sends WHERE state IN ('pending', 'sending') AND due_at_ms <= ?1
          AND (lease_until_ms IS NULL OR lease_until_ms <= ?1)
        ORDER BY due_at_ms LIMIT ?2";
}

#[derive(Deserialize)]
struct WebhookRow {
    id: WebhookId,
    url: String,
    kinds: String,
    state: String,
    failing_since_ms: Option<Timestamp>,
    made_at_ms: Timestamp,
}

#[derive(Deserialize)]
struct SendRow {
    id: String,
    kind: String,
    contact_id: Option<ContactId>,
    conversation_id: Option<ConversationId>,
    seq: Option<u32>,
    state: String,
    attempt: u32,
    status: Option<u16>,
    reason: Option<String>,
    tried_at_ms: Option<Timestamp>,
    due_at_ms: Timestamp,
    made_at_ms: Timestamp,
}

/// What has just been put into the outbox.
#[derive(Deserialize)]
pub struct Enqueued {
    /// To which webhook.
    pub webhook_id: WebhookId,
    /// What.
    pub id: String,
}

/// What is due.
#[derive(Deserialize)]
pub struct Due {
    /// Of which site.
    pub site_id: SiteId,
    /// To which webhook.
    pub webhook_id: WebhookId,
    /// What.
    pub id: String,
}

/// A row of the outbox: a line of the log, and where what happened is read.
pub struct Sending {
    /// As the log shows it.
    pub line: HookSend,
    /// About whom.
    pub contact: Option<ContactId>,
    /// Where it stands.
    pub place: Option<(ConversationId, u32)>,
}

/// What becomes of a try.
pub struct Settled<'a> {
    /// How far it is now.
    pub state: DeliveryState,
    /// The status of the answer.
    pub status: Option<u16>,
    /// Why it was not taken.
    pub reason: Option<&'a str>,
    /// When it is tried again.
    pub due_at: Timestamp,
}

/// The webhooks of an answer. A kind that this version does not know is left out.
pub fn decode(answer: Answer) -> Result<Vec<Webhook>, DbError> {
    let webhook = |row: WebhookRow| {
        Ok(Webhook {
            id: row.id,
            url: row.url,
            kinds: row.kinds.split(' ').filter_map(HookKind::parse).collect(),
            state: decode_word(&row.state, HookState::parse(&row.state))?,
            failing_since: row.failing_since_ms,
            made_at: row.made_at_ms,
        })
    };
    answer.decode_all()?.into_iter().map(webhook).collect()
}

/// The rows of the outbox in an answer.
pub fn decode_sends(answer: Answer) -> Result<Vec<Sending>, DbError> {
    let send = |row: SendRow| {
        let waits = matches!(row.state.as_str(), "pending" | "sending");
        Ok(Sending {
            line: HookSend {
                id: row.id,
                kind: decode_word(&row.kind, HookKind::parse(&row.kind))?,
                state: row.state,
                attempts: row.attempt,
                status: row.status,
                reason: row.reason,
                at: row.made_at_ms,
                tried_at: row.tried_at_ms,
                next_at: waits.then_some(row.due_at_ms),
            },
            contact: row.contact_id,
            place: row.conversation_id.zip(row.seq),
        })
    };
    answer.decode_all()?.into_iter().map(send).collect()
}

fn words(kinds: &[HookKind]) -> String {
    kinds.iter().fold(String::from(" "), |words, kind| words + kind.as_str() + " ")
}

/// Asks for every webhook of a site.
pub fn of_site(site: &SiteId) -> Stmt {
    stmt!(OF_SITE, site.as_str())
}

/// Asks for one.
pub fn one(site: &SiteId, id: &WebhookId) -> Stmt {
    stmt!(ONE, site.as_str(), id.as_str())
}

/// Adds one.
pub fn add(site: &SiteId, webhook: &Webhook) -> Stmt {
    let Webhook { id, url, kinds, state, made_at, .. } = webhook;
    stmt!(ADD, site.as_str(), id.as_str(), url.as_str(), words(kinds), state.as_str(), *made_at)
}

/// Writes what it is like from now on.
pub fn change(site: &SiteId, webhook: &Webhook) -> Stmt {
    let Webhook { id, url, kinds, state, failing_since, .. } = webhook;
    stmt!(CHANGE, site.as_str(), id.as_str(), url.as_str(), words(kinds), state.as_str(), *failing_since)
}

/// Removes one with all that was sent to it.
pub fn remove(site: &SiteId, id: &WebhookId) -> [Stmt; 2] {
    [stmt!(REMOVE_SENDS, site.as_str(), id.as_str()), stmt!(REMOVE, site.as_str(), id.as_str())]
}

/// Puts what happened into the outbox. The answer holds what was put there; see [`Enqueued`].
pub fn enqueue(site: &SiteId, happened: &[Happened], now: Timestamp) -> Stmt {
    let row = |it: &Happened| {
        let (conversation, seq) = it.place.clone().unzip();
        serde_json::json!({
            "id": it.id, "kind": it.kind, "contact": it.contact, "conversation": conversation, "seq": seq,
        })
    };
    let rows: Vec<_> = happened.iter().map(row).collect();
    stmt!(ENQUEUE, site.as_str(), encode_json(&rows), now)
}

/// Puts something into the outbox for one webhook.
pub fn add_send(site: &SiteId, webhook: &WebhookId, id: &str, kind: HookKind, now: Timestamp) -> Stmt {
    stmt!(ADD_SEND, site.as_str(), webhook.as_str(), id, kind.as_str(), now)
}

/// Asks for what was sent to a webhook since then, at most `limit`.
pub fn log(site: &SiteId, webhook: &WebhookId, since: Timestamp, limit: u32) -> Stmt {
    stmt!(LOG, site.as_str(), webhook.as_str(), since, limit)
}

/// Sends something once more.
pub fn replay(site: &SiteId, webhook: &WebhookId, id: &str, now: Timestamp) -> Stmt {
    stmt!(REPLAY, site.as_str(), webhook.as_str(), id, now)
}

/// Takes something until `until`.
pub fn claim(
    site: &SiteId,
    webhook: &WebhookId,
    id: &str,
    (lease, until): (&str, Timestamp),
    now: Timestamp,
) -> Stmt {
    stmt!(CLAIM, site.as_str(), webhook.as_str(), id, lease, until, now)
}

/// Writes what became of it.
pub fn settle(site: &SiteId, webhook: &WebhookId, id: &str, lease: &str, to: &Settled<'_>) -> Stmt {
    let Settled { state, status, reason, due_at } = to;
    let status = status.map(i64::from);
    stmt!(SETTLE, site.as_str(), webhook.as_str(), id, lease, state.as_str(), status, *reason, *due_at)
}

/// A webhook has taken something.
pub fn works(site: &SiteId, webhook: &WebhookId) -> Stmt {
    stmt!(WORKS, site.as_str(), webhook.as_str())
}

/// It has not; it is turned off where it has failed since `since`, or is `gone`.
pub fn fails(site: &SiteId, webhook: &WebhookId, now: Timestamp, since: Timestamp, gone: bool) -> Stmt {
    stmt!(FAILS, site.as_str(), webhook.as_str(), now, since, i64::from(gone))
}

/// Drops what was sent before then.
pub fn prune(site: &SiteId, webhook: &WebhookId, before: Timestamp) -> Stmt {
    stmt!(PRUNE, site.as_str(), webhook.as_str(), before)
}

/// Asks for what is due, at most `limit`.
pub fn due(now: Timestamp, limit: u32) -> Stmt {
    stmt!(DUE, now, limit)
}
