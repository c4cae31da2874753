//! The passages a question is answered from.
//!
//! Many people ask a site the same few questions, so what was found is remembered, under the digest of the passages it
//! was found in: an import changes the digest, and nothing old is found again. Questions themselves are not kept, only
//! their hashes.

use std::{cell::RefCell, collections::HashMap};

use crate::{
    assistant::Passage,
    flow::{FlowError, Scope},
    knowledge,
    signature::sha256,
    store::{Db, knowledge as stored},
};

/// How many passages a turn is shown.
const PASSAGES: usize = 8;
/// How many questions are remembered with what was found, some kilobytes each; beyond that all are forgotten.
const MAX_REMEMBERED: usize = 1_024;

/// A site, the digest of its passages, and a question.
type Key = [u8; 32];

thread_local! {
    static REMEMBERED: RefCell<HashMap<Key, Vec<Passage>>> = RefCell::default();
}

/// The best passages for a question, best first. `digest` is that of the site's passages, as it was read just now;
/// without one nothing is remembered.
pub(super) async fn passages<D: Db>(
    scope: Scope<'_, D>,
    digest: Option<&str>,
    question: &str,
) -> Result<Vec<Passage>, FlowError> {
    let site = &scope.site.id;
    let Some(query) = knowledge::fts_query(question) else { return Ok(Vec::new()) };
    let key = |digest: &str| sha256(format!("{}\n{digest}\n{question}", site.as_str()).as_bytes());
    let known = digest.and_then(|digest| REMEMBERED.with_borrow(|all| all.get(&key(digest)).cloned()));
    if let Some(known) = known {
        return Ok(known);
    }
    // Digest and passages are read at one moment, so that what is found belongs to the digest.
    let stmts = [stored::digest(site), stored::search(site, &query, knowledge::CANDIDATES)];
    let mut rows = scope.db.batch(&stmts).await?.into_iter();
    let mut next = || rows.next().unwrap_or_default();
    let digest = stored::decode_digest(next())?;
    let mut found = knowledge::rank(question, &stored::decode(next())?);
    found.truncate(PASSAGES);
    if let Some(digest) = digest {
        REMEMBERED.with_borrow_mut(|all| {
            if all.len() >= MAX_REMEMBERED {
                all.clear();
            }
            all.insert(key(&digest), found.clone());
        });
    }
    Ok(found)
}
