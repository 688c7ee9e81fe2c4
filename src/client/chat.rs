//! The handle by which views read the chat's state and change it.

use super::platform::{clock, entropy, page, page_events, socket, storage, tabs, timer};
use super::reactive::memo;
use super::timeline::set_if_changed;
use super::{Timeline, Zone};
use crate::api;
use crate::model::{
    Code, ConversationId, ConversationKind, ConversationSummary, Error, InitialState, Me, MessageId,
    OpenedConversation, Presence, UserId,
};
use crate::sync::{ConnectionState, Diagnostics, Effect, Engine, Event, SessionCheck, StatePart, TabId};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::{BTreeMap, BTreeSet};

/// The state of opening a conversation that is not held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenState {
    Loading,
    Failed(Error),
}

/// The chat: one engine, its driver, and the signals that show its state.
#[derive(Clone, Copy)]
pub struct Chat {
    engine: StoredValue<Engine>,
    owner: StoredValue<Owner>,
    timelines: RwSignal<BTreeMap<ConversationId, Timeline>>,
    opening: RwSignal<BTreeMap<ConversationId, OpenState>>,
    connection_state: RwSignal<ConnectionState>,
    initial_state: RwSignal<Option<InitialState>>,
    presence: RwSignal<BTreeMap<UserId, Presence>>,
    waiting: RwSignal<usize>,
    unsaved: RwSignal<BTreeSet<MessageId>>,
    diagnostics: RwSignal<Diagnostics>,
    zone: RwSignal<Zone>,
    is_live: RwSignal<bool>,
}

impl Chat {
    /// Creates the chat and provides it as a context.
    pub fn provide() -> Self {
        let chat = Chat {
            engine: StoredValue::new(Engine::new(entropy::bytes())),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
            timelines: RwSignal::new(BTreeMap::new()),
            opening: RwSignal::new(BTreeMap::new()),
            connection_state: RwSignal::new(ConnectionState::default()),
            initial_state: RwSignal::new(None),
            presence: RwSignal::new(BTreeMap::new()),
            waiting: RwSignal::new(0),
            unsaved: RwSignal::new(BTreeSet::new()),
            diagnostics: RwSignal::new(Diagnostics::default()),
            zone: RwSignal::new(Zone::Utc),
            is_live: RwSignal::new(false),
        };
        provide_context(chat);
        chat
    }

    /// The chat from the context.
    pub fn get() -> Self {
        expect_context()
    }

    pub fn connection_state(self) -> Signal<ConnectionState> {
        self.connection_state.into()
    }

    pub fn me(self) -> Memo<Option<Me>> {
        memo(move || {
            self.initial_state
                .with(|initial_state| initial_state.as_ref().map(|initial_state| initial_state.me.clone()))
        })
    }

    pub fn my_id(self) -> Option<UserId> {
        self.initial_state
            .with_untracked(|initial_state| initial_state.as_ref().map(|initial_state| initial_state.me.person.id))
    }

    /// The conversation list: rooms by name, then direct conversations, the most recent first.
    pub fn summaries(self) -> Memo<Vec<ConversationSummary>> {
        memo(move || {
            let order = |summary: &ConversationSummary| match summary.conversation.kind {
                ConversationKind::General => (0, 0, String::new(), summary.conversation.id),
                ConversationKind::Public | ConversationKind::Private | ConversationKind::Unknown => {
                    (1, 0, summary.conversation.name.to_lowercase(), summary.conversation.id)
                }
                ConversationKind::Direct => (2, -summary.at.0, String::new(), summary.conversation.id),
            };
            self.initial_state.with(|initial_state| {
                let summaries = initial_state.iter().flat_map(|initial_state| &initial_state.conversations);
                let sorted: BTreeMap<_, &ConversationSummary> =
                    summaries.map(|summary| (order(summary), summary)).collect();
                sorted.into_values().cloned().collect()
            })
        })
    }

    /// A conversation's entry in the list.
    pub fn summary(self, id: ConversationId) -> Memo<Option<ConversationSummary>> {
        memo(move || {
            self.initial_state.with(|initial_state| {
                initial_state.as_ref()?.conversations.iter().find(|summary| summary.conversation.id == id).cloned()
            })
        })
    }

    /// A conversation's title.
    pub fn title(self, id: ConversationId) -> Memo<String> {
        let summary = self.summary(id);
        Memo::new(move |before: Option<&String>| {
            // A deleted room keeps its title while its page is still shown.
            summary
                .with(|summary| summary.as_ref().map(ConversationSummary::title))
                .or(before.cloned())
                .unwrap_or_default()
        })
    }

    /// The number of unread messages in all conversations.
    pub fn unread(self) -> Memo<i64> {
        memo(move || {
            self.initial_state.with(|initial_state| {
                initial_state
                    .iter()
                    .flat_map(|initial_state| &initial_state.conversations)
                    .map(ConversationSummary::unread)
                    .sum()
            })
        })
    }

    /// The presence of all users for whom it is known.
    pub fn presences(self) -> Signal<BTreeMap<UserId, Presence>> {
        self.presence.into()
    }

    /// A conversation's signals, if it is held.
    pub fn timeline(self, id: ConversationId) -> Option<Timeline> {
        self.timelines.with(|timelines| timelines.get(&id).copied())
    }

    /// The state of opening a conversation that is not held.
    pub fn opening(self, id: ConversationId) -> Option<OpenState> {
        self.opening.with(|opening| opening.get(&id).cloned())
    }

    /// How many messages wait to be sent.
    pub fn waiting(self) -> Signal<usize> {
        self.waiting.into()
    }

    /// Whether the browser refuses to store unsent messages, so that they are lost when the page is closed.
    pub fn unsaved(self) -> Memo<bool> {
        memo(move || self.unsaved.with(|unsaved| !unsaved.is_empty()))
    }

    /// How many messages would be lost with this browser's storage.
    pub fn unsent(self) -> usize {
        self.engine.try_with_value(Engine::unsent).unwrap_or(0)
    }

    /// Checks whether a message may be posted.
    ///
    /// # Errors
    /// As [`Engine::check_post`].
    pub(super) fn check_post(self, body: &str) -> Result<(), Error> {
        self.engine.try_with_value(|engine| engine.check_post(body)).unwrap_or(Ok(()))
    }

    /// This tab, and the other tabs that have operations to send.
    pub fn tabs(self) -> Option<(TabId, BTreeSet<TabId>)> {
        self.engine.try_with_value(|engine| (engine.tab(), engine.other_tabs()))
    }

    pub fn diagnostics(self) -> Signal<Diagnostics> {
        self.diagnostics.into()
    }

    /// The time zone in which times are shown.
    pub fn zone(self) -> Signal<Zone> {
        self.zone.into()
    }

    /// Whether the page is live: until then it works by plain links and forms.
    pub fn is_live(self) -> Signal<bool> {
        self.is_live.into()
    }

    /// Fetches a conversation that is not held.
    pub fn open(self, id: ConversationId) {
        let held = self.timelines.with_untracked(|timelines| timelines.contains_key(&id));
        let loading = self.opening.with_untracked(|opening| opening.get(&id) == Some(&OpenState::Loading));
        if held || loading {
            return;
        }
        self.opening.update(|opening| {
            opening.insert(id, OpenState::Loading);
        });
        spawn_local(async move {
            match api::conversations::open_conversation(Some(id), None).await {
                Ok(opened) => {
                    self.seed(opened);
                }
                Err(error) if error.code == Code::SignInRequired => page::sign_in(),
                Err(error) => {
                    self.opening.try_update(|opening| opening.insert(id, OpenState::Failed(error)));
                }
            }
        });
    }

    /// Loads a page that the server rendered or sent, or refreshes what is held with it.
    pub fn seed(self, opened: OpenedConversation) -> Timeline {
        let conversation = opened.window.conversation.clone();
        let id = conversation.id;
        self.dispatch(Event::Loaded(Box::new(opened)));
        let timeline = self.timelines.with_untracked(|timelines| timelines.get(&id).copied()).unwrap_or_else(|| {
            // The timeline outlives the view that requested it.
            let owner = self.owner.get_value();
            let timeline = owner.with(|| Timeline::new(conversation));
            self.timelines.update(|timelines| {
                timelines.insert(id, timeline);
            });
            timeline
        });
        self.opening.update(|opening| {
            opening.remove(&id);
        });
        self.update_signals(&[
            StatePart::Connection,
            StatePart::InitialState,
            StatePart::Conversation(id),
            StatePart::Diagnostics,
        ]);
        timeline
    }

    /// Makes the page live after its first view has been rendered: loads the outbox from storage, switches to the
    /// reader's time zone, and listens to the device's events. Until then the page shows exactly what the server
    /// rendered.
    pub fn go_live(self) {
        if self.is_live.get_untracked() {
            return;
        }
        self.load_outbox();
        self.zone.set(Zone::here());
        self.is_live.set(true);
        page_events::start(self);
        tabs::watch(self);
    }

    /// Loads the outbox from storage. Other tabs may have changed it while this page was frozen.
    fn load_outbox(self) {
        let Some(me) = self.my_id() else { return };
        let stored = storage::outbox(me);
        let held = self.engine.try_with_value(|engine| engine.outbox().map(|held| held.id).collect::<Vec<_>>());
        // Operations that the browser refused to store are only held here.
        let unsaved = self.unsaved.get_untracked();
        let gone = |id: &MessageId| !unsaved.contains(id) && !stored.iter().any(|operation| operation.id == *id);
        held.unwrap_or_default().into_iter().filter(gone).for_each(|id| self.dispatch(Event::OutboxRemoved(id)));
        self.dispatch(Event::OutboxLoaded(stored));
    }

    /// Whether a conversation is on the list.
    pub fn is_listed(self, id: ConversationId) -> bool {
        self.initial_state.with(|initial_state| {
            initial_state
                .iter()
                .flat_map(|initial_state| &initial_state.conversations)
                .any(|summary| summary.conversation.id == id)
        })
    }

    /// Closes the connection: the user signs out.
    pub fn disconnect(self) {
        self.dispatch(Event::Stopped);
    }

    /// The page was restored from the back-forward cache, or was not left after all: loads the current state.
    pub fn refresh(self) {
        self.load_outbox();
        let held = self.timelines.with_untracked(|timelines| timelines.keys().next().copied());
        spawn_local(async move {
            match api::conversations::open_conversation(held, None).await {
                Ok(opened) => {
                    self.seed(opened);
                }
                Err(_) => page::reload(),
            }
        });
    }

    /// Updates the current day, which may have changed.
    pub fn update_clock(self) {
        if self.is_live.try_get_untracked() == Some(true) {
            set_if_changed(self.zone, Zone::here());
        }
    }

    /// Passes an event to the engine and carries out the effects. Safe in late callbacks: without a chat it does
    /// nothing.
    pub fn dispatch(self, event: Event) {
        let now = clock::now();
        let Some(effects) = self.engine.try_update_value(|engine| engine.handle(now, event)) else {
            return;
        };
        let mut changed = Vec::new();
        for effect in effects {
            if let Effect::Changed(what) = effect {
                changed.push(what);
            } else {
                self.carry_out(effect);
            }
        }
        self.update_signals(&changed);
    }

    fn carry_out(self, effect: Effect) {
        match effect {
            Effect::Connect => socket::connect(self),
            Effect::Disconnect => socket::disconnect(),
            Effect::Send(frame) => socket::send(&frame),
            Effect::Wake(at) => timer::wake(self, at),
            Effect::Store(operation) => {
                self.note_saved(operation.id, storage::store(&operation));
            }
            Effect::Remove(id) => {
                if let Some(me) = self.my_id() {
                    storage::remove(me, id);
                }
                self.note_saved(id, true);
            }
            Effect::CheckSession => spawn_local(async move {
                let check = match api::accounts::who_am_i().await {
                    Ok(Some(me)) => SessionCheck::SignedIn(me.person.id),
                    Ok(None) => SessionCheck::SignedOut,
                    Err(error) if error.code == Code::SignInRequired => SessionCheck::SignedOut,
                    Err(_) => SessionCheck::Unknown,
                };
                self.dispatch(Event::SessionChecked(check));
            }),
            Effect::SignIn => page::sign_in(),
            Effect::Changed(what) => self.update_signals(&[what]),
        }
    }

    /// Notes whether the browser stores an operation, or need not store it any more.
    fn note_saved(self, id: MessageId, saved: bool) {
        if self.unsaved.try_with_untracked(|unsaved| unsaved.contains(&id)) == Some(saved) {
            self.unsaved.try_update(|unsaved| if saved { unsaved.remove(&id) } else { unsaved.insert(id) });
        }
    }

    /// Updates the signals of the parts that changed.
    fn update_signals(self, changed: &[StatePart]) {
        self.engine.try_with_value(|engine| {
            let (mut updated, mut removed) = (Vec::new(), Vec::new());
            for what in changed {
                match what {
                    StatePart::Connection => set_if_changed(self.connection_state, engine.connection_state().clone()),
                    StatePart::InitialState => set_if_changed(self.initial_state, engine.initial_state().cloned()),
                    StatePart::Presence => set_if_changed(self.presence, engine.presences().clone()),
                    StatePart::Diagnostics => set_if_changed(self.diagnostics, engine.diagnostics().clone()),
                    StatePart::Typing(id) => {
                        let held = self.timelines.try_with_untracked(|timelines| timelines.get(id).copied());
                        if let Some(timeline) = held.flatten() {
                            timeline.update_typing(engine);
                        }
                    }
                    StatePart::Conversation(id) | StatePart::Outbox(id) if !updated.contains(id) => {
                        updated.push(*id);
                        set_if_changed(self.waiting, engine.waiting());
                        let held = self.timelines.try_with_untracked(|timelines| timelines.get(id).copied());
                        match held.flatten() {
                            Some(timeline) if engine.replica(*id).is_some() => timeline.update(engine),
                            // The user is no longer a member: whoever views it is notified.
                            Some(_) if engine.summary(*id).is_none() => removed.push(*id),
                            Some(_) | None => {}
                        }
                    }
                    StatePart::Conversation(_) | StatePart::Outbox(_) => {}
                }
            }
            if !removed.is_empty() {
                self.timelines.try_update(|timelines| timelines.retain(|id, _| !removed.contains(id)));
            }
        });
    }
}
