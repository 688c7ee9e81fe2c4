//! Nobody sees what is not theirs: every frame that a server writes is held against what was committed.
//!
//! What decides is the order of commits, by each conversation's own numbers. Who goes hears of it, and of nothing with a
//! higher number: at the server that showed them out from then on, at the others within [`ELSEWHERE`].

use super::client::Client;
use super::network::{Down, Link};
use super::witness::History;
use super::world::World;
use hubbub::model::{ConversationId, InitialState, OpenedConversation, Rev, Rows, UserId, Window};
use hubbub::wire::ServerFrame;
use std::collections::BTreeMap;

impl World {
    /// Writes down what was committed.
    pub fn look(&mut self) {
        let before = self.history.conversations.len();
        let witness = self.witness.as_mut().expect("it watches from the first start");
        witness.look(self.mono, &mut self.history);
        if self.history.conversations.len() > before {
            let open = self.history.open();
            self.nodes.iter().flatten().for_each(|node| node.carries(&open));
        }
    }

    pub fn numbers(&mut self, sql: &'static str) -> Vec<(i64, i64, i64)> {
        self.witness.as_mut().expect("it watches from the first start").numbers(sql)
    }

    /// Takes what the servers have written: to clients, onto the bus, and the answers to errands.
    pub fn collect(&mut self) {
        let take = |(i, client): (usize, &mut Client)| {
            let written = client.link.as_mut().map(Link::written).unwrap_or_default();
            written.into_iter().map(move |down| (i, down))
        };
        let written: Vec<(usize, Down)> = self.clients.iter_mut().enumerate().flat_map(take).collect();
        if !written.is_empty() {
            // What was written tells of nothing later than this.
            self.look();
        }
        for (i, down) in written {
            self.take_in(i, down);
        }
        for from in self.up() {
            for (conversation, rev, text) in self.node(from).published() {
                self.publish(from, conversation, rev, text);
            }
        }
        self.reap();
    }

    fn take_in(&mut self, i: usize, down: Down) {
        let Some(link) = &mut self.clients[i].link else { return };
        assert!(!link.over, "the server went on after its end: {down:?}");
        let mut just_out = false;
        match &down {
            Down::Frame(text) => {
                let frame = ServerFrame::decode(text).unwrap();
                assert!(!link.revoked, "told after the session was revoked: {frame:?}");
                let (history, now, user) = (&self.history, self.mono, link.user);
                just_out = Sight { history, now, user, told_out: &mut link.told_out }.check(&frame);
                let unasked = matches!(
                    frame,
                    ServerFrame::Changed { .. }
                        | ServerFrame::Head { .. }
                        | ServerFrame::SummaryChanged { .. }
                        | ServerFrame::UserHead { .. }
                        | ServerFrame::Presence { request: None, .. }
                        | ServerFrame::ConversationDeleted { .. }
                        | ServerFrame::Typing { .. }
                );
                if !unasked {
                    link.unanswered -= 1;
                }
            }
            Down::Closed(_) | Down::Broken => (link.over, link.unanswered) = (true, 0),
        }
        if !link.dead {
            link.down.push_back(down);
        }
        if just_out {
            self.meet("somebody shown out elsewhere a moment ago");
        }
    }
}

/// How long what was done at one server may be unknown to another (milliseconds).
const ELSEWHERE: u64 = 5_000;

/// What one connection may see.
pub struct Sight<'a> {
    pub history: &'a History,
    pub now: u64,
    pub user: UserId,
    /// Which conversations this connection was told not to be theirs any more, by the server that knew it first, and after
    /// how many stays of theirs.
    pub told_out: &'a mut BTreeMap<ConversationId, usize>,
}

impl Sight<'_> {
    /// Holds a frame against what its receiver may see. Tells whether they may only because another server has shown
    /// them out a moment ago.
    pub fn check(&mut self, frame: &ServerFrame) -> bool {
        let judged = self.judge(frame);
        let because = judged.unwrap_or_else(|why| panic!("user {}: {why}: {frame:?}", self.user));
        self.learn(frame);
        because == Because::JustOut
    }

    fn learn(&mut self, frame: &ServerFrame) {
        match frame {
            ServerFrame::SummaryChanged { conversation, summary: None, .. } => {
                self.told_out.insert(*conversation, self.history.times(*conversation, self.user));
            }
            ServerFrame::SummaryChanged { conversation, summary: Some(_), .. } => {
                self.told_out.remove(conversation);
            }
            _ => {}
        }
    }

    fn judge(&self, frame: &ServerFrame) -> Result<Because, &'static str> {
        match frame {
            ServerFrame::Welcome { initial_state, .. } | ServerFrame::InitialState { initial_state, .. } => {
                self.initial_state(initial_state)
            }
            ServerFrame::Changed { conversation, rev, rows } => {
                whole(rows)?;
                self.live(*conversation, *rev)
            }
            ServerFrame::Head { conversation, rev } => self.live(*conversation, *rev),
            ServerFrame::Changes { conversation, through, rows, .. } => {
                whole(rows)?;
                self.read(*conversation, *through)
            }
            ServerFrame::Window { window, .. } => self.window(window),
            ServerFrame::Reset { conversation, .. } => self.lately(*conversation, self.user),
            ServerFrame::Posted { rows, .. } => {
                whole(rows)?;
                let own = rows.messages.iter().all(|message| message.author == self.user);
                if own { Ok(Because::Theirs) } else { Err("somebody else's message as their own") }
            }
            ServerFrame::SummaryChanged { conversation, summary: Some(summary), .. } => {
                self.read(*conversation, summary.rev)
            }
            ServerFrame::SummaryChanged { conversation, summary: None, .. } => {
                match self.history.knows(*conversation, self.user) {
                    true => Ok(Because::Theirs),
                    false => Err("told of a conversation that was never theirs"),
                }
            }
            ServerFrame::ConversationDeleted { conversation } => match self.history.ended(*conversation) {
                Some(_) => self.lately(*conversation, self.user).or_else(|why| {
                    // Told late is told.
                    let until_its_end = self.history.hears(*conversation, self.user, Rev(i64::MAX));
                    if until_its_end { Ok(Because::Theirs) } else { Err(why) }
                }),
                None => Err("told the end of what goes on"),
            },
            ServerFrame::Typing { conversation, person } => {
                self.lately(*conversation, person.id).map_err(|_| "somebody types where they are not")?;
                self.lately(*conversation, self.user)
            }
            ServerFrame::Refused { .. }
            | ServerFrame::UserHead { .. }
            | ServerFrame::Presence { .. }
            | ServerFrame::Done { .. }
            | ServerFrame::Pong { .. }
            | ServerFrame::Echoed { .. }
            | ServerFrame::Status { .. } => Ok(Because::Theirs),
            ServerFrame::Unknown => Err("a frame that no server sends"),
        }
    }

    /// A page, as the server renders it.
    pub fn page(&self, page: &OpenedConversation) {
        let judged = self.initial_state(&page.initial_state).and_then(|_| self.window(&page.window));
        judged.unwrap_or_else(|why| panic!("user {}: {why}: {page:?}", self.user));
    }

    /// A change that was told live.
    fn live(&self, id: ConversationId, rev: Rev) -> Result<Because, &'static str> {
        self.is_not_over(id)?;
        if self.history.hears(id, self.user, rev) {
            return Ok(Because::Theirs);
        }
        match self.history.went_before(id, self.user, rev) {
            Some(_) if self.knows_that_they_are_out(id) => {
                Err("told of what came after their going, by who knew of it")
            }
            Some(at) if self.now <= at + ELSEWHERE => Ok(Because::JustOut),
            Some(_) => Err("told of what came after their going"),
            None => Err("told of what is not theirs"),
        }
    }

    /// What was read at a number of a conversation.
    fn read(&self, id: ConversationId, through: Rev) -> Result<Because, &'static str> {
        self.is_not_over(id)?;
        if self.history.reads(id, self.user, through) { Ok(Because::Theirs) } else { Err("shown what is not theirs") }
    }

    /// Whether the server behind this connection has said so itself, and nobody has brought them back since.
    fn knows_that_they_are_out(&self, id: ConversationId) -> bool {
        self.told_out.get(&id) == Some(&self.history.times(id, self.user))
    }

    /// What has no number.
    fn lately(&self, id: ConversationId, user: UserId) -> Result<Because, &'static str> {
        match self.history.went(id, user) {
            _ if self.history.is_in(id, user) => Ok(Because::Theirs),
            Some(_) if user == self.user && self.knows_that_they_are_out(id) => Err("told after their going"),
            Some(at) if self.now <= at + ELSEWHERE => Ok(Because::JustOut),
            Some(_) => Err("told long after their going"),
            None => Err("told of what was never theirs"),
        }
    }

    fn is_not_over(&self, id: ConversationId) -> Result<(), &'static str> {
        match self.history.ended(id) {
            Some(at) if self.now > at + ELSEWHERE => Err("told of a room that ended long ago"),
            Some(_) | None => Ok(()),
        }
    }

    fn window(&self, window: &Window) -> Result<Because, &'static str> {
        self.read(window.conversation.id, window.through)
    }

    fn initial_state(&self, initial_state: &InitialState) -> Result<Because, &'static str> {
        if initial_state.me.person.id != self.user {
            return Err("the list of another");
        }
        for summary in &initial_state.conversations {
            self.read(summary.conversation.id, summary.rev)?;
            if summary.with.as_ref().is_some_and(|with| !self.history.knows(summary.conversation.id, with.id)) {
                return Err("a direct conversation with somebody who is not in it");
            }
        }
        Ok(Because::Theirs)
    }
}

/// Why somebody may see something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Because {
    Theirs,
    /// It was, until a moment ago, and this server cannot know better yet.
    JustOut,
}

/// Everyone whom a message names is there.
fn whole(rows: &Rows) -> Result<(), &'static str> {
    let known = |user| rows.members.iter().any(|member| member.person.id == user);
    let named = rows.messages.iter().all(|message| message.people().all(known));
    if named { Ok(()) } else { Err("a message that names somebody unknown") }
}
