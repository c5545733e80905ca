//! A durable log of events: recorded before the platform is answered, handled by workers, never lost.
//!
//! A platform repeats what was not answered and never sends what was. So a delivery is answered after its events are
//! [recorded](RecordEvents): each once, by its [`DedupeKey`](crate::DedupeKey). A [`Worker`] then claims events for a
//! time, has a [`Handler`] do what is to be done, and settles them. A process that dies in between leaves an event that
//! another worker claims when its time is over: an event is handled **at least once**. What the handler does must bear
//! that, and the key is made for it.

mod backoff;
mod claim;
mod entry;
mod error;
mod filter;
mod gather;
mod handler;
mod memory;
mod meter;
mod receiver;
mod replay;
mod retention;
mod store;
mod worker;

pub use backoff::Backoff;
pub use claim::{Claim, ClaimToken, Claimed, Order, Outcome, Settlement};
pub use entry::{AttemptError, Entry, EntryId, EntryPage, EntryState};
pub use error::{InboxError, InboxErrorKind};
pub use filter::EntryFilter;
pub use gather::GatherWrites;
pub use handler::{HandleError, Handled, Handler};
pub use memory::MemoryInbox;
pub use receiver::{Receipt, ReceiveError, Receiver};
pub use replay::{Replay, ReplayOf, Replayed};
pub use retention::{Retention, RetentionError, Trimmed};
pub use store::{Census, InboxStore, RecordEvents, Recorded};
pub use worker::{Wake, Worker, WorkerBuilder};
