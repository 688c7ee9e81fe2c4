//! Nothing is missed: gaps are noticed by numbers and repaired by asking.

use super::*;

#[test]
fn the_next_change_is_applied_at_once() {
    let mut room = Room::with(3);
    let mut device = Device::live(&room);
    let effects = device.frame(room.says(ANA, "hello"));
    assert_eq!(device.bodies().last().map(String::as_str), Some("hello"));
    assert!(effects.contains(&Effect::Changed(StatePart::Conversation(ROOM))));
    assert!(device.replica().at_latest());
    device.frame(room.edits(2, "better"));
    device.frame(room.renames("Plaza"));
    device.frame(room.calls_ana("Anna"));
    device.agrees_with(&room);
    assert_eq!(device.replica().member(ANA).map(|member| member.person.first_name.as_str()), Some("Anna"));
}

#[test]
fn a_change_that_was_seen_before_is_ignored() {
    let mut room = Room::with(3);
    let mut device = Device::live(&room);
    let old = room.edits(3, "first");
    device.frame(old.clone());
    device.frame(room.edits(3, "second"));
    device.frame(old);
    device.agrees_with(&room);
}

#[test]
fn changes_that_overtook_each_other_wait_for_one_another_and_nothing_is_asked() {
    let mut room = Room::with(1);
    let mut device = Device::live(&room);
    let frames = [room.says(ANA, "a"), room.says(ANA, "b"), room.says(ANA, "c")];
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
fn a_gap_is_asked_for_half_a_second_after_it_was_seen_and_once() {
    let mut room = Room::with(1);
    let mut device = Device::live(&room);
    room.says(ANA, "lost");
    assert_eq!(sent(&device.frame(room.says(ANA, "seen"))), []);
    assert_eq!(sent(&device.wait(499)), []);
    let asking = device.wait(1);
    assert_eq!(since(&asking), Some(2));
    // While the question is under way, another gap asks nothing.
    room.says(ANA, "lost too");
    device.frame(room.says(ANA, "seen too"));
    assert_eq!(sent(&device.wait(5_000)), []);
    device.settle(&mut room, asking);
    device.agrees_with(&room);
}

#[test]
fn an_answer_that_leaves_a_gap_behind_is_followed_by_another_question() {
    let mut room = Room::with(1);
    let mut device = Device::live(&room);
    room.says(ANA, "lost");
    device.frame(room.says(ANA, "seen"));
    let asking = device.wait(500);
    let answer = room.answers(sent(&asking).remove(0)).0;
    room.says(ANA, "lost while answering");
    device.frame(room.says(ANA, "seen while answering"));
    assert_eq!(sent(&device.frame(answer)), []);
    let asking = device.wait(500);
    assert_eq!(since(&asking), Some(4));
    device.settle(&mut room, asking);
    device.agrees_with(&room);
}

#[test]
fn more_waiting_frames_than_are_kept_lead_to_asking_at_once() {
    let mut room = Room::with(1);
    let mut device = Device::live(&room);
    room.says(ANA, "lost");
    for n in 0..200 {
        assert_eq!(sent(&device.frame(room.edits(1, &format!("{n}")))), []);
    }
    let asking = device.frame(room.edits(1, "one too many"));
    assert_eq!(since(&asking), Some(2));
    device.settle(&mut room, asking);
    device.agrees_with(&room);
}

#[test]
fn a_refused_question_is_asked_again_when_the_server_says() {
    let mut room = Room::with(1);
    let mut device = Device::live(&room);
    room.says(ANA, "lost");
    device.frame(room.says(ANA, "seen"));
    let asking = device.wait(500);
    device.frame(refused(asked(&asking), None, Error::too_many(3_000)));
    assert_eq!(sent(&device.wait(2_999)), []);
    let asking = device.wait(1);
    assert_eq!(since(&asking), Some(2));
    device.settle(&mut room, asking);
    device.agrees_with(&room);
}

#[test]
fn after_a_reset_a_fresh_window_replaces_everything_and_the_old_stays_until_it_comes() {
    let mut room = Room::with(60);
    let mut device = Device::live(&room);
    device.cut(None);
    for n in 0..300 {
        room.says(ANA, &format!("while away {n}"));
    }
    device.wait(500);
    let asking = device.connect(&room);
    assert_eq!(since(&asking), Some(61));
    let reset = room.answers(sent(&asking).remove(0)).0;
    assert!(matches!(reset, ServerFrame::Reset { .. }));
    let asking = device.frame(reset);
    assert_eq!(history(&asking), Some(Anchor::Latest));
    assert_eq!(device.span(), (11, 60, 360));
    let ahead = room.says(ANA, "while the window is on its way");
    device.frame(ahead);
    device.settle(&mut room, asking);
    device.agrees_with(&room);
    assert_eq!(device.span(), (262, 361, 361));
    assert!(device.replica().at_latest());
}

#[test]
fn after_a_reset_a_reader_of_old_messages_stays_where_they_were() {
    let mut room = Room::with(900);
    let mut device = Device::live(&room);
    for _ in 0..9 {
        let asking = device.event(Event::LoadOlder(ROOM));
        device.settle(&mut room, asking);
    }
    assert_eq!(device.span(), (401, 800, 900));
    device.cut(None);
    for n in 1..=300 {
        room.edits(n + 450, "edited");
    }
    device.wait(500);
    let asking = device.connect(&room);
    let reset = room.answers(sent(&asking).remove(0)).0;
    let asking = device.frame(reset);
    assert_eq!(history(&asking), Some(Anchor::Around(Seq(601))));
    device.settle(&mut room, asking);
    device.agrees_with(&room);
    assert_eq!(device.span(), (551, 650, 900));
    assert!(!device.replica().at_latest());
}

#[test]
fn a_change_that_went_by_while_its_conversation_was_not_held_is_asked_for_when_it_is_opened() {
    let mut room = Room::with(3);
    let mut elsewhere = room.page();
    elsewhere.window = Window { messages: Vec::new(), head: Seq(0), ..elsewhere.window };
    elsewhere.window.conversation.id = ConversationId(2);
    let mut initial_state = room.initial_state();
    initial_state.conversations.push(ConversationSummary {
        conversation: elsewhere.window.conversation.clone(),
        ..initial_state.conversations[0].clone()
    });
    elsewhere.initial_state = initial_state.clone();
    let mut device = Device::new();
    device.event(Event::Loaded(Box::new(elsewhere)));
    device.event(Event::SocketOpened);
    device.frame(ServerFrame::Welcome { connection: 1, server: "0.1.0".into(), initial_state });
    let page = room.seed();
    let effects = device.frame(room.says(ANA, "between the page's reading and its coming"));
    assert_eq!(effects, [Effect::Changed(StatePart::InitialState)]);
    let asking = device.event(page);
    assert_eq!(since(&asking), Some(4));
    device.settle(&mut room, asking);
    device.agrees_with(&room);
}

#[test]
fn answers_to_questions_of_a_lost_connection_are_ignored() {
    let mut room = Room::with(1);
    let mut device = Device::live(&room);
    room.says(ANA, "lost");
    device.frame(room.says(ANA, "seen"));
    let asking = device.wait(500);
    let late = room.answers(sent(&asking).remove(0)).0;
    device.cut(None);
    device.wait(500);
    device.event(Event::SocketOpened);
    device.frame(late);
    assert_eq!(device.span().1, 1);
    let asking = device.frame(room.welcome());
    device.settle(&mut room, asking);
    device.agrees_with(&room);
}

#[test]
fn frames_that_come_before_the_welcome_lose_nothing() {
    let mut room = Room::with(2);
    let mut device = Device::new();
    device.event(room.seed());
    device.event(Event::SocketOpened);
    room.says(ANA, "lost");
    device.frame(room.says(ANA, "early"));
    assert_eq!(sent(&device.wait(2_000)), []);
    let asking = device.frame(room.welcome());
    assert_eq!(since(&asking), Some(3));
    device.settle(&mut room, asking);
    device.agrees_with(&room);
}

#[test]
fn a_conversation_that_is_no_longer_open_to_one_is_let_go() {
    let mut room = Room::with(1);
    let mut device = Device::live(&room);
    room.says(ANA, "lost");
    device.frame(room.says(ANA, "seen"));
    let asking = device.wait(500);
    let effects = device.frame(refused(asked(&asking), None, Error::not_found()));
    assert!(effects.contains(&Effect::Changed(StatePart::Conversation(ROOM))));
    assert!(device.engine.replica(ROOM).is_none());
    // The list still has it: whether it should, the server knows.
    assert!(matches!(sent(&device.wait(20_000))[..], [ClientFrame::InitialState { .. }]));
}

#[test]
fn what_came_after_the_answer_was_read_is_applied_with_it() {
    let mut room = Room::with(1);
    let mut device = Device::live(&room);
    room.says(ANA, "lost");
    device.frame(room.says(ANA, "seen"));
    let asking = device.wait(500);
    let answer = room.answers(sent(&asking).remove(0)).0;
    device.frame(room.says(ANA, "after the answer was read"));
    device.frame(answer);
    device.agrees_with(&room);
    assert_eq!(sent(&device.wait(5_000)), []);
}

#[test]
fn an_answer_that_starts_above_the_cursor_does_not_move_it() {
    let mut room = Room::with(120);
    let mut device = Device::live(&room);
    let older = device.event(Event::LoadOlder(ROOM));
    let window = room.answers(sent(&older).remove(0)).0;
    device.frame(room.edits(40, "edited while the window travelled"));
    room.says(ANA, "lost");
    device.frame(room.says(ANA, "seen"));
    let asking = device.wait(500);
    assert_eq!(since(&asking), Some(122));
    let answer = room.answers(sent(&asking).remove(0)).0;
    device.frame(window);
    let again = device.frame(answer);
    assert_eq!(since(&again), Some(121), "the window put the cursor back below the question");
    device.settle(&mut room, again);
    device.agrees_with(&room);
}

#[test]
fn a_reset_that_comes_after_everything_was_replaced_resets_nothing() {
    let mut room = Room::with(900);
    let mut device = Device::live(&room);
    for _ in 0..10 {
        let asking = device.event(Event::LoadOlder(ROOM));
        device.settle(&mut room, asking);
    }
    (0..300).for_each(|_| drop(room.says(ANA, "lost")));
    device.frame(room.says(ANA, "seen"));
    let asking = device.wait(500);
    let reset = room.answers(sent(&asking).remove(0)).0;
    assert!(matches!(reset, ServerFrame::Reset { .. }));
    let latest = device.event(Event::LoadLatest(ROOM));
    device.settle(&mut room, latest);
    assert_eq!(sent(&device.frame(reset)), []);
    device.agrees_with(&room);
}
