//! WhatsApp business accounts (WhatsApp Business Management API: WhatsApp Business Accounts).

use serde::Deserialize;
use sociogram_api_core::http::Page;
use sociogram_api_core::{Finding, open_enum};
use sociogram_oauth_core::scope;

use super::phone_numbers::HealthStatus;
use crate::acknowledged;
use crate::endpoint::{endpoint, list_endpoint};
use crate::id::{AppId, BusinessId, ObjectId, UserId, WhatsAppAccountId};
use crate::lenient;

endpoint! {
    /// An account: `GET /{waba_id}`. Needs `whatsapp_business_management`.
    pub struct GetWhatsAppAccount -> WhatsAppAccount;
    "whatsapp.accounts.get": GET "/{waba_id}", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT];
    new { waba_id: WhatsAppAccountId }
    fields "id,name,currency,country,timezone_id,status,account_review_status,business_verification_status,ownership_type,\
            health_status,message_template_namespace,primary_business_location,marketing_messages_onboarding_status,\
            whatsapp_business_manager_messaging_limit,is_enabled_for_insights,template_auto_archival_enabled,\
            disable_marketing_messages_on_cloud_api";
    subject waba_id;
}

endpoint! {
    /// Changes an account: `POST /{waba_id}`. Needs `whatsapp_business_management`.
    pub struct UpdateWhatsAppAccount -> UpdatedAccount;
    "whatsapp.accounts.update": POST "/{waba_id}", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT];
    new { waba_id: WhatsAppAccountId }
    with {
        /// Switches the analytics of templates on. **It cannot be switched off again.**
        is_enabled_for_insights: bool,
        /// Its name.
        name: String,
        /// Whether Meta puts templates away that are not used.
        template_auto_archival_enabled: bool,
        /// Whether marketing templates go out as marketing messages only.
        disable_marketing_messages_on_cloud_api: bool,
    }
    subject waba_id;
}

/// An account that was changed.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct UpdatedAccount {
    /// Its id.
    pub id: WhatsAppAccountId,
}

/// An account.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct WhatsAppAccount {
    /// Its id.
    pub id: WhatsAppAccountId,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// The currency it pays in.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub currency: Option<String>,
    /// The country of its business.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub country: Option<String>,
    /// Its time zone, as Meta's number.
    #[serde(default, deserialize_with = "lenient::text")]
    pub timezone_id: Option<String>,
    /// Whether it works, such as `ACTIVE`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub status: Option<String>,
    /// Where its review stands.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub account_review_status: Option<AccountReview>,
    /// Whether its business is verified.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub business_verification_status: Option<String>,
    /// How the business has it, such as `SELF` or `ON_BEHALF_OF`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub ownership_type: Option<String>,
    /// Whether it can send, and what keeps it from sending.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub health_status: Option<HealthStatus>,
    /// The namespace of its templates.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub message_template_namespace: Option<String>,
    /// Where the business mostly is.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub primary_business_location: Option<String>,
    /// Whether it may send marketing messages, such as `ELIGIBLE` or `ONBOARDED`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub marketing_messages_onboarding_status: Option<String>,
    /// To how many people in 24 hours its business may write first; counted over all its numbers.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub whatsapp_business_manager_messaging_limit: Option<MessagingLimit>,
    /// Whether the analytics of templates are on.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_enabled_for_insights: Option<bool>,
    /// Whether Meta puts templates away that are not used.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub template_auto_archival_enabled: Option<bool>,
    /// Whether marketing templates go out as marketing messages only.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub disable_marketing_messages_on_cloud_api: Option<bool>,
}

open_enum! {
    /// Where the review of an account stands.
    pub enum AccountReview {
        /// It passed.
        Approved = "APPROVED",
        /// It goes on.
        Pending = "PENDING",
        /// It did not pass.
        Rejected = "REJECTED",
    }
}

open_enum! {
    /// To how many people in 24 hours a business may write first.
    pub enum MessagingLimit {
        /// Not decided.
        Untiered = "UNTIERED",
        /// 50.
        Tier50 = "TIER_50",
        /// 250.
        Tier250 = "TIER_250",
        /// 1,000; of old.
        Tier1K = "TIER_1K",
        /// 2,000.
        Tier2K = "TIER_2K",
        /// 10,000.
        Tier10K = "TIER_10K",
        /// 100,000.
        Tier100K = "TIER_100K",
        /// As many as it wants.
        Unlimited = "TIER_UNLIMITED",
    }
}

endpoint! {
    /// The apps that get webhooks of an account: `GET /{waba_id}/subscribed_apps`. Needs `whatsapp_business_management`.
    pub struct ListAccountSubscriptions -> Page<AccountSubscription>;
    "whatsapp.subscriptions.list": GET "/{waba_id}/subscribed_apps", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT];
    new { waba_id: WhatsAppAccountId }
    subject waba_id;
    decode crate::page_envelope::read;
}

/// An app that gets webhooks.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct AccountSubscription {
    /// The app.
    #[serde(alias = "whatsapp_business_api_data")]
    pub app: SubscribedApp,
    /// The address, where it is another one than the app's.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub override_callback_uri: Option<String>,
}

/// An app.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SubscribedApp {
    /// Its id.
    pub id: AppId,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
}

sociogram_api_core::secret_newtype! {
    /// The token that Meta sends along when it tries a webhook's address.
    pub struct VerifyToken;
}

impl serde::Serialize for VerifyToken {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

endpoint! {
    /// Subscribes the app to all webhooks of an account: `POST /{waba_id}/subscribed_apps`.
    ///
    /// Without it no message arrives, although the app's own subscription is there. **Called without an address, it takes
    /// an address of its own away again.** Needs `whatsapp_business_management`.
    pub struct SubscribeAccount -> ();
    "whatsapp.subscriptions.add": POST "/{waba_id}/subscribed_apps", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT];
    new { waba_id: WhatsAppAccountId }
    with {
        /// Sends the account's webhooks to this address and not to the app's; needs `verify_token`.
        override_callback_uri: String,
        /// What Meta sends along when it tries the address.
        verify_token: VerifyToken,
    }
    subject waba_id;
    checked by check;
    decode acknowledged::read;
}

impl SubscribeAccount {
    /// What is wrong with it. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        if self.override_callback_uri.is_some() == self.verify_token.is_some() {
            return Vec::new();
        }
        let message = "an address and its token belong together";
        vec![
            Finding::error("whatsapp.subscription.override", "override_callback_uri", message)
                .advice("set both or none"),
        ]
    }
}

endpoint! {
    /// Ends all webhooks of an account for the app: `DELETE /{waba_id}/subscribed_apps`. It concerns **every tenant of this
    /// app** that has the account. Needs `whatsapp_business_management`.
    pub struct UnsubscribeAccount -> ();
    "whatsapp.subscriptions.remove": DELETE "/{waba_id}/subscribed_apps", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT];
    new { waba_id: WhatsAppAccountId }
    subject waba_id;
    decode acknowledged::read;
}

list_endpoint! {
    /// Who may do what with an account: `GET /{waba_id}/assigned_users`. Needs `whatsapp_business_management` and
    /// `business_management`.
    pub struct ListAssignedUsers -> AssignedUser;
    "whatsapp.assigned_users.list": "/{waba_id}/assigned_users", [scope::WHATSAPP_BUSINESS_MANAGEMENT, scope::BUSINESS_MANAGEMENT], limit 100;
    new { waba_id: WhatsAppAccountId, business: BusinessId }
    fields "id,name,tasks";
    subject waba_id;
}

endpoint! {
    /// Lets somebody do these tasks, and no others, with an account: `POST /{waba_id}/assigned_users`. Needs
    /// `whatsapp_business_management` and `business_management`.
    pub struct AssignUser -> ();
    "whatsapp.assigned_users.set": POST "/{waba_id}/assigned_users", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT, scope::BUSINESS_MANAGEMENT];
    new { waba_id: WhatsAppAccountId, user: UserId, tasks: Vec<AccountTask> }
    subject waba_id;
    decode acknowledged::read;
}

endpoint! {
    /// Takes an account from somebody: `DELETE /{waba_id}/assigned_users`. Needs `whatsapp_business_management` and
    /// `business_management`.
    pub struct UnassignUser -> ();
    "whatsapp.assigned_users.remove": DELETE "/{waba_id}/assigned_users", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT, scope::BUSINESS_MANAGEMENT];
    new { waba_id: WhatsAppAccountId, user: UserId }
    subject waba_id;
    decode acknowledged::read;
}

/// Somebody who may do something with an account.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct AssignedUser {
    /// The id of the person or system user.
    pub id: ObjectId,
    /// The name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// What may be done.
    #[serde(default, deserialize_with = "lenient::list")]
    pub tasks: Vec<AccountTask>,
}

open_enum! {
    /// Something that may be done with an account.
    pub enum AccountTask {
        /// Everything.
        Manage = "MANAGE",
        /// What a developer needs.
        Develop = "DEVELOP",
        /// Templates.
        ManageTemplates = "MANAGE_TEMPLATES",
        /// Numbers.
        ManagePhone = "MANAGE_PHONE",
        /// Prices.
        ViewCost = "VIEW_COST",
        /// Messages.
        Messaging = "MESSAGING",
        /// Templates, to look at.
        ViewTemplates = "VIEW_TEMPLATES",
        /// Numbers, to look at.
        ViewPhoneAssets = "VIEW_PHONE_ASSETS",
    }
}

#[cfg(test)]
mod tests;
