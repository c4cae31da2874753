//! Slots on ordinary days, on days the clock changes, and under any rules.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;
use crate::time::{DAY_MS, HOUR_MS};

fn at(text: &str) -> Timestamp {
    Timestamp::from_ms(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

fn service(duration_min: u32) -> Service {
    Service {
        id: ServiceId::parse("svc_a").unwrap(),
        name: "A".into(),
        duration_min,
        resources: vec![ResourceId::parse("rsc_a").unwrap()],
        step_min: None,
        buffer_before_min: 0,
        buffer_after_min: 0,
        notice_min: 0,
        ahead_days: 400,
        daily_max: None,
    }
}

/// A resource with the same hours every day.
fn resource(time_zone: &str, spans: &[(&str, &str)]) -> Resource {
    let spans: Spans = spans.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect();
    Resource {
        id: ResourceId::parse("rsc_a").unwrap(),
        name: "A".into(),
        time_zone: time_zone.into(),
        hours: calendar::DAY_KEYS.iter().map(|day| ((*day).to_owned(), spans.clone())).collect(),
        dates: BTreeMap::new(),
    }
}

const fn rules<'a>(service: &'a Service, resource: &'a Resource) -> Rules<'a> {
    Rules { service, resource, holidays: &[] }
}

/// The starts of a local day as `HH:MM±offset`, asked for on the day before.
fn starts(rules: &Rules<'_>, day: &str) -> Vec<String> {
    let zone = TimeZone::get(&rules.resource.time_zone).unwrap();
    let midnight =
        |date: Date| Timestamp::from_ms(date.to_zoned(zone.clone()).unwrap().timestamp().as_millisecond());
    let date: Date = day.parse().unwrap();
    let (from, to) = (midnight(date), midnight(date.tomorrow().unwrap()));
    let slots = rules.slots(from, to, &[], from.plus_ms(-DAY_MS));
    let written = |slot: &Slot| calendar::local(slot.time.start, &zone).strftime("%H:%M%:z").to_string();
    slots.iter().map(written).collect()
}

fn busy(from: &str, minutes: i64, day: &str) -> Busy {
    let from = at(from);
    Busy {
        from,
        to: from.plus_ms(minutes * MINUTE_MS),
        service: ServiceId::parse("svc_a").unwrap(),
        day: day.into(),
    }
}

#[test]
fn an_ordinary_day_is_cut_into_steps_and_ends_in_time() {
    let (mut service, resource) =
        (service(60), resource("America/Los_Angeles", &[("09:00", "12:00"), ("13:00", "14:30")]));
    let offset = "-08:00";
    let with = |times: &[&str]| times.iter().map(|time| format!("{time}{offset}")).collect::<Vec<_>>();
    assert_eq!(
        starts(&rules(&service, &resource), "2026-11-24"),
        with(&["09:00", "10:00", "11:00", "13:00"])
    );
    service.step_min = Some(30);
    let expected = with(&["09:00", "09:30", "10:00", "10:30", "11:00", "13:00", "13:30"]);
    assert_eq!(starts(&rules(&service, &resource), "2026-11-24"), expected);
}

#[test]
fn a_date_has_hours_of_its_own_and_a_holiday_closes_what_has_none() {
    let (service, mut resource) = (service(60), resource("UTC", &[("09:00", "11:00")]));
    resource.dates.insert("2026-11-24".into(), Vec::new());
    resource.dates.insert("2026-11-26".into(), vec![("10:00".into(), "11:00".into())]);
    let holidays = ["2026-11-25".to_owned(), "2026-11-26".to_owned()];
    let rules = Rules { service: &service, resource: &resource, holidays: &holidays };
    let none: [&str; 0] = [];
    assert_eq!(starts(&rules, "2026-11-23"), ["09:00+00:00", "10:00+00:00"]);
    assert_eq!(starts(&rules, "2026-11-24"), none);
    assert_eq!(starts(&rules, "2026-11-25"), none);
    assert_eq!(starts(&rules, "2026-11-26"), ["10:00+00:00"]);
}

#[test]
fn a_day_may_be_open_around_the_clock() {
    let (service, resource) = (service(360), resource("Europe/Berlin", &[("00:00", "24:00")]));
    let hours = ["00:00+01:00", "06:00+01:00", "12:00+01:00", "18:00+01:00"];
    assert_eq!(starts(&rules(&service, &resource), "2026-11-24"), hours);
}

#[test]
fn where_the_clock_is_put_forward_skipped_times_are_no_slots() {
    // The United States at 2:00, the European Union at 2:00 in Berlin, Chile at midnight.
    for (zone, day, expected) in [
        ("America/New_York", "2027-03-14", vec!["00:30-05:00", "01:30-05:00", "03:30-04:00", "04:30-04:00"]),
        ("Europe/Berlin", "2027-03-28", vec!["00:30+01:00", "01:30+01:00", "03:30+02:00", "04:30+02:00"]),
        ("America/Santiago", "2027-09-05", vec!["01:30-03:00", "02:30-03:00", "03:30-03:00", "04:30-03:00"]),
    ] {
        let (service, resource) = (service(60), resource(zone, &[("00:30", "05:30")]));
        assert_eq!(starts(&rules(&service, &resource), day), expected, "{zone}");
    }
}

#[test]
fn where_the_clock_is_put_back_a_time_that_comes_twice_is_its_first() {
    // The United States at 2:00, the European Union at 3:00 in Berlin, New South Wales at 3:00 in April.
    for (zone, day, expected) in [
        ("America/New_York", "2026-11-01", vec!["00:00-04:00", "01:00-04:00", "02:00-05:00", "03:00-05:00"]),
        ("Europe/Berlin", "2026-10-25", vec!["00:00+02:00", "01:00+02:00", "02:00+02:00", "03:00+01:00"]),
        ("Australia/Sydney", "2027-04-04", vec!["00:00+11:00", "01:00+11:00", "02:00+11:00", "03:00+10:00"]),
    ] {
        let (service, resource) = (service(60), resource(zone, &[("00:00", "04:00")]));
        assert_eq!(starts(&rules(&service, &resource), day), expected, "{zone}");
    }
}

#[test]
fn what_lasts_over_a_change_of_the_clock_ends_after_its_real_duration() {
    // 120 minutes from 1:00 end at 4:00 in spring, and at 2:00 in autumn, on New York's clock.
    for (day, closes, fits) in [
        ("2027-03-14", "03:30", false),
        ("2027-03-14", "04:00", true),
        ("2026-11-01", "02:00", true),
        ("2026-11-01", "01:59", false),
    ] {
        let (service, resource) = (service(120), resource("America/New_York", &[("01:00", closes)]));
        assert_eq!(starts(&rules(&service, &resource), day).len(), usize::from(fits), "{day} {closes}");
    }
}

#[test]
fn hours_that_end_in_a_skipped_hour_end_when_the_clock_skips() {
    let (service, resource) = (service(60), resource("America/New_York", &[("01:00", "02:30")]));
    assert_eq!(starts(&rules(&service, &resource), "2027-03-14"), ["01:00-05:00"]);
    let service = Service { duration_min: 61, ..service };
    assert!(starts(&rules(&service, &resource), "2027-03-14").is_empty());
}

#[test]
fn days_of_23_and_25_hours_have_their_number_of_slots() {
    for (zone, day, hours) in [
        ("America/New_York", "2027-03-14", 23),
        ("America/New_York", "2026-11-24", 24),
        // 25 hours, one of which would bear the same name as another.
        ("America/New_York", "2026-11-01", 24),
        ("Australia/Lord_Howe", "2026-10-04", 23),
    ] {
        let (service, resource) = (service(30), resource(zone, &[("00:00", "24:00")]));
        let service = Service { step_min: Some(60), ..service };
        assert_eq!(starts(&rules(&service, &resource), day).len(), hours, "{zone} {day}");
    }
}

#[test]
fn notice_and_horizon_are_the_resources_own() {
    let mut service = service(60);
    (service.notice_min, service.ahead_days) = (90, 1);
    let resource = resource("Asia/Tokyo", &[("09:00", "12:00")]);
    // Tuesday, 8:30 in Tokyo, while it is still Monday in UTC.
    let now = at("2026-11-23T23:30:00Z");
    let slots = rules(&service, &resource).slots(now, now.plus_ms(9 * DAY_MS), &[], now);
    let starts: Vec<_> = slots.iter().map(|slot| slot.time.start).collect();
    let expected = [
        "2026-11-24T01:00:00Z",
        "2026-11-24T02:00:00Z",
        "2026-11-25T00:00:00Z",
        "2026-11-25T01:00:00Z",
        "2026-11-25T02:00:00Z",
    ];
    assert_eq!(starts, expected.map(at));
    assert_eq!(slots[0].time.day, "2026-11-24");
}

#[test]
fn buffers_keep_apart_what_is_booked_and_need_no_hours() {
    let mut service = service(60);
    (service.buffer_before_min, service.buffer_after_min, service.step_min) = (10, 20, Some(30));
    let resource = resource("UTC", &[("09:00", "13:00")]);
    let rules = rules(&service, &resource);
    let day = (at("2026-11-24T00:00:00Z"), at("2026-11-25T00:00:00Z"));
    // 10:00 to 11:00, with its buffers.
    let taken = busy("2026-11-24T09:50:00Z", 90, "2026-11-24");
    let slots = rules.slots(day.0, day.1, std::slice::from_ref(&taken), day.0);
    let starts: Vec<_> = slots.iter().map(|slot| slot.time.start).collect();
    assert_eq!(starts, ["2026-11-24T11:30:00Z", "2026-11-24T12:00:00Z"].map(at));
    assert_eq!(slots[1].time.busy_to, at("2026-11-24T13:20:00Z"));
    assert_eq!(rules.slot_at(at("2026-11-24T09:00:00Z"), &[taken], day.0), Err(Refused::Taken));
}

#[test]
fn a_start_is_refused_for_its_reason() {
    let mut service = service(60);
    (service.daily_max, service.notice_min) = (Some(1), 30);
    let resource = resource("UTC", &[("09:00", "13:00")]);
    let rules = rules(&service, &resource);
    let now = at("2026-11-24T09:45:00Z");
    let taken = [busy("2026-11-25T09:00:00Z", 60, "2026-11-25")];
    for (start, expected) in [
        ("2026-11-24T09:00:00Z", Err(Refused::Past)),
        ("2026-11-24T10:00:00Z", Err(Refused::NotOffered)),
        ("2026-11-24T11:00:00Z", Ok(())),
        ("2026-11-24T11:00:01Z", Err(Refused::NotOffered)),
        ("2026-11-24T13:00:00Z", Err(Refused::NotOffered)),
        ("2026-11-25T09:00:00Z", Err(Refused::Taken)),
        ("2026-11-25T10:00:00Z", Err(Refused::DayFull)),
        ("2026-11-26T10:00:00Z", Ok(())),
        ("2028-11-24T10:00:00Z", Err(Refused::NotOffered)),
    ] {
        assert_eq!(rules.slot_at(at(start), &taken, now).map(drop), expected, "{start}");
    }
}

const ZONES: [&str; 7] = [
    "America/New_York",
    "Europe/London",
    "America/Santiago",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "Nowhere/Land",
];

prop_compose! {
    fn a_service()(
        duration in 5_u32..240, step in prop::option::of(5_u32..120), before in 0_u32..60, after in 0_u32..60,
        notice in 0_u32..3_000, ahead in 0_u32..12, max in prop::option::of(1_u32..6),
    ) -> Service {
        Service {
            step_min: step, buffer_before_min: before, buffer_after_min: after, notice_min: notice, ahead_days: ahead,
            daily_max: max, ..service(duration)
        }
    }
}

prop_compose! {
    fn a_resource()(zone in 0..ZONES.len(), cuts in prop::collection::btree_set(0_u32..=1_440, 0..8)) -> Resource {
        let text = |minute: u32| format!("{:02}:{:02}", minute / 60, minute % 60);
        let cuts: Vec<u32> = cuts.into_iter().collect();
        let spans: Vec<(String, String)> = cuts.chunks_exact(2).map(|pair| (text(pair[0]), text(pair[1]))).collect();
        let spans: Vec<(&str, &str)> = spans.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
        resource(ZONES[zone], &spans)
    }
}

/// Two years of moments, changes of the clock among them.
fn moments() -> impl Strategy<Value = Timestamp> {
    let changes = [
        "2026-11-01T05:00:00Z",
        "2027-03-14T06:00:00Z",
        "2027-03-28T00:30:00Z",
        "2027-04-03T15:00:00Z",
        "2027-09-05T03:00:00Z",
    ];
    prop_oneof![
        (0_i64..730 * 24).prop_map(|hours| at("2026-01-01T00:00:00Z").plus_ms(hours * HOUR_MS)),
        (0..changes.len(), -48_i64..24)
            .prop_map(move |(index, hours)| at(changes[index]).plus_ms(hours * HOUR_MS)),
    ]
}

proptest! {
    #[test]
    fn whatever_the_rules_slots_keep_them(
        service in a_service(), resource in a_resource(), now in moments(),
        taken in prop::collection::vec((0_i64..9 * 1_440, 1_i64..300), 0..20),
    ) {
        let rules = rules(&service, &resource);
        let zone = calendar::zone(&resource.time_zone);
        let busy: Vec<Busy> = taken.iter().map(|(after, minutes)| {
            let from = now.plus_ms(after * MINUTE_MS);
            let day = calendar::local(from, &zone).date().to_string();
            Busy { from, to: from.plus_ms(minutes * MINUTE_MS), service: service.id.clone(), day }
        }).collect();
        let to = now.plus_ms(9 * DAY_MS);
        let slots = rules.slots(now, to, &busy, now);
        prop_assert!(slots.is_sorted_by(|a, b| a.time.start < b.time.start), "{slots:?}");
        for slot in &slots {
            let Time { start, end, busy_from, busy_to, day } = &slot.time;
            prop_assert_eq!(end.since_ms(*start), i64::from(service.duration_min) * MINUTE_MS);
            prop_assert!(!busy.iter().any(|busy| busy.from < *busy_to && *busy_from < busy.to), "overlaps: {slot:?}");
            prop_assert!(*start >= now.plus_ms(i64::from(service.notice_min) * MINUTE_MS) && *start < to);
            let date: Date = day.parse().unwrap();
            prop_assert_eq!(calendar::local(*start, &zone).date(), date);
            let today = calendar::local(now, &zone).date();
            prop_assert!(today.until(date).unwrap().get_days() <= i32::try_from(service.ahead_days).unwrap());
            let within = resource.hours["mon"].iter().any(|(opens, closes)| {
                let clock = |at| calendar::local(at, &zone).datetime();
                let (opens, closes) = (wall(date, opens).unwrap(), wall(date, closes).unwrap());
                opens <= clock(*start) && clock(*end) <= closes
            });
            prop_assert!(within, "outside the hours: {slot:?}");
            // What is listed is what may be asked for.
            prop_assert_eq!(rules.slot_at(*start, &busy, now), Ok(slot.clone()));
        }
    }

    #[test]
    fn whoever_books_what_is_offered_never_exceeds_a_days_maximum(
        service in a_service(), resource in a_resource(), now in moments(), picks in prop::collection::vec(any::<prop::sample::Index>(), 0..40),
    ) {
        let rules = rules(&service, &resource);
        let mut busy: Vec<Busy> = Vec::new();
        for pick in picks {
            let slots = rules.slots(now, now.plus_ms(4 * DAY_MS), &busy, now);
            if slots.is_empty() {
                break;
            }
            let Time { busy_from: from, busy_to: to, day, .. } = slots[pick.index(slots.len())].time.clone();
            busy.push(Busy { from, to, service: service.id.clone(), day });
        }
        for (index, one) in busy.iter().enumerate() {
            let same = busy.iter().filter(|other| other.day == one.day).count();
            prop_assert!(same <= service.daily_max.map_or(usize::MAX, |max| max as usize), "{busy:?}");
            prop_assert!(!busy[index + 1..].iter().any(|other| other.from < one.to && one.from < other.to), "{busy:?}");
        }
    }

    #[test]
    fn any_text_as_hours_and_zone_is_taken_without_a_panic(
        zone in "\\PC{0,12}", from in "\\PC{0,6}|[0-9]{1,3}:[0-9]{1,3}", to in "\\PC{0,6}|[0-9]{1,3}:[0-9]{1,3}", now in any::<i64>(), duration: u32, step: u32,
    ) {
        let (mut service, resource) = (service(duration), resource(&zone, &[(&from, &to)]));
        service.step_min = Some(step);
        let now = Timestamp::from_ms(now);
        let _ = rules(&service, &resource).slots(now, now.plus_ms(3 * DAY_MS), &[], now);
    }
}
