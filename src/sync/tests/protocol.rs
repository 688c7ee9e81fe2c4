//! A server that speaks what this client does not.

use super::*;

#[test]
fn a_frame_of_a_newer_server_is_passed_over() {
    let room = Room::with(2);
    let mut device = Device::live(&room);
    assert_eq!(device.frame(ServerFrame::Unknown), []);
    device.agrees_with(&room);
}

#[test]
fn a_welcome_that_cannot_be_read_asks_for_a_reload_keeps_the_outbox_and_does_not_connect_again() {
    let room = Room::new();
    let mut device = Device::new();
    device.event(room.seed());
    device.post("kept");
    device.event(Event::SocketOpened);
    let effects = device.event(Event::UnreadableFrame);
    assert!(effects.contains(&Effect::Disconnect));
    assert_eq!(device.engine.link(), &ConnectionState::Outdated);
    for event in [Event::RetryNow, Event::Offline, Event::Tick, Event::UnreadableFrame] {
        assert!(!device.event(event).contains(&Effect::Connect));
    }
    assert!(!device.wait(600_000).contains(&Effect::Connect));
    assert_eq!((device.stored.len(), device.engine.unsent()), (1, 1));
}

#[test]
fn a_live_frame_of_another_shape_asks_for_a_reload_as_well() {
    let room = Room::new();
    let mut device = Device::live(&room);
    device.event(Event::UnreadableFrame);
    assert_eq!(device.engine.link(), &ConnectionState::Outdated);
}
