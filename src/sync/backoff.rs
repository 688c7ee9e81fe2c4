//! How long to wait before the connection is tried again (milliseconds throughout).

use super::random::Random;
use crate::wire::close;

/// The first wait is up to this; every further one up to twice the last.
const FIRST: u64 = 500;
/// The longest wait, and the pace while the device says that there is no network.
pub(super) const MOST: u64 = 30_000;
/// After an orderly restart everyone comes back, spread over this.
const RESTART_SPREAD: u64 = 2_000;
/// After having been too slow for its frames.
const LAGGED_SPREAD: u64 = 500;
/// After having been too much for the server, at least this.
const PENALTY: u64 = 5_000;
/// The server, or something between, goes away (RFC 6455, section 7.4.1).
const GOING_AWAY: u16 = 1001;

/// Failures in a row, and the waits that they earn: full jitter, uniform from nothing up to a bound that doubles, so
/// that those who were cut together come back apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// A connection has proven itself.
    pub(super) fn reset(&mut self) {
        self.failures = 0;
    }

    /// One more failure, with the code that the server closed with, if any: how long to wait now.
    pub(super) fn wait(&mut self, code: Option<u16>, random: &mut Random) -> u64 {
        let first = self.failures == 0;
        let bound = FIRST.saturating_mul(1 << self.failures.min(16)).min(MOST);
        self.failures = self.failures.saturating_add(1);
        match code {
            Some(close::FLOOD | close::CROWDED) => PENALTY + random.up_to(bound),
            Some(close::LAGGED) if first => random.up_to(LAGGED_SPREAD),
            Some(close::RESTART | GOING_AWAY) if first => random.up_to(RESTART_SPREAD),
            _ => random.up_to(bound),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The longest of many waits after `failures` failures, and whether any is below half of it.
    fn longest(failures: u32, code: Option<u16>) -> (u64, u64) {
        let mut random = Random::new([3; 16]);
        let waits = (0..2_000).map(|_| Backoff { failures }.wait(code, &mut random)).collect::<Vec<_>>();
        (waits.iter().copied().min().unwrap_or(0), waits.into_iter().max().unwrap_or(0))
    }

    #[test]
    fn waits_are_uniform_up_to_a_bound_that_doubles_to_thirty_seconds() {
        for (failures, bound) in [(0, 500), (1, 1_000), (2, 2_000), (5, 16_000), (6, 30_000), (40, 30_000)] {
            let (least, most) = longest(failures, None);
            assert!(most <= bound && most > bound * 9 / 10, "{failures}: {most}");
            assert!(least < bound / 10, "{failures}: {least}");
        }
    }

    #[test]
    fn a_restart_or_a_lag_has_its_own_first_wait_and_then_backs_off_like_any() {
        for (code, bound) in [(close::RESTART, 2_000), (GOING_AWAY, 2_000), (close::LAGGED, 500)] {
            let (_, most) = longest(0, Some(code));
            assert!(most <= bound && most > bound * 9 / 10, "{code}: {most}");
            let (_, most) = longest(4, Some(code));
            assert!(most > 6_000 && most <= 8_000, "{code}: {most}");
        }
    }

    #[test]
    fn who_was_too_much_waits_five_seconds_and_then_some() {
        for code in [close::FLOOD, close::CROWDED] {
            let (least, most) = longest(0, Some(code));
            assert!(least >= 5_000 && most > 5_400 && most <= 5_500, "{code}: {least} {most}");
        }
    }
}
