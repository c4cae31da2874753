//! What happens right now: an answer being written, somebody typing.
//!
//! It stands outside the log and is hidden from screen readers, which hear the finished message once, from the log; that
//! somebody writes is said once, in a status line.

use leptos::prelude::{
    AriaAttributes, ClassAttribute, ElementChild, Get, GlobalAttributes, IntoView, Memo, Show, With,
    component, view,
};
use shared::wire::Speaker;

use super::speaker_name;
use super::text::{Label, linked};
use crate::app::App;

/// The answer so far, or three dots.
#[component]
pub(super) fn Live(app: App) -> impl IntoView {
    let streaming = Memo::new(move |_| app.model.with(|model| model.stream().is_some()));
    let writer = Memo::new(move |_| {
        let typing = app.model.with(|model| model.typing().cloned());
        typing.or_else(|| streaming.get().then_some(Speaker::Assistant))
    });
    let said = move || writer.get().map(|who| app.fill("writing", &speaker_name(app, &who)));
    view! {
        <p class="unseen" role="status">{said}</p>
        <Show when=move || writer.get().is_some()>
            <div class="row first last live" aria-hidden="true">
                {move || writer.get().map(|who| {
                    let name = speaker_name(app, &who);
                    view! { <Label app speaker=who name/> }
                })}
                <div class="bubble" dir="auto">
                    <Show when=move || streaming.get() fallback=|| view! { <span class="dots"><i/><i/><i/></span> }>
                        {move || app.model.with(|model| model.stream().map(linked))}
                    </Show>
                </div>
            </div>
        </Show>
    }
}
