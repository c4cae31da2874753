//! The public side of appointments: the page where anybody books, and the page of one appointment that its link opens.
//!
//! Everything is a link or a plain form: no script, so they work in whatever opens a mail. Times are shown in a zone that
//! is named beside them, and the visitor may choose another.

mod appointment;
mod book;
mod times;
mod zones;

pub use appointment::{
    AppointmentView, Asked, Done, appointment, ended_link, ended_personal, no_link, nothing_to_book,
    unread_booking,
};
pub use book::{BookView, Details, Offer, Owner, Step, TRAP, book};
pub use times::{Day, Times};

use super::{html::Html, sheet::document, shell::hidden};
use crate::{
    calendar,
    phrases::{Lang, booking_page as words},
    time::Timestamp,
};

/// What every page of this kind has around its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The language to speak.
    pub lang: Lang,
    /// The site's name.
    pub site_name: String,
    /// The site's postal address.
    pub address: String,
    /// The number people may call.
    pub phone: String,
    /// The page's own path.
    pub path: String,
    /// The IANA zone that times are shown in.
    pub zone: String,
    /// The IANA zone of the place itself.
    pub home: String,
    /// The language and zone that the visitor chose, kept in every link: names and values of query fields.
    pub chosen: Vec<(&'static str, String)>,
}

impl Frame {
    /// A link to the page itself, with what the visitor chose and the fields given; the later of two fields counts.
    fn to(&self, fields: &[(&str, &str)]) -> String {
        let chosen = self.chosen.iter().map(|(name, value)| (*name, value.as_str()));
        let kept = chosen.filter(|(name, _)| fields.iter().all(|(other, _)| other != name));
        let mut out = form_urlencoded::Serializer::new(String::new());
        out.extend_pairs(kept).extend_pairs(fields);
        let query = out.finish();
        if query.is_empty() { self.path.clone() } else { format!("{}?{query}", self.path) }
    }

    /// What the visitor chose, as hidden fields of a form.
    fn keep(&self, html: &mut Html, but: &str) {
        for (name, value) in self.chosen.iter().filter(|(name, _)| *name != but) {
            hidden(html, name, value);
        }
    }
}

/// The whole page. `here` are the query's fields beside what the visitor chose, for the link to the other language.
fn framed(frame: &Frame, heading: &str, here: &[(&str, &str)], content: impl FnOnce(&mut Html)) -> String {
    let lang = frame.lang;
    document(lang.tag(), &format!("{heading} – {}", frame.site_name), "book", |html| {
        html.tag("p").class("shop").text(&frame.site_name);
        html.tag("h1").text(heading);
        content(html);
        html.tag("footer").inside(|html| {
            if !frame.phone.is_empty() {
                html.tag("p").text(&words::help(lang, &super::words::phone(&frame.phone)));
            }
            html.tag("p").text(&format!("{}, {}", frame.site_name, frame.address));
            html.tag("p").inside(|html| {
                for other in Lang::ALL.into_iter().filter(|other| *other != lang) {
                    let fields: Vec<(&str, &str)> =
                        here.iter().copied().chain([("lang", other.tag())]).collect();
                    html.tag("a")
                        .attr("href", &frame.to(&fields))
                        .attr("lang", other.tag())
                        .attr("hreflang", other.tag())
                        .text(words::language(other));
                }
            });
        });
    })
}

/// "Friday, 27 November 2026 at 14:00–15:00", the instant for machines, and the zone's name beside it.
fn moment(html: &mut Html, frame: &Frame, start: Timestamp, end: Timestamp) {
    let (lang, zone) = (frame.lang, frame.zone.as_str());
    let day =
        format!("{}, {}", calendar::weekday(start, zone, lang), calendar::local_date(start, zone, lang));
    let clock = format!("{}–{}", calendar::local_time(start, zone), calendar::local_time(end, zone));
    html.tag("p").class("moment").inside(|html| {
        html.tag("time").attr("datetime", &super::when::machine(start)).inside(|html| {
            html.tag("span").class("day").text(&day);
            html.text(" ");
            html.tag("b").text(&clock);
        });
    });
    html.tag("p").class("soft").text(&words::in_zone(lang, &super::when::zone_name(zone)));
    let home = frame.home.as_str();
    let there = calendar::local_date_time(start, home, lang);
    if there != calendar::local_date_time(start, zone, lang) {
        // Whoever comes needs the clock on the wall there.
        let place = words::in_zone(lang, &super::when::zone_name(home));
        html.tag("p").class("soft there").text(&words::on_the_spot(lang, &there, &place));
    }
}

/// What went wrong, read out at once by screen readers.
fn trouble(html: &mut Html, text: &str) {
    html.tag("p").class("notice bad").attr("role", "alert").text(text);
}
