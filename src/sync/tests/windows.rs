//! What is held is one run without gaps, bounded, and moves with its reader.

use super::*;

fn older(device: &mut Device, room: &mut Room) {
    let asking = device.event(Event::LoadOlder(ROOM));
    device.settle(room, asking);
}

fn newer(device: &mut Device, room: &mut Room) {
    let asking = device.event(Event::LoadNewer(ROOM));
    device.settle(room, asking);
}

#[test]
fn an_empty_conversation_follows_from_its_first_message() {
    let mut room = Room::new();
    let mut device = Device::live(&room);
    assert_eq!(device.span(), (0, 0, 0));
    assert!(device.replica().at_latest());
    assert_eq!(sent(&device.event(Event::LoadOlder(ROOM))), []);
    device.frame(room.says(ANA, "first"));
    assert_eq!(device.span(), (1, 1, 1));
    device.agrees_with(&room);
}

#[test]
fn older_messages_are_asked_for_once_and_come_before_the_held() {
    let mut room = Room::with(120);
    let mut device = Device::live(&room);
    let asking = device.event(Event::LoadOlder(ROOM));
    assert_eq!(history(&asking), Some(Anchor::Before(Seq(71))));
    assert_eq!(device.replica().older(), &FetchState::Loading);
    assert_eq!(sent(&device.event(Event::LoadOlder(ROOM))), []);
    device.settle(&mut room, asking);
    assert_eq!((device.span(), device.replica().older()), ((21, 120, 120), &FetchState::Idle));
    older(&mut device, &mut room);
    assert_eq!(device.span(), (1, 120, 120));
    assert_eq!(sent(&device.event(Event::LoadOlder(ROOM))), [], "the beginning is held");
    device.agrees_with(&room);
}

#[test]
fn a_refused_question_is_shown_and_can_be_asked_again() {
    let room = Room::with(120);
    let mut device = Device::live(&room);
    let asking = device.event(Event::LoadOlder(ROOM));
    device.frame(refused(asked(&asking), None, Error::unavailable()));
    assert_eq!(device.replica().older(), &FetchState::Failed(Error::unavailable()));
    assert!(asked(&device.event(Event::LoadOlder(ROOM))).is_some());
}

#[test]
fn a_question_that_a_cut_left_open_is_asked_again_on_the_next_connection() {
    let mut room = Room::with(120);
    let mut device = Device::live(&room);
    device.event(Event::LoadOlder(ROOM));
    device.cut(None);
    assert_eq!(device.replica().older(), &FetchState::Loading);
    device.wait(500);
    let asking = device.connect(&room);
    assert_eq!(history(&asking), Some(Anchor::Before(Seq(71))));
    device.settle(&mut room, asking);
    assert_eq!(device.span(), (21, 120, 120));
}

#[test]
fn going_back_far_lets_the_newest_go_and_live_messages_stay_outside() {
    let mut room = Room::with(600);
    let mut device = Device::live(&room);
    for _ in 0..8 {
        older(&mut device, &mut room);
    }
    assert_eq!(device.span(), (151, 550, 600));
    device.frame(room.says(ANA, "far below"));
    assert_eq!(device.span(), (151, 550, 601));
    assert!(!device.replica().at_latest());
    device.frame(room.edits(200, "in sight"));
    device.frame(room.edits(100, "above"));
    device.frame(room.edits(590, "below"));
    device.agrees_with(&room);
    newer(&mut device, &mut room);
    assert_eq!(device.span(), (201, 600, 601));
    newer(&mut device, &mut room);
    assert_eq!(device.span(), (202, 601, 601));
    assert!(device.replica().at_latest());
    device.frame(room.says(ANA, "in sight again"));
    assert_eq!(device.span(), (203, 602, 602));
    device.agrees_with(&room);
}

#[test]
fn live_messages_beyond_the_bound_push_the_oldest_out() {
    let mut room = Room::with(1);
    let mut device = Device::live(&room);
    for _ in 0..450 {
        device.frame(room.says(ANA, "on and on"));
    }
    assert_eq!(device.span(), (52, 451, 451));
    assert_eq!(device.replica().messages().count(), 400);
    device.frame(room.edits(20, "out of sight"));
    assert_eq!(device.span(), (52, 451, 451));
    older(&mut device, &mut room);
    assert_eq!(device.span(), (2, 401, 451));
    device.agrees_with(&room);
}

#[test]
fn the_newest_are_one_question_away_and_replace_what_is_held() {
    let mut room = Room::with(900);
    let mut device = Device::live(&room);
    assert_eq!(sent(&device.event(Event::LoadLatest(ROOM))), [], "already there");
    for _ in 0..10 {
        older(&mut device, &mut room);
    }
    device.event(Event::LoadNewer(ROOM));
    let asking = device.event(Event::LoadLatest(ROOM));
    assert_eq!(history(&asking), Some(Anchor::Latest));
    assert_eq!(sent(&device.event(Event::LoadNewer(ROOM))), []);
    device.settle(&mut room, asking);
    assert_eq!((device.span(), device.replica().newer()), ((851, 900, 900), &FetchState::Idle));
    assert!(device.replica().at_latest());
}

#[test]
fn a_message_posted_while_the_newest_are_on_their_way_is_not_missed() {
    let mut room = Room::with(900);
    let mut device = Device::live(&room);
    for _ in 0..10 {
        older(&mut device, &mut room);
    }
    let asking = device.event(Event::LoadLatest(ROOM));
    let window = room.answers(sent(&asking).remove(0)).0;
    device.frame(room.says(ANA, "just now"));
    let asking = device.frame(window);
    assert_eq!(since(&asking), Some(901));
    device.settle(&mut room, asking);
    device.agrees_with(&room);
    assert_eq!(device.bodies().last().map(String::as_str), Some("just now"));
}

#[test]
fn a_change_of_a_message_that_was_on_its_way_is_not_missed() {
    let mut room = Room::with(120);
    let mut device = Device::live(&room);
    let asking = device.event(Event::LoadOlder(ROOM));
    let window = room.answers(sent(&asking).remove(0)).0;
    device.frame(room.edits(40, "edited while the page travelled"));
    let asking = device.frame(window);
    assert_eq!(since(&asking), Some(121));
    device.settle(&mut room, asking);
    device.agrees_with(&room);
}

#[test]
fn a_window_that_does_not_touch_what_is_held_is_left_alone() {
    let mut room = Room::with(120);
    let mut device = Device::live(&room);
    let asking = device.event(Event::LoadOlder(ROOM));
    let request = asked(&asking).unwrap();
    let window = room.window(Anchor::Before(Seq(60)), 50);
    device.frame(ServerFrame::Window { request, window });
    assert_eq!((device.span(), device.replica().older()), ((71, 120, 120), &FetchState::Idle));
    older(&mut device, &mut room);
    assert_eq!(device.span(), (21, 120, 120));
}

#[test]
fn a_window_that_nobody_asked_for_is_ignored() {
    let room = Room::with(120);
    let mut device = Device::live(&room);
    device.frame(ServerFrame::Window { request: 77, window: room.window(Anchor::Before(Seq(71)), 50) });
    assert_eq!(device.span(), (71, 120, 120));
}

#[test]
fn a_message_overtaken_by_a_later_window_keeps_its_newer_state() {
    let mut room = Room::with(60);
    let mut device = Device::live(&room);
    let asking = device.event(Event::LoadOlder(ROOM));
    let request = asked(&asking).unwrap();
    let overlapping = room.window(Anchor::Before(Seq(30)), 29);
    device.frame(room.edits(20, "new"));
    device.frame(ServerFrame::Window { request, window: overlapping });
    assert_eq!(device.replica().messages().find(|m| m.seq == Seq(20)).map(|m| m.body()), Some("new"));
}

#[test]
fn a_window_that_was_read_earlier_sets_no_row_back() {
    let mut room = Room::with(120);
    let mut device = Device::live(&room);
    let asking = device.event(Event::LoadOlder(ROOM));
    let window = room.answers(sent(&asking).remove(0)).0;
    device.frame(room.calls_ana("Anna"));
    device.frame(room.renames("Plaza"));
    device.frame(window);
    assert_eq!(device.span(), (21, 120, 120));
    assert_eq!(device.replica().member(ANA), room.members.get(&ANA));
    assert_eq!(device.replica().conversation().name, "Plaza");
}

#[test]
fn a_fresh_window_that_was_read_earlier_hides_no_message_that_was_seen() {
    let mut room = Room::with(60);
    let mut device = Device::live(&room);
    device.cut(None);
    (0..300).for_each(|_| drop(room.says(ANA, "while away")));
    device.wait(500);
    let asking = device.connect(&room);
    let reset = room.answers(sent(&asking).remove(0)).0;
    let asking = device.frame(reset);
    let window = room.answers(sent(&asking).remove(0)).0;
    let effects = device.post("mine");
    let answer = room.answers(sent(&effects).remove(0)).0;
    device.frame(answer);
    device.frame(window);
    assert_eq!(device.bodies().last().map(String::as_str), Some("mine"));
    let asking = device.wait(500);
    device.settle(&mut room, asking);
    device.agrees_with(&room);
}

#[test]
fn of_two_questions_for_what_is_below_only_the_later_is_answered() {
    let mut room = Room::with(900);
    let mut device = Device::live(&room);
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
