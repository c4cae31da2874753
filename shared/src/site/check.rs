//! What a site's definition must be to work: one way to check it, for whole definitions and for one part of them.
//!
//! Each trouble names its field by path and goes on as a sentence would after it: `` `brand.color` takes #rrggbb ``.

use super::{Site, booking};
use crate::{
    calendar,
    channel::{self, Channel},
    promise::MAX_WITHIN_MIN,
    wire::Wrong,
};

/// The longest name, of a site, an assistant or a member of the team, in characters.
const MAX_NAME_CHARS: usize = 60;
/// The longest first words, in characters.
const MAX_GREETING_CHARS: usize = 600;
/// How many holidays a site may name.
const MAX_HOLIDAYS: usize = 400;
/// How many origins may embed the widget.
const MAX_ORIGINS: usize = 50;
/// The most months after which somebody is erased.
const MAX_RETENTION_MONTHS: u32 = 240;

/// Everything that cannot work, in the order of the definition; empty where it does.
pub fn troubles(site: &Site) -> Vec<Wrong> {
    let mut found = Vec::new();
    of_site(site, &mut found);
    of_lines(site, &mut found);
    of_hours(site, &mut found);
    of_people(site, &mut found);
    let spoken = [site.policy.trouble(), site.handoff.trouble()];
    let booking = site.booking.as_ref().and_then(|booking| booking::check(booking).err());
    found.extend(spoken.into_iter().flatten().chain(booking).map(|text| read(&text)));
    if let Some(months) = site.policy.retention_months
        && !(1..=MAX_RETENTION_MONTHS).contains(&months)
    {
        add(&mut found, "policy.retention_months", format!("takes 1 to {MAX_RETENTION_MONTHS} months."));
    }
    found
}

fn add(found: &mut Vec<Wrong>, field: impl Into<String>, text: impl Into<String>) {
    found.push(Wrong { field: field.into(), text: text.into() });
}

/// A complaint that begins with its field, in backticks or before a colon.
fn read(text: &str) -> Wrong {
    let parts = text.strip_prefix('`').and_then(|rest| rest.split_once('`')).or_else(|| text.split_once(':'));
    let (field, text) = parts.unwrap_or(("", text));
    Wrong { field: field.to_owned(), text: text.trim_start().to_owned() }
}

fn is_named(name: &str) -> bool {
    !name.trim().is_empty() && name.chars().count() <= MAX_NAME_CHARS && !name.chars().any(char::is_control)
}

/// Whether a colour is written `#rrggbb`.
fn is_color(text: &str) -> bool {
    let digits = text.strip_prefix('#').unwrap_or_default();
    digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether a text has the shape of a language tag: `en`, `pt-BR`.
fn is_tag(text: &str) -> bool {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default();
    (2..=8).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_alphabetic())
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// Whether a text is a whole web address.
fn is_web(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/') && !text.contains(char::is_whitespace))
}

fn of_site(site: &Site, found: &mut Vec<Wrong>) {
    if jiff::tz::TimeZone::get(&site.time_zone).is_err() {
        add(found, "time_zone", format!("is not an IANA time zone: {}", site.time_zone));
    }
    if site.name.trim().is_empty() || site.name.chars().count() > 100 {
        add(found, "name", "takes 1 to 100 characters.");
    }
    if !is_tag(&site.locale) {
        add(found, "locale", "takes a language such as \"en\" or \"pt-BR\".");
    }
    if site.region.len() != 2 || !site.region.bytes().all(|byte| byte.is_ascii_uppercase()) {
        add(found, "region", "takes a country's two capital letters, such as \"US\".");
    }
    if !is_color(&site.brand.color) {
        add(found, "brand.color", "takes a colour like #1a6440.");
    }
    for (language, words) in &site.brand.greeting {
        let field = format!("brand.greeting.{language}");
        if !is_tag(language) {
            add(found, field, "has no language such as \"en\" before it.");
        } else if words.trim().is_empty() || words.chars().count() > MAX_GREETING_CHARS {
            add(found, field, format!("takes 1 to {MAX_GREETING_CHARS} characters."));
        }
    }
    if site.booking_url.as_ref().is_some_and(|url| !is_web(url)) {
        add(found, "booking_url", "takes a web address that begins with https://.");
    }
    let assistant = &site.assistant;
    if !is_named(&assistant.name) {
        add(found, "assistant.name", format!("takes 1 to {MAX_NAME_CHARS} characters."));
    }
    if !["builtin", "openai"].contains(&assistant.provider.as_str()) {
        add(found, "assistant.provider", "takes \"builtin\" or \"openai\".");
    }
    if assistant.base_url.as_ref().is_some_and(|url| !is_web(url)) {
        add(found, "assistant.base_url", "takes a web address that begins with https://.");
    }
}

fn of_lines(site: &Site, found: &mut Vec<Wrong>) {
    if site.allowed_origins.len() > MAX_ORIGINS {
        add(found, "allowed_origins", format!("takes at most {MAX_ORIGINS} addresses."));
    }
    for (index, origin) in site.allowed_origins.iter().enumerate() {
        let bare = origin.split_once("://").is_some_and(|(scheme, rest)| {
            !scheme.is_empty()
                && !rest.is_empty()
                && !rest.contains('/')
                && !rest.contains(char::is_whitespace)
        });
        if !bare {
            let text = format!("takes scheme://host[:port] without a path: {origin}");
            add(found, format!("allowed_origins[{index}]"), text);
        }
    }
    for endpoint in site.endpoints.iter().filter(|endpoint| endpoint.channel != Channel::Widget) {
        if let Err(refused) = channel::provider_of(endpoint) {
            found.push(read(&refused.text));
        }
    }
}

fn of_hours(site: &Site, found: &mut Vec<Wrong>) {
    let is_time = |text: &str| jiff::civil::Time::strptime("%H:%M", text).is_ok();
    for (day, spans) in &site.hours {
        if !calendar::DAY_KEYS.contains(&day.as_str()) {
            let text = "takes mon to sun with spans like [\"09:00\", \"18:00\"]";
            add(found, format!("hours.{day}"), text);
            continue;
        }
        for (index, (from, to)) in spans.iter().enumerate() {
            if !is_time(from) || !is_time(to) || from >= to {
                let text = "takes an opening and a later closing time, like 09:00 and 18:00.";
                add(found, format!("hours.{day}[{index}]"), text);
            }
        }
    }
    if site.holidays.len() > MAX_HOLIDAYS {
        add(found, "holidays", format!("takes at most {MAX_HOLIDAYS} days."));
    }
    for (index, day) in site.holidays.iter().enumerate() {
        if day.parse::<jiff::civil::Date>().map(|read| read.to_string()).ok().as_ref() != Some(day) {
            add(found, format!("holidays[{index}]"), format!("takes a date like 2026-12-24, not {day}"));
        }
    }
}

fn of_people(site: &Site, found: &mut Vec<Wrong>) {
    if !site.team.iter().all(|name| is_named(name)) {
        add(found, "team", format!("takes names of 1 to {MAX_NAME_CHARS} characters."));
    }
    let promises = site.promises;
    for (name, minutes) in
        [("within_min", promises.within_min), ("pass_on_after_min", promises.pass_on_after_min)]
    {
        if !(1..=MAX_WITHIN_MIN).contains(&minutes) {
            let text = format!("takes 1 to {MAX_WITHIN_MIN} minutes, counted while the team is there.");
            add(found, format!("promises.{name}"), text);
        }
    }
    if !(1..=1_000).contains(&site.work.capacity) {
        add(found, "work.capacity", "takes 1 to 1000 conversations.");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demo() -> Site {
        serde_json::from_str(include_str!("../../../examples/site/throughline.json")).unwrap()
    }

    #[test]
    fn the_demo_site_works() {
        assert_eq!(troubles(&demo()), []);
    }

    #[test]
    fn each_wrong_field_is_named_by_its_path_and_all_of_them_at_once() {
        let mut site = demo();
        site.brand.color = "green".into();
        site.brand.greeting.insert("en".into(), " ".into());
        site.holidays.push("2026-02-30".into());
        site.allowed_origins.push("larkspur.example/shop".into());
        site.hours.insert("mon".into(), vec![("18:00".into(), "09:00".into())]);
        site.promises.within_min = 0;
        site.policy.hours = ("21:00".into(), "08:00".into());
        site.policy.retention_months = Some(0);
        site.booking_url = Some("larkspur".into());
        let fields: Vec<String> = troubles(&site).into_iter().map(|wrong| wrong.field).collect();
        let expected = [
            "brand.color",
            "brand.greeting.en",
            "booking_url",
            "allowed_origins[2]",
            "hours.mon[0]",
            "holidays[3]",
            "promises.within_min",
            "policy.hours",
            "policy.retention_months",
        ];
        assert_eq!(fields, expected);
    }
}
