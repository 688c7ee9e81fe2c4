//! The switcher while it is open: a combobox over what the client holds and what the server finds besides.

use super::rank::{self, Candidate, Found, Hit, Target};
use crate::api::rooms::{browse_rooms, list_people, open_direct};
use crate::client::platform::page;
use crate::client::search::{Query, pieces};
use crate::client::{Chat, LatestRequest, effect, memo};
use crate::model::Route;
use crate::model::{ConversationKind, Error, Person, Room, UserId};
use crate::sync::ConnectionState;
use crate::ui::parts::{Icon, IconOf, PersonAvatar, live};
use futures::future::join;
use leptos::ev::KeyboardEvent;
use leptos::html::Input;
use leptos::prelude::*;

/// What the server has found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Answer {
    rooms: Vec<Room>,
    people: Vec<Person>,
}

/// Everything that is shown, in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Results {
    conversations: Found,
    rooms: Found,
    people: Found,
}

impl Results {
    fn hits(&self) -> impl Iterator<Item = &Hit> {
        [&self.conversations, &self.rooms, &self.people].into_iter().flat_map(|found| &found.hits)
    }

    /// In words, for screen readers.
    fn count_text(&self) -> String {
        let shown = self.hits().count();
        let total = self.conversations.total + self.rooms.total + self.people.total;
        match (shown, total) {
            (1, 1) => "1 result".to_owned(),
            (shown, total) if shown == total => format!("{total} results"),
            (shown, total) => format!("{total} results, {shown} shown"),
        }
    }
}

/// The content of the dialog. `close` closes it.
#[component]
pub fn SwitcherDialog(close: Callback<()>) -> impl IntoView {
    let chat = Chat::get();
    let input = NodeRef::<Input>::new();
    let text = RwSignal::new(String::new());
    let query = memo(move || text.with(|text| Query::new(text)));
    let summaries = chat.summaries();
    let candidates =
        memo(move || summaries.with(|summaries| summaries.iter().cloned().map(Candidate::new).collect::<Vec<_>>()));
    let known = memo(move || {
        let partners = summaries.with(|summaries| {
            summaries.iter().filter_map(|summary| Some(summary.with.as_ref()?.id)).collect::<Vec<UserId>>()
        });
        partners.into_iter().chain(chat.my_id()).collect::<Vec<_>>()
    });
    let (answer, problem) = (RwSignal::new(Answer::default()), RwSignal::new(None::<String>));
    // What the server found for the query before stays as far as it still matches, until the next answer is there.
    let results = memo(move || {
        query.with(|query| Results {
            conversations: candidates.with(|candidates| rank::conversations(candidates, query)),
            rooms: match query.is_empty() {
                true => Found::default(),
                false => answer.with(|answer| rank::rooms(&answer.rooms, query)),
            },
            people: match query.is_empty() {
                true => Found::default(),
                false => known.with(|known| answer.with(|answer| rank::people(&answer.people, known, query))),
            },
        })
    });
    // What was chosen by hand; without it the first result is selected, so results that come later move nothing.
    let chosen = RwSignal::new(None::<Target>);
    let selected = memo(move || {
        results.with(|results| {
            let chosen = chosen.get().filter(|chosen| results.hits().any(|hit| hit.target == *chosen));
            chosen.or_else(|| results.hits().next().map(|hit| hit.target))
        })
    });
    let (asking, opening) = (LatestRequest::new(), LatestRequest::new());
    // Enter was pressed before anything was found: the first answer is taken.
    let takes_first = StoredValue::new(false);
    let take = move |target: Target| match target {
        Target::Conversation(id) => {
            close.run(());
            page::visit(&Route::Conversation(id).to_string());
        }
        Target::Room(id) => {
            close.run(());
            page::visit(&Route::About(id).to_string());
        }
        Target::Person(user) => opening.ask(open_direct(user), move |opened| match opened {
            Ok(id) => {
                close.run(());
                page::visit(&Route::Conversation(id).to_string());
            }
            Err(error) => {
                problem.try_set(Some(error.message));
            }
        }),
    };
    let answered = move |found: Result<Answer, Error>| {
        problem.try_set(
            found.as_ref().err().map(|error| format!("Rooms and people were not searched. {}", error.message)),
        );
        if let Ok(found) = found {
            answer.try_set(found);
        }
        if takes_first.try_get_value() == Some(true) {
            takes_first.set_value(false);
            if let Some(target) = selected.try_get_untracked().flatten() {
                take(target);
            }
        }
    };
    let ask = move |pause: bool| {
        let text = text.get_untracked();
        if query.with_untracked(Query::is_empty) {
            asking.cancel();
            problem.set(None);
            return;
        }
        match pause {
            true => asking.ask_after_pause(move || search(text), answered),
            false => asking.ask(search(text), answered),
        }
    };
    // What could not be searched while the connection was away is searched when it is back.
    let link = chat.connection_state();
    effect(move || {
        let connected = link.with(|link| matches!(link, ConnectionState::Connected { .. }));
        if connected && problem.with_untracked(Option::is_some) {
            ask(false);
        }
    });
    effect(move || {
        if let Some(input) = input.get() {
            // Refused only by a field that is gone.
            let _ = input.focus();
        }
    });
    effect(move || {
        if let Some(target) = selected.get() {
            page::reveal(&target.element_id());
        }
    });
    let on_input = move |event| {
        text.set(event_target_value(&event));
        chosen.set(None);
        takes_first.set_value(false);
        ask(true);
    };
    let on_key = move |event: KeyboardEvent| {
        // Enter that ends a composition (IME) chooses nothing.
        if event.is_composing() || event.ctrl_key() || event.meta_key() || event.alt_key() || event.shift_key() {
            return;
        }
        let targets = results.with_untracked(|results| results.hits().map(|hit| hit.target).collect::<Vec<_>>());
        let at = selected.get_untracked().and_then(|selected| targets.iter().position(|target| *target == selected));
        let to = match event.key().as_str() {
            "ArrowDown" => at.map_or(0, |at| (at + 1).min(targets.len() - 1)),
            "ArrowUp" => at.map_or(0, |at| at.saturating_sub(1)),
            "Home" => 0,
            "End" => targets.len().saturating_sub(1),
            "Enter" => {
                event.prevent_default();
                match selected.get_untracked() {
                    Some(target) => take(target),
                    None => takes_first.set_value(untrack(|| asking.is_pending())),
                }
                return;
            }
            _ => return,
        };
        event.prevent_default();
        if let Some(target) = targets.get(to) {
            chosen.set(Some(*target));
        }
    };
    let option = move |hit: &Hit| {
        let target = hit.target;
        let is_selected = move || selected.get() == Some(target);
        view! {
            <div
                class="option"
                role="option"
                id=target.element_id()
                aria-selected=live(move || is_selected().to_string())
                on:click=move |_| take(target)
                on:pointermove=move |_| {
                    if selected.get_untracked() != Some(target) {
                        chosen.set(Some(target));
                    }
                }
            >
                {glyph(hit)}
                <span dir="auto">{marked(hit)}</span>
                <small>{hit.note.clone()}</small>
            </div>
        }
        .into_any()
    };
    let group = move |title: &'static str, found: &Found| {
        let options: Vec<AnyView> = found.hits.iter().map(option).collect();
        let group = || {
            view! {
                <div role="group" aria-label=title>
                    <h2 aria-hidden="true">{title}</h2>
                    {options}
                </div>
            }
        };
        (!found.hits.is_empty()).then(|| group().into_any())
    };
    let groups = move || {
        results.with(|results| {
            [
                group("Conversations", &results.conversations),
                group("Rooms to join", &results.rooms),
                group("People", &results.people),
            ]
            .into_iter()
            .flatten()
            .collect::<Vec<AnyView>>()
        })
    };
    let is_empty = memo(move || results.with(|results| results.hits().next().is_none()));
    let is_busy = move || asking.is_pending() || opening.is_pending();
    let none = move || match (is_empty.get(), asking.is_pending(), query.with(Query::is_empty)) {
        (false, ..) => None,
        (true, true, _) => Some("Searching…"),
        (true, false, true) => Some("You are in no conversation yet."),
        (true, false, false) => Some("No conversation, room or person is called anything like this."),
    };
    let count = move || match is_empty.get() {
        true => none().unwrap_or_default().to_owned(),
        false => results.with(Results::count_text),
    };
    view! {
        <div class="switch">
            <Icon of=IconOf::Search />
            <input
                node_ref=input
                role="combobox"
                aria-label="Find or go to"
                aria-expanded=live(move || (!is_empty.get()).to_string())
                aria-controls="switcher-results"
                aria-autocomplete="list"
                aria-activedescendant=live(move || selected.get().map(Target::element_id))
                placeholder="A room or a person"
                autocomplete="off"
                spellcheck="false"
                enterkeyhint="go"
                maxlength="100"
                dir="auto"
                on:input=on_input
                on:keydown=on_key
            />
        </div>
        <p class="problem" role="alert">
            {live(move || problem.get())}
        </p>
        <div class="found" id="switcher-results" role="listbox" aria-label="Results" aria-busy=live(move || is_busy().to_string())>
            {live(groups)}
        </div>
        <p class="quiet none" aria-hidden="true">
            {live(none)}
        </p>
        <p class="hidden-text" role="status">
            {live(count)}
        </p>
        <p class="hints" aria-hidden="true">
            <span>
                <kbd>"↑↓"</kbd>
                "choose"
            </span>
            <span>
                <kbd>"↵"</kbd>
                "open"
            </span>
            <span>
                <kbd>"esc"</kbd>
                "close"
            </span>
        </p>
    }
    .into_any()
}

/// Asks the server for public rooms and people.
async fn search(text: String) -> Result<Answer, Error> {
    // It compares the text as a whole; the longest word finds everything that all of the words match.
    let word = text.split_whitespace().map(|word| word.trim_start_matches(['#', '@'])).max_by_key(|word| word.len());
    let word = word.unwrap_or_default().to_owned();
    let (rooms, people) = join(browse_rooms(word.clone(), None), list_people(word, None)).await;
    Ok(Answer { rooms: rooms?.rows, people: people?.rows })
}

/// A name with the letters that match marked.
fn marked(hit: &Hit) -> Vec<AnyView> {
    let piece = |(marked, piece): (bool, String)| match marked {
        true => view! { <mark>{piece}</mark> }.into_any(),
        false => piece.into_any(),
    };
    pieces(&hit.name, &hit.marks).into_iter().map(piece).collect()
}

/// What stands before a name: the sign of a room, or the person with their presence where it is known.
fn glyph(hit: &Hit) -> AnyView {
    let Some(person) = hit.person.clone() else {
        return match hit.kind {
            ConversationKind::Private => view! { <span class="hash"><Icon of=IconOf::Lock /></span> }.into_any(),
            _ => view! { <span class="hash" aria-hidden="true">"#"</span> }.into_any(),
        };
    };
    view! { <PersonAvatar person=person /> }.into_any()
}
