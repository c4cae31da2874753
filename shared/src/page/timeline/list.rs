//! The list of conversations: who, when last, and over which channels. Its times are in the zone of the page's clock.

use std::collections::BTreeSet;

use super::super::{
    html::{Html, path},
    icon,
    shell::live,
    view::{ConversationView, TimelineView},
    when::{self, Shape},
    words,
};
use crate::{channel::Channel, id::ContactId, time::Timestamp};

/// A contact with all conversations that were joined to theirs.
struct Row<'a> {
    contact: &'a ContactId,
    name: String,
    at: Timestamp,
    channels: BTreeSet<Channel>,
}

pub(super) fn draw(html: &mut Html, view: &TimelineView, current: &str, zone: &str) {
    html.tag("nav").class("list-pane").attr("aria-label", "Conversations").inside(|html| {
        live(html, "ul", "list").class("list").inside(|html| {
            for row in rows(view) {
                let id = row.contact.as_str();
                html.tag("li").inside(|html| {
                    let link = html
                        .tag("a")
                        .attr("href", &path("/timeline", view.site.as_ref(), &[("contact", id)]));
                    let link = link.attr("id", &format!("list-{id}"));
                    link.attr_if(id == current, "aria-current", "page")
                        .inside(|html| item(html, view, &row, zone));
                });
            }
        });
    });
}

fn item(html: &mut Html, view: &TimelineView, row: &Row<'_>, zone: &str) {
    html.tag("b").attr("dir", "auto").text(&row.name);
    when::time(html, row.at, view.now, zone, Shape::Short);
    html.tag("span").class("marks").inside(|html| {
        for channel in &row.channels {
            icon::channel(html, *channel);
        }
    });
}

/// The conversations, joined ones as one, the most recently moved first.
fn rows(view: &TimelineView) -> Vec<Row<'_>> {
    let target =
        |one: &ConversationView| one.latest.merged_into.as_ref().unwrap_or(&one.latest.contact_id).clone();
    let mut rows: Vec<Row<'_>> = view
        .conversations
        .iter()
        .filter(|one| one.latest.merged_into.is_none())
        .map(|one| Row {
            contact: &one.latest.contact_id,
            name: name(one),
            at: Timestamp::from_ms(one.latest.updated_at_ms),
            channels: one.channels.iter().copied().collect(),
        })
        .collect();
    for joined in view.conversations.iter().filter(|one| one.latest.merged_into.is_some()) {
        if let Some(row) = rows.iter_mut().find(|row| *row.contact == target(joined)) {
            row.at = row.at.max(Timestamp::from_ms(joined.latest.updated_at_ms));
            row.channels.extend(&joined.channels);
        }
    }
    rows.sort_by_key(|row| core::cmp::Reverse(row.at));
    rows
}

fn name(one: &ConversationView) -> String {
    let known = one.latest.name.as_deref().or(one.address.as_deref());
    match known {
        Some(text) if text.starts_with('+') => words::phone(text),
        Some(text) if text.starts_with("vis_") => words::visitor(text),
        Some(text) => text.to_owned(),
        None => words::visitor(one.latest.contact_id.as_str()),
    }
}
