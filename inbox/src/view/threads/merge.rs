//! Who is who: the contacts that may be the same person side by side with what speaks for it, how they would read as one,
//! and what was joined, to be parted at any time.

use leptos::prelude::*;
use serde_json::json;
use shared::{
    api::{
        list::Found,
        me::Role,
        people::{Evidence, MergeLine, Preview, PreviewLine, Strength, Suggestion},
    },
    channel::Channel,
    id::ContactId,
};

use super::{app, icon::Mark, sheet::trouble};
use crate::{
    browser::{self, Shape},
    state::threads::Threads,
    words::{fill, say},
};

/// What is chosen and read.
#[derive(Clone, Copy)]
struct Desk {
    app: Threads,
    suggested: RwSignal<Option<Vec<Suggestion>>>,
    merges: RwSignal<Option<Vec<MergeLine>>>,
    other: RwSignal<Option<Suggestion>>,
    preview: RwSignal<Option<Preview>>,
    wrong: RwSignal<String>,
}

impl Desk {
    fn read(self) {
        self.app.read_into("suggestions", self.suggested, self.wrong);
        self.app.read_into("merges", self.merges, self.wrong);
    }

    fn choose(self, other: Suggestion) {
        self.preview.set(None);
        self.wrong.set(String::new());
        let tail = ["merge-preview?from=", other.contact.as_str()].concat();
        self.app.read_into(&tail, self.preview, self.wrong);
        self.other.set(Some(other));
        browser::focus("merge-one");
    }

    fn join(self) {
        let Some(other) = self.other.get_untracked() else { return };
        let evidence: Vec<String> = other.evidence.into_iter().map(|it| it.text).collect();
        let body = json!({ "contact": other.contact, "evidence": evidence });
        let then = move || {
            self.app.lift();
            self.app.read_contact();
        };
        let path = self.app.of_contact("merges");
        self.app.submit(("POST", path), body, "told-merged", self.wrong, Box::new(then));
    }

    fn keep_apart(self, other: &ContactId) {
        let path = self.app.of_contact("apart");
        let body = json!({ "contact": other });
        let then = move || {
            self.other.set(None);
            self.read();
        };
        self.app.submit(("POST", path), body, "told-apart", self.wrong, Box::new(then));
    }

    fn part(self, from: &ContactId) {
        let path = [&self.app.contact_path(from), "/parted"].concat();
        let then = move || {
            self.read();
            self.app.read_contact();
        };
        self.app.submit(("POST", path), json!({}), "told-parted", self.wrong, Box::new(then));
    }
}

/// The whole of it.
#[component]
pub(crate) fn Merge() -> impl IntoView {
    let desk = Desk {
        app: app(),
        suggested: RwSignal::default(),
        merges: RwSignal::default(),
        other: RwSignal::default(),
        preview: RwSignal::default(),
        wrong: RwSignal::default(),
    };
    desk.read();
    view! {
        {trouble(desk.wrong)}
        {move || match desk.other.get() {
            Some(other) => compare(desk, &other),
            None => choose(desk),
        }}
    }
}

/// Whom to look at, and what was joined.
fn choose(desk: Desk) -> AnyView {
    let may = desk.app.may(Role::Agent);
    let suggested = move || match desk.suggested.get() {
        None => view! { <p class="none-here" aria-busy="true">{say("reading")}</p> }.into_any(),
        Some(all) if all.is_empty() => view! { <p class="none-here">{say("merge-none")}</p> }.into_any(),
        Some(all) => all.iter().map(|it| suggestion(desk, it, may)).collect_view().into_any(),
    };
    let merges = move || {
        let all = desk.merges.get().unwrap_or_default();
        if all.is_empty() {
            return view! { <li class="none-here">{say("merge-never")}</li> }.into_any();
        }
        all.into_iter().map(|it| merged(desk, &it, may)).collect_view().into_any()
    };
    view! {
        <section class="block">
            <h3>{say("merge-suggested")}</h3>
            {suggested}
        </section>
        {may.then(|| somebody_else(desk))}
        <section class="block">
            <h3>{say("merge-done")}</h3>
            <p class="hint">{say("merge-undo-hint")}</p>
            <ul class="rows">{merges}</ul>
        </section>
    }
    .into_any()
}

fn suggestion(desk: Desk, it: &Suggestion, may: bool) -> AnyView {
    let (name, evidence) = (called(it.name.as_deref()), ground(&it.evidence));
    let (chosen, apart) = (it.clone(), it.contact.clone());
    let acts = may.then(|| {
        view! {
            <div class="acts">
                <button type="button" class="strong" on:click=move |_| desk.choose(chosen.clone())>{say("merge-compare")}</button>
                <button type="button" on:click=move |_| desk.keep_apart(&apart)>{say("merge-apart")}</button>
            </div>
        }
    });
    view! {
        <article class="plate">
            <b dir="auto">{name}</b>
            <small dir="auto">{it.addresses.join(" · ")}</small>
            {evidence}
            {acts}
        </article>
    }
    .into_any()
}

fn ground(evidence: &[Evidence]) -> AnyView {
    let rows = evidence.iter().map(|it| {
        let (name, strength) = match it.strength {
            Strength::Strong => ("evidence-strong", "strong"),
            Strength::Weak => ("evidence-weak", "weak"),
        };
        view! { <li><span class="chip" data-strength=strength>{say(name)}</span><span>{it.text.clone()}</span></li> }
    });
    view! { <ul class="evidence">{rows.collect_view()}</ul> }.into_any()
}

/// Somebody whom nothing suggests, by search.
fn somebody_else(desk: Desk) -> AnyView {
    let typed = RwSignal::new(String::new());
    let found: RwSignal<Vec<Found>> = RwSignal::default();
    let look = move |text: String| {
        typed.set(text.clone());
        leptos::task::spawn_local(async move {
            let all = if text.trim().is_empty() { Ok(Vec::new()) } else { desk.app.search(&text).await };
            match all {
                Ok(all) if typed.get_untracked() == text => found.set(all),
                Ok(_) => {}
                Err(failure) => desk.wrong.set(failure.text),
            }
        });
    };
    let rows = move || {
        let own = desk.app.contact();
        let mut all = found.get();
        all.retain(|it| Some(&it.contact) != own.as_ref() && matches!(it.part.as_str(), "name" | "address"));
        all.dedup_by(|one, other| one.contact == other.contact);
        let row = |it: Found| {
            let name = called(it.name.as_deref());
            let other = Suggestion {
                contact: it.contact,
                name: it.name,
                conversation: None,
                addresses: Vec::new(),
                evidence: Vec::new(),
            };
            view! { <li><button type="button" on:click=move |_| desk.choose(other.clone())><span dir="auto">{name}</span></button></li> }
        };
        all.into_iter().take(6).map(row).collect_view()
    };
    view! {
        <section class="block">
            <label class="labelled" for="merge-search">{say("merge-other")}</label>
            <input id="merge-search" type="search" autocomplete="off" prop:value=move || typed.get()
                on:input=move |event| look(event_target_value(&event))/>
            <ul class="choices">{rows}</ul>
        </section>
    }
    .into_any()
}

fn merged(desk: Desk, it: &MergeLine, may: bool) -> AnyView {
    let who = called(it.name.as_deref());
    let by = if it.by.is_empty() { say("merge-by-itself") } else { fill("merge-by", &it.by) };
    let when = browser::written(it.at, None, Shape::Full);
    let undone = it.undone.as_ref().map(|(at, by)| {
        let when = browser::written(*at, None, Shape::Short);
        view! { <span class="chip">{fill("merge-undone", &[by, ", ", &when].concat())}</span> }
    });
    let from = it.from.clone();
    let part = (may && it.undone.is_none()).then(|| {
        view! { <button type="button" on:click=move |_| desk.part(&from)>{say("merge-part")}</button> }
    });
    let evidence = it.evidence.iter().map(|text| view! { <small>{text.clone()}</small> }).collect_view();
    view! {
        <li>
            <div><b dir="auto">{who}</b><small>{by}" · "{when}</small>{evidence}{undone}</div>
            {part}
        </li>
    }
    .into_any()
}

/// Two contacts side by side, and as one.
fn compare(desk: Desk, other: &Suggestion) -> AnyView {
    let (name, addresses) = desk.app.person.with_untracked(|person| {
        let person = person.as_ref();
        let shown = |handle: &shared::api::person::HandleLine| match handle.channel {
            Channel::Widget => say("a-browser"),
            _ => handle.address.clone(),
        };
        let addresses: Vec<String> = person.iter().flat_map(|it| &it.handles).map(shown).collect();
        (person.and_then(|it| it.name.clone()), addresses)
    });
    let ends = (called(name.as_deref()), called(other.name.as_deref()));
    let side = |title: &'static str, name: &str, addresses: &[String], which: &'static str| {
        let rows = addresses.iter().map(|it| view! { <li dir="auto">{it.clone()}</li> }).collect_view();
        view! {
            <article class="plate" data-side=which>
                <small>{say(title)}</small><b dir="auto">{name.to_owned()}</b><ul>{rows}</ul>
            </article>
        }
    };
    let own = desk.app.contact();
    let lines = move || match desk.preview.get() {
        None => view! { <p class="none-here" aria-busy="true">{say("reading")}</p> }.into_any(),
        Some(preview) => {
            let rows = preview.lines.into_iter().filter(|it| !it.excerpt.is_empty());
            let rows = rows.map(|it| line(&it, own.as_ref())).collect_view();
            view! { <ol class="joined-lines">{rows}</ol> }.into_any()
        }
    };
    let apart = other.contact.clone();
    view! {
        <div class="sides">
            {side("merge-this", &ends.0, &addresses, "own")}
            {side("merge-that", &ends.1, &other.addresses, "other")}
        </div>
        {(!other.evidence.is_empty()).then(|| ground(&other.evidence))}
        <section class="block" aria-labelledby="merge-preview">
            <h3 id="merge-preview">{say("merge-preview")}</h3>
            <div class="inner" tabindex="0" role="region" aria-labelledby="merge-preview">{lines}</div>
        </section>
        <div class="acts">
            <button id="merge-one" type="button" class="strong" on:click=move |_| desk.join()>{say("merge-join")}</button>
            <button type="button" on:click=move |_| desk.keep_apart(&apart)>{say("merge-apart")}</button>
            <button type="button" class="quiet" on:click=move |_| desk.other.set(None)>{say("act-back")}</button>
        </div>
    }
    .into_any()
}

fn line(it: &PreviewLine, own: Option<&ContactId>) -> AnyView {
    let side = if own == Some(&it.contact) { "own" } else { "other" };
    let whose = if side == "own" { "merge-this" } else { "merge-that" };
    view! {
        <li data-side=side>
            <Mark channel=it.channel/>
            <span><span class="sr">{say(whose)}": "</span><span dir="auto">{it.excerpt.clone()}</span>
                <small>{browser::written(it.at, None, Shape::Full)}</small></span>
        </li>
    }
    .into_any()
}

fn called(name: Option<&str>) -> String {
    name.map_or_else(|| say("somebody"), str::to_owned)
}
