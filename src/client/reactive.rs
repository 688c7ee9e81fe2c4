//! Effects and memos with a small download.
//!
//! For each closure type that is passed to the framework, all of its machinery is compiled again. Boxed closures share
//! one type, so that only the value's type counts.

use leptos::prelude::*;

/// Runs a function in the browser when the page is rendered, and again whenever a signal that it reads has changed.
pub fn effect(run: impl FnMut() + 'static) {
    let run: Box<dyn FnMut()> = Box::new(run);
    Effect::new(run);
}

/// A derived value. It notifies only when it differs.
pub fn memo<T: PartialEq + Send + Sync + 'static>(make: impl Fn() -> T + Send + Sync + 'static) -> Memo<T> {
    let make: Box<dyn Fn() -> T + Send + Sync> = Box::new(make);
    Memo::new(move |_| make())
}
