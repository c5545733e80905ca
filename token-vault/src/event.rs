//! What the product should know, delivered at least once.

use std::{borrow::Cow, error::Error, fmt, time::Duration};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use sociogram_api_core::Timestamp;
use sociogram_oauth_core::{ConnectionId, ReauthReason, ScopeSet, TenantId};

use crate::{NoticeStage, StoreError};

/// Names an event. A receiver that has seen the name has seen the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId([u8; 16]);

impl EventId {
    /// From the stored bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for EventId {
    /// 32 hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

/// What happened to a connection.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EventKind {
    /// The person must log in again.
    NeedsReauth {
        /// Why.
        reason: ReauthReason,
    },
    /// An end that only the person can move comes closer.
    Expiring {
        /// Which end, and how close it is.
        stage: NoticeStage,
        /// When it is.
        end: Timestamp,
    },
    /// Renewals have failed for a while; the token is still good.
    RefreshFailingOften {
        /// How many in a row.
        failures: u32,
    },
    /// The provider no longer grants something that the login had brought.
    ScopesLost {
        /// What.
        lost: ScopeSet,
    },
    /// The connection whose token this one is derived from is of no use at the moment.
    Blocked,
    /// The connection works again after it did not, without a login.
    Recovered,
    /// A refresh token came back that was used before: somebody else may have it.
    TokenReuse,
    /// A token set was bought from the provider and lost before it could be stored.
    ChainLost,
    /// The grant was withdrawn at the provider.
    Revoked,
    /// The connection was disconnected.
    Disconnected,
    /// Everything about the connection was deleted because the person, the tenant or the provider asked for it.
    Erased,
}

/// An event as it is delivered. It names no person and holds no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Event {
    /// Its name, the same at every delivery.
    #[serde(serialize_with = "as_text")]
    pub id: EventId,
    /// Whose it is.
    pub tenant: TenantId,
    /// Which connection it is about; it may be gone by now.
    pub connection: ConnectionId,
    /// When it was stored, by the store's clock.
    pub at: Timestamp,
    /// What happened.
    #[serde(flatten)]
    pub kind: EventKind,
    /// How often it was taken out of the queue, this time included.
    pub deliveries: u32,
}

impl Event {
    /// All of it, for stores.
    pub const fn new(
        id: EventId,
        tenant: TenantId,
        connection: ConnectionId,
        at: Timestamp,
        kind: EventKind,
        deliveries: u32,
    ) -> Self {
        Self { id, tenant, connection, at, kind, deliveries }
    }
}

fn as_text<S: serde::Serializer>(id: &EventId, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(id)
}

/// Events of all tenants that were stored and not delivered yet. For the vault's worker, never for a request of
/// a tenant.
///
/// Events get in as part of a change ([`Notes`](crate::Notes)) and in no other way.
#[async_trait]
pub trait EventQueue: fmt::Debug + Send + Sync + 'static {
    /// Up to `limit` events, the oldest first. Nobody else gets them before `visibility` has passed by the
    /// store's clock; then they are given again, unless they were acknowledged. An event that cannot be read
    /// back stays in the queue and holds up no other.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the queue cannot be read.
    async fn take_events(&self, limit: usize, visibility: Duration) -> Result<Vec<Event>, StoreError>;

    /// Removes events that were delivered. Gives how many of them were still there.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the removal is not certain; they may be delivered again.
    async fn ack_events(&self, events: &[EventId]) -> Result<u64, StoreError>;
}

/// Takes events out of the vault into the product.
#[async_trait]
pub trait EventSink: fmt::Debug + Send + Sync + 'static {
    /// Takes over one event. `Ok` means that it may be forgotten here. An event may come more than once, and
    /// after younger ones; [`Event::id`] tells.
    ///
    /// # Errors
    ///
    /// [`EventSinkError`] when it must be delivered again later.
    async fn deliver(&self, event: &Event) -> Result<(), EventSinkError>;
}

/// An event was not taken over.
#[derive(Debug)]
pub struct EventSinkError {
    message: Cow<'static, str>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl EventSinkError {
    /// Says what is wrong, in one lower-case line.
    pub fn new(message: impl Into<Cow<'static, str>>) -> Self {
        Self { message: message.into(), source: None }
    }

    /// Adds the cause.
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }
}

impl fmt::Display for EventSinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for EventSinkError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests;
