//! What a change tells about itself, stored along with it.

use crate::{AuditActor, AuditEntry, EventKind};

/// The audit entries and events of one change of one connection. A store writes them in the same step as the
/// change: if the change is stored they are, and if it is not they are not.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Notes {
    /// Who makes the change.
    pub actor: AuditActor,
    /// For the audit, in this order.
    pub audit: Vec<AuditEntry>,
    /// For the product, in this order.
    pub events: Vec<EventKind>,
}

impl Notes {
    /// Nothing yet, of a change that `actor` makes.
    pub const fn by(actor: AuditActor) -> Self {
        Self { actor, audit: Vec::new(), events: Vec::new() }
    }

    /// Adds an audit entry.
    pub fn entry(mut self, entry: AuditEntry) -> Self {
        self.audit.push(entry);
        self
    }

    /// Adds an event.
    pub fn event(mut self, event: EventKind) -> Self {
        self.events.push(event);
        self
    }
}
