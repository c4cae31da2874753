//! The phone: bubbles oldest first, the customer's own on the right, and a composer.

use super::{
    super::{
        html::{Html, path},
        icon,
        shell::{copy, hidden, live},
        when::{self, Shape},
        words,
    },
    Desk, seats,
};
use crate::{channel::Channel, delivery::Billed, store::sandbox::SandboxMessage, time::HOUR_MS};

pub(super) fn draw(html: &mut Html, desk: &Desk<'_>) {
    html.tag("section").class("phone-side").attr("aria-labelledby", "phone-title").inside(|html| {
        html.tag("div").class("caption").inside(|html| {
            html.tag("h2").attr("id", "phone-title").text(&format!("{} phone", possessive(desk)));
            if let Some(phone) = desk.seat.phone {
                html.tag("p").inside(|html| {
                    html.tag("b").class("address").text(&words::phone(phone));
                    copy(html, phone, "the number");
                });
            }
        });
        apps(html, desk);
        match desk.seat.at(desk.view.app) {
            Some(own) => device(html, desk, own),
            None => html.tag("p").class("empty").text("This person is not on this line."),
        }
    });
}

/// The phone's lines: texts, and the pages of the site.
fn apps(html: &mut Html, desk: &Desk<'_>) {
    let view = desk.view;
    if view.pages.is_empty() {
        return;
    }
    html.tag("nav").class("apps").attr("aria-label", "Lines").inside(|html| {
        for channel in [Channel::Sms].into_iter().chain(view.pages.iter().map(|(channel, _)| *channel)) {
            let query = [("person", desk.index), ("app", channel.as_str())];
            let link = html.tag("a").attr("href", &path("/sandbox", view.site.as_ref(), &query));
            link.attr_if(channel == view.app, "aria-current", "true").text(words::line(channel));
        }
    });
}

/// The site's own address on the line that is shown; empty where it has none.
fn line_of<'a>(desk: &Desk<'a>) -> &'a str {
    let view = desk.view;
    let page = view.pages.iter().find(|(channel, _)| *channel == view.app);
    page.map_or(if view.app == Channel::Sms { &view.site_phone } else { "" }, |(_, page)| page)
}

/// "Maria Lopez’s", "Their".
pub(super) fn possessive(desk: &Desk<'_>) -> String {
    if desk.seat.known { format!("{}’s", desk.seat.name) } else { "Their".to_owned() }
}

fn device(html: &mut Html, desk: &Desk<'_>, own: &str) {
    html.tag("div").class("phone").inside(|html| {
        live(html, "div", "phone-bar").class("phone-bar").attr("aria-hidden", "true").inside(|html| {
            let now = desk.view.now;
            html.tag("span")
                .attr("data-now", &now.ms().to_string())
                .attr("data-zone", desk.seat.zone)
                .attr("data-shape", "clock")
                .text(&when::text(now, now, desk.seat.zone, Shape::Clock));
            html.tag("span").class("island").text("");
            html.tag("span").class("bars").text("");
        });
        html.tag("div").class("phone-head").inside(|html| {
            let initials = words::initials(&desk.view.site_name);
            html.tag("span").class("portrait").attr("aria-hidden", "true").text(&initials);
            html.tag("b").text(&desk.view.site_name);
            let is_texts = desk.view.app == Channel::Sms;
            let line = if is_texts {
                words::phone(&desk.view.site_phone)
            } else {
                words::line(desk.view.app).into()
            };
            html.tag("small").text(&line);
        });
        bubbles(html, desk, own);
        composer(html, desk, own);
    });
}

fn bubbles(html: &mut Html, desk: &Desk<'_>, phone: &str) {
    let list =
        live(html, "div", "phone-log").class("phone-log").attr("data-stick", "end").attr("role", "log");
    list.attr("aria-label", "Text messages").attr("tabindex", "0").inside(|html| {
        let messages: Vec<&SandboxMessage> = desk.seat.on(desk.view.app.as_str()).rev().collect();
        if messages.is_empty() {
            nothing(html, desk, phone);
            return;
        }
        html.tag("ol").inside(|html| {
            let mut before: Option<&SandboxMessage> = None;
            for message in messages {
                bubble(html, desk, message, before);
                before = Some(message);
            }
        });
    });
}

fn nothing(html: &mut Html, desk: &Desk<'_>, phone: &str) {
    html.tag("div").class("nothing").inside(|html| {
        if desk.view.app != Channel::Sms {
            html.tag("p").class("lead").text("No messages yet");
            html.tag("p").text("Write below: the business answers here as well, and knows who you are.");
            return;
        }
        html.tag("p").class("lead").text("No texts yet");
        html.tag("p").inside(|html| {
            html.text("Ask ");
            html.tag("q").text("can you text me?");
            html.text(" in the chat on the demo site, with this number: ");
            html.tag("b").text(&words::phone(phone));
        });
        html.tag("p").text("Or write below: the business answers texts as well.");
    });
}

fn bubble(html: &mut Html, desk: &Desk<'_>, message: &SandboxMessage, before: Option<&SandboxMessage>) {
    let (now, zone) = (desk.view.now, desk.seat.zone);
    let pause = before.is_none_or(|before| message.at_ms.since_ms(before.at_ms) >= HOUR_MS);
    if pause {
        html.tag("li").class("pause").inside(|html| {
            let day = when::relative_day(message.at_ms, now, zone);
            let day = day.strip_prefix("on ").unwrap_or(&day);
            html.text(&format!("{} ", capitalised(day)));
            when::time(html, message.at_ms, now, zone, Shape::Clock);
        });
    }
    let ours = seats::is_ours(message, desk.view);
    html.tag("li").class(if ours { "bubble theirs" } else { "bubble own" }).inside(|html| {
        html.tag("span").class("sr").text(if ours { "The business: " } else { "The customer: " });
        html.tag("p").attr("dir", "auto").inside(|html| html.prose(&message.text));
        if ours && desk.view.app == Channel::Sms {
            html.tag("small").text(&words::billed(Billed::of(&message.text)));
        }
        html.tag("span").class("sr").inside(|html| when::time(html, message.at_ms, now, zone, Shape::Clock));
    });
}

/// A word at the beginning of a line.
pub(super) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn composer(html: &mut Html, desk: &Desk<'_>, phone: &str) {
    let line = line_of(desk);
    if line.is_empty() {
        html.tag("p").class("empty").text("The site has no line to write to here.");
        return;
    }
    let (action, what) = match desk.view.app {
        Channel::Sms => ("/sandbox/sms".to_owned(), "Text message"),
        app => (format!("/sandbox/{}", app.as_str()), "Message"),
    };
    let form = html.tag("form").class("texting").attr("method", "post").attr("action", &action);
    form.attr("data-enter", "").inside(|html| {
        hidden(html, "from", phone);
        hidden(html, "to", line);
        hidden(html, "back", desk.here);
        html.tag("label").class("sr").attr("for", "sms-text").text(what);
        html.tag("textarea")
            .attr("id", "sms-text")
            .attr("name", "text")
            .attr("rows", "1")
            .attr("required", "")
            .attr("maxlength", "1600")
            .attr("dir", "auto")
            .attr("placeholder", what)
            .text("");
        html.tag("button").class("send").inside(|html| {
            html.raw(icon::SEND);
            html.tag("span").class("sr").text("Send");
        });
        html.tag("p").class("trouble").attr("role", "alert").text("");
    });
}
