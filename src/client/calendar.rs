//! Times as people read them.
//!
//! The server does not know where the reader is, so pages are rendered in UTC and say so; once the page is live, it shows
//! times in the reader's own zone. The names of days and months are the interface's language everywhere; how a time of day
//! is written is the reader's. The calendar itself is the platform's: `jiff` on the server, `Intl` in the browser.

use super::platform::clock;
use crate::model::Millis;

const DAY: i64 = 86_400_000;

/// A day as it is written: "Saturday", "21", "November", "2026".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DateParts {
    pub weekday: String,
    pub date: String,
    pub month: String,
    pub year: String,
}

/// In which zone times are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// As the server renders them.
    Utc,
    /// The reader's. `today` is the number of the current day, so that it has a name.
    Local { today: i64 },
}

impl Zone {
    /// The reader's zone, now.
    pub fn here() -> Self {
        let now = clock::now().wall;
        Zone::Local { today: day_at(now, clock::offset(now)) }
    }

    /// The number of the day (days since 1970-01-01) on which a moment falls.
    pub fn day(self, at: Millis) -> i64 {
        match self {
            Zone::Utc => day_at(at, 0),
            Zone::Local { .. } => day_at(at, clock::offset(at)),
        }
    }

    /// A day's name: "Today", "Yesterday", or its date.
    pub fn day_text(self, day: i64) -> String {
        let DateParts { weekday, date, month, year } = clock::date(day);
        match self {
            Zone::Local { today } if day == today => "Today".into(),
            Zone::Local { today } if day == today - 1 => "Yesterday".into(),
            Zone::Local { today } if clock::date(today).year == year => format!("{weekday} {date} {month}"),
            Zone::Utc | Zone::Local { .. } => format!("{weekday} {date} {month} {year}"),
        }
    }

    /// The time of day, to the minute.
    pub fn time_text(self, at: Millis) -> String {
        match self {
            Zone::Utc => {
                let minutes = at.0.rem_euclid(DAY) / 60_000;
                format!("{:02}:{:02}", minutes / 60, minutes % 60)
            }
            Zone::Local { .. } => clock::time_text(at),
        }
    }

    /// A moment as since when something is: the time alone if it was today.
    pub fn since_text(self, at: Millis) -> String {
        let day = self.day(at);
        let time = self.time_text(at);
        match self {
            Zone::Local { today } if day == today => time,
            Zone::Local { today } if day == today - 1 => format!("yesterday, {time}"),
            Zone::Utc | Zone::Local { .. } => format!("{}, {time}", self.day_text(day)),
        }
    }

    /// The exact moment, to the second.
    pub fn exact_text(self, at: Millis) -> String {
        let DateParts { weekday, date, month, year } = clock::date(self.day(at));
        let time = match self {
            Zone::Utc => {
                let seconds = at.0.rem_euclid(DAY) / 1000;
                format!("{:02}:{:02}:{:02} UTC", seconds / 3600, seconds / 60 % 60, seconds % 60)
            }
            Zone::Local { .. } => clock::exact_time_text(at),
        };
        format!("{weekday} {date} {month} {year}, {time}")
    }
}

fn day_at(at: Millis, offset_minutes: i64) -> i64 {
    at.0.saturating_add(offset_minutes * 60_000).div_euclid(DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_shows_full_times_in_utc() {
        let at = Millis(20_778 * DAY + 4 * 3_600_000 + 7 * 60_000 + 9_042);
        assert_eq!(Zone::Utc.time_text(at), "04:07");
        assert_eq!(Zone::Utc.exact_text(at), "Saturday 21 November 2026, 04:07:09 UTC");
        assert_eq!(Zone::Utc.day_text(Zone::Utc.day(at)), "Saturday 21 November 2026");
        assert_eq!(clock::machine_text(at), "2026-11-21T04:07:09.042Z");
        assert_eq!(clock::machine_text(Millis(-1)), "1969-12-31T23:59:59.999Z");
        assert_eq!(Zone::Utc.day_text(11_016), "Tuesday 29 February 2000");
    }

    #[test]
    fn a_time_outside_the_calendar_is_shown_empty_and_does_not_panic() {
        for at in [Millis(i64::MAX), Millis(i64::MIN)] {
            assert_eq!(clock::machine_text(at), "");
            Zone::Utc.exact_text(at);
        }
    }

    #[test]
    fn recent_days_have_names_and_those_of_other_years_their_year() {
        let zone = Zone::Local { today: 20_778 };
        assert_eq!(zone.day_text(20_778), "Today");
        assert_eq!(zone.day_text(20_777), "Yesterday");
        assert_eq!(zone.day_text(20_776), "Thursday 19 November");
        assert_eq!(zone.day_text(20_778 - 365), "Friday 21 November 2025");
    }
}
