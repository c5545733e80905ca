//! Whether a person may be called (WhatsApp Cloud API: Calling).

use serde::Deserialize;
use sociogram_api_core::{Finding, Timestamp, open_enum};
use sociogram_oauth_core::scope;

use super::ids::BusinessScopedUserId;
use crate::endpoint::endpoint;
use crate::id::PhoneNumberId;
use crate::lenient;

endpoint! {
    /// Whether a person may be called: `GET /{phone_number_id}/call_permissions`. Needs `whatsapp_business_messaging`; calls
    /// must be switched on for the number.
    pub struct GetCallPermissions -> CallPermissions;
    "whatsapp.call_permissions.get": GET "/{phone_number_id}/call_permissions", Safe, [scope::WHATSAPP_BUSINESS_MESSAGING];
    new { phone_number_id: PhoneNumberId }
    with {
        /// The person's number or `wa_id`.
        user_wa_id: String,
        /// The person's business-scoped id, where the number is not known.
        recipient: BusinessScopedUserId,
    }
    subject phone_number_id;
    checked by check;
}

impl GetCallPermissions {
    /// What is wrong with it. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        if self.user_wa_id.is_some() != self.recipient.is_some() {
            return Vec::new();
        }
        let finding = Finding::error(
            "whatsapp.call_permissions",
            "user_wa_id",
            "there is nobody, or the same person twice",
        );
        vec![finding.advice("set either `user_wa_id` or `recipient`")]
    }
}

/// Whether a person may be called.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CallPermissions {
    /// What the person said.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub permission: Option<CallPermission>,
    /// What may be done.
    #[serde(default, deserialize_with = "lenient::list")]
    pub actions: Vec<CallAction>,
}

/// What the person said.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CallPermission {
    /// Whether calls are allowed.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub status: Option<CallPermissionStatus>,
    /// Until when.
    #[serde(default, deserialize_with = "lenient::time")]
    pub expiration_time: Option<Timestamp>,
}

open_enum! {
    /// Whether calls are allowed.
    pub enum CallPermissionStatus {
        /// They are not.
        NoPermission = "no_permission",
        /// For some days.
        Temporary = "temporary",
        /// For good.
        Permanent = "permanent",
    }
}

/// What may be done.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CallAction {
    /// `start_call` or `send_call_permission_request`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub action_name: Option<String>,
    /// Whether it may be done now.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub can_perform_action: bool,
    /// How often.
    #[serde(default, deserialize_with = "lenient::list")]
    pub limits: Vec<CallLimit>,
}

/// How often something may be done.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CallLimit {
    /// In which time, such as `PT24H`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub time_period: Option<String>,
    /// How often at most.
    #[serde(default, deserialize_with = "lenient::count")]
    pub max_allowed: Option<u64>,
    /// How often it was done.
    #[serde(default, deserialize_with = "lenient::count")]
    pub current_usage: Option<u64>,
    /// When it counts anew.
    #[serde(default, deserialize_with = "lenient::time")]
    pub limit_expiration_time: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_one_way_to_name_the_person() {
        let id = || BusinessScopedUserId::new("US.13491208655302741918").unwrap();
        let get = || GetCallPermissions::new(106);
        assert!(get().user_wa_id("16505551234").check().is_empty());
        assert!(get().recipient(id()).check().is_empty());
        assert_eq!(get().check().len(), 1);
        assert_eq!(get().user_wa_id("16505551234").recipient(id()).check().len(), 1);
    }
}
