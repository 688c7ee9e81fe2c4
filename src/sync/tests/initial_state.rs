//! Where a client starts from: pages, greetings, restores, other users.

use super::*;

fn listed(device: &Device) -> ConversationSummary {
    device.engine.initial_state().expect("a home").conversations[0].clone()
}

#[test]
fn a_page_seeds_the_list_and_the_conversation() {
    let room = Room::with(120);
    let mut device = Device::new();
    let effects = device.event(room.seed());
    assert!(effects.contains(&Effect::Changed(StatePart::InitialState)));
    assert!(effects.contains(&Effect::Changed(StatePart::Conversation(ROOM))));
    assert_eq!(device.engine.initial_state(), Some(&room.initial_state()));
    assert_eq!(device.span(), (71, 120, 120));
    device.agrees_with(&room);
}

#[test]
fn the_list_moves_with_every_change() {
    let mut room = Room::with(1);
    let mut device = Device::live(&room);
    device.frame(room.says(ANA, "x"));
    assert_eq!((listed(&device).rev, listed(&device).head), (Rev(3), Seq(2)));
    let effects = device.frame(room.renames("Plaza"));
    assert!(effects.contains(&Effect::Changed(StatePart::InitialState)));
    assert_eq!(listed(&device).conversation.name, "Plaza");
    assert_eq!(device.engine.initial_state(), Some(&room.initial_state()));
}

#[test]
fn a_page_that_is_older_than_what_is_held_changes_nothing() {
    let mut room = Room::with(3);
    let stale = room.seed();
    let mut device = Device::live(&room);
    device.frame(room.says(ANA, "newer"));
    device.frame(room.renames("Plaza"));
    assert_eq!(sent(&device.event(stale)), []);
    device.agrees_with(&room);
    assert_eq!(device.engine.initial_state(), Some(&room.initial_state()));
}

#[test]
fn a_newer_page_does_not_throw_away_what_was_scrolled_to() {
    let mut room = Room::with(200);
    let mut device = Device::live(&room);
    for _ in 0..2 {
        let asking = device.event(Event::LoadOlder(ROOM));
        device.settle(&mut room, asking);
    }
    device.cut(None);
    room.says(ANA, "missed");
    room.edits(60, "missed above the page");
    let fresh = room.seed();
    device.event(fresh);
    assert_eq!(device.span(), (51, 201, 201));
    device.wait(500);
    let asking = device.connect(&room);
    assert_eq!(since(&asking), Some(201));
    device.settle(&mut room, asking);
    device.agrees_with(&room);
}

#[test]
fn a_newer_page_beyond_a_gap_replaces_what_is_held() {
    let mut room = Room::with(60);
    let mut device = Device::live(&room);
    device.cut(None);
    for _ in 0..100 {
        room.says(ANA, "x");
    }
    device.event(room.seed());
    assert_eq!(device.span(), (111, 160, 160));
    device.agrees_with(&room);
}

#[test]
fn an_older_page_of_a_conversation_does_not_follow_the_newest() {
    let mut room = Room::with(120);
    let mut device = Device::new();
    let window = room.window(Anchor::Before(Seq(61)), 50);
    device.event(Event::Loaded(Box::new(OpenedConversation { initial_state: room.initial_state(), window })));
    device.connect(&room);
    assert!(!device.replica().at_latest());
    device.frame(room.says(ANA, "far below"));
    assert_eq!(device.span(), (11, 60, 121));
    for _ in 0..2 {
        let asking = device.event(Event::LoadNewer(ROOM));
        device.settle(&mut room, asking);
    }
    assert_eq!(device.span(), (11, 121, 121));
    assert!(device.replica().at_latest());
    device.agrees_with(&room);
}

#[test]
fn a_greeting_that_names_a_later_head_leads_to_catching_up() {
    let mut room = Room::with(3);
    let mut device = Device::live(&room);
    device.cut(None);
    room.says(ANA, "missed");
    room.calls_ana("Anna");
    device.wait(500);
    let asking = device.connect(&room);
    assert_eq!(since(&asking), Some(4));
    device.settle(&mut room, asking);
    device.agrees_with(&room);
    device.cut(None);
    device.wait(500);
    assert_eq!(since(&device.connect(&room)), None, "nothing was missed");
}

#[test]
fn after_a_restore_everything_but_the_outbox_starts_afresh() {
    let room = Room::with(30);
    let mut device = Device::live(&room);
    device.cut(None);
    device.post("kept");
    let mut restored = Room { epoch: Epoch(8), ..Room::with(20) };
    restored.edits(3, "another history");
    device.wait(500);
    let effects = device.connect(&restored);
    assert!(effects.contains(&Effect::Changed(StatePart::Conversation(ROOM))));
    assert_eq!(history(&effects), Some(Anchor::Latest));
    assert!(device.engine.replica(ROOM).is_none());
    assert_eq!(posts(&effects), ["kept"]);
    device.settle(&mut restored, effects);
    device.agrees_with(&restored);
    assert_eq!(device.bodies().last().map(String::as_str), Some("kept"));
}

#[test]
fn the_fresh_window_after_a_restore_survives_another_cut_and_a_refusal() {
    let room = Room::with(30);
    let mut device = Device::live(&room);
    let mut restored = Room { epoch: Epoch(8), ..Room::with(20) };
    device.cut(None);
    device.wait(500);
    device.connect(&restored);
    device.cut(None);
    device.wait(2_000);
    let asking = device.connect(&restored);
    device.frame(refused(asked(&asking), None, Error::unavailable()));
    let asking = device.wait(1_000);
    assert_eq!(history(&asking), Some(Anchor::Latest));
    device.settle(&mut restored, asking);
    device.agrees_with(&restored);
}

#[test]
fn a_page_of_another_lifetime_of_the_database_starts_afresh_and_connects_anew() {
    let room = Room::with(30);
    let mut device = Device::live(&room);
    let restored = Room { epoch: Epoch(8), ..Room::with(20) };
    let effects = device.event(restored.seed());
    assert_eq!(effects[..2], [Effect::Disconnect, Effect::Connect]);
    device.connect(&restored);
    device.agrees_with(&restored);
}

#[test]
fn a_page_of_another_user_starts_afresh_and_leaves_the_others_outbox_alone() {
    let room = Room::with(3);
    let mut device = Device::live(&room);
    device.post("mine");
    device.cut(None);
    let hers = Room { user: ANA, ..room.clone() };
    device.event(hers.seed());
    assert_eq!((device.pending(), device.engine.waiting()), (vec![], 0));
    device.wait(500);
    assert_eq!(posts(&device.connect(&hers)), Vec::<String>::new());
    assert_eq!(device.stored.len(), 1);
    device.event(room.seed());
    assert_eq!(device.pending().len(), 1);
}

#[test]
fn a_greeting_for_another_user_sends_nothing_and_leads_to_a_new_page() {
    let room = Room::with(3);
    let mut device = Device::live(&room);
    device.cut(None);
    device.post("mine");
    device.wait(500);
    let effects = device.connect(&Room { user: ANA, ..room.clone() });
    assert_eq!(effects[..2], [Effect::Disconnect, Effect::SignIn]);
    assert_eq!(posts(&effects), Vec::<String>::new());
    assert_eq!(device.engine.link(), &ConnectionState::SignedOut);
}

#[test]
fn a_conversation_that_is_no_longer_listed_is_let_go() {
    let room = Room::with(3);
    let mut device = Device::live(&room);
    device.cut(None);
    device.wait(500);
    device.event(Event::SocketOpened);
    let initial_state = InitialState { conversations: Vec::new(), user_rev: Rev(2), ..room.initial_state() };
    let effects = device.frame(ServerFrame::Welcome { connection: 1, server: "0.1.0".into(), initial_state });
    assert!(effects.contains(&Effect::Changed(StatePart::Conversation(ROOM))));
    assert!(device.engine.replica(ROOM).is_none());
}

#[test]
fn a_page_read_before_the_greeting_does_not_set_the_list_back() {
    let mut room = Room::with(3);
    let mut device = Device::live(&room);
    let old = room.page();
    device.cut(None);
    device.wait(500);
    let initial_state = InitialState { user_rev: Rev(5), ..room.initial_state() };
    device.event(Event::SocketOpened);
    device.frame(ServerFrame::Welcome { connection: 1, server: "0.1.0".into(), initial_state });
    device.frame(room.says(ANA, "x"));
    device.event(Event::Loaded(Box::new(old)));
    assert_eq!(device.engine.initial_state().map(|initial_state| initial_state.user_rev), Some(Rev(5)));
    assert_eq!(listed(&device).head, Seq(4));
}

/// The files were put back from a copy, which keeps its epoch: only the numbers tell.
#[test]
fn a_database_that_went_back_is_taken_as_it_is_now() {
    let mut room = Room::with(3);
    let copy = room.clone();
    let mut device = Device::live(&room);
    device.frame(room.says(ANA, "lost with the disk"));
    device.cut(None);
    device.wait(500);
    let mut room = copy;
    let asking = device.connect(&room);
    assert_eq!(history(&asking), Some(Anchor::Latest));
    device.settle(&mut room, asking);
    device.agrees_with(&room);
    assert_eq!(device.engine.initial_state(), Some(&room.initial_state()));
    device.frame(room.says(ANA, "said since"));
    device.agrees_with(&room);
}

/// Its end takes no number of the list, so only the client can tell which was read first.
#[test]
fn a_room_that_has_ended_is_not_brought_back_by_what_was_read_before() {
    let mut room = Room::with(3);
    let mut device = Device::live(&room);
    let (page, old) = (room.page(), room.initial_state());
    let summary = room.reads(Seq(2));
    let asking = device.frame(ServerFrame::UserHead { user_rev: Rev(1) });
    assert_eq!(asked(&asking), None);
    let asking = device.wait(600);
    device.frame(ServerFrame::ConversationDeleted { conversation: ROOM });
    let request = asked(&asking).expect("the list");
    device.frame(ServerFrame::InitialState { request, initial_state: old });
    device.frame(summary);
    device.event(Event::Loaded(Box::new(page)));
    assert!(device.engine.summary(ROOM).is_none());
    assert!(device.engine.replica(ROOM).is_none());
    assert_eq!(
        device.engine.initial_state().map(|initial_state| initial_state.user_rev),
        Some(Rev(2)),
        "the list goes on"
    );
}

#[test]
fn a_page_of_what_is_not_theirs_any_more_is_not_held() {
    let room = Room::with(3);
    let mut device = Device::live(&room);
    device.frame(ServerFrame::SummaryChanged { user_rev: Rev(2), conversation: ROOM, summary: None });
    let effects = device.event(room.seed());
    assert!(effects.contains(&Effect::Changed(StatePart::Conversation(ROOM))));
    assert!(device.engine.replica(ROOM).is_none());
}

/// What the server listened to for this connection was not what is theirs until now.
#[test]
fn a_list_that_was_changed_elsewhere_is_asked_for_although_its_number_is_known() {
    let mut room = Room::with(3);
    let mut device = Device::live(&room);
    room.says(ANA, "nobody told me");
    assert_eq!(asked(&device.frame(ServerFrame::UserHead { user_rev: room.user_rev })), None, "it waits a moment");
    let asking = device.wait(600);
    let request = asked(&asking).expect("the list");
    // It is told once more before the answer, which may have been read before.
    device.frame(ServerFrame::UserHead { user_rev: room.user_rev });
    let asking = device.frame(ServerFrame::InitialState { request, initial_state: room.initial_state() });
    device.settle(&mut room, asking);
    device.agrees_with(&room);
    let asking = device.wait(600);
    assert!(matches!(sent(&asking)[..], [ClientFrame::InitialState { .. }]), "{asking:?}");
}
