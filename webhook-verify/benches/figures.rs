//! How two ways are measured beside each other in one run.

#![allow(clippy::disallowed_methods, reason = "a benchmark measures wall time")]
#![allow(unreachable_pub, reason = "two programs include this file")]

use std::{fmt, time::Instant};

const ROUNDS: usize = 301;

/// Medians over all rounds; times in nanoseconds per call.
pub struct Figures {
    ratio: f64,
    low: f64,
    high: f64,
    ours: f64,
    floor: f64,
}

impl Figures {
    /// Turns take the order ours, floor, floor, ours and its mirror: drift cancels inside a round, and the
    /// faster of two batches leaves out the one that was interrupted.
    pub fn measure(mut ours: impl FnMut(), mut floor: impl FnMut()) -> Self {
        let (ours_calls, floor_calls) = (calls_per_batch(&mut ours), calls_per_batch(&mut floor));
        let mut rounds = Vec::with_capacity(ROUNDS);
        for round in 0..ROUNDS {
            let mut best = [f64::MAX; 2];
            let order = if round % 2 == 0 { [0, 1, 1, 0] } else { [1, 0, 0, 1] };
            for side in order {
                let (slot, time) = match side {
                    0 => (&mut best[0], batch(&mut ours, ours_calls)),
                    _ => (&mut best[1], batch(&mut floor, floor_calls)),
                };
                *slot = slot.min(time);
            }
            rounds.push(best);
        }
        let ratios = sorted(rounds.iter().map(|[ours, floor]| ours / floor));
        // The 95 % interval of a median reaches 1.96 * sqrt(n) / 2 ranks to either side.
        let half = (0..ROUNDS).take_while(|rank| rank * rank * 10_000 < ROUNDS * 9_604).count();
        let middle = ROUNDS / 2;
        Self {
            ratio: at(&ratios, middle),
            low: at(&ratios, middle - half),
            high: at(&ratios, middle + half),
            ours: at(&sorted(rounds.iter().map(|[ours, _]| *ours)), middle),
            floor: at(&sorted(rounds.iter().map(|[_, floor]| *floor)), middle),
        }
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ratio, low, high, ours, floor } = self;
        write!(f, "ratio={ratio:.3} (95 % {low:.3}..{high:.3}) floor={floor:.0} ours={ours:.0}")
    }
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

fn at(sorted: &[f64], rank: usize) -> f64 {
    sorted.get(rank).copied().unwrap()
}

/// Nanoseconds per call.
fn batch(work: &mut impl FnMut(), calls: u32) -> f64 {
    let start = Instant::now();
    for _ in 0..calls {
        work();
    }
    start.elapsed().as_secs_f64() * 1e9 / f64::from(calls)
}

/// How many calls take about two milliseconds.
fn calls_per_batch(work: &mut impl FnMut()) -> u32 {
    let mut calls = 1;
    while batch(work, calls) * f64::from(calls) < 2e6 {
        calls *= 2;
    }
    calls
}
