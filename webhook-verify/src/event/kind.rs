//! What an event says, typed where its shape is known.

use serde_json::value::RawValue;

use super::{feed::FeedChange, lead::LeadAction, leadgen::LeadgenChange, social::SocialAction};
use crate::{
    DedupeKey, EventTime, Provider,
    dedupe::KeyParts,
    fields::{Fields, text},
};

/// LinkedIn's type of likes, comments and shares on an organization's posts.
pub(crate) const SOCIAL: &str = "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS";
/// LinkedIn's type of created and deleted leads.
pub(crate) const LEAD: &str = "LEAD_ACTION";
/// Stands for a field when a whole entry is kept as one event.
pub(crate) const ENTRY: &str = "entry";
/// Stands for a field when the whole body is kept as one event.
pub(crate) const BODY: &str = "body";

/// What an event says.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum EventKind {
    /// Something was posted, commented, liked, changed or removed on a Page (`page`, field `feed`).
    PageFeed(Box<FeedChange>),
    /// Someone filled in an instant form of a Page (`page`, field `leadgen`).
    PageLeadgen(Box<LeadgenChange>),
    /// Someone acted on a post of a LinkedIn organization.
    LinkedInSocialAction(Box<SocialAction>),
    /// A LinkedIn lead was created or deleted.
    LinkedInLeadAction(Box<LeadAction>),
    /// This version has no type for the event, or it came without a value ("Include Values" is off).
    /// Read [`Event::raw`](crate::Event::raw).
    Unknown {
        /// The same as [`Event::field`](crate::Event::field).
        field: Box<str>,
    },
    /// The event has a shape that its field must not have. Read [`Event::raw`](crate::Event::raw).
    Unreadable {
        /// What is wrong with it; holds nothing of the content.
        reason: &'static str,
    },
}

impl EventKind {
    /// A short stable name, for a metric label.
    pub fn name(&self) -> &'static str {
        match self {
            Self::PageFeed(_) => "page_feed",
            Self::PageLeadgen(_) => "page_leadgen",
            Self::LinkedInSocialAction(_) => "linkedin_social_action",
            Self::LinkedInLeadAction(_) => "linkedin_lead_action",
            Self::Unknown { .. } => "unknown",
            Self::Unreadable { .. } => "unreadable",
        }
    }

    /// Types one event, and tells when it happened.
    pub(crate) fn read(
        provider: Provider,
        object: &str,
        field: &str,
        raw: &RawValue,
    ) -> (Self, Option<EventTime>) {
        let kind = match provider {
            Provider::Meta => meta(object, field, raw),
            Provider::LinkedIn => linkedin(field, raw),
        };
        let kind = kind.unwrap_or_else(|reason| Self::Unreadable { reason });
        let occurred_at = match &kind {
            Self::PageFeed(change) => change.created_time,
            Self::PageLeadgen(change) => change.created_time,
            Self::LinkedInSocialAction(action) => action.last_modified_at,
            Self::LinkedInLeadAction(action) => action.occurred_at,
            Self::Unknown { .. } if is_message(field) => {
                Fields::of(raw).and_then(|item| item.time("timestamp"))
            }
            Self::Unknown { .. } | Self::Unreadable { .. } => None,
        };
        (kind, occurred_at)
    }

    /// The key of an event that has identifiers of its own.
    pub(crate) fn natural_key(&self, parts: KeyParts) -> Option<DedupeKey> {
        match self {
            Self::PageFeed(change) => change.natural_key(parts),
            Self::PageLeadgen(change) => change.natural_key(parts),
            Self::LinkedInSocialAction(action) => action.natural_key(parts),
            Self::LinkedInLeadAction(action) => action.natural_key(parts),
            Self::Unknown { .. } | Self::Unreadable { .. } => None,
        }
    }

    fn unknown(field: &str) -> Self {
        Self::Unknown { field: field.into() }
    }
}

/// Whether the field names an item of `messaging` or `standby`.
fn is_message(field: &str) -> bool {
    matches!(field.split('.').next(), Some("messaging" | "standby"))
}

fn meta(object: &str, field: &str, raw: &RawValue) -> Result<EventKind, &'static str> {
    match (object, field) {
        ("page", "feed") => Ok(match change_value(raw)? {
            Some(value) => EventKind::PageFeed(Box::new(FeedChange::read(&value))),
            None => EventKind::unknown(field),
        }),
        ("page", "leadgen") => Ok(match change_value(raw)? {
            Some(value) => EventKind::PageLeadgen(Box::new(LeadgenChange::read(&value))),
            None => EventKind::unknown(field),
        }),
        (_, "") => Err("the change names no field"),
        (_, ENTRY) => {
            Fields::of(raw).map(|_| EventKind::unknown(field)).ok_or("the entry is not a JSON object")
        }
        (_, BODY) if Fields::of(raw).is_some_and(|body| body.raw("entry").is_some()) => {
            Err("`entry` is not a list")
        }
        _ if is_message(field) => {
            Fields::of(raw).map(|_| EventKind::unknown(field)).ok_or("the message item is not a JSON object")
        }
        _ => Ok(EventKind::unknown(field)),
    }
}

/// The value of a change; `None` when only the field's name was sent.
fn change_value(raw: &RawValue) -> Result<Option<Fields<'_>>, &'static str> {
    let Some(change) = Fields::of(raw) else {
        return text(raw).map(|_| None).ok_or("the change is not a JSON object");
    };
    match change.raw("value") {
        None => Ok(None),
        Some(value) => Fields::of(value).map(Some).ok_or("the value of the change is not a JSON object"),
    }
}

fn linkedin(field: &str, raw: &RawValue) -> Result<EventKind, &'static str> {
    let event = Fields::of(raw).ok_or("the notification is not a JSON object")?;
    match field {
        SOCIAL => Ok(EventKind::LinkedInSocialAction(Box::new(SocialAction::read(&event)))),
        LEAD => Ok(EventKind::LinkedInLeadAction(Box::new(LeadAction::read(&event)))),
        BODY if event.raw("notifications").is_some() => Err("`notifications` is not a list"),
        _ => Ok(EventKind::unknown(field)),
    }
}
