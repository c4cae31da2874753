//! How things are set, for a site owner who is no developer.

mod assistant;
mod booking;
mod channels;
mod form;
mod hours;
mod knowledge;
mod privacy;
mod site;
mod team;

use leptos::prelude::*;
use shared::api::me::Role;

use super::app;
use crate::{
    browser,
    route::{Page, Part, Shown},
    state::App,
    words::say,
};

/// The settings: the parts, and the one that is shown.
#[component]
pub(crate) fn Settings(
    /// Which part.
    part: Part,
) -> impl IntoView {
    let app = app();
    // Where the parts stand in one row, the one that is shown may be far along it.
    browser::reveal(".settings nav [aria-current]");
    let entry = move |it: Part| {
        let shown = Shown::Page(Page::Settings(it));
        let path = app.address(shown.clone());
        let current = (it == part).then_some("page");
        view! {
            <li>
                <a href=path aria-current=current on:click=move |event| app.follow(&event, shown.clone())>{say(&["part-", it.as_str()].concat())}</a>
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
                {move || shown(app, part)}
            </section>
        </div>
    }
}

/// What is shown of a part to whoever is signed in.
fn shown(app: App, part: Part) -> AnyView {
    let Some(membership) = app.membership() else { return ().into_any() };
    let least = match part {
        Part::Own => Role::ReadOnly,
        Part::Channels => Role::Admin,
        _ => Role::Agent,
    };
    if membership.role < least {
        return view! { <p class="soft">{say("set-not-yours")}</p> }.into_any();
    }
    match part {
        Part::Site => form::with_settings(app, site::site),
        Part::Hours => form::with_settings(app, hours::hours),
        Part::Team => team::team(app),
        Part::Channels => channels::channels(app),
        Part::Knowledge => form::with_settings(app, knowledge::knowledge),
        Part::Assistant => form::with_settings(app, assistant::assistant),
        Part::Booking => form::with_settings(app, booking::booking),
        Part::Privacy => form::with_settings(app, privacy::privacy),
        Part::Own => view! { <super::own::Own/> }.into_any(),
    }
}
