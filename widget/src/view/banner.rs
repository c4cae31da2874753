//! A line under the head for what is wrong with the connection, in plain words.

use leptos::prelude::{ClassAttribute, ElementChild, Get, GlobalAttributes, IntoView, With, component, view};

use crate::app::{App, Status};
use crate::dom;

/// The banner; nothing while all is well.
#[component]
pub(super) fn Banner(app: App) -> impl IntoView {
    let sentence = move || {
        let trouble = app.model.with(|model| model.trouble().map(str::to_owned));
        match app.status.get() {
            _ if trouble.is_some() => trouble,
            Status::Offline if dom::window().navigator().on_line() => Some(app.word("reconnecting")),
            Status::Offline => Some(app.word("offline")),
            Status::Starting | Status::Online => None,
        }
    };
    view! {
        <div role="status">
            {move || sentence().map(|sentence| view! { <p class="banner" dir="auto">{sentence}</p> })}
        </div>
    }
}
