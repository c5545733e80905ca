//! Ad sets (Marketing API: Ad Set).

mod create;
mod targeting;

use serde::Deserialize;
use sociogram_api_core::Timestamp;
use sociogram_oauth_core::scope;

pub use create::{AdSetBudget, CreateAdSet, CreatedAdSet};
pub use targeting::{GeoLocations, Targeting};

use super::filter::{Filter, TimeRange};
use super::words::{AdStatus, BidStrategy, BillingEvent, DestinationType, EffectiveStatus, OptimizationGoal};
use crate::endpoint::{UnixTime, endpoint, list_endpoint};
use crate::id::{AdAccountId, AdSetId, CampaignId};
use crate::insights::DatePreset;
use crate::{acknowledged, lenient};

const FIELDS: &str = "id,account_id,campaign_id,name,status,effective_status,billing_event,optimization_goal,\
                      destination_type,bid_strategy,bid_amount,daily_budget,lifetime_budget,budget_remaining,\
                      start_time,end_time,created_time,updated_time";

list_endpoint! {
    /// Lists the ad sets of an ad account: `GET /{ad_account_id}/adsets` (Marketing API: Ad Account Ad Sets).
    ///
    /// Needs `ads_read` or `ads_management`. Archived and deleted ones come only when their status is asked for.
    pub struct ListAdSets -> AdSet;
    "ads.ad_sets.list": "/{ad_account_id}/adsets", [scope::ADS_READ], limit 500;
    new { ad_account_id: AdAccountId }
    with {
        /// Only those in one of these states.
        effective_status: Vec<EffectiveStatus>,
        /// Only those that changed in these days, by name.
        date_preset: DatePreset,
        /// Only those that changed in these days.
        time_range: TimeRange,
        /// Only those that changed since.
        updated_since: UnixTime,
        /// Only those that pass all of these.
        filtering: Vec<Filter>,
    }
    fields FIELDS;
    subject ad_account_id;
}

list_endpoint! {
    /// Lists the ad sets of a campaign: `GET /{campaign_id}/adsets`. Needs `ads_read` or `ads_management`.
    pub struct ListAdSetsOf -> AdSet;
    "ads.campaign_ad_sets.list": "/{campaign_id}/adsets", [scope::ADS_READ], limit 500;
    new { campaign_id: CampaignId }
    with {
        /// Only those in one of these states.
        effective_status: Vec<EffectiveStatus>,
    }
    fields FIELDS;
}

endpoint! {
    /// Reads an ad set: `GET /{ad_set_id}` (Marketing API: Ad Set). Needs `ads_read` or `ads_management`.
    pub struct GetAdSet -> AdSet;
    "ads.ad_sets.get": GET "/{ad_set_id}", Safe, [scope::ADS_READ];
    new { ad_set_id: AdSetId }
    fields FIELDS;
}

endpoint! {
    /// Changes an ad set: `POST /{ad_set_id}` (Marketing API: Ad Set).
    ///
    /// Needs `ads_management`. A budget can be changed four times an hour.
    pub struct UpdateAdSet -> ();
    "ads.ad_sets.update": POST "/{ad_set_id}", Safe, [scope::ADS_MANAGEMENT];
    new { ad_set_id: AdSetId }
    with {
        /// Its name.
        name: String,
        /// What it is set to.
        status: AdStatus,
        /// The budget of a day, in the smallest unit of the currency.
        daily_budget: u64,
        /// The budget of its whole life.
        lifetime_budget: u64,
        /// When it ends.
        end_time: UnixTime,
        /// How much to bid.
        bid_amount: u64,
        /// Who sees it; replaces what was set.
        targeting: Targeting,
    }
    decode acknowledged::read;
}

endpoint! {
    /// Deletes an ad set with its ads: `DELETE /{ad_set_id}` (Marketing API: Ad Set). Needs `ads_management`.
    pub struct DeleteAdSet -> ();
    "ads.ad_sets.delete": DELETE "/{ad_set_id}", Safe, [scope::ADS_MANAGEMENT];
    new { ad_set_id: AdSetId }
    decode acknowledged::read;
}

/// An ad set. Amounts are in the smallest unit of the ad account's currency.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct AdSet {
    /// Its id.
    pub id: AdSetId,
    /// The ad account, digits only.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub account_id: Option<String>,
    /// The campaign it belongs to.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub campaign_id: Option<CampaignId>,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// What it was set to.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub status: Option<AdStatus>,
    /// Whether it runs.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub effective_status: Option<EffectiveStatus>,
    /// What is paid for.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub billing_event: Option<BillingEvent>,
    /// What delivery is tuned for.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub optimization_goal: Option<OptimizationGoal>,
    /// Where its ads lead.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub destination_type: Option<DestinationType>,
    /// How bids are made.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub bid_strategy: Option<BidStrategy>,
    /// How much is bid.
    #[serde(default, deserialize_with = "lenient::count")]
    pub bid_amount: Option<u64>,
    /// The budget of a day; missing where the campaign has the budget.
    #[serde(default, deserialize_with = "lenient::count")]
    pub daily_budget: Option<u64>,
    /// The budget of its whole life.
    #[serde(default, deserialize_with = "lenient::count")]
    pub lifetime_budget: Option<u64>,
    /// What is left of the budget.
    #[serde(default, deserialize_with = "lenient::count")]
    pub budget_remaining: Option<u64>,
    /// When it begins.
    #[serde(default, deserialize_with = "lenient::time")]
    pub start_time: Option<Timestamp>,
    /// When it ends.
    #[serde(default, deserialize_with = "lenient::time")]
    pub end_time: Option<Timestamp>,
    /// When it was made.
    #[serde(default, deserialize_with = "lenient::time")]
    pub created_time: Option<Timestamp>,
    /// When it was last changed.
    #[serde(default, deserialize_with = "lenient::time")]
    pub updated_time: Option<Timestamp>,
}
