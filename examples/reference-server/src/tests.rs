//! The server over real HTTP, with the sandbox in the same process.

mod bad_input;
mod conversions;
mod driver;
mod events;
mod leads;
mod life;
mod listening;
mod login;
mod publish;
mod refusals;
mod webhooks;
