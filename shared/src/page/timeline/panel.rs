//! Who the contact is: addresses and how well they are proven, what is remembered with its words, what was allowed.

use super::{
    super::{
        html::{Html, path},
        icon,
        shell::{copy, live},
        when::{self, Shape},
        words,
    },
    Scene, to_event,
};
use crate::{
    assistant::Fact,
    channel::Channel,
    consent::{Action, ConsentEntry},
    contact::{AddressKind, Assurance, Handle},
};

pub(super) fn draw(html: &mut Html, scene: &Scene<'_>) {
    html.tag("aside").class("side-pane").attr("aria-label", "About the contact").inside(|html| {
        live(html, "div", "side")
            .class("side")
            .attr("tabindex", "0")
            .attr("role", "region")
            .attr("aria-label", "About the contact")
            .inside(|html| {
                about(html, scene);
                section(html, "Addresses", |html| handles(html, scene));
                section(html, "Remembered", |html| facts(html, scene));
                section(html, "Consent", |html| consents(html, scene));
            });
    });
}

fn section(html: &mut Html, title: &str, content: impl FnOnce(&mut Html)) {
    html.tag("section").inside(|html| {
        html.tag("h2").text(title);
        content(html);
    });
}

fn about(html: &mut Html, scene: &Scene<'_>) {
    let contact = &scene.selected.contact;
    html.tag("section").class("about").inside(|html| {
        html.tag("span").class("portrait").attr("aria-hidden", "true").text(&words::initials(&scene.name));
        html.tag("div").inside(|html| {
            html.tag("b").attr("dir", "auto").text(&scene.name);
            let known = contact.time_zone.is_some();
            let place = when::zone_name(scene.zone);
            let place = if known { place } else { format!("{place}, the site’s zone") };
            let language =
                contact.locale.as_deref().map_or_else(String::new, |tag| format!("Language: {tag}. "));
            html.tag("small").text(&format!("{language}Time zone: {place}."));
            html.tag("p").class("id").inside(|html| {
                html.tag("code").text(contact.id.as_str());
                copy(html, contact.id.as_str(), "the contact’s id");
            });
        });
    });
}

fn handles(html: &mut Html, scene: &Scene<'_>) {
    html.tag("ul").class("handles").inside(|html| {
        for handle in &scene.selected.handles {
            html.tag("li").inside(|html| row(html, scene, handle));
        }
    });
}

const fn channel_of(kind: AddressKind) -> Channel {
    match kind {
        AddressKind::Visitor => Channel::Widget,
        AddressKind::Phone => Channel::Sms,
        AddressKind::Email => Channel::Email,
        AddressKind::Messenger => Channel::Messenger,
        AddressKind::Instagram => Channel::Instagram,
    }
}

fn row(html: &mut Html, scene: &Scene<'_>, handle: &Handle) {
    icon::channel(html, channel_of(handle.address.kind));
    html.tag("div").inside(|html| {
        html.tag("b")
            .attr("dir", "auto")
            .attr("title", &handle.address.text)
            .text(&words::address(&handle.address));
        let level = handle.assurance.level().to_string();
        html.tag("small").class("proof").attr("data-level", &level).text(proof(handle));
        if handle.blocked {
            html.tag("small").class("out").text("Opted out");
        }
        let mut present = scene.selected.present.iter();
        if let Some(present) = present.find(|present| present.visitor.as_str() == handle.address.text) {
            let doing = if present.types { "Writing now" } else { "Here now" };
            html.tag("small").class("here").text(doing);
        }
    });
}

/// A browser proves itself by its token; nobody answers from it.
const fn proof(handle: &Handle) -> &'static str {
    match (handle.address.kind, handle.assurance) {
        (AddressKind::Visitor, Assurance::Possessed) => "this browser",
        (_, level) => words::assurance(level),
    }
}

fn facts(html: &mut Html, scene: &Scene<'_>) {
    if scene.selected.facts.is_empty() {
        html.tag("p")
            .class("none")
            .text("Nothing yet. A fact stands here only with the words it was taken from.");
        return;
    }
    html.tag("dl").class("facts").inside(|html| {
        for fact in &scene.selected.facts {
            html.tag("div").inside(|html| one_fact(html, scene, fact));
        }
    });
}

fn one_fact(html: &mut Html, scene: &Scene<'_>, fact: &Fact) {
    html.tag("dt").text(&words::code(&fact.key));
    html.tag("dd").inside(|html| {
        html.tag("b").attr("dir", "auto").text(&fact.value);
        html.tag("q").attr("dir", "auto").text(&fact.quote);
        html.tag("small").inside(|html| {
            let day = when::relative_day(fact.at, scene.view.now, scene.zone);
            let label = format!("{}, {day}", words::channel(fact.channel));
            to_event(html, scene, &fact.source, &label);
        });
    });
}

fn consents(html: &mut Html, scene: &Scene<'_>) {
    let mut entries: Vec<&ConsentEntry> = scene.selected.consents.iter().collect();
    entries.sort_by_key(|entry| core::cmp::Reverse((entry.at, entry.n)));
    if entries.is_empty() {
        html.tag("p").class("none").text("Nothing was asked for yet. Answers to a message need no consent.");
        return;
    }
    html.tag("ol").class("consents").inside(|html| {
        for entry in entries {
            html.tag("li").inside(|html| one_consent(html, scene, entry));
        }
    });
    let contact = scene.selected.contact.id.as_str();
    let proof = path("/timeline/consent", scene.view.site.as_ref(), &[("contact", contact)]);
    html.tag("p").class("onward").inside(|html| html.tag("a").attr("href", &proof).text("The whole proof"));
}

fn one_consent(html: &mut Html, scene: &Scene<'_>, entry: &ConsentEntry) {
    let body = &entry.body;
    let (word, state) = match body.action {
        Action::Grant => ("Agreed to", "grant"),
        Action::Confirm => ("Confirmed", "grant"),
        Action::Lapse => ("Has another owner", "revoke"),
        Action::Revoke => ("Opted out of", "revoke"),
    };
    html.tag("b")
        .attr("data-action", state)
        .text(&format!("{word} {}", words::consented(body.channel, body.purpose)));
    html.tag("small").inside(|html| {
        html.text(&format!("{}, ", words::basis(body.basis)));
        when::time(html, entry.at, scene.view.now, scene.zone, Shape::Full);
    });
    html.tag("details").attr("id", &format!("consent-{}", entry.id)).inside(|html| {
        html.tag("summary").text("The exact words");
        html.tag("blockquote").attr("dir", "auto").text(&body.evidence);
        html.tag("small").inside(|html| {
            to_event(html, scene, &body.event, "Where it was said");
            if let Some(version) = &body.wording {
                html.text(&format!(" · wording {version}"));
            }
            html.text(" · link ");
            html.tag("code").text(entry.hash.get(..12).unwrap_or(&entry.hash));
        });
    });
}
