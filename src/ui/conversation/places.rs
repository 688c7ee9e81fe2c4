//! How rows stand to each other: which open a day, and which go on where the same author left off.

use crate::client::{Entry, Key, Zone};
use crate::model::{Millis, UserId};
use std::collections::HashMap;

/// Messages of one author within this many milliseconds stand together.
const TOGETHER: i64 = 5 * 60_000;

/// A row's place among its neighbours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The day that begins with this row.
    pub opens: Option<i64>,
    /// It goes on where its author left off: no name, no picture.
    pub next: bool,
}

/// The place of every row.
pub fn places(entries: &[Entry], zone: Zone) -> HashMap<Key, Place> {
    let mut before = None;
    let place = |entry: &Entry| {
        let here = (entry.key.0, entry.at);
        let place = place(before, here, zone);
        before = Some(here);
        (entry.key, place)
    };
    entries.iter().map(place).collect()
}

fn place(before: Option<(UserId, Millis)>, (author, at): (UserId, Millis), zone: Zone) -> Place {
    let day = zone.day(at);
    match before {
        None => Place {
            opens: Some(day),
            next: false,
        },
        Some((_, earlier)) if zone.day(earlier) != day => Place {
            opens: Some(day),
            next: false,
        },
        // A clock that went back does not tear a group apart.
        Some((same, earlier)) => Place {
            opens: None,
            next: same == author && at.0 - earlier.0 <= TOGETHER,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANA: UserId = UserId(1);
    const TOM: UserId = UserId(2);
    const NOON: i64 = 12 * 3_600_000;

    fn after(before: Option<(UserId, i64)>, author: UserId, at: i64) -> Place {
        place(
            before.map(|(author, at)| (author, Millis(at))),
            (author, Millis(at)),
            Zone::Utc,
        )
    }

    #[test]
    fn messages_of_one_author_within_five_minutes_stand_together() {
        assert!(after(Some((ANA, NOON)), ANA, NOON + TOGETHER).next);
        assert!(!after(Some((ANA, NOON)), ANA, NOON + TOGETHER + 1).next);
        assert!(!after(Some((ANA, NOON)), TOM, NOON + 1).next);
        assert!(after(Some((ANA, NOON)), ANA, NOON - 1).next);
    }

    #[test]
    fn a_day_opens_with_its_first_message_and_never_continues_a_group() {
        let midnight = 24 * 3_600_000;
        assert_eq!(
            after(None, ANA, NOON),
            Place {
                opens: Some(0),
                next: false
            }
        );
        assert_eq!(
            after(Some((ANA, midnight - 1)), ANA, midnight),
            Place {
                opens: Some(1),
                next: false
            }
        );
        assert_eq!(after(Some((ANA, NOON)), TOM, midnight - 1).opens, None);
    }
}
