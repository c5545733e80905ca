//! Whole logins of every product against the sandbox, over real sockets, as a product goes through them.

mod business;
mod embedded_signup;
mod facebook;
mod facebook_grants;
mod instagram;
mod linkedin;
mod linkedin_tokens;
mod stage;
mod system_user;
mod threads;
mod token_faults;
mod vault_questions;
