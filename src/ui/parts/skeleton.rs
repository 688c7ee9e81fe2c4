//! The shape of messages that are on their way.

use leptos::prelude::*;

/// A few rows in the shape of messages.
#[component]
pub fn Skeleton(
    /// How many.
    rows: usize,
) -> impl IntoView {
    let row = |at: usize| {
        view! {
            <div class=format!("skeleton-row skeleton-row-{}", at % 4)>
                <i class="skeleton"></i>
                <div>
                    <span class="skeleton"></span>
                    <span class="skeleton"></span>
                </div>
            </div>
        }
    };
    view! {
        <div class="skeleton-rows" aria-hidden="true">
            {(0..rows).map(row).collect_view()}
        </div>
    }
}
