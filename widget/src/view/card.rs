//! The form all cards share: one address, a consent where one is needed, an error beside the field.

use std::sync::Arc;

use leptos::prelude::{
    AriaAttributes, ClassAttribute, ElementChild, Get, GetUntracked, GlobalAttributes, IntoAny, IntoView,
    OnAttribute, PropAttribute, RwSignal, Set, With, component, event_target_checked, event_target_value,
    view,
};
use shared::id::EventId;

use crate::app::App;
use crate::model::State;

/// What a card asks for.
#[derive(Clone)]
pub(super) struct Ask {
    /// Distinguishes the fields of several cards on one page.
    pub(super) name: String,
    /// `tel`, `email` or `text`.
    pub(super) kind: &'static str,
    /// What the browser may fill in.
    pub(super) autocomplete: &'static str,
    /// The field's label, as a key.
    pub(super) label: &'static str,
    /// What to say where it is left empty, as a key.
    pub(super) missing: &'static str,
    /// The exact words to agree to; none where nothing is consented to.
    pub(super) consent: Option<String>,
    /// The button, as a key.
    pub(super) button: &'static str,
    /// What to say when it is done, as a key with `{}` for the address.
    pub(super) done: &'static str,
}

/// What the form does with an address: hands it to the app, and gives the id it went under.
pub(super) type Submit = Arc<dyn Fn(String) -> Option<EventId> + Send + Sync>;

/// The form. It stays until the edge took what it sent.
#[component]
pub(super) fn Form(app: App, ask: Ask, submit: Submit) -> impl IntoView {
    let address = RwSignal::new(String::new());
    let agreed = RwSignal::new(false);
    let error = RwSignal::new(None::<&'static str>);
    let sent = RwSignal::new(None::<EventId>);
    let state = move || sent.get().and_then(|id| app.model.with(|model| model.state(&id)));
    let busy = move || matches!(state(), Some(State::Queued | State::Sending));
    let is_done = move || matches!(state(), Some(State::Sent | State::Delivered | State::Read));
    let wrong = move || match (error.get(), state()) {
        (Some(key), _) => Some(app.word(key)),
        (None, Some(State::Failed { text, .. })) => Some(text),
        _ => None,
    };
    let consent_needed = ask.consent.is_some();
    let missing = ask.missing;
    let send = move || {
        let typed = address.get_untracked().trim().to_owned();
        error.set(match () {
            () if typed.is_empty() => Some(missing),
            () if consent_needed && !agreed.get_untracked() => Some("agree_first"),
            () => None,
        });
        if error.get_untracked().is_none() {
            if let Some(id) = sent.get_untracked() {
                app.withdraw(&id);
            }
            sent.set(submit(typed));
        }
    };
    let send = Arc::new(send);
    let (field, problem) = (format!("{}-field", ask.name), format!("{}-problem", ask.name));
    move || {
        if is_done() {
            return view! { <p class="done" dir="auto">{app.fill(ask.done, address.get_untracked().trim())}</p> }.into_any();
        }
        let send = Arc::clone(&send);
        let consent = ask.consent.clone().map(|words| {
            view! {
                <label class="consent">
                    <input type="checkbox" on:change=move |event| agreed.set(event_target_checked(&event))/>
                    <span dir="auto">{words}</span>
                </label>
            }
        });
        view! {
            <form novalidate=true on:submit=move |event| { event.prevent_default(); send(); }>
                <label for=field.clone()>{app.word(ask.label)}</label>
                <input
                    id=field.clone()
                    type=ask.kind
                    autocomplete=ask.autocomplete
                    dir="ltr"
                    aria-describedby=problem.clone()
                    aria-invalid=move || wrong().is_some().to_string()
                    prop:value=address.get_untracked()
                    on:input=move |event| address.set(event_target_value(&event))
                />
                <p class="problem" id=problem.clone() role="alert" dir="auto">{wrong}</p>
                {consent}
                <button class="primary" type="submit" disabled=busy>
                    {move || app.word(if busy() { "sending" } else { ask.button })}
                </button>
            </form>
        }
        .into_any()
    }
}
