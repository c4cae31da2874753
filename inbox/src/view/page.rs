//! What takes the whole width beside the rail: review, reports, settings.

mod own;
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
    // What may be done is known once it is known who is here.
    let which = Memo::new(move |_| app.page().filter(|_| app.me.with(Option::is_some)));
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
