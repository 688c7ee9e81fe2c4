//! How a client reads the server's frames.
//!
//! By way of one struct that holds the fields of all of them: what is derived for an enum told apart by a field first
//! copies every frame into values of no type, and weighs in the browser as much as the whole engine.

use super::{RequestId, ServerFrame, read, unreadable};
use crate::model::string_enum;
use crate::model::{
    ConversationId, ConversationSummary, Error, InitialState, MessageId, Person, Presence, Rev, Rows, Seq,
    ServerStatus, Window,
};
use serde::Deserialize;

#[derive(Clone, Copy)]
enum Type {
    Welcome,
    Changed,
    Changes,
    Reset,
    Window,
    Posted,
    SummaryChanged,
    UserHead,
    InitialState,
    ConversationDeleted,
    Typing,
    Presence,
    Done,
    Refused,
    Head,
    Pong,
    Echoed,
    Status,
}

string_enum!(Type {
    Welcome => "welcome",
    Changed => "changed",
    Changes => "changes",
    Reset => "reset",
    Window => "window",
    Posted => "posted",
    SummaryChanged => "summary_changed",
    UserHead => "user_head",
    InitialState => "initial_state",
    ConversationDeleted => "conversation_deleted",
    Typing => "typing",
    Presence => "presence",
    Done => "done",
    Refused => "refused",
    Head => "head",
    Pong => "pong",
    Echoed => "echoed",
    Status => "status",
});

#[derive(Deserialize)]
struct Fields {
    #[serde(rename = "type")]
    kind: Type,
    connection: Option<i64>,
    server: Option<String>,
    initial_state: Option<InitialState>,
    conversation: Option<ConversationId>,
    rev: Option<Rev>,
    since: Option<Rev>,
    through: Option<Rev>,
    head: Option<Seq>,
    rows: Option<Rows>,
    window: Option<Window>,
    request: Option<RequestId>,
    id: Option<MessageId>,
    error: Option<Error>,
    text: Option<String>,
    status: Option<ServerStatus>,
    user_rev: Option<Rev>,
    summary: Option<ConversationSummary>,
    person: Option<Person>,
    people: Option<Vec<Presence>>,
}

impl ServerFrame {
    /// Reads a frame. Fields that it does not know are ignored.
    ///
    /// # Errors
    /// `Invalid`: an unknown type, or not what a frame is.
    pub fn decode(text: &str) -> Result<Self, Error> {
        // What is wrong with it in detail, nobody would read.
        let fields: Fields = read(text).map_err(|_| unreadable("it is no frame of this protocol"))?;
        fields.frame().ok_or_else(|| unreadable("a field is missing"))
    }
}

impl Fields {
    fn frame(self) -> Option<ServerFrame> {
        let (conversation, request) = (self.conversation, self.request);
        Some(match self.kind {
            Type::Welcome => ServerFrame::Welcome {
                connection: self.connection?,
                server: self.server?,
                initial_state: self.initial_state?,
            },
            Type::Changed => ServerFrame::Changed { conversation: conversation?, rev: self.rev?, rows: self.rows? },
            Type::Changes => ServerFrame::Changes {
                request: request?,
                conversation: conversation?,
                since: self.since?,
                through: self.through?,
                head: self.head?,
                rows: self.rows?,
            },
            Type::Reset => ServerFrame::Reset { request: request?, conversation: conversation? },
            Type::Window => ServerFrame::Window { request: request?, window: self.window? },
            Type::Posted => ServerFrame::Posted { id: self.id?, conversation: conversation?, rows: self.rows? },
            Type::SummaryChanged => ServerFrame::SummaryChanged {
                user_rev: self.user_rev?,
                conversation: conversation?,
                summary: self.summary,
            },
            Type::UserHead => ServerFrame::UserHead { user_rev: self.user_rev? },
            Type::InitialState => ServerFrame::InitialState { request: request?, initial_state: self.initial_state? },
            Type::ConversationDeleted => ServerFrame::ConversationDeleted { conversation: conversation? },
            Type::Typing => ServerFrame::Typing { conversation: conversation?, person: self.person? },
            Type::Presence => ServerFrame::Presence { request, people: self.people? },
            Type::Done => ServerFrame::Done { request: request? },
            Type::Refused => ServerFrame::Refused { request, id: self.id, error: self.error? },
            Type::Head => ServerFrame::Head { conversation: conversation?, rev: self.rev? },
            Type::Pong => ServerFrame::Pong { request: request? },
            Type::Echoed => ServerFrame::Echoed { request: request?, text: self.text? },
            Type::Status => ServerFrame::Status { request: request?, status: self.status? },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Conversation, ConversationKind, Epoch, Me, Millis, ReadPosition, Role, UserId};

    /// One of each; the match makes sure that none is forgotten.
    fn frames() -> Vec<ServerFrame> {
        let (request, conversation) = (7, ConversationId(3));
        let rows = Rows::default();
        let row = Conversation {
            id: conversation,
            rev: Rev(4),
            kind: ConversationKind::Public,
            name: "General".to_owned(),
            topic: String::new(),
            owner: Some(UserId(1)),
            member_count: 2,
        };
        let read = ReadPosition { seq: Seq(1), others_count: 1 };
        let summary = ConversationSummary {
            conversation: row.clone(),
            with: None,
            rev: Rev(4),
            head: Seq(2),
            at: Millis(8),
            others_count: 2,
            read,
        };
        let window = Window { conversation: row, through: Rev(4), head: Seq(2), messages: vec![], members: vec![] };
        let person = Person {
            id: UserId(1),
            username: "ana".to_owned(),
            first_name: "Ana".to_owned(),
            last_name: "Bo".to_owned(),
        };
        let me = Me { person, email: "ana@x.example".to_owned(), role: Role::Owner, may_invite: false };
        let initial_state = InitialState { epoch: Epoch::default(), user_rev: Rev(1), me, conversations: vec![] };
        let status = ServerStatus { version: "1".to_owned(), uptime: 5, connections: 6, now: Millis(7) };
        let id = MessageId::new(Millis(1_700_000_000_000), [7; 10]);
        let frames = vec![
            ServerFrame::Welcome { connection: 9, server: "1".to_owned(), initial_state: initial_state.clone() },
            ServerFrame::Changed { conversation, rev: Rev(5), rows: rows.clone() },
            ServerFrame::Changes {
                request,
                conversation,
                since: Rev(1),
                through: Rev(2),
                head: Seq(3),
                rows: rows.clone(),
            },
            ServerFrame::Reset { request, conversation },
            ServerFrame::Window { request, window },
            ServerFrame::Posted { id, conversation, rows },
            ServerFrame::SummaryChanged { user_rev: Rev(2), conversation, summary: Some(summary) },
            ServerFrame::SummaryChanged { user_rev: Rev(3), conversation, summary: None },
            ServerFrame::UserHead { user_rev: Rev(3) },
            ServerFrame::InitialState { request, initial_state: initial_state.clone() },
            ServerFrame::ConversationDeleted { conversation },
            ServerFrame::Typing { conversation, person: initial_state.me.person.clone() },
            ServerFrame::Presence { request: Some(request), people: vec![Presence::unseen(UserId(1))] },
            ServerFrame::Presence { request: None, people: vec![] },
            ServerFrame::Done { request },
            ServerFrame::Refused { request: Some(request), id: None, error: Error::not_found() },
            ServerFrame::Refused { request: None, id: Some(id), error: Error::not_found() },
            ServerFrame::Head { conversation, rev: Rev(5) },
            ServerFrame::Pong { request },
            ServerFrame::Echoed { request, text: "x".to_owned() },
            ServerFrame::Status { request, status },
        ];
        for frame in &frames {
            match frame {
                ServerFrame::Welcome { .. }
                | ServerFrame::Changed { .. }
                | ServerFrame::Changes { .. }
                | ServerFrame::Reset { .. }
                | ServerFrame::Window { .. }
                | ServerFrame::Posted { .. }
                | ServerFrame::SummaryChanged { .. }
                | ServerFrame::UserHead { .. }
                | ServerFrame::InitialState { .. }
                | ServerFrame::ConversationDeleted { .. }
                | ServerFrame::Typing { .. }
                | ServerFrame::Presence { .. }
                | ServerFrame::Done { .. }
                | ServerFrame::Refused { .. }
                | ServerFrame::Head { .. }
                | ServerFrame::Pong { .. }
                | ServerFrame::Echoed { .. }
                | ServerFrame::Status { .. } => {}
            }
        }
        frames
    }

    #[test]
    fn what_the_server_writes_a_client_reads() {
        for frame in frames() {
            assert_eq!(ServerFrame::decode(&frame.encode()), Ok(frame));
        }
    }

    #[test]
    fn a_frame_without_a_field_of_its_own_or_of_an_unknown_type_is_not_read() {
        for text in ["", "{}", r#"{"type":"pong"}"#, r#"{"type":"later"}"#, r#"{"type":"head","conversation":1}"#] {
            assert!(ServerFrame::decode(text).is_err(), "{text}");
        }
        assert_eq!(
            ServerFrame::decode(r#"{"type":"pong","request":1,"new":[2]}"#),
            Ok(ServerFrame::Pong { request: 1 })
        );
    }
}
