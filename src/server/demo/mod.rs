//! `hubbub demo`: fills an empty data folder with a believable workspace, for trying out, for pictures and for figures.
//!
//! Everything is decided by a seed, and written by the writer as of its own time: the database is left as real use
//! would have left it. Only the times move, with the day on which it is made.

mod calendar;
mod conversation_events;
mod event_writer;
mod people;
mod rng;
mod rooms;
mod texts;

pub use calendar::{DAYS, beginning};
pub use people::PEOPLE;
pub use rooms::{DIRECT_MESSAGES, DIRECTS, ROOMS};

use super::store::users;
use super::{Core, error};
use crate::model::{Error, Millis};
use calendar::Calendar;
use event_writer::EventWriter;
use rng::Rng;
use std::io::Write;

/// The password of every user of the demo. Everybody who reads this knows it.
pub const PASSWORD: &str = "Rowing-at-dawn-42";

/// The streams of random numbers of a seed, each independent of the others. Conversations follow, by their position.
const PAIRS: u64 = 0;
const READING: u64 = 1;
const FIRST_CONVERSATION: u64 = 2;

/// Fills the database with the demo that ends `now`, and prints how to sign in to it.
///
/// # Errors
/// When there are accounts already, or the database cannot be written.
pub async fn run(core: &Core, seed: u64, now: Millis, site: &str, out: &mut impl Write) -> Result<(), Error> {
    fill(core, seed, now).await?;
    let messages = messages();
    let (users, rooms) = (PEOPLE.len(), ROOMS.len());
    let [owner, other] = [PEOPLE[0].username, PEOPLE[1].username];
    let message = format!(
        "The demo is ready: {users} users, {rooms} rooms, {DIRECTS} direct conversations, {messages} messages of {DAYS} days.

Start `hubbub` with the same settings, open {site} and sign in:

  username  {owner:<8}  the owner
  username  {other:<8}  somebody else
  password  {PASSWORD}

Everybody knows this password, and all {users} users have it. This is a demo: it must not face the internet.
"
    );
    out.write_all(message.as_bytes()).map_err(|cause| error::internal("writing to the terminal", &cause))
}

/// How many messages people write in the demo.
pub fn messages() -> usize {
    ROOMS.iter().map(|room| room.messages).sum::<usize>() + DIRECT_MESSAGES
}

/// Fills the database with the demo of this seed that ends `now`.
///
/// # Errors
/// When there are accounts already, or the database cannot be written.
pub async fn fill(core: &Core, seed: u64, now: Millis) -> Result<(), Error> {
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    let in_use = users::any(&mut snapshot.conn()).await.map_err(error::reading)?;
    drop(snapshot);
    if in_use {
        return Err(Error::invalid(
            "There are accounts here already. The demo needs a data folder of its own: name an empty one by HUBBUB_DATA.",
        ));
    }
    let accounts = event_writer::accounts(PASSWORD).await?;
    let mut writer = EventWriter::new(core, accounts, Rng::new(seed, READING)).await?;
    writer.write(events(seed, now)).await?;
    writer.read(now).await
}

/// All events, in the order of their times.
fn events(seed: u64, now: Millis) -> Vec<(Millis, conversation_events::Event)> {
    let calendar = Calendar::up_to(now);
    let rng_of = |place: usize| Rng::new(seed, FIRST_CONVERSATION + place as u64);
    let rooms = (0..ROOMS.len()).map(|place| conversation_events::of_room(place, &mut rng_of(place)));
    let directs = rooms::directs(&mut Rng::new(seed, PAIRS));
    let directs = directs.iter().zip(ROOMS.len()..);
    let directs = directs.map(|(direct, place)| conversation_events::of_direct(place, direct, &mut rng_of(place)));
    let mut events: Vec<_> =
        rooms.chain(directs).flat_map(|conversation| conversation.with_times(&calendar, now)).collect();
    // Stable: what happens in one conversation at the same time stays in its order.
    events.sort_by_key(|(at, _)| *at);
    events
}

#[cfg(test)]
mod tests {
    use super::conversation_events::EventKind;
    use super::rooms::RoomEvent;
    use super::*;
    use std::collections::BTreeSet;

    /// A Saturday's noon, and a Sunday's night.
    const NOWS: [Millis; 2] = [Millis(1_795_262_400_000), Millis(1_795_315_000_000)];

    #[test]
    fn nobody_does_anything_before_they_are_there_whatever_the_seed_and_the_day() {
        for (seed, now) in [(1, NOWS[0]), (1, NOWS[1]), (2, NOWS[0]), (77, NOWS[1])] {
            let (mut here, mut memberships, mut last) = (BTreeSet::new(), BTreeSet::new(), beginning(now));
            for (at, event) in events(seed, now) {
                let (by, place) = (event.by, event.conversation);
                assert!(last <= at && at < now, "{at} after {last}, up to {now}");
                last = at;
                if event.kind == EventKind::Register {
                    here.insert(by);
                } else {
                    assert!(here.contains(&by), "{event:?} comes before its user");
                }
                match &event.kind {
                    EventKind::Register | EventKind::CreateRoom | EventKind::Room(RoomEvent::Join) => {
                        assert!(memberships.insert((place, by)))
                    }
                    EventKind::OpenDirect(other) => {
                        assert!(
                            here.contains(other)
                                && memberships.insert((place, by))
                                && memberships.insert((place, *other))
                        );
                    }
                    EventKind::Room(RoomEvent::Add(user)) => {
                        assert!(here.contains(user) && memberships.insert((place, *user)))
                    }
                    EventKind::Room(RoomEvent::Leave) => assert!(memberships.remove(&(place, by))),
                    EventKind::Room(RoomEvent::Remove(user)) => assert!(memberships.remove(&(place, *user))),
                    EventKind::Room(RoomEvent::TransferOwnership(user)) => {
                        assert!(memberships.contains(&(place, *user)))
                    }
                    EventKind::Room(RoomEvent::Change(..)) | EventKind::Post(_) => {
                        assert!(memberships.contains(&(place, by)), "{event:?} comes from outside");
                    }
                }
            }
        }
    }
}
