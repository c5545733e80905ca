//! For tests of programs that use the family: a scripted transport, a manual clock, captured logs and
//! canary secrets. Exempt from semantic versioning.

pub mod canary;
mod logs;
mod manual_clock;
mod scripted;

pub use logs::CapturedLogs;
pub use manual_clock::ManualClock;
pub use scripted::{RecordedRequest, ScriptedTransport};
