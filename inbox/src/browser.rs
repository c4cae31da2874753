//! Small steps in the browser that several modules take.

use js_sys::{Array, Date, Intl, Object, Reflect};
use leptos::prelude::document;
use shared::{ctx::Ctx, time::Timestamp};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, Storage, Window};

use crate::words;

/// The page's window.
pub(crate) fn window() -> Window {
    leptos::prelude::window()
}

/// The page's clock, in milliseconds since 1970.
pub(crate) fn now_ms() -> f64 {
    Date::now()
}

/// The present and fresh randomness, to mint ids.
pub(crate) fn context() -> Ctx {
    let mut seed = [0; 32];
    if let Ok(crypto) = window().crypto() {
        crypto.get_random_values_with_u8_array(&mut seed).ok();
    }
    Ctx::new(Timestamp::from_ms(i64_of(now_ms())), seed)
}

/// The path in the address bar.
pub(crate) fn path() -> String {
    window().location().pathname().unwrap_or_default()
}

/// Puts a path into the address bar.
pub(crate) fn go(path: &str) {
    if let Ok(history) = window().history() {
        history.push_state_with_url(&JsValue::NULL, "", Some(path)).ok();
    }
}

/// Leaves for another page.
pub(crate) fn leave(path: &str) {
    window().location().assign(path).ok();
}

/// An element by its id.
pub(crate) fn element(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Moves the focus to an element, once it is drawn.
pub(crate) fn focus(id: &'static str) {
    leptos::prelude::request_animation_frame(move || {
        if let Some(element) = element(id) {
            element.focus().ok();
        }
    });
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// What was kept under a name.
pub(crate) fn kept(name: &str) -> Option<String> {
    storage()?.get_item(name).ok().flatten()
}

/// Keeps a text under a name; an empty one is forgotten.
pub(crate) fn keep(name: &str, text: &str) {
    let Some(storage) = storage() else { return };
    if text.is_empty() {
        storage.remove_item(name).ok();
    } else {
        storage.set_item(name, text).ok();
    }
}

/// Whether the focus is in something that is typed into.
pub(crate) fn types() -> bool {
    let Some(active) = document().active_element() else { return false };
    matches!(active.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
}

/// How an instant is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// The hour today, else the day.
    Short,
    /// The hour.
    Clock,
    /// The day.
    Day,
    /// All of it.
    Full,
}

/// An instant in the reader's language, on a zone's clock.
pub(crate) fn written(at: Timestamp, zone: Option<&str>, shape: Shape) -> String {
    let shape = match shape {
        Shape::Short if day(at, zone) == day(Timestamp::from_ms(i64_of(now_ms())), zone) => Shape::Clock,
        other => other,
    };
    let options: &[(&str, &str)] = match shape {
        Shape::Short => &[("day", "numeric"), ("month", "short")],
        Shape::Clock => &[("hour", "numeric"), ("minute", "2-digit")],
        Shape::Day => &[("weekday", "long"), ("day", "numeric"), ("month", "long")],
        Shape::Full => &[("dateStyle", "full"), ("timeStyle", "short")],
    };
    format(at, zone, options)
}

/// The calendar day of an instant, to be compared.
pub(crate) fn day(at: Timestamp, zone: Option<&str>) -> String {
    format(at, zone, &[("year", "numeric"), ("month", "numeric"), ("day", "numeric")])
}

fn format(at: Timestamp, zone: Option<&str>, options: &[(&str, &str)]) -> String {
    let settings = Object::new();
    for (name, value) in options {
        Reflect::set(&settings, &JsValue::from_str(name), &JsValue::from_str(value)).ok();
    }
    if let Some(zone) = zone {
        Reflect::set(&settings, &JsValue::from_str("timeZone"), &JsValue::from_str(zone)).ok();
    }
    let locale = words::locale();
    let locales = if locale.is_empty() { Array::new() } else { Array::of1(&JsValue::from_str(&locale)) };
    let format = Intl::DateTimeFormat::new(&locales, &settings);
    let date = Date::new(&JsValue::from_f64(f64_of(at)));
    let written = format.format().call1(&JsValue::UNDEFINED, &date);
    written.ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// How long something is from now, as "in 12 min" and "3 h ago" in the reader's language.
pub(crate) fn from_now(at: Timestamp, now_ms: f64) -> String {
    let minutes = (f64_of(at) - now_ms) / 60_000.0;
    let (value, unit) = match minutes.abs() {
        small if small < 60.0 => (minutes.round(), "minute"),
        small if small < 48.0 * 60.0 => ((minutes / 60.0).round(), "hour"),
        _ => ((minutes / 1_440.0).round(), "day"),
    };
    let settings = Object::new();
    Reflect::set(&settings, &JsValue::from_str("style"), &JsValue::from_str("narrow")).ok();
    let locale = words::locale();
    let locales = if locale.is_empty() { Array::new() } else { Array::of1(&JsValue::from_str(&locale)) };
    String::from(Intl::RelativeTimeFormat::new(&locales, &settings).format(value, unit))
}

/// Milliseconds since 1970 as the page counts them.
#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit a double for 285,000 years")]
pub(crate) fn f64_of(at: Timestamp) -> f64 {
    at.ms() as f64
}

#[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit an i64")]
pub(crate) fn i64_of(ms: f64) -> i64 {
    ms as i64
}
