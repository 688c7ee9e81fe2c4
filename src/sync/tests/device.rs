//! A device that carries out the engine's effects, except for the network.

use super::*;
use std::collections::BTreeMap;

/// The driver's part: clocks, storage, and the last requested tick.
pub struct TestDevice {
    pub engine: Engine,
    pub now: Now,
    pub wake: Option<u64>,
    pub stored: BTreeMap<MessageId, Operation>,
}

impl TestDevice {
    pub fn new() -> Self {
        TestDevice::with_seed(1)
    }

    pub fn with_seed(seed: u8) -> Self {
        let now = Now { mono: 100_000, wall: Millis(1_700_000_000_000) };
        TestDevice { engine: Engine::new([seed; 16]), now, wake: None, stored: BTreeMap::new() }
    }

    /// A device with a page of this room, connected.
    pub fn live(room: &FakeRoom) -> Self {
        let mut device = TestDevice::new();
        device.event(room.seed());
        device.connect(room);
        device
    }

    /// The socket opens and the server sends its welcome.
    pub fn connect(&mut self, room: &FakeRoom) -> Vec<Effect> {
        self.event(Event::SocketOpened);
        self.frame(room.welcome())
    }

    pub fn event(&mut self, event: Event) -> Vec<Effect> {
        let effects = self.engine.handle(self.now, event);
        let changed = effects.iter().position(|effect| matches!(effect, Effect::Changed(_))).unwrap_or(effects.len());
        assert!(effects[changed..].iter().all(|effect| matches!(effect, Effect::Changed(_))), "{effects:?}");
        for effect in &effects {
            match effect {
                Effect::Store(pending) => drop(self.stored.insert(pending.id, pending.clone())),
                Effect::Remove(id) => drop(self.stored.remove(id)),
                Effect::Wake(at) => self.wake = Some(*at),
                _ => {}
            }
        }
        effects
    }

    pub fn frame(&mut self, frame: ServerFrame) -> Vec<Effect> {
        self.event(Event::Frame(Box::new(frame)))
    }

    /// Time passes; ticks are sent when they were requested.
    pub fn wait(&mut self, millis: u64) -> Vec<Effect> {
        let end = self.now.mono + millis;
        let mut effects = Vec::new();
        while let Some(at) = self.wake.filter(|at| *at <= end) {
            self.wake = None;
            self.pass(at.saturating_sub(self.now.mono));
            effects.extend(self.event(Event::Tick));
        }
        self.pass(end - self.now.mono);
        effects
    }

    fn pass(&mut self, millis: u64) {
        self.now.mono += millis;
        self.now.wall.0 += millis as i64;
    }

    /// The server or the network closes the connection.
    pub fn cut(&mut self, code: Option<u16>) -> Vec<Effect> {
        self.event(Event::SocketClosed { opened: true, code })
    }

    /// Lets the room answer until the device sends no more requests.
    pub fn settle(&mut self, room: &mut FakeRoom, effects: Vec<Effect>) {
        let mut queue = sent(&effects);
        while !queue.is_empty() {
            for frame in std::mem::take(&mut queue) {
                let (answer, live) = room.answer(frame);
                for frame in live.into_iter().chain([answer]) {
                    queue.extend(sent(&self.frame(frame)));
                }
            }
        }
    }

    pub fn post(&mut self, body: &str) -> Vec<Effect> {
        self.event(Event::Post { conversation: ROOM, body: body.into() })
    }

    pub fn replica(&self) -> &Replica {
        self.engine.replica(ROOM).expect("the room is held")
    }

    /// The bodies of the held messages.
    pub fn bodies(&self) -> Vec<String> {
        self.replica().messages().map(|message| message.body().to_owned()).collect()
    }

    pub fn pending(&self) -> Vec<Operation> {
        self.engine.operations(ROOM).cloned().collect()
    }

    /// The lowest held `seq`, the highest held one, and the newest known one.
    pub fn span(&self) -> (i64, i64, i64) {
        let span = self.replica().span();
        (span.low.0, span.high.0, span.head.0)
    }

    /// Asserts that the replica equals the room's state.
    pub fn assert_equals(&self, room: &FakeRoom) {
        let replica = self.replica();
        let span = replica.span();
        let expected = room.messages.iter().filter(|message| message.seq >= span.low && message.seq <= span.high);
        assert_eq!(replica.messages().collect::<Vec<_>>(), expected.collect::<Vec<_>>());
        assert_eq!(span.head, room.head());
        assert_eq!(replica.rev(), room.rev);
        assert_eq!(replica.conversation(), &room.row);
        for message in replica.messages() {
            assert_eq!(replica.member(message.author), room.members.get(&message.author));
        }
    }
}
