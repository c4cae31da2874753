//! Whose conversation a mail answers, and what follows from it.
//!
//! A mail always goes to the conversation of its sender. A reply address or a Message-ID tells what it answers, not who
//! wrote it: whoever was copied in or forwarded to has them too. So they never open another contact's conversation. Where
//! the sender is that contact, a reply address proves the mailbox it was signed for, and no other of the same contact's.
//! Where the sender is nobody known, they become a contact of their own, and both timelines note that the two may be one
//! person, for a human to decide: a claim that somebody typed joins by itself once it is proven, this never does.

use super::{Change, Plan, Snapshot};
use crate::{
    channel::Channel,
    contact::Address,
    conversation::Conversation,
    ctx::Ctx,
    event::{Body, Event},
    id::{ContactId, ConversationId, EventId},
    identity,
    wire::Speaker,
};

/// A conversation that a message points to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thread {
    /// Whose it is, after joins.
    pub contact: ContactId,
    /// Which.
    pub conversation: ConversationId,
    /// By a reply address that we signed for the sender's own mailbox; otherwise by one that was given to another, or by a
    /// Message-ID.
    pub signed: bool,
    /// Its state; loaded for the first of a message's threads only.
    pub state: Option<Conversation>,
}

/// Whether the sender answers the address that we signed for their mailbox, as the contact whose conversation it names.
pub(super) fn proves_sender(snapshot: &Snapshot<'_>) -> bool {
    let Some(sender) = &snapshot.contact else { return false };
    snapshot.threads.iter().any(|thread| thread.signed && thread.contact == sender.id)
}

/// Notes that a new contact's first mail answers another's conversation, on both timelines.
pub(super) fn note(plan: &mut Plan<'_>, ctx: &mut Ctx, from: &Address) {
    let snapshot = plan.snapshot;
    let (None, Some(thread)) = (&snapshot.contact, snapshot.threads.first()) else { return };
    let Some(mut state) = thread.state.clone() else { return };
    let body = |contact: &ContactId, conversation: &ConversationId| Body::Answered {
        address: identity::mask(from),
        contact: contact.clone(),
        conversation: conversation.clone(),
    };
    let here = body(&thread.contact, &thread.conversation);
    let there = body(&plan.contact.id, &plan.conversation.id);
    plan.append(ctx, None, (Channel::Email, from), Speaker::System, here);
    state.last_seq += 1;
    let event = Event {
        conversation: state.id.clone(),
        seq: state.last_seq,
        id: EventId::mint(ctx),
        at: ctx.now,
        channel: Channel::Email,
        address_key: identity::key(from),
        speaker: Speaker::System,
        body: there,
    };
    plan.change(Change::Append(event));
    plan.change(Change::UpdateConversation(state));
}
