//! A room as the server keeps it, with the server's answers.

use super::*;
use std::collections::BTreeMap;

/// A room as the server keeps it.
#[derive(Clone)]
pub struct Room {
    pub epoch: Epoch,
    pub user: UserId,
    pub rev: Rev,
    pub user_rev: Rev,
    pub read: ReadPosition,
    pub row: Conversation,
    pub messages: Vec<Arc<Message>>,
    pub members: BTreeMap<UserId, Member>,
}

impl Room {
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
        Room {
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
        ServerFrame::Changed { conversation: ROOM, rev: self.rev, rows }
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
        let message = Arc::new(Message { id, seq, rev: self.rev, author, at, content: Content::text(body) });
        self.messages.push(message.clone());
        let members = self.author(&message);
        self.changed(Rows { conversation: None, members, messages: vec![message] })
    }

    /// A message is given another text.
    pub fn edits(&mut self, seq: i64, body: &str) -> ServerFrame {
        self.rev = self.rev.next();
        let place = &mut self.messages[seq as usize - 1];
        *place = Arc::new(Message { rev: self.rev, content: Content::text(body), ..(**place).clone() });
        let message = place.clone();
        self.changed(Rows { messages: vec![message], ..Rows::default() })
    }

    pub fn renames(&mut self, name: &str) -> ServerFrame {
        self.rev = self.rev.next();
        self.row = Conversation { rev: self.rev, name: name.into(), ..self.row.clone() };
        let row = self.row.clone();
        self.changed(Rows { conversation: Some(row), ..Rows::default() })
    }

    /// Ana gets another first name.
    pub fn calls_ana(&mut self, name: &str) -> ServerFrame {
        self.rev = self.rev.next();
        let person = Person { first_name: name.into(), ..person(ANA) };
        let member = Member { person, state: MemberState::Joined, rev: self.rev };
        self.members.insert(ANA, member.clone());
        self.changed(Rows { members: vec![member], ..Rows::default() })
    }

    /// The user has read up to here; the frame goes to all of their devices.
    pub fn reads(&mut self, seq: Seq) -> ServerFrame {
        let texts = self.messages.iter().filter(|message| message.is_text() && message.author != self.user);
        let others_count = texts.filter(|message| message.seq <= seq).count() as i64;
        self.read = ReadPosition { seq, others_count };
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
            others_count: others.count() as i64,
            read: self.read,
        };
        InitialState { epoch: self.epoch, user_rev: self.user_rev, me, conversations: vec![listed] }
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
        OpenedConversation { initial_state: self.initial_state(), window: self.window(Anchor::Latest, 50) }
    }

    pub fn seed(&self) -> Event {
        Event::Loaded(Box::new(self.page()))
    }

    pub fn welcome(&self) -> ServerFrame {
        ServerFrame::Welcome { connection: 9, server: "0.1.0".into(), initial_state: self.initial_state() }
    }

    /// What the server says to a frame, and what it tells everyone.
    pub fn answers(&mut self, frame: ClientFrame) -> (ServerFrame, Option<ServerFrame>) {
        let answer = match frame {
            ClientFrame::Hello { .. } => self.welcome(),
            ClientFrame::Post { id, conversation, body, after } => {
                let stands = |id| self.messages.iter().any(|message| message.author == self.user && message.id == id);
                let known = stands(id);
                if !known && after.is_some_and(|before| !stands(before)) {
                    return (refused(None, Some(id), Error::unavailable()), None);
                }
                let live = (!known).then(|| self.takes(self.user, id, &body));
                return (self.posted(id, conversation), live);
            }
            ClientFrame::Changes { request, conversation, since } => self.catch_up(request, conversation, since),
            ClientFrame::History { request, at, limit, .. } => {
                ServerFrame::Window { request, window: self.window(at, limit) }
            }
            ClientFrame::InitialState { request } => {
                ServerFrame::InitialState { request, initial_state: self.initial_state() }
            }
            ClientFrame::Read { request, seq, .. } => {
                let mine = self.reads(seq);
                return (ServerFrame::Done { request }, Some(mine));
            }
            ClientFrame::WatchPresence { request, users } => {
                let people = users.into_iter().map(Presence::unseen).collect();
                ServerFrame::Presence { request: Some(request), people }
            }
            ClientFrame::Typing { .. } | ClientFrame::Active {} => panic!("not a question"),
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
