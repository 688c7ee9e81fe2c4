//! The list of rooms.

use crate::client::Chat;
use crate::model::ConversationId;
use crate::ui::Route;
use crate::ui::parts::live;
use leptos::prelude::*;

/// A user's rooms.
#[component]
pub fn Rooms(route: Memo<Route>) -> impl IntoView {
    let rooms = Chat::get().conversations();
    let first = Memo::new(move |_| rooms.with(|rooms| rooms.first().map(|room| room.id)));
    // The front page shows the first one beside the list.
    let current = Memo::new(move |_| match route.get() {
        Route::Front => first.get(),
        other => other.conversation(),
    });
    let room = move |id: ConversationId| {
        let name = move || {
            rooms
                .with(|rooms| rooms.iter().find(|room| room.id == id).map(|room| room.name.clone()))
                .unwrap_or_default()
        };
        view! {
            <li>
                <a class="conv" href=Route::Conversation(id).to_string() aria-current=move || (current.get() == Some(id)).then_some("page")>
                    <span class="hash" aria-hidden="true">
                        "#"
                    </span>
                    <span class="name" dir="auto">
                        {live(name)}
                    </span>
                </a>
            </li>
        }
    };
    let ids = Memo::new(move |_| rooms.with(|rooms| rooms.iter().map(|room| room.id).collect::<Vec<_>>()));
    view! {
        <div class="list">
            <h2 id="rooms">"Rooms"</h2>
            <ul aria-labelledby="rooms">
                <For each=move || ids.get() key=|id| *id let:id>
                    {room(id)}
                </For>
            </ul>
        </div>
    }
    .into_any()
}
