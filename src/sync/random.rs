//! A seeded random number generator for identifiers and jitter: the same seed gives the same numbers.

/// The generator xoroshiro128++ by David Blackman and Sebastiano Vigna (<https://prng.di.unimi.it>): small, fast, and
/// good enough for what must be spread rather than secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Random {
    a: u64,
    b: u64,
}

impl Random {
    pub(super) fn new(seed: [u8; 16]) -> Self {
        let seed = u128::from_le_bytes(seed);
        let low = mix(seed as u64);
        // Without the first half in it, two seeds with equal second halves would stay alike.
        let high = mix((seed >> 64) as u64 ^ low.rotate_left(32));
        // The all-zero state would yield only zeros.
        Random { a: low, b: high | u64::from(low == 0 && high == 0) }
    }

    fn next(&mut self) -> u64 {
        let (a, mut b) = (self.a, self.b);
        let number = a.wrapping_add(b).rotate_left(17).wrapping_add(a);
        b ^= a;
        self.a = a.rotate_left(49) ^ b ^ (b << 21);
        self.b = b.rotate_left(28);
        number
    }

    /// Ten bytes: the random part of a message identifier.
    pub(super) fn bytes(&mut self) -> [u8; 10] {
        let numbers = [self.next().to_le_bytes(), self.next().to_le_bytes()];
        std::array::from_fn(|i| numbers[i / 8][i % 8])
    }

    /// Any number.
    pub(super) fn number(&mut self) -> u32 {
        (self.next() >> 32) as u32
    }

    /// A number from 0 up to and including `most`. (The bias of the remainder is far below what jitter needs.)
    pub(super) fn up_to(&mut self, most: u64) -> u64 {
        self.next() % most.saturating_add(1).max(1)
    }
}

/// The finaliser of SplitMix64 (the same authors): neighbouring seeds give unrelated states.
fn mix(number: u64) -> u64 {
    let z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_same_seed_gives_the_same_numbers_and_another_seed_others() {
        let numbers = |seed| {
            let mut random = Random::new(seed);
            (0..8).map(|_| random.next()).collect::<Vec<_>>()
        };
        assert_eq!(numbers([7; 16]), numbers([7; 16]));
        let seeds = (0..=255).map(|seed| numbers([seed; 16])).collect::<BTreeSet<_>>();
        assert_eq!(seeds.len(), 256);
        assert_eq!(seeds.iter().flatten().collect::<BTreeSet<_>>().len(), 256 * 8);
    }

    #[test]
    fn a_bounded_number_reaches_both_ends_and_stays_within() {
        let mut random = Random::new([0; 16]);
        let numbers = (0..200).map(|_| random.up_to(3)).collect::<BTreeSet<_>>();
        assert_eq!(numbers.into_iter().collect::<Vec<_>>(), [0, 1, 2, 3]);
        assert_eq!(random.up_to(0), 0);
        random.up_to(u64::MAX);
    }
}
