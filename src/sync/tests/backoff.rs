//! Reconnecting with back-off.

use super::connection::{fail, is_connected, retry, retry_in};
use super::*;
use crate::wire::close;

#[test]
fn waits_grow_to_thirty_seconds_and_attempts_never_end() {
    let room = FakeRoom::new();
    let mut device = TestDevice::live(&room);
    device.wait(5_000);
    device.cut(None);
    let mut longest = 0;
    for attempt in 0..60_u32 {
        let bound = (500_u64 << attempt.min(6)).min(30_000);
        assert!(retry_in(&device) <= bound, "{attempt}");
        longest = longest.max(retry_in(&device));
        retry(&mut device);
        fail(&mut device);
    }
    assert!(longest > 25_000);
}

#[test]
fn short_connections_increase_the_backoff_and_a_long_one_resets_it() {
    let room = FakeRoom::new();
    let wait_after = |life: u64| {
        let mut device = TestDevice::live(&room);
        for _ in 0..10 {
            device.wait(life);
            device.cut(None);
            retry(&mut device);
            device.connect(&room);
        }
        let mut longest = 0;
        for _ in 0..20 {
            device.wait(life);
            device.cut(None);
            longest = longest.max(retry_in(&device));
            retry(&mut device);
            device.connect(&room);
        }
        longest
    };
    assert!(wait_after(4_999) > 10_000);
    assert!(wait_after(5_000) <= 500);
}

#[test]
fn retry_now_connects_at_once_but_not_more_than_twice_a_second() {
    let room = FakeRoom::new();
    let mut device = TestDevice::live(&room);
    device.cut(None);
    fail_until_it_waits_long(&mut device);
    let effects = device.event(Event::RetryNow);
    assert!(!effects.contains(&Effect::Connect), "just tried");
    assert_eq!(retry_in(&device), 500);
    assert!(device.wait(500).contains(&Effect::Connect));
    fail_until_it_waits_long(&mut device);
    device.wait(500);
    assert!(device.event(Event::RetryNow).contains(&Effect::Connect));
}

fn fail_until_it_waits_long(device: &mut TestDevice) {
    loop {
        if matches!(device.engine.connection_state(), ConnectionState::Connecting { .. }) {
            fail(device);
        }
        if retry_in(device) > 1_000 {
            return;
        }
        retry(device);
    }
}

#[test]
fn without_a_network_the_state_is_offline_and_it_tries_every_thirty_seconds() {
    let room = FakeRoom::new();
    let mut device = TestDevice::live(&room);
    let request = request_of(&device.event(Event::Offline)).unwrap();
    assert!(is_connected(&device), "the device may be wrong");
    device.frame(ServerFrame::Pong { request });
    device.wait(6_000);
    assert!(is_connected(&device));

    device.event(Event::Offline);
    device.wait(5_000);
    let since = device.now.mono;
    assert_eq!(device.engine.connection_state(), &ConnectionState::Offline { since });
    assert!(!device.wait(29_999).contains(&Effect::Connect));
    assert!(device.wait(1).contains(&Effect::Connect));
    assert_eq!(device.engine.connection_state(), &ConnectionState::Offline { since });
    fail(&mut device);
    assert_eq!(device.engine.connection_state(), &ConnectionState::Offline { since });
    assert!(!device.wait(29_000).contains(&Effect::Connect));
    assert!(device.event(Event::RetryNow).contains(&Effect::Connect));
    assert_eq!(device.engine.connection_state(), &ConnectionState::Connecting { since });
}

#[test]
fn going_offline_while_waiting_slows_the_attempts_down() {
    let room = FakeRoom::new();
    let mut device = TestDevice::live(&room);
    device.cut(None);
    device.event(Event::Offline);
    device.event(Event::Offline);
    assert!(!device.wait(29_999).contains(&Effect::Connect));
    assert!(device.wait(1).contains(&Effect::Connect));
}

#[test]
fn close_codes_have_their_own_waits() {
    for (code, least, most) in [
        (close::LAGGED, 0, 500),
        (close::RESTART, 0, 2_000),
        (1001, 0, 2_000),
        (close::FLOOD, 5_000, 5_500),
        (close::CROWDED, 5_000, 5_500),
        (close::SILENT, 0, 500),
        (close::PROTOCOL, 0, 500),
    ] {
        let room = FakeRoom::new();
        let mut device = TestDevice::live(&room);
        device.wait(5_000);
        device.cut(Some(code));
        assert!((least..=most).contains(&retry_in(&device)), "{code}");
    }
}
