//! For tests of programs and of adapters: the contract suite of [`SessionStore`](crate::SessionStore), and a
//! provider that runs in the test's own process. Exempt from semantic versioning.

#![allow(
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a check that does not hold panics: that is what it is for"
)]

mod fake_provider;
pub mod session_store;

pub use fake_provider::{Answer, Decision, ErrorPage, FakeApp, FakeProvider, Received, ServerEndpoint};
