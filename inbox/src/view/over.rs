//! What lies over the page: the keys, and all that can be done by name.

use std::rc::Rc;

use leptos::prelude::*;
use shared::api::list::View;

use super::{app, icon::Icon, perform};
use crate::{
    browser,
    model::keys::Act,
    route::{Page, Part, Shown},
    words::say,
};

/// The keys.
#[component]
pub(crate) fn Help() -> impl IntoView {
    let app = app();
    browser::focus("over-close");
    let known = Act::ALL.into_iter().filter(|(act, ..)| app.program().does(*act));
    let row = |(_, key, name): (Act, &'static str, &'static str)| {
        view! { <div><dt><kbd>{key}</kbd></dt><dd>{say(name)}</dd></div> }
    };
    view! {
        <div class="over" on:click=move |_| app.lift()>
            <section class="sheet" role="dialog" aria-modal="true" aria-labelledby="help-title" on:click=|event| event.stop_propagation()>
                <header>
                    <h2 id="help-title">{say("act-help")}</h2>
                    <button id="over-close" type="button" class="quiet" aria-label=say("dismiss") on:click=move |_| app.lift()>
                        <Icon name="close"/>
                    </button>
                </header>
                <dl class="keys">{known.map(row).collect_view()}</dl>
            </section>
        </div>
    }
}

/// All that can be done, by name.
#[component]
pub(crate) fn Palette() -> impl IntoView {
    let app = app();
    let asked = RwSignal::new(String::new());
    browser::focus("palette");
    let all = move || {
        let asked = asked.get().to_lowercase();
        let acts = Act::ALL.into_iter().filter(|(act, ..)| app.program().does(*act));
        let acts = acts.map(|(act, key, name)| (Choice::Act(act), say(name), key));
        let views = View::ALL.into_iter().map(|view| {
            (Choice::View(view), [say("go-to"), say(&["view-", view.as_str()].concat())].join(" "), "")
        });
        let pages = [(Page::Review, "page-review"), (Page::Reports, "page-reports")];
        let pages = pages.into_iter().map(|(page, name)| (page, say(name)));
        let parts = Part::ALL.into_iter().map(|part| {
            let name = [say("page-settings"), say(&["part-", part.as_str()].concat())].join(": ");
            (Page::Settings(part), name)
        });
        let pages =
            pages.chain(parts).map(|(page, name)| (Choice::Page(page), [say("go-to"), name].join(" "), ""));
        let more = app.program().choices().into_iter().map(|(label, act)| (Choice::Of(act), label, ""));
        let all: Vec<(Choice, String, &'static str)> = acts.chain(views).chain(pages).chain(more).collect();
        all.into_iter()
            .filter(|(_, label, _)| label.to_lowercase().contains(&asked))
            .take(12)
            .collect::<Vec<_>>()
    };
    let choose = move |choice: Choice| {
        app.lift();
        match choice {
            Choice::Act(act) => perform(app, act),
            Choice::View(view) => app.show(Shown::List(view)),
            Choice::Page(page) => app.show(Shown::Page(page)),
            Choice::Of(act) => act(),
        }
    };
    let row = move |(choice, label, key): (Choice, String, &'static str)| {
        let key = (!key.is_empty()).then(|| view! { <kbd>{key}</kbd> });
        view! { <li><button type="button" on:click=move |_| choose(choice.clone())><span>{label}</span>{key}</button></li> }
    };
    view! {
        <div class="over" on:click=move |_| app.lift()>
            <section class="sheet" role="dialog" aria-modal="true" aria-label=say("act-palette") on:click=|event| event.stop_propagation()>
                <form on:submit=move |event| {
                    event.prevent_default();
                    if let Some((choice, ..)) = all().into_iter().next() {
                        choose(choice);
                    }
                }>
                    <input
                        id="palette" type="text" autocomplete="off" placeholder=say("what-to-do") aria-label=say("what-to-do")
                        on:keydown=move |event| {
                            if let Some(by) = step_of(&event.key()) {
                                event.prevent_default();
                                browser::step_focus(".choices button", by);
                            }
                        }
                        prop:value=move || asked.get() on:input=move |event| asked.set(event_target_value(&event))
                    />
                </form>
                <ul class="choices" on:keydown=|event| {
                    if let Some(by) = step_of(&event.key()) {
                        event.prevent_default();
                        browser::step_focus(".choices button", by);
                    }
                }>{move || all().into_iter().map(row).collect_view()}</ul>
            </section>
        </div>
    }
}

/// Something the palette can do.
#[derive(Clone)]
enum Choice {
    Act(Act),
    View(View),
    Page(Page),
    /// Something that can be done to what is shown.
    Of(Rc<dyn Fn()>),
}

/// How far an arrow key leads among what is listed.
pub(super) fn step_of(key: &str) -> Option<i32> {
    match key {
        "ArrowDown" => Some(1),
        "ArrowUp" => Some(-1),
        _ => None,
    }
}
