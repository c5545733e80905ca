//! Verifying beside a bare HMAC-SHA256 of the same bytes, in one run: `cargo bench -p sociogram-webhook-verify`.

#![allow(clippy::disallowed_methods, reason = "a benchmark measures wall time")]
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![allow(clippy::unwrap_used, reason = "a benchmark stops at the first mistake")]

use std::{fmt::Write as _, hint::black_box, time::Instant};

use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use sociogram_webhook_verify::{MetaVerifier, Secret};

const SECRET: &str = "0123456789abcdef0123456789abcdef";
const ROUNDS: usize = 301;

fn main() {
    // `cargo test --all-targets` runs this program too.
    if std::env::args().all(|argument| argument != "--bench") {
        return;
    }
    for size in [1024, 16 * 1024, 256 * 1024] {
        compare(size);
    }
}

fn compare(size: usize) {
    let body = Bytes::from(format!("{{\"t\":\"{}\"}}", "x".repeat(size - 8)));
    assert_eq!(body.len(), size);
    let prepared = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    let mut header = "sha256=".to_owned();
    for byte in prepared.clone().chain_update(&body).finalize().into_bytes() {
        write!(header, "{byte:02x}").unwrap();
    }
    let verifier = MetaVerifier::builder().secret("main", Secret::new(SECRET).unwrap()).build().unwrap();
    let header = header.as_bytes();
    assert!(verifier.verify([header], body.clone()).is_ok());

    let ours = || drop(black_box(verifier.verify([black_box(header)], black_box(&body).clone())));
    let floor = || {
        let mut mac = black_box(&prepared).clone();
        mac.update(black_box(&body));
        black_box(mac.finalize().into_bytes());
    };
    let figures = Figures::measure(ours, floor);
    println!(
        "verify/{size}: ratio={:.3} (95 % {:.3}..{:.3}) floor={:.0} ours={:.0}",
        figures.ratio, figures.low, figures.high, figures.floor, figures.ours
    );
}

/// Medians over all rounds; times in nanoseconds per call.
struct Figures {
    ratio: f64,
    low: f64,
    high: f64,
    ours: f64,
    floor: f64,
}

impl Figures {
    /// Turns take the order ours, floor, floor, ours and its mirror: drift cancels inside a round, and the
    /// faster of two batches leaves out the one that was interrupted.
    fn measure(mut ours: impl FnMut(), mut floor: impl FnMut()) -> Self {
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
