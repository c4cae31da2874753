//! Sites and endpoints. A site is loaded with the names of whoever has joined its team, so that they can promise and answer.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Db, DbError, Stmt, decode_json, encode_json, statements, stmt};
use crate::{
    api::settings::Changed,
    channel::Channel,
    id::{EndpointId, SiteId},
    site::{Endpoint, Site},
    time::Timestamp,
};

statements! {
    /// The site an endpoint belongs to: how a request from outside finds its tenant.
    SITE_BY_ENDPOINT = "SELECT s.definition, (SELECT json_group_object(a.id, a.name) FROM agents a
          WHERE a.site_id = s.id AND a.state = 'active' AND a.role <> 'read_only') AS team
        FROM endpoints e JOIN sites s ON s.id = e.site_id WHERE e.id = ?1";
    /// The site behind a line's own address: a widget key, a mailbox.
    SITE_BY_ADDRESS = "SELECT s.definition, (SELECT json_group_object(a.id, a.name) FROM agents a
          WHERE a.site_id = s.id AND a.state = 'active' AND a.role <> 'read_only') AS team
        FROM endpoints e JOIN sites s ON s.id = e.site_id WHERE e.channel = ?1 AND e.address = ?2";
    /// A site by its id.
    SITE = "SELECT s.definition, (SELECT json_group_object(a.id, a.name) FROM agents a
          WHERE a.site_id = s.id AND a.state = 'active' AND a.role <> 'read_only') AS team
        FROM sites s WHERE s.id = ?1";
    /// Every site: the development pages' list.
    SITES = "SELECT s.definition, (SELECT json_group_object(a.id, a.name) FROM agents a
          WHERE a.site_id = s.id AND a.state = 'active' AND a.role <> 'read_only') AS team
        FROM sites s ORDER BY s.id";
    /// Adds a site or takes its new definition.
    PUT_SITE = "INSERT INTO sites (id, definition, updated_at_ms) VALUES (?1, ?2, ?3)
        ON CONFLICT (id) DO UPDATE SET definition = excluded.definition, updated_at_ms = excluded.updated_at_ms,
          version = version + 1,
          changes = json_object('*', json_object('version', version + 1, 'by', 'deployment', 'at', excluded.updated_at_ms))";
    /// A site's definition as its owner wrote it, with how often it was changed, and who changed which part last.
    DEFINITION = "SELECT definition, version, changes FROM sites WHERE id = ?1";
    /// Changes a definition that was read at a version; refused by a trigger where it has gone on.
    CHANGE = "UPDATE sites SET definition = ?2, version = ?3 + 1, changes = ?4, updated_at_ms = ?5 WHERE id = ?1";
    /// Forgets a site's lines before the new ones are written.
    DROP_ENDPOINTS = "DELETE FROM endpoints WHERE site_id = ?1";
    /// Adds a line.
    ADD_ENDPOINT = "INSERT INTO endpoints (id, site_id, channel, address) VALUES (?1, ?2, ?3, ?4)";
}

#[derive(Deserialize)]
struct Definition {
    definition: String,
    /// Who is of the team and may answer, by id.
    team: String,
}

/// A site as its owner wrote it, with whoever has joined its team behind those that the definition names.
fn decode(row: &Definition) -> Result<Site, DbError> {
    let mut site: Site = decode_json(&row.definition)?;
    let joined: BTreeMap<String, String> = decode_json(&row.team)?;
    for name in joined.into_values() {
        if !site.has_member(&name) {
            site.team.push(name);
        }
    }
    Ok(site)
}

async fn load(db: &impl Db, stmt: Stmt) -> Result<Option<Site>, DbError> {
    let row = db.query(&stmt).await?.decode_first::<Definition>()?;
    row.as_ref().map(decode).transpose()
}

/// The site and endpoint of an endpoint id; `None` where nobody has it.
pub async fn load_by_endpoint(db: &impl Db, id: &EndpointId) -> Result<Option<(Site, Endpoint)>, DbError> {
    let site = load(db, stmt!(SITE_BY_ENDPOINT, id.as_str())).await?;
    Ok(site.and_then(|site| {
        let endpoint = site.endpoints.iter().find(|endpoint| endpoint.id == *id)?.clone();
        Some((site, endpoint))
    }))
}

/// The site and endpoint of a line's own address.
pub async fn load_by_address(
    db: &impl Db,
    channel: Channel,
    address: &str,
) -> Result<Option<(Site, Endpoint)>, DbError> {
    let site = load(db, stmt!(SITE_BY_ADDRESS, channel.as_str(), address)).await?;
    Ok(site.and_then(|site| {
        let fits = |endpoint: &&Endpoint| endpoint.channel == channel && endpoint.address == address;
        let endpoint = site.endpoints.iter().find(fits)?.clone();
        Some((site, endpoint))
    }))
}

/// A site by its id.
pub async fn load_site(db: &impl Db, id: &SiteId) -> Result<Option<Site>, DbError> {
    load(db, stmt!(SITE, id.as_str())).await
}

/// Every site of this database.
pub async fn load_all(db: &impl Db) -> Result<Vec<Site>, DbError> {
    let rows = db.query(&stmt!(SITES)).await?.decode_all::<Definition>()?;
    rows.iter().map(decode).collect()
}

/// A definition as its owner wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The definition, without whoever has joined the team since.
    pub site: Site,
    /// How often it was written.
    pub version: u32,
    /// Who changed which part last; `*` stands for all of them.
    pub changes: BTreeMap<String, Changed>,
}

#[derive(Deserialize)]
struct WrittenRow {
    definition: String,
    version: u32,
    changes: String,
}

/// A definition as its owner wrote it; `None` where there is no such site.
pub async fn load_written(db: &impl Db, id: &SiteId) -> Result<Option<Written>, DbError> {
    let row = db.query(&stmt!(DEFINITION, id.as_str())).await?.decode_first::<WrittenRow>()?;
    row.map(|row| {
        let (site, changes) = (decode_json(&row.definition)?, decode_json(&row.changes)?);
        Ok(Written { site, version: row.version, changes })
    })
    .transpose()
}

/// Writes a definition that was read at `written.version`; its lines stay. One that has gone on meanwhile is a
/// [`DbError::Conflict`].
pub fn change(written: &Written, now: Timestamp) -> Stmt {
    let Written { site, version, changes } = written;
    stmt!(CHANGE, site.id.as_str(), encode_json(site), *version, encode_json(changes), now)
}

/// Writes a site's definition and its lines; a line another site has is a [`DbError::Conflict`].
pub fn put_site(site: &Site, now: Timestamp) -> Vec<Stmt> {
    let mut stmts = vec![
        stmt!(PUT_SITE, site.id.as_str(), encode_json(site), now),
        stmt!(DROP_ENDPOINTS, site.id.as_str()),
    ];
    stmts.extend(site.endpoints.iter().map(|endpoint| {
        let (id, channel) = (endpoint.id.as_str(), endpoint.channel.as_str());
        stmt!(ADD_ENDPOINT, id, site.id.as_str(), channel, endpoint.address.as_str())
    }));
    stmts
}
