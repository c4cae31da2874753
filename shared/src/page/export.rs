//! Everything that is kept about a person, to read and to print: the same as the JSON, in words.

use super::{
    html::Html,
    sheet::document,
    when::{self, Shape},
    words,
};
use crate::{
    flow::people::export::{EventOut, Export},
    time::Timestamp,
    wire::Speaker,
};

/// The page; times are those of `zone`, an IANA name.
pub fn export(export: &Export, zone: &str) -> String {
    let who = export.name.as_deref().unwrap_or(export.contact.as_str());
    let title = format!("What is kept about {who} – {}", export.site_name);
    document("en", &title, "proof", |html| {
        html.tag("header").inside(|html| {
            html.tag("p").class("from").text(&export.site_name);
            html.tag("h1").text("What is kept about a person");
            html.tag("p").inside(|html| {
                html.text("Everything this site keeps about ");
                html.tag("b").attr("dir", "auto").text(who);
                html.text(&format!(", as of {}.", time(export.made_at, zone)));
            });
        });
        section(html, "Addresses", &export.handles, |handle| {
            let blocked = if handle.blocked { ", opted out" } else { "" };
            format!("{} – {}{blocked}", handle.address, words::assurance(handle.assurance))
        });
        section(html, "What is remembered", &export.facts, |fact| {
            format!("{}: {} (“{}”, {})", fact.key, fact.value, fact.quote, time(fact.at, zone))
        });
        section(html, "Appointments", &export.appointments, |own| {
            let note = own.note.as_ref().map_or_else(String::new, |note| format!(": {note}"));
            format!("{}, {} ({}){note}", time(own.start, zone), own.service, own.state)
        });
        section(html, "What waits to be said", &export.planned, |own| {
            format!("{}: {}", time(own.due_at, zone), own.text)
        });
        section(html, "Sequences", &export.sequences, |run| {
            let state = if run.is_running { "goes on" } else { "has ended" };
            format!("{}: {state}", run.sequence)
        });
        section(html, "Tags", &export.tags, Clone::clone);
        section(html, "Fields", &export.fields, |(name, value)| format!("{name}: {value}"));
        section(html, "Joined and parted", &export.merges, |merge| {
            let by = if merge.by.is_empty() { "by itself" } else { &merge.by };
            let undone = merge
                .undone
                .as_ref()
                .map_or_else(String::new, |(at, by)| format!("; undone {} by {by}", time(*at, zone)));
            format!("{} into {}, {}, {by}{undone}", merge.from, merge.into, time(merge.at, zone))
        });
        section(html, "Files", &export.files, Clone::clone);
        section(html, "Why messages were sent or held back", &export.verdicts, |verdict| {
            format!("{}: {} {}", time(verdict.at, zone), verdict.outcome, verdict.why)
        });
        section(html, "Everything said", &export.timeline, |event| said(event, zone));
        html.tag("p").class("soft").text("What was allowed and taken back, with its proof, is in the proof of consent and in the JSON file.");
    })
}

fn section<T>(html: &mut Html, title: &str, all: &[T], line: impl Fn(&T) -> String) {
    if all.is_empty() {
        return;
    }
    html.tag("section").inside(|html| {
        html.tag("h2").text(title);
        html.tag("ul").inside(|html| {
            for one in all {
                html.tag("li").attr("dir", "auto").text(&line(one));
            }
        });
    });
}

fn said(event: &EventOut, zone: &str) -> String {
    let who = match &event.speaker {
        Speaker::Contact => "the contact",
        Speaker::Assistant => "the assistant (AI)",
        Speaker::Agent(name) | Speaker::Sequence(name) => name,
        Speaker::System => "a notice",
    };
    let words = event.body.pointer("/message/text").and_then(serde_json::Value::as_str);
    let what = words.map_or_else(|| event.body.to_string(), str::to_owned);
    format!("{}, {}, {who}: {what}", time(event.at, zone), words::channel(event.channel))
}

fn time(at: Timestamp, zone: &str) -> String {
    when::text(at, at, zone, Shape::Full)
}
