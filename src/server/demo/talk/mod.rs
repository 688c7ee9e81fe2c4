//! What people say: exchanges about a room's own subject, written from phrases.

mod ashore;
mod between;
mod desk;
mod grammar;
mod harbour;
mod regatta;
mod tongues;

pub use ashore::{GARDEN, GENERAL, KITCHEN, LOST};
pub use between::{DIRECT, LANGUAGES};
pub use desk::{COMMITTEE, NEWSLETTER};
pub use harbour::{BOATS, REPAIRS, TIDES};
pub use regatta::{JUNIORS, REGATTA};
pub use tongues::Tongue;

use super::chance::Chance;
use super::people::PEOPLE;
use tongues::WORDS;

/// What a conversation is about.
#[derive(Debug)]
pub struct Subject {
    /// What `{thing}` and `{place}` stand for.
    pub things: &'static [&'static str],
    pub places: &'static [&'static str],
    pub exchanges: &'static [Exchange],
}

/// One way for people to talk for a while: somebody opens, others answer, and who opened may close.
#[derive(Debug)]
pub struct Exchange {
    /// How often it comes beside the subject's others.
    pub often: usize,
    pub opens: &'static [&'static str],
    pub answers: &'static [&'static str],
    pub closes: &'static [&'static str],
}

/// Something said, and by whom: a place in [`PEOPLE`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub by: usize,
    pub text: String,
}

/// The boats that everyone talks about.
const BOATS_BY_NAME: &[&str] = &[
    "*Kestrel*",
    "*Halcyon*",
    "*Little Auk*",
    "*Sea Campion*",
    "*Marigold*",
    "*Two Sisters*",
    "*Wren*",
    "*Old Patience*",
    "*Skua*",
    "*Bluebell*",
    "*Nordlys*",
    "*Gannet*",
    "*Amihan*",
    "*Lady Rosalind of the Western Approaches*",
];
const DAYS: &[&str] = &["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const TIMES: &[&str] = &[
    "06:40",
    "07:15",
    "08:30",
    "09:00",
    "10:30",
    "half past eleven",
    "noon",
    "14:15",
    "16:00",
    "17:45",
    "18:30",
    "19:30",
];
const LINKS: &[&str] = &[
    "https://tides.example.org/west-quay",
    "https://wiki.example.org/harbour/keys",
    "https://photos.example.org/open-day",
    "https://forecast.example.org/marine?area=7",
    "https://shop.example.org/chandlery",
    "https://docs.example.org/rota",
];
/// What anybody answers to anything.
const NODS: &[&str] = &[
    "👍",
    "Thanks!",
    "Thank you, {opener}!",
    "Good to know.",
    "+1",
    "😄",
    "On it.",
    "Ha, *of course*.",
    "Makes sense.",
    "Noted.",
    "Lovely.",
    "Same here.",
    "🙏",
    "Agreed{| with {opener}}.",
    "I can{| do that}.",
    "Count me in.",
    "Sorry, only saw this now.",
    "🎉",
    "Ok",
    "No objection from me.",
    "Will do{|, probably {day}}.",
    "Haha",
    "Brilliant{|, thanks {opener}}!",
    "Hmm. Let me think about it.",
];
/// In a hundred answers, how many are but a nod, and how many are in the language of whoever gives them.
const NODDING: usize = 14;
const IN_ONES_TONGUE: usize = 12;
/// The most answers of one exchange.
const ANSWERS_MAX: usize = 7;

/// What an exchange is about, chosen once, so that its answers fit what was asked.
struct Matter {
    boat: &'static str,
    thing: String,
    place: String,
    day: &'static str,
    time: &'static str,
    link: &'static str,
    few: usize,
    many: usize,
    opener: usize,
    other: usize,
    word: usize,
    tongue: usize,
    opening: String,
}

impl Matter {
    fn slot(&self, name: &str, chance: &mut Chance) -> Option<String> {
        let fixed = match name {
            "boat" => self.boat,
            "thing" => &self.thing,
            "place" => &self.place,
            "day" => self.day,
            "time" => self.time,
            "link" => self.link,
            "opener" => PEOPLE[self.opener].first_name,
            "other" => PEOPLE[self.other].first_name,
            "word" => WORDS[self.word].0,
            "tongue" => Tongue::ALL[self.tongue].name(),
            "translated" => WORDS[self.word].1[self.tongue],
            "few" => return Some(self.few.to_string()),
            "many" => return Some(self.many.to_string()),
            "number" => return Some(chance.between(2, 60).to_string()),
            "quote" => return Some(format!("> {}\n\n", self.opening.lines().next().unwrap_or_default())),
            _ => return None,
        };
        Some(fixed.to_owned())
    }
}

/// One exchange among these people.
pub fn exchange(subject: &Subject, members: &[usize], chance: &mut Chance) -> Vec<Said> {
    let chosen = chance.weighted(subject.exchanges.iter().map(|exchange| exchange.often));
    let exchange = &subject.exchanges[chosen];
    let opener = speaker(members, None, chance);
    let mut matter = Matter {
        boat: chance.pick(BOATS_BY_NAME),
        thing: String::new(),
        place: String::new(),
        day: chance.pick(DAYS),
        time: chance.pick(TIMES),
        link: chance.pick(LINKS),
        few: chance.between(2, 9),
        many: chance.between(10, 60),
        opener,
        other: speaker(members, Some(opener), chance),
        word: chance.below(WORDS.len()),
        tongue: chance.below(Tongue::ALL.len()),
        opening: String::new(),
    };
    // Things and places are phrases themselves: the berths have numbers.
    matter.thing = fill_in(chance.pick(subject.things), &matter, chance);
    matter.place = fill_in(chance.pick(subject.places), &matter, chance);
    let opening = write(chance.pick(exchange.opens), &matter, chance);
    matter.opening.clone_from(&opening);
    let mut said = vec![Said { by: opener, text: opening }];

    let mut phrases: Vec<&str> = exchange.answers.to_vec();
    chance.shuffle(&mut phrases);
    let many = answers(members.len(), chance).min(phrases.len());
    let mut last = opener;
    for phrase in phrases.into_iter().take(many) {
        let by = speaker(members, Some(last), chance);
        last = by;
        said.push(Said { by, text: answer(phrase, by, &matter, chance) });
    }
    if many > 0 && !exchange.closes.is_empty() && chance.percent(55) {
        said.push(Said { by: opener, text: write(chance.pick(exchange.closes), &matter, chance) });
    }
    said
}

/// How many answers there are: few of two people, more of many, now and then none at all.
fn answers(members: usize, chance: &mut Chance) -> usize {
    let most = if members > 2 { ANSWERS_MAX } else { 4 };
    // The lower of two: short exchanges are the usual ones.
    let usual = chance.between(1, most).min(chance.between(1, most));
    if chance.percent(8) { 0 } else { usual }
}

fn answer(phrase: &str, by: usize, matter: &Matter, chance: &mut Chance) -> String {
    let tongue = PEOPLE[by].tongue.filter(|_| chance.percent(IN_ONES_TONGUE));
    let phrase = match tongue {
        Some(tongue) => chance.pick(tongue.phrases()),
        None if chance.percent(NODDING) => chance.pick(NODS),
        None => phrase,
    };
    write(phrase, matter, chance)
}

fn write(phrase: &str, matter: &Matter, chance: &mut Chance) -> String {
    let text = fill_in(phrase, matter, chance);
    // What it is about may have come to stand first.
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    if text.starts_with("http") { text } else { first.chain(letters).collect() }
}

fn fill_in(phrase: &str, matter: &Matter, chance: &mut Chance) -> String {
    grammar::write_out(phrase, chance, &mut |name, chance| matter.slot(name, chance))
}

/// Who speaks: whoever talks much more often, and rarely twice in a row.
fn speaker(members: &[usize], last: Option<usize>, chance: &mut Chance) -> usize {
    let weight = |member: &usize| match last {
        // In a conversation of two the other one answers, mostly.
        Some(last) if last == *member => PEOPLE[*member].talks / 12,
        _ => PEOPLE[*member].talks,
    };
    let at = chance.weighted(members.iter().map(weight));
    members.get(at).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Body;

    const ALL: [&Subject; 13] = [
        &GENERAL,
        &BOATS,
        &TIDES,
        &KITCHEN,
        &REPAIRS,
        &NEWSLETTER,
        &GARDEN,
        &LOST,
        &REGATTA,
        &LANGUAGES,
        &COMMITTEE,
        &JUNIORS,
        &DIRECT,
    ];

    #[test]
    fn everything_that_can_be_said_is_a_message_without_a_hole_in_it() {
        let mut chance = Chance::new(7, 7);
        let members: Vec<usize> = (0..PEOPLE.len()).collect();
        for subject in ALL {
            for _ in 0..2_000 {
                for said in exchange(subject, &members, &mut chance) {
                    assert!(!said.text.contains(['{', '}', '|']), "{}", said.text);
                    assert_eq!(Body::parse(&said.text).unwrap().as_str(), said.text);
                }
            }
        }
    }

    #[test]
    fn two_people_talk_to_each_other_alone() {
        let mut chance = Chance::new(7, 8);
        for _ in 0..500 {
            assert!(exchange(&DIRECT, &[3, 16], &mut chance).iter().all(|said| [3, 16].contains(&said.by)));
        }
    }
}
