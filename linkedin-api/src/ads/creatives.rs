//! Creatives: the ads themselves.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use sociogram_api_core::Timestamp;
use sociogram_oauth_core::scope;

use super::id::AdAccountId;
use super::words::CreativeStatus;
use super::write::{create, fields, update};
use crate::endpoint::{endpoint, list_endpoint};
use crate::lenient;
use crate::urn::{AdAccountUrn, CampaignUrn, CreativeUrn, PostUrn, Urn};

list_endpoint! {
    /// Searches the creatives of an ad account: `GET /rest/adAccounts/{account}/creatives?q=criteria` (LinkedIn: Create and
    /// Manage Creatives).
    ///
    /// Criteria of one kind are alternatives; those of different kinds must all fit. Needs `r_ads` or `rw_ads` and a role on
    /// the account.
    pub struct ListCreatives -> Creative;
    "linkedin.creatives.list": Finder "/rest/adAccounts/{account}/creatives", [scope::R_ADS, scope::RW_ADS],
        token 100 to 1000;
    fixed { q: "criteria" }
    new { account: AdAccountId }
    with {
        /// Of one of these campaigns.
        campaigns: Vec<CampaignUrn>,
        /// One of these.
        creatives: Vec<CreativeUrn>,
        /// Showing one of these posts.
        content_references as "contentReferences": Vec<PostUrn>,
        /// In one of these states.
        intended_statuses as "intendedStatuses": Vec<CreativeStatus>,
    }
    projection;
    subject account;
}

endpoint! {
    /// Reads a creative: `GET /rest/adAccounts/{account}/creatives/{creative}` (LinkedIn: Create and Manage Creatives).
    ///
    /// Needs `r_ads` or `rw_ads` and a role on the account.
    pub struct GetCreative -> Creative;
    "linkedin.creatives.get": Get "/rest/adAccounts/{account}/creatives/{creative}", Safe, [scope::R_ADS, scope::RW_ADS];
    new { account: AdAccountId, creative: CreativeUrn }
    projection;
    subject account;
}

create! {
    /// Creates a creative of a post: `POST /rest/adAccounts/{account}/creatives` (LinkedIn: Create and Manage Creatives).
    ///
    /// A draft unless told, so it is not shown. Needs `rw_ads` and the role of creative manager. Gives the creative's URN.
    /// Never repeated once it may have reached LinkedIn.
    pub struct CreateCreative { account: AdAccountId } -> CreativeUrn;
    "linkedin.creatives.create": "/rest/adAccounts/{account}/creatives";
    subject account;
}

impl CreateCreative {
    /// Shows a post in a campaign.
    pub fn new(
        account: impl Into<AdAccountId>,
        campaign: impl Into<CampaignUrn>,
        post: impl Into<PostUrn>,
    ) -> Self {
        Self { account: account.into(), body: Map::new() }
            .set("campaign", campaign.into().as_str())
            .set("content", json!({"reference": post.into().as_str()}))
            .set("intendedStatus", CreativeStatus::Draft)
    }
}

fields! { CreateCreative,
    /// Another state than a draft.
    intended_status as "intendedStatus": CreativeStatus,
    /// Its name.
    name as "name": String,
}

update! {
    /// Changes some fields of a creative: `POST /rest/adAccounts/{account}/creatives/{creative}` with `X-RestLi-Method:
    /// PARTIAL_UPDATE` (LinkedIn: Create and Manage Creatives).
    ///
    /// Needs `rw_ads` and the role of creative manager. Sending it again has no further effect.
    pub struct UpdateCreative { account: AdAccountId, creative: CreativeUrn }
    "linkedin.creatives.update": "/rest/adAccounts/{account}/creatives/{creative}";
    subject account;
}

fields! { UpdateCreative,
    /// Another state.
    intended_status as "intendedStatus": CreativeStatus,
    /// Another name.
    name as "name": String,
}

/// A creative: one ad.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Creative {
    /// Its id.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub id: Option<CreativeUrn>,
    /// Its ad account.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub account: Option<AdAccountUrn>,
    /// Its campaign.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub campaign: Option<CampaignUrn>,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// Whether it is meant to be shown.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub intended_status: Option<CreativeStatus>,
    /// Whether it is being shown.
    #[serde(default, deserialize_with = "lenient::boolean")]
    pub is_serving: Option<bool>,
    /// What keeps it from being shown.
    #[serde(default, deserialize_with = "lenient::readable")]
    pub serving_hold_reasons: Vec<String>,
    /// What it shows, as LinkedIn gives it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub content: Option<Value>,
    /// What LinkedIn's review came to, as LinkedIn gives it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub review: Option<Value>,
    /// Whether it belongs to a test account.
    #[serde(default, deserialize_with = "lenient::boolean")]
    pub is_test: Option<bool>,
    /// When it was created.
    #[serde(default, deserialize_with = "lenient::millis")]
    pub created_at: Option<Timestamp>,
    /// When it was last changed.
    #[serde(default, deserialize_with = "lenient::millis")]
    pub last_modified_at: Option<Timestamp>,
}

impl Creative {
    /// The post it shows, if it shows one.
    pub fn reference(&self) -> Option<Urn> {
        self.content.as_ref()?.get("reference")?.as_str()?.parse().ok()
    }
}
