//! The one place of the widget that reads a clock, the visitor's time zone or randomness.

use js_sys::{Date, Intl, JSON, Object, Reflect};
use shared::ctx::Ctx;
use shared::time::{DAY_MS, MINUTE_MS, Timestamp};
use wasm_bindgen::{JsCast, JsValue};

use crate::dom;

/// The present.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_ms(whole(Date::now()))
}

/// The present and fresh randomness, for ids and for chance in waits.
pub(crate) fn ctx() -> Ctx {
    let mut seed = [0; 32];
    if let Ok(crypto) = dom::window().crypto() {
        // A browser that refuses leaves zeros: two ids of one millisecond could then meet, and the edge would refuse one.
        crypto.get_random_values_with_u8_array(&mut seed).ok();
    }
    Ctx::new(now(), seed)
}

/// The visitor's IANA time zone.
pub(crate) fn time_zone() -> String {
    let options = Intl::DateTimeFormat::default().resolved_options();
    let zone = Reflect::get(&options, &JsValue::from_str("timeZone")).ok();
    zone.and_then(|zone| zone.as_string()).unwrap_or_else(|| "UTC".to_owned())
}

/// Numbers the calendar days of the visitor's time zone.
pub(crate) fn day_of(at: Timestamp) -> i64 {
    let offset = whole(date(at).get_timezone_offset());
    at.plus_ms(-offset * MINUTE_MS).ms().div_euclid(DAY_MS)
}

/// The time of day, as the language writes it.
pub(crate) fn time_text(at: Timestamp, locale: &str) -> String {
    format(at, locale, r#"{"timeStyle":"short"}"#)
}

/// The day, as the language writes it.
pub(crate) fn day_text(at: Timestamp, locale: &str) -> String {
    format(at, locale, r#"{"weekday":"long","day":"numeric","month":"long"}"#)
}

/// A day and a time, short, as the language writes them.
pub(crate) fn slot_text(at: Timestamp, locale: &str) -> String {
    format(
        at,
        locale,
        r#"{"weekday":"short","day":"numeric","month":"short","hour":"numeric","minute":"2-digit"}"#,
    )
}

/// A whole number, as the language writes it.
pub(crate) fn number_text(number: usize, locale: &str) -> String {
    let number = u32::try_from(number).unwrap_or(u32::MAX);
    js_sys::Number::from(number).to_locale_string(locale).into()
}

fn format(at: Timestamp, locale: &str, options: &str) -> String {
    let options = JSON::parse(options).unwrap_or_else(|_| Object::new().into());
    date(at).to_locale_string(locale, options.unchecked_ref()).into()
}

fn date(at: Timestamp) -> Date {
    #[expect(clippy::cast_precision_loss, reason = "JavaScript's dates end long before 2^53 milliseconds")]
    let ms = at.ms() as f64;
    Date::new(&JsValue::from_f64(ms))
}

fn whole(number: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds and minutes of dates are below 2^53")]
    let whole = number as i64;
    whole
}
