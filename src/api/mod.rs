//! Server functions: the only door between browser and server, a file per noun.
//!
//! Signatures use `model`; bodies call `server`. The browser's build contains the signatures only.

pub mod accounts;
pub mod conversations;
pub mod devices;
pub mod invitations;
pub mod messages;
pub mod pages;
pub mod rooms;
pub mod workspace;

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
            // Texts of the server's layers belong in its log, not in an answer.
            _ => Error::unavailable(),
        }
    }
}
