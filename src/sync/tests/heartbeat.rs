//! Dead connections are detected.

use super::connection::{is_connected, retry_in};
use super::*;

#[test]
fn retry_now_tests_a_live_connection_within_five_seconds() {
    let room = FakeRoom::new();
    let mut device = TestDevice::live(&room);
    let request = request_of(&device.event(Event::RetryNow)).unwrap();
    assert_eq!(sent(&device.event(Event::RetryNow)), [], "one probe at a time");
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
fn after_thirty_silent_seconds_a_ping_is_sent_and_without_an_answer_it_reconnects() {
    let room = FakeRoom::new();
    let mut device = TestDevice::live(&room);
    assert_eq!(sent(&device.wait(29_999)), []);
    assert!(request_of(&device.wait(1)).is_some());
    assert!(!device.wait(9_999).contains(&Effect::Disconnect));
    assert!(device.wait(1).contains(&Effect::Disconnect));
    assert!(retry_in(&device) <= 500);
}

#[test]
fn any_frame_answers_the_heartbeat() {
    let mut room = FakeRoom::new();
    let mut device = TestDevice::live(&room);
    device.wait(30_000);
    device.wait(9_000);
    device.frame(room.post(ANA, "any frame"));
    device.wait(10_000);
    assert!(is_connected(&device));
}

#[test]
fn a_ping_is_sent_every_thirty_seconds_however_much_is_received() {
    let mut room = FakeRoom::new();
    let mut device = TestDevice::live(&room);
    let mut pings = 0;
    for _ in 0..30 {
        let effects = device.wait(10_000);
        for frame in sent(&effects) {
            assert!(matches!(frame, ClientFrame::Ping { .. }));
            pings += 1;
        }
        device.frame(room.edit_or_post());
    }
    assert_eq!(pings, 10);
    assert!(is_connected(&device));
}

impl FakeRoom {
    fn edit_or_post(&mut self) -> ServerFrame {
        if self.messages.is_empty() { self.post(ANA, "x") } else { self.edit(1, "y") }
    }
}

#[test]
fn sending_to_a_dead_connection_does_not_keep_it_alive() {
    let room = FakeRoom::new();
    let mut device = TestDevice::live(&room);
    let mut effects = Vec::new();
    for n in 0..4 {
        assert!(is_connected(&device));
        effects.extend(device.wait(9_999));
        effects.extend(device.post(&format!("{n}")));
    }
    assert!(sent(&effects).iter().any(|frame| matches!(frame, ClientFrame::Ping { .. })));
    assert!(device.wait(4).contains(&Effect::Disconnect));
}
