//! One row of the log: a message with its name, its sources, its line and how far it has come.

use shared::channel::Channel;
use shared::id::EventId;
use shared::time::Timestamp;
use shared::wire::{Offer, Speaker};

use super::booking;
use super::continue_card::continue_card;
use super::files::files;
use super::person;
use super::sources::sources;
use super::text::{label, linked};
use crate::app::App;
use crate::clock;
use crate::element::{El, button, el};
use crate::model::{Row, State};

/// The day's name above the first row of a day.
pub(super) fn day(app: App, at: Timestamp) -> El {
    el("p", "day").says(move || match clock::day_of(clock::now()) - clock::day_of(at) {
        0 => app.word("today"),
        1 => app.word("yesterday"),
        _ => clock::day_text(at, &app.locale.get()),
    })
}

/// A row.
pub(super) fn bubble(app: App, row: &Row) -> El {
    let item = &row.item;
    if item.speaker == Speaker::System {
        return linked(el("p", "note").attr("dir", "auto"), &item.text);
    }
    let own = item.speaker == Speaker::Contact;
    let class = match (own, row.first, row.last) {
        (true, _, true) => "row own last",
        (true, _, false) => "row own",
        (false, true, true) => "row first last",
        (false, true, false) => "row first",
        (false, false, true) => "row last",
        (false, false, false) => "row",
    };
    let subject = item.subject.as_ref().map(|subject| el("strong", "subject").text(subject));
    let body = (!item.text.is_empty() || item.files.is_empty())
        .then(|| linked(el("div", "bubble").attr("dir", "auto").maybe(subject), &item.text));
    let shown = el("div", class)
        .attr("id", item.id.as_str())
        .maybe((row.first || own).then(|| label(app, &item.speaker)))
        .maybe(body)
        .maybe((!item.files.is_empty()).then(|| files(&item.files)))
        .maybe((!item.sources.is_empty()).then(|| sources(app, item.sources.clone())))
        .child(meta(app, row));
    let seq = item.seq;
    item.offers.iter().fold(shown, |shown, offer| {
        shown.child(match offer {
            Offer::ContinueBySms => continue_card(app, Channel::Sms, seq),
            Offer::ContinueByEmail => continue_card(app, Channel::Email, seq),
            Offer::Person => person::offer(app),
            Offer::Times { starts } => booking::times(app, seq, starts),
            Offer::Booked { name, start, link } => booking::booked(app, name, *start, link),
        })
    })
}

/// The line below: the channel where it is another, the time, and how far an own message has come.
fn meta(app: App, row: &Row) -> El {
    let (at, channel) = (row.item.at, row.item.channel);
    let mark = (row.last && channel != Channel::Widget)
        .then(|| el("span", &["mark ", channel.as_str()].concat()).says(app.saying(channel.as_str())));
    let when = row.last.then(|| el("span", "time").says(move || clock::time_text(at, &app.locale.get())));
    let line = el("p", "meta").maybe(mark).maybe(when);
    if row.item.speaker == Speaker::Contact { state(line, app, row) } else { line }
}

/// How far an own message has come, and what can be done where it failed. Not live: the status line speaks for it.
fn state(line: El, app: App, row: &Row) -> El {
    let (row, id) = (row.clone(), row.item.id.clone());
    let state = move || {
        app.model.with(|model| model.state(&row.item.id).filter(|state| model.tells_state(&row, state)))
    };
    line.holds(state, move |state| Some(told(app, &id, state.as_ref()?)))
}

fn told(app: App, id: &EventId, state: &State) -> El {
    let key = match state {
        State::Queued => "queued",
        State::Sending => "sending",
        State::Sent => "sent",
        State::Delivered => "delivered",
        State::Read => "read",
        State::Failed { text, retry } => return failed(app, id.clone(), text, *retry),
    };
    el("span", &["state ", key].concat()).attr("aria-live", "off").says(app.saying(key))
}

fn failed(app: App, id: EventId, text: &str, retry: bool) -> El {
    let act = move || {
        if retry {
            app.retry(&id);
        } else {
            app.draft.set(app.withdraw(&id).unwrap_or_default());
        }
    };
    let said = [&app.word("failed"), " ", text].concat();
    el("span", "state failed")
        .attr("role", "alert")
        .child(el("span", "").attr("dir", "auto").text(&said))
        .child(button("link", act).says(app.saying(if retry { "retry" } else { "edit" })))
}
