//! Finding something by its name among what the client holds.
//!
//! A query matches without regard to case, diacritics and the order of its words. Folding a name is what takes time,
//! so names are folded once ([`Folded`]) and compared on every key.

use super::platform::text;
use crate::model::fold::fold;
use crate::model::sorted;
use std::cmp::Ordering;
use std::ops::Range;

/// How well a name matches, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// The query is the whole name.
    Exact,
    /// The name begins with the query's first word, and every other word begins a word of the name.
    Start,
    /// Every word of the query begins a word of the name.
    WordStart,
    /// Some word of the query is in the middle of a word.
    Within,
}

/// A name that matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    pub rank: Rank,
    /// Which bytes of the name match: in order, without overlaps, on character boundaries.
    pub marks: Vec<Range<usize>>,
}

/// A name, ready to be compared: small letters without diacritics, each with its place in the name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    letters: Vec<char>,
    /// Where in the name (bytes) the character of each letter begins.
    starts: Vec<usize>,
    /// How many bytes the name has.
    len: usize,
}

impl Folded {
    pub fn new(name: &str) -> Self {
        let mut folded = Folded { len: name.len(), ..Folded::default() };
        for (start, c) in name.char_indices() {
            fold(c, text::decompose, &mut |letter| {
                folded.letters.push(letter);
                folded.starts.push(start);
            });
        }
        folded
    }

    /// The order of names in a list.
    pub fn cmp_letters(&self, other: &Self) -> Ordering {
        self.letters.cmp(&other.letters)
    }

    /// Whether a word begins at this letter.
    fn starts_word(&self, at: usize) -> bool {
        at == 0 || !self.letters[at - 1].is_alphanumeric()
    }

    /// Where a word of a query is: preferably at the beginning of a word.
    fn find(&self, word: &[char]) -> Option<usize> {
        let mut places = self.letters.windows(word.len()).enumerate().filter(|(_, part)| *part == word);
        let mut places_again = places.clone();
        let start = places.find(|(at, _)| self.starts_word(*at));
        start.or_else(|| places_again.next()).map(|(at, _)| at)
    }

    /// The bytes of so many letters, with the marks that follow the last of them.
    fn bytes(&self, at: usize, letters: usize) -> Range<usize> {
        let last = self.starts[at + letters - 1];
        let end = self.starts[at + letters..].iter().copied().find(|start| *start > last);
        self.starts[at]..end.unwrap_or(self.len)
    }
}

/// What is searched for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    words: Vec<Vec<char>>,
}

impl Query {
    pub fn new(text: &str) -> Self {
        // `#` and `@` are how people write that they mean a room or a person.
        let words = text.split_whitespace().map(|word| Folded::new(word.trim_start_matches(['#', '@'])).letters);
        Query { words: words.filter(|word| !word.is_empty()).collect() }
    }

    /// An empty query matches everything.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether every word of the query is in the text.
    pub fn matches_text(&self, text: &str) -> bool {
        self.matches(&Folded::new(text)).is_some()
    }

    /// How a name matches, if every word of the query is in it.
    pub fn matches(&self, name: &Folded) -> Option<Match> {
        let mut rank = Rank::Start;
        let mut marks = Vec::new();
        for (number, word) in self.words.iter().enumerate() {
            let at = name.find(word)?;
            rank = rank.max(match at {
                0 if number == 0 => Rank::Start,
                at if name.starts_word(at) => {
                    if number == 0 {
                        Rank::WordStart
                    } else {
                        Rank::Start
                    }
                }
                _ => Rank::Within,
            });
            marks.push(name.bytes(at, word.len()));
        }
        let exact = self.words.join(&' ') == name.letters && !self.is_empty();
        Some(Match { rank: if exact { Rank::Exact } else { rank }, marks: merged(marks) })
    }
}

/// The ranges in order, those that touch made one.
fn merged(ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut merged: Vec<Range<usize>> = Vec::new();
    for range in sorted(ranges, |one, other| one.start.cmp(&other.start)) {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// A name in pieces, and whether each is marked.
pub fn pieces(name: &str, marks: &[Range<usize>]) -> Vec<(bool, String)> {
    let mut pieces = Vec::new();
    let mut from = 0;
    let mut push = |marked: bool, piece: Option<&str>| {
        if let Some(piece) = piece.filter(|piece| !piece.is_empty()) {
            pieces.push((marked, piece.to_owned()));
        }
    };
    for mark in marks {
        push(false, name.get(from..mark.start));
        push(true, name.get(mark.clone()));
        from = mark.end;
    }
    push(false, name.get(from..));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(query: &str, name: &str) -> Option<(Rank, String)> {
        let found = Query::new(query).matches(&Folded::new(name))?;
        let marked = pieces(name, &found.marks);
        let text = marked.iter().map(|(marked, piece)| if *marked { format!("[{piece}]") } else { piece.clone() });
        Some((found.rank, text.collect()))
    }

    #[test]
    fn beginnings_of_names_rank_before_beginnings_of_words_and_those_before_middles() {
        assert_eq!(found("general", "General"), Some((Rank::Exact, "[General]".into())));
        assert_eq!(found("in", "Ines Carvalho"), Some((Rank::Start, "[In]es Carvalho".into())));
        assert_eq!(found("in", "Alfred Ines"), Some((Rank::WordStart, "Alfred [In]es".into())));
        assert_eq!(found("in", "training-plans"), Some((Rank::Within, "tra[in]ing-plans".into())));
        assert_eq!(found("plan", "training-plans"), Some((Rank::WordStart, "training-[plan]s".into())));
        assert_eq!(found("xyz", "General"), None);
        // The beginning of a word is preferred to an earlier middle.
        assert_eq!(found("an", "Susan Andrews"), Some((Rank::WordStart, "Susan [An]drews".into())));
    }

    #[test]
    fn words_may_stand_in_any_order_and_all_have_to_be_there() {
        assert_eq!(found("tom okafor", "Tom Okafor"), Some((Rank::Exact, "[Tom] [Okafor]".into())));
        assert_eq!(found("okafor tom", "Tom Okafor"), Some((Rank::WordStart, "[Tom] [Okafor]".into())));
        assert_eq!(found("  oka   TO ", "Tom Okafor"), Some((Rank::WordStart, "[To]m [Oka]for".into())));
        assert_eq!(found("tom ruiz", "Tom Okafor"), None);
    }

    #[test]
    fn case_and_diacritics_make_no_difference_in_either_direction() {
        assert_eq!(found("ines", "Inês Carvalho"), Some((Rank::Start, "[Inês] Carvalho".into())));
        assert_eq!(found("inês", "Ines Carvalho"), Some((Rank::Start, "[Ines] Carvalho".into())));
        assert_eq!(found("ÅNG", "Lena Ångström"), Some((Rank::WordStart, "Lena [Ång]ström".into())));
        assert_eq!(found("soren", "Søren"), Some((Rank::Exact, "[Søren]".into())));
        assert_eq!(found("strasse", "Straße"), Some((Rank::Exact, "[Straße]".into())));
        // The accent as a character of its own is marked with its letter.
        assert_eq!(found("ine", "Ine\u{302}s"), Some((Rank::Start, "[Ine\u{302}]s".into())));
        assert_eq!(found("نور", "نُور الهاشمي"), Some((Rank::Start, "[نُور] الهاشمي".into())));
        // A syllable is found while it is being typed.
        assert_eq!(found("기", "김민준"), Some((Rank::Start, "[김]민준".into())));
    }

    #[test]
    fn the_signs_of_rooms_and_people_are_not_searched_for() {
        assert_eq!(found("#gen", "General"), Some((Rank::Start, "[Gen]eral".into())));
        assert!(Query::new(" # @ ").is_empty());
    }

    #[test]
    fn an_empty_query_matches_everything_and_marks_nothing() {
        assert_eq!(found("", "General"), Some((Rank::Start, "General".into())));
        assert_eq!(found("a", ""), None);
    }

    #[test]
    fn marks_never_split_a_character() {
        for name in ["ß", "ﬁne", "İstanbul", "김", "e\u{301}\u{301}", "🎉 party", "ǅ"] {
            for query in ["s", "f", "i", "ss", "e", "p", "d", "ㄱ"] {
                if let Some(found) = Query::new(query).matches(&Folded::new(name)) {
                    let whole: String = pieces(name, &found.marks).into_iter().map(|(_, piece)| piece).collect();
                    assert_eq!(whole, name, "{query} in {name}");
                }
            }
        }
    }
}
