//! What an owner may write under `booking`. Each complaint names the path of the field to change.

use std::collections::BTreeSet;

use jiff::{civil::Date, tz::TimeZone};

use super::{Booking, Resource, Service, Spans};
use crate::calendar;

/// The longest an appointment may take a resource, buffers included, in minutes. The store relies on it: no appointment
/// that began earlier than this can reach into a later one.
pub(super) const MAX_MINUTES: u32 = 24 * 60;
/// How far ahead anything can be booked, in days.
const MAX_AHEAD_DAYS: u32 = 730;
/// How many services, and how many resources, a site may have.
const MAX_ENTRIES: usize = 50;
/// How many resources may do one service: each is asked for by itself.
const MAX_RESOURCES: usize = 20;

/// Refuses what cannot work, with a sentence that begins with the path: `booking.resources[0].time_zone` …
pub fn check(booking: &Booking) -> Result<(), String> {
    for (list, count) in [("services", booking.services.len()), ("resources", booking.resources.len())] {
        if count > MAX_ENTRIES {
            return Err(format!("`booking.{list}` takes at most {MAX_ENTRIES} entries, and has {count}"));
        }
    }
    let mut seen = BTreeSet::new();
    for (index, resource) in booking.resources.iter().enumerate() {
        let path = format!("booking.resources[{index}]");
        if !seen.insert(resource.id.as_str()) {
            return Err(format!("`{path}.id` stands there twice: {}", resource.id));
        }
        check_resource(&path, resource)?;
    }
    let mut seen = BTreeSet::new();
    for (index, service) in booking.services.iter().enumerate() {
        let path = format!("booking.services[{index}]");
        if !seen.insert(service.id.as_str()) {
            return Err(format!("`{path}.id` stands there twice: {}", service.id));
        }
        check_service(&path, service, booking)?;
    }
    Ok(())
}

fn check_resource(path: &str, resource: &Resource) -> Result<(), String> {
    let Resource { name, time_zone, hours, dates, .. } = resource;
    named(path, name)?;
    if TimeZone::get(time_zone).is_err() {
        return Err(format!("`{path}.time_zone` is not an IANA time zone: {time_zone}"));
    }
    for (day, spans) in hours {
        if !calendar::DAY_KEYS.contains(&day.as_str()) {
            return Err(format!("`{path}.hours` takes the days mon to sun, not {day}"));
        }
        check_spans(&format!("{path}.hours.{day}"), spans)?;
    }
    for (date, spans) in dates {
        // One way to write a date: a second one would name the same day twice.
        if !date.parse::<Date>().is_ok_and(|read| read.to_string() == *date) {
            return Err(format!("`{path}.dates` takes dates like 2026-12-24, not {date}"));
        }
        check_spans(&format!("{path}.dates.{date}"), spans)?;
    }
    Ok(())
}

fn check_spans(path: &str, spans: &Spans) -> Result<(), String> {
    let mut reached = None;
    for (index, (from, to)) in spans.iter().enumerate() {
        let path = format!("{path}[{index}]");
        let minutes = |text: &str| {
            let shape = "takes times like [\"09:00\", \"18:00\"]";
            minutes_of(text).ok_or_else(|| format!("`{path}` {shape}, not {text:?}"))
        };
        let (start, end) = (minutes(from)?, minutes(to)?);
        if end <= start {
            return Err(format!("`{path}` ends at {to}, which is not after its start at {from}"));
        }
        if reached.is_some_and(|reached| start < reached) {
            return Err(format!("`{path}` begins at {from}, before the span ahead of it has ended"));
        }
        reached = Some(end);
    }
    Ok(())
}

/// The minute of the day of `HH:MM`, two digits each; `24:00` is 1440.
fn minutes_of(text: &str) -> Option<u32> {
    let (hour, minute) = text.split_once(':')?;
    let digits = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(hour) || !digits(minute) {
        return None;
    }
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    let total = hour * 60 + minute;
    (minute < 60 && total <= 24 * 60).then_some(total)
}

fn check_service(path: &str, service: &Service, booking: &Booking) -> Result<(), String> {
    named(path, &service.name)?;
    between(path, "duration_min", service.duration_min, 1, MAX_MINUTES)?;
    between(path, "step_min", service.step_min(), 1, MAX_MINUTES)?;
    between(path, "buffer_before_min", service.buffer_before_min, 0, MAX_MINUTES)?;
    between(path, "buffer_after_min", service.buffer_after_min, 0, MAX_MINUTES)?;
    between(path, "notice_min", service.notice_min, 0, MAX_AHEAD_DAYS * 24 * 60)?;
    between(path, "ahead_days", service.ahead_days, 0, MAX_AHEAD_DAYS)?;
    between(path, "daily_max", service.daily_max.unwrap_or(1), 1, MAX_MINUTES)?;
    let whole = service.duration_min + service.buffer_before_min + service.buffer_after_min;
    if whole > MAX_MINUTES {
        let most = "of duration and buffers, more than a day";
        return Err(format!("`{path}.duration_min` makes {whole} minutes {most}"));
    }
    let count = service.resources.len();
    if !(1..=MAX_RESOURCES).contains(&count) {
        return Err(format!("`{path}.resources` takes 1 to {MAX_RESOURCES} resource ids, and has {count}"));
    }
    let mut seen = BTreeSet::new();
    for (index, id) in service.resources.iter().enumerate() {
        if booking.resource(id).is_none() {
            return Err(format!("`{path}.resources[{index}]` is no id of `booking.resources`: {id}"));
        }
        if !seen.insert(id) {
            return Err(format!("`{path}.resources[{index}]` stands there twice: {id}"));
        }
    }
    Ok(())
}

fn named(path: &str, name: &str) -> Result<(), String> {
    if name.trim().is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
        return Err(format!("`{path}.name` takes one line of 1 to 100 characters"));
    }
    Ok(())
}

fn between(path: &str, field: &str, value: u32, least: u32, most: u32) -> Result<(), String> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(format!("`{path}.{field}` takes {least} to {most}, not {value}"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::site::Site;

    fn demo() -> Value {
        serde_json::from_str(include_str!("../../../../examples/site/throughline.json")).unwrap()
    }

    /// What is said of the demo site's booking with one value at a pointer changed.
    fn said(pointer: &str, value: Value) -> String {
        let mut booking = demo()["booking"].take();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        match booking.pointer_mut(parent).unwrap() {
            Value::Object(fields) => drop(fields.insert(key.replace("~1", "/"), value)),
            Value::Array(items) => items[key.parse::<usize>().unwrap()] = value,
            other => panic!("{other}"),
        }
        check(&serde_json::from_value(booking).unwrap()).unwrap_err()
    }

    #[test]
    fn the_demo_sites_booking_works_and_a_site_may_have_none() {
        let site: Site = serde_json::from_value(demo()).unwrap();
        let booking = site.booking.unwrap();
        assert_eq!(check(&booking), Ok(()));
        assert!(booking.services.len() >= 2 && booking.resources.len() >= 2);
        let mut without = demo();
        without.as_object_mut().unwrap().remove("booking");
        assert_eq!(serde_json::from_value::<Site>(without).unwrap().booking, None);
    }

    #[test]
    fn what_cannot_work_is_refused_with_the_path_of_the_field() {
        for (pointer, value, expected) in [
            ("/resources/0/time_zone", json!("Mars/Base"), "`booking.resources[0].time_zone` is not an IANA"),
            ("/resources/1/id", json!("rsc_stand"), "`booking.resources[1].id` stands there twice"),
            ("/resources/0/name", json!(" "), "`booking.resources[0].name` takes one line"),
            (
                "/resources/0/hours/monday",
                json!([]),
                "`booking.resources[0].hours` takes the days mon to sun",
            ),
            (
                "/resources/0/hours/mon",
                json!([["18:00", "09:00"]]),
                "`booking.resources[0].hours.mon[0]` ends at 09:00",
            ),
            (
                "/resources/0/hours/mon",
                json!([["09:00", "09:00"]]),
                "`booking.resources[0].hours.mon[0]` ends at",
            ),
            (
                "/resources/0/hours/tue",
                json!([["09:00", "12:00"], ["11:00", "13:00"]]),
                "`booking.resources[0].hours.tue[1]` begins at 11:00, before",
            ),
            (
                "/resources/0/hours/mon",
                json!([["9:00", "18:00"]]),
                "`booking.resources[0].hours.mon[0]` takes times",
            ),
            (
                "/resources/0/hours/mon",
                json!([["09:00", "24:01"]]),
                "`booking.resources[0].hours.mon[0]` takes times",
            ),
            ("/resources/0/dates", json!({ "2026-02-30": [] }), "`booking.resources[0].dates` takes dates"),
            ("/resources/0/dates", json!({ "20261224": [] }), "`booking.resources[0].dates` takes dates"),
            (
                "/resources/0/dates",
                json!({ "2026-12-24": [["12:00", "10:00"]] }),
                "`booking.resources[0].dates.2026-12-24[0]` ends at 10:00",
            ),
            ("/services/1/id", json!("svc_tune_up"), "`booking.services[1].id` stands there twice"),
            ("/services/0/resources", json!([]), "`booking.services[0].resources` takes 1 to 20"),
            (
                "/services/0/resources",
                json!(["rsc_nobody"]),
                "`booking.services[0].resources[0]` is no id of",
            ),
            (
                "/services/0/resources",
                json!(["rsc_stand", "rsc_stand"]),
                "`booking.services[0].resources[1]` stands there twice",
            ),
            (
                "/services/0/duration_min",
                json!(0),
                "`booking.services[0].duration_min` takes 1 to 1440, not 0",
            ),
            ("/services/0/buffer_after_min", json!(1_440), "`booking.services[0].duration_min` makes"),
            ("/services/0/step_min", json!(0), "`booking.services[0].step_min` takes 1"),
            ("/services/0/ahead_days", json!(5_000), "`booking.services[0].ahead_days` takes 0 to 730"),
            ("/services/0/daily_max", json!(0), "`booking.services[0].daily_max` takes 1"),
        ] {
            let text = said(pointer, value);
            assert!(text.starts_with(expected), "{pointer}: {text}");
        }
    }

    #[test]
    fn an_id_of_another_kind_is_refused_when_read() {
        let mut booking = demo()["booking"].take();
        booking["services"][0]["id"] = json!("rsc_stand");
        assert!(serde_json::from_value::<Booking>(booking).is_err());
    }
}
