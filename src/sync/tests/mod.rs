//! The engine against a small server of its own: a room with a clock, and a device that carries out effects.

mod chance;
mod connection;
mod gaps;
mod home;
mod outbox;
mod probes;
mod windows;

use super::*;
use crate::model::*;
use crate::wire::Anchor;
use std::collections::BTreeMap;
use std::sync::Arc;

pub const ROOM: ConversationId = ConversationId(1);
pub const ME: UserId = UserId(1);
pub const ANA: UserId = UserId(2);

/// A room as the server keeps it.
#[derive(Clone)]
pub struct Room {
    pub epoch: Epoch,
    pub user: UserId,
    pub rev: Rev,
    pub row: Conversation,
    pub messages: Vec<Arc<Message>>,
    pub members: BTreeMap<UserId, Member>,
}

impl Room {
    pub fn new() -> Self {
        let row = Conversation {
            id: ROOM,
            rev: Rev(1),
            name: "General".into(),
            topic: String::new(),
            member_count: 2,
        };
        let member = |id: UserId| Member {
            person: person(id),
            state: MemberState::Joined,
            rev: Rev(1),
        };
        let members = [(ME, member(ME)), (ANA, member(ANA))].into();
        Room {
            epoch: Epoch(7),
            user: ME,
            rev: Rev(1),
            row,
            messages: Vec::new(),
            members,
        }
    }

    /// With so many messages of Ana's.
    pub fn with(count: usize) -> Self {
        let mut room = Room::new();
        for n in 0..count {
            room.says(ANA, &format!("message {}", n + 1));
        }
        room
    }

    pub fn head(&self) -> Seq {
        Seq(self.messages.len() as i64)
    }

    fn changed(&mut self, rows: Rows) -> ServerFrame {
        ServerFrame::Changed {
            conversation: ROOM,
            rev: self.rev,
            rows,
        }
    }

    fn author(&self, message: &Message) -> Vec<Member> {
        self.members.get(&message.author).cloned().into_iter().collect()
    }

    /// Somebody posts; the frame goes to all who listen.
    pub fn says(&mut self, author: UserId, body: &str) -> ServerFrame {
        let id = MessageId::new(Millis(self.messages.len() as i64), [author.0 as u8; 10]);
        self.takes(author, id, body)
    }

    pub fn takes(&mut self, author: UserId, id: MessageId, body: &str) -> ServerFrame {
        self.rev = self.rev.next();
        let (seq, at) = (self.head().next(), Millis(1_000));
        let message = Arc::new(Message {
            id,
            seq,
            rev: self.rev,
            author,
            body: body.into(),
            at,
        });
        self.messages.push(message.clone());
        let members = self.author(&message);
        self.changed(Rows {
            conversation: None,
            members,
            messages: vec![message],
        })
    }

    /// A message is given another text.
    pub fn edits(&mut self, seq: i64, body: &str) -> ServerFrame {
        self.rev = self.rev.next();
        let place = &mut self.messages[seq as usize - 1];
        *place = Arc::new(Message {
            rev: self.rev,
            body: body.into(),
            ..(**place).clone()
        });
        let message = place.clone();
        self.changed(Rows {
            messages: vec![message],
            ..Rows::default()
        })
    }

    pub fn renames(&mut self, name: &str) -> ServerFrame {
        self.rev = self.rev.next();
        self.row = Conversation {
            rev: self.rev,
            name: name.into(),
            ..self.row.clone()
        };
        let row = self.row.clone();
        self.changed(Rows {
            conversation: Some(row),
            ..Rows::default()
        })
    }

    /// Ana gets another first name.
    pub fn calls_ana(&mut self, name: &str) -> ServerFrame {
        self.rev = self.rev.next();
        let person = Person {
            first_name: name.into(),
            ..person(ANA)
        };
        let member = Member {
            person,
            state: MemberState::Joined,
            rev: self.rev,
        };
        self.members.insert(ANA, member.clone());
        self.changed(Rows {
            members: vec![member],
            ..Rows::default()
        })
    }

    pub fn home(&self) -> Home {
        let me = Me {
            person: person(self.user),
            email: "me@harbour.example".into(),
            role: Role::Member,
        };
        let listed = Listed {
            conversation: self.row.clone(),
            rev: self.rev,
            head: self.head(),
        };
        Home {
            epoch: self.epoch,
            user_rev: Rev(1),
            me,
            conversations: vec![listed],
        }
    }

    pub fn window(&self, at: Anchor, limit: u32) -> Window {
        let (head, limit) = (self.head().0, i64::from(limit));
        let (low, high) = match at {
            Anchor::Latest => (head - limit + 1, head),
            Anchor::Before(seq) => (seq.0 - limit, seq.0 - 1),
            Anchor::After(seq) => (seq.0 + 1, seq.0 + limit),
            Anchor::Around(seq) => (seq.0 - limit / 2, seq.0 - limit / 2 + limit - 1),
        };
        let range = low.max(1)..=high.min(head);
        let messages = self
            .messages
            .iter()
            .filter(|message| range.contains(&message.seq.0))
            .cloned();
        let messages = messages.collect::<Vec<_>>();
        let authors = self
            .members
            .values()
            .filter(|member| messages.iter().any(|m| m.author == member.person.id));
        let members = authors.cloned().collect();
        Window {
            conversation: self.row.clone(),
            through: self.rev,
            head: self.head(),
            messages,
            members,
        }
    }

    pub fn page(&self) -> Opened {
        Opened {
            home: self.home(),
            window: self.window(Anchor::Latest, 50),
        }
    }

    pub fn seed(&self) -> Event {
        Event::Seeded(Box::new(self.page()))
    }

    pub fn welcome(&self) -> ServerFrame {
        ServerFrame::Welcome {
            connection: 9,
            server: "0.1.0".into(),
            home: self.home(),
        }
    }

    /// What the server says to a frame, and what it tells everyone.
    pub fn answers(&mut self, frame: ClientFrame) -> (ServerFrame, Option<ServerFrame>) {
        let answer = match frame {
            ClientFrame::Hello { .. } => self.welcome(),
            ClientFrame::Post { id, conversation, body } => {
                let known = self
                    .messages
                    .iter()
                    .any(|message| message.author == self.user && message.id == id);
                let live = (!known).then(|| self.takes(self.user, id, &body));
                return (self.posted(id, conversation), live);
            }
            ClientFrame::Changes {
                request,
                conversation,
                since,
            } => self.catch_up(request, conversation, since),
            ClientFrame::History { request, at, limit, .. } => ServerFrame::Window {
                request,
                window: self.window(at, limit),
            },
            ClientFrame::Ping { request } => ServerFrame::Pong { request },
            ClientFrame::Echo { request, text } => ServerFrame::Echoed { request, text },
            ClientFrame::Status { request } => ServerFrame::Status {
                request,
                status: status(),
            },
        };
        (answer, None)
    }

    pub fn posted(&self, id: MessageId, conversation: ConversationId) -> ServerFrame {
        let messages = self
            .messages
            .iter()
            .filter(|message| message.id == id)
            .cloned()
            .collect::<Vec<_>>();
        let members = messages.iter().flat_map(|message| self.author(message)).collect();
        ServerFrame::Posted {
            id,
            conversation,
            rows: Rows {
                conversation: None,
                members,
                messages,
            },
        }
    }

    fn catch_up(&self, request: u32, conversation: ConversationId, since: Rev) -> ServerFrame {
        let messages = self
            .messages
            .iter()
            .filter(|message| message.rev > since)
            .cloned()
            .collect::<Vec<_>>();
        if messages.len() > crate::model::conversation::CHANGES_MAX {
            return ServerFrame::Reset { request, conversation };
        }
        let row = Some(self.row.clone()).filter(|row| row.rev > since);
        let wanted = |m: &&Member| m.rev > since || messages.iter().any(|message| message.author == m.person.id);
        let members = self.members.values().filter(wanted).cloned().collect();
        let rows = Rows {
            conversation: row,
            members,
            messages,
        };
        ServerFrame::Changes {
            request,
            conversation,
            since,
            through: self.rev,
            head: self.head(),
            rows,
        }
    }
}

pub fn person(id: UserId) -> Person {
    Person {
        id,
        username: format!("user{id}"),
        first_name: "First".into(),
        last_name: "Last".into(),
    }
}

pub fn status() -> ServerStatus {
    ServerStatus {
        version: "0.1.0".into(),
        uptime: 5,
        connections: 2,
        now: Millis(3),
    }
}

/// A browser's part: clocks, storage, and what the engine asked for last.
pub struct Device {
    pub engine: Engine,
    pub now: Now,
    pub wake: Option<u64>,
    pub stored: BTreeMap<MessageId, Pending>,
}

impl Device {
    pub fn new() -> Self {
        Device::with_seed(1)
    }

    pub fn with_seed(seed: u8) -> Self {
        let now = Now {
            mono: 100_000,
            wall: Millis(1_700_000_000_000),
        };
        Device {
            engine: Engine::new([seed; 16]),
            now,
            wake: None,
            stored: BTreeMap::new(),
        }
    }

    /// A page of this room, connected.
    pub fn live(room: &Room) -> Self {
        let mut device = Device::new();
        device.event(room.seed());
        device.connect(room);
        device
    }

    /// The socket opens and the server greets.
    pub fn connect(&mut self, room: &Room) -> Vec<Effect> {
        self.event(Event::Opened);
        self.frame(room.welcome())
    }

    pub fn event(&mut self, event: Event) -> Vec<Effect> {
        let effects = self.engine.handle(self.now, event);
        let changed = effects
            .iter()
            .position(|effect| matches!(effect, Effect::Changed(_)))
            .unwrap_or(effects.len());
        assert!(
            effects[changed..]
                .iter()
                .all(|effect| matches!(effect, Effect::Changed(_))),
            "{effects:?}"
        );
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

    /// Time passes; ticks come when they were asked for.
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

    /// Closes as the server or the network does.
    pub fn cut(&mut self, code: Option<u16>) -> Vec<Effect> {
        self.event(Event::Closed { opened: true, code })
    }

    /// Lets the room answer until nothing is asked any more.
    pub fn settle(&mut self, room: &mut Room, effects: Vec<Effect>) {
        let mut queue = sent(&effects);
        while !queue.is_empty() {
            for frame in std::mem::take(&mut queue) {
                let (answer, live) = room.answers(frame);
                for frame in live.into_iter().chain([answer]) {
                    queue.extend(sent(&self.frame(frame)));
                }
            }
        }
    }

    pub fn post(&mut self, body: &str) -> Vec<Effect> {
        self.event(Event::Post {
            conversation: ROOM,
            body: body.into(),
        })
    }

    pub fn replica(&self) -> &Replica {
        self.engine.replica(ROOM).expect("the room is held")
    }

    /// The texts of the held messages.
    pub fn bodies(&self) -> Vec<String> {
        self.replica().messages().map(|message| message.body.clone()).collect()
    }

    pub fn pending(&self) -> Vec<Pending> {
        self.engine.pending(ROOM).cloned().collect()
    }

    /// First held, last held, newest known.
    pub fn span(&self) -> (i64, i64, i64) {
        let span = self.replica().span();
        (span.low.0, span.high.0, span.head.0)
    }

    /// What is held is what the room has.
    pub fn agrees_with(&self, room: &Room) {
        let replica = self.replica();
        let span = replica.span();
        let expected = room
            .messages
            .iter()
            .filter(|message| message.seq >= span.low && message.seq <= span.high);
        assert_eq!(replica.messages().collect::<Vec<_>>(), expected.collect::<Vec<_>>());
        assert_eq!(span.head, room.head());
        assert_eq!(replica.rev(), room.rev);
        assert_eq!(replica.conversation(), &room.row);
        for message in replica.messages() {
            assert_eq!(replica.member(message.author), room.members.get(&message.author));
        }
    }
}

pub fn sent(effects: &[Effect]) -> Vec<ClientFrame> {
    let frames = effects.iter().filter_map(|effect| match effect {
        Effect::Send(frame) => Some(frame.clone()),
        _ => None,
    });
    frames.collect()
}

/// The texts of the posts among some effects.
pub fn posts(effects: &[Effect]) -> Vec<String> {
    let bodies = sent(effects).into_iter().filter_map(|frame| match frame {
        ClientFrame::Post { body, .. } => Some(body),
        _ => None,
    });
    bodies.collect()
}

/// The number of the one question among some effects.
pub fn asked(effects: &[Effect]) -> Option<u32> {
    let mut numbers = sent(effects).into_iter().filter_map(|frame| match frame {
        ClientFrame::Changes { request, .. }
        | ClientFrame::History { request, .. }
        | ClientFrame::Ping { request }
        | ClientFrame::Echo { request, .. }
        | ClientFrame::Status { request } => Some(request),
        ClientFrame::Hello { .. } | ClientFrame::Post { .. } => None,
    });
    let number = numbers.next();
    assert_eq!(numbers.next(), None, "one question at a time: {effects:?}");
    number
}

/// From where `Changes` is asked, if it is.
pub fn since(effects: &[Effect]) -> Option<i64> {
    sent(effects).into_iter().find_map(|frame| match frame {
        ClientFrame::Changes { since, .. } => Some(since.0),
        _ => None,
    })
}

/// Which window is asked for, if any.
pub fn history(effects: &[Effect]) -> Option<Anchor> {
    sent(effects).into_iter().find_map(|frame| match frame {
        ClientFrame::History { at, .. } => Some(at),
        _ => None,
    })
}

pub fn refused(request: Option<u32>, id: Option<MessageId>, error: Error) -> ServerFrame {
    ServerFrame::Refused { request, id, error }
}
