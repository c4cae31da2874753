//! A run: one contact's way through a sequence. A row with its current step.

use serde::{Deserialize, Serialize};

use crate::{
    appointment::Appointment,
    channel::Channel,
    conversation::Conversation,
    id::{ConversationId, DeliveryId},
    planned::{AppointmentAt, Unless},
    sequence::Sequence,
    time::Timestamp,
};

/// Which run: a conversation is in a sequence once about each thing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunKey {
    /// The conversation.
    pub conversation: ConversationId,
    /// The sequence.
    pub sequence: String,
    /// What it is about: an appointment as it was then; else nothing.
    pub about: String,
}

/// A run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Which.
    pub key: RunKey,
    /// 1 at first, and one more with every change.
    pub version: u32,
    /// The step that comes next.
    pub step: String,
    /// Not before then.
    pub due_at: Timestamp,
    /// Whether it goes on.
    pub is_running: bool,
    /// Why it ended, or why its step was put off: a rule.
    pub reason: Option<String>,
    /// How it came about, and what became of its steps.
    pub body: RunBody,
}

/// How a run came about, and what became of its steps. Stored as JSON in the shape spelled out in this module's tests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunBody {
    /// When it began, or began to wait for silence.
    pub began_at: Timestamp,
    /// What the contact does after then ends it, where the sequence says so.
    pub heard_after: Timestamp,
    /// It waits for the contact to have been silent for so long, in milliseconds, before its first step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silence_ms: Option<i64>,
    /// The appointment it is about, as it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appointment: Option<AppointmentAt>,
    /// Where the contact has just been told what began it; it is not confirmed there again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_on: Option<Channel>,
    /// What its steps have said so far, or why not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub done: Vec<Done>,
}

/// What became of a step that says something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Done {
    /// Which.
    pub step: String,
    /// When.
    pub at: Timestamp,
    /// `said`, or the rule that held it back.
    pub outcome: String,
    /// Where it went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// The delivery it became.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<DeliveryId>,
}

impl Run {
    /// What makes its next message pointless.
    pub fn unless(&self, sequence: &Sequence) -> Unless {
        Unless {
            heard_after: sequence.ends_on_reply.then_some(self.body.heard_after),
            resolved: sequence.ends_on_resolve,
            later_than: None,
            appointment: self.body.appointment.clone(),
        }
    }

    /// Whether it is decided already what becomes of a step that says something.
    pub fn has_done(&self, step: &str) -> bool {
        self.body.done.iter().any(|done| done.step == step)
    }

    /// The rule by which it is over although nobody has ended it yet: the contact was heard, the appointment has changed.
    pub fn pointless(
        &self,
        sequence: &Sequence,
        conversation: &Conversation,
        appointment: Option<&Appointment>,
        now: Timestamp,
    ) -> Option<&'static str> {
        if self.body.silence_ms.is_some() {
            return None;
        }
        self.unless(sequence).pointless(conversation, appointment, now)
    }
}

/// What a run about an appointment is named after: as long as the appointment stays as it is, there is one.
pub fn about(appointment: Option<&AppointmentAt>) -> String {
    appointment.map_or_else(String::new, |was| format!("{}.{}.{}", was.id, was.sequence, was.state.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{appointment::State, id::AppointmentId};

    #[test]
    fn the_stored_shape_stays() {
        let at = Timestamp::from_ms;
        let body = RunBody {
            began_at: at(1),
            heard_after: at(1),
            silence_ms: None,
            appointment: None,
            told_on: None,
            done: Vec::new(),
        };
        let plain = r#"{"began_at":1,"heard_after":1}"#;
        assert_eq!(serde_json::to_string(&body).unwrap(), plain);
        assert_eq!(serde_json::from_str::<RunBody>(plain).unwrap(), body);
        let was =
            AppointmentAt { id: AppointmentId::parse("apt_1").unwrap(), sequence: 2, state: State::Booked };
        assert_eq!(about(Some(&was)), "apt_1.2.booked");
        let full = RunBody {
            silence_ms: Some(5),
            appointment: Some(was),
            done: vec![Done {
                step: "1".into(),
                at: at(3),
                outcome: "said".into(),
                channel: Some(Channel::Sms),
                delivery: Some(DeliveryId::parse("dlv_1").unwrap()),
            }],
            ..body
        };
        let text = r#"{"began_at":1,"heard_after":1,"silence_ms":5,"appointment":{"id":"apt_1","sequence":2,"state":"booked"},"done":[{"step":"1","at":3,"outcome":"said","channel":"sms","delivery":"dlv_1"}]}"#;
        assert_eq!(serde_json::to_string(&full).unwrap(), text);
        assert_eq!(serde_json::from_str::<RunBody>(text).unwrap(), full);
    }
}
