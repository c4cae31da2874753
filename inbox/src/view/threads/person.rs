//! What the team changes about a person: their name and language, what is remembered, the site's own fields, who is
//! reached at an address, what they told about our messages, and that everything is erased.

use leptos::prelude::*;
use serde_json::json;
use shared::{
    api::person::{FactLine, HandleLine},
    channel::Channel,
};

use super::{app, icon::name, sheet::trouble};
use crate::{
    browser,
    state::threads::Threads,
    words::{fill, say},
};

/// A text that is typed, under its label.
fn text(label: String, value: RwSignal<String>, hint: Option<&'static str>) -> AnyView {
    let hint = hint.map(|hint| view! { <small>{say(hint)}</small> });
    view! {
        <label><b>{label}</b>
            <input dir="auto" maxlength="300" prop:value=move || value.get() on:input=move |event| value.set(event_target_value(&event))/>
            {hint}
        </label>
    }
    .into_any()
}

/// What closes a form: its main button, and the way out.
fn acts(label: &'static str) -> AnyView {
    let app = app();
    view! {
        <div class="acts">
            <button type="submit" class="strong">{say(label)}</button>
            <button type="button" class="quiet" on:click=move |_| app.lift()>{say("leave")}</button>
        </div>
    }
    .into_any()
}

fn lift(app: Threads) -> Box<dyn FnOnce()> {
    Box::new(move || app.lift())
}

/// Their name, language and time zone.
pub(super) fn contact() -> AnyView {
    let app = app();
    let known = app.person.with_untracked(|it| {
        it.as_ref().map(|it| (it.name.clone(), it.locale.clone(), it.time_zone.clone())).unwrap_or_default()
    });
    let known = (known.0.unwrap_or_default(), known.1.unwrap_or_default(), known.2.unwrap_or_default());
    let (name, locale, zone) =
        (RwSignal::new(known.0.clone()), RwSignal::new(known.1.clone()), RwSignal::new(known.2.clone()));
    let wrong = RwSignal::default();
    let keep = move || {
        // What was not touched stays, whoever changes it meanwhile.
        let changed = |now: String, before: &String| (now.trim() != before).then(|| now.trim().to_owned());
        let body = json!({
            "name": changed(name.get_untracked(), &known.0),
            "locale": changed(locale.get_untracked(), &known.1),
            "time_zone": changed(zone.get_untracked(), &known.2),
        });
        let path = app.of_contact("").trim_end_matches('/').to_owned();
        app.submit(("PATCH", path), body, "told-kept", wrong, lift(app));
    };
    let zones = browser::zones().into_iter().map(|zone| view! { <option value=zone></option> });
    view! {
        <form class="form" on:submit=move |event| { event.prevent_default(); keep(); }>
            {trouble(wrong)}
            {text(say("field-name"), name, None)}
            {text(say("field-locale"), locale, Some("field-locale-hint"))}
            <label><b>{say("field-zone")}</b>
                <input list="zones" autocomplete="off" prop:value=move || zone.get() on:input=move |event| zone.set(event_target_value(&event))/>
                <datalist id="zones">{zones.collect_view()}</datalist>
                <small>{say("field-zone-hint")}</small>
            </label>
            {acts("keep")}
        </form>
    }
    .into_any()
}

/// Something remembered, to be corrected or forgotten.
pub(super) fn fact(it: &FactLine) -> AnyView {
    let app = app();
    let (value, wrong) = (RwSignal::new(it.value.clone()), RwSignal::default());
    let correct = {
        let it = it.clone();
        move || {
            let body = json!({ "key": it.key, "source": it.source, "value": value.get_untracked().trim() });
            let path = app.of_contact("facts/corrected");
            app.submit(("POST", path), body, "told-kept", wrong, lift(app));
        }
    };
    let gone = it.clone();
    let forget = move |_| {
        let body = json!({ "key": gone.key, "source": gone.source });
        let path = app.of_contact("facts/forgotten");
        app.submit(("POST", path), body, "told-forgotten", wrong, lift(app));
    };
    view! {
        <form class="form" on:submit=move |event| { event.prevent_default(); correct(); }>
            {trouble(wrong)}
            <div class="group"><b>{say("fact-words")}</b><blockquote dir="auto">{it.quote.clone()}</blockquote></div>
            {text(it.key.replace('_', " "), value, None)}
            <div class="acts">
                <button type="submit" class="strong">{say("fact-correct")}</button>
                <button type="button" class="grave" on:click=forget>{say("fact-forget")}</button>
                <button type="button" class="quiet" on:click=move |_| app.lift()>{say("leave")}</button>
            </div>
            <small>{say("fact-forget-hint")}</small>
        </form>
    }
    .into_any()
}

/// One of the site's own fields; a new one where it has no name.
pub(super) fn field(named: &str, value: String) -> AnyView {
    let app = app();
    let is_new = named.is_empty();
    let (name, value) = (RwSignal::new(named.to_owned()), RwSignal::new(value));
    let wrong = RwSignal::default();
    let put = move |value: Option<String>| {
        let name = String::from(js_sys::encode_uri_component(name.get_untracked().trim()));
        let path = app.of_contact(&["fields/", &name].concat());
        app.submit(("PUT", path), json!({ "value": value }), "told-kept", wrong, lift(app));
    };
    let shown = named.to_owned();
    view! {
        <form class="form" on:submit=move |event| {
            event.prevent_default();
            if name.with_untracked(|it| it.trim().is_empty()) {
                wrong.set(say("field-needs-name"));
            } else {
                put(Some(value.get_untracked().trim().to_owned()).filter(|it| !it.is_empty()));
            }
        }>
            {trouble(wrong)}
            {if is_new { text(say("field-called"), name, Some("field-called-hint")) } else { ().into_any() }}
            {text(if is_new { say("field-value") } else { shown }, value, None)}
            <div class="acts">
                <button type="submit" class="strong">{say("keep")}</button>
                {(!is_new).then(|| view! { <button type="button" class="grave" on:click=move |_| put(None)>{say("field-drop")}</button> })}
                <button type="button" class="quiet" on:click=move |_| app.lift()>{say("leave")}</button>
            </div>
        </form>
    }
    .into_any()
}

/// Who is reached at an address.
pub(super) fn handle(it: &HandleLine) -> AnyView {
    let app = app();
    let (owner, wrong) = (RwSignal::new(String::new()), RwSignal::default());
    let (channel, address, shared) = (it.channel, it.address.clone(), it.shared);
    let share = move |_| {
        let body = json!({ "channel": channel, "address": address, "shared": !shared });
        let path = app.of_contact("handles/shared");
        app.submit(("POST", path), body, "told-kept", wrong, lift(app));
    };
    let address = it.address.clone();
    let reassign = move || {
        let name = owner.get_untracked();
        let name = (!name.trim().is_empty()).then(|| name.trim().to_owned());
        let body = json!({ "channel": channel, "address": address, "name": name });
        let path = app.of_contact("handles/reassigned");
        app.submit(("POST", path), body, "told-reassigned", wrong, lift(app));
    };
    let (hint, label) =
        if shared { ("handle-one-hint", "handle-one") } else { ("handle-share-hint", "handle-share") };
    view! {
        {trouble(wrong)}
        <p><b dir="ltr">{it.address.clone()}</b></p>
        <section class="block">
            <p class="hint">{say(hint)}</p>
            <div class="acts"><button type="button" on:click=share>{say(label)}</button></div>
        </section>
        <form class="form block" on:submit=move |event| { event.prevent_default(); reassign(); }>
            <h3>{say("handle-moved")}</h3>
            <p class="hint">{say("handle-moved-hint")}</p>
            {text(say("handle-owner"), owner, Some("handle-owner-hint"))}
            <div class="acts"><button type="submit" class="grave">{say("handle-reassign")}</button></div>
        </form>
    }
    .into_any()
}

/// What they told somebody of the team about our messages.
pub(super) fn revoke() -> AnyView {
    let app = app();
    let (said, wrong) = (RwSignal::new(String::new()), RwSignal::default());
    let chosen: RwSignal<Vec<Channel>> = RwSignal::default();
    let boxes = [Channel::Sms, Channel::Email, Channel::Messenger, Channel::Instagram].map(|channel| {
        view! {
            <label class="check">
                <input type="checkbox" on:change=move |event| {
                    let on = event_target_checked(&event);
                    chosen.update(|all| {
                        all.retain(|it| *it != channel);
                        if on {
                            all.push(channel);
                        }
                    });
                }/>
                <span>{say(name(channel))}</span>
            </label>
        }
    });
    let record = move || {
        let body = json!({ "channels": chosen.get_untracked(), "words": said.get_untracked().trim() });
        let path = app.of_contact("consent/revocations");
        app.submit(("POST", path), body, "told-revoked", wrong, lift(app));
    };
    view! {
        <form class="form" on:submit=move |event| { event.prevent_default(); record(); }>
            {trouble(wrong)}
            <p class="hint">{say("revoke-hint")}</p>
            <label><b>{say("revoke-words")}</b>
                <textarea dir="auto" rows="3" required maxlength="1000" prop:value=move || said.get() on:input=move |event| said.set(event_target_value(&event))></textarea>
                <small>{say("revoke-words-hint")}</small>
            </label>
            <fieldset class="group"><legend><b>{say("revoke-channels")}</b></legend>{boxes.collect_view()}<small>{say("revoke-all-hint")}</small></fieldset>
            {acts("revoke-record")}
        </form>
    }
    .into_any()
}

/// Everything about them is erased, once the word is typed.
pub(super) fn erase() -> AnyView {
    let app = app();
    let (typed, wrong) = (RwSignal::new(String::new()), RwSignal::default());
    let called = app.person.with_untracked(|it| it.as_ref().and_then(|it| it.name.clone()));
    let called = called.unwrap_or_else(|| say("somebody"));
    let is_sure = move || typed.with(|it| it.trim().eq_ignore_ascii_case(&say("erase-word")));
    let erase = move || {
        if !is_sure() {
            wrong.set(fill("erase-type", &say("erase-word")));
            return;
        }
        let path = app.of_contact("erased");
        let then = move || {
            app.lift();
            app.read_contact();
        };
        app.submit(("POST", path), json!({}), "told-erased", wrong, Box::new(then));
    };
    let stays = ["erase-stays-hash", "erase-stays-proof", "erase-stays-figures"]
        .map(|it| view! { <li>{say(it)}</li> });
    let goes = ["erase-goes-words", "erase-goes-known"].map(|it| view! { <li>{say(it)}</li> });
    view! {
        <form class="form" on:submit=move |event| { event.prevent_default(); erase(); }>
            {trouble(wrong)}
            <p>{fill("erase-whom", &called)}</p>
            <div class="group"><b>{say("erase-goes")}</b><ul class="dots">{goes.collect_view()}</ul></div>
            <div class="group"><b>{say("erase-stays")}</b><ul class="dots">{stays.collect_view()}</ul></div>
            <label><b>{fill("erase-type", &say("erase-word"))}</b>
                <input autocomplete="off" prop:value=move || typed.get() on:input=move |event| typed.set(event_target_value(&event))/>
            </label>
            <div class="acts">
                <button type="submit" class="grave strong" aria-disabled=move || (!is_sure()).to_string()>{say("erase")}</button>
                <button type="button" class="quiet" on:click=move |_| app.lift()>{say("leave")}</button>
            </div>
        </form>
    }
    .into_any()
}
