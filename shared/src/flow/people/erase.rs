//! Erasure, by hand and by the site's own rule.

use std::collections::BTreeSet;

use crate::{
    command::{Command, PeopleWish},
    ctx::Ctx,
    decide::{Erasure, Side},
    effect::Effect,
    flow::{FlowError, Handled, Scope, handle},
    id::ContactId,
    identity, signature,
    store::{Db, DbError, Stmt, consents, conversations, erasures},
    time::DAY_MS,
};

/// How many people one sweep erases by the site's rule; the next one goes on.
const AT_ONCE: u32 = 10;
/// A month of a retention rule, in days.
const MONTH_DAYS: i64 = 31;

/// Erases everything about a person and whoever was joined to them. Refuses one whom the site does not have or who was
/// erased before (404 `unknown_contact`), and whom the team does not have (400 `unknown_member`).
pub async fn erase<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    contact: &ContactId,
    by: String,
) -> Result<Handled, FlowError> {
    handle(scope, ctx, &Command::People(PeopleWish::Erase { contact: contact.clone(), by })).await
}

/// Erases those with whom nothing has happened for as long as the site keeps people: at most ten at once. Nothing where
/// its policy has no such rule.
pub async fn erase_silent<D: Db>(scope: Scope<'_, D>, ctx: &mut Ctx) -> Result<Vec<Effect>, FlowError> {
    let Some(months) = scope.site.policy.retention_months else { return Ok(Vec::new()) };
    let since = ctx.now.plus_ms(-i64::from(months) * MONTH_DAYS * DAY_MS);
    let found = scope.db.query(&erasures::silent(&scope.site.id, since, AT_ONCE)).await?;
    let mut effects = Vec::new();
    for contact in erasures::decode_silent(found)? {
        // One who was joined to somebody is kept as long as that one is.
        let Some(side) = super::load::load_side(scope, &contact).await? else { continue };
        let newest = newest(scope, &side).await?;
        if side.contact.id == contact && newest.is_none_or(|newest| newest < since) {
            effects.extend(erase(scope, ctx, &contact, String::new()).await?.effects);
        }
    }
    Ok(effects)
}

/// How many people would be erased now, were they kept for so many months: counted up to `at_most`.
pub async fn count_silent<D: Db>(
    scope: Scope<'_, D>,
    ctx: &Ctx,
    months: u32,
    at_most: u32,
) -> Result<u32, FlowError> {
    let since = ctx.now.plus_ms(-i64::from(months) * MONTH_DAYS * DAY_MS);
    let found = scope.db.query(&erasures::silent(&scope.site.id, since, at_most)).await?;
    Ok(u32::try_from(erasures::decode_silent(found)?.len()).unwrap_or(u32::MAX))
}

/// When the person last did something, over all of their conversations.
async fn newest<D: Db>(scope: Scope<'_, D>, side: &Side) -> Result<Option<crate::time::Timestamp>, DbError> {
    let site = &scope.site.id;
    let stmts: Vec<Stmt> = people(side).into_iter().map(|id| conversations::by_contact(site, &id)).collect();
    let mut newest = None;
    for answer in scope.db.batch(&stmts).await? {
        newest = newest.max(conversations::decode(answer)?.and_then(|state| state.heard_at));
    }
    Ok(newest)
}

/// Everybody of a person who has an address, and the one who goes on.
fn people(side: &Side) -> BTreeSet<ContactId> {
    side.handles.iter().map(|handle| handle.owner.clone()).chain([side.contact.id.clone()]).collect()
}

/// What is to be erased of a contact.
pub(super) async fn load_erasure<D: Db>(scope: Scope<'_, D>, side: &Side) -> Result<Erasure, DbError> {
    let site = &scope.site.id;
    let stmts: Vec<Stmt> = people(side).into_iter().map(|id| conversations::by_contact(site, &id)).collect();
    let mut erasure = Erasure::default();
    for answer in scope.db.batch(&stmts).await? {
        erasure.conversations.extend(conversations::decode(answer)?.map(|state| (state.id, state.version)));
    }
    let stmts: Vec<Stmt> = side.handles.iter().map(|handle| consents::chain(site, &handle.address)).collect();
    if stmts.is_empty() {
        return Ok(erasure);
    }
    let key = scope.secrets.secret("SIGNING_KEY").unwrap_or_default();
    for (handle, answer) in side.handles.iter().zip(scope.db.batch(&stmts).await?) {
        let address = handle.address.clone();
        let (kind, text) = (address.kind.as_str(), identity::key(&address));
        let text = format!("erasure\n{}\n{kind}\n{text}", side.contact.id);
        let mut digest = signature::hex(&signature::hmac_sha256(key.as_bytes(), &[text.as_bytes()]));
        digest.truncate(32);
        let entries = consents::decode_links(answer)?.into_iter();
        erasure.addresses.push(erasures::Replaced {
            by: format!("erased:{digest}"),
            suppression: scope.hash(&address),
            entries: entries
                .map(|link| (link.n, signature::hex(&signature::sha256(link.body.as_bytes()))))
                .collect(),
            address,
        });
    }
    Ok(erasure)
}
