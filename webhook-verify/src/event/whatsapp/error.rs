//! Errors of WhatsApp.

use super::Shared;
use crate::{
    DedupeKey, EventTime, Strength,
    dedupe::KeyParts,
    event::content::{Content, best_effort},
    fields::Fields,
};

/// Why something failed (WhatsApp Cloud API: Error codes).
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct WhatsAppEventError {
    /// The code to act on, such as 131026.
    pub code: Option<i64>,
    /// The code's title.
    pub title: Option<String>,
    /// The code's text; in most errors the same as the title.
    pub message: Option<String>,
    /// What happened in this case: `error_data.details`.
    pub details: Option<String>,
    /// The page of the documentation.
    pub href: Option<String>,
}

impl WhatsAppEventError {
    pub(super) fn read(value: &Fields<'_>) -> Self {
        Self {
            code: value.number("code"),
            title: value.text("title"),
            message: value.text("message"),
            details: value.object("error_data").and_then(|data| data.text("details")),
            href: value.text("href"),
        }
    }

    /// The errors of a list.
    pub(super) fn list(value: &Fields<'_>, name: &str) -> Vec<Self> {
        value.objects(name).map(|error| Self::read(&error)).collect()
    }
}

/// An error of the WhatsApp system, the app or the account that belongs to no message (WhatsApp Cloud API: Webhooks,
/// `messages`, list `errors`; permission `whatsapp_business_messaging`).
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct WhatsAppError {
    /// What failed.
    pub error: WhatsAppEventError,
    /// The id of the business's phone number.
    pub phone_number_id: Option<String>,
    /// The business's phone number as it is shown.
    pub display_phone_number: Option<String>,
}

impl WhatsAppError {
    pub(crate) fn read(value: &Fields<'_>, shared: &Shared) -> Self {
        let Shared { phone_number_id, display_phone_number } = shared.clone();
        Self { error: WhatsAppEventError::read(value), phone_number_id, display_phone_number }
    }
}

impl Content for WhatsAppError {
    fn name(&self) -> &'static str {
        "whatsapp_error"
    }

    fn occurred_at(&self) -> Option<EventTime> {
        None
    }

    fn subject(&self) -> Option<&str> {
        self.phone_number_id.as_deref().or(self.display_phone_number.as_deref())
    }

    fn key(&self, parts: KeyParts, sent_at: Option<EventTime>) -> Option<(DedupeKey, Strength)> {
        let error = &self.error;
        let code = error.code?;
        let parts = parts.part("wa_error").maybe(self.subject()).part(code.to_be_bytes());
        let texts = [&error.title, &error.message, &error.details];
        let parts = texts.into_iter().fold(parts, |parts, text| parts.maybe(text.as_ref()));
        sent_at.map(|_| best_effort(parts, sent_at))
    }
}
