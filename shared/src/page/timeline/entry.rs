//! One event of the timeline.

use super::{
    super::{
        html::Html,
        icon,
        when::{self, Shape},
        words,
    },
    Scene, notice, to_event, verdict,
};
use crate::{
    delivery::Delivery,
    event::{Body, Event, Message},
    message::DeliveryState,
    told::notes,
    wire::Speaker,
};

pub(super) fn draw(html: &mut Html, scene: &Scene<'_>, event: &Event) {
    match &event.body {
        Body::Message(message) => said(html, scene, event, message),
        other => notice::draw(html, scene, event, other),
    }
}

/// The class of a speaker's entries.
const fn kind(speaker: &Speaker) -> &'static str {
    match speaker {
        Speaker::Contact => "entry contact",
        Speaker::Assistant => "entry assistant",
        Speaker::Agent(_) => "entry agent",
        Speaker::Sequence(_) => "entry sequence",
        Speaker::System => "entry system",
    }
}

fn said(html: &mut Html, scene: &Scene<'_>, event: &Event, message: &Message) {
    let (author, badge) = scene.author(&event.speaker);
    html.tag("li").class(kind(&event.speaker)).attr("id", event.id.as_str()).inside(|html| {
        html.tag("span").class("knot").inside(|html| icon::channel(html, event.channel));
        html.tag("article").inside(|html| {
            html.tag("header").inside(|html| {
                html.tag("b").attr("dir", "auto").text(author);
                if !badge.is_empty() {
                    html.tag("span").class("badge").text(badge);
                }
                html.tag("span").class("via").text(words::channel(event.channel));
                html.tag("a").class("at").attr("href", &format!("#{}", event.id)).inside(|html| {
                    when::time(html, event.at, scene.view.now, scene.zone, Shape::Weekday);
                });
            });
            if let Some(subject) = &message.subject {
                html.tag("h3").attr("dir", "auto").text(subject);
            }
            html.tag("p").class("words").attr("dir", "auto").inside(|html| html.prose(&message.text));
            footer(html, scene, event, message);
        });
    });
}

fn footer(html: &mut Html, scene: &Scene<'_>, event: &Event, message: &Message) {
    let notes = notes(message);
    let (delivery, row) = (scene.delivery(event), scene.verdict(event));
    if notes.is_empty() && delivery.is_none() && row.is_none() && message.sources.is_empty() {
        return;
    }
    html.tag("footer").inside(|html| {
        if let Some(delivery) = delivery {
            chip(html, delivery);
        }
        if let Some(row) = row {
            verdict::let_through(html, event, row);
        }
        sources(html, scene, event, message);
        for note in notes {
            html.tag("span").class("note").text(&note);
        }
    });
}

/// How far it came, why not further, and what it is billed as.
fn chip(html: &mut Html, delivery: &Delivery) {
    let reason = delivery.reason.as_deref().map(words::code);
    let tries = (delivery.attempt > 1).then(|| format!("{} tries", delivery.attempt));
    let because: Vec<String> = [reason, tries].into_iter().flatten().collect();
    let text = words::delivery(delivery.state);
    let chip = html.tag("span").class("chip").attr("data-state", delivery.state.as_str());
    if because.is_empty() {
        chip.text(text);
    } else {
        chip.text(&format!("{text}: {}", because.join(", ")));
    }
    if delivery.state == DeliveryState::Wedged {
        html.tag("span").class("sr").text("A person must look at this.");
    }
    if let Some(billed) = delivery.billed {
        html.tag("span").class("note").text(&words::billed(billed));
    }
}

fn sources(html: &mut Html, scene: &Scene<'_>, event: &Event, message: &Message) {
    let count = message.sources.len();
    if count == 0 {
        return;
    }
    html.tag("details").attr("id", &format!("sources-{}", event.id)).inside(|html| {
        let label = if count == 1 { "1 source".to_owned() } else { format!("{count} sources") };
        html.tag("summary").class("chip").text(&label);
        html.tag("ul").class("fold sources").inside(|html| {
            for source in &message.sources {
                html.tag("li").inside(|html| {
                    html.tag("b").inside(|html| match &source.event {
                        Some(id) => to_event(html, scene, id, &source.title),
                        None => html.text(&source.title),
                    });
                    html.tag("q").attr("dir", "auto").text(&source.quote);
                });
            }
        });
    });
}
