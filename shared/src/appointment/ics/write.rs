//! The writer.

use super::{Answer, Invite, Method, Party, line, uid_of};
use crate::time::Timestamp;

/// The calendar object of an invitation: one VEVENT, CRLF at every line's end, no line over 75 octets.
///
/// As a mail's part it is `text/calendar; method=…; charset=utf-8`, with [`Method::as_str`].
pub fn render_ics(invite: &Invite) -> String {
    let mut out = String::with_capacity(1_024);
    let mut push = |text: &str| line::push_line(&mut out, text);
    let status = if invite.method == Method::Cancel { "CANCELLED" } else { "CONFIRMED" };
    push("BEGIN:VCALENDAR");
    push("VERSION:2.0");
    push("PRODID:-//Throughline//Appointments//EN");
    push("CALSCALE:GREGORIAN");
    push(&format!("METHOD:{}", invite.method.as_str()));
    push("BEGIN:VEVENT");
    push(&format!("UID:{}", uid_of(&invite.id)));
    push(&format!("SEQUENCE:{}", invite.sequence));
    push(&format!("DTSTAMP:{}", utc(invite.stamp)));
    push(&format!("DTSTART:{}", utc(invite.start)));
    push(&format!("DTEND:{}", utc(invite.end)));
    for (name, text) in
        [("SUMMARY", &invite.summary), ("DESCRIPTION", &invite.description), ("LOCATION", &invite.location)]
    {
        if !text.is_empty() {
            push(&format!("{name}:{}", line::escape(text)));
        }
    }
    push(&format!("ORGANIZER{}", party(&invite.organizer, "")));
    let asked = match invite.method {
        Method::Request => {
            format!(";ROLE=REQ-PARTICIPANT;PARTSTAT={};RSVP=TRUE", Answer::NeedsAction.as_str())
        }
        Method::Cancel | Method::Reply | Method::Publish => ";ROLE=REQ-PARTICIPANT".to_owned(),
    };
    // RFC 5546 section 3.2.1: a published event has no attendees.
    if invite.method != Method::Publish {
        push(&format!("ATTENDEE{}", party(&invite.attendee, &asked)));
    }
    push(&format!("STATUS:{status}"));
    push("TRANSP:OPAQUE");
    push("END:VEVENT");
    push("END:VCALENDAR");
    out
}

/// `;CN="…"` and the other parameters, then the mailbox.
fn party(party: &Party, params: &str) -> String {
    let name =
        if party.name.is_empty() { String::new() } else { format!(";CN={}", line::quoted(&party.name)) };
    format!("{name}{params}:{}", line::mailto(&party.mailbox))
}

/// `20261127T180000Z`: whole seconds in UTC. Instants outside the years 0 to 9999 are moved to them.
fn utc(at: Timestamp) -> String {
    // -62167219200 is the year 0's beginning, 253402207200 about the last day jiff knows.
    let seconds = at.ms().div_euclid(1_000).clamp(-62_167_219_200, 253_402_207_200);
    let at = jiff::Timestamp::from_second(seconds).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}
