//! The person beside the timeline: addresses, what is remembered, what was allowed, what is planned.

use std::collections::BTreeMap;

use leptos::prelude::*;
use serde_json::json;
use shared::api::{
    list::Progress,
    me::Role,
    people::Suggestion,
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
    state::{Over, threads::Threads},
    words::{about, fill, say},
};

/// The person.
#[component]
pub(crate) fn Panel() -> impl IntoView {
    let app = app();
    // Drawn anew only where something is another, so that what is typed in it stays.
    let person = Memo::new(move |_| app.person.get());
    let suggested: RwSignal<Option<Vec<Suggestion>>> = RwSignal::default();
    let contact = Memo::new(move |_| app.contact());
    Effect::new(move |_| {
        suggested.set(None);
        if contact.get().is_some() {
            app.read_into("suggestions", suggested, RwSignal::default());
        }
    });
    view! {
        <aside class="panel" aria-label=say("about") data-open=move || app.panel.get().to_string()>
            {move || app.contact().is_some().then(|| person.with(|it| it.as_ref().map(|it| draw(app, it, suggested))))}
        </aside>
    }
}

fn draw(app: Threads, it: &Person, suggested: RwSignal<Option<Vec<Suggestion>>>) -> AnyView {
    let may = app.may(Role::Agent);
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
    let facts = it.facts.iter().map(|it| fact(app, it, may)).collect_view();
    let planned = it.planned.iter().map(|line| planned(app, line, may)).collect_view();
    let appointments =
        it.appointments.iter().map(|line| appointment(app, line, zone.as_deref(), may)).collect_view();
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
                {may.then(|| opens(app, Over::Contact, "contact-edit"))}
            </section>
            <Work/>
            <section><h3>{say("addresses")}</h3><ul class="lines">{it.handles.iter().map(|it| handle(app, it, may)).collect_view()}</ul>
                {people(app, suggested)}
            </section>
            <Labels tags=it.tags.clone()/>
            <section><h3>{say("remembered")}</h3>{none(it.facts.is_empty(), "no-facts")}<ul class="lines">{facts}</ul></section>
            <Fields/>
            <section>
                <h3>{say("attention")}</h3>
                {meter(it)}
            </section>
            <section><h3>{say("planned")}</h3>{none(it.planned.is_empty(), "no-planned")}<ul class="lines">{planned}</ul></section>
            <section><h3>{say("appointments")}</h3>{none(it.appointments.is_empty(), "no-appointments")}<ul class="lines">{appointments}</ul></section>
            {files(&it.files, zone.as_deref())}
            <section><h3>{say("consent")}</h3>{consents(&it.consents)}
                <p class="links">
                    <a href=app.of_contact("consent.html") target="_blank" rel="noopener">{say("consent-proof")}</a>
                    {may.then(|| opens(app, Over::Revoke, "revoke"))}
                </p>
            </section>
            {app.may(Role::Admin).then(|| kept(app))}
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

fn handle(app: Threads, it: &HandleLine, may: bool) -> impl IntoView + use<> {
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
    let shared = it.shared.then(|| view! { <span class="chip wait">{say("handle-shared")}</span> });
    let edits = (may && matches!(it.channel, Channel::Sms | Channel::Email)).then(|| {
        let label = about("edit", &it.address);
        let over = Over::Handle(it.clone());
        view! {
            <button type="button" class="link" aria-label=label on:click=move |_| app.lay(over.clone())>{say("edit")}</button>
        }
    });
    view! {
        <li>
            <Mark channel=it.channel/>
            <span><b dir="ltr">{address}</b>{call}<small data-level=it.assurance.to_string()>{proof}</small>{blocked}{joined}{shared}{edits}</span>
        </li>
    }
}

fn fact(app: Threads, it: &FactLine, may: bool) -> impl IntoView + use<> {
    let edits = may.then(|| {
        let (label, over) = (about("fact-edit", &it.value), Over::Fact(it.clone()));
        view! {
            <button type="button" class="link" aria-label=label on:click=move |_| app.lay(over.clone())>{say("fact-edit")}</button>
        }
    });
    view! {
        <li>
            <span>
                <small>{it.key.replace('_', " ")}</small>
                <b dir="auto">{it.value.clone()}</b>
                <q dir="auto">{it.quote.clone()}</q>
                <a href=["#", it.source.as_str()].concat()><small>{browser::written(it.at, None, Shape::Short)}</small></a>
                {edits}
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

fn planned(app: Threads, it: &PlannedLine, may: bool) -> impl IntoView + use<> {
    let mark = it.channel.map(|channel| view! { <Mark channel/> });
    let path = it.call_off.clone();
    let call_off = may.then(|| {
        view! {
            <button type="button" class="quiet" on:click=move |_| {
                app.act_on_site("DELETE", &path, json!({}), "told-called-off");
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

fn appointment(app: Threads, it: &AppointmentLine, zone: Option<&str>, may: bool) -> impl IntoView + use<> {
    let late = it
        .late_by_min
        .map(|min| view! { <span class="chip wait">{fill("late-by", &min.to_string())}</span> });
    let note = it.note.clone().map(|note| view! { <q dir="auto">{note}</q> });
    let (path, start) = (["appointments/", it.id.as_str()].concat(), browser::f64_of(it.start));
    let has_begun = Memo::new(move |_| start < app.now.get());
    let act = move |name: &'static str, label: &'static str| {
        let path = path.clone();
        view! {
            <button type="button" class="quiet" on:click=move |_| {
                app.act("POST", &path, json!({ "act": { name: {} } }), "told-appointment");
            }>{say(label)}</button>
        }
    };
    let acts = move || {
        if has_begun.get() {
            view! { {act("done", "appointment-is-done")}{act("missed", "appointment-is-missed")} }.into_any()
        } else {
            act("cancel", "call-off").into_any()
        }
    };
    let acts = (may && it.state == "booked").then_some(acts);
    view! {
        <li>
            <span>
                <b>{it.service.clone()}</b>
                <small>{browser::written(it.start, zone, Shape::Full)}</small>
                <span class="chip" data-appointment=it.state.clone()>{say(&["appointment-", &it.state].concat())}</span>
                {late}{note}
                {acts}
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

/// A plain button that lays a form over the page.
fn opens(app: Threads, over: Over, name: &'static str) -> AnyView {
    view! { <button type="button" class="link" on:click=move |_| app.lay(over.clone())>{say(name)}</button> }
        .into_any()
}

/// Who may be the same person, and the way to look at them.
fn people(app: Threads, suggested: RwSignal<Option<Vec<Suggestion>>>) -> AnyView {
    let count = move || suggested.with(|all| all.as_ref().map_or(0, Vec::len));
    let label = move || match count() {
        0 => say("merge"),
        some => fill("merge-count", &some.to_string()),
    };
    view! {
        <button type="button" class="people" class:found=move || { count() > 0 } on:click=move |_| app.lay(Over::Merge)>
            <Icon name="joined"/>{label}
        </button>
    }
    .into_any()
}

/// The site's own fields.
#[component]
fn Fields() -> impl IntoView {
    let app = app();
    let fields: RwSignal<Option<BTreeMap<String, String>>> = RwSignal::default();
    // What was kept a moment ago is read again once the form is gone.
    Effect::new(move |_| {
        if app.over.with(Option::is_none) {
            app.read_into("fields", fields, RwSignal::default());
        }
    });
    let may = app.may(Role::Agent);
    let rows = move || {
        let row = |(name, value): (String, String)| {
            let over = Over::Field(name.clone(), value.clone());
            let label = about("edit", &name);
            let edits = may.then(|| {
                view! { <button type="button" class="link" aria-label=label on:click=move |_| app.lay(over.clone())>{say("edit")}</button> }
            });
            view! { <li><span><small>{name}</small><b dir="auto">{value}</b>{edits}</span></li> }
        };
        fields.get().unwrap_or_default().into_iter().map(row).collect_view()
    };
    view! {
        <section>
            <h3>{say("fields")}</h3>
            <ul class="lines">{rows}</ul>
            {may.then(|| opens(app, Over::Field(String::new(), String::new()), "field-add"))}
        </section>
    }
}

/// What an administrator may do with all that is kept.
fn kept(app: Threads) -> AnyView {
    view! {
        <section>
            <h3>{say("kept")}</h3>
            <p class="links">
                <a href=app.of_contact("export") target="_blank" rel="noopener">{say("export-page")}</a>
                <button type="button" class="link" on:click=move |_| app.export()>{say("export-json")}</button>
                <button type="button" class="link grave" on:click=move |_| app.lay(Over::Erase)>{say("erase")}</button>
            </p>
        </section>
    }
    .into_any()
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
