//! It connects, says how it stands, and knows when not to.

use super::*;
use crate::wire::{PROTOCOL, close};

pub fn retry_in(device: &Device) -> u64 {
    match device.engine.link() {
        ConnectionState::Waiting { retry_at, .. } => retry_at - device.now.mono,
        link => panic!("{link:?}"),
    }
}

pub fn is_connected(device: &Device) -> bool {
    matches!(device.engine.link(), ConnectionState::Connected { .. })
}

/// The wait passes, and the next attempt begins.
pub fn retry(device: &mut Device) {
    let wait = retry_in(device);
    assert!(device.wait(wait).contains(&Effect::Connect));
}

/// The next attempt fails at its upgrade, and the server knows one.
pub fn fail(device: &mut Device) {
    device.event(Event::SocketClosed { opened: false, code: None });
    device.event(Event::Who(SessionCheck::SignedIn(ME)));
}

#[test]
fn the_first_page_connects_says_hello_and_is_connected_when_welcomed() {
    let room = Room::new();
    let mut device = Device::new();
    assert_eq!(device.engine.link(), &ConnectionState::Idle);
    let since = device.now.mono;
    assert!(device.event(room.seed()).contains(&Effect::Connect));
    assert_eq!(device.engine.link(), &ConnectionState::Connecting { since });
    let hello = sent(&device.event(Event::SocketOpened)).remove(0);
    assert!(matches!(hello, ClientFrame::Hello { protocol: PROTOCOL, client } if client.starts_with("hubbub/")));
    let effects = device.frame(room.welcome());
    assert!(effects.contains(&Effect::Changed(StatePart::Connection)));
    assert_eq!(device.engine.link(), &ConnectionState::Connected { connection: 9, server: "0.1.0".into() });
    assert!(!device.event(room.seed()).contains(&Effect::Connect), "once is enough");
}

#[test]
fn a_handshake_that_takes_ten_seconds_is_given_up() {
    let room = Room::new();
    for opens in [false, true] {
        let mut device = Device::new();
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
fn a_lost_connection_is_tried_again_within_half_a_second_and_since_tells_when_it_was_lost() {
    let room = Room::new();
    let mut device = Device::live(&room);
    device.wait(7_000);
    let lost = device.now.mono;
    device.cut(None);
    assert!(retry_in(&device) <= 500);
    assert!(device.wait(500).contains(&Effect::Connect));
    assert_eq!(device.engine.link(), &ConnectionState::Connecting { since: lost });
    fail(&mut device);
    assert!(matches!(device.engine.link(), ConnectionState::Waiting { since, .. } if *since == lost));
}

#[test]
fn a_session_that_ended_leads_to_the_sign_in_page() {
    let room = Room::new();
    for who in [SessionCheck::SignedOut, SessionCheck::SignedIn(ANA)] {
        let mut device = Device::live(&room);
        assert!(device.cut(Some(close::SESSION)).contains(&Effect::CheckSession));
        let effects = device.event(Event::Who(who));
        assert!(effects.contains(&Effect::SignIn));
        assert_eq!(device.engine.link(), &ConnectionState::SignedOut);
        assert!(!device.wait(100_000).contains(&Effect::Connect));
        assert!(device.event(room.seed()).contains(&Effect::Connect), "signed in again");
    }
}

#[test]
fn a_session_that_lives_or_cannot_be_asked_about_is_tried_again() {
    let room = Room::new();
    for who in [SessionCheck::SignedIn(ME), SessionCheck::Unknown] {
        let mut device = Device::live(&room);
        device.cut(Some(close::SESSION));
        let mut effects = device.event(Event::Who(who));
        effects.extend(device.wait(500));
        assert!(effects.contains(&Effect::Connect) && !effects.contains(&Effect::SignIn));
    }
}

#[test]
fn a_failed_upgrade_asks_who_one_is_before_it_is_tried_again_and_not_for_ever() {
    let room = Room::new();
    let mut device = Device::new();
    device.event(room.seed());
    assert!(device.event(Event::SocketClosed { opened: false, code: None }).contains(&Effect::CheckSession));
    assert!(!device.wait(9_999).contains(&Effect::Connect));
    assert!(device.wait(1).contains(&Effect::Connect), "the answer was lost");
    device.event(Event::SocketClosed { opened: false, code: None });
    device.wait(5_000);
    assert!(device.event(Event::Who(SessionCheck::Unknown)).contains(&Effect::Connect));
}

#[test]
fn an_answer_about_oneself_that_comes_too_late_says_nothing() {
    let room = Room::new();
    let mut device = Device::new();
    device.event(room.seed());
    device.event(Event::SocketClosed { opened: false, code: None });
    device.wait(600);
    assert!(device.event(Event::RetryNow).contains(&Effect::Connect));
    device.connect(&room);
    assert_eq!(device.event(Event::Who(SessionCheck::SignedOut)), []);
    assert!(is_connected(&device));
}

#[test]
fn a_page_of_yesterday_is_told_to_load_anew_and_stays_quiet() {
    let room = Room::new();
    let mut device = Device::live(&room);
    device.cut(Some(close::OUTDATED));
    assert_eq!(device.engine.link(), &ConnectionState::Outdated);
    device.event(Event::RetryNow);
    assert!(!device.event(room.seed()).contains(&Effect::Connect));
    assert_eq!(device.wait(100_000), []);
}

#[test]
fn when_stopped_it_closes_and_stays_away() {
    let room = Room::new();
    let mut device = Device::live(&room);
    device.post("on its way");
    assert!(device.event(Event::Stopped).contains(&Effect::Disconnect));
    assert_eq!(device.engine.link(), &ConnectionState::Idle);
    assert_eq!(device.pending()[0].state, OperationState::Queued);
    device.event(Event::RetryNow);
    assert!(!device.wait(100_000).contains(&Effect::Connect));
    assert!(device.event(room.seed()).contains(&Effect::Connect));
}

#[test]
fn events_of_no_connection_are_ignored() {
    let mut room = Room::new();
    let mut device = Device::new();
    assert_eq!(device.event(Event::SocketOpened), []);
    assert_eq!(device.cut(None), []);
    assert_eq!(device.frame(room.says(ANA, "x")), []);
    assert_eq!(device.event(Event::Who(SessionCheck::SignedOut)), []);
    assert_eq!(device.event(Event::Tick), []);
    assert_eq!(device.engine.link(), &ConnectionState::Idle);
}

#[test]
fn a_tick_that_comes_early_is_followed_by_another_wake() {
    let room = Room::new();
    let mut device = Device::live(&room);
    device.cut(None);
    let ConnectionState::Waiting { retry_at, .. } = *device.engine.link() else { panic!() };
    assert_eq!(device.event(Event::Tick), [Effect::Wake(retry_at)]);
    assert_eq!(device.event(Event::Tick), [Effect::Wake(retry_at)]);
}

#[test]
fn a_wake_is_asked_for_only_when_the_one_to_come_would_be_too_late() {
    let mut room = Room::new();
    let mut device = Device::live(&room);
    device.wait(1_000);
    let effects = device.frame(room.says(ANA, "moves the heartbeat away"));
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Wake(_))));
    room.says(ANA, "lost");
    let effects = device.frame(room.says(ANA, "a gap"));
    assert!(effects.contains(&Effect::Wake(device.now.mono + 500)));
}
