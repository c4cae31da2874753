//! What a member of the team does about a conversation.

use crate::{api::work::Act, channel::Channel, id::EventId, time::Timestamp};

/// A member of the team does something about a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkWish {
    /// Who, by name.
    pub by: String,
    /// What.
    pub act: WorkAct,
}

/// What can be done about a conversation. What is so already changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkAct {
    /// Makes it somebody's of the team, by name, or nobody's.
    Assign(Option<String>),
    /// Nothing is left to do.
    Resolve,
    /// It is to be looked at again.
    Reopen,
    /// It is put off until then.
    Snooze(Timestamp),
    /// What could not be delivered has been seen to.
    DealtWith,
}

impl From<Act> for WorkAct {
    fn from(act: Act) -> Self {
        match act {
            Act::Assign { to } => Self::Assign(to),
            Act::Resolve => Self::Resolve,
            Act::Reopen => Self::Reopen,
            Act::Snooze { until } => Self::Snooze(until),
            Act::DealtWith => Self::DealtWith,
        }
    }
}

/// A member of the team sends what could not be delivered another way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResendWish {
    /// Who, by name.
    pub by: String,
    /// By which channel; the best open one where there is none.
    pub channel: Option<Channel>,
}

/// A note for the team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteWish {
    /// Its id, minted by whoever writes it: the same again is no second note.
    pub id: EventId,
    /// Who, by name.
    pub by: String,
    /// The words.
    pub text: String,
    /// Who of the team is meant to read it, by name.
    pub mentions: Vec<String>,
}
