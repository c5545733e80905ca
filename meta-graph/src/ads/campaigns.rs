//! Campaigns (Marketing API: Campaign).

use http::Method;
use serde::Deserialize;
use sociogram_api_core::http::{DecodeError, Endpoint, RawResponse, Replay, RequestParts};
use sociogram_api_core::{Finding, InvalidRequest, Timestamp};
use sociogram_oauth_core::scope;

use super::filter::{Filter, TimeRange};
use super::validate::validatable;
use super::words::{AdStatus, BidStrategy, EffectiveStatus, Objective, SpecialAdCategory};
use crate::endpoint::{Encoding, Params, UnixTime, endpoint, list_endpoint};
use crate::id::{AdAccountId, CampaignId};
use crate::insights::DatePreset;
use crate::{acknowledged, lenient};

const FIELDS: &str = "id,account_id,name,objective,status,effective_status,special_ad_categories,bid_strategy,\
                      daily_budget,lifetime_budget,budget_remaining,spend_cap,is_adset_budget_sharing_enabled,\
                      start_time,stop_time,created_time,updated_time";

list_endpoint! {
    /// Lists the campaigns of an ad account: `GET /{ad_account_id}/campaigns` (Marketing API: Ad Account Campaigns).
    ///
    /// Needs `ads_read` or `ads_management`. Archived and deleted ones come only when their status is asked for.
    pub struct ListCampaigns -> Campaign;
    "ads.campaigns.list": "/{ad_account_id}/campaigns", [scope::ADS_READ], limit 500;
    new { ad_account_id: AdAccountId }
    with {
        /// Only those in one of these states.
        effective_status: Vec<EffectiveStatus>,
        /// Only those that changed in these days, by name.
        date_preset: DatePreset,
        /// Only those that changed in these days.
        time_range: TimeRange,
        /// Only those that pass all of these.
        filtering: Vec<Filter>,
    }
    fields FIELDS;
    subject ad_account_id;
}

endpoint! {
    /// Reads a campaign: `GET /{campaign_id}` (Marketing API: Campaign). Needs `ads_read` or `ads_management`.
    pub struct GetCampaign -> Campaign;
    "ads.campaigns.get": GET "/{campaign_id}", Safe, [scope::ADS_READ];
    new { campaign_id: CampaignId }
    fields FIELDS;
}

endpoint! {
    /// Changes a campaign: `POST /{campaign_id}` (Marketing API: Campaign).
    ///
    /// Needs `ads_management`. Setting the status to [`AdStatus::Deleted`] deletes it.
    pub struct UpdateCampaign -> ();
    "ads.campaigns.update": POST "/{campaign_id}", Safe, [scope::ADS_MANAGEMENT];
    new { campaign_id: CampaignId }
    with {
        /// Its name.
        name: String,
        /// What it is set to.
        status: AdStatus,
        /// The budget of a day, in the smallest unit of the currency.
        daily_budget: u64,
        /// The budget of its whole life.
        lifetime_budget: u64,
        /// How bids are made.
        bid_strategy: BidStrategy,
        /// The most that may be spent.
        spend_cap: u64,
        /// Whether its ad sets share up to a fifth of their budgets.
        is_adset_budget_sharing_enabled: bool,
    }
    decode acknowledged::read;
}

endpoint! {
    /// Deletes a campaign with all in it: `DELETE /{campaign_id}` (Marketing API: Campaign). Needs `ads_management`.
    pub struct DeleteCampaign -> ();
    "ads.campaigns.delete": DELETE "/{campaign_id}", Safe, [scope::ADS_MANAGEMENT];
    new { campaign_id: CampaignId }
    decode acknowledged::read;
}

/// Where the money of a campaign is set. In the smallest unit of the ad account's currency.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CampaignBudget {
    /// The campaign has so much for a day; its ad sets have no budget of their own.
    Daily(u64),
    /// The campaign has so much for its whole life; its ad sets have no budget of their own but need an end.
    Lifetime(u64),
    /// Each ad set has a budget of its own. Meta then wants to be told whether they share up to a fifth of it
    /// (`is_adset_budget_sharing_enabled`), and refuses a campaign that leaves it open.
    OnAdSets {
        /// Whether they share.
        sharing: bool,
    },
}

/// Makes a campaign: `POST /{ad_account_id}/campaigns` (Marketing API: Campaign).
///
/// Needs `ads_management`. [`ValidateOnly`](super::ValidateOnly) tries it out.
#[derive(Clone, Debug)]
pub struct CreateCampaign {
    account: AdAccountId,
    name: String,
    objective: Objective,
    special_ad_categories: Vec<SpecialAdCategory>,
    budget: CampaignBudget,
    status: AdStatus,
    bid_strategy: Option<BidStrategy>,
    spend_cap: Option<u64>,
    start_time: Option<UnixTime>,
    stop_time: Option<UnixTime>,
    special_ad_category_country: Vec<String>,
}

impl CreateCampaign {
    /// With what Meta demands. `special_ad_categories` may be empty, but somebody has to decide that it is.
    pub fn new(
        account: AdAccountId,
        name: impl Into<String>,
        objective: Objective,
        special_ad_categories: impl Into<Vec<SpecialAdCategory>>,
        budget: CampaignBudget,
        status: AdStatus,
    ) -> Self {
        Self {
            account,
            name: name.into(),
            objective,
            special_ad_categories: special_ad_categories.into(),
            budget,
            status,
            bid_strategy: None,
            spend_cap: None,
            start_time: None,
            stop_time: None,
            special_ad_category_country: Vec::new(),
        }
    }

    /// How bids are made; only where the campaign has the budget.
    pub fn bid_strategy(mut self, strategy: BidStrategy) -> Self {
        self.bid_strategy = Some(strategy);
        self
    }

    /// The most that may be spent.
    pub const fn spend_cap(mut self, cap: u64) -> Self {
        self.spend_cap = Some(cap);
        self
    }

    /// When it begins.
    pub fn start_time(mut self, time: impl Into<UnixTime>) -> Self {
        self.start_time = Some(time.into());
        self
    }

    /// When it ends.
    pub fn stop_time(mut self, time: impl Into<UnixTime>) -> Self {
        self.stop_time = Some(time.into());
        self
    }

    /// The countries a special category is about, two letters each.
    pub fn special_ad_category_country<T: Into<String>>(
        mut self,
        countries: impl IntoIterator<Item = T>,
    ) -> Self {
        self.special_ad_category_country = countries.into_iter().map(Into::into).collect();
        self
    }

    /// What is wrong with it, as far as that can be told without asking Meta. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        if self.name.trim().is_empty() {
            findings.push(
                Finding::error("ads.campaign.name", "name", "the campaign has no name").advice("give it one"),
            );
        }
        if !self.objective.as_str().starts_with("OUTCOME_") {
            findings.push(
                Finding::warning(
                    "ads.campaign.objective",
                    "objective",
                    "Meta makes no campaigns of this kind any more",
                )
                .measured(&self.objective)
                .advice("use an objective that begins with OUTCOME_"),
            );
        }
        if matches!(self.budget, CampaignBudget::Daily(0) | CampaignBudget::Lifetime(0)) {
            findings.push(
                Finding::error("ads.campaign.budget", "budget", "the budget is nothing")
                    .advice("set an amount, or put budgets on the ad sets"),
            );
        }
        if self.bid_strategy.is_some() && matches!(self.budget, CampaignBudget::OnAdSets { .. }) {
            findings.push(
                Finding::warning(
                    "ads.campaign.bid_strategy",
                    "bid_strategy",
                    "a campaign without a budget has no bid strategy",
                )
                .advice("set it on the ad sets"),
            );
        }
        findings
    }
}

impl Endpoint for CreateCampaign {
    type Output = CreatedCampaign;

    const NAME: &'static str = "ads.campaigns.create";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/{ad_account_id}/campaigns";
    const REPLAY: Replay = Replay::Never;
    const SCOPES: &'static [&'static str] = &[scope::ADS_MANAGEMENT];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        if let Some(invalid) = InvalidRequest::from_findings(self.check()) {
            return Err(invalid);
        }
        let mut params = Params::new(parts, Encoding::Form);
        params.put("ad_account_id", &self.account)?;
        params.put("name", &self.name)?;
        params.put("objective", &self.objective)?;
        params.put("special_ad_categories", &self.special_ad_categories)?;
        params.put("status", &self.status)?;
        match self.budget {
            CampaignBudget::Daily(amount) => params.put("daily_budget", &amount)?,
            CampaignBudget::Lifetime(amount) => params.put("lifetime_budget", &amount)?,
            CampaignBudget::OnAdSets { sharing } => {
                params.put("is_adset_budget_sharing_enabled", &sharing)?;
            }
        }
        if let Some(strategy) = &self.bid_strategy {
            params.put("bid_strategy", strategy)?;
        }
        if let Some(cap) = self.spend_cap {
            params.put("spend_cap", &cap)?;
        }
        if let Some(time) = self.start_time {
            params.put("start_time", &time)?;
        }
        if let Some(time) = self.stop_time {
            params.put("stop_time", &time)?;
        }
        if !self.special_ad_category_country.is_empty() {
            params.put("special_ad_category_country", &self.special_ad_category_country)?;
        }
        params.finish()
    }

    fn subject(&self) -> Option<&str> {
        Some(self.account.as_str())
    }

    fn decode(&self, response: &RawResponse) -> Result<CreatedCampaign, DecodeError> {
        response.json()
    }
}

validatable!(CreateCampaign);

/// A campaign that was made.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CreatedCampaign {
    /// Its id.
    pub id: CampaignId,
}

/// A campaign. Amounts are in the smallest unit of the ad account's currency.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Campaign {
    /// Its id.
    pub id: CampaignId,
    /// The ad account, digits only.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub account_id: Option<String>,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// What it is for.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub objective: Option<Objective>,
    /// What it was set to.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub status: Option<AdStatus>,
    /// Whether it runs.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub effective_status: Option<EffectiveStatus>,
    /// What the law wants to know about it.
    #[serde(default, deserialize_with = "lenient::list")]
    pub special_ad_categories: Vec<SpecialAdCategory>,
    /// How bids are made.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub bid_strategy: Option<BidStrategy>,
    /// The budget of a day; missing where the ad sets have the budgets.
    #[serde(default, deserialize_with = "lenient::count")]
    pub daily_budget: Option<u64>,
    /// The budget of its whole life.
    #[serde(default, deserialize_with = "lenient::count")]
    pub lifetime_budget: Option<u64>,
    /// What is left of the budget.
    #[serde(default, deserialize_with = "lenient::count")]
    pub budget_remaining: Option<u64>,
    /// The most that may be spent.
    #[serde(default, deserialize_with = "lenient::count")]
    pub spend_cap: Option<u64>,
    /// Whether its ad sets share a part of their budgets.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_adset_budget_sharing_enabled: Option<bool>,
    /// When it begins.
    #[serde(default, deserialize_with = "lenient::time")]
    pub start_time: Option<Timestamp>,
    /// When it ends.
    #[serde(default, deserialize_with = "lenient::time")]
    pub stop_time: Option<Timestamp>,
    /// When it was made.
    #[serde(default, deserialize_with = "lenient::time")]
    pub created_time: Option<Timestamp>,
    /// When it was last changed.
    #[serde(default, deserialize_with = "lenient::time")]
    pub updated_time: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::exchange;

    fn campaign(budget: CampaignBudget) -> CreateCampaign {
        CreateCampaign::new(
            AdAccountId::of("5").unwrap(),
            "Spring",
            Objective::Sales,
            Vec::new(),
            budget,
            AdStatus::Paused,
        )
    }

    #[tokio::test]
    async fn a_campaign_without_a_budget_always_says_whether_its_ad_sets_share() {
        for (budget, sent) in [
            (CampaignBudget::OnAdSets { sharing: false }, "is_adset_budget_sharing_enabled=false"),
            (CampaignBudget::OnAdSets { sharing: true }, "is_adset_budget_sharing_enabled=true"),
            (CampaignBudget::Daily(500), "daily_budget=500"),
            (CampaignBudget::Lifetime(9000), "lifetime_budget=9000"),
        ] {
            let (created, request) = exchange(campaign(budget), r#"{"id":7}"#).await;
            assert_eq!(created.unwrap().id.as_str(), "7");
            let expected = format!(
                "name=Spring&objective=OUTCOME_SALES&special_ad_categories=%5B%5D&status=PAUSED&{sent}"
            );
            assert_eq!(request.text(), expected);
        }
    }

    #[test]
    fn findings_name_the_rule() {
        let base = || campaign(CampaignBudget::Daily(500));
        let mut unnamed = base();
        unnamed.name = " ".to_owned();
        let mut old = base();
        old.objective = Objective::LinkClicks;
        for (campaign, rules) in [
            (base(), &[][..]),
            (unnamed, &["ads.campaign.name"]),
            (old, &["ads.campaign.objective"]),
            (campaign(CampaignBudget::Lifetime(0)), &["ads.campaign.budget"]),
            (
                campaign(CampaignBudget::OnAdSets { sharing: true }).bid_strategy(BidStrategy::CostCap),
                &["ads.campaign.bid_strategy"],
            ),
        ] {
            let found: Vec<&str> = campaign.check().iter().map(Finding::rule).collect();
            assert_eq!(found, rules, "{campaign:?}");
        }
    }

    #[tokio::test]
    async fn an_answer_without_an_id_leaves_the_outcome_open() {
        let (created, _) = exchange(campaign(CampaignBudget::Daily(1)), r#"{"success":true}"#).await;
        assert!(created.unwrap_err().may_have_been_applied());
    }
}
