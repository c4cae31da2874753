//! Days and the times on them, each a link, and the form that shows them in another zone.

use super::{Frame, zones};
use crate::{
    calendar,
    page::{html::Html, when},
    phrases::booking_page as words,
    time::Timestamp,
};

/// The days on which something is free.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// The days, earliest first.
    pub days: Vec<Day>,
    /// The first day shown, `YYYY-MM-DD`, where that is not today.
    pub from: Option<String>,
    /// The day from which later times are shown, `YYYY-MM-DD`, where there may be any.
    pub later: Option<String>,
}

/// A day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// The starts that can be booked, earliest first.
    pub starts: Vec<Timestamp>,
}

/// The days, each start a link to the page with `fields` and `start`.
pub(super) fn times(html: &mut Html, frame: &Frame, times: &Times, fields: &[(&str, &str)]) {
    let (lang, zone) = (frame.lang, frame.zone.as_str());
    let from = times.from.as_deref().map(|from| ("from", from));
    zone_form(html, frame, &from.into_iter().chain(fields.iter().copied()).collect::<Vec<_>>());
    if times.days.is_empty() {
        html.tag("p").class("notice plain").text(words::none_free(lang));
    }
    for day in &times.days {
        let Some(first) = day.starts.first().copied() else { continue };
        let (weekday, date) = (calendar::weekday(first, zone, lang), calendar::local_date(first, zone, lang));
        html.tag("section").class("day").inside(|html| {
            html.tag("h2").inside(|html| {
                html.tag("span").text(weekday);
                html.text(" ");
                html.tag("small").text(&date);
            });
            html.tag("ul").inside(|html| {
                for start in &day.starts {
                    let ms = start.ms().to_string();
                    let all: Vec<(&str, &str)> =
                        fields.iter().copied().chain([("start", ms.as_str())]).collect();
                    let full = calendar::local_date_time(*start, zone, lang);
                    html.tag("li").inside(|html| {
                        html.tag("a")
                            .attr("href", &frame.to(&all))
                            .attr("aria-label", &full)
                            .text(&calendar::local_time(*start, zone));
                    });
                }
            });
        });
    }
    pager(html, frame, times, fields);
}

fn pager(html: &mut Html, frame: &Frame, times: &Times, fields: &[(&str, &str)]) {
    if times.from.is_none() && times.later.is_none() {
        return;
    }
    html.tag("nav").class("pager").attr("aria-label", words::more_times(frame.lang)).inside(|html| {
        if times.from.is_some() {
            html.tag("a").attr("href", &frame.to(fields)).text(words::earliest(frame.lang));
        }
        if let Some(later) = &times.later {
            let all: Vec<(&str, &str)> = fields.iter().copied().chain([("from", later.as_str())]).collect();
            html.tag("a").attr("href", &frame.to(&all)).text(words::later(frame.lang));
        }
    });
}

/// The choice of a zone, folded away, on a page that shows one time.
pub(super) fn folded_zones(html: &mut Html, frame: &Frame, fields: &[(&str, &str)]) {
    html.tag("details").class("fold").inside(|html| {
        html.tag("summary").text(words::other_zone(frame.lang));
        zone_form(html, frame, fields);
    });
}

/// The choice of a zone; `fields` are the page's own.
fn zone_form(html: &mut Html, frame: &Frame, fields: &[(&str, &str)]) {
    html.tag("form").class("zone").attr("method", "get").attr("action", &frame.path).inside(|html| {
        frame.keep(html, "zone");
        for (name, value) in fields {
            field(html, name, value);
        }
        html.tag("label").attr("for", "zone").text(words::zone_label(frame.lang));
        html.tag("select").attr("id", "zone").attr("name", "zone").inside(|html| {
            for zone in zones::all(&frame.zone) {
                html.tag("option")
                    .attr("value", zone)
                    .attr_if(zone == frame.zone, "selected", "")
                    .text(&named(zone));
            }
        });
        html.tag("button").class("quiet").text(words::zone_button(frame.lang));
    });
}

fn field(html: &mut Html, name: &str, value: &str) {
    html.tag("input").attr("type", "hidden").attr("name", name).attr("value", value).void();
}

/// "America / New York": the name is kept in order, and its place is easy to read.
fn named(zone: &str) -> String {
    match zone.split_once('/') {
        Some((continent, _)) => format!("{continent} / {}", when::zone_name(zone)),
        None => zone.to_owned(),
    }
}
