//! What lies over the page: the keys, and all that can be done by name.

use leptos::prelude::*;
use shared::api::list::View;

use super::{app, icon::Icon, perform};
use crate::{browser, model::keys::Act, route::Shown, words::say};

/// The keys.
#[component]
pub(crate) fn Help() -> impl IntoView {
    let app = app();
    browser::focus("over-close");
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
                <dl class="keys">{Act::ALL.into_iter().map(row).collect_view()}</dl>
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
        let acts = Act::ALL.into_iter().map(|(act, key, name)| (Choice::Act(act), say(name), key));
        let views = View::ALL.into_iter().map(|view| {
            (Choice::View(view), [say("go-to"), say(&["view-", view.as_str()].concat())].join(" "), "")
        });
        let all: Vec<(Choice, String, &'static str)> = acts.chain(views).collect();
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
        }
    };
    let row = move |(choice, label, key): (Choice, String, &'static str)| {
        let key = (!key.is_empty()).then(|| view! { <kbd>{key}</kbd> });
        view! { <li><button type="button" on:click=move |_| choose(choice)><span>{label}</span>{key}</button></li> }
    };
    view! {
        <div class="over" on:click=move |_| app.lift()>
            <section class="sheet" role="dialog" aria-modal="true" aria-label=say("act-palette") on:click=|event| event.stop_propagation()>
                <form on:submit=move |event| {
                    event.prevent_default();
                    if let Some((choice, ..)) = all().first() {
                        choose(*choice);
                    }
                }>
                    <input
                        id="palette" type="text" autocomplete="off" placeholder=say("what-to-do") aria-label=say("what-to-do")
                        prop:value=move || asked.get() on:input=move |event| asked.set(event_target_value(&event))
                    />
                </form>
                <ul class="choices">{move || all().into_iter().map(row).collect_view()}</ul>
            </section>
        </div>
    }
}

/// Something the palette can do.
#[derive(Clone, Copy)]
enum Choice {
    Act(Act),
    View(View),
}
