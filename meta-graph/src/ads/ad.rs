//! Ads (Marketing API: Ad).

use serde::{Deserialize, Serialize};
use sociogram_api_core::{Finding, Timestamp};
use sociogram_oauth_core::scope;

use super::filter::{Filter, TimeRange};
use super::validate::validatable;
use super::words::{AdStatus, EffectiveStatus};
use crate::endpoint::{UnixTime, endpoint, list_endpoint};
use crate::id::{AdAccountId, AdCreativeId, AdId, AdSetId, CampaignId};
use crate::insights::DatePreset;
use crate::{acknowledged, lenient};

const FIELDS: &str = "id,account_id,campaign_id,adset_id,name,status,effective_status,creative{id},\
                      preview_shareable_link,created_time,updated_time";

list_endpoint! {
    /// Lists the ads of an ad account: `GET /{ad_account_id}/ads` (Marketing API: Ad Account Ads).
    ///
    /// Needs `ads_read` or `ads_management`. Archived and deleted ones come only when their status is asked for.
    pub struct ListAds -> Ad;
    "ads.ads.list": "/{ad_account_id}/ads", [scope::ADS_READ], limit 500;
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
    /// Lists the ads of an ad set: `GET /{ad_set_id}/ads`. Needs `ads_read` or `ads_management`.
    pub struct ListAdsOf -> Ad;
    "ads.ad_set_ads.list": "/{ad_set_id}/ads", [scope::ADS_READ], limit 500;
    new { ad_set_id: AdSetId }
    with {
        /// Only those in one of these states.
        effective_status: Vec<EffectiveStatus>,
    }
    fields FIELDS;
}

endpoint! {
    /// Reads an ad: `GET /{ad_id}` (Marketing API: Ad). Needs `ads_read` or `ads_management`.
    pub struct GetAd -> Ad;
    "ads.ads.get": GET "/{ad_id}", Safe, [scope::ADS_READ];
    new { ad_id: AdId }
    fields FIELDS;
}

endpoint! {
    /// Makes an ad: `POST /{ad_account_id}/ads` (Marketing API: Ad).
    ///
    /// Needs `ads_management`. Meta reviews it before it runs. [`ValidateOnly`](super::ValidateOnly) tries it out.
    pub struct CreateAd -> CreatedAd;
    "ads.ads.create": POST "/{ad_account_id}/ads", Never, [scope::ADS_MANAGEMENT];
    new { ad_account_id: AdAccountId, name: String, adset_id: AdSetId, creative: CreativeRef, status: AdStatus }
    with {
        /// The domain where conversions happen, without path.
        conversion_domain: String,
    }
    subject ad_account_id;
    checked by check;
}

validatable!(CreateAd);

impl CreateAd {
    /// What is wrong with it, as far as that can be told without asking Meta. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        if self.name.trim().is_empty() {
            findings.push(Finding::error("ads.ad.name", "name", "the ad has no name").advice("give it one"));
        }
        findings
    }
}

endpoint! {
    /// Changes an ad: `POST /{ad_id}` (Marketing API: Ad). Needs `ads_management`. Another creative means another review.
    pub struct UpdateAd -> ();
    "ads.ads.update": POST "/{ad_id}", Safe, [scope::ADS_MANAGEMENT];
    new { ad_id: AdId }
    with {
        /// Its name.
        name: String,
        /// What it is set to.
        status: AdStatus,
        /// What it shows.
        creative: CreativeRef,
    }
    decode acknowledged::read;
}

endpoint! {
    /// Deletes an ad: `DELETE /{ad_id}` (Marketing API: Ad). Needs `ads_management`.
    pub struct DeleteAd -> ();
    "ads.ads.delete": DELETE "/{ad_id}", Safe, [scope::ADS_MANAGEMENT];
    new { ad_id: AdId }
    decode acknowledged::read;
}

/// The creative that an ad shows.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CreativeRef {
    /// Its id.
    pub creative_id: AdCreativeId,
}

impl From<AdCreativeId> for CreativeRef {
    fn from(creative_id: AdCreativeId) -> Self {
        Self { creative_id }
    }
}

/// An ad that was made.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CreatedAd {
    /// Its id.
    pub id: AdId,
}

/// An ad.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Ad {
    /// Its id.
    pub id: AdId,
    /// The ad account, digits only.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub account_id: Option<String>,
    /// The campaign it belongs to.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub campaign_id: Option<CampaignId>,
    /// The ad set it belongs to.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub adset_id: Option<AdSetId>,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// What it was set to.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub status: Option<AdStatus>,
    /// Whether it runs.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub effective_status: Option<EffectiveStatus>,
    /// What it shows.
    #[serde(default, deserialize_with = "creative")]
    pub creative: Option<AdCreativeId>,
    /// A link that shows the ad to whoever has it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub preview_shareable_link: Option<String>,
    /// When it was made.
    #[serde(default, deserialize_with = "lenient::time")]
    pub created_time: Option<Timestamp>,
    /// When it was last changed.
    #[serde(default, deserialize_with = "lenient::time")]
    pub updated_time: Option<Timestamp>,
}

/// Reads `{"id":…}`.
fn creative<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<AdCreativeId>, D::Error> {
    #[derive(Deserialize)]
    struct Node {
        id: AdCreativeId,
    }
    let node: Option<Node> = lenient::or_none(from)?;
    Ok(node.map(|node| node.id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::exchange;

    #[tokio::test]
    async fn ads_are_read_leniently() {
        let (page, _) = exchange(
            ListAds::new(AdAccountId::of("5").unwrap()),
            r#"{"data":[{"id":1,"adset_id":2,"creative":{"id":"3"},"effective_status":"NEW","status":"PAUSED",
                "created_time":"2026-01-02T03:04:05+0000"},{"id":"2","creative":[],"name":5},{}]}"#,
        )
        .await;
        let page = page.unwrap();
        let [first, second] = page.items.as_slice() else { panic!("{page:?}") };
        assert_eq!(first.adset_id, Some(AdSetId::from(2)));
        assert_eq!(first.creative, Some(AdCreativeId::from(3)));
        assert_eq!(first.effective_status, Some(EffectiveStatus::Unknown("NEW".into())));
        assert_eq!(first.created_time, Some(Timestamp::from_unix_seconds(1_767_323_045)));
        assert_eq!((second.creative.as_ref(), second.name.as_deref()), (None, None));
        assert_eq!(page.malformed.len(), 1);
    }

    #[test]
    fn an_ad_needs_a_name() {
        let ad = |name: &str| {
            let creative = AdCreativeId::from(3);
            CreateAd::new(AdAccountId::of("5").unwrap(), name, AdSetId::from(2), creative, AdStatus::Paused)
        };
        assert!(ad("A").check().is_empty());
        assert_eq!(ad("  ").check()[0].rule(), "ads.ad.name");
    }
}
