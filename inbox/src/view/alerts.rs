//! What whoever is signed in was told and has not read.

use leptos::prelude::*;
use serde_json::json;
use shared::api::alerts::AlertLine;

use super::{app, icon::Icon, sheet::trouble};
use crate::{
    browser,
    route::Shown,
    state::Over,
    words::{fill, say},
};

/// The bell, with how many there are.
#[component]
pub(crate) fn Bell() -> impl IntoView {
    let app = app();
    let count = move || app.alerts.with(Vec::len);
    let label = move || fill("alerts-count", &count().to_string());
    Effect::new(move |_| {
        let title = say("alerts-title");
        let title = if count() > 0 { ["(", &count().to_string(), ") ", &title].concat() } else { title };
        document().set_title(&title);
    });
    view! {
        <button type="button" class="bell" aria-label=label on:click=move |_| app.lay(Over::Alerts)>
            <Icon name="bell"/><span class="label" aria-hidden="true">{say("alerts")}</span>
            <Show when=move || { count() > 0 }><span class="count" aria-hidden="true" data-view="waiting">{count}</span></Show>
        </button>
    }
}

/// The list.
pub(super) fn list() -> AnyView {
    let app = app();
    let wrong: RwSignal<String> = RwSignal::default();
    app.read_alerts();
    let row = move |it: AlertLine| {
        let shown = Shown::Contact(it.contact.clone());
        let path = app.address(shown.clone());
        let id = it.id.clone();
        view! {
            <li>
                <a href=path on:click=move |event| {
                    if !event.ctrl_key() && !event.meta_key() {
                        event.prevent_default();
                        app.over.set(None);
                        let shown = shown.clone();
                        app.alerts_read(vec![id.clone()], Box::new(move || app.show(shown)));
                    }
                }>
                    <span class="top"><b dir="auto">{it.name.clone().unwrap_or_else(|| say("somebody"))}</b>
                        <span class="chip" data-kind=it.kind.as_str()>{say(&["alert-", it.kind.as_str()].concat())}</span>
                        <time>{browser::from_now(it.at, browser::now_ms())}</time></span>
                    <span>{it.text.clone()}</span>
                </a>
            </li>
        }
    };
    let rows = move || app.alerts.get().into_iter().map(row).collect_view();
    let is_empty = move || app.alerts.with(Vec::is_empty);
    let all = move |_| {
        let path = [&app.site_path(), "/alerts/read"].concat();
        let then = move || app.read_alerts();
        app.submit(("POST", path), json!({ "ids": [] }), "told-read", wrong, Box::new(then));
    };
    view! {
        {trouble(wrong)}
        <ul class="alerts">{rows}</ul>
        <Show when=is_empty fallback=move || view! {
            <div class="acts"><button type="button" on:click=all>{say("alerts-read-all")}</button></div>
        }><p class="none-here">{say("alerts-none")}</p></Show>
    }
    .into_any()
}
