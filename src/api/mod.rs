//! The door between browser and server: one function per use, a file per noun.
//!
//! Signatures speak `model`; bodies call `server`. The browser's build keeps the signatures alone.

pub mod accounts;
pub mod conversations;
pub mod devices;
pub mod invitations;
pub mod messages;
pub mod pages;
pub mod rooms;

use crate::model::Error;
use server_fn::codec::JsonEncoding;
use server_fn::error::{FromServerFnError, ServerFnErrorErr};

impl FromServerFnError for Error {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
                Error::invalid("The request could not be read. Reload the page and try again.")
            }
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) | ServerFnErrorErr::MiddlewareError(_) => {
                Error::unreachable()
            }
            // What the server's own layers say is for its log, not for strangers.
            _ => Error::unavailable(),
        }
    }
}
