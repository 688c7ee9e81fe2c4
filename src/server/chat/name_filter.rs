//! Finding people and rooms by parts of their names, a page at a time.

use crate::model::{Error, Page, fold};

/// Characters of a query that are compared; the rest is ignored.
const QUERY_MAX: usize = 100;
/// Words of a query that are compared.
const WORDS_MAX: usize = 8;

/// A filter regardless of case, diacritics and the order of words. The database compares the names' keys, which are folded
/// as this is.
#[derive(Clone, Debug)]
pub struct NameFilter {
    words: Vec<String>,
}

impl NameFilter {
    pub fn new(query: &str) -> Self {
        // No name has a control character, and PostgreSQL refuses one of them: they become a character that matches none.
        let printable = |c: char| if c.is_control() { '\u{fffe}' } else { c };
        let query: String = query.trim().chars().take(QUERY_MAX).map(printable).collect();
        let words = query.split_whitespace().take(WORDS_MAX).map(fold::folded);
        NameFilter { words: words.filter(|word| !word.is_empty()).collect() }
    }

    /// Whether the query is empty, so that everything matches.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether each word of the query is in one of the names. An empty query matches everything.
    pub fn matches(&self, names: &[&str]) -> bool {
        let names: Vec<String> = names.iter().map(|name| fold::folded(name)).collect();
        self.words.iter().all(|word| names.iter().any(|name| name.contains(word)))
    }

    /// Patterns (of SQL's `like`): a search key that is like all of them has each word of the query in a name.
    pub fn containing(&self) -> Vec<String> {
        self.patterns("%")
    }

    /// The same for keys in which each word of the query begins a name.
    pub fn beginning(&self) -> Vec<String> {
        self.patterns("%\n")
    }

    /// What means something in a pattern is escaped by `\`.
    fn patterns(&self, before: &str) -> Vec<String> {
        let escaped = |c: char| matches!(c, '%' | '_' | '\\').then_some('\\').into_iter().chain([c]);
        self.words
            .iter()
            .map(|word| format!("{before}{}%", word.chars().flat_map(escaped).collect::<String>()))
            .collect()
    }
}

/// Cuts rows down to a page of `limit`; a row beyond it means that there is a next page, after the cursor of the last.
pub fn page<T>(mut rows: Vec<T>, limit: usize, cursor: impl Fn(&T) -> String) -> Page<T> {
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(cursor);
    Page { rows, next }
}

/// The refusal of a cursor that no page ended with.
pub fn invalid_cursor() -> Error {
    Error::invalid("This page's mark could not be read. Start from the first one.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_matches_by_any_of_its_parts_regardless_of_case_and_diacritics() {
        let filter = NameFilter::new("  OKA ");
        assert!(filter.matches(&["Tom", "Okafor"]));
        assert!(!filter.matches(&["Ana", "Ruiz"]));
        for query in ["ÅNG", "ang", "A\u{30a}ng"] {
            assert!(NameFilter::new(query).matches(&["Lena Ångström"]), "{query}");
        }
    }

    #[test]
    fn words_may_stand_in_any_order_and_all_have_to_be_there() {
        assert!(NameFilter::new("okafor  tom").matches(&["tom-2", "Tom Okafor"]));
        assert!(!NameFilter::new("okafor tim").matches(&["tom-2", "Tom Okafor"]));
        assert_eq!(NameFilter::new("Oka Tom").beginning(), ["%\noka%", "%\ntom%"]);
        assert_eq!(NameFilter::new(&"a ".repeat(50)).containing().len(), WORDS_MAX);
    }

    #[test]
    fn an_empty_query_matches_everything() {
        let filter = NameFilter::new(" ");
        assert!(filter.is_empty() && filter.matches(&["Ana"]) && filter.containing().is_empty());
    }

    #[test]
    fn what_means_something_in_a_pattern_is_compared_as_it_is() {
        let filter = NameFilter::new("50%_\\É");
        assert_eq!(filter.containing(), ["%50\\%\\_\\\\e%"]);
        assert_eq!(filter.beginning(), ["%\n50\\%\\_\\\\e%"]);
    }

    #[test]
    fn a_control_character_matches_nothing_and_does_not_reach_the_database() {
        let filter = NameFilter::new("ana\0\nruiz");
        assert!(!filter.matches(&["ana", "ruiz", "ana\0\nruiz"]));
        assert!(!filter.containing().iter().any(|pattern| pattern.contains(char::is_control)));
    }
}
