//! Posts are delivered once, in order, and are always visible.

use super::*;

/// A device without a connection.
fn waiting(room: &FakeRoom) -> TestDevice {
    let mut device = TestDevice::new();
    device.event(room.seed());
    device
}

fn states(device: &TestDevice) -> Vec<(String, OperationState)> {
    device.pending().into_iter().map(|pending| (pending.body().to_owned(), pending.state)).collect()
}

#[test]
fn a_message_is_stored_and_shown_before_it_is_sent() {
    let room = FakeRoom::new();
    let mut device = TestDevice::live(&room);
    let effects = device.post("  hello\r\n");
    let pending = device.pending().remove(0);
    assert_eq!((pending.body(), pending.author, &pending.state), ("  hello", ME, &OperationState::Sent));
    let kept = Operation { state: OperationState::Queued, ..pending.clone() };
    let post = ClientFrame::Post { id: pending.id, conversation: ROOM, body: "  hello".into(), after: None };
    assert_eq!(effects, [Effect::Store(kept), Effect::Send(post), Effect::Changed(StatePart::Outbox(ROOM))]);
    assert_eq!(device.engine.waiting(), 1);
}

#[test]
fn the_acknowledgement_moves_the_message_from_the_outbox_to_the_replica_in_one_step() {
    let mut room = FakeRoom::with(2);
    let mut device = TestDevice::live(&room);
    let effects = device.post("hello");
    let id = device.pending()[0].id;
    let (answer, live) = room.answer(sent(&effects).remove(0));
    let effects = device.frame(answer);
    assert!(effects.contains(&Effect::Remove(id)));
    assert!(effects.contains(&Effect::Changed(StatePart::Outbox(ROOM))));
    assert!(effects.contains(&Effect::Changed(StatePart::Conversation(ROOM))));
    assert_eq!((device.pending(), device.bodies().last().map(String::as_str)), (vec![], Some("hello")));
    assert_eq!((device.stored.len(), device.engine.waiting()), (0, 0));
    device.frame(live.unwrap());
    device.assert_equals(&room);
    assert_eq!(sent(&device.wait(5_000)), []);
}

#[test]
fn the_live_frame_completes_the_post_too_but_another_users_identifier_does_not() {
    let mut room = FakeRoom::with(2);
    let mut device = TestDevice::live(&room);
    device.post("hello");
    let id = device.pending()[0].id;
    device.frame(room.insert(ANA, id, "the same identifier by chance"));
    assert_eq!(device.pending().len(), 1);
    device.frame(room.insert(ME, id, "hello"));
    assert_eq!(device.pending(), []);
    assert!(device.stored.is_empty());
}

#[test]
fn a_buffered_live_frame_keeps_the_pending_row_visible() {
    let mut room = FakeRoom::with(2);
    let mut device = TestDevice::live(&room);
    device.post("hello");
    let id = device.pending()[0].id;
    let lost = room.post(ANA, "lost");
    device.frame(room.insert(ME, id, "hello"));
    assert_eq!(device.pending().len(), 1);
    assert_eq!(device.engine.pending(ROOM).last().map(|row| row.body().to_owned()).as_deref(), Some("hello"));
    device.frame(lost);
    assert_eq!((device.pending(), device.bodies().last().map(String::as_str)), (vec![], Some("hello")));
}

#[test]
fn an_acknowledged_post_after_a_gap_is_shown_and_the_gap_is_requested_at_once() {
    let mut room = FakeRoom::with(2);
    let mut device = TestDevice::live(&room);
    let effects = device.post("mine");
    room.post(ANA, "lost");
    let answer = room.answer(sent(&effects).remove(0)).0;
    let requests = device.frame(answer);
    assert_eq!(device.bodies(), ["message 1", "message 2", "mine"]);
    assert_eq!(since(&requests), Some(3));
    device.settle(&mut room, requests);
    assert_eq!(device.bodies(), ["message 1", "message 2", "lost", "mine"]);
    device.assert_equals(&room);
}

#[test]
fn the_first_acknowledged_post_in_an_empty_room_does_not_hide_earlier_messages() {
    let mut room = FakeRoom::new();
    let mut device = TestDevice::live(&room);
    let effects = device.post("mine");
    room.post(ANA, "lost");
    let answer = room.answer(sent(&effects).remove(0)).0;
    let requests = device.frame(answer);
    device.settle(&mut room, requests);
    assert_eq!(device.bodies(), ["lost", "mine"]);
}

#[test]
fn an_acknowledged_post_whose_live_frame_was_lost_leads_to_catching_up() {
    let mut room = FakeRoom::with(2);
    let mut device = TestDevice::live(&room);
    let effects = device.post("mine");
    let answer = room.answer(sent(&effects).remove(0)).0;
    assert_eq!(sent(&device.frame(answer)), []);
    let requests = device.wait(500);
    assert_eq!(since(&requests), Some(3));
    device.settle(&mut room, requests);
    device.assert_equals(&room);
}

#[test]
fn messages_are_sent_in_order_and_at_most_thirty_two_are_unacknowledged() {
    let mut room = FakeRoom::new();
    let mut device = waiting(&room);
    for n in 0..40 {
        assert_eq!(sent(&device.post(&format!("{n}"))), []);
    }
    let effects = device.connect(&room);
    assert_eq!(posts(&effects), (0..32).map(|n| n.to_string()).collect::<Vec<_>>());
    let answer = room.answer(sent(&effects).remove(0)).0;
    assert_eq!(posts(&device.frame(answer)), ["32"]);
    assert_eq!(states(&device)[31].1, OperationState::Sent);
    assert_eq!(states(&device)[32].1, OperationState::Queued);
    assert_eq!(device.engine.waiting(), 39);
}

#[test]
fn after_a_disconnection_unacknowledged_posts_are_sent_again_and_posted_once() {
    let mut room = FakeRoom::new();
    let mut device = TestDevice::live(&room);
    let first = device.post("arrived, answer lost");
    room.answer(sent(&first).remove(0));
    device.post("lost on the way");
    device.cut(None);
    assert!(states(&device).iter().all(|(_, state)| *state == OperationState::Queued));
    device.post("written offline");
    let ids = device.pending().iter().map(|pending| pending.id).collect::<Vec<_>>();
    device.wait(500);
    let effects = device.connect(&room);
    assert_eq!(posts(&effects), ["arrived, answer lost", "lost on the way", "written offline"]);
    device.settle(&mut room, effects);
    assert_eq!(room.messages.iter().map(|message| message.id).collect::<Vec<_>>(), ids);
    assert_eq!((device.pending(), device.stored.len()), (vec![], 0));
    device.assert_equals(&room);
}

#[test]
fn stored_operations_come_before_new_ones_and_another_users_are_not_sent() {
    let room = FakeRoom::new();
    let mut before = waiting(&room);
    before.post("one");
    before.post("two");
    let mut kept = before.pending();
    kept[0].state = OperationState::Failed(Error::not_found());
    kept.push(Operation {
        author: ANA,
        kind: OperationKind::Post { body: "hers".into() },
        id: MessageId::new(Millis(5), [9; 10]),
        ..kept[0].clone()
    });
    let json = serde_json::to_string(&kept).unwrap();

    let mut device = TestDevice::with_seed(2);
    device.now.wall.0 += 60_000;
    device.event(Event::OutboxLoaded(serde_json::from_str(&json).unwrap()));
    assert_eq!((device.pending(), device.engine.waiting()), (vec![], 0), "the user is not known yet");
    let effects = device.event(room.seed());
    assert!(effects.contains(&Effect::Changed(StatePart::Outbox(ROOM))));
    device.post("three");
    device.event(Event::OutboxLoaded(kept.clone()));
    assert_eq!(device.pending().iter().map(|p| p.body()).collect::<Vec<_>>(), ["one", "two", "three"]);
    assert_eq!(posts(&device.connect(&room)), ["three"], "the others are another tab's to send");
    assert_eq!(posts(&device.event(Event::TabClosed(before.engine.tab()))), ["two"]);
}

#[test]
fn a_sent_message_is_stored_as_queued() {
    let room = FakeRoom::new();
    let mut device = TestDevice::live(&room);
    device.post("a");
    let json = serde_json::to_string(&device.pending()).unwrap();
    let back: Vec<Operation> = serde_json::from_str(&json).unwrap();
    assert_eq!(back[0].state, OperationState::Queued);
}

#[test]
fn a_stored_operation_that_was_acknowledged_to_a_closed_page_is_completed_at_start() {
    let mut room = FakeRoom::new();
    let mut before = TestDevice::live(&room);
    let effects = before.post("arrived");
    room.answer(sent(&effects).remove(0));
    let kept = before.stored.clone();
    for restored_first in [true, false] {
        let mut device = TestDevice::with_seed(2);
        device.stored = kept.clone();
        let restore = Event::OutboxLoaded(kept.values().cloned().collect());
        let (first, second) = if restored_first { (restore, room.seed()) } else { (room.seed(), restore) };
        device.event(first);
        device.event(second);
        assert_eq!((device.pending(), device.stored.len()), (vec![], 0));
    }
}

#[test]
fn identifiers_rise_even_when_the_clock_is_set_back() {
    let room = FakeRoom::new();
    let mut device = waiting(&room);
    device.post("a");
    device.post("b");
    device.now.wall.0 -= 3_600_000;
    device.post("c");
    let ids = device.pending().iter().map(|pending| pending.id).collect::<Vec<_>>();
    assert!(ids.is_sorted() && ids.windows(2).all(|pair| pair[0] != pair[1]));
}

#[test]
fn posts_of_one_conversation_keep_their_order_when_the_first_is_refused_for_a_moment() {
    let mut room = FakeRoom::new();
    let mut device = TestDevice::live(&room);
    let first = device.post("a");
    let second = device.post("b");
    assert_eq!((after(&first), after(&second)), (vec![None], vec![Some(device.pending()[0].id)]));
    device.frame(refused(None, Some(device.pending()[0].id), Error::unavailable()));
    // The server reads "b" while "a" has not been posted.
    let refusal = room.answer(sent(&second).remove(0)).0;
    assert!(matches!(refusal, ServerFrame::Refused { .. }), "{refusal:?}");
    device.frame(refusal);
    let effects = device.wait(1_000);
    assert_eq!(posts(&effects), ["a", "b"]);
    device.settle(&mut room, effects);
    assert_eq!(device.bodies(), ["a", "b"]);
}

#[test]
fn a_post_not_acknowledged_in_time_is_sent_again_with_its_identifier() {
    let mut room = FakeRoom::new();
    let mut device = TestDevice::live(&room);
    let lost = device.post("a");
    let id = device.pending()[0].id;
    // The connection is alive: only the answer is missing.
    let mut again = Vec::new();
    for _ in 0..5 {
        again.extend(device.wait(4_000));
        let pings = again.iter().filter(|effect| matches!(effect, Effect::Send(ClientFrame::Ping { .. }))).count();
        assert_eq!(pings, 0, "the connection is not tested");
        device.frame(ServerFrame::ConversationRevision { conversation: ROOM, rev: Rev(1) });
    }
    assert_eq!(posts(&again), ["a"]);
    room.answer(sent(&lost).remove(0));
    device.settle(&mut room, again);
    assert_eq!(room.messages.iter().map(|message| message.id).collect::<Vec<_>>(), [id]);
    assert_eq!(device.pending(), []);
}

#[test]
fn a_post_that_waited_for_more_than_a_day_is_sent_only_when_the_user_confirms_it() {
    const HOUR: i64 = 3_600_000;
    let mut room = FakeRoom::new();
    let mut device = waiting(&room);
    device.post("old");
    device.now.wall.0 += 25 * HOUR;
    device.post("new");
    let (old, new) = (device.pending()[0].id, device.pending()[1].id);
    let effects = device.connect(&room);
    assert_eq!((posts(&effects), after(&effects)), (vec!["new".to_owned()], vec![None]));
    assert_eq!(states(&device)[0], ("old".to_owned(), OperationState::Stale));
    assert_eq!(device.stored[&old].state, OperationState::Stale);
    assert_eq!((device.engine.waiting(), device.engine.unsent()), (1, 2));

    let effects = device.event(Event::Retry(old));
    assert_eq!((posts(&effects), after(&effects)), (vec!["old".to_owned()], vec![Some(new)]));
    let first = ClientFrame::Post { id: new, conversation: ROOM, body: "new".into(), after: None };
    let answer = room.answer(first).0;
    device.frame(answer);
    device.settle(&mut room, effects);
    assert_eq!(device.pending(), []);
}

#[test]
fn a_request_that_times_out_has_failed_and_can_be_repeated() {
    let room = FakeRoom::with(60);
    let mut device = TestDevice::live(&room);
    device.event(Event::LoadOlder(ROOM));
    assert_eq!(device.replica().older(), &FetchState::Loading);
    for _ in 0..5 {
        device.wait(4_000);
        device.frame(ServerFrame::ConversationRevision { conversation: ROOM, rev: Rev(1) });
    }
    let FetchState::Failed(error) = device.replica().older() else { panic!("{:?}", device.replica().older()) };
    assert_eq!(error.code, Code::Unavailable);
    assert!(history(&device.event(Event::LoadOlder(ROOM))).is_some());
}
