//! Sequences: follow-ups that an owner writes as text files, a step after another.
//!
//! A file is read by [`read`] and kept with the site's definition. A [`run`] is one contact's way through it. Nothing
//! here says anything: a step that is due is decided in [`mod@crate::decide`], through the same gates as everything else.

pub mod draw;
pub mod moment;
pub mod read;
pub mod run;
pub mod words;

use serde::{Deserialize, Serialize};

use self::{moment::When, words::Words};
use crate::{appointment::Act, channel::Channel, delivery::Purpose};

/// How many sequences a site may have.
pub const MAX_SEQUENCES: usize = 50;
/// Every form, as a form's name.
pub const ANY_FORM: &str = "*";
/// How many steps a sequence may have.
pub const MAX_STEPS: usize = 60;

/// A sequence. Stored as JSON within the site's definition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sequence {
    /// Its id: the file's name without its ending.
    pub id: String,
    /// What it is called on the timeline.
    pub name: String,
    /// What begins it.
    pub triggers: Vec<Trigger>,
    /// Whether anything the contact does ends it.
    pub ends_on_reply: bool,
    /// Whether it is over once the team has resolved the conversation.
    #[serde(default)]
    pub ends_on_resolve: bool,
    /// How long a contact who was in it is not put into it again by silence, in milliseconds.
    pub again_after_ms: i64,
    /// What it adds to the bid of its messages, 0 to 9.
    #[serde(default)]
    pub priority: u8,
    /// Nothing begins it. Who is in it goes on.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub is_off: bool,
    /// Its steps, in order. A step leads to a later one only.
    pub steps: Vec<Step>,
    /// Its file's text; empty where it was kept before texts were.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// What begins a sequence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// The team, and nothing else.
    Manual,
    /// This happened to an appointment of the contact: booked, moved, missed or done.
    Appointment(Act),
    /// The contact filled in the form of that name, or any where it is [`ANY_FORM`].
    Form(String),
    /// A member of the team put this tag on the contact.
    Tag(String),
    /// What was promised in the team's name was not kept in time.
    HandoffMissed,
    /// The contact has not been heard of for so long after an answer, in milliseconds.
    Silence {
        /// How long.
        for_ms: i64,
    },
}

/// A step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Its id within the sequence: as written, or its number.
    pub id: String,
    /// What it does.
    pub does: Does,
}

/// What a step does. Places are those of [`Sequence::steps`]; the place after the last one is the end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Does {
    /// Waits so many milliseconds.
    Wait(i64),
    /// Waits for a moment of the appointment's.
    WaitUntil {
        /// For which.
        when: When,
        /// Where it goes on if that has passed.
        if_passed: usize,
    },
    /// Says something.
    Send(Send),
    /// Goes on at one place or another.
    Branch {
        /// What is asked.
        on: Question,
        /// Where it goes on if so.
        then: usize,
        /// Where it goes on otherwise.
        otherwise: usize,
    },
    /// Calls a member of the team in, by name: a promise that is theirs to keep.
    Assign(String),
    /// Ends, for this reason.
    Stop(String),
}

/// Something to be said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Send {
    /// The channels it may go by; any where there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub among: Vec<Channel>,
    /// Why.
    pub purpose: Purpose,
    /// What about; the step itself where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// What the assistant is asked to write; where it has nothing fit to say, the words are said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask: Option<String>,
    /// The words.
    pub words: Words,
    /// When it is of no use any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_after: Option<When>,
}

/// What a branch asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// Has the contact done anything since it began?
    Replied,
    /// Did the contact say that they prefer this channel?
    Prefers(Channel),
    /// Is there an address on this channel with the consent that the purpose needs there?
    Consents(Channel, Purpose),
}

impl Sequence {
    /// The place of a step.
    pub fn place_of(&self, step: &str) -> Option<usize> {
        self.steps.iter().position(|known| known.id == step)
    }

    /// Whether it is about an appointment.
    pub fn is_about_appointments(&self) -> bool {
        self.triggers.iter().any(|trigger| matches!(trigger, Trigger::Appointment(_)))
    }

    /// Whether something that happened to an appointment begins it.
    pub fn begins_on(&self, act: Act) -> bool {
        !self.is_off && self.triggers.contains(&Trigger::Appointment(act))
    }

    /// How long a silence begins it, in milliseconds.
    pub fn silence_ms(&self) -> Option<i64> {
        if self.is_off {
            return None;
        }
        self.triggers.iter().find_map(|trigger| match trigger {
            Trigger::Silence { for_ms } => Some(*for_ms),
            _ => None,
        })
    }
}
