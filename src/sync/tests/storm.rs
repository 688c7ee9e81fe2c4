//! Rng: whatever the network does, all ends as a fresh load would show it.

use super::*;
use crate::sync::random::Random;
use std::collections::{BTreeSet, VecDeque};

/// Two ways with delay, loss, repetition and overtaking between a device and its room.
struct Network {
    random: Random,
    room: Room,
    device: Device,
    up: VecDeque<ClientFrame>,
    down: VecDeque<ServerFrame>,
    trace: Vec<Effect>,
    written: Vec<String>,
    connected: bool,
}

impl Network {
    fn new(seed: u64) -> Self {
        let mut random = Random::new(u128::from(seed).to_le_bytes());
        let room = Room::with(random.up_to(500) as usize);
        let mut device = Device::with_seed(seed as u8);
        let trace = device.event(room.seed());
        let (up, down) = Default::default();
        Network { random, room, device, up, down, trace, written: Vec::new(), connected: false }
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.random.up_to(n - 1) == 0
    }

    fn event(&mut self, event: Event) {
        let effects = self.device.event(event);
        self.carry_out(effects);
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        self.trace.extend(effects.iter().cloned());
        self.nothing_is_out_of_sight();
        if effects.contains(&Effect::Disconnect) {
            self.cut();
        }
        if self.connected {
            self.up.extend(sent(&effects));
        }
        if effects.contains(&Effect::CheckSession) {
            self.event(Event::Who(SessionCheck::SignedIn(ME)));
        }
    }

    /// What one wrote and the room has is either still on its way or in its place, at every moment.
    fn nothing_is_out_of_sight(&self) {
        let Some(replica) = self.device.engine.replica(ROOM).filter(|replica| replica.is_attached()) else {
            return;
        };
        let low = replica.span().low;
        let waiting = self.device.engine.operations(ROOM).map(|pending| pending.id);
        let shown = replica.messages().filter(|message| message.author == ME).map(|message| message.id);
        let seen = waiting.chain(shown).collect::<BTreeSet<_>>();
        for message in self.room.messages.iter().filter(|message| message.author == ME && message.seq >= low) {
            assert!(seen.contains(&message.id), "{message:?}");
        }
    }

    fn cut(&mut self) {
        self.connected = false;
        self.up.clear();
        self.down.clear();
    }

    /// A change reaches who listens, unless the bus between the nodes loses it.
    fn publish(&mut self, frame: ServerFrame) {
        if self.connected && !self.one_in(10) {
            self.down.push_back(frame);
            let last = self.down.len() - 1;
            if last > 0 && self.one_in(5) && !matches!(self.down[last - 1], ServerFrame::Welcome { .. }) {
                self.down.swap(last, last - 1);
            }
        }
    }

    fn life(&mut self) {
        let seq = 1 + self.random.up_to(self.room.messages.len().max(1) as u64 - 1) as i64;
        let frame = match self.random.up_to(7) {
            0 if self.room.messages.get(seq as usize - 1).is_some_and(|message| message.author == ANA) => {
                self.room.edits(seq, "edited")
            }
            1 => self.room.calls_ana(&format!("Ana{seq}")),
            2 => self.room.renames(&format!("Room {seq}")),
            _ => self.room.says(ANA, "live"),
        };
        self.publish(frame);
    }

    fn serve(&mut self) {
        let Some(frame) = self.up.pop_front() else { return };
        if self.one_in(20) {
            let (request, id) = match &frame {
                ClientFrame::Post { id, .. } => (None, Some(*id)),
                ClientFrame::Changes { request, .. } | ClientFrame::History { request, .. } => (Some(*request), None),
                _ => (None, None),
            };
            if request.is_some() || id.is_some() {
                return self.down.push_back(refused(request, id, Error::unavailable()));
            }
        }
        let (answer, live) = self.room.answers(frame);
        self.down.push_back(answer);
        live.into_iter().for_each(|frame| self.publish(frame));
    }

    fn deliver(&mut self) {
        if let Some(frame) = self.down.pop_front() {
            self.event(Event::Frame(Box::new(frame)));
        }
    }

    fn step(&mut self) {
        match self.random.up_to(40) {
            0..=5 => self.life(),
            6..=15 => self.serve(),
            16..=27 => self.deliver(),
            28..=30 => {
                self.written.push(format!("mine {}", self.written.len()));
                let effects = self.device.post(&self.written[self.written.len() - 1].clone());
                self.carry_out(effects);
            }
            31 => self.event(Event::LoadOlder(ROOM)),
            32 => self.event(Event::LoadNewer(ROOM)),
            33 if self.one_in(4) => self.event(Event::LoadLatest(ROOM)),
            34 if self.one_in(5) => {
                self.cut();
                self.event(Event::SocketClosed { opened: true, code: None });
                (0..self.random.up_to(300)).for_each(|_| self.life());
            }
            35 if self.one_in(10) => self.event(self.room.seed()),
            36 if self.one_in(10) => self.event(Event::RetryNow),
            _ => {
                let (millis, was) = (self.random.up_to(400), self.connected);
                let effects = self.device.wait(millis);
                self.carry_out(effects);
                self.open(was);
            }
        }
    }

    /// The socket that was asked for opens.
    fn open(&mut self, was: bool) {
        if !was && matches!(self.device.engine.link(), ConnectionState::Connecting { .. }) {
            self.connected = true;
            self.event(Event::SocketOpened);
        }
    }

    /// The storm is over: everything is carried, and a last change tells of what was lost.
    fn calm(&mut self) {
        for _ in 0..200 {
            let was = self.connected;
            let effects = self.device.wait(1_000);
            self.carry_out(effects);
            self.open(was);
            while !self.up.is_empty() || !self.down.is_empty() {
                while let Some(frame) = self.up.pop_front() {
                    let (answer, live) = self.room.answers(frame);
                    self.down.extend(live.into_iter().chain([answer]));
                }
                self.deliver();
            }
        }
        let frame = self.room.renames("The end");
        self.event(Event::Frame(Box::new(frame)));
        let effects = self.device.wait(500);
        self.device.settle(&mut self.room, effects);
    }
}

fn storm(seed: u64) -> Network {
    let mut network = Network::new(seed);
    (0..600).for_each(|_| network.step());
    network.calm();
    network
}

#[test]
fn whatever_the_network_does_all_ends_as_a_fresh_load_would_show_it() {
    for seed in 0..150 {
        let network = storm(seed);
        let (device, room) = (&network.device, &network.room);
        assert!(
            matches!(device.engine.link(), ConnectionState::Connected { .. }),
            "seed {seed}: {:?}",
            device.engine.link()
        );
        device.agrees_with(room);
        let span = device.replica().span();
        let run = device.replica().messages().map(|message| message.seq.0).collect::<Vec<_>>();
        assert_eq!(run, (span.low.0..=span.high.0).collect::<Vec<_>>(), "seed {seed}");
        assert!(run.len() <= 400);
        assert_eq!(device.engine.initial_state(), Some(&room.initial_state()), "seed {seed}");
        assert_eq!((device.pending(), device.stored.len()), (vec![], 0), "seed {seed}");
        let mine = room.messages.iter().filter(|message| message.author == ME);
        let once = mine.map(|message| message.body().to_owned()).collect::<Vec<_>>();
        assert_eq!(once, network.written, "seed {seed}: each stands once, in the order of writing");
    }
}

#[test]
fn the_same_seed_gives_the_same_trace() {
    assert_eq!(storm(42).trace, storm(42).trace);
    assert_ne!(storm(42).trace, storm(43).trace);
}
