//! One entry of the timeline.

use leptos::prelude::*;
use shared::{
    api::timeline::{Entry, Judged, Said, Sent, What},
    wire::Speaker,
};

use super::{
    app,
    attach::drawn,
    icon::{Icon, Mark, name},
};
use crate::{
    browser::{self, Shape},
    words::{fill, say},
};

/// Who the entries are of, and on whose clock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scene {
    /// What the contact is called.
    pub(crate) contact: String,
    /// The assistant's name.
    pub(crate) assistant: String,
    /// The contact's zone, where it is known.
    pub(crate) zone: Option<String>,
}

/// Draws an entry.
pub(crate) fn draw(scene: &Scene, entry: &Entry) -> AnyView {
    match &entry.what {
        What::Said(said) => self::said(scene, entry, said),
        What::Notice { kind, text } => notice(scene, entry, icon_of(kind), text.clone()),
        What::Note { text, .. } => note(scene, entry, text),
        What::HeldBack { judged } => held(scene, entry, judged),
        What::Erased => notice(scene, entry, "erased", say("erased")),
    }
}

fn icon_of(kind: &str) -> &'static str {
    match kind {
        "consent" | "form" => "consent",
        "handoff" | "floor" | "work" | "call" => "person",
        "promise" | "appointment" => "clock",
        "proven" => "key",
        "joined" => "joined",
        "tag" => "tag",
        _ => "",
    }
}

fn clock(scene: &Scene, entry: &Entry) -> impl IntoView + use<> {
    let zone = scene.zone.as_deref();
    let full = browser::written(entry.at, zone, Shape::Full);
    view! { <time title=full>{browser::written(entry.at, zone, Shape::Clock)}</time> }
}

fn said(scene: &Scene, entry: &Entry, said: &Said) -> AnyView {
    let (kind, who, badge) = match &entry.speaker {
        Speaker::Contact => ("contact", scene.contact.clone(), None),
        Speaker::Assistant => ("assistant", scene.assistant.clone(), Some(say("ai"))),
        Speaker::Agent(name) => ("agent", name.clone(), None),
        Speaker::Sequence(name) => ("sequence", name.clone(), Some(say("sequence"))),
        Speaker::System => ("system", "Throughline".to_owned(), Some(say("notice"))),
    };
    let badge = badge.map(|badge| view! { <span class="badge">{badge}</span> });
    let subject = said.subject.clone().map(|subject| view! { <h3 dir="auto">{subject}</h3> });
    let foot =
        (said.sent.is_some() || said.judged.is_some() || !said.sources.is_empty() || !said.notes.is_empty())
            .then(|| {
                let sources = (!said.sources.is_empty()).then(|| sources(said));
                let notes =
                    said.notes.iter().map(|note| view! { <small>{note.clone()}</small> }).collect_view();
                view! {
                    <footer>
                        {said.sent.as_ref().map(state)}
                        {said.judged.as_ref().map(|judged| receipt(judged, None))}
                        {sources}
                        {notes}
                    </footer>
                }
            });
    view! {
        <li class="entry" data-speaker=kind id=entry.id.clone()>
            <Mark channel=entry.channel/>
            <article>
                <header>
                    <b dir="auto">{who}</b>{badge}
                    <span class="via">{say(name(entry.channel))}</span>
                    {clock(scene, entry)}
                </header>
                {subject}
                <p class="words" dir="auto">{said.text.clone()}</p>
                {(!said.files.is_empty()).then(|| drawn(&said.files))}
                {foot}
            </article>
        </li>
    }
    .into_any()
}

/// How far it came.
fn state(sent: &Sent) -> impl IntoView + use<> {
    let again = (sent.state == "wedged").then(|| {
        let app = app();
        view! {
            <button type="button" class="undo" on:click=move |_| {
                app.act("POST", "resent", serde_json::json!({}), "told-resent");
            }>{say("another-way")}</button>
        }
    });
    let word = say(&["state-", &sent.state].concat());
    let because = sent.because.clone().map(|why| [": ", &why].concat());
    let parts = sent.segments.filter(|parts| *parts > 1).map(|parts| fill("parts", &parts.to_string()));
    view! {
        <span class="chip" data-state=sent.state.clone()>{word}{because}</span>{again}
        {parts.map(|parts| view! { <small>{parts}</small> })}
    }
}

/// Why it was let through or held back, folded.
fn receipt(judged: &Judged, label: Option<String>) -> impl IntoView + use<> {
    let label = label.unwrap_or_else(|| match judged.outcome.as_str() {
        "allow" => fill("gates", &judged.gates.len().to_string()),
        rule => rule.to_owned(),
    });
    let gates = judged.gates.iter().map(|gate| {
        view! {
            <li data-finding=gate.finding.clone()>
                <code>{gate.rule.clone()}</code>
                <span class="sr">{say(&["finding-", &gate.finding].concat())}</span>
                <span>{gate.why.clone()}</span>
            </li>
        }
    });
    let change = (!judged.change.is_empty()).then(|| {
        view! { <p class="change"><b>{say("would-change")}</b>" "{judged.change.clone()}</p> }
    });
    view! {
        <details class="receipt">
            <summary class="chip" data-outcome=judged.outcome.clone()>{label}</summary>
            <div class="fold">
                <p><b>{judged.why.clone()}</b></p>
                {change}
                <p><small>{judged.about.clone()}</small></p>
                <ul class="gates">{gates.collect_view()}</ul>
            </div>
        </details>
    }
}

fn sources(said: &Said) -> impl IntoView + use<> {
    let list = said.sources.iter().map(|source| {
        view! { <li><b>{source.title.clone()}</b><q dir="auto">{source.quote.clone()}</q></li> }
    });
    view! {
        <details class="sources">
            <summary class="chip">{fill("sources", &said.sources.len().to_string())}</summary>
            <ul class="fold">{list.collect_view()}</ul>
        </details>
    }
}

fn notice(scene: &Scene, entry: &Entry, icon: &'static str, text: String) -> AnyView {
    view! {
        <li class="notice" id=entry.id.clone()>
            <Icon name=icon/>
            <p><span dir="auto">{text}</span>" "{clock(scene, entry)}</p>
        </li>
    }
    .into_any()
}

fn note(scene: &Scene, entry: &Entry, text: &str) -> AnyView {
    let who = match &entry.speaker {
        Speaker::Agent(name) => name.clone(),
        _ => String::new(),
    };
    view! {
        <li class="entry" data-speaker="note" id=entry.id.clone()>
            <span class="mark" data-channel="note"><Icon name="note"/></span>
            <article>
                <header>
                    <b dir="auto">{who}</b><span class="badge">{say("note")}</span>
                    <span class="via">{say("note-only-team")}</span>{clock(scene, entry)}
                </header>
                <p class="words" dir="auto">{text.to_owned()}</p>
            </article>
        </li>
    }
    .into_any()
}

fn held(scene: &Scene, entry: &Entry, judged: &Judged) -> AnyView {
    view! {
        <li class="notice held" id=entry.id.clone()>
            <Icon name="held"/>
            <div>
                <p><b>{say("held-back")}</b>" "{judged.why.clone()}" "{clock(scene, entry)}</p>
                {receipt(judged, None)}
            </div>
        </li>
    }
    .into_any()
}
