//! What can be booked, who does it, and when they can.

use leptos::prelude::*;
use serde_json::{Value, json};
use shared::{
    api::settings::Settings,
    id::{ResourceId, ServiceId},
};

use super::form::{Form, Takes, choice, field, shell, spans, week};
use crate::{
    browser,
    state::App,
    words::{about, fill, say},
};

const SERVICES: &str = "/booking/services";
const RESOURCES: &str = "/booking/resources";

/// The part.
pub(super) fn booking(app: App, settings: &Settings<Value>) -> AnyView {
    let form = Form::of(app, "booking", settings);
    let zone = StoredValue::new(settings.parts["site"]["time_zone"].as_str().unwrap_or("UTC").to_owned());
    let services = Memo::new(move |_| form.count(SERVICES));
    let resources = Memo::new(move |_| form.count(RESOURCES));
    let add_service = move |_| {
        let id = ServiceId::mint(&mut browser::context());
        let first = form.text("/booking/resources/0/id");
        let by: Vec<String> = if first.is_empty() { Vec::new() } else { vec![first] };
        form.push(
            SERVICES,
            json!({ "id": id, "name": "", "duration_min": 60, "resources": by, "ahead_days": 60 }),
        );
    };
    let add_resource = move |_| {
        let id = ResourceId::mint(&mut browser::context());
        form.push(
            RESOURCES,
            json!({ "id": id, "name": "", "time_zone": zone.get_value(), "hours": {}, "dates": {} }),
        );
    };
    let fields = view! {
        <h4>{say("set-resources")}</h4>
        <p class="soft">{say("set-resources-hint")}</p>
        {move || (0..resources.get()).map(|index| resource(form, index)).collect_view()}
        <button type="button" on:click=add_resource>{say("set-add-resource")}</button>
        <h4>{say("set-services")}</h4>
        <p class="soft">{say("set-services-hint")}</p>
        {move || (0..services.get()).map(|index| service(form, index)).collect_view()}
        <button type="button" on:click=add_service>{say("set-add-service")}</button>
    };
    shell(form, "set-bookable", "", fields.into_any())
}

/// One thing of a list that folds, with its name on top and a way to take it out.
fn item(form: Form, list: &'static str, index: usize, inside: AnyView) -> AnyView {
    let path = format!("{list}/{index}/name");
    let name = Memo::new(move |_| form.text(&path));
    let open = name.with_untracked(String::is_empty);
    view! {
        <details class="item" open=open>
            <summary><b dir="auto">{move || if name.with(String::is_empty) { say("set-unnamed") } else { name.get() }}</b></summary>
            {inside}
            <button type="button" class="quiet" on:click=move |_| form.take(list, index)>
                {move || fill("set-remove", &name.get())}
            </button>
        </details>
    }
    .into_any()
}

fn service(form: Form, index: usize) -> AnyView {
    let at = |name: &str| format!("{SERVICES}/{index}/{name}");
    let line = |name: &str, label: &str, hint: &str, takes| field(form, &at(name), say(label), hint, takes);
    let by = StoredValue::new(at("resources"));
    let chosen = Memo::new(move |_| {
        by.with_value(|by| form.value.with(|value| value.pointer(by).cloned().unwrap_or_default()))
    });
    let count = Memo::new(move |_| form.count(RESOURCES));
    let who = move |index: usize| {
        let id = form.text(&format!("{RESOURCES}/{index}/id"));
        let name = Memo::new(move |_| form.text(&format!("{RESOURCES}/{index}/name")));
        let is_in = {
            let id = Value::from(id.clone());
            move || chosen.with(|all| all.as_array().is_some_and(|all| all.contains(&id)))
        };
        view! {
            <label class="check">
                <input type="checkbox" prop:checked=is_in on:change=move |event| {
                    let mut all = chosen.with_untracked(|all| all.as_array().cloned().unwrap_or_default());
                    all.retain(|known| known.as_str() != Some(&id));
                    if event_target_checked(&event) {
                        all.push(Value::from(id.clone()));
                    }
                    by.with_value(|by| form.set(by, Value::Array(all)));
                }/>
                <span dir="auto">{name}</span>
            </label>
        }
    };
    let inside = view! {
        {line("name", "set-name", "", Takes::Line)}
        {line("duration_min", "set-duration", "", Takes::Number)}
        <div class="field" role="group" aria-label=say("set-done-by")>
            <b>{say("set-done-by")}</b>
            {move || (0..count.get()).map(who).collect_view()}
        </div>
        {line("step_min", "set-step", "set-step-hint", Takes::MayNumber)}
        {line("buffer_before_min", "set-before", "", Takes::Number)}
        {line("buffer_after_min", "set-after", "", Takes::Number)}
        {line("notice_min", "set-notice", "", Takes::Number)}
        {line("ahead_days", "set-ahead", "", Takes::Number)}
        {line("daily_max", "set-daily", "set-daily-hint", Takes::MayNumber)}
    };
    item(form, SERVICES, index, inside.into_any())
}

fn resource(form: Form, index: usize) -> AnyView {
    let at = |name: &str| format!("{RESOURCES}/{index}/{name}");
    let zones = browser::zones().into_iter().map(|zone| (zone.clone(), zone.replace('_', " "))).collect();
    let dates = StoredValue::new(at("dates"));
    let days = Memo::new(move |_| dates.with_value(|path| form.names(path)));
    let day = RwSignal::new(String::new());
    let id = format!("new-date-{index}");
    let row = move |date: String| {
        let path = dates.with_value(|path| [path, "/", &date].concat());
        let gone = about("set-take-out", &date);
        view! {
            <li>
                {spans(form, path, date.clone())}
                <button type="button" class="quiet" aria-label=gone on:click=move |_| {
                    dates.with_value(|path| {
                        let mut all = form.value.with_untracked(|value| value.pointer(path).cloned().unwrap_or_default());
                        if let Some(all) = all.as_object_mut() {
                            all.remove(&date);
                        }
                        form.set(path, all);
                    });
                }>{say("set-take-out")}</button>
            </li>
        }
    };
    let inside = view! {
        {field(form, &at("name"), say("set-name"), "", Takes::Line)}
        {choice(form, &at("time_zone"), say("set-zone"), "", zones)}
        <b>{say("set-weekly")}</b>
        {week(form, &at("hours"))}
        <b>{say("set-dates")}</b>
        <p class="soft">{say("set-dates-hint")}</p>
        <ul class="rows">{move || days.get().into_iter().map(row).collect_view()}</ul>
        <div class="row">
            <div class="field">
                <label for=id.clone()>{say("set-date")}</label>
                <input id=id type="date" prop:value=day on:input=move |event| day.set(event_target_value(&event))/>
            </div>
            <button type="button" on:click=move |_| {
                let date = day.get_untracked();
                if !date.is_empty() {
                    dates.with_value(|path| form.set(&[path, "/", &date].concat(), json!([])));
                    day.set(String::new());
                }
            }>{say("set-add-date")}</button>
        </div>
    };
    item(form, RESOURCES, index, inside.into_any())
}
