//! The link of one appointment: whoever holds it looks at the appointment, moves it or calls it off, and nothing else.
//!
//! The token names the site and the appointment under our key. It ends a day after the appointment does, as it stands: a
//! move takes the end along, so the link of the first confirmation goes on working. Each form on its page is for one
//! version, so none works twice. A GET changes nothing: scanners follow links before people do.

use super::Appointment;
use crate::{
    id::{AppointmentId, SiteId},
    signature,
    time::{DAY_MS, Timestamp},
};

/// Keeps a token from being valid as any other under the same key.
const PURPOSE: &str = "appointment";
/// How long after an appointment its link still shows it, in milliseconds.
const AFTER_MS: i64 = DAY_MS;

/// The token of an appointment.
pub fn seal(key: &str, site: &SiteId, id: &AppointmentId) -> String {
    // Without the prefixes, so that it is shorter in a text message.
    let name = |id: &str, prefix: &str| id.get(prefix.len() + 1..).unwrap_or(id).to_owned();
    let payload =
        format!("{}\n{}", name(site.as_str(), SiteId::PREFIX), name(id.as_str(), AppointmentId::PREFIX));
    signature::seal(key, PURPOSE, payload.as_bytes())
}

/// The site and appointment of a token that [`seal`] made with this key; `None` for anything else.
pub fn open(key: &str, token: &str) -> Option<(SiteId, AppointmentId)> {
    let payload = String::from_utf8(signature::open(key, PURPOSE, token)?).ok()?;
    let (site, id) = payload.split_once('\n')?;
    let site = SiteId::parse(&format!("{}_{site}", SiteId::PREFIX)).ok()?;
    Some((site, AppointmentId::parse(&format!("{}_{id}", AppointmentId::PREFIX)).ok()?))
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

    proptest! {
        #[test]
        fn any_text_is_judged_without_a_panic(token in ".{0,120}") {
            prop_assert_eq!(open("key", &token), None);
        }
    }
}
