//! What a model is told of appointments, and the tools by which it asks for them.
//!
//! A model names an appointment by its number in the list it was shown, and a start as it was shown one: whatever is not
//! in the turn cannot be asked for.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::{
    appointment::{Appointment, State},
    assistant::{Opening, Turn},
    calendar,
    id::ServiceId,
    site::Site,
    time::Timestamp,
};

/// How many starts are listed at once.
const LISTED: usize = 12;

/// The appointments and services of a turn, as lines of the system message; empty where the site books nothing.
pub(super) fn section(turn: &Turn) -> String {
    let Some(booking) = &turn.site.booking else { return String::new() };
    let mut out = "\nSERVICES TO BOOK\n".to_owned();
    for service in &booking.services {
        let _ = writeln!(out, "{}: {}, {} minutes", service.id, service.name, service.duration_min);
    }
    out.push_str("\nAPPOINTMENTS OF THE CONTACT\n");
    if turn.appointments.is_empty() {
        out.push_str("(none that this line may know of)\n");
    }
    for (number, own) in (1..).zip(&turn.appointments) {
        let name = booking.service(&own.service).map_or(own.service.as_str(), |service| &service.name);
        let zone =
            booking.resource(&own.resource).map_or(&turn.site.time_zone, |resource| &resource.time_zone);
        let held = if own.state == State::Held { ", held only: book_time books it" } else { "" };
        let _ = writeln!(out, "[{number}] {name}, {}{held}", start(own.time.start, zone));
    }
    out
}

/// A start as models are shown it and give it back: `2026-11-24T09:00` on the wall clock of a zone.
fn start(at: Timestamp, time_zone: &str) -> String {
    calendar::local(at, &calendar::zone(time_zone)).strftime("%Y-%m-%dT%H:%M").to_string()
}

/// The time that can be booked for a service at a start as it was shown: `2026-11-24T09:00` on its wall clock.
pub fn opening<'a>(turn: &'a Turn, service: &str, at: &str) -> Option<&'a Opening> {
    let mut of = turn.openings.iter().filter(|opening| opening.service.as_str() == service);
    of.find(|opening| start(opening.start, &opening.time_zone) == at.trim())
}

/// The time that is held for the contact at a start as it was shown: nobody else can have it, so it is not free either.
pub fn held<'a>(turn: &'a Turn<'_>, service: &str, at: &str) -> Option<&'a Appointment> {
    let booking = turn.site.booking.as_ref()?;
    turn.appointments.iter().find(|own| {
        let zone =
            booking.resource(&own.resource).map_or(&turn.site.time_zone, |resource| &resource.time_zone);
        own.state == State::Held
            && own.service.as_str() == service
            && start(own.time.start, zone) == at.trim()
    })
}

/// An appointment by its number in the list.
pub fn appointment<'a>(turn: &'a Turn<'_>, number: usize) -> Option<&'a Appointment> {
    turn.appointments.get(number.checked_sub(1)?)
}

/// What can be booked for a service, from a day on (`2026-11-24`; from now on where missing): a few starts.
pub fn found(turn: &Turn, service: &str, day: &str) -> String {
    let Ok(service) = ServiceId::parse(service) else { return "There is no such service.".to_owned() };
    let starts: Vec<String> = turn
        .openings
        .iter()
        .filter(|opening| opening.service == service)
        .map(|opening| start(opening.start, &opening.time_zone))
        .filter(|start| start.as_str() >= day.trim())
        .take(LISTED)
        .collect();
    if starts.is_empty() {
        "Nothing is free then.".to_owned()
    } else {
        format!("Free: {}", starts.join(", "))
    }
}

/// The tools about appointments; none where the site books nothing.
pub(super) fn tools(site: &Site, quote: &Value) -> Vec<Value> {
    let Some(booking) = &site.booking else { return Vec::new() };
    let services: Vec<&str> = booking.services.iter().map(|service| service.id.as_str()).collect();
    let service = json!({ "type": "string", "enum": services });
    let at = json!({ "type": "string", "description": "A free start exactly as find_times gave it." });
    let own = json!({ "type": "integer", "description": "The number in APPOINTMENTS OF THE CONTACT." });
    let tool = |name: &str, description: &str, properties: Value, required: &[&str]| {
        json!({
            "type": "function",
            "function": {
                "name": name,
                "description": description,
                "parameters": {
                    "type": "object", "properties": properties, "required": required, "additionalProperties": false,
                },
            },
        })
    };
    vec![
        tool(
            "find_times",
            "Look up free times of a service, from a day on.",
            json!({ "service": service, "day": { "type": "string", "description": "YYYY-MM-DD" } }),
            &["service"],
        ),
        tool(
            "hold_time",
            "Keep a free time for ten minutes while the contact makes up their mind; book_time with the same start books it.",
            json!({ "service": service, "start": at, "quote": quote }),
            &["service", "start", "quote"],
        ),
        tool(
            "book_time",
            "Book a free time that the contact chose, or the time that is held for them.",
            json!({ "service": service, "start": at, "quote": quote }),
            &["service", "start", "quote"],
        ),
        tool(
            "move_appointment",
            "Move an appointment to a free time that the contact chose.",
            json!({ "appointment": own, "start": at, "quote": quote }),
            &["appointment", "start", "quote"],
        ),
        tool(
            "cancel_appointment",
            "Cancel an appointment, because the contact said yes to cancelling it.",
            json!({ "appointment": own, "quote": quote }),
            &["appointment", "quote"],
        ),
        tool(
            "note_on_appointment",
            "Write on an appointment what the contact said about it, or how many minutes late they are.",
            json!({ "appointment": own, "minutes_late": { "type": "integer" }, "quote": quote }),
            &["appointment", "quote"],
        ),
    ]
}
