//! The page: rail, list, timeline and person beside each other; one at a time where the page is narrow.

pub(crate) mod attach;
mod composer;
mod entry;
mod handoff;
mod icon;
mod list;
mod outgoing;
mod over;
mod page;
mod panel;
mod rail;
mod thread;

use leptos::{ev, prelude::*};
use shared::{
    api::work::Act as Work,
    time::{DAY_MS, Timestamp},
};

use crate::{
    browser,
    model::keys::Act,
    route::Shown,
    state::{App, Over},
    words::say,
};

/// Draws the inbox into the page.
pub(crate) fn mount() {
    if let Some(early) = browser::element("early") {
        early.remove();
    }
    leptos::mount::mount_to_body(Inbox);
}

/// What is shown and the acts, from any component.
fn app() -> App {
    use_context::<App>().expect("components are drawn inside the inbox")
}

#[component]
fn Inbox() -> impl IntoView {
    let app = App::new();
    provide_context(app);
    app.begin();
    let keys = window_event_listener(ev::keydown, move |event| {
        let command = event.ctrl_key() || event.meta_key();
        if event.is_composing() || event.alt_key() {
            return;
        }
        if let Some(act) = Act::of_key(&event.key(), command, browser::types()) {
            event.prevent_default();
            perform(app, act);
        }
    });
    let back = window_event_listener(ev::popstate, move |_| app.came_back());
    let leaving = window_event_listener_untyped("beforeunload", move |event| {
        if app.outbox.with_untracked(crate::model::outgoing::Outbox::is_busy) {
            event.prevent_default();
        }
    });
    leptos::prelude::on_cleanup(move || {
        keys.remove();
        back.remove();
        leaving.remove();
    });
    let shown = move || match (app.contact(), app.page()) {
        (Some(_), _) => "contact",
        (None, Some(_)) => "page",
        (None, None) => "list",
    };
    view! {
        <div class="inbox" data-shown=shown data-panel=move || app.panel.get().to_string()>
            <a class="skip" href="#thread">{say("skip")}</a>
            <rail::Rail/>
            <Show when=move || app.page().is_none() fallback=page::Page>
                <list::List/>
                <thread::Thread/>
                <panel::Panel/>
            </Show>
        </div>
        <p class="told" role="status" class:empty=move || app.told.with(String::is_empty)>
            <span>{move || app.told.get()}</span>
            <button type="button" aria-label=say("dismiss") on:click=move |_| app.told.set(String::new())>
                <icon::Icon name="close"/>
            </button>
        </p>
        <Show when=move || app.over.get() == Some(Over::Help)><over::Help/></Show>
        <Show when=move || app.over.get() == Some(Over::Palette)><over::Palette/></Show>
    }
}

/// Does what a key or the palette asks for.
pub(crate) fn perform(app: App, act: Act) {
    match act {
        Act::Next => app.step(1),
        Act::Previous => app.step(-1),
        Act::Reply => {
            app.note.set(false);
            browser::focus("compose");
        }
        Act::Note => {
            app.note.set(true);
            browser::focus("compose");
        }
        Act::SwitchChannel => app.switch_channel(),
        Act::Floor => app.turn_floor(),
        Act::Assign => browser::focus("assign"),
        Act::Resolve => resolve(app),
        Act::Snooze => {
            let until = browser::i64_of(browser::now_ms()) + DAY_MS;
            app.work(Work::Snooze { until: Timestamp::from_ms(until) }, "told-snoozed");
        }
        Act::Label => {
            app.panel.set(true);
            browser::focus("label");
        }
        Act::Search => browser::focus("search"),
        Act::Palette => app.over.set(Some(Over::Palette)),
        Act::Help => app.over.set(Some(Over::Help)),
        Act::Back => leave(app),
    }
}

/// Resolves what is open, and opens what is resolved.
fn resolve(app: App) {
    use shared::api::list::Progress;
    let progress = app.person.with_untracked(|it| it.as_ref().map(|it| it.progress)).unwrap_or_default();
    let (act, said) = match progress {
        Progress::Resolved => (Work::Reopen, "told-reopened"),
        _ => (Work::Resolve, "told-resolved"),
    };
    app.work(act, said);
}

/// One step out: of what lies over the page, of what is typed, of the contact.
fn leave(app: App) {
    if app.over.get_untracked().is_some() {
        app.over.set(None);
    } else if browser::types() {
        browser::focus("thread");
    } else if app.panel.get_untracked() {
        app.panel.set(false);
    } else if app.contact().is_some() || app.page().is_some() {
        app.show(Shown::List(app.view.get_untracked()));
    }
    app.told.update(String::clear);
}
