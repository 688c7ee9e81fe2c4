//! How the outbox handles refusals, and what the user can do then.

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
fn an_invalid_message_is_refused_and_not_queued() {
    let room = FakeRoom::new();
    let mut device = TestDevice::live(&room);
    assert_eq!(device.engine.check_post(" \n ").unwrap_err().of(Field::Body), Some("Write something first."));
    assert_eq!(device.post(" \n "), []);
    assert_eq!((device.pending(), device.engine.unsent()), (vec![], 0));
}

#[test]
fn at_most_five_hundred_messages_are_queued_and_one_more_is_refused() {
    let mut room = FakeRoom::new();
    let mut device = waiting(&room);
    for n in 0..500 {
        assert_eq!(device.engine.check_post("fits"), Ok(()));
        device.post(&format!("{n}"));
    }
    assert_eq!(device.engine.check_post("too many").unwrap_err().code, Code::TooMany);
    assert_eq!(device.post("too many"), []);
    assert_eq!(device.engine.waiting(), 500);
    let effects = device.connect(&room);
    device.settle(&mut room, effects);
    assert_eq!(posts(&device.post("now")), ["now"]);
}

#[test]
fn a_temporary_refusal_pauses_sending_which_then_goes_on_in_order() {
    for (error, pause) in [(Error::unavailable(), 1_000), (Error::too_many(2_500), 2_500)] {
        let room = FakeRoom::new();
        let mut device = TestDevice::live(&room);
        device.post("a");
        device.post("b");
        let id = device.pending()[0].id;
        device.frame(refused(None, Some(id), error));
        assert_eq!(states(&device)[0].1, OperationState::Queued);
        assert_eq!(posts(&device.post("c")), Vec::<String>::new());
        assert_eq!(posts(&device.wait(pause - 1)), Vec::<String>::new());
        // "b" was sent after "a", and is refused too once the server reads it.
        let effects = device.wait(1);
        assert_eq!(posts(&effects), ["a", "c"]);
        assert_eq!(after(&effects), [None, Some(device.pending()[1].id)]);
        assert_eq!(device.pending()[0].id, id);
    }
}

#[test]
fn a_permanent_refusal_is_kept_and_shown_until_the_user_decides() {
    let room = FakeRoom::new();
    let mut device = TestDevice::live(&room);
    device.post("a");
    let id = device.pending()[0].id;
    device.frame(refused(None, Some(id), Error::not_found()));
    assert_eq!(states(&device)[0].1, OperationState::Failed(Error::not_found()));
    assert_eq!(device.stored[&id].state, OperationState::Failed(Error::not_found()));
    assert_eq!(device.engine.waiting(), 0);
    device.post("b");
    let effects = device.event(Event::Retry(id));
    assert_eq!(posts(&effects), ["a"]);
    assert_eq!(device.pending().iter().map(|pending| pending.body()).collect::<Vec<_>>(), ["b", "a"]);
    assert_eq!(device.pending()[1].id, id);
    assert_eq!(device.stored[&id].state, OperationState::Queued);
}

#[test]
fn retrying_after_a_conflict_uses_a_new_identifier() {
    let room = FakeRoom::new();
    let mut device = TestDevice::live(&room);
    device.post("a");
    let id = device.pending()[0].id;
    device.frame(refused(None, Some(id), Error::conflict()));
    let effects = device.event(Event::Retry(id));
    let fresh = device.pending()[0].id;
    assert_ne!(fresh, id);
    assert!(effects.contains(&Effect::Remove(id)));
    assert_eq!(device.stored.keys().copied().collect::<Vec<_>>(), [fresh]);
    assert_eq!(posts(&effects), ["a"]);
}

#[test]
fn a_message_can_be_discarded_unless_it_is_sent() {
    let room = FakeRoom::new();
    let mut device = TestDevice::live(&room);
    device.post("a");
    let id = device.pending()[0].id;
    assert_eq!(device.event(Event::Discard(id)), []);
    assert_eq!(device.pending().len(), 1);
    device.cut(None);
    assert_eq!(device.event(Event::Discard(id)), [Effect::Remove(id), Effect::Changed(StatePart::Outbox(ROOM))]);
    device.post("b");
    let id = device.pending()[0].id;
    device.event(Event::Discard(id));
    assert_eq!((device.pending(), device.stored.len()), (vec![], 0));
}

#[test]
fn a_missing_session_keeps_the_message_and_checks_the_session() {
    let room = FakeRoom::new();
    let mut device = TestDevice::live(&room);
    device.post("a");
    let id = device.pending()[0].id;
    let effects = device.frame(refused(None, Some(id), Error::sign_in_required()));
    assert!(effects.contains(&Effect::CheckSession));
    assert_eq!(states(&device)[0].1, OperationState::Queued);
    let effects = device.event(Event::SessionChecked(SessionCheck::SignedOut));
    assert_eq!(effects[..2], [Effect::Disconnect, Effect::SignIn]);
    assert_eq!(device.engine.connection_state(), &ConnectionState::SignedOut);
    assert!(device.stored.contains_key(&id));
}
