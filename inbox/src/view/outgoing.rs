//! What is on its way: each message with the time in which it can be taken back, or the reason why it was not taken.

use leptos::prelude::*;

use super::{
    app,
    attach::{Held, drawn},
    icon::Mark,
};
use crate::{
    browser,
    model::outgoing::{Kind, Outgoing, State},
    words::{fill, say},
};

/// Everything on its way to the contact who is shown.
#[component]
pub(crate) fn OnTheWay() -> impl IntoView {
    let app = app();
    let all = move || app.contact().map(|it| app.outbox.with(|outbox| outbox.to(&it))).unwrap_or_default();
    let row = move |it: Outgoing| {
        let number = it.number;
        let mark = match it.kind {
            Kind::Message(channel) => Some(view! { <Mark channel/> }),
            Kind::Note => None,
        };
        let until = if let State::Waits { until } = it.state { Some(until) } else { None };
        let left = move || {
            let seconds = until.map_or(0.0, |until| ((until - app.now.get()) / 1_000.0).ceil().max(0.0));
            fill("undo-in", &seconds.to_string())
        };
        let take_back = move |_| {
            let mut typed = None;
            app.outbox.update(|outbox| typed = outbox.take_back(number));
            if let Some(typed) = typed {
                app.draft.set(typed.text);
                app.files.set(typed.files.into_iter().map(Held::of).collect());
                browser::focus("compose");
            }
        };
        let doing = match it.state {
            State::Waits { .. } => view! {
                <footer>
                    <span class="chip" data-state="pending">{left}</span>
                    <button type="button" class="undo" on:click=take_back>{say("undo")}</button>
                </footer>
            }
            .into_any(),
            State::Goes => {
                view! { <footer><span class="chip" data-state="pending">{say("goes")}</span></footer> }
                    .into_any()
            }
            State::Refused { why } => view! {
                <footer role="alert">
                    <span class="chip" data-state="wedged">{say("not-taken")}</span>
                    <span>{why}</span>
                    <button type="button" class="undo" on:click=take_back>{say("edit")}</button>
                </footer>
            }
            .into_any(),
        };
        view! {
            <li class="entry" data-speaker="agent" data-way="out">
                {mark}
                <article>
                    <p class="words" dir="auto">{it.text.clone()}</p>
                    {(!it.files.is_empty()).then(|| drawn(&it.files))}
                    {doing}
                </article>
            </li>
        }
    };
    view! { {move || all().into_iter().map(row).collect_view()} }
}
