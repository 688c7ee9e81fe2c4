//! The device's clocks, and the browser's calendar.

use crate::client::DateParts;
use crate::model::Millis;
use crate::sync::Now;
use js_sys::{Array, Date, Function, Intl::DateTimeFormat, Object, Reflect};
use wasm_bindgen::JsValue;

/// The language of the names of days and months. The order of a date's parts is ours, since browsers' formats differ
/// between versions.
const LANGUAGE: &str = "en";
const DAY: f64 = 86_400_000.0;

thread_local! {
    // Creating a format is slow; using it is not.
    static DATE: DateTimeFormat = format(
        Some(LANGUAGE),
        &[("weekday", "long"), ("day", "numeric"), ("month", "long"), ("year", "numeric"), ("timeZone", "UTC")],
    );
    static TIME: Function = format(None, &[("hour", "numeric"), ("minute", "2-digit")]).format();
    static EXACT: Function = format(None, &[("hour", "numeric"), ("minute", "2-digit"), ("second", "2-digit")]).format();
}

/// The current time by both clocks.
pub fn now() -> Now {
    let mono = web_sys::window().and_then(|window| window.performance()).map_or_else(Date::now, |clock| clock.now());
    Now { mono: mono as u64, wall: Millis(Date::now() as i64) }
}

/// How many minutes the reader's time zone is ahead of UTC at a moment.
pub fn offset(at: Millis) -> i64 {
    -date_of(at.0 as f64).get_timezone_offset() as i64
}

/// A day by its number (days since 1970-01-01). Its parts are empty outside the browser's calendar.
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

/// The time of day to the minute, in the reader's locale.
pub fn time_text(at: Millis) -> String {
    TIME.with(|format| written(format, at))
}

/// The time of day to the second, in the reader's locale.
pub fn exact_time_text(at: Millis) -> String {
    EXACT.with(|format| written(format, at))
}

/// A moment for `<time datetime>` (RFC 3339, UTC).
pub fn machine_text(at: Millis) -> String {
    let moment = date_of(at.0 as f64);
    if moment.get_time().is_nan() { String::new() } else { moment.to_iso_string().into() }
}

/// A format in a language; without one, in the reader's locale.
fn format(language: Option<&str>, options: &[(&str, &str)]) -> DateTimeFormat {
    let bag = Object::new();
    for (name, value) in options {
        // Setting a property of a plain object cannot fail.
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
