//! Calendar invitations (RFC 5545 objects, RFC 5546 methods): a writer, and a small reader for what comes back.
//!
//! [`render_ics`] writes one VEVENT in UTC, for which no VTIMEZONE is needed. The UID stays for the life of an
//! appointment and SEQUENCE grows with every change of it, so that a calendar replaces what it has (RFC 5546 section
//! 2.1.4). [`parse_ics`] reads one VEVENT back: ours, and the REPLY a calendar sends when somebody accepts or declines. It
//! is total, unfolds, takes LF for CRLF, and does not look into what it does not need: recurrence, alarms, time zones.
//!
//! What the writer makes stands in `shared/fixtures/ics`, pinned by a test. The Rust crate `icalendar` 0.17.17 reads it
//! in every run of the tests. Read by hand, `icalendar` 7.3.2 (`PyPI`) and `ical.js` 2.2.1 (npm) gave every value back as it
//! was meant, and `node-ical` 0.26.1 (npm) all but two of the odd one: it takes `;` within a quoted CN for the end of the
//! name, and an escaped backslash before `n` for a line break.

mod line;
mod read;
mod write;

pub use read::{Ics, parse_ics};
pub use write::render_ics;

use serde::{Deserialize, Serialize};

use crate::{
    appointment::{Appointment, State},
    contact::Address,
    id::AppointmentId,
    time::Timestamp,
};

/// What a UID ends in; it never changes, because a UID must not.
const UID_DOMAIN: &str = "@appointments.throughline";

/// What an invitation does (RFC 5546 section 3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Invites, or changes what was invited to.
    Request,
    /// Calls it off.
    Cancel,
    /// An attendee's answer.
    Reply,
    /// A copy for whoever asks for it: it invites nobody, and nobody answers it.
    Publish,
}

/// Somebody with a mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// What they are called. A parameter cannot hold `"` or control characters: they become `'` and spaces.
    pub name: String,
    /// Their mailbox.
    pub mailbox: String,
}

/// What an attendee says of coming (PARTSTAT, RFC 5545 section 3.2.12); whatever is none of these is not an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Nothing yet.
    NeedsAction,
    /// They come.
    Accepted,
    /// They do not come.
    Declined,
    /// Perhaps.
    Tentative,
}

/// What an attendee answers an invitation of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    /// The appointment it is about.
    pub appointment: AppointmentId,
    /// The version of the invitation it answers.
    pub sequence: u32,
    /// The mailbox that was invited, as the answer says.
    pub attendee: Address,
    /// What they say.
    pub answer: Answer,
}

/// An invitation, or what calls it off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invite {
    /// [`Method::Request`], [`Method::Cancel`] or [`Method::Publish`].
    pub method: Method,
    /// The appointment: its UID follows from it.
    pub id: AppointmentId,
    /// Grows with every change.
    pub sequence: u32,
    /// When this was written; whole seconds are kept.
    pub stamp: Timestamp,
    /// The start.
    pub start: Timestamp,
    /// The end.
    pub end: Timestamp,
    /// What it is, in a few words.
    pub summary: String,
    /// What else there is to know; may have lines.
    pub description: String,
    /// Where.
    pub location: String,
    /// Who invites.
    pub organizer: Party,
    /// Who is invited; left out of a copy.
    pub attendee: Party,
}

impl Invite {
    /// The invitation to an appointment as it stands, or what calls it off where it is cancelled. The texts and parties
    /// are the caller's.
    pub fn of(appointment: &Appointment, now: Timestamp, organizer: Party, attendee: Party) -> Self {
        let cancelled = appointment.state == State::Cancelled;
        Self {
            method: if cancelled { Method::Cancel } else { Method::Request },
            id: appointment.id.clone(),
            sequence: appointment.sequence,
            stamp: now,
            start: appointment.time.start,
            end: appointment.time.end,
            summary: String::new(),
            description: String::new(),
            location: String::new(),
            organizer,
            attendee,
        }
    }
}

impl Method {
    /// Its name, as METHOD and as a mail's `method` parameter.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Request => "REQUEST",
            Self::Cancel => "CANCEL",
            Self::Reply => "REPLY",
            Self::Publish => "PUBLISH",
        }
    }
}

impl Answer {
    const ALL: [Self; 4] = [Self::NeedsAction, Self::Accepted, Self::Declined, Self::Tentative];

    /// Its name as PARTSTAT.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NeedsAction => "NEEDS-ACTION",
            Self::Accepted => "ACCEPTED",
            Self::Declined => "DECLINED",
            Self::Tentative => "TENTATIVE",
        }
    }
}

/// The UID of an appointment.
pub fn uid_of(id: &AppointmentId) -> String {
    format!("{id}{UID_DOMAIN}")
}

/// The appointment of a UID that [`uid_of`] made, in any case: some calendars change it.
pub fn appointment_of(uid: &str) -> Option<AppointmentId> {
    AppointmentId::parse(uid.trim().to_ascii_lowercase().strip_suffix(UID_DOMAIN)?).ok()
}

#[cfg(test)]
mod tests;
