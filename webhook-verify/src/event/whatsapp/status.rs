//! What became of a message.

use super::{Contact, Shared, WhatsAppEventError};
use crate::{
    DedupeKey, EventTime, Strength,
    dedupe::KeyParts,
    event::content::{Content, exact},
    fields::Fields,
    open_enum::open_enum,
};

open_enum! {
    /// How far a message came.
    pub enum MessageStatus {
        /// WhatsApp took it.
        Sent = "sent",
        /// It is on the person's device.
        Delivered = "delivered",
        /// The person read it.
        Read = "read",
        /// The person played the voice message for the first time.
        Played = "played",
        /// It could not be delivered, see [`WhatsAppStatus::errors`]. Nothing comes after it.
        Failed = "failed",
    }
}

impl MessageStatus {
    /// Whether this status is further than the other one, which may have been told later: statuses overtake each other.
    ///
    /// `sent`, `delivered`, `read` and `played` follow each other, and `failed` is final. A known status supersedes one that this
    /// version does not know, and never the other way round. Keeping the status that supersedes the others gives the same result
    /// in whatever order they arrive.
    pub fn supersedes(&self, other: &Self) -> bool {
        self.rank() > other.rank()
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Unknown(_) => 0,
            Self::Sent => 1,
            Self::Delivered => 2,
            Self::Read => 3,
            Self::Played => 4,
            Self::Failed => 5,
        }
    }
}

open_enum! {
    /// How messages are paid.
    pub enum PricingModel {
        /// By conversation; until July 2025.
        Conversation = "CBP",
        /// By message; since July 2025.
        Message = "PMP",
    }
}

open_enum! {
    /// Why a message costs something or not.
    pub enum PricingType {
        /// It is paid.
        Regular = "regular",
        /// It is free: the person wrote in the last 24 hours.
        FreeCustomerService = "free_customer_service",
        /// It is free: the person came by an ad or a Page's button.
        FreeEntryPoint = "free_entry_point",
    }
}

open_enum! {
    /// The rate of a message.
    pub enum PricingCategory {
        /// Authentication.
        Authentication = "authentication",
        /// Authentication at the international rate.
        AuthenticationInternational = "authentication_international",
        /// Marketing.
        Marketing = "marketing",
        /// Marketing through the Marketing Messages Lite API.
        MarketingLite = "marketing_lite",
        /// Utility.
        Utility = "utility",
        /// An answer to a person.
        Service = "service",
        /// An answer to a person who came by an ad.
        ReferralConversion = "referral_conversion",
        /// Marketing in a group.
        GroupMarketing = "group_marketing",
        /// Utility in a group.
        GroupUtility = "group_utility",
        /// An answer in a group.
        GroupService = "group_service",
        /// A message of an AI provider.
        GeneralPurposeAi = "general_purpose_ai",
    }
}

/// What became of a message that the business sent (WhatsApp Cloud API: Webhooks, `messages`, list `statuses`; permission
/// `whatsapp_business_messaging`). Statuses may overtake each other, see [`MessageStatus::supersedes`].
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct WhatsAppStatus {
    /// The message, `wamid.…`.
    pub id: Option<String>,
    /// How far it came.
    pub status: Option<MessageStatus>,
    /// What has the status where it is no message, such as `payment`.
    pub status_of: Option<String>,
    /// When it came so far.
    pub timestamp: Option<EventTime>,
    /// For whom the message is: phone number, or id of a group.
    pub recipient_id: Option<String>,
    /// The business-scoped id of the person.
    pub recipient_user_id: Option<String>,
    /// The id of the person for all linked businesses.
    pub recipient_parent_user_id: Option<String>,
    /// `group` when the message is for a group.
    pub recipient_type: Option<String>,
    /// Which person of the group the status is of: phone number.
    pub recipient_participant_id: Option<String>,
    /// Which person of the group the status is of: business-scoped id.
    pub recipient_participant_user_id: Option<String>,
    /// What the business attached to the message.
    pub biz_opaque_callback_data: Option<String>,
    /// The conversation; since version 24 only for free entry points.
    pub conversation: Option<Conversation>,
    /// What the message costs; with `sent` and one of `delivered` and `read`.
    pub pricing: Option<Pricing>,
    /// Why it failed.
    pub errors: Vec<WhatsAppEventError>,
    /// The person.
    pub contact: Option<Contact>,
    /// The id of the business's phone number.
    pub phone_number_id: Option<String>,
    /// The business's phone number as it is shown.
    pub display_phone_number: Option<String>,
}

/// The conversation of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Conversation {
    /// Id.
    pub id: Option<String>,
    /// How it began: `origin.type`.
    pub origin: Option<PricingCategory>,
    /// When it ends.
    pub expiration_timestamp: Option<EventTime>,
}

/// What a message costs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pricing {
    /// Whether it is billed.
    pub billable: Option<bool>,
    /// How it is billed.
    pub pricing_model: Option<PricingModel>,
    /// Why it costs something or not: `type`.
    pub pricing_type: Option<PricingType>,
    /// The rate.
    pub category: Option<PricingCategory>,
}

impl WhatsAppStatus {
    pub(crate) fn read(value: &Fields<'_>, shared: &Shared, contact: Option<&Fields<'_>>) -> Self {
        let Shared { phone_number_id, display_phone_number } = shared.clone();
        Self {
            id: value.id("id"),
            status: value.choice("status"),
            status_of: value.id("type"),
            timestamp: value.time("timestamp"),
            recipient_id: value.id("recipient_id"),
            recipient_user_id: value.id("recipient_user_id"),
            recipient_parent_user_id: value.id("recipient_parent_user_id"),
            recipient_type: value.id("recipient_type"),
            recipient_participant_id: value.id("recipient_participant_id"),
            recipient_participant_user_id: value.id("recipient_participant_user_id"),
            biz_opaque_callback_data: value.text("biz_opaque_callback_data"),
            conversation: value.object("conversation").as_ref().map(Conversation::read),
            pricing: value.object("pricing").as_ref().map(Pricing::read),
            errors: WhatsAppEventError::list(value, "errors"),
            contact: contact.map(Contact::read),
            phone_number_id,
            display_phone_number,
        }
    }
}

impl Conversation {
    fn read(value: &Fields<'_>) -> Self {
        Self {
            id: value.id("id"),
            origin: value.object("origin").and_then(|origin| origin.choice("type")),
            expiration_timestamp: value.time("expiration_timestamp"),
        }
    }
}

impl Pricing {
    fn read(value: &Fields<'_>) -> Self {
        Self {
            billable: value.flag("billable"),
            pricing_model: value.choice("pricing_model"),
            pricing_type: value.choice("type"),
            category: value.choice("category"),
        }
    }
}

impl Content for WhatsAppStatus {
    fn name(&self) -> &'static str {
        "whatsapp_status"
    }

    fn occurred_at(&self) -> Option<EventTime> {
        self.timestamp
    }

    fn subject(&self) -> Option<&str> {
        self.recipient_id.as_deref().or(self.recipient_user_id.as_deref())
    }

    fn key(&self, parts: KeyParts, _: Option<EventTime>) -> Option<(DedupeKey, Strength)> {
        // A payment may have several with the same status.
        if self.status_of.as_deref().is_some_and(|what| what != "message") {
            return None;
        }
        let (id, status, timestamp) = (self.id.as_ref()?, self.status.as_ref()?, self.timestamp?);
        let participant =
            self.recipient_participant_id.as_ref().or(self.recipient_participant_user_id.as_ref());
        let parts = parts.part("wa_status").part(id).part(status.as_str()).maybe(participant);
        Some(exact(parts.time(Some(timestamp))))
    }
}
