//! What the team says often, to be written, changed and removed.

use leptos::prelude::*;
use serde_json::json;
use shared::api::{me::Role, teach::Canned};

use super::{app, sheet::trouble};
use crate::{
    browser,
    words::{about, say},
};

/// The replies, with a form for one more.
pub(super) fn manage() -> AnyView {
    let app = app();
    let all: RwSignal<Option<Vec<Canned>>> = RwSignal::default();
    let wrong: RwSignal<String> = RwSignal::default();
    let (name, text) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let read = move || app.read_site_into("canned", all, wrong);
    read();
    let may = app.may(Role::Agent);
    let keep = move || {
        let body = json!({ "name": name.get_untracked().trim(), "text": text.get_untracked().trim() });
        let then = move || {
            name.set(String::new());
            text.set(String::new());
            read();
        };
        let path = [&app.site_path(), "/canned"].concat();
        app.submit(("POST", path), body, "told-kept", wrong, Box::new(then));
    };
    let row = move |it: Canned| {
        let (shown, gone, named) = (it.clone(), it.name.clone(), it.name.clone());
        let remove = move |_| {
            let path = [&app.site_path(), "/canned/removed"].concat();
            app.submit(("POST", path), json!({ "name": gone }), "told-removed", wrong, Box::new(read));
        };
        let acts = may.then(|| {
            view! {
                <div class="acts">
                    <button type="button" aria-label=about("edit", &named) on:click=move |_| {
                        name.set(shown.name.clone());
                        text.set(shown.text.clone());
                        browser::focus("canned-text");
                    }>{say("edit")}</button>
                    <button type="button" class="grave" aria-label=about("remove", &named) on:click=remove>{say("remove")}</button>
                </div>
            }
        });
        view! { <li><div><b dir="auto">{it.name}</b><span class="words" dir="auto">{it.text}</span></div>{acts}</li> }
    };
    let rows = move || all.get().unwrap_or_default().into_iter().map(row).collect_view();
    let form = may.then(|| {
        view! {
            <form class="form" on:submit=move |event| { event.prevent_default(); keep(); }>
                {trouble(wrong)}
                <label><b>{say("canned-name")}</b>
                    <input maxlength="60" required dir="auto" prop:value=move || name.get() on:input=move |event| name.set(event_target_value(&event))/>
                    <small>{say("canned-name-hint")}</small>
                </label>
                <label><b>{say("canned-text")}</b>
                    <textarea id="canned-text" rows="3" required dir="auto" prop:value=move || text.get() on:input=move |event| text.set(event_target_value(&event))></textarea>
                    <small>{say("canned-text-hint")}</small>
                </label>
                <div class="acts"><button type="submit" class="strong">{say("canned-keep")}</button></div>
            </form>
        }
    });
    view! { <ul class="rows">{rows}</ul>{form} }.into_any()
}
