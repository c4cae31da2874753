//! The person beside the timeline: addresses, what is remembered, what was allowed, what is planned.

use leptos::prelude::*;
use serde_json::json;
use shared::api::{
    list::Progress,
    person::{AppointmentLine, ConsentLine, FactLine, FileLine, HandleLine, Person, PlannedLine},
    work::Act as Work,
};
use shared::channel::Channel;

use super::{
    app,
    attach::size,
    icon::{Icon, Mark},
    perform,
};
use crate::{
    browser::{self, Shape},
    model::keys::Act,
    state::App,
    words::{fill, say},
};

/// The person.
#[component]
pub(crate) fn Panel() -> impl IntoView {
    let app = app();
    view! {
        <aside class="panel" aria-label=say("about")>
            {move || app.contact().is_some().then(|| app.person.with(|it| it.as_ref().map(|it| draw(app, it))))}
        </aside>
    }
}

fn draw(app: App, it: &Person) -> AnyView {
    let zone = it.time_zone.clone();
    let clock = {
        let zone = zone.clone();
        move || {
            browser::written(
                shared::time::Timestamp::from_ms(browser::i64_of(app.now.get())),
                zone.as_deref(),
                Shape::Clock,
            )
        }
    };
    let place = it.time_zone.as_ref().map(|zone| zone.rsplit('/').next().unwrap_or(zone).replace('_', " "));
    let facts = it.facts.iter().map(fact).collect_view();
    let planned = it.planned.iter().map(|line| planned(app, line)).collect_view();
    let appointments = it.appointments.iter().map(|line| appointment(line, zone.as_deref())).collect_view();
    let none =
        |is_empty: bool, name: &'static str| is_empty.then(|| view! { <p class="none-here">{say(name)}</p> });
    view! {
        <div class="scroll">
            <section class="who">
                <button type="button" class="quiet shut" aria-label=say("act-back") on:click=move |_| app.panel.set(false)>
                    <Icon name="back"/>
                </button>
                <b dir="auto">{it.name.clone().unwrap_or_else(|| say("somebody"))}</b>
                <small>{place}{move || [" · ", &clock()].concat()}</small>
                <small>{it.locale.clone()}</small>
            </section>
            <Work/>
            <section><h3>{say("addresses")}</h3><ul class="lines">{it.handles.iter().map(|it| handle(app, it)).collect_view()}</ul></section>
            <Labels tags=it.tags.clone()/>
            <section><h3>{say("remembered")}</h3>{none(it.facts.is_empty(), "no-facts")}<ul class="lines">{facts}</ul></section>
            <section>
                <h3>{say("attention")}</h3>
                {meter(it)}
            </section>
            <section><h3>{say("planned")}</h3>{none(it.planned.is_empty(), "no-planned")}<ul class="lines">{planned}</ul></section>
            <section><h3>{say("appointments")}</h3>{none(it.appointments.is_empty(), "no-appointments")}<ul class="lines">{appointments}</ul></section>
            {files(&it.files, zone.as_deref())}
            <section><h3>{say("consent")}</h3>{consents(&it.consents)}</section>
        </div>
    }
    .into_any()
}

/// What was sent and received, the newest first; nothing where nothing was.
fn files(lines: &[FileLine], zone: Option<&str>) -> Option<AnyView> {
    let line = |line: &FileLine| {
        let file = &line.file;
        view! {
            <li>
                <a href=file.url.clone() target="_blank" rel="noopener" dir="auto">{file.name.clone()}</a>
                <small>{[&size(f64::from(file.bytes)), " · ", &browser::written(line.at, zone, Shape::Full)].concat()}</small>
            </li>
        }
    };
    (!lines.is_empty()).then(|| {
        let lines = lines.iter().map(line).collect_view();
        view! { <section><h3>{say("files")}</h3><ul class="lines">{lines}</ul></section> }.into_any()
    })
}

fn handle(app: App, it: &HandleLine) -> impl IntoView + use<> {
    let proof = match (it.channel, it.assurance) {
        (Channel::Widget, _) => say("proof-browser"),
        (_, 0) => say("proof-0"),
        (_, 1) => say("proof-1"),
        (_, 2) => say("proof-2"),
        _ => say("proof-3"),
    };
    let address = if it.channel == Channel::Widget { say("a-browser") } else { it.address.clone() };
    let call = (it.channel == Channel::Sms).then(|| {
        let number: String = it.address.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        view! {
            <a class="call" href=["tel:", &number].concat() on:click=move |_| {
                app.act("POST", "calls", json!({}), "told-called");
            }>{say("call")}</a>
        }
    });
    let blocked = it.blocked.then(|| view! { <span class="chip bad">{say("opted-out")}</span> });
    let joined = it.joined_from.as_ref().map(|_| view! { <span class="chip">{say("joined")}</span> });
    view! {
        <li>
            <Mark channel=it.channel/>
            <span><b dir="ltr">{address}</b>{call}<small data-level=it.assurance.to_string()>{proof}</small>{blocked}{joined}</span>
        </li>
    }
}

fn fact(it: &FactLine) -> impl IntoView + use<> {
    view! {
        <li>
            <span>
                <small>{it.key.replace('_', " ")}</small>
                <b dir="auto">{it.value.clone()}</b>
                <q dir="auto">{it.quote.clone()}</q>
                <a href=["#", it.source.as_str()].concat()><small>{browser::written(it.at, None, Shape::Short)}</small></a>
            </span>
        </li>
    }
}

fn meter(it: &Person) -> impl IntoView + use<> {
    let (spent, limit) = (it.attention.spent, it.attention.limit.max(1));
    let width = [&(spent.min(limit) * 100 / limit).to_string(), "%"].concat();
    let said =
        [&spent.to_string(), " / ", &limit.to_string(), ", ", &fill("days", &it.attention.days.to_string())]
            .concat();
    view! {
        <div class="meter" role="meter" aria-valuemin="0" aria-valuemax=limit.to_string() aria-valuenow=spent.to_string() aria-label=say("attention")>
            <span style:inline-size=width></span>
        </div>
        <small>{said}</small>
    }
}

fn planned(app: App, it: &PlannedLine) -> impl IntoView + use<> {
    let mark = it.channel.map(|channel| view! { <Mark channel/> });
    let call_off = it.id.clone().map(|id| {
        view! {
            <button type="button" class="quiet" on:click=move |_| {
                app.act_on_site("DELETE", &format!("planned/{id}"), json!({}), "told-called-off");
            }>{say("call-off")}</button>
        }
    });
    view! {
        <li>
            {mark}
            <span>
                <b>{it.title.clone()}</b>
                <small>{browser::written(it.due_at, None, Shape::Full)}</small>
                <small>{it.foreseen.clone()}</small>
                {call_off}
            </span>
        </li>
    }
}

fn appointment(it: &AppointmentLine, zone: Option<&str>) -> impl IntoView + use<> {
    let late = it
        .late_by_min
        .map(|min| view! { <span class="chip wait">{fill("late-by", &min.to_string())}</span> });
    let note = it.note.clone().map(|note| view! { <q dir="auto">{note}</q> });
    view! {
        <li>
            <span>
                <b>{it.service.clone()}</b>
                <small>{browser::written(it.start, zone, Shape::Full)}</small>
                <span class="chip" data-appointment=it.state.clone()>{say(&["appointment-", &it.state].concat())}</span>
                {late}{note}
            </span>
        </li>
    }
}

fn consents(lines: &[ConsentLine]) -> impl IntoView + use<> {
    let rows = lines.iter().map(|it| {
        let since = it.since.map(|at| browser::written(at, None, Shape::Short));
        view! {
            <tr>
                <td><Mark channel=it.channel/><small>{it.address.clone()}</small></td>
                <td>{say(&["purpose-", &it.purpose].concat())}</td>
                <td><span class="chip" data-standing=it.standing.clone()>{say(&["standing-", &it.standing].concat())}</span><small>{since}</small></td>
            </tr>
        }
    });
    view! { <table class="consents"><tbody>{rows.collect_view()}</tbody></table> }
}

/// Whose it is, and how far the team is with it.
#[component]
fn Work() -> impl IntoView {
    let app = app();
    let team = move || app.membership().map(|it| it.team).unwrap_or_default();
    let assigned =
        move || app.person.with(|it| it.as_ref().and_then(|it| it.assigned.clone())).unwrap_or_default();
    let progress = move || app.person.with(|it| it.as_ref().map(|it| it.progress)).unwrap_or_default();
    let options = move || {
        team()
            .into_iter()
            .map(|name| {
                let chosen = name == assigned();
                view! { <option value=name.clone() selected=chosen>{name.clone()}</option> }
            })
            .collect_view()
    };
    view! {
        <section class="work">
            <label>
                <small>{say("assigned")}</small>
                <select id="assign" aria-keyshortcuts="a" on:change=move |event| {
                    let to = event_target_value(&event);
                    let to = (!to.is_empty()).then_some(to);
                    app.work(Work::Assign { to }, "told-assigned");
                }>
                    <option value="" selected=move || assigned().is_empty()>{say("nobody-s")}</option>
                    {options}
                </select>
            </label>
            <div class="acts">
                <button type="button" aria-keyshortcuts="e" on:click=move |_| perform(app, Act::Resolve)>
                    <Icon name="check"/>
                    {move || if progress() == Progress::Resolved { say("reopen") } else { say("resolve") }}
                </button>
                <button type="button" aria-keyshortcuts="z" on:click=move |_| perform(app, Act::Snooze)>
                    <Icon name="snoozed"/>{say("snooze")}
                </button>
            </div>
        </section>
    }
}

/// The labels, with a field for another.
#[component]
fn Labels(tags: Vec<String>) -> impl IntoView {
    let app = app();
    let typed = RwSignal::new(String::new());
    let chips = tags.into_iter().map(|tag| {
        let gone = tag.clone();
        view! {
            <li class="chip tag">{tag.clone()}
                <button type="button" aria-label=fill("take-off", &tag) on:click=move |_| {
                    app.act("POST", "tags/removed", json!({ "tag": gone }), "told-label");
                }><Icon name="close"/></button>
            </li>
        }
    });
    view! {
        <section>
            <h3>{say("labels")}</h3>
            <ul class="labels">{chips.collect_view()}</ul>
            <form on:submit=move |event| {
                event.prevent_default();
                let tag = typed.get();
                if !tag.trim().is_empty() {
                    app.act("POST", "tags", json!({ "tag": tag }), "told-label");
                    typed.set(String::new());
                }
            }>
                <input id="label" maxlength="40" placeholder=say("add-label") aria-label=say("add-label") aria-keyshortcuts="l"
                    prop:value=move || typed.get() on:input=move |event| typed.set(event_target_value(&event))/>
            </form>
        </section>
    }
}
