//! The engine against a small server of its own: a room with a clock, and a device that carries out effects.

mod backing_off;
mod connection;
mod device;
mod diagnostics;
mod gaps;
mod heartbeat;
mod initial_state;
mod nonsense;
mod outbox;
mod protocol;
mod refusals;
mod room;
mod storm;
mod tabs;
mod windows;

use device::Device;
use room::Room;

use super::*;
use crate::model::*;
use crate::wire::Anchor;
use std::sync::Arc;

pub const ROOM: ConversationId = ConversationId(1);
pub const ME: UserId = UserId(1);
pub const ANA: UserId = UserId(2);

pub fn person(id: UserId) -> Person {
    Person { id, username: format!("user{id}"), first_name: "First".into(), last_name: "Last".into() }
}

pub fn status() -> ServerStatus {
    ServerStatus { version: "0.1.0".into(), uptime: 5, connections: 2, now: Millis(3) }
}

pub fn sent(effects: &[Effect]) -> Vec<ClientFrame> {
    let frames = effects.iter().filter_map(|effect| match effect {
        Effect::Send(frame) => Some(frame.clone()),
        _ => None,
    });
    frames.collect()
}

/// The texts of the posts among some effects.
pub fn posts(effects: &[Effect]) -> Vec<String> {
    let bodies = sent(effects).into_iter().filter_map(|frame| match frame {
        ClientFrame::Post { body, .. } => Some(body),
        _ => None,
    });
    bodies.collect()
}

/// What the posts among some effects are to stand after.
pub fn after(effects: &[Effect]) -> Vec<Option<MessageId>> {
    let after = sent(effects).into_iter().filter_map(|frame| match frame {
        ClientFrame::Post { after, .. } => Some(after),
        _ => None,
    });
    after.collect()
}

/// The number of the one question among some effects.
pub fn asked(effects: &[Effect]) -> Option<u32> {
    let mut numbers = sent(effects).into_iter().filter_map(|frame| match frame {
        ClientFrame::Changes { request, .. }
        | ClientFrame::History { request, .. }
        | ClientFrame::Ping { request }
        | ClientFrame::Echo { request, .. }
        | ClientFrame::Status { request } => Some(request),
        ClientFrame::InitialState { request } | ClientFrame::Read { request, .. } => Some(request),
        // Who is there is asked beside the questions that matter here.
        ClientFrame::Hello { .. }
        | ClientFrame::Post { .. }
        | ClientFrame::Typing { .. }
        | ClientFrame::WatchPresence { .. }
        | ClientFrame::Active {} => None,
    });
    let number = numbers.next();
    assert_eq!(numbers.next(), None, "one question at a time: {effects:?}");
    number
}

/// From where `Changes` is asked, if it is.
pub fn since(effects: &[Effect]) -> Option<i64> {
    sent(effects).into_iter().find_map(|frame| match frame {
        ClientFrame::Changes { since, .. } => Some(since.0),
        _ => None,
    })
}

/// Which window is asked for, if any.
pub fn history(effects: &[Effect]) -> Option<Anchor> {
    sent(effects).into_iter().find_map(|frame| match frame {
        ClientFrame::History { at, .. } => Some(at),
        _ => None,
    })
}

pub fn refused(request: Option<u32>, id: Option<MessageId>, error: Error) -> ServerFrame {
    ServerFrame::Refused { request, id, error }
}
