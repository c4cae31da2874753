//! "Talk to a person": asked for with one tap, answered with when, and where to answer if nobody is there.

use std::rc::Rc;

use super::card::{Ask, form};
use crate::app::App;
use crate::element::{El, button, el};
use crate::model::State;

/// Asks for a person and shows the card.
pub(crate) fn ask(app: App) {
    app.asked_for_person.set(app.ask_for_person(None));
}

/// The place of the card after "talk to a person" was tapped.
pub(super) fn card(app: App) -> El {
    el("div", "").holds(
        move || app.asked_for_person.get(),
        move |asked| {
            let id = asked.clone()?;
            let heading = move || match app.model.with(|model| model.state(&id)) {
                Some(State::Failed { text, .. }) => text,
                Some(State::Queued | State::Sending) | None => app.word("person_asking"),
                Some(State::Sent | State::Delivered | State::Read) => app.word("person_asked"),
            };
            let dismiss = button("icon close", move || app.asked_for_person.set(None));
            Some(
                el("section", "card")
                    .attr("role", "group")
                    .child(dismiss.named(app.saying("dismiss")))
                    .child(el("h2", "mark person").attr("role", "status").says(heading))
                    .child(times(app))
                    .child(form(app, address(app))),
            )
        },
    )
}

/// The same offer under a message of the assistant's.
pub(super) fn offer(app: App) -> El {
    el("section", "card")
        .child(el("h2", "mark person").says(app.saying("person")))
        .child(times(app))
        .child(button("primary", move || ask(app)).says(app.saying("person_ask")))
}

/// When a person is there next, in the edge's words.
fn times(app: App) -> El {
    let people = move || app.site.with(|site| site.as_ref().map(|site| site.people.clone()));
    el("p", "").attr("dir", "auto").says(move || people().unwrap_or_default())
}

fn address(app: App) -> Ask {
    Ask {
        name: "person".to_owned(),
        kind: "text",
        autocomplete: "on",
        label: "person_address",
        missing: "person_address_missing",
        consent: None,
        button: "leave_address",
        done: "person_noted",
        submit: Rc::new(move |address| app.ask_for_person(Some(address))),
    }
}
