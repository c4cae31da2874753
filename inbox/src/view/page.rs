//! What takes the whole width beside the rail: review, reports, settings.

mod reports;
mod review;
mod settings;

use leptos::prelude::*;

use super::app;
use crate::route::Page as Which;

/// The page that the address names.
#[component]
pub(crate) fn Page() -> impl IntoView {
    let app = app();
    let which = Memo::new(move |_| app.page());
    view! {
        <main class="page" id="thread" tabindex="-1">
            {move || match which.get() {
                Some(Which::Review) => view! { <review::Review/> }.into_any(),
                Some(Which::Reports) => view! { <reports::Reports/> }.into_any(),
                Some(Which::Settings(part)) => view! { <settings::Settings part/> }.into_any(),
                None => ().into_any(),
            }}
        </main>
    }
}
