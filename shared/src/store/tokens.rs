//! API tokens, by a hash of their value.

use serde::Deserialize;

use super::{Answer, DbError, Stmt, statements, stmt};
use crate::{
    api::{scope::ApiScope, team::Token},
    id::{SiteId, TokenId},
    time::Timestamp,
};

statements! {
    /// Every token of a site.
    OF_SITE = "SELECT * FROM api_tokens WHERE site_id = ?1 ORDER BY id";
    /// Adds one.
    ADD = "INSERT INTO api_tokens (site_id, id, hash, name, scopes, made_by, made_at_ms)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    /// Ends one.
    REMOVE = "DELETE FROM api_tokens WHERE site_id = ?1 AND id = ?2";
    /// The token of a value: how a program that calls finds its site.
    BY_HASH = "SELECT * FROM api_tokens WHERE hash = ?1";
    /// Notes that one was used.
    TOUCH = "UPDATE api_tokens SET used_at_ms = ?3
        WHERE site_id = ?1 AND id = ?2 AND (used_at_ms IS NULL OR used_at_ms < ?3)";
}

#[derive(Deserialize)]
struct TokenRow {
    site_id: SiteId,
    id: TokenId,
    name: String,
    scopes: String,
    made_by: String,
    made_at_ms: Timestamp,
    used_at_ms: Option<Timestamp>,
}

/// The tokens of an answer, with their sites. A scope that this version does not know is left out.
pub fn decode(answer: Answer) -> Result<Vec<(SiteId, Token)>, DbError> {
    let token = |row: TokenRow| {
        let token = Token {
            id: row.id,
            name: row.name,
            scopes: row.scopes.split(' ').filter_map(ApiScope::parse).collect(),
            made_by: row.made_by,
            made_at: row.made_at_ms,
            used_at: row.used_at_ms,
        };
        (row.site_id, token)
    };
    Ok(answer.decode_all()?.into_iter().map(token).collect())
}

/// Asks for every token of a site.
pub fn of_site(site: &SiteId) -> Stmt {
    stmt!(OF_SITE, site.as_str())
}

/// Adds one.
pub fn add(site: &SiteId, token: &Token, hash: &str) -> Stmt {
    let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.as_str()).collect();
    let (name, made_by) = (token.name.as_str(), token.made_by.as_str());
    stmt!(ADD, site.as_str(), token.id.as_str(), hash, name, scopes.join(" "), made_by, token.made_at)
}

/// Ends one.
pub fn remove(site: &SiteId, id: &TokenId) -> Stmt {
    stmt!(REMOVE, site.as_str(), id.as_str())
}

/// Asks for the token of a value's hash.
pub fn by_hash(hash: &str) -> Stmt {
    stmt!(BY_HASH, hash)
}

/// Notes that one was used.
pub fn touch(site: &SiteId, id: &TokenId, now: Timestamp) -> Stmt {
    stmt!(TOUCH, site.as_str(), id.as_str(), now)
}
