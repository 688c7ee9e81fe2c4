//! A list that the server searches and hands out a page at a time.

use super::search::Query;
use super::{Chat, LatestRequest, effect};
use crate::model::{Error, Page};
use crate::sync::ConnectionState;
use leptos::prelude::*;
use std::future::Future;
use std::pin::Pin;

/// A page that is on its way.
pub type Fetched<T> = Pin<Box<dyn Future<Output = Result<Page<T>, Error>>>>;

/// The list, what is searched in it, and what became of the last request.
pub struct PagedSearch<T: Send + Sync + 'static> {
    /// Asks for the rows that match a text, after a cursor.
    fetch: fn(String, Option<String>) -> Fetched<T>,
    /// The rows that are held; `None` until the first answer.
    pub rows: RwSignal<Option<Vec<T>>>,
    next: RwSignal<Option<String>>,
    pub text: RwSignal<String>,
    /// Whether the field that searches it has the focus from the start.
    pub takes_focus: StoredValue<bool>,
    /// Why the last request failed.
    pub problem: RwSignal<Option<Error>>,
    request: LatestRequest,
    more: LatestRequest,
}

// Derived, they would ask the same of the rows.
impl<T: Send + Sync + 'static> Clone for PagedSearch<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for PagedSearch<T> {}

impl<T: Clone + Send + Sync + 'static> PagedSearch<T> {
    /// Asks for the first page, and again when the connection is back after a failure.
    pub fn new(text: String, fetch: fn(String, Option<String>) -> Fetched<T>) -> Self {
        let list = PagedSearch {
            fetch,
            rows: RwSignal::new(None),
            next: RwSignal::new(None),
            text: RwSignal::new(text),
            takes_focus: StoredValue::new(false),
            problem: RwSignal::new(None),
            request: LatestRequest::new(),
            more: LatestRequest::new(),
        };
        effect(move || list.load());
        let link = Chat::get().connection_state();
        effect(move || {
            let connected = link.with(|link| matches!(link, ConnectionState::Connected { .. }));
            if connected && list.problem.with_untracked(Option::is_some) {
                list.load();
            }
        });
        list
    }

    /// Asks for the rows that match the text.
    pub fn load(self) {
        self.more.cancel();
        self.request.ask((self.fetch)(self.text.get_untracked(), None), move |answer| self.take(answer));
    }

    /// Searches for another text, after a pause in typing.
    pub fn set_text(self, text: String) {
        self.more.cancel();
        self.text.set(text.clone());
        self.request.ask_after_pause(move || (self.fetch)(text, None), move |answer| self.take(answer));
    }

    fn take(self, answer: Result<Page<T>, Error>) {
        self.problem.try_set(answer.as_ref().err().cloned());
        if let Ok(page) = answer {
            self.rows.try_set(Some(page.rows));
            self.next.try_set(page.next);
        }
    }

    /// The held rows of which `names` match what is searched for, while the server is still searching.
    pub fn matching(self, names: fn(&T) -> Vec<String>) -> Option<Vec<T>> {
        let query = self.text.with(|text| Query::new(text));
        let rows = self.rows.get()?;
        if !self.is_pending() || query.is_empty() {
            return Some(rows);
        }
        let matches = |row: &T| names(row).iter().any(|name| query.matches_text(name));
        Some(rows.into_iter().filter(matches).collect())
    }

    pub fn is_pending(self) -> bool {
        self.request.is_pending()
    }

    pub fn has_more(self) -> bool {
        self.next.with(Option::is_some)
    }

    pub fn is_loading_more(self) -> bool {
        self.more.is_pending()
    }

    /// Asks for the next page.
    pub fn load_more(self) {
        let next = self.next.get_untracked();
        if next.is_none() || untrack(|| self.more.is_pending() || self.request.is_pending()) {
            return;
        }
        self.more.ask((self.fetch)(self.text.get_untracked(), next), move |answer| {
            self.problem.try_set(answer.as_ref().err().cloned());
            if let Ok(page) = answer {
                self.rows.try_update(|rows| rows.get_or_insert_default().extend(page.rows));
                self.next.try_set(page.next);
            }
        });
    }
}
