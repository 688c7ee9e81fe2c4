//! Simulation: many engines and two real server cores, over a network that delays, cuts, repeats and reorders, with
//! servers that crash and users who reload, sign out and come back. Whatever happens, every client ends equal to a
//! fresh load.
//!
//! `HUBBUB_SEED=n` runs one seed alone, `HUBBUB_SEEDS=n` the first n; a seed that fails prints its decisions. The
//! decisions depend on the seed alone; what a server does within a step depends on the machine's timing, so that a rare
//! failure may need more than one run to show again. `scripts/faults` tests that the simulation detects faults.

mod agreement;
mod bus;
mod client;
mod commit_log;
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
mod world;

use hubbub::model::ConversationId;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use world::{Coverage, Trace, World};

const GENERAL: ConversationId = ConversationId(1);

/// As many as `make test` has time for; `make soak` runs 1,000.
const SEEDS: u64 = 30;
/// Rounds of a seed. In each, faults happen first; then they stop, and everything is checked.
const ROUNDS: usize = 6;
const STEPS: usize = 90;
/// What has to happen in some seed: a simulation that never does these things proves too little.
const REQUIRED_COVERAGE: &[&str] = &[
    "a change lost by the bus",
    "a change repeated by the bus",
    "a direct conversation opened",
    "a conversation summary added or changed",
    "a conversation summary removed",
    "a list changed by another server",
    "a list changed while it was read for a connection",
    "a room name already taken",
    "a page of a conversation without access",
    "a room deleted",
    "the ownership of a room transferred",
    "a room created",
    "a room renamed",
    "a typing indicator",
    "a room command without permission",
    "a room command by a non-member",
    "a deletion announced",
    "a frame to a member just removed by another server",
    "a member joined",
    "a member left",
    "a member added",
    "a member removed",
    "a direct conversation opened by both at once",
    "a crash during a request",
    "a conversation revision",
    "a post refused temporarily",
    "a post sent again",
    "a refusal",
    "a reset",
    "a restart",
    "a window",
    "catching up",
    "a session ended",
];
/// Seeds that run at a time: they wait for the disk as much as they compute.
const AT_A_TIME: usize = 3;

fn simulate(seed: u64, trace: Trace) -> Coverage {
    let mut world = World::new(seed, trace);
    world.begin();
    for _ in 0..ROUNDS {
        for _ in 0..STEPS {
            world.step();
        }
        world.finish_round();
    }
    world.end();
    world.coverage
}

/// Runs a seed; returns its coverage or the failure.
fn run(seed: u64) -> Result<Coverage, String> {
    let trace = Trace::default();
    let kept = Trace::clone(&trace);
    catch_unwind(AssertUnwindSafe(|| simulate(seed, trace))).map_err(|panic| {
        let why = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
        let trace = kept.lock().unwrap_or_else(std::sync::PoisonError::into_inner).join("\n");
        format!("{trace}\nseed {seed}: {}", why.unwrap_or("it panicked"))
    })
}

#[test]
fn whatever_the_network_and_the_servers_do_every_client_ends_equal_to_a_fresh_load() {
    if let Ok(seed) = std::env::var("HUBBUB_SEED") {
        let seed = seed.parse().expect("HUBBUB_SEED is a number");
        let coverage = run(seed).unwrap_or_else(|failure| panic!("{failure}"));
        return println!("seed {seed} covered {coverage:#?}");
    }
    let seeds = std::env::var("HUBBUB_SEEDS").map_or(SEEDS, |many| many.parse().expect("HUBBUB_SEEDS is a number"));
    let next = AtomicU64::new(0);
    let (failures, all) = (Mutex::new(Vec::new()), Mutex::new(Coverage::new()));
    std::thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| {
                while failures.lock().unwrap().is_empty() {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds {
                        return;
                    }
                    match run(seed) {
                        Ok(coverage) => coverage
                            .into_iter()
                            .for_each(|(what, n)| *all.lock().unwrap().entry(what).or_default() += n),
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
    println!("covered {all:#?}");
    for what in REQUIRED_COVERAGE {
        assert!(all.contains_key(what), "no seed covered: {what}");
    }
}
