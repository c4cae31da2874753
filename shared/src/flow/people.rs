//! People for the team: who is who, and what is kept of them.

pub mod edit;
pub mod erase;
pub mod export;
mod load;
mod plan;
pub mod suggestions;

pub(super) use load::{load_people, load_side};
pub(super) use plan::plan_people;

use super::{FlowError, Handled, Scope, handle};
use crate::{
    api::people::MergeLine,
    command::{ApartWish, Command, MergeWish, PeopleWish, UnmergeWish},
    ctx::Ctx,
    id::{ContactId, MergeId},
    store::{Db, contacts, merges},
};

/// Joins two contacts. Refuses one that the site does not have (404 `unknown_contact`), whom the team does not have (400
/// `unknown_member`), two that are one already (409 `same_person`), and what is no evidence (400 `bad_evidence`).
pub async fn merge<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    wish: MergeWish,
) -> Result<(Handled, Option<MergeId>), FlowError> {
    let from = wish.from.clone();
    let handled = handle(scope, ctx, &Command::People(PeopleWish::Merge(wish))).await?;
    let path = merges::decode(scope.db.query(&merges::path(&scope.site.id, &from)).await?)?;
    Ok((handled, path.into_iter().last().map(|merge| merge.id)))
}

/// Parts a contact from the one it was joined to. Refuses as [`merge`] does, and one that is joined to nobody (409
/// `not_merged`).
pub async fn unmerge<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    contact: ContactId,
    by: String,
) -> Result<Handled, FlowError> {
    handle(scope, ctx, &Command::People(PeopleWish::Unmerge(UnmergeWish { contact, by }))).await
}

/// How many merges of a person are listed.
const MAX_MERGES: u32 = 200;

/// What was joined to a person and parted from them, the newest first.
pub async fn merges_of<D: Db>(scope: Scope<'_, D>, contact: &ContactId) -> Result<Vec<MergeLine>, FlowError> {
    let site = &scope.site.id;
    let found = contacts::decode_one(scope.db.query(&contacts::contact(site, contact)).await?)?;
    let Some(contact) = found else { return Ok(Vec::new()) };
    let found = scope.db.query(&merges::of_contact(site, &contact.id, MAX_MERGES)).await?;
    let line = |(merge, name): (crate::merge::Merge, Option<String>)| MergeLine {
        id: merge.id,
        into: merge.into,
        from: merge.from,
        name,
        at: merge.at,
        by: merge.by,
        evidence: merge.evidence.lines,
        claim: merge.evidence.claim,
        undone: merge.undone,
    };
    Ok(merges::decode_lines(found)?.into_iter().map(line).collect())
}

/// Notes that two contacts are not the same person. Refuses as [`merge`] does.
pub async fn keep_apart<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    wish: ApartWish,
) -> Result<Handled, FlowError> {
    handle(scope, ctx, &Command::People(PeopleWish::Apart(wish))).await
}
