//! Integration tests of the whole family, in one binary.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failing test should panic"
)]

mod architecture;
mod conversion_faults;
mod crash_matrix;
mod dependencies;
mod herd;
mod linkedin_wire;
mod login_flows;
mod meta_wire;
mod processes;
mod redaction;
mod retry_truth_table;
mod sandbox_flow;
mod support;
