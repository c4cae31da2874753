//! The sources of a site's knowledge, each with its passages.

use serde::Deserialize;

use super::{Answer, DbError, Stmt, decode_json, decode_word, encode_json, knowledge, statements, stmt};
use crate::{
    api::knowledge::{KnownSource, SourceKind},
    assistant::Passage,
    id::SiteId,
    time::Timestamp,
};

statements! {
    /// Every source of a site.
    OF_SITE = "SELECT path, kind, title, count, address, at_ms, put_by FROM sources WHERE site_id = ?1 ORDER BY path LIMIT ?2";
    /// The passages of one.
    PASSAGES = "SELECT passages FROM sources WHERE site_id = ?1 AND path = ?2";
    /// Puts a source in its place.
    PUT = "INSERT INTO sources (site_id, path, kind, title, count, passages, address, at_ms, put_by)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        ON CONFLICT (site_id, path) DO UPDATE SET kind = excluded.kind, title = excluded.title, count = excluded.count,
          passages = excluded.passages, address = excluded.address, at_ms = excluded.at_ms, put_by = excluded.put_by";
    /// Takes one away.
    DROP = "DELETE FROM sources WHERE site_id = ?1 AND path = ?2";
    /// Takes away what an import brought.
    DROP_FILES = "DELETE FROM sources WHERE site_id = ?1 AND kind = 'file'";
    /// Takes the passages of one out of what is known.
    DROP_PASSAGES = "DELETE FROM passages WHERE site_id = ?1 AND path = ?2";
    /// Takes away pages that were not read again since.
    DROP_OLD_PAGES = "DELETE FROM sources WHERE site_id = ?1 AND kind = 'page' AND at_ms < ?2";
    /// And their passages.
    DROP_OLD_PASSAGES = "DELETE FROM passages WHERE site_id = ?1 AND path LIKE 'pages/%'
        AND path NOT IN (SELECT path FROM sources WHERE site_id = ?1)";
    /// Whoever remembers what was found looks again.
    NOTE = "INSERT INTO knowledge_digests (site_id, digest, taught) VALUES (?1, '', 1)
        ON CONFLICT (site_id) DO UPDATE SET taught = taught + 1";
}

/// The folder of what the team put in.
pub const OWN: &str = "own/";
/// The folder of the site's pages.
pub const PAGES: &str = "pages/";

#[derive(Deserialize)]
struct SourceRow {
    path: String,
    kind: String,
    title: String,
    count: u32,
    address: Option<String>,
    at_ms: Timestamp,
    put_by: String,
}

/// Asks for every source of a site.
pub fn of_site(site: &SiteId, limit: u32) -> Stmt {
    stmt!(OF_SITE, site.as_str(), limit)
}

/// The sources of an answer to [`of_site`].
pub fn decode(answer: Answer) -> Result<Vec<KnownSource>, DbError> {
    let source = |row: SourceRow| {
        let SourceRow { path, kind, title, count: passages, address, at_ms, put_by: by } = row;
        let kind = decode_word(&kind, SourceKind::parse(&kind))?;
        let at = Some(at_ms).filter(|at| at.ms() > 0);
        Ok(KnownSource { path, kind, title, passages, address, at, by })
    };
    answer.decode_all()?.into_iter().map(source).collect()
}

/// Asks for the passages of a source.
pub fn passages(site: &SiteId, path: &str) -> Stmt {
    stmt!(PASSAGES, site.as_str(), path)
}

#[derive(Deserialize)]
struct PassagesRow {
    passages: String,
}

/// The passages of an answer to it; `None` where there is no such source.
pub fn decode_passages(answer: Answer) -> Result<Option<Vec<(String, String)>>, DbError> {
    answer.decode_first::<PassagesRow>()?.map(|row| decode_json(&row.passages)).transpose()
}

/// What stands beside a source's passages.
#[derive(Clone, Copy, Debug)]
pub struct Put<'a> {
    /// Where it came from.
    pub kind: SourceKind,
    /// Its address, where it is a page.
    pub address: Option<&'a str>,
    /// Who puts it in.
    pub by: &'a str,
}

/// The row of a source; `passages` are all of one path.
pub fn put(site: &SiteId, passages: &[Passage], beside: Put<'_>, now: Timestamp) -> Option<Stmt> {
    let first = passages.first()?;
    let texts: Vec<(&str, &str)> =
        passages.iter().map(|it| (it.heading.as_str(), it.text.as_str())).collect();
    let count = u32::try_from(passages.len()).unwrap_or(u32::MAX);
    let (kind, texts) = (beside.kind.as_str(), encode_json(&texts));
    let (path, title) = (first.path.as_str(), first.title.as_str());
    Some(stmt!(PUT, site.as_str(), path, kind, title, count, texts, beside.address, now, beside.by))
}

/// Puts a source with its passages in the place of what stood there.
pub fn replace(site: &SiteId, passages: &[Passage], beside: Put<'_>, now: Timestamp) -> Vec<Stmt> {
    let Some(put) = put(site, passages, beside, now) else { return Vec::new() };
    let path = passages.first().map_or("", |first| first.path.as_str());
    let mut stmts = vec![put, stmt!(DROP_PASSAGES, site.as_str(), path), stmt!(NOTE, site.as_str())];
    stmts.extend(passages.iter().map(|passage| knowledge::add(site, passage)));
    stmts
}

/// Takes a source away, and its passages.
pub fn remove(site: &SiteId, path: &str) -> Vec<Stmt> {
    let site = site.as_str();
    vec![stmt!(DROP, site, path), stmt!(DROP_PASSAGES, site, path), stmt!(NOTE, site)]
}

/// Puts an import's files in the place of those of the one before; each path's passages follow one another.
pub fn replace_files(site: &SiteId, passages: &[Passage], now: Timestamp) -> Vec<Stmt> {
    let beside = Put { kind: SourceKind::File, address: None, by: "deployment" };
    let files = passages.chunk_by(|one, next| one.path == next.path);
    let mut stmts = vec![stmt!(DROP_FILES, site.as_str())];
    stmts.extend(files.filter_map(|file| put(site, file, beside, now)));
    stmts
}

/// Takes away the pages that were not read again since.
pub fn drop_old_pages(site: &SiteId, since: Timestamp) -> Vec<Stmt> {
    let site = site.as_str();
    vec![stmt!(DROP_OLD_PAGES, site, since), stmt!(DROP_OLD_PASSAGES, site), stmt!(NOTE, site)]
}
