//! What of a list is shown, and what is done about many of its conversations at once.

use leptos::prelude::*;
use serde_json::json;
use shared::{
    api::{me::Role, work::Act},
    channel::Channel,
    id::ContactId,
};

use super::{app, icon::name, later::in_bulk};
use crate::{
    state::{
        Over,
        threads::{Sieve, Threads},
    },
    words::{fill, say},
};

/// The filters, folded, and the button that lets conversations be picked.
#[component]
pub(crate) fn Tools() -> impl IntoView {
    let app = app();
    let changes = move |change: fn(&mut Sieve, String), value: String| {
        app.sieve.update(|sieve| change(sieve, value));
        app.cards.set(None);
        app.read_list();
    };
    let team = app.membership().map(|it| it.team).unwrap_or_default();
    let team = team.into_iter().map(|name| view! { <option value=name.clone()>{name.clone()}</option> });
    let channels =
        Channel::ALL.map(|channel| view! { <option value=channel.as_str()>{say(name(channel))}</option> });
    let is_sieved = move || app.sieve.with(|sieve| *sieve != Sieve::default());
    let picks = move || app.picked.with(Option::is_some);
    view! {
        <div class="tools">
            <details class="sieve">
                <summary>{say("filter")}<Show when=is_sieved><span class="chip wait">{say("filter-on")}</span></Show></summary>
                <div class="form">
                    <label><b>{say("channel")}</b>
                        <select prop:value=move || app.sieve.get().channel on:change=move |event| changes(|it, value| it.channel = value, event_target_value(&event))>
                            <option value="">{say("filter-any")}</option>{channels.collect_view()}
                        </select>
                    </label>
                    <label><b>{say("assigned")}</b>
                        <select prop:value=move || app.sieve.get().assigned on:change=move |event| changes(|it, value| it.assigned = value, event_target_value(&event))>
                            <option value="">{say("filter-any")}</option>{team.collect_view()}
                        </select>
                    </label>
                    <label><b>{say("label")}</b>
                        <input maxlength="40" prop:value=move || app.sieve.get().tag
                            on:change=move |event| changes(|it, value| it.tag = value.trim().to_lowercase(), event_target_value(&event))/>
                    </label>
                    <button type="button" on:click=move |_| changes(|it, _| *it = Sieve::default(), String::new())>{say("filter-none")}</button>
                </div>
            </details>
            {app.may(Role::Agent).then(|| view! {
                <button type="button" class="link" aria-pressed=move || picks().to_string() on:click=move |_| {
                    app.picked.update(|picked| *picked = if picked.is_some() { None } else { Some(Vec::new()) });
                }>{move || say(if picks() { "pick-end" } else { "pick" })}</button>
            })}
        </div>
        <Show when=picks><Bulk/></Show>
    }
}

/// What can be done about those that are picked.
#[component]
fn Bulk() -> impl IntoView {
    let app = app();
    let count = move || app.picked.with(|picked| picked.as_ref().map_or(0, Vec::len));
    let none = move || count() == 0;
    let label = RwSignal::new(String::new());
    let team = app.membership().map(|it| it.team).unwrap_or_default();
    let team = team.into_iter().map(|name| view! { <option value=name.clone()>{name.clone()}</option> });
    view! {
        <div class="bulk" role="group" aria-label=say("pick")>
            <p role="status">{move || fill("picked", &count().to_string())}
                <button type="button" class="link" on:click=move |_| pick_all(app)>{say("pick-all")}</button></p>
            <select aria-label=say("act-assign") prop:disabled=none on:change=move |event| {
                let to = event_target_value(&event);
                if to != "-" {
                    in_bulk(app, Act::Assign { to: (!to.is_empty()).then_some(to) }, "told-assigned");
                }
            }>
                <option value="-" selected=true>{say("act-assign")}</option>
                <option value="">{say("nobody-s")}</option>
                {team.collect_view()}
            </select>
            <div class="acts">
                <button type="button" prop:disabled=none on:click=move |_| in_bulk(app, Act::Resolve, "told-resolved")>{say("resolve")}</button>
                <button type="button" prop:disabled=none on:click=move |_| app.lay(Over::Snooze { picked: true })>{say("snooze")}</button>
            </div>
            <form on:submit=move |event| {
                event.prevent_default();
                app.label_all(label.get_untracked().trim());
                label.set(String::new());
            }>
                <input maxlength="40" placeholder=say("add-label") aria-label=say("add-label") prop:disabled=none
                    prop:value=move || label.get() on:input=move |event| label.set(event_target_value(&event))/>
            </form>
        </div>
    }
}

fn pick_all(app: Threads) {
    let all: Vec<ContactId> = app.cards.with_untracked(|cards| {
        cards.iter().flat_map(|cards| &cards.cards).take(100).map(|card| card.contact.clone()).collect()
    });
    app.picked.set(Some(all));
}

/// The box that picks a conversation, while some are picked.
pub(crate) fn pick(
    app: Threads,
    contact: ContactId,
    called: &str,
) -> impl Fn() -> Option<AnyView> + Send + Sync + use<> {
    let label = fill("pick-one", called);
    move || {
        app.picked.with(Option::is_some).then(|| {
            let (shown, picked) = (contact.clone(), contact.clone());
            view! {
                <input type="checkbox" class="pick" aria-label=label.clone()
                    prop:checked=move || app.picked.with(|all| all.as_ref().is_some_and(|all| all.contains(&shown)))
                    on:change=move |event| {
                        let on = event_target_checked(&event);
                        app.picked.update(|all| {
                            let Some(all) = all else { return };
                            all.retain(|it| *it != picked);
                            if on && all.len() < 100 {
                                all.push(picked.clone());
                            }
                        });
                    }
                />
            }
            .into_any()
        })
    }
}

impl Threads {
    /// Puts a label on everybody who is picked, one after another.
    fn label_all(self, tag: &str) {
        if tag.is_empty() {
            return;
        }
        let paths: Vec<String> = self
            .picked
            .get_untracked()
            .unwrap_or_default()
            .iter()
            .map(|it| [&self.contact_path(it), "/tags"].concat())
            .collect();
        self.post_all(paths, json!({ "tag": tag }), "told-label");
    }
}
