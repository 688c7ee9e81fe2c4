//! Times as people read them.
//!
//! The server does not know where the reader is, so pages are rendered in UTC and say so; once the page is is_live, it
//! tells them in the reader's own zone and manner.

use super::platform::clock;
use crate::model::Millis;

const DAY: i64 = 86_400_000;
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// In which zone times are told.
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
        let (year, month, date) = civil(day);
        let weekday = WEEKDAYS[(day + 3).rem_euclid(7) as usize];
        let month = MONTHS[month as usize - 1];
        match self {
            Zone::Local { today } if day == today => "Today".into(),
            Zone::Local { today } if day == today - 1 => "Yesterday".into(),
            Zone::Local { today } if civil(today).0 == year => format!("{weekday} {date} {month}"),
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

    /// The exact moment, for those who want to know.
    pub fn exact_text(self, at: Millis) -> String {
        match self {
            Zone::Utc => {
                let seconds = at.0.rem_euclid(DAY) / 1000;
                let (year, month, date) = civil(day_at(at, 0));
                let month = MONTHS[month as usize - 1];
                let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
                format!("{date} {month} {year}, {hour:02}:{minute:02}:{second:02} UTC")
            }
            Zone::Local { .. } => clock::exact_text(at),
        }
    }
}

/// A moment as `<time datetime>` wants it (RFC 3339, UTC).
pub fn machine_text(at: Millis) -> String {
    let (year, month, date) = civil(day_at(at, 0));
    let millis = at.0.rem_euclid(DAY);
    let (hour, minute, second) = (millis / 3_600_000, millis / 60_000 % 60, millis / 1000 % 60);
    format!("{year:04}-{month:02}-{date:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", millis % 1000)
}

fn day_at(at: Millis, offset_minutes: i64) -> i64 {
    at.0.saturating_add(offset_minutes * 60_000).div_euclid(DAY)
}

/// Year, month (from 1) and day of the month (from 1) in the Gregorian calendar.
///
/// Counts from 1 March of the year 0, so that the leap day ends a year, and so a four-year, a hundred-year and a
/// four-hundred-year cycle; the last of them has 146,097 days.
fn civil(day: i64) -> (i64, i64, i64) {
    let from_march = day + 719_468;
    let cycle = from_march.div_euclid(146_097);
    let in_cycle = from_march.rem_euclid(146_097);
    let years = (in_cycle - in_cycle / 1_460 + in_cycle / 36_524 - in_cycle / 146_096) / 365;
    let in_year = in_cycle - (365 * years + years / 4 - years / 100);
    let month = (5 * in_year + 2) / 153;
    let date = in_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (years + 400 * cycle + i64::from(month <= 2), month, date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_their_dates_across_leap_years_and_centuries() {
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(civil(-1), (1969, 12, 31));
        assert_eq!(civil(11_016), (2000, 2, 29));
        assert_eq!(civil(11_017), (2000, 3, 1));
        assert_eq!(civil(47_541), (2100, 3, 1));
        assert_eq!(civil(20_778), (2026, 11, 21));
    }

    #[test]
    fn the_server_tells_times_in_utc_and_in_full() {
        let at = Millis(20_778 * DAY + 4 * 3_600_000 + 7 * 60_000 + 9_042);
        assert_eq!(Zone::Utc.time_text(at), "04:07");
        assert_eq!(Zone::Utc.exact_text(at), "21 November 2026, 04:07:09 UTC");
        assert_eq!(Zone::Utc.day_text(Zone::Utc.day(at)), "Saturday 21 November 2026");
        assert_eq!(machine_text(at), "2026-11-21T04:07:09.042Z");
        assert_eq!(machine_text(Millis(-1)), "1969-12-31T23:59:59.999Z");
    }

    #[test]
    fn near_days_are_named_and_far_ones_carry_their_year() {
        let zone = Zone::Local { today: 20_778 };
        assert_eq!(zone.day_text(20_778), "Today");
        assert_eq!(zone.day_text(20_777), "Yesterday");
        assert_eq!(zone.day_text(20_776), "Thursday 19 November");
        assert_eq!(zone.day_text(20_778 - 365), "Friday 21 November 2025");
    }
}
