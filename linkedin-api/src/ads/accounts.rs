//! Ad accounts.

use serde::Deserialize;
use serde_json::{Map, Value};
use sociogram_api_core::Finding;
use sociogram_oauth_core::scope;

use super::id::AdAccountId;
use super::search::search;
use super::words::{AdAccountStatus, AdAccountType};
use super::write::create;
use crate::endpoint::{endpoint, list_endpoint};
use crate::guard::rules;
use crate::lenient;
use crate::urn::{AdAccountUrn, Urn};

search! {
    /// Which ad accounts are searched for.
    ///
    /// ```
    /// use sociogram_linkedin_api::ads::{AdAccountSearch, AdAccountStatus};
    /// use sociogram_linkedin_api::restli::RestliValue;
    ///
    /// let search = AdAccountSearch::new().statuses([AdAccountStatus::Active]).test(false);
    /// assert_eq!(RestliValue::from(&search).encode(), "(status:(values:List(ACTIVE)),test:false)");
    /// ```
    AdAccountSearch {
        /// In one of these states.
        statuses as "status": AdAccountStatus,
        /// Of one of these types.
        types as "type": AdAccountType,
        /// For one of these advertisers: `urn:li:organization:…` or `urn:li:person:…`.
        references as "reference": Urn,
        /// With one of these names.
        names as "name": String,
        /// One of these.
        ids as "id": AdAccountUrn,
    }
}

list_endpoint! {
    /// Searches the ad accounts on which the token's member has a role: `GET /rest/adAccounts?q=search` (LinkedIn: Create
    /// and Manage Accounts).
    ///
    /// Needs `r_ads` or `rw_ads`.
    pub struct ListAdAccounts -> AdAccount;
    "linkedin.ad_accounts.list": Finder "/rest/adAccounts", [scope::R_ADS, scope::RW_ADS], token 100 to 1000;
    fixed { q: "search" }
    with {
        /// Only those that fit.
        search: AdAccountSearch,
    }
    projection;
}

endpoint! {
    /// Reads an ad account: `GET /rest/adAccounts/{account}` (LinkedIn: Create and Manage Accounts).
    ///
    /// Needs `r_ads` or `rw_ads` and a role on the account.
    pub struct GetAdAccount -> AdAccount;
    "linkedin.ad_accounts.get": Get "/rest/adAccounts/{account}", Safe, [scope::R_ADS, scope::RW_ADS];
    new { account: AdAccountId }
    projection;
    subject account;
}

create! {
    /// Creates a test account, which costs nothing and shows nothing: `POST /rest/adAccounts` with `test` (LinkedIn: Create
    /// and Manage Accounts, "Test Accounts").
    ///
    /// An app can have one; that it is a test cannot be changed later. Needs `rw_ads`. Gives the account's id.
    pub struct CreateTestAdAccount {} -> AdAccountId;
    "linkedin.ad_accounts.create_test": "/rest/adAccounts";
    checked by check;
}

impl CreateTestAdAccount {
    /// With a name and a currency (ISO 4217, such as `USD`), neither of which is of any consequence.
    pub fn new(name: impl Into<String>, currency: impl Into<String>) -> Self {
        Self { body: Map::new() }
            .set("name", name.into())
            .set("currency", currency.into())
            .set("type", AdAccountType::Business.as_str())
            .set("test", true)
    }

    /// The advertiser: an organization.
    pub fn reference(self, reference: impl Into<Urn>) -> Self {
        let reference: Urn = reference.into();
        self.set("reference", reference.as_str())
    }

    /// What is wrong with it, as far as that can be told without LinkedIn.
    pub fn check(&self) -> Vec<Finding> {
        let text = |field: &str| self.body.get(field).and_then(Value::as_str).unwrap_or_default();
        let mut findings = Vec::new();
        if text("name").trim().is_empty() {
            findings.push(rules::ADS_NAME.finding("name"));
        }
        let currency = text("currency");
        if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
            findings.push(rules::ADS_CURRENCY.finding("currency"));
        }
        findings
    }
}

/// An ad account.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AdAccount {
    /// Its id.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub id: Option<AdAccountId>,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// In what it pays (ISO 4217).
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub currency: Option<String>,
    /// Who uses it.
    #[serde(default, rename = "type", deserialize_with = "lenient::or_none")]
    pub account_type: Option<AdAccountType>,
    /// Whether it may be used.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub status: Option<AdAccountStatus>,
    /// What keeps its ads from being shown: `RUNNABLE`, `STOPPED`, `BILLING_HOLD`.
    #[serde(default, deserialize_with = "lenient::readable")]
    pub serving_statuses: Vec<String>,
    /// The advertiser.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub reference: Option<Urn>,
    /// Whether it is a test account.
    #[serde(default, deserialize_with = "lenient::boolean")]
    pub test: Option<bool>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_account_has_a_name_and_a_currency() {
        let found = |name: &str, currency: &str| {
            let findings = CreateTestAdAccount::new(name, currency).check();
            findings.iter().map(Finding::rule).collect::<Vec<_>>()
        };
        assert_eq!(found("Test", "USD"), [""; 0]);
        assert_eq!(found(" ", "usd"), ["linkedin.ads.name", "linkedin.ads.currency"]);
    }
}
