//! A durable log of conversion events on their way to a platform: accepted means stored, and the fate of each is known.
//!
//! Neither platform recognises an event that a server sent twice, and nothing can be taken back. So each event goes
//! through recorded steps:
//!
//! ```text
//! add ──▶ pending ──claim──▶ claimed ──begin──▶ sending ──settle──▶ sent
//!            ▲                  │                  │      ├───────▶ rejected
//!            │◀─── lease over ──┘                  │      ├───────▶ in doubt
//!            │◀─── not processed, try later ───────┼──────┘           ▲
//!            │                                     └─── lease over ───┘
//!            └───────────── replay (a person decides) ────── rejected, in doubt
//! ```
//!
//! A process that dies before `begin` was stored costs nothing: nothing had left. One that dies afterwards leaves events
//! in doubt, which are counted and listed, and never sent again on their own.
//!
//! What is stored is the event as it is sent: customer values are hashed before they get here.

mod claim;
mod entry;
mod error;
mod event;
mod filter;
mod memory;
mod replay;
mod retention;
mod store;

pub use claim::{Batch, BatchEvent, Claim, ClaimToken, Outcome, Settlement};
pub use entry::{Attempt, Entry, EntryId, EntryPage, EntryState, Fate};
pub use error::{OutboxError, OutboxErrorKind};
pub use event::{Added, OutboxEvent, Platform, Route};
pub use filter::EntryFilter;
pub use memory::MemoryOutbox;
pub use replay::{Replay, ReplayOf, Replayed};
pub use retention::{Retention, Trimmed};
pub use store::{AddEvents, Census, OutboxStore};
