//! Finding people and rooms by parts of their names, a page at a time.

use crate::model::{Error, Page, fold};

/// Characters of a query that are compared; the rest is ignored.
const QUERY_MAX: usize = 100;

/// A filter regardless of case and diacritics. The database compares the names' keys, which are folded as this is.
#[derive(Clone, Debug)]
pub struct NameFilter(String);

impl NameFilter {
    pub fn new(query: &str) -> Self {
        // No name has a control character, and PostgreSQL refuses one of them: they become a character that matches none.
        let printable = |c: char| if c.is_control() { '\u{fffe}' } else { c };
        let query: String = query.trim().chars().take(QUERY_MAX).map(printable).collect();
        NameFilter(fold::folded(&query))
    }

    /// Whether the query is empty, so that everything matches.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether one of the names contains the query. An empty query matches everything.
    pub fn matches<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> bool {
        self.0.is_empty() || names.into_iter().any(|name| fold::folded(name).contains(&self.0))
    }

    /// The pattern (of SQL's `like`) of search keys in which a name contains the query; `None` if everything matches.
    pub fn containing(&self) -> Option<String> {
        (!self.is_empty()).then(|| format!("%{}%", self.literal()))
    }

    /// The same for keys in which a name begins with the query.
    pub fn beginning(&self) -> Option<String> {
        (!self.is_empty()).then(|| format!("%\n{}%", self.literal()))
    }

    /// The query with what means something in a pattern escaped by `\`.
    fn literal(&self) -> String {
        let escaped = |c: char| matches!(c, '%' | '_' | '\\').then_some('\\').into_iter().chain([c]);
        self.0.chars().flat_map(escaped).collect()
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
        assert!(filter.matches(["Tom", "Okafor"]));
        assert!(!filter.matches(["Ana", "Ruiz"]));
        for query in ["ÅNG", "ang", "A\u{30a}ng"] {
            assert!(NameFilter::new(query).matches(["Lena Ångström"]), "{query}");
        }
    }

    #[test]
    fn an_empty_query_matches_everything() {
        let filter = NameFilter::new(" ");
        assert!(filter.is_empty() && filter.matches(["Ana"]) && filter.containing().is_none());
    }

    #[test]
    fn what_means_something_in_a_pattern_is_compared_as_it_is() {
        let filter = NameFilter::new("50%_\\É");
        assert_eq!(filter.containing().as_deref(), Some("%50\\%\\_\\\\e%"));
        assert_eq!(filter.beginning().as_deref(), Some("%\n50\\%\\_\\\\e%"));
    }

    #[test]
    fn a_control_character_matches_nothing_and_does_not_reach_the_database() {
        let filter = NameFilter::new("ana\0\nruiz");
        assert!(!filter.matches(["ana", "ruiz", "ana\0\nruiz"]));
        assert!(!filter.containing().unwrap().contains(char::is_control));
    }
}
