//! What may be asked about appointments.

use crate::{
    appointment::{booker::Booker, ics::Answer},
    contact::Address,
    id::{AppointmentId, ResourceId, ServiceId},
    time::Timestamp,
    wire::Speaker,
};

/// Something asked about an appointment.
///
/// Idempotent by its [`Arrival`](super::Arrival): the same endpoint and external id a second time changes nothing and is
/// acknowledged again. The id of an appointment it makes follows from the arrival's event:
/// [`crate::appointment::id_of`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appoint {
    /// The contact's line it is asked on. Whoever follows a link that we signed for an appointment acts on the line it was
    /// made on: [`Appointment::line`](crate::appointment::Appointment::line).
    pub from: Address,
    /// Who asks: the contact, the assistant in their name, or the team (agents, sequences, the system). The contact and
    /// the assistant reach the contact's own appointments only, and from a line that is not proven only those made on it.
    pub by: Speaker,
    /// The version of the appointment the question is about, where it is only meant for that one: a link works once.
    pub version: Option<u32>,
    /// What is asked.
    pub ask: Ask,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Keep a time free for ten minutes. Holds of the contact that last are let go.
    Hold(Wish),
    /// Book a time, without holding it before.
    Book(Wish),
    /// Book a time as somebody who typed who they are: the booking page's form.
    BookAs(Wish, Booker),
    /// Book what is held.
    BookHeld {
        /// The hold.
        id: AppointmentId,
        /// What the contact wants known.
        note: Option<String>,
    },
    /// Put it at another time.
    Move {
        /// What is booked.
        id: AppointmentId,
        /// The new start.
        start: Timestamp,
        /// Whose time; where missing, the same resource's if it is free, else any that does the service.
        resource: Option<ResourceId>,
    },
    /// Call it off.
    Cancel(AppointmentId),
    /// Add something to it.
    Note(AppointmentId, Note),
    /// The contact did not come; the team only.
    MarkMissed(AppointmentId),
    /// It took place; the team only.
    MarkDone(AppointmentId),
}

/// A time that is wished for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// What for.
    pub service: ServiceId,
    /// Whose time; where missing, the first resource that does the service and is free.
    pub resource: Option<ResourceId>,
    /// The start.
    pub start: Timestamp,
    /// What the contact wants known.
    pub note: Option<String>,
}

/// What is added to an appointment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// Words, 1 to 500 characters.
    Text(String),
    /// The contact will be so many minutes late, 1 to 240.
    LateByMin(u32),
    /// What the contact answered the invitation from their calendar.
    Answer(Answer),
}

impl Ask {
    /// The appointment it is about; none where it makes a new one.
    pub const fn names(&self) -> Option<&AppointmentId> {
        match self {
            Self::Hold(_) | Self::Book(_) | Self::BookAs(..) => None,
            Self::BookHeld { id, .. }
            | Self::Move { id, .. }
            | Self::Cancel(id)
            | Self::Note(id, _)
            | Self::MarkMissed(id)
            | Self::MarkDone(id) => Some(id),
        }
    }

    /// What whoever asks typed of themselves.
    pub const fn booker(&self) -> Option<&Booker> {
        match self {
            Self::BookAs(_, booker) => Some(booker),
            _ => None,
        }
    }
}
