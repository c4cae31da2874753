//! The log of what people did, and programs in their name: who, what, to whom. It holds no word of a contact's.

/// One act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// Who, by name.
    pub agent: String,
    /// What: the operation's stable name.
    pub act: String,
    /// To whom or what: an id; empty for the site itself.
    pub subject: String,
    /// What else is to be known, in a few words: the ids and names of the path.
    pub detail: String,
}
