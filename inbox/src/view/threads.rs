//! Lists, a timeline and its person beside each other; one at a time where the page is narrow.

pub(crate) mod attach;
mod canned;
mod composer;
mod entry;
mod failures;
mod handoff;
mod later;
mod list;
mod merge;
mod outgoing;
mod panel;
mod person;
mod sort;
mod thread;

use leptos::prelude::*;
use shared::api::work::Act as Work;

use super::{icon, over::step_of, sheet};
use crate::{
    browser,
    model::{keys::Act, outgoing::Outbox},
    route::Shown,
    state::{App, Over, threads::Threads},
};

/// Lists and timelines, from any component that shows them.
fn app() -> Threads {
    use_context::<Threads>().expect("lists and timelines are drawn inside their own program")
}

/// The program.
pub(crate) fn program(app: App) -> AnyView {
    let threads = Threads::begin(app);
    provide_context(threads);
    let leaving = window_event_listener_untyped("beforeunload", move |event| {
        if threads.outbox.with_untracked(Outbox::is_busy) {
            event.prevent_default();
        }
    });
    on_cleanup(move || leaving.remove());
    let shown = move || if threads.contact().is_some() { "contact" } else { "list" };
    let beside = view! {
        <list::List/>
        <thread::Thread/>
        <panel::Panel/>
    };
    super::frame(app, shown, beside.into_any())
}

/// What lies over the page besides what lies over every page.
pub(crate) fn over(which: Over) -> AnyView {
    match which {
        Over::Merge => sheet::sheet("merge", true, view! { <merge::Merge/> }.into_any()),
        Over::Contact => sheet::sheet("contact-edit", false, person::contact()),
        Over::Fact(fact) => sheet::sheet("remembered", false, person::fact(&fact)),
        Over::Field(named, value) => sheet::sheet("fields", false, person::field(&named, value)),
        Over::Handle(handle) => sheet::sheet("handle-edit", false, person::handle(&handle)),
        Over::Revoke => sheet::sheet("revoke", false, person::revoke()),
        Over::Canned => sheet::sheet("canned", false, canned::choose()),
        Over::Later => sheet::sheet("later", false, later::later()),
        Over::Snooze { picked } => sheet::sheet("snooze", false, later::snooze(picked)),
        Over::Erase => sheet::sheet("erase", false, person::erase()),
        Over::Palette | Over::Help | Over::Alerts => ().into_any(),
    }
}

/// Does what a key or the palette asks for.
pub(crate) fn perform(app: Threads, act: Act) {
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
            if app.contact().is_some() {
                app.lay(Over::Snooze { picked: false });
            }
        }
        Act::Label => {
            app.panel.set(true);
            browser::focus("label");
        }
        Act::Search => browser::focus("search"),
        Act::Back => leave(app),
        Act::Palette | Act::Help => {}
    }
}

/// Resolves what is open, and opens what is resolved.
fn resolve(app: Threads) {
    use shared::api::list::Progress;
    let progress = app.person.with_untracked(|it| it.as_ref().map(|it| it.progress)).unwrap_or_default();
    let (act, said) = match progress {
        Progress::Resolved => (Work::Reopen, "told-reopened"),
        _ => (Work::Resolve, "told-resolved"),
    };
    app.work(act, said);
}

/// One step out of the contact.
fn leave(app: Threads) {
    if app.panel.get_untracked() {
        app.panel.set(false);
    } else if app.contact().is_some() {
        app.show(Shown::List(app.view.get_untracked()));
    }
}
