//! Parts of a page that change.

use leptos::tachys::reactive_graph::SharedReactiveFunction;
use std::sync::{Arc, Mutex};

/// What a function returns, shown anew whenever what it reads has changed.
///
/// A closure can stand in a view by itself; but each is a type of its own, for which all of the framework's rendering
/// is compiled once more, and a browser has to download it. Here only the type of what is shown counts.
pub fn live<T: 'static>(show: impl FnMut() -> T + Send + 'static) -> SharedReactiveFunction<T> {
    Arc::new(Mutex::new(show))
}
