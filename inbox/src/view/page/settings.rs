//! How things are set, for a site owner who is no developer.

use leptos::prelude::*;

use super::app;
use crate::{
    route::{Page, Part, Route, Shown},
    words::say,
};

/// The settings: the parts, and the one that is shown.
#[component]
pub(crate) fn Settings(
    /// Which part.
    part: Part,
) -> impl IntoView {
    let app = app();
    let entry = move |it: Part| {
        let shown = Shown::Page(Page::Settings(it));
        let path =
            Route { site: app.route.with_untracked(|route| route.site.clone()), shown: shown.clone() }.path();
        let current = (it == part).then_some("page");
        view! {
            <li>
                <a href=path aria-current=current on:click=move |event| {
                    if !event.ctrl_key() && !event.meta_key() {
                        event.prevent_default();
                        app.show(shown.clone());
                    }
                }>{say(&["part-", it.as_str()].concat())}</a>
            </li>
        }
    };
    view! {
        <div class="settings">
            <nav aria-label=say("page-settings")>
                <h1>{say("page-settings")}</h1>
                <ul>{Part::ALL.into_iter().map(entry).collect_view()}</ul>
            </nav>
            <section class="part" aria-labelledby="part-title">
                <h2 id="part-title">{say(&["part-", part.as_str()].concat())}</h2>
            </section>
        </div>
    }
}
