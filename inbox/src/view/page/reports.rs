//! What happened in a span of days, in figures and charts.

use leptos::prelude::*;

use crate::words::say;

/// The page.
#[component]
pub(crate) fn Reports() -> impl IntoView {
    view! { <h1>{say("page-reports")}</h1> }
}
