//! The demo's conversations: twelve rooms and forty direct ones, with what happens in them besides messages.

use super::people::PEOPLE;
use super::rng::Rng;
use super::texts::{self, Subject};

/// A room of the demo.
#[derive(Debug)]
pub struct DemoRoom {
    /// As it was made, which is not always as it is called now.
    pub name: &'static str,
    pub topic: &'static str,
    pub private: bool,
    /// Places in [`PEOPLE`]: who made it, and who came in soon after.
    pub owner: usize,
    pub members: &'static [usize],
    pub subject: &'static Subject,
    /// How many messages are written in it.
    pub messages: usize,
    /// From when to when messages are written in it, as parts of all that is written in these days.
    pub from: f64,
    pub until: f64,
    /// What happens in it besides messages: when, by whom, and what.
    pub events: &'static [(f64, usize, RoomEvent)],
}

/// Something that happens in a room besides messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoomEvent {
    Join,
    Leave,
    Add(usize),
    Remove(usize),
    /// Its new name and topic.
    Change(&'static str, &'static str),
    TransferOwnership(usize),
}

/// General comes first: it is there already, and everyone is in it.
pub const ROOMS: [DemoRoom; 12] = [
    DemoRoom {
        name: "General",
        topic: "Where everyone is",
        private: false,
        owner: 0,
        members: &[],
        subject: &texts::GENERAL,
        messages: 3_400,
        from: 0.03,
        until: 1.0,
        events: &[(
            0.025,
            0,
            RoomEvent::Change("General", "News for everyone at the harbour. Be kind, it is a small pontoon"),
        )],
    },
    DemoRoom {
        name: "Boats and moorings",
        topic: "Who takes which boat, and where she lies",
        private: false,
        owner: 0,
        members: &[1, 2, 3, 6, 8, 9, 10, 11, 13, 14, 15, 18],
        subject: &texts::BOATS,
        messages: 1_900,
        from: 0.05,
        until: 0.999,
        events: &[(0.35, 10, RoomEvent::Leave), (0.47, 10, RoomEvent::Join), (0.6, 17, RoomEvent::Join)],
    },
    DemoRoom {
        name: "Tides and weather",
        topic: "",
        private: false,
        owner: 1,
        members: &[0, 2, 4, 5, 6, 9, 11, 14, 15, 16],
        subject: &texts::TIDES,
        messages: 1_600,
        from: 0.055,
        until: 0.998,
        events: &[(
            0.1,
            1,
            RoomEvent::Change(
                "Tides and weather",
                "High water, low water, wind. The table: https://tides.example.org/west-quay",
            ),
        )],
    },
    DemoRoom {
        name: "Kitchen",
        topic: "Thursdays at seven. Whoever cooks does not wash up",
        private: false,
        owner: 2,
        members: &[0, 1, 3, 4, 5, 7, 8, 12, 13, 16, 17],
        subject: &texts::KITCHEN,
        messages: 1_900,
        from: 0.06,
        until: 0.9995,
        events: &[(0.5, 18, RoomEvent::Join)],
    },
    DemoRoom {
        name: "Workshop",
        topic: "What is broken, and who mends it",
        private: false,
        owner: 6,
        members: &[0, 1, 3, 8, 9, 11, 13, 14, 15],
        subject: &texts::REPAIRS,
        messages: 1_700,
        from: 0.07,
        until: 0.997,
        events: &[
            (0.22, 6, RoomEvent::Change("Repairs", "What is broken, and who mends it")),
            (0.4, 4, RoomEvent::Join),
            (0.71, 14, RoomEvent::Leave),
        ],
    },
    DemoRoom {
        name: "Newsletter desk",
        topic: "Four times a year, eight pages, no late copy",
        private: true,
        owner: 8,
        members: &[0, 1, 4, 7, 11, 12],
        subject: &texts::NEWSLETTER,
        messages: 900,
        from: 0.08,
        until: 0.99,
        events: &[(0.3, 8, RoomEvent::Add(16)), (0.55, 8, RoomEvent::TransferOwnership(4))],
    },
    DemoRoom {
        name: "Garden",
        topic: "Beds, bees and the compost 🌱",
        private: false,
        owner: 13,
        members: &[0, 2, 4, 5, 7, 12, 16],
        subject: &texts::GARDEN,
        messages: 1_200,
        from: 0.09,
        until: 0.995,
        events: &[(0.45, 10, RoomEvent::Join)],
    },
    DemoRoom {
        name: "Lost and found",
        topic: "Gloves, mostly",
        private: false,
        owner: 11,
        members: &[0, 1, 2, 3, 5, 6, 8, 9, 13, 15, 16, 18],
        subject: &texts::LOST,
        messages: 700,
        from: 0.1,
        until: 0.985,
        events: &[(0.62, 15, RoomEvent::Leave)],
    },
    DemoRoom {
        name: "Summer regatta 🏁",
        topic: "Two days, one course, far too many opinions",
        private: false,
        owner: 9,
        members: &[0, 1, 2, 6, 8, 11, 13, 14, 15, 18],
        subject: &texts::REGATTA,
        messages: 1_500,
        from: 0.2,
        until: 0.9985,
        events: &[(0.5, 9, RoomEvent::TransferOwnership(1)), (0.58, 3, RoomEvent::Join), (0.66, 5, RoomEvent::Join)],
    },
    DemoRoom {
        name: "Languages · لغات · Γλώσσες · שפות · 言葉",
        topic: "How do you say “harbour”? ميناء, λιμάνι, נמל, 港, гавань",
        private: false,
        owner: 4,
        members: &[0, 2, 3, 5, 7, 12, 16, 17],
        subject: &texts::LANGUAGES,
        messages: 700,
        from: 0.25,
        until: 0.996,
        events: &[(0.52, 1, RoomEvent::Join)],
    },
    DemoRoom {
        name: "Committee",
        topic: "Agenda and minutes",
        private: true,
        owner: 0,
        members: &[1, 8, 9, 13],
        subject: &texts::COMMITTEE,
        messages: 700,
        from: 0.12,
        until: 0.98,
        events: &[(0.4, 0, RoomEvent::Add(10)), (0.5, 0, RoomEvent::Remove(9)), (0.51, 0, RoomEvent::Add(11))],
    },
    DemoRoom {
        name: "Junior sailing: coaches, helpers and everyone who lends a hand on Saturdays",
        topic: "Who is on the water, who is on the beach",
        private: true,
        owner: 15,
        members: &[1, 2, 6, 14],
        subject: &texts::JUNIORS,
        messages: 500,
        from: 0.3,
        until: 0.97,
        events: &[(0.44, 15, RoomEvent::Add(18))],
    },
];

/// How many direct conversations there are, and how many messages in all of them.
pub const DIRECTS: usize = 40;
pub const DIRECT_MESSAGES: usize = 3_300;
/// How many of them the owner has, and then the next one: those are who a visitor signs in as.
const DIRECTS_OF_FIRST_USERS: [usize; 2] = [10, 8];

/// A direct conversation of the demo: who begins it, with whom, how many messages, and from when to when.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Direct {
    pub people: [usize; 2],
    pub messages: usize,
    pub from: f64,
    pub until: f64,
}

/// Forty pairs: some write every day, some have written once.
pub fn directs(rng: &mut Rng) -> Vec<Direct> {
    let weight = |place: usize| 1.0 / (place + 1) as f64;
    let all: f64 = (0..DIRECTS).map(weight).sum();
    let share = |place: usize| ((DIRECT_MESSAGES as f64 * weight(place) / all) as usize).max(1);
    let mut shares: Vec<usize> = (0..DIRECTS).map(share).collect();
    // What rounding has left goes to the most active pair.
    shares[0] += DIRECT_MESSAGES.saturating_sub(shares.iter().sum());
    rng.shuffle(&mut shares);

    let mut directs: Vec<Direct> = pairs(rng)
        .into_iter()
        .zip(shares)
        .map(|(people, messages)| {
            let from = 0.03 + 0.6 * rng.part();
            // Pairs fall silent: the list of the latest ones should not look as if everyone wrote today.
            let until = from + (1.0 - from) * (1.0 - 0.7 * rng.part() * rng.part());
            Direct { people, messages, from, until }
        })
        .collect();
    directs.sort_by(|a, b| a.from.total_cmp(&b.from));
    directs
}

fn pairs(rng: &mut Rng) -> Vec<[usize; 2]> {
    let mut pairs: Vec<[usize; 2]> = Vec::with_capacity(DIRECTS);
    let add = |pairs: &mut Vec<[usize; 2]>, people: [usize; 2]| {
        let [a, b] = people;
        if a != b && !pairs.contains(&[a, b]) && !pairs.contains(&[b, a]) {
            pairs.push(people);
        }
    };
    let mut wanted = 0;
    for (first, many) in DIRECTS_OF_FIRST_USERS.into_iter().enumerate() {
        wanted += many;
        while pairs.len() < wanted {
            let other = rng.below(PEOPLE.len());
            add(&mut pairs, if rng.percent(50) { [first, other] } else { [other, first] });
        }
    }
    while pairs.len() < DIRECTS {
        add(&mut pairs, [rng.below(PEOPLE.len()), rng.below(PEOPLE.len())]);
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::super::rng::Rng;
    use super::*;
    use crate::model::room::RoomForm;

    #[test]
    fn every_room_passes_the_checks_of_its_form_and_its_events_are_in_order() {
        for room in &ROOMS {
            let form = RoomForm { name: room.name.into(), topic: room.topic.into() };
            assert_eq!(form.check().unwrap().name, room.name);
            assert!(room.events.is_sorted_by(|a, b| a.0 < b.0), "{}", room.name);
        }
    }

    #[test]
    fn the_forty_pairs_are_distinct() {
        for seed in 0..20 {
            let directs = directs(&mut Rng::new(seed, 0));
            let mut pairs: Vec<[usize; 2]> = directs.iter().map(|direct| direct.people).collect();
            pairs.iter_mut().for_each(|pair| pair.sort_unstable());
            pairs.sort_unstable();
            pairs.dedup();
            assert_eq!(pairs.len(), DIRECTS);
            assert_eq!(directs.iter().map(|direct| direct.messages).sum::<usize>(), DIRECT_MESSAGES);
        }
    }
}
