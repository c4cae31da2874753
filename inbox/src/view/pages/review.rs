//! Answers of the assistant somebody should look at, what it was taught, and what the team says often.

use leptos::prelude::*;
use serde_json::json;
use shared::{
    api::{
        me::Role,
        teach::{Review as Line, Reviews, Taught},
        work::{Looked, Teaches},
    },
    id::{ConversationId, TaughtId},
};

use super::{app, canned, sheet::trouble};
use crate::{
    browser::{self, Shape},
    net,
    route::Shown,
    state::App,
    words::{about, fill, say},
};

/// What is read, and what is being taught.
#[derive(Clone, Copy)]
struct Desk {
    app: App,
    reviews: RwSignal<Option<Reviews>>,
    taught: RwSignal<Option<Vec<Taught>>>,
    wrong: RwSignal<String>,
    may: bool,
}

/// An answer that is being written: to what, and which lesson it is.
#[derive(Clone)]
struct Lesson {
    id: TaughtId,
    question: String,
    answer: String,
    about: Option<(ConversationId, u32)>,
}

impl Desk {
    fn read(self) {
        self.app.read_site_into("review", self.reviews, self.wrong);
        self.app.read_site_into("taught", self.taught, self.wrong);
    }

    fn site(self, tail: &str) -> String {
        [&self.app.site_path(), "/", tail].concat()
    }

    fn more(self) {
        let next = self.reviews.with_untracked(|all| all.as_ref().and_then(|all| all.next.clone()));
        let Some(next) = next else { return };
        let path = self.site(&["review?after=", &next].concat());
        leptos::task::spawn_local(async move {
            match net::get::<Reviews>(&path).await {
                Ok(more) => self.reviews.update(|all| {
                    if let Some(all) = all.as_mut().filter(|all| all.next.as_ref() == Some(&next)) {
                        all.reviews.extend(more.reviews);
                        all.next = more.next;
                    }
                }),
                Err(failure) => self.wrong.set(failure.text),
            }
        });
    }
}

/// The page.
#[component]
pub(crate) fn Review() -> impl IntoView {
    let app = app();
    let desk = Desk {
        app,
        reviews: RwSignal::default(),
        taught: RwSignal::default(),
        wrong: RwSignal::default(),
        may: app.may(Role::Agent),
    };
    desk.read();
    let reviews = move || match desk.reviews.get() {
        None => view! { <p class="none-here" aria-busy="true">{say("reading")}</p> }.into_any(),
        Some(all) if all.reviews.is_empty() => {
            view! { <p class="none-here">{say("review-none")}</p> }.into_any()
        }
        Some(all) => all.reviews.iter().map(|it| review(desk, it)).collect_view().into_any(),
    };
    let has_more = move || desk.reviews.with(|all| all.as_ref().is_some_and(|all| all.next.is_some()));
    let taught = move || match desk.taught.get() {
        None => view! { <p class="none-here" aria-busy="true">{say("reading")}</p> }.into_any(),
        Some(all) if all.is_empty() => view! { <p class="none-here">{say("taught-none")}</p> }.into_any(),
        Some(all) => all.iter().map(|it| lesson(desk, it)).collect_view().into_any(),
    };
    view! {
        <div class="review">
            <h1>{say("page-review")}</h1>
            {trouble(desk.wrong)}
            <section aria-labelledby="review-look">
                <h2 id="review-look">{say("review-look")}</h2>
                <p class="hint">{say("review-hint")}</p>
                {reviews}
                <Show when=has_more><button type="button" class="more" on:click=move |_| desk.more()>{say("more")}</button></Show>
            </section>
            <section aria-labelledby="review-taught">
                <h2 id="review-taught">{say("taught")}</h2>
                <p class="hint">{say("taught-hint")}</p>
                {taught}
                {desk.may.then(|| anew(desk))}
            </section>
            <section aria-labelledby="review-canned">
                <h2 id="review-canned">{say("canned")}</h2>
                <p class="hint">{say("canned-about")}</p>
                {canned::manage()}
            </section>
        </div>
    }
}

/// An answer to be looked at.
fn review(desk: Desk, it: &Line) -> AnyView {
    let app = desk.app;
    let shown = Shown::Contact(it.contact.clone());
    let path = app.address(shown.clone());
    let sources = it.sources.iter().map(|source| {
        view! { <li><b dir="auto">{source.title.clone()}</b><q dir="auto">{source.quote.clone()}</q></li> }
    });
    let sources = if it.sources.is_empty() {
        view! { <p class="hint">{say("review-no-sources")}</p> }.into_any()
    } else {
        view! { <ul class="told-by">{sources.collect_view()}</ul> }.into_any()
    };
    let teaches = RwSignal::new(false);
    let looked = Looked { by: None, conversation: it.conversation.clone(), seq: it.seq };
    let right = move |_| {
        let body = serde_json::to_value(&looked).unwrap_or_default();
        let then = move || desk.read();
        app.submit(("POST", desk.site("review")), body, "told-looked", desk.wrong, Box::new(then));
    };
    let begun = Lesson {
        id: TaughtId::mint(&mut browser::context()),
        question: it.question.clone(),
        answer: it.answer.clone(),
        about: Some((it.conversation.clone(), it.seq)),
    };
    let acts = desk.may.then(|| {
        view! {
            <Show when=move || teaches.get() fallback=move || view! {
                <div class="acts">
                    <button type="button" on:click=right.clone()>{say("review-right")}</button>
                    <button type="button" class="strong" on:click=move |_| teaches.set(true)>{say("review-teach")}</button>
                </div>
            }>{teach(desk, begun.clone(), teaches)}</Show>
        }
    });
    view! {
        <article class="plate">
            <p class="top"><span class="chip wait">{say(&["review-why-", &it.why].concat())}</span>
                <a href=path on:click=move |event| app.follow(&event, shown.clone())><small>{browser::written(it.at, None, Shape::Full)}</small></a></p>
            <small>{say("review-question")}</small>
            <p class="words" dir="auto">{it.question.clone()}</p>
            <small>{say("review-answer")}</small>
            <p class="words ai" dir="auto">{it.answer.clone()}</p>
            {sources}
            {acts}
        </article>
    }
    .into_any()
}

/// What is asked, and what is to be answered.
fn teach(desk: Desk, begun: Lesson, open: RwSignal<bool>) -> AnyView {
    let app = desk.app;
    let (question, answer) = (RwSignal::new(begun.question.clone()), RwSignal::new(begun.answer.clone()));
    let wrong: RwSignal<String> = RwSignal::default();
    let Lesson { id, about, .. } = begun;
    let keep = move || {
        let body = Teaches {
            by: None,
            question: question.get_untracked().trim().to_owned(),
            answer: answer.get_untracked().trim().to_owned(),
            about: about.clone(),
        };
        let body = serde_json::to_value(body).unwrap_or_default();
        let path = desk.site(&["taught/", id.as_str()].concat());
        let then = move || {
            open.set(false);
            desk.read();
        };
        app.submit(("PUT", path), body, "told-taught", wrong, Box::new(then));
    };
    view! {
        <form class="form" on:submit=move |event| { event.prevent_default(); keep(); }>
            {trouble(wrong)}
            <label><b>{say("taught-question")}</b>
                <input dir="auto" maxlength="300" required prop:value=move || question.get() on:input=move |event| question.set(event_target_value(&event))/>
            </label>
            <label><b>{say("taught-answer")}</b>
                <textarea dir="auto" rows="4" maxlength="2000" required prop:value=move || answer.get() on:input=move |event| answer.set(event_target_value(&event))></textarea>
                <small>{say("taught-answer-hint")}</small>
            </label>
            <div class="acts">
                <button type="submit" class="strong">{say("taught-keep")}</button>
                <button type="button" class="quiet" on:click=move |_| open.set(false)>{say("leave")}</button>
            </div>
        </form>
    }
    .into_any()
}

/// Something that was taught.
fn lesson(desk: Desk, it: &Taught) -> AnyView {
    let app = desk.app;
    let open = RwSignal::new(false);
    let begun =
        Lesson { id: it.id.clone(), question: it.question.clone(), answer: it.answer.clone(), about: None };
    let path = desk.site(&["taught/", it.id.as_str()].concat());
    let forget = move |_| {
        let then = move || desk.read();
        app.submit(("DELETE", path.clone()), json!({}), "told-removed", desk.wrong, Box::new(then));
    };
    let (edit, remove) = (about("edit", &it.question), about("taught-forget", &it.question));
    let acts = desk.may.then(|| {
        view! {
            <Show when=move || open.get() fallback=move || view! {
                <div class="acts">
                    <button type="button" aria-label=edit.clone() on:click=move |_| open.set(true)>{say("edit")}</button>
                    <button type="button" class="grave" aria-label=remove.clone() on:click=forget.clone()>{say("taught-forget")}</button>
                </div>
            }>{teach(desk, begun.clone(), open)}</Show>
        }
    });
    let by = [&fill("merge-by", &it.by), " · ", &browser::written(it.at, None, Shape::Full)].concat();
    view! {
        <article class="plate">
            <b dir="auto">{it.question.clone()}</b>
            <p class="words" dir="auto">{it.answer.clone()}</p>
            <small>{by}</small>
            {acts}
        </article>
    }
    .into_any()
}

/// Something to be taught that no answer gave rise to.
fn anew(desk: Desk) -> AnyView {
    let open = RwSignal::new(false);
    view! {
        <Show when=move || open.get() fallback=move || view! {
            <div class="acts"><button type="button" on:click=move |_| open.set(true)>{say("taught-add")}</button></div>
        }>{
            let id = TaughtId::mint(&mut browser::context());
            teach(desk, Lesson { id, question: String::new(), answer: String::new(), about: None }, open)
        }</Show>
    }
    .into_any()
}
