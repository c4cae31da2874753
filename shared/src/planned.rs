//! Planned messages: what will be said unasked, when, and what must still be true by then.
//!
//! Nothing is ever scheduled at a provider. A planned message is a row that becomes due; then it is decided like anything
//! else, with everything that has happened by then. What has become pointless cancels itself, with its reason.

use serde::{Deserialize, Serialize};

use crate::{
    appointment::{Appointment, State},
    channel::Channel,
    conversation::Conversation,
    delivery::Purpose,
    id::{AppointmentId, ConversationId, DeliveryId, PlannedId},
    time::Timestamp,
    wire::Speaker,
};

/// A message that is to be said later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Its id.
    pub id: PlannedId,
    /// The conversation.
    pub conversation: ConversationId,
    /// What is to be said, and how.
    pub body: PlannedBody,
    /// Not before then.
    pub due_at: Timestamp,
    /// How far it has come.
    pub state: PlannedState,
    /// Why it was not said: a rule.
    pub reason: Option<String>,
    /// The delivery it became, outside the widget.
    pub delivery: Option<DeliveryId>,
}

/// What is to be said. Stored as JSON in this shape.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedBody {
    /// Who says it: an automation's name, or a member's of the team.
    pub speaker: String,
    /// A member of the team says it.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub member: bool,
    /// Why.
    pub purpose: Purpose,
    /// What about; one topic is not said on two channels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// The channels it may go by; any where there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub among: Vec<Channel>,
    /// The words for a text message or a chat.
    pub text: String,
    /// The words for an email; the same where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<String>,
    /// An email's subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// What makes it pointless.
    #[serde(default)]
    pub unless: Unless,
}

/// What makes a planned message pointless.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unless {
    /// The contact did anything after then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard_after: Option<Timestamp>,
    /// It is too late to say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub later_than: Option<Timestamp>,
    /// The appointment it is about is not as it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appointment: Option<AppointmentAt>,
}

/// An appointment as it was when something was planned about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppointmentAt {
    /// Which.
    pub id: AppointmentId,
    /// How often its time had changed.
    pub sequence: u32,
    /// Where it stood.
    pub state: State,
}

/// How far a planned message has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlannedState {
    /// It is not due yet, or was put off.
    Waiting,
    /// It was said.
    Said,
    /// The gates hold it back for good.
    Held,
    /// It had become pointless.
    Stale,
    /// Somebody called it off.
    Cancelled,
}

impl PlannedState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Waiting, Self::Said, Self::Held, Self::Stale, Self::Cancelled];

    /// The stable name used in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Said => "said",
            Self::Held => "held",
            Self::Stale => "stale",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of a stored name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

impl Unless {
    /// The rule by which it is pointless now; nothing where it is not. `appointment` is the one it is about, as it stands.
    pub fn pointless(
        &self,
        conversation: &Conversation,
        appointment: Option<&Appointment>,
        now: Timestamp,
    ) -> Option<&'static str> {
        let stands = self.appointment.as_ref().is_none_or(|was| {
            appointment
                .is_some_and(|now| (&now.id, now.sequence, now.state) == (&was.id, was.sequence, was.state))
        });
        if !stands {
            return Some("planned.appointment_changed");
        }
        if self.later_than.is_some_and(|end| now > end) {
            return Some("planned.too_late");
        }
        let heard = self.heard_after.zip(conversation.heard_at);
        heard.is_some_and(|(after, heard)| heard > after).then_some("planned.heard")
    }
}

impl PlannedBody {
    /// Who says it.
    pub fn said_by(&self) -> Speaker {
        let name = self.speaker.clone();
        if self.member { Speaker::Agent(name) } else { Speaker::Sequence(name) }
    }

    /// The words for a channel, with an email's subject.
    pub fn words(&self, channel: Channel) -> (String, Option<String>) {
        match channel {
            Channel::Email => (self.mail.clone().unwrap_or_else(|| self.text.clone()), self.subject.clone()),
            _ => (self.text.clone(), None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::ContactId;

    const fn at(ms: i64) -> Timestamp {
        Timestamp::from_ms(ms)
    }

    #[test]
    fn what_has_happened_since_makes_it_pointless() {
        let (id, contact) = (ConversationId::parse("cnv_1").unwrap(), ContactId::parse("ctc_1").unwrap());
        let mut conversation = Conversation::new(id, contact);
        let unless = Unless { heard_after: Some(at(10)), later_than: Some(at(50)), appointment: None };
        assert_eq!(unless.pointless(&conversation, None, at(20)), None);
        conversation.heard_at = Some(at(10));
        assert_eq!(unless.pointless(&conversation, None, at(20)), None, "that is what it answers");
        conversation.heard_at = Some(at(11));
        assert_eq!(unless.pointless(&conversation, None, at(20)), Some("planned.heard"));
        assert_eq!(unless.pointless(&conversation, None, at(51)), Some("planned.too_late"));
        assert_eq!(Unless::default().pointless(&conversation, None, at(99)), None);
    }

    #[test]
    fn the_stored_shape_stays() {
        let json = r#"{"speaker":"cold lead","purpose":"marketing","text":"Still interested?","unless":{"heard_after":5}}"#;
        let body: PlannedBody = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&body).unwrap(), json);
        assert_eq!(body.words(Channel::Email).0, "Still interested?");
    }
}
