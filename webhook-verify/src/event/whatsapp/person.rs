//! What a person changed for themselves.

use super::Shared;
use crate::{
    DedupeKey, EventTime, Strength,
    dedupe::KeyParts,
    event::content::{Content, exact},
    fields::Fields,
    open_enum::open_enum,
};

open_enum! {
    /// What a person wants.
    pub enum PreferenceValue {
        /// No more of these messages: sending them fails.
        Stop = "stop",
        /// These messages again.
        Resume = "resume",
    }
}

/// A person stopped or resumed marketing messages (WhatsApp Cloud API: Webhooks, `user_preferences`; permission
/// `whatsapp_business_messaging`).
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Preference {
    /// The person's phone number, digits only. Absent when the person hides it.
    pub wa_id: Option<String>,
    /// The business-scoped id of the person.
    pub user_id: Option<String>,
    /// Which messages: `marketing_messages`.
    pub category: Option<String>,
    /// What the person wants.
    pub value: Option<PreferenceValue>,
    /// A sentence that describes it.
    pub detail: Option<String>,
    /// When the person chose.
    pub timestamp: Option<EventTime>,
    /// The id of the business's phone number.
    pub phone_number_id: Option<String>,
    /// The business's phone number as it is shown.
    pub display_phone_number: Option<String>,
}

impl Preference {
    pub(crate) fn read(value: &Fields<'_>, shared: &Shared) -> Self {
        let Shared { phone_number_id, display_phone_number } = shared.clone();
        Self {
            wa_id: value.id("wa_id"),
            user_id: value.id("user_id"),
            category: value.id("category"),
            value: value.choice("value"),
            detail: value.text("detail"),
            timestamp: value.time("timestamp"),
            phone_number_id,
            display_phone_number,
        }
    }
}

impl Content for Preference {
    fn name(&self) -> &'static str {
        "whatsapp_preference"
    }

    fn occurred_at(&self) -> Option<EventTime> {
        self.timestamp
    }

    fn subject(&self) -> Option<&str> {
        self.wa_id.as_deref().or(self.user_id.as_deref())
    }

    fn key(&self, parts: KeyParts, _: Option<EventTime>) -> Option<(DedupeKey, Strength)> {
        let (person, category, timestamp) = (self.subject()?, self.category.as_ref()?, self.timestamp?);
        let parts =
            parts.part("wa_preference").maybe(self.phone_number_id.as_ref()).part(person).part(category);
        let value = self.value.as_ref().map(PreferenceValue::as_str);
        Some(exact(parts.maybe(value).time(Some(timestamp))))
    }
}

/// The business-scoped id of a person changed, for instance with the phone number (WhatsApp Cloud API: Webhooks,
/// `user_id_update`; permission `whatsapp_business_messaging`).
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct UserIdChange {
    /// The person's phone number, digits only. Absent when the person hides it.
    pub wa_id: Option<String>,
    /// The id until now: `user_id.previous`.
    pub previous: Option<String>,
    /// The id from now on: `user_id.current`.
    pub current: Option<String>,
    /// The id for all linked businesses until now: `parent_user_id.previous`.
    pub previous_parent: Option<String>,
    /// The id for all linked businesses from now on: `parent_user_id.current`.
    pub current_parent: Option<String>,
    /// A sentence that describes it.
    pub detail: Option<String>,
    /// When it changed.
    pub timestamp: Option<EventTime>,
    /// The id of the business's phone number.
    pub phone_number_id: Option<String>,
    /// The business's phone number as it is shown.
    pub display_phone_number: Option<String>,
}

impl UserIdChange {
    pub(crate) fn read(value: &Fields<'_>, shared: &Shared) -> Self {
        let Shared { phone_number_id, display_phone_number } = shared.clone();
        let pair = |name| match value.object(name) {
            Some(ids) => (ids.id("previous"), ids.id("current")),
            None => (None, value.id(name)),
        };
        let ((previous, current), (previous_parent, current_parent)) =
            (pair("user_id"), pair("parent_user_id"));
        Self {
            wa_id: value.id("wa_id"),
            previous,
            current,
            previous_parent,
            current_parent,
            detail: value.text("detail"),
            timestamp: value.time("timestamp"),
            phone_number_id,
            display_phone_number,
        }
    }
}

impl Content for UserIdChange {
    fn name(&self) -> &'static str {
        "whatsapp_user_id"
    }

    fn occurred_at(&self) -> Option<EventTime> {
        self.timestamp
    }

    fn subject(&self) -> Option<&str> {
        self.wa_id.as_deref().or(self.previous.as_deref()).or(self.current.as_deref())
    }

    fn key(&self, parts: KeyParts, _: Option<EventTime>) -> Option<(DedupeKey, Strength)> {
        let (current, timestamp) = (self.current.as_ref()?, self.timestamp?);
        let parts = parts.part("wa_user_id").maybe(self.phone_number_id.as_ref()).part(current);
        Some(exact(parts.time(Some(timestamp))))
    }
}
