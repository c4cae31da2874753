//! A contact's log of verdicts, to be judged again elsewhere.

use super::{FlowError, Scope};
use crate::{
    ctx::Ctx,
    error::Rejection,
    id::ContactId,
    replay::{Entry, FORMAT, Log},
    store::{
        Db, DbError, Stmt, contacts, conversations,
        deliveries::{self, VerdictRow},
    },
    time::Timestamp,
};

/// How many verdicts of each conversation are handed out, the newest.
const MAX_VERDICTS: u32 = 2_000;

/// The log of a contact, with that of whoever was joined to it: the newest 2,000 verdicts of each conversation. 404
/// `unknown_contact` where the site has no such contact.
pub async fn load_log<D: Db>(scope: Scope<'_, D>, ctx: &Ctx, id: &ContactId) -> Result<Log, FlowError> {
    let site = &scope.site.id;
    let found = contacts::decode_one(scope.db.query(&contacts::contact(site, id)).await?)?;
    let contact = found
        .ok_or_else(|| Rejection::new(404, "unknown_contact", "This site has no contact of this id."))?;
    let handles = contacts::decode_handles(scope.db.query(&contacts::handles(site, &contact.id)).await?)?;
    let mut people: Vec<ContactId> = handles.into_iter().map(|handle| handle.owner).collect();
    people.push(contact.id.clone());
    people.sort();
    people.dedup();
    let stmts: Vec<Stmt> = people.iter().map(|id| conversations::by_contact(site, id)).collect();
    let mut verdicts = Vec::new();
    for answer in scope.db.batch(&stmts).await? {
        let Some(conversation) = conversations::decode(answer)? else { continue };
        let stmt = deliveries::verdicts(site, &conversation.id, MAX_VERDICTS);
        for row in scope.db.query(&stmt).await?.decode_all::<VerdictRow>()? {
            let detail = serde_json::from_str(&row.detail);
            verdicts.push(Entry {
                id: row.id,
                at: Timestamp::from_ms(row.at_ms),
                conversation: conversation.id.clone(),
                seq: row.seq,
                detail: detail.map_err(|error| DbError::Corrupt(error.to_string()))?,
            });
        }
    }
    verdicts.sort_by(|one, other| (one.at, &one.id).cmp(&(other.at, &other.id)));
    let (format, policy) = (FORMAT.to_owned(), scope.site.policy.clone());
    Ok(Log { format, site: site.clone(), contact: contact.id, at: ctx.now, policy, verdicts })
}
