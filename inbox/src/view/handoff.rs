//! The handoff that is open: what they want, what was tried, what was promised, and what could be answered.

use leptos::prelude::*;
use shared::api::person::HandoffCard;

use super::{app, icon::Icon};
use crate::{
    browser,
    state::App,
    words::{fill, say},
};

/// The card, where a handoff is open.
#[component]
pub(crate) fn Handoff() -> impl IntoView {
    let app = app();
    let card = move || app.person.with(|person| person.as_ref().and_then(|it| it.handoff.clone()));
    move || card().map(|it| draw(app, &it))
}

fn draw(app: App, it: &HandoffCard) -> impl IntoView + use<> {
    let promised = it.promised.clone().map(|(by, deed)| {
        let deed = say(&["deed-", &deed].concat());
        let countdown = move || {
            let when = browser::from_now(by, app.now.get());
            [&deed, ": ", &fill("promised", &when)].concat()
        };
        let late = move || browser::f64_of(by) < app.now.get();
        let owner = it.owner.clone().filter(|name| !name.is_empty()).map(|name| fill("owner", &name));
        view! { <p class="promise" class:late=late><Icon name="promised"/><b>{countdown}</b>" "{owner}</p> }
    });
    let tried =
        it.tried.clone().map(|text| view! { <div><dt>{say("tried")}</dt><dd dir="auto">{text}</dd></div> });
    let suggestion = it.suggestion.clone().map(|text| {
        let taken = text.clone();
        view! {
            <div class="suggestion">
                <dt>{say("suggestion")}</dt>
                <dd dir="auto">{text}</dd>
                <button type="button" class="quiet" on:click=move |_| {
                    app.note.set(false);
                    app.draft.set(taken.clone());
                    browser::focus("compose");
                }>{say("use-it")}</button>
            </div>
        }
    });
    view! {
        <section class="handoff" aria-label=say("handoff")>
            <header><Icon name="person"/><b>{it.because.clone()}</b></header>
            <dl>
                <div><dt>{say("wants")}</dt><dd dir="auto">{it.wants.clone()}</dd></div>
                {tried}
                {suggestion}
            </dl>
            <footer>
                {promised}
                <button type="button" class="quiet" on:click=move |_| app.suggest()>{say("suggest")}</button>
            </footer>
        </section>
    }
}
