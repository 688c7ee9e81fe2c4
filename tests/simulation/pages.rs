//! Pages rendered by the servers: loaded, opened from the list, or delayed.

use super::GENERAL;
use super::client::Client;
use super::driver::brief;
use super::visibility::AccessCheck;
use super::world::World;
use hubbub::model::{Code, ConversationId, OpenedConversation, UserId};
use hubbub::server::chat::conversations;
use hubbub::sync::{Engine, Event};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

impl World {
    /// Reloads a client's page.
    pub fn load(&mut self, i: usize, at: usize) {
        let page = self.some_page(i, at);
        self.open(i, page);
    }

    /// A page as the server renders it for a user; `None` if the user has no access.
    pub fn fetch(&mut self, at: usize, user: UserId, conversation: ConversationId) -> Option<OpenedConversation> {
        let core = Arc::clone(&self.node(at).core);
        let was_in = self.history.is_member(conversation, user);
        let fetched = self.ask(at, async move { conversations::page(&core, user, Some(conversation), None).await });
        self.read_commit_log();
        match fetched {
            Ok(page) => {
                let (history, now) = (&self.history, self.mono);
                AccessCheck { history, now, user, known_removals: &mut BTreeMap::new() }.page(&page);
                Some(page)
            }
            Err(error) => {
                // That a private room exists is nobody else's business; a public one says that one is not in it.
                let life = self.history.conversations.get(&conversation);
                let is_public = life.is_some_and(|life| life.kind == "public");
                let is_expected = error.code == Code::NotFound || is_public && error.code == Code::NotMember;
                assert!(is_expected, "the page of {conversation}: {:?}", error.code);
                let is_in = self.history.is_member(conversation, user);
                assert!(!(was_in && is_in), "user {user} is a member of {conversation} and was refused its page");
                self.cover("a page of a conversation without access");
                None
            }
        }
    }

    /// The page of one of a client's conversations, or of General.
    fn some_page(&mut self, i: usize, at: usize) -> OpenedConversation {
        let user = self.user(i);
        let conversation = self.rng.pick(&self.history.conversations_of(user)).unwrap_or(GENERAL);
        let page = self.fetch(at, user, conversation).or_else(|| self.fetch(at, user, GENERAL));
        page.expect("everyone is in General")
    }

    /// Opens a new tab with this page and the stored operations.
    pub fn open(&mut self, i: usize, page: OpenedConversation) {
        self.disconnect(i);
        let entropy = self.rng.bytes();
        let old = &self.clients[i];
        let gone = old.engine.tab();
        self.notify_other_tabs(i, &Event::TabClosed(gone));
        let old = &self.clients[i];
        self.clients[i] = Client::new(old.browser, Engine::new(entropy), old.skew);
        self.dispatch(i, Event::Loaded(Box::new(page)));
        let kept = self.browsers[self.clients[i].browser].stored();
        self.log(format_args!("{i} is tab {} now, no longer {gone}", self.clients[i].engine.tab()));
        kept.iter().for_each(|held| self.log(format_args!("{i} reads {}", brief(held))));
        self.dispatch(i, Event::OutboxLoaded(kept));
        // It adopts the operations of closed tabs; the other tabs do the same when they learn that its predecessor has
        // closed, so that two may claim the same operation.
        let browser = self.clients[i].browser;
        let lives = |tab: &Client| tab.browser == browser && !tab.signed_out;
        let live: BTreeSet<_> = self.clients.iter().filter(|tab| lives(tab)).map(|tab| tab.engine.tab()).collect();
        for tab in self.clients[i].engine.other_tabs().into_iter().filter(|tab| !live.contains(tab)) {
            self.dispatch(i, Event::TabClosed(tab));
        }
    }
}

pub fn reload(world: &mut World) {
    if let (Some(i), Some(at)) = (world.some_client(), world.some_node()) {
        world.log(format_args!("{i} reloads from server {at}"));
        world.load(i, at);
    }
}

/// A page is rendered now and arrives later.
pub fn late_page(world: &mut World) {
    if let (Some(i), Some(at)) = (world.some_client(), world.some_node()) {
        let page = world.some_page(i, at);
        world.log(format_args!("{i} asks server {at} for the page of {}", page.window.conversation.id));
        world.clients[i].delayed_pages.push_back(page);
    }
}

/// A user opens a conversation of their list, or tries one that is not on it.
pub fn open(world: &mut World) {
    let (Some(i), Some(at)) = (world.some_client(), world.some_node()) else { return };
    let list = world.clients[i]
        .engine
        .initial_state()
        .map(|initial_state| initial_state.conversations.iter().map(|summary| summary.conversation.id));
    let list: Vec<_> = list.into_iter().flatten().collect();
    let from = if world.rng.one_in(8) { world.history.all() } else { list };
    let Some(id) = world.rng.pick(&from) else { return };
    world.log(format_args!("{i} opens {id} at server {at}"));
    let Some(page) = world.fetch(at, world.user(i), id) else { return };
    if world.rng.one_in(3) {
        world.clients[i].delayed_pages.push_back(page);
    } else {
        world.dispatch(i, Event::Loaded(Box::new(page)));
    }
}

pub fn page_arrives(world: &mut World) {
    let Some(i) = world.some_client_that(|client| !client.delayed_pages.is_empty()) else { return };
    world.page_arrives(i);
}

impl World {
    pub fn page_arrives(&mut self, i: usize) {
        let Some(page) = self.clients[i].delayed_pages.pop_front() else { return };
        if !self.clients[i].signed_out && self.rng.one_in(3) {
            self.log(format_args!("{i} loads a delayed page"));
            self.open(i, page);
        } else if !self.clients[i].signed_out {
            self.log(format_args!("{i} receives a delayed page"));
            self.dispatch(i, Event::Loaded(Box::new(page)));
        }
    }
}
