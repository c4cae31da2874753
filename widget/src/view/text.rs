//! Names and texts inside messages.

use leptos::prelude::AnyView;
use leptos::prelude::{
    ClassAttribute, ElementChild, GlobalAttributes, IntoAny, IntoView, Show, component, view,
};
use shared::wire::Speaker;

use crate::app::App;
use crate::links::{Part, split};

/// Who speaks: a name, and what they are.
#[component]
#[expect(clippy::needless_pass_by_value, reason = "a component's properties are values")]
pub(super) fn Label(app: App, speaker: Speaker, name: String) -> impl IntoView {
    let tag = match speaker {
        Speaker::Assistant => Some("ai_assistant"),
        Speaker::Agent(_) => Some("team"),
        Speaker::Sequence(_) => Some("automatic"),
        Speaker::Contact | Speaker::System => None,
    };
    let own = speaker == Speaker::Contact;
    view! {
        <p class=if own { "by unseen" } else { "by" }>
            <span class="name" dir="auto">{name}</span>
            <Show when=move || tag.is_some()>
                <span class="tag">{move || app.word(tag.unwrap_or_default())}</span>
            </Show>
        </p>
    }
}

/// A text as text nodes and anchors.
pub(super) fn linked(text: &str) -> Vec<AnyView> {
    let parts = split(text).into_iter().map(|part| match part {
        Part::Text(text) => text.to_owned().into_any(),
        Part::Link(address) => view! {
            <a href=address.to_owned() target="_blank" rel="noopener noreferrer nofollow">{address.to_owned()}</a>
        }
        .into_any(),
    });
    parts.collect()
}
