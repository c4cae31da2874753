//! A site's knowledge: passages in a full-text index.

use serde::Deserialize;

use super::{Answer, DbError, Stmt, encode_json, statements, stmt};
use crate::{assistant::Passage, id::SiteId, signature};

statements! {
    /// Forgets a site's imported passages before the new ones are written.
    DROP = "DELETE FROM passages WHERE site_id = ?1 AND path NOT LIKE 'taught/%'";
    /// Notes which passages a site has now.
    NOTE = "INSERT INTO knowledge_digests (site_id, digest) VALUES (?1, ?2)
        ON CONFLICT (site_id) DO UPDATE SET digest = excluded.digest";
    /// Which passages a site has.
    DIGEST = "SELECT digest || '.' || taught AS digest FROM knowledge_digests WHERE site_id = ?1";
    /// Adds a passage.
    ADD = "INSERT INTO passages (site_id, path, title, heading, text) VALUES (?1, ?2, ?3, ?4, ?5)";
    /// The passages that fit a question best, by BM25 with headings and titles weighing more.
    SEARCH = "SELECT path, title, heading, text, CAST(-1000.0 * distance AS INTEGER) AS score FROM (
          SELECT path, title, heading, text, bm25(passages, 0.0, 0.0, 1.0, 4.0, 1.0) AS distance
          FROM passages WHERE passages MATCH ?2 AND site_id = ?1 ORDER BY distance LIMIT ?3
        )";
}

/// Replaces a site's passages. More than a batch holds is the caller's to split: each passage is one statement.
pub fn replace(site: &SiteId, passages: &[Passage]) -> Vec<Stmt> {
    let mut stmts = vec![stmt!(DROP, site.as_str()), stmt!(NOTE, site.as_str(), digest_of(passages))];
    stmts.extend(passages.iter().map(|passage| {
        let Passage { path, title, heading, text, .. } = passage;
        stmt!(ADD, site.as_str(), path.as_str(), title.as_str(), heading.as_str(), text.as_str())
    }));
    stmts
}

/// Two lists of passages have one digest only where they are the same.
fn digest_of(passages: &[Passage]) -> String {
    let pieces =
        passages.iter().map(|Passage { path, title, heading, text, .. }| [path, title, heading, text]);
    signature::hex(&signature::sha256(encode_json(&pieces.collect::<Vec<_>>()).as_bytes()))
}

/// Asks for the digest of a site's passages.
pub fn digest(site: &SiteId) -> Stmt {
    stmt!(DIGEST, site.as_str())
}

#[derive(Deserialize)]
struct DigestRow {
    digest: String,
}

/// The digest of an answer to [`digest`]; `None` where the site's passages were stored without one.
pub fn decode_digest(answer: Answer) -> Result<Option<String>, DbError> {
    Ok(answer.decode_first::<DigestRow>()?.map(|row| row.digest))
}

/// Asks for the `limit` best passages; `query` is an FTS5 expression made by `knowledge::fts_query`.
pub fn search(site: &SiteId, query: &str, limit: u32) -> Stmt {
    stmt!(SEARCH, site.as_str(), query, limit)
}

#[derive(Deserialize)]
struct PassageRow {
    path: String,
    title: String,
    heading: String,
    text: String,
    score: i64,
}

/// The passages of an answer to [`search`], best first.
pub fn decode(answer: Answer) -> Result<Vec<Passage>, DbError> {
    let rows = answer.decode_all::<PassageRow>()?;
    Ok(rows
        .into_iter()
        .map(|PassageRow { path, title, heading, text, score }| Passage { path, title, heading, text, score })
        .collect())
}
