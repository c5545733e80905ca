//! The portfolios themselves (Business Management API: Business).

use serde::Deserialize;
use sociogram_api_core::{Timestamp, open_enum};
use sociogram_oauth_core::scope;

use crate::endpoint::{endpoint, list_endpoint};
use crate::id::{BusinessId, PageId};
use crate::lenient;

const BUSINESS_FIELDS: &str = "id,name,verification_status,primary_page{id,name},timezone_id,two_factor_type,\
    created_time,link,vertical";

list_endpoint! {
    /// Lists the business portfolios of whoever the token belongs to: `GET /me/businesses` (Business).
    ///
    /// Needs a user or system-user token with `business_management`.
    pub struct ListBusinesses -> Business;
    "business.list": "/me/businesses", [scope::BUSINESS_MANAGEMENT], limit 100;
    fields BUSINESS_FIELDS;
}

endpoint! {
    /// Reads a business portfolio: `GET /{business_id}` (Business).
    ///
    /// Needs a user or system-user token with `business_management`.
    pub struct GetBusiness -> Business;
    "business.get": GET "/{business_id}", Safe, [scope::BUSINESS_MANAGEMENT];
    new { business_id: BusinessId }
    fields BUSINESS_FIELDS;
    subject business_id;
}

/// A business portfolio. Fields that were not asked for, or that this token may not see, are `None`.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Business {
    /// The portfolio.
    pub id: BusinessId,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// Whether Meta verified it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub verification_status: Option<BusinessVerification>,
    /// Its main Page.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub primary_page: Option<NamedPage>,
    /// Its time zone, by Meta's number.
    #[serde(default, deserialize_with = "lenient::count")]
    pub timezone_id: Option<u64>,
    /// Who needs two factors to get in: `none`, `admin_required` or `all_required`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub two_factor_type: Option<String>,
    /// When it was made.
    #[serde(default, deserialize_with = "lenient::time")]
    pub created_time: Option<Timestamp>,
    /// Its address.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub link: Option<String>,
    /// Its trade.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub vertical: Option<String>,
    /// When the person loses it, if that is set; ask for `user_access_expire_time`.
    #[serde(default, deserialize_with = "lenient::time")]
    pub user_access_expire_time: Option<Timestamp>,
}

/// A Page, by id and name.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct NamedPage {
    /// The Page.
    pub id: PageId,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
}

open_enum! {
    /// Whether Meta verified a business.
    pub enum BusinessVerification {
        /// It ended.
        Expired = "expired",
        /// It failed.
        Failed = "failed",
        /// It cannot be verified.
        Ineligible = "ineligible",
        /// It is not.
        NotVerified = "not_verified",
        /// Meta is at it.
        Pending = "pending",
        /// Meta wants to know more.
        PendingNeedMoreInfo = "pending_need_more_info",
        /// It was begun.
        PendingSubmission = "pending_submission",
        /// It was refused.
        Rejected = "rejected",
        /// It was taken back.
        Revoked = "revoked",
        /// It is.
        Verified = "verified",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::exchange;

    #[tokio::test]
    async fn a_business_is_read_whatever_shape_its_parts_have() {
        let (page, _) = exchange(
            ListBusinesses::new(),
            r#"{"data":[{"id":70,"name":"Shop","verification_status":"on_holiday","timezone_id":"58",
                "primary_page":{"name":"no id"},"created_time":"2026-01-02T03:04:05+0000"},{"name":"no id"}]}"#,
        )
        .await;
        let page = page.unwrap();
        let business = &page.items[0];
        assert_eq!((business.id.as_str(), business.timezone_id), ("70", Some(58)));
        assert_eq!(business.verification_status, Some(BusinessVerification::Unknown("on_holiday".into())));
        assert_eq!(business.created_time, Some(Timestamp::from_unix_seconds(1_767_323_045)));
        assert_eq!((&business.primary_page, page.malformed.len()), (&None, 1));
    }
}
