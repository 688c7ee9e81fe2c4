//! It comes back by itself, as gently as it can, and says how it stands.

use super::*;
use crate::wire::{PROTOCOL, close};

fn retry_in(device: &Device) -> u64 {
    match device.engine.link() {
        Link::Waiting { retry_at, .. } => retry_at - device.now.mono,
        link => panic!("{link:?}"),
    }
}

fn is_connected(device: &Device) -> bool {
    matches!(device.engine.link(), Link::Connected { .. })
}

/// The wait passes, and the next attempt begins.
fn retry(device: &mut Device) {
    let wait = retry_in(device);
    assert!(device.wait(wait).contains(&Effect::Connect));
}

/// The next attempt fails at its upgrade, and the server knows one.
fn fail(device: &mut Device) {
    device.event(Event::Closed {
        opened: false,
        code: None,
    });
    device.event(Event::Who(Who::User(ME)));
}

#[test]
fn the_first_page_connects_says_hello_and_is_connected_when_welcomed() {
    let room = Room::new();
    let mut device = Device::new();
    assert_eq!(device.engine.link(), &Link::Idle);
    let since = device.now.mono;
    assert!(device.event(room.seed()).contains(&Effect::Connect));
    assert_eq!(device.engine.link(), &Link::Connecting { since });
    let hello = sent(&device.event(Event::Opened)).remove(0);
    assert!(matches!(hello, ClientFrame::Hello { protocol: PROTOCOL, client } if client.starts_with("hubbub/")));
    let effects = device.frame(room.welcome());
    assert!(effects.contains(&Effect::Changed(What::Link)));
    assert_eq!(
        device.engine.link(),
        &Link::Connected {
            connection: 9,
            server: "0.1.0".into()
        }
    );
    assert!(!device.event(room.seed()).contains(&Effect::Connect), "once is enough");
}

#[test]
fn a_handshake_that_takes_ten_seconds_is_given_up() {
    let room = Room::new();
    for opens in [false, true] {
        let mut device = Device::new();
        device.event(room.seed());
        if opens {
            device.event(Event::Opened);
        }
        assert!(!device.wait(9_999).contains(&Effect::Disconnect));
        let effects = device.wait(1);
        assert!(effects.contains(&Effect::Disconnect));
        assert_eq!(effects.contains(&Effect::AskWho), !opens);
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
    assert_eq!(device.engine.link(), &Link::Connecting { since: lost });
    fail(&mut device);
    assert!(matches!(device.engine.link(), Link::Waiting { since, .. } if *since == lost));
}

#[test]
fn waits_grow_to_thirty_seconds_and_it_never_gives_up() {
    let room = Room::new();
    let mut device = Device::live(&room);
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
fn a_server_that_greets_and_crashes_is_backed_off_from_and_one_that_stays_is_not() {
    let room = Room::new();
    let wait_after = |life: u64| {
        let mut device = Device::live(&room);
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
fn a_nudge_connects_at_once_but_not_more_than_twice_a_second() {
    let room = Room::new();
    let mut device = Device::live(&room);
    device.cut(None);
    fail_until_it_waits_long(&mut device);
    let effects = device.event(Event::Nudged);
    assert!(!effects.contains(&Effect::Connect), "just tried");
    assert_eq!(retry_in(&device), 500);
    assert!(device.wait(500).contains(&Effect::Connect));
    fail_until_it_waits_long(&mut device);
    device.wait(500);
    assert!(device.event(Event::Nudged).contains(&Effect::Connect));
}

fn fail_until_it_waits_long(device: &mut Device) {
    loop {
        if matches!(device.engine.link(), Link::Connecting { .. }) {
            fail(device);
        }
        if retry_in(device) > 1_000 {
            return;
        }
        retry(device);
    }
}

#[test]
fn a_nudge_checks_a_live_connection_within_five_seconds() {
    let room = Room::new();
    let mut device = Device::live(&room);
    let request = asked(&device.event(Event::Nudged)).unwrap();
    assert_eq!(sent(&device.event(Event::Nudged)), [], "one check at a time");
    device.frame(ServerFrame::Pong { request });
    device.wait(20_000);
    assert!(is_connected(&device));
    device.event(Event::Nudged);
    device.frame(ServerFrame::Pong { request: 99 });
    assert!(!device.wait(4_999).contains(&Effect::Disconnect));
    assert!(device.wait(1).contains(&Effect::Disconnect));
    assert!(retry_in(&device) <= 500);
}

#[test]
fn without_a_network_it_says_so_and_tries_every_thirty_seconds() {
    let room = Room::new();
    let mut device = Device::live(&room);
    let request = asked(&device.event(Event::Offline)).unwrap();
    assert!(is_connected(&device), "the device may be wrong");
    device.frame(ServerFrame::Pong { request });
    device.wait(6_000);
    assert!(is_connected(&device));

    device.event(Event::Offline);
    device.wait(5_000);
    let since = device.now.mono;
    assert_eq!(device.engine.link(), &Link::Offline { since });
    assert!(!device.wait(29_999).contains(&Effect::Connect));
    assert!(device.wait(1).contains(&Effect::Connect));
    assert_eq!(device.engine.link(), &Link::Offline { since });
    fail(&mut device);
    assert_eq!(device.engine.link(), &Link::Offline { since });
    assert!(!device.wait(29_000).contains(&Effect::Connect));
    assert!(device.event(Event::Nudged).contains(&Effect::Connect));
    assert_eq!(device.engine.link(), &Link::Connecting { since });
}

#[test]
fn going_offline_while_waiting_slows_the_attempts_down() {
    let room = Room::new();
    let mut device = Device::live(&room);
    device.cut(None);
    device.event(Event::Offline);
    device.event(Event::Offline);
    assert!(!device.wait(29_999).contains(&Effect::Connect));
    assert!(device.wait(1).contains(&Effect::Connect));
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
        if self.messages.is_empty() {
            self.says(ANA, "x")
        } else {
            self.edits(1, "y")
        }
    }
}

#[test]
fn a_session_that_ended_leads_to_the_sign_in_page() {
    let room = Room::new();
    for who in [Who::Nobody, Who::User(ANA)] {
        let mut device = Device::live(&room);
        assert!(device.cut(Some(close::SESSION)).contains(&Effect::AskWho));
        let effects = device.event(Event::Who(who));
        assert!(effects.contains(&Effect::SignIn));
        assert_eq!(device.engine.link(), &Link::SignedOut);
        assert!(!device.wait(100_000).contains(&Effect::Connect));
        assert!(device.event(room.seed()).contains(&Effect::Connect), "signed in again");
    }
}

#[test]
fn a_session_that_lives_or_cannot_be_asked_about_is_tried_again() {
    let room = Room::new();
    for who in [Who::User(ME), Who::Unknown] {
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
    assert!(
        device
            .event(Event::Closed {
                opened: false,
                code: None
            })
            .contains(&Effect::AskWho)
    );
    assert!(!device.wait(9_999).contains(&Effect::Connect));
    assert!(device.wait(1).contains(&Effect::Connect), "the answer was lost");
    device.event(Event::Closed {
        opened: false,
        code: None,
    });
    device.wait(5_000);
    assert!(device.event(Event::Who(Who::Unknown)).contains(&Effect::Connect));
}

#[test]
fn an_answer_about_oneself_that_comes_too_late_says_nothing() {
    let room = Room::new();
    let mut device = Device::new();
    device.event(room.seed());
    device.event(Event::Closed {
        opened: false,
        code: None,
    });
    device.wait(600);
    assert!(device.event(Event::Nudged).contains(&Effect::Connect));
    device.connect(&room);
    assert_eq!(device.event(Event::Who(Who::Nobody)), []);
    assert!(is_connected(&device));
}

#[test]
fn a_page_of_yesterday_is_told_to_load_anew_and_stays_quiet() {
    let room = Room::new();
    let mut device = Device::live(&room);
    device.cut(Some(close::OUTDATED));
    assert_eq!(device.engine.link(), &Link::Outdated);
    device.event(Event::Nudged);
    assert!(!device.event(room.seed()).contains(&Effect::Connect));
    assert_eq!(device.wait(100_000), []);
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
        let room = Room::new();
        let mut device = Device::live(&room);
        device.wait(5_000);
        device.cut(Some(code));
        assert!((least..=most).contains(&retry_in(&device)), "{code}");
    }
}

#[test]
fn when_stopped_it_closes_and_stays_away() {
    let room = Room::new();
    let mut device = Device::live(&room);
    device.post("on its way");
    assert!(device.event(Event::Stopped).contains(&Effect::Disconnect));
    assert_eq!(device.engine.link(), &Link::Idle);
    assert_eq!(device.pending()[0].state, PendingState::Queued);
    device.event(Event::Nudged);
    assert!(!device.wait(100_000).contains(&Effect::Connect));
    assert!(device.event(room.seed()).contains(&Effect::Connect));
}

#[test]
fn events_of_no_connection_are_ignored() {
    let mut room = Room::new();
    let mut device = Device::new();
    assert_eq!(device.event(Event::Opened), []);
    assert_eq!(device.cut(None), []);
    assert_eq!(device.frame(room.says(ANA, "x")), []);
    assert_eq!(device.event(Event::Who(Who::Nobody)), []);
    assert_eq!(device.event(Event::Tick), []);
    assert_eq!(device.engine.link(), &Link::Idle);
}

#[test]
fn a_tick_that_comes_early_is_followed_by_another_wake() {
    let room = Room::new();
    let mut device = Device::live(&room);
    device.cut(None);
    let Link::Waiting { retry_at, .. } = *device.engine.link() else {
        panic!()
    };
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
