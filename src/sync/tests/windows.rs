//! The held messages are one bounded window without gaps that follows the reader.

use super::*;

/// A device that holds at most 400 messages.
fn small(room: &FakeRoom) -> TestDevice {
    let mut device = TestDevice::live(room);
    device.engine.held_max = 400;
    device
}

fn older(device: &mut TestDevice, room: &mut FakeRoom) {
    device.event(Event::Reading(ROOM, Some(Seq(device.span().0))));
    let requests = device.event(Event::LoadOlder(ROOM));
    device.settle(room, requests);
}

fn newer(device: &mut TestDevice, room: &mut FakeRoom) {
    device.event(Event::Reading(ROOM, Some(Seq(device.span().1))));
    let requests = device.event(Event::LoadNewer(ROOM));
    device.settle(room, requests);
}

#[test]
fn an_empty_conversation_follows_from_its_first_message() {
    let mut room = FakeRoom::new();
    let mut device = TestDevice::live(&room);
    assert_eq!(device.span(), (0, 0, 0));
    assert!(device.replica().at_latest());
    assert_eq!(sent(&device.event(Event::LoadOlder(ROOM))), []);
    device.frame(room.post(ANA, "first"));
    assert_eq!(device.span(), (1, 1, 1));
    device.assert_equals(&room);
}

#[test]
fn older_messages_are_requested_once_and_come_before_the_held_ones() {
    let mut room = FakeRoom::with(120);
    let mut device = TestDevice::live(&room);
    let requests = device.event(Event::LoadOlder(ROOM));
    assert_eq!(history(&requests), Some(Anchor::Before(Seq(71))));
    assert_eq!(device.replica().older(), &FetchState::Loading);
    assert_eq!(sent(&device.event(Event::LoadOlder(ROOM))), []);
    device.settle(&mut room, requests);
    assert_eq!((device.span(), device.replica().older()), ((21, 120, 120), &FetchState::Idle));
    older(&mut device, &mut room);
    assert_eq!(device.span(), (1, 120, 120));
    assert_eq!(sent(&device.event(Event::LoadOlder(ROOM))), [], "the beginning is held");
    device.assert_equals(&room);
}

#[test]
fn a_refused_request_for_more_is_shown_and_can_be_repeated() {
    let room = FakeRoom::with(120);
    let mut device = TestDevice::live(&room);
    let requests = device.event(Event::LoadOlder(ROOM));
    device.frame(refused(request_of(&requests), None, Error::unavailable()));
    assert_eq!(device.replica().older(), &FetchState::Failed(Error::unavailable()));
    assert!(request_of(&device.event(Event::LoadOlder(ROOM))).is_some());
}

#[test]
fn a_request_for_more_that_was_open_is_repeated_after_reconnecting() {
    let mut room = FakeRoom::with(120);
    let mut device = TestDevice::live(&room);
    device.event(Event::LoadOlder(ROOM));
    device.cut(None);
    assert_eq!(device.replica().older(), &FetchState::Loading);
    device.wait(500);
    let requests = device.connect(&room);
    assert_eq!(history(&requests), Some(Anchor::Before(Seq(71))));
    device.settle(&mut room, requests);
    assert_eq!(device.span(), (21, 120, 120));
}

#[test]
fn scrolling_far_up_drops_the_newest_messages_and_ignores_live_ones() {
    let mut room = FakeRoom::with(600);
    let mut device = small(&room);
    for _ in 0..8 {
        older(&mut device, &mut room);
    }
    assert_eq!(device.span(), (151, 550, 600));
    device.frame(room.post(ANA, "far below"));
    assert_eq!(device.span(), (151, 550, 601));
    assert!(!device.replica().at_latest());
    device.frame(room.edit(200, "inside the window"));
    device.frame(room.edit(100, "above"));
    device.frame(room.edit(590, "below"));
    device.assert_equals(&room);
    newer(&mut device, &mut room);
    assert_eq!(device.span(), (201, 600, 601));
    newer(&mut device, &mut room);
    assert_eq!(device.span(), (202, 601, 601));
    assert!(device.replica().at_latest());
    device.frame(room.post(ANA, "visible again"));
    assert_eq!(device.span(), (203, 602, 602));
    device.assert_equals(&room);
}

#[test]
fn live_messages_beyond_the_bound_drop_the_oldest() {
    let mut room = FakeRoom::with(1);
    let mut device = small(&room);
    for _ in 0..450 {
        device.frame(room.post(ANA, "on and on"));
    }
    assert_eq!(device.span(), (52, 451, 451));
    assert_eq!(device.replica().messages().count(), 400);
    device.frame(room.edit(20, "outside the window"));
    assert_eq!(device.span(), (52, 451, 451));
    older(&mut device, &mut room);
    assert_eq!(device.span(), (2, 401, 451));
    device.assert_equals(&room);
}

#[test]
fn load_latest_replaces_what_is_held_with_one_request() {
    let mut room = FakeRoom::with(900);
    let mut device = small(&room);
    assert_eq!(sent(&device.event(Event::LoadLatest(ROOM))), [], "already there");
    for _ in 0..10 {
        older(&mut device, &mut room);
    }
    device.event(Event::LoadNewer(ROOM));
    let requests = device.event(Event::LoadLatest(ROOM));
    assert_eq!(history(&requests), Some(Anchor::Latest));
    assert_eq!(sent(&device.event(Event::LoadNewer(ROOM))), []);
    device.settle(&mut room, requests);
    assert_eq!((device.span(), device.replica().newer()), ((851, 900, 900), &FetchState::Idle));
    assert!(device.replica().at_latest());
}

#[test]
fn a_message_posted_while_the_latest_window_is_in_flight_is_not_missed() {
    let mut room = FakeRoom::with(900);
    let mut device = small(&room);
    for _ in 0..10 {
        older(&mut device, &mut room);
    }
    let requests = device.event(Event::LoadLatest(ROOM));
    let window = room.answer(sent(&requests).remove(0)).0;
    device.frame(room.post(ANA, "just now"));
    let requests = device.frame(window);
    assert_eq!(since(&requests), Some(901));
    device.settle(&mut room, requests);
    device.assert_equals(&room);
    assert_eq!(device.bodies().last().map(String::as_str), Some("just now"));
}

#[test]
fn a_change_of_a_message_in_a_window_in_flight_is_not_missed() {
    let mut room = FakeRoom::with(120);
    let mut device = TestDevice::live(&room);
    let requests = device.event(Event::LoadOlder(ROOM));
    let window = room.answer(sent(&requests).remove(0)).0;
    device.frame(room.edit(40, "edited while the page travelled"));
    let requests = device.frame(window);
    assert_eq!(since(&requests), Some(121));
    device.settle(&mut room, requests);
    device.assert_equals(&room);
}

#[test]
fn a_window_that_does_not_touch_what_is_held_is_ignored() {
    let mut room = FakeRoom::with(120);
    let mut device = TestDevice::live(&room);
    let requests = device.event(Event::LoadOlder(ROOM));
    let request = request_of(&requests).unwrap();
    let window = room.window(Anchor::Before(Seq(60)), 50);
    device.frame(ServerFrame::Window { request, window });
    assert_eq!((device.span(), device.replica().older()), ((71, 120, 120), &FetchState::Idle));
    older(&mut device, &mut room);
    assert_eq!(device.span(), (21, 120, 120));
}

#[test]
fn a_window_that_was_not_requested_is_ignored() {
    let room = FakeRoom::with(120);
    let mut device = TestDevice::live(&room);
    device.frame(ServerFrame::Window { request: 77, window: room.window(Anchor::Before(Seq(71)), 50) });
    assert_eq!(device.span(), (71, 120, 120));
}

#[test]
fn an_older_window_does_not_revert_a_newer_message() {
    let mut room = FakeRoom::with(60);
    let mut device = TestDevice::live(&room);
    let requests = device.event(Event::LoadOlder(ROOM));
    let request = request_of(&requests).unwrap();
    let overlapping = room.window(Anchor::Before(Seq(30)), 29);
    device.frame(room.edit(20, "new"));
    device.frame(ServerFrame::Window { request, window: overlapping });
    assert_eq!(device.replica().messages().find(|m| m.seq == Seq(20)).map(|m| m.body()), Some("new"));
}

#[test]
fn an_older_window_reverts_no_row() {
    let mut room = FakeRoom::with(120);
    let mut device = TestDevice::live(&room);
    let requests = device.event(Event::LoadOlder(ROOM));
    let window = room.answer(sent(&requests).remove(0)).0;
    device.frame(room.rename_ana("Anna"));
    device.frame(room.rename("Plaza"));
    device.frame(window);
    assert_eq!(device.span(), (21, 120, 120));
    assert_eq!(device.replica().member(ANA), room.members.get(&ANA));
    assert_eq!(device.replica().conversation().name, "Plaza");
}

#[test]
fn an_older_window_that_replaces_everything_hides_no_newer_message() {
    let mut room = FakeRoom::with(60);
    let mut device = TestDevice::live(&room);
    device.cut(None);
    (0..300).for_each(|_| drop(room.post(ANA, "while away")));
    device.wait(500);
    let requests = device.connect(&room);
    let reset = room.answer(sent(&requests).remove(0)).0;
    let requests = device.frame(reset);
    let window = room.answer(sent(&requests).remove(0)).0;
    let effects = device.post("mine");
    let answer = room.answer(sent(&effects).remove(0)).0;
    device.frame(answer);
    device.frame(window);
    assert_eq!(device.bodies().last().map(String::as_str), Some("mine"));
    let requests = device.wait(500);
    device.settle(&mut room, requests);
    device.assert_equals(&room);
}

#[test]
fn of_two_requests_for_newer_messages_only_the_later_counts() {
    let mut room = FakeRoom::with(900);
    let mut device = small(&room);
    for _ in 0..10 {
        older(&mut device, &mut room);
    }
    let next = device.event(Event::LoadNewer(ROOM));
    let latest = device.event(Event::LoadLatest(ROOM));
    let before = device.span();
    device.settle(&mut room, next);
    assert_eq!((device.span(), device.replica().newer()), (before, &FetchState::Loading));
    device.settle(&mut room, latest);
    assert_eq!(device.span(), (851, 900, 900));
}

#[test]
fn thousands_of_messages_are_held() {
    let mut room = FakeRoom::with(3_000);
    let mut device = TestDevice::live(&room);
    for _ in 0..59 {
        older(&mut device, &mut room);
    }
    assert_eq!(device.span(), (1, 3_000, 3_000));
    device.frame(room.post(ANA, "far below"));
    assert_eq!(device.span(), (1, 3_001, 3_001));
    device.assert_equals(&room);
}

#[test]
fn the_messages_around_one_that_is_not_held_replace_what_is_held() {
    let mut room = FakeRoom::with(900);
    let mut device = TestDevice::live(&room);
    let requests = device.event(Event::LoadAround(ROOM, Seq(200)));
    assert_eq!(history(&requests), Some(Anchor::Around(Seq(200))));
    device.settle(&mut room, requests);
    assert_eq!(device.span(), (150, 249, 900));
    assert!(!device.replica().at_latest());
    device.assert_equals(&room);
}

#[test]
fn a_message_that_was_asked_for_is_asked_for_again_after_reconnecting() {
    let mut room = FakeRoom::with(900);
    let mut device = TestDevice::live(&room);
    device.event(Event::LoadAround(ROOM, Seq(200)));
    device.cut(None);
    device.wait(500);
    let requests = device.connect(&room);
    assert_eq!(history(&requests), Some(Anchor::Around(Seq(200))));
    device.settle(&mut room, requests);
    assert_eq!(device.span(), (150, 249, 900));
}

#[test]
fn who_asks_for_the_newest_messages_is_not_led_to_the_one_asked_for_before() {
    let mut room = FakeRoom::with(900);
    let mut device = small(&room);
    (0..10).for_each(|_| older(&mut device, &mut room));
    let around = device.event(Event::LoadAround(ROOM, Seq(100)));
    let latest = device.event(Event::LoadLatest(ROOM));
    device.settle(&mut room, latest);
    device.settle(&mut room, around);
    assert_eq!(device.span(), (851, 900, 900));
    assert!(device.replica().at_latest());
}
