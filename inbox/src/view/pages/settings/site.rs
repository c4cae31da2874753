//! The business: its name, its looks, where the chat may stand, and the line to paste.

use leptos::{prelude::*, task::spawn_local};
use serde_json::{Value, json};
use shared::api::{
    lines::{Lines, SnippetFound, SnippetState},
    settings::Settings,
};

use super::form::{Form, Takes, Told, choice, field, list, may_change, shell, told};
use crate::{
    browser, net,
    state::App,
    words::{about, fill, say},
};

/// The languages that the product speaks, each called as its own people call it.
const LANGUAGES: [(&str, &str); 5] =
    [("en", "English"), ("es", "Español"), ("fr", "Français"), ("de", "Deutsch"), ("ar", "العربية")];

/// The part.
pub(super) fn site(app: App, settings: &Settings<Value>) -> AnyView {
    let form = Form::of(app, "site", settings);
    let origins = Form::of(app, "origins", settings);
    let languages: Vec<_> =
        LANGUAGES.iter().map(|(tag, name)| ((*tag).to_owned(), (*name).to_owned())).collect();
    let zones = browser::zones().into_iter().map(|zone| (zone.clone(), zone.replace('_', " "))).collect();
    let fields = view! {
        {field(form, "/name", say("set-name"), "", Takes::Line)}
        {field(form, "/address", say("set-address"), "set-address-hint", Takes::Line)}
        {field(form, "/phone", say("set-phone"), "", Takes::Phone)}
        {field(form, "/booking_url", say("set-booking-url"), "set-booking-url-hint", Takes::MayUrl)}
        {choice(form, "/locale", say("set-locale"), "set-locale-hint", languages)}
        {choice(form, "/time_zone", say("set-zone"), "set-zone-hint", zones)}
        {field(form, "/region", say("set-region"), "set-region-hint", Takes::Line)}
        {color(form)}
        {greetings(form)}
        {preview(form)}
    };
    let snippet = may_change(app).then(|| snippet(app));
    view! {
        {shell(form, "set-business", "", fields.into_any())}
        {shell(origins, "set-origins", "set-origins-hint", list(origins, "/allowed_origins", "set-origin", "set-add-origin", Takes::Line))}
        {snippet}
    }
    .into_any()
}

/// The brightness of a colour by WCAG 2.2, 0 to 1; `None` where it is none.
fn brightness(color: &str) -> Option<f64> {
    let digits = color.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
    let part = |at: usize| {
        let value = f64::from(u8::from_str_radix(digits.get(at..at + 2)?, 16).ok()?) / 255.0;
        Some(if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) })
    };
    Some(0.2126 * part(0)? + 0.7152 * part(2)? + 0.0722 * part(4)?)
}

/// The colour of words on a colour, and how well they can be read there.
fn ink(color: &str) -> (&'static str, f64) {
    let Some(ground) = brightness(color) else { return ("#ffffff", 1.0) };
    let dark = brightness("#121418").unwrap_or_default();
    let (on_white, on_dark) = (1.05 / (ground + 0.05), (ground + 0.05) / (dark + 0.05));
    if on_white >= on_dark { ("#ffffff", on_white) } else { ("#121418", on_dark) }
}

fn color(form: Form) -> AnyView {
    let shown = Memo::new(move |_| form.text("/brand/color"));
    let contrast = move || {
        let (_, ratio) = ink(&shown.get());
        let (class, word) =
            if ratio >= 4.5 { ("good", "set-contrast-good") } else { ("wrong", "set-contrast-bad") };
        view! { <p class=class>{fill(word, &format!("{ratio:.1}"))}</p> }
    };
    view! {
        <div class="row color">
            <input type="color" aria-label=say("set-color-pick") prop:value=shown
                on:input=move |event| form.set("/brand/color", Value::from(event_target_value(&event)))/>
            {field(form, "/brand/color", say("set-color"), "set-color-hint", Takes::Line)}
        </div>
        {contrast}
    }
    .into_any()
}

fn greetings(form: Form) -> AnyView {
    let names = Memo::new(move |_| form.names("/brand/greeting"));
    let row = move |tag: String| {
        let called = LANGUAGES.iter().find(|(known, _)| *known == tag).map_or(tag.as_str(), |(_, name)| name);
        let label = fill("set-greeting", called);
        let gone = about("set-take-out", &label);
        let path = ["/brand/greeting/", &tag].concat();
        view! {
            <li>
                {field(form, &path, label, "", Takes::Lines)}
                <button type="button" class="quiet" aria-label=gone on:click=move |_| {
                    let mut all = form.value.with_untracked(|value| value["brand"]["greeting"].clone());
                    if let Some(all) = all.as_object_mut() {
                        all.remove(&tag);
                    }
                    form.set("/brand/greeting", all);
                }>{say("set-take-out")}</button>
            </li>
        }
    };
    let more = move || {
        let known = names.get();
        let missing = LANGUAGES.iter().filter(|(tag, _)| !known.iter().any(|it| it == tag));
        let buttons = missing.map(|(tag, name)| {
            let path = ["/brand/greeting/", tag].concat();
            view! { <button type="button" on:click=move |_| form.set(&path, Value::from(""))>{fill("set-greet-in", name)}</button> }
        });
        buttons.collect_view()
    };
    view! {
        <ul class="rows">{move || names.get().into_iter().map(row).collect_view()}</ul>
        <div class="row">{more}</div>
    }
    .into_any()
}

/// The button and the head of the chat, as visitors will see them.
fn preview(form: Form) -> AnyView {
    let ground = Memo::new(move |_| form.text("/brand/color"));
    let words = move || ink(&ground.get()).0;
    let greeting = move || {
        let own = form.text(&["/brand/greeting/", &form.text("/locale")].concat());
        let first = || {
            let names = form.names("/brand/greeting");
            names.first().map(|tag| form.text(&["/brand/greeting/", tag].concat())).unwrap_or_default()
        };
        if own.is_empty() { first() } else { own }
    };
    view! {
        <figure class="look">
            <figcaption>{say("set-preview")}</figcaption>
            <div class="look-panel" dir="auto">
                <header style:background-color=ground style:color=words><b>{move || form.text("/name")}</b></header>
                <p>{greeting}</p>
            </div>
            <span class="look-button" aria-hidden="true" style:background-color=ground style:color=words>
                <svg viewBox="0 0 24 24" width="26" height="26" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round">
                    <path d="M4 5h16v11H10l-5 4v-4H4z"/>
                </svg>
            </span>
        </figure>
    }
    .into_any()
}

/// The line to paste, and whether it stands on a page.
fn snippet(app: App) -> AnyView {
    let line = RwSignal::new(String::new());
    let (url, answer): (RwSignal<String>, Told) = (RwSignal::default(), RwSignal::default());
    let path = app.site_path();
    let lines = [&path, "/lines"].concat();
    spawn_local(async move {
        match net::get::<Lines>(&lines).await {
            Ok(lines) => line.set(lines.snippet),
            Err(failure) => answer.set(Some((false, failure.text))),
        }
    });
    let check = StoredValue::new([&path, "/snippet/check"].concat());
    view! {
        <section class="set">
            <h3>{say("set-snippet")}</h3>
            <p class="soft">{say("set-snippet-hint")}</p>
            <pre class="snippet" dir="ltr" tabindex="0" aria-label=say("set-snippet")>{line}</pre>
            <button type="button" on:click=move |_| {
                browser::copy(&line.get_untracked());
                app.told.set(say("set-copied"));
            }>{say("set-copy")}</button>
            <form class="row" on:submit=move |event| {
                event.prevent_default();
                let (path, body) = (check.get_value(), json!({ "url": url.get_untracked() }));
                answer.set(Some((true, say("set-looking"))));
                spawn_local(async move {
                    let found = net::call::<SnippetFound>("POST", &path, &body).await;
                    answer.set(Some(match found {
                        Ok(found) => (found.state == SnippetState::Found, found.text),
                        Err(failure) => (false, failure.text),
                    }));
                });
            }>
                <div class="field">
                    <label for="snippet-url">{say("set-check-url")}</label>
                    <input id="snippet-url" type="url" dir="ltr" placeholder="https://" prop:value=url
                        on:input=move |event| url.set(event_target_value(&event))/>
                </div>
                <button>{say("set-check")}</button>
            </form>
            {told(answer)}
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_on_a_colour_are_of_the_colour_that_can_be_read_there() {
        assert_eq!(ink("#4a3fa3").0, "#ffffff");
        assert_eq!(ink("#ffd400").0, "#121418");
        assert!(ink("#ffffff").1 > 15.0 && ink("#000000").1 > 20.0);
        assert_eq!(ink("green"), ("#ffffff", 1.0));
    }
}
