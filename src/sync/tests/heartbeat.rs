//! A dead connection is noticed.

use super::connection::{is_connected, retry_in};
use super::*;

#[test]
fn a_nudge_checks_a_live_connection_within_five_seconds() {
    let room = Room::new();
    let mut device = Device::live(&room);
    let request = asked(&device.event(Event::RetryNow)).unwrap();
    assert_eq!(sent(&device.event(Event::RetryNow)), [], "one check at a time");
    device.frame(ServerFrame::Pong { request });
    device.wait(20_000);
    assert!(is_connected(&device));
    device.event(Event::RetryNow);
    device.frame(ServerFrame::Pong { request: 99 });
    assert!(!device.wait(4_999).contains(&Effect::Disconnect));
    assert!(device.wait(1).contains(&Effect::Disconnect));
    assert!(retry_in(&device) <= 500);
}

#[test]
fn silence_is_asked_about_after_thirty_seconds_and_ends_in_a_new_connection() {
    let room = Room::new();
    let mut device = Device::live(&room);
    assert_eq!(sent(&device.wait(29_999)), []);
    assert!(asked(&device.wait(1)).is_some());
    assert!(!device.wait(9_999).contains(&Effect::Disconnect));
    assert!(device.wait(1).contains(&Effect::Disconnect));
    assert!(retry_in(&device) <= 500);
}

#[test]
fn anything_heard_ends_the_doubt() {
    let mut room = Room::new();
    let mut device = Device::live(&room);
    device.wait(30_000);
    device.wait(9_000);
    device.frame(room.says(ANA, "still here"));
    device.wait(10_000);
    assert!(is_connected(&device));
}

#[test]
fn something_is_said_every_thirty_seconds_however_much_is_heard() {
    let mut room = Room::new();
    let mut device = Device::live(&room);
    let mut pings = 0;
    for _ in 0..30 {
        let effects = device.wait(10_000);
        for frame in sent(&effects) {
            assert!(matches!(frame, ClientFrame::Ping { .. }));
            pings += 1;
        }
        device.frame(room.edits_or_says());
    }
    assert_eq!(pings, 10);
    assert!(is_connected(&device));
}

impl Room {
    fn edits_or_says(&mut self) -> ServerFrame {
        if self.messages.is_empty() { self.says(ANA, "x") } else { self.edits(1, "y") }
    }
}

#[test]
fn talking_to_a_dead_connection_does_not_keep_it_alive() {
    let room = Room::new();
    let mut device = Device::live(&room);
    let mut effects = Vec::new();
    for n in 0..4 {
        assert!(is_connected(&device));
        effects.extend(device.wait(9_999));
        effects.extend(device.post(&format!("{n}")));
    }
    assert!(sent(&effects).iter().any(|frame| matches!(frame, ClientFrame::Ping { .. })));
    assert!(device.wait(4).contains(&Effect::Disconnect));
}
