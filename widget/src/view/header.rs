//! The panel's head: whose site this is, who answers now, and the way out.

use leptos::prelude::{
    AriaAttributes, ClassAttribute, ElementChild, Get, IntoAny, IntoView, OnAttribute, With, component, view,
};
use shared::wire::Speaker;

use super::speaker_name;
use crate::app::App;

/// The head.
#[component]
pub(super) fn Header(app: App) -> impl IntoView {
    let name = move || app.site.with(|site| site.as_ref().map(|site| site.site.clone()));
    let initial = move || name().and_then(|name| name.chars().next()).map(|c| c.to_uppercase().to_string());
    let floor = move || app.model.with(|model| model.floor().clone());
    let who = move || {
        app.site.get()?;
        let floor = floor();
        let tag = if matches!(floor, Speaker::Agent(_)) { "team" } else { "ai" };
        let floor = if matches!(floor, Speaker::Agent(_)) { floor } else { Speaker::Assistant };
        Some(view! { <span class="name">{speaker_name(app, &floor)}</span><span class="tag">{app.word(tag)}</span> }.into_any())
    };
    view! {
        <header class="head">
            <span class="face" aria-hidden="true">{initial}</span>
            <div class="who">
                <h1>{move || name().unwrap_or_else(|| app.word("title"))}</h1>
                <p>{who}</p>
            </div>
            <button
                class="icon close"
                type="button"
                aria-label=move || app.word("close")
                on:click=move |_| app.close()
            />
        </header>
    }
}
