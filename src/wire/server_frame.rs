//! From the server to a client: events and answers.

use super::RequestId;
use crate::model::{
    ConversationId, ConversationSummary, Error, InitialState, MessageId, Person, Presence, Rev, Rows, Seq,
    ServerStatus, Window, json,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Declares the frames, and how one is read: first its `type`, then the fields of that type.
///
/// What serde derives for an enum with an inner tag copies every frame into values without a type before it reads them,
/// and compiles the reading of every type once more for those values: 40 kB of what a browser downloads.
macro_rules! frames {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $(
                $(#[$variant_meta:meta])*
                $variant:ident { $( $(#[$field_meta:meta])* $field:ident: $type:ty, )* },
            )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
        #[serde(tag = "type", rename_all = "snake_case")]
        pub enum $name {
            $( $(#[$variant_meta])* $variant { $( $(#[$field_meta])* $field: $type, )* }, )*
            /// A frame of a newer server that this client does not know.
            Unknown,
        }

        impl $name {
            /// Decodes a frame. Unknown fields are ignored; an unknown type is `Unknown`.
            ///
            /// # Errors
            /// What is wrong with it.
            pub fn decode(text: &str) -> Result<Self, UnreadableFrame> {
                #[derive(Deserialize)]
                #[serde(rename_all = "snake_case")]
                enum Type {
                    $( $variant, )*
                    #[serde(other)]
                    Unknown,
                }
                #[derive(Deserialize)]
                struct Tag {
                    r#type: Type,
                }
                let Tag { r#type } = read(text)?;
                Ok(match r#type {
                    $(
                        Type::$variant => {
                            #[derive(Deserialize)]
                            struct Fields {
                                $( $(#[$field_meta])* $field: $type, )*
                            }
                            let Fields { $( $field ),* } = read(text)?;
                            $name::$variant { $( $field ),* }
                        }
                    )*
                    Type::Unknown => $name::Unknown,
                })
            }
        }
    };
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, UnreadableFrame> {
    json::read(text).map_err(|cause| UnreadableFrame(cause.to_string()))
}

frames! {
/// A frame from the server to a client.
pub enum ServerFrame {
    /// The answer to `Hello`. The connection was subscribed before this was read, so no change is missed in between.
    Welcome {
        /// This connection's number, for diagnostics.
        connection: i64,
        /// The server's version; a page of another version offers to reload.
        server: String,
        initial_state: InitialState,
    },
    /// One live change: the rows as of `rev`.
    Changed {
        conversation: ConversationId,
        rev: Rev,
        rows: Rows,
    },
    /// Everything with a `rev` above `since` up to and including `through`, read in one snapshot.
    Changes {
        request: RequestId,
        conversation: ConversationId,
        since: Rev,
        through: Rev,
        head: Seq,
        rows: Rows,
    },
    /// Too much has changed: request a window instead.
    Reset {
        request: RequestId,
        conversation: ConversationId,
    },
    /// The window that `History` requested.
    Window {
        request: RequestId,
        window: Window,
    },
    /// The message with this identifier is committed to disk. The rows are the message in its current state, and its
    /// author.
    Posted {
        id: MessageId,
        conversation: ConversationId,
        rows: Rows,
    },
    /// The current state of one entry of the user's conversation list, sent to all of their devices. Without `summary`
    /// the user is no longer a member.
    SummaryChanged {
        user_rev: Rev,
        conversation: ConversationId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        summary: Option<ConversationSummary>,
    },
    /// The user's own state was changed up to this revision where this server could not see it: request the initial
    /// state.
    UserRevision {
        user_rev: Rev,
    },
    /// The user and their whole conversation list.
    InitialState {
        request: RequestId,
        initial_state: InitialState,
    },
    /// The workspace's name, when its owner has changed it.
    Workspace {
        name: String,
    },
    /// The room has been deleted.
    ConversationDeleted {
        conversation: ConversationId,
    },
    /// Somebody is typing; it expires after [`super::TYPING_FOR`].
    Typing {
        conversation: ConversationId,
        person: Person,
    },
    /// Presence: the answer to `WatchPresence`, or, without `request`, what has changed.
    Presence {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        request: Option<RequestId>,
        people: Vec<Presence>,
    },
    /// The request was carried out.
    Done {
        request: RequestId,
    },
    /// A request or a post failed. `request` or `id` identifies it; both are missing for a frame that could not be
    /// read.
    Refused {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        request: Option<RequestId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<MessageId>,
        error: Error,
    },
    /// A revision exists whose change this server could not see: it was made by the operator's commands, or another
    /// node's frame was lost.
    ConversationRevision {
        conversation: ConversationId,
        rev: Rev,
    },
    Pong {
        request: RequestId,
    },
    Echoed {
        request: RequestId,
        text: String,
    },
    Status {
        request: RequestId,
        status: ServerStatus,
    },
}
}

/// A frame of a known type with an unknown shape: the server speaks another protocol.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the frame could not be read: {0}")]
pub struct UnreadableFrame(String);

impl ServerFrame {
    pub fn encode(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        Code, Content, Conversation, ConversationKind, Epoch, Field, Me, MemberState, Millis, Notice, PresenceState,
        ReadPosition, Role, UserId,
    };

    /// One of each kind; the match makes sure that none is forgotten.
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
        let read = ReadPosition { seq: Seq(1), others_message_count: 1 };
        let summary = ConversationSummary {
            conversation: row.clone(),
            with: None,
            rev: Rev(4),
            head: Seq(2),
            at: Millis(8),
            others_message_count: 2,
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
        let workspace = "Harbour".to_owned();
        let initial_state =
            InitialState { epoch: Epoch::default(), user_rev: Rev(1), me, workspace, conversations: vec![] };
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
            ServerFrame::UserRevision { user_rev: Rev(3) },
            ServerFrame::InitialState { request, initial_state: initial_state.clone() },
            ServerFrame::Workspace { name: "Harbour".to_owned() },
            ServerFrame::ConversationDeleted { conversation },
            ServerFrame::Typing { conversation, person: initial_state.me.person.clone() },
            ServerFrame::Presence { request: Some(request), people: vec![Presence::unseen(UserId(1))] },
            ServerFrame::Presence { request: None, people: vec![] },
            ServerFrame::Done { request },
            ServerFrame::Refused { request: Some(request), id: None, error: Error::not_found() },
            ServerFrame::Refused { request: None, id: Some(id), error: Error::not_found() },
            ServerFrame::ConversationRevision { conversation, rev: Rev(5) },
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
                | ServerFrame::UserRevision { .. }
                | ServerFrame::InitialState { .. }
                | ServerFrame::ConversationDeleted { .. }
                | ServerFrame::Typing { .. }
                | ServerFrame::Presence { .. }
                | ServerFrame::Done { .. }
                | ServerFrame::Refused { .. }
                | ServerFrame::ConversationRevision { .. }
                | ServerFrame::Pong { .. }
                | ServerFrame::Echoed { .. }
                | ServerFrame::Status { .. }
                | ServerFrame::Workspace { .. }
                | ServerFrame::Unknown => {}
            }
        }
        frames
    }

    #[test]
    fn a_client_decodes_every_frame_that_the_server_encodes() {
        for frame in frames() {
            assert_eq!(ServerFrame::decode(&frame.encode()), Ok(frame));
        }
    }

    #[test]
    fn a_known_frame_that_lacks_a_field_is_unreadable_and_an_unknown_one_is_unknown() {
        for text in ["", "{}", r#"{"type":"pong"}"#, r#"{"type":"conversation_revision","conversation":1}"#] {
            assert!(ServerFrame::decode(text).is_err(), "{text}");
        }
        for text in [r#"{"type":"later"}"#, r#"{"type":"poll_closed","request":"x","conversation":{"a":[1]}}"#] {
            assert_eq!(ServerFrame::decode(text), Ok(ServerFrame::Unknown), "{text}");
        }
        let text = r#"{"type":"pong","request":1,"new":[2]}"#;
        assert_eq!(ServerFrame::decode(text), Ok(ServerFrame::Pong { request: 1 }));
    }

    #[test]
    fn new_kinds_notices_codes_states_and_fields_of_a_newer_server_are_read_as_unknown() {
        let text = r#"{"type":"changed","conversation":3,"rev":9,"urgent":true,"rows":{
            "conversation":{"id":3,"rev":9,"kind":"broadcast","name":"News","topic":"","member_count":2,"icon":"x"},
            "members":[{"person":{"id":1,"username":"ana","first_name":"Ana","last_name":"Bo","pronouns":"she"},
                "state":"invited","rev":9}],
            "messages":[
                {"id":"01932c07-8e6b-7a3c-9d7e-0c2f4b1a5d60","seq":5,"rev":9,"author":1,"at":8,"edited":3,
                    "content":{"type":"poll","question":"When?","options":[]}},
                {"id":"01932c07-8e6b-7a3c-9d7e-0c2f4b1a5d61","seq":6,"rev":9,"author":1,"at":8,
                    "content":{"type":"notice","notice":{"type":"pinned","message":4}}},
                {"id":"01932c07-8e6b-7a3c-9d7e-0c2f4b1a5d62","seq":7,"rev":9,"author":1,"at":8,
                    "content":{"type":"text","body":"hello","language":"en"}}],
            "reactions":[]}}"#;
        let Ok(ServerFrame::Changed { rows, .. }) = ServerFrame::decode(text) else { panic!("not read") };
        assert_eq!(rows.conversation.unwrap().kind, ConversationKind::Unknown);
        assert_eq!(rows.members[0].state, MemberState::Unknown);
        let contents: Vec<_> = rows.messages.iter().map(|message| message.content.clone()).collect();
        let notice = Content::Notice { notice: Notice::Unknown };
        assert_eq!(contents, [Content::Unknown, notice, Content::text("hello")]);

        let text = r#"{"type":"refused","request":1,"error":{"code":"payment_required","message":"Pay first.",
            "fields":[{"field":"card","message":"Missing."}]}}"#;
        let Ok(ServerFrame::Refused { error, .. }) = ServerFrame::decode(text) else { panic!("not read") };
        assert_eq!((error.code, error.fields[0].field), (Code::Unknown, Field::Unknown));

        let text = r#"{"type":"presence","people":[{"user":1,"state":"busy","until":5}]}"#;
        let Ok(ServerFrame::Presence { people, .. }) = ServerFrame::decode(text) else { panic!("not read") };
        assert_eq!(people[0].state, PresenceState::Unknown);
    }
}
