//! The device's clocks, and its reader's way of telling the time.

use crate::model::Millis;
use crate::sync::Now;
use js_sys::{Array, Date, Function, Intl::DateTimeFormat, Object, Reflect};
use wasm_bindgen::JsValue;

thread_local! {
    // Making a format is slow; using it is not.
    static TIME: Function = format(&[("hour", "numeric"), ("minute", "2-digit")]);
    static EXACT: Function = format(&[("dateStyle", "full"), ("timeStyle", "medium")]);
}

/// What both clocks say.
pub fn now() -> Now {
    let mono = web_sys::window().and_then(|window| window.performance()).map_or_else(Date::now, |clock| clock.now());
    Now { mono: mono as u64, wall: Millis(Date::now() as i64) }
}

/// How many minutes the reader's zone is ahead of UTC at a moment.
pub fn offset(at: Millis) -> i64 {
    -date(at).get_timezone_offset() as i64
}

/// The time of day, as the reader writes it.
pub fn time_text(at: Millis) -> String {
    TIME.with(|format| written(format, at))
}

/// The exact moment, as the reader writes it.
pub fn exact_text(at: Millis) -> String {
    EXACT.with(|format| written(format, at))
}

fn format(options: &[(&str, &str)]) -> Function {
    let bag = Object::new();
    for (name, value) in options {
        // A plain object takes every property.
        let _ = Reflect::set(&bag, &JsValue::from_str(name), &JsValue::from_str(value));
    }
    DateTimeFormat::new(&Array::new(), &bag).format()
}

fn written(format: &Function, at: Millis) -> String {
    format.call1(&JsValue::NULL, &date(at)).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

fn date(at: Millis) -> Date {
    Date::new(&JsValue::from_f64(at.0 as f64))
}
