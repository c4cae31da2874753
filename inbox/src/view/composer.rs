//! One composer for every channel. It takes the channel the contact is best answered on and says why; closed ones stay in
//! sight with the reason. What is typed is kept, and changing the channel keeps it.

use leptos::{html, prelude::*};
use shared::{
    api::person::Way,
    channel::{Channel, sms::segments::segments},
};

use super::{
    app, attach,
    icon::{Icon, name},
};
use crate::{
    browser,
    state::App,
    words::{fill, say},
};

/// The composer.
#[component]
pub(crate) fn Composer() -> impl IntoView {
    let app = app();
    let field: NodeRef<html::Textarea> = NodeRef::new();
    let subject = RwSignal::new(String::new());
    let dropping = RwSignal::new(false);
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
    let is_ready =
        move || is_open(app, way().as_ref()) && has_words(app) && !app.catching_up.get() && may_write();
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
    let counted = move || counted(app);
    let is_mail = move || !app.note.get() && app.takes() == Some(Channel::Email);
    let placeholder = move || if app.note.get() { say("write-note") } else { say("write") };
    let warned = move || unset(&app.draft.get()).map(|name| fill("unset", &name));
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
                        if sends && !event.is_composing() {
                            event.prevent_default();
                            send();
                        }
                    }
                ></textarea>
                <button type="submit" class="strong" aria-disabled=move || (!is_ready()).to_string()>
                    <Icon name="send"/>{move || if app.note.get() { say("keep-note") } else { say("send") }}
                </button>
            </div>
            <p class="under">
                <small>{counted}</small>
                <small class="warn" role="status">{warned}</small>
                <small class="hint">{say("send-hint")}</small>
            </p>
        </form>
    }
}

/// Whether the channel takes a message now.
fn is_open(app: App, way: Option<&Way>) -> bool {
    app.note.get() || way.is_some_and(|way| way.open)
}

/// Whether something is to be said, and every file that goes with it is there.
fn has_words(app: App) -> bool {
    let is_said = !app.draft.with(|text| text.trim().is_empty());
    if app.note.get() {
        return is_said;
    }
    app.files.with(|held| held.iter().all(|it| it.kept().is_some()) && (is_said || !held.is_empty()))
}

/// Why this channel, and to which address.
fn why(app: App, may_write: bool, way: Option<Way>) -> String {
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
fn counted(app: App) -> Option<String> {
    let is_text = !app.note.get() && app.takes() == Some(Channel::Sms);
    let text = app.draft.get();
    (is_text && !text.is_empty()).then(|| {
        let it = segments(&text);
        let unit = if it.parts == 1 { "segment" } else { "segments" };
        [&it.parts.to_string(), " ", &say(unit), ", ", it.encoding.name()].concat()
    })
}

/// A channel to choose: a closed one tells why.
fn tab(app: App, way: &Way) -> impl IntoView + use<> {
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

/// A variable that was left unset: `{name}`.
fn unset(text: &str) -> Option<String> {
    let (_, rest) = text.split_once('{')?;
    let (name, _) = rest.split_once('}')?;
    let is_name =
        !name.is_empty() && name.len() < 40 && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    is_name.then(|| name.to_owned())
}
