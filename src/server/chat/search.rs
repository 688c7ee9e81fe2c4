//! Viewing for people and rooms by parts of their names.

use crate::model::{Error, Page};

/// The most characters that are looked for.
const SEARCH_MAX: usize = 100;
/// Rows that are read at a time while one looks for some of them.
const READ_AT_ONCE: usize = 500;

/// What is looked for. Compared here and not in the database, since databases' ideas of small letters differ.
#[derive(Clone, Debug)]
pub struct Search(String);

impl Search {
    pub fn new(text: &str) -> Self {
        Search(text.trim().chars().take(SEARCH_MAX).flat_map(char::to_lowercase).collect())
    }

    /// Whether one of the names contains it. Nothing fits everything.
    pub fn fits<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> bool {
        self.0.is_empty() || names.into_iter().any(|name| name.to_lowercase().contains(&self.0))
    }

    /// How many rows to read at a time to find so many, and one more that tells that there are more.
    pub fn at_once(&self, wanted: usize) -> usize {
        if self.0.is_empty() { wanted + 1 } else { READ_AT_ONCE }
    }
}

/// Cuts what was found down to a page, and says how to go on.
pub fn page<T>(mut rows: Vec<T>, limit: usize, cursor: impl Fn(&T) -> String) -> Page<T> {
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(cursor);
    Page { rows, next }
}

/// The refusal of a page's mark that no page ended with.
pub fn unreadable() -> Error {
    Error::invalid("This page's mark could not be read. Start from the first one.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_fits_by_any_of_its_parts_without_regard_to_case() {
        let search = Search::new("  OKA ");
        assert!(search.fits(["Tom", "Okafor"]));
        assert!(!search.fits(["Ana", "Ruiz"]));
        assert!(Search::new(" ").fits(["Ana"]));
        assert!(Search::new("ÅNG").fits(["Lena Ångström"]));
    }
}
