//! The rate limit of requests: a token bucket.

/// Requests that may come at once.
const BURST: f64 = 300.0;
/// Requests a second, on average.
const RATE: f64 = 100.0;
/// Bytes that count as another request: a hundred of the longest messages a second would drown a slow reader.
const BYTES: usize = 4_096;
/// Tokens that must have been saved up to count as a pause: timers are coarse, so that the bucket of a steady flood
/// is now and then not quite empty.
const PAUSE: f64 = 50.0;
/// A client that has been held back without a pause for this long (milliseconds) is a flood.
const PATIENCE: u64 = 20_000;

/// A token bucket over a clock of milliseconds.
#[derive(Debug)]
pub struct RateLimiter {
    tokens: f64,
    at: u64,
    /// Since when there has been no pause.
    held_since: Option<u64>,
}

impl Default for RateLimiter {
    fn default() -> Self {
        RateLimiter { tokens: BURST, at: 0, held_since: None }
    }
}

/// What to do with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Take,
    /// Take it after this many milliseconds; the sender is held back meanwhile, and nothing is lost.
    Wait(u64),
    Flood,
}

impl RateLimiter {
    /// Decides about a request of so many bytes that comes at `now`, in milliseconds of a monotonic clock.
    pub fn request(&mut self, now: u64, bytes: usize) -> Verdict {
        let passed = now.saturating_sub(self.at) as f64 / 1000.0;
        self.at = self.at.max(now);
        self.tokens = (self.tokens + passed * RATE).min(BURST) - (1 + bytes / BYTES) as f64;
        if self.tokens >= PAUSE {
            self.held_since = None;
        }
        if self.tokens >= 0.0 {
            return Verdict::Take;
        }
        let since = *self.held_since.get_or_insert(now);
        if now.saturating_sub(since) > PATIENCE {
            return Verdict::Flood;
        }
        Verdict::Wait((-self.tokens / RATE * 1000.0).ceil() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_then_the_rate_holds() {
        let mut limiter = RateLimiter::default();
        assert!((0..300).all(|_| limiter.request(0, 0) == Verdict::Take));
        assert_eq!(limiter.request(0, 0), Verdict::Wait(10));
        assert_eq!(limiter.request(0, 0), Verdict::Wait(20));
        assert_eq!(limiter.request(1_000, 0), Verdict::Take);
    }

    #[test]
    fn an_outbox_of_five_hundred_is_no_flood() {
        let (mut limiter, mut now) = (RateLimiter::default(), 0);
        for _ in 0..500 {
            match limiter.request(now, 8_000) {
                Verdict::Take => {}
                Verdict::Wait(ms) => now += ms,
                Verdict::Flood => panic!("taken for a flood at {now} ms"),
            }
        }
    }

    #[test]
    fn a_client_that_never_pauses_is_a_flood_after_twenty_seconds() {
        let (mut limiter, mut now) = (RateLimiter::default(), 0);
        let flood = (0..100_000).any(|_| match limiter.request(now, 0) {
            Verdict::Take => false,
            // A timer that comes late, as they do.
            Verdict::Wait(ms) => {
                now += ms + 1;
                false
            }
            Verdict::Flood => true,
        });
        assert!(flood);
        assert!((20_000..21_000).contains(&now), "{now}");
    }
}
