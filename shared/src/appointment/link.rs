//! The link of one appointment: whoever holds it looks at the appointment, moves it or calls it off, and nothing else.
//!
//! The token names the site and the appointment under our key. It ends a day after the appointment does, as it stands: a
//! move takes the end along, so the link of the first confirmation goes on working. Each form on its page is for one
//! version, so none works twice. A GET changes nothing: scanners follow links before people do.
//!
//! A contact's *personal* link opens the booking page as them: what is booked there is theirs, and nothing has to be typed. Its
//! token names the site, the contact and the day it ends; it shows their first words to nobody and changes no booking.

use super::Appointment;
use crate::{
    id::{AppointmentId, ContactId, SiteId},
    signature,
    time::{DAY_MS, Timestamp},
};

/// Keeps a token from being valid as any other under the same key.
const PURPOSE: &str = "appointment";
/// The same for personal links.
const PERSONAL: &str = "book as";
/// How long a personal link works, in milliseconds.
const PERSONAL_MS: i64 = 60 * DAY_MS;
/// How long after an appointment its link still shows it, in milliseconds.
const AFTER_MS: i64 = DAY_MS;

/// The token of an appointment.
pub fn seal(key: &str, site: &SiteId, id: &AppointmentId) -> String {
    let payload = format!("{}\n{}", bare(site.as_str()), bare(id.as_str()));
    signature::seal(key, PURPOSE, payload.as_bytes())
}

/// The site and appointment of a token that [`seal`] made with this key; `None` for anything else.
pub fn open(key: &str, token: &str) -> Option<(SiteId, AppointmentId)> {
    let payload = String::from_utf8(signature::open(key, PURPOSE, token)?).ok()?;
    let (site, id) = payload.split_once('\n')?;
    let site = SiteId::parse(&format!("{}_{site}", SiteId::PREFIX)).ok()?;
    Some((site, AppointmentId::parse(&format!("{}_{id}", AppointmentId::PREFIX)).ok()?))
}

/// An id without its prefix, so that a link is shorter in a text message.
fn bare(id: &str) -> &str {
    id.split_once('_').map_or(id, |(_, name)| name)
}

/// When a personal link made at `now` ends: at the beginning of a day.
pub fn personal_until(now: Timestamp) -> Timestamp {
    Timestamp::from_ms(now.plus_ms(PERSONAL_MS).ms().div_euclid(DAY_MS) * DAY_MS)
}

/// The token of a contact's personal link, which works until `until`, to the day.
pub fn seal_personal(key: &str, site: &SiteId, contact: &ContactId, until: Timestamp) -> String {
    let day = until.ms().div_euclid(DAY_MS);
    let payload = format!("{}\n{}\n{day}", bare(site.as_str()), bare(contact.as_str()));
    signature::seal(key, PERSONAL, payload.as_bytes())
}

/// The site and contact of a token that [`seal_personal`] made with this key, and when it ends; `None` for anything else.
pub fn open_personal(key: &str, token: &str) -> Option<(SiteId, ContactId, Timestamp)> {
    let payload = String::from_utf8(signature::open(key, PERSONAL, token)?).ok()?;
    let mut parts = payload.split('\n');
    let site = SiteId::parse(&format!("{}_{}", SiteId::PREFIX, parts.next()?)).ok()?;
    let contact = ContactId::parse(&format!("{}_{}", ContactId::PREFIX, parts.next()?)).ok()?;
    let day: i64 = parts.next()?.parse().ok()?;
    Some((site, contact, Timestamp::from_ms(day.checked_mul(DAY_MS)?)))
}

/// The page of a token. `public_url` has no slash at its end; empty for a path.
pub fn link(public_url: &str, token: &str) -> String {
    format!("{public_url}/b/{token}")
}

/// When an appointment's links end.
pub const fn expires_at(appointment: &Appointment) -> Timestamp {
    appointment.time.end.plus_ms(AFTER_MS)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(site: &str, id: &str) -> String {
        seal("key", &SiteId::parse(site).unwrap(), &AppointmentId::parse(id).unwrap())
    }

    #[test]
    fn a_token_names_one_appointment_of_one_site() {
        let token = of("ste_larkspur", "apt_1");
        assert_eq!(token, "bGFya3NwdXIKMQ.jCzUpULzY2rxCLIdxo9T-g");
        let named = (SiteId::parse("ste_larkspur").unwrap(), AppointmentId::parse("apt_1").unwrap());
        assert_eq!(open("key", &token), Some(named));
        assert_eq!(open("yek", &token), None);
        let (payload, _) =
            of("ste_larkspur", "apt_2").split_once('.').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
        let (_, tag) = token.split_once('.').unwrap();
        assert_eq!(open("key", &format!("{payload}.{tag}")), None, "one appointment's tag fits no other");
        let other = signature::seal("key", "unsubscribe", b"larkspur\n1");
        assert_eq!(open("key", &other), None, "another kind of token");
        assert_eq!(link("https://x.example", "t.a"), "https://x.example/b/t.a");
    }

    #[test]
    fn a_personal_token_names_one_contact_and_the_day_it_ends_and_is_no_appointments() {
        let (site, contact) = (SiteId::parse("ste_larkspur").unwrap(), ContactId::parse("ctc_1").unwrap());
        let until = Timestamp::from_ms(20_000 * DAY_MS + 5);
        let token = seal_personal("key", &site, &contact, until);
        let named = (site, contact, Timestamp::from_ms(20_000 * DAY_MS));
        assert_eq!(open_personal("key", &token), Some(named));
        assert_eq!((open_personal("yek", &token), open("key", &token)), (None, None));
        assert_eq!(open_personal("key", &of("ste_larkspur", "apt_1")), None);
    }

    proptest! {
        #[test]
        fn any_text_is_judged_without_a_panic(token in ".{0,120}") {
            prop_assert_eq!(open("key", &token), None);
        }
    }
}
