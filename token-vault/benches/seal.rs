//! Sealing and opening a token of 256 bytes beside bare AES-256-GCM with a nonce from the operating system,
//! interleaved in one run.
//!
//! `cargo bench -p sociogram-token-vault --features testing` prints, per call,
//! `ratio=<ours/floor> floor=<ns> ours=<ns>`, twice: `seal/256` and `open/256` beside a floor that
//! authenticates as many bytes of context as we do, `…/no-context` beside one that authenticates the token
//! alone. Either floor gives plain bytes and wipes nothing; ours checks the form and gives text that is wiped.

#![allow(clippy::disallowed_methods, reason = "a benchmark measures wall time")]
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![allow(clippy::expect_used, reason = "a benchmark that cannot run should stop")]

use std::{hint::black_box, time::Instant};

use aes_gcm::{
    Aes256Gcm, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use sociogram_oauth_core::{ConnectionId, TenantId};
use sociogram_token_vault::{DataKey, DataKeyId, Generation, testing::SealedForm};

const ROUNDS: usize = 401;
const CALLS: u32 = 400;
const KEY: [u8; 32] = [7; 32];

fn main() {
    // `cargo test --all-targets` runs this program too.
    if std::env::args().all(|argument| argument != "--bench") {
        return;
    }
    let token = "EAAB".repeat(64);
    assert_eq!(token.len(), 256);
    let bare = Aes256Gcm::new(&KEY.into());
    let form = SealedForm::new(
        &DataKey::from_slice(&KEY).expect("32 bytes"),
        DataKeyId::new(1),
        TenantId::from_bytes([1; 16]),
        ConnectionId::from_bytes([2; 16]),
        Generation::new(3),
    );
    let floors: [(&str, &[u8]); 2] = [("", &[3; 55]), ("/no-context", &[])];
    for (name, aad) in floors {
        let bare_seal = |token: &str| {
            let mut nonce = [0; 12];
            getrandom::fill(&mut nonce).expect("random bytes");
            let payload = Payload { msg: token.as_bytes(), aad };
            (nonce, bare.encrypt(&Nonce::from(nonce), payload).expect("a ciphertext"))
        };
        report(
            &format!("seal/256{name}"),
            || drop(black_box(form.seal(black_box(&token)).expect("a sealed token"))),
            || drop(black_box(bare_seal(black_box(&token)))),
        );
        let sealed = form.seal(&token).expect("a sealed token");
        let (nonce, ciphertext) = bare_seal(&token);
        report(
            &format!("open/256{name}"),
            || drop(black_box(form.open(black_box(&sealed)).expect("a token"))),
            || {
                let payload = Payload { msg: black_box(&ciphertext), aad };
                let opened = bare.decrypt(&Nonce::from(*black_box(&nonce)), payload);
                drop(black_box(opened.expect("a token")));
            },
        );
    }
}

/// Nanoseconds per call of one batch.
fn batch(work: &mut impl FnMut()) -> f64 {
    let start = Instant::now();
    for _ in 0..CALLS {
        work();
    }
    start.elapsed().as_secs_f64() * 1e9 / f64::from(CALLS)
}

/// Interleaves the two (ABBA, then BAAB) so that drift of the machine falls on both.
fn report(name: &str, mut ours: impl FnMut(), mut floor: impl FnMut()) {
    batch(&mut ours);
    batch(&mut floor);
    let mut rows = Vec::with_capacity(ROUNDS);
    for round in 0..ROUNDS {
        let (a, b);
        if round % 2 == 0 {
            let first = batch(&mut ours);
            let (second, third) = (batch(&mut floor), batch(&mut floor));
            (a, b) = (first.min(batch(&mut ours)), second.min(third));
        } else {
            let first = batch(&mut floor);
            let (second, third) = (batch(&mut ours), batch(&mut ours));
            (a, b) = (second.min(third), first.min(batch(&mut floor)));
        }
        rows.push((a, b));
    }
    let ratio = median(rows.iter().map(|(a, b)| a / b));
    let (ours_ns, floor_ns) = (median(rows.iter().map(|row| row.0)), median(rows.iter().map(|row| row.1)));
    println!("{name}: ratio={ratio:.3} floor={floor_ns:.0} ours={ours_ns:.0}");
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
