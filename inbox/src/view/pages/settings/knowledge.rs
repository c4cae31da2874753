//! What the assistant knows, where from, and what it would answer.

use leptos::{prelude::*, task::spawn_local};
use serde_json::{Value, json};
use shared::{
    api::{
        knowledge::{Answered, CrawlState, Known, KnownSource, SourceKind, SourceText},
        settings::Settings,
    },
    id::TaughtId,
};

use super::form::{Told, may_change, told, twice};
use crate::{
    browser::{self, Shape},
    net,
    state::App,
    words::{fill, say},
};

/// How often the page looks how far reading the site's pages is, in milliseconds.
const LOOK_MS: u64 = 4_000;

/// The part.
pub(super) fn knowledge(app: App, settings: &Settings<Value>) -> AnyView {
    let known: RwSignal<Option<Known>> = RwSignal::default();
    let trouble: Told = RwSignal::default();
    read(app, known, trouble);
    // While pages are read, how far that is stands here by itself.
    let looks = set_interval_with_handle(
        move || {
            let runs = |known: &Option<Known>| {
                known.as_ref().and_then(|it| it.crawl.as_ref()).is_some_and(|crawl| crawl.state == "running")
            };
            if known.with_untracked(runs) {
                read(app, known, trouble);
            }
        },
        core::time::Duration::from_millis(LOOK_MS),
    );
    on_cleanup(move || {
        if let Ok(looks) = looks {
            looks.clear();
        }
    });
    let origins: Vec<String> = settings.parts["origins"]["allowed_origins"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|origin| origin.as_str().filter(|origin| origin.starts_with("https://")))
        .map(str::to_owned)
        .collect();
    let may = may_change(app);
    let list = move || match known.get() {
        None => view! { <p class="soft" role="status">{say("set-reading")}</p> }.into_any(),
        Some(known) if known.sources.is_empty() => {
            view! { <p class="soft">{say("set-no-sources")}</p> }.into_any()
        }
        Some(it) => {
            let rows = it.sources.into_iter().map(|source| row(app, source, known, trouble));
            view! { <ul class="sources">{rows.collect_view()}</ul> }.into_any()
        }
    };
    let own = may.then(|| {
        view! {
            {add(app, known)}
            {pages(app, origins.clone(), known)}
        }
    });
    view! {
        {bench(app)}
        {answer(app)}
        <section class="set">
            <h3>{say("set-sources")}</h3>
            <p class="soft">{say("set-sources-hint")}</p>
            {told(trouble)}
            {list}
        </section>
        {own}
    }
    .into_any()
}

fn read(app: App, known: RwSignal<Option<Known>>, trouble: Told) {
    let path = [&app.site_path(), "/knowledge"].concat();
    spawn_local(async move {
        match net::get::<Known>(&path).await {
            Ok(read) => known.set(Some(read)),
            Err(failure) => trouble.set(Some((false, failure.text))),
        }
    });
}

/// One source: what it is, its passages when it is opened, and a way to take it away.
fn row(app: App, source: KnownSource, known: RwSignal<Option<Known>>, trouble: Told) -> AnyView {
    let passages: RwSignal<Option<Vec<(String, String)>>> = RwSignal::default();
    let path = StoredValue::new(source.path.clone());
    let kind = match source.kind {
        SourceKind::File => "set-kind-file",
        SourceKind::Own => "set-kind-own",
        SourceKind::Page => "set-kind-page",
    };
    let since = source.at.map(|at| browser::written(at, None, Shape::Short));
    let open = move |_| {
        if passages.with_untracked(Option::is_some) {
            return;
        }
        let address = path.with_value(|path| {
            [&app.site_path(), "/knowledge/source?path=", &browser::encoded(path)].concat()
        });
        spawn_local(async move {
            match net::get::<SourceText>(&address).await {
                Ok(text) => passages.set(Some(text.passages)),
                Err(failure) => trouble.set(Some((false, failure.text))),
            }
        });
    };
    let inside = move || {
        passages.get().map(|all| {
            all.into_iter()
                .map(|(heading, text)| view! { <li dir="auto"><b>{heading}</b><p>{text}</p></li> })
                .collect_view()
        })
    };
    let remove = move || {
        let (address, body) =
            ([&app.site_path(), "/knowledge/removed"].concat(), json!({ "path": path.get_value() }));
        spawn_local(async move {
            match net::act("POST", &address, &body).await {
                Ok(()) => read(app, known, trouble),
                Err(failure) => trouble.set(Some((false, failure.text))),
            }
        });
    };
    let button = may_change(app).then(|| twice("set-take-out", &source.title, false, remove));
    let count = fill("set-passages", &source.passages.to_string());
    let address = source.address.clone().unwrap_or(source.path);
    view! {
        <li>
            <details on:toggle=open>
                <summary><b dir="auto">{source.title}</b> <small dir="auto">{address}</small></summary>
                <ol class="fold">{inside}</ol>
            </details>
            <span class="row"><span class="chip">{say(kind)}</span><small>{count}</small><small>{since}</small>{button}</span>
        </li>
    }
    .into_any()
}

/// A box for a question, and what would be answered: nothing is sent.
pub(super) fn bench(app: App) -> AnyView {
    let (question, answer): (RwSignal<String>, RwSignal<Option<Answered>>) = Default::default();
    let trouble: Told = RwSignal::default();
    let ask = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (path, body) = (
            [&app.site_path(), "/knowledge/tried"].concat(),
            json!({ "question": question.get_untracked() }),
        );
        trouble.set(Some((true, say("set-thinking"))));
        spawn_local(async move {
            match net::call::<Answered>("POST", &path, &body).await {
                Ok(found) => {
                    trouble.set(None);
                    answer.set(Some(found));
                }
                Err(failure) => trouble.set(Some((false, failure.text))),
            }
        });
    };
    let shown = move || answer.get().map(answered);
    view! {
        <section class="set">
            <h3>{say("set-try")}</h3>
            <p class="soft">{say("set-try-hint")}</p>
            <form class="row" on:submit=ask>
                <div class="field">
                    <label for="try">{say("set-question")}</label>
                    <input id="try" maxlength="1000" dir="auto" prop:value=question
                        on:input=move |event| question.set(event_target_value(&event))/>
                </div>
                <button>{say("set-ask")}</button>
            </form>
            {told(trouble)}
            <div role="status">{shown}</div>
        </section>
    }
    .into_any()
}

fn answered(it: Answered) -> AnyView {
    let mut notes: Vec<String> = Vec::new();
    if it.unsure {
        notes.push(say("set-unsure"));
    }
    notes.extend(it.person.map(|why| fill("set-calls", &why)));
    if it.appoints {
        notes.push(say("set-appoints"));
    }
    if it.fallback.is_some() {
        notes.push(say("set-fallback"));
    }
    let notes = notes.into_iter().map(|note| view! { <li class="chip wait">{note}</li> });
    let sources = it.sources.into_iter().map(|source| {
        view! { <li dir="auto"><b>{source.title}</b><p><q>{source.quote}</q></p></li> }
    });
    let found = it.found.into_iter().map(|(title, heading, path)| {
        view! { <li dir="auto"><b>{heading}</b> <small>{[&title, ", ", &path].concat()}</small></li> }
    });
    view! {
        <div class="answer">
            <p class="said" dir="auto">{it.text}</p>
            <ul class="row">{notes.collect_view()}</ul>
            <p class="soft">{fill("set-written-by", &it.author)}</p>
            <ul class="fold">{sources.collect_view()}</ul>
            <details><summary><small>{say("set-found")}</small></summary><ol class="fold">{found.collect_view()}</ol></details>
        </div>
    }
    .into_any()
}

/// A question with its answer, taught as the team teaches.
fn answer(app: App) -> AnyView {
    if app.membership().is_none_or(|it| it.role < shared::api::me::Role::Agent) {
        return ().into_any();
    }
    let (question, reply): (RwSignal<String>, RwSignal<String>) = Default::default();
    let outcome: Told = RwSignal::default();
    let teach = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let id = TaughtId::mint(&mut browser::context());
        let path = format!("{}/taught/{id}", app.site_path());
        let body = json!({ "question": question.get_untracked(), "answer": reply.get_untracked() });
        spawn_local(async move {
            match net::act("PUT", &path, &body).await {
                Ok(()) => {
                    question.set(String::new());
                    reply.set(String::new());
                    outcome.set(Some((true, say("set-taught"))));
                }
                Err(failure) => outcome.set(Some((false, failure.text))),
            }
        });
    };
    view! {
        <form class="set" on:submit=teach>
            <h3>{say("set-teach")}</h3>
            <div class="field">
                <label for="teach-q">{say("set-question")}</label>
                <input id="teach-q" dir="auto" prop:value=question on:input=move |event| question.set(event_target_value(&event))/>
            </div>
            <div class="field">
                <label for="teach-a">{say("set-answer")}</label>
                <textarea id="teach-a" rows="3" dir="auto" prop:value=reply on:input=move |event| reply.set(event_target_value(&event))></textarea>
            </div>
            <footer><button class="strong">{say("set-teach-this")}</button>{told(outcome)}</footer>
        </form>
    }
    .into_any()
}

/// A file, or words that are pasted.
fn add(app: App, known: RwSignal<Option<Known>>) -> AnyView {
    let (name, text): (RwSignal<String>, RwSignal<String>) = Default::default();
    let outcome: Told = RwSignal::default();
    let put = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let called = name.get_untracked();
        let ending = called.rsplit('.').next().unwrap_or_default().to_lowercase();
        let format = match ending.as_str() {
            "html" | "htm" => "html",
            "txt" => "text",
            _ => "markdown",
        };
        let body = json!({ "name": called, "format": format, "text": text.get_untracked() });
        let path = [&app.site_path(), "/knowledge"].concat();
        spawn_local(async move {
            match net::call::<Known>("POST", &path, &body).await {
                Ok(read) => {
                    known.set(Some(read));
                    name.set(String::new());
                    text.set(String::new());
                    outcome.set(Some((true, say("set-put-in"))));
                }
                Err(failure) => outcome.set(Some((false, failure.text))),
            }
        });
    };
    let chosen = move |event: leptos::ev::Event| {
        let Some(file) = browser::chosen_file(&event) else { return };
        if file.name().to_lowercase().ends_with(".pdf") {
            outcome.set(Some((false, say("set-no-pdf"))));
            return;
        }
        outcome.set(None);
        name.set(file.name());
        spawn_local(async move { text.set(browser::file_text(&file).await) });
    };
    view! {
        <form class="set" on:submit=put>
            <h3>{say("set-add-source")}</h3>
            <p class="soft">{say("set-add-source-hint")}</p>
            <div class="field">
                <label for="source-file">{say("set-file")}</label>
                <input id="source-file" type="file" accept=".md,.markdown,.txt,.html,.htm,.pdf" on:change=chosen/>
            </div>
            <div class="field">
                <label for="source-name">{say("set-source-name")}</label>
                <input id="source-name" maxlength="100" dir="auto" prop:value=name on:input=move |event| name.set(event_target_value(&event))/>
            </div>
            <div class="field">
                <label for="source-text">{say("set-source-text")}</label>
                <textarea id="source-text" rows="8" dir="auto" prop:value=text on:input=move |event| text.set(event_target_value(&event))></textarea>
            </div>
            <footer><button class="strong">{say("set-put")}</button>{told(outcome)}</footer>
        </form>
    }
    .into_any()
}

/// The site's own pages.
fn pages(app: App, origins: Vec<String>, known: RwSignal<Option<Known>>) -> AnyView {
    let outcome: Told = RwSignal::default();
    let call = move |method: &'static str, body: Value| {
        let path = [&app.site_path(), "/knowledge/crawl"].concat();
        spawn_local(async move {
            match net::call::<Known>(method, &path, &body).await {
                Ok(read) => {
                    known.set(Some(read));
                    outcome.set(None);
                }
                Err(failure) => outcome.set(Some((false, failure.text))),
            }
        });
    };
    let state = move || {
        let crawl = known.with(|known| known.as_ref().and_then(|it| it.crawl.clone()));
        crawl.map(|it: CrawlState| {
            let runs = it.state == "running";
            let word = ["set-crawl-", &it.state].concat();
            let failed = it.failed.into_iter().map(|(url, why)| view! { <li><small dir="auto">{[&url, ": ", &why].concat()}</small></li> });
            view! {
                <div role="status">
                    <p><b dir="ltr">{it.origin}</b> <span class="chip">{say(&word)}</span> <span>{fill("set-pages-read", &it.read.to_string())}</span></p>
                    {(it.left > 0).then(|| view! { <p class="soft">{fill("set-pages-left", &it.left.to_string())}</p> })}
                    {it.note.map(|note| view! { <p class="wrong">{note}</p> })}
                    <ul>{failed.collect_view()}</ul>
                </div>
                {runs.then(|| view! { <button type="button" on:click=move |_| call("DELETE", json!({}))>{say("set-stop")}</button> })}
            }
        })
    };
    let none = origins.is_empty().then(|| view! { <p class="soft">{say("set-no-https")}</p> });
    let buttons = origins.into_iter().map(|origin| {
        let label = fill("set-read-pages", &origin);
        view! { <button type="button" on:click=move |_| call("POST", json!({ "origin": origin }))>{label}</button> }
    });
    view! {
        <section class="set">
            <h3>{say("set-pages")}</h3>
            <p class="soft">{say("set-pages-hint")}</p>
            {none}
            <div class="row">{buttons.collect_view()}</div>
            {told(outcome)}
            {state}
        </section>
    }
    .into_any()
}
