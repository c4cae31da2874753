//! Addresses that several people are reached at, and those that are somebody else's by now.

use super::{Stmt, statements, stmt};
use crate::{
    contact::Address,
    id::{ContactId, SiteId},
    identity,
    time::Timestamp,
};

statements! {
    /// Gives an address to another contact, who has yet to write from it.
    REASSIGN = "UPDATE handles SET contact_id = ?5, assurance = 1, is_shared = 0, created_at_ms = ?6
        WHERE site_id = ?1 AND kind = ?2 AND address_key = ?3 AND contact_id = ?4";
    /// Notes whose it was.
    FORMER = "INSERT INTO former_handles (site_id, contact_id, kind, address_key, until_ms, done_by)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    /// Several people are reached at an address, or one is again.
    SHARE = "UPDATE handles SET is_shared = ?4 WHERE site_id = ?1 AND kind = ?2 AND address_key = ?3";
}

/// Gives an address to another contact from now on, and notes whose it was.
pub fn reassign(
    site: &SiteId,
    address: &Address,
    (from, to): (&ContactId, &ContactId),
    by: &str,
    now: Timestamp,
) -> [Stmt; 2] {
    let (site, kind, key) = (site.as_str(), address.kind.as_str(), identity::key(address));
    [
        stmt!(REASSIGN, site, kind, key.as_str(), from.as_str(), to.as_str(), now),
        stmt!(FORMER, site, from.as_str(), kind, key, now, by),
    ]
}

/// Says whether several people are reached at an address.
pub fn share(site: &SiteId, address: &Address, shared: bool) -> Stmt {
    stmt!(SHARE, site.as_str(), address.kind.as_str(), identity::key(address), i64::from(shared))
}
