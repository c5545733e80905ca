//! One event of a delivery.

use std::{fmt, sync::Arc};

use serde_json::value::RawValue;

use crate::{DedupeKey, EventTime, Provider, Strength, canonical, dedupe::KeyParts};
use content::best_effort;

pub(crate) mod content;
pub(crate) mod feed;
pub(crate) mod instagram;
pub(crate) mod kind;
pub(crate) mod lead;
pub(crate) mod leadgen;
pub mod messaging;
pub(crate) mod page;
pub(crate) mod social;
mod stored;
pub mod threads;
pub(crate) mod user;
pub mod whatsapp;

pub(crate) use kind::EventKind;

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
    raw: Box<str>,
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
        let (kind, occurred_at) = EventKind::read(origin.provider, &origin.object, field, raw);
        Self::of(origin, field, kind, occurred_at, raw.get().into())
    }

    /// The same with the key that was built when it was delivered.
    pub(crate) fn read_again(
        origin: Origin,
        field: &str,
        raw: &RawValue,
        key: (DedupeKey, Strength),
    ) -> Self {
        let (kind, occurred_at) = EventKind::read(origin.provider, &origin.object, field, raw);
        Self::with_key(origin, field, kind, occurred_at, raw.get().into(), key)
    }

    /// An event whose kind is known already. `raw` is JSON that is typed as the same kind.
    pub(crate) fn of(
        origin: Origin,
        field: &str,
        kind: EventKind,
        occurred_at: Option<EventTime>,
        raw: Box<str>,
    ) -> Self {
        let parts = || KeyParts::new(origin.provider, &origin.object, origin.account.as_deref());
        let key = kind.key(parts(), origin.sent_at).unwrap_or_else(|| {
            let content = parts().part("content").part(field).part(canonical::digest(&raw));
            best_effort(content, origin.sent_at)
        });
        Self::with_key(origin, field, kind, occurred_at, raw, key)
    }

    fn with_key(
        origin: Origin,
        field: &str,
        kind: EventKind,
        occurred_at: Option<EventTime>,
        raw: Box<str>,
        (key, strength): (DedupeKey, Strength),
    ) -> Self {
        let Origin { provider, object, account, sent_at } = origin;
        Self {
            provider,
            object,
            account,
            field: field.into(),
            sent_at,
            occurred_at,
            key,
            strength,
            kind,
            raw,
        }
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
    /// `whatsapp_business_account`; `threads` for the envelope of Threads, which names none; empty when another delivery
    /// names none. LinkedIn: the event type.
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
    /// that whole part has an unfamiliar shape, empty when no name could be read. What the item of a WhatsApp change is tells
    /// [`kind`](Self::kind).
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

    /// What it is about within its account, where it says so: the other party of a conversation, the post that was
    /// commented, the lead. Events about one subject are best handled one after the other.
    pub fn subject(&self) -> Option<&str> {
        self.kind.subject()
    }

    /// The JSON of this one event as it was sent, without its neighbours. An event of a list inside a change (WhatsApp's
    /// `messages`, `statuses` and so on) is a change with that one item and what all items of the change share.
    pub fn raw(&self) -> &str {
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
