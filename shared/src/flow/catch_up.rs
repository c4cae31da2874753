//! What a visitor sees, and what their frames mean.
//!
//! A visitor sees the messages of their own line only: what the same person said by text or email is shown on the site
//! only once this browser is proven to be theirs, which a typed address never does.

use super::{Scope, files};
use crate::{
    command::{Arrival, Command, Continue, Person, VisitorHints},
    contact::{Address, AddressKind},
    conversation::Conversation,
    ctx::Ctx,
    decide::conversation_of_visitor,
    id::{ConversationId, EventId, VisitorId},
    message::{Brought, InboundMessage},
    site::Endpoint,
    store::{Db, DbError, contacts, conversations, events},
    time::Timestamp,
    wire::{ClientFrame, ServerFrame, Speaker},
};

/// How many events an answer to a hello holds: the newest for a widget that holds nothing, the next after its cursor for
/// any other.
const MAX_EVENTS: u32 = 400;

/// The visitor's address.
pub fn address_of(visitor: &VisitorId) -> Address {
    Address::new(AddressKind::Visitor, visitor.as_str())
}

/// The visitor of an address; `None` for an address of another kind.
pub fn visitor_of(address: &Address) -> Option<VisitorId> {
    let own = address.kind == AddressKind::Visitor;
    own.then(|| VisitorId::parse(&address.text).ok()).flatten()
}

/// The conversation a visitor is in: the one of their contact, or the one their first words will open.
pub async fn load_conversation<D: Db>(
    scope: Scope<'_, D>,
    visitor: &VisitorId,
) -> Result<Conversation, DbError> {
    let from = address_of(visitor);
    let found =
        conversations::decode(scope.db.query(&conversations::by_address(&scope.site.id, &from)).await?)?;
    if let Some(conversation) = found {
        return Ok(conversation);
    }
    let id = conversation_of_visitor(&from)
        .ok_or_else(|| DbError::Corrupt(format!("not a visitor: {visitor}")))?;
    let contact = crate::id::ContactId::parse("ctc_0").map_err(|bad| DbError::Corrupt(bad.to_string()))?;
    Ok(Conversation::new(id, contact))
}

/// The answer to a hello: what comes after the widget's cursor. Where that is more than one answer holds, `last_seq` is
/// the place it ends at, so that the next hello goes on from there.
pub async fn ready<D: Db>(
    scope: Scope<'_, D>,
    visitor: &VisitorId,
    held: Option<&ConversationId>,
    last_seq: u32,
    now: Timestamp,
) -> Result<ServerFrame, DbError> {
    let conversation = load_conversation(scope, visitor).await?;
    let from = address_of(visitor);
    let site = &scope.site.id;
    let mut reached = conversation.last_seq;
    let events = if held == Some(&conversation.id) && last_seq > 0 {
        let stmt = events::after(site, &conversation.id, last_seq, MAX_EVENTS);
        let events = events::decode_events(scope.db.query(&stmt).await?)?;
        if let Some(last) = events.last().filter(|_| events.len() >= MAX_EVENTS as usize) {
            reached = last.seq;
        }
        events
    } else if let Some((contact, _)) =
        contacts::decode_by_address(scope.db.query(&contacts::by_address(site, &from)).await?)?
    {
        let stmt = events::recent(site, &contact.id, MAX_EVENTS);
        let mut events = events::decode_events(scope.db.query(&stmt).await?)?;
        events.reverse();
        events
    } else {
        Vec::new()
    };
    let mut ready = ServerFrame::Ready {
        conversation: conversation.id,
        last_seq: reached,
        items: events.iter().filter_map(|event| event.item_for(&from)).collect(),
        floor: conversation
            .floor
            .holder(now, scope.site.policy.floor_lapses_h)
            .map_or(Speaker::Assistant, |name| Speaker::Agent(name.to_owned())),
    };
    files::show_in(scope, now, &mut ready);
    Ok(ready)
}

/// The command of a frame; `None` for frames that change nothing on the timeline.
pub fn command_of(
    frame: &ClientFrame,
    visitor: &VisitorId,
    endpoint: &Endpoint,
    hints: Option<&VisitorHints>,
    ctx: &Ctx,
) -> Option<Command> {
    let from = address_of(visitor);
    let arrival = |id: &EventId| Arrival {
        endpoint: endpoint.id.clone(),
        external_id: format!("{visitor}/{id}"),
        event: id.clone(),
        at: ctx.now,
        visitor: hints.cloned(),
    };
    match frame {
        ClientFrame::Say { id, text, files } => {
            let files = files.iter().cloned().map(Brought::Uploaded).collect();
            let said = InboundMessage { files, ..InboundMessage::said(from, text.clone()) };
            Some(Command::Message(arrival(id), said))
        }
        ClientFrame::Continue { id, channel, address, wording } => {
            let (address, wording) = (address.clone(), wording.clone());
            Some(Command::Continue(arrival(id), Continue { from, channel: *channel, address, wording }))
        }
        ClientFrame::Person { id, address } => {
            Some(Command::Person(arrival(id), Person { from, address: address.clone() }))
        }
        ClientFrame::Hello { .. } | ClientFrame::Typing { .. } | ClientFrame::Read { .. } => None,
    }
}
