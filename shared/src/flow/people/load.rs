//! What a decision about people looks at.

use crate::{
    command::PeopleWish,
    decide::{People, Rung, Side, Snapshot},
    flow::Scope,
    id::ContactId,
    store::{Db, DbError, Stmt, contacts, conversations, merges},
};

/// The snapshot of a wish about people.
pub(in crate::flow) async fn load_people<'a, D: Db>(
    scope: Scope<'a, D>,
    wish: &PeopleWish,
) -> Result<Snapshot<'a>, DbError> {
    let mut snapshot = Snapshot::empty(scope.site);
    match wish {
        PeopleWish::Merge(wish) => {
            snapshot.people.into = load_side(scope, &wish.into).await?;
            snapshot.people.from = load_side(scope, &wish.from).await?;
        }
        PeopleWish::Apart(wish) => {
            snapshot.people.into = load_side(scope, &wish.one).await?;
            snapshot.people.from = load_side(scope, &wish.other).await?;
        }
        PeopleWish::Unmerge(wish) => snapshot.people = load_path(scope, &wish.contact).await?,
    }
    Ok(snapshot)
}

/// A contact as they are after joins.
pub(in crate::flow) async fn load_side<D: Db>(
    scope: Scope<'_, D>,
    id: &ContactId,
) -> Result<Option<Side>, DbError> {
    let site = &scope.site.id;
    let found = contacts::decode_one(scope.db.query(&contacts::contact(site, id)).await?)?;
    let Some(contact) = found else { return Ok(None) };
    let stmts = [
        conversations::by_contact(site, &contact.id),
        contacts::handles(site, &contact.id),
        merges::tags(site, &contact.id),
    ];
    let mut rows = scope.db.batch(&stmts).await?.into_iter();
    let mut next = || rows.next().unwrap_or_default();
    let conversation = conversations::decode(next())?;
    let handles = contacts::decode_handles(next())?;
    Ok(Some(Side { contact, conversation, handles, tags: next().decode_all()? }))
}

/// A contact that was joined, and everybody up to whom they are now.
async fn load_path<D: Db>(scope: Scope<'_, D>, id: &ContactId) -> Result<People, DbError> {
    let site = &scope.site.id;
    let stmts = [
        merges::own(site, id),
        conversations::by_contact(site, id),
        merges::part_handles(site, id),
        merges::path(site, id),
    ];
    let mut rows = scope.db.batch(&stmts).await?.into_iter();
    let mut next = || rows.next().unwrap_or_default();
    let Some(contact) = contacts::decode_one(next())? else { return Ok(People::default()) };
    let conversation = conversations::decode(next())?;
    let handles = contacts::decode_handles(next())?;
    let path = merges::decode(next())?;
    let from = Some(Side { contact, conversation, handles, tags: Vec::new() });
    let Some(root) = path.last().map(|merge| merge.into.clone()) else {
        return Ok(People { from, ..People::default() });
    };
    let stmts: Vec<Stmt> = path
        .iter()
        .flat_map(|merge| [merges::own(site, &merge.into), conversations::by_contact(site, &merge.into)])
        .collect();
    let mut rows = scope.db.batch(&stmts).await?.into_iter();
    let mut rungs = Vec::with_capacity(path.len());
    for merge in path {
        let into = contacts::decode_one(rows.next().unwrap_or_default())?;
        let conversation = conversations::decode(rows.next().unwrap_or_default())?;
        let into = into.ok_or_else(|| DbError::Corrupt(format!("nobody is {}", merge.into)))?;
        rungs.push(Rung { merge, into, conversation });
    }
    Ok(People { into: load_side(scope, &root).await?, from, path: rungs, joined_at: None })
}
