//! Tests of the test servers.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "servers live in real time, and a failing test should panic"
)]

mod cut_proxy;
mod databases;
mod leftovers;
mod own_cluster;
