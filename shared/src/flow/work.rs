//! The team's work: the list of conversations and what is done with them.

pub mod bulk;
pub mod canned;
pub mod digest;
pub mod list;
pub mod plan;
pub mod reports;
pub mod resend;
pub mod search;
pub mod teach;

use super::{FlowError, Handled, Scope, handle, team::conversation_of, unasked::load_unasked};
use crate::{
    command::{Command, NoteWish, WorkWish},
    ctx::Ctx,
    decide::{Snapshot, desk},
    id::{ContactId, ConversationId},
    store::{Db, DbError, deliveries, events, work},
    work::Rounds,
};

/// A member of the team does something about a contact's conversation. Refuses a contact without one
/// (`unknown_conversation`), somebody who is not of the team (`unknown_member`) and a time that has passed (`bad_until`).
/// What is so already changes nothing.
pub async fn act<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    contact: &ContactId,
    wish: WorkWish,
) -> Result<Handled, FlowError> {
    let conversation = conversation_of(scope, contact).await?;
    handle(scope, ctx, &Command::Work(conversation, wish)).await
}

/// A member of the team writes a note for the team. Refuses as [`act`] does, no text or too much (`bad_text`) and too many
/// names (`too_many_mentions`). The same id again is acknowledged at the same place.
pub async fn note<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    contact: &ContactId,
    wish: NoteWish,
) -> Result<Handled, FlowError> {
    let conversation = conversation_of(scope, contact).await?;
    handle(scope, ctx, &Command::Note(conversation, wish)).await
}

/// Whether a command may call a person.
pub(super) const fn may_call(command: &Command) -> bool {
    matches!(command, Command::Person(..) | Command::Step { .. } | Command::Overdue(_) | Command::Answer(_))
}

/// Whose turn it is.
pub(super) async fn load_rounds<D: Db>(scope: Scope<'_, D>) -> Result<Rounds, DbError> {
    let site = scope.site;
    work::decode_rounds(scope.db.query(&work::rounds(&site.id, &site.team, site.work.capacity)).await?)
}

/// A conversation, and where the same note stands if it was taken before.
pub(super) async fn load_note<'a, D: Db>(
    scope: Scope<'a, D>,
    conversation: &ConversationId,
    wish: &NoteWish,
) -> Result<Snapshot<'a>, DbError> {
    let snapshot = load_unasked(scope, conversation, None).await?;
    let arrived = events::arrived(&scope.site.id, &desk(scope.site), wish.id.as_str());
    let arrived = scope.db.query(&arrived).await?.decode_first()?;
    Ok(Snapshot { arrived, ..snapshot })
}

/// A conversation, and what could not be delivered in it.
pub(super) async fn load_failed<'a, D: Db>(
    scope: Scope<'a, D>,
    conversation: &ConversationId,
) -> Result<Snapshot<'a>, DbError> {
    let snapshot = load_unasked(scope, conversation, None).await?;
    let work = snapshot.conversation.as_ref().map(|conversation| &conversation.work);
    let Some(id) = work.and_then(|work| work.not_delivered.clone()) else { return Ok(snapshot) };
    let found = deliveries::decode(scope.db.query(&deliveries::delivery(&id)).await?)?.into_iter().next();
    let Some(delivery) = found.filter(|found| found.site == scope.site.id) else { return Ok(snapshot) };
    let event = events::after(&scope.site.id, &delivery.conversation, delivery.seq.saturating_sub(1), 1);
    let event = events::decode_events(scope.db.query(&event).await?)?.into_iter().next();
    let failed = event.map(|event| (delivery, event));
    Ok(Snapshot { failed, ..snapshot })
}
