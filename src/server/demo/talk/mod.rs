//! What people say: exchanges about a room's own subject, written from phrases.

mod ashore;
mod between;
mod desk;
mod grammar;
mod grounds;
mod harbour;
mod matter;
mod regatta;
mod sky;
mod tongues;

pub use ashore::{GENERAL, KITCHEN};
pub use between::{DIRECT, LANGUAGES};
pub use desk::{COMMITTEE, NEWSLETTER};
pub use grounds::{GARDEN, LOST};
pub use harbour::{BOATS, REPAIRS};
pub use regatta::{JUNIORS, REGATTA};
pub use sky::TIDES;
pub use tongues::Tongue;

use super::people::PEOPLE;
use super::rng::Rng;
use matter::Matter;

/// What a conversation is about.
#[derive(Debug)]
pub struct Subject {
    /// What `{thing}` and `{place}` stand for.
    pub things: &'static [&'static str],
    pub places: &'static [&'static str],
    pub exchanges: &'static [Exchange],
}

/// One way for people to talk for a while: somebody opens, and others answer.
#[derive(Debug)]
pub enum Exchange {
    /// Any of the answers, in any order, from whoever is there; who opened may close.
    Crowd { opens: &'static [&'static str], answers: &'static [&'static str], closes: &'static [&'static str] },
    /// Two people by turns, each answering what was said last; they may stop anywhere.
    Turns(&'static [&'static str]),
}

const fn crowd(
    opens: &'static [&'static str],
    answers: &'static [&'static str],
    closes: &'static [&'static str],
) -> Exchange {
    Exchange::Crowd { opens, answers, closes }
}

/// Something said, and by whom: a place in [`PEOPLE`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub by: usize,
    pub text: String,
}

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
const ANSWERS_MAX: usize = 6;

/// One exchange among these people.
pub fn exchange(subject: &Subject, members: &[usize], chance: &mut Rng) -> Vec<Said> {
    let opener = speaker(members, None, chance);
    let other = speaker(members, Some(opener), chance);
    let matter = Matter::new(subject, [opener, other], chance);
    match &subject.exchanges[chance.below(subject.exchanges.len())] {
        Exchange::Crowd { opens, answers, closes } => among_many(opens, answers, closes, members, matter, chance),
        Exchange::Turns(turns) => by_turns(turns, [opener, other], &matter, chance),
    }
}

fn among_many(
    opens: &[&'static str],
    answers: &[&'static str],
    closes: &[&'static str],
    members: &[usize],
    mut matter: Matter,
    chance: &mut Rng,
) -> Vec<Said> {
    let opener = matter.opener;
    let opening = matter.write(chance.pick(opens), chance);
    matter.opening.clone_from(&opening);
    let mut said = vec![Said { by: opener, text: opening }];
    let mut phrases = answers.to_vec();
    chance.shuffle(&mut phrases);
    for phrase in phrases.into_iter().take(how_many(chance)) {
        let others: Vec<usize> = members.iter().copied().filter(|member| *member != opener).collect();
        let by = speaker(&others, Some(matter.last), chance);
        said.push(Said { by, text: answer(phrase, by, &matter, chance) });
        matter.last = by;
    }
    if said.len() > 1 && !closes.is_empty() && chance.percent(60) {
        said.push(Said { by: opener, text: matter.write(chance.pick(closes), chance) });
    }
    said
}

fn by_turns(turns: &[&str], people: [usize; 2], matter: &Matter, chance: &mut Rng) -> Vec<Said> {
    let many = chance.between(2.min(turns.len()), turns.len());
    let turns = turns.iter().take(many).zip(people.into_iter().cycle());
    turns.map(|(phrase, by)| Said { by, text: matter.write(phrase, chance) }).collect()
}

/// How many answers there are: mostly few, now and then none at all.
fn how_many(chance: &mut Rng) -> usize {
    let usual = chance.between(1, ANSWERS_MAX).min(chance.between(1, ANSWERS_MAX));
    if chance.percent(8) { 0 } else { usual }
}

fn answer(phrase: &str, by: usize, matter: &Matter, chance: &mut Rng) -> String {
    let tongue = PEOPLE[by].tongue.filter(|_| chance.percent(IN_ONES_TONGUE));
    let phrase = match tongue {
        Some(tongue) => chance.pick(tongue.phrases()),
        None if chance.percent(NODDING) => chance.pick(NODS),
        None => phrase,
    };
    matter.write(phrase, chance)
}

/// Who speaks next: whoever talks much more often, and nobody twice in a row where there is anybody else.
fn speaker(members: &[usize], last: Option<usize>, chance: &mut Rng) -> usize {
    let weight = |member: &usize| if last == Some(*member) { 0 } else { PEOPLE[*member].talks };
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
        let mut chance = Rng::new(7, 7);
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
        let mut chance = Rng::new(7, 8);
        for _ in 0..500 {
            assert!(exchange(&DIRECT, &[3, 16], &mut chance).iter().all(|said| [3, 16].contains(&said.by)));
        }
    }
}
