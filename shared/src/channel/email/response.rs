//! What a calendar answers an invitation by mail (RFC 6047): a part of `text/calendar` whose METHOD is REPLY.
//!
//! A program writes such a mail when somebody presses accept or decline, so it is kept and never answered. What it says of
//! an appointment of ours is read here; whether whoever sent it may say so is not known from it.

use super::mime::{self, Mail, Part};
use crate::{
    appointment::ics::{Answer, Ics, Method, Response, appointment_of, parse_ics},
    identity,
};

/// How many calendar parts of a mail are read, at most.
const MAX_PARTS: usize = 4;

/// Whether a part is a calendar object, or the same as a file.
pub(super) fn is_calendar(part: &Part<'_>) -> bool {
    let is_file = || part.file_name().is_some_and(|name| name.to_ascii_lowercase().ends_with(".ics"));
    matches!(part.kind.as_str(), "text/calendar" | "application/ics") || is_file()
}

/// The calendar's answer in a mail; `None` where it is none.
pub(super) fn reply_of(mail: &Mail<'_>) -> Option<Ics> {
    let parts = mail.parts.iter().filter(|part| is_calendar(part)).take(MAX_PARTS);
    parts.filter_map(|part| parse_ics(&part.bytes()).ok()).find(|ics| ics.method == Method::Reply)
}

/// What a mail answers an invitation of ours; `None` for any other mail. Total: any bytes.
pub(super) fn parse_response(raw: &[u8]) -> Option<Response> {
    let ics = reply_of(&mime::parse_mail(raw))?;
    let answer = ics.answer.filter(|answer| *answer != Answer::NeedsAction)?;
    let attendee = identity::parse_email(&ics.attendee?.mailbox).ok()?;
    Some(Response { appointment: appointment_of(&ics.uid)?, sequence: ics.sequence, attendee, answer })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MAIL: &str = "From: Maria <maria@example.com>\r\nSubject: Declined: Tune-up\r\n\
        Content-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\n\
        Maria has declined.\r\n--x\r\nContent-Type: text/calendar; method=REPLY; charset=utf-8\r\n\
        Content-Transfer-Encoding: base64\r\n\r\n{ics}\r\n--x--\r\n";
    const ICS: &str = "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:apt_1@appointments.throughline\r\n\
        SEQUENCE:2\r\nATTENDEE;PARTSTAT=DECLINED:mailto:Maria@Example.com\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

    fn mail(ics: &str) -> String {
        MAIL.replace("{ics}", &crate::signature::base64(ics.as_bytes()))
    }

    #[test]
    fn the_answer_to_one_of_our_invitations_is_read() {
        let response = parse_response(mail(ICS).as_bytes()).unwrap();
        assert_eq!((response.appointment.as_str(), response.sequence), ("apt_1", 2));
        assert_eq!(
            (response.attendee.text.as_str(), response.answer),
            ("Maria@example.com", Answer::Declined)
        );
    }

    #[test]
    fn what_answers_nothing_of_ours_is_no_response() {
        for (from, to) in [
            ("METHOD:REPLY", "METHOD:REQUEST"),
            ("@appointments.throughline", "@google.example"),
            ("PARTSTAT=DECLINED", "PARTSTAT=NEEDS-ACTION"),
            ("PARTSTAT=DECLINED", "PARTSTAT=DELEGATED"),
            ("mailto:Maria@Example.com", "mailto:maria"),
            ("BEGIN:VEVENT", "BEGIN:VTODO"),
        ] {
            assert_eq!(parse_response(mail(&ICS.replace(from, to)).as_bytes()), None, "{to}");
        }
        assert_eq!(parse_response(b"From: a@b.example\r\n\r\nDeclined"), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(raw in prop::collection::vec(any::<u8>(), 0..400), ics in ".{0,200}") {
            let _ = parse_response(&raw);
            let _ = parse_response(mail(&ics).as_bytes());
        }
    }
}
