//! The device's clocks, and the browser's calendar.

use crate::client::DateParts;
use crate::model::Millis;
use crate::sync::Now;
use js_sys::{Array, Date, Function, Intl::DateTimeFormat, Object, Reflect};
use wasm_bindgen::JsValue;

/// The language of the interface, which the names of days and months are in. How its parts are put together is not left
/// to the browser: versions differ.
const LANGUAGE: &str = "en";
const DAY: f64 = 86_400_000.0;

thread_local! {
    // Making a format is slow; using it is not.
    static DATE: DateTimeFormat = format(
        Some(LANGUAGE),
        &[("weekday", "long"), ("day", "numeric"), ("month", "long"), ("year", "numeric"), ("timeZone", "UTC")],
    );
    static TIME: Function = format(None, &[("hour", "numeric"), ("minute", "2-digit")]).format();
    static EXACT: Function = format(None, &[("hour", "numeric"), ("minute", "2-digit"), ("second", "2-digit")]).format();
}

/// What both clocks say.
pub fn now() -> Now {
    let mono = web_sys::window().and_then(|window| window.performance()).map_or_else(Date::now, |clock| clock.now());
    Now { mono: mono as u64, wall: Millis(Date::now() as i64) }
}

/// How many minutes the reader's zone is ahead of UTC at a moment.
pub fn offset(at: Millis) -> i64 {
    -date_of(at.0 as f64).get_timezone_offset() as i64
}

/// A day by its number (days since 1970-01-01). Beyond the browser's calendar its parts are empty.
pub fn date(day: i64) -> DateParts {
    let moment = date_of(day as f64 * DAY);
    let mut parts = DateParts::default();
    if moment.get_time().is_nan() {
        return parts;
    }
    for part in DATE.with(|format| format.format_to_parts(&moment)).iter() {
        let text = |name: &str| Reflect::get(&part, &JsValue::from_str(name)).ok().and_then(|text| text.as_string());
        let (kind, value) = (text("type").unwrap_or_default(), text("value").unwrap_or_default());
        match kind.as_str() {
            "weekday" => parts.weekday = value,
            "day" => parts.date = value,
            "month" => parts.month = value,
            "year" => parts.year = value,
            _ => {}
        }
    }
    parts
}

/// The time of day to the minute, as the reader writes it.
pub fn time_text(at: Millis) -> String {
    TIME.with(|format| written(format, at))
}

/// The time of day to the second, as the reader writes it.
pub fn exact_time_text(at: Millis) -> String {
    EXACT.with(|format| written(format, at))
}

/// A moment as `<time datetime>` wants it (RFC 3339, UTC).
pub fn machine_text(at: Millis) -> String {
    let moment = date_of(at.0 as f64);
    if moment.get_time().is_nan() { String::new() } else { moment.to_iso_string().into() }
}

/// A format of the interface's language, or without one of the reader's.
fn format(language: Option<&str>, options: &[(&str, &str)]) -> DateTimeFormat {
    let bag = Object::new();
    for (name, value) in options {
        // A plain object takes every property.
        let _ = Reflect::set(&bag, &JsValue::from_str(name), &JsValue::from_str(value));
    }
    DateTimeFormat::new(&language.map(JsValue::from_str).into_iter().collect::<Array>(), &bag)
}

fn written(format: &Function, at: Millis) -> String {
    format.call1(&JsValue::NULL, &date_of(at.0 as f64)).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

fn date_of(millis: f64) -> Date {
    Date::new(&JsValue::from_f64(millis))
}
