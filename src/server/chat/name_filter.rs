//! Finding people and rooms by parts of their names, a page at a time.

use crate::model::{Error, Page};

/// Characters of a query that are compared; the rest is ignored.
const QUERY_MAX: usize = 100;
/// Rows read from the database at a time while filtering.
const FILTER_BATCH: usize = 500;

/// A case-insensitive filter. It compares here and not in the database, since SQLite and PostgreSQL fold case
/// differently.
#[derive(Clone, Debug)]
pub struct NameFilter(String);

impl NameFilter {
    pub fn new(query: &str) -> Self {
        NameFilter(query.trim().chars().take(QUERY_MAX).flat_map(char::to_lowercase).collect())
    }

    /// Whether the query is empty, so that everything matches.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether one of the names contains the query. An empty query matches everything.
    pub fn matches<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> bool {
        self.0.is_empty() || names.into_iter().any(|name| name.to_lowercase().contains(&self.0))
    }

    /// How many rows to read at a time to find `wanted` of them, and one more that shows whether there is a next page.
    pub fn batch_size(&self, wanted: usize) -> usize {
        if self.0.is_empty() { wanted + 1 } else { FILTER_BATCH }
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
    fn a_name_matches_by_any_of_its_parts_regardless_of_case() {
        let filter = NameFilter::new("  OKA ");
        assert!(filter.matches(["Tom", "Okafor"]));
        assert!(!filter.matches(["Ana", "Ruiz"]));
        assert!(NameFilter::new("ÅNG").matches(["Lena Ångström"]));
    }

    #[test]
    fn an_empty_query_matches_everything() {
        let filter = NameFilter::new(" ");
        assert!(filter.is_empty() && filter.matches(["Ana"]));
    }
}
