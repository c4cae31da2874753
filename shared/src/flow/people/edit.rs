//! What is kept of a contact, changed by the team.

use crate::{
    command::{Command, EditWish, FactWish, FieldWish, HandleWish, PeopleWish},
    ctx::Ctx,
    flow::{FlowError, Handled, Scope, handle},
    id::ContactId,
    store::{
        Db,
        fields::{self, Kept},
    },
};

/// Changes a contact's name, language or time zone. Refuses one whom the site does not have (404 `unknown_contact`), whom
/// the team does not have (400 `unknown_member`), and what is none of these (400 `bad_name`, `bad_locale`,
/// `bad_time_zone`).
pub async fn edit<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    contact: &ContactId,
    wish: EditWish,
) -> Result<Handled, FlowError> {
    handle(scope, ctx, &Command::People(PeopleWish::Edit(contact.clone(), wish))).await
}

/// Corrects or forgets something remembered. Refuses as [`edit`] does, and what is not remembered (404 `unknown_fact`).
pub async fn fact<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    contact: &ContactId,
    wish: FactWish,
) -> Result<Handled, FlowError> {
    handle(scope, ctx, &Command::People(PeopleWish::Fact(contact.clone(), wish))).await
}

/// Sets or drops a field. Refuses as [`edit`] does, one that the site does not define (400 `unknown_field`), and a value it
/// does not take (400 `bad_value`).
pub async fn field<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    contact: &ContactId,
    wish: FieldWish,
) -> Result<Handled, FlowError> {
    handle(scope, ctx, &Command::People(PeopleWish::Field(contact.clone(), wish))).await
}

/// A contact's fields, in order of the alphabet.
pub async fn load_fields<D: Db>(scope: Scope<'_, D>, contact: &ContactId) -> Result<Vec<Kept>, FlowError> {
    Ok(fields::decode(scope.db.query(&fields::of_contact(&scope.site.id, contact)).await?)?)
}

/// Says who is reached at an address of a contact's: several people, or another one from now on. Refuses as [`edit`] does,
/// and an address that is not the contact's (404 `unknown_handle`).
pub async fn handle_of<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    contact: &ContactId,
    wish: HandleWish,
) -> Result<Handled, FlowError> {
    handle(scope, ctx, &Command::People(PeopleWish::Handle(contact.clone(), wish))).await
}
