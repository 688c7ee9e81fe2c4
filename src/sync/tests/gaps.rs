//! Nothing is missed: gaps are noticed by numbers and repaired by requests.

use super::*;

#[test]
fn the_next_change_is_applied_at_once() {
    let mut room = FakeRoom::with(3);
    let mut device = TestDevice::live(&room);
    let effects = device.frame(room.post(ANA, "hello"));
    assert_eq!(device.bodies().last().map(String::as_str), Some("hello"));
    assert!(effects.contains(&Effect::Changed(StatePart::Conversation(ROOM))));
    assert!(device.replica().at_latest());
    device.frame(room.edit(2, "better"));
    device.frame(room.rename("Plaza"));
    device.frame(room.rename_ana("Anna"));
    device.assert_equals(&room);
    assert_eq!(device.replica().member(ANA).map(|member| member.person.first_name.as_str()), Some("Anna"));
}

#[test]
fn a_change_that_was_seen_before_is_ignored() {
    let mut room = FakeRoom::with(3);
    let mut device = TestDevice::live(&room);
    let old = room.edit(3, "first");
    device.frame(old.clone());
    device.frame(room.edit(3, "second"));
    device.frame(old);
    device.assert_equals(&room);
}

#[test]
fn changes_out_of_order_are_buffered_and_nothing_is_requested() {
    let mut room = FakeRoom::with(1);
    let mut device = TestDevice::live(&room);
    let frames = [room.post(ANA, "a"), room.post(ANA, "b"), room.post(ANA, "c")];
    let [a, b, c] = frames;
    device.frame(c);
    device.frame(b);
    assert_eq!(device.bodies(), ["message 1"]);
    device.wait(400);
    device.frame(a);
    assert_eq!(device.bodies(), ["message 1", "a", "b", "c"]);
    assert_eq!(sent(&device.wait(5_000)), []);
}

#[test]
fn a_gap_is_requested_once_after_half_a_second() {
    let mut room = FakeRoom::with(1);
    let mut device = TestDevice::live(&room);
    room.post(ANA, "lost");
    assert_eq!(sent(&device.frame(room.post(ANA, "seen"))), []);
    assert_eq!(sent(&device.wait(499)), []);
    let requests = device.wait(1);
    assert_eq!(since(&requests), Some(2));
    // While the request is open, another gap requests nothing.
    room.post(ANA, "lost too");
    device.frame(room.post(ANA, "seen too"));
    assert_eq!(sent(&device.wait(5_000)), []);
    device.settle(&mut room, requests);
    device.assert_equals(&room);
}

#[test]
fn an_answer_that_leaves_a_gap_is_followed_by_another_request() {
    let mut room = FakeRoom::with(1);
    let mut device = TestDevice::live(&room);
    room.post(ANA, "lost");
    device.frame(room.post(ANA, "seen"));
    let requests = device.wait(500);
    let answer = room.answer(sent(&requests).remove(0)).0;
    room.post(ANA, "lost while answering");
    device.frame(room.post(ANA, "seen while answering"));
    assert_eq!(sent(&device.frame(answer)), []);
    let requests = device.wait(500);
    assert_eq!(since(&requests), Some(4));
    device.settle(&mut room, requests);
    device.assert_equals(&room);
}

#[test]
fn more_changes_than_are_buffered_lead_to_a_request_at_once() {
    let mut room = FakeRoom::with(1);
    let mut device = TestDevice::live(&room);
    room.post(ANA, "lost");
    for n in 0..200 {
        assert_eq!(sent(&device.frame(room.edit(1, &format!("{n}")))), []);
    }
    let requests = device.frame(room.edit(1, "one too many"));
    assert_eq!(since(&requests), Some(2));
    device.settle(&mut room, requests);
    device.assert_equals(&room);
}

#[test]
fn a_refused_request_is_repeated_when_the_server_says() {
    let mut room = FakeRoom::with(1);
    let mut device = TestDevice::live(&room);
    room.post(ANA, "lost");
    device.frame(room.post(ANA, "seen"));
    let requests = device.wait(500);
    device.frame(refused(request_of(&requests), None, Error::too_many(3_000)));
    assert_eq!(sent(&device.wait(2_999)), []);
    let requests = device.wait(1);
    assert_eq!(since(&requests), Some(2));
    device.settle(&mut room, requests);
    device.assert_equals(&room);
}

#[test]
fn after_a_reset_a_new_window_replaces_everything_and_the_old_one_stays_until_it_arrives() {
    let mut room = FakeRoom::with(60);
    let mut device = TestDevice::live(&room);
    device.cut(None);
    for n in 0..300 {
        room.post(ANA, &format!("while away {n}"));
    }
    device.wait(500);
    let requests = device.connect(&room);
    assert_eq!(since(&requests), Some(61));
    let reset = room.answer(sent(&requests).remove(0)).0;
    assert!(matches!(reset, ServerFrame::Reset { .. }));
    let requests = device.frame(reset);
    assert_eq!(history(&requests), Some(Anchor::Latest));
    assert_eq!(device.span(), (11, 60, 360));
    let ahead = room.post(ANA, "while the window is on its way");
    device.frame(ahead);
    device.settle(&mut room, requests);
    device.assert_equals(&room);
    assert_eq!(device.span(), (262, 361, 361));
    assert!(device.replica().at_latest());
}

#[test]
fn after_a_reset_a_reader_of_old_messages_stays_where_they_were() {
    let mut room = FakeRoom::with(900);
    let mut device = TestDevice::live(&room);
    device.engine.held_max = 400;
    for _ in 0..9 {
        device.event(Event::Reading(ROOM, Some(Seq(device.span().0))));
        let requests = device.event(Event::LoadOlder(ROOM));
        device.settle(&mut room, requests);
    }
    assert_eq!(device.span(), (401, 800, 900));
    device.event(Event::Reading(ROOM, Some(Seq(601))));
    device.cut(None);
    for n in 1..=300 {
        room.edit(n + 450, "edited");
    }
    device.wait(500);
    let requests = device.connect(&room);
    let reset = room.answer(sent(&requests).remove(0)).0;
    let requests = device.frame(reset);
    assert_eq!(history(&requests), Some(Anchor::Around(Seq(601))));
    device.settle(&mut room, requests);
    device.assert_equals(&room);
    assert_eq!(device.span(), (551, 650, 900));
    assert!(!device.replica().at_latest());
}

#[test]
fn a_change_missed_while_the_conversation_was_not_held_is_requested_when_it_is_opened() {
    let mut room = FakeRoom::with(3);
    let mut elsewhere = room.page();
    elsewhere.window = Window { messages: Vec::new(), head: Seq(0), ..elsewhere.window };
    elsewhere.window.conversation.id = ConversationId(2);
    let mut initial_state = room.initial_state();
    initial_state.conversations.push(ConversationSummary {
        conversation: elsewhere.window.conversation.clone(),
        ..initial_state.conversations[0].clone()
    });
    elsewhere.initial_state = initial_state.clone();
    let mut device = TestDevice::new();
    device.event(Event::Loaded(Box::new(elsewhere)));
    device.event(Event::SocketOpened);
    device.frame(ServerFrame::Welcome { connection: 1, server: "0.1.0".into(), initial_state });
    let page = room.seed();
    let effects = device.frame(room.post(ANA, "between the page's reading and its coming"));
    assert_eq!(effects, [Effect::Changed(StatePart::Summary(ROOM))]);
    let requests = device.event(page);
    assert_eq!(since(&requests), Some(4));
    device.settle(&mut room, requests);
    device.assert_equals(&room);
}

#[test]
fn answers_to_requests_of_a_lost_connection_are_ignored() {
    let mut room = FakeRoom::with(1);
    let mut device = TestDevice::live(&room);
    room.post(ANA, "lost");
    device.frame(room.post(ANA, "seen"));
    let requests = device.wait(500);
    let late = room.answer(sent(&requests).remove(0)).0;
    device.cut(None);
    device.wait(500);
    device.event(Event::SocketOpened);
    device.frame(late);
    assert_eq!(device.span().1, 1);
    let requests = device.frame(room.welcome());
    device.settle(&mut room, requests);
    device.assert_equals(&room);
}

#[test]
fn frames_before_the_welcome_lose_nothing() {
    let mut room = FakeRoom::with(2);
    let mut device = TestDevice::new();
    device.event(room.seed());
    device.event(Event::SocketOpened);
    room.post(ANA, "lost");
    device.frame(room.post(ANA, "early"));
    assert_eq!(sent(&device.wait(2_000)), []);
    let requests = device.frame(room.welcome());
    assert_eq!(since(&requests), Some(3));
    device.settle(&mut room, requests);
    device.assert_equals(&room);
}

#[test]
fn a_conversation_that_is_no_longer_accessible_is_dropped() {
    let mut room = FakeRoom::with(1);
    let mut device = TestDevice::live(&room);
    room.post(ANA, "lost");
    device.frame(room.post(ANA, "seen"));
    let requests = device.wait(500);
    let effects = device.frame(refused(request_of(&requests), None, Error::not_found()));
    assert!(effects.contains(&Effect::Changed(StatePart::Conversation(ROOM))));
    assert!(device.engine.replica(ROOM).is_none());
    // The list still has it: only the server knows whether it should.
    assert!(matches!(sent(&device.wait(20_000))[..], [ClientFrame::InitialState { .. }]));
}

#[test]
fn a_change_buffered_after_the_answer_was_read_is_applied_with_it() {
    let mut room = FakeRoom::with(1);
    let mut device = TestDevice::live(&room);
    room.post(ANA, "lost");
    device.frame(room.post(ANA, "seen"));
    let requests = device.wait(500);
    let answer = room.answer(sent(&requests).remove(0)).0;
    device.frame(room.post(ANA, "after the answer was read"));
    device.frame(answer);
    device.assert_equals(&room);
    assert_eq!(sent(&device.wait(5_000)), []);
}

#[test]
fn an_answer_that_starts_above_the_cursor_does_not_move_it() {
    let mut room = FakeRoom::with(120);
    let mut device = TestDevice::live(&room);
    let older = device.event(Event::LoadOlder(ROOM));
    let window = room.answer(sent(&older).remove(0)).0;
    device.frame(room.edit(40, "edited while the window travelled"));
    room.post(ANA, "lost");
    device.frame(room.post(ANA, "seen"));
    let requests = device.wait(500);
    assert_eq!(since(&requests), Some(122));
    let answer = room.answer(sent(&requests).remove(0)).0;
    device.frame(window);
    let again = device.frame(answer);
    assert_eq!(since(&again), Some(121), "the window put the cursor back below the request");
    device.settle(&mut room, again);
    device.assert_equals(&room);
}

#[test]
fn a_reset_that_comes_after_everything_was_replaced_resets_nothing() {
    let mut room = FakeRoom::with(900);
    let mut device = TestDevice::live(&room);
    device.engine.held_max = 400;
    for _ in 0..10 {
        device.event(Event::Reading(ROOM, Some(Seq(device.span().0))));
        let requests = device.event(Event::LoadOlder(ROOM));
        device.settle(&mut room, requests);
    }
    (0..300).for_each(|_| drop(room.post(ANA, "lost")));
    device.frame(room.post(ANA, "seen"));
    let requests = device.wait(500);
    let reset = room.answer(sent(&requests).remove(0)).0;
    assert!(matches!(reset, ServerFrame::Reset { .. }));
    let latest = device.event(Event::LoadLatest(ROOM));
    device.settle(&mut room, latest);
    assert_eq!(sent(&device.frame(reset)), []);
    device.assert_equals(&room);
}
