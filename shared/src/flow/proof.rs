//! Reads what a proof of consent is made of.

use std::collections::BTreeSet;

use super::{FlowError, Scope};
use crate::{
    ctx::Ctx,
    error::Rejection,
    id::ContactId,
    proof::{Found, Proof},
    store::{Db, Stmt, consents, contacts, conversations, deliveries, events},
};

/// How many events are looked through for the message that first said that an AI speaks.
const EVENTS: u32 = 2_000;

/// The proof of a contact's consents, with those of whoever was joined to it. 404 `unknown_contact` where the site has no
/// such contact.
pub async fn prove<D: Db>(scope: Scope<'_, D>, ctx: &Ctx, id: &ContactId) -> Result<Proof, FlowError> {
    let site = &scope.site.id;
    let found = contacts::decode_one(scope.db.query(&contacts::contact(site, id)).await?)?;
    let contact = found
        .ok_or_else(|| Rejection::new(404, "unknown_contact", "This site has no contact of this id."))?;
    let stmts = [contacts::handles(site, &contact.id), events::recent(site, &contact.id, EVENTS)];
    let mut rows = scope.db.batch(&stmts).await?.into_iter();
    let handles = contacts::decode_handles(rows.next().unwrap_or_default())?;
    let mut events = events::decode_events(rows.next().unwrap_or_default())?;
    events.reverse();

    let people: BTreeSet<&ContactId> =
        handles.iter().map(|handle| &handle.owner).chain([&contact.id]).collect();
    let mut stmts: Vec<Stmt> = Vec::new();
    for handle in &handles {
        let address = &handle.address;
        stmts.push(consents::chain(site, address));
        stmts.push(deliveries::suppressed(site, address.kind, &scope.hash(address)));
    }
    stmts.extend(people.into_iter().map(|id| conversations::by_contact(site, id)));
    let mut rows = scope.db.batch(&stmts).await?.into_iter();
    let mut addresses = Vec::new();
    for handle in &handles {
        let chain = consents::decode_links(rows.next().unwrap_or_default())?;
        let suppressed = rows.next().unwrap_or_default().decode_first()?;
        addresses.push((handle.clone(), chain, suppressed));
    }
    let mut disclosed = Vec::new();
    for answer in rows {
        disclosed.extend(conversations::decode(answer)?.into_iter().flat_map(|state| state.disclosed));
    }
    Ok(Proof::of(scope.site, Found { contact, addresses, disclosed, events }, ctx.now))
}
