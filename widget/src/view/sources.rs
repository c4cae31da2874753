//! Where an assistant's answer comes from, folded away until asked for.

use leptos::prelude::{
    ClassAttribute, CollectView, ElementChild, GlobalAttributes, IntoView, OnAttribute, component, view,
};
use shared::wire::Source;

use crate::app::App;
use crate::dom;

/// The sources of one answer.
#[component]
pub(super) fn Sources(app: App, sources: Vec<Source>) -> impl IntoView {
    let count = sources.len();
    let list = sources.into_iter().map(|source| {
        let earlier = source.event.map(|event| {
            let show = move |_| {
                if let Some(element) = dom::document().get_element_by_id(event.as_str()) {
                    element.scroll_into_view();
                }
            };
            view! { <button class="link" type="button" on:click=show>{move || app.word("show_message")}</button> }
        });
        view! { <li dir="auto"><strong>{source.title}</strong><q>{source.quote}</q>{earlier}</li> }
    });
    view! {
        <details class="sources">
            <summary>
                {move || if count == 1 { app.word("source") } else { app.fill("sources", &count.to_string()) }}
            </summary>
            <ul>{list.collect_view()}</ul>
        </details>
    }
}
