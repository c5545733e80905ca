//! Copies of campaigns, ad sets and ads (Marketing API: Campaign Copies, Ad Set Copies, Ad Copies).

use serde::Deserialize;
use sociogram_oauth_core::scope;

use super::words::CopyStatus;
use crate::endpoint::{UnixTime, endpoint};
use crate::id::{AdId, AdSetId, CampaignId, ObjectId};
use crate::lenient;

endpoint! {
    /// Copies a campaign: `POST /{campaign_id}/copies` (Marketing API: Campaign Copies).
    ///
    /// Needs `ads_management`. Copies of large campaigns have to be made piece by piece.
    pub struct CopyCampaign -> CopiedCampaign;
    "ads.campaigns.copy": POST "/{campaign_id}/copies", Never, [scope::ADS_MANAGEMENT];
    new { campaign_id: CampaignId, status_option: CopyStatus }
    with {
        /// Whether its ad sets and ads are copied as well.
        deep_copy: bool,
        /// When the copies begin.
        start_time: UnixTime,
        /// When the copies end.
        end_time: UnixTime,
    }
}

endpoint! {
    /// Copies an ad set: `POST /{ad_set_id}/copies` (Marketing API: Ad Set Copies). Needs `ads_management`.
    pub struct CopyAdSet -> CopiedAdSet;
    "ads.ad_sets.copy": POST "/{ad_set_id}/copies", Never, [scope::ADS_MANAGEMENT];
    new { ad_set_id: AdSetId, status_option: CopyStatus }
    with {
        /// The campaign to copy it into; its own unless set.
        campaign_id: CampaignId,
        /// Whether its ads are copied as well.
        deep_copy: bool,
        /// When the copy begins.
        start_time: UnixTime,
        /// When the copy ends.
        end_time: UnixTime,
    }
}

endpoint! {
    /// Copies an ad: `POST /{ad_id}/copies` (Marketing API: Ad Copies). Needs `ads_management`.
    pub struct CopyAd -> CopiedAd;
    "ads.ads.copy": POST "/{ad_id}/copies", Never, [scope::ADS_MANAGEMENT];
    new { ad_id: AdId, status_option: CopyStatus }
    with {
        /// The ad set to copy it into; its own unless set.
        adset_id: AdSetId,
    }
}

/// A copy of a campaign.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CopiedCampaign {
    /// The new campaign.
    pub copied_campaign_id: CampaignId,
    /// Everything that was copied.
    #[serde(default, deserialize_with = "lenient::list")]
    pub ad_object_ids: Vec<CopiedObject>,
}

/// A copy of an ad set.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CopiedAdSet {
    /// The new ad set.
    pub copied_adset_id: AdSetId,
    /// Everything that was copied.
    #[serde(default, deserialize_with = "lenient::list")]
    pub ad_object_ids: Vec<CopiedObject>,
}

/// A copy of an ad.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CopiedAd {
    /// The new ad.
    pub copied_ad_id: AdId,
}

/// One of the things that were copied.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CopiedObject {
    /// What it is: `campaign`, `ad_set`, `ad`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub ad_object_type: Option<String>,
    /// What it was copied from.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub source_id: Option<ObjectId>,
    /// The copy.
    pub copied_id: ObjectId,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::exchange;

    #[tokio::test]
    async fn copies_are_read_leniently_but_for_the_id() {
        let copy = CopyCampaign::new(CampaignId::from(1), CopyStatus::Paused).deep_copy(true);
        let answer = r#"{"copied_campaign_id":2,"ad_object_ids":[
            {"ad_object_type":"campaign","source_id":1,"copied_id":"2"},{"source_id":"9"}]}"#;
        let (copied, request) = exchange(copy.clone(), answer).await;
        let copied = copied.unwrap();
        assert_eq!((copied.copied_campaign_id.as_str(), copied.ad_object_ids.len()), ("2", 1));
        assert_eq!(request.text(), "status_option=PAUSED&deep_copy=true");
        let (copied, _) = exchange(copy, r#"{"success":true}"#).await;
        assert!(copied.unwrap_err().may_have_been_applied());
    }
}
