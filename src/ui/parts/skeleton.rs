//! The shape of messages that are on their way.

use leptos::prelude::*;

/// A few rows in the shape of messages.
#[component]
pub fn Skeleton(
    /// How many.
    rows: usize,
) -> impl IntoView {
    let bone = |at: usize| {
        view! {
            <div class=format!("bone bone-{}", at % 4)>
                <i class="skeleton"></i>
                <div>
                    <span class="skeleton"></span>
                    <span class="skeleton"></span>
                </div>
            </div>
        }
    };
    view! {
        <div class="bones" aria-hidden="true">
            {(0..rows).map(bone).collect_view()}
        </div>
    }
}
