//! Everything that must be refused, and that a refusal says the right thing and nothing more.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first mistake")]

#[cfg(feature = "axum")]
mod axum_router;
mod canary;
mod deep;
mod fuzz_targets;
mod table;

use sociogram_webhook_verify::{LinkedInVerifier, MetaVerifier, Secret};

const SECRET: &str = "test_app_secret";

fn secret() -> Secret {
    Secret::new(SECRET).unwrap()
}

fn meta() -> MetaVerifier {
    MetaVerifier::builder()
        .secret("main", secret())
        .secret("before", Secret::new("old").unwrap())
        .build()
        .unwrap()
}

fn linkedin() -> LinkedInVerifier {
    LinkedInVerifier::builder()
        .secret("main", secret())
        .secret("before", Secret::new("old").unwrap())
        .build()
        .unwrap()
}
