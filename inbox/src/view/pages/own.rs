//! Whoever is signed in: what they are told and how, their language, and signing out everywhere.

use leptos::prelude::*;
use serde_json::json;
use shared::api::alerts::{AlertKind, AlertWay, PushKey, PushSubscription, Rules};

use super::{app, sheet::trouble};
use crate::{
    browser, net, push,
    state::App,
    words::{self, fill, say},
};

const WAYS: [(AlertWay, &str); 4] = [
    (AlertWay::App, "way-app"),
    (AlertWay::Email, "way-email"),
    (AlertWay::Sms, "way-sms"),
    (AlertWay::Push, "way-push"),
];

/// The languages there are words in.
const LANGUAGES: [(&str, &str); 5] =
    [("en", "English"), ("es", "Español"), ("fr", "Français"), ("de", "Deutsch"), ("ar", "العربية")];

/// This part of the settings.
#[component]
pub(crate) fn Own() -> impl IntoView {
    let app = app();
    let rules: RwSignal<Option<Rules>> = RwSignal::default();
    let wrong: RwSignal<String> = RwSignal::default();
    app.read_site_into("alerts/rules", rules, wrong);
    // The form is drawn once, from what was read first.
    let is_read = Memo::new(move |_| rules.with(Option::is_some));
    view! {
        <div class="own">
            <section class="block">
                <h3>{say("own-language")}</h3>
                {language()}
            </section>
            <section class="block">
                <h3>{say("own-alerts")}</h3>
                {trouble(wrong)}
                {move || is_read.get().then(|| alerts(app, rules, wrong))}
            </section>
            <section class="block"><h3>{say("own-push")}</h3>{browser_push(app)}</section>
            <section class="block">
                <h3>{say("own-signed-in")}</h3>
                <p class="hint">{move || app.me.with(|me| me.as_ref().map(|me| fill("own-as", &me.email)))}</p>
                <div class="acts">
                    <button type="button" on:click=move |_| app.sign_out()>{say("sign-out")}</button>
                    <button type="button" class="grave" on:click=move |_| {
                        let then = || browser::leave("/inbox/sign-in");
                        let path = "/api/me/sign-out-everywhere".to_owned();
                        app.submit(("POST", path), json!({}), "sign-out", wrong, Box::new(then));
                    }>{say("own-sign-out-everywhere")}</button>
                </div>
            </section>
        </div>
    }
}

fn language() -> AnyView {
    let now = words::locale();
    let options = LANGUAGES.map(|(tag, name)| {
        let chosen = now.split('-').next() == Some(tag);
        view! { <option value=tag lang=tag selected=chosen>{name}</option> }
    });
    view! {
        <div class="form">
            <label><b>{say("field-locale")}</b>
                <select on:change=move |event| {
                    browser::keep("language", &event_target_value(&event));
                    browser::leave(&browser::path());
                }>{options.collect_view()}</select>
                <small>{say("own-language-hint")}</small>
            </label>
        </div>
    }
    .into_any()
}

fn ways_of(rules: &mut Rules, kind: AlertKind) -> &mut Vec<AlertWay> {
    match kind {
        AlertKind::Handoff => &mut rules.handoff,
        AlertKind::Promise => &mut rules.promise,
        AlertKind::Message => &mut rules.message,
        AlertKind::Mention => &mut rules.mention,
    }
}

/// Which of what happens they are told, and how; when nothing rings.
fn alerts(app: App, rules: RwSignal<Option<Rules>>, wrong: RwSignal<String>) -> AnyView {
    let change = move |with: &dyn Fn(&mut Rules)| {
        rules.update(|rules| {
            if let Some(rules) = rules {
                with(rules);
            }
        });
    };
    let known = rules.get_untracked().unwrap_or_default();
    let row = |kind: AlertKind| {
        let name = say(&["alert-", kind.as_str()].concat());
        let cells = WAYS.map(|(way, label)| {
            // In the inbox a handoff is told always.
            let always = kind == AlertKind::Handoff && way == AlertWay::App;
            let on = always || known.ways(kind).contains(&way);
            let label = [&name, ": ", &say(label)].concat();
            view! {
                <td><input type="checkbox" aria-label=label prop:checked=on prop:disabled=always on:change=move |event| {
                    let on = event_target_checked(&event);
                    change(&|rules| {
                        let ways = ways_of(rules, kind);
                        ways.retain(|it| *it != way);
                        if on {
                            ways.push(way);
                        }
                    });
                }/></td>
            }
        });
        view! { <tr><th scope="row">{name.clone()}</th>{cells.collect_view()}</tr> }
    };
    let head = WAYS.map(|(_, label)| view! { <th scope="col">{say(label)}</th> });
    let quiet = known.quiet.clone();
    let hours = RwSignal::new(quiet.clone().unwrap_or_else(|| ("20:00".to_owned(), "08:00".to_owned())));
    let rests = RwSignal::new(quiet.is_some());
    let keep = move || {
        change(&|rules| {
            rules.quiet = rests.get_untracked().then(|| hours.get_untracked());
            rules.phone = rules.phone.take().filter(|phone| !phone.trim().is_empty());
            rules.time_zone = rules.time_zone.take().filter(|zone| !zone.trim().is_empty());
        });
        let rings = rules.with_untracked(|rules| {
            let Some(rules) = rules else { return false };
            AlertKind::ALL.iter().any(|kind| rules.ways(*kind).contains(&AlertWay::Sms))
                && rules.phone.is_none()
        });
        if rings {
            wrong.set(say("own-needs-phone"));
            return;
        }
        let body = rules.with_untracked(|rules| serde_json::to_value(rules)).unwrap_or_default();
        let path = [&app.site_path(), "/alerts/rules"].concat();
        app.submit(("PUT", path), body, "told-kept", wrong, Box::new(|| {}));
    };
    let (phone, zone) =
        (known.phone.clone().unwrap_or_default(), known.time_zone.clone().unwrap_or_default());
    let zones = browser::zones().into_iter().map(|zone| view! { <option value=zone></option> });
    view! {
        <form class="form" on:submit=move |event| { event.prevent_default(); keep(); }>
            <div class="wide-table"><table class="grid">
                <thead><tr><td></td>{head.collect_view()}</tr></thead>
                <tbody>{AlertKind::ALL.map(row).collect_view()}</tbody>
            </table></div>
            <label><b>{say("own-phone")}</b>
                <input type="tel" autocomplete="tel" dir="ltr" prop:value=phone on:input=move |event| {
                    let value = event_target_value(&event);
                    change(&|rules| rules.phone = Some(value.clone()));
                }/>
                <small>{say("own-phone-hint")}</small>
            </label>
            <label class="check">
                <input type="checkbox" prop:checked=move || rests.get() on:change=move |event| rests.set(event_target_checked(&event))/>
                <span>{say("own-quiet")}</span>
            </label>
            <Show when=move || rests.get()>
                <div class="two">
                    <label><b>{say("own-quiet-from")}</b>
                        <input type="time" required prop:value=move || hours.get().0 on:input=move |event| hours.update(|it| it.0 = event_target_value(&event))/>
                    </label>
                    <label><b>{say("own-quiet-to")}</b>
                        <input type="time" required prop:value=move || hours.get().1 on:input=move |event| hours.update(|it| it.1 = event_target_value(&event))/>
                    </label>
                </div>
            </Show>
            <label><b>{say("field-zone")}</b>
                <input list="own-zones" autocomplete="off" prop:value=zone on:input=move |event| {
                    let value = event_target_value(&event);
                    change(&|rules| rules.time_zone = Some(value.clone()));
                }/>
                <datalist id="own-zones">{zones.collect_view()}</datalist>
                <small>{say("own-zone-hint")}</small>
            </label>
            <div class="acts"><button type="submit" class="strong">{say("keep")}</button></div>
        </form>
    }
    .into_any()
}

/// Whether this very browser rings.
fn browser_push(app: App) -> AnyView {
    let key: RwSignal<Option<PushKey>> = RwSignal::default();
    let wrong: RwSignal<String> = RwSignal::default();
    app.read_site_into("push", key, wrong);
    let rings: RwSignal<bool> = RwSignal::default();
    leptos::task::spawn_local(async move { rings.set(push::endpoint().await.is_some()) });
    let turn_on = move |_| {
        let Some(key) = key.get_untracked().and_then(|it| it.key) else { return };
        let path = [&app.site_path(), "/push"].concat();
        wrong.set(String::new());
        leptos::task::spawn_local(async move {
            let Some(subscription) = push::subscribe(&key).await else {
                wrong.set(say("push-refused"));
                return;
            };
            match net::act("POST", &path, &subscription).await {
                Ok(()) => {
                    rings.set(true);
                    app.told.set(say("told-push-on"));
                }
                Err(failure) => wrong.set(failure.text),
            }
        });
    };
    let turn_off = move |_| {
        let path = [&app.site_path(), "/push"].concat();
        leptos::task::spawn_local(async move {
            let Some(endpoint) = push::unsubscribe().await else { return };
            let gone = PushSubscription { endpoint, ..PushSubscription::default() };
            match net::act("DELETE", &path, &gone).await {
                Ok(()) => {
                    rings.set(false);
                    app.told.set(say("told-push-off"));
                }
                Err(failure) => wrong.set(failure.text),
            }
        });
    };
    let shown = move || match key.get() {
        None => ().into_any(),
        Some(PushKey { key: None }) => view! { <p class="hint">{say("push-not-here")}</p> }.into_any(),
        Some(_) if rings.get() => view! {
            <p class="hint">{say("push-is-on")}</p>
            <div class="acts"><button type="button" on:click=turn_off>{say("push-off")}</button></div>
        }
        .into_any(),
        Some(_) => view! {
            <p class="hint">{say("push-hint")}</p>
            <div class="acts"><button type="button" on:click=turn_on>{say("push-on")}</button></div>
        }
        .into_any(),
    };
    view! { {trouble(wrong)}{shown} }.into_any()
}
