//! Sending to Meta's Conversions API.

mod client;
mod code_table;
mod endpoint;
#[cfg(test)]
mod tests;

pub use client::ConversionsClient;
pub use endpoint::{EventsReceived, SendEvents};
