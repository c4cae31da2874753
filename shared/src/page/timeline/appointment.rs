//! What happened to an appointment, as one sentence on the contact's clock.

use super::{
    super::when::{self, Shape},
    notice::{Teller, lower},
};
use crate::{
    appointment::{Act, AppointmentEvent, ics::Answer},
    event::Event,
};

/// "Maria booked a time for Full service: Friday, 27 November 2026 at 10:00–12:00."
pub(super) fn sentence(teller: &Teller<'_>, event: &Event, told: &AppointmentEvent) -> String {
    let who = teller.doer(&event.speaker);
    let contact = lower(teller.called);
    let name = &told.name;
    let full = |at| when::text(at, event.at, teller.zone, Shape::Full);
    let time = format!("{}–{}", full(told.start), when::text(told.end, event.at, teller.zone, Shape::Clock));
    let sentence = match told.act {
        Act::Held => format!("{who} holds a time for {name}: {time}. It is kept for ten minutes."),
        Act::Released => format!("The time held for {name} was let go: {time}."),
        Act::Booked => format!("{who} booked a time for {name}: {time}."),
        Act::Moved => {
            let from = told.was.map_or_else(String::new, |was| format!(" from {}", full(was)));
            format!("{who} moved {name}{from} to {time}.")
        }
        Act::Cancelled => format!("{who} cancelled {name} on {time}."),
        Act::Noted if told.answer == Some(Answer::Tentative) => {
            format!("{who} may come to {name} on {time}, as their calendar says.")
        }
        Act::Noted if told.answer.is_some() => {
            format!("{who} accepted the invitation to {name} on {time}.")
        }
        Act::Noted => match told.late_by_min {
            Some(minutes) => {
                format!("{who} noted that {contact} will be {minutes} min late for {name} on {time}.")
            }
            None => format!("{who} added a note to {name} on {time}."),
        },
        Act::Missed => format!("{who} noted that {contact} did not come to {name} on {time}."),
        Act::Done => format!("{who} noted that {name} on {time} took place."),
    };
    let note = told.note.as_ref().map(|note| format!(" Note: “{}”", note.replace('\n', " / ")));
    sentence + note.as_deref().unwrap_or_default()
}
