//! One row of the log: a message with its name, its sources, its line and how far it has come.

use leptos::prelude::{
    AnyView, AriaAttributes, ClassAttribute, CollectView, ElementChild, Get, GlobalAttributes, IntoAny,
    IntoView, OnAttribute, Set, With, component, view,
};
use shared::channel::Channel;
use shared::id::EventId;
use shared::wire::{Offer, Speaker};

use super::continue_card::ContinueCard;
use super::person::PersonOffer;
use super::sources::Sources;
use super::speaker_name;
use super::text::{Label, linked};
use crate::app::App;
use crate::clock;
use crate::model::{Row, State};

/// A row.
#[component]
pub(super) fn Bubble(app: App, row: Row) -> impl IntoView {
    let at = row.item.at;
    let day = row.day.then(|| view! { <p class="day">{move || day_name(app, at)}</p> });
    let body = match row.item.speaker {
        Speaker::System => view! { <p class="note" dir="auto">{linked(&row.item.text)}</p> }.into_any(),
        _ => message(app, row),
    };
    (day, body)
}

fn message(app: App, row: Row) -> AnyView {
    let item = row.item.clone();
    let own = item.speaker == Speaker::Contact;
    let class = match (own, row.first, row.last) {
        (true, _, true) => "row own last",
        (true, _, false) => "row own",
        (false, true, true) => "row first last",
        (false, true, false) => "row first",
        (false, false, true) => "row last",
        (false, false, false) => "row",
    };
    let label = (row.first || own)
        .then(|| view! { <Label app speaker=item.speaker.clone() name=speaker_name(app, &item.speaker)/> });
    let sources = (!item.sources.is_empty()).then(|| view! { <Sources app sources=item.sources/> });
    let seq = item.seq;
    let offers = item.offers.into_iter().map(|offer| match offer {
        Offer::ContinueBySms => view! { <ContinueCard app channel=Channel::Sms seq/> }.into_any(),
        Offer::ContinueByEmail => view! { <ContinueCard app channel=Channel::Email seq/> }.into_any(),
        Offer::Person => view! { <PersonOffer app/> }.into_any(),
    });
    let (at, channel, last) = (item.at, item.channel, row.last);
    let when = last.then(|| {
        view! { <span class="time">{move || clock::time_text(at, &app.locale.get())}</span> }
    });
    let mark = (last && channel != Channel::Widget).then(|| {
        let class = format!("mark {}", channel.as_str());
        view! { <span class=class>{move || app.word(channel.as_str())}</span> }
    });
    let subject = item.subject.map(|subject| view! { <strong class="subject">{subject}</strong> });
    view! {
        <div class=class id=item.id.to_string()>
            {label}
            <div class="bubble" dir="auto">{subject}{linked(&item.text)}</div>
            {sources}
            <p class="meta">{mark}{when}{own.then(|| state_line(app, row))}</p>
            {offers.collect_view()}
        </div>
    }
    .into_any()
}

/// How far an own message has come, and what can be done where it failed. Not live: the status line speaks for it.
fn state_line(app: App, row: Row) -> impl IntoView {
    let id = row.item.id.clone();
    move || {
        let state = app.model.with(|model| model.state(&id).filter(|state| model.tells_state(&row, state)));
        state.map(|state| told(app, &id, state))
    }
}

fn told(app: App, id: &EventId, state: State) -> AnyView {
    let key = match state {
        State::Queued => "queued",
        State::Sending => "sending",
        State::Sent => "sent",
        State::Delivered => "delivered",
        State::Read => "read",
        State::Failed { text, retry } => return failed(app, id.clone(), &text, retry),
    };
    view! { <span class=format!("state {key}") aria-live="off">{app.word(key)}</span> }.into_any()
}

fn failed(app: App, id: EventId, text: &str, retry: bool) -> AnyView {
    let (key, act): (_, Box<dyn Fn() + Send>) = if retry {
        ("retry", Box::new(move || app.retry(&id)))
    } else {
        ("edit", Box::new(move || app.draft.set(app.withdraw(&id).unwrap_or_default())))
    };
    view! {
        <span class="state failed" role="alert">
            <span dir="auto">{format!("{} {text}", app.word("failed"))}</span>
            <button class="link" type="button" on:click=move |_| act()>{app.word(key)}</button>
        </span>
    }
    .into_any()
}

fn day_name(app: App, at: shared::time::Timestamp) -> String {
    match clock::day_of(clock::now()) - clock::day_of(at) {
        0 => app.word("today"),
        1 => app.word("yesterday"),
        _ => clock::day_text(at, &app.locale.get()),
    }
}
