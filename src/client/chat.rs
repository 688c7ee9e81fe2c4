//! The handle by which views read the chat's state and change it.

use super::conversation_order::{ConversationOrder, ListEntry};
use super::platform::{clock, entropy, page, page_events, socket, storage, tabs, timer};
use super::reactive::memo;
use super::signal_map::SignalMap;
use super::timeline::set_if_changed;
use super::{ScrollPosition, Timeline, Viewport, Zone};
use crate::api;
use crate::model::workspace::DEFAULT_NAME;
use crate::model::{
    Code, ConversationId, ConversationKind, ConversationSummary, Error, InviteLink, Me, Message, MessageId,
    OpenedConversation, Presence, Seq, SortedMap, SortedSet, UserId,
};
use crate::sync::{
    ConnectionState, Diagnostics, Effect, Engine, Event, Replica, RowKey, SessionCheck, StatePart, TabId,
};
use leptos::prelude::*;
use leptos::task::spawn_local;

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
    timelines: RwSignal<SortedMap<ConversationId, Timeline>>,
    opening: RwSignal<SortedMap<ConversationId, OpenState>>,
    connection_state: RwSignal<ConnectionState>,
    me: RwSignal<Option<Me>>,
    workspace: RwSignal<String>,
    invite_link: RwSignal<Option<InviteLink>>,
    summaries: SignalMap<ConversationId, ConversationSummary>,
    order: StoredValue<ConversationOrder>,
    /// What the engine was told last of what the reader sees.
    reading: StoredValue<(ConversationId, Option<Seq>)>,
    list: RwSignal<Vec<ListEntry>>,
    unread: RwSignal<i64>,
    unread_direct: RwSignal<i64>,
    unread_conversations: RwSignal<SortedSet<ConversationId>>,
    pub(super) drafts: RwSignal<SortedSet<ConversationId>>,
    presences: SignalMap<UserId, Presence>,
    waiting: RwSignal<usize>,
    unsaved: RwSignal<SortedSet<MessageId>>,
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
            timelines: RwSignal::new(SortedMap::new()),
            opening: RwSignal::new(SortedMap::new()),
            connection_state: RwSignal::new(ConnectionState::default()),
            me: RwSignal::new(None),
            workspace: RwSignal::new(page::workspace().unwrap_or_else(|| DEFAULT_NAME.to_owned())),
            invite_link: RwSignal::new(None),
            summaries: SignalMap::new(),
            order: StoredValue::new(ConversationOrder::default()),
            reading: StoredValue::new((ConversationId(0), None)),
            list: RwSignal::new(Vec::new()),
            unread: RwSignal::new(0),
            unread_direct: RwSignal::new(0),
            unread_conversations: RwSignal::new(SortedSet::new()),
            drafts: RwSignal::new(SortedSet::new()),
            presences: SignalMap::new(),
            waiting: RwSignal::new(0),
            unsaved: RwSignal::new(SortedSet::new()),
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

    pub fn me(self) -> Signal<Option<Me>> {
        self.me.into()
    }

    pub fn my_id(self) -> Option<UserId> {
        self.me.with_untracked(|me| me.as_ref().map(|me| me.person.id))
    }

    /// The workspace's name.
    pub fn workspace(self) -> Signal<String> {
        self.workspace.into()
    }

    /// The link that the owner sends to the first people, while they are alone.
    pub fn invite_link(self) -> Signal<Option<InviteLink>> {
        self.invite_link.into()
    }

    /// The conversation list: General, rooms by name, then direct conversations, the most recent first.
    pub fn list(self) -> Signal<Vec<ListEntry>> {
        self.list.into()
    }

    /// The first conversation of the list.
    pub fn first(self) -> Memo<Option<ConversationId>> {
        memo(move || self.list.with(|list| list.first().map(|entry| entry.id)))
    }

    /// All conversations, in the order of the list.
    pub fn summaries(self) -> Memo<Vec<ConversationSummary>> {
        memo(move || {
            self.list.with(|list| list.iter().filter_map(|entry| self.summaries.get(entry.id)).collect::<Vec<_>>())
        })
    }

    /// A conversation's entry in the list, with what the user has read here.
    pub fn summary(self, id: ConversationId) -> Memo<Option<ConversationSummary>> {
        memo(move || self.summaries.get(id))
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
    pub fn unread(self) -> Signal<i64> {
        self.unread.into()
    }

    /// The number of unread messages in direct conversations.
    pub fn unread_direct(self) -> Signal<i64> {
        self.unread_direct.into()
    }

    /// The conversations with unread messages. It changes when one comes or goes, not with every message.
    pub fn unread_conversations(self) -> Signal<SortedSet<ConversationId>> {
        self.unread_conversations.into()
    }

    /// Whether this browser keeps a draft of a message in a conversation.
    pub fn has_draft(self, id: ConversationId) -> Memo<bool> {
        memo(move || self.drafts.with(|drafts| drafts.contains(&id)))
    }

    /// A user's presence, if it is known; whoever asks is notified when it changes.
    pub fn presence(self, user: UserId) -> Option<Presence> {
        self.presences.get(user)
    }

    /// The presence of all users for whom it is known; whoever asks is notified of every change.
    pub fn presences(self) -> SortedMap<UserId, Presence> {
        self.presences.get_all()
    }

    /// A conversation's signals, if it is held.
    pub fn timeline(self, id: ConversationId) -> Option<Timeline> {
        self.timelines.with(|timelines| timelines.get(&id).copied())
    }

    /// Where the reader is in a conversation: the uppermost visible message and its offset; `None` if they follow the
    /// newest message.
    pub fn set_reading(self, timeline: Timeline, position: Option<ScrollPosition>) {
        timeline.save_scroll_position(position);
        let seq = position.map(|(seq, _)| seq);
        if self.reading.try_get_value() != Some((timeline.id, seq)) {
            self.reading.try_set_value((timeline.id, seq));
            self.dispatch(Event::Reading(timeline.id, seq));
        }
    }

    /// Brings the rows into the page that belong there: see [`Timeline::fill`].
    pub fn fill_page(self, timeline: Timeline, viewport: Viewport, heights: impl FnOnce() -> Vec<(Seq, f64)>) {
        self.engine.try_with_value(|engine| timeline.fill(engine, viewport, heights));
    }

    /// Brings the rows around a message into the page, which is to be shown at this offset below the pane's top (pixels).
    /// If it is not held, what is held is replaced by the messages around it.
    pub fn show_message(self, timeline: Timeline, seq: Seq, offset: i32) {
        let is_held = |engine: &Engine| {
            let span = engine.replica(timeline.id).map(Replica::span).unwrap_or_default();
            span.low <= seq && seq <= span.high
        };
        timeline.save_scroll_position(Some((seq, offset)));
        match self.engine.try_with_value(is_held) {
            Some(true) => drop(self.engine.try_with_value(|engine| timeline.show_saved(engine))),
            _ => self.dispatch(Event::LoadAround(timeline.id, seq)),
        }
    }

    /// The first message of somebody else above a read position, if everything from there on is held.
    pub fn first_unread(self, id: ConversationId, read: Seq) -> Option<(RowKey, Seq)> {
        let key = |message: &Message| ((message.author, message.id), message.seq);
        self.engine.try_with_value(|engine| engine.first_unread(id, read).map(key)).flatten()
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
    pub fn tabs(self) -> Option<(TabId, SortedSet<TabId>)> {
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
        self.fetch(id);
    }

    /// Fetches the link for the first people, which comes with a conversation. The conversation itself is left as it is: its
    /// reader may be far from the newest message.
    pub fn refresh_invite_link(self, id: ConversationId) {
        spawn_local(async move {
            // Without an answer, the link that is shown stays.
            if let Ok(opened) = api::conversations::open_conversation(Some(id), None).await {
                set_if_changed(self.invite_link, opened.invite_link);
            }
        });
    }

    /// Forgets that a conversation could not be opened: the next look at it asks again.
    pub fn forget_failure(self, id: ConversationId) {
        let failed = |opening: &SortedMap<_, _>| matches!(opening.get(&id), Some(OpenState::Failed(_)));
        if self.opening.try_with_untracked(failed) == Some(true) {
            self.opening.try_update(|opening| opening.remove(&id));
        }
    }

    fn fetch(self, id: ConversationId) {
        spawn_local(async move {
            match api::conversations::open_conversation(Some(id), None).await {
                Ok(opened) => {
                    self.seed(opened);
                }
                Err(error) if error.code == Code::SignInRequired => page::sign_in(),
                // What is held stays.
                Err(_) if self.timelines.try_with_untracked(|held| held.contains_key(&id)) != Some(false) => {}
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
        if conversation.kind == ConversationKind::General {
            set_if_changed(self.invite_link, opened.invite_link.clone());
        }
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
        self.load_drafts();
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

    /// Reads which conversations have drafts.
    fn load_drafts(self) {
        if let Some(me) = self.my_id() {
            set_if_changed(self.drafts, storage::drafts(me));
        }
    }

    /// Notes whether a conversation has a draft.
    pub fn note_draft(self, id: ConversationId, has_draft: bool) {
        note_member(self.drafts, id, has_draft);
    }

    /// Whether a conversation is on the list.
    pub fn is_listed(self, id: ConversationId) -> bool {
        self.summaries.contains(id)
    }

    /// Closes the connection: the user signs out.
    pub fn disconnect(self) {
        self.dispatch(Event::Stopped);
    }

    /// The page was restored from the back-forward cache, or was not left after all: connects again, and catches up as
    /// after any other disconnection.
    pub fn resume(self) {
        self.load_outbox();
        self.load_drafts();
        self.dispatch(Event::Resumed);
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
                    StatePart::InitialState => self.update_list(engine),
                    StatePart::Summary(id) => self.update_summary(engine, *id),
                    StatePart::Presence => self.presences.set_all(engine.presences().clone()),
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
                            // The user is no longer a member, or it has not been seen for long: whoever views it is
                            // notified.
                            Some(_) if !engine.holds(*id) => removed.push(*id),
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

    /// Updates the whole list, and who the user is.
    fn update_list(self, engine: &Engine) {
        let Some(initial_state) = engine.initial_state() else { return };
        set_if_changed(self.me, Some(initial_state.me.clone()));
        if !initial_state.workspace.is_empty() {
            set_if_changed(self.workspace, initial_state.workspace.clone());
        }
        let ids = initial_state.conversations.iter().map(|summary| summary.conversation.id);
        let summaries: SortedMap<_, _> = ids.filter_map(|id| Some((id, engine.shown_summary(id)?))).collect();
        let order = ConversationOrder::of(summaries.values());
        let unread = |direct_only: bool| {
            let counted = summaries.values().filter(|summary| !direct_only || is_direct(summary));
            counted.map(ConversationSummary::unread).sum::<i64>()
        };
        set_if_changed(self.unread, unread(false));
        set_if_changed(self.unread_direct, unread(true));
        let unread = summaries.iter().filter(|(_, summary)| summary.unread() > 0).map(|(id, _)| *id);
        set_if_changed(self.unread_conversations, unread.collect());
        // The summaries first: whoever shows the list asks for them.
        self.summaries.set_all(summaries);
        set_if_changed(self.list, order.entries());
        self.order.try_set_value(order);
    }

    /// Updates one conversation's summary, and its place in the list.
    fn update_summary(self, engine: &Engine, id: ConversationId) {
        let Some(summary) = engine.shown_summary(id) else { return };
        let before = self.summaries.get_untracked(id).map_or(0, |before| before.unread());
        let more = summary.unread() - before;
        set_if_changed(self.unread, self.unread.try_get_untracked().unwrap_or(0) + more);
        if is_direct(&summary) {
            set_if_changed(self.unread_direct, self.unread_direct.try_get_untracked().unwrap_or(0) + more);
        }
        note_member(self.unread_conversations, id, summary.unread() > 0);
        let list = self.order.try_update_value(|order| order.update(&summary).then(|| order.entries())).flatten();
        self.summaries.set(id, summary);
        if let Some(list) = list {
            set_if_changed(self.list, list);
        }
    }
}

fn is_direct(summary: &ConversationSummary) -> bool {
    summary.conversation.kind == ConversationKind::Direct
}

/// Adds a conversation to a set, or removes it. Who reads the set is notified only if that changes it.
fn note_member(set: RwSignal<SortedSet<ConversationId>>, id: ConversationId, is_member: bool) {
    if set.try_with_untracked(|set| set.contains(&id)) == Some(!is_member) {
        set.try_update(|set| if is_member { set.insert(id) } else { set.remove(&id) });
    }
}
