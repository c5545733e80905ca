//! Campaigns.

use serde::Deserialize;
use serde_json::{Map, Value};
use sociogram_api_core::Timestamp;
use sociogram_oauth_core::scope;

use super::audit::AuditStamps;
use super::id::{AdAccountId, CampaignId};
use super::search::search;
use super::words::{CampaignStatus, CampaignType, CostType};
use super::write::{create, fields, update};
use crate::endpoint::{endpoint, list_endpoint};
use crate::lenient;
use crate::money::Money;
use crate::urn::{AdAccountUrn, CampaignGroupUrn, CampaignUrn, Urn};

search! {
    /// Which campaigns are searched for.
    CampaignSearch {
        /// In one of these states.
        statuses as "status": CampaignStatus,
        /// Of one of these types.
        types as "type": CampaignType,
        /// In one of these groups.
        groups as "campaignGroup": CampaignGroupUrn,
        /// For one of these organizations.
        associated_entities as "associatedEntity": Urn,
        /// With one of these names.
        names as "name": String,
        /// One of these.
        ids as "id": CampaignUrn,
    }
}

list_endpoint! {
    /// Searches the campaigns of an ad account: `GET /rest/adAccounts/{account}/adCampaigns?q=search` (LinkedIn: Create and
    /// Manage Campaigns).
    ///
    /// Needs `r_ads` or `rw_ads` and a role on the account.
    pub struct ListCampaigns -> Campaign;
    "linkedin.campaigns.list": Finder "/rest/adAccounts/{account}/adCampaigns", [scope::R_ADS, scope::RW_ADS],
        token 100 to 1000;
    fixed { q: "search" }
    new { account: AdAccountId }
    with {
        /// Only those that fit.
        search: CampaignSearch,
    }
    projection;
    subject account;
}

endpoint! {
    /// Reads a campaign: `GET /rest/adAccounts/{account}/adCampaigns/{campaign}` (LinkedIn: Create and Manage Campaigns).
    ///
    /// Needs `r_ads` or `rw_ads` and a role on the account.
    pub struct GetCampaign -> Campaign;
    "linkedin.campaigns.get": Get "/rest/adAccounts/{account}/adCampaigns/{campaign}", Safe, [scope::R_ADS, scope::RW_ADS];
    new { account: AdAccountId, campaign: CampaignId }
    projection;
    subject account;
}

create! {
    /// Creates a campaign: `POST /rest/adAccounts/{account}/adCampaigns` (LinkedIn: Create and Manage Campaigns).
    ///
    /// A draft unless told, so it costs nothing. What LinkedIn demands beside the typed fields depends on type, objective
    /// and version, for instance `locale` and `targetingCriteria`: give it with [`set`](Self::set). Needs `rw_ads` and the
    /// role of campaign manager. Gives the campaign's id. Never repeated once it may have reached LinkedIn.
    ///
    /// ```
    /// use serde_json::json;
    /// use sociogram_linkedin_api::{AdAccountUrn, CampaignGroupUrn, Money};
    /// use sociogram_linkedin_api::ads::{CampaignType, CostType, CreateCampaign};
    ///
    /// let account: AdAccountUrn = "urn:li:sponsoredAccount:512345678".parse().unwrap();
    /// let group: CampaignGroupUrn = "urn:li:sponsoredCampaignGroup:612345678".parse().unwrap();
    /// let campaign = CreateCampaign::new(account, group, "Spring", CampaignType::SponsoredUpdates)
    ///     .cost_type(CostType::Cpm)
    ///     .daily_budget(Money::new("25", "EUR").unwrap())
    ///     .set("locale", json!({"country": "DE", "language": "de"}));
    /// ```
    pub struct CreateCampaign { account: AdAccountId } -> CampaignId;
    "linkedin.campaigns.create": "/rest/adAccounts/{account}/adCampaigns";
    subject account;
}

impl CreateCampaign {
    /// In a group, with a name, as a draft.
    pub fn new(
        account: impl Into<AdAccountId>,
        group: impl Into<CampaignGroupUrn>,
        name: impl Into<String>,
        campaign_type: impl Into<CampaignType>,
    ) -> Self {
        let account = account.into();
        let urn = account.urn().as_str().to_owned();
        Self { account, body: Map::new() }
            .set("account", urn)
            .set("campaignGroup", group.into().as_str())
            .set("name", name.into())
            .set("type", campaign_type.into())
            .set("status", CampaignStatus::Draft)
    }

    /// For which organization.
    pub fn associated_entity(self, entity: impl Into<Urn>) -> Self {
        let entity: Urn = entity.into();
        self.set("associatedEntity", entity.as_str())
    }
}

fields! { CreateCampaign,
    /// Another state than a draft.
    status as "status": CampaignStatus,
    /// What is paid for.
    cost_type as "costType": CostType,
    /// What it is for: `BRAND_AWARENESS`, `WEBSITE_VISIT`, `LEAD_GENERATION`.
    objective as "objectiveType": String,
    /// The most it may cost in a day.
    daily_budget as "dailyBudget": Money,
    /// The most it may cost in all.
    total_budget as "totalBudget": Money,
    /// The bid: the most one of what is paid for may cost.
    unit_cost as "unitCost": Money,
    /// When it runs.
    run_schedule as "runSchedule": RunSchedule,
}

update! {
    /// Changes some fields of a campaign: `POST /rest/adAccounts/{account}/adCampaigns/{campaign}` with `X-RestLi-Method:
    /// PARTIAL_UPDATE` (LinkedIn: Create and Manage Campaigns).
    ///
    /// Needs `rw_ads` and the role of campaign manager. Sending it again has no further effect.
    pub struct UpdateCampaign { account: AdAccountId, campaign: CampaignId }
    "linkedin.campaigns.update": "/rest/adAccounts/{account}/adCampaigns/{campaign}";
    subject account;
}

fields! { UpdateCampaign,
    /// Another name.
    name as "name": String,
    /// Another state.
    status as "status": CampaignStatus,
    /// The most it may cost in a day.
    daily_budget as "dailyBudget": Money,
    /// The most it may cost in all.
    total_budget as "totalBudget": Money,
    /// The bid: the most one of what is paid for may cost.
    unit_cost as "unitCost": Money,
    /// When it runs.
    run_schedule as "runSchedule": RunSchedule,
}

/// When a campaign or group runs. Written and read in milliseconds.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct RunSchedule {
    /// From when on.
    #[serde(default, deserialize_with = "lenient::millis")]
    pub start: Option<Timestamp>,
    /// Until when; without an end it goes on.
    #[serde(default, deserialize_with = "lenient::millis")]
    pub end: Option<Timestamp>,
}

impl RunSchedule {
    /// From a time on.
    pub const fn since(start: Timestamp) -> Self {
        Self { start: Some(start), end: None }
    }

    /// From one time to another.
    pub const fn new(start: Timestamp, end: Timestamp) -> Self {
        Self { start: Some(start), end: Some(end) }
    }
}

impl From<RunSchedule> for Value {
    fn from(schedule: RunSchedule) -> Self {
        let ends = [("start", schedule.start), ("end", schedule.end)];
        let times = ends
            .into_iter()
            .filter_map(|(name, time)| Some((name.to_owned(), Self::from(time?.as_unix_millis()))));
        Self::Object(times.collect())
    }
}

/// A campaign.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Campaign {
    /// Its id.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub id: Option<CampaignId>,
    /// Its ad account.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub account: Option<AdAccountUrn>,
    /// Its group.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub campaign_group: Option<CampaignGroupUrn>,
    /// For which organization.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub associated_entity: Option<Urn>,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// What kind of ads it shows.
    #[serde(default, rename = "type", deserialize_with = "lenient::or_none")]
    pub campaign_type: Option<CampaignType>,
    /// Whether it runs.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub status: Option<CampaignStatus>,
    /// What keeps it from running.
    #[serde(default, deserialize_with = "lenient::readable")]
    pub serving_statuses: Vec<String>,
    /// What is paid for.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub cost_type: Option<CostType>,
    /// What it is for.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub objective_type: Option<String>,
    /// The most it may cost in a day.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub daily_budget: Option<Money>,
    /// The most it may cost in all.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub total_budget: Option<Money>,
    /// The bid.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub unit_cost: Option<Money>,
    /// When it runs.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub run_schedule: Option<RunSchedule>,
    /// Whom it reaches, as LinkedIn gives it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub targeting_criteria: Option<Value>,
    /// Whether it belongs to a test account.
    #[serde(default, deserialize_with = "lenient::boolean")]
    pub test: Option<bool>,
    /// When it was created and last changed.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub change_audit_stamps: Option<AuditStamps>,
}
