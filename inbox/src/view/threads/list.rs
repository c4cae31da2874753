//! The list of conversations, and the search above it.

use leptos::prelude::*;
use shared::{
    api::list::{Card, Found, View},
    wire::Speaker,
};

use super::{
    app,
    failures::Failures,
    icon::{Icon, Mark},
    sort::{Tools, pick},
    step_of,
};
use crate::{
    browser::{self, Shape},
    route::Shown,
    state::threads::Threads,
    words::{fill, say},
};

/// The list.
#[component]
pub(crate) fn List() -> impl IntoView {
    let app = app();
    let looked_for = RwSignal::new(String::new());
    let found: RwSignal<Option<Vec<Found>>> = RwSignal::default();
    let look = move |text: String| {
        looked_for.set(text.clone());
        search(app, looked_for, found, text);
    };
    let cards = move || app.cards.with(|cards| cards.as_ref().map(|it| it.cards.clone()).unwrap_or_default());
    // What may be done is known once it is known who is here.
    let is_known = Memo::new(move |_| app.me.with(Option::is_some));
    let is_read = move || app.cards.with(Option::is_some);
    let is_empty = move || is_read() && cards().is_empty();
    let has_more = move || app.cards.with(|cards| cards.as_ref().is_some_and(|it| it.next.is_some()));
    let title = move || say(&["view-", app.view.get().as_str()].concat());
    view! {
        <section class="list" aria-labelledby="list-title">
            <header>
                <h1 id="list-title">{title}</h1>
                <form class="search" role="search" on:submit=move |event| event.prevent_default()>
                    <Icon name="search"/>
                    <input
                        id="search"
                        type="search"
                        autocomplete="off"
                        placeholder=say("search")
                        aria-label=say("search")
                        on:keydown=|event| {
                            if let Some(by) = step_of(&event.key()) {
                                event.prevent_default();
                                browser::step_focus(".results a", by);
                            }
                        }
                        prop:value=move || looked_for.get()
                        on:input=move |event| look(event_target_value(&event))
                    />
                </form>
                <Show when=move || is_known.get()><Tools/></Show>
            </header>
            <div class="scroll" tabindex="-1">
                <Show
                    when=move || found.with(Option::is_some)
                    fallback=move || if is_known.get() && app.view.get() == View::NotDelivered {
                        view! { <Failures/> }.into_any()
                    } else { view! {
                        <ul class="cards">
                            <For each=cards key=|card| format!("{card:?}") children=move |card| view! { <Row card/> }/>
                        </ul>
                        <Show when=move || !is_read()><Waiting/></Show>
                        <Show when=is_empty>
                            <p class="none"><b>{say("none-title")}</b><span>{say("none")}</span></p>
                        </Show>
                        <Show when=has_more>
                            <button type="button" class="more" on:click=move |_| app.read_more_list()>
                                {say("more")}
                            </button>
                        </Show>
                    }.into_any() }
                >
                    <Results found/>
                </Show>
            </div>
        </section>
    }
}

/// Grey bars where cards will be.
#[component]
fn Waiting() -> impl IntoView {
    let bar = |_| view! { <li class="card ghost" aria-hidden="true"><span></span><span></span></li> };
    view! { <ul class="cards" aria-busy="true">{(0..6).map(bar).collect_view()}</ul> }
}

#[component]
fn Row(card: Card) -> impl IntoView {
    let app = app();
    let contact = card.contact.clone();
    let path = app.address(Shown::Contact(contact.clone()));
    let current = contact.clone();
    let is_current = move || (app.contact().as_ref() == Some(&current)).then_some("true");
    let name = card.name.clone().unwrap_or_else(|| say("somebody"));
    let box_of = pick(app, card.contact.clone(), &name);
    let who = match &card.speaker {
        Speaker::Contact => String::new(),
        Speaker::Assistant => say("the-assistant"),
        Speaker::Agent(name) | Speaker::Sequence(name) => name.clone(),
        Speaker::System => "Throughline".to_owned(),
    };
    let who = (!who.is_empty()).then(|| view! { <span class="speaker">{who}": "</span> });
    let waits = card.waits_since.map(|since| {
        let since = browser::from_now(since, browser::now_ms());
        view! { <span class="chip wait">{fill("waits", &since)}</span> }
    });
    let promised = card.promised_by.map(|by| {
        let late = browser::f64_of(by) < browser::now_ms();
        let when = browser::from_now(by, browser::now_ms());
        view! { <span class="chip" class:bad=late class:wait=!late>{fill("promised", &when)}</span> }
    });
    let failed = card.not_delivered.then(|| view! { <span class="chip bad">{say("not-delivered")}</span> });
    let floor = card.floor.clone().map(|name| view! { <span class="chip">{fill("floor-of", &name)}</span> });
    let assigned = card.assigned.clone().map(|name| view! { <span class="chip">{name}</span> });
    let tags =
        card.tags.iter().map(|tag| view! { <span class="chip tag">{tag.clone()}</span> }).collect_view();
    view! {
        <li class="card">
            {box_of}
            <a
                href=path
                aria-current=is_current
                on:click=move |event| app.follow(&event, Shown::Contact(contact.clone()))
            >
                <span class="top">
                    <Mark channel=card.channel/>
                    <b dir="auto">{name}</b>
                    <time>{browser::written(card.at, None, Shape::Short)}</time>
                </span>
                <span class="excerpt" dir="auto">{who}{card.excerpt.clone()}</span>
                <span class="chips">{waits}{promised}{failed}{floor}{assigned}{tags}</span>
            </a>
        </li>
    }
}

#[component]
fn Results(found: RwSignal<Option<Vec<Found>>>) -> impl IntoView {
    let app = app();
    let row = move |it: Found| {
        let contact = it.contact.clone();
        let path = app.address(Shown::Contact(contact.clone()));
        view! {
            <li class="card">
                <a href=path on:click=move |event| app.follow(&event, Shown::Contact(contact.clone()))>
                    <span class="top"><b dir="auto">{it.name.clone().unwrap_or_else(|| say("somebody"))}</b>
                        <time>{browser::written(it.at, None, Shape::Short)}</time></span>
                    <span class="excerpt" dir="auto">{marked(&it.excerpt)}</span>
                </a>
            </li>
        }
    };
    let group = move |name: &'static str, people: bool| {
        let is_of = |it: &Found| it.place.is_none() == people;
        let of: Vec<Found> = found.get().unwrap_or_default().into_iter().filter(is_of).collect();
        (!of.is_empty()).then(|| {
            let rows = of.into_iter().map(row).collect_view();
            view! { <section aria-labelledby=name><h2 id=name>{say(name)}</h2><ul class="cards">{rows}</ul></section> }
        })
    };
    let is_empty = move || found.with(|found| found.as_ref().is_some_and(Vec::is_empty));
    view! {
        <div class="results" on:keydown=|event| {
            if let Some(by) = step_of(&event.key()) {
                event.prevent_default();
                browser::step_focus(".results a", by);
            }
        }>
            {move || group("found-people", true)}
            {move || group("found-messages", false)}
        </div>
        <Show when=is_empty>
            <p class="none" role="status"><b>{say("nothing-found")}</b><span>{say("nothing-found-why")}</span></p>
        </Show>
    }
}

/// An excerpt with what was looked for marked.
fn marked(excerpt: &str) -> impl IntoView + use<> {
    let parts = excerpt.split('\u{2402}').enumerate().map(|(place, part)| {
        let (hit, rest) =
            if place == 0 { ("", part) } else { part.split_once('\u{2403}').unwrap_or((part, "")) };
        let hit = (!hit.is_empty()).then(|| view! { <mark>{hit.to_owned()}</mark> });
        view! { {hit}{rest.to_owned()} }
    });
    parts.collect_view()
}

fn search(app: Threads, looked_for: RwSignal<String>, found: RwSignal<Option<Vec<Found>>>, text: String) {
    if text.trim().is_empty() {
        found.set(None);
        return;
    }
    leptos::task::spawn_local(async move {
        match app.search(&text).await {
            Ok(all) if looked_for.get_untracked() == text => found.set(Some(all)),
            Ok(_) => {}
            Err(failure) => app.tell(&failure),
        }
    });
    app.told.update(String::clear);
}
