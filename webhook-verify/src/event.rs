//! One event of a delivery.

use std::{fmt, sync::Arc};

use serde_json::value::RawValue;

use crate::{DedupeKey, EventTime, Provider, Strength, canonical, dedupe::KeyParts};

pub(crate) mod feed;
pub(crate) mod kind;
pub(crate) mod lead;
pub(crate) mod leadgen;
pub(crate) mod social;
mod stored;

pub use kind::EventKind;

/// One event, cut out of its delivery: the unit to deduplicate, store and handle.
///
/// Serialize it with serde_json to keep it in a queue, and deserialize it in the worker: the typed
/// [`kind`](Self::kind) is read again from the raw JSON, so a worker of a later version understands more, while
/// the [`key`](Self::key) stays as it was.
///
/// `Debug` shows everything but the content.
#[derive(Clone)]
pub struct Event {
    provider: Provider,
    object: Arc<str>,
    account: Option<Arc<str>>,
    field: Box<str>,
    sent_at: Option<EventTime>,
    occurred_at: Option<EventTime>,
    key: DedupeKey,
    strength: Strength,
    kind: EventKind,
    raw: Box<RawValue>,
}

/// What an event inherits from its delivery.
pub(crate) struct Origin {
    pub(crate) provider: Provider,
    pub(crate) object: Arc<str>,
    pub(crate) account: Option<Arc<str>>,
    pub(crate) sent_at: Option<EventTime>,
}

impl Event {
    /// Types the raw JSON and builds the key; both depend on nothing but the arguments.
    pub(crate) fn read(origin: Origin, field: &str, raw: &RawValue) -> Self {
        let Origin { provider, object, account, sent_at } = origin;
        let (kind, occurred_at) = EventKind::read(provider, &object, field, raw);
        let parts = || KeyParts::new(provider, &object, account.as_deref());
        let natural = kind.natural_key(parts());
        let strength = if natural.is_some() { Strength::Exact } else { Strength::BestEffort };
        let key = natural.unwrap_or_else(|| {
            let content = parts().part("content").part(field).part(canonical::digest(raw));
            content.time(sent_at).finish()
        });
        let (field, raw) = (field.into(), raw.to_owned());
        Self { provider, object, account, field, sent_at, occurred_at, key, strength, kind, raw }
    }

    /// The key by which a repeat is recognised.
    pub fn key(&self) -> DedupeKey {
        self.key
    }

    /// How far the key can be trusted.
    pub fn strength(&self) -> Strength {
        self.strength
    }

    /// Who sent the event.
    pub fn provider(&self) -> Provider {
        self.provider
    }

    /// Meta: the kind of object that is subscribed, such as `page`, `instagram` or
    /// `whatsapp_business_account`, empty when the delivery names none. LinkedIn: the event type.
    pub fn object(&self) -> &str {
        &self.object
    }

    /// The account the event is about: the id of the Page, Instagram account, WhatsApp Business account or
    /// user, or the URN of the LinkedIn organization or owner of the lead.
    pub fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// What to route by. Meta: the subscribed field (`feed`, `leadgen`, …), or `messaging.` or `standby.` and
    /// the member that is present (`messaging.message`, …). LinkedIn: the event type. `entry` or `body` when
    /// that whole part has an unfamiliar shape, empty when no name could be read.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// When it happened, where the event says so.
    pub fn occurred_at(&self) -> Option<EventTime> {
        self.occurred_at
    }

    /// When the platform sent it, where the delivery says so. A repeat may carry another time.
    pub fn sent_at(&self) -> Option<EventTime> {
        self.sent_at
    }

    /// When it happened, or else when it was sent.
    pub fn time(&self) -> Option<EventTime> {
        self.occurred_at.or(self.sent_at)
    }

    /// The event, typed.
    pub fn kind(&self) -> &EventKind {
        &self.kind
    }

    /// The event, typed, owned.
    pub fn into_kind(self) -> EventKind {
        self.kind
    }

    /// The JSON of this one event as it was sent, without its neighbours.
    pub fn raw(&self) -> &RawValue {
        &self.raw
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("provider", &self.provider)
            .field("object", &self.object)
            .field("account", &self.account)
            .field("field", &self.field)
            .field("kind", &self.kind.name())
            .field("key", &self.key)
            .field("strength", &self.strength)
            .field("time", &self.time())
            .finish_non_exhaustive()
    }
}
