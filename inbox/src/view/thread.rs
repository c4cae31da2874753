//! The timeline of a contact, oldest above: parts far from sight are kept as blanks of their own height, so a timeline of
//! fifty thousand entries scrolls like one of fifty.

use std::collections::{BTreeMap, BTreeSet};

use leptos::{html, prelude::*};
use shared::api::timeline::Entry;

use super::{
    app,
    composer::Composer,
    entry::{self, Scene},
    handoff::Handoff,
    icon::Icon,
    outgoing::OnTheWay,
};
use crate::{
    browser::{self, Shape},
    model::timeline::{PART, Timeline},
    route::Shown,
    words::{fill, say},
};

/// How near the upper end older entries are read, in pixels.
const NEAR_PX: i32 = 900;
/// How far from sight a part is still drawn, in pixels.
const MARGIN_PX: f64 = 1_600.0;
/// How near the lower end the newest entry is followed, in pixels.
const FOLLOW_PX: i32 = 120;

/// A part of the timeline: its entries, and the newest of those before it.
#[derive(Clone, PartialEq)]
struct Part {
    /// Counted from the first entry ever read, so that a part keeps its name while older ones come.
    key: i64,
    entries: Vec<Entry>,
    day_before: Option<String>,
}

/// The timeline with what stands above and below it.
#[component]
pub(crate) fn Thread() -> impl IntoView {
    let app = app();
    let name = move || {
        let known = app.person.with(|person| person.as_ref().and_then(|it| it.name.clone()));
        known.unwrap_or_else(|| say("somebody"))
    };
    let presence = move || {
        let (here, types) = app.visitor.get();
        let colleague = app.colleague_types().map(|name| fill("colleague-types", &name));
        colleague
            .or_else(|| types.then(|| say("contact-types")))
            .or_else(|| here.then(|| say("contact-here")))
    };
    let floor = move || {
        let held = app.person.with(|person| person.as_ref().and_then(|it| it.floor.clone()));
        let mine = app.membership().map(|it| it.name);
        match held {
            Some(name) if Some(&name) == mine.as_ref() => say("floor-mine"),
            Some(name) => fill("floor-theirs", &name),
            None => app.membership().map(|it| fill("floor-assistant", &it.assistant)).unwrap_or_default(),
        }
    };
    let mine = move || {
        let held = app.person.with(|person| person.as_ref().and_then(|it| it.floor.clone()));
        held.is_some() && held == app.membership().map(|it| it.name)
    };
    view! {
        <main class="thread" id="thread" tabindex="-1">
            <Show when=move || app.contact().is_some() fallback=|| view! { <Nobody/> }>
                <header class="bar">
                    <button
                        type="button" class="quiet back" aria-label=say("act-back")
                        on:click=move |_| app.show(Shown::List(app.view.get_untracked()))
                    ><Icon name="back"/></button>
                    <div class="title">
                        <h2 dir="auto">{name}</h2>
                        <p><small>{floor}</small><small class="presence" role="status">{presence}</small></p>
                    </div>
                    <button type="button" class="strong" aria-keyshortcuts="t" on:click=move |_| app.turn_floor()>
                        {move || if mine() { say("give-back") } else { say("take-over") }}
                    </button>
                    <button
                        type="button" class="quiet about" aria-label=say("about") aria-expanded=move || app.panel.get().to_string()
                        on:click=move |_| app.panel.update(|open| *open = !*open)
                    ><Icon name="person"/></button>
                </header>
                <Handoff/>
                <Line/>
                <Composer/>
            </Show>
        </main>
    }
}

#[component]
fn Nobody() -> impl IntoView {
    view! {
        <div class="nobody">
            <Icon name="all"/>
            <p><b>{say("nobody-title")}</b><span>{say("nobody")}</span></p>
        </div>
    }
}

/// The entries.
#[component]
fn Line() -> impl IntoView {
    let app = app();
    let scroller: NodeRef<html::Div> = NodeRef::new();
    let heights: RwSignal<BTreeMap<i64, f64>> = RwSignal::default();
    let far: RwSignal<BTreeSet<i64>> = RwSignal::default();
    let follows = RwSignal::new(true);
    // The first entry ever read stands at 0; older ones before it.
    let first_id: RwSignal<Option<String>> = RwSignal::default();
    let scene = Memo::new(move |_| Scene {
        contact: app
            .person
            .with(|it| it.as_ref().and_then(|it| it.name.clone()))
            .unwrap_or_else(|| say("somebody")),
        assistant: app.membership().map(|it| it.assistant).unwrap_or_default(),
        zone: app.person.with(|it| it.as_ref().and_then(|it| it.time_zone.clone())),
    });
    let parts = move || {
        let zone = scene.with(|scene| scene.zone.clone());
        app.timeline.with(|timeline| {
            let Some(timeline) = timeline else { return Vec::new() };
            let entries = timeline.entries();
            let anchor = first_id
                .with_untracked(|id| entries.iter().position(|it| Some(&it.id) == id.as_ref()))
                .unwrap_or(0);
            cut(entries, anchor, zone.as_deref())
        })
    };
    Effect::new(move |_| {
        let id =
            app.timeline.with(|it| it.as_ref().and_then(|it| it.entries().first().map(|it| it.id.clone())));
        let stands = app.timeline.with_untracked(|it| {
            let entries = it.as_ref().map(Timeline::entries).unwrap_or_default();
            first_id.with_untracked(|id| entries.iter().any(|it| Some(&it.id) == id.as_ref()))
        });
        if !stands {
            first_id.set(id);
            heights.set(BTreeMap::new());
            far.update(BTreeSet::clear);
            follows.set(true);
        }
    });
    // Whoever reads the newest entry goes on reading the newest; whoever reads an older one is not moved.
    Effect::new(move |_| {
        app.timeline.track();
        app.person.track();
        app.outbox.track();
        if follows.get_untracked() {
            app.fresh.set(0);
            // Once what has come is drawn.
            request_animation_frame(move || request_animation_frame(move || to_end(scroller)));
        }
    });
    let look = move || {
        let Some(element) = scroller.get_untracked() else { return };
        let left = element.scroll_height() - element.scroll_top() - element.client_height();
        follows.set(left < FOLLOW_PX);
        if left < FOLLOW_PX && app.fresh.get_untracked() > 0 {
            app.fresh.set(0);
        }
        if element.scroll_top() < NEAR_PX {
            app.read_older();
        }
        measure(&element, heights, far);
    };
    let total = move || app.timeline.with(|it| it.as_ref().map_or(0, Timeline::total));
    let is_read = move || app.timeline.with(Option::is_some);
    let is_start = move || app.timeline.with(|it| it.as_ref().is_some_and(|it| it.before().is_none()));
    view! {
        <div
            class="line" node_ref=scroller tabindex="0" role="log" aria-label=say("timeline")
            aria-busy=move || (!is_read()).to_string() data-total=total on:scroll=move |_| look()
        >
            <Show when=is_start><p class="start"><small>{say("start")}</small></p></Show>
            <ol>
                <For
                    each=parts
                    key=|part| part_key(part)
                    children=move |part| {
                        let key = part.key;
                        let is_far = Memo::new(move |_| far.with(|far| far.contains(&key)));
                        let entries = part.entries.clone();
                        let day_before = part.day_before.clone();
                        move || {
                            if is_far.get() {
                                let height = heights.with_untracked(|all| all.get(&key).copied()).unwrap_or(2_000.0);
                                let height = [&height.to_string(), "px"].concat();
                                view! { <li class="blank" data-part=key style:height=height></li> }.into_any()
                            } else {
                                view! {
                                    <li class="part" data-part=key>
                                        <ol>{scene.with(|scene| days(scene, &entries, day_before.clone()))}</ol>
                                    </li>
                                }.into_any()
                            }
                        }
                    }
                />
                <OnTheWay/>
            </ol>
            <Show when=move || { app.fresh.get() > 0 }>
                <button type="button" class="fresh" on:click=move |_| { follows.set(true); to_end(scroller); }>
                    {move || fill("fresh", &app.fresh.get().to_string())}
                </button>
            </Show>
        </div>
    }
}

/// The entries in parts: whole ones before and after the anchor, so that what has a name keeps it.
fn cut(entries: &[Entry], anchor: usize, zone: Option<&str>) -> Vec<Part> {
    let mut parts = Vec::new();
    let before = anchor % PART;
    let mut from = 0;
    let mut number = -i64::try_from(anchor.div_ceil(PART)).unwrap_or(0);
    while from < entries.len() {
        let to = if from == 0 && before > 0 { before } else { from + PART }.min(entries.len());
        let day_before = from.checked_sub(1).map(|place| browser::day(entries[place].at, zone));
        parts.push(Part { key: number, entries: entries[from..to].to_vec(), day_before });
        (from, number) = (to, number + 1);
    }
    parts
}

/// A part is drawn anew when its entries are others, or have come further.
fn part_key(part: &Part) -> String {
    let ends = (part.entries.first().map(|it| &it.id), part.entries.last().map(|it| &it.id));
    let sent: String = part.entries.iter().filter_map(state_of).collect();
    format!("{} {ends:?} {} {sent}", part.key, part.entries.len())
}

fn state_of(entry: &Entry) -> Option<char> {
    match &entry.what {
        shared::api::timeline::What::Said(said) => {
            let sent = said.sent.as_ref()?;
            // Waiting and withdrawn begin like other states do not; sending, sent and the rest differ by their ends.
            sent.state.chars().next_back()
        }
        shared::api::timeline::What::Erased => Some('x'),
        _ => None,
    }
}

fn days(scene: &Scene, entries: &[Entry], day_before: Option<String>) -> impl IntoView + use<> {
    let zone = scene.zone.as_deref();
    let mut day = day_before;
    let drawn = entries.iter().map(|entry| {
        let today = browser::day(entry.at, zone);
        let heading = (day.as_ref() != Some(&today)).then(|| {
            let label = browser::written(entry.at, zone, Shape::Day);
            view! { <li class="day"><h3>{label}</h3></li> }
        });
        day = Some(today);
        view! { {heading}{entry::draw(scene, entry)} }
    });
    drawn.collect_view()
}

fn to_end(scroller: NodeRef<html::Div>) {
    if let Some(element) = scroller.get_untracked() {
        element.set_scroll_top(element.scroll_height());
    }
}

/// Notes how high each part is, and which are out of sight.
fn measure(
    element: &web_sys::HtmlDivElement,
    heights: RwSignal<BTreeMap<i64, f64>>,
    far: RwSignal<BTreeSet<i64>>,
) {
    let sight = element.get_bounding_client_rect();
    let Ok(drawn) = element.query_selector_all("[data-part]") else { return };
    let mut away = BTreeSet::new();
    for place in 0..drawn.length() {
        let Some(part) = drawn.get(place).and_then(|node| {
            use wasm_bindgen::JsCast;
            node.dyn_into::<web_sys::Element>().ok()
        }) else {
            continue;
        };
        let Some(key) = part.get_attribute("data-part").and_then(|key| key.parse().ok()) else { continue };
        let there = part.get_bounding_client_rect();
        if part.class_name() == "part" {
            heights.update(|all| {
                all.insert(key, there.height());
            });
        }
        if there.bottom() < sight.top() - MARGIN_PX || there.top() > sight.bottom() + MARGIN_PX {
            away.insert(key);
        }
    }
    if far.with_untracked(|far| *far != away) {
        far.set(away);
    }
}
