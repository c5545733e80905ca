//! Message templates.

use crate::{
    DedupeKey, EventTime, Strength,
    dedupe::KeyParts,
    event::content::{Content, best_effort},
    fields::Fields,
    open_enum::open_enum,
};

open_enum! {
    /// What happened to a template.
    pub enum TemplateEvent {
        /// It may be sent.
        Approved = "APPROVED",
        /// It was refused, see [`TemplateStatus::reason`].
        Rejected = "REJECTED",
        /// It is reviewed.
        Pending = "PENDING",
        /// It was paused, because people disliked it.
        Paused = "PAUSED",
        /// It was disabled.
        Disabled = "DISABLED",
        /// It will be disabled if people go on to dislike it.
        Flagged = "FLAGGED",
        /// It may be sent again.
        Reinstated = "REINSTATED",
        /// It will be deleted.
        PendingDeletion = "PENDING_DELETION",
        /// It was deleted.
        Deleted = "DELETED",
        /// Someone objected to the refusal.
        InAppeal = "IN_APPEAL",
        /// It was archived.
        Archived = "ARCHIVED",
        /// It was taken out of the archive.
        Unarchived = "UNARCHIVED",
        /// It may no longer be edited.
        Locked = "LOCKED",
        /// It may be edited again.
        Unlocked = "UNLOCKED",
    }
}

/// A message template was approved, rejected, paused and so on (WhatsApp Business Management API: Webhooks,
/// `message_template_status_update`; permission `whatsapp_business_management`).
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TemplateStatus {
    /// What happened.
    pub event: Option<TemplateEvent>,
    /// The template: `message_template_id`.
    pub id: Option<String>,
    /// Its name: `message_template_name`.
    pub name: Option<String>,
    /// Its language, such as `en_US`: `message_template_language`.
    pub language: Option<String>,
    /// Its category: `message_template_category`.
    pub category: Option<String>,
    /// Why it was refused, such as `INCORRECT_CATEGORY`; absent for `NONE`.
    pub reason: Option<String>,
    /// When it will be or was disabled: `disable_info.disable_date`.
    pub disable_date: Option<EventTime>,
    /// Title of a further explanation, such as `FIRST_PAUSE`: `other_info.title`.
    pub other_title: Option<String>,
    /// A further explanation: `other_info.description`.
    pub other_description: Option<String>,
}

impl TemplateStatus {
    pub(crate) fn read(value: &Fields<'_>) -> Self {
        let other = value.object("other_info");
        let other = |name| other.as_ref().and_then(|other| other.text(name));
        Self {
            event: value.choice("event"),
            id: value.id("message_template_id"),
            name: value.id("message_template_name"),
            language: value.id("message_template_language"),
            category: value.id("message_template_category"),
            reason: value.id("reason").filter(|reason| reason != "NONE"),
            disable_date: value.object("disable_info").and_then(|disable| disable.time("disable_date")),
            other_title: other("title"),
            other_description: other("description"),
        }
    }
}

impl Content for TemplateStatus {
    fn name(&self) -> &'static str {
        "whatsapp_template_status"
    }

    fn occurred_at(&self) -> Option<EventTime> {
        None
    }

    fn subject(&self) -> Option<&str> {
        self.id.as_deref()
    }

    fn key(&self, parts: KeyParts, sent_at: Option<EventTime>) -> Option<(DedupeKey, Strength)> {
        let (id, event) = (self.id.as_ref()?, self.event.as_ref()?);
        let parts =
            parts.part("wa_template_status").part(id).maybe(self.language.as_ref()).part(event.as_str());
        sent_at.map(|_| best_effort(parts, sent_at))
    }
}

/// The quality of a message template changed (WhatsApp Business Management API: Webhooks, `message_template_quality_update`;
/// permission `whatsapp_business_management`).
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TemplateQuality {
    /// The template: `message_template_id`.
    pub id: Option<String>,
    /// Its name: `message_template_name`.
    pub name: Option<String>,
    /// Its language, such as `en_US`: `message_template_language`.
    pub language: Option<String>,
    /// The quality until now: `GREEN`, `YELLOW`, `RED` or `UNKNOWN`.
    pub previous_quality_score: Option<String>,
    /// The quality from now on.
    pub new_quality_score: Option<String>,
}

impl TemplateQuality {
    pub(crate) fn read(value: &Fields<'_>) -> Self {
        Self {
            id: value.id("message_template_id"),
            name: value.id("message_template_name"),
            language: value.id("message_template_language"),
            previous_quality_score: value.id("previous_quality_score"),
            new_quality_score: value.id("new_quality_score"),
        }
    }
}

impl Content for TemplateQuality {
    fn name(&self) -> &'static str {
        "whatsapp_template_quality"
    }

    fn occurred_at(&self) -> Option<EventTime> {
        None
    }

    fn subject(&self) -> Option<&str> {
        self.id.as_deref()
    }

    fn key(&self, parts: KeyParts, sent_at: Option<EventTime>) -> Option<(DedupeKey, Strength)> {
        let (id, new) = (self.id.as_ref()?, self.new_quality_score.as_ref()?);
        let parts = parts.part("wa_template_quality").part(id).maybe(self.language.as_ref());
        let parts = parts.maybe(self.previous_quality_score.as_ref()).part(new);
        sent_at.map(|_| best_effort(parts, sent_at))
    }
}

/// The category of a message template changed, or will (WhatsApp Business Management API: Webhooks,
/// `template_category_update`; permission `whatsapp_business_management`).
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TemplateCategory {
    /// The template: `message_template_id`.
    pub id: Option<String>,
    /// Its name: `message_template_name`.
    pub name: Option<String>,
    /// Its language, such as `en_US`: `message_template_language`.
    pub language: Option<String>,
    /// The category until now: `AUTHENTICATION`, `MARKETING` or `UTILITY`. Absent in an announcement.
    pub previous_category: Option<String>,
    /// The category from now on; in an announcement the one that still holds.
    pub new_category: Option<String>,
    /// The category that an announced change will set.
    pub correct_category: Option<String>,
}

impl TemplateCategory {
    pub(crate) fn read(value: &Fields<'_>) -> Self {
        Self {
            id: value.id("message_template_id"),
            name: value.id("message_template_name"),
            language: value.id("message_template_language"),
            previous_category: value.id("previous_category"),
            new_category: value.id("new_category"),
            correct_category: value.id("correct_category"),
        }
    }
}

impl Content for TemplateCategory {
    fn name(&self) -> &'static str {
        "whatsapp_template_category"
    }

    fn occurred_at(&self) -> Option<EventTime> {
        None
    }

    fn subject(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// With the time of sending: a category may come back.
    fn key(&self, parts: KeyParts, sent_at: Option<EventTime>) -> Option<(DedupeKey, Strength)> {
        let (id, new) = (self.id.as_ref()?, self.new_category.as_ref()?);
        let parts = parts.part("wa_template_category").part(id).maybe(self.language.as_ref());
        let parts =
            parts.maybe(self.previous_category.as_ref()).part(new).maybe(self.correct_category.as_ref());
        sent_at.map(|_| best_effort(parts, sent_at))
    }
}
