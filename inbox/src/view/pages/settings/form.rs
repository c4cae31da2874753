//! A part of the settings as a form: what is typed is JSON in the definition's shape, each field knows its place in it, and what is wrong
//! stands beside the field it is about. Nothing typed is lost when it is refused.

use leptos::{prelude::*, task::spawn_local};
use serde_json::{Map, Value};
use shared::{
    api::{
        me::Role,
        settings::{Settings, SettingsChange},
    },
    wire::{Failure, Wrong},
};

use crate::{
    net,
    state::App,
    words::{about, fill, say},
};

/// How far a form is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Ready,
    Saving,
    Saved,
    Failed(String),
    Stale(String),
}

/// One part of the settings while it is edited.
#[derive(Clone, Copy)]
pub(super) struct Form {
    pub(super) app: App,
    part: &'static str,
    pub(super) value: RwSignal<Value>,
    read: RwSignal<Value>,
    version: RwSignal<u32>,
    wrong: RwSignal<Vec<Wrong>>,
    state: RwSignal<State>,
}

/// Whether whoever is signed in may change settings.
pub(super) fn may_change(app: App) -> bool {
    app.membership().is_some_and(|it| it.role >= Role::Admin)
}

/// Reads the settings and draws what is made of them.
pub(super) fn with_settings(app: App, draw: fn(App, &Settings<Value>) -> AnyView) -> AnyView {
    let read: RwSignal<Option<Result<Settings<Value>, Failure>>> = RwSignal::default();
    let path = format!("{}/settings", app.site_path());
    spawn_local(async move { read.set(Some(net::get(&path).await)) });
    let shown = move || match read.get() {
        None => view! { <p class="soft" role="status">{say("set-reading")}</p> }.into_any(),
        Some(Err(failure)) => view! { <p class="wrong" role="alert">{failure.text}</p> }.into_any(),
        Some(Ok(settings)) => draw(app, &settings),
    };
    shown.into_any()
}

impl Form {
    /// The form of a part.
    pub(super) fn of(app: App, part: &'static str, settings: &Settings<Value>) -> Self {
        let value = settings.parts.get(part).cloned().unwrap_or_default();
        Self {
            app,
            part,
            value: RwSignal::new(value.clone()),
            read: RwSignal::new(value),
            version: RwSignal::new(settings.version),
            wrong: RwSignal::default(),
            state: RwSignal::new(State::Ready),
        }
    }

    /// What stands at a place, as text: empty where nothing does.
    pub(super) fn text(self, path: &str) -> String {
        self.value.with(|value| match value.pointer(path) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::Bool(yes)) => yes.to_string(),
            _ => String::new(),
        })
    }

    /// How many things a list has.
    pub(super) fn count(self, path: &str) -> usize {
        self.value.with(|value| value.pointer(path).and_then(Value::as_array).map_or(0, Vec::len))
    }

    /// The names of an object's fields.
    pub(super) fn names(self, path: &str) -> Vec<String> {
        let names = |value: &Value| Some(value.pointer(path)?.as_object()?.keys().cloned().collect());
        self.value.with(names).unwrap_or_default()
    }

    /// Puts a value in its place; `null` takes a field away.
    pub(super) fn set(self, path: &str, value: Value) {
        self.value.update(|whole| put(whole, path, value));
        self.state.update(|state| {
            if matches!(state, State::Saved) {
                *state = State::Ready;
            }
        });
    }

    /// Adds something to a list.
    pub(super) fn push(self, path: &str, item: Value) {
        let mut items = self.value.with_untracked(|value| {
            value.pointer(path).and_then(Value::as_array).cloned().unwrap_or_default()
        });
        items.push(item);
        self.set(path, Value::Array(items));
    }

    /// Takes something out of a list.
    pub(super) fn take(self, path: &str, index: usize) {
        let items = self.value.with_untracked(|value| value.pointer(path).and_then(Value::as_array).cloned());
        if let Some(mut items) = items.filter(|items| index < items.len()) {
            items.remove(index);
            self.set(path, Value::Array(items));
        }
    }

    /// What is wrong with a field, or with something inside it.
    fn wrong_at(self, path: &str) -> String {
        let field = dotted(path);
        self.wrong.with(|wrong| {
            let mut of = wrong.iter().filter(|it| {
                it.field
                    .strip_prefix(&field)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            });
            of.next().map(|it| it.text.clone()).unwrap_or_default()
        })
    }

    fn is_changed(self) -> bool {
        self.value.with(|value| self.read.with(|read| value != read))
    }

    fn take_in(self, settings: &Settings<Value>, typed_too: bool) {
        let value = settings.parts.get(self.part).cloned().unwrap_or_default();
        self.version.set(settings.version);
        self.read.set(value.clone());
        self.wrong.set(Vec::new());
        if typed_too {
            self.value.set(value);
        }
    }

    fn save(self) {
        if self.state.get_untracked() == State::Saving {
            return;
        }
        self.state.set(State::Saving);
        let change = SettingsChange {
            part: self.part.to_owned(),
            version: self.version.get_untracked(),
            value: self.value.get_untracked(),
        };
        let path = format!("{}/settings", self.app.site_path());
        spawn_local(async move {
            match net::call::<Settings<Value>>("PATCH", &path, &change).await {
                Ok(settings) => {
                    self.take_in(&settings, true);
                    self.state.set(State::Saved);
                }
                Err(failure) if failure.code == "stale" => self.state.set(State::Stale(failure.text)),
                Err(failure) => {
                    let text = if failure.fields.is_empty() { failure.text } else { say("set-look-again") };
                    self.wrong.set(failure.fields);
                    self.state.set(State::Failed(text));
                }
            }
        });
    }

    /// Reads what somebody else has made of the part, and shows it, or saves what is typed over it.
    fn read_again(self, and_save: bool) {
        let path = format!("{}/settings", self.app.site_path());
        spawn_local(async move {
            match net::get::<Settings<Value>>(&path).await {
                Ok(settings) => {
                    self.take_in(&settings, !and_save);
                    self.state.set(State::Ready);
                    if and_save {
                        self.save();
                    }
                }
                Err(failure) => self.state.set(State::Failed(failure.text)),
            }
        });
    }
}

/// A place in a value as the edge names it: `/hours/mon/0` is `hours.mon[0]`.
fn dotted(path: &str) -> String {
    let mut field = String::new();
    for name in path.split('/').skip(1) {
        if name.bytes().all(|byte| byte.is_ascii_digit()) {
            field.push_str(&["[", name, "]"].concat());
        } else {
            if !field.is_empty() {
                field.push('.');
            }
            field.push_str(name);
        }
    }
    field
}

/// Puts a value in its place, with the objects on the way to it.
fn put(whole: &mut Value, path: &str, value: Value) {
    let Some((parent, name)) = path.rsplit_once('/') else { return };
    let mut place = whole;
    for name in parent.split('/').skip(1) {
        place = match place {
            Value::Array(items) => {
                let Some(item) = name.parse::<usize>().ok().and_then(|index| items.get_mut(index)) else {
                    return;
                };
                item
            }
            other => {
                if !other.is_object() {
                    *other = Value::Object(Map::new());
                }
                let Value::Object(fields) = other else { return };
                fields.entry(name).or_insert(Value::Null)
            }
        };
    }
    match place {
        Value::Array(items) => {
            if let Some(item) = name.parse::<usize>().ok().and_then(|index| items.get_mut(index)) {
                *item = value;
            }
        }
        Value::Object(fields) => drop(fields.insert(name.to_owned(), value)),
        other => *other = Value::Object([(name.to_owned(), value)].into_iter().collect()),
    }
}

/// A form with its fields, its one button, and what came of it.
pub(super) fn shell(form: Form, title: &str, hint: &str, fields: AnyView) -> AnyView {
    let is_closed = !may_change(form.app);
    let outcome = move || {
        match form.state.get() {
        State::Ready | State::Saving => ().into_any(),
        State::Saved => view! { <span class="good" role="status">{say("set-saved")}</span> }.into_any(),
        State::Failed(text) => view! { <span class="wrong" role="alert">{text}</span> }.into_any(),
        State::Stale(text) => view! {
            <div class="stale" role="alert">
                <p>{text}</p>
                <div class="row">
                    <button type="button" on:click=move |_| form.read_again(false)>{say("set-theirs")}</button>
                    <button type="button" on:click=move |_| form.read_again(true)>{say("set-mine")}</button>
                </div>
            </div>
        }
        .into_any(),
    }
    };
    let label = move || if form.state.get() == State::Saving { say("set-saving") } else { say("set-save") };
    let foot = if is_closed {
        view! { <p class="soft">{say("set-admins-only")}</p> }.into_any()
    } else {
        view! {
            <footer>
                <button class="strong" aria-disabled=move || (!form.is_changed()).to_string()>{label}</button>
                {outcome}
            </footer>
        }
        .into_any()
    };
    let id = ["set-of-", form.part].concat();
    let title_id = id.clone();
    let hint = (!hint.is_empty()).then(|| say(hint));
    view! {
        <form class="set" novalidate aria-labelledby=id on:submit=move |event| {
            event.prevent_default();
            if form.is_changed() {
                form.save();
            }
        }>
            <h3 id=title_id>{say(title)}</h3>
            {hint.map(|hint| view! { <p class="soft">{hint}</p> })}
            <fieldset disabled=is_closed>{fields}</fieldset>
            {foot}
        </form>
    }
    .into_any()
}

/// What a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    /// One line.
    Line,
    /// One line, or nothing.
    MayLine,
    /// A web address, or nothing.
    MayUrl,
    /// A phone number.
    Phone,
    /// A whole number.
    Number,
    /// A whole number, or nothing.
    MayNumber,
    /// Several lines.
    Lines,
    /// A day.
    Day,
    /// A time of day.
    Time,
}

/// A field: its label above, its hint, what is typed, and what is wrong with it.
pub(super) fn field(form: Form, path: &str, label: String, hint: &str, takes: Takes) -> AnyView {
    let id = ["f-", form.part, &path.replace('/', "-")].concat();
    let wrong_id = [&id, "-wrong"].concat();
    let place = StoredValue::new(path.to_owned());
    let shown = Memo::new(move |_| place.with_value(|path| form.text(path)));
    let wrong = Memo::new(move |_| place.with_value(|path| form.wrong_at(path)));
    let typed = move |text: String| {
        let value = match takes {
            Takes::MayLine | Takes::MayUrl if text.trim().is_empty() => Value::Null,
            Takes::Number | Takes::MayNumber => text.trim().parse::<u32>().map_or(Value::Null, Value::from),
            Takes::Day | Takes::Time | Takes::Phone => Value::from(text.trim()),
            _ => Value::from(text),
        };
        place.with_value(|path| form.set(path, value));
    };
    let is_wrong = move || (!wrong.with(String::is_empty)).then_some("true");
    let control = if takes == Takes::Lines {
        view! {
            <textarea id=id.clone() rows="3" dir="auto" aria-invalid=is_wrong aria-describedby=wrong_id.clone()
                prop:value=shown on:input=move |event| typed(event_target_value(&event))></textarea>
        }
        .into_any()
    } else {
        let kind = match takes {
            Takes::MayUrl => "url",
            Takes::Phone => "tel",
            Takes::Number | Takes::MayNumber => "number",
            Takes::Day => "date",
            // A day ends at 24:00, which a browser's own field does not know.
            Takes::Time if shown.get_untracked() != "24:00" => "time",
            _ => "text",
        };
        let least = (kind == "number").then_some("0");
        view! {
            <input id=id.clone() type=kind min=least dir="auto" aria-invalid=is_wrong aria-describedby=wrong_id.clone()
                prop:value=shown on:input=move |event| typed(event_target_value(&event))/>
        }
        .into_any()
    };
    let hint = (!hint.is_empty()).then(|| view! { <small>{say(hint)}</small> });
    view! {
        <div class="field">
            <label for=id>{label}</label>
            {hint}
            {control}
            <p class="wrong" id=wrong_id>{wrong}</p>
        </div>
    }
    .into_any()
}

/// A field that is chosen from a list of values and what they are called.
pub(super) fn choice(
    form: Form,
    path: &str,
    label: String,
    hint: &str,
    choices: Vec<(String, String)>,
) -> AnyView {
    let id = ["f-", form.part, &path.replace('/', "-")].concat();
    let place = StoredValue::new(path.to_owned());
    let shown = Memo::new(move |_| place.with_value(|path| form.text(path)));
    let wrong = Memo::new(move |_| place.with_value(|path| form.wrong_at(path)));
    let mut choices = choices;
    let now = shown.get_untracked();
    if !choices.iter().any(|(value, _)| *value == now) {
        choices.insert(0, (now.clone(), now));
    }
    let options = choices.into_iter().map(|(value, name)| {
        let own = value.clone();
        view! { <option value=value selected=move || shown.get() == own>{name}</option> }
    });
    let hint = (!hint.is_empty()).then(|| view! { <small>{say(hint)}</small> });
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            {hint}
            <select id=id on:change=move |event| {
                place.with_value(|path| form.set(path, Value::from(event_target_value(&event))));
            }>{options.collect_view()}</select>
            <p class="wrong">{wrong}</p>
        </div>
    }
    .into_any()
}

/// A list of lines, each of them a field of its own, with a button for one more.
pub(super) fn list(
    form: Form,
    path: &'static str,
    one: &'static str,
    add: &'static str,
    takes: Takes,
) -> AnyView {
    let count = Memo::new(move |_| form.count(path));
    let row = move |index: usize| {
        let place = format!("{path}/{index}");
        let label = fill(one, &(index + 1).to_string());
        let gone = about("set-take-out", &label);
        view! {
            <li>
                {field(form, &place, label, "", takes)}
                <button type="button" class="quiet" aria-label=gone on:click=move |_| form.take(path, index)>
                    {say("set-take-out")}
                </button>
            </li>
        }
    };
    view! {
        <ul class="rows">{move || (0..count.get()).map(row).collect_view()}</ul>
        <button type="button" on:click=move |_| form.push(path, Value::from(""))>{say(add)}</button>
    }
    .into_any()
}

/// The hours of a week under a place: spans for each day.
pub(super) fn week(form: Form, path: &str) -> AnyView {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let days = DAYS
        .into_iter()
        .enumerate()
        .map(|(index, day)| spans(form, format!("{path}/{day}"), crate::browser::weekday(index)));
    view! { <div class="week">{days.collect_view()}</div> }.into_any()
}

/// The spans of one day.
pub(super) fn spans(form: Form, path: String, name: String) -> AnyView {
    let place = StoredValue::new(path);
    let count = Memo::new(move |_| place.with_value(|path| form.count(path)));
    let row = move |index: usize| {
        let path = place.with_value(|path| format!("{path}/{index}"));
        let wrong = {
            let path = path.clone();
            Memo::new(move |_| form.wrong_at(&path))
        };
        view! {
            <li>
                {field(form, &[&path, "/0"].concat(), say("set-from"), "", Takes::Time)}
                {field(form, &[&path, "/1"].concat(), say("set-to"), "", Takes::Time)}
                <button type="button" class="quiet" on:click=move |_| place.with_value(|path| form.take(path, index))>
                    {say("set-take-out")}
                </button>
                <p class="wrong">{wrong}</p>
            </li>
        }
    };
    let (add, shown) = (about("set-add-hours", &name), name.clone());
    view! {
        <div class="day-of" role="group" aria-label=name>
            <b>{shown}</b>
            <Show when=move || count.get() == 0><span class="soft">{say("set-closed")}</span></Show>
            <ul class="spans">{move || (0..count.get()).map(row).collect_view()}</ul>
            <button type="button" class="quiet" aria-label=add on:click=move |_| {
                place.with_value(|path| form.push(path, serde_json::json!(["09:00", "17:00"])));
            }>{say("set-add-hours")}</button>
        </div>
    }
    .into_any()
}

/// A button for what cannot be taken back: it asks once more, and acts when it is pressed again.
pub(super) fn twice(name: &'static str, what: &str, closed: bool, act: impl Fn() + 'static) -> AnyView {
    let asks = RwSignal::new(false);
    let words = move || if asks.get() { "set-really" } else { name };
    let what = what.to_owned();
    view! {
        <button type="button" class="quiet" disabled=closed aria-label=move || about(words(), &what) on:click=move |_| {
            if asks.get_untracked() {
                act();
            } else {
                asks.set(true);
            }
        }>{move || say(words())}</button>
    }
    .into_any()
}

/// What came of an act that is no form of settings, beside its button: whether it went well, and a sentence.
pub(super) type Told = RwSignal<Option<(bool, String)>>;

/// That sentence.
pub(super) fn told(told: Told) -> AnyView {
    let shown = move || {
        told.get().map(|(is_good, text)| {
            let (class, role) = if is_good { ("good", "status") } else { ("wrong", "alert") };
            view! { <p class=class role=role>{text}</p> }
        })
    };
    shown.into_any()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_place_is_named_as_the_edge_names_it() {
        assert_eq!(dotted("/hours/mon/0/1"), "hours.mon[0][1]");
        assert_eq!(dotted("/brand/greeting/en"), "brand.greeting.en");
    }

    #[test]
    fn a_value_is_put_in_its_place_and_what_is_missing_on_the_way_is_made() {
        let mut value = json!({ "hours": { "mon": [["09:00", "18:00"]] } });
        put(&mut value, "/hours/mon/0/1", json!("17:00"));
        put(&mut value, "/brand/greeting/en", json!("Hi"));
        put(&mut value, "/hours/mon/7/0", json!("lost"));
        assert_eq!(
            value,
            json!({ "hours": { "mon": [["09:00", "17:00"]] }, "brand": { "greeting": { "en": "Hi" } } })
        );
    }
}
