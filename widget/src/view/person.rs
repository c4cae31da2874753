//! "Talk to a person": asked for with one tap, answered with when, and where to answer if nobody is there.

use std::sync::Arc;

use leptos::prelude::{
    AriaAttributes, ClassAttribute, ElementChild, Get, GlobalAttributes, IntoView, OnAttribute, Set, With,
    component, view,
};

use super::card::{Ask, Form, Submit};
use crate::app::App;
use crate::model::State;

/// Asks for a person and shows the card.
pub(crate) fn ask(app: App) {
    app.asked_for_person.set(app.ask_for_person(None));
}

/// The card after "talk to a person" was tapped.
#[component]
pub(super) fn PersonCard(app: App) -> impl IntoView {
    move || {
        let id = app.asked_for_person.get()?;
        let heading = move || match app.model.with(|model| model.state(&id)) {
            Some(State::Failed { text, .. }) => text,
            Some(State::Queued | State::Sending) | None => app.word("person_asking"),
            Some(State::Sent | State::Delivered | State::Read) => app.word("person_asked"),
        };
        Some(view! {
            <section class="card" role="group">
                <button
                    class="icon close"
                    type="button"
                    aria-label=app.word("dismiss")
                    on:click=move |_| app.asked_for_person.set(None)
                />
                <h2 class="mark person" role="status">{heading}</h2>
                <Times app/>
                {form(app, "person", "leave_address")}
            </section>
        })
    }
}

/// The same offer under a message of the assistant's.
#[component]
pub(super) fn PersonOffer(app: App) -> impl IntoView {
    view! {
        <section class="card">
            <h2 class="mark person">{move || app.word("person")}</h2>
            <Times app/>
            <button class="primary" type="button" on:click=move |_| ask(app)>{move || app.word("person_ask")}</button>
        </section>
    }
}

/// When a person is there next, in the edge's words.
#[component]
fn Times(app: App) -> impl IntoView {
    let people = move || app.site.with(|site| site.as_ref().map(|site| site.people.clone()));
    view! { <p dir="auto">{people}</p> }
}

fn form(app: App, name: &str, button: &'static str) -> impl IntoView {
    let ask = Ask {
        name: name.to_owned(),
        kind: "text",
        autocomplete: "on",
        label: "person_address",
        missing: "person_address_missing",
        consent: None,
        button,
        done: "person_noted",
    };
    let submit: Submit = Arc::new(move |address| app.ask_for_person(Some(address)));
    view! { <Form app ask submit/> }
}
