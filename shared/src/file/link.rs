//! The link of a file: whoever holds it gets that one file until it ends, and nothing else.
//!
//! The token names the site, the file and its end under our key. No cookie is looked at: a link works in a mail program and
//! in a picture's address alike.

use crate::{
    id::{FileId, SiteId},
    signature,
    time::{SECOND_MS, Timestamp},
};

/// Keeps a token from being valid as any other under the same key.
const PURPOSE: &str = "file";

/// What a token names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The site.
    pub site: SiteId,
    /// The file.
    pub id: FileId,
    /// Until when it is given out, to the second.
    pub until: Timestamp,
}

/// The token of a file.
pub fn seal(key: &str, named: &Named) -> String {
    // Without the prefixes, so that it is shorter in a text message.
    let name = |id: &str, prefix: &str| id.get(prefix.len() + 1..).unwrap_or(id).to_owned();
    let payload = format!(
        "{}\n{}\n{:x}",
        name(named.site.as_str(), SiteId::PREFIX),
        name(named.id.as_str(), FileId::PREFIX),
        named.until.ms() / SECOND_MS
    );
    signature::seal(key, PURPOSE, payload.as_bytes())
}

/// What a token names that [`seal`] made with this key; `None` for anything else.
pub fn open(key: &str, token: &str) -> Option<Named> {
    let payload = String::from_utf8(signature::open(key, PURPOSE, token)?).ok()?;
    let mut parts = payload.split('\n');
    let (site, id, until) = (parts.next()?, parts.next()?, parts.next()?);
    let until = i64::from_str_radix(until, 16).ok()?.checked_mul(SECOND_MS)?;
    Some(Named {
        site: SiteId::parse(&format!("{}_{site}", SiteId::PREFIX)).ok()?,
        id: FileId::parse(&format!("{}_{id}", FileId::PREFIX)).ok()?,
        until: Timestamp::from_ms(until),
    })
}

/// The address of a token. `public_url` has no slash at its end; empty for a path.
pub fn link(public_url: &str, token: &str) -> String {
    format!("{public_url}/files/{token}")
}
