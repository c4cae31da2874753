//! What the team says often, to begin a message with.

use leptos::prelude::*;
use shared::api::teach::{Canned, fill_known};

use super::{app, sheet::trouble};
use crate::{browser, words::say};

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
