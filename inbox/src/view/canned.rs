//! What the team says often: to begin a message with, and to be kept.

use leptos::prelude::*;
use serde_json::json;
use shared::api::{
    me::Role,
    teach::{Canned, fill_known},
};

use super::{app, sheet::trouble};
use crate::{
    browser,
    words::{fill, say},
};

/// A reply to begin with.
pub(super) fn choose() -> AnyView {
    let app = app();
    let all: RwSignal<Option<Vec<Canned>>> = RwSignal::default();
    let (asked, wrong) = (RwSignal::new(String::new()), RwSignal::default());
    app.read_site_into("canned", all, wrong);
    browser::focus("canned");
    let fits = move || {
        let asked = asked.get().to_lowercase();
        let mut all = all.get().unwrap_or_default();
        all.retain(|it| it.name.to_lowercase().contains(&asked) || it.text.to_lowercase().contains(&asked));
        all
    };
    let take = move |text: &str| {
        let name = app.person.with_untracked(|it| it.as_ref().and_then(|it| it.name.clone()));
        let site = app.membership().map(|it| it.site_name).unwrap_or_default();
        let filled = fill_known(text, name.as_deref(), &site);
        app.draft.update(|draft| {
            if !draft.trim().is_empty() {
                draft.push('\n');
            }
            draft.push_str(&filled);
        });
        if let Some(contact) = app.contact() {
            app.draft.with_untracked(|draft| browser::keep(&["draft.", contact.as_str()].concat(), draft));
        }
        app.lift();
        browser::focus("compose");
    };
    let row = move |it: Canned| {
        let text = it.text.clone();
        view! { <li><button type="button" on:click=move |_| take(&text)><b dir="auto">{it.name}</b><small dir="auto">{it.text}</small></button></li> }
    };
    let none = move || {
        let is_read = all.with(Option::is_some);
        let name = if all.with(|all| all.as_ref().is_some_and(Vec::is_empty)) {
            "canned-none"
        } else {
            "nothing-found"
        };
        (is_read && fits().is_empty()).then(|| view! { <p class="none-here">{say(name)}</p> })
    };
    view! {
        {trouble(wrong)}
        <form on:submit=move |event| {
            event.prevent_default();
            if let Some(first) = fits().first() {
                take(&first.text);
            }
        }>
            <input id="canned" autocomplete="off" placeholder=say("canned-search") aria-label=say("canned-search")
                prop:value=move || asked.get() on:input=move |event| asked.set(event_target_value(&event))/>
        </form>
        <ul class="choices canned">{move || fits().into_iter().map(row).collect_view()}</ul>
        {none}
    }
    .into_any()
}

/// The replies, to be written, changed and removed.
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
                    <button type="button" aria-label=fill("field-edit-of", &named) on:click=move |_| {
                        name.set(shown.name.clone());
                        text.set(shown.text.clone());
                        browser::focus("canned-text");
                    }>{say("edit")}</button>
                    <button type="button" class="grave" aria-label=fill("remove-of", &named) on:click=remove>{say("remove")}</button>
                </div>
            }
        });
        view! { <li><div><b dir="auto">{it.name}</b><span class="words" dir="auto">{it.text}</span></div>{acts}</li> }
    };
    let rows = move || all.get().unwrap_or_default().into_iter().map(row).collect_view();
    let none = move || {
        all.with(|all| all.as_ref().is_some_and(Vec::is_empty))
            .then(|| view! { <p class="none-here">{say("canned-none")}</p> })
    };
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
    view! { <ul class="rows">{rows}</ul>{none}{form} }.into_any()
}
