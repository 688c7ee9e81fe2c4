//! The error type of server functions, the live socket and (later) the HTTP API.

use super::string_enum;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The kind of an error. Programs decide by it; people read the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The input breaks a rule; `fields` says which, if it came from a form.
    Invalid,
    /// No such account with this password.
    WrongCredentials,
    /// A session is needed.
    SignInRequired,
    /// Signed in, but not allowed to do this.
    Forbidden,
    /// It does not exist, or this user may not know that it exists.
    NotFound,
    /// A public room that the user is not in: its page says what it is about and lets them join.
    NotMember,
    /// The identifier was used before with other content.
    Conflict,
    /// A rate limit was exceeded; `retry_after` says when to try again.
    TooMany,
    /// Temporarily impossible: nothing was done, or the outcome is unknown. The same request may be sent again.
    Unavailable,
    /// A fault of the server, logged under the given number.
    Internal,
    /// A code of a newer server.
    Unknown,
}

string_enum!(Code {
    Invalid => "invalid",
    WrongCredentials => "wrong_credentials",
    SignInRequired => "sign_in_required",
    Forbidden => "forbidden",
    NotFound => "not_found",
    NotMember => "not_member",
    Conflict => "conflict",
    TooMany => "too_many",
    Unavailable => "unavailable",
    Internal => "internal",
} else Unknown);

/// A field of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Username,
    FirstName,
    LastName,
    Email,
    Password,
    CurrentPassword,
    Body,
    /// A room's name.
    Name,
    Topic,
    /// The workspace's name.
    Workspace,
    /// A field of a newer server.
    Unknown,
}

string_enum!(Field {
    Username => "username",
    FirstName => "first_name",
    LastName => "last_name",
    Email => "email",
    Password => "password",
    CurrentPassword => "current_password",
    Body => "body",
    Name => "name",
    Topic => "topic",
    Workspace => "workspace",
} else Unknown);

/// What is wrong with one field, as shown under it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldProblem {
    pub field: Field,
    pub message: String,
}

/// An error, as sent to clients and shown to people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub struct Error {
    pub code: Code,
    /// A sentence for people.
    pub message: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldProblem>,
    /// Milliseconds after which to try again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error {
    fn new(code: Code, message: impl Into<String>) -> Self {
        Error { code, message: message.into(), fields: Vec::new(), retry_after: None }
    }

    /// The request is malformed.
    pub fn invalid(message: impl Into<String>) -> Self {
        Error::new(Code::Invalid, message)
    }

    /// One field breaks a rule.
    pub fn field(field: Field, message: impl Into<String>) -> Self {
        Error::fields(vec![FieldProblem { field, message: message.into() }])
    }

    /// Several fields break rules; the message is the first one's.
    pub fn fields(fields: Vec<FieldProblem>) -> Self {
        let message = fields.first().map_or_else(|| "Some of it is not valid.".into(), |first| first.message.clone());
        Error { code: Code::Invalid, message, fields, retry_after: None }
    }

    pub fn wrong_credentials() -> Self {
        Error::new(Code::WrongCredentials, "That username or email and password do not go together.")
    }

    pub fn sign_in_required() -> Self {
        Error::new(Code::SignInRequired, "Please sign in first.")
    }

    pub fn forbidden() -> Self {
        Error::new(Code::Forbidden, "This is not yours to do.")
    }

    /// Nobody may do this; the message says why.
    pub fn refused(message: impl Into<String>) -> Self {
        Error::new(Code::Forbidden, message)
    }

    /// Missing and forbidden are answered alike, so that nobody learns what exists.
    pub fn not_found() -> Self {
        Error::new(Code::NotFound, "This does not exist, or is not open to you.")
    }

    /// The user sees the room, and is not in it.
    pub fn not_member() -> Self {
        Error::new(Code::NotMember, "You are not in this room. Join it to read it.")
    }

    pub fn conflict() -> Self {
        Error::new(Code::Conflict, "This identifier has already been used for another message.")
    }

    /// The state that a change names is not the current one any more; the message says what has happened.
    pub fn outdated(message: impl Into<String>) -> Self {
        Error::new(Code::Conflict, message)
    }

    pub fn too_many(retry_after: u64) -> Self {
        let seconds = retry_after.div_ceil(1000).max(1);
        let wait = if seconds < 90 { format!("{seconds} s") } else { format!("{} min", seconds.div_ceil(60)) };
        Error {
            retry_after: Some(retry_after),
            ..Error::new(Code::TooMany, format!("Too many attempts. Try again in {wait}."))
        }
    }

    pub fn unavailable() -> Self {
        Error {
            retry_after: Some(1000),
            ..Error::new(Code::Unavailable, "The server cannot do this right now. Please try again in a moment.")
        }
    }

    /// `number` is the one under which the server logged the cause.
    pub fn internal(number: &str) -> Self {
        Error::new(Code::Internal, format!("Something went wrong on the server. It was logged as {number}."))
    }

    /// The server could not be reached, or its answer could not be understood.
    pub fn unreachable() -> Self {
        Error::new(Code::Unavailable, "The server could not be reached. Check the connection and try again.")
    }

    /// The server did not answer in time over a live connection. Trying again may help.
    pub fn no_answer() -> Self {
        Error::new(Code::Unavailable, "The server did not answer in time. Please try again.")
    }

    /// The message of a field, if it has one.
    pub fn of(&self, field: Field) -> Option<&str> {
        self.fields.iter().find(|problem| problem.field == field).map(|problem| problem.message.as_str())
    }
}
