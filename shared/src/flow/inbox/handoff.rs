//! The handoff that is open: what a person is needed for, what was tried, what is promised, and, when asked for, a reply to
//! begin with.

use crate::{
    api::person::{HandoffCard, Suggestion},
    ctx::Ctx,
    event::Event,
    flow::{FlowError, Scope, load::RECENT, team, think},
    http::Http,
    id::ContactId,
    promise::Deed,
    store::{Db, conversations, events},
    text,
    wire::Speaker,
};

/// How much of what was said is shown, in characters.
const SHOWN_CHARS: usize = 400;

/// The handoff of a contact that is open; `None` where nobody waits for a person.
pub async fn load_handoff<D: Db>(
    scope: Scope<'_, D>,
    _ctx: &Ctx,
    contact: &ContactId,
) -> Result<Option<HandoffCard>, FlowError> {
    let site = &scope.site.id;
    let found = scope.db.query(&conversations::by_contact(site, contact)).await?;
    let Some(conversation) = conversations::decode(found)? else { return Ok(None) };
    let Some(first) = conversation.called.first() else { return Ok(None) };
    let recent = scope.db.query(&events::recent_of_conversation(site, &conversation.id, RECENT)).await?;
    let recent = events::decode_events(recent)?;
    let newest = |by: &Speaker| {
        let said =
            recent.iter().filter(|event| event.speaker == *by && event.conversation == conversation.id);
        said.filter(|event| event.message().is_some()).max_by_key(|event| event.seq).map(words)
    };
    let mut because: Vec<String> = Vec::new();
    for call in &conversation.called {
        let sentence = call.reason.because(call.about.as_deref());
        if !because.contains(&sentence) {
            because.push(sentence);
        }
    }
    let promise = conversation.promise.as_ref();
    let deed = |deed: Deed| if deed == Deed::Call { "call" } else { "answer" };
    Ok(Some(HandoffCard {
        event: first.event.clone(),
        reason: first.reason.as_str().to_owned(),
        because: because.join(" "),
        since: first.at,
        wants: newest(&Speaker::Contact).unwrap_or_default(),
        tried: newest(&Speaker::Assistant),
        promised: promise.map(|promise| (promise.by, deed(promise.deed).to_owned())),
        owner: conversation
            .work
            .assigned
            .clone()
            .or_else(|| promise.map(|promise| promise.owner.clone()))
            .filter(|owner| !owner.is_empty()),
        suggestion: None,
    }))
}

fn words(event: &Event) -> String {
    text::shorten(event.message().map_or("", |message| &message.text), SHOWN_CHARS)
}

/// A reply that a member of the team may begin with: drafted as the assistant drafts, under the same guard, of what the line the contact last
/// wrote on may know. It is sent by nobody. Without words where nothing the site knows answers. Refuses a contact without a
/// conversation (404 `unknown_conversation`).
pub async fn suggest<D: Db>(
    scope: Scope<'_, D>,
    http: &impl Http,
    ctx: &Ctx,
    contact: &ContactId,
) -> Result<Suggestion, FlowError> {
    let conversation = team::conversation_of(scope, contact).await?;
    think::suggest(scope, http, ctx, &conversation).await
}
