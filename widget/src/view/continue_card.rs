//! "Continue by text" or "by email": the number or address, and the exact words the visitor agrees to.

use std::sync::Arc;

use leptos::prelude::{ClassAttribute, ElementChild, Get, IntoView, Memo, With, component, view};
use shared::channel::Channel;

use super::card::{Ask, Form, Submit};
use crate::app::App;

/// The card. It goes when the conversation went on over its channel, or where the site does not have that channel.
#[component]
pub(super) fn ContinueCard(
    app: App,
    /// [`Channel::Sms`] or [`Channel::Email`].
    channel: Channel,
    /// The item it stands under.
    seq: u32,
) -> impl IntoView {
    let continued = Memo::new(move |_| app.model.with(|model| model.continued_after(seq)));
    move || {
        let site = app.site.get()?;
        let by_text = channel == Channel::Sms;
        let wording = if by_text { site.sms } else { site.email }.filter(|_| !continued.get())?;
        let name = format!("{}-{seq}", channel.as_str());
        let ask = if by_text {
            Ask {
                name,
                kind: "tel",
                autocomplete: "tel",
                label: "number",
                missing: "number_missing",
                consent: Some(wording.text),
                button: "continue_sms",
                done: "continued_sms",
            }
        } else {
            Ask {
                name,
                kind: "email",
                autocomplete: "email",
                label: "address",
                missing: "address_missing",
                consent: Some(wording.text),
                button: "continue_email",
                done: "continued_email",
            }
        };
        let submit: Submit =
            Arc::new(move |address| app.continue_by(channel, address, wording.version.clone()));
        let (title, lead) =
            if by_text { ("continue_sms", "lead_sms") } else { ("continue_email", "lead_email") };
        Some(view! {
            <section class="card">
                <h2 class=format!("mark {}", channel.as_str())>{app.word(title)}</h2>
                <p>{app.word(lead)}</p>
                <Form app ask submit/>
            </section>
        })
    }
}
