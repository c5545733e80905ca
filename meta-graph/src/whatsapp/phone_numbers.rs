//! Phone numbers of a WhatsApp business account (WhatsApp Business Management API: Phone Numbers).

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sociogram_api_core::{Finding, Timestamp, open_enum};
use sociogram_oauth_core::scope;

use super::accounts::MessagingLimit;
use crate::acknowledged;
use crate::endpoint::{endpoint, list_endpoint};
use crate::id::{PhoneNumberId, WhatsAppAccountId};
use crate::lenient;

/// The fields that are read unless told otherwise.
const FIELDS: &str = "id,display_phone_number,verified_name,status,quality_rating,code_verification_status,platform_type,\
                      throughput,name_status,new_name_status,account_mode,is_official_business_account,is_pin_enabled,\
                      is_on_biz_app,health_status,whatsapp_business_manager_messaging_limit,webhook_configuration,\
                      last_onboarded_time";

list_endpoint! {
    /// The numbers of an account: `GET /{waba_id}/phone_numbers`. Needs `whatsapp_business_management`.
    pub struct ListPhoneNumbers -> PhoneNumber;
    "whatsapp.phone_numbers.list": "/{waba_id}/phone_numbers", [scope::WHATSAPP_BUSINESS_MANAGEMENT], limit 100;
    new { waba_id: WhatsAppAccountId }
    fields FIELDS;
    subject waba_id;
}

endpoint! {
    /// One number: `GET /{phone_number_id}`. Needs `whatsapp_business_management`.
    pub struct GetPhoneNumber -> PhoneNumber;
    "whatsapp.phone_numbers.get": GET "/{phone_number_id}", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT];
    new { phone_number_id: PhoneNumberId }
    fields FIELDS;
    subject phone_number_id;
}

endpoint! {
    /// Adds a number to an account: `POST /{waba_id}/phone_numbers`.
    ///
    /// `cc` is the country code and `phone_number` the rest, digits only. Afterwards it is verified
    /// ([`RequestVerificationCode`](super::registration::RequestVerificationCode)) and registered
    /// ([`RegisterPhoneNumber`](super::registration::RegisterPhoneNumber)). Needs `whatsapp_business_management`.
    pub struct CreatePhoneNumber -> CreatedPhoneNumber;
    "whatsapp.phone_numbers.create": POST "/{waba_id}/phone_numbers", Never, [scope::WHATSAPP_BUSINESS_MANAGEMENT];
    new { waba_id: WhatsAppAccountId, cc: String, phone_number: String }
    with {
        /// The name that people see; Meta reviews it.
        verified_name: String,
        /// Whether it comes from another account and keeps its name and quality.
        migrate_phone_number: bool,
        /// The id of a number that was verified before.
        preverified_id: String,
    }
    subject waba_id;
    checked by check;
}

impl CreatePhoneNumber {
    /// What is wrong with it. Sending it checks the same; findings never repeat the number.
    pub fn check(&self) -> Vec<Finding> {
        let digits = |text: &str, most| {
            (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        let wrong = |field| {
            Finding::error("whatsapp.phone_number", field, "these are not the digits of a number")
                .advice("pass the country code and the rest of the number apart, digits only")
        };
        let mut found = Vec::new();
        if !digits(&self.cc, 4) {
            found.push(wrong("cc"));
        }
        if !digits(&self.phone_number, 20) {
            found.push(wrong("phone_number"));
        }
        found
    }
}

endpoint! {
    /// Has the webhooks of one number sent to another address: `POST /{phone_number_id}`. An empty address takes it
    /// back. Needs `whatsapp_business_management`. (Webhooks: Override)
    pub struct OverrideNumberWebhook -> ();
    "whatsapp.phone_numbers.webhook.set": POST "/{phone_number_id}", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT], Json;
    new { phone_number_id: PhoneNumberId, webhook_configuration: WebhookOverride }
    subject phone_number_id;
    decode acknowledged::read;
}

/// Another address for webhooks.
#[derive(Clone, Serialize)]
pub struct WebhookOverride {
    override_callback_uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    verify_token: Option<String>,
}

impl WebhookOverride {
    /// This address, with the token that Meta sends along when it tries it.
    pub fn new(callback_uri: impl Into<String>, verify_token: impl Into<String>) -> Self {
        Self { override_callback_uri: callback_uri.into(), verify_token: Some(verify_token.into()) }
    }

    /// The account's or the app's address again.
    pub const fn none() -> Self {
        Self { override_callback_uri: String::new(), verify_token: None }
    }
}

impl std::fmt::Debug for WebhookOverride {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WebhookOverride")
            .field("override_callback_uri", &self.override_callback_uri)
            .finish_non_exhaustive()
    }
}

/// A number that was added.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CreatedPhoneNumber {
    /// Its id.
    pub id: PhoneNumberId,
}

/// A number.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct PhoneNumber {
    /// Its id.
    pub id: PhoneNumberId,
    /// The number as it is shown: `+1 555-123-4567`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub display_phone_number: Option<String>,
    /// The name that people see.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub verified_name: Option<String>,
    /// Whether it works.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub status: Option<NumberStatus>,
    /// How people take its messages.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub quality_rating: Option<QualityRating>,
    /// Whether its owner entered the code.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub code_verification_status: Option<CodeVerificationStatus>,
    /// Where it is registered.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub platform_type: Option<PlatformType>,
    /// How many messages a second it can send.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub throughput: Option<Throughput>,
    /// Whether the name was accepted.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name_status: Option<NameStatus>,
    /// Whether a new name was accepted.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub new_name_status: Option<NameStatus>,
    /// `SANDBOX` or `LIVE`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub account_mode: Option<String>,
    /// Whether it has the mark of an official account.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub is_official_business_account: Option<bool>,
    /// Whether the two-step verification is on.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub is_pin_enabled: Option<bool>,
    /// Whether the WhatsApp Business app uses it as well. Then it sends 20 messages a second.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub is_on_biz_app: Option<bool>,
    /// To how many people in 24 hours the business may write first.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub whatsapp_business_manager_messaging_limit: Option<MessagingLimit>,
    /// The same under its older name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub messaging_limit_tier: Option<MessagingLimit>,
    /// Whether it can send, and what keeps it from sending.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub health_status: Option<HealthStatus>,
    /// Where its webhooks go, by level.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub webhook_configuration: Option<Value>,
    /// When it was added in the sign-up.
    #[serde(default, deserialize_with = "lenient::time")]
    pub last_onboarded_time: Option<Timestamp>,
}

/// How many messages a second a number can send.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Throughput {
    /// The level.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub level: Option<ThroughputLevel>,
}

/// Whether messages can be sent.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct HealthStatus {
    /// Over all.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub can_send_message: Option<CanSend>,
    /// Of the number, the account, the business and the app.
    #[serde(default, deserialize_with = "lenient::list")]
    pub entities: Vec<HealthEntity>,
}

/// What a [`HealthStatus`] is made of.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct HealthEntity {
    /// `PHONE_NUMBER`, `WABA`, `BUSINESS`, `APP`, `MESSAGE_TEMPLATE`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub entity_type: Option<String>,
    /// Its id.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub id: Option<crate::id::ObjectId>,
    /// Whether it allows sending.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub can_send_message: Option<CanSend>,
    /// What is wrong, as Meta has it.
    #[serde(default, deserialize_with = "lenient::list")]
    pub errors: Vec<Value>,
    /// More about it.
    #[serde(default, deserialize_with = "lenient::list")]
    pub additional_info: Vec<String>,
}

open_enum! {
    /// Whether messages can be sent.
    pub enum CanSend {
        /// Yes.
        Available = "AVAILABLE",
        /// With limits.
        Limited = "LIMITED",
        /// No.
        Blocked = "BLOCKED",
    }
}

open_enum! {
    /// Whether a number works: only a connected one does.
    pub enum NumberStatus {
        /// It works.
        Connected = "CONNECTED",
        /// Not registered yet.
        Pending = "PENDING",
        /// Not registered any more.
        Disconnected = "DISCONNECTED",
        /// Moved away.
        Migrated = "MIGRATED",
        /// Shut out.
        Banned = "BANNED",
        /// It may not write first.
        Restricted = "RESTRICTED",
        /// Its quality is low.
        Flagged = "FLAGGED",
        /// It sent too much.
        RateLimited = "RATE_LIMITED",
        /// Nobody entered the code.
        Unverified = "UNVERIFIED",
        /// Deleted.
        Deleted = "DELETED",
    }
}

open_enum! {
    /// How people take the messages of a number.
    pub enum QualityRating {
        /// Well.
        Green = "GREEN",
        /// Not so well.
        Yellow = "YELLOW",
        /// Badly.
        Red = "RED",
        /// Not known.
        NotAvailable = "NA",
        /// Not known, in another word.
        Unrated = "UNKNOWN",
    }
}

open_enum! {
    /// Whether the code was entered.
    pub enum CodeVerificationStatus {
        /// It was.
        Verified = "VERIFIED",
        /// It was not.
        NotVerified = "NOT_VERIFIED",
        /// It was not, in another word.
        Unverified = "UNVERIFIED",
        /// It was too late.
        Expired = "EXPIRED",
    }
}

open_enum! {
    /// Where a number is registered.
    pub enum PlatformType {
        /// With the Cloud API.
        CloudApi = "CLOUD_API",
        /// With the retired On-Premises API.
        OnPremise = "ON_PREMISE",
        /// Nowhere.
        NotApplicable = "NOT_APPLICABLE",
    }
}

open_enum! {
    /// How many messages a second.
    pub enum ThroughputLevel {
        /// 80.
        Standard = "STANDARD",
        /// 1,000.
        High = "HIGH",
        /// Not registered.
        NotApplicable = "NOT_APPLICABLE",
    }
}

open_enum! {
    /// Whether a name was accepted.
    pub enum NameStatus {
        /// It was.
        Approved = "APPROVED",
        /// It may be used without a review.
        AvailableWithoutReview = "AVAILABLE_WITHOUT_REVIEW",
        /// It was not.
        Declined = "DECLINED",
        /// The certificate is too old.
        Expired = "EXPIRED",
        /// It is being reviewed.
        PendingReview = "PENDING_REVIEW",
        /// There is none.
        None = "NONE",
    }
}

#[cfg(test)]
mod tests;
