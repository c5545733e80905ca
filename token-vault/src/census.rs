//! How many connections there are in each state, and what waits.

use serde::Serialize;
use sociogram_api_core::Timestamp;
use sociogram_oauth_core::ProviderId;

use crate::ConnectionState;

/// The state of a row that cannot be read back, as it is counted.
pub(crate) const UNREADABLE: &str = "unreadable";

/// How many connections of all tenants there are in each state, and what waits. It names no tenant and no person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Census {
    /// By provider and state, in the order of their names; states without a connection are left out.
    pub connections: Vec<StateCount>,
    /// The earliest time at which a connection is due; in the past if the workers are behind.
    pub oldest_due: Option<Timestamp>,
    /// How many events wait to be delivered, those that were handed out and not acknowledged included.
    pub events_waiting: u64,
    /// How many grants wait to be withdrawn at their provider, those that were handed out included.
    pub revocations_waiting: u64,
}

/// How many connections of one provider are in one state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StateCount {
    /// The provider.
    pub provider: ProviderId,
    /// The state by its name ([`ConnectionState::as_str`]), or `unreadable` for rows whose state this version does
    /// not know.
    pub state: &'static str,
    /// How many.
    pub count: u64,
}

impl Census {
    /// Of an empty store; set the other fields afterwards.
    pub const fn new() -> Self {
        Self { connections: Vec::new(), oldest_due: None, events_waiting: 0, revocations_waiting: 0 }
    }

    /// Adds connections. `state` is the name that is stored; one that this version does not know counts as
    /// `unreadable`.
    pub fn with_connections(mut self, provider: ProviderId, state: &str, count: u64) -> Self {
        let known = ConnectionState::NAMES.iter().copied().find(|name| *name == state);
        let state = known.unwrap_or(UNREADABLE);
        let place = self.connections.binary_search_by(|other| {
            (other.provider.as_str(), other.state).cmp(&(provider.as_str(), state))
        });
        match place {
            Ok(found) => {
                if let Some(found) = self.connections.get_mut(found) {
                    found.count = found.count.saturating_add(count);
                }
            }
            Err(_) if count == 0 => {}
            Err(place) => self.connections.insert(place, StateCount { provider, state, count }),
        }
        self
    }

    /// How many connections there are in all.
    pub fn total(&self) -> u64 {
        self.connections.iter().fold(0, |total, one| total.saturating_add(one.count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_its_name_in_the_list() {
        for state in ConnectionState::all() {
            assert!(ConnectionState::NAMES.contains(&state.as_str()), "{state}");
        }
        assert!(!ConnectionState::NAMES.contains(&UNREADABLE));
    }

    #[test]
    fn counts_of_one_provider_and_state_are_one_line_and_unknown_states_are_unreadable() {
        let (facebook, linkedin) = (|| ProviderId::FACEBOOK, || ProviderId::LINKEDIN);
        let census = Census::new()
            .with_connections(linkedin(), "connected", 2)
            .with_connections(facebook(), "state_of_2030", 1)
            .with_connections(facebook(), "connected", 3)
            .with_connections(facebook(), "unreadable", 4)
            .with_connections(facebook(), "revoked", 0)
            .with_connections(facebook(), "connected", 5);
        let lines: Vec<_> =
            census.connections.iter().map(|one| (one.provider.as_str(), one.state, one.count)).collect();
        let expected =
            [("facebook", "connected", 8), ("facebook", "unreadable", 5), ("linkedin", "connected", 2)];
        assert_eq!((lines.as_slice(), census.total()), (expected.as_slice(), 15));
    }
}
