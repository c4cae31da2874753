//! A dialog over the page. The browser keeps the focus inside it; Escape closes it, and the focus goes back.

use leptos::{html, prelude::*};

use super::{app, icon::Icon};
use crate::words::say;

/// A dialog with its title, the words of `name`, and what is in it.
pub(super) fn sheet(name: &'static str, wide: bool, inside: AnyView) -> AnyView {
    let app = app();
    let dialog: NodeRef<html::Dialog> = NodeRef::new();
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get().filter(|it| !it.open()) {
            dialog.show_modal().ok();
        }
    });
    view! {
        <dialog
            class="dialog" class:wide=wide node_ref=dialog aria-labelledby="dialog-title"
            on:cancel=move |event: web_sys::Event| { event.prevent_default(); app.lift(); }
        >
            <header>
                <h2 id="dialog-title">{say(name)}</h2>
                <button type="button" class="quiet" aria-label=say("dismiss") on:click=move |_| app.lift()>
                    <Icon name="close"/>
                </button>
            </header>
            {inside}
        </dialog>
    }
    .into_any()
}

/// Where a form's trouble is told.
pub(super) fn trouble(wrong: RwSignal<String>) -> AnyView {
    view! { <p class="trouble" role="alert">{move || wrong.get()}</p> }.into_any()
}
