//! Texts of messages: exchanges about a room's subject, filled in from templates.

mod boats_and_repairs;
mod direct_and_languages;
mod garden_and_lost;
mod general_and_kitchen;
mod languages;
mod newsletter_and_committee;
mod regatta_and_juniors;
mod template;
mod template_values;
mod tides;

pub use boats_and_repairs::{BOATS, REPAIRS};
pub use direct_and_languages::{DIRECT, LANGUAGES};
pub use garden_and_lost::{GARDEN, LOST};
pub use general_and_kitchen::{GENERAL, KITCHEN};
pub use languages::Language;
pub use newsletter_and_committee::{COMMITTEE, NEWSLETTER};
pub use regatta_and_juniors::{JUNIORS, REGATTA};
pub use tides::TIDES;

use super::people::PEOPLE;
use super::rng::Rng;
use template_values::TemplateValues;

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
    Group { opens: &'static [&'static str], answers: &'static [&'static str], closes: &'static [&'static str] },
    /// Two people by turns, each answering the last message; they may stop anywhere.
    Dialogue(&'static [&'static str]),
}

const fn group(
    opens: &'static [&'static str],
    answers: &'static [&'static str],
    closes: &'static [&'static str],
) -> Exchange {
    Exchange::Group { opens, answers, closes }
}

/// A text, and its author by their index in [`PEOPLE`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    pub by: usize,
    pub text: String,
}

/// Replies that fit everything.
const SHORT_REPLIES: &[&str] = &[
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
/// How many of a hundred answers are a short reply, and how many are in the author's own language.
const SHORT_REPLY_PERCENT: usize = 14;
const OWN_LANGUAGE_PERCENT: usize = 12;
/// The most answers of one exchange.
const ANSWERS_MAX: usize = 6;

/// One exchange among these people.
pub fn exchange(subject: &Subject, members: &[usize], rng: &mut Rng) -> Vec<Text> {
    let opener = next_author(members, None, rng);
    let other = next_author(members, Some(opener), rng);
    let values = TemplateValues::new(subject, [opener, other], rng);
    match &subject.exchanges[rng.below(subject.exchanges.len())] {
        Exchange::Group { opens, answers, closes } => group_exchange(opens, answers, closes, members, values, rng),
        Exchange::Dialogue(turns) => dialogue(turns, [opener, other], &values, rng),
    }
}

fn group_exchange(
    opens: &[&'static str],
    answers: &[&'static str],
    closes: &[&'static str],
    members: &[usize],
    mut values: TemplateValues,
    rng: &mut Rng,
) -> Vec<Text> {
    let opener = values.opener;
    let opening = values.write(rng.pick(opens), rng);
    values.opening.clone_from(&opening);
    let mut texts = vec![Text { by: opener, text: opening }];
    let mut phrases = answers.to_vec();
    rng.shuffle(&mut phrases);
    for phrase in phrases.into_iter().take(answer_count(rng)) {
        let others: Vec<usize> = members.iter().copied().filter(|member| *member != opener).collect();
        let by = next_author(&others, Some(values.last), rng);
        texts.push(Text { by, text: answer(phrase, by, &values, rng) });
        values.last = by;
    }
    if texts.len() > 1 && !closes.is_empty() && rng.percent(60) {
        texts.push(Text { by: opener, text: values.write(rng.pick(closes), rng) });
    }
    texts
}

fn dialogue(turns: &[&str], people: [usize; 2], values: &TemplateValues, rng: &mut Rng) -> Vec<Text> {
    let many = rng.between(2.min(turns.len()), turns.len());
    let turns = turns.iter().take(many).zip(people.into_iter().cycle());
    turns.map(|(phrase, by)| Text { by, text: values.write(phrase, rng) }).collect()
}

/// How many answers there are: mostly few, now and then none at all.
fn answer_count(rng: &mut Rng) -> usize {
    let usual = rng.between(1, ANSWERS_MAX).min(rng.between(1, ANSWERS_MAX));
    if rng.percent(8) { 0 } else { usual }
}

fn answer(phrase: &str, by: usize, values: &TemplateValues, rng: &mut Rng) -> String {
    let language = PEOPLE[by].language.filter(|_| rng.percent(OWN_LANGUAGE_PERCENT));
    let phrase = match language {
        Some(language) => rng.pick(language.phrases()),
        None if rng.percent(SHORT_REPLY_PERCENT) => rng.pick(SHORT_REPLIES),
        None => phrase,
    };
    values.write(phrase, rng)
}

/// Who speaks next: whoever activity much more often, and nobody twice in a row where there is anybody else.
fn next_author(members: &[usize], last: Option<usize>, rng: &mut Rng) -> usize {
    let weight = |member: &usize| if last == Some(*member) { 0 } else { PEOPLE[*member].activity };
    let at = rng.weighted(members.iter().map(weight));
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
    fn every_text_is_a_valid_message_without_unfilled_slots() {
        let mut rng = Rng::new(7, 7);
        let members: Vec<usize> = (0..PEOPLE.len()).collect();
        for subject in ALL {
            for _ in 0..2_000 {
                for said in exchange(subject, &members, &mut rng) {
                    assert!(!said.text.contains(['{', '}', '|']), "{}", said.text);
                    assert_eq!(Body::parse(&said.text).unwrap().as_str(), said.text);
                }
            }
        }
    }

    #[test]
    fn a_direct_conversation_has_messages_of_its_two_members_only() {
        let mut rng = Rng::new(7, 8);
        for _ in 0..500 {
            assert!(exchange(&DIRECT, &[3, 16], &mut rng).iter().all(|said| [3, 16].contains(&said.by)));
        }
    }
}
