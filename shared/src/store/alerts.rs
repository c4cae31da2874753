//! What the team is told in the inbox, and their rules.

use serde::Deserialize;

use super::{Answer, DbError, Stmt, decode_json, decode_word, encode_json, statements, stmt};
use crate::{
    alert::{Alert, Staff},
    api::alerts::{AlertKind, AlertLine, PushSubscription, Rules},
    id::{AgentId, AlertId, ContactId, ConversationId, PushId, SiteId},
    time::Timestamp,
};

statements! {
    /// Everybody of a team who can take a conversation, with their rules.
    STAFF = "SELECT a.id, a.name, a.email, r.rules,
          (SELECT json_group_array(p.id) FROM push_subscriptions p
            WHERE p.site_id = a.site_id AND p.agent_id = a.id) AS browsers
        FROM agents a
        LEFT JOIN agent_rules r ON r.site_id = a.site_id AND r.agent_id = a.id
        WHERE a.site_id = ?1 AND a.state = 'active' AND a.role <> 'read_only' ORDER BY a.id LIMIT 100";
    /// One agent's rules.
    RULES = "SELECT rules FROM agent_rules WHERE site_id = ?1 AND agent_id = ?2";
    /// Takes an agent's rules.
    PUT_RULES = "INSERT INTO agent_rules (site_id, agent_id, rules) VALUES (?1, ?2, ?3)
        ON CONFLICT (site_id, agent_id) DO UPDATE SET rules = excluded.rules";
    /// Tells an agent of something; what they are told of already and have not read takes it in.
    ADD = "INSERT INTO alerts (site_id, agent_id, id, kind, contact_id, conversation_id, text, at_ms, group_key, state)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'unread')
        ON CONFLICT (site_id, agent_id, group_key) WHERE state = 'unread'
        DO UPDATE SET kind = excluded.kind, text = excluded.text, at_ms = MIN(at_ms, excluded.at_ms)";
    /// Takes back what nobody needs to look at any more.
    WITHDRAW = "UPDATE alerts INDEXED BY alerts_by_group SET state = 'withdrawn'
        WHERE site_id = ?1 AND group_key = ?2 AND state = 'unread'";
    /// What an agent was told by now and has not read, the newest first.
    UNREAD = "SELECT a.id, a.kind, a.contact_id, a.conversation_id, a.text, a.at_ms, c.name FROM alerts a
        LEFT JOIN contacts c ON c.site_id = a.site_id AND c.id = a.contact_id
        WHERE a.site_id = ?1 AND a.agent_id = ?2 AND a.state = 'unread' AND a.at_ms <= ?3
        ORDER BY a.at_ms DESC, a.id DESC LIMIT 100";
    /// An agent has read one.
    READ = "UPDATE alerts SET state = 'read' WHERE site_id = ?1 AND agent_id = ?2 AND id = ?3 AND state = 'unread'";
    /// An agent has read all they were told by now.
    READ_ALL = "UPDATE alerts SET state = 'read'
        WHERE site_id = ?1 AND agent_id = ?2 AND state = 'unread' AND at_ms <= ?3";
    /// A browser takes push messages from now on.
    SUBSCRIBE = "INSERT INTO push_subscriptions (site_id, agent_id, id, endpoint, p256dh, auth, made_at_ms)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        ON CONFLICT (site_id, agent_id, id) DO UPDATE SET p256dh = excluded.p256dh, auth = excluded.auth";
    /// A browser takes none any more.
    UNSUBSCRIBE = "DELETE FROM push_subscriptions WHERE site_id = ?1 AND agent_id = ?2 AND id = ?3";
    /// Where a browser takes push messages.
    SUBSCRIPTION = "SELECT endpoint, p256dh, auth FROM push_subscriptions
        WHERE site_id = ?1 AND agent_id = ?2 AND id = ?3";
}

#[derive(Deserialize)]
struct StaffRow {
    id: AgentId,
    name: String,
    email: String,
    rules: Option<String>,
    browsers: String,
}

#[derive(Deserialize)]
struct AlertRow {
    id: AlertId,
    kind: String,
    contact_id: ContactId,
    conversation_id: ConversationId,
    text: String,
    at_ms: Timestamp,
    name: Option<String>,
}

#[derive(Deserialize)]
struct RulesRow {
    rules: String,
}

/// The team of an answer to [`staff`].
pub fn decode_staff(answer: Answer) -> Result<Vec<Staff>, DbError> {
    let of_row = |row: StaffRow| {
        let rules = row.rules.as_deref().map(decode_json).transpose()?.unwrap_or_default();
        let browsers = decode_json(&row.browsers)?;
        Ok(Staff { id: row.id, name: row.name, email: row.email, rules, browsers })
    };
    answer.decode_all()?.into_iter().map(of_row).collect()
}

/// The alerts of an answer to [`unread`].
pub fn decode(answer: Answer) -> Result<Vec<AlertLine>, DbError> {
    let of_row = |row: AlertRow| {
        Ok(AlertLine {
            id: row.id,
            kind: decode_word(&row.kind, AlertKind::parse(&row.kind))?,
            contact: row.contact_id,
            conversation: row.conversation_id,
            name: row.name,
            text: row.text,
            at: row.at_ms,
        })
    };
    answer.decode_all()?.into_iter().map(of_row).collect()
}

/// The rules of an answer to [`rules`]; what nobody has said otherwise where there are none.
pub fn decode_rules(answer: Answer) -> Result<Rules, DbError> {
    let row = answer.decode_first::<RulesRow>()?;
    Ok(row.map(|row| decode_json(&row.rules)).transpose()?.unwrap_or_default())
}

/// The subscription of an answer to [`subscription`].
pub fn decode_subscription(answer: Answer) -> Result<Option<PushSubscription>, DbError> {
    answer.decode_first()
}

/// A browser of an agent's takes push messages.
pub fn subscribe(site: &SiteId, agent: &AgentId, id: &PushId, to: &PushSubscription, now: Timestamp) -> Stmt {
    let PushSubscription { endpoint, p256dh, auth } = to;
    let (endpoint, p256dh, auth) = (endpoint.as_str(), p256dh.as_str(), auth.as_str());
    stmt!(SUBSCRIBE, site.as_str(), agent.as_str(), id.as_str(), endpoint, p256dh, auth, now)
}

/// A browser of an agent's takes none any more.
pub fn unsubscribe(site: &SiteId, agent: &AgentId, id: &PushId) -> Stmt {
    stmt!(UNSUBSCRIBE, site.as_str(), agent.as_str(), id.as_str())
}

/// Asks where a browser of an agent's takes push messages.
pub fn subscription(site: &SiteId, agent: &AgentId, id: &PushId) -> Stmt {
    stmt!(SUBSCRIPTION, site.as_str(), agent.as_str(), id.as_str())
}

/// Asks who can take a conversation.
pub fn staff(site: &SiteId) -> Stmt {
    stmt!(STAFF, site.as_str())
}

/// Asks for one agent's rules.
pub fn rules(site: &SiteId, agent: &AgentId) -> Stmt {
    stmt!(RULES, site.as_str(), agent.as_str())
}

/// Takes an agent's rules.
pub fn put_rules(site: &SiteId, agent: &AgentId, rules: &Rules) -> Stmt {
    stmt!(PUT_RULES, site.as_str(), agent.as_str(), encode_json(rules))
}

/// Tells an agent of something.
pub fn add(site: &SiteId, alert: &Alert) -> Stmt {
    stmt!(
        ADD,
        site.as_str(),
        alert.agent.as_str(),
        alert.id.as_str(),
        alert.kind.as_str(),
        alert.contact.as_str(),
        alert.conversation.as_str(),
        alert.text.as_str(),
        alert.at,
        alert.group.as_str(),
    )
}

/// Takes back what is unread of a group.
pub fn withdraw(site: &SiteId, group: &str) -> Stmt {
    stmt!(WITHDRAW, site.as_str(), group)
}

/// Asks what an agent has not read.
pub fn unread(site: &SiteId, agent: &AgentId, now: Timestamp) -> Stmt {
    stmt!(UNREAD, site.as_str(), agent.as_str(), now)
}

/// An agent has read one.
pub fn read(site: &SiteId, agent: &AgentId, id: &AlertId) -> Stmt {
    stmt!(READ, site.as_str(), agent.as_str(), id.as_str())
}

/// An agent has read all.
pub fn read_all(site: &SiteId, agent: &AgentId, now: Timestamp) -> Stmt {
    stmt!(READ_ALL, site.as_str(), agent.as_str(), now)
}
