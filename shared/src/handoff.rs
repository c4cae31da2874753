//! Handoffs: that a person is needed, why, and whether one has answered yet.
//!
//! A handoff does not make the assistant silent: until somebody of the team has the floor it still answers plain facts. It is
//! open until a member of the team answers or says that there is no need, and nobody is called twice for one reason
//! meanwhile.

use serde::{Deserialize, Serialize};

use crate::{channel::Channel, contact, id::EventId, knowledge, site::Site, time::Timestamp};

/// Why a person is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The contact asked for one.
    Asked,
    /// The assistant did not know twice in a row on one line.
    Unsure,
    /// The contact is angry.
    Anger,
    /// The contact is abusive.
    Abuse,
    /// A sequence asks for it.
    Sequence,
    /// The contact speaks of what the site leaves to people.
    Topic,
    /// Something the assistant tried did not work.
    Failed,
    /// The contact has a tag that a person is always called for.
    Vip,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 8] = [
        Self::Asked,
        Self::Unsure,
        Self::Anger,
        Self::Abuse,
        Self::Sequence,
        Self::Topic,
        Self::Failed,
        Self::Vip,
    ];

    /// The stable name used in storage and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Unsure => "unsure",
            Self::Anger => "anger",
            Self::Abuse => "abuse",
            Self::Sequence => "sequence",
            Self::Topic => "topic",
            Self::Failed => "failed",
            Self::Vip => "vip",
        }
    }

    /// The reason of a stored name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == text)
    }

    /// The reason in one sentence, for people of the team; `about` is the topic, or what did not work.
    pub fn because(self, about: Option<&str>) -> String {
        let plain = match (self, about) {
            (Self::Asked, _) => "They asked for a person.",
            (Self::Unsure, _) => "The assistant did not know twice in a row.",
            (Self::Anger, _) => "They sound angry.",
            (Self::Abuse, _) => "They were abusive.",
            (Self::Sequence, _) => "A sequence asks for a person.",
            (Self::Topic, Some(topic)) => {
                return format!("They speak of “{topic}”, which is left to people.");
            }
            (Self::Topic, None) => "They speak of something that is left to people.",
            (Self::Failed, Some(what)) => return format!("What the assistant tried did not work: {what}."),
            (Self::Failed, None) => "What the assistant tried did not work.",
            (Self::Vip, Some(tag)) => return format!("They have the tag “{tag}”."),
            (Self::Vip, None) => "They have a tag that a person is called for.",
        };
        plain.to_owned()
    }
}

/// That a person was called and nobody of the team has answered yet. Stored as JSON in the shape spelled out in this module's
/// tests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Called {
    /// Why.
    pub reason: Reason,
    /// The topic, the tag, or what did not work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// The event that says so.
    pub event: EventId,
    /// When.
    pub at: Timestamp,
    /// The line.
    pub channel: Channel,
    /// The contact's address on it, as compared.
    pub address_key: String,
}

/// How many calls of one handoff are kept; one more takes the place of the newest, so that the first stays.
pub const MAX_CALLED: usize = 8;

/// When a site calls a person, besides what it always calls one for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Triggers {
    /// Words or short phrases that are left to people: `refund`. Found as knowledge is, by what words mean and not by their
    /// endings.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<String>,
    /// Tags of contacts for whom a person is called whenever they write.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// After how many minutes everybody who can take it is told of what its owner has not answered.
    pub others_after_min: u32,
    /// How many minutes before a promise ends its owner is reminded and the next one of the team is told.
    pub near_end_min: u32,
}

impl Default for Triggers {
    fn default() -> Self {
        Self { topics: Vec::new(), tags: Vec::new(), others_after_min: 15, near_end_min: 15 }
    }
}

/// The longest of both, in minutes.
const MAX_MINUTES: u32 = 1_440;

/// The most topics or tags of a site.
const MAX_TRIGGERS: usize = 50;
/// The longest of them, in characters.
const MAX_TRIGGER_CHARS: usize = 40;

impl Triggers {
    /// The marked topic that a text speaks of.
    pub fn topic_in(&self, text: &str) -> Option<&str> {
        self.topics.iter().map(String::as_str).find(|topic| knowledge::speaks_of(text, topic))
    }

    /// The tag of a contact that a person is called for.
    pub fn tag_among<'a>(&self, tags: &'a [String]) -> Option<&'a str> {
        let marked =
            |tag: &&String| self.tags.iter().any(|marked| contact::tag(marked).as_ref() == Some(*tag));
        tags.iter().find(marked).map(String::as_str)
    }

    /// What is wrong with them, in one sentence that names the field.
    pub fn trouble(&self) -> Option<String> {
        let fits = |word: &String| !word.trim().is_empty() && word.chars().count() <= MAX_TRIGGER_CHARS;
        if self.others_after_min > MAX_MINUTES || self.near_end_min > MAX_MINUTES {
            return Some(format!(
                "`handoff.others_after_min` and `near_end_min` take at most {MAX_MINUTES} minutes."
            ));
        }
        for (field, words) in [("topics", &self.topics), ("tags", &self.tags)] {
            if words.len() > MAX_TRIGGERS || !words.iter().all(fits) {
                return Some(format!(
                    "`handoff.{field}` takes at most {MAX_TRIGGERS} words or short phrases of 1 to {MAX_TRIGGER_CHARS} characters."
                ));
            }
        }
        None
    }
}

/// Whether a site looks at its contacts' tags when they write.
pub const fn looks_at_tags(site: &Site) -> bool {
    !site.handoff.tags.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_called_is_stored_in_this_shape() {
        let called = Called {
            reason: Reason::Topic,
            about: Some("refund".into()),
            event: EventId::parse("evt_1").unwrap(),
            at: Timestamp::from_ms(5),
            channel: Channel::Sms,
            address_key: "+1".into(),
        };
        let text = r#"{"reason":"topic","about":"refund","event":"evt_1","at":5,"channel":"sms","address_key":"+1"}"#;
        assert_eq!(serde_json::to_string(&called).unwrap(), text);
        assert_eq!(serde_json::from_str::<Called>(text).unwrap(), called);
        for reason in Reason::ALL {
            assert_eq!(Reason::parse(reason.as_str()), Some(reason));
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.as_str());
        }
    }

    #[test]
    fn a_topic_is_found_by_its_words_whatever_their_endings() {
        let triggers = Triggers {
            topics: vec!["refund".into(), "lawyer".into(), "second opinion".into()],
            tags: vec!["VIP".into()],
            ..Triggers::default()
        };
        for (text, topic) in [
            ("Can I get a refund?", Some("refund")),
            ("I was never refunded!", Some("refund")),
            ("my LAWYERS will call", Some("lawyer")),
            ("I want my money back.", Some("refund")),
            ("Is there a second opinion?", Some("second opinion")),
            ("In my opinion the second is nicer", None),
            ("how much is a tune-up", None),
            ("", None),
        ] {
            assert_eq!(triggers.topic_in(text), topic, "{text}");
        }
        assert_eq!(triggers.tag_among(&["new".into(), "vip".into()]), Some("vip"));
        assert_eq!(triggers.tag_among(&["new".into()]), None);
        let long = Triggers { topics: vec!["x".repeat(41)], ..Triggers::default() };
        assert!(triggers.trouble().is_none() && long.trouble().unwrap().contains("handoff.topics"));
    }
}
