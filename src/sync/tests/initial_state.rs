//! The initial state: pages, welcomes, restored databases, other users.

use super::*;

fn listed(device: &TestDevice) -> ConversationSummary {
    device.engine.initial_state().expect("a page was loaded").conversations[0].clone()
}

#[test]
fn a_page_seeds_the_list_and_the_conversation() {
    let room = FakeRoom::with(120);
    let mut device = TestDevice::new();
    let effects = device.event(room.seed());
    assert!(effects.contains(&Effect::Changed(StatePart::InitialState)));
    assert!(effects.contains(&Effect::Changed(StatePart::Conversation(ROOM))));
    assert_eq!(device.engine.initial_state(), Some(&room.initial_state()));
    assert_eq!(device.span(), (71, 120, 120));
    device.assert_equals(&room);
}

#[test]
fn the_list_follows_every_change() {
    let mut room = FakeRoom::with(1);
    let mut device = TestDevice::live(&room);
    device.frame(room.post(ANA, "x"));
    assert_eq!((listed(&device).rev, listed(&device).head), (Rev(3), Seq(2)));
    let effects = device.frame(room.rename("Plaza"));
    assert!(effects.contains(&Effect::Changed(StatePart::Summary(ROOM))));
    assert_eq!(listed(&device).conversation.name, "Plaza");
    assert_eq!(device.engine.initial_state(), Some(&room.initial_state()));
}

#[test]
fn a_page_that_is_older_than_what_is_held_changes_nothing() {
    let mut room = FakeRoom::with(3);
    let stale = room.seed();
    let mut device = TestDevice::live(&room);
    device.frame(room.post(ANA, "newer"));
    device.frame(room.rename("Plaza"));
    assert_eq!(sent(&device.event(stale)), []);
    device.assert_equals(&room);
    assert_eq!(device.engine.initial_state(), Some(&room.initial_state()));
}

#[test]
fn a_newer_page_keeps_the_older_messages_that_were_loaded() {
    let mut room = FakeRoom::with(200);
    let mut device = TestDevice::live(&room);
    for _ in 0..2 {
        let requests = device.event(Event::LoadOlder(ROOM));
        device.settle(&mut room, requests);
    }
    device.cut(None);
    room.post(ANA, "missed");
    room.edit(60, "missed above the page");
    let fresh = room.seed();
    device.event(fresh);
    assert_eq!(device.span(), (51, 201, 201));
    device.wait(500);
    let requests = device.connect(&room);
    assert_eq!(since(&requests), Some(201));
    device.settle(&mut room, requests);
    device.assert_equals(&room);
}

#[test]
fn a_newer_page_after_a_gap_replaces_what_is_held() {
    let mut room = FakeRoom::with(60);
    let mut device = TestDevice::live(&room);
    device.cut(None);
    for _ in 0..100 {
        room.post(ANA, "x");
    }
    device.event(room.seed());
    assert_eq!(device.span(), (111, 160, 160));
    device.assert_equals(&room);
}

#[test]
fn a_page_of_older_messages_does_not_follow_the_newest() {
    let mut room = FakeRoom::with(120);
    let mut device = TestDevice::new();
    let window = room.window(Anchor::Before(Seq(61)), 50);
    let opened = OpenedConversation { initial_state: room.initial_state(), window, invite_link: None };
    device.event(Event::Loaded(Box::new(opened)));
    device.connect(&room);
    assert!(!device.replica().at_latest());
    device.frame(room.post(ANA, "far below"));
    assert_eq!(device.span(), (11, 60, 121));
    for _ in 0..2 {
        let requests = device.event(Event::LoadNewer(ROOM));
        device.settle(&mut room, requests);
    }
    assert_eq!(device.span(), (11, 121, 121));
    assert!(device.replica().at_latest());
    device.assert_equals(&room);
}

#[test]
fn a_welcome_with_a_later_rev_leads_to_catching_up() {
    let mut room = FakeRoom::with(3);
    let mut device = TestDevice::live(&room);
    device.cut(None);
    room.post(ANA, "missed");
    room.rename_ana("Anna");
    device.wait(500);
    let requests = device.connect(&room);
    assert_eq!(since(&requests), Some(4));
    device.settle(&mut room, requests);
    device.assert_equals(&room);
    device.cut(None);
    device.wait(500);
    assert_eq!(since(&device.connect(&room)), None, "nothing was missed");
}

#[test]
fn after_a_restore_everything_but_the_outbox_is_reset() {
    let room = FakeRoom::with(30);
    let mut device = TestDevice::live(&room);
    device.cut(None);
    device.post("kept");
    let mut restored = FakeRoom { epoch: Epoch(8), ..FakeRoom::with(20) };
    restored.edit(3, "another history");
    device.wait(500);
    let effects = device.connect(&restored);
    assert!(effects.contains(&Effect::Changed(StatePart::Conversation(ROOM))));
    assert_eq!(history(&effects), Some(Anchor::Latest));
    assert!(device.engine.replica(ROOM).is_none());
    assert_eq!(posts(&effects), ["kept"]);
    device.settle(&mut restored, effects);
    device.assert_equals(&restored);
    assert_eq!(device.bodies().last().map(String::as_str), Some("kept"));
}

#[test]
fn the_window_requested_after_a_restore_survives_another_disconnection_and_a_refusal() {
    let room = FakeRoom::with(30);
    let mut device = TestDevice::live(&room);
    let mut restored = FakeRoom { epoch: Epoch(8), ..FakeRoom::with(20) };
    device.cut(None);
    device.wait(500);
    device.connect(&restored);
    device.cut(None);
    device.wait(2_000);
    let requests = device.connect(&restored);
    device.frame(refused(request_of(&requests), None, Error::unavailable()));
    let requests = device.wait(1_000);
    assert_eq!(history(&requests), Some(Anchor::Latest));
    device.settle(&mut restored, requests);
    device.assert_equals(&restored);
}

#[test]
fn a_page_of_another_epoch_resets_everything_and_reconnects() {
    let room = FakeRoom::with(30);
    let mut device = TestDevice::live(&room);
    let restored = FakeRoom { epoch: Epoch(8), ..FakeRoom::with(20) };
    let effects = device.event(restored.seed());
    assert_eq!(effects[..2], [Effect::Disconnect, Effect::Connect]);
    device.connect(&restored);
    device.assert_equals(&restored);
}

#[test]
fn a_page_of_another_user_resets_everything_but_the_first_users_outbox() {
    let room = FakeRoom::with(3);
    let mut device = TestDevice::live(&room);
    device.post("mine");
    device.cut(None);
    let hers = FakeRoom { user: ANA, ..room.clone() };
    device.event(hers.seed());
    assert_eq!((device.pending(), device.engine.waiting()), (vec![], 0));
    device.wait(500);
    assert_eq!(posts(&device.connect(&hers)), Vec::<String>::new());
    assert_eq!(device.stored.len(), 1);
    device.event(room.seed());
    assert_eq!(device.pending().len(), 1);
}

#[test]
fn a_welcome_for_another_user_sends_nothing_and_leads_to_signing_in() {
    let room = FakeRoom::with(3);
    let mut device = TestDevice::live(&room);
    device.cut(None);
    device.post("mine");
    device.wait(500);
    let effects = device.connect(&FakeRoom { user: ANA, ..room.clone() });
    assert_eq!(effects[..2], [Effect::Disconnect, Effect::SignIn]);
    assert_eq!(posts(&effects), Vec::<String>::new());
    assert_eq!(device.engine.connection_state(), &ConnectionState::SignedOut);
}

#[test]
fn a_conversation_that_is_no_longer_listed_is_dropped() {
    let room = FakeRoom::with(3);
    let mut device = TestDevice::live(&room);
    device.cut(None);
    device.wait(500);
    device.event(Event::SocketOpened);
    let initial_state = InitialState { conversations: Vec::new(), user_rev: Rev(2), ..room.initial_state() };
    let effects = device.frame(ServerFrame::Welcome { connection: 1, server: "0.1.0".into(), initial_state });
    assert!(effects.contains(&Effect::Changed(StatePart::Conversation(ROOM))));
    assert!(device.engine.replica(ROOM).is_none());
}

#[test]
fn a_page_read_before_the_welcome_does_not_revert_the_list() {
    let mut room = FakeRoom::with(3);
    let mut device = TestDevice::live(&room);
    let old = room.page();
    device.cut(None);
    device.wait(500);
    let initial_state = InitialState { user_rev: Rev(5), ..room.initial_state() };
    device.event(Event::SocketOpened);
    device.frame(ServerFrame::Welcome { connection: 1, server: "0.1.0".into(), initial_state });
    device.frame(room.post(ANA, "x"));
    device.event(Event::Loaded(Box::new(old)));
    assert_eq!(device.engine.initial_state().map(|initial_state| initial_state.user_rev), Some(Rev(5)));
    assert_eq!(listed(&device).head, Seq(4));
}

/// The files were restored from a copy with the same epoch: only the revisions reveal it.
#[test]
fn after_a_restore_with_the_same_epoch_the_servers_state_wins() {
    let mut room = FakeRoom::with(3);
    let copy = room.clone();
    let mut device = TestDevice::live(&room);
    device.frame(room.post(ANA, "lost with the disk"));
    device.cut(None);
    device.wait(500);
    let mut room = copy;
    let requests = device.connect(&room);
    assert_eq!(history(&requests), Some(Anchor::Latest));
    device.settle(&mut room, requests);
    device.assert_equals(&room);
    assert_eq!(device.engine.initial_state(), Some(&room.initial_state()));
    device.frame(room.post(ANA, "posted since"));
    device.assert_equals(&room);
}

/// A deletion does not change `user_rev`, so only the client can tell which was read first.
#[test]
fn a_deleted_room_is_not_restored_by_an_older_list_or_page() {
    let mut room = FakeRoom::with(3);
    let mut device = TestDevice::live(&room);
    let (page, old) = (room.page(), room.initial_state());
    let summary = room.set_read(Seq(2));
    let requests = device.frame(ServerFrame::UserRevision { user_rev: Rev(1) });
    assert_eq!(request_of(&requests), None);
    let requests = device.wait(600);
    device.frame(ServerFrame::ConversationDeleted { conversation: ROOM });
    let request = request_of(&requests).expect("the list");
    device.frame(ServerFrame::InitialState { request, initial_state: old });
    device.frame(summary);
    device.event(Event::Loaded(Box::new(page)));
    assert!(device.engine.summary(ROOM).is_none());
    assert!(device.engine.replica(ROOM).is_none());
    assert_eq!(
        device.engine.initial_state().map(|initial_state| initial_state.user_rev),
        Some(Rev(2)),
        "the list is still updated"
    );
}

#[test]
fn a_page_of_a_conversation_the_user_has_left_is_not_held() {
    let room = FakeRoom::with(3);
    let mut device = TestDevice::live(&room);
    device.frame(ServerFrame::SummaryChanged { user_rev: Rev(2), conversation: ROOM, summary: None });
    let effects = device.event(room.seed());
    assert!(effects.contains(&Effect::Changed(StatePart::Conversation(ROOM))));
    assert!(device.engine.replica(ROOM).is_none());
}

/// The frame that announced the removal came to a page of another room first, or not at all.
#[test]
fn a_page_whose_list_lacks_a_conversation_drops_what_is_held_of_it() {
    let room = FakeRoom::with(3);
    let mut device = TestDevice::live(&room);
    let mut elsewhere = room.page();
    elsewhere.window = Window { messages: Vec::new(), head: Seq(0), ..elsewhere.window };
    elsewhere.window.conversation.id = ConversationId(2);
    elsewhere.initial_state.conversations[0].conversation.id = ConversationId(2);
    elsewhere.initial_state.user_rev = elsewhere.initial_state.user_rev.next();
    let effects = device.event(Event::Loaded(Box::new(elsewhere)));
    assert!(effects.contains(&Effect::Changed(StatePart::Conversation(ROOM))));
    assert!(device.engine.replica(ROOM).is_none());
    assert!(device.engine.replica(ConversationId(2)).is_some());
}

/// The server's subscriptions for this connection did not match the list until now.
#[test]
fn a_list_changed_by_another_server_is_requested_even_if_its_revision_is_known() {
    let mut room = FakeRoom::with(3);
    let mut device = TestDevice::live(&room);
    room.post(ANA, "missed");
    assert_eq!(
        request_of(&device.frame(ServerFrame::UserRevision { user_rev: room.user_rev })),
        None,
        "a gap may close by itself"
    );
    let requests = device.wait(600);
    let request = request_of(&requests).expect("the list");
    // It is announced once more before the answer, which may have been read before.
    device.frame(ServerFrame::UserRevision { user_rev: room.user_rev });
    let requests = device.frame(ServerFrame::InitialState { request, initial_state: room.initial_state() });
    device.settle(&mut room, requests);
    device.assert_equals(&room);
    let requests = device.wait(600);
    assert!(matches!(sent(&requests)[..], [ClientFrame::InitialState { .. }]), "{requests:?}");
}
