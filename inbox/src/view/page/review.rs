//! Answers of the assistant somebody should look at, and what it was taught.

use leptos::prelude::*;

use crate::words::say;

/// The page.
#[component]
pub(crate) fn Review() -> impl IntoView {
    view! { <h1>{say("page-review")}</h1> }
}
