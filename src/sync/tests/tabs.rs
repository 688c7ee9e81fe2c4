//! One outbox for all tabs of a browser.

use super::*;

/// Two tabs of one browser, both connected.
fn tabs(room: &FakeRoom) -> (TestDevice, TestDevice) {
    let mut tabs = (TestDevice::with_seed(1), TestDevice::with_seed(2));
    for tab in [&mut tabs.0, &mut tabs.1] {
        tab.event(room.seed());
        tab.connect(room);
    }
    tabs
}

/// Passes what one tab has stored to the other.
fn share(from: &TestDevice, to: &mut TestDevice) -> Vec<Effect> {
    to.event(Event::OutboxLoaded(from.stored.values().cloned().collect()))
}

#[test]
fn each_tab_shows_what_another_sends_and_does_not_send_it() {
    let room = FakeRoom::new();
    let (mut one, mut two) = tabs(&room);
    one.post("a");
    assert_eq!(sent(&share(&one, &mut two)), []);
    assert_eq!(two.pending().len(), 1);
    assert_eq!(
        (two.engine.other_tabs().into_iter().collect::<Vec<_>>(), two.engine.waiting()),
        (vec![one.engine.tab()], 1)
    );
    let id = two.pending()[0].id;
    two.event(Event::OutboxRemoved(id));
    assert_eq!(two.pending(), []);
}

#[test]
fn the_queued_posts_of_a_closed_tab_are_sent_by_another_in_order() {
    let mut room = FakeRoom::new();
    let (mut one, mut two) = tabs(&room);
    one.cut(None);
    for body in ["a", "b", "c"] {
        one.post(body);
    }
    share(&one, &mut two);
    let effects = two.event(Event::TabClosed(one.engine.tab()));
    assert_eq!(posts(&effects), ["a", "b", "c"]);
    assert!(two.stored.values().all(|operation| operation.tab == two.engine.tab()));
    two.settle(&mut room, effects);
    assert_eq!(two.bodies(), ["a", "b", "c"]);
    assert!(two.stored.is_empty());
}

#[test]
fn two_tabs_that_adopt_the_same_operation_at_once_agree_on_one_of_them() {
    let mut room = FakeRoom::new();
    let (mut one, mut two) = tabs(&room);
    let mut gone = TestDevice::with_seed(3);
    gone.event(room.seed());
    gone.post("a");
    for tab in [&mut one, &mut two] {
        tab.cut(None);
        share(&gone, tab);
        tab.event(Event::TabClosed(gone.engine.tab()));
    }
    // Each tab sees the other's claim after it has made its own.
    let (from_one, from_two) = (one.stored.clone(), two.stored.clone());
    one.event(Event::OutboxLoaded(from_two.into_values().collect()));
    two.event(Event::OutboxLoaded(from_one.into_values().collect()));
    assert_eq!(one.pending()[0].tab, two.pending()[0].tab);
    one.wait(1_000);
    two.wait(1_000);
    let effects = [one.connect(&room), two.connect(&room)];
    assert_eq!(effects.iter().flat_map(|effects| posts(effects)).collect::<Vec<_>>(), ["a"]);
    let [from_one, from_two] = effects;
    one.settle(&mut room, from_one);
    two.settle(&mut room, from_two);
    assert_eq!(room.messages.len(), 1);
}

#[test]
fn two_tabs_that_send_the_same_operation_post_it_once() {
    let mut room = FakeRoom::new();
    let (mut one, mut two) = tabs(&room);
    let first = one.post("a");
    share(&one, &mut two);
    let second = two.event(Event::TabClosed(one.engine.tab()));
    one.settle(&mut room, first);
    two.settle(&mut room, second);
    assert_eq!(room.messages.len(), 1);
    assert_eq!((one.pending(), two.pending()), (vec![], vec![]));
}

#[test]
fn a_claim_that_arrives_after_the_operation_was_completed_does_not_bring_it_back() {
    let mut room = FakeRoom::new();
    let (mut one, mut two) = tabs(&room);
    let first = one.post("a");
    share(&one, &mut two);
    let claim = one.stored.values().cloned().collect();
    one.settle(&mut room, first);
    let id = room.messages[0].id;
    let live = ServerFrame::Changed { conversation: ROOM, rev: room.rev, rows: rows_of(&room) };
    assert!(two.frame(live).contains(&Effect::Remove(id)));
    let effects = two.event(Event::OutboxLoaded(claim));
    assert_eq!(effects, [Effect::Remove(id)], "storage forgets it again");
    assert_eq!((two.pending(), two.engine.waiting()), (vec![], 0));
}

#[test]
fn an_operation_that_another_tab_completed_is_dropped_without_touching_storage() {
    let room = FakeRoom::new();
    let (mut one, mut two) = tabs(&room);
    one.post("a");
    share(&one, &mut two);
    let id = two.pending()[0].id;
    assert_eq!(two.event(Event::OutboxRemoved(id)), [Effect::Changed(StatePart::Outbox(ROOM))]);
    assert_eq!(two.pending(), []);
    assert_eq!(two.event(Event::OutboxRemoved(id)), []);
}

#[test]
fn a_tab_that_claimed_an_operation_which_another_completed_takes_the_claim_out_of_storage() {
    let room = FakeRoom::new();
    let (mut one, _) = tabs(&room);
    one.post("a");
    let id = one.pending()[0].id;
    // The other tab's removal may have come before the claim was stored: nobody else would remove that.
    assert!(one.event(Event::OutboxRemoved(id)).contains(&Effect::Remove(id)));
    assert!(one.stored.is_empty());
    assert_eq!(one.event(Event::OutboxRemoved(id)), []);
}

fn rows_of(room: &FakeRoom) -> Rows {
    let members = room.members.values().cloned().collect();
    Rows { conversation: None, members, messages: room.messages.clone() }
}

#[test]
fn a_post_that_is_retried_in_another_tab_is_sent_by_that_one() {
    let room = FakeRoom::new();
    let (mut one, mut two) = tabs(&room);
    let (lower, higher) = if one.engine.tab() < two.engine.tab() { (&mut one, &mut two) } else { (&mut two, &mut one) };
    lower.post("a");
    let id = lower.pending()[0].id;
    lower.frame(refused(None, Some(id), Error::not_found()));
    share(lower, higher);
    higher.now.wall.0 += 1_000;
    assert_eq!(posts(&higher.event(Event::Retry(id))), ["a"]);
    let effects = share(higher, lower);
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Store(_))), "it does not claim the post again");
    assert_eq!(lower.pending()[0].tab, higher.engine.tab());
}
