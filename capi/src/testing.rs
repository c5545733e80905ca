//! For tests: the contract suite of outbox stores, and a store that fails when told to. Exempt from semantic versioning.

#![allow(
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a check that does not hold panics: that is what it is for"
)]

mod faulty_outbox;
pub mod outbox_contract;

pub use faulty_outbox::{FaultyOutbox, OutboxFault};
