//! The storm passes: everything is healed, and all must be as a fresh load would show it.

use super::GENERAL;
use super::client::Client;
use super::rooms::Wish;
use super::world::World;
use hubbub::model::Seq;
use hubbub::sync::{ConnectionState, Event};
use std::time::Instant;

/// Everything must be well again after this long (milliseconds): the longest wait between two attempts, and the time
/// that it takes to notice a connection that died in silence.
const HEALED_WITHIN: u64 = 120_000;
/// Two looks of the janitor, and the engine's own patience.
const SETTLED_AFTER: u64 = 7_500;

impl World {
    /// The storm passes, and another comes after it.
    pub fn calm_down(&mut self) {
        self.mend();
        self.heal();
        self.disturb_a_greeting();
        self.heal();
        self.disturb_a_list();
        self.heal_and_check();
        self.stormy = true;
        self.note("storm");
    }

    /// From now on everything works.
    fn mend(&mut self) {
        self.note("calm");
        self.stormy = false;
        self.bus_is_down = false;
        for at in 0..self.nodes.len() {
            if self.nodes[at].is_none() {
                self.start(at);
            }
        }
        for i in 0..self.clients.len() {
            if std::mem::take(&mut self.clients[i].offline) {
                self.tell(i, Event::RetryNow);
            }
        }
    }

    /// Holds every client against a fresh load when it has had the time that repair takes.
    fn heal_and_check(&mut self) {
        self.heal();
        self.settle();
        self.check();
    }

    /// Somebody connects anew, and the server stands still in the middle of the greeting while something happens that
    /// nothing later would tell them of.
    fn disturb_a_greeting(&mut self) {
        let Some(i) = self.some_client() else { return };
        let at = self.chance.below(self.nodes.len());
        self.dial_anew(i, at);
        let begun = Instant::now();
        self.work(at, |world| !world.is_busy(at));
        // In parts of what it takes, since machines differ.
        let part = self.chance.between(0, 110);
        let moment = begun.elapsed() * part as u32 / 100;
        self.note(format_args!("{i} is greeted by server {at}, which stands still after {part} % of it"));
        self.dial_anew(i, at);
        self.node(at).work_for(moment);
        let from = self.chance.below(self.nodes.len());
        if self.chance.one_in(3) {
            let browser = self.clients[i].browser;
            self.note(format_args!("the session of browser {browser} ends"));
            self.revoke(at, self.browsers[browser].session);
        } else if self.chance.one_in(2) {
            self.note(format_args!("the list of {i} changes at server {from}"));
            let changed = self.change_list_of(self.user(i), from);
            self.collect();
            self.carry(usize::MAX);
            // Whoever listens there now hears it; nothing else would tell that they do not.
            self.heal();
            if let Some((id, host)) = changed.filter(|(id, host)| self.history.is_in(*id, *host)) {
                self.settle();
                self.says(from, host, id, 1);
            }
        } else {
            let carrier = self.carrier.expect("there is a user who is everywhere").user;
            self.note(format_args!("something is said at server {from}"));
            self.says(from, carrier, GENERAL, 1);
            self.collect();
            self.carry(usize::MAX);
        }
    }

    /// Somebody's list is changed elsewhere and right afterwards here, and something is said in the room that it was
    /// about, before this server has looked.
    fn disturb_a_list(&mut self) {
        let live = |client: &Client| client.link.as_ref().is_some_and(|link| link.greeted && !link.over);
        let Some(i) = self.some_client_that(|client| !client.signed_out && live(client)) else { return };
        let Some(here) = self.clients[i].link.as_ref().map(|link| link.node) else { return };
        let there = (here + 1) % self.nodes.len();
        let user = self.user(i);
        self.note(format_args!("the list of {i} changes at server {there}, and then at its own"));
        let changed = self.change_list_of(user, there);
        self.collect();
        self.carry(usize::MAX);
        let summary = self.clients[i].engine.summary(GENERAL).filter(|summary| summary.head > Seq(0));
        if let Some(seq) = summary.map(|summary| if summary.read.seq == Seq(0) { Seq(1) } else { Seq(0) }) {
            self.do_at_once(here, user, Wish::Read(GENERAL, seq));
        }
        self.exchange();
        self.pass(600);
        self.exchange();
        if let Some((id, host)) = changed.filter(|(id, host)| self.history.is_in(*id, *host)) {
            self.says(there, host, id, 1);
        }
    }

    fn dial_anew(&mut self, i: usize, at: usize) {
        self.cut(i, None);
        self.tell(i, Event::RetryNow);
        let limit = self.mono + HEALED_WITHIN;
        while !self.clients[i].dialing {
            assert!(self.mono < limit, "{i} does not try again: {:?}", self.clients[i].engine.connection_state());
            self.pass(100);
        }
        self.answer_dial(i, Some(at));
        self.carry_up(i, usize::MAX);
    }

    fn heal(&mut self) {
        let limit = self.mono + HEALED_WITHIN;
        while !self.exchange() {
            assert!(self.mono < limit, "it does not heal: {:?}", self.ills());
            let next = self.next_moment().saturating_sub(self.mono).clamp(1, 3_000);
            self.pass(next);
        }
    }

    /// Time for everything that repairs by itself.
    fn settle(&mut self) {
        let end = self.mono + SETTLED_AFTER;
        while self.mono < end {
            let next = self.next_moment().saturating_sub(self.mono).clamp(1, 1_000);
            self.pass(next);
            self.exchange();
        }
        while !self.exchange() {
            assert!(self.mono < end + HEALED_WITHIN, "it does not settle: {:?}", self.ills());
            self.pass(100);
        }
    }

    /// Everybody gets everything that is on its way. Tells whether all are well then.
    fn exchange(&mut self) -> bool {
        loop {
            let before = self.traffic();
            for i in 0..self.clients.len() {
                if self.clients[i].dialing {
                    let at = self.chance.below(self.nodes.len());
                    self.answer_dial(i, Some(at));
                }
                if self.clients[i].asks_who {
                    self.answer_who(i);
                }
                while !self.clients[i].late.is_empty() {
                    self.page_arrives(i);
                }
                self.carry_up(i, usize::MAX);
            }
            if before > 0 || self.traffic() > 0 {
                self.finish();
            }
            self.collect();
            self.carry(usize::MAX);
            self.up().into_iter().for_each(|at| self.ask(at, async {}));
            self.collect();
            (0..self.clients.len()).for_each(|i| self.carry_down(i, usize::MAX));
            if before == 0 && self.traffic() == 0 {
                return self.ills().is_empty();
            }
        }
    }

    /// How much is on its way.
    fn traffic(&self) -> usize {
        let of_clients = self.clients.iter().map(|client| {
            let link = client.link.as_ref().map_or(0, |link| link.up.len() + link.down.len() + link.unanswered);
            link + usize::from(client.dialing) + usize::from(client.asks_who) + client.late.len()
        });
        of_clients.sum::<usize>() + self.bus.len() + self.errands.len()
    }

    /// Who is not well yet, and why.
    fn ills(&self) -> Vec<String> {
        let mut ills = Vec::new();
        for (i, client) in self.clients.iter().enumerate().filter(|(_, client)| !client.signed_out) {
            let engine = &client.engine;
            if !matches!(engine.connection_state(), ConnectionState::Connected { .. }) {
                ills.push(format!("{i} is {:?}", engine.connection_state()));
            }
            if client.link.as_ref().is_some_and(|link| link.dead) {
                ills.push(format!("{i} does not know that its connection is dead"));
            }
            if engine.waiting() > 0 {
                let waiting: Vec<_> = engine.outbox().map(|held| (held.tab, held.id, &held.state)).collect();
                ills.push(format!("{i} (tab {}) has waiting: {waiting:?}", engine.tab()));
            }
        }
        ills
    }

    /// The end: the servers crash once more, everybody comes back and goes to the newest message.
    pub fn end(&mut self) {
        for at in self.up() {
            self.crash(at);
        }
        self.mend();
        self.heal();
        for i in 0..self.clients.len() {
            if self.clients[i].signed_out {
                self.sign_in_again(i, 0);
            }
            self.history.all().into_iter().for_each(|id| self.tell(i, Event::LoadLatest(id)));
        }
        self.heal_and_check();
        let standing = self.everything().into_iter().map(|(id, standing)| (id, standing.messages)).collect();
        self.ledger.is_complete(&standing, &self.history);
        for (i, client) in self.clients.iter().enumerate() {
            for id in self.history.all() {
                let at_latest = client.engine.replica(id).is_none_or(hubbub::sync::Replica::at_latest);
                assert!(at_latest, "{i} is not at the newest message of {id}");
            }
            assert!(self.browsers[client.browser].kept().is_empty(), "{i} still keeps messages");
        }
    }
}
