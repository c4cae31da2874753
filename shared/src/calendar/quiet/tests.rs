//! The hours themselves: changed clocks, zones that hardly meet, and what holds for any contact.

use proptest::prelude::*;

use super::*;
use crate::time::MINUTE_MS;

/// A site that leaves it to the law.
pub(super) const ANY: Span = (0, 1440);

pub(super) fn at(text: &str) -> Timestamp {
    Timestamp::from_ms(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

fn told(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.ms()).unwrap().to_string()
}

fn next(whereabouts: &Whereabouts, hours: Span, now: &str) -> String {
    told(next_allowed(whereabouts, hours, at(now)))
}

pub(super) fn zoned(zones: &[&str], regions: &[&str]) -> Whereabouts {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Whereabouts { zones: owned(zones), regions: owned(regions), evidence: Evidence::Contact }
}

pub(super) fn numbered(number: &str) -> Whereabouts {
    whereabouts(None, Some(number), "Europe/Madrid")
}

#[test]
fn the_sites_own_hours_narrow_the_laws_and_never_widen_them() {
    let there = zoned(&["UTC"], &["US-TX"]);
    assert_eq!(next(&there, (10 * 60 + 30, 18 * 60), "2026-11-27T09:00:00Z"), "2026-11-27T10:30:00Z");
    assert_eq!(next(&there, (10 * 60 + 30, 18 * 60), "2026-11-27T18:00:00Z"), "2026-11-28T10:30:00Z");
    assert_eq!(next(&there, (10 * 60 + 30, 18 * 60), "2026-11-28T18:00:00Z"), "2026-11-29T12:00:00Z");
    assert_eq!(next(&there, (0, u16::MAX), "2026-11-27T21:00:00Z"), "2026-11-28T09:00:00Z");
}

#[test]
fn the_holidays_of_the_stricter_states_are_quiet_and_those_of_others_are_not() {
    let open = |region: &str, now: &str| is_allowed(&zoned(&["UTC"], &[region]), ANY, at(now));
    for (region, day) in [
        ("US-AL", "2027-01-18"),
        ("US-LA", "2027-03-26"),
        ("US-RI", "2026-08-10"),
        ("US-UT", "2026-07-24"),
        ("US-UT", "2026-11-26"),
    ] {
        let noon = format!("{day}T12:00:00Z");
        assert!(!open(region, &noon), "{region} {day}");
        assert!(open("US-FL", &noon) && open("US-CA", &noon), "{day} elsewhere");
    }
    // What comes on a holiday waits for the next day that is none: Christmas 2026 is a Friday, then comes a Saturday.
    let utah = zoned(&["UTC"], &["US-UT"]);
    assert_eq!(next(&utah, ANY, "2026-12-25T12:00:00Z"), "2026-12-26T08:00:00Z");
    // Independence Day 2026 is a Saturday, kept on the Friday before; Sunday is quiet anyhow.
    assert_eq!(next(&utah, ANY, "2026-07-03T12:00:00Z"), "2026-07-06T08:00:00Z");
}

#[test]
fn a_number_of_two_zones_waits_for_both() {
    let panhandle = numbered("+18505550123");
    for (now, then) in [
        ("2026-07-03T12:30:00Z", "2026-07-03T13:00:00Z"), // 8:30 eastern is 7:30 central
        ("2026-07-03T13:00:00Z", "2026-07-03T13:00:00Z"),
        ("2026-07-03T23:59:59Z", "2026-07-03T23:59:59Z"), // 19:59 eastern
        ("2026-07-04T00:00:00Z", "2026-07-04T13:00:00Z"), // 20:00 eastern is 19:00 central
    ] {
        assert_eq!(next(&panhandle, ANY, now), then, "{now}");
    }
    let oregon = numbered("+15415550123");
    assert_eq!(next(&oregon, ANY, "2026-07-03T14:30:00Z"), "2026-07-03T15:00:00Z");
    assert_eq!(next(&oregon, ANY, "2026-07-04T02:00:00Z"), "2026-07-04T15:00:00Z", "20:00 in Malheur County");
}

#[test]
fn a_contact_who_moved_takes_their_states_rule_along() {
    let moved = whereabouts(Some("America/Los_Angeles"), Some("+13055550123"), "Europe/Madrid");
    assert_eq!(next(&moved, ANY, "2026-07-03T13:12:00Z"), "2026-07-03T15:00:00Z");
    assert_eq!(next(&moved, ANY, "2026-07-04T03:30:00Z"), "2026-07-04T15:00:00Z", "20:30 in California");
}

#[test]
fn hours_follow_changed_clocks() {
    let zones = |zone| zoned(&[zone], &[]);
    for (zone, now, then) in [
        // Spring: the night is an hour shorter.
        ("America/New_York", "2026-03-08T02:00:00Z", "2026-03-08T12:00:00Z"),
        ("Europe/Madrid", "2026-03-28T20:30:00Z", "2026-03-29T06:00:00Z"),
        ("Australia/Sydney", "2026-10-03T11:00:00Z", "2026-10-03T21:00:00Z"),
        // Autumn: it is an hour longer.
        ("America/New_York", "2026-11-01T01:00:00Z", "2026-11-01T13:00:00Z"),
        ("Europe/Madrid", "2026-10-24T19:00:00Z", "2026-10-25T07:00:00Z"),
        ("Australia/Sydney", "2026-04-04T10:00:00Z", "2026-04-04T22:00:00Z"),
        // Half an hour of summer time.
        ("Australia/Lord_Howe", "2026-04-04T10:00:00Z", "2026-04-04T21:30:00Z"),
        // No summer time at all.
        ("America/Phoenix", "2026-03-08T04:00:00Z", "2026-03-08T15:00:00Z"),
        // 31 December 2011 follows the 29th.
        ("Pacific/Apia", "2011-12-30T07:30:00Z", "2011-12-30T18:00:00Z"),
    ] {
        assert_eq!(next(&zones(zone), ANY, now), then, "{zone} at {now}");
    }
}

#[test]
fn a_clock_that_is_changed_at_the_edge_of_the_hours_moves_the_edge() {
    // The site closes at 1:30, in the hour that is skipped or comes twice; the law's hours are left out on purpose.
    let week = rules::Week { days: [Some((90, 150)); 7], keeping: Vec::new() };
    let zone = crate::calendar::zone("America/New_York");
    let open = |now: &str| told(clock::next_open(&week, &zone, at(now), at("2027-01-01T00:00:00Z")));
    assert_eq!(open("2026-03-08T06:00:00Z"), "2026-03-08T06:30:00Z", "1:30, half an hour before the gap");
    assert_eq!(open("2026-03-08T07:00:00Z"), "2026-03-09T05:30:00Z", "3:00, the end was skipped");
    assert_eq!(open("2026-11-01T05:00:00Z"), "2026-11-01T05:30:00Z", "1:30 for the first time");
    assert_eq!(open("2026-11-01T06:00:00Z"), "2026-11-01T06:30:00Z", "1:00 again is quiet again");
    let week = rules::Week { days: [Some((150, 300)); 7], keeping: Vec::new() };
    let open = |now: &str| told(clock::next_open(&week, &zone, at(now), at("2027-01-01T00:00:00Z")));
    assert_eq!(open("2026-03-08T06:59:00Z"), "2026-03-08T07:00:00Z", "2:30 is skipped, 3:00 is next");
}

#[test]
fn far_zones_meet_where_they_can_and_otherwise_end_at_the_horizon() {
    let islands = zoned(&["Pacific/Honolulu", "Pacific/Guam"], &[]);
    assert_eq!(
        next(&islands, ANY, "2026-07-03T12:00:00Z"),
        "2026-07-03T22:00:00Z",
        "8:00 in Guam, 12:00 in Hawaii"
    );
    assert_eq!(next(&islands, ANY, "2026-07-04T07:00:00Z"), "2026-07-04T22:00:00Z", "21:00 in Hawaii");

    let apart = zoned(&["Pacific/Honolulu", "Africa/Johannesburg"], &["US-RI"]);
    let now = at("2026-07-03T12:34:56Z");
    let then = next_allowed(&apart, ANY, now);
    assert_eq!(then, now.plus_ms(HORIZON_MS));
    assert!(!is_allowed(&apart, ANY, then));
    assert_eq!(next_allowed(&islands, (600, 600), now), now.plus_ms(HORIZON_MS), "a site that is never open");
    assert_eq!(next_allowed(&islands, (600, 60), now), now.plus_ms(HORIZON_MS));

    let russia = numbered("+79161234567");
    assert_eq!(next(&russia, ANY, "2026-07-03T00:00:00Z"), "2026-07-03T06:00:00Z", "8:00 in Kaliningrad");
    assert_eq!(next(&russia, ANY, "2026-07-03T09:00:00Z"), "2026-07-04T06:00:00Z", "21:00 in Kamchatka");
}

/// Numbers with all kinds of first digits, and some zones of one's own.
fn anybody() -> impl Strategy<Value = Whereabouts> {
    let number = prop_oneof![
        (200..1000_u32).prop_map(|area| format!("+1{area}5550123")),
        (20..1000_u32).prop_map(|code| format!("+{code}12345678")),
    ];
    let zone = prop::option::weighted(
        0.3,
        prop::sample::select(vec![
            "America/Los_Angeles",
            "America/Detroit",
            "Europe/Dublin",
            "Australia/Lord_Howe",
            "Pacific/Chatham",
            "Pacific/Kiritimati",
            "Africa/Casablanca",
            "America/Santiago",
            "Asia/Kathmandu",
        ]),
    );
    (zone, number).prop_map(|(zone, number)| whereabouts(zone, Some(&number), "America/Los_Angeles"))
}

/// Any millisecond from 2020 to 2034.
fn moment() -> impl Strategy<Value = Timestamp> {
    (1_577_836_800_000..2_051_222_400_000_i64).prop_map(Timestamp::from_ms)
}

/// The hours of a site that leaves at least ten hours a day.
fn policy() -> impl Strategy<Value = Span> {
    (0..=600_u16, 1200..=1440_u16)
}

proptest! {
    #[test]
    fn the_next_allowed_instant_is_the_first_one(who in anybody(), hours in policy(), now in moment()) {
        let then = next_allowed(&who, hours, now);
        prop_assert!(then >= now);
        if then == now.plus_ms(HORIZON_MS) {
            for hour in 0..14 * 24 {
                prop_assert!(!is_allowed(&who, hours, now.plus_ms(hour * 60 * MINUTE_MS)));
            }
            return Ok(());
        }
        prop_assert!(is_allowed(&who, hours, then));
        prop_assert_eq!(next_allowed(&who, hours, then), then);
        prop_assert_eq!(explain(&who, hours, now).is_none(), then == now);
        if then > now {
            prop_assert_eq!(then.ms() % MINUTE_MS, 0);
            prop_assert!(!is_allowed(&who, hours, then.plus_ms(-1)));
            prop_assert!(!is_allowed(&who, hours, then.plus_ms(-MINUTE_MS)));
        }
    }

    #[test]
    fn no_minute_before_it_is_allowed(who in anybody(), hours in policy(), now in moment()) {
        let then = next_allowed(&who, hours, now);
        let minutes = (then.since_ms(now) - 1).div_euclid(MINUTE_MS).min(2 * 1440);
        for minute in 0..=minutes {
            prop_assert!(!is_allowed(&who, hours, now.plus_ms(minute * MINUTE_MS)));
        }
    }

    #[test]
    fn whatever_is_stored_has_an_answer(
        zones in prop::collection::vec("\\PC{0,12}|Asia/[A-Z][a-z]{3,5}", 0..3),
        regions in prop::collection::vec("US-[A-Z]{2}|\\PC{0,4}", 0..3),
        hours in any::<Span>(),
        now in any::<i64>(),
    ) {
        let who = Whereabouts { zones, regions, evidence: Evidence::Site };
        let now = Timestamp::from_ms(now);
        prop_assert!(next_allowed(&who, hours, now) >= now);
        prop_assert_eq!(explain(&who, hours, now).is_none(), is_allowed(&who, hours, now));
    }

    #[test]
    fn any_zone_and_number_give_zones_that_are_known(zone in "\\PC{0,12}", number in "\\+?[0-9]{0,16}|\\PC{0,12}") {
        let found = whereabouts(Some(&zone), Some(&number), "Europe/Madrid");
        prop_assert!(!found.zones.is_empty());
        prop_assert!(found.zones.iter().all(|zone| jiff::tz::TimeZone::get(zone).is_ok()));
    }
}
