//! Splits LinkedIn's notifications.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::value::RawValue;

use super::{ParseError, body};
use crate::{
    Delivery, Event, Provider, Verified,
    event::{
        Origin,
        kind::{BODY, LEAD, SOCIAL},
        lead::NamedUrn,
    },
    fields::{Fields, list},
};

/// Splits a verified LinkedIn delivery into its events: up to ten organization social actions, or one lead
/// action (LinkedIn: Organization Social Action Notifications, Lead Sync API).
///
/// A notification that cannot be read becomes [`EventKind::Unreadable`](crate::EventKind), a delivery of another
/// type becomes one [`EventKind::Unknown`](crate::EventKind); both keep their JSON.
///
/// # Errors
///
/// When the body is not valid JSON, or Meta signed it.
pub fn parse_linkedin(verified: &Verified<Bytes>) -> Result<Delivery, ParseError> {
    let raw = body(verified, Provider::LinkedIn)?;
    let envelope = Fields::of(raw);
    let kind = envelope.as_ref().and_then(|envelope| envelope.text("type")).unwrap_or_default();
    let notifications = envelope.as_ref().and_then(|envelope| list(envelope.raw("notifications")?));
    let object: Arc<str> = kind.as_str().into();
    let read = |field: &str, account: Option<String>, raw: &RawValue| {
        let account = account.map(Arc::from);
        let origin = Origin { provider: Provider::LinkedIn, object: object.clone(), account, sent_at: None };
        Event::read(origin, field, raw)
    };
    let events = match (kind.as_str(), notifications) {
        (SOCIAL, Some(notifications)) => notifications
            .into_iter()
            .map(|raw| read(SOCIAL, Fields::of(raw).and_then(|one| one.text("organizationalEntity")), raw))
            .collect(),
        (SOCIAL, None) | ("", _) => vec![read(BODY, None, raw)],
        (LEAD, _) => {
            let owner = envelope.as_ref().and_then(|lead| NamedUrn::read(lead, "owner"));
            vec![read(LEAD, owner.map(|owner| owner.urn), raw)]
        }
        (other, _) => vec![read(other, None, raw)],
    };
    Ok(Delivery::new(Provider::LinkedIn, events))
}
