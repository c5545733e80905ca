//! Campaign groups.

use serde::Deserialize;
use serde_json::Map;
use sociogram_oauth_core::scope;

use super::audit::AuditStamps;
use super::campaigns::RunSchedule;
use super::id::{AdAccountId, CampaignGroupId};
use super::search::search;
use super::words::CampaignStatus;
use super::write::{create, fields, update};
use crate::endpoint::{endpoint, list_endpoint};
use crate::lenient;
use crate::money::Money;
use crate::urn::{AdAccountUrn, CampaignGroupUrn};

search! {
    /// Which campaign groups are searched for.
    CampaignGroupSearch {
        /// In one of these states.
        statuses as "status": CampaignStatus,
        /// With one of these names.
        names as "name": String,
        /// One of these.
        ids as "id": CampaignGroupUrn,
    }
}

list_endpoint! {
    /// Searches the campaign groups of an ad account: `GET /rest/adAccounts/{account}/adCampaignGroups?q=search` (LinkedIn:
    /// Create and Manage Campaign Groups).
    ///
    /// Needs `r_ads` or `rw_ads` and a role on the account.
    pub struct ListCampaignGroups -> CampaignGroup;
    "linkedin.campaign_groups.list": Finder "/rest/adAccounts/{account}/adCampaignGroups", [scope::R_ADS, scope::RW_ADS],
        token 100 to 1000;
    fixed { q: "search" }
    new { account: AdAccountId }
    with {
        /// Only those that fit.
        search: CampaignGroupSearch,
    }
    projection;
    subject account;
}

endpoint! {
    /// Reads a campaign group: `GET /rest/adAccounts/{account}/adCampaignGroups/{group}` (LinkedIn: Create and Manage Campaign
    /// Groups).
    ///
    /// Needs `r_ads` or `rw_ads` and a role on the account.
    pub struct GetCampaignGroup -> CampaignGroup;
    "linkedin.campaign_groups.get": Get "/rest/adAccounts/{account}/adCampaignGroups/{group}", Safe,
        [scope::R_ADS, scope::RW_ADS];
    new { account: AdAccountId, group: CampaignGroupId }
    projection;
    subject account;
}

create! {
    /// Creates a campaign group: `POST /rest/adAccounts/{account}/adCampaignGroups` (LinkedIn: Create and Manage Campaign
    /// Groups).
    ///
    /// A draft unless told, so it costs nothing. Needs `rw_ads` and the role of campaign manager. Gives the group's id.
    /// Never repeated once it may have reached LinkedIn.
    pub struct CreateCampaignGroup { account: AdAccountId } -> CampaignGroupId;
    "linkedin.campaign_groups.create": "/rest/adAccounts/{account}/adCampaignGroups";
    subject account;
}

impl CreateCampaignGroup {
    /// With a name, as a draft.
    pub fn new(account: impl Into<AdAccountId>, name: impl Into<String>) -> Self {
        let account = account.into();
        let urn = account.urn().as_str().to_owned();
        Self { account, body: Map::new() }
            .set("account", urn)
            .set("name", name.into())
            .set("status", CampaignStatus::Draft)
    }
}

fields! { CreateCampaignGroup,
    /// Another state than a draft.
    status as "status": CampaignStatus,
    /// The most it may cost in all.
    total_budget as "totalBudget": Money,
    /// When it runs.
    run_schedule as "runSchedule": RunSchedule,
}

update! {
    /// Changes some fields of a campaign group: `POST /rest/adAccounts/{account}/adCampaignGroups/{group}` with
    /// `X-RestLi-Method: PARTIAL_UPDATE` (LinkedIn: Create and Manage Campaign Groups).
    ///
    /// Needs `rw_ads` and the role of campaign manager. Sending it again has no further effect.
    pub struct UpdateCampaignGroup { account: AdAccountId, group: CampaignGroupId }
    "linkedin.campaign_groups.update": "/rest/adAccounts/{account}/adCampaignGroups/{group}";
    subject account;
}

fields! { UpdateCampaignGroup,
    /// Another name.
    name as "name": String,
    /// Another state.
    status as "status": CampaignStatus,
    /// The most it may cost in all.
    total_budget as "totalBudget": Money,
    /// When it runs.
    run_schedule as "runSchedule": RunSchedule,
}

/// A campaign group.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CampaignGroup {
    /// Its id.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub id: Option<CampaignGroupId>,
    /// Its ad account.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub account: Option<AdAccountUrn>,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// Whether it runs.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub status: Option<CampaignStatus>,
    /// What keeps it from running.
    #[serde(default, deserialize_with = "lenient::readable")]
    pub serving_statuses: Vec<String>,
    /// The most it may cost in all.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub total_budget: Option<Money>,
    /// When it runs.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub run_schedule: Option<RunSchedule>,
    /// Whether it belongs to a test account.
    #[serde(default, deserialize_with = "lenient::boolean")]
    pub test: Option<bool>,
    /// When it was created and last changed.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub change_audit_stamps: Option<AuditStamps>,
}
