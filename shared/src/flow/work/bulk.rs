//! One act on many conversations. Each is done by itself: what is refused leaves the others done.

use super::act;
use crate::{
    api::list::{Bulk, Refused},
    command::{WorkAct, WorkWish},
    ctx::Ctx,
    effect::Effect,
    error::Rejection,
    flow::{FlowError, Scope},
    id::ContactId,
    store::Db,
};

/// How many conversations one request may be about.
pub const MAX_BULK: usize = 100;

/// Does one thing about each contact's conversation: which were done, which refused and why, and what to attempt. A contact
/// that is named twice is done once. Refuses more than [`MAX_BULK`] (`too_many`), and whoever is not of the team
/// (`unknown_member`) as a whole.
pub async fn apply<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    by: &str,
    what: &WorkAct,
    contacts: &[ContactId],
) -> Result<(Bulk, Vec<Effect>), FlowError> {
    if contacts.len() > MAX_BULK {
        let text = format!("`contacts` takes at most {MAX_BULK} at once.");
        return Err(Rejection::new(400, "too_many", text).into());
    }
    let (mut bulk, mut effects) = (Bulk::default(), Vec::new());
    for (place, contact) in contacts.iter().enumerate() {
        if contacts[..place].contains(contact) {
            continue;
        }
        let wish = WorkWish { by: by.to_owned(), act: what.clone() };
        match act(scope, ctx, contact, wish).await {
            Ok(handled) => {
                bulk.done.push(contact.clone());
                effects.extend(handled.effects);
            }
            Err(FlowError::Rejected(why)) if why.code == "unknown_member" => return Err(why.into()),
            Err(FlowError::Rejected(why)) => {
                let (code, text) = (why.code.to_owned(), why.text);
                bulk.refused.push(Refused { contact: contact.clone(), code, text });
            }
            // What was done stands; the rest may be asked for again.
            Err(FlowError::Store(error)) if bulk.done.is_empty() => return Err(error.into()),
            Err(error) => {
                let (code, text) = ("unavailable".to_owned(), error.to_string());
                bulk.refused.push(Refused { contact: contact.clone(), code, text });
            }
        }
    }
    Ok((bulk, effects))
}
