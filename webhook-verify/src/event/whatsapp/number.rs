//! Phone numbers of a business.

use crate::{
    DedupeKey, EventTime, Strength,
    dedupe::KeyParts,
    event::content::{Content, best_effort},
    fields::Fields,
    open_enum::open_enum,
};

open_enum! {
    /// What happened to the quality or the limit of a number.
    pub enum PhoneNumberQualityEvent {
        /// Its quality is low.
        Flagged = "FLAGGED",
        /// Its quality is no longer low.
        Unflagged = "UNFLAGGED",
        /// It is new.
        Onboarding = "ONBOARDING",
        /// Its limit was raised.
        Upgrade = "UPGRADE",
        /// Its limit was lowered.
        Downgrade = "DOWNGRADE",
        /// It may send more messages in a second.
        ThroughputUpgrade = "THROUGHPUT_UPGRADE",
    }
}

/// The quality or the limit of a phone number changed (WhatsApp Business Management API: Webhooks,
/// `phone_number_quality_update`; permission `whatsapp_business_management`).
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PhoneNumberQuality {
    /// The number as it is shown.
    pub display_phone_number: Option<String>,
    /// What happened.
    pub event: Option<PhoneNumberQualityEvent>,
    /// How many people it may write to in 24 hours, such as `TIER_10K`: `current_limit`.
    pub current_limit: Option<String>,
    /// The limit until now: `old_limit`.
    pub old_limit: Option<String>,
    /// How many people all numbers of the business may write to in 24 hours: `max_daily_conversations_per_business`.
    pub max_daily_conversations_per_business: Option<String>,
}

impl PhoneNumberQuality {
    pub(crate) fn read(value: &Fields<'_>) -> Self {
        Self {
            display_phone_number: value.id("display_phone_number"),
            event: value.choice("event"),
            current_limit: value.id("current_limit"),
            old_limit: value.id("old_limit"),
            max_daily_conversations_per_business: value.id("max_daily_conversations_per_business"),
        }
    }
}

impl Content for PhoneNumberQuality {
    fn name(&self) -> &'static str {
        "whatsapp_phone_number_quality"
    }

    fn occurred_at(&self) -> Option<EventTime> {
        None
    }

    fn subject(&self) -> Option<&str> {
        self.display_phone_number.as_deref()
    }

    fn key(&self, parts: KeyParts, sent_at: Option<EventTime>) -> Option<(DedupeKey, Strength)> {
        let (number, event) = (self.subject()?, self.event.as_ref()?);
        let parts = parts.part("wa_number_quality").part(number).part(event.as_str());
        let limits = [&self.current_limit, &self.old_limit, &self.max_daily_conversations_per_business];
        let parts = limits.into_iter().fold(parts, |parts, limit| parts.maybe(limit.as_ref()));
        sent_at.map(|_| best_effort(parts, sent_at))
    }
}

open_enum! {
    /// What the review of a name decided.
    pub enum NameDecision {
        /// The name is shown.
        Approved = "APPROVED",
        /// The name is not shown, see [`PhoneNumberName::rejection_reason`].
        Rejected = "REJECTED",
        /// It is reviewed.
        Pending = "PENDING",
        /// The review was put off.
        Deferred = "DEFERRED",
    }
}

/// The name of a phone number was reviewed (WhatsApp Business Management API: Webhooks, `phone_number_name_update`; permission
/// `whatsapp_business_management`).
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PhoneNumberName {
    /// The number as it is shown.
    pub display_phone_number: Option<String>,
    /// What was decided.
    pub decision: Option<NameDecision>,
    /// The name.
    pub requested_verified_name: Option<String>,
    /// Why it is not shown, such as `NAME_EMPLOYEE_ISSUE`; absent for `NONE`.
    pub rejection_reason: Option<String>,
}

impl PhoneNumberName {
    pub(crate) fn read(value: &Fields<'_>) -> Self {
        Self {
            display_phone_number: value.id("display_phone_number"),
            decision: value.choice("decision"),
            requested_verified_name: value.id("requested_verified_name"),
            rejection_reason: value.id("rejection_reason").filter(|reason| reason != "NONE"),
        }
    }
}

impl Content for PhoneNumberName {
    fn name(&self) -> &'static str {
        "whatsapp_phone_number_name"
    }

    fn occurred_at(&self) -> Option<EventTime> {
        None
    }

    fn subject(&self) -> Option<&str> {
        self.display_phone_number.as_deref()
    }

    fn key(&self, parts: KeyParts, sent_at: Option<EventTime>) -> Option<(DedupeKey, Strength)> {
        let (number, decision) = (self.subject()?, self.decision.as_ref()?);
        let parts = parts.part("wa_number_name").part(number).part(decision.as_str());
        let parts = parts.maybe(self.requested_verified_name.as_ref());
        sent_at.map(|_| best_effort(parts, sent_at))
    }
}

open_enum! {
    /// What happened to the two-step verification.
    pub enum SecurityEventType {
        /// The code was set or changed.
        PinChanged = "PIN_CHANGED",
        /// Someone asked for another code.
        PinResetRequest = "PIN_RESET_REQUEST",
        /// Someone got another code.
        PinResetSuccess = "PIN_RESET_SUCCESS",
    }
}

/// The two-step verification of a phone number was changed (WhatsApp Business Management API: Webhooks, `security`; permission
/// `whatsapp_business_management`).
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SecurityEvent {
    /// The number as it is shown.
    pub display_phone_number: Option<String>,
    /// What happened.
    pub event: Option<SecurityEventType>,
    /// Who did it: id of a user of the business.
    pub requester: Option<String>,
}

impl SecurityEvent {
    pub(crate) fn read(value: &Fields<'_>) -> Self {
        Self {
            display_phone_number: value.id("display_phone_number"),
            event: value.choice("event"),
            requester: value.id("requester"),
        }
    }
}

impl Content for SecurityEvent {
    fn name(&self) -> &'static str {
        "whatsapp_security"
    }

    fn occurred_at(&self) -> Option<EventTime> {
        None
    }

    fn subject(&self) -> Option<&str> {
        self.display_phone_number.as_deref()
    }

    fn key(&self, parts: KeyParts, sent_at: Option<EventTime>) -> Option<(DedupeKey, Strength)> {
        let (number, event) = (self.subject()?, self.event.as_ref()?);
        let parts =
            parts.part("wa_security").part(number).part(event.as_str()).maybe(self.requester.as_ref());
        sent_at.map(|_| best_effort(parts, sent_at))
    }
}
