//! Read positions: collected, sent, shown before the server has answered, and never moved back by a late one.

use super::*;
use crate::sync::read_position::COLLECTED_FOR;

/// The read positions among some effects, with those that they replace.
fn reads(effects: &[Effect]) -> Vec<(i64, Option<i64>)> {
    let reads = sent(effects).into_iter().filter_map(|frame| match frame {
        ClientFrame::Read { seq, replaces, .. } => Some((seq.0, replaces.map(|replaced| replaced.0))),
        _ => None,
    });
    reads.collect()
}

/// A room with this many unread messages of Ana, and a connected device.
fn with_unread(many: i64) -> (FakeRoom, TestDevice) {
    let mut room = FakeRoom::new();
    for n in 1..=many {
        room.post(ANA, &n.to_string());
    }
    let device = TestDevice::live(&room);
    (room, device)
}

fn unread(device: &TestDevice) -> i64 {
    device.engine.shown_summary(ROOM).expect("it is listed").unread()
}

#[test]
fn what_is_viewed_counts_as_read_at_once_and_is_sent_a_moment_later() {
    let (mut room, mut device) = with_unread(3);
    let effects = device.event(Event::Viewing(Some(ROOM)));
    assert!(effects.contains(&Effect::Changed(StatePart::Summary(ROOM))));
    assert_eq!((unread(&device), reads(&effects)), (0, vec![]));
    let effects = device.wait(COLLECTED_FOR);
    assert_eq!(reads(&effects), [(3, None)]);
    device.settle(&mut room, effects);
    assert_eq!((room.read.seq, unread(&device)), (Seq(3), 0));
    assert_eq!(reads(&device.wait(60_000)), []);
}

#[test]
fn a_busy_room_moves_the_position_once_in_a_while_not_with_every_message() {
    let (mut room, mut device) = with_unread(1);
    device.event(Event::Viewing(Some(ROOM)));
    let mut effects = Vec::new();
    for n in 0..30 {
        let live = room.post(ANA, &n.to_string());
        effects.extend(device.frame(live));
        assert_eq!(unread(&device), 0, "what is on the screen is read");
        effects.extend(device.wait(100));
    }
    assert_eq!(reads(&effects).len(), 2, "3 s of reading");
}

#[test]
fn what_was_read_is_sent_before_the_page_goes_away() {
    let (_, mut device) = with_unread(3);
    device.event(Event::Viewing(Some(ROOM)));
    let effects = device.event(Event::Stopped);
    assert_eq!(reads(&effects), [(3, None)]);
    let of = |wanted: fn(&Effect) -> bool| effects.iter().position(wanted);
    assert!(of(|effect| matches!(effect, Effect::Send(_))) < of(|effect| *effect == Effect::Disconnect));
}

#[test]
fn a_position_that_another_device_has_passed_meanwhile_is_not_sent() {
    let (mut room, mut device) = with_unread(3);
    device.cut(None);
    device.event(Event::Viewing(Some(ROOM)));
    device.event(Event::Viewing(None));
    assert_eq!(unread(&device), 0, "read without a connection");
    room.post(ANA, "4");
    room.set_read(Seq(4));
    device.wait(1_000);
    let effects = device.connect(&room);
    assert_eq!((reads(&effects), reads(&device.wait(60_000))), (vec![], vec![]));
    assert_eq!(unread(&device), 0);
}

#[test]
fn marking_as_unread_is_shown_and_sent_at_once_and_names_what_it_replaces() {
    let (mut room, mut device) = with_unread(5);
    let live = room.set_read(Seq(5));
    device.frame(live);
    let effects = device.event(Event::MarkUnread(ROOM, Seq(3)));
    assert_eq!((unread(&device), reads(&effects)), (3, vec![(2, Some(5))]));
    device.settle(&mut room, effects);
    assert_eq!((room.read.seq, unread(&device)), (Seq(2), 3));
    // It is on the screen, and stays unread until one comes back to it.
    assert_eq!(reads(&device.event(Event::Viewing(Some(ROOM)))), []);
    assert_eq!(unread(&device), 3);
}

#[test]
fn a_mark_that_came_too_late_is_forgotten_and_the_list_shows_the_servers_position() {
    let (mut room, mut device) = with_unread(5);
    let live = room.set_read(Seq(4));
    device.frame(live);
    device.cut(None);
    device.event(Event::MarkUnread(ROOM, Seq(1)));
    assert_eq!(unread(&device), 5);
    room.set_read(Seq(5));
    device.wait(1_000);
    let effects = device.connect(&room);
    assert_eq!(reads(&effects), [(0, Some(4))]);
    device.settle(&mut room, effects);
    assert_eq!((room.read.seq, unread(&device)), (Seq(5), 0));
    assert_eq!(reads(&device.wait(60_000)), []);
}

#[test]
fn a_position_that_the_server_rejects_is_tried_again_later_and_not_in_a_loop() {
    let (_, mut device) = with_unread(3);
    device.event(Event::Viewing(Some(ROOM)));
    let effects = device.wait(COLLECTED_FOR);
    let again = device.frame(refused(request_of(&effects), None, Error::invalid("not there")));
    assert_eq!(reads(&again), []);
    assert_eq!(reads(&device.wait(9_000)), []);
    assert_eq!(reads(&device.wait(5_000)), [(3, None)]);
}

#[test]
fn unread_counts_of_a_mark_above_what_is_held_wait_for_the_server() {
    let (mut room, mut device) = with_unread(120);
    let live = room.set_read(Seq(120));
    device.frame(live);
    let effects = device.event(Event::MarkUnread(ROOM, Seq(10)));
    assert_eq!(unread(&device), 0, "how many of them are others' is not known here");
    device.settle(&mut room, effects);
    assert_eq!(unread(&device), 111);
}

#[test]
fn what_another_device_has_read_meanwhile_is_not_hidden_by_a_position_on_its_way() {
    let (mut room, mut device) = with_unread(5);
    device.event(Event::Viewing(Some(ROOM)));
    let effects = device.wait(COLLECTED_FOR);
    assert_eq!(reads(&effects), [(5, None)]);
    device.event(Event::Viewing(None));
    device.frame(room.post(ANA, "6"));
    let live = room.set_read(Seq(6));
    device.frame(live);
    assert_eq!(unread(&device), 0);
}
