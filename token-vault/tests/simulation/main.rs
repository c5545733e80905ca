//! Several processes over one store, with a provider and a network that fail, over hours of virtual time: whatever
//! the seed, no grant is lost by our fault, and no refresh token is sent where it may do harm.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a failing test should panic, and a simulation should say how much it has seen"
)]

mod chance;
mod clock;
mod process;
mod provider;
mod world;

use std::time::Duration;

use sociogram_oauth_core::Rotation;

use world::World;

/// Seeds from which a run starts; more of them by hand: `SIMULATION_SEEDS=2000 cargo test … --test simulation`.
#[allow(clippy::disallowed_methods, reason = "how long to look is the caller's choice")]
fn seeds() -> std::ops::Range<u64> {
    let count = std::env::var("SIMULATION_SEEDS").ok().and_then(|count| count.parse().ok());
    0..count.unwrap_or(40)
}

fn simulate(name: &str, rotation: Rotation) {
    let mut sums = world::Sums::default();
    for seed in seeds() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        let outcome = runtime.unwrap().block_on(async { World::new(rotation, seed).live_through().await });
        match outcome {
            Ok(run) => sums.add(&run),
            Err(violations) => panic!("{name}, seed {seed}: {violations:#?}"),
        }
    }
    println!("{name}: {sums}");
    // A simulation in which nothing happens proves nothing.
    assert!(sums.renewals > 0 && sums.crashes > 0 && sums.reconnects > 0, "{sums}");
}

#[test]
fn refresh_tokens_that_stay_good_are_never_lost() {
    simulate("no rotation", Rotation::None);
}

#[test]
fn refresh_tokens_with_a_grace_period_are_lost_with_a_crash_at_most() {
    simulate("grace", Rotation::Grace(Duration::from_secs(300)));
}

#[test]
fn strict_refresh_tokens_are_never_sent_twice_while_the_access_token_lives() {
    simulate("strict", Rotation::Strict);
}
