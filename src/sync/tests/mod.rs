//! The engine against a fake server: a room with its revisions, and a device that carries out effects.

mod backoff;
mod connection;
mod device;
mod diagnostics;
mod fake_room;
mod gaps;
mod heartbeat;
mod initial_state;
mod invalid_frames;
mod memory;
mod outbox;
mod protocol;
mod random_network;
mod read_positions;
mod refusals;
mod tabs;
mod windows;

use device::TestDevice;
use fake_room::FakeRoom;

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

/// The bodies of the posts among some effects.
pub fn posts(effects: &[Effect]) -> Vec<String> {
    let bodies = sent(effects).into_iter().filter_map(|frame| match frame {
        ClientFrame::Post { body, .. } => Some(body),
        _ => None,
    });
    bodies.collect()
}

/// The `after` of the posts among some effects.
pub fn after(effects: &[Effect]) -> Vec<Option<MessageId>> {
    let after = sent(effects).into_iter().filter_map(|frame| match frame {
        ClientFrame::Post { after, .. } => Some(after),
        _ => None,
    });
    after.collect()
}

/// The number of the only request among some effects. Presence requests are ignored.
pub fn request_of(effects: &[Effect]) -> Option<u32> {
    let mut numbers = sent(effects).into_iter().filter_map(|frame| match frame {
        ClientFrame::Changes { request, .. }
        | ClientFrame::History { request, .. }
        | ClientFrame::Ping { request }
        | ClientFrame::Echo { request, .. }
        | ClientFrame::Status { request } => Some(request),
        ClientFrame::InitialState { request } | ClientFrame::Read { request, .. } => Some(request),
        // Presence is requested beside the requests under test.
        ClientFrame::Hello { .. }
        | ClientFrame::Post { .. }
        | ClientFrame::Typing { .. }
        | ClientFrame::WatchPresence { .. }
        | ClientFrame::Active {} => None,
    });
    let number = numbers.next();
    assert_eq!(numbers.next(), None, "more than one request: {effects:?}");
    number
}

/// The `since` of the `Changes` request among some effects, if any.
pub fn since(effects: &[Effect]) -> Option<i64> {
    sent(effects).into_iter().find_map(|frame| match frame {
        ClientFrame::Changes { since, .. } => Some(since.0),
        _ => None,
    })
}

/// The anchor of the `History` request among some effects, if any.
pub fn history(effects: &[Effect]) -> Option<Anchor> {
    sent(effects).into_iter().find_map(|frame| match frame {
        ClientFrame::History { at, .. } => Some(at),
        _ => None,
    })
}

pub fn refused(request: Option<u32>, id: Option<MessageId>, error: Error) -> ServerFrame {
    ServerFrame::Refused { request, id, error }
}
