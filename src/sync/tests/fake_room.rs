//! A fake server with one room.

use super::*;
use std::collections::BTreeMap;

/// A room with the server's state and answers.
#[derive(Clone)]
pub struct FakeRoom {
    pub epoch: Epoch,
    pub user: UserId,
    pub rev: Rev,
    pub user_rev: Rev,
    pub read: ReadPosition,
    pub row: Conversation,
    pub messages: Vec<Arc<Message>>,
    pub members: BTreeMap<UserId, Member>,
}

impl FakeRoom {
    pub fn new() -> Self {
        let row = Conversation {
            id: ROOM,
            rev: Rev(1),
            kind: ConversationKind::General,
            name: "General".into(),
            topic: String::new(),
            owner: None,
            member_count: 2,
        };
        let member = |id: UserId| Member { person: person(id), state: MemberState::Joined, rev: Rev(1) };
        let members = [(ME, member(ME)), (ANA, member(ANA))].into();
        FakeRoom {
            epoch: Epoch(7),
            user: ME,
            rev: Rev(1),
            user_rev: Rev(1),
            read: ReadPosition::default(),
            row,
            messages: Vec::new(),
            members,
        }
    }

    /// A room with so many messages of Ana's.
    pub fn with(count: usize) -> Self {
        let mut room = FakeRoom::new();
        for n in 0..count {
            room.post(ANA, &format!("message {}", n + 1));
        }
        room
    }

    pub fn head(&self) -> Seq {
        Seq(self.messages.len() as i64)
    }

    fn changed(&mut self, rows: Rows) -> ServerFrame {
        ServerFrame::Changed { conversation: ROOM, rev: self.rev, rows }
    }

    fn author(&self, message: &Message) -> Vec<Member> {
        self.members.get(&message.author).cloned().into_iter().collect()
    }

    /// Somebody posts a message; returns the live frame.
    pub fn post(&mut self, author: UserId, body: &str) -> ServerFrame {
        let id = MessageId::new(Millis(self.messages.len() as i64), [author.0 as u8; 10]);
        self.insert(author, id, body)
    }

    pub fn insert(&mut self, author: UserId, id: MessageId, body: &str) -> ServerFrame {
        self.rev = self.rev.next();
        let (seq, at) = (self.head().next(), Millis(1_000));
        let message = Arc::new(Message { id, seq, rev: self.rev, author, at, content: Content::text(body) });
        self.messages.push(message.clone());
        let members = self.author(&message);
        self.changed(Rows { conversation: None, members, messages: vec![message] })
    }

    /// Changes a message's text; returns the live frame.
    pub fn edit(&mut self, seq: i64, body: &str) -> ServerFrame {
        self.rev = self.rev.next();
        let place = &mut self.messages[seq as usize - 1];
        *place = Arc::new(Message { rev: self.rev, content: Content::text(body), ..(**place).clone() });
        let message = place.clone();
        self.changed(Rows { messages: vec![message], ..Rows::default() })
    }

    pub fn rename(&mut self, name: &str) -> ServerFrame {
        self.rev = self.rev.next();
        self.row = Conversation { rev: self.rev, name: name.into(), ..self.row.clone() };
        let row = self.row.clone();
        self.changed(Rows { conversation: Some(row), ..Rows::default() })
    }

    /// Changes Ana's first name; returns the live frame.
    pub fn rename_ana(&mut self, name: &str) -> ServerFrame {
        self.rev = self.rev.next();
        let person = Person { first_name: name.into(), ..person(ANA) };
        let member = Member { person, state: MemberState::Joined, rev: self.rev };
        self.members.insert(ANA, member.clone());
        self.changed(Rows { members: vec![member], ..Rows::default() })
    }

    /// Sets the user's read position; returns the frame for all of their devices.
    pub fn set_read(&mut self, seq: Seq) -> ServerFrame {
        let texts = self.messages.iter().filter(|message| message.is_text() && message.author != self.user);
        let others_message_count = texts.filter(|message| message.seq <= seq).count() as i64;
        self.read = ReadPosition { seq, others_message_count };
        self.user_rev = self.user_rev.next();
        let summary = self.initial_state().conversations.pop();
        ServerFrame::SummaryChanged { user_rev: self.user_rev, conversation: ROOM, summary }
    }

    pub fn initial_state(&self) -> InitialState {
        let me =
            Me { person: person(self.user), email: "me@harbour.example".into(), role: Role::Member, may_invite: false };
        let others = self.messages.iter().filter(|message| message.is_text() && message.author != self.user);
        let listed = ConversationSummary {
            conversation: self.row.clone(),
            with: None,
            rev: self.rev,
            head: self.head(),
            at: self.messages.iter().map(|message| message.at).max().unwrap_or_default(),
            others_message_count: others.count() as i64,
            read: self.read,
        };
        let workspace = "Harbour".to_owned();
        InitialState { epoch: self.epoch, user_rev: self.user_rev, me, workspace, conversations: vec![listed] }
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
        let messages = self.messages.iter().filter(|message| range.contains(&message.seq.0)).cloned();
        let messages = messages.collect::<Vec<_>>();
        let authors = self.members.values().filter(|member| messages.iter().any(|m| m.author == member.person.id));
        let members = authors.cloned().collect();
        Window { conversation: self.row.clone(), through: self.rev, head: self.head(), messages, members }
    }

    pub fn page(&self) -> OpenedConversation {
        let window = self.window(Anchor::Latest, 50);
        OpenedConversation { initial_state: self.initial_state(), window, invite_link: None }
    }

    pub fn seed(&self) -> Event {
        Event::Loaded(Box::new(self.page()))
    }

    pub fn welcome(&self) -> ServerFrame {
        ServerFrame::Welcome { connection: 9, server: "0.1.0".into(), initial_state: self.initial_state() }
    }

    /// The server's answer to a frame, and the live frame for everyone, if any.
    pub fn answer(&mut self, frame: ClientFrame) -> (ServerFrame, Option<ServerFrame>) {
        let answer = match frame {
            ClientFrame::Hello { .. } => self.welcome(),
            ClientFrame::Post { id, conversation, body, after } => {
                let is_posted =
                    |id| self.messages.iter().any(|message| message.author == self.user && message.id == id);
                let is_repeat = is_posted(id);
                if !is_repeat && after.is_some_and(|before| !is_posted(before)) {
                    return (refused(None, Some(id), Error::unavailable()), None);
                }
                let live = (!is_repeat).then(|| self.insert(self.user, id, &body));
                return (self.posted(id, conversation), live);
            }
            ClientFrame::Changes { request, conversation, since } => self.catch_up(request, conversation, since),
            ClientFrame::History { request, at, limit, .. } => {
                ServerFrame::Window { request, window: self.window(at, limit) }
            }
            ClientFrame::InitialState { request } => {
                ServerFrame::InitialState { request, initial_state: self.initial_state() }
            }
            ClientFrame::Read { request, seq, replaces, .. } => {
                let position = self.read.seq;
                if replaces.is_some_and(|replaced| replaced != position && seq != position) {
                    return (refused(Some(request), None, Error::conflict()), None);
                }
                if seq == position || seq < position && replaces.is_none() {
                    return (ServerFrame::Done { request }, None);
                }
                let mine = self.set_read(seq);
                return (ServerFrame::Done { request }, Some(mine));
            }
            ClientFrame::WatchPresence { request, users } => {
                let people = users.into_iter().map(Presence::unseen).collect();
                ServerFrame::Presence { request: Some(request), people }
            }
            ClientFrame::Typing { .. } | ClientFrame::Active {} => panic!("it has no answer"),
            ClientFrame::Ping { request } => ServerFrame::Pong { request },
            ClientFrame::Echo { request, text } => ServerFrame::Echoed { request, text },
            ClientFrame::Status { request } => ServerFrame::Status { request, status: status() },
        };
        (answer, None)
    }

    pub fn posted(&self, id: MessageId, conversation: ConversationId) -> ServerFrame {
        let messages = self.messages.iter().filter(|message| message.id == id).cloned().collect::<Vec<_>>();
        let members = messages.iter().flat_map(|message| self.author(message)).collect();
        ServerFrame::Posted { id, conversation, rows: Rows { conversation: None, members, messages } }
    }

    fn catch_up(&self, request: u32, conversation: ConversationId, since: Rev) -> ServerFrame {
        let messages = self.messages.iter().filter(|message| message.rev > since).cloned().collect::<Vec<_>>();
        if messages.len() > crate::model::conversation::CHANGES_MAX {
            return ServerFrame::Reset { request, conversation };
        }
        let row = Some(self.row.clone()).filter(|row| row.rev > since);
        let wanted = |m: &&Member| m.rev > since || messages.iter().any(|message| message.author == m.person.id);
        let members = self.members.values().filter(wanted).cloned().collect();
        let rows = Rows { conversation: row, members, messages };
        ServerFrame::Changes { request, conversation, since, through: self.rev, head: self.head(), rows }
    }
}
