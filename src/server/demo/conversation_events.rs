//! The events of one conversation, from its creation to now.

use super::calendar::Calendar;
use super::people::PEOPLE;
use super::rng::Rng;
use super::rooms::{DemoRoom, Direct, ROOMS, RoomEvent};
use super::texts::{self, Subject, exchange};
use crate::model::Millis;

/// An event. People and conversations are named by their position in the demo's own lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub conversation: usize,
    pub by: usize,
    pub kind: EventKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventKind {
    Register,
    /// Makes the room of this index.
    CreateRoom,
    /// Begins the direct conversation with somebody.
    OpenDirect(usize),
    Room(RoomEvent),
    Post(String),
}

/// A conversation's events, with the part of all writing at which each happens, and how long after the one before.
#[derive(Debug)]
pub struct ConversationEvents {
    events: Vec<(f64, i64, Event)>,
}

/// The least time between two things that happen in a conversation, in milliseconds.
const MIN_INTERVAL: i64 = 1_500;
/// How long ago the latest of them may be.
const NEWEST_AGE: i64 = 40_000;
/// Between the registrations, and who registers late, when there is much history.
const ARRIVAL_INTERVAL: f64 = 0.001;
/// From a registration to the first room joined: longer than a registration waits for the end of an exchange.
const FIRST_JOIN_DELAY: f64 = 0.02;
const LATE_ARRIVALS: [(usize, f64); 2] = [(17, 0.33), (19, 0.56)];

/// Who is away, and since when, so that somebody has many unread messages.
pub const AWAY: (usize, f64) = (19, 0.85);

/// When a person registers.
pub fn arrival(person: usize) -> f64 {
    let late = LATE_ARRIVALS.iter().find(|(late, _)| *late == person);
    late.map_or(person as f64 * ARRIVAL_INTERVAL, |(_, part)| *part)
}

/// A room's events. `place` is its index in [`ROOMS`].
pub fn of_room(place: usize, rng: &mut Rng) -> ConversationEvents {
    let room = &ROOMS[place];
    let mut events: Vec<(f64, usize, EventKind)> = if place == 0 {
        (0..PEOPLE.len()).map(|person| (arrival(person), person, EventKind::Register)).collect()
    } else {
        beginning(room, rng)
    };
    events.extend(room.events.iter().map(|(part, by, event)| (*part, *by, EventKind::Room(*event))));
    events.sort_by(|a, b| a.0.total_cmp(&b.0));
    with_messages(place, events, room.subject, room.messages, (room.from, room.until), rng)
}

/// Its creation, and who joins soon after.
fn beginning(room: &DemoRoom, rng: &mut Rng) -> Vec<(f64, usize, EventKind)> {
    let made = room.from - 0.015;
    let mut events = vec![(made, room.owner, EventKind::CreateRoom)];
    for (at, member) in room.members.iter().enumerate() {
        let soon = made + 0.0002 * (at + 1) as f64;
        // Most come at once, some only when they have heard of it.
        let part = if rng.percent(70) { soon } else { soon + 0.12 * rng.part() };
        let part = part.max(arrival(*member) + FIRST_JOIN_DELAY);
        match room.private {
            true => events.push((part, room.owner, EventKind::Room(RoomEvent::Add(*member)))),
            false => events.push((part, *member, EventKind::Room(RoomEvent::Join))),
        }
    }
    events
}

/// A direct conversation's events. `place` is its index among all conversations.
pub fn of_direct(place: usize, direct: &Direct, rng: &mut Rng) -> ConversationEvents {
    let [by, with] = direct.people;
    let from = direct.from.max(arrival(by) + FIRST_JOIN_DELAY).max(arrival(with) + FIRST_JOIN_DELAY);
    let until = if direct.people.contains(&AWAY.0) { direct.until.min(AWAY.1) } else { direct.until };
    let until = until.max(from + ARRIVAL_INTERVAL);
    let events = vec![(from - ARRIVAL_INTERVAL / 2.0, by, EventKind::OpenDirect(with))];
    with_messages(place, events, &texts::DIRECT, direct.messages, (from, until), rng)
}

/// Adds so many messages of the members between the other events.
fn with_messages(
    place: usize,
    events: Vec<(f64, usize, EventKind)>,
    subject: &Subject,
    messages: usize,
    (from, until): (f64, f64),
    rng: &mut Rng,
) -> ConversationEvents {
    let mut result = ConversationEvents { events: Vec::with_capacity(events.len() + messages) };
    let mut others = events.into_iter().peekable();
    let mut members: Vec<usize> = Vec::new();
    let mut written = 0;
    while written < messages {
        let part = from + (until - from) * written as f64 / messages as f64;
        while let Some((at, by, kind)) = others.next_if(|(at, ..)| *at <= part) {
            update_members(&mut members, by, &kind);
            result.events.push((at, 0, Event { conversation: place, by, kind }));
        }
        let here = |member: &usize| *member != AWAY.0 || part < AWAY.1;
        let present: Vec<usize> = members.iter().copied().filter(here).collect();
        let texts = exchange(subject, &present, rng);
        let many = texts.len().min(messages - written);
        // Not as regular as clockwork: anywhere before the next one's turn.
        let part = part + (until - from) * many as f64 / messages as f64 * rng.part();
        for (at, text) in texts.into_iter().take(many).enumerate() {
            let after = if at == 0 { 0 } else { pause(&text.text, rng) };
            result.events.push((
                part,
                after,
                Event { conversation: place, by: text.by, kind: EventKind::Post(text.text) },
            ));
        }
        written += many;
    }
    for (at, by, kind) in others {
        result.events.push((at, 0, Event { conversation: place, by, kind }));
    }
    result
}

/// Keeps track of the conversation's members.
fn update_members(members: &mut Vec<usize>, by: usize, kind: &EventKind) {
    match kind {
        EventKind::Register | EventKind::CreateRoom | EventKind::Room(RoomEvent::Join) => members.push(by),
        EventKind::OpenDirect(with) => members.extend([by, *with]),
        EventKind::Room(RoomEvent::Add(user)) => members.push(*user),
        EventKind::Room(RoomEvent::Leave) => members.retain(|member| *member != by),
        EventKind::Room(RoomEvent::Remove(user)) => members.retain(|member| member != user),
        EventKind::Room(RoomEvent::Change(..) | RoomEvent::TransferOwnership(_)) | EventKind::Post(_) => {}
    }
}

/// How long an answer takes: to be typed, and before anybody looks.
fn pause(text: &str, rng: &mut Rng) -> i64 {
    let looking = match rng.below(10) {
        0..6 => rng.between(4, 60),
        6..9 => rng.between(60, 360),
        _ => rng.between(360, 1_800),
    };
    let typing = text.chars().count().min(400) * 120;
    (looking * 1_000 + typing) as i64
}

impl ConversationEvents {
    /// When it all happens if the demo ends now: in its order, however late it is, and nothing later than now.
    pub fn with_times(self, calendar: &Calendar, now: Millis) -> Vec<(Millis, Event)> {
        let mut last = i64::MIN;
        let mut dated: Vec<(Millis, Event)> = Vec::with_capacity(self.events.len());
        for (part, after, event) in self.events {
            let at = match after {
                0 => calendar.at(part).0,
                after => last + after,
            };
            last = at.max(last.saturating_add(MIN_INTERVAL));
            dated.push((Millis(last), event));
        }
        let mut next = now.0 - NEWEST_AGE;
        for (at, _) in dated.iter_mut().rev() {
            at.0 = at.0.min(next);
            next = at.0 - MIN_INTERVAL;
        }
        dated
    }
}
