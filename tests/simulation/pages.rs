//! Pages as the servers render them: loaded anew, opened from the list, or come late.

use super::GENERAL;
use super::client::Client;
use super::visibility::Sight;
use super::world::World;
use hubbub::model::{Code, ConversationId, OpenedConversation, UserId};
use hubbub::server::chat::conversations;
use hubbub::sync::{Engine, Event};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

impl World {
    /// Loads a page anew.
    pub fn load(&mut self, i: usize, at: usize) {
        let page = self.some_page(i, at);
        self.open(i, page);
    }

    /// A page, as the server renders it for somebody; nothing, if it is not theirs to see.
    pub fn fetch(&mut self, at: usize, user: UserId, conversation: ConversationId) -> Option<OpenedConversation> {
        let core = Arc::clone(&self.node(at).core);
        let was_in = self.history.is_in(conversation, user);
        let fetched = self.ask(at, async move { conversations::page(&core, user, Some(conversation), None).await });
        self.look();
        match fetched {
            Ok(page) => {
                let (history, now) = (&self.history, self.mono);
                Sight { history, now, user, told_out: &mut BTreeMap::new() }.page(&page);
                Some(page)
            }
            Err(error) => {
                assert_eq!(error.code, Code::NotFound, "the page of {conversation}");
                let is_in = self.history.is_in(conversation, user);
                assert!(!(was_in && is_in), "user {user} is in {conversation}, and does not see it");
                self.meet("a page that is not theirs");
                None
            }
        }
    }

    /// The page of one of their conversations, or of General.
    fn some_page(&mut self, i: usize, at: usize) -> OpenedConversation {
        let user = self.user(i);
        let conversation = self.chance.pick(&self.history.of(user)).unwrap_or(GENERAL);
        let page = self.fetch(at, user, conversation).or_else(|| self.fetch(at, user, GENERAL));
        page.expect("everyone is in General")
    }

    /// A new tab with this page, and what the storage kept.
    pub fn open(&mut self, i: usize, page: OpenedConversation) {
        self.hang_up(i);
        let entropy = self.chance.bytes();
        let old = &self.clients[i];
        let gone = old.engine.tab();
        self.clients[i] = Client::new(old.browser, Engine::new(entropy), old.skew);
        self.tell(i, Event::Loaded(Box::new(page)));
        let kept = self.browsers[self.clients[i].browser].kept();
        self.tell(i, Event::OutboxLoaded(kept));
        // It adopts what tabs have left that are gone, and so does whoever hears of this one's predecessor.
        let browser = self.clients[i].browser;
        let lives = |tab: &Client| tab.browser == browser && !tab.signed_out;
        let live: BTreeSet<_> = self.clients.iter().filter(|tab| lives(tab)).map(|tab| tab.engine.tab()).collect();
        for tab in self.clients[i].engine.other_tabs().difference(&live) {
            self.tell(i, Event::TabClosed(*tab));
        }
        self.tell_other_tabs(i, &Event::TabClosed(gone));
    }
}

pub fn reload(world: &mut World) {
    if let (Some(i), Some(at)) = (world.some_client(), world.some_node()) {
        world.note(format_args!("{i} reloads from server {at}"));
        world.load(i, at);
    }
}

/// A page is rendered now, and comes later.
pub fn late_page(world: &mut World) {
    if let (Some(i), Some(at)) = (world.some_client(), world.some_node()) {
        let page = world.some_page(i, at);
        world.note(format_args!("{i} asks server {at} for the page of {}", page.window.conversation.id));
        world.clients[i].late.push_back(page);
    }
}

/// Somebody opens a conversation of their list, or tries one that is not on it.
pub fn open(world: &mut World) {
    let (Some(i), Some(at)) = (world.some_client(), world.some_node()) else { return };
    let list = world.clients[i]
        .engine
        .initial_state()
        .map(|initial_state| initial_state.conversations.iter().map(|summary| summary.conversation.id));
    let list: Vec<_> = list.into_iter().flatten().collect();
    let from = if world.chance.one_in(8) { world.history.all() } else { list };
    let Some(id) = world.chance.pick(&from) else { return };
    world.note(format_args!("{i} opens {id} at server {at}"));
    let Some(page) = world.fetch(at, world.user(i), id) else { return };
    if world.chance.one_in(3) {
        world.clients[i].late.push_back(page);
    } else {
        world.tell(i, Event::Loaded(Box::new(page)));
    }
}

pub fn page_arrives(world: &mut World) {
    let Some(i) = world.some_client_that(|client| !client.late.is_empty()) else { return };
    world.page_arrives(i);
}

impl World {
    pub fn page_arrives(&mut self, i: usize) {
        let Some(page) = self.clients[i].late.pop_front() else { return };
        if !self.clients[i].signed_out && self.chance.one_in(3) {
            self.note(format_args!("{i} loads a page of long ago"));
            self.open(i, page);
        } else if !self.clients[i].signed_out {
            self.note(format_args!("{i} is shown a page of long ago"));
            self.tell(i, Event::Loaded(Box::new(page)));
        }
    }
}
