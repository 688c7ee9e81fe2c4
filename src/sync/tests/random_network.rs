//! A random network: whatever it does, the replica ends equal to a fresh load.

use super::*;
use crate::sync::random::Random;
use std::collections::{BTreeSet, VecDeque};

/// Few, so that the bound is met.
const HELD_MAX: usize = 150;

/// A network between a device and its room that delays, loses and reorders frames.
struct Network {
    random: Random,
    room: FakeRoom,
    device: TestDevice,
    up: VecDeque<ClientFrame>,
    down: VecDeque<ServerFrame>,
    trace: Vec<Effect>,
    written: Vec<String>,
    connected: bool,
}

impl Network {
    fn new(seed: u64) -> Self {
        let mut random = Random::new(u128::from(seed).to_le_bytes());
        let room = FakeRoom::with(random.up_to(500) as usize);
        let mut device = TestDevice::with_seed(seed as u8);
        device.engine.held_max = HELD_MAX;
        let trace = device.event(room.seed());
        let (up, down) = Default::default();
        Network { random, room, device, up, down, trace, written: Vec::new(), connected: false }
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.random.up_to(n - 1) == 0
    }

    fn event(&mut self, event: Event) {
        let effects = self.device.event(event);
        self.handle_effects(effects);
    }

    fn handle_effects(&mut self, effects: Vec<Effect>) {
        self.trace.extend(effects.iter().cloned());
        self.assert_own_messages_are_shown();
        if effects.contains(&Effect::Disconnect) {
            self.cut();
        }
        if self.connected {
            self.up.extend(sent(&effects));
        }
        if effects.contains(&Effect::CheckSession) {
            self.event(Event::SessionChecked(SessionCheck::SignedIn(ME)));
        }
    }

    /// Every message of the user in the room is shown as pending or as posted, at every moment.
    fn assert_own_messages_are_shown(&self) {
        let Some(replica) = self.device.engine.replica(ROOM).filter(|replica| replica.follows_latest()) else {
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

    /// Publishes a change to the device, unless the bus between the nodes loses it.
    fn publish(&mut self, frame: ServerFrame) {
        if self.connected && !self.one_in(10) {
            self.down.push_back(frame);
            let last = self.down.len() - 1;
            if last > 0 && self.one_in(5) && !matches!(self.down[last - 1], ServerFrame::Welcome { .. }) {
                self.down.swap(last, last - 1);
            }
        }
    }

    fn change_something(&mut self) {
        let seq = 1 + self.random.up_to(self.room.messages.len().max(1) as u64 - 1) as i64;
        let frame = match self.random.up_to(7) {
            0 if self.room.messages.get(seq as usize - 1).is_some_and(|message| message.author == ANA) => {
                self.room.edit(seq, "edited")
            }
            1 => self.room.rename_ana(&format!("Ana{seq}")),
            2 => self.room.rename(&format!("FakeRoom {seq}")),
            _ => self.room.post(ANA, "live"),
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
        let (answer, live) = self.room.answer(frame);
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
            0..=5 => self.change_something(),
            6..=15 => self.serve(),
            16..=27 => self.deliver(),
            28..=30 => {
                self.written.push(format!("mine {}", self.written.len()));
                let effects = self.device.post(&self.written[self.written.len() - 1].clone());
                self.handle_effects(effects);
            }
            31 => self.event(Event::LoadOlder(ROOM)),
            32 => self.event(Event::LoadNewer(ROOM)),
            33 if self.one_in(8) => {
                let seq = Seq(self.random.up_to(self.room.messages.len() as u64 + 2) as i64);
                let jumps = self.one_in(2);
                self.event(if jumps { Event::LoadAround(ROOM, seq) } else { Event::Reading(ROOM, Some(seq)) });
            }
            33 if self.one_in(4) => self.event(Event::LoadLatest(ROOM)),
            34 if self.one_in(5) => {
                self.cut();
                self.event(Event::SocketClosed { opened: true, code: None });
                (0..self.random.up_to(300)).for_each(|_| self.change_something());
            }
            35 if self.one_in(10) => self.event(self.room.seed()),
            36 if self.one_in(10) => self.event(Event::RetryNow),
            _ => {
                let (millis, was) = (self.random.up_to(400), self.connected);
                let effects = self.device.wait(millis);
                self.handle_effects(effects);
                self.open(was);
            }
        }
    }

    /// The socket that the engine requested opens.
    fn open(&mut self, was: bool) {
        if !was && matches!(self.device.engine.connection_state(), ConnectionState::Connecting { .. }) {
            self.connected = true;
            self.event(Event::SocketOpened);
        }
    }

    /// The network works again: everything is delivered, and a last change reveals what was lost.
    fn settle(&mut self) {
        for _ in 0..200 {
            let was = self.connected;
            let effects = self.device.wait(1_000);
            self.handle_effects(effects);
            self.open(was);
            while !self.up.is_empty() || !self.down.is_empty() {
                while let Some(frame) = self.up.pop_front() {
                    let (answer, live) = self.room.answer(frame);
                    self.down.extend(live.into_iter().chain([answer]));
                }
                self.deliver();
            }
        }
        let frame = self.room.rename("The end");
        self.event(Event::Frame(Box::new(frame)));
        let effects = self.device.wait(500);
        self.device.settle(&mut self.room, effects);
    }
}

fn run(seed: u64) -> Network {
    let mut network = Network::new(seed);
    (0..600).for_each(|_| network.step());
    network.settle();
    network
}

#[test]
fn whatever_the_network_does_the_replica_ends_equal_to_a_fresh_load() {
    for seed in 0..150 {
        let network = run(seed);
        let (device, room) = (&network.device, &network.room);
        assert!(
            matches!(device.engine.connection_state(), ConnectionState::Connected { .. }),
            "seed {seed}: {:?}",
            device.engine.connection_state()
        );
        device.assert_equals(room);
        let span = device.replica().span();
        let run = device.replica().messages().map(|message| message.seq.0).collect::<Vec<_>>();
        assert_eq!(run, (span.low.0..=span.high.0).collect::<Vec<_>>(), "seed {seed}");
        assert!(run.len() <= HELD_MAX);
        assert_eq!(device.engine.initial_state(), Some(&room.initial_state()), "seed {seed}");
        assert_eq!((device.pending(), device.stored.len()), (vec![], 0), "seed {seed}");
        let mine = room.messages.iter().filter(|message| message.author == ME);
        let once = mine.map(|message| message.body().to_owned()).collect::<Vec<_>>();
        assert_eq!(once, network.written, "seed {seed}: each was posted once, in the order of posting");
    }
}

#[test]
fn the_same_seed_gives_the_same_trace() {
    assert_eq!(run(42).trace, run(42).trace);
    assert_ne!(run(42).trace, run(43).trace);
}
