//! What both programs draw: the rail, what is told, what lies over the page. [`threads`] draws lists and timelines, [`pages`] the rest.

mod alerts;
mod icon;
mod over;
pub(crate) mod pages;
mod rail;
mod sheet;
pub(crate) mod threads;

use leptos::{ev, prelude::*};

use crate::{
    browser,
    model::keys::Act,
    state::{App, Over},
    words::say,
};

/// Draws a program into the page.
pub(crate) fn mount(program: fn(App) -> AnyView) {
    if let Some(early) = browser::element("early") {
        early.remove();
    }
    leptos::mount::mount_to_body(move || {
        let app = App::new();
        provide_context(app);
        listen(app);
        program(app)
    });
}

/// What both programs know, from any component.
fn app() -> App {
    use_context::<App>().expect("components are drawn inside the inbox")
}

/// The page: the rail, what stands beside it, what is told, and what lies over it.
fn frame(app: App, shown: impl Fn() -> &'static str + Send + 'static, beside: AnyView) -> AnyView {
    view! {
        <div class="inbox" data-shown=shown>
            <a class="skip" href="#thread">{say("skip")}</a>
            <rail::Rail/>
            {beside}
        </div>
        <p class="told" role="status" class:empty=move || app.told.with(String::is_empty)>
            <span>{move || app.told.get()}</span>
            <button type="button" aria-label=say("dismiss") on:click=move |_| app.told.set(String::new())>
                <icon::Icon name="close"/>
            </button>
        </p>
        {move || app.over.get().map(|over| lies_over(app, over))}
    }
    .into_any()
}

fn lies_over(app: App, over: Over) -> AnyView {
    match over {
        Over::Help => view! { <over::Help/> }.into_any(),
        Over::Palette => view! { <over::Palette/> }.into_any(),
        Over::Alerts => sheet::sheet("alerts", false, alerts::list()),
        other => app.program().over(other),
    }
}

/// Keys, and the browser's own buttons.
fn listen(app: App) {
    let keys = window_event_listener(ev::keydown, move |event| {
        let command = event.ctrl_key() || event.meta_key();
        if event.is_composing() || event.alt_key() {
            return;
        }
        let act = Act::of_key(&event.key(), command, browser::types());
        if let Some(act) = act.filter(|act| app.program().does(*act)) {
            // Under what lies over the page nothing is done.
            if act != Act::Back && app.over.get_untracked().is_some() {
                return;
            }
            event.prevent_default();
            perform(app, act);
        }
    });
    let back = window_event_listener(ev::popstate, move |_| app.came_back());
    on_cleanup(move || {
        keys.remove();
        back.remove();
    });
}

/// Does what a key or the palette asks for.
fn perform(app: App, act: Act) {
    match act {
        Act::Palette => app.lay(Over::Palette),
        Act::Help => app.lay(Over::Help),
        Act::Back if app.over.get_untracked().is_some() => app.lift(),
        Act::Back if browser::types() => browser::focus("thread"),
        other => app.program().perform(other),
    }
    if act == Act::Back {
        app.told.update(String::clear);
    }
}
