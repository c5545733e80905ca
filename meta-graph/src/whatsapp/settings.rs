//! Settings of a number: calls, storage, shop, encryption, the official mark (WhatsApp Cloud API: Phone Number Settings).

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sociogram_api_core::http::{DecodeError, RawResponse};
use sociogram_api_core::open_enum;
use sociogram_oauth_core::scope;

use crate::acknowledged;
use crate::endpoint::endpoint;
use crate::id::{ObjectId, PhoneNumberId};
use crate::lenient;

endpoint! {
    /// The settings of a number: `GET /{phone_number_id}/settings`. Needs `whatsapp_business_management`.
    pub struct GetNumberSettings -> NumberSettings;
    "whatsapp.settings.get": GET "/{phone_number_id}/settings", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT];
    new { phone_number_id: PhoneNumberId }
    with {
        /// Whether the passwords for calls over SIP are told. **They are secrets.**
        include_sip_credentials: bool,
    }
    subject phone_number_id;
}

endpoint! {
    /// Changes settings of a number: `POST /{phone_number_id}/settings`. What is left out stays. Needs
    /// `whatsapp_business_management`.
    pub struct UpdateNumberSettings -> ();
    "whatsapp.settings.update": POST "/{phone_number_id}/settings", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT], Json;
    new { phone_number_id: PhoneNumberId }
    with {
        /// How calls are taken, as the documentation of calls has it.
        calling: Value,
        /// Where messages are kept.
        storage_configuration: StorageConfiguration,
        /// Whether messages go out only while the recipient's identity is known.
        user_identity_change: UserIdentityChange,
        /// Encryption of what is sent, as its documentation has it.
        payload_encryption: Value,
    }
    subject phone_number_id;
    decode acknowledged::read;
}

/// The settings of a number. `Debug` leaves the ones out that may hold secrets.
#[non_exhaustive]
#[derive(Clone, PartialEq, Deserialize)]
pub struct NumberSettings {
    /// How calls are taken. May hold SIP passwords.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub calling: Option<Value>,
    /// Where messages are kept.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub storage_configuration: Option<StorageConfiguration>,
    /// Whether messages go out only while the recipient's identity is known.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub user_identity_change: Option<UserIdentityChange>,
    /// Encryption of what is sent.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub payload_encryption: Option<Value>,
}

impl std::fmt::Debug for NumberSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NumberSettings")
            .field("storage_configuration", &self.storage_configuration)
            .field("user_identity_change", &self.user_identity_change)
            .finish_non_exhaustive()
    }
}

/// Where messages are kept.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StorageConfiguration {
    /// Which way.
    pub status: StorageStatus,
    /// The country, in two letters, for storage in one.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub data_localization_region: Option<String>,
    /// For how many minutes they are kept, for no storage.
    #[serde(default, deserialize_with = "lenient::count", skip_serializing_if = "Option::is_none")]
    pub retention_minutes: Option<u64>,
}

impl StorageConfiguration {
    /// In one country, in two letters.
    pub fn in_country(region: impl Into<String>) -> Self {
        let status = StorageStatus::InCountryStorageEnabled;
        Self { status, data_localization_region: Some(region.into()), retention_minutes: None }
    }

    /// As unless set.
    pub const fn usual() -> Self {
        Self { status: StorageStatus::Default, data_localization_region: None, retention_minutes: None }
    }
}

open_enum! {
    /// Where messages are kept.
    pub enum StorageStatus {
        /// As unless set.
        Default = "DEFAULT",
        /// In one country.
        InCountryStorageEnabled = "IN_COUNTRY_STORAGE_ENABLED",
        /// For a short time only.
        NoStorageEnabled = "NO_STORAGE_ENABLED",
    }
}

/// Whether messages go out only while the recipient's identity is known.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserIdentityChange {
    /// Whether they do.
    pub enable_identity_key_check: bool,
}

impl UserIdentityChange {
    /// Whether they do.
    pub const fn new(enable_identity_key_check: bool) -> Self {
        Self { enable_identity_key_check }
    }
}

endpoint! {
    /// Whether catalog and cart are shown: `GET /{phone_number_id}/whatsapp_commerce_settings`. `None` where no catalog is
    /// connected. Needs `whatsapp_business_management`.
    pub struct GetCommerceSettings -> Option<CommerceSettings>;
    "whatsapp.commerce.get": GET "/{phone_number_id}/whatsapp_commerce_settings", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT];
    new { phone_number_id: PhoneNumberId }
    subject phone_number_id;
    decode first;
}

/// The settings stand in a list of one, or of none.
fn first(response: &RawResponse) -> Result<Option<CommerceSettings>, DecodeError> {
    #[derive(Deserialize)]
    struct Envelope {
        data: Vec<CommerceSettings>,
    }
    let envelope: Envelope = response.json()?;
    Ok(envelope.data.into_iter().next())
}

/// Whether catalog and cart are shown.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CommerceSettings {
    /// The catalog's id.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub id: Option<ObjectId>,
    /// Whether people can put things into a cart.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_cart_enabled: Option<bool>,
    /// Whether the catalog is shown.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_catalog_visible: Option<bool>,
}

endpoint! {
    /// Shows or hides catalog and cart: `POST /{phone_number_id}/whatsapp_commerce_settings`. Needs
    /// `whatsapp_business_management`.
    pub struct UpdateCommerceSettings -> ();
    "whatsapp.commerce.update": POST "/{phone_number_id}/whatsapp_commerce_settings", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT];
    new { phone_number_id: PhoneNumberId }
    with {
        /// Whether people can put things into a cart.
        is_cart_enabled: bool,
        /// Whether the catalog is shown.
        is_catalog_visible: bool,
    }
    subject phone_number_id;
    decode acknowledged::read;
}

endpoint! {
    /// The public key that flows encrypt with: `GET /{phone_number_id}/whatsapp_business_encryption`. Needs
    /// `whatsapp_business_messaging`. (WhatsApp Flows: Business Encryption)
    pub struct GetBusinessEncryption -> BusinessEncryption;
    "whatsapp.encryption.get": GET "/{phone_number_id}/whatsapp_business_encryption", Safe, [scope::WHATSAPP_BUSINESS_MESSAGING];
    new { phone_number_id: PhoneNumberId }
    subject phone_number_id;
}

endpoint! {
    /// Sets the public key that flows encrypt with: `POST /{phone_number_id}/whatsapp_business_encryption`. A key of 2048
    /// bits for RSA, as PEM text. Needs `whatsapp_business_messaging`. (WhatsApp Flows: Business Encryption)
    pub struct SetBusinessEncryption -> ();
    "whatsapp.encryption.set": POST "/{phone_number_id}/whatsapp_business_encryption", Safe, [scope::WHATSAPP_BUSINESS_MESSAGING];
    new { phone_number_id: PhoneNumberId, business_public_key: String }
    subject phone_number_id;
    decode acknowledged::read;
}

/// The public key that flows encrypt with.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct BusinessEncryption {
    /// The key as PEM text.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub business_public_key: Option<String>,
    /// `VALID` or `MISMATCH`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub business_public_key_signature_status: Option<String>,
}

endpoint! {
    /// Whether a number has the official mark: `GET /{phone_number_id}/official_business_account`. Needs
    /// `whatsapp_business_management`. (Official Business Account Status)
    pub struct GetOfficialAccountStatus -> OfficialAccountStatus;
    "whatsapp.official_account.get": GET "/{phone_number_id}/official_business_account", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT];
    new { phone_number_id: PhoneNumberId }
    subject phone_number_id;
}

/// Whether a number has the official mark.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct OfficialAccountStatus {
    /// How the request stands, such as `NOT_STARTED`, `PENDING`, `APPROVED`, `REJECTED`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub oba_status: Option<String>,
    /// Why it stands so.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub status_message: Option<String>,
}
