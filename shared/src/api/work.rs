//! What is asked of the team's work: the bodies of its requests.

use serde::{Deserialize, Serialize};

use crate::{
    channel::Channel,
    id::{ContactId, ConversationId, EventId, PlannedId},
    time::Timestamp,
};

/// What is done about a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Makes it somebody's of the team, by name, or nobody's.
    Assign {
        /// Whose.
        to: Option<String>,
    },
    /// Nothing is left to do.
    Resolve,
    /// It is to be looked at again.
    Reopen,
    /// It is put off.
    Snooze {
        /// Until then.
        until: Timestamp,
    },
    /// What could not be delivered has been seen to.
    DealtWith,
}

/// The body of `POST …/contacts/{contact}/work`. The team's own is whoever is signed in; a program names somebody as `by`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Does {
    /// Who of the site's `team`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// What.
    pub act: Act,
}

/// The body of `POST …/conversations/bulk`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DoesAll {
    /// Who of the site's `team`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// What.
    pub act: Act,
    /// About whose conversations: at most 100.
    pub contacts: Vec<ContactId>,
}

/// The body of `POST …/contacts/{contact}/notes`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Noted {
    /// Minted by whoever writes it: the same again is no second note.
    pub id: EventId,
    /// Who of the site's `team`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The words.
    pub text: String,
    /// Who is meant to read it, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<String>,
}

/// The body of `POST …/contacts/{contact}/resent`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Resent {
    /// Who of the site's `team`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// By which channel; the best open one where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
}

/// The body of `POST …/contacts/{contact}/planned`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SaidLater {
    /// Minted by whoever plans it: the same again changes nothing.
    pub id: PlannedId,
    /// Who of the site's `team`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The words.
    pub text: String,
    /// An email's subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// By which channel; the best open one where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// Not before then.
    pub due_at: Timestamp,
    /// Not at all if the contact does anything before.
    #[serde(default)]
    pub unless_heard: bool,
}

/// The body of `POST …/review`: an answer that somebody has looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Looked {
    /// Who of the site's `team`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Where it stands.
    pub conversation: ConversationId,
    /// At which place.
    pub seq: u32,
}

/// The body of `PUT …/taught/{taught}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Teaches {
    /// Who of the site's `team`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// What is asked.
    pub question: String,
    /// What is to be answered.
    pub answer: String,
    /// The answer that gave rise to it, which is looked at thereby.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<(ConversationId, u32)>,
}

/// The body of `POST …/canned/removed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Dropped {
    /// Which.
    pub name: String,
}

#[cfg(all(test, feature = "server"))]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_has_these_shapes() {
        let until = Timestamp::from_ms(5);
        for (act, text) in [
            (Act::Assign { to: Some("Jun".into()) }, r#"{"assign":{"to":"Jun"}}"#),
            (Act::Assign { to: None }, r#"{"assign":{"to":null}}"#),
            (Act::Resolve, r#""resolve""#),
            (Act::Reopen, r#""reopen""#),
            (Act::Snooze { until }, r#"{"snooze":{"until":5}}"#),
            (Act::DealtWith, r#""dealt_with""#),
        ] {
            assert_eq!(serde_json::to_string(&act).unwrap(), text);
            assert_eq!(serde_json::from_str::<Act>(text).unwrap(), act);
        }
    }
}
