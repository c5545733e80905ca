//! Making an ad set.

use http::Method;
use serde::Deserialize;
use serde_json::Value;
use sociogram_api_core::http::{DecodeError, Endpoint, RawResponse, Replay, RequestParts};
use sociogram_api_core::{Finding, InvalidRequest, Timestamp};
use sociogram_oauth_core::scope;

use super::super::validate::validatable;
use super::super::words::{AdStatus, BidStrategy, BillingEvent, DestinationType, OptimizationGoal};
use super::targeting::Targeting;
use crate::endpoint::{Encoding, Params, UnixTime};
use crate::id::{AdAccountId, AdSetId, CampaignId};

/// Where the money of an ad set comes from. In the smallest unit of the ad account's currency.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdSetBudget {
    /// So much for a day.
    Daily(u64),
    /// So much for its whole life, which needs an end.
    Lifetime {
        /// How much.
        amount: u64,
        /// When it ends.
        end_time: Timestamp,
    },
    /// The campaign has the budget; Meta refuses a second one on the ad set.
    OfCampaign,
}

/// Makes an ad set: `POST /{ad_account_id}/adsets` (Marketing API: Ad Set).
///
/// Needs `ads_management`. [`ValidateOnly`](crate::ads::ValidateOnly) tries it out.
#[derive(Clone, Debug)]
pub struct CreateAdSet {
    account: AdAccountId,
    campaign: CampaignId,
    name: String,
    billing_event: BillingEvent,
    optimization_goal: OptimizationGoal,
    budget: AdSetBudget,
    targeting: Targeting,
    status: AdStatus,
    bid_strategy: Option<BidStrategy>,
    bid_amount: Option<u64>,
    promoted_object: Option<Value>,
    destination_type: Option<DestinationType>,
    start_time: Option<UnixTime>,
    end_time: Option<UnixTime>,
    dsa_beneficiary: Option<String>,
    dsa_payor: Option<String>,
}

impl CreateAdSet {
    /// Paused, paid by impressions, with what Meta demands.
    pub fn new(
        account: AdAccountId,
        campaign: CampaignId,
        name: impl Into<String>,
        optimization_goal: OptimizationGoal,
        budget: AdSetBudget,
        targeting: Targeting,
    ) -> Self {
        Self {
            account,
            campaign,
            name: name.into(),
            billing_event: BillingEvent::Impressions,
            optimization_goal,
            budget,
            targeting,
            status: AdStatus::Paused,
            bid_strategy: None,
            bid_amount: None,
            promoted_object: None,
            destination_type: None,
            start_time: None,
            end_time: None,
            dsa_beneficiary: None,
            dsa_payor: None,
        }
    }

    /// What it is set to; paused unless set.
    pub fn status(mut self, status: AdStatus) -> Self {
        self.status = status;
        self
    }

    /// What is paid for; impressions unless set.
    pub fn billing_event(mut self, event: BillingEvent) -> Self {
        self.billing_event = event;
        self
    }

    /// How bids are made; only where the ad set has the budget.
    pub fn bid_strategy(mut self, strategy: BidStrategy) -> Self {
        self.bid_strategy = Some(strategy);
        self
    }

    /// How much to bid, or what a result may cost.
    pub const fn bid_amount(mut self, amount: u64) -> Self {
        self.bid_amount = Some(amount);
        self
    }

    /// What is promoted as Meta writes it: `{"page_id":"1"}`, `{"pixel_id":"1","custom_event_type":"PURCHASE"}`.
    pub fn promoted_object(mut self, object: impl Into<Value>) -> Self {
        self.promoted_object = Some(object.into());
        self
    }

    /// Where its ads lead.
    pub fn destination_type(mut self, destination: DestinationType) -> Self {
        self.destination_type = Some(destination);
        self
    }

    /// When it begins; at once unless set.
    pub fn start_time(mut self, time: impl Into<UnixTime>) -> Self {
        self.start_time = Some(time.into());
        self
    }

    /// When it ends; never unless set. A lifetime budget brings its own end.
    pub fn end_time(mut self, time: impl Into<UnixTime>) -> Self {
        self.end_time = Some(time.into());
        self
    }

    /// Who profits from the ads and who pays for them; needed where people in the European Union see them.
    pub fn dsa(mut self, beneficiary: impl Into<String>, payor: impl Into<String>) -> Self {
        self.dsa_beneficiary = Some(beneficiary.into());
        self.dsa_payor = Some(payor.into());
        self
    }

    /// What is wrong with it, as far as that can be told without asking Meta. Sending it checks the same; warnings do
    /// not stop it.
    pub fn check(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        if self.name.trim().is_empty() {
            findings.push(
                Finding::error("ads.ad_set.name", "name", "the ad set has no name").advice("give it one"),
            );
        }
        if matches!(self.budget, AdSetBudget::Daily(0) | AdSetBudget::Lifetime { amount: 0, .. }) {
            findings.push(
                Finding::error("ads.ad_set.budget", "budget", "the budget is nothing")
                    .advice("set an amount, or leave the budget to the campaign"),
            );
        }
        if self.bid_strategy.is_some() && self.budget == AdSetBudget::OfCampaign {
            findings.push(
                Finding::warning(
                    "ads.ad_set.bid_strategy",
                    "bid_strategy",
                    "where the campaign has the budget it has the bid strategy as well",
                )
                .advice("set it on the campaign"),
            );
        }
        let capped = [BidStrategy::LowestCostWithBidCap, BidStrategy::CostCap];
        if self.bid_amount.is_none() && self.bid_strategy.as_ref().is_some_and(|one| capped.contains(one)) {
            findings.push(
                Finding::error("ads.ad_set.bid_amount", "bid_amount", "this bid strategy needs an amount")
                    .advice("set `bid_amount`"),
            );
        }
        if !self.targeting.has_places() {
            findings.push(
                Finding::warning("ads.ad_set.places", "targeting.geo_locations", "there are no places")
                    .advice("name countries, or an audience that brings its own"),
            );
        }
        if !self.targeting.says_advantage() {
            findings.push(
                Finding::warning(
                    "ads.ad_set.advantage_audience",
                    "targeting.targeting_automation",
                    "it is left open whether others may see it as well",
                )
                .advice("set `advantage_audience`"),
            );
        }
        findings
    }

    fn end(&self) -> Option<UnixTime> {
        match self.budget {
            AdSetBudget::Lifetime { end_time, .. } => Some(end_time.into()),
            _ => self.end_time,
        }
    }
}

impl Endpoint for CreateAdSet {
    type Output = CreatedAdSet;

    const NAME: &'static str = "ads.ad_sets.create";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/{ad_account_id}/adsets";
    const REPLAY: Replay = Replay::Never;
    const SCOPES: &'static [&'static str] = &[scope::ADS_MANAGEMENT];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        if let Some(invalid) = InvalidRequest::from_findings(self.check()) {
            return Err(invalid);
        }
        let mut params = Params::new(parts, Encoding::Form);
        params.put("ad_account_id", &self.account)?;
        params.put("name", &self.name)?;
        params.put("campaign_id", &self.campaign)?;
        params.put("billing_event", &self.billing_event)?;
        params.put("optimization_goal", &self.optimization_goal)?;
        match self.budget {
            AdSetBudget::Daily(amount) => params.put("daily_budget", &amount)?,
            AdSetBudget::Lifetime { amount, .. } => params.put("lifetime_budget", &amount)?,
            AdSetBudget::OfCampaign => {}
        }
        params.put("targeting", &self.targeting)?;
        params.put("status", &self.status)?;
        if let Some(strategy) = &self.bid_strategy {
            params.put("bid_strategy", strategy)?;
        }
        if let Some(amount) = self.bid_amount {
            params.put("bid_amount", &amount)?;
        }
        if let Some(object) = &self.promoted_object {
            params.put("promoted_object", object)?;
        }
        if let Some(destination) = &self.destination_type {
            params.put("destination_type", destination)?;
        }
        if let Some(time) = self.start_time {
            params.put("start_time", &time)?;
        }
        if let Some(time) = self.end() {
            params.put("end_time", &time)?;
        }
        if let Some(beneficiary) = &self.dsa_beneficiary {
            params.put("dsa_beneficiary", beneficiary)?;
        }
        if let Some(payor) = &self.dsa_payor {
            params.put("dsa_payor", payor)?;
        }
        params.finish()
    }

    fn subject(&self) -> Option<&str> {
        Some(self.account.as_str())
    }

    fn decode(&self, response: &RawResponse) -> Result<CreatedAdSet, DecodeError> {
        response.json()
    }
}

validatable!(CreateAdSet);

/// An ad set that was made.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CreatedAdSet {
    /// Its id.
    pub id: AdSetId,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::targeting::GeoLocations;
    use super::*;
    use crate::scripted::exchange;

    fn ad_set(budget: AdSetBudget) -> CreateAdSet {
        let targeting = Targeting::new(GeoLocations::countries(["DE"])).advantage_audience(false);
        CreateAdSet::new(
            AdAccountId::of("5").unwrap(),
            CampaignId::from(6),
            "A",
            OptimizationGoal::LinkClicks,
            budget,
            targeting,
        )
    }

    fn field(body: &str, name: &str) -> Option<String> {
        url::form_urlencoded::parse(body.as_bytes())
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.into_owned())
    }

    #[tokio::test]
    async fn a_budget_brings_what_it_needs_and_nothing_else() {
        let end_time = Timestamp::from_unix_seconds(1_800_000_000);
        let later = Timestamp::from_unix_seconds(1_900_000_000);
        for (budget, daily, lifetime, end) in [
            (AdSetBudget::Daily(500), Some("500"), None, Some("1900000000")),
            (AdSetBudget::Lifetime { amount: 9000, end_time }, None, Some("9000"), Some("1800000000")),
            (AdSetBudget::OfCampaign, None, None, Some("1900000000")),
        ] {
            let (created, request) = exchange(ad_set(budget).end_time(later), r#"{"id":"7"}"#).await;
            created.unwrap();
            let text = request.text();
            assert_eq!(field(text, "daily_budget").as_deref(), daily);
            assert_eq!(field(text, "lifetime_budget").as_deref(), lifetime);
            assert_eq!(field(text, "end_time").as_deref(), end);
        }
    }

    #[tokio::test]
    async fn targeting_is_written_as_one_object() {
        let mut set = ad_set(AdSetBudget::OfCampaign);
        set.targeting = Targeting::new(GeoLocations::countries(["DE"]).with("cities", json!([{"key": "1"}])))
            .advantage_audience(true)
            .ages(18, 65)
            .audiences([CustomAudienceId::from(1)])
            .without_audiences([CustomAudienceId::from(2)])
            .platforms(["instagram"])
            .with("genders", vec![1]);
        let (_, request) = exchange(set, r#"{"id":"7"}"#).await;
        let written: Value = serde_json::from_str(&field(request.text(), "targeting").unwrap()).unwrap();
        let expected = json!({
            "geo_locations": {"countries": ["DE"], "cities": [{"key": "1"}]}, "age_min": 18, "age_max": 65,
            "custom_audiences": [{"id": "1"}], "excluded_custom_audiences": [{"id": "2"}],
            "publisher_platforms": ["instagram"], "targeting_automation": {"advantage_audience": 1},
            "genders": [1]});
        assert_eq!(written, expected);
    }

    #[test]
    fn findings_name_the_rule() {
        let mut unnamed = ad_set(AdSetBudget::Daily(1));
        unnamed.name = String::new();
        let mut open = ad_set(AdSetBudget::Daily(1));
        open.targeting = Targeting::new(GeoLocations::default());
        for (set, rules) in [
            (ad_set(AdSetBudget::Daily(1)), &[][..]),
            (ad_set(AdSetBudget::Daily(0)), &["ads.ad_set.budget"]),
            (unnamed, &["ads.ad_set.name"]),
            (open, &["ads.ad_set.places", "ads.ad_set.advantage_audience"]),
            (ad_set(AdSetBudget::Daily(1)).bid_strategy(BidStrategy::CostCap), &["ads.ad_set.bid_amount"]),
            (ad_set(AdSetBudget::Daily(1)).bid_strategy(BidStrategy::CostCap).bid_amount(5), &[]),
            (
                ad_set(AdSetBudget::OfCampaign).bid_strategy(BidStrategy::LowestCostWithoutCap),
                &["ads.ad_set.bid_strategy"],
            ),
        ] {
            let found: Vec<&str> = set.check().iter().map(Finding::rule).collect();
            assert_eq!(found, rules, "{set:?}");
        }
    }

    use crate::id::CustomAudienceId;
}
