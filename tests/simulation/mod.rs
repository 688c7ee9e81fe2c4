//! Many engines and the real server core, over a network that delays, cuts, repeats and reorders, with servers that
//! crash and people who reload, sign out and come back. Whatever happens, all end as a fresh load would show it.
//!
//! `HUBBUB_SEED=n` runs one seed alone, `HUBBUB_SEEDS=n` the first n; a seed that fails prints its decisions. The
//! decisions are the seed's; what the server does within a step is timed by the machine, so that a rare failure may
//! need more than one run to show again. `scripts/faults` shows that the simulation fails when it must.

mod agreement;
mod bus;
mod client;
mod driver;
mod ledger;
mod network;
mod node;
mod pages;
mod people;
mod quiescence;
mod rng;
mod rooms;
mod schedule;
mod visibility;
mod witness;
mod world;

use hubbub::model::ConversationId;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use world::{Met, Trace, World};

const GENERAL: ConversationId = ConversationId(1);

/// As many as `make test` has time for; `make soak` runs 1,000.
const SEEDS: u64 = 30;
/// Storms of a seed, each followed by a calm in which everything is checked.
const STORMS: usize = 6;
const STEPS: usize = 90;
/// A simulation in which these do not happen proves too little.
const TO_BE_MET: &[&str] = &[
    "a change that the bus lost",
    "a change that the bus repeated",
    "a direct conversation that was opened",
    "a summary that came",
    "a summary that went",
    "a list that was changed elsewhere",
    "a name that was taken",
    "a page that is not theirs",
    "a room that was deleted",
    "a room that was handed over",
    "a room that was made",
    "a room that was renamed",
    "a sign of typing",
    "a step that is not theirs",
    "a step where one does not belong",
    "an end that was told",
    "somebody shown out elsewhere a moment ago",
    "somebody who joined",
    "somebody who left",
    "somebody who was brought in",
    "somebody who was shown out",
    "two who open one direct conversation at once",
    "a crash in the middle of something",
    "a head",
    "a post that was sent again",
    "a refusal",
    "a reset",
    "a restart",
    "a window",
    "catching up",
    "the end of a session",
];
/// Seeds that run at a time: they wait for the disk as much as they work.
const AT_A_TIME: usize = 3;

fn simulate(seed: u64, trace: Trace) -> Met {
    let mut world = World::new(seed, trace);
    world.begin();
    for _ in 0..STORMS {
        for _ in 0..STEPS {
            world.step();
        }
        world.calm_down();
    }
    world.end();
    world.met
}

/// Runs a seed: what it met with, or what went wrong.
fn run(seed: u64) -> Result<Met, String> {
    let trace = Trace::default();
    let kept = Trace::clone(&trace);
    catch_unwind(AssertUnwindSafe(|| simulate(seed, trace))).map_err(|panic| {
        let why = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
        let trace = kept.lock().unwrap_or_else(std::sync::PoisonError::into_inner).join("\n");
        format!("{trace}\nseed {seed}: {}", why.unwrap_or("it panicked"))
    })
}

#[test]
fn whatever_the_network_and_the_servers_do_all_ends_as_a_fresh_load_would_show_it() {
    if let Ok(seed) = std::env::var("HUBBUB_SEED") {
        let seed = seed.parse().expect("HUBBUB_SEED is a number");
        let met = run(seed).unwrap_or_else(|failure| panic!("{failure}"));
        return println!("seed {seed} met with {met:#?}");
    }
    let seeds = std::env::var("HUBBUB_SEEDS").map_or(SEEDS, |many| many.parse().expect("HUBBUB_SEEDS is a number"));
    let next = AtomicU64::new(0);
    let (failures, all) = (Mutex::new(Vec::new()), Mutex::new(Met::new()));
    std::thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| {
                while failures.lock().unwrap().is_empty() {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds {
                        return;
                    }
                    match run(seed) {
                        Ok(met) => {
                            met.into_iter().for_each(|(what, n)| *all.lock().unwrap().entry(what).or_default() += n)
                        }
                        Err(failure) => failures.lock().unwrap().push((seed, failure)),
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    if let Some((seed, failure)) = failures.first() {
        panic!("{failure}\nRun it again with HUBBUB_SEED={seed}.");
    }
    let all = all.into_inner().unwrap();
    println!("met with {all:#?}");
    for what in TO_BE_MET {
        assert!(all.contains_key(what), "no seed met with {what}");
    }
}
