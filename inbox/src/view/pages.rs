//! What takes the whole width beside the rail: review, reports, settings.

mod canned;
mod own;
mod reports;
mod review;
mod settings;

use std::sync::Arc;

use leptos::prelude::*;

use super::{app, sheet};
use crate::{
    model::keys::Act,
    route::{Page as Which, Shown},
    state::{App, Program},
};

/// The program of these pages.
struct Pages(App);

impl Program for Pages {
    fn shows(&self, shown: &Shown) -> bool {
        matches!(shown, Shown::Page(_))
    }

    fn does(&self, act: Act) -> bool {
        matches!(act, Act::Palette | Act::Help | Act::Back)
    }

    fn arrive(&self) {
        self.0.read_counts();
    }
}

/// The program.
pub(crate) fn program(app: App) -> AnyView {
    app.begin(Arc::new(Pages(app)));
    super::frame(app, || "page", view! { <Page/> }.into_any())
}

/// The page that the address names.
#[component]
fn Page() -> impl IntoView {
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
