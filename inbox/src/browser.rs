//! Small steps in the browser that several modules take.

use js_sys::{Array, Date, Intl, Object, Reflect};
use leptos::prelude::document;
use shared::{ctx::Ctx, time::Timestamp};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition, Storage, Window};

use crate::{model::keys::next_place, words};

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

/// What has the focus.
pub(crate) fn active() -> Option<HtmlElement> {
    document().active_element()?.dyn_into().ok()
}

/// Moves the focus to an element, once it is drawn.
pub(crate) fn focus(id: &'static str) {
    leptos::prelude::request_animation_frame(move || {
        if let Some(element) = element(id) {
            element.focus().ok();
        }
    });
}

/// Scrolls what is around an element until it is seen, once it is drawn.
pub(crate) fn reveal(selector: &'static str) {
    leptos::prelude::request_animation_frame(move || {
        if let Ok(Some(element)) = document().query_selector(selector) {
            let options = ScrollIntoViewOptions::new();
            options.set_block(ScrollLogicalPosition::Nearest);
            options.set_inline(ScrollLogicalPosition::Center);
            element.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
}

/// Moves the focus so many steps among the elements of a selector; from anywhere else, to the first or the last of them.
pub(crate) fn step_focus(selector: &str, by: i32) {
    let Ok(all) = document().query_selector_all(selector) else { return };
    let active = document().active_element().map(JsValue::from);
    let nodes: Vec<JsValue> =
        (0..all.length()).filter_map(|place| all.item(place)).map(JsValue::from).collect();
    let Some(next) = next_place(nodes.iter().position(|node| Some(node) == active.as_ref()), by, nodes.len())
    else {
        return;
    };
    if let Some(element) = nodes.get(next).and_then(|node| node.dyn_ref::<HtmlElement>()) {
        element.focus().ok();
    }
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
    format_in(&words::locale(), at, zone, options)
}

fn format_in(locale: &str, at: Timestamp, zone: Option<&str>, options: &[(&str, &str)]) -> String {
    let settings = Object::new();
    for (name, value) in options {
        Reflect::set(&settings, &JsValue::from_str(name), &JsValue::from_str(value)).ok();
    }
    if let Some(zone) = zone {
        Reflect::set(&settings, &JsValue::from_str("timeZone"), &JsValue::from_str(zone)).ok();
    }
    let locales = if locale.is_empty() { Array::new() } else { Array::of1(&JsValue::from_str(locale)) };
    let format = Intl::DateTimeFormat::new(&locales, &settings);
    let date = Date::new(&JsValue::from_f64(f64_of(at)));
    let written = format.format().call1(&JsValue::UNDEFINED, &date);
    written.ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// A day of a calendar, counted from 1970-01-01, in the reader's language: "26 Nov".
pub(crate) fn short_day(day: i64) -> String {
    let at = Timestamp::from_ms(day.saturating_mul(shared::time::DAY_MS));
    format(at, Some("UTC"), &[("day", "numeric"), ("month", "short")])
}

/// The day of an instant on a zone's calendar, `2026-11-26`.
pub(crate) fn iso_day(at: Timestamp, zone: &str) -> String {
    let options = [("year", "numeric"), ("month", "2-digit"), ("day", "2-digit")];
    // The calendar that is written as ISO 8601 writes it.
    format_in("sv-SE", at, Some(zone), &options)
}

/// A number in the reader's language.
pub(crate) fn number(value: u32) -> String {
    counted(f64::from(value), &[])
}

/// A number with its unit in the reader's language: "5 min". Units are those of ECMA-402.
pub(crate) fn amount(value: f64, unit: &str) -> String {
    counted(value, &[("style", "unit"), ("unit", unit), ("unitDisplay", "short")])
}

/// A span of time in its greatest unit: "42 sec", "5 min", "3 hr".
pub(crate) fn lasting(seconds: f64) -> String {
    match seconds {
        few if few < 60.0 => amount(few.round(), "second"),
        few if few < 3_600.0 => amount((few / 60.0).round(), "minute"),
        few if few < 48.0 * 3_600.0 => amount((few / 360.0).round() / 10.0, "hour"),
        many => amount((many / 8_640.0).round() / 10.0, "day"),
    }
}

fn counted(value: f64, options: &[(&str, &str)]) -> String {
    let settings = Object::new();
    for (name, value) in options {
        Reflect::set(&settings, &JsValue::from_str(name), &JsValue::from_str(value)).ok();
    }
    let locale = words::locale();
    let locales = if locale.is_empty() { Array::new() } else { Array::of1(&JsValue::from_str(&locale)) };
    let format = Intl::NumberFormat::new(&locales, &settings);
    let written = format.format().call1(&JsValue::UNDEFINED, &JsValue::from_f64(value));
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

/// An instant as a zone's clock and calendar show it: `YYYY-MM-DDTHH:MM`. The reader's own where no zone is known.
pub(crate) fn wall(at: Timestamp, zone: Option<&str>) -> String {
    let settings = Object::new();
    if let Some(zone) = zone {
        Reflect::set(&settings, &JsValue::from_str("timeZone"), &JsValue::from_str(zone)).ok();
    }
    // The Swedish way of writing is the ISO's.
    let date = Date::new(&JsValue::from_f64(f64_of(at)));
    let written = String::from(date.to_locale_string("sv-SE", &settings));
    written.replacen(' ', "T", 1).chars().take(16).collect()
}

/// The instant at which a zone's clock shows that; none where it is no time.
pub(crate) fn instant(wall_time: &str, zone: Option<&str>) -> Option<Timestamp> {
    let utc = |text: &str| Date::parse(&[text, ":00Z"].concat());
    let wished = utc(wall_time);
    if wished.is_nan() {
        return None;
    }
    let ahead = |ms: f64| utc(&wall(Timestamp::from_ms(i64_of(ms)), zone)) - ms;
    // Twice, since the zone may be another hour ahead at that time.
    let first = wished - ahead(wished);
    Some(Timestamp::from_ms(i64_of(wished - ahead(first))))
}

/// A time of the day, `HH:MM`, so many days from now on a zone's calendar.
pub(crate) fn on_day(days: u32, clock: &str, zone: Option<&str>) -> Option<Timestamp> {
    let today = wall(Timestamp::from_ms(i64_of(now_ms())), zone);
    let noon = Date::parse(&[today.get(..10)?, "T12:00:00Z"].concat());
    let day = Date::new(&JsValue::from_f64(noon + f64::from(days) * 86_400_000.0));
    let day = String::from(day.to_iso_string());
    instant(&[day.get(..10)?, "T", clock].concat(), zone)
}

/// How many days it is until the next Monday on the reader's calendar, 1 to 7.
pub(crate) fn to_monday() -> u32 {
    let today = Date::new(&JsValue::from_f64(now_ms())).get_day();
    (8 - today) % 7 + u32::from(today == 1) * 7
}

/// Hands a JSON text over as a file.
pub(crate) fn download(name: &str, text: &str) {
    let parts = Array::of1(&JsValue::from_str(text));
    let Ok(blob) = web_sys::Blob::new_with_str_sequence(&parts) else { return };
    let Ok(address) = web_sys::Url::create_object_url_with_blob(&blob) else { return };
    let Ok(link) = document().create_element("a") else { return };
    link.set_attribute("href", &address).ok();
    link.set_attribute("download", name).ok();
    if let Ok(link) = link.dyn_into::<HtmlElement>() {
        link.click();
    }
}

/// The time zones this browser knows.
pub(crate) fn zones() -> Vec<String> {
    let Ok(list) = Reflect::get(&js_sys::global(), &JsValue::from_str("Intl"))
        .and_then(|intl| Reflect::get(&intl, &JsValue::from_str("supportedValuesOf")))
    else {
        return Vec::new();
    };
    let Some(list) = list.dyn_ref::<js_sys::Function>() else { return Vec::new() };
    let zones = list.call1(&JsValue::UNDEFINED, &JsValue::from_str("timeZone"));
    zones.map(|all| Array::from(&all).iter().filter_map(|it| it.as_string()).collect()).unwrap_or_default()
}

/// The reader's own time zone.
pub(crate) fn own_zone() -> Option<String> {
    let options = Intl::DateTimeFormat::new(&Array::new(), &Object::new()).resolved_options();
    Reflect::get(&options, &JsValue::from_str("timeZone")).ok()?.as_string()
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

/// A weekday's name in the reader's language; 0 is Monday.
pub(crate) fn weekday(index: usize) -> String {
    // 1 January 2024 was a Monday.
    let at = 1_704_110_400_000 + i64::try_from(index).unwrap_or_default() * shared::time::DAY_MS;
    format(Timestamp::from_ms(at), Some("UTC"), &[("weekday", "long")])
}

/// Puts a text where it can be pasted from.
pub(crate) fn copy(text: &str) {
    drop(window().navigator().clipboard().write_text(text));
}

/// A text as it stands in an address.
pub(crate) fn encoded(text: &str) -> String {
    String::from(js_sys::encode_uri_component(text))
}

/// The file that was chosen in a field.
pub(crate) fn chosen_file(event: &web_sys::Event) -> Option<web_sys::File> {
    event.target()?.dyn_into::<web_sys::HtmlInputElement>().ok()?.files()?.get(0)
}

/// What stands in a file; empty where it cannot be read.
pub(crate) async fn file_text(file: &web_sys::File) -> String {
    let text = wasm_bindgen_futures::JsFuture::from(file.text()).await;
    text.ok().and_then(|text| text.as_string()).unwrap_or_default()
}
