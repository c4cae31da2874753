//! One composer for every channel. It takes the channel the contact is best answered on and says why; closed ones stay in
//! sight with the reason. What is typed is kept, and changing the channel keeps it.

use leptos::{html, prelude::*};
use shared::{
    api::{person::Way, teach::unset},
    channel::{Channel, sms::segments::segments},
};

use super::{
    app, attach,
    icon::{Icon, name},
};
use crate::{
    browser,
    state::{Over, threads::Threads},
    words::{fill, say},
};

/// The composer.
#[component]
pub(crate) fn Composer() -> impl IntoView {
    let app = app();
    let field: NodeRef<html::Textarea> = NodeRef::new();
    let dropping = RwSignal::new(false);
    let subject = app.subject;
    let kept_as = move || app.contact().map(|contact| format!("draft.{contact}"));
    // Whoever comes back finds what they had begun.
    Effect::new(move |_| {
        let kept = kept_as().and_then(|name| browser::kept(&name)).unwrap_or_default();
        app.draft.set(kept);
        subject.set(String::new());
        app.files.set(Vec::new());
    });
    let typed = move |text: String| {
        if let Some(name) = kept_as() {
            browser::keep(&name, &text);
        }
        if text.is_empty() != app.draft.with(String::is_empty) {
            app.types(!text.is_empty());
        }
        app.draft.set(text);
    };
    let ways =
        move || app.person.with(|person| person.as_ref().map(|it| it.ways.clone()).unwrap_or_default());
    let way = move || ways().into_iter().find(|way| Some(way.channel) == app.takes());
    let may_write = move || app.membership().is_some_and(|it| it.role > shared::api::me::Role::ReadOnly);
    let is_ready = move || {
        let is_whole = has_words(app) && app.draft.with(|text| unset(text).is_none());
        is_open(app, way().as_ref()) && is_whole && !app.catching_up.get() && may_write()
    };
    let send = move || {
        if !is_ready() {
            return;
        }
        let text = app.draft.get_untracked();
        let subject_line = subject.get_untracked();
        let subject_line = (!subject_line.trim().is_empty()).then(|| subject_line.trim().to_owned());
        app.send(subject_line, text.trim().to_owned());
        typed(String::new());
        browser::focus("compose");
    };
    let why = move || why(app, may_write(), way());
    let is_mail = move || !app.note.get() && app.takes() == Some(Channel::Email);
    let placeholder = move || if app.note.get() { say("write-note") } else { say("write") };
    let may_plan = move || !app.note.get() && may_write();
    view! {
        <form
            class="composer" data-note=move || app.note.get().to_string()
            data-dropping=move || dropping.get().to_string()
            on:dragover=move |event| { event.prevent_default(); dropping.set(true); }
            on:dragleave=move |_| dropping.set(false)
            on:drop=move |event| {
                event.prevent_default();
                dropping.set(false);
                attach::take(app, event.data_transfer().and_then(|it| it.files()));
            }
            on:submit=move |event| { event.prevent_default(); send(); }
        >
            <div class="ways" role="radiogroup" aria-label=say("channel")>
                {move || ways().into_iter().map(|way| tab(app, &way)).collect_view()}
                <button
                    type="button" role="radio" class="way" data-channel="note" aria-keyshortcuts="n"
                    aria-checked=move || app.note.get().to_string() on:click=move |_| app.note.set(true)
                ><Icon name="note"/>{say("note")}</button>
            </div>
            <p class="why" id="compose-why"><small>{why}</small></p>
            <Show when=is_mail>
                <input
                    class="subject" dir="auto" placeholder=say("subject") aria-label=say("subject")
                    prop:value=move || subject.get() on:input=move |event| subject.set(event_target_value(&event))
                />
            </Show>
            <attach::Attached app/>
            <div class="field">
                {move || (may_write() && !app.note.get()).then(|| view! { <attach::Attach app/> })}
                <textarea
                    id="compose" node_ref=field rows="3" dir="auto" aria-describedby="compose-why"
                    placeholder=placeholder aria-label=placeholder aria-keyshortcuts="r"
                    prop:value=move || app.draft.get()
                    on:input=move |event| typed(event_target_value(&event))
                    on:blur=move |_| app.types(false)
                    on:paste=move |event| attach::take(app, event.clipboard_data().and_then(|it| it.files()))
                    on:keydown=move |event| {
                        let sends = event.key() == "Enter" && (event.ctrl_key() || event.meta_key());
                        if event.key() == "/" && may_plan() && app.draft.with_untracked(String::is_empty) {
                            event.prevent_default();
                            event.stop_propagation();
                            app.lay(Over::Canned);
                        } else if sends && !event.is_composing() {
                            event.prevent_default();
                            send();
                        }
                    }
                ></textarea>
                <button type="submit" class="strong" aria-disabled=move || (!is_ready()).to_string()>
                    <Icon name="send"/>{move || if app.note.get() { say("keep-note") } else { say("send") }}
                </button>
            </div>
            <Under may_write=Signal::derive(may_write)/>
        </form>
    }
}

/// Below the field: what can be said ready-made or later, how long it is, and what is not filled in.
#[component]
fn Under(
    /// Whoever is signed in may write.
    may_write: Signal<bool>,
) -> impl IntoView {
    let app = app();
    let counted = move || counted(app);
    let warned =
        move || app.draft.with(|text| unset(text).map(|name| fill("unset", &["{", name, "}"].concat())));
    let may_plan = move || !app.note.get() && may_write.get();
    let plan = move |_| {
        if app.draft.with_untracked(|text| text.trim().is_empty() || unset(text).is_some()) {
            app.told.set(say("later-empty"));
            browser::focus("compose");
        } else {
            app.lay(Over::Later);
        }
    };
    view! {
            <p class="under">
                <Show when=may_plan>
                    <button type="button" class="link" title=say("canned-hint") on:click=move |_| app.lay(Over::Canned)>{say("canned")}</button>
                    <button type="button" class="link" on:click=plan>{say("later")}</button>
                </Show>
                <small>{counted}</small>
                <small class="warn" role="status">{warned}</small>
                <small class="hint">{say("send-hint")}</small>
            </p>
    }
}

/// Whether the channel takes a message now.
fn is_open(app: Threads, way: Option<&Way>) -> bool {
    app.note.get() || way.is_some_and(|way| way.open)
}

/// Whether something is to be said, and every file that goes with it is there.
fn has_words(app: Threads) -> bool {
    let is_said = !app.draft.with(|text| text.trim().is_empty());
    if app.note.get() {
        return is_said;
    }
    if app.draft.with(|text| unset(text).is_some()) {
        return false;
    }
    app.files.with(|held| held.iter().all(|it| it.kept().is_some()) && (is_said || !held.is_empty()))
}

/// Why this channel, and to which address.
fn why(app: Threads, may_write: bool, way: Option<Way>) -> String {
    if app.note.get() {
        return say("note-only-team");
    }
    if !may_write {
        return say("read-only");
    }
    let Some(way) = way else { return String::new() };
    let to = way.to.map(|to| [&to, ". "].concat()).unwrap_or_default();
    let closes = way.closes_at.map(|at| fill("closes", &browser::from_now(at, app.now.get())));
    [to, way.why, closes.map(|it| [" ", &it].concat()).unwrap_or_default()].concat()
}

/// How many text messages are typed, and in which encoding.
fn counted(app: Threads) -> Option<String> {
    let is_text = !app.note.get() && app.takes() == Some(Channel::Sms);
    let text = app.draft.get();
    (is_text && !text.is_empty()).then(|| {
        let it = segments(&text);
        let unit = if it.parts == 1 { "segment" } else { "segments" };
        [&it.parts.to_string(), " ", &say(unit), ", ", it.encoding.name()].concat()
    })
}

/// A channel to choose: a closed one tells why.
fn tab(app: Threads, way: &Way) -> impl IntoView + use<> {
    let channel = way.channel;
    let is_chosen = move || !app.note.get() && app.takes() == Some(channel);
    let (open, why) = (way.open, way.why.clone());
    view! {
        <button
            type="button" role="radio" class="way" data-channel=channel.as_str() title=why.clone()
            aria-checked=move || is_chosen().to_string() data-open=open.to_string()
            on:click=move |_| {
                app.note.set(false);
                app.channel.set(Some(channel));
            }
        >
            <Icon name=channel.as_str()/>{say(name(channel))}
            {(!open).then(|| view! { <span class="sr">{fill("closed", &why)}</span> })}
        </button>
    }
}
