//! How long to wait before reconnecting (all times in milliseconds).

use super::random::Random;
use crate::wire::close;

/// The first wait is up to this; every further one up to twice the last.
const FIRST: u64 = 500;
/// The longest wait, and the interval of attempts while the device reports no network.
pub(super) const MOST: u64 = 30_000;
/// After an orderly restart, clients reconnect spread over this time.
const RESTART_SPREAD: u64 = 2_000;
/// After the server closed the connection because this client read too slowly.
const LAGGED_SPREAD: u64 = 500;
/// The least wait after a close for flooding or too many connections.
const PENALTY: u64 = 5_000;
/// The server or a proxy is going away (RFC 6455, section 7.4.1).
const GOING_AWAY: u16 = 1001;

/// Exponential back-off with full jitter: uniform between zero and a bound that doubles with each failure in a row, so
/// that clients that were disconnected together do not reconnect together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// A connection has been stable.
    pub(super) fn reset(&mut self) {
        self.failures = 0;
    }

    /// Counts a failure, with the server's close code if any. Returns how long to wait.
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

    /// The shortest and the longest of many waits after `failures` failures.
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
    fn a_close_for_flooding_or_crowding_waits_at_least_five_seconds() {
        for code in [close::FLOOD, close::CROWDED] {
            let (least, most) = longest(0, Some(code));
            assert!(least >= 5_000 && most > 5_400 && most <= 5_500, "{code}: {least} {most}");
        }
    }
}
