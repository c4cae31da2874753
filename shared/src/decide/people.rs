//! Who is who, by the word of the team: contacts are joined, parted and kept apart.

mod edit;
mod erase;
mod handles;
mod join;
mod part;

pub use erase::{ERASED, Erasure, is_suppressed};
pub(super) use join::proven;

use super::{Decision, Known, Motive, Snapshot};
use crate::{
    channel::Channel,
    command::PeopleWish,
    consent::{self, Standing},
    contact::{Address, AddressKind, Contact, Handle},
    conversation::Conversation,
    ctx::Ctx,
    error::Rejection,
    event::{Body, Event},
    id::{ContactId, ConversationId, EventId, MergeId},
    identity,
    merge::{Merge, Tagged},
    time::Timestamp,
    wire::Speaker,
};

/// What a decision about people looks at; only where the command is one.
#[derive(Clone, Debug, Default)]
pub struct People {
    /// Who goes on, or who a parted contact was joined to by now.
    pub into: Option<Side>,
    /// Who was joined, or is to be.
    pub from: Option<Side>,
    /// The merges that stand from the joined contact up to whoever they are now.
    pub path: Vec<Rung>,
    /// When somebody was last joined to the contact, or with them; only where something unasked is weighed.
    pub joined_at: Option<Timestamp>,
    /// What is to be erased; only where the command does.
    pub erasure: Erasure,
    /// A new visitor's own conversation was somebody's whose data was erased: theirs is another.
    pub is_taken: bool,
}

/// One of two contacts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// Who.
    pub contact: Contact,
    /// Their conversation.
    pub conversation: Option<Conversation>,
    /// Their addresses, and of those who were joined to them.
    pub handles: Vec<Handle>,
    /// Their tags, and of those who were joined to them.
    pub tags: Vec<Tagged>,
}

/// One merge of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rung {
    /// The merge.
    pub merge: Merge,
    /// Who went on: their own row.
    pub into: Contact,
    /// Their own conversation.
    pub conversation: Option<Conversation>,
}

/// A change to who is who.
#[derive(Clone, Debug, PartialEq)]
pub enum PeopleChange {
    /// A claim is settled.
    Settle(Address, ContactId),
    /// Two contacts are joined.
    Join(Box<Merge>),
    /// A merge is undone: the contact, and whoever came with them, is somebody of their own again.
    Part {
        /// The merge.
        merge: MergeId,
        /// The contact.
        contact: ContactId,
        /// Who did it.
        by: String,
    },
    /// What waits and runs in a conversation and is the parted contact's goes back to theirs.
    PassBack {
        /// The conversation it stands in.
        from: ConversationId,
        /// Theirs.
        to: ConversationId,
        /// The parted contact.
        contact: ContactId,
    },
    /// A conversation goes back, with all that its contact has got on it.
    GiveBack {
        /// The conversation.
        conversation: ConversationId,
        /// Who had adopted it.
        from: ContactId,
        /// Whose it was.
        to: ContactId,
        /// What they had before.
        handles: Vec<Address>,
    },
    /// A tag that was taken off together is put back.
    PutTagBack(ContactId, Tagged),
    /// What is known of a contact, also nothing.
    SetContact(Contact),
    /// Two contacts are not the same person.
    KeepApart(ContactId, ContactId, String),
    /// Two contacts are the same person after all.
    DropApart(ContactId, ContactId),
    /// Something that was told in an event is forgotten.
    Forget {
        /// By whom it was told.
        contact: ContactId,
        /// About what.
        key: String,
        /// In which event.
        source: EventId,
        /// Who does it.
        by: String,
    },
    /// A field is set, or dropped where there is no value.
    SetField {
        /// Whose.
        contact: ContactId,
        /// Which.
        name: String,
        /// Its value.
        value: Option<String>,
        /// Who does it.
        by: String,
    },
    /// An address is another contact's from now on.
    Reassign {
        /// Which.
        address: Address,
        /// Whose it was.
        from: ContactId,
        /// Whose it is.
        to: ContactId,
        /// Who says so.
        by: String,
    },
    /// Several people are reached at an address (`true`), or one is again.
    Share(Address, bool),
    /// Everything about a person is erased.
    Erase(Box<Erasure>),
}

pub(super) fn decide(
    snapshot: &Snapshot<'_>,
    wish: &PeopleWish,
    ctx: &mut Ctx,
) -> Result<Decision, Rejection> {
    match wish {
        PeopleWish::Merge(wish) => join::decide(snapshot, wish, ctx),
        PeopleWish::Unmerge(wish) => part::decide(snapshot, wish, ctx),
        PeopleWish::Apart(wish) => part::keep(snapshot, wish),
        PeopleWish::Edit(_, wish) => edit::edit(snapshot, wish, ctx),
        PeopleWish::Fact(_, wish) => edit::fact(snapshot, wish, ctx),
        PeopleWish::Field(_, wish) => edit::field(snapshot, wish, ctx),
        PeopleWish::Handle(_, wish) => handles::decide(snapshot, wish, ctx),
        PeopleWish::Erase { by, .. } => erase::decide(snapshot, by),
    }
}

/// What an address allows, after what the same person said of addresses that came with other contacts.
pub(super) fn strictest(
    snapshot: &Snapshot<'_>,
    to: &Known,
    channel: Channel,
    motive: &Motive,
    now: Timestamp,
) -> Standing {
    let owner = |known: &Known| known.owner.as_ref().map(|(_, handle)| handle.owner.clone());
    let own = owner(to);
    let others = snapshot.addresses.iter().filter(|other| {
        other.address.kind == to.address.kind && !other.address.is_same(&to.address) && owner(other) != own
    });
    let about = (channel, motive.purpose, motive.topic.as_deref());
    let others = others.map(|other| other.chain.as_slice());
    consent::strictest(&to.chain, others, snapshot.people.joined_at, about, now)
}

/// Who of the team it is. Refuses whom the site's team does not name.
fn member<'a>(snapshot: &Snapshot<'_>, by: &'a str) -> Result<&'a str, Rejection> {
    let member = by.trim();
    if snapshot.site.has_member(member) {
        return Ok(member);
    }
    let text = "`by` names nobody of the site's `team`: who does it?";
    Err(Rejection::new(400, "unknown_member", text))
}

fn unknown_contact() -> Rejection {
    Rejection::new(404, "unknown_contact", "This site has no contact of this id.")
}

/// The line that a notice about a contact stands on: the one they wrote from last, else any of theirs.
fn line(conversation: &Conversation, handles: &[Handle]) -> Option<(Channel, Address)> {
    let heard = conversation.heard.last().map(|heard| {
        (heard.channel, Address::new(AddressKind::of(heard.channel), heard.address_key.clone()))
    });
    heard.or_else(|| {
        let address = &handles.first()?.address;
        let channel = Channel::ALL.into_iter().find(|on| AddressKind::of(*on) == address.kind)?;
        Some((channel, address.clone()))
    })
}

/// A notice by somebody of the team, at the next place of a conversation.
fn notice(
    ctx: &mut Ctx,
    conversation: &mut Conversation,
    line: (Channel, &Address),
    by: &str,
    body: Body,
) -> Event {
    conversation.last_seq += 1;
    Event {
        conversation: conversation.id.clone(),
        seq: conversation.last_seq,
        id: EventId::mint(ctx),
        at: ctx.now,
        channel: line.0,
        address_key: identity::key(line.1),
        speaker: Speaker::Agent(by.to_owned()),
        body,
    }
}
