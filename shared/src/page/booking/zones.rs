//! The zones a visitor can choose from: one for each clock that many people live by.

/// IANA names, by continent.
const ZONES: [&str; 62] = [
    "Africa/Cairo",
    "Africa/Casablanca",
    "Africa/Johannesburg",
    "Africa/Lagos",
    "Africa/Nairobi",
    "America/Anchorage",
    "America/Argentina/Buenos_Aires",
    "America/Bogota",
    "America/Caracas",
    "America/Chicago",
    "America/Denver",
    "America/Guatemala",
    "America/Halifax",
    "America/Havana",
    "America/La_Paz",
    "America/Lima",
    "America/Los_Angeles",
    "America/Mexico_City",
    "America/Montevideo",
    "America/New_York",
    "America/Phoenix",
    "America/Puerto_Rico",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/St_Johns",
    "America/Tijuana",
    "America/Toronto",
    "Asia/Bangkok",
    "Asia/Dhaka",
    "Asia/Dubai",
    "Asia/Hong_Kong",
    "Asia/Jakarta",
    "Asia/Jerusalem",
    "Asia/Karachi",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Manila",
    "Asia/Riyadh",
    "Asia/Seoul",
    "Asia/Shanghai",
    "Asia/Singapore",
    "Asia/Tehran",
    "Asia/Tokyo",
    "Atlantic/Azores",
    "Atlantic/Canary",
    "Australia/Adelaide",
    "Australia/Brisbane",
    "Australia/Perth",
    "Australia/Sydney",
    "Europe/Athens",
    "Europe/Berlin",
    "Europe/Dublin",
    "Europe/Helsinki",
    "Europe/Istanbul",
    "Europe/London",
    "Europe/Madrid",
    "Europe/Moscow",
    "Europe/Paris",
    "Pacific/Auckland",
    "Pacific/Honolulu",
    "Pacific/Tongatapu",
    "UTC",
];

/// Every zone to choose from; the one in use is among them, whichever it is.
pub(super) fn all(used: &str) -> Vec<&str> {
    let mut all: Vec<&str> = ZONES.to_vec();
    if !all.contains(&used) {
        all.push(used);
        all.sort_unstable();
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{phrases::Lang, time::Timestamp};

    #[test]
    fn every_zone_is_known_to_the_database_and_the_used_one_is_offered() {
        let at = Timestamp::from_ms(1_795_540_320_000);
        for zone in ZONES.into_iter().filter(|zone| *zone != "UTC") {
            let there = crate::calendar::local_date_time(at, zone, Lang::En);
            assert!(jiff::tz::TimeZone::get(zone).is_ok(), "{zone}: {there}");
        }
        assert!(all("Europe/Vienna").contains(&"Europe/Vienna"));
        assert_eq!(all("Europe/Madrid").len(), ZONES.len());
    }
}
