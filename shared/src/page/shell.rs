//! The frame of both pages: head, banner with the clock, and the one `<main>` that the script keeps fresh.
//!
//! Everything in `<main>` that changes stands in an element with `data-live` and an id; the script replaces those whose
//! markup is another now, and leaves the rest, with what is being typed in it, alone.

use super::{
    CSS_PATH, JS_PATH,
    html::{Html, Tag, path},
    icon,
    when::{self, Shape},
};
use crate::{
    id::SiteId,
    time::{DAY_MS, HOUR_MS, Timestamp},
};

/// What differs between the two pages' frames.
pub(super) struct Shell<'a> {
    /// The page's own name, also its place in the menu.
    pub title: &'static str,
    /// The site's name.
    pub site_name: &'a str,
    /// The site's id, where the page was asked for by it.
    pub site: Option<&'a SiteId>,
    /// The present.
    pub now: Timestamp,
    /// The zone the clock shows.
    pub zone: &'a str,
    /// Whose clock that is: "Maria's time".
    pub whose: &'a str,
    /// The clock can be moved.
    pub virtual_clock: bool,
    /// The page's own address, where forms lead back to.
    pub here: &'a str,
    /// Where the script asks whether anything is new.
    pub poll: &'a str,
    /// What it would be told now.
    pub version: &'a str,
}

/// The whole document.
pub(super) fn document(shell: &Shell<'_>, content: impl FnOnce(&mut Html)) -> String {
    let mut html = Html::default();
    html.raw("<!doctype html>");
    html.tag("html").attr("lang", "en").inside(|html| {
        head(html, shell);
        html.tag("body").attr("data-page", shell.title).inside(|html| {
            html.tag("a").class("skip").attr("href", "#main").text("Skip to the page");
            banner(html, shell);
            html.tag("main")
                .attr("id", "main")
                .attr("data-poll", shell.poll)
                .attr("data-version", shell.version)
                .inside(content);
            html.tag("p").class("sr").attr("id", "status").attr("role", "status").text("");
        });
    });
    html.into_string()
}

/// An element that the script replaces when its markup changes.
pub(super) fn live<'h>(html: &'h mut Html, tag: &'static str, id: &str) -> Tag<'h> {
    html.tag(tag).attr("id", id).attr("data-live", "")
}

/// A button that copies; only with a script.
pub(super) fn copy(html: &mut Html, value: &str, what: &str) {
    html.tag("button").class("copy").attr("type", "button").attr("data-copy", value).inside(|html| {
        html.text("Copy");
        html.tag("span").class("sr").text(&format!(" {what}"));
    });
}

/// A hidden field.
pub(super) fn hidden(html: &mut Html, name: &'static str, value: &str) {
    html.tag("input").attr("type", "hidden").attr("name", name).attr("value", value).void();
}

fn head(html: &mut Html, shell: &Shell<'_>) {
    html.tag("head").inside(|html| {
        html.raw("<meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        html.raw("<meta name=\"color-scheme\" content=\"light dark\"><meta name=\"robots\" content=\"noindex\">");
        html.tag("title").text(&format!("{} – {} – Throughline", shell.title, shell.site_name));
        html.tag("link").attr("rel", "icon").attr("href", icon::FAVICON).void();
        html.tag("link").attr("rel", "stylesheet").attr("href", CSS_PATH).void();
        html.tag("script").attr("src", JS_PATH).attr("defer", "").text("");
    });
}

fn banner(html: &mut Html, shell: &Shell<'_>) {
    html.tag("header").class("banner").inside(|html| {
        html.tag("p").class("brand").inside(|html| {
            html.raw(icon::MARK);
            html.tag("span").text("Throughline");
            html.tag("span").class("site").text(shell.site_name);
        });
        html.tag("nav").attr("aria-label", "Pages").inside(|html| {
            for (name, base) in [("Sandbox", "/sandbox"), ("Timeline", "/timeline")] {
                html.tag("a")
                    .attr("href", &path(base, shell.site, &[]))
                    .attr_if(name == shell.title, "aria-current", "page")
                    .text(name);
            }
        });
        clock(html, shell);
    });
}

fn clock(html: &mut Html, shell: &Shell<'_>) {
    live(html, "div", "clock").class("clock").inside(|html| {
        html.tag("p").inside(|html| {
            html.raw(icon::CLOCK);
            html.tag("span").class("sr").text("The time is ");
            html.tag("time")
                .attr("datetime", &when::machine(shell.now))
                .attr("data-now", &shell.now.ms().to_string())
                .attr("data-zone", shell.zone)
                .text(&when::text(shell.now, shell.now, shell.zone, Shape::Full));
            if !shell.whose.is_empty() {
                html.tag("small").text(shell.whose);
            }
        });
        if shell.virtual_clock {
            let form = html.tag("form").attr("method", "post").attr("action", "/dev/clock");
            form.attr("aria-label", "Move the virtual clock").inside(|html| {
                hidden(html, "back", shell.here);
                for (id, label, ms) in [
                    ("clock-hour", "+1 hour", HOUR_MS),
                    ("clock-day", "+1 day", DAY_MS),
                    ("clock-days", "+2 days", 2 * DAY_MS),
                ] {
                    html.tag("button")
                        .attr("id", id)
                        .attr("name", "advance_ms")
                        .attr("value", &ms.to_string())
                        .text(label);
                }
            });
        }
    });
}
