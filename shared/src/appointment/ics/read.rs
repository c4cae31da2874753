//! The reader: total, for any bytes.

use super::{Answer, Method, Party, line, line::Property};
use crate::{error::ParseError, time::Timestamp};

/// The largest object that is read, in bytes.
const MAX_BYTES: usize = 256 * 1024;

/// What stands in a calendar object about its first event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ics {
    /// What it does.
    pub method: Method,
    /// Which event; [`super::appointment_of`] knows ours.
    pub uid: String,
    /// Which version of it; 0 where it is not said.
    pub sequence: u32,
    /// When it was written, where that is said in UTC.
    pub stamp: Option<Timestamp>,
    /// The start, where it is said in UTC.
    pub start: Option<Timestamp>,
    /// The end, where it is said in UTC.
    pub end: Option<Timestamp>,
    /// What it is.
    pub summary: String,
    /// What else there is to know.
    pub description: String,
    /// Where.
    pub location: String,
    /// Who invites.
    pub organizer: Option<Party>,
    /// Who is invited: in a reply, who answers.
    pub attendee: Option<Party>,
    /// What they say of coming; `None` for what is no answer, such as a delegation.
    pub answer: Option<Answer>,
}

/// Reads a calendar object. What has no VEVENT with a UID, or another METHOD than REQUEST, CANCEL and REPLY, is
/// `malformed_ics`; more than 256 kB is `too_large`. Never panics. Who may say it is not known from it: the attendee is
/// whoever the sender of the mail says.
pub fn parse_ics(bytes: &[u8]) -> Result<Ics, ParseError> {
    if bytes.len() > MAX_BYTES {
        return Err(ParseError::new("too_large", "The calendar object is larger than 256 kB."));
    }
    let text = String::from_utf8_lossy(bytes);
    let lines = line::unfold(text.strip_prefix('\u{feff}').unwrap_or(&text));
    let malformed = |what: &str| ParseError::new("malformed_ics", what);
    let mut method = None;
    let mut event = None;
    // The components that are open: what belongs to an alarm within the event is not the event's.
    let mut open: Vec<String> = Vec::new();
    for property in lines.iter().filter_map(|line| Property::of(line)) {
        let value = property.value.trim();
        match (property.name.as_str(), open.last().map(String::as_str)) {
            ("BEGIN", _) => open.push(value.to_ascii_uppercase()),
            ("END", Some(last)) => {
                if last == "VEVENT" {
                    break;
                }
                open.pop();
            }
            ("METHOD", Some("VCALENDAR")) => method = method_of(value),
            (_, Some("VEVENT")) => take(event.get_or_insert_default(), &property),
            _ => {}
        }
    }
    let method = method.ok_or_else(|| malformed("METHOD is not REQUEST, CANCEL or REPLY."))?;
    let event: Event = event.ok_or_else(|| malformed("There is no VEVENT."))?;
    let uid = event.uid.filter(|uid| !uid.is_empty()).ok_or_else(|| malformed("The VEVENT has no UID."))?;
    Ok(Ics {
        method,
        uid,
        sequence: event.sequence,
        stamp: event.stamp,
        start: event.start,
        end: event.end,
        summary: event.summary,
        description: event.description,
        location: event.location,
        organizer: event.organizer,
        attendee: event.attendee,
        answer: event.answer,
    })
}

#[derive(Default)]
struct Event {
    uid: Option<String>,
    sequence: u32,
    stamp: Option<Timestamp>,
    start: Option<Timestamp>,
    end: Option<Timestamp>,
    summary: String,
    description: String,
    location: String,
    organizer: Option<Party>,
    attendee: Option<Party>,
    answer: Option<Answer>,
}

fn take(event: &mut Event, property: &Property<'_>) {
    let value = property.value;
    match property.name.as_str() {
        "UID" => event.uid = Some(line::unescape(value).trim().to_owned()),
        "SEQUENCE" => event.sequence = value.trim().parse().unwrap_or(0),
        "DTSTAMP" => event.stamp = utc(value),
        "DTSTART" => event.start = utc(value),
        "DTEND" => event.end = utc(value),
        "SUMMARY" => event.summary = line::unescape(value),
        "DESCRIPTION" => event.description = line::unescape(value),
        "LOCATION" => event.location = line::unescape(value),
        "ORGANIZER" => event.organizer = party(property),
        // The first is the one who answers; a reply has no second.
        "ATTENDEE" if event.attendee.is_none() => {
            event.attendee = party(property);
            let said = property.param("PARTSTAT").unwrap_or(Answer::NeedsAction.as_str());
            event.answer = Answer::ALL.into_iter().find(|answer| said.eq_ignore_ascii_case(answer.as_str()));
        }
        _ => {}
    }
}

fn method_of(value: &str) -> Option<Method> {
    let all = [Method::Request, Method::Cancel, Method::Reply];
    all.into_iter().find(|method| value.eq_ignore_ascii_case(method.as_str()))
}

fn party(property: &Property<'_>) -> Option<Party> {
    let name = property.param("CN").unwrap_or_default().to_owned();
    Some(Party { name, mailbox: line::mailbox(property.value)? })
}

/// `20261127T180000Z`; `None` for local times, whose zone we do not read.
fn utc(value: &str) -> Option<Timestamp> {
    let there = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", value.trim()).ok()?;
    let at = there.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(Timestamp::from_ms(at.timestamp().as_millisecond()))
}
