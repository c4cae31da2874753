//! The page of one appointment: what it is, and the forms that move it or call it off.

use super::{
    Frame, Times, framed, moment,
    times::{folded_zones, times},
    trouble,
};
use crate::{
    appointment::State,
    page::{html::Html, sheet::document, shell::hidden},
    phrases::{Lang, booking_page as words},
    time::Timestamp,
};

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppointmentView {
    /// What stands around it.
    pub frame: Frame,
    /// What it is for.
    pub service: String,
    /// Its start.
    pub start: Timestamp,
    /// Its end.
    pub end: Timestamp,
    /// Where it stands.
    pub state: State,
    /// It can still be moved or called off.
    pub is_open: bool,
    /// The version the forms are for.
    pub version: u32,
    /// What is asked.
    pub asked: Asked,
    /// What has just been done.
    pub done: Option<Done>,
    /// Why what was asked could not be done.
    pub trouble: Option<String>,
    /// Where a new one is booked, where one can be.
    pub book: Option<String>,
}

/// What is asked of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// To look at it.
    Look,
    /// For other times.
    Move(Times),
    /// Whether it may be moved there: a start and its end.
    MoveTo(Timestamp, Timestamp),
    /// Whether it may be called off.
    Cancel,
}

/// What has just been done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// It was booked.
    Booked,
    /// It was moved.
    Moved,
    /// It was called off.
    Cancelled,
}

impl Done {
    /// Every deed.
    pub const ALL: [Self; 3] = [Self::Booked, Self::Moved, Self::Cancelled];

    /// The word in the page's address.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::Moved => "moved",
            Self::Cancelled => "cancelled",
        }
    }
}

/// The page.
pub fn appointment(view: &AppointmentView) -> String {
    let (frame, lang) = (&view.frame, view.frame.lang);
    let start = match view.asked {
        Asked::MoveTo(start, _) => start.ms().to_string(),
        _ => String::new(),
    };
    let (heading, here): (&str, Vec<(&str, &str)>) = match &view.asked {
        Asked::Look => (words::heading(lang, view.state), Vec::new()),
        Asked::Move(_) => (words::move_heading(lang), vec![("ask", "move")]),
        Asked::MoveTo(..) => (words::move_to_heading(lang), vec![("ask", "move"), ("start", &start)]),
        Asked::Cancel => (words::cancel_heading(lang), vec![("ask", "cancel")]),
    };
    framed(frame, heading, &here, |html| {
        if let Some(done) = view.done {
            html.tag("p").class("notice").attr("role", "status").text(words::done(lang, done));
        }
        if let Some(text) = &view.trouble {
            trouble(html, text);
        }
        card(html, view);
        match &view.asked {
            Asked::Look => {
                folded_zones(html, frame, &[]);
                look(html, view);
            }
            Asked::Move(free) => {
                times(html, frame, free, &[("ask", "move")]);
                back(html, view);
            }
            Asked::MoveTo(start, end) => {
                html.tag("h2").text(words::new_time(lang));
                html.tag("div").class("card new").inside(|html| moment(html, frame, *start, *end));
                form(html, view, ("move", words::move_button(lang), "loud"), Some(*start));
                html.tag("p").class("links").inside(|html| {
                    let other = frame.to(&[("ask", "move")]);
                    html.tag("a").attr("href", &other).text(words::other_time(lang));
                });
                back(html, view);
            }
            Asked::Cancel => {
                form(html, view, ("cancel", words::cancel_button(lang), "loud grave"), None);
                back(html, view);
            }
        }
    })
}

/// What the appointment is.
fn card(html: &mut Html, view: &AppointmentView) {
    let is_off = view.state == State::Cancelled;
    html.tag("div").class(if is_off { "card off" } else { "card" }).inside(|html| {
        html.tag("p").class("what").text(&view.service);
        moment(html, &view.frame, view.start, view.end);
        html.tag("p").class("where").text(&view.frame.address);
    });
}

fn look(html: &mut Html, view: &AppointmentView) {
    let (frame, lang) = (&view.frame, view.frame.lang);
    if view.is_open {
        html.tag("ul").class("deeds").inside(|html| {
            let file = format!("{}/appointment.ics", frame.path);
            let deeds = [
                (file, words::add_to_calendar(lang)),
                (frame.to(&[("ask", "move")]), words::move_link(lang)),
                (frame.to(&[("ask", "cancel")]), words::cancel_link(lang)),
            ];
            for (to, text) in deeds {
                html.tag("li").inside(|html| html.tag("a").class("quiet").attr("href", &to).text(text));
            }
        });
        html.tag("p").class("soft").text(words::keep_link(lang));
    } else if let Some(book) = &view.book {
        html.tag("p").class("links").inside(|html| {
            html.tag("a").attr("href", book).text(words::book_again(lang));
        });
    }
}

fn form(
    html: &mut Html,
    view: &AppointmentView,
    (deed, button, class): (&'static str, &str, &'static str),
    start: Option<Timestamp>,
) {
    html.tag("form").attr("method", "post").attr("action", &view.frame.path).inside(|html| {
        view.frame.keep(html, "");
        hidden(html, "do", deed);
        hidden(html, "version", &view.version.to_string());
        if let Some(start) = start {
            hidden(html, "start", &start.ms().to_string());
        }
        html.tag("button").class(class).text(button);
    });
}

fn back(html: &mut Html, view: &AppointmentView) {
    html.tag("p").class("links").inside(|html| {
        let to = view.frame.to(&[]);
        html.tag("a").attr("href", &to).text(words::keep(view.frame.lang));
    });
}

/// The page of a link that is none of ours.
pub fn no_link(lang: Lang) -> String {
    told(lang, words::no_link_heading(lang), words::no_link(lang), None)
}

/// The page of a link that has ended. `book` is where a new appointment is booked.
pub fn ended_link(lang: Lang, book: Option<&str>) -> String {
    told(lang, words::ended_link_heading(lang), words::ended_link(lang), book)
}

/// The page of a personal link that has ended. `book` is the site's own page.
pub fn ended_personal(lang: Lang, book: &str) -> String {
    told(lang, words::ended_link_heading(lang), words::ended_personal(lang), Some(book))
}

/// The page where nothing can be booked.
pub fn nothing_to_book(lang: Lang) -> String {
    told(lang, words::nothing_heading(lang), words::nothing(lang), None)
}

/// The page of a form that cannot be read.
pub fn unread_booking(lang: Lang) -> String {
    told(lang, words::unread_heading(lang), words::unread(lang), None)
}

fn told(lang: Lang, heading: &str, text: &str, book: Option<&str>) -> String {
    document(lang.tag(), heading, "book", |html| {
        html.tag("h1").text(heading);
        html.tag("p").text(text);
        if let Some(book) = book {
            html.tag("p").class("links").inside(|html| {
                html.tag("a").attr("href", book).text(words::book_again(lang));
            });
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Day;

    const START: Timestamp = Timestamp::from_ms(1_795_816_800_000);

    fn view(lang: Lang, state: State, asked: Asked) -> AppointmentView {
        let zone = "America/Los_Angeles".to_owned();
        AppointmentView {
            frame: Frame {
                lang,
                site_name: "Larkspur & <Co>".into(),
                address: "1 Main St".into(),
                phone: "+15005550006".into(),
                path: "/b/t.a".into(),
                zone: zone.clone(),
                home: zone.clone(),
                chosen: vec![("zone", zone)],
            },
            service: "<b>Tune-up".into(),
            start: START,
            end: START.plus_ms(3_600_000),
            state,
            is_open: state == State::Booked,
            version: 3,
            asked,
            done: None,
            trouble: None,
            book: Some("/book/ste_1".into()),
        }
    }

    #[test]
    fn looking_offers_links_and_no_form_that_posts_so_that_a_scanner_changes_nothing() {
        let page = appointment(&view(Lang::En, State::Booked, Asked::Look));
        assert!(
            !page.contains("method=\"post\"")
                && !page.contains("<script")
                && page.contains("&lt;b&gt;Tune-up"),
            "{page}"
        );
        assert!(page.contains("href=\"/b/t.a?zone=America%2FLos_Angeles&amp;ask=move\""), "{page}");
        assert!(page.contains("href=\"/b/t.a/appointment.ics\""));
        assert!(
            page.contains("Friday, 27 November 2026</span> <b>14:00–15:00</b>")
                && page.contains("Los Angeles time")
        );
    }

    #[test]
    fn what_changes_something_is_a_form_that_posts_for_one_version() {
        for (asked, deed) in [(Asked::Cancel, "cancel"), (Asked::MoveTo(START, START), "move")] {
            let page = appointment(&view(Lang::En, State::Booked, asked));
            assert_eq!(page.matches("<form method=\"post\" action=\"/b/t.a\">").count(), 1, "{page}");
            assert!(
                page.contains(&format!("name=\"do\" value=\"{deed}\""))
                    && page.contains("name=\"version\" value=\"3\"")
            );
            assert!(page.contains("Keep it as it is"));
        }
    }

    #[test]
    fn other_times_are_links_that_keep_what_was_chosen() {
        let times =
            Times { days: vec![Day { starts: vec![START] }], from: None, later: Some("2026-12-01".into()) };
        let page = appointment(&view(Lang::Es, State::Booked, Asked::Move(times)));
        let to = format!("href=\"/b/t.a?zone=America%2FLos_Angeles&amp;ask=move&amp;start={}\"", START.ms());
        assert!(page.contains(&to) && page.contains("ask=move&amp;from=2026-12-01"), "{page}");
        assert!(
            page.contains("<form class=\"zone\" method=\"get\"")
                && page.contains("value=\"America/Los_Angeles\" selected")
        );
        assert!(page.contains("aria-label=\"viernes, 27 de noviembre de 2026, 14:00\""));
    }

    #[test]
    fn what_is_over_can_only_be_booked_anew() {
        for state in [State::Cancelled, State::Done, State::Missed] {
            let page = appointment(&view(Lang::En, state, Asked::Look));
            assert!(!page.contains("ask=") && page.contains("href=\"/book/ste_1\""), "{page}");
        }
        assert!(no_link(Lang::Es).contains("Este enlace no funciona"));
        assert!(ended_link(Lang::En, Some("/book/ste_1")).contains("Book a new appointment"));
        assert!(unread_booking(Lang::En).contains("Nothing was changed"));
    }
}
