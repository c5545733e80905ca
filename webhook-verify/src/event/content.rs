//! What every typed event can tell of itself.

use crate::{DedupeKey, EventTime, Strength, dedupe::KeyParts};

/// A typed event. Everything it tells depends on nothing but what was sent.
pub(crate) trait Content {
    /// A short stable name, for a metric label.
    fn name(&self) -> &'static str;

    /// When it happened, where it says so.
    fn occurred_at(&self) -> Option<EventTime>;

    /// What it is about within its account: the other party of a conversation, the post that was commented, the lead.
    fn subject(&self) -> Option<&str>;

    /// The key by the identifiers that the platform gives it, and how far it can be trusted; `None` where there are
    /// none. `sent_at` belongs into it only where the event can happen again with the same identifiers, and makes it
    /// best-effort.
    fn key(&self, parts: KeyParts, sent_at: Option<EventTime>) -> Option<(DedupeKey, Strength)>;
}

/// A key of identifiers that the platform never gives twice.
pub(crate) fn exact(parts: KeyParts) -> (DedupeKey, Strength) {
    (parts.finish(), Strength::Exact)
}

/// A key that leans on the time of sending, which a repeat may change.
pub(crate) fn best_effort(parts: KeyParts, sent_at: Option<EventTime>) -> (DedupeKey, Strength) {
    (parts.time(sent_at).finish(), Strength::BestEffort)
}
