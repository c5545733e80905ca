//! Which events are meant.

use sociogram_api_core::Timestamp;
use sociogram_oauth_core::ConnectionId;

use super::{Entry, EntryState, Platform};

/// Which events are meant: those that fit everything that is set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct EntryFilter {
    /// In one of these states; empty for any.
    pub states: Vec<EntryState>,
    /// To this platform.
    pub platform: Option<Platform>,
    /// Through this connection.
    pub connection: Option<ConnectionId>,
    /// To this dataset.
    pub target: Option<String>,
    /// With this name.
    pub name: Option<String>,
    /// With this `event_id`.
    pub event_id: Option<String>,
    /// Added at this time or later.
    pub since: Option<Timestamp>,
    /// Added before this time.
    pub until: Option<Timestamp>,
}

impl EntryFilter {
    /// Every event.
    pub fn all() -> Self {
        Self::default()
    }

    /// In one of these states.
    pub fn states(mut self, states: impl IntoIterator<Item = EntryState>) -> Self {
        self.states = states.into_iter().collect();
        self
    }

    /// To this platform.
    pub fn platform(mut self, platform: Platform) -> Self {
        self.platform = Some(platform);
        self
    }

    /// Through this connection.
    pub fn connection(mut self, connection: ConnectionId) -> Self {
        self.connection = Some(connection);
        self
    }

    /// To this dataset.
    pub fn target(mut self, target: impl Into<String>) -> Self {
        self.target = Some(target.into());
        self
    }

    /// With this name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// With this `event_id`.
    pub fn event_id(mut self, event_id: impl Into<String>) -> Self {
        self.event_id = Some(event_id.into());
        self
    }

    /// Added at this time or later.
    pub fn since(mut self, since: Timestamp) -> Self {
        self.since = Some(since);
        self
    }

    /// Added before this time.
    pub fn until(mut self, until: Timestamp) -> Self {
        self.until = Some(until);
        self
    }

    /// Whether an event is meant.
    pub fn fits(&self, entry: &Entry) -> bool {
        let same = |wanted: &Option<String>, is: &str| wanted.as_deref().is_none_or(|wanted| wanted == is);
        (self.states.is_empty() || self.states.contains(&entry.state))
            && self.platform.is_none_or(|platform| platform == entry.route.platform)
            && self.connection.is_none_or(|connection| connection == entry.route.connection)
            && same(&self.target, &entry.route.target)
            && same(&self.name, &entry.event.name)
            && self.event_id.as_ref().is_none_or(|id| entry.event.event_id.as_ref() == Some(id))
            && self.since.is_none_or(|since| entry.added_at >= since)
            && self.until.is_none_or(|until| entry.added_at < until)
    }
}
