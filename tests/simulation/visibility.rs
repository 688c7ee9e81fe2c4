//! Access: no client receives what its user may not see. Every frame that a server writes is compared with what was
//! committed.
//!
//! The order of commits decides, by each conversation's revisions. A removed member receives the change of their
//! removal and nothing with a higher revision: from the server that removed them at once, from the others within
//! [`PROPAGATED_WITHIN`].

use super::client::Client;
use super::commit_log::History;
use super::network::{Connection, Down};
use super::world::World;
use hubbub::model::{ConversationId, InitialState, OpenedConversation, Rev, Rows, UserId, Window};
use hubbub::wire::ServerFrame;
use std::collections::BTreeMap;

impl World {
    /// Reads what was committed.
    pub fn read_commit_log(&mut self) {
        let before = self.history.conversations.len();
        let commit_log = self.commit_log.as_mut().expect("it is opened at the first start");
        commit_log.read_new(self.mono, &mut self.history);
        if self.history.conversations.len() > before {
            let open = self.history.open();
            self.nodes.iter().flatten().for_each(|node| node.subscribe_bus(&open));
        }
    }

    pub fn numbers(&mut self, sql: &'static str) -> Vec<(i64, i64, i64)> {
        self.commit_log.as_mut().expect("it is opened at the first start").numbers(sql)
    }

    /// Collects what the servers have written: to clients, onto the bus, and the results of tasks.
    pub fn collect(&mut self) {
        let take = |(i, client): (usize, &mut Client)| {
            let written = client.connection.as_mut().map(Connection::written).unwrap_or_default();
            written.into_iter().map(move |down| (i, down))
        };
        let written: Vec<(usize, Down)> = self.clients.iter_mut().enumerate().flat_map(take).collect();
        if !written.is_empty() {
            // What was written contains nothing that was committed later than this.
            self.read_commit_log();
        }
        for (i, down) in written {
            self.take_in(i, down);
        }
        for from in self.up() {
            for (conversation, rev, text) in self.node(from).published() {
                self.publish(from, conversation, rev, text);
            }
        }
        self.collect_results();
    }

    fn take_in(&mut self, i: usize, down: Down) {
        let Some(connection) = &mut self.clients[i].connection else { return };
        assert!(!connection.is_closed, "the server wrote after closing: {down:?}");
        let mut recently_removed = false;
        match &down {
            Down::Frame(text) => {
                let frame = ServerFrame::decode(text).unwrap();
                assert!(!connection.revoked, "a frame after the session was revoked: {frame:?}");
                let (history, now, user) = (&self.history, self.mono, connection.user);
                recently_removed =
                    AccessCheck { history, now, user, known_removals: &mut connection.known_removals }.check(&frame);
                let unasked = matches!(
                    frame,
                    ServerFrame::Changed { .. }
                        | ServerFrame::ConversationRevision { .. }
                        | ServerFrame::SummaryChanged { .. }
                        | ServerFrame::UserRevision { .. }
                        | ServerFrame::Presence { request: None, .. }
                        | ServerFrame::ConversationDeleted { .. }
                        | ServerFrame::Typing { .. }
                );
                if !unasked {
                    connection.unanswered -= 1;
                }
            }
            Down::Closed(_) | Down::Broken => (connection.is_closed, connection.unanswered) = (true, 0),
        }
        if !connection.is_blackholed {
            connection.down.push_back(down);
        }
        if recently_removed {
            self.cover("a frame to a member just removed by another server");
        }
    }
}

/// The longest time for which a server may not know of what another one did (milliseconds).
const PROPAGATED_WITHIN: u64 = 5_000;

/// Checks what one connection receives.
pub struct AccessCheck<'a> {
    pub history: &'a History,
    pub now: u64,
    pub user: UserId,
    /// The conversations that the server has removed from the user's list over this connection, with the user's join
    /// count then.
    pub known_removals: &'a mut BTreeMap<ConversationId, usize>,
}

impl AccessCheck<'_> {
    /// Checks that a user may receive a frame. Returns whether only because another server has removed them a moment
    /// ago.
    pub fn check(&mut self, frame: &ServerFrame) -> bool {
        let reason = self.reason(frame);
        let reason = reason.unwrap_or_else(|why| {
            let known = self.history.about(self.user);
            panic!("user {} at {}: {why}: {frame:?}\n{known}", self.user, self.now)
        });
        self.record(frame);
        reason == Reason::RecentlyRemoved
    }

    fn record(&mut self, frame: &ServerFrame) {
        match frame {
            ServerFrame::SummaryChanged { conversation, summary: None, .. } => {
                self.known_removals.insert(*conversation, self.history.join_count(*conversation, self.user));
            }
            ServerFrame::SummaryChanged { conversation, summary: Some(_), .. } => {
                self.known_removals.remove(conversation);
            }
            _ => {}
        }
    }

    fn reason(&self, frame: &ServerFrame) -> Result<Reason, &'static str> {
        match frame {
            ServerFrame::Welcome { initial_state, .. } | ServerFrame::InitialState { initial_state, .. } => {
                self.initial_state(initial_state)
            }
            ServerFrame::Changed { conversation, rev, rows } => {
                names_are_known(rows)?;
                self.live(*conversation, *rev)
            }
            ServerFrame::ConversationRevision { conversation, rev } => self.live(*conversation, *rev),
            ServerFrame::Changes { conversation, through, rows, .. } => {
                names_are_known(rows)?;
                self.read(*conversation, *through)
            }
            ServerFrame::Window { window, .. } => self.window(window),
            ServerFrame::Reset { conversation, .. } => self.recent_member(*conversation, self.user),
            ServerFrame::Posted { rows, .. } => {
                names_are_known(rows)?;
                let own = rows.messages.iter().all(|message| message.author == self.user);
                if own { Ok(Reason::Member) } else { Err("a message of another author acknowledged") }
            }
            ServerFrame::SummaryChanged { conversation, summary: Some(summary), .. } => {
                self.read(*conversation, summary.rev)
            }
            ServerFrame::SummaryChanged { conversation, summary: None, .. } => {
                match self.history.was_ever_member(*conversation, self.user) {
                    true => Ok(Reason::Member),
                    false => Err("the removal of a conversation the user was never in"),
                }
            }
            ServerFrame::ConversationDeleted { conversation } => match self.history.deleted_at(*conversation) {
                Some(_) => self.recent_member(*conversation, self.user).or_else(|why| {
                    // A late announcement is fine.
                    let until_its_end = self.history.may_receive(*conversation, self.user, Rev(i64::MAX));
                    if until_its_end { Ok(Reason::Member) } else { Err(why) }
                }),
                None => Err("the deletion of a room that exists"),
            },
            ServerFrame::Typing { conversation, person } => {
                self.recent_member(*conversation, person.id).map_err(|_| "a typing indicator of a non-member")?;
                self.recent_member(*conversation, self.user)
            }
            ServerFrame::Refused { .. }
            | ServerFrame::UserRevision { .. }
            | ServerFrame::Workspace { .. }
            | ServerFrame::Presence { .. }
            | ServerFrame::Done { .. }
            | ServerFrame::Pong { .. }
            | ServerFrame::Echoed { .. }
            | ServerFrame::Status { .. } => Ok(Reason::Member),
            ServerFrame::Unknown => Err("a frame that no server sends"),
        }
    }

    /// Checks a page as the server renders it.
    pub fn page(&self, page: &OpenedConversation) {
        let reason = self.initial_state(&page.initial_state).and_then(|_| self.window(&page.window));
        reason.unwrap_or_else(|why| panic!("user {}: {why}: {page:?}", self.user));
    }

    /// A live change.
    fn live(&self, id: ConversationId, rev: Rev) -> Result<Reason, &'static str> {
        self.not_deleted_long_ago(id)?;
        if self.history.may_receive(id, self.user, rev) {
            return Ok(Reason::Member);
        }
        match self.history.left_before(id, self.user, rev) {
            Some(_) if self.server_knows_removal(id) => {
                Err("a change after their removal, from the server that knew of it")
            }
            Some(at) if self.now <= at + PROPAGATED_WITHIN => Ok(Reason::RecentlyRemoved),
            Some(_) => Err("a change after their removal"),
            None => Err("a change of a conversation the user was never in"),
        }
    }

    /// Rows that were read at a revision of a conversation.
    fn read(&self, id: ConversationId, through: Rev) -> Result<Reason, &'static str> {
        self.not_deleted_long_ago(id)?;
        if self.history.may_read(id, self.user, through) {
            Ok(Reason::Member)
        } else {
            Err("rows of a conversation the user is not in")
        }
    }

    /// Whether the server of this connection has announced the removal itself, and nobody has added them again since.
    fn server_knows_removal(&self, id: ConversationId) -> bool {
        self.known_removals.get(&id) == Some(&self.history.join_count(id, self.user))
    }

    /// A frame without a revision.
    fn recent_member(&self, id: ConversationId, user: UserId) -> Result<Reason, &'static str> {
        match self.history.left_at(id, user) {
            _ if self.history.is_member(id, user) => Ok(Reason::Member),
            Some(_) if user == self.user && self.server_knows_removal(id) => {
                Err("a frame after their removal, from the server that knew of it")
            }
            Some(at) if self.now <= at + PROPAGATED_WITHIN => Ok(Reason::RecentlyRemoved),
            Some(_) => Err("a frame long after their removal"),
            None => Err("a frame of a conversation the user was never in"),
        }
    }

    fn not_deleted_long_ago(&self, id: ConversationId) -> Result<(), &'static str> {
        match self.history.deleted_at(id) {
            Some(at) if self.now > at + PROPAGATED_WITHIN => Err("a frame of a room deleted long ago"),
            Some(_) | None => Ok(()),
        }
    }

    fn window(&self, window: &Window) -> Result<Reason, &'static str> {
        self.read(window.conversation.id, window.through)
    }

    fn initial_state(&self, initial_state: &InitialState) -> Result<Reason, &'static str> {
        if initial_state.me.person.id != self.user {
            return Err("the list of another user");
        }
        for summary in &initial_state.conversations {
            self.read(summary.conversation.id, summary.rev)?;
            if summary.with.as_ref().is_some_and(|with| !self.history.was_ever_member(summary.conversation.id, with.id))
            {
                return Err("a direct conversation with a non-member");
            }
        }
        Ok(Reason::Member)
    }
}

/// Why a user may receive a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    Member,
    /// They were a member until a moment ago, and this server cannot know better yet.
    RecentlyRemoved,
}

/// Every user whom a message names is among the rows' members.
fn names_are_known(rows: &Rows) -> Result<(), &'static str> {
    let known = |user| rows.members.iter().any(|member| member.person.id == user);
    let named = rows.messages.iter().all(|message| message.people().all(known));
    if named { Ok(()) } else { Err("a message that names a user who is not among its members") }
}
