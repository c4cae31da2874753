//! `GET /sandbox[?person=N][&mail=ID]`: a phone and a mailbox for each demo contact, where a newcomer reads what was
//! sent and answers as the customer.
//!
//! Texts are posted to `/sandbox/sms` (`from`, `to`, `text`), mails to `/sandbox/email` (`from`, `to`, `subject`,
//! `text`, `in_reply_to`: the sandbox's id of the mail that is answered, or empty). Every form also has `back`, where it
//! was: see [`super::back`].

mod mailbox;
mod phone;
mod quote;
mod seats;

use crate::channel::Channel;

use super::{
    html::{Html, path},
    shell::{Shell, document, live},
    view::SandboxView,
    words,
};
use seats::{Seat, seats};

/// The page.
pub fn sandbox(view: &SandboxView) -> String {
    let seats = seats(view);
    let selected = if view.selected < seats.len() { view.selected } else { 0 };
    let index = selected.to_string();
    let mut query = vec![("person", index.as_str())];
    if view.app != Channel::Sms {
        query.push(("app", view.app.as_str()));
    }
    query.extend(view.mail.as_deref().map(|mail| ("mail", mail)));
    let site = view.site.as_ref();
    let here = path("/sandbox", site, &query);
    let poll = path("/sandbox/version", site, &[]);
    let seat = seats.get(selected);
    let whose = seat.map_or_else(String::new, Seat::whose_time);
    let shell = Shell {
        title: "Sandbox",
        site_name: &view.site_name,
        site,
        now: view.now,
        zone: seat.map_or(&view.time_zone, |seat| seat.zone),
        whose: &whose,
        virtual_clock: view.virtual_clock,
        here: &here,
        poll: &poll,
        version: &view.version,
    };
    document(&shell, |html| {
        html.tag("h1").class("sr").text("Sandbox");
        let Some(seat) = seat else {
            html.tag("p").class("empty").text(
                "There is nobody here yet. Add people to the site’s definition, or ask in the chat to be texted: \
                 the number you give appears here with a phone.",
            );
            return;
        };
        people(html, view, &seats, selected);
        if view.messages.is_empty() {
            first_steps(html, view, seat);
        }
        let desk = Desk { view, seat, index: &index, here: &here };
        html.tag("div").class("desk").inside(|html| {
            phone::draw(html, &desk);
            mailbox::draw(html, &desk);
        });
    })
}

/// Whose things are drawn, and where that is.
struct Desk<'a> {
    view: &'a SandboxView,
    seat: &'a Seat<'a>,
    /// The person's place, as in the address.
    index: &'a str,
    /// This page's own address.
    here: &'a str,
}

fn people(html: &mut Html, view: &SandboxView, seats: &[Seat<'_>], selected: usize) {
    live(html, "nav", "people").class("people").attr("aria-label", "People").inside(|html| {
        html.tag("ul").inside(|html| {
            for (index, seat) in seats.iter().enumerate() {
                let href = path("/sandbox", view.site.as_ref(), &[("person", &index.to_string())]);
                html.tag("li").inside(|html| {
                    let link = html.tag("a").attr("href", &href).attr("id", &format!("person-{index}"));
                    link.attr_if(index == selected, "aria-current", "true").inside(|html| person(html, seat));
                });
            }
        });
        let address = seats[selected].phone.or(seats[selected].email).map(|address| ("address", address));
        let href = path("/timeline", view.site.as_ref(), address.as_slice());
        html.tag("p").class("onward").inside(|html| {
            if let Some(url) = demo_url(view) {
                html.tag("a")
                    .attr("href", url)
                    .attr("target", "_blank")
                    .attr("rel", "noopener")
                    .text("Demo site");
            }
            html.tag("a").attr("href", &href).inside(|html| {
                html.text("See it as one timeline");
                html.tag("span").attr("aria-hidden", "true").text(" →");
            });
        });
    });
}

fn person(html: &mut Html, seat: &Seat<'_>) {
    html.tag("span").class("portrait").attr("aria-hidden", "true").text(&words::initials(&seat.name));
    html.tag("span").class("who").inside(|html| {
        html.tag("b").attr("dir", "auto").text(&seat.name);
        let count = seat.messages.len();
        html.tag("small").text(&match count {
            0 => "nothing yet".to_owned(),
            1 => "1 message".to_owned(),
            _ => format!("{count} messages"),
        });
    });
}

fn first_steps(html: &mut Html, view: &SandboxView, seat: &Seat<'_>) {
    live(html, "section", "steps").class("steps").attr("aria-labelledby", "steps-title").inside(|html| {
        html.tag("h2").attr("id", "steps-title").text("One conversation, whatever the channel");
        html.tag("ol").inside(|html| {
            html.tag("li").inside(|html| {
                html.text("Open ");
                match demo_url(view) {
                    Some(url) => {
                        html.tag("a").attr("href", url).attr("target", "_blank").attr("rel", "noopener").text("the demo site");
                    }
                    None => html.text("the demo site"),
                }
                html.text(" and ask its chat what something costs.");
            });
            html.tag("li").inside(|html| {
                html.text("Then ask ");
                html.tag("q").text("can you text me?");
                match seat.phone {
                    Some(phone) => {
                        html.text(" and give ");
                        html.tag("b").text(&words::phone(phone));
                        html.text(".");
                    }
                    None => html.text(" and give a number: its phone appears here."),
                }
            });
            html.tag("li").inside(|html| {
                html.text("The text arrives here. Answer it as the customer, move the clock by two days, write an email, and ");
                html.tag("a").attr("href", &path("/timeline", view.site.as_ref(), &[])).text("read it all on one timeline");
                html.text(".");
            });
        });
    });
}

/// The demo site's address; a link leads to a web page or nowhere.
fn demo_url(view: &SandboxView) -> Option<&str> {
    view.demo_url.as_deref().filter(|url| url.starts_with("http://") || url.starts_with("https://"))
}

#[cfg(test)]
mod tests;
