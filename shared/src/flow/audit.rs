//! The log of what people did, page by page.

use super::{FlowError, Scope};
use crate::{
    api::team::Audit,
    error::Rejection,
    store::{Db, audit},
    time::Timestamp,
};

/// How many lines a page has.
const PAGE: u32 = 100;

/// A page of the log, the newest first; `before` is an earlier page's `next`. Refuses one that is none (400 `bad_cursor`).
pub async fn load_audit<D: Db>(scope: Scope<'_, D>, before: Option<&str>) -> Result<Audit, FlowError> {
    let (at, id) = match before {
        None => (Timestamp::from_ms((1 << 53) - 1), ""),
        Some(cursor) => {
            let place = cursor.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id)));
            let bad = || Rejection::new(400, "bad_cursor", "`before` is not a cursor of this log.");
            let (at, id) = place.ok_or_else(bad)?;
            (Timestamp::from_ms(at), id)
        }
    };
    let stmt = audit::before(&scope.site.id, at, id, PAGE + 1);
    let mut lines = audit::decode(scope.db.query(&stmt).await?)?;
    let more = lines.len() > PAGE as usize;
    lines.truncate(PAGE as usize);
    let next = lines.last().filter(|_| more).map(|line| format!("{}.{}", line.at.ms(), line.id));
    Ok(Audit { lines, next })
}
