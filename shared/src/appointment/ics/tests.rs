//! The writer against the standard, an independent parser and our own reader; the reader against anything.

use std::{fs, path::PathBuf};

use icalendar::parser;
use proptest::prelude::*;

use super::*;
use crate::time::{HOUR_MS, MINUTE_MS};

/// Friday, 27 November 2026, 10:00 in Los Angeles.
const START: Timestamp = Timestamp::from_ms(1_795_802_400_000);

fn invite() -> Invite {
    Invite {
        method: Method::Request,
        id: AppointmentId::parse("apt_01kb1n2m3p4q5r6s7t8v9w0x1y").unwrap(),
        sequence: 0,
        stamp: START.plus_ms(-48 * HOUR_MS),
        start: START,
        end: START.plus_ms(2 * HOUR_MS),
        summary: "Full service at Larkspur Bike Workshop".into(),
        description: "Bring the bike and your phone number.\nhttps://larkspur.example/b/abc".into(),
        location: "2418 SE Larkspur Street, Portland, OR 97202".into(),
        organizer: Party { name: "Larkspur Bike Workshop".into(), mailbox: "hello@larkspur.example".into() },
        attendee: Party { name: "Maria Lopez".into(), mailbox: "maria@example.com".into() },
    }
}

/// Every kind of thing that is written, by the name of its fixture.
fn fixtures() -> Vec<(&'static str, Invite)> {
    let moved = Invite {
        sequence: 1,
        stamp: START.plus_ms(-47 * HOUR_MS),
        start: START.plus_ms(3 * HOUR_MS),
        end: START.plus_ms(5 * HOUR_MS),
        ..invite()
    };
    let cancelled = Invite { method: Method::Cancel, sequence: 2, ..moved.clone() };
    let odd = Invite {
        summary: "Réparation; «vélo», 自転車の修理 \\ 🚲🔧 — ".repeat(4),
        description: "One;two,three\\four\nñandú\n\nlast:line \\n stays".into(),
        location: String::new(),
        organizer: Party {
            name: "Łukasz: \"Bikes; & more\", S.A.".into(),
            mailbox: "ñandú+book@bücher.example".into(),
        },
        attendee: Party { name: String::new(), mailbox: "o'hara%x@example.com".into() },
        ..invite()
    };
    vec![("request", invite()), ("moved", moved), ("cancel", cancelled), ("odd", odd)]
}

#[test]
fn what_is_written_is_pinned_by_the_fixtures() {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/ics"));
    for (name, invite) in fixtures() {
        let path = folder.join(format!("{name}.ics"));
        let written = render_ics(&invite);
        if std::env::var_os("PIN_FIXTURES").is_some() {
            fs::write(&path, &written).unwrap();
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), written, "{name}: PIN_FIXTURES=1 writes it anew");
    }
}

#[test]
fn an_independent_parser_reads_what_is_written() {
    for (name, invite) in fixtures() {
        let text = render_ics(&invite);
        agrees(&text, &invite).unwrap_or_else(|why| panic!("{name}: {why}\n{text}"));
    }
}

/// What the crate `icalendar` reads, compared with what was meant.
fn agrees(text: &str, invite: &Invite) -> Result<(), String> {
    let unfolded = parser::unfold(text);
    let read = parser::read_calendar(&unfolded)?;
    let value = |name: &str| {
        let properties = &read.components[0].properties;
        let found = properties.iter().find(|property| property.name.as_ref() == name);
        found.map(|property| property.val.as_ref().to_owned()).unwrap_or_default()
    };
    let method = read.properties.iter().find(|property| property.name.as_ref() == "METHOD");
    let same =
        |what: &str, a: &str, b: &str| if a == b { Ok(()) } else { Err(format!("{what}: {a:?} {b:?}")) };
    same("METHOD", method.ok_or("no METHOD")?.val.as_ref(), invite.method.as_str())?;
    same("UID", &value("UID"), &uid_of(&invite.id))?;
    same("SEQUENCE", &value("SEQUENCE"), &invite.sequence.to_string())?;
    same("SUMMARY", &value("SUMMARY"), &invite.summary)?;
    same("DESCRIPTION", &value("DESCRIPTION"), &invite.description)?;
    same("LOCATION", &value("LOCATION"), &invite.location)?;
    same("ATTENDEE", &value("ATTENDEE"), &line::mailto(&invite.attendee.mailbox))?;
    same("ORGANIZER", &value("ORGANIZER"), &line::mailto(&invite.organizer.mailbox))
}

#[test]
fn a_reply_is_read_whoever_wrote_it() {
    let reply = "BEGIN:VCALENDAR\nPRODID:-//Google Inc//EN\nVERSION:2.0\nCALSCALE:GREGORIAN\nMETHOD:REPLY\n\
        BEGIN:VTIMEZONE\nTZID:Europe/Madrid\nBEGIN:STANDARD\nDTSTART:19701025T030000\nEND:STANDARD\nEND:VTIMEZONE\n\
        BEGIN:VEVENT\nDTSTART;TZID=Europe/Madrid:20261127T190000\nDTSTAMP:20261125T190000Z\n\
        ORGANIZER;CN=Larkspur:mailto:hello@larkspur.example\n\
        UID:APT_01KB@Appointments.Throughline\n\
        ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=Declined;CN=\"Lopez; Mar\n ia\":MAILTO:Maria@example.com\n\
        SEQUENCE:3\nBEGIN:VALARM\nATTENDEE:mailto:alarm@example.com\nUID:alarm\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR";
    let read = parse_ics(reply.as_bytes()).unwrap();
    assert_eq!((read.method, read.sequence, read.answer), (Method::Reply, 3, Some(Answer::Declined)));
    assert_eq!(
        read.attendee,
        Some(Party { name: "Lopez; Maria".into(), mailbox: "Maria@example.com".into() })
    );
    assert_eq!(appointment_of(&read.uid).unwrap().as_str(), "apt_01kb");
    assert_eq!((read.start, read.stamp.is_some()), (None, true), "a local time is not guessed at");
    for (part_stat, answer) in [
        ("ACCEPTED", Some(Answer::Accepted)),
        ("TENTATIVE", Some(Answer::Tentative)),
        ("DELEGATED", None),
        ("", None),
    ] {
        let read = parse_ics(reply.replace("Declined", part_stat).as_bytes()).unwrap();
        assert_eq!(read.answer, answer, "{part_stat}");
    }
    assert_eq!(appointment_of("somebody@else.example"), None);
}

#[test]
fn what_is_no_invitation_is_malformed() {
    for text in [
        "",
        "METHOD:REPLY",
        "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n",
        "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nSEQUENCE:1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        "BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nBEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    ] {
        assert_eq!(parse_ics(text.as_bytes()).unwrap_err().code, "malformed_ics", "{text}");
    }
    assert_eq!(parse_ics(&vec![b'a'; 300_000]).unwrap_err().code, "too_large");
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z ,;:\\\\\n\"]{0,120}",
        // Texts of any letters: control characters are left out on purpose.
        "(\\PC|\n|\t){0,120}".prop_map(|text: String| text
            .chars()
            .filter(|c| !c.is_control() || "\n\t".contains(*c))
            .collect()),
    ]
}

fn party() -> impl Strategy<Value = Party> {
    let name = "\\PC{0,80}".prop_map(|name: String| name.replace('"', "'"));
    (name, "[^\\pC\\s]{1,30}@[a-zé.]{1,20}").prop_map(|(name, mailbox)| Party { name, mailbox })
}

prop_compose! {
    fn invites()(
        cancel: bool, suffix in "[a-z0-9]{1,26}", sequence: u32, stamp in 0_i64..4_000_000_000, start in -2_000_000_000_i64..100_000_000_000,
        minutes in 1_i64..1_440, summary in words(), description in words(), location in words(),
        organizer in party(), attendee in party(),
    ) -> Invite {
        let start = Timestamp::from_ms(start * 1_000);
        Invite {
            method: if cancel { Method::Cancel } else { Method::Request },
            id: AppointmentId::parse(&format!("apt_{suffix}")).unwrap(),
            sequence,
            stamp: Timestamp::from_ms(stamp * 1_000),
            start,
            end: start.plus_ms(minutes * MINUTE_MS),
            summary, description, location, organizer, attendee,
        }
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back_and_no_line_is_too_long(invite in invites()) {
        let text = render_ics(&invite);
        prop_assert!(text.ends_with("\r\n"));
        for line in text.strip_suffix("\r\n").unwrap().split("\r\n") {
            prop_assert!((1..=line::MAX_OCTETS).contains(&line.len()), "{line:?}");
            prop_assert!(!line.contains(['\r', '\n']), "{line:?}");
        }
        let expected = Ics {
            method: invite.method,
            uid: uid_of(&invite.id),
            sequence: invite.sequence,
            stamp: Some(invite.stamp),
            start: Some(invite.start),
            end: Some(invite.end),
            summary: invite.summary.clone(),
            description: invite.description.clone(),
            location: invite.location.clone(),
            organizer: Some(invite.organizer.clone()),
            attendee: Some(invite.attendee.clone()),
            answer: Some(Answer::NeedsAction),
        };
        prop_assert_eq!(parse_ics(text.as_bytes()), Ok(expected.clone()));
        prop_assert_eq!(appointment_of(&expected.uid), Some(invite.id.clone()));
        // A mailer that writes LF for CRLF changes nothing.
        prop_assert_eq!(parse_ics(text.replace("\r\n", "\n").as_bytes()), Ok(expected));
        if let Err(why) = agrees(&text, &invite) {
            prop_assert!(false, "{}", why);
        }
    }

    #[test]
    fn any_bytes_are_judged_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = parse_ics(&bytes);
    }

    #[test]
    fn a_calendar_with_any_bytes_in_it_is_judged_without_a_panic(
        index in any::<prop::sample::Index>(), bytes in prop::collection::vec(any::<u8>(), 0..12), which in 0_usize..4,
    ) {
        let mut text = render_ics(&fixtures()[which].1).into_bytes();
        let at = index.index(text.len());
        text.splice(at..at, bytes);
        let _ = parse_ics(&text);
        text.truncate(at);
        let _ = parse_ics(&text);
    }
}
