//! What could not be delivered, as work: why, and the way it would go now.

use leptos::prelude::*;
use serde_json::json;
use shared::{
    api::{
        list::{Failed, Failures as Page},
        me::Role,
        work::Act,
    },
    id::ContactId,
};

use super::{
    app,
    icon::{Mark, name},
    sheet::trouble,
};
use crate::{
    browser::{self, Shape},
    net,
    route::Shown,
    words::{fill, say},
};

/// The list.
#[component]
pub(crate) fn Failures() -> impl IntoView {
    let app = app();
    let page: RwSignal<Option<Page>> = RwSignal::default();
    let wrong: RwSignal<String> = RwSignal::default();
    let read = move || app.read_site_into("not-delivered", page, wrong);
    // Whatever moves the list moves this one.
    Effect::new(move |_| {
        app.cards.track();
        read();
    });
    let act = move |contact: &ContactId, tail: &str, body, said| {
        let path = [&app.contact_path(contact), "/", tail].concat();
        app.submit(("POST", path), body, said, wrong, Box::new(read));
    };
    let may = app.may(Role::Agent);
    let row = move |it: Failed| {
        let shown = Shown::Contact(it.contact.clone());
        let path = app.address(shown.clone());
        let (again, done) = (it.contact.clone(), it.contact.clone());
        let other = it.way.as_ref().map(|way| {
            let (channel, why) = (way.channel, way.why.clone());
            let label = fill("resend-by", &say(name(channel)));
            let send = may.then(|| {
                view! {
                    <button type="button" class="strong" on:click=move |_| {
                        act(&again, "resent", json!({ "channel": channel }), "told-resent");
                    }>{label}</button>
                }
            });
            view! { <small>{why}" "<span dir="ltr">{way.to.clone()}</span></small>{send} }
        });
        let held = it.held.clone().map(|why| view! { <small>{why}</small> });
        let seen = may.then(|| {
            view! {
                <button type="button" on:click=move |_| {
                    act(&done, "work", json!({ "act": Act::DealtWith }), "told-dealt-with");
                }>{say("dealt-with")}</button>
            }
        });
        view! {
            <li class="failed">
                <a href=path on:click=move |event| app.follow(&event, shown.clone())>
                    <span class="top"><Mark channel=it.channel/><b dir="auto">{it.name.clone().unwrap_or_else(|| it.to.clone())}</b>
                        <time>{browser::written(it.at, None, Shape::Short)}</time></span>
                    <span class="excerpt" dir="auto">{it.excerpt.clone()}</span>
                </a>
                <p class="chip bad">{it.because.clone()}</p>
                {other}{held}{seen}
            </li>
        }
    };
    let rows =
        move || page.get().map(|it| it.failures).unwrap_or_default().into_iter().map(row).collect_view();
    let is_empty = move || page.with(|page| page.as_ref().is_some_and(|page| page.failures.is_empty()));
    let has_more = move || page.with(|page| page.as_ref().is_some_and(|page| page.next.is_some()));
    let more = move |_| {
        let Some(next) = page.with_untracked(|page| page.as_ref().and_then(|page| page.next.clone())) else {
            return;
        };
        let path = [&app.site_path(), "/not-delivered?after=", &next].concat();
        leptos::task::spawn_local(async move {
            match net::get::<Page>(&path).await {
                Ok(more) => page.update(|page| {
                    if let Some(page) = page.as_mut().filter(|page| page.next.as_ref() == Some(&next)) {
                        page.failures.extend(more.failures);
                        page.next = more.next;
                    }
                }),
                Err(failure) => wrong.set(failure.text),
            }
        });
    };
    view! {
        {trouble(wrong)}
        <ul class="cards">{rows}</ul>
        <Show when=is_empty><p class="none"><b>{say("failures-none-title")}</b><span>{say("failures-none")}</span></p></Show>
        <Show when=has_more><button type="button" class="more" on:click=more>{say("more")}</button></Show>
    }
}
