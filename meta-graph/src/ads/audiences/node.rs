//! Audiences themselves.

use serde::{Deserialize, Serialize};
use sociogram_api_core::{Finding, Timestamp};
use sociogram_oauth_core::scope;

use super::super::filter::Filter;
use super::super::words::{AudienceLabel, AudienceSubtype, CustomerFileSource};
use crate::endpoint::{endpoint, list_endpoint};
use crate::id::{AdAccountId, CustomAudienceId};
use crate::{acknowledged, lenient};

const FIELDS: &str = "id,account_id,name,description,subtype,customer_file_source,operation_status,delivery_status,\
                      approximate_count_lower_bound,approximate_count_upper_bound,retention_days,is_value_based,\
                      time_created,time_updated,time_content_updated";

list_endpoint! {
    /// Lists the audiences of an ad account: `GET /{ad_account_id}/customaudiences` (Marketing API: Custom Audience).
    ///
    /// Needs `ads_read` or `ads_management`.
    pub struct ListCustomAudiences -> CustomAudience;
    "ads.audience.audiences.list": "/{ad_account_id}/customaudiences", [scope::ADS_READ], limit 500;
    new { ad_account_id: AdAccountId }
    with {
        /// Only those that pass all of these.
        filtering: Vec<Filter>,
    }
    fields FIELDS;
    subject ad_account_id;
}

endpoint! {
    /// Reads an audience: `GET /{audience_id}` (Marketing API: Custom Audience). Needs `ads_read` or `ads_management`.
    pub struct GetCustomAudience -> CustomAudience;
    "ads.audience.audiences.get": GET "/{audience_id}", Safe, [scope::ADS_READ];
    new { audience_id: CustomAudienceId }
    fields FIELDS;
}

endpoint! {
    /// Makes an empty audience for a list of customers: `POST /{ad_account_id}/customaudiences` (Marketing API: Custom
    /// Audience).
    ///
    /// Needs `ads_management`, and the custom audience terms accepted for the ad account.
    pub struct CreateCustomAudience -> CreatedAudience;
    "ads.audience.audiences.create": POST "/{ad_account_id}/customaudiences", Never, [scope::ADS_MANAGEMENT];
    fixed { subtype: "CUSTOM" }
    new { ad_account_id: AdAccountId, name: String, customer_file_source: CustomerFileSource }
    with {
        /// What it is for.
        description: String,
        /// What it is to the business (since v26.0).
        audience_labels: Vec<AudienceLabel>,
        /// Whether rows say what a customer is worth.
        is_value_based: bool,
        /// After how many days people fall out of it.
        retention_days: u32,
    }
    subject ad_account_id;
}

endpoint! {
    /// Makes an audience of people who are like another one: `POST /{ad_account_id}/customaudiences` (Marketing API:
    /// Lookalike Audiences).
    ///
    /// Needs `ads_management`. Meta fills it within hours to a day.
    pub struct CreateLookalike -> CreatedAudience;
    "ads.audience.lookalikes.create": POST "/{ad_account_id}/customaudiences", Never, [scope::ADS_MANAGEMENT];
    fixed { subtype: "LOOKALIKE" }
    new { ad_account_id: AdAccountId, name: String, origin_audience_id: CustomAudienceId, lookalike_spec: LookalikeSpec }
    with {
        /// What it is for.
        description: String,
    }
    subject ad_account_id;
    checked by check;
}

impl CreateLookalike {
    /// What is odd about it, as far as that can be told without asking Meta. Nothing of it stops the call.
    pub fn check(&self) -> Vec<Finding> {
        let ratio = self.lookalike_spec.ratio;
        let mut findings = Vec::new();
        if !(0.01..=0.2).contains(&ratio) {
            findings.push(
                Finding::warning("ads.audience.ratio", "lookalike_spec.ratio", "Meta may refuse this share")
                    .measured(ratio)
                    .allowed("0.01 to 0.2")
                    .advice("0.01 is the one percent that is most alike"),
            );
        }
        findings
    }
}

/// How large a lookalike is, and where.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LookalikeSpec {
    ratio: f64,
    country: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    starting_ratio: Option<f64>,
}

impl LookalikeSpec {
    /// A share of the people of a country (two letters), those who are most alike: `0.01` is one percent.
    pub fn new(country: impl Into<String>, ratio: f64) -> Self {
        Self { ratio, country: country.into(), starting_ratio: None }
    }

    /// Leaves out those who are even more alike: from `0.01` to the ratio.
    pub const fn starting_at(mut self, ratio: f64) -> Self {
        self.starting_ratio = Some(ratio);
        self
    }
}

endpoint! {
    /// Changes an audience: `POST /{audience_id}` (Marketing API: Custom Audience). Needs `ads_management`.
    pub struct UpdateCustomAudience -> ();
    "ads.audience.audiences.update": POST "/{audience_id}", Safe, [scope::ADS_MANAGEMENT];
    new { audience_id: CustomAudienceId }
    with {
        /// Its name.
        name: String,
        /// What it is for.
        description: String,
    }
    decode acknowledged::read;
}

endpoint! {
    /// Deletes an audience: `DELETE /{audience_id}` (Marketing API: Custom Audience).
    ///
    /// Needs `ads_management`. Ads that use it stop.
    pub struct DeleteCustomAudience -> ();
    "ads.audience.audiences.delete": DELETE "/{audience_id}", Safe, [scope::ADS_MANAGEMENT];
    new { audience_id: CustomAudienceId }
    decode acknowledged::read;
}

list_endpoint! {
    /// Lists the uploads of an audience and how far they are: `GET /{audience_id}/sessions` (Marketing API: Custom
    /// Audience Sessions).
    ///
    /// Needs `ads_management`.
    pub struct ListAudienceSessions -> AudienceSession;
    "ads.audience.sessions.list": "/{audience_id}/sessions", [scope::ADS_MANAGEMENT], limit 100;
    new { audience_id: CustomAudienceId }
    with {
        /// Only this one.
        session_id: u64,
    }
}

/// An audience that was made.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CreatedAudience {
    /// Its id.
    pub id: CustomAudienceId,
}

/// An audience.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CustomAudience {
    /// Its id.
    pub id: CustomAudienceId,
    /// The ad account, digits only.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub account_id: Option<String>,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// What it is for.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub description: Option<String>,
    /// Where it comes from.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub subtype: Option<AudienceSubtype>,
    /// Who gathered the data.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub customer_file_source: Option<CustomerFileSource>,
    /// Whether it can be changed.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub operation_status: Option<AudienceStatus>,
    /// Whether ads can use it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub delivery_status: Option<AudienceStatus>,
    /// About how many people, at least; -1 and missing are not known.
    #[serde(default, deserialize_with = "lenient::count")]
    pub approximate_count_lower_bound: Option<u64>,
    /// About how many people, at most.
    #[serde(default, deserialize_with = "lenient::count")]
    pub approximate_count_upper_bound: Option<u64>,
    /// After how many days people fall out of it.
    #[serde(default, deserialize_with = "lenient::count")]
    pub retention_days: Option<u64>,
    /// Whether rows say what a customer is worth.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_value_based: Option<bool>,
    /// When it was made.
    #[serde(default, deserialize_with = "lenient::time")]
    pub time_created: Option<Timestamp>,
    /// When it was last changed.
    #[serde(default, deserialize_with = "lenient::time")]
    pub time_updated: Option<Timestamp>,
    /// When people were last added or removed.
    #[serde(default, deserialize_with = "lenient::time")]
    pub time_content_updated: Option<Timestamp>,
}

/// A number and what it means.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct AudienceStatus {
    /// The number; 200 is good.
    #[serde(default, deserialize_with = "lenient::count")]
    pub code: Option<u64>,
    /// What it means, in Meta's words.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub description: Option<String>,
}

impl AudienceStatus {
    /// Whether Meta has blocked the audience (471): it cannot be changed before that is settled in the audience
    /// manager.
    pub fn is_flagged(&self) -> bool {
        self.code == Some(471)
    }
}

/// How far an upload is.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct AudienceSession {
    /// The upload.
    #[serde(default, deserialize_with = "lenient::count")]
    pub session_id: Option<u64>,
    /// What Meta does with it: `uploading`, `preprocessing`, `matching`, `postprocessing`, `finished` and others.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub stage: Option<String>,
    /// How far, in percent.
    #[serde(default, deserialize_with = "lenient::number")]
    pub progress: Option<f64>,
    /// How many rows arrived.
    #[serde(default, deserialize_with = "lenient::count")]
    pub num_received: Option<u64>,
    /// How many people were found.
    #[serde(default, deserialize_with = "lenient::count")]
    pub num_matched: Option<u64>,
    /// How many rows cannot be used.
    #[serde(default, deserialize_with = "lenient::count")]
    pub num_invalid_entries: Option<u64>,
    /// When it began.
    #[serde(default, deserialize_with = "lenient::time")]
    pub start_time: Option<Timestamp>,
    /// When it ended.
    #[serde(default, deserialize_with = "lenient::time")]
    pub end_time: Option<Timestamp>,
}
