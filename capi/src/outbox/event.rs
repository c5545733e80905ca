//! An event that is to be sent, and where to.

use std::fmt;

use serde::{Deserialize, Serialize};
use sociogram_api_core::Timestamp;
use sociogram_oauth_core::{ConnectionId, TenantId};

use super::EntryId;

/// Which platform an event goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Platform {
    /// Meta's Conversions API.
    Meta,
    /// LinkedIn's Conversions API.
    LinkedIn,
}

impl Platform {
    /// Every platform.
    pub const ALL: [Self; 2] = [Self::Meta, Self::LinkedIn];

    /// The word that stores keep.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Meta => "meta",
            Self::LinkedIn => "linked_in",
        }
    }

    /// The platform with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|platform| platform.as_str() == word)
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where an event goes, and on whose behalf. Events with equal routes share requests.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Route {
    /// Whose event it is.
    pub tenant: TenantId,
    /// The connection whose token sends it.
    pub connection: ConnectionId,
    /// Which platform.
    pub platform: Platform,
    /// Meta: the id of the dataset (pixel). LinkedIn: empty, since events name their rules.
    pub target: String,
    /// What stands in the request beside the events, as the JSON that follows the list: `}` or
    /// `,"test_event_code":"TEST1"}`.
    pub envelope: String,
}

impl Route {
    /// To a dataset of Meta, without members beside the events.
    pub fn meta(tenant: TenantId, connection: ConnectionId, dataset: impl Into<String>) -> Self {
        let (platform, target) = (Platform::Meta, dataset.into());
        Self { tenant, connection, platform, target, envelope: "}".to_owned() }
    }

    /// To LinkedIn.
    pub fn linkedin(tenant: TenantId, connection: ConnectionId) -> Self {
        let (platform, target) = (Platform::LinkedIn, String::new());
        Self { tenant, connection, platform, target, envelope: "}".to_owned() }
    }

    /// With these members beside the events: see [`Route::envelope`].
    pub fn with_envelope(mut self, envelope: impl Into<String>) -> Self {
        self.envelope = envelope.into();
        self
    }
}

/// An event that is to be sent, in the form in which it is sent.
///
/// `Debug` shows no content.
#[derive(Clone, PartialEq, Eq)]
pub struct OutboxEvent {
    /// The name: Meta's `event_name`, or the URN of LinkedIn's rule.
    pub name: String,
    /// The id that it shares with the browser's event.
    pub event_id: Option<String>,
    /// When it happened.
    pub event_time: Timestamp,
    /// Until when the platform takes it.
    pub expires_at: Timestamp,
    /// The JSON of the event, customer values hashed.
    pub json: Box<str>,
}

impl fmt::Debug for OutboxEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutboxEvent")
            .field("name", &self.name)
            .field("event_id", &self.event_id)
            .field("event_time", &self.event_time)
            .field("bytes", &self.json.len())
            .finish_non_exhaustive()
    }
}

/// What became of one event that was to be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Added {
    /// It is stored, and will be sent.
    New(EntryId),
    /// An event with the same name and id is stored for this tenant, platform and target already: this one. Nothing was
    /// stored.
    Duplicate(EntryId),
}

impl Added {
    /// Which event of the log it is.
    pub fn id(self) -> EntryId {
        match self {
            Self::New(id) | Self::Duplicate(id) => id,
        }
    }
}
