//! Booking in the chat: times to choose from, and the appointment that is made. A choice is a message like any other: it says
//! the number that the text gives the time.

use shared::time::Timestamp;

use crate::app::App;
use crate::clock;
use crate::element::{El, button, el};
use crate::words::decimal;

/// The times under the item `seq`, on the visitor's own clock. They go once the visitor has said anything after it.
pub(super) fn times(app: App, seq: u32, starts: &[Timestamp]) -> El {
    let starts = starts.to_vec();
    let chosen = move || app.model.with(|model| model.said_after(seq));
    el("div", "offer").holds(chosen, move |chosen| {
        let list = el("div", "times").attr("role", "group").named(app.saying("times"));
        let numbered = (1..).zip(starts.iter().copied());
        (!chosen).then(|| {
            let list = list.child(el("p", "meta").attr("aria-hidden", "true").says(app.saying("times")));
            numbered.fold(list, |list, (number, start)| {
                let number = decimal(number);
                let shown = number.clone();
                let slot = move || [&shown, " · ", &clock::slot_text(start, &app.locale.get())].concat();
                list.child(button("time-choice", move || app.say(&number)).says(slot))
            })
        })
    })
}

/// An appointment that stands, with the way to put it into a calendar and to change it.
pub(super) fn booked(app: App, name: &str, start: Timestamp, link: &str) -> El {
    let leads = |to: &str, key| {
        let file = [link, to].concat();
        el("a", "").attr("href", &file).attr("target", "_blank").attr("rel", "noopener").says(app.saying(key))
    };
    el("section", "card")
        .child(el("h2", "mark done").attr("dir", "auto").text(name))
        .child(
            el("p", "").says(move || {
                [&clock::slot_text(start, &app.locale.get()), " · ", &app.word("yours")].concat()
            }),
        )
        .maybe(
            (!link.is_empty()).then(|| {
                el("p", "ways").child(leads("/appointment.ics", "calendar")).child(leads("", "change"))
            }),
        )
}
