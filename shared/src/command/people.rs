//! What the team wants done about people: who is who, and what is kept of them.

use crate::{
    channel::Channel,
    id::{ContactId, EventId},
};

/// What somebody of the team wants done about people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeopleWish {
    /// Two contacts are one person.
    Merge(MergeWish),
    /// A contact that was joined to another is a person of their own after all.
    Unmerge(UnmergeWish),
    /// Two contacts are not the same person.
    Apart(ApartWish),
    /// What is known of a contact is changed.
    Edit(ContactId, EditWish),
    /// Something remembered is corrected or forgotten.
    Fact(ContactId, FactWish),
    /// A field of the site's own is set or dropped.
    Field(ContactId, FieldWish),
    /// Who is reached at an address of a contact's has changed.
    Handle(ContactId, HandleWish),
    /// Everything about a person is erased.
    Erase {
        /// Whom.
        contact: ContactId,
        /// Who does it, by name; empty where the site's own rule does.
        by: String,
    },
}

/// Two contacts are one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergeWish {
    /// Who goes on.
    pub into: ContactId,
    /// Who turned out to be them.
    pub from: ContactId,
    /// Who says so, by name.
    pub by: String,
    /// What they saw: at most 20 lines of 300 characters.
    pub evidence: Vec<String>,
}

/// A contact that was joined to another is a person of their own after all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnmergeWish {
    /// The one that was joined.
    pub contact: ContactId,
    /// Who says so, by name.
    pub by: String,
}

/// Two contacts are not the same person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApartWish {
    /// The one.
    pub one: ContactId,
    /// The other.
    pub other: ContactId,
    /// Who says so, by name.
    pub by: String,
}

/// What is known of a contact is changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EditWish {
    /// Who does it, by name.
    pub by: String,
    /// The new name; nothing where it is empty, as it is where there is none.
    pub name: Option<String>,
    /// The new language, a BCP 47 tag; likewise.
    pub locale: Option<String>,
    /// The new IANA time zone; likewise.
    pub time_zone: Option<String>,
}

/// Something remembered is corrected or forgotten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactWish {
    /// Who does it, by name.
    pub by: String,
    /// What it is about.
    pub key: String,
    /// The event it was learnt from.
    pub source: EventId,
    /// What is true; it is forgotten where there is none.
    pub value: Option<String>,
}

/// A field of a contact's is set or dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldWish {
    /// Who does it, by name.
    pub by: String,
    /// Which, by its name in the site's definition.
    pub name: String,
    /// Its value; dropped where there is none.
    pub value: Option<String>,
}

/// Who is reached at an address has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandleWish {
    /// Who says so, by name.
    pub by: String,
    /// The kind of line.
    pub channel: Channel,
    /// The address.
    pub address: String,
    /// How.
    pub does: HandleDoes,
}

/// How it has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HandleDoes {
    /// It is somebody else's from now on: a new contact, by this name where it is known.
    Reassign {
        /// Their name.
        name: Option<String>,
    },
    /// Several people are reached there; or one is again.
    Share(bool),
}
