//! Everything about a person is erased: what they said, who they are, where they are reached.
//!
//! What is left are ids, times and hashes: a blank timeline, the ledger's chain, and a keyed hash of each address, so that
//! nobody writes to it unasked. Whoever writes from it again is somebody new.

use super::{PeopleChange, member, unknown_contact};
use crate::{
    contact::AddressKind,
    decide::{Change, Decision, Snapshot},
    effect::Effect,
    error::Rejection,
    id::{ContactId, ConversationId},
    store::erasures::Replaced,
};

/// What is to be erased.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erasure {
    /// The contact who goes on.
    pub contact: Option<ContactId>,
    /// Their conversations, and of those who were joined to them, each at the version that was read.
    pub conversations: Vec<(ConversationId, u32)>,
    /// Their addresses, and what takes the place of each.
    pub addresses: Vec<Replaced>,
}

/// The reason under which an erased address is suppressed.
pub const ERASED: &str = "erased";

/// `by` is empty where the site's own rule does it.
pub(super) fn decide(snapshot: &Snapshot<'_>, by: &str) -> Result<Decision, Rejection> {
    let side = snapshot.people.into.as_ref().ok_or_else(unknown_contact)?;
    if !by.is_empty() {
        member(snapshot, by)?;
    }
    let erasure = Erasure { contact: Some(side.contact.id.clone()), ..snapshot.people.erasure.clone() };
    let conversations: Vec<ConversationId> =
        erasure.conversations.iter().map(|(conversation, _)| conversation.clone()).collect();
    let moved = conversations.iter().map(|id| Effect::Moved { from: id.clone(), to: id.clone() });
    let mut effects: Vec<Effect> = moved.collect();
    effects.push(Effect::EraseFiles { site: snapshot.site.id.clone(), conversations });
    let changes = vec![Change::People(PeopleChange::Erase(Box::new(erasure)))];
    Ok(Decision { changes, effects, ..Decision::default() })
}

/// Whether an erased address of this kind is kept as a hash: a browser is written to by nobody.
pub const fn is_suppressed(kind: AddressKind) -> bool {
    !matches!(kind, AddressKind::Visitor)
}
