//! Connecting, the connection's state, and when the client stays disconnected.

use super::*;
use crate::wire::{PROTOCOL, close};

pub fn retry_in(device: &TestDevice) -> u64 {
    match device.engine.connection_state() {
        ConnectionState::Waiting { retry_at, .. } => retry_at - device.now.mono,
        state => panic!("{state:?}"),
    }
}

pub fn is_connected(device: &TestDevice) -> bool {
    matches!(device.engine.connection_state(), ConnectionState::Connected { .. })
}

/// The waiting time passes, and the next attempt begins.
pub fn retry(device: &mut TestDevice) {
    let wait = retry_in(device);
    assert!(device.wait(wait).contains(&Effect::Connect));
}

/// The next attempt fails at its upgrade, and the session is valid.
pub fn fail(device: &mut TestDevice) {
    device.event(Event::SocketClosed { opened: false, code: None });
    device.event(Event::SessionChecked(SessionCheck::SignedIn(ME)));
}

#[test]
fn the_first_page_connects_sends_hello_and_is_connected_after_welcome() {
    let room = FakeRoom::new();
    let mut device = TestDevice::new();
    assert_eq!(device.engine.connection_state(), &ConnectionState::Idle);
    let since = device.now.mono;
    assert!(device.event(room.seed()).contains(&Effect::Connect));
    assert_eq!(device.engine.connection_state(), &ConnectionState::Connecting { since });
    let hello = sent(&device.event(Event::SocketOpened)).remove(0);
    assert!(matches!(hello, ClientFrame::Hello { protocol: PROTOCOL, client } if client.starts_with("hubbub/")));
    let effects = device.frame(room.welcome());
    assert!(effects.contains(&Effect::Changed(StatePart::Connection)));
    assert_eq!(device.engine.connection_state(), &ConnectionState::Connected { connection: 9, server: "0.1.0".into() });
    assert!(!device.event(room.seed()).contains(&Effect::Connect), "once is enough");
}

#[test]
fn a_handshake_times_out_after_ten_seconds() {
    let room = FakeRoom::new();
    for opens in [false, true] {
        let mut device = TestDevice::new();
        device.event(room.seed());
        if opens {
            device.event(Event::SocketOpened);
        }
        assert!(!device.wait(9_999).contains(&Effect::Disconnect));
        let effects = device.wait(1);
        assert!(effects.contains(&Effect::Disconnect));
        assert_eq!(effects.contains(&Effect::CheckSession), !opens);
        assert!(retry_in(&device) <= 500);
    }
}

#[test]
fn a_lost_connection_is_retried_within_half_a_second_and_since_is_when_it_was_lost() {
    let room = FakeRoom::new();
    let mut device = TestDevice::live(&room);
    device.wait(7_000);
    let lost = device.now.mono;
    device.cut(None);
    assert!(retry_in(&device) <= 500);
    assert!(device.wait(500).contains(&Effect::Connect));
    assert_eq!(device.engine.connection_state(), &ConnectionState::Connecting { since: lost });
    fail(&mut device);
    assert!(matches!(device.engine.connection_state(), ConnectionState::Waiting { since, .. } if *since == lost));
}

#[test]
fn a_session_that_ended_leads_to_the_sign_in_page() {
    let room = FakeRoom::new();
    for check in [SessionCheck::SignedOut, SessionCheck::SignedIn(ANA)] {
        let mut device = TestDevice::live(&room);
        assert!(device.cut(Some(close::SESSION)).contains(&Effect::CheckSession));
        let effects = device.event(Event::SessionChecked(check));
        assert!(effects.contains(&Effect::SignIn));
        assert_eq!(device.engine.connection_state(), &ConnectionState::SignedOut);
        assert!(!device.wait(100_000).contains(&Effect::Connect));
        assert!(device.event(room.seed()).contains(&Effect::Connect), "signed in again");
    }
}

#[test]
fn a_valid_or_unknown_session_leads_to_another_attempt() {
    let room = FakeRoom::new();
    for check in [SessionCheck::SignedIn(ME), SessionCheck::Unknown] {
        let mut device = TestDevice::live(&room);
        device.cut(Some(close::SESSION));
        let mut effects = device.event(Event::SessionChecked(check));
        effects.extend(device.wait(500));
        assert!(effects.contains(&Effect::Connect) && !effects.contains(&Effect::SignIn));
    }
}

#[test]
fn a_failed_upgrade_checks_the_session_before_the_next_attempt_with_a_time_out() {
    let room = FakeRoom::new();
    let mut device = TestDevice::new();
    device.event(room.seed());
    assert!(device.event(Event::SocketClosed { opened: false, code: None }).contains(&Effect::CheckSession));
    assert!(!device.wait(9_999).contains(&Effect::Connect));
    assert!(device.wait(1).contains(&Effect::Connect), "the answer was lost");
    device.event(Event::SocketClosed { opened: false, code: None });
    device.wait(5_000);
    assert!(device.event(Event::SessionChecked(SessionCheck::Unknown)).contains(&Effect::Connect));
}

#[test]
fn a_late_session_check_is_ignored() {
    let room = FakeRoom::new();
    let mut device = TestDevice::new();
    device.event(room.seed());
    device.event(Event::SocketClosed { opened: false, code: None });
    device.wait(600);
    assert!(device.event(Event::RetryNow).contains(&Effect::Connect));
    device.connect(&room);
    assert_eq!(device.event(Event::SessionChecked(SessionCheck::SignedOut)), []);
    assert!(is_connected(&device));
}

#[test]
fn an_outdated_client_does_not_connect_again() {
    let room = FakeRoom::new();
    let mut device = TestDevice::live(&room);
    device.cut(Some(close::OUTDATED));
    assert_eq!(device.engine.connection_state(), &ConnectionState::Outdated);
    device.event(Event::RetryNow);
    assert!(!device.event(room.seed()).contains(&Effect::Connect));
    assert_eq!(device.wait(100_000), []);
}

#[test]
fn when_stopped_it_disconnects_and_does_not_reconnect() {
    let room = FakeRoom::new();
    let mut device = TestDevice::live(&room);
    device.post("on its way");
    assert!(device.event(Event::Stopped).contains(&Effect::Disconnect));
    assert_eq!(device.engine.connection_state(), &ConnectionState::Idle);
    assert_eq!(device.pending()[0].state, OperationState::Queued);
    device.event(Event::RetryNow);
    assert!(!device.wait(100_000).contains(&Effect::Connect));
    assert!(device.event(room.seed()).contains(&Effect::Connect));
}

#[test]
fn a_page_that_is_shown_again_connects_and_catches_up() {
    let mut room = FakeRoom::new();
    let mut device = TestDevice::live(&room);
    device.event(Event::Stopped);
    room.post(ANA, "meanwhile");
    assert!(device.event(Event::Resumed).contains(&Effect::Connect));
    let effects = device.connect(&room);
    device.settle(&mut room, effects);
    assert_eq!(device.bodies(), ["meanwhile"]);
    assert_eq!(TestDevice::new().event(Event::Resumed), [], "not before a page is loaded");
}

#[test]
fn connection_events_without_a_connection_are_ignored() {
    let mut room = FakeRoom::new();
    let mut device = TestDevice::new();
    assert_eq!(device.event(Event::SocketOpened), []);
    assert_eq!(device.cut(None), []);
    assert_eq!(device.frame(room.post(ANA, "x")), []);
    assert_eq!(device.event(Event::SessionChecked(SessionCheck::SignedOut)), []);
    assert_eq!(device.event(Event::Tick), []);
    assert_eq!(device.engine.connection_state(), &ConnectionState::Idle);
}

#[test]
fn an_early_tick_is_followed_by_another_wake() {
    let room = FakeRoom::new();
    let mut device = TestDevice::live(&room);
    device.cut(None);
    let ConnectionState::Waiting { retry_at, .. } = *device.engine.connection_state() else { panic!() };
    assert_eq!(device.event(Event::Tick), [Effect::Wake(retry_at)]);
    assert_eq!(device.event(Event::Tick), [Effect::Wake(retry_at)]);
}

#[test]
fn a_wake_is_requested_only_if_the_pending_one_would_be_too_late() {
    let mut room = FakeRoom::new();
    let mut device = TestDevice::live(&room);
    device.wait(1_000);
    let effects = device.frame(room.post(ANA, "moves the heartbeat away"));
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Wake(_))));
    room.post(ANA, "lost");
    let effects = device.frame(room.post(ANA, "a gap"));
    assert!(effects.contains(&Effect::Wake(device.now.mono + 500)));
}
