//! A reply for a member of the team to begin with: a draft like any other, that no command ever carries.

use super::{provider, turn};
use crate::{
    api::person::Suggestion,
    assistant::{Act, Handoff},
    conversation::{Conversation, Owed},
    ctx::Ctx,
    event::Event,
    flow::{FlowError, Scope},
    handoff::Triggers,
    http::Http,
    id::ConversationId,
    store::{Db, conversations, events},
    wire::Speaker,
};

/// How many of the contact's last messages are answered together.
const BURST: usize = 5;

/// What could be answered to what the contact wrote last.
pub(in crate::flow) async fn suggest<D: Db>(
    scope: Scope<'_, D>,
    http: &impl Http,
    ctx: &Ctx,
    conversation: &ConversationId,
) -> Result<Suggestion, FlowError> {
    let site = &scope.site.id;
    let mut stmts = vec![
        conversations::conversation(site, conversation),
        events::recent_of_conversation(site, conversation, turn::RECENT),
    ];
    stmts.extend(turn::questions(scope, ctx, conversation));
    let mut rows = scope.db.batch(&stmts).await?.into_iter();
    let found = conversations::decode(rows.next().unwrap_or_default())?;
    let recent = events::decode_events(rows.next().unwrap_or_default())?;
    let waits = found.as_ref().and_then(|found| waits(found, &recent, ctx));
    let (Some(found), Some(owed)) = (found, waits) else { return Ok(Suggestion::default()) };
    let prepared = turn::load_turn(scope, ctx, &found, &owed, rows).await?;
    let Some(mut turn) = prepared.turn else { return Ok(Suggestion::default()) };
    // A member may speak of what is left to people: they are one.
    turn.site.to_mut().handoff = Triggers::default();
    turn.handoff = Handoff::default();
    let draft = provider::draft(scope, http, &turn, &mut |_: &str| {}).await;
    let is_none = draft.acts.iter().any(|act| matches!(act, Act::Unsure | Act::CallPerson { .. }));
    if is_none {
        return Ok(Suggestion { author: draft.author, ..Suggestion::default() });
    }
    Ok(Suggestion {
        text: draft.text,
        sources: draft.sources,
        channel: Some(prepared.channel),
        author: draft.author,
    })
}

/// The contact's last messages on the line they last wrote on, that no member has answered there.
fn waits(conversation: &Conversation, recent: &[Event], ctx: &Ctx) -> Option<Owed> {
    let mut own: Vec<&Event> = recent
        .iter()
        .filter(|event| event.conversation == conversation.id && event.message().is_some())
        .collect();
    own.sort_by_key(|event| core::cmp::Reverse(event.seq));
    let last = own.iter().find(|event| event.speaker == Speaker::Contact)?;
    let line = (last.channel, last.address_key.as_str());
    let waiting: Vec<&&Event> = own
        .iter()
        .filter(|event| (event.channel, event.address_key.as_str()) == line)
        .take_while(|event| !matches!(event.speaker, Speaker::Agent(_)))
        .filter(|event| event.speaker == Speaker::Contact)
        .take(BURST)
        .collect();
    let (newest, oldest) =
        (waiting.first().copied().unwrap_or(last), waiting.last().copied().unwrap_or(last));
    Some(Owed {
        channel: last.channel,
        address_key: last.address_key.clone(),
        first_seq: oldest.seq,
        basis_seq: newest.seq,
        since: oldest.at,
        due_at: ctx.now,
    })
}
