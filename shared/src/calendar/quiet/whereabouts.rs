//! Where a contact may be, and how we come to think so.

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::places;

/// What the zones of a [`Whereabouts`] rest on, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// The contact's own clock, such as their browser's.
    Contact,
    /// The first digits of their number.
    Number,
    /// Nothing of their own: the site's zone.
    Site,
}

/// Where a contact may be: all places that fit, not the likeliest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whereabouts {
    /// The zones they may be in, IANA names; never empty where [`whereabouts`] made it.
    pub zones: Vec<String>,
    /// The states and provinces whose rules may hold (ISO 3166-2, `US-FL`; a whole country is `BS`); none where nothing
    /// tells. They rest on the number whatever the zones rest on.
    pub regions: Vec<String>,
    /// What the zones rest on.
    pub evidence: Evidence,
}

/// Where a contact may be. `contact_zone` is their own IANA zone, `number` theirs in E.164, `site_zone` the site's zone.
///
/// The contact's own zone goes before those of the number. Their number's area code adds its state even so: a Florida
/// number in California keeps Florida's rule, and on California's clock (Fla. Stat. 501.059(8) presumes that a number
/// with an area code of the state is in the state). A zone that lies within one strict state adds that state. What no place is called (`UTC`,
/// `Etc/GMT+5`: a browser that hides where it is) and what the database does not know count as no zone; a number that
/// does not tell (toll-free, short, unknown) leaves the site's zone, and an unknown one of those is UTC.
pub fn whereabouts(contact_zone: Option<&str>, number: Option<&str>, site_zone: &str) -> Whereabouts {
    let own = contact_zone.filter(|zone| is_place(zone));
    let place = number.and_then(places::of);
    let mut regions = listed(place.map_or("", |place| place.regions));
    if let Some(state) = own.and_then(state_of)
        && !regions.iter().any(|region| region == state)
    {
        regions.push(state.to_owned());
    }
    let (zones, evidence) = match (own, place) {
        (Some(own), _) => (vec![own.to_owned()], Evidence::Contact),
        (None, Some(place)) => (listed(place.zones), Evidence::Number),
        (None, None) => (vec![known(site_zone).to_owned()], Evidence::Site),
    };
    Whereabouts { zones, regions, evidence }
}

/// Whether a zone is known and named for a place, `Area/City`.
fn is_place(zone: &str) -> bool {
    zone.contains('/') && !zone.to_ascii_lowercase().starts_with("etc/") && TimeZone::get(zone).is_ok()
}

fn known(zone: &str) -> &str {
    if TimeZone::get(zone).is_ok() { zone } else { "UTC" }
}

/// The state a zone lies in, of those that have a rule of their own.
fn state_of(zone: &str) -> Option<&'static str> {
    match zone {
        "America/Detroit" | "America/Menominee" => Some("US-MI"),
        "America/Kentucky/Louisville" | "America/Kentucky/Monticello" | "America/Louisville" => Some("US-KY"),
        _ => None,
    }
}

fn listed(names: &str) -> Vec<String> {
    names.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SITE: &str = "Europe/Madrid";

    fn found(zone: Option<&str>, number: Option<&str>) -> (String, String, Evidence) {
        let found = whereabouts(zone, number, SITE);
        (found.zones.join(","), found.regions.join(","), found.evidence)
    }

    #[test]
    fn the_contacts_own_zone_goes_before_the_numbers_and_the_numbers_state_stays() {
        let of = |zones: &str, regions: &str, evidence| (zones.to_owned(), regions.to_owned(), evidence);
        let (florida, two) = (Some("+13055550123"), Some("+18505550123"));
        let west = Some("America/Los_Angeles");
        assert_eq!(found(west, florida), of("America/Los_Angeles", "US-FL", Evidence::Contact));
        assert_eq!(found(None, florida), of("America/New_York", "US-FL", Evidence::Number));
        assert_eq!(found(None, two), of("America/Chicago,America/New_York", "US-FL", Evidence::Number));
        assert_eq!(found(west, None), of("America/Los_Angeles", "", Evidence::Contact));
        assert_eq!(found(None, None), of(SITE, "", Evidence::Site));
        assert_eq!(found(None, Some("+18005550123")), of(SITE, "", Evidence::Site));
        assert_eq!(found(None, Some("+442079460958")), of("Europe/London", "", Evidence::Number));
        assert_eq!(found(None, Some("+19025550123")), of("America/Halifax", "CA-NS,CA-PE", Evidence::Number));
    }

    #[test]
    fn a_zone_that_names_no_place_is_ignored() {
        for zone in ["", "Nowhere/Land", "UTC", "Etc/UTC", "etc/GMT+5", "EST5EDT", "-05:00", "/"] {
            assert_eq!(found(Some(zone), Some("+18085550123")).0, "Pacific/Honolulu", "{zone}");
        }
        assert_eq!(whereabouts(None, None, "Nowhere/Land").zones, ["UTC"]);
        assert_eq!(whereabouts(None, None, "UTC").zones, ["UTC"]);
    }

    #[test]
    fn a_zone_within_one_strict_state_adds_the_state() {
        assert_eq!(found(Some("America/Detroit"), None).1, "US-MI");
        assert_eq!(found(Some("America/Detroit"), Some("+13135550123")).1, "US-MI");
        assert_eq!(found(Some("America/Kentucky/Louisville"), Some("+13055550123")).1, "US-FL,US-KY");
    }

    #[test]
    fn its_stored_shape_stays() {
        let json = r#"{"zones":["America/New_York"],"regions":["US-FL"],"evidence":"number"}"#;
        let found = whereabouts(None, Some("+13055550123"), SITE);
        assert_eq!(serde_json::to_string(&found).unwrap(), json);
        assert_eq!(serde_json::from_str::<Whereabouts>(json).unwrap(), found);
    }
}
