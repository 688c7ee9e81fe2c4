//! How rows stand to each other: which open a day, which go on where the same author left off, and which notices are
//! folded. Each follows from the row before it (of a run of notices: from the run), so that rows keep their places
//! whatever else is in the page.

use crate::client::{Preceding, Row, RowKey, TimelineRow, Zone};
use crate::model::{Millis, Notice, SortedMap, UserId};
use leptos::prelude::WithUntracked;

/// A message stands together with the one before it, of the same author, if it came within this many milliseconds of it.
const TOGETHER: i64 = 5 * 60_000;
/// Those who write without a pause are named again each quarter of an hour, so that a name is never far out of sight
/// (milliseconds).
const NAMED_AGAIN: i64 = 15 * 60_000;
/// A run of fewer notices than this is not folded.
const RUN: usize = 3;

/// A row's place among its neighbours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The day that begins with this row.
    pub opens: Option<i64>,
    /// It goes on where its author left off: no name, no picture.
    pub next: bool,
    /// It is the first of a run of notices: whom the others are about, one entry each.
    pub more: Vec<UserId>,
    /// It follows in a run of notices, whose first this is.
    pub under: Option<RowKey>,
}

/// What a row's place depends on.
#[derive(Clone, Copy, Debug)]
struct Entry {
    author: UserId,
    at: Millis,
    /// Whom it is about, if it is a notice.
    notice: Option<UserId>,
}

/// The place of every row.
pub fn places(preceding: Option<Preceding>, rows: &[TimelineRow], zone: Zone) -> SortedMap<RowKey, Place> {
    let about = |entry: &TimelineRow| entry.row.with_untracked(|row| about(entry.key.0, row));
    let entries: Vec<_> =
        rows.iter().map(|entry| Entry { author: entry.key.0, at: entry.at, notice: about(entry) }).collect();
    let mut places = follow(preceding, &entries, zone);
    fold(&mut places, &entries, |at| rows[at].key);
    rows.iter().map(|entry| entry.key).zip(places).collect()
}

/// Whom a notice is about.
fn about(author: UserId, row: &Row) -> Option<UserId> {
    row.notice().map(|notice| match notice {
        Notice::Added { user } | Notice::Removed { user } | Notice::OwnerChanged { user } => user,
        _ => author,
    })
}

/// The place of each row, by the one before it.
fn follow(preceding: Option<Preceding>, entries: &[Entry], zone: Zone) -> Vec<Place> {
    let mut before = preceding;
    let place = |entry: &Entry| {
        let day = zone.day(entry.at);
        let opens = before.is_none_or(|before| zone.day(before.at) != day).then_some(day);
        // A clock that went back does not tear messages apart.
        let joins = |before: Preceding| {
            let quarter = |at: Millis| at.0.div_euclid(NAMED_AGAIN);
            let is_soon = entry.at.0 - before.at.0 <= TOGETHER && quarter(entry.at) <= quarter(before.at);
            before.author == entry.author && is_soon && !before.is_notice && entry.notice.is_none()
        };
        let next = opens.is_none() && before.is_some_and(joins);
        before = Some(Preceding { author: entry.author, at: entry.at, is_notice: entry.notice.is_some() });
        Place { opens, next, ..Place::default() }
    };
    entries.iter().map(place).collect()
}

/// Finds the runs of notices within a day.
fn fold(places: &mut [Place], entries: &[Entry], key: impl Fn(usize) -> RowKey) {
    let mut first = 0;
    while first < places.len() {
        let goes_on = |at: &usize| entries[*at].notice.is_some() && (*at == first || places[*at].opens.is_none());
        let many = (first..places.len()).take_while(goes_on).count();
        if many >= RUN {
            let others = first + 1..first + many;
            places[first].more = entries[others.clone()].iter().filter_map(|entry| entry.notice).collect();
            places[others].iter_mut().for_each(|place| place.under = Some(key(first)));
        }
        first += many.max(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANA: UserId = UserId(1);
    const TOM: UserId = UserId(2);
    const NOON: i64 = 12 * 3_600_000;
    const MIDNIGHT: i64 = 24 * 3_600_000;

    fn said(rows: &[(UserId, i64)]) -> Vec<Entry> {
        rows.iter().map(|(author, at)| Entry { author: *author, at: Millis(*at), notice: None }).collect()
    }

    fn places_of(rows: &[(UserId, i64)]) -> Vec<Place> {
        follow(None, &said(rows), Zone::Utc)
    }

    fn next(rows: &[(UserId, i64)]) -> Vec<bool> {
        places_of(rows).iter().map(|place| place.next).collect()
    }

    #[test]
    fn messages_of_one_author_within_five_minutes_stand_together() {
        let rows =
            [(ANA, NOON), (ANA, NOON + TOGETHER), (ANA, NOON + 2 * TOGETHER + 1), (TOM, NOON + 2 * TOGETHER + 2)];
        assert_eq!(next(&rows), [false, true, false, false]);
        assert_eq!(next(&[(ANA, NOON), (ANA, NOON - 1)]), [false, true]);
    }

    #[test]
    fn who_writes_without_a_pause_is_named_again_each_quarter_of_an_hour() {
        let minute = |n: i64| (ANA, NOON + n * 60_000);
        let rows: Vec<_> = (0..31).map(minute).collect();
        let named: Vec<_> = (0..31).filter(|at| !next(&rows)[*at]).collect();
        assert_eq!(named, [0, 15, 30]);
    }

    #[test]
    fn a_row_has_the_same_place_whatever_rows_are_before_it() {
        let minute = |n: i64| (if n % 7 == 0 { TOM } else { ANA }, NOON + n * 50_000);
        let rows: Vec<_> = (0..60).map(minute).collect();
        let all = places_of(&rows);
        for start in 1..60 {
            let (author, at) = rows[start - 1];
            let preceding = Preceding { author, at: Millis(at), is_notice: false };
            assert_eq!(follow(Some(preceding), &said(&rows[start..]), Zone::Utc), all[start..], "from {start}");
        }
    }

    #[test]
    fn a_day_opens_with_its_first_message_and_never_continues_a_group() {
        let places = places_of(&[(ANA, NOON), (ANA, MIDNIGHT - 1), (ANA, MIDNIGHT), (TOM, MIDNIGHT + 1)]);
        let opens: Vec<_> = places.iter().map(|place| place.opens).collect();
        assert_eq!(opens, [Some(0), None, Some(1), None]);
        assert!(!places[2].next);
    }

    #[test]
    fn notices_in_a_run_stand_under_the_first_until_something_is_said_or_a_day_begins() {
        let key = |n: usize| (ANA, crate::model::MessageId::new(Millis(n as i64), [0; 10]));
        let mut entries = said(&[(ANA, NOON); 7]);
        for at in [0, 1, 2, 4, 5, 6] {
            entries[at].notice = Some(if at == 2 { TOM } else { ANA });
        }
        entries[5].at = Millis(MIDNIGHT);
        entries[6].at = Millis(MIDNIGHT);
        let mut places = follow(None, &entries, Zone::Utc);
        fold(&mut places, &entries, key);
        let more: Vec<_> = places.iter().map(|place| place.more.clone()).collect();
        let under: Vec<Option<RowKey>> = places.iter().map(|place| place.under).collect();
        // Two alone are no run.
        assert_eq!(more[0], [ANA, TOM]);
        assert!(more[1..].iter().all(Vec::is_empty));
        assert!(places.iter().all(|place| !place.next), "each stands after a notice, or is one");
        assert_eq!(under, [None, Some(key(0)), Some(key(0)), None, None, None, None]);
    }
}
