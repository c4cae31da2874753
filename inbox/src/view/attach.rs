//! Files: chosen, pasted or dropped onto the composer, and drawn in the timeline. Each is handed over at once and goes with the
//! next message; one that is refused says why and goes with none.

use leptos::{html, prelude::*, task::spawn_local};
use shared::wire::{Attachment, MAX_FILE_BYTES, MAX_FILES};
use web_sys::{File, FileList};

use super::icon::Icon;
use crate::{
    net,
    state::App,
    words::{fill, say},
};

/// A file that is to go with the next message.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Held {
    number: u32,
    name: String,
    bytes: f64,
    state: State,
}

#[derive(Clone, Debug, PartialEq)]
enum State {
    Travels,
    Kept(Attachment),
    Refused(String),
}

impl Held {
    /// What was kept, as a message takes it along.
    pub(crate) fn of(file: Attachment) -> Self {
        let bytes = f64::from(file.bytes);
        // A number that counts up never comes to this half.
        let number = u32::MAX - file.bytes;
        Self { number, name: file.name.clone(), bytes, state: State::Kept(file) }
    }

    /// What the edge has of it; none while it travels, or where it was refused.
    pub(crate) fn kept(&self) -> Option<Attachment> {
        if let State::Kept(file) = &self.state { Some(file.clone()) } else { None }
    }
}

/// Hands files over.
pub(crate) fn take(app: App, files: Option<FileList>) {
    let (Some(files), Some(contact)) = (files, app.contact()) else { return };
    let path = format!("{}/files", app.contact_path(&contact));
    for file in (0..files.length()).filter_map(|place| files.get(place)) {
        let held = app.files.with_untracked(Vec::len);
        if held >= MAX_FILES {
            app.told.set(fill("files-many", &MAX_FILES.to_string()));
            return;
        }
        let number =
            app.files.with_untracked(|held| held.last().map_or(1, |last| last.number.wrapping_add(1)));
        let (name, bytes) = (file.name(), file.size());
        app.files.update(|held| held.push(Held { number, name, bytes, state: State::Travels }));
        spawn_local(hand_over(app, path.clone(), number, file));
    }
}

async fn hand_over(app: App, path: String, number: u32, file: File) {
    let limit = f64::from(u32::try_from(MAX_FILE_BYTES).unwrap_or(u32::MAX));
    let state = if file.size() > limit {
        State::Refused(fill("file-large", &(MAX_FILE_BYTES >> 20).to_string()))
    } else {
        match net::upload(&path, &file).await {
            Ok(kept) => State::Kept(kept),
            Err(failure) => State::Refused(failure.text),
        }
    };
    app.files.update(|held| {
        for it in held.iter_mut().filter(|it| it.number == number) {
            it.state = state.clone();
        }
    });
}

/// The button that chooses files.
#[component]
pub(crate) fn Attach(app: App) -> impl IntoView {
    let chooser: NodeRef<html::Input> = NodeRef::new();
    let chosen = move |_| {
        if let Some(field) = chooser.get_untracked() {
            take(app, field.files());
            // Choosing the same once more is a choice as well.
            field.set_value("");
        }
    };
    let opens = move |_| {
        if let Some(field) = chooser.get_untracked() {
            field.click();
        }
    };
    view! {
        <input type="file" multiple hidden tabindex="-1" aria-hidden="true" node_ref=chooser on:change=chosen/>
        <button type="button" class="quiet attach" on:click=opens aria-label=say("attach") title=say("attach-hint")>
            <Icon name="clip"/>
        </button>
    }
    .into_any()
}

/// The files that go with the next message.
#[component]
pub(crate) fn Attached(app: App) -> impl IntoView {
    let row = move |it: Held| {
        let number = it.number;
        let remove = move |_| app.files.update(|held| held.retain(|it| it.number != number));
        let (state, told) = match &it.state {
            State::Travels => ("travels", say("file-travels")),
            State::Kept(_) => ("kept", String::new()),
            State::Refused(why) => ("refused", why.clone()),
        };
        view! {
            <li data-state=state>
                <span dir="auto">{it.name.clone()}</span>
                <small>{size(it.bytes)}</small>
                <small role="status">{told}</small>
                <button type="button" class="quiet" aria-label=fill("file-remove", &it.name) on:click=remove>
                    <Icon name="close"/>
                </button>
            </li>
        }
    };
    move || {
        let all = app.files.get();
        (!all.is_empty() && !app.note.get()).then(|| {
            view! { <ul class="attached" aria-label=say("files")>{all.into_iter().map(row).collect_view()}</ul> }
        })
    }
}

/// Files of a message: pictures as themselves, the others by name and size.
pub(crate) fn drawn(files: &[Attachment]) -> AnyView {
    let one = |file: &Attachment| {
        let label = [&file.name, " · ", &size(f64::from(file.bytes))].concat();
        let inside = if file.is_picture() {
            view! { <img src=file.url.clone() alt=file.name.clone() loading="lazy" decoding="async"/> }
                .into_any()
        } else {
            view! { <Icon name="clip"/><span dir="auto">{label.clone()}</span> }.into_any()
        };
        view! {
            <li><a href=file.url.clone() target="_blank" rel="noopener" title=label data-picture=file.is_picture().to_string()>
                {inside}
            </a></li>
        }
    };
    view! { <ul class="files" aria-label=say("files")>{files.iter().map(one).collect_view()}</ul> }.into_any()
}

/// A size for people to read.
pub(crate) fn size(bytes: f64) -> String {
    if bytes < 1_000_000.0 {
        [&(bytes / 1_000.0).ceil().to_string(), " kB"].concat()
    } else {
        [&((bytes / 100_000.0).round() / 10.0).to_string(), " MB"].concat()
    }
}
