//! Numbers and identifiers, each of its own type so that they cannot be confused.
//!
//! Numbers stay below 2⁵³, so that a JavaScript client can represent them.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

macro_rules! number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map($name)
            }
        }
    };
}

number!(
    /// A user's account.
    UserId
);
number!(
    /// A room or a direct conversation.
    ConversationId
);
number!(
    /// A signed-in device, by the public handle of its session.
    DeviceId
);
number!(
    /// An invitation link.
    InvitationId
);
number!(
    /// A message's place in its conversation: 1 for the first, without gaps.
    Seq
);
number!(
    /// A revision of a conversation (or, as `user_rev`, of a user's own state): every lasting change takes the next
    /// number.
    Rev
);
number!(
    /// Milliseconds since 1970-01-01 00:00 UTC.
    Millis
);
number!(
    /// The lifetime of a database. A restored database has another one, and clients reset what they hold.
    Epoch
);

impl Seq {
    pub fn next(self) -> Self {
        Seq(self.0 + 1)
    }
}

impl Rev {
    pub fn next(self) -> Self {
        Rev(self.0 + 1)
    }
}

/// A message's identifier, made by its sender: a UUID of version 7 (RFC 9562, section 5.7), whose leading timestamp
/// keeps the database's index fast. Unique per author, for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MessageId(pub uuid::Uuid);

impl MessageId {
    /// Makes an identifier from a time and ten random bytes.
    pub fn new(at: Millis, random: [u8; 10]) -> Self {
        let millis = u64::try_from(at.0).unwrap_or(0);
        MessageId(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
