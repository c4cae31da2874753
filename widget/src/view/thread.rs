//! The log and what stands around it: the greeting above, what is being written below.
//!
//! The scrolling box is laid out from its end (`column-reverse`), so the browser itself keeps it at the newest message
//! while it grows or shrinks, and leaves it alone while the visitor reads further up.

use leptos::html::Main;
use leptos::prelude::{
    AriaAttributes, ClassAttribute, Effect, ElementChild, For, Get, GlobalAttributes, IntoView, Memo,
    NodeRef, NodeRefAttribute, OnAttribute, RwSignal, Set, Show, With, WithUntracked, component, view,
};
use shared::wire::Speaker;

use super::bubble::Bubble;
use super::live::Live;
use super::person::PersonCard;
use super::speaker_name;
use super::text::Label;
use crate::app::App;
use crate::clock;

/// Further away from the newest message than this, in pixels, the way back is offered.
const FAR: i32 = 160;

/// The conversation.
#[component]
pub(super) fn Thread(app: App) -> impl IntoView {
    let scroller = NodeRef::<Main>::new();
    let far = RwSignal::new(false);
    let measure = move || {
        if let Some(main) = scroller.get() {
            far.set(main.scroll_top() < -FAR);
        }
    };
    let to_newest = move || {
        if let Some(main) = scroller.get() {
            main.set_scroll_top(0);
        }
    };
    let revision = Memo::new(move |_| app.model.with(crate::Model::revision));
    let rows = move || {
        revision.get();
        app.model.with_untracked(|model| model.rows(clock::day_of))
    };
    let own = Memo::new(move |_| app.model.with(|model| model.outbox().len()));
    Effect::new(move |before: Option<usize>| {
        let waiting = own.get();
        if before.is_some_and(|before| before < waiting) {
            to_newest();
        }
        waiting
    });
    view! {
        <main class="scroll" tabindex="0" aria-label=move || app.word("log") node_ref=scroller on:scroll=move |_| measure()>
            <div class="thread">
                <Greeting app/>
                <div class="log" role="log" aria-live="polite" aria-busy=move || app.model.with(|m| m.cursor() == 0).to_string()>
                    <For
                        each=rows
                        key=|row| (row.item.id.as_str().to_owned(), row.day, row.first, row.last, row.item.text.len())
                        let:row
                    >
                        <Bubble app row/>
                    </For>
                </div>
                <Live app/>
                <PersonCard app/>
            </div>
        </main>
        <Show when=move || far.get()>
            <button class="icon jump" type="button" aria-label=move || app.word("newest") on:click=move |_| to_newest()/>
        </Show>
    }
}

/// The first words: that this is an AI, and the site's greeting.
#[component]
fn Greeting(app: App) -> impl IntoView {
    move || {
        let site = app.site.get()?;
        Some(view! {
            <p class="note" dir="auto">{site.disclosure}</p>
            <div class="row first last">
                <Label app speaker=Speaker::Assistant name=speaker_name(app, &Speaker::Assistant)/>
                <div class="bubble" dir="auto">{site.greeting}</div>
            </div>
        })
    }
}
