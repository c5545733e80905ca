//! The server as a program, on a real Postgres.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failing test should panic"
)]

mod browser;
mod commands;
mod conversions;
mod demo;
mod inbox;
mod program;
mod restart;
