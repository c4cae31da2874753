//! Appointments: a contact has the time of a resource, for a service.
//!
//! An appointment is *held* for ten minutes while somebody makes up their mind, then *booked*, and ends as cancelled,
//! missed or done. A hold ends by the clock alone: from then on it stands in nobody's way, whoever tidies it up. That
//! two appointments never have the same time of a resource is a constraint of the database (`0005_appointments.sql`);
//! what may be asked for is decided in [`mod@crate::decide`], from the [`slots`]. [`ics`] writes calendar invitations, [`link`] is how whoever booked gets back to it.
//!
//! What this module does not do: tell anybody. Confirmations and reminders are messages like any other.

pub mod booker;
pub mod ics;
pub mod link;
pub mod slots;

use serde::{Deserialize, Serialize};

use crate::{
    contact::Address,
    id::{AppointmentId, ContactId, ConversationId, EventId, ResourceId, ServiceId},
    time::{MINUTE_MS, Timestamp},
};

/// How long a hold lasts, in milliseconds.
pub const HOLD_MS: i64 = 10 * MINUTE_MS;

/// An appointment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appointment {
    /// Its id, which follows from the command that made it: see [`id_of`].
    pub id: AppointmentId,
    /// Whose, after joins.
    pub contact: ContactId,
    /// The conversation it was made in.
    pub conversation: ConversationId,
    /// The line it was made on: a line that is not proven may touch no others.
    pub line: Address,
    /// What for.
    pub service: ServiceId,
    /// Whose time it takes.
    pub resource: ResourceId,
    /// When it is, and what it takes.
    pub time: Time,
    /// How many of the service the resource does on that day at most.
    pub day_max: Option<u32>,
    /// Where it stands.
    pub state: State,
    /// When a hold ends. Kept where it ended by the clock.
    pub held_until: Option<Timestamp>,
    /// 1 at first, and one more with every change.
    pub version: u32,
    /// RFC 5545's SEQUENCE: one more with every change a calendar must know of.
    pub sequence: u32,
    /// What the contact wants known, a line for each time they said something.
    pub note: Option<String>,
    /// How many minutes late the contact said they are.
    pub late_by_min: Option<u32>,
    /// The mailbox that was typed for it: what is said about it goes there too, whoever has it.
    pub mailbox: Option<Address>,
    /// When it was first held or booked.
    pub created_at: Timestamp,
}

/// When an appointment is, and what it takes of its resource's time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Time {
    /// Its start.
    pub start: Timestamp,
    /// Its end.
    pub end: Timestamp,
    /// The start of what it takes, buffer included.
    pub busy_from: Timestamp,
    /// The end of what it takes, buffer included.
    pub busy_to: Timestamp,
    /// The day it counts for, `YYYY-MM-DD`: its start's in the resource's zone.
    pub day: String,
}

/// Where an appointment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Kept free while somebody makes up their mind, until its hold ends.
    Held,
    /// Agreed.
    Booked,
    /// Called off, or a hold that ended. Final.
    Cancelled,
    /// The contact did not come. Final.
    Missed,
    /// It took place. Final.
    Done,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Held, Self::Booked, Self::Cancelled, Self::Missed, Self::Done];

    /// The stable name used in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Booked => "booked",
            Self::Cancelled => "cancelled",
            Self::Missed => "missed",
            Self::Done => "done",
        }
    }

    /// The state of a stored name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// The id of the appointment that a command makes: it follows from the id of the command's event, so that whoever asks
/// knows it before the answer, and asking again makes no second one.
pub fn id_of(event: &EventId) -> AppointmentId {
    let suffix = event.as_str().strip_prefix(EventId::PREFIX).unwrap_or_default();
    let id = AppointmentId::parse(&format!("{}{suffix}", AppointmentId::PREFIX));
    // Both kinds of id take the same suffixes, and their prefixes are equally long.
    id.unwrap_or_else(|bad| unreachable!("{event}: {bad}"))
}

impl Appointment {
    /// Whether it is a hold that still keeps its time at `now`.
    pub fn is_held_at(&self, now: Timestamp) -> bool {
        self.state == State::Held && self.held_until.is_some_and(|until| now < until)
    }

    /// Whether it is a hold that ended by the clock.
    pub fn is_expired_at(&self, now: Timestamp) -> bool {
        match self.state {
            State::Held => !self.is_held_at(now),
            State::Cancelled => self.held_until.is_some(),
            State::Booked | State::Missed | State::Done => false,
        }
    }

    /// Whether nothing can be asked of it any more at `now`: it has ended, one way or another.
    pub fn is_over_at(&self, now: Timestamp) -> bool {
        matches!(self.state, State::Cancelled | State::Missed | State::Done) || self.time.end <= now
    }
}

/// What happened to an appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Its time is held.
    Held,
    /// A hold was let go: for another one, or because the contact does not want it.
    Released,
    /// It is booked.
    Booked,
    /// It is at another time.
    Moved,
    /// It is called off.
    Cancelled,
    /// The contact said something about it.
    Noted,
    /// The contact did not come.
    Missed,
    /// It took place.
    Done,
}

/// What the timeline tells of an appointment: all of it that a reader needs, as it stood then.
///
/// Stored as JSON in the shape spelled out in [`crate::event`]'s tests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppointmentEvent {
    /// Which.
    pub id: AppointmentId,
    /// Its version after this.
    pub version: u32,
    /// What happened.
    pub act: Act,
    /// What it is for.
    pub service: ServiceId,
    /// What the service was called.
    pub name: String,
    /// Whose time it takes.
    pub resource: ResourceId,
    /// Its start.
    pub start: Timestamp,
    /// Its end.
    pub end: Timestamp,
    /// Its start before it was moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<Timestamp>,
    /// What was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// How many minutes late the contact says they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_by_min: Option<u32>,
    /// What they answered the invitation from their calendar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<ics::Answer>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_appointments_id_follows_from_its_event() {
        let event = EventId::parse("evt_01abc").unwrap();
        assert_eq!(id_of(&event).as_str(), "apt_01abc");
        let longest = EventId::parse(&format!("evt_{}", "a".repeat(crate::id::MAX_ID_BYTES - 4))).unwrap();
        assert_eq!(id_of(&longest).as_str().len(), crate::id::MAX_ID_BYTES);
    }

    #[test]
    fn states_are_stored_by_their_names() {
        for state in State::ALL {
            assert_eq!(State::parse(state.as_str()), Some(state));
            assert_eq!(serde_json::to_string(&state).unwrap(), format!("\"{}\"", state.as_str()));
        }
        assert_eq!(State::parse("expired"), None);
    }
}
