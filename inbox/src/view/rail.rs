//! The rail: the site, the views with how many stand in each, and who is signed in.

use std::mem;

use leptos::prelude::*;
use shared::api::list::View;

use super::{app, icon::Icon};
use crate::{
    route::{Page, Part, Route, Shown},
    state::Over,
    words::{fill, say},
};

/// The rail.
#[component]
pub(crate) fn Rail() -> impl IntoView {
    let app = app();
    let site = move || app.membership().map(|it| it.site_name).unwrap_or_default();
    let count = move |view: View| {
        app.counts.with(|counts| match view {
            View::Mine => counts.mine,
            View::Unassigned => counts.unassigned,
            View::Waiting => counts.waiting,
            View::Promised => counts.promised,
            View::NotDelivered => counts.not_delivered,
            _ => 0,
        })
    };
    let entry = move |view: View| {
        let path = move || {
            let site = app.route.with(|route| route.site.clone());
            Route { site, shown: Shown::List(view) }.path()
        };
        let is_current = move || (app.page().is_none() && app.view.get() == view).then_some("page");
        view! {
            <li>
                <a
                    href=path
                    aria-current=is_current
                    on:click=move |event| {
                        if !event.ctrl_key() && !event.meta_key() {
                            event.prevent_default();
                            app.show(Shown::List(view));
                        }
                    }
                >
                    <Icon name=view.as_str()/>
                    <span class="label">{say(&["view-", view.as_str()].concat())}</span>
                    <Show when=move || { count(view) > 0 }>
                        <span class="count" data-view=view.as_str()>{move || count(view)}</span>
                    </Show>
                </a>
            </li>
        }
    };
    let page = move |page: Page, icon: &'static str, name: &'static str| {
        let path = move || {
            let site = app.route.with(|route| route.site.clone());
            Route { site, shown: Shown::Page(page) }.path()
        };
        let is_current = move || {
            app.page()
                .is_some_and(|shown| mem::discriminant(&shown) == mem::discriminant(&page))
                .then_some("page")
        };
        view! {
            <li>
                <a href=path aria-current=is_current on:click=move |event| {
                    if !event.ctrl_key() && !event.meta_key() {
                        event.prevent_default();
                        app.show(Shown::Page(page));
                    }
                }>
                    <Icon name=icon/>
                    <span class="label">{say(name)}</span>
                </a>
            </li>
        }
    };
    let colleagues = move || {
        let mine = app.membership().map(|it| it.name);
        let mut names: Vec<String> = app.here.get().into_iter().map(|it| it.name).collect();
        names.retain(|name| Some(name) != mine.as_ref());
        names.sort();
        names.dedup();
        names
    };
    view! {
        <nav class="rail" aria-label=say("views")>
            <div class="site">
                <span class="logo" aria-hidden="true" inner_html=LOGO></span>
                <b dir="auto">{site}</b>
            </div>
            <ul>{View::ALL.into_iter().map(entry).collect_view()}</ul>
            <ul class="pages">
                {page(Page::Review, "check", "page-review")}
                {page(Page::Reports, "chart", "page-reports")}
                {page(Page::Settings(Part::Own), "settings", "page-settings")}
            </ul>
            <div class="foot">
                <Show when=move || !colleagues().is_empty()>
                    <p class="colleagues"><small>{move || fill("here", &colleagues().join(", "))}</small></p>
                </Show>
                <p class="wire" data-live=move || app.live.get().to_string()>
                    <small>{move || if app.live.get() { say("live") } else { say("not-live") }}</small>
                </p>
                <button type="button" class="quiet" on:click=move |_| app.over.set(Some(Over::Help))>
                    <Icon name="help"/><span class="label">{say("act-help")}</span>
                </button>
                <p class="who" dir="auto">
                    <small>{move || app.membership().map(|it| it.name)}</small>
                </p>
                <button type="button" class="quiet out" on:click=move |_| app.sign_out()>{say("sign-out")}</button>
            </div>
        </nav>
    }
}

/// Throughline's mark: three knots on one thread.
const LOGO: &str = r#"<svg viewBox="0 0 32 32" width="32" height="32" fill="none"><path d="M3 22C8 6 13 6 16 16s8 10 13-6" stroke="currentColor" stroke-width="3" stroke-linecap="round"/><g class="knots"><circle cx="6.500" cy="13" r="3.400"/><circle cx="16" cy="16" r="3.400"/><circle cx="25.800" cy="18" r="3.400"/></g></svg>"#;
