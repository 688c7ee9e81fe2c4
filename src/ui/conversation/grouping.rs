//! How rows stand to each other: which open a day, and which go on where the same author left off.

use crate::client::{RowKey, TimelineRow, Zone};
use crate::model::{Millis, SortedMap, UserId};
use leptos::prelude::WithUntracked;

/// Messages of one author within this many milliseconds of the first stand together, so that a name never scrolls far
/// out of sight.
const TOGETHER: i64 = 5 * 60_000;

/// A row's place among its neighbours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The day that begins with this row.
    pub opens: Option<i64>,
    /// It goes on where its author left off: no name, no picture.
    pub next: bool,
    /// It is the first of a run of notices; so many more follow.
    pub more: usize,
    /// It follows in a run of notices, whose first this is.
    pub under: Option<RowKey>,
}

/// The place of every row.
pub fn places(entries: &[TimelineRow], zone: Zone) -> SortedMap<RowKey, Place> {
    let rows = entries.iter().map(|entry| (entry.key.0, entry.at));
    let mut places: Vec<(RowKey, Place)> = entries.iter().map(|entry| entry.key).zip(follow(rows, zone)).collect();
    let notices = entries.iter().map(|entry| entry.row.with_untracked(|row| row.notice().is_some()));
    fold(&mut places, notices);
    places.into_iter().collect()
}

/// A run of fewer notices than this stands as it is.
const RUN: usize = 3;

/// Finds the runs of notices within a day.
fn fold(places: &mut [(RowKey, Place)], notices: impl Iterator<Item = bool>) {
    let notices: Vec<bool> = notices.collect();
    // What is said after a notice bears its author's name.
    for at in 0..places.len() {
        places[at].1.next &= !notices[at] && (at == 0 || !notices[at - 1]);
    }
    let mut first = 0;
    while first < places.len() {
        let goes_on = |at: &usize| notices[*at] && (*at == first || places[*at].1.opens.is_none());
        let many = (first..places.len()).take_while(goes_on).count();
        if many >= RUN {
            let key = places[first].0;
            places[first].1.more = many - 1;
            places[first + 1..first + many].iter_mut().for_each(|(_, place)| place.under = Some(key));
        }
        first += many.max(1);
    }
}

/// The place of each row, by its author and time.
fn follow(rows: impl Iterator<Item = (UserId, Millis)>, zone: Zone) -> impl Iterator<Item = Place> {
    let mut group: Option<(UserId, Millis)> = None;
    rows.map(move |(author, at)| {
        let day = zone.day(at);
        let opens = group.is_none_or(|(_, first)| zone.day(first) != day).then_some(day);
        // A clock that went back does not tear a group apart.
        let joins = |(leader, first): (UserId, Millis)| leader == author && at.0 - first.0 <= TOGETHER;
        let next = opens.is_none() && group.is_some_and(joins);
        if !next {
            group = Some((author, at));
        }
        Place { opens, next, ..Place::default() }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANA: UserId = UserId(1);
    const TOM: UserId = UserId(2);
    const NOON: i64 = 12 * 3_600_000;
    const MIDNIGHT: i64 = 24 * 3_600_000;

    fn follow_all(rows: &[(UserId, i64)]) -> Vec<Place> {
        follow(rows.iter().map(|(author, at)| (*author, Millis(*at))), Zone::Utc).collect()
    }

    fn next(rows: &[(UserId, i64)]) -> Vec<bool> {
        follow_all(rows).iter().map(|place| place.next).collect()
    }

    #[test]
    fn messages_of_one_author_within_five_minutes_stand_together() {
        let rows = [(ANA, NOON), (ANA, NOON + TOGETHER), (ANA, NOON + TOGETHER + 1), (TOM, NOON + TOGETHER + 2)];
        assert_eq!(next(&rows), [false, true, false, false]);
        assert_eq!(next(&[(ANA, NOON), (ANA, NOON - 1)]), [false, true]);
    }

    #[test]
    fn who_writes_without_a_pause_is_named_again_after_five_minutes() {
        let minute = |n: i64| (ANA, NOON + n * 60_000);
        let rows: Vec<_> = (0..12).map(minute).collect();
        let named = next(&rows).iter().filter(|next| !**next).count();
        assert_eq!(named, 2);
    }

    #[test]
    fn a_day_opens_with_its_first_message_and_never_continues_a_group() {
        let places = follow_all(&[(ANA, NOON), (ANA, MIDNIGHT - 1), (ANA, MIDNIGHT), (TOM, MIDNIGHT + 1)]);
        let opens: Vec<_> = places.iter().map(|place| place.opens).collect();
        assert_eq!(opens, [Some(0), None, Some(1), None]);
        assert!(!places[2].next);
    }

    #[test]
    fn notices_in_a_run_stand_under_the_first_until_something_is_said_or_a_day_begins() {
        let key = |n: u64| (ANA, crate::model::MessageId::new(Millis(n as i64), [0; 10]));
        let mut places: Vec<(RowKey, Place)> =
            (0..7).map(|n| (key(n), Place { next: true, ..Place::default() })).collect();
        places[5].1.opens = Some(3);
        fold(&mut places, [true, true, true, false, true, true, true].into_iter());
        let more: Vec<usize> = places.iter().map(|(_, place)| place.more).collect();
        let under: Vec<Option<RowKey>> = places.iter().map(|(_, place)| place.under).collect();
        // Two alone are no run.
        assert_eq!(more, [2, 0, 0, 0, 0, 0, 0]);
        assert!(places.iter().all(|(_, place)| !place.next), "each stands after a notice, or is one");
        assert_eq!(under, [None, Some(key(0)), Some(key(0)), None, None, None, None]);
    }
}
