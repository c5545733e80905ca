//! The adapter on a real server.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failing test should panic"
)]

mod bench;
mod contract;
mod faults;
mod fixtures;
mod inbox;
mod inbox_bench;
mod inbox_plans;
mod inbox_round_trips;
mod isolation;
mod listener;
mod logins;
mod migrations;
mod outbox;
mod outbox_bench;
mod outbox_plans;
mod outbox_round_trips;
mod plans;
mod restarts;
mod rights;
mod round_trips;
mod sessions;
mod unreadable;
mod values;
mod versions;
