//! Verifying beside a bare HMAC-SHA256 of the same bytes, in one run: `cargo bench -p sociogram-webhook-verify`.

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![allow(clippy::unwrap_used, reason = "a benchmark stops at the first mistake")]

use std::{fmt::Write as _, hint::black_box};

use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use sociogram_webhook_verify::{MetaVerifier, Secret};

use figures::Figures;

#[path = "figures.rs"]
mod figures;

const SECRET: &str = "0123456789abcdef0123456789abcdef";

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
    println!("verify/{size}: {figures}");
}
