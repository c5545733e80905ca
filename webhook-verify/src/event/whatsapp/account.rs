//! WhatsApp Business accounts.

use crate::{
    DedupeKey, EventTime, Strength,
    dedupe::KeyParts,
    event::content::{Content, best_effort},
    fields::Fields,
    open_enum::open_enum,
};

open_enum! {
    /// What happened to an account.
    pub enum AccountEvent {
        /// It was shared with a partner.
        PartnerAdded = "PARTNER_ADDED",
        /// It is no longer shared with a partner.
        PartnerRemoved = "PARTNER_REMOVED",
        /// It has a partner's app.
        PartnerAppInstalled = "PARTNER_APP_INSTALLED",
        /// It no longer has a partner's app.
        PartnerAppUninstalled = "PARTNER_APP_UNINSTALLED",
        /// The business was verified.
        VerifiedAccount = "VERIFIED_ACCOUNT",
        /// It was banned, or the ban was changed, see [`AccountUpdate::ban_state`].
        DisabledUpdate = "DISABLED_UPDATE",
        /// It was restricted, see [`AccountUpdate::restrictions`].
        AccountRestriction = "ACCOUNT_RESTRICTION",
        /// It violated the policy, see [`AccountUpdate::violation_type`].
        AccountViolation = "ACCOUNT_VIOLATION",
        /// It was deleted.
        AccountDeleted = "ACCOUNT_DELETED",
        /// A number of it left for another device.
        AccountOffboarded = "ACCOUNT_OFFBOARDED",
        /// A number of it came back.
        AccountReconnected = "ACCOUNT_RECONNECTED",
    }
}

/// Something happened to a WhatsApp Business account (WhatsApp Business Management API: Webhooks, `account_update`; permission
/// `whatsapp_business_management`).
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccountUpdate {
    /// What happened.
    pub event: Option<AccountEvent>,
    /// The number it happened to.
    pub phone_number: Option<String>,
    /// The account, where the event is sent for another one: `waba_info.waba_id`.
    pub waba_id: Option<String>,
    /// Who owns that account: `waba_info.owner_business_id`.
    pub owner_business_id: Option<String>,
    /// The partner's app: `waba_info.partner_app_id`.
    pub partner_app_id: Option<String>,
    /// `SCHEDULE_FOR_DISABLE`, `DISABLE` or `REINSTATE`: `ban_info.waba_ban_state`.
    pub ban_state: Option<String>,
    /// The day of the ban, as the platform words it: `ban_info.waba_ban_date`.
    pub ban_date: Option<String>,
    /// What was violated: `violation_info.violation_type`.
    pub violation_type: Option<String>,
    /// What is no longer allowed, such as `RESTRICTED_BIZ_INITIATED_MESSAGING`: `restriction_info[].restriction_type`.
    pub restrictions: Vec<String>,
    /// When the last restriction ends: `restriction_info[].expiration`.
    pub restricted_until: Option<EventTime>,
}

impl AccountUpdate {
    pub(crate) fn read(value: &Fields<'_>) -> Self {
        let (account, ban) = (value.object("waba_info"), value.object("ban_info"));
        let account = |name| account.as_ref().and_then(|account| account.id(name));
        // A list of one in the documentation, its only item on the wire.
        let ban = |name| ban.as_ref().and_then(|ban| ban.id(name).or_else(|| ban.ids(name).pop()));
        Self {
            event: value.choice("event"),
            phone_number: value.id("phone_number"),
            waba_id: account("waba_id"),
            owner_business_id: account("owner_business_id"),
            partner_app_id: account("partner_app_id"),
            ban_state: ban("waba_ban_state"),
            ban_date: ban("waba_ban_date"),
            violation_type: value
                .object("violation_info")
                .and_then(|violation| violation.id("violation_type")),
            restrictions: value
                .objects("restriction_info")
                .filter_map(|one| one.id("restriction_type"))
                .collect(),
            restricted_until: value
                .objects("restriction_info")
                .filter_map(|one| one.time("expiration"))
                .max(),
        }
    }
}

impl Content for AccountUpdate {
    fn name(&self) -> &'static str {
        "whatsapp_account_update"
    }

    fn occurred_at(&self) -> Option<EventTime> {
        None
    }

    fn subject(&self) -> Option<&str> {
        self.phone_number.as_deref()
    }

    /// Events that this version does not know may differ by what it does not read.
    fn key(&self, parts: KeyParts, sent_at: Option<EventTime>) -> Option<(DedupeKey, Strength)> {
        let event = self.event.as_ref().filter(|event| event.is_known())?;
        let parts = parts.part("wa_account_update").part(event.as_str());
        let subject = [
            &self.phone_number,
            &self.waba_id,
            &self.owner_business_id,
            &self.partner_app_id,
            &self.ban_state,
            &self.violation_type,
        ];
        let parts = subject.into_iter().fold(parts, |parts, part| parts.maybe(part.as_ref()));
        let parts = self.restrictions.iter().fold(parts, KeyParts::part);
        sent_at.map(|_| best_effort(parts, sent_at))
    }
}

open_enum! {
    /// What a review decided.
    pub enum ReviewDecision {
        /// The account may be used.
        Approved = "APPROVED",
        /// The account may not be used.
        Rejected = "REJECTED",
        /// It is reviewed.
        Pending = "PENDING",
        /// The review was put off.
        Deferred = "DEFERRED",
    }
}

/// A WhatsApp Business account was reviewed (WhatsApp Business Management API: Webhooks, `account_review_update`; permission
/// `whatsapp_business_management`).
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccountReview {
    /// What was decided.
    pub decision: Option<ReviewDecision>,
}

impl AccountReview {
    pub(crate) fn read(value: &Fields<'_>) -> Self {
        Self { decision: value.choice("decision") }
    }
}

impl Content for AccountReview {
    fn name(&self) -> &'static str {
        "whatsapp_account_review"
    }

    fn occurred_at(&self) -> Option<EventTime> {
        None
    }

    fn subject(&self) -> Option<&str> {
        None
    }

    fn key(&self, parts: KeyParts, sent_at: Option<EventTime>) -> Option<(DedupeKey, Strength)> {
        let parts = parts.part("wa_account_review").part(self.decision.as_ref()?.as_str());
        sent_at.map(|_| best_effort(parts, sent_at))
    }
}

/// The limits of a business changed (WhatsApp Business Management API: Webhooks, `business_capability_update`; permission
/// `whatsapp_business_management`).
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BusinessCapability {
    /// How many people each number may write to in 24 hours, as the platform words it: a number, -1 without a limit, or
    /// `TIER_…`.
    pub max_daily_conversation_per_phone: Option<String>,
    /// How many people all numbers of the business may write to in 24 hours, as the platform words it.
    pub max_daily_conversations_per_business: Option<String>,
    /// How many numbers the account may have.
    pub max_phone_numbers_per_waba: Option<u64>,
    /// How many numbers the business may have.
    pub max_phone_numbers_per_business: Option<u64>,
}

impl BusinessCapability {
    pub(crate) fn read(value: &Fields<'_>) -> Self {
        // Both spellings are on the wire.
        let daily = |one: &str, many: &str| value.id(one).or_else(|| value.id(many));
        Self {
            max_daily_conversation_per_phone: daily(
                "max_daily_conversation_per_phone",
                "max_daily_conversations_per_phone",
            ),
            max_daily_conversations_per_business: daily(
                "max_daily_conversations_per_business",
                "max_daily_conversation_per_business",
            ),
            max_phone_numbers_per_waba: value.number("max_phone_numbers_per_waba"),
            max_phone_numbers_per_business: value.number("max_phone_numbers_per_business"),
        }
    }
}

impl Content for BusinessCapability {
    fn name(&self) -> &'static str {
        "whatsapp_capability"
    }

    fn occurred_at(&self) -> Option<EventTime> {
        None
    }

    fn subject(&self) -> Option<&str> {
        None
    }

    fn key(&self, parts: KeyParts, sent_at: Option<EventTime>) -> Option<(DedupeKey, Strength)> {
        if *self == Self::default() {
            return None;
        }
        let parts = parts.part("wa_capability");
        let parts = parts.maybe(self.max_daily_conversation_per_phone.as_ref());
        let parts = parts.maybe(self.max_daily_conversations_per_business.as_ref());
        let parts = parts.maybe(self.max_phone_numbers_per_waba.map(u64::to_be_bytes));
        let parts = parts.maybe(self.max_phone_numbers_per_business.map(u64::to_be_bytes));
        sent_at.map(|_| best_effort(parts, sent_at))
    }
}
