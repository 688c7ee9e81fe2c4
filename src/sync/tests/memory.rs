//! What is held is bounded: the conversations seen last stay.

use super::*;

const OTHER: ConversationId = ConversationId(2);
const THIRD: ConversationId = ConversationId(3);

/// A device that holds at most 130 messages, with 50 of each of these conversations.
fn device(room: &FakeRoom, conversations: &[ConversationId]) -> TestDevice {
    let mut device = TestDevice::live(room);
    device.engine.held_max = 130;
    for id in conversations {
        open(&mut device, room, *id);
    }
    device
}

/// Opens a conversation that is like the room but for its number.
fn open(device: &mut TestDevice, room: &FakeRoom, id: ConversationId) -> Vec<Effect> {
    let Event::Loaded(mut opened) = room.seed() else { panic!("a page") };
    for other in [OTHER, THIRD] {
        let mut summary = opened.initial_state.conversations[0].clone();
        summary.conversation.id = other;
        opened.initial_state.conversations.push(summary);
    }
    opened.initial_state.user_rev.0 += 1;
    opened.window.conversation.id = id;
    let effects = device.event(Event::Loaded(opened));
    device.event(Event::Reading(id, None));
    effects
}

#[test]
fn the_conversation_that_was_not_seen_for_longest_is_dropped() {
    let room = FakeRoom::with(200);
    let mut device = device(&room, &[OTHER]);
    device.event(Event::Reading(ROOM, None));
    assert!(device.engine.holds(ROOM) && device.engine.holds(OTHER));
    let effects = open(&mut device, &room, THIRD);
    assert!(effects.contains(&Effect::Changed(StatePart::Conversation(OTHER))), "whoever shows it is told");
    assert!(device.engine.holds(ROOM) && !device.engine.holds(OTHER) && device.engine.holds(THIRD));
    assert!(device.engine.summary(OTHER).is_some(), "it stays on the list");
}

#[test]
fn of_the_conversation_on_the_screen_the_messages_around_the_reader_stay() {
    let mut room = FakeRoom::with(400);
    let mut device = device(&room, &[]);
    for seq in [351, 301, 251] {
        device.event(Event::Reading(ROOM, Some(Seq(seq))));
        let requests = device.event(Event::LoadOlder(ROOM));
        device.settle(&mut room, requests);
    }
    assert_eq!(device.span(), (201, 330, 400));
    assert!(!device.replica().at_latest());
    device.assert_equals(&room);
}
