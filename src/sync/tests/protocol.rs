//! A server of another protocol version.

use super::*;

#[test]
fn an_unknown_frame_is_ignored() {
    let room = FakeRoom::with(2);
    let mut device = TestDevice::live(&room);
    assert_eq!(device.frame(ServerFrame::Unknown), []);
    device.assert_equals(&room);
}

#[test]
fn an_unreadable_welcome_asks_for_a_reload_keeps_the_outbox_and_does_not_reconnect() {
    let room = FakeRoom::new();
    let mut device = TestDevice::new();
    device.event(room.seed());
    device.post("kept");
    device.event(Event::SocketOpened);
    let effects = device.event(Event::UnreadableFrame);
    assert!(effects.contains(&Effect::Disconnect));
    assert_eq!(device.engine.connection_state(), &ConnectionState::Outdated);
    for event in [Event::RetryNow, Event::Offline, Event::Tick, Event::UnreadableFrame] {
        assert!(!device.event(event).contains(&Effect::Connect));
    }
    assert!(!device.wait(600_000).contains(&Effect::Connect));
    assert_eq!((device.stored.len(), device.engine.unsent()), (1, 1));
}

#[test]
fn an_unreadable_live_frame_asks_for_a_reload_too() {
    let room = FakeRoom::new();
    let mut device = TestDevice::live(&room);
    device.event(Event::UnreadableFrame);
    assert_eq!(device.engine.connection_state(), &ConnectionState::Outdated);
}
