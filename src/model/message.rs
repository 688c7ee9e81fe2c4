//! Messages.

use super::{Error, Field, MessageId, Millis, Rev, Seq, UserId};
use serde::{Deserialize, Serialize};

/// A message in its current state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    pub id: MessageId,
    /// Its place in the conversation's order.
    pub seq: Seq,
    /// The conversation's `rev` when it last changed.
    pub rev: Rev,
    pub author: UserId,
    /// When the server accepted it.
    pub at: Millis,
    pub content: Content,
}

/// The content of a message. Each kind has its own fields, so that a new kind is a new variant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Content {
    /// A user wrote it. The only kind that counts as unread.
    Text {
        /// Markdown, as typed.
        body: String,
    },
    /// A system message: what the author did to the room.
    Notice { notice: Notice },
    /// It was deleted; its `seq` stays. This release's server deletes nothing yet, but its client may connect to one
    /// that does.
    Deleted,
    /// A kind of a newer server.
    #[serde(other)]
    Unknown,
}

/// What happened in a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Notice {
    Created,
    Joined,
    Left,
    Added {
        user: UserId,
    },
    Removed {
        user: UserId,
    },
    Renamed {
        name: String,
    },
    /// The new topic, empty if it was removed.
    TopicChanged {
        topic: String,
    },
    OwnerChanged {
        user: UserId,
    },
    /// A kind of a newer server.
    #[serde(other)]
    Unknown,
}

impl Notice {
    /// The user whom it is about, besides the author.
    pub fn user(&self) -> Option<UserId> {
        match self {
            Notice::Added { user } | Notice::Removed { user } | Notice::OwnerChanged { user } => Some(*user),
            Notice::Created
            | Notice::Joined
            | Notice::Left
            | Notice::Renamed { .. }
            | Notice::TopicChanged { .. }
            | Notice::Unknown => None,
        }
    }
}

impl Content {
    pub fn text(body: impl Into<String>) -> Self {
        Content::Text { body: body.into() }
    }
}

impl Message {
    /// Whether a user wrote it.
    pub fn is_text(&self) -> bool {
        matches!(self.content, Content::Text { .. })
    }

    /// The text as Markdown; empty for every other kind.
    pub fn body(&self) -> &str {
        match &self.content {
            Content::Text { body } => body,
            Content::Notice { .. } | Content::Deleted | Content::Unknown => "",
        }
    }

    pub fn notice(&self) -> Option<&Notice> {
        match &self.content {
            Content::Notice { notice } => Some(notice),
            Content::Text { .. } | Content::Deleted | Content::Unknown => None,
        }
    }

    /// The users whom it names: its author, and the user that a notice is about.
    pub fn people(&self) -> impl Iterator<Item = UserId> {
        std::iter::once(self.author).chain(self.notice().and_then(Notice::user))
    }
}

/// The most characters (Unicode scalar values) that a message holds.
pub const BODY_MAX: usize = 8_000;

/// A message's text, normalised: line ends are `\n`, no blank lines or spaces around it, no control characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body(String);

impl Body {
    /// Normalises and checks a text.
    ///
    /// # Errors
    /// `Invalid` when nothing visible is left, or more than [`BODY_MAX`] characters are.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let text: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
        let text = text.trim_end().trim_start_matches('\n');
        if text.chars().all(is_blank) {
            return Err(Error::field(Field::Body, "Write something first."));
        }
        let length = text.chars().count();
        if length > BODY_MAX {
            let over = length - BODY_MAX;
            return Err(Error::field(
                Field::Body,
                format!("A message holds up to {BODY_MAX} characters; this is {over} over."),
            ));
        }
        Ok(Body(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

/// Whether a character is invisible by itself: white space, and the formatting characters that would let an empty
/// message or name through.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_normalised() {
        assert_eq!(Body::parse("\r\n  a\r\nb\u{7}\tc \n\n").unwrap().as_str(), "  a\nb\tc");
    }

    #[test]
    fn an_empty_or_invisible_body_is_refused() {
        for text in ["", " \n\t ", "\u{200b}\u{2060}", "\u{3164}", "\u{0}\u{1}"] {
            assert_eq!(Body::parse(text).unwrap_err().of(Field::Body), Some("Write something first."), "{text:?}");
        }
    }

    #[test]
    fn a_body_over_the_limit_is_refused_with_the_excess() {
        assert!(Body::parse(&"é".repeat(BODY_MAX)).is_ok());
        let error = Body::parse(&"é".repeat(BODY_MAX + 3)).unwrap_err();
        assert_eq!(error.of(Field::Body), Some("A message holds up to 8000 characters; this is 3 over."));
    }
}
