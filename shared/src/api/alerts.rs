//! What somebody of the team is told of, and by which ways.

use serde::{Deserialize, Serialize};

use crate::{
    id::{AlertId, ContactId, ConversationId},
    time::Timestamp,
};

/// What somebody is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// A contact waits for a person.
    Handoff,
    /// A promise of theirs is near its end, or has become theirs because somebody else missed it.
    Promise,
    /// A contact wrote while they have the floor.
    Message,
    /// A colleague named them in a note.
    Mention,
}

impl AlertKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Handoff, Self::Promise, Self::Message, Self::Mention];

    /// The stable name used in storage and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Handoff => "handoff",
            Self::Promise => "promise",
            Self::Message => "message",
            Self::Mention => "mention",
        }
    }

    /// The kind of a stored name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// How somebody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AlertWay {
    /// In the inbox.
    App,
    /// By email, to the mailbox they sign in with.
    Email,
    /// By text, to `phone`.
    Sms,
    /// By a push message to their browsers.
    Push,
}

/// Which of what happens somebody is told, and how: the body of `GET` and `PUT /api/sites/{site}/alerts/rules`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Rules {
    /// The ways for a handoff. In the inbox it is told always.
    pub handoff: Vec<AlertWay>,
    /// The ways for a promise.
    pub promise: Vec<AlertWay>,
    /// The ways for a message while they have the floor.
    pub message: Vec<AlertWay>,
    /// The ways for a note that names them.
    pub mention: Vec<AlertWay>,
    /// Their number, for texts.
    pub phone: Option<String>,
    /// Their IANA time zone; the site's where there is none.
    pub time_zone: Option<String>,
    /// When nothing rings, on their own clock: from and to, `HH:MM`; over midnight where the second is the earlier. What would ring
    /// waits for its end; mails about handoffs do not ring and go at once.
    pub quiet: Option<(String, String)>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            handoff: vec![AlertWay::App, AlertWay::Email],
            promise: vec![AlertWay::App, AlertWay::Email],
            message: vec![AlertWay::App],
            mention: vec![AlertWay::App],
            phone: None,
            time_zone: None,
            quiet: None,
        }
    }
}

impl Rules {
    /// The ways for a kind.
    pub fn ways(&self, kind: AlertKind) -> &[AlertWay] {
        match kind {
            AlertKind::Handoff => &self.handoff,
            AlertKind::Promise => &self.promise,
            AlertKind::Message => &self.message,
            AlertKind::Mention => &self.mention,
        }
    }
}

/// A browser's subscription to push messages, as `PushSubscription.toJSON()` gives it, its keys laid open: the body of
/// `POST` and `DELETE /api/sites/{site}/push`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PushSubscription {
    /// The push service's address for this browser. To end it, this is enough.
    pub endpoint: String,
    /// The browser's public key, base64url.
    #[serde(default)]
    pub p256dh: String,
    /// The browser's secret, base64url.
    #[serde(default)]
    pub auth: String,
}

/// The answer to `GET /api/sites/{site}/push`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PushKey {
    /// What a browser subscribes with (`applicationServerKey`), base64url; none where this deployment sends no push messages.
    pub key: Option<String>,
}

/// Something somebody was told and has not looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AlertLine {
    /// Which.
    pub id: AlertId,
    /// What kind.
    pub kind: AlertKind,
    /// About whom.
    pub contact: ContactId,
    /// Their conversation.
    pub conversation: ConversationId,
    /// Their name, where known.
    pub name: Option<String>,
    /// Why, in one sentence; no words of theirs.
    pub text: String,
    /// Since when.
    pub at: Timestamp,
}

/// The answer to `GET /api/sites/{site}/alerts`: what whoever asks was told and has not read, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Alerts {
    /// At most 100.
    pub alerts: Vec<AlertLine>,
}

/// The body of `POST /api/sites/{site}/alerts/read`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct AlertsRead {
    /// Which; all where none is named.
    pub ids: Vec<AlertId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handoff_is_told_in_the_inbox_and_by_mail_where_nobody_says_otherwise() {
        let rules: Rules =
            serde_json::from_str(r#"{"message":["app","push"],"quiet":["21:00","07:00"]}"#).unwrap();
        assert_eq!(rules.ways(AlertKind::Handoff), [AlertWay::App, AlertWay::Email]);
        assert_eq!(rules.ways(AlertKind::Message), [AlertWay::App, AlertWay::Push]);
        assert_eq!(
            serde_json::to_string(&Rules::default()).unwrap(),
            r#"{"handoff":["app","email"],"promise":["app","email"],"message":["app"],"mention":["app"],"phone":null,"time_zone":null,"quiet":null}"#
        );
        for kind in AlertKind::ALL {
            assert_eq!(AlertKind::parse(kind.as_str()), Some(kind));
        }
    }
}
