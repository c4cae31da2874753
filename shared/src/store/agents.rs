//! Who is of a site's team.

use serde::Deserialize;

use super::{Answer, DbError, Stmt, decode_word, statements, stmt};
use crate::{
    api::{
        me::Role,
        team::{Agent, AgentState},
    },
    id::{AgentId, SiteId},
    time::Timestamp,
};

statements! {
    /// Everybody who ever was of a team.
    OF_SITE = "SELECT * FROM agents WHERE site_id = ?1 ORDER BY id";
    /// Takes somebody in: anew, or again. Whoever is of the team already stays as they are.
    TAKE_IN = "INSERT INTO agents (site_id, id, email, email_key, name, role, state, created_at_ms)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT (email_key, site_id) DO UPDATE SET email = excluded.email, name = excluded.name,
          role = excluded.role, state = excluded.state, created_at_ms = excluded.created_at_ms
          WHERE agents.state <> 'active'";
    /// Changes somebody. The last owner stays one: a trigger.
    CHANGE = "UPDATE agents SET name = ?3, role = ?4, state = ?5
        WHERE site_id = ?1 AND id = ?2 AND state <> 'removed'";
    /// Every team somebody is of or invited to: how a person who signs in finds their sites.
    MEMBERSHIPS = "SELECT * FROM agents WHERE email_key = ?1 AND state <> 'removed' ORDER BY site_id LIMIT 100";
    /// Sites that nobody owns yet.
    OWNERLESS = "SELECT s.id FROM sites s WHERE NOT EXISTS (
          SELECT 1 FROM agents a WHERE a.site_id = s.id AND a.role = 'owner' AND a.state = 'active')
        ORDER BY s.id LIMIT 100";
}

#[derive(Deserialize)]
struct AgentRow {
    site_id: SiteId,
    id: AgentId,
    email: String,
    name: String,
    role: String,
    state: String,
    created_at_ms: Timestamp,
}

#[derive(Deserialize)]
struct SiteRow {
    id: SiteId,
}

fn decode_row(row: AgentRow) -> Result<(SiteId, Agent), DbError> {
    let agent = Agent {
        id: row.id,
        email: row.email,
        name: row.name,
        role: decode_word(&row.role, Role::parse(&row.role))?,
        state: decode_word(&row.state, AgentState::parse(&row.state))?,
        since: row.created_at_ms,
    };
    Ok((row.site_id, agent))
}

/// The agents of an answer, with their sites.
pub fn decode(answer: Answer) -> Result<Vec<(SiteId, Agent)>, DbError> {
    answer.decode_all()?.into_iter().map(decode_row).collect()
}

/// The sites of an answer to [`ownerless`].
pub fn decode_sites(answer: Answer) -> Result<Vec<SiteId>, DbError> {
    Ok(answer.decode_all::<SiteRow>()?.into_iter().map(|row| row.id).collect())
}

/// Asks for everybody who ever was of a team.
pub fn of_site(site: &SiteId) -> Stmt {
    stmt!(OF_SITE, site.as_str())
}

/// Takes somebody in. A name that somebody else of the team has is a [`DbError::Conflict`].
pub fn take_in(site: &SiteId, agent: &Agent, email_key: &str) -> Stmt {
    stmt!(
        TAKE_IN,
        site.as_str(),
        agent.id.as_str(),
        agent.email.as_str(),
        email_key,
        agent.name.as_str(),
        agent.role.as_str(),
        agent.state.as_str(),
        agent.since,
    )
}

/// Changes somebody's name, role and state. A name that somebody else has, and the last owner's end, are a
/// [`DbError::Conflict`].
pub fn change(site: &SiteId, agent: &Agent) -> Stmt {
    let (name, role, state) = (agent.name.as_str(), agent.role.as_str(), agent.state.as_str());
    stmt!(CHANGE, site.as_str(), agent.id.as_str(), name, role, state)
}

/// Asks for every team that somebody is of or invited to.
pub fn memberships(email_key: &str) -> Stmt {
    stmt!(MEMBERSHIPS, email_key)
}

/// Asks for the sites that nobody owns yet.
pub fn ownerless() -> Stmt {
    stmt!(OWNERLESS)
}
