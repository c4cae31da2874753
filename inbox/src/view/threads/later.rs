//! When something is to be: a conversation looked at again, or what is typed said.

use leptos::prelude::*;
use serde_json::json;
use shared::{
    api::work::{Act, DoesAll, SaidLater},
    id::PlannedId,
    time::{HOUR_MS, Timestamp},
};

use super::{app, sheet::trouble};
use crate::{
    browser::{self, Shape},
    state::threads::Threads,
    words::{fill, say},
};

fn in_hours(hours: i64) -> Timestamp {
    Timestamp::from_ms(browser::i64_of(browser::now_ms()) + hours * HOUR_MS)
}

/// Some times by name, and a field for any other; `choose` takes one. Times are on `zone`'s clock, the reader's where none
/// is given.
fn times(
    named: Vec<(&'static str, Option<Timestamp>)>,
    zone: Option<String>,
    wrong: RwSignal<String>,
    choose: impl Fn(Timestamp) + Copy + Send + Sync + 'static,
) -> AnyView {
    let start = browser::on_day(1, "09:00", zone.as_deref()).map(|at| browser::wall(at, zone.as_deref()));
    let typed = RwSignal::new(start.unwrap_or_default());
    let own = browser::own_zone();
    let is_other = zone.is_some() && zone != own;
    let kept = StoredValue::new(zone);
    let at = move || kept.with_value(|zone| browser::instant(&typed.get(), zone.as_deref()));
    // On the reader's own clock as well, where it is another.
    let yours = move || {
        let at = at().filter(|_| is_other)?;
        Some(fill("later-yours", &browser::written(at, None, Shape::Full)))
    };
    let row = |(name, at): (&'static str, Option<Timestamp>)| {
        let at = at.filter(|at| browser::f64_of(*at) > browser::now_ms())?;
        let theirs = kept.with_value(|zone| browser::written(at, zone.as_deref(), Shape::Full));
        let yours = is_other.then(|| fill("later-yours", &browser::written(at, None, Shape::Full)));
        Some(view! {
            <li><button type="button" on:click=move |_| choose(at)><b>{say(name)}</b><span><small>{theirs}</small><small>{yours}</small></span></button></li>
        })
    };
    let label = kept.with_value(|zone| match zone {
        Some(zone) if is_other => fill("later-at-theirs", &zone.replace('_', " ")),
        _ => say("later-at"),
    });
    view! {
        <ul class="choices times">{named.into_iter().filter_map(row).collect_view()}</ul>
        <form class="form block" on:submit=move |event| {
            event.prevent_default();
            match at() {
                Some(at) if browser::f64_of(at) > browser::now_ms() => choose(at),
                _ => wrong.set(say("later-past")),
            }
        }>
            <label><b>{label}</b>
                <input type="datetime-local" required prop:value=move || typed.get() on:input=move |event| typed.set(event_target_value(&event))/>
                <small>{yours}</small>
            </label>
            <div class="acts"><button type="submit" class="strong">{say("later-choose")}</button></div>
        </form>
    }
    .into_any()
}

/// When what is typed is said.
pub(super) fn later() -> AnyView {
    let app = app();
    let wrong: RwSignal<String> = RwSignal::default();
    let unless_heard = RwSignal::new(true);
    let zone = app.person.with_untracked(|it| it.as_ref().and_then(|it| it.time_zone.clone()));
    let named = vec![
        ("later-hour", Some(in_hours(1))),
        ("later-tomorrow", browser::on_day(1, "09:00", zone.as_deref())),
        ("later-week", browser::on_day(browser::to_monday(), "09:00", zone.as_deref())),
    ];
    let id = StoredValue::new(PlannedId::mint(&mut browser::context()));
    let choose = move |due_at: Timestamp| {
        let subject = app.subject.get_untracked();
        let planned = SaidLater {
            id: id.get_value(),
            by: None,
            text: app.draft.get_untracked().trim().to_owned(),
            subject: (!subject.trim().is_empty()).then(|| subject.trim().to_owned()),
            channel: app.takes(),
            due_at,
            unless_heard: unless_heard.get_untracked(),
        };
        let path = app.of_contact("planned");
        let body = serde_json::to_value(planned).unwrap_or_default();
        app.submit(("POST", path), body, "told-planned", wrong, Box::new(move || said(app)));
    };
    view! {
        {trouble(wrong)}
        <blockquote class="typed" dir="auto">{app.draft.get_untracked()}</blockquote>
        <label class="check">
            <input type="checkbox" prop:checked=move || unless_heard.get() on:change=move |event| unless_heard.set(event_target_checked(&event))/>
            <span>{say("later-unless")}</span>
        </label>
        {times(named, zone, wrong, choose)}
    }
    .into_any()
}

/// What was typed is planned: it is typed no more.
fn said(app: Threads) {
    if let Some(contact) = app.contact() {
        browser::keep(&["draft.", contact.as_str()].concat(), "");
    }
    app.draft.set(String::new());
    app.subject.set(String::new());
    app.lift();
}

/// Until when conversations are put off.
pub(super) fn snooze(picked: bool) -> AnyView {
    let app = app();
    let wrong: RwSignal<String> = RwSignal::default();
    let named = vec![
        ("snooze-today", Some(in_hours(3))),
        ("later-tomorrow", browser::on_day(1, "09:00", None)),
        ("later-week", browser::on_day(browser::to_monday(), "09:00", None)),
    ];
    let choose = move |until: Timestamp| {
        let act = Act::Snooze { until };
        let then = move || app.lift();
        if picked {
            in_bulk(app, act, "told-snoozed");
            app.lift();
        } else {
            let path = app.of_contact("work");
            app.submit(("POST", path), json!({ "act": act }), "told-snoozed", wrong, Box::new(then));
        }
    };
    view! { {trouble(wrong)}{times(named, None, wrong, choose)} }.into_any()
}

/// Does one thing about all that are picked; those for which it was refused stay picked.
pub(super) fn in_bulk(app: Threads, act: Act, said: &'static str) {
    let contacts = app.picked.get_untracked().unwrap_or_default();
    if contacts.is_empty() {
        return;
    }
    let body = DoesAll { by: None, act, contacts };
    app.do_all(body, said);
}
