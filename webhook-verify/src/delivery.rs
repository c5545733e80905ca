//! All events of one delivery.

use crate::{Event, Provider};

/// A delivery, split into single events.
///
/// May be empty. Deduplicate event by event: a repeat may be batched differently.
#[derive(Clone, Debug)]
pub struct Delivery {
    provider: Provider,
    events: Vec<Event>,
}

impl Delivery {
    pub(crate) fn new(provider: Provider, events: Vec<Event>) -> Self {
        Self { provider, events }
    }

    /// Who sent it.
    pub fn provider(&self) -> Provider {
        self.provider
    }

    /// The events. Neither platform promises an order.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The events, owned.
    pub fn into_events(self) -> Vec<Event> {
        self.events
    }
}

impl IntoIterator for Delivery {
    type Item = Event;
    type IntoIter = std::vec::IntoIter<Event>;

    fn into_iter(self) -> Self::IntoIter {
        self.events.into_iter()
    }
}
