//! Quiescence: the faults stop, everything is repaired, and every client must equal a fresh load.

use super::GENERAL;
use super::client::Client;
use super::rooms::RoomAction;
use super::world::World;
use hubbub::model::Seq;
use hubbub::server::writer::RoomCommand;
use hubbub::sync::{ConnectionState, Event};
use std::time::Instant;

/// Everything must work again within this time (milliseconds): the longest wait between two attempts to connect, and
/// the time that it takes to notice a connection that died silently.
const HEALTHY_WITHIN: u64 = 120_000;
/// Two runs of the janitor, and the engine's own delay before it requests what is missing.
const REPAIRED_AFTER: u64 = 7_500;

/// In so many turns everybody has answered everybody; more, and they answer each other without end.
const TURNS_MAX: usize = 1_000;

impl World {
    /// Stops the faults, checks everything, and starts them again.
    pub fn finish_round(&mut self) {
        self.stop_faults();
        self.run_until_healthy();
        self.interrupt_a_welcome();
        self.run_until_healthy();
        self.change_a_list_on_both_servers();
        self.run_until_healthy();
        self.load_a_stale_page();
        self.lose_a_change();
        self.settle_and_check();
        self.has_faults = true;
        self.log("faults on");
    }

    /// From now on everything works.
    fn stop_faults(&mut self) {
        self.log("faults off");
        self.has_faults = false;
        self.bus_is_down = false;
        for at in 0..self.nodes.len() {
            if self.nodes[at].is_none() {
                self.start(at);
            }
        }
        for i in 0..self.clients.len() {
            if std::mem::take(&mut self.clients[i].offline) {
                self.dispatch(i, Event::RetryNow);
            }
        }
    }

    /// Compares every client with a fresh load after the time that repairs take.
    fn settle_and_check(&mut self) {
        self.run_until_healthy();
        self.wait_for_repairs();
        self.check();
    }

    /// A client reconnects, and its server pauses in the middle of the welcome while something happens of which no
    /// later frame would inform the client.
    fn interrupt_a_welcome(&mut self) {
        let Some(i) = self.some_client() else { return };
        let at = self.rng.below(self.nodes.len());
        self.reconnect(i, at);
        let begun = Instant::now();
        self.run_until(at, |world| !world.is_busy(at));
        // As a part of the usual time, since machines differ.
        let part = self.rng.between(0, 110);
        let moment = begun.elapsed() * part as u32 / 100;
        self.log(format_args!("{i} connects to server {at}, which pauses after {part} % of the time"));
        self.reconnect(i, at);
        self.node(at).run_for(moment);
        let from = self.rng.below(self.nodes.len());
        if self.rng.one_in(3) {
            let browser = self.clients[i].browser;
            self.log(format_args!("the session of browser {browser} ends"));
            self.revoke(at, self.browsers[browser].session);
        } else if self.rng.one_in(2) {
            self.log(format_args!("the list of {i} changes at server {from}"));
            let changed = self.change_list_of(self.user(i), from);
            self.collect();
            self.deliver_bus(usize::MAX);
            // Whoever is subscribed receives this; nothing else would reveal that a client is not.
            self.run_until_healthy();
            if let Some((id, host)) = changed.filter(|(id, host)| self.history.is_member(*id, *host)) {
                self.wait_for_repairs();
                self.post_directly(from, host, id, 1);
            }
        } else {
            let bus_user = self.bus_user.expect("the bus has a user").user;
            self.log(format_args!("a message is posted at server {from}"));
            self.post_directly(from, bus_user, GENERAL, 1);
            self.collect();
            self.deliver_bus(usize::MAX);
        }
    }

    /// A user's list is changed by another server and right afterwards by their own, and a message is posted in the
    /// affected room before their own server has noticed.
    fn change_a_list_on_both_servers(&mut self) {
        let live = |client: &Client| {
            client.connection.as_ref().is_some_and(|connection| connection.sent_hello && !connection.is_closed)
        };
        let Some(i) = self.some_client_that(|client| !client.signed_out && live(client)) else { return };
        let Some(here) = self.clients[i].connection.as_ref().map(|connection| connection.node) else { return };
        let there = (here + 1) % self.nodes.len();
        let user = self.user(i);
        self.log(format_args!("the list of {i} changes at server {there}, and then at its own"));
        let changed = self.change_list_of(user, there);
        self.collect();
        self.deliver_bus(usize::MAX);
        let summary = self.clients[i].engine.summary(GENERAL).filter(|summary| summary.head > Seq(0));
        if let Some(replaced) = summary.map(|summary| summary.read.seq) {
            let seq = if replaced == Seq(0) { Seq(1) } else { Seq(0) };
            self.run_task(here, user, RoomAction::Read(GENERAL, seq, replaced));
        }
        self.exchange();
        self.pass(600);
        self.exchange();
        if let Some((id, host)) = changed.filter(|(id, host)| self.history.is_member(*id, *host)) {
            self.post_directly(there, host, id, 1);
        }
    }

    /// A user is removed from a room, and a page of it that was read before arrives afterwards.
    fn load_a_stale_page(&mut self) {
        let live = |client: &Client| client.connection.as_ref().is_some_and(|connection| connection.sent_hello);
        let Some(i) = self.some_client_that(|client| !client.signed_out && live(client)) else { return };
        let Some(here) = self.clients[i].connection.as_ref().map(|connection| connection.node) else { return };
        let user = self.user(i);
        let Some((id, owner)) = self.room_to_be_removed_from(user) else { return };
        let Some(page) = self.fetch(here, user, id) else { return };
        self.run_task(here, owner, RoomAction::Change(id, RoomCommand::Remove(user)));
        self.run_until_healthy();
        self.log(format_args!("{i} receives a page of {id} that was read before"));
        self.dispatch(i, Event::Loaded(Box::new(page)));
    }

    /// The bus loses a message, and no later change of its conversation reveals that.
    fn lose_a_change(&mut self) {
        let Some(id) = self.rng.pick(&self.history.open()) else { return };
        let Some(author) = self.rng.pick(&self.history.members(id)) else { return };
        let from = self.rng.below(self.nodes.len());
        self.log(format_args!("user {author} posts to {id} at server {from}, and the bus loses it"));
        self.bus_is_down = true;
        self.post_directly(from, author, id, 1);
        self.collect();
        self.bus_is_down = false;
    }

    fn reconnect(&mut self, i: usize, at: usize) {
        self.cut(i, None);
        self.dispatch(i, Event::RetryNow);
        let limit = self.mono + HEALTHY_WITHIN;
        while !self.clients[i].is_connecting {
            assert!(self.mono < limit, "{i} does not reconnect: {:?}", self.clients[i].engine.connection_state());
            self.pass(100);
        }
        self.answer_connect(i, Some(at));
        self.send_frames(i, usize::MAX);
    }

    fn run_until_healthy(&mut self) {
        let limit = self.mono + HEALTHY_WITHIN;
        while !self.exchange() {
            assert!(self.mono < limit, "not healthy in time: {:?}", self.problems());
            let next = self.next_moment().saturating_sub(self.mono).clamp(1, 3_000);
            self.pass(next);
        }
    }

    /// Waits for everything that is repaired by itself.
    fn wait_for_repairs(&mut self) {
        let end = self.mono + REPAIRED_AFTER;
        while self.mono < end {
            let next = self.next_moment().saturating_sub(self.mono).clamp(1, 1_000);
            self.pass(next);
            self.exchange();
        }
        while !self.exchange() {
            assert!(self.mono < end + HEALTHY_WITHIN, "not repaired in time: {:?}", self.problems());
            self.pass(100);
        }
    }

    /// Delivers everything that is on its way. Returns whether everything is healthy then.
    fn exchange(&mut self) -> bool {
        for _ in 0..TURNS_MAX {
            let before = self.traffic();
            for i in 0..self.clients.len() {
                self.deliver_storage_events(i);
                if self.clients[i].is_connecting {
                    let at = self.rng.below(self.nodes.len());
                    self.answer_connect(i, Some(at));
                }
                if self.clients[i].is_checking_session {
                    self.answer_session_check(i);
                }
                while !self.clients[i].delayed_pages.is_empty() {
                    self.page_arrives(i);
                }
                self.send_frames(i, usize::MAX);
            }
            if before > 0 || self.traffic() > 0 {
                self.finish();
            }
            self.collect();
            self.deliver_bus(usize::MAX);
            self.up().into_iter().for_each(|at| self.ask(at, async {}));
            self.collect();
            (0..self.clients.len()).for_each(|i| self.receive_frames(i, usize::MAX));
            if before == 0 && self.traffic() == 0 {
                return self.problems().is_empty();
            }
        }
        panic!("traffic does not end: {:?}", self.problems());
    }

    /// How many frames and requests are on their way.
    fn traffic(&self) -> usize {
        let of_clients = self.clients.iter().map(|client| {
            let connection = client
                .connection
                .as_ref()
                .map_or(0, |connection| connection.up.len() + connection.down.len() + connection.unanswered);
            connection
                + usize::from(client.is_connecting)
                + usize::from(client.is_checking_session)
                + client.delayed_pages.len()
                + client.storage_events.len()
        });
        of_clients.sum::<usize>() + self.bus.len() + self.tasks.len()
    }

    /// What is not healthy yet, for each client.
    fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for (i, client) in self.clients.iter().enumerate().filter(|(_, client)| !client.signed_out) {
            let engine = &client.engine;
            if !matches!(engine.connection_state(), ConnectionState::Connected { .. }) {
                problems.push(format!("{i} is {:?}", engine.connection_state()));
            }
            if client.connection.as_ref().is_some_and(|connection| connection.is_blackholed) {
                problems.push(format!("{i} does not know that its connection is dead"));
            }
            if engine.waiting() > 0 {
                let waiting: Vec<_> = engine.outbox().map(|held| (held.tab, held.id, &held.state)).collect();
                problems.push(format!("{i} (tab {}) has waiting: {waiting:?}", engine.tab()));
            }
        }
        problems
    }

    /// The end: the servers crash once more, everybody signs in again and goes to the newest message.
    pub fn end(&mut self) {
        for at in self.up() {
            self.crash(at);
        }
        self.stop_faults();
        self.run_until_healthy();
        for i in 0..self.clients.len() {
            if self.clients[i].signed_out {
                self.sign_in_again(i, 0);
            }
            self.history.all().into_iter().for_each(|id| self.dispatch(i, Event::LoadLatest(id)));
        }
        self.settle_and_check();
        let states = self.read_all().into_iter().map(|(id, states)| (id, states.messages)).collect();
        self.ledger.check_complete(&states, &self.history);
        for (i, client) in self.clients.iter().enumerate() {
            for id in self.history.all() {
                let at_latest = client.engine.replica(id).is_none_or(hubbub::sync::Replica::at_latest);
                assert!(at_latest, "{i} is not at the newest message of {id}");
            }
            assert!(self.browsers[client.browser].stored().is_empty(), "{i} still stores operations");
        }
    }
}
