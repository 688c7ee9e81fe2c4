//! Rate limits for signing in and registering, by account and by network.

use crate::model::{Error, key};
use crate::server::listener::network;
use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The most buckets of one kind; beyond it full ones are dropped, then the fullest.
const ENTRIES_MAX: usize = 20_000;

#[derive(Clone, Debug)]
pub struct Throttles {
    guesses: Arc<Throttle<(String, IpAddr)>>,
    accounts: Arc<Throttle<String>>,
    networks: Arc<Throttle<IpAddr>>,
    registrations: Arc<Throttle<IpAddr>>,
}

impl Default for Throttles {
    fn default() -> Self {
        Throttles {
            // Ten guesses at one account, then one every half minute; for each network separately, so that an
            // attacker's guesses do not lock the account's user out.
            guesses: Arc::new(Throttle::new(10, Duration::from_secs(30))),
            // An attacker with many networks gets a hundred guesses at one account, then one every five seconds. Only
            // this limit can make the account's user wait, for as long as the attack lasts.
            accounts: Arc::new(Throttle::new(100, Duration::from_secs(5))),
            // A whole office may share an address.
            networks: Arc::new(Throttle::new(100, Duration::from_secs(2))),
            registrations: Arc::new(Throttle::new(50, Duration::from_secs(10))),
        }
    }
}

impl Throttles {
    /// Counts an attempt to sign in.
    ///
    /// # Errors
    /// `TooMany`, with the time to wait. It is the same whether the account exists or not.
    pub fn sign_in(&self, login: &str, address: IpAddr) -> Result<(), Error> {
        let (account, network) = (account(login), network(address));
        self.networks.attempt(network)?;
        self.guesses.attempt((account.clone(), network))?;
        self.accounts.attempt(account)
    }

    /// Gives a successful attempt back: only failures count in the long run.
    pub fn signed_in(&self, login: &str, address: IpAddr) {
        let (account, network) = (account(login), network(address));
        self.networks.forgive(&network);
        self.guesses.forgive(&(account.clone(), network));
        self.accounts.forgive(&account);
    }

    /// Counts a registration, or opening an invitation's link.
    ///
    /// # Errors
    /// `TooMany`, with the time to wait.
    pub fn registration(&self, address: IpAddr) -> Result<(), Error> {
        self.registrations.attempt(network(address))
    }

    /// Gives back the opening of a link that exists: only guesses count.
    pub fn invited(&self, address: IpAddr) {
        self.registrations.forgive(&network(address));
    }
}

fn account(login: &str) -> String {
    let login: String = login.chars().take(256).collect();
    key::lookalike_key(&login)
}

/// Token buckets, one a key: `burst` attempts at once, then one every `every`.
#[derive(Debug)]
struct Throttle<K> {
    burst: u32,
    every: Duration,
    /// When each bucket will be full again.
    full_at: Mutex<HashMap<K, Instant>>,
}

impl<K: Eq + Hash + Clone> Throttle<K> {
    fn new(burst: u32, every: Duration) -> Self {
        Throttle { burst, every, full_at: Mutex::default() }
    }

    fn attempt(&self, key: K) -> Result<(), Error> {
        let now = Instant::now();
        let mut buckets = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= ENTRIES_MAX && !buckets.contains_key(&key) {
            buckets.retain(|_, full_at| *full_at > now);
            if buckets.len() >= ENTRIES_MAX
                && let Some(oldest) = buckets.iter().min_by_key(|(_, full_at)| **full_at).map(|(key, _)| key.clone())
            {
                buckets.remove(&oldest);
            }
        }
        let full_at = buckets.entry(key).or_insert(now);
        let after = (*full_at).max(now) + self.every;
        let allowed = self.every * self.burst;
        let debt = after - now;
        if debt > allowed {
            let wait = u64::try_from((debt - allowed).as_millis()).unwrap_or(u64::MAX);
            return Err(Error::too_many(wait.max(1)));
        }
        *full_at = after;
        Ok(())
    }

    fn forgive(&self, key: &K) {
        let mut buckets = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(full_at) = buckets.get_mut(key)
            && let Some(earlier) = full_at.checked_sub(self.every)
        {
            *full_at = earlier;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Code;

    #[test]
    fn guessing_at_one_account_is_limited_for_the_guessing_network_and_no_other() {
        let throttles = Throttles::default();
        let from = |n: u8| IpAddr::from([10, 0, 0, n]);
        for _ in 0..10 {
            assert!(throttles.sign_in("ana", from(1)).is_ok());
        }
        let error = throttles.sign_in("ANA", from(1)).unwrap_err();
        assert_eq!(error.code, Code::TooMany);
        assert!(error.retry_after.is_some_and(|wait| (1..=30_000).contains(&wait)), "{error:?}");
        assert!(throttles.sign_in("tom", from(1)).is_ok(), "another account");
        assert!(throttles.sign_in("ana", from(2)).is_ok(), "the account's owner, elsewhere");
    }

    #[test]
    fn guessing_at_one_account_from_many_networks_is_limited() {
        let throttles = Throttles::default();
        let passed = (0..=250).filter(|n| throttles.sign_in("ana", IpAddr::from([10, 0, 0, *n])).is_ok()).count();
        assert_eq!(passed, 100);
        let error = throttles.sign_in("ana", IpAddr::from([10, 0, 1, 1])).unwrap_err();
        assert!(error.retry_after.is_some_and(|wait| wait <= 5_000), "{error:?}");
    }

    #[test]
    fn successful_sign_ins_are_never_limited() {
        let throttles = Throttles::default();
        let address = IpAddr::from([10, 0, 0, 1]);
        for _ in 0..500 {
            throttles.sign_in("ana", address).unwrap();
            throttles.signed_in("ana", address);
        }
    }

    #[test]
    fn guessing_at_many_accounts_from_one_network_is_limited() {
        let throttles = Throttles::default();
        let refused = (0..200)
            .filter(|n| throttles.sign_in(&format!("user{n}"), format!("2001:db8::{n:x}").parse().unwrap()).is_err())
            .count();
        assert_eq!(refused, 100);
    }

    #[test]
    fn the_number_of_buckets_is_bounded() {
        let throttle = Throttle::new(10, Duration::from_secs(30));
        for n in 0..ENTRIES_MAX + 100 {
            throttle.attempt(n).unwrap();
        }
        assert!(throttle.full_at.lock().unwrap().len() <= ENTRIES_MAX);
    }
}
