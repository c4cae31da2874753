//! What a decision about people looks at.

use super::erase::load_erasure;
use crate::{
    channel::Channel,
    command::PeopleWish,
    contact::{Address, AddressKind},
    decide::{People, Rung, Side, Snapshot},
    flow::{
        Scope,
        load::{known, typed},
    },
    id::ContactId,
    store::{Db, DbError, Stmt, consents, contacts, conversations, erasures, merges},
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
        PeopleWish::Unmerge(wish) => snapshot.people = Box::new(load_path(scope, &wish.contact).await?),
        PeopleWish::Edit(contact, _) | PeopleWish::Field(contact, _) => {
            snapshot.people.into = load_side(scope, contact).await?;
        }
        PeopleWish::Fact(contact, _) => {
            snapshot.people.into = load_side(scope, contact).await?;
            if let Some(side) = &snapshot.people.into {
                let told = consents::facts(&scope.site.id, &side.contact.id);
                let told = consents::decode_facts(scope.db.query(&told).await?)?;
                snapshot.facts = told.into_iter().map(|told| told.said).collect();
            }
        }
        PeopleWish::Handle(contact, wish) => {
            snapshot.people.into = load_side(scope, contact).await?;
            let address = match wish.channel {
                Channel::Sms | Channel::Email => typed(scope, wish.channel, &wish.address),
                other => Some(Address::new(AddressKind::of(other), wish.address.trim())),
            };
            if let Some(address) = address {
                snapshot.addresses.push(known(scope, &address).await?);
            }
        }
        PeopleWish::Erase { contact, .. } => {
            snapshot.people.into = load_side(scope, contact).await?;
            if let Some(side) = &snapshot.people.into {
                snapshot.people.erasure = load_erasure(scope, side).await?;
            }
        }
    }
    Ok(snapshot)
}

/// A contact as they are after joins; nobody where they were erased.
pub(in crate::flow) async fn load_side<D: Db>(
    scope: Scope<'_, D>,
    id: &ContactId,
) -> Result<Option<Side>, DbError> {
    let site = &scope.site.id;
    let found = contacts::decode_one(scope.db.query(&contacts::contact(site, id)).await?)?;
    let Some(contact) = found else { return Ok(None) };
    let stmts = [
        erasures::erased_at(site, &contact.id),
        conversations::by_contact(site, &contact.id),
        contacts::handles(site, &contact.id),
        merges::tags(site, &contact.id),
    ];
    let mut rows = scope.db.batch(&stmts).await?.into_iter();
    let mut next = || rows.next().unwrap_or_default();
    if erasures::decode_erased_at(next())?.is_some() {
        return Ok(None);
    }
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
    Ok(People { into: load_side(scope, &root).await?, from, path: rungs, ..People::default() })
}
