//! What follows what changes, at little weight.
//!
//! For each closure that is handed to the framework all of its machinery is compiled once more, and a browser has to
//! download it. In a box, closures are of one type: only the type of their value counts.

use leptos::prelude::*;

/// Runs a function in the browser, at first once the page stands and again whenever what it reads has changed.
pub fn effect(run: impl FnMut() + 'static) {
    let run: Box<dyn FnMut()> = Box::new(run);
    Effect::new(run);
}

/// A value that is made of others. It changes only when it differs.
pub fn memo<T: PartialEq + Send + Sync + 'static>(make: impl Fn() -> T + Send + Sync + 'static) -> Memo<T> {
    let make: Box<dyn Fn() -> T + Send + Sync> = Box::new(make);
    Memo::new(move |_| make())
}
