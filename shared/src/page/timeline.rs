//! `GET /timeline[?contact=ctc_…|?address=…]`: every question and every answer of a contact over all channels, who or what spoke,
//! how far each message came, and why it was sent or held back.

mod appointment;
mod entry;
mod list;
mod notice;
mod panel;
mod verdict;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use self::notice::{Teller, sentence};
use super::{
    html::{Html, path},
    shell::{Shell, document, live},
    view::{SelectedView, TimelineView},
    when, words,
};
use crate::{
    delivery::Delivery,
    event::Event,
    id::{ConversationId, EventId},
    store::deliveries::VerdictRow,
    time::Timestamp,
    wire::Speaker,
};

/// The page.
pub fn timeline(view: &TimelineView) -> String {
    let selected = view.selected.as_ref();
    let contact = selected.map(|selected| selected.contact.id.as_str());
    let query: Vec<(&str, &str)> = contact.map(|id| ("contact", id)).into_iter().collect();
    let site = view.site.as_ref();
    let (here, poll) = (path("/timeline", site, &query), path("/timeline/version", site, &query));
    let scene = selected.map(|selected| Scene::new(view, selected));
    let whose = scene.as_ref().map_or_else(String::new, |scene| format!("{}’s time", scene.called()));
    let shell = Shell {
        title: "Timeline",
        site_name: &view.site_name,
        site,
        now: view.now,
        zone: scene.as_ref().map_or(&view.time_zone, |scene| scene.zone),
        whose: &whose,
        virtual_clock: view.virtual_clock,
        here: &here,
        poll: &poll,
        version: &view.version,
    };
    document(&shell, |html| {
        let Some(scene) = scene else {
            html.tag("div").class("nothing").inside(|html| nothing(html, view));
            return;
        };
        html.tag("div").class("panes").inside(|html| {
            list::draw(html, view, contact.unwrap_or_default(), scene.zone);
            line(html, &scene);
            panel::draw(html, &scene);
        });
    })
}

fn nothing(html: &mut Html, view: &TimelineView) {
    html.tag("h1").text("No conversation yet");
    html.tag("p").inside(|html| {
        html.text("Ask something in the chat on the demo site, or write as one of the people in ");
        html.tag("a").attr("href", &path("/sandbox", view.site.as_ref(), &[])).text("the sandbox");
        html.text(". Whatever the channel, it appears here.");
    });
}

/// What every entry needs to know.
struct Scene<'a> {
    view: &'a TimelineView,
    selected: &'a SelectedView,
    /// What to call the contact.
    name: String,
    /// The contact's zone, else the site's.
    zone: &'a str,
    deliveries: BTreeMap<(&'a ConversationId, u32), &'a Delivery>,
    verdicts: BTreeMap<(&'a ConversationId, u32), &'a VerdictRow>,
    /// The events that stand on the page and can be linked to.
    here: BTreeSet<&'a EventId>,
}

impl<'a> Scene<'a> {
    fn new(view: &'a TimelineView, selected: &'a SelectedView) -> Self {
        let deliveries = selected.deliveries.iter().map(|row| ((&row.conversation, row.seq), row)).collect();
        let let_through = |(id, row): &'a (ConversationId, VerdictRow)| row.seq.map(|seq| ((id, seq), row));
        let zone = selected.contact.time_zone.as_deref().filter(|zone| !zone.is_empty());
        Self {
            view,
            selected,
            name: name_of(selected),
            zone: zone.unwrap_or(&view.time_zone),
            deliveries,
            verdicts: selected.verdicts.iter().filter_map(let_through).collect(),
            here: selected.events.iter().map(|event| &event.id).collect(),
        }
    }

    /// The first name, or "the contact".
    fn called(&self) -> &str {
        let known = self.selected.contact.name.is_some();
        self.name.split_whitespace().next().filter(|_| known).unwrap_or("The contact")
    }

    fn teller(&'a self) -> Teller<'a> {
        Teller { called: self.called(), zone: self.zone, assistant: &self.view.assistant }
    }

    fn delivery(&self, event: &'a Event) -> Option<&'a Delivery> {
        self.deliveries.get(&(&event.conversation, event.seq)).copied()
    }

    fn verdict(&self, event: &'a Event) -> Option<&'a VerdictRow> {
        self.verdicts.get(&(&event.conversation, event.seq)).copied()
    }

    /// Who spoke, and what kind of speaker that is.
    fn author(&self, speaker: &'a Speaker) -> (&str, &'static str) {
        match speaker {
            Speaker::Contact => (&self.name, ""),
            Speaker::Assistant => (&self.view.assistant, "AI"),
            Speaker::Agent(name) => (name, "team"),
            Speaker::Sequence(name) => (name, "sequence"),
            Speaker::System => ("Throughline", "notice"),
        }
    }
}

/// A contact's name, else the address that is proven best.
fn name_of(selected: &SelectedView) -> String {
    let best = || selected.handles.iter().max_by_key(|handle| handle.assurance);
    match (&selected.contact.name, best()) {
        (Some(name), _) => name.clone(),
        (None, Some(handle)) => words::address(&handle.address),
        (None, None) => "Somebody".to_owned(),
    }
}

/// Something on the line, at its time.
enum Knot<'a> {
    Event(&'a Event),
    Held(&'a VerdictRow),
}

impl Knot<'_> {
    const fn at(&self) -> Timestamp {
        match self {
            Self::Event(event) => event.at,
            Self::Held(row) => Timestamp::from_ms(row.at_ms),
        }
    }
}

fn line(html: &mut Html, scene: &Scene<'_>) {
    let selected = scene.selected;
    let mut knots: Vec<Knot<'_>> = selected.events.iter().map(Knot::Event).collect();
    let held = selected.verdicts.iter().filter(|(_, row)| row.seq.is_none());
    knots.extend(held.map(|(_, row)| Knot::Held(row)));
    // Stable: what was held back stands after what happened in the same millisecond.
    knots.sort_by_key(Knot::at);
    html.tag("section").class("line-pane").attr("aria-labelledby", "line-title").inside(|html| {
        live(html, "div", "line-head").class("line-head").inside(|html| {
            html.tag("h1").attr("id", "line-title").attr("dir", "auto").text(&scene.name);
            html.tag("p").text(&summary(selected));
        });
        let scroller =
            live(html, "div", "line").class("line").attr("data-stick", "end").attr("role", "region");
        scroller.attr("tabindex", "0").attr("aria-label", "Timeline").inside(|html| {
            html.tag("ol").class("thread").inside(|html| {
                let mut day = String::new();
                for knot in &knots {
                    let today = when::day(knot.at(), scene.zone);
                    if today != day {
                        html.tag("li").class("day").inside(|html| html.tag("h2").text(&today));
                        day = today;
                    }
                    match knot {
                        Knot::Event(event) => entry::draw(html, scene, event),
                        Knot::Held(row) => verdict::held(html, scene, row),
                    }
                }
            });
        });
    });
}

/// "12 entries over web chat, text message and email, from 2 conversations".
fn summary(selected: &SelectedView) -> String {
    let count = selected.events.len();
    let channels: BTreeSet<_> = selected.events.iter().map(|event| event.channel).collect();
    let names: Vec<String> =
        channels.into_iter().map(|channel| words::channel(channel).to_lowercase()).collect();
    let over = match names.split_last() {
        Some((last, [])) => format!(" over {last}"),
        Some((last, rest)) => format!(" over {} and {last}", rest.join(", ")),
        None => String::new(),
    };
    let conversations =
        selected.events.iter().map(|event| &event.conversation).collect::<BTreeSet<_>>().len();
    let joined = if conversations > 1 { format!(", {conversations} threads joined") } else { String::new() };
    format!("{count} {}{over}{joined}", if count == 1 { "entry" } else { "entries" })
}

/// A link to an entry of this page, or its bare words where the entry is not on it.
fn to_event(html: &mut Html, scene: &Scene<'_>, event: &EventId, label: &str) {
    if scene.here.contains(event) {
        html.tag("a").attr("href", &format!("#{event}")).text(label);
    } else {
        html.text(label);
    }
}

/// The mark of an entry on the thread.
fn knot(html: &mut Html, drawing: &'static str) {
    html.tag("span").class("knot").inside(|html| html.raw(drawing));
}

#[cfg(test)]
mod tests;
