//! What the panel holds of its room, and how it is kept up to date.

use crate::api::rooms::{get_room_details, list_members};
use crate::client::search::{Folded, Query};
use crate::client::{Chat, LatestRequest, Timeline, effect, memo};
use crate::model::room::RoomDetails;
use crate::model::{Conversation, ConversationId, Error, Person, PersonPage, PresenceState, UserId};
use crate::sync::ConnectionState;
use leptos::prelude::*;

/// With more members than this, they can be filtered by name.
pub const FILTER_FROM: i64 = 10;

/// What is asked before it is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    Remove(Person),
    MakeOwner(Person),
    Leave,
    Delete,
}

/// The panel's state, shared by its parts.
#[derive(Clone, Copy)]
pub struct RoomPanelState {
    pub id: ConversationId,
    /// The room's row, as it stands now.
    pub room: RwSignal<Conversation>,
    /// What the user may do; `None` until it is loaded.
    pub details: RwSignal<Option<RoomDetails>>,
    /// Why it could not be loaded, or not be refreshed.
    pub problem: RwSignal<Option<Error>>,
    /// The members that are held, in the order of their names.
    held: RwSignal<Vec<Person>>,
    /// The cursor of those that are not.
    next: RwSignal<Option<String>>,
    pub filter: RwSignal<String>,
    /// Members that match the filter and are not held.
    found: RwSignal<Vec<Person>>,
    loading: LatestRequest,
    loading_more: LatestRequest,
    filtering: LatestRequest,
    /// What is about to be done, while it is asked for.
    pub asked: RwSignal<Option<Action>>,
    /// Whose menu is open.
    pub menu: RwSignal<Option<UserId>>,
    /// What was done, for screen readers.
    pub done: RwSignal<String>,
}

impl RoomPanelState {
    /// Loads the room, and again whenever its row changes or the connection is back after a failure.
    pub fn new(timeline: Timeline) -> Self {
        let state = RoomPanelState {
            id: timeline.id,
            room: timeline.conversation,
            details: RwSignal::new(None),
            problem: RwSignal::new(None),
            held: RwSignal::new(Vec::new()),
            next: RwSignal::new(None),
            filter: RwSignal::new(String::new()),
            found: RwSignal::new(Vec::new()),
            loading: LatestRequest::new(),
            loading_more: LatestRequest::new(),
            filtering: LatestRequest::new(),
            asked: RwSignal::new(None),
            menu: RwSignal::new(None),
            done: RwSignal::new(String::new()),
        };
        let version = memo(move || state.room.with(|room| (room.rev, room.member_count)));
        let mut is_first = true;
        effect(move || {
            // Reading it, since a memo that is only tracked is never computed.
            version.with(|_| ());
            match std::mem::take(&mut is_first) {
                true => state.load(),
                // Many may join or leave at once.
                false => {
                    state.loading.ask_after_pause(move || load(state.id, state.wanted()), move |r| state.loaded(r))
                }
            }
        });
        let link = Chat::get().connection_state();
        effect(move || {
            let connected = link.with(|link| matches!(link, ConnectionState::Connected { .. }));
            if connected && state.problem.with_untracked(Option::is_some) {
                state.load();
            }
        });
        state
    }

    /// Loads the room, with as many members as are held.
    pub fn load(self) {
        self.loading.ask(load(self.id, self.wanted()), move |answer| self.loaded(answer));
    }

    /// Whether the first answer is still to come.
    pub fn is_loading(self) -> bool {
        self.details.with(Option::is_none) && self.problem.with(Option::is_none)
    }

    fn wanted(self) -> usize {
        self.held.with_untracked(Vec::len)
    }

    fn loaded(self, answer: Result<(RoomDetails, PersonPage), Error>) {
        match answer {
            Ok((details, members)) => {
                self.problem.try_set(None);
                self.held.try_set(members.rows);
                self.next.try_set(members.next);
                self.details.try_set(Some(details));
                if self.filter.try_with_untracked(|filter| !filter.is_empty()) == Some(true) {
                    self.search();
                }
            }
            Err(error) => {
                self.problem.try_set(Some(error));
            }
        }
    }

    /// Whether there are members that are not held.
    pub fn has_more(self) -> bool {
        self.next.with(Option::is_some)
    }

    pub fn is_loading_more(self) -> bool {
        self.loading_more.is_pending()
    }

    /// Loads the next page of the members.
    pub fn load_more(self) {
        let next = self.next.get_untracked();
        if next.is_none() || untrack(|| self.loading_more.is_pending() || self.loading.is_pending()) {
            return;
        }
        self.loading_more.ask(list_members(self.id, String::new(), next), move |answer| match answer {
            Ok(page) => {
                self.problem.try_set(None);
                self.held.try_update(|held| held.extend(page.rows));
                self.next.try_set(page.next);
            }
            Err(error) => {
                self.problem.try_set(Some(error));
            }
        });
    }

    /// Shows the members whose names match: those that are held at once, the others once the server has found them.
    pub fn set_filter(self, text: String) {
        self.filter.set(text);
        self.search();
    }

    fn search(self) {
        let text = self.filter.get_untracked();
        if Query::new(&text).is_empty() || self.next.with_untracked(Option::is_none) {
            self.filtering.cancel();
            self.found.set(Vec::new());
            return;
        }
        let id = self.id;
        self.filtering.ask_after_pause(
            move || list_members(id, text, None),
            move |answer| match answer {
                Ok(page) => {
                    self.found.try_set(page.rows);
                }
                Err(error) => {
                    self.problem.try_set(Some(error));
                }
            },
        );
    }

    pub fn is_filtering(self) -> bool {
        self.filtering.is_pending()
    }

    /// The members to show, in groups: by presence where all of them are held and none are filtered out.
    pub fn groups(self) -> Memo<Vec<(Group, Vec<Person>)>> {
        let chat = Chat::get();
        memo(move || {
            let query = self.filter.with(|filter| Query::new(filter));
            if !query.is_empty() {
                let matches = |person: &&Person| {
                    let names = [person.full_name(), person.username.clone()];
                    names.iter().any(|name| query.matches(&Folded::new(name)).is_some())
                };
                let held: Vec<Person> = self.held.with(|held| held.iter().filter(matches).cloned().collect());
                let known = |person: &&Person| held.iter().all(|other| other.id != person.id);
                let more = self.found.with(|found| found.iter().filter(known).cloned().collect::<Vec<_>>());
                let all: Vec<Person> = held.into_iter().chain(more).collect();
                return if all.is_empty() { Vec::new() } else { vec![(Group::All, all)] };
            }
            let held = self.held.get();
            if self.has_more() {
                return vec![(Group::All, held)];
            }
            let mut groups = [Group::Online, Group::Away, Group::Offline].map(|group| (group, Vec::new()));
            for person in held {
                let state = chat.presence(person.id).map(|presence| presence.state);
                let group = match state {
                    Some(PresenceState::Online) => 0,
                    Some(PresenceState::Away) => 1,
                    Some(PresenceState::Offline | PresenceState::Unknown) | None => 2,
                };
                groups[group].1.push(person);
            }
            groups.into_iter().filter(|(_, people)| !people.is_empty()).collect()
        })
    }

    /// A member that is held.
    pub fn member(self, id: UserId) -> Option<Person> {
        self.held.with(|held| held.iter().find(|person| person.id == id).cloned())
    }
}

/// What some members have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    All,
    Online,
    Away,
    Offline,
}

impl Group {
    pub fn title(self) -> &'static str {
        match self {
            Group::All => "Members",
            Group::Online => "Online",
            Group::Away => "Away",
            Group::Offline => "Offline",
        }
    }
}

/// A room and at least so many of its members, if it has them.
async fn load(id: ConversationId, wanted: usize) -> Result<(RoomDetails, PersonPage), Error> {
    let mut details = get_room_details(id, String::new()).await?;
    // Only members have a panel; who has just been removed learns of it by the conversation's end.
    let mut members = details.members.take().ok_or_else(Error::not_found)?;
    while let Some(next) = members.next.take_if(|_| members.rows.len() < wanted) {
        let page = list_members(id, String::new(), Some(next)).await?;
        members.rows.extend(page.rows);
        members.next = page.next;
    }
    Ok((details, members))
}
