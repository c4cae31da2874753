//! What the team wants done about people: who is who, and what is kept of them.

use crate::id::ContactId;

/// What somebody of the team wants done about people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeopleWish {
    /// Two contacts are one person.
    Merge(MergeWish),
    /// A contact that was joined to another is a person of their own after all.
    Unmerge(UnmergeWish),
    /// Two contacts are not the same person.
    Apart(ApartWish),
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
