//! Every endpoint against a server: the exact request, the answer read, and one refusal each.
//!
//! [`coverage`] fails when an endpoint of the crate stands in none of the tables.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failing test should panic"
)]

mod ads;
mod analytics;
mod conversions;
mod coverage;
#[path = "../../../meta-graph/tests/exactness/declared.rs"]
mod declared;
mod leads;
mod media;
mod organizations;
mod pitfalls;
mod posts;
mod profile;
#[path = "../../../meta-graph/tests/exactness/proofs.rs"]
mod proofs;
mod raw;
mod social;
mod subscriptions;
mod table;
mod uploads;
