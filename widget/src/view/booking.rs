//! Booking in the chat: times to choose from, the one that is held meanwhile, and the appointment that is made. A choice is a
//! message like any other: it says the number that the text gives the time, and then yes or no.

use shared::time::Timestamp;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::app::App;
use crate::clock;
use crate::element::{El, button, el};
use crate::words::decimal;

/// The times under the item `seq`, on the visitor's own clock. They go once the visitor has said anything after it.
pub(super) fn times(app: App, seq: u32, starts: &[Timestamp]) -> El {
    let starts = starts.to_vec();
    until_answered(app, seq, move |choose| {
        let list = el("div", "times").attr("role", "group").named(app.saying("times"));
        let numbered = (1..).zip(starts.iter().copied());
        let list = list.child(el("p", "meta").attr("aria-hidden", "true").says(app.saying("times")));
        numbered.fold(list, |list, (number, start)| {
            let number = decimal(number);
            let shown = number.clone();
            let slot = move || [&shown, " · ", &clock::slot_text(start, &app.locale.get())].concat();
            list.child(choose("time-choice", number).says(slot))
        })
    })
}

/// The time that is kept for the visitor for a while, with a yes and a no.
pub(super) fn held(app: App, seq: u32, name: &str, start: Timestamp, until: Timestamp) -> El {
    let name = name.to_owned();
    until_answered(app, seq, move |choose| {
        let answer = |class, key| choose(class, app.word_untracked(key)).says(app.saying(key));
        el("section", "card")
            .child(el("h2", "").attr("dir", "auto").text(&name))
            .child(slot(app, start))
            .child(el("p", "").says(move || app.fill("kept", &clock::time_text(until, &app.locale.get()))))
            .child(answer("primary", "book_it"))
            .child(answer("quiet", "other_time"))
    })
}

/// What stands there until the visitor has said anything after the item `seq`. It is made with what makes a button that says
/// something; its place keeps the focus once the button is gone, so that the next thing is the answer.
fn until_answered(
    app: App,
    seq: u32,
    make: impl Fn(&dyn Fn(&'static str, String) -> El) -> El + 'static,
) -> El {
    let answered = move || app.model.with(|model| model.said_after(seq));
    let place = el("div", "offer").attr("tabindex", "-1");
    let focused = place.clone();
    place.holds(answered, move |answered| {
        let choose = |class: &'static str, words: String| {
            let place = focused.clone();
            button(class, move || {
                place.element().unchecked_ref::<HtmlElement>().focus().ok();
                app.say(&words);
            })
        };
        (!answered).then(|| make(&choose))
    })
}

/// A start on the visitor's own clock.
fn slot(app: App, start: Timestamp) -> El {
    el("p", "")
        .says(move || [&clock::slot_text(start, &app.locale.get()), " · ", &app.word("yours")].concat())
}

/// An appointment that stands, with the way to put it into a calendar and to change it.
pub(super) fn booked(app: App, name: &str, start: Timestamp, link: &str) -> El {
    let leads = |to: &str, key| {
        let file = [link, to].concat();
        el("a", "").attr("href", &file).attr("target", "_blank").attr("rel", "noopener").says(app.saying(key))
    };
    el("section", "card")
        .child(el("h2", "mark done").attr("dir", "auto").text(name))
        .child(slot(app, start))
        .maybe(
            (!link.is_empty()).then(|| {
                el("p", "ways").child(leads("/appointment.ics", "calendar")).child(leads("", "change"))
            }),
        )
}
