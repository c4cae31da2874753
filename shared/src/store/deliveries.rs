//! The outbox, the verdicts and the suppressions.

use serde::{Deserialize, Serialize};

use super::{Answer, DbError, Stmt, decode_word, encode_json, statements, stmt};
use crate::{
    channel::{Channel, sms::segments::Encoding},
    contact::{Address, AddressKind},
    delivery::{Billed, Delivery, Purpose},
    id::{ContactId, ConversationId, DeliveryId, EndpointId, SiteId, VerdictId},
    identity,
    message::{DeliveryReport, DeliveryState},
    time::Timestamp,
    verdict::Verdict,
};

statements! {
    /// Puts a message in the outbox.
    ADD = "INSERT INTO deliveries (id, site_id, conversation_id, seq, endpoint_id, channel, address_kind,
          address_key, address, purpose, state, due_at_ms, updated_at_ms, encoding, segments)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 'pending', ?11, ?12, ?13, ?14)";
    /// A delivery by its id alone: how a queued hint finds its site.
    DELIVERY = "SELECT * FROM deliveries WHERE id = ?1";
    /// Takes a delivery to send it: one winner, and only while what the gates saw still stands. A confirmation goes out
    /// whatever was said since.
    CLAIM = "UPDATE deliveries SET state = 'sending', lease = ?3, lease_until_ms = ?4, attempt = attempt + 1,
          updated_at_ms = ?5
        WHERE id = ?2 AND site_id = ?1 AND state = 'pending' AND due_at_ms <= ?5
          AND (purpose = 'opt_out_reply' OR (
            NOT EXISTS (
              SELECT 1 FROM handles h WHERE h.site_id = deliveries.site_id AND h.kind = deliveries.address_kind
                AND h.address_key = deliveries.address_key AND h.blocked = 1)
            AND NOT EXISTS (
              SELECT 1 FROM suppressions s WHERE s.site_id = deliveries.site_id
                AND s.kind = deliveries.address_kind AND s.address_hash = ?8 AND s.reason <> 'erased')
            AND ?6 = (
              SELECT COALESCE(MAX(c.n), 0) FROM consents c WHERE c.site_id = deliveries.site_id
                AND c.kind = deliveries.address_kind AND c.address_key = deliveries.address_key)
            AND EXISTS (
              SELECT 1 FROM conversations v WHERE v.id = deliveries.conversation_id
                AND v.site_id = deliveries.site_id AND v.fence = ?7 AND (?9 IS NULL OR v.last_seq = ?9))))
        RETURNING *";
    /// Writes what became of a claimed delivery; only the holder of the lease may.
    SETTLE = "UPDATE deliveries SET state = ?4, reason = ?5, provider_id = ?6, due_at_ms = ?7, lease = NULL,
          lease_until_ms = NULL, updated_at_ms = ?8
        WHERE id = ?2 AND site_id = ?1 AND state = 'sending' AND lease = ?3";
    /// Takes a provider's report: a state further along the lattice than the one that stands. A delivery of which nobody
    /// knew whether it was taken becomes what the report says; every other end stays.
    REPORT = "UPDATE deliveries SET state = ?4,
          reason = CASE WHEN state = 'wedged' THEN COALESCE(?5, CASE ?4 WHEN 'wedged' THEN 'failed' END)
            ELSE COALESCE(?5, reason) END,
          provider_id = CASE WHEN state = 'wedged' THEN COALESCE(provider_id, ?3) ELSE provider_id END,
          updated_at_ms = ?6
        WHERE site_id = ?1 AND endpoint_id = ?2 AND (
          (?7 IS NULL AND provider_id = ?3) OR id = ?7) AND (
          (?4 = 'sent' AND state IN ('pending', 'sending'))
          OR (?4 = 'delivered' AND state IN ('pending', 'sending', 'sent'))
          OR (?4 = 'read' AND state IN ('pending', 'sending', 'sent', 'delivered'))
          OR (?4 = 'wedged' AND state IN ('pending', 'sending', 'sent'))
          OR (?4 IN ('sent', 'delivered', 'read', 'wedged') AND state = 'wedged' AND reason = 'unknown'))
        RETURNING *";
    /// Notes the provider's id of a delivery whose report overtook the provider's own answer.
    NOTE_PROVIDER = "UPDATE deliveries SET provider_id = ?3 WHERE id = ?2 AND site_id = ?1 AND provider_id IS NULL";
    /// Withdraws a delivery that may no longer be sent.
    WITHDRAW = "UPDATE deliveries SET state = 'cancelled', reason = ?3, updated_at_ms = ?4
        WHERE id = ?2 AND site_id = ?1 AND state = 'pending'";
    /// Puts a delivery off that has not been sent.
    PUT_OFF = "UPDATE deliveries SET due_at_ms = ?4, reason = ?3, updated_at_ms = ?5
        WHERE id = ?2 AND site_id = ?1 AND state = 'pending'";
    /// What waits in the outbox until later of what was said unasked to a contact's addresses, those that came with joins
    /// included.
    PUT_OFF_OF = "WITH root AS (
          SELECT COALESCE(o.merged_into, o.id) AS id FROM contacts o WHERE o.site_id = ?1 AND o.id = ?2
        ) SELECT d.* FROM (
          SELECT id FROM root
          UNION ALL SELECT c.id FROM root CROSS JOIN contacts c ON c.site_id = ?1 AND c.merged_into = root.id
        ) c
        CROSS JOIN handles h INDEXED BY handles_by_contact ON h.site_id = ?1 AND h.contact_id = c.id
        CROSS JOIN deliveries d INDEXED BY deliveries_pending_to ON d.site_id = ?1 AND d.address_kind = h.kind
          AND d.address_key = h.address_key
        WHERE d.state = 'pending' AND d.due_at_ms > ?3 AND d.purpose IN ('transactional', 'reminder', 'marketing')
        ORDER BY d.due_at_ms, d.id LIMIT ?4";
    /// A delivery by the provider's id.
    BY_PROVIDER = "SELECT * FROM deliveries WHERE site_id = ?1 AND endpoint_id = ?2 AND provider_id = ?3";
    /// Withdraws what has not been sent to an address, confirmations of what it said before included.
    CANCEL_TO = "UPDATE deliveries SET state = 'cancelled', reason = ?4, updated_at_ms = ?5
        WHERE site_id = ?1 AND address_kind = ?2 AND address_key = ?3 AND state = 'pending'";
    /// The same of one purpose only.
    CANCEL_PURPOSE = "UPDATE deliveries SET state = 'cancelled', reason = ?5, updated_at_ms = ?6
        WHERE site_id = ?1 AND address_kind = ?2 AND address_key = ?3 AND state = 'pending' AND purpose = ?4";
    /// What is due or was left half-done, over all sites: the healer's list.
    DUE = "SELECT id FROM deliveries WHERE state IN ('pending', 'sending') AND due_at_ms <= ?1
          AND (lease_until_ms IS NULL OR lease_until_ms <= ?1)
        ORDER BY due_at_ms LIMIT ?2";
    /// Ends a claim whose holder never came back: what may have been sent is never sent blindly again.
    ABANDON = "UPDATE deliveries SET state = ?3, reason = ?4, lease = NULL, lease_until_ms = NULL, updated_at_ms = ?5
        WHERE id = ?2 AND site_id = ?1 AND state = 'sending' AND lease_until_ms <= ?5";
    /// The deliveries of a conversation's newest events.
    OF_CONVERSATION = "SELECT * FROM deliveries WHERE conversation_id = ?2 AND site_id = ?1
        ORDER BY seq DESC LIMIT ?3";
    /// Stores why a message was sent or held back.
    ADD_VERDICT = "INSERT INTO verdicts (id, site_id, conversation_id, seq, outcome, detail, at_ms)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    /// Stores why a message that was put off is let go now: only for whoever has just claimed it, and only where the newest
    /// verdict on it does not say so already.
    ADD_CLAIMED_VERDICT = "INSERT INTO verdicts (id, site_id, conversation_id, seq, outcome, detail, at_ms)
        SELECT ?4, d.site_id, d.conversation_id, d.seq, ?5, ?6, ?7 FROM deliveries d
        WHERE d.id = ?2 AND d.site_id = ?1 AND d.state = 'sending' AND d.lease = ?3
          AND 'allow' <> COALESCE((
            SELECT v.outcome FROM verdicts v WHERE v.conversation_id = d.conversation_id AND v.site_id = d.site_id
              AND v.seq = d.seq ORDER BY v.at_ms DESC, v.id DESC LIMIT 1), '')";
    /// The verdicts of a conversation, newest first.
    VERDICTS = "SELECT id, seq, outcome, detail, at_ms FROM verdicts
        WHERE conversation_id = ?2 AND site_id = ?1 ORDER BY at_ms DESC, id DESC LIMIT ?3";
    /// The deliveries of a stretch of a conversation.
    BETWEEN = "SELECT * FROM deliveries WHERE conversation_id = ?2 AND site_id = ?1 AND seq BETWEEN ?3 AND ?4";
    /// The verdicts of a stretch of a conversation.
    VERDICTS_BETWEEN = "SELECT id, seq, outcome, detail, at_ms FROM verdicts
        WHERE conversation_id = ?2 AND site_id = ?1 AND seq BETWEEN ?3 AND ?4";
    /// What was held back in a conversation within a span of time, the newest first.
    HELD = "SELECT id, seq, outcome, detail, at_ms FROM verdicts
        WHERE conversation_id = ?2 AND site_id = ?1 AND seq IS NULL AND at_ms >= ?3 AND at_ms < ?4
        ORDER BY at_ms DESC, id DESC LIMIT ?5";
    /// Never write to this address again.
    SUPPRESS = "INSERT INTO suppressions (site_id, kind, address_hash, reason, at_ms) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (site_id, kind, address_hash) DO NOTHING";
    /// The same of the address of a delivery, where that stands at the reported state (or was read since).
    SUPPRESS_REPORTED = "INSERT INTO suppressions (site_id, kind, address_hash, reason, at_ms)
        SELECT site_id, address_kind, ?3, ?4, ?6 FROM deliveries
        WHERE id = ?2 AND site_id = ?1 AND (state = ?5 OR (?5 = 'delivered' AND state = 'read'))
        ON CONFLICT (site_id, kind, address_hash) DO NOTHING";
    /// Whether an address must not be written to.
    SUPPRESSED = "SELECT reason, at_ms, address_hash FROM suppressions WHERE site_id = ?1 AND kind = ?2 AND address_hash = ?3";
}

#[derive(Deserialize)]
struct DeliveryRow {
    id: DeliveryId,
    site_id: SiteId,
    conversation_id: ConversationId,
    seq: u32,
    endpoint_id: EndpointId,
    channel: String,
    address_kind: String,
    address: String,
    purpose: String,
    state: String,
    reason: Option<String>,
    attempt: u32,
    due_at_ms: i64,
    lease: Option<String>,
    provider_id: Option<String>,
    encoding: Option<String>,
    segments: Option<u32>,
}

fn decode_row(row: DeliveryRow) -> Result<Delivery, DbError> {
    let billed = match (&row.encoding, row.segments) {
        (Some(encoding), Some(segments)) => {
            Some(Billed { encoding: decode_word(encoding, Encoding::parse(encoding))?, segments })
        }
        _ => None,
    };
    Ok(Delivery {
        id: row.id,
        site: row.site_id,
        conversation: row.conversation_id,
        seq: row.seq,
        endpoint: row.endpoint_id,
        channel: decode_word(&row.channel, Channel::parse(&row.channel))?,
        to: Address::new(decode_word(&row.address_kind, AddressKind::parse(&row.address_kind))?, row.address),
        purpose: decode_word(&row.purpose, Purpose::parse(&row.purpose))?,
        state: decode_word(&row.state, DeliveryState::parse(&row.state))?,
        reason: row.reason,
        attempt: row.attempt,
        due_at: Timestamp::from_ms(row.due_at_ms),
        lease: row.lease,
        provider_id: row.provider_id,
        billed,
    })
}

/// The deliveries of an answer.
pub fn decode(answer: Answer) -> Result<Vec<Delivery>, DbError> {
    answer.decode_all()?.into_iter().map(decode_row).collect()
}

/// Asks for the deliveries of a conversation's places from `from` to `to`.
pub fn between(site: &SiteId, conversation: &ConversationId, from: u32, to: u32) -> Stmt {
    stmt!(BETWEEN, site.as_str(), conversation.as_str(), from, to)
}

/// Asks for the verdicts of a conversation's places from `from` to `to`; answers with [`VerdictRow`]s.
pub fn verdicts_between(site: &SiteId, conversation: &ConversationId, from: u32, to: u32) -> Stmt {
    stmt!(VERDICTS_BETWEEN, site.as_str(), conversation.as_str(), from, to)
}

/// Asks for what was held back in a conversation since `from` and before `to`, at most `limit`, the newest first; answers
/// with [`VerdictRow`]s.
pub fn held(
    site: &SiteId,
    conversation: &ConversationId,
    from: Timestamp,
    to: Timestamp,
    limit: u32,
) -> Stmt {
    stmt!(HELD, site.as_str(), conversation.as_str(), from, to, limit)
}

/// Puts a message in the outbox.
pub fn add(delivery: &Delivery, now: Timestamp) -> Stmt {
    stmt!(
        ADD,
        delivery.id.as_str(),
        delivery.site.as_str(),
        delivery.conversation.as_str(),
        delivery.seq,
        delivery.endpoint.as_str(),
        delivery.channel.as_str(),
        delivery.to.kind.as_str(),
        identity::key(&delivery.to),
        delivery.to.text.as_str(),
        delivery.purpose.as_str(),
        delivery.due_at,
        now,
        delivery.billed.map(|billed| billed.encoding.as_str()),
        delivery.billed.map(|billed| billed.segments),
    )
}

/// Asks for a delivery by its id.
pub fn delivery(id: &DeliveryId) -> Stmt {
    stmt!(DELIVERY, id.as_str())
}

/// What the gates saw of a delivery's address and conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// How many entries the address's ledger has.
    pub entries: u32,
    /// The floor's number.
    pub fence: u32,
    /// The keyed hash the address would be suppressed by.
    pub address_hash: String,
    /// The conversation's newest place, where nothing at all may have happened since.
    pub last_seq: Option<u32>,
}

/// Takes a delivery until `until`, while what was `seen` stands; the answer holds it, or nothing where it is not to be had.
pub fn claim(
    site: &SiteId,
    id: &DeliveryId,
    lease: &str,
    until: Timestamp,
    now: Timestamp,
    seen: &Seen,
) -> Stmt {
    let (entries, fence, hash) = (seen.entries, seen.fence, seen.address_hash.as_str());
    stmt!(CLAIM, site.as_str(), id.as_str(), lease, until, now, entries, fence, hash, seen.last_seq)
}

/// Puts a delivery off until `until`.
pub fn put_off(site: &SiteId, id: &DeliveryId, reason: &str, until: Timestamp, now: Timestamp) -> Stmt {
    stmt!(PUT_OFF, site.as_str(), id.as_str(), reason, until, now)
}

/// What becomes of a claimed delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The state it goes to.
    pub state: DeliveryState,
    /// Why, where it did not go.
    pub reason: Option<String>,
    /// The provider's id.
    pub provider_id: Option<String>,
    /// When it is due again.
    pub due_at: Timestamp,
}

/// Writes what became of a claimed delivery.
pub fn settle(site: &SiteId, id: &DeliveryId, lease: &str, to: &Settled, now: Timestamp) -> Stmt {
    let Settled { state, reason, provider_id, due_at } = to;
    let (site, id) = (site.as_str(), id.as_str());
    stmt!(SETTLE, site, id, lease, state.as_str(), reason.clone(), provider_id.clone(), *due_at, now)
}

/// Takes a provider's report; the answer holds the delivery where the report changed it.
pub fn report(site: &SiteId, endpoint: &EndpointId, report: &DeliveryReport, now: Timestamp) -> Stmt {
    let (provider_id, state) = (report.provider_id.as_str(), report.state.as_str());
    let own = report.delivery.as_ref().map(DeliveryId::as_str);
    stmt!(REPORT, site.as_str(), endpoint.as_str(), provider_id, state, report.code.clone(), now, own)
}

/// Notes the provider's id where a report came before the provider's own answer.
pub fn note_provider(site: &SiteId, id: &DeliveryId, provider_id: &str) -> Stmt {
    stmt!(NOTE_PROVIDER, site.as_str(), id.as_str(), provider_id)
}

/// Withdraws a delivery that has not been sent.
pub fn withdraw(site: &SiteId, id: &DeliveryId, reason: &str, now: Timestamp) -> Stmt {
    stmt!(WITHDRAW, site.as_str(), id.as_str(), reason, now)
}

/// Asks for a delivery by the provider's id.
pub fn by_provider(site: &SiteId, endpoint: &EndpointId, provider_id: &str) -> Stmt {
    stmt!(BY_PROVIDER, site.as_str(), endpoint.as_str(), provider_id)
}

/// Withdraws what waits for an address.
pub fn cancel_to(site: &SiteId, address: &Address, reason: &str, now: Timestamp) -> Stmt {
    stmt!(CANCEL_TO, site.as_str(), address.kind.as_str(), identity::key(address), reason, now)
}

/// Withdraws what waits for an address for one purpose.
pub fn cancel_purpose(
    site: &SiteId,
    address: &Address,
    purpose: Purpose,
    reason: &str,
    now: Timestamp,
) -> Stmt {
    let (kind, key, purpose) = (address.kind.as_str(), identity::key(address), purpose.as_str());
    stmt!(CANCEL_PURPOSE, site.as_str(), kind, key, purpose, reason, now)
}

/// Asks what is due; answers with [`Due`].
pub fn due(now: Timestamp, limit: u32) -> Stmt {
    stmt!(DUE, now, limit)
}

/// A delivery that is due.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Due {
    /// Its id.
    pub id: DeliveryId,
}

/// Ends a claim whose holder never came back.
pub fn abandon(site: &SiteId, id: &DeliveryId, state: DeliveryState, reason: &str, now: Timestamp) -> Stmt {
    stmt!(ABANDON, site.as_str(), id.as_str(), state.as_str(), reason, now)
}

/// Asks for what was said unasked to a contact and waits in the outbox until after `now`, the next first.
pub fn put_off_of(site: &SiteId, contact: &ContactId, now: Timestamp, limit: u32) -> Stmt {
    stmt!(PUT_OFF_OF, site.as_str(), contact.as_str(), now, limit)
}

/// Asks for a conversation's newest deliveries.
pub fn of_conversation(site: &SiteId, conversation: &ConversationId, limit: u32) -> Stmt {
    stmt!(OF_CONVERSATION, site.as_str(), conversation.as_str(), limit)
}

/// Stores a verdict.
pub fn add_verdict(site: &SiteId, verdict: &Verdict, now: Timestamp) -> Stmt {
    stmt!(
        ADD_VERDICT,
        verdict.id.as_str(),
        site.as_str(),
        verdict.conversation.as_str(),
        verdict.seq,
        verdict.detail.outcome(),
        encode_json(&verdict.detail),
        now,
    )
}

/// Stores why a message is let go that was put off before; nothing where the claim of that `lease` was not won.
pub fn add_claimed_verdict(
    site: &SiteId,
    delivery: &DeliveryId,
    lease: &str,
    verdict: &Verdict,
    now: Timestamp,
) -> Stmt {
    let (id, outcome) = (verdict.id.as_str(), verdict.detail.outcome());
    let detail = encode_json(&verdict.detail);
    stmt!(ADD_CLAIMED_VERDICT, site.as_str(), delivery.as_str(), lease, id, outcome, detail, now)
}

/// A stored verdict.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct VerdictRow {
    /// Its id.
    pub id: VerdictId,
    /// The event it let through.
    pub seq: Option<u32>,
    /// `allow` or the rule that held the message back.
    pub outcome: String,
    /// The gates' results, as JSON.
    pub detail: String,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
}

/// Asks for a conversation's newest verdicts; answers with [`VerdictRow`].
pub fn verdicts(site: &SiteId, conversation: &ConversationId, limit: u32) -> Stmt {
    stmt!(VERDICTS, site.as_str(), conversation.as_str(), limit)
}

/// Suppresses an address by its keyed hash.
pub fn suppress(site: &SiteId, kind: AddressKind, hash: &str, reason: &str, now: Timestamp) -> Stmt {
    stmt!(SUPPRESS, site.as_str(), kind.as_str(), hash, reason, now)
}

/// Suppresses the address of a delivery by its keyed hash, where the delivery stands at a state that was reported.
pub fn suppress_reported(
    site: &SiteId,
    id: &DeliveryId,
    hash: &str,
    reason: &str,
    state: DeliveryState,
    now: Timestamp,
) -> Stmt {
    stmt!(SUPPRESS_REPORTED, site.as_str(), id.as_str(), hash, reason, state.as_str(), now)
}

/// Why and since when an address must not be written to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suppressed {
    /// `hard_bounce`, `complaint`, `carrier`.
    pub reason: String,
    /// Since when, in milliseconds since 1970.
    pub at_ms: i64,
}

/// Asks whether an address is suppressed; answers with [`Suppressed`].
pub fn suppressed(site: &SiteId, kind: AddressKind, hash: &str) -> Stmt {
    stmt!(SUPPRESSED, site.as_str(), kind.as_str(), hash)
}
