//! When people write: by day rather than by night, and less at weekends.

use crate::model::Millis;

/// How far back the demo begins.
pub const DAYS: usize = 60;
const HOUR: i64 = 3_600_000;
const HOURS: usize = DAYS * 24;

/// How much is written in each hour of a working day (UTC), in proportion.
const BUSY: [u32; 24] = [2, 1, 0, 0, 0, 1, 12, 40, 70, 100, 100, 95, 70, 80, 100, 100, 95, 80, 65, 60, 45, 25, 10, 4];
/// What is left of it on a Saturday or Sunday, in percent.
const WEEKEND: u32 = 30;

/// The demo's days, by how much has been written: a part between 0 and 1 of all is a moment.
#[derive(Debug)]
pub struct Calendar {
    beginning: Millis,
    /// What has been written by the end of each hour.
    written: Vec<u32>,
}

/// When a demo begins that ends now.
pub fn beginning(now: Millis) -> Millis {
    Millis(now.0 - HOURS as i64 * HOUR)
}

impl Calendar {
    pub fn up_to(now: Millis) -> Self {
        let beginning = beginning(now);
        let mut sum = 0;
        let written = (0..HOURS as i64).map(|hour| {
            sum += busy(Millis(beginning.0 + hour * HOUR + HOUR / 2));
            sum
        });
        Calendar { beginning, written: written.collect() }
    }

    /// The moment by which this part of all has been written.
    pub fn at(&self, part: f64) -> Millis {
        let all = self.written.last().copied().unwrap_or_default();
        let wanted = part.clamp(0.0, 1.0) * f64::from(all);
        let hour = self.written.partition_point(|written| f64::from(*written) < wanted);
        let before = hour.checked_sub(1).and_then(|hour| self.written.get(hour)).copied().unwrap_or_default();
        let within = self.written.get(hour).map_or(1, |written| written - before).max(1);
        let into = (wanted - f64::from(before)) / f64::from(within);
        Millis(self.beginning.0 + hour as i64 * HOUR + (into * HOUR as f64) as i64)
    }
}

/// How much is written in the hour around this moment.
fn busy(at: Millis) -> u32 {
    let hour = at.0.div_euclid(HOUR);
    let working = BUSY[hour.rem_euclid(24) as usize];
    // The first day of 1970 was a Thursday.
    match (hour.div_euclid(24) + 3).rem_euclid(7) {
        5 | 6 => working * WEEKEND / 100,
        _ => working,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A Wednesday's noon.
    const NOW: Millis = Millis(1_795_003_200_000);

    #[test]
    fn nights_and_weekends_are_quiet() {
        let calendar = Calendar::up_to(NOW);
        let moments: Vec<Millis> = (0..10_000).map(|n| calendar.at(f64::from(n) / 10_000.0)).collect();
        let hour = |at: &Millis| at.0.div_euclid(HOUR).rem_euclid(24);
        let night = moments.iter().filter(|at| hour(at) < 6).count();
        let weekend = moments.iter().filter(|at| (at.0.div_euclid(24 * HOUR) + 3).rem_euclid(7) > 4).count();
        assert!(night < 100, "{night} of 10,000 by night");
        assert!((500..1_500).contains(&weekend), "{weekend} of 10,000 at weekends");
    }

    #[test]
    fn a_later_part_is_never_earlier_and_all_of_it_lies_within_the_sixty_days() {
        let calendar = Calendar::up_to(NOW);
        let mut last = beginning(NOW);
        for n in 0..=1_000 {
            let at = calendar.at(f64::from(n) / 1_000.0);
            assert!(last <= at && at <= NOW, "part {n}: {at} after {last}");
            last = at;
        }
        assert!(NOW.0 - last.0 < HOUR, "the last of it is no older than an hour at noon");
    }
}
