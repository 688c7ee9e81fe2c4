//! The values that fill the slots of an exchange's templates.

use super::super::people::PEOPLE;
use super::super::rng::Rng;
use super::languages::WORDS;
use super::{Language, Subject, template};

/// The boats that everyone talks about.
const BOATS: &[&str] = &[
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
/// What an exchange is about, chosen once, so that its answers fit what was asked.
pub struct TemplateValues {
    boat: &'static str,
    thing: String,
    place: String,
    day: &'static str,
    time: &'static str,
    link: &'static str,
    few: usize,
    many: usize,
    pub opener: usize,
    pub other: usize,
    /// Who spoke last.
    pub last: usize,
    word: usize,
    language: usize,
    /// What the exchange began with.
    pub opening: String,
}

impl TemplateValues {
    /// Chooses what an exchange between these two, and perhaps more, is about.
    pub fn new(subject: &Subject, [opener, other]: [usize; 2], rng: &mut Rng) -> Self {
        let mut values = TemplateValues {
            boat: rng.pick(BOATS),
            thing: String::new(),
            place: String::new(),
            day: rng.pick(DAYS),
            time: rng.pick(TIMES),
            link: rng.pick(LINKS),
            few: rng.between(2, 9),
            many: rng.between(10, 60),
            opener,
            other,
            last: opener,
            word: rng.below(WORDS.len()),
            language: rng.below(Language::ALL.len()),
            opening: String::new(),
        };
        // Things and places are phrases themselves: the berths have numbers.
        values.thing = values.fill_in(rng.pick(subject.things), rng);
        values.place = values.fill_in(rng.pick(subject.places), rng);
        values
    }

    /// A phrase as a message.
    pub fn write(&self, phrase: &str, rng: &mut Rng) -> String {
        let text = self.fill_in(phrase, rng);
        // What might have followed may not have.
        let text = text.trim_end();
        // What it is about may have come to stand first.
        let mut letters = text.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        if text.starts_with("http") { text.to_owned() } else { first.chain(letters).collect() }
    }

    fn fill_in(&self, phrase: &str, rng: &mut Rng) -> String {
        template::write_out(phrase, rng, &mut |name, rng| self.slot(name, rng))
    }

    fn slot(&self, name: &str, rng: &mut Rng) -> Option<String> {
        let fixed = match name {
            "boat" => self.boat,
            "thing" => &self.thing,
            "place" => &self.place,
            "day" => self.day,
            "time" => self.time,
            "link" => self.link,
            "opener" => PEOPLE[self.opener].first_name,
            "other" => PEOPLE[self.other].first_name,
            "last" => PEOPLE[self.last].first_name,
            "word" => WORDS[self.word].0,
            "language" => Language::ALL[self.language].name(),
            "translated" => WORDS[self.word].1[self.language],
            "few" => return Some(self.few.to_string()),
            "many" => return Some(self.many.to_string()),
            "number" => return Some(rng.between(2, 60).to_string()),
            "quote" => return Some(format!("> {}\n\n", self.opening.lines().next().unwrap_or_default())),
            _ => return None,
        };
        Some(fixed.to_owned())
    }
}
