//! How a login reads LinkedIn's answers.
//!
//! [`LinkedInHooks`] goes into a `Provider` of `sociogram-oauth-core`: it says what the token endpoint's refusals
//! mean, with the same table that reads the API's, and whose a token is.

mod failure;
mod hooks;
mod providers;
mod refusal;

pub use hooks::LinkedInHooks;
pub use providers::{linkedin, linkedin_native};
