//! The handle by which views see the chat and speak to it.

use super::platform::{clock, entropy, page, page_events, socket, storage, tabs, timer};
use super::reactive::memo;
use super::timeline::put;
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

/// How far a conversation that is not held yet has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenState {
    Asked,
    Failed(Error),
}

/// The chat: one engine, its body, and the signals that tell what it holds.
#[derive(Clone, Copy)]
pub struct Chat {
    engine: StoredValue<Engine>,
    owner: StoredValue<Owner>,
    timelines: RwSignal<BTreeMap<ConversationId, Timeline>>,
    opening: RwSignal<BTreeMap<ConversationId, OpenState>>,
    link: RwSignal<ConnectionState>,
    initial_state: RwSignal<Option<InitialState>>,
    presence: RwSignal<BTreeMap<UserId, Presence>>,
    waiting: RwSignal<usize>,
    unsaved: RwSignal<bool>,
    diagnostics: RwSignal<Diagnostics>,
    zone: RwSignal<Zone>,
    is_live: RwSignal<bool>,
}

impl Chat {
    /// Makes the chat known to everything below.
    pub fn provide() -> Self {
        let chat = Chat {
            engine: StoredValue::new(Engine::new(entropy::bytes())),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
            timelines: RwSignal::new(BTreeMap::new()),
            opening: RwSignal::new(BTreeMap::new()),
            link: RwSignal::new(ConnectionState::default()),
            initial_state: RwSignal::new(None),
            presence: RwSignal::new(BTreeMap::new()),
            waiting: RwSignal::new(0),
            unsaved: RwSignal::new(false),
            diagnostics: RwSignal::new(Diagnostics::default()),
            zone: RwSignal::new(Zone::Utc),
            is_live: RwSignal::new(false),
        };
        provide_context(chat);
        chat
    }

    /// The chat of this page.
    pub fn get() -> Self {
        expect_context()
    }

    pub fn link(self) -> Signal<ConnectionState> {
        self.link.into()
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

    /// The lines of one's own list: rooms by their names, then direct conversations, the most recent one first. One
    /// that nobody has written in is shown to whoever looks at it alone.
    pub fn summaries(self) -> Memo<Vec<ConversationSummary>> {
        memo(move || {
            let place = |summary: &ConversationSummary| match summary.conversation.kind {
                ConversationKind::General => (0, 0, String::new(), summary.conversation.id),
                ConversationKind::Public | ConversationKind::Private | ConversationKind::Unknown => {
                    (1, 0, summary.conversation.name.to_lowercase(), summary.conversation.id)
                }
                ConversationKind::Direct => (2, -summary.at.0, String::new(), summary.conversation.id),
            };
            self.initial_state.with(|initial_state| {
                let summaries = initial_state.iter().flat_map(|initial_state| &initial_state.conversations);
                let sorted: BTreeMap<_, &ConversationSummary> =
                    summaries.map(|summary| (place(summary), summary)).collect();
                sorted.into_values().cloned().collect()
            })
        })
    }

    /// A conversation's line in the list.
    pub fn summary(self, id: ConversationId) -> Memo<Option<ConversationSummary>> {
        memo(move || {
            self.initial_state.with(|initial_state| {
                initial_state.as_ref()?.conversations.iter().find(|summary| summary.conversation.id == id).cloned()
            })
        })
    }

    /// What a conversation is called.
    pub fn title(self, id: ConversationId) -> Memo<String> {
        let summary = self.summary(id);
        Memo::new(move |before: Option<&String>| {
            // A room that has just ended keeps its name while its page is still there.
            summary
                .with(|summary| summary.as_ref().map(ConversationSummary::title))
                .or(before.cloned())
                .unwrap_or_default()
        })
    }

    /// How many unread messages there are in all conversations.
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

    /// Everyone whose presence is known.
    pub fn presences(self) -> Signal<BTreeMap<UserId, Presence>> {
        self.presence.into()
    }

    /// A conversation's signals, if it is held.
    pub fn timeline(self, id: ConversationId) -> Option<Timeline> {
        self.timelines.with(|timelines| timelines.get(&id).copied())
    }

    /// How far the opening of a conversation that is not held has come.
    pub fn opening(self, id: ConversationId) -> Option<OpenState> {
        self.opening.with(|opening| opening.get(&id).cloned())
    }

    /// How many messages wait to be sent.
    pub fn waiting(self) -> Signal<usize> {
        self.waiting.into()
    }

    /// Whether the browser refuses to keep unsent messages: they are lost when the page is closed.
    pub fn unsaved(self) -> Signal<bool> {
        self.unsaved.into()
    }

    /// How many messages would be lost with what this browser keeps.
    pub fn unsent(self) -> usize {
        self.engine.try_with_value(Engine::unsent).unwrap_or(0)
    }

    /// Whether a message may be sent off.
    ///
    /// # Errors
    /// As [`Engine::admit`].
    pub(super) fn admit(self, body: &str) -> Result<(), Error> {
        self.engine.try_with_value(|engine| engine.admit(body)).unwrap_or(Ok(()))
    }

    /// This tab, and the others that have something to send.
    pub fn tabs(self) -> Option<(TabId, BTreeSet<TabId>)> {
        self.engine.try_with_value(|engine| (engine.tab(), engine.other_tabs()))
    }

    pub fn diagnostics(self) -> Signal<Diagnostics> {
        self.diagnostics.into()
    }

    /// In which zone to tell times.
    pub fn zone(self) -> Signal<Zone> {
        self.zone.into()
    }

    /// Whether the page is live: what works by plain links and forms until then is replaced.
    pub fn is_live(self) -> Signal<bool> {
        self.is_live.into()
    }

    /// Fetches a conversation that is not held.
    pub fn open(self, id: ConversationId) {
        let held = self.timelines.with_untracked(|timelines| timelines.contains_key(&id));
        let asked = self.opening.with_untracked(|opening| opening.get(&id) == Some(&OpenState::Asked));
        if held || asked {
            return;
        }
        self.opening.update(|opening| {
            opening.insert(id, OpenState::Asked);
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

    /// Starts from, or refreshes with, what the server rendered or sent.
    pub fn seed(self, opened: OpenedConversation) -> Timeline {
        let conversation = opened.window.conversation.clone();
        let id = conversation.id;
        self.dispatch(Event::Loaded(Box::new(opened)));
        let timeline = self.timelines.with_untracked(|timelines| timelines.get(&id).copied()).unwrap_or_else(|| {
            // Outlives the view that asked for it.
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
        self.show(&[
            StatePart::Connection,
            StatePart::InitialState,
            StatePart::Conversation(id),
            StatePart::Diagnostics,
        ]);
        timeline
    }

    /// Brings the page to life after its first view stands: the outbox comes back from storage, times become the
    /// reader's, and the device's signs are heard. Until then the page shows exactly what the server rendered.
    pub fn go_live(self) {
        if self.is_live.get_untracked() {
            return;
        }
        self.load_outbox();
        self.zone.set(Zone::here());
        self.is_live.set(true);
        page_events::listen(self);
        tabs::watch(self);
    }

    /// Takes over the outbox as the browser has stored it. Other tabs may have changed it while this page was frozen.
    fn load_outbox(self) {
        let Some(me) = self.my_id() else { return };
        let stored = storage::outbox(me);
        let held = self.engine.try_with_value(|engine| engine.outbox().map(|held| held.id).collect::<Vec<_>>());
        // What the browser refused to store is held here alone.
        if !self.unsaved.get_untracked() {
            let gone = |id: &MessageId| !stored.iter().any(|operation| operation.id == *id);
            held.unwrap_or_default().into_iter().filter(gone).for_each(|id| self.dispatch(Event::OutboxRemoved(id)));
        }
        self.dispatch(Event::OutboxLoaded(stored));
    }

    /// Whether a conversation is on the list, as far as is known now.
    pub fn is_listed(self, id: ConversationId) -> bool {
        self.initial_state.with(|initial_state| {
            initial_state
                .iter()
                .flat_map(|initial_state| &initial_state.conversations)
                .any(|summary| summary.conversation.id == id)
        })
    }

    /// Closes the connection: the user signs out.
    pub fn leave(self) {
        self.dispatch(Event::Stopped);
    }

    /// The page was put aside and is shown again, or was not left after all: it starts from what is true now, as a
    /// fresh load would.
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

    /// The day may have changed.
    pub fn update_clock(self) {
        if self.is_live.try_get_untracked() == Some(true) {
            put(self.zone, Zone::here());
        }
    }

    /// Hands the engine an event and carries out what it wants. Safe in late callbacks: a chat that is gone hears
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
        self.show(&changed);
    }

    fn carry_out(self, effect: Effect) {
        match effect {
            Effect::Connect => socket::connect(self),
            Effect::Disconnect => socket::disconnect(),
            Effect::Send(frame) => socket::send(&frame),
            Effect::Wake(at) => timer::wake(self, at),
            Effect::Store(operation) => {
                let refused = !storage::store(&operation);
                put(self.unsaved, refused);
            }
            Effect::Remove(id) => {
                if let Some(me) = self.my_id() {
                    storage::remove(me, id);
                }
            }
            Effect::CheckSession => spawn_local(async move {
                let who = match api::accounts::who_am_i().await {
                    Ok(Some(me)) => SessionCheck::SignedIn(me.person.id),
                    Ok(None) => SessionCheck::SignedOut,
                    Err(error) if error.code == Code::SignInRequired => SessionCheck::SignedOut,
                    Err(_) => SessionCheck::Unknown,
                };
                self.dispatch(Event::Who(who));
            }),
            Effect::SignIn => page::sign_in(),
            Effect::Changed(what) => self.show(&[what]),
        }
    }

    /// Moves the signals of what changed.
    fn show(self, changed: &[StatePart]) {
        self.engine.try_with_value(|engine| {
            let (mut read, mut gone) = (Vec::new(), Vec::new());
            for what in changed {
                match what {
                    StatePart::Connection => put(self.link, engine.link().clone()),
                    StatePart::InitialState => put(self.initial_state, engine.initial_state().cloned()),
                    StatePart::Presence => put(self.presence, engine.presences().clone()),
                    StatePart::Diagnostics => put(self.diagnostics, engine.diagnostics().clone()),
                    StatePart::Typing(id) => {
                        let held = self.timelines.try_with_untracked(|timelines| timelines.get(id).copied());
                        if let Some(timeline) = held.flatten() {
                            timeline.read_typing(engine);
                        }
                    }
                    StatePart::Conversation(id) | StatePart::Outbox(id) if !read.contains(id) => {
                        read.push(*id);
                        put(self.waiting, engine.waiting());
                        let held = self.timelines.try_with_untracked(|timelines| timelines.get(id).copied());
                        match held.flatten() {
                            Some(timeline) if engine.replica(*id).is_some() => timeline.read(engine),
                            // Not theirs any more: whoever looks at it is told.
                            Some(_) if engine.summary(*id).is_none() => gone.push(*id),
                            Some(_) | None => {}
                        }
                    }
                    StatePart::Conversation(_) | StatePart::Outbox(_) => {}
                }
            }
            if !gone.is_empty() {
                self.timelines.try_update(|timelines| timelines.retain(|id, _| !gone.contains(id)));
            }
        });
    }
}
