//! Who may do what in an ad account.

use serde::Deserialize;
use sociogram_oauth_core::scope;

use super::audit::AuditStamps;
use super::words::AdAccountRole;
use crate::endpoint::{endpoint, list_endpoint};
use crate::lenient;
use crate::restli::RestliValue;
use crate::urn::{AdAccountUrn, PersonUrn};

list_endpoint! {
    /// Lists the ad accounts of the token's member, with their role: `GET /rest/adAccountUsers?q=authenticatedUser`
    /// (LinkedIn: Create and Manage Account Users).
    ///
    /// Needs `r_ads` or `rw_ads`.
    pub struct ListMyAdAccounts -> AdAccountUser;
    "linkedin.ad_account_users.mine": Finder "/rest/adAccountUsers", [scope::R_ADS, scope::RW_ADS], offset 100 to 1000;
    fixed { q: "authenticatedUser" }
    projection;
}

list_endpoint! {
    /// Lists the members who have a role on an ad account: `GET /rest/adAccountUsers?q=accounts` (LinkedIn: Create and
    /// Manage Account Users).
    ///
    /// Needs `r_ads` or `rw_ads` and a role on the account.
    pub struct ListAdAccountUsers -> AdAccountUser;
    "linkedin.ad_account_users.list": Finder "/rest/adAccountUsers", [scope::R_ADS, scope::RW_ADS], offset 100 to 1000;
    fixed { q: "accounts" }
    new { account as "accounts": AdAccountUrn }
    projection;
    subject account;
}

endpoint! {
    /// Reads the role of one member on an ad account: `GET /rest/adAccountUsers/(account:…,user:…)` (LinkedIn: Create and
    /// Manage Account Users).
    ///
    /// Needs `r_ads` or `rw_ads` and a role on the account.
    pub struct GetAdAccountUser -> AdAccountUser;
    "linkedin.ad_account_users.get": Get "/rest/adAccountUsers/{key}", Safe, [scope::R_ADS, scope::RW_ADS];
    new { key: AdAccountUserKey }
}

/// The account and the member, as one key.
#[derive(Clone, Debug)]
pub struct AdAccountUserKey(RestliValue);

impl From<(AdAccountUrn, PersonUrn)> for AdAccountUserKey {
    fn from((account, user): (AdAccountUrn, PersonUrn)) -> Self {
        Self(RestliValue::record([("account", account.as_str()), ("user", user.as_str())]))
    }
}

impl From<&AdAccountUserKey> for RestliValue {
    fn from(key: &AdAccountUserKey) -> Self {
        key.0.clone()
    }
}

/// A member's role on an ad account.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AdAccountUser {
    /// The account.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub account: Option<AdAccountUrn>,
    /// The member.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub user: Option<PersonUrn>,
    /// The role.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub role: Option<AdAccountRole>,
    /// When it was given and last changed.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub change_audit_stamps: Option<AuditStamps>,
}
