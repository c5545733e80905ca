//! An organization's followers.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};
use sociogram_api_core::http::Page;
use sociogram_api_core::{Finding, Timestamp, open_enum};
use sociogram_oauth_core::scope;

use super::facets::{self, Facet};
use super::intervals::{TimeGranularity, TimeIntervals, days};
use crate::collection::whole;
use crate::endpoint::endpoint;
use crate::guard::rules;
use crate::lenient;
use crate::time_range::TimeRange;
use crate::urn::{OrganizationUrn, Urn};

endpoint! {
    /// Reads who an organization's followers are: `GET /rest/organizationalEntityFollowerStatistics?q=organizationalEntity`
    /// (LinkedIn: Organization Follower Statistics).
    ///
    /// The answer is one element with the 100 largest values of every facet. How many followers there are in all tells
    /// the network size of the organization. Needs `rw_organization_admin` and the role of administrator.
    pub struct GetFollowerStatistics -> Page<FollowerStatistics>;
    "linkedin.follower_statistics.get": Finder "/rest/organizationalEntityFollowerStatistics", Safe,
        [scope::RW_ORGANIZATION_ADMIN];
    fixed { q: "organizationalEntity" }
    new { organization as "organizationalEntity": OrganizationUrn }
    subject organization;
    read by whole;
}

endpoint! {
    /// Reads how many followers an organization gained: the same address as [`GetFollowerStatistics`] with
    /// `timeIntervals` (LinkedIn: Organization Follower Statistics, "Retrieve Time-Bound Follower Statistics").
    ///
    /// One element for each `DAY`, `WEEK` or `MONTH`, from 12 months back to about 2 days ago. Needs
    /// `rw_organization_admin` and the role of administrator.
    pub struct GetFollowerGains -> Page<FollowerGains>;
    "linkedin.follower_gains.get": Finder "/rest/organizationalEntityFollowerStatistics", Safe,
        [scope::RW_ORGANIZATION_ADMIN];
    fixed { q: "organizationalEntity" }
    new { organization as "organizationalEntity": OrganizationUrn, intervals as "timeIntervals": TimeIntervals }
    subject organization;
    checked by check;
    read by whole;
}

impl GetFollowerGains {
    /// What is wrong with it, as far as that can be told without LinkedIn.
    pub fn check(&self) -> Vec<Finding> {
        self.intervals.check(&[TimeGranularity::Day, TimeGranularity::Week, TimeGranularity::Month])
    }

    /// The same, and what follows from the time: LinkedIn keeps 12 months and counts 2 days late.
    pub fn check_at(&self, now: Timestamp) -> Vec<Finding> {
        let mut findings = self.check();
        findings.extend(self.intervals.check_at(now, Some(days(rules::FOLLOWER_LAG_DAYS))));
        findings
    }
}

open_enum! {
    /// By what followers are counted.
    pub enum FollowerFacet {
        /// How they belong to the organization: employees.
        AssociationType = "AssociationType",
        /// Job function.
        Function = "Function",
        /// Region.
        Geo = "Geo",
        /// Country.
        GeoCountry = "GeoCountry",
        /// Industry.
        Industry = "Industry",
        /// Seniority.
        Seniority = "Seniority",
        /// Size of the company they work for.
        StaffCountRange = "StaffCountRange",
    }
}

impl From<String> for FollowerFacet {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

/// Who the followers of an organization are.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(from = "Map<String, Value>")]
pub struct FollowerStatistics {
    /// The organization.
    pub organizational_entity: Option<Urn>,
    /// How many followers have each value of a facet.
    pub by: BTreeMap<FollowerFacet, Vec<Facet<FollowerCounts>>>,
}

impl From<Map<String, Value>> for FollowerStatistics {
    fn from(element: Map<String, Value>) -> Self {
        let organization = element.get("organizationalEntity").and_then(Value::as_str);
        Self {
            organizational_entity: organization.and_then(|urn| urn.parse().ok()),
            by: facets::read(&element, "followerCountsBy", "followerCounts"),
        }
    }
}

/// How many followers.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FollowerCounts {
    /// Followers. By demographic facets this counts the paid ones too.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub organic_follower_count: Option<i64>,
    /// Followers gained by ads.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub paid_follower_count: Option<i64>,
}

/// How many followers were gained in one step.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "GainsWire")]
pub struct FollowerGains {
    /// The organization.
    pub organizational_entity: Option<Urn>,
    /// The step.
    pub time_range: Option<TimeRange>,
    /// Gained without ads; negative when more were lost.
    pub organic_follower_gain: Option<i64>,
    /// Gained by ads.
    pub paid_follower_gain: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GainsWire {
    #[serde(default, deserialize_with = "lenient::or_none")]
    organizational_entity: Option<Urn>,
    #[serde(default, deserialize_with = "lenient::or_none")]
    time_range: Option<TimeRange>,
    #[serde(default, deserialize_with = "lenient::or_none")]
    follower_gains: Option<Gains>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Gains {
    #[serde(deserialize_with = "lenient::integer")]
    organic_follower_gain: Option<i64>,
    #[serde(deserialize_with = "lenient::integer")]
    paid_follower_gain: Option<i64>,
}

impl From<GainsWire> for FollowerGains {
    fn from(wire: GainsWire) -> Self {
        let gains = wire.follower_gains.unwrap_or_default();
        Self {
            organizational_entity: wire.organizational_entity,
            time_range: wire.time_range,
            organic_follower_gain: gains.organic_follower_gain,
            paid_follower_gain: gains.paid_follower_gain,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_facet_or_a_surprise_costs_nothing_else() {
        let statistics: FollowerStatistics = serde_json::from_str(
            r#"{"followerCountsBySeniority":[{"seniority":"urn:li:seniority:3","followerCounts":{"organicFollowerCount":12}},7,
                {"seniority":"urn:li:seniority:4","followerCounts":"none"}],
                "followerCountsByShoeSize":[{"shoeSize":"XL","followerCounts":{"paidFollowerCount":"1"}}],
                "followerCountsByGeo":"none","organizationalEntity":"urn:li:organization:5"}"#,
        )
        .unwrap();
        assert_eq!(statistics.organizational_entity.unwrap().id(), "5");
        let seniorities = &statistics.by[&FollowerFacet::Seniority];
        assert_eq!(seniorities[0].figures.as_ref().unwrap().organic_follower_count, Some(12));
        assert_eq!((seniorities.len(), &seniorities[1].figures), (2, &None));
        let shoes = &statistics.by[&FollowerFacet::from("ShoeSize")][0];
        assert_eq!((shoes.name.as_deref(), shoes.value.as_deref()), (Some("shoeSize"), Some("XL")));
        assert_eq!(shoes.figures.as_ref().unwrap().paid_follower_count, Some(1));
        assert_eq!(statistics.by.len(), 2);
    }
}
