//! What the inbox reads: a person's timeline by cursor, and the person beside it. Nothing here writes.

pub mod handoff;
pub mod person;
pub mod timeline;

use super::{FlowError, Scope};
use crate::{
    contact::{Contact, Handle},
    error::Rejection,
    id::ContactId,
    page::words,
    store::{Db, contacts},
};

/// A contact after joins. 404 `unknown_contact` where the site has none of this id.
async fn load_contact<D: Db>(scope: Scope<'_, D>, id: &ContactId) -> Result<Contact, FlowError> {
    let found = contacts::decode_one(scope.db.query(&contacts::contact(&scope.site.id, id)).await?)?;
    let unknown = || Rejection::new(404, "unknown_contact", "This site has no contact of this id.");
    Ok(found.ok_or_else(unknown)?)
}

/// A contact's first name, or "The contact".
fn called(contact: &Contact) -> &str {
    let first = contact.name.as_deref().and_then(|name| name.split_whitespace().next());
    first.unwrap_or("The contact")
}

/// What a contact is called: their name, else the address of theirs that is proven best and that people can read.
pub(crate) fn name_of(contact: &Contact, handles: &[Handle]) -> Option<String> {
    let readable =
        handles.iter().filter(|handle| handle.address.kind != crate::contact::AddressKind::Visitor);
    let best = || readable.max_by_key(|handle| handle.assurance);
    contact.name.clone().or_else(|| best().map(|handle| words::address(&handle.address)))
}
