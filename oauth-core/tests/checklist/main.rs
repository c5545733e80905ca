//! The OAuth security checklist (RFC 9700, 7636, 9207): one test per requirement, named by its number. And bad
//! input of every sort.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failing test should panic"
)]

mod accounts;
mod answers;
mod bad_input;
mod browser;
mod callback;
mod cases;
mod code;
mod compile;
mod leaks;
mod secrets;
mod sockets;
mod world;
