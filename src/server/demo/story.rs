//! What happens in one conversation, from its creation to now.

use super::calendar::Calendar;
use super::people::PEOPLE;
use super::rng::Rng;
use super::rooms::{DemoRoom, Direct, ROOMS, Turn};
use super::talk::{self, Subject, exchange};
use crate::model::Millis;

/// An event. People and conversations are named by their position in the demo's own lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub conversation: usize,
    pub by: usize,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    Register,
    /// Makes the room of this place.
    Create,
    /// Begins the direct conversation with somebody.
    Open(usize),
    Turn(Turn),
    Say(String),
}

/// A conversation's events, with the part of all writing at which each happens, and how long after the one before.
#[derive(Debug)]
pub struct Story {
    events: Vec<(f64, i64, Event)>,
}

/// The least time between two things that happen in a conversation, in milliseconds.
const APART: i64 = 1_500;
/// How long ago the latest of them may be.
const LATEST: i64 = 40_000;
/// When each person comes, and who comes late, by which time much has been said.
const COMING: f64 = 0.001;
/// How long it takes before somebody turns up elsewhere: longer than an arrival waits for the end of an exchange.
const SETTLING: f64 = 0.02;
const LATE: [(usize, f64); 2] = [(17, 0.33), (19, 0.56)];

/// Who is away, and since when, so that somebody has many unread messages.
pub const AWAY: (usize, f64) = (19, 0.85);

/// When a person comes to the harbour.
pub fn arrival(person: usize) -> f64 {
    let late = LATE.iter().find(|(late, _)| *late == person);
    late.map_or(person as f64 * COMING, |(_, part)| *part)
}

/// A room's story. `place` is its place in [`ROOMS`].
pub fn of_room(place: usize, chance: &mut Rng) -> Story {
    let room = &ROOMS[place];
    let mut events: Vec<(f64, usize, What)> = if place == 0 {
        (0..PEOPLE.len()).map(|person| (arrival(person), person, What::Register)).collect()
    } else {
        beginning(room, chance)
    };
    events.extend(room.turns.iter().map(|(part, by, turn)| (*part, *by, What::Turn(*turn))));
    events.sort_by(|a, b| a.0.total_cmp(&b.0));
    told(place, events, room.subject, room.messages, (room.from, room.until), chance)
}

/// Its creation, and who joins soon after.
fn beginning(room: &DemoRoom, chance: &mut Rng) -> Vec<(f64, usize, What)> {
    let made = room.from - 0.015;
    let mut events = vec![(made, room.owner, What::Create)];
    for (at, member) in room.members.iter().enumerate() {
        let soon = made + 0.0002 * (at + 1) as f64;
        // Most come at once, some only when they have heard of it.
        let part = if chance.percent(70) { soon } else { soon + 0.12 * chance.part() };
        let part = part.max(arrival(*member) + SETTLING);
        match room.private {
            true => events.push((part, room.owner, What::Turn(Turn::Add(*member)))),
            false => events.push((part, *member, What::Turn(Turn::Join))),
        }
    }
    events
}

/// A direct conversation's story. `place` is its place among all conversations.
pub fn of_direct(place: usize, direct: &Direct, chance: &mut Rng) -> Story {
    let [by, with] = direct.people;
    let from = direct.from.max(arrival(by) + SETTLING).max(arrival(with) + SETTLING);
    let until = if direct.people.contains(&AWAY.0) { direct.until.min(AWAY.1) } else { direct.until };
    let until = until.max(from + COMING);
    let events = vec![(from - COMING / 2.0, by, What::Open(with))];
    told(place, events, &talk::DIRECT, direct.messages, (from, until), chance)
}

/// Lets those who are in it talk between what else happens, until so many messages are written.
fn told(
    place: usize,
    events: Vec<(f64, usize, What)>,
    subject: &Subject,
    messages: usize,
    (from, until): (f64, f64),
    chance: &mut Rng,
) -> Story {
    let mut story = Story { events: Vec::with_capacity(events.len() + messages) };
    let mut coming = events.into_iter().peekable();
    let mut members: Vec<usize> = Vec::new();
    let mut written = 0;
    while written < messages {
        let part = from + (until - from) * written as f64 / messages as f64;
        while let Some((at, by, what)) = coming.next_if(|(at, ..)| *at <= part) {
            follow(&mut members, by, &what);
            story.events.push((at, 0, Event { conversation: place, by, what }));
        }
        let here = |member: &usize| *member != AWAY.0 || part < AWAY.1;
        let present: Vec<usize> = members.iter().copied().filter(here).collect();
        let said = exchange(subject, &present, chance);
        let many = said.len().min(messages - written);
        // Not as regular as clockwork: anywhere before the next one's turn.
        let part = part + (until - from) * many as f64 / messages as f64 * chance.part();
        for (at, said) in said.into_iter().take(many).enumerate() {
            let after = if at == 0 { 0 } else { pause(&said.text, chance) };
            story.events.push((part, after, Event { conversation: place, by: said.by, what: What::Say(said.text) }));
        }
        written += many;
    }
    for (at, by, what) in coming {
        story.events.push((at, 0, Event { conversation: place, by, what }));
    }
    story
}

/// Keeps track of the conversation's members.
fn follow(members: &mut Vec<usize>, by: usize, what: &What) {
    match what {
        What::Register | What::Create | What::Turn(Turn::Join) => members.push(by),
        What::Open(with) => members.extend([by, *with]),
        What::Turn(Turn::Add(user)) => members.push(*user),
        What::Turn(Turn::Leave) => members.retain(|member| *member != by),
        What::Turn(Turn::Remove(user)) => members.retain(|member| member != user),
        What::Turn(Turn::Change(..) | Turn::TransferOwnership(_)) | What::Say(_) => {}
    }
}

/// How long an answer takes: to be typed, and before anybody looks.
fn pause(text: &str, chance: &mut Rng) -> i64 {
    let looking = match chance.below(10) {
        0..6 => chance.between(4, 60),
        6..9 => chance.between(60, 360),
        _ => chance.between(360, 1_800),
    };
    let typing = text.chars().count().min(400) * 120;
    (looking * 1_000 + typing) as i64
}

impl Story {
    /// When it all happens if the demo ends now: in its order, however late it is, and nothing later than now.
    pub fn dated(self, calendar: &Calendar, now: Millis) -> Vec<(Millis, Event)> {
        let mut last = i64::MIN;
        let mut dated: Vec<(Millis, Event)> = Vec::with_capacity(self.events.len());
        for (part, after, event) in self.events {
            let at = match after {
                0 => calendar.at(part).0,
                after => last + after,
            };
            last = at.max(last.saturating_add(APART));
            dated.push((Millis(last), event));
        }
        let mut next = now.0 - LATEST;
        for (at, _) in dated.iter_mut().rev() {
            at.0 = at.0.min(next);
            next = at.0 - APART;
        }
        dated
    }
}
