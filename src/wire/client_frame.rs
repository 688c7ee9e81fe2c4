//! From a client to the server: commands and requests.

use super::RequestId;
use crate::model::{ConversationId, Error, MessageId, Rev, Seq, UserId};
use serde::{Deserialize, Serialize};

/// A frame from a client to the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientFrame {
    /// The first frame; answered by `Welcome`.
    Hello {
        protocol: u32,
        /// Which client it is, for diagnostics.
        client: String,
    },
    /// Posts a message; answered by `Posted` or `Refused`. May be sent again with the same `id` at any time.
    Post {
        id: MessageId,
        conversation: ConversationId,
        body: String,
        /// The author's previous message in this conversation, if the client has sent it and it is not acknowledged
        /// yet. If the server does not have it, this post is refused as `unavailable`, so that messages keep their
        /// order even when one of them has to be sent again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<MessageId>,
    },
    /// Requests everything that changed above `since`; answered by `Changes`, `Reset` or `Refused`.
    Changes { request: RequestId, conversation: ConversationId, since: Rev },
    /// Requests a window of messages; answered by `Window` or `Refused`.
    History { request: RequestId, conversation: ConversationId, at: Anchor, limit: u32 },
    /// Requests the user and their conversation list; answered by `InitialState` or `Refused`.
    InitialState { request: RequestId },
    /// Moves the user's read position, forwards or back; answered by `Done` or `Refused`. All devices of the user
    /// receive `SummaryChanged`.
    Read {
        request: RequestId,
        conversation: ConversationId,
        seq: Seq,
        /// The position that "mark as unread" replaces. Without it, the position only moves forward.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        replaces: Option<Seq>,
    },
    /// The user is typing. Sent at most every [`super::TYPING_EVERY`]; not answered.
    Typing { conversation: ConversationId },
    /// Subscribes to the presence of these users, at most [`super::WATCH_MAX`]; answered by `Presence` or `Refused`.
    /// Replaces the subscription made before.
    WatchPresence { request: RequestId, users: Vec<UserId> },
    /// The user is active on this device. Sent at most every [`super::ACTIVE_EVERY`]; not answered.
    Active {},
    /// Answered by `Pong`.
    Ping { request: RequestId },
    /// Answered by `Echoed` with the same text.
    Echo { request: RequestId, text: String },
    /// Answered by `Status`.
    Status { request: RequestId },
}

/// Which messages `History` requests. A window has no gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Anchor {
    /// The newest messages.
    Latest,
    /// The messages directly before this `seq`, which is not included.
    Before(Seq),
    /// The messages directly after this `seq`, which is not included.
    After(Seq),
    /// The messages around this `seq`, about half on either side.
    Around(Seq),
}

/// A frame from a client that the server cannot decode, with what identifies it to the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableCommand {
    pub request: Option<RequestId>,
    pub id: Option<MessageId>,
    /// A message for the client's developer.
    pub error: Error,
}

impl ClientFrame {
    /// Decodes a frame.
    ///
    /// # Errors
    /// What is wrong with it, and the request or message that the client waits for, if it can be read.
    pub fn decode(text: &str) -> Result<Self, UnreadableCommand> {
        serde_json::from_str(text).map_err(|cause| {
            let fields: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
            UnreadableCommand {
                request: fields["request"].as_u64().and_then(|request| u32::try_from(request).ok()),
                id: fields["id"].as_str().and_then(|id| id.parse().ok()).map(MessageId),
                error: Error::invalid(format!("The frame could not be read: {cause}.")),
            }
        })
    }

    pub fn encode(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_of_a_newer_client_is_ignored() {
        let text = r#"{"type":"ping","request":1,"priority":"high"}"#;
        assert_eq!(ClientFrame::decode(text), Ok(ClientFrame::Ping { request: 1 }));
    }

    #[test]
    fn an_unreadable_frame_still_yields_its_request_and_message_identifier() {
        let id = MessageId::new(crate::model::Millis(1_700_000_000_000), [7; 10]);
        for (text, request, posted) in [
            (r#"{"type":"later","request":4}"#.to_owned(), Some(4), None),
            (r#"{"type":"read","request":5,"conversation":"one","seq":1}"#.to_owned(), Some(5), None),
            (format!(r#"{{"type":"post","id":"{id}","conversation":1,"body":7}}"#), None, Some(id)),
            (r#"{"type":"post","id":"no uuid","conversation":1,"body":""}"#.to_owned(), None, None),
            (r#"{"type":"ping","request":-1}"#.to_owned(), None, None),
            ("[1]".to_owned(), None, None),
            ("not JSON".to_owned(), None, None),
        ] {
            let refusal = ClientFrame::decode(&text).unwrap_err();
            assert_eq!((refusal.request, refusal.id), (request, posted), "{text}");
        }
    }
}
