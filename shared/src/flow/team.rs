//! What the team's members do by hand: promises that they make and keep, what a contact told them about our messages, the
//! tags they sort their contacts by, and what they write.

use serde::Serialize;

use super::{FlowError, Handled, Scope, handle, plan};
use crate::{
    command::{CallNote, Command, FloorWish, PromiseWish, Revoke, TagWish, TeamReply},
    ctx::Ctx,
    error::Rejection,
    id::{ContactId, ConversationId},
    promise::Promise,
    store::{Db, conversations, counters, tags},
    time::DAY_MS,
};

/// How many promises are listed: a team that has more to keep has another trouble.
const MAX_PROMISES: u32 = 200;
/// How far back kept and missed ones are counted, in milliseconds.
const COUNTED_MS: i64 = 90 * DAY_MS;

/// The team's promises. The shape of the API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Promises {
    /// Those that are still to be kept, the next to be missed first; at most 200.
    pub open: Vec<Open>,
    /// How many were kept in time in the last 90 days.
    pub kept: u32,
    /// How many were missed in the last 90 days.
    pub missed: u32,
}

/// A promise that is still to be kept. The shape of the API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "OpenPromise"))]
pub struct Open {
    /// To whom.
    pub contact: ContactId,
    /// Where.
    pub conversation: ConversationId,
    /// What.
    #[serde(flatten)]
    pub promise: Promise,
}

/// What the team has to keep, and how well it has.
pub async fn load_promises<D: Db>(scope: Scope<'_, D>, ctx: &Ctx) -> Result<Promises, FlowError> {
    let (site, since) = (&scope.site.id, ctx.now.plus_ms(-COUNTED_MS));
    let stmts = [
        conversations::promises(site, MAX_PROMISES),
        counters::summed(site, plan::KEPT, since),
        counters::summed(site, plan::MISSED, since),
    ];
    let mut rows = scope.db.batch(&stmts).await?.into_iter();
    let mut next = || rows.next().unwrap_or_default();
    let open = conversations::decode_all(next())?.into_iter().filter_map(|conversation| {
        let promise = conversation.promise?;
        Some(Open { contact: conversation.contact, conversation: conversation.id, promise })
    });
    Ok(Promises { open: open.collect(), kept: counters::decode(next())?, missed: counters::decode(next())? })
}

/// What a member of the team does about a contact's promise. Refuses a contact without a conversation
/// (`unknown_conversation`), somebody who is not of the team (`unknown_member`), and an end of what is not promised
/// (`nothing_promised`).
pub async fn promise<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    contact: &ContactId,
    wish: PromiseWish,
) -> Result<Handled, FlowError> {
    let conversation = conversation_of(scope, contact).await?;
    handle(scope, ctx, &Command::Promise(conversation, wish)).await
}

/// What a contact told a member of the team about our messages. Refuses as [`promise`] does, and where the contact has no
/// address that could be stopped (`no_address`).
pub async fn revoke<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    contact: &ContactId,
    revoke: Revoke,
) -> Result<Handled, FlowError> {
    let conversation = conversation_of(scope, contact).await?;
    handle(scope, ctx, &Command::Revoke(conversation, revoke)).await
}

/// A member of the team writes to a contact. Refuses as [`promise`] does, and what is no text (`bad_text`), a contact without
/// an address there (`no_address`), and what the gates hold back (`held_back`, with the reason; its verdict is kept).
pub async fn reply<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    contact: &ContactId,
    reply: TeamReply,
) -> Result<Handled, FlowError> {
    let conversation = conversation_of(scope, contact).await?;
    let handled = handle(scope, ctx, &Command::Reply(conversation, reply)).await?;
    handled.refused.clone().map_or(Ok(handled), |refused| Err(refused.into()))
}

/// A member of the team has called a contact. Refuses as [`promise`] does, what is no number (`bad_address`), and a contact
/// without any address (`no_address`).
pub async fn call<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    contact: &ContactId,
    note: CallNote,
) -> Result<Handled, FlowError> {
    let conversation = conversation_of(scope, contact).await?;
    handle(scope, ctx, &Command::Call(conversation, note)).await
}

/// A member of the team takes the floor, or gives it back; the answer holds its new number. Refuses as [`promise`] does, to
/// give back what nobody has (`not_taken`), and to take it by mistake from a colleague who is just at it (`taken`).
pub async fn floor<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    contact: &ContactId,
    wish: FloorWish,
) -> Result<Handled, FlowError> {
    let conversation = conversation_of(scope, contact).await?;
    handle(scope, ctx, &Command::Floor(conversation, wish)).await
}

/// Puts a tag on a contact, or takes it off. Refuses as [`promise`] does, and what is no tag (`bad_tag`) or one too many
/// (`too_many_tags`).
pub async fn tag<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    contact: &ContactId,
    wish: TagWish,
) -> Result<Handled, FlowError> {
    let conversation = conversation_of(scope, contact).await?;
    handle(scope, ctx, &Command::Tag(conversation, wish)).await
}

/// A contact's tags, in order of the alphabet.
pub async fn load_tags<D: Db>(scope: Scope<'_, D>, contact: &ContactId) -> Result<Vec<String>, FlowError> {
    Ok(tags::decode(scope.db.query(&tags::of_contact(&scope.site.id, contact)).await?)?)
}

/// The conversation of a contact. Refuses with 404 `unknown_conversation` one to whom nothing was ever said.
pub(super) async fn conversation_of<D: Db>(
    scope: Scope<'_, D>,
    contact: &ContactId,
) -> Result<ConversationId, FlowError> {
    let found = conversations::by_contact(&scope.site.id, contact);
    let conversation = conversations::decode(scope.db.query(&found).await?)?.ok_or_else(|| {
        let text = "The contact has no conversation: nothing was ever said.";
        Rejection::new(404, "unknown_conversation", text)
    })?;
    Ok(conversation.id)
}
