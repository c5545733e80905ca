//! Who looked at a page.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};
use sociogram_api_core::http::Page;
use sociogram_api_core::{Finding, Timestamp, open_enum};
use sociogram_oauth_core::scope;

use super::facets::{self, Facet};
use super::intervals::{TimeGranularity, TimeIntervals};
use crate::collection::whole;
use crate::endpoint::endpoint;
use crate::lenient;
use crate::time_range::TimeRange;
use crate::urn::{OrganizationUrn, Urn};

endpoint! {
    /// Reads who looked at an organization's page: `GET /rest/organizationPageStatistics?q=organization` (LinkedIn:
    /// Organization Page Statistics).
    ///
    /// One element for the page's whole life, with facets, or with [`intervals`](Self::intervals) one for each day or
    /// month, without. Needs `rw_organization_admin` and the role of administrator.
    pub struct GetPageStatistics -> Page<PageStatistics>;
    "linkedin.page_statistics.get": Finder "/rest/organizationPageStatistics", Safe, [scope::RW_ORGANIZATION_ADMIN];
    fixed { q: "organization" }
    new { organization: OrganizationUrn }
    with {
        /// Over time, by `DAY` or `MONTH`.
        intervals as "timeIntervals": TimeIntervals,
    }
    subject organization;
    checked by check;
    read by whole;
}

endpoint! {
    /// Reads who looked at a brand's page: `GET /rest/brandPageStatistics?q=brand` (LinkedIn: Organization Page
    /// Statistics, "Organization Brand").
    ///
    /// The brand is a `urn:li:organizationBrand`. Otherwise as [`GetPageStatistics`].
    pub struct GetBrandPageStatistics -> Page<PageStatistics>;
    "linkedin.brand_page_statistics.get": Finder "/rest/brandPageStatistics", Safe, [scope::RW_ORGANIZATION_ADMIN];
    fixed { q: "brand" }
    new { brand: Urn }
    with {
        /// Over time, by `DAY` or `MONTH`.
        intervals as "timeIntervals": TimeIntervals,
    }
    subject brand;
    checked by check;
    read by whole;
}

/// The checks of both.
macro_rules! checked_intervals {
    ($($name:ident)+) => {$(
        impl $name {
            /// What is wrong with it, as far as that can be told without LinkedIn.
            pub fn check(&self) -> Vec<Finding> {
                let steps = [TimeGranularity::Day, TimeGranularity::Month];
                self.intervals.iter().flat_map(|intervals| intervals.check(&steps)).collect()
            }

            /// The same, and what follows from the time: LinkedIn keeps 12 months.
            pub fn check_at(&self, now: Timestamp) -> Vec<Finding> {
                let mut findings = self.check();
                findings.extend(self.intervals.iter().flat_map(|intervals| intervals.check_at(now, None)));
                findings
            }
        }
    )+};
}

checked_intervals!(GetPageStatistics GetBrandPageStatistics);

open_enum! {
    /// By what views of a page are counted.
    pub enum PageFacet {
        /// Country.
        GeoCountry = "GeoCountry",
        /// Region.
        Geo = "Geo",
        /// Job function.
        Function = "Function",
        /// Industry.
        Industry = "Industry",
        /// Industry, by the newer list of them.
        IndustryV2 = "IndustryV2",
        /// Seniority.
        Seniority = "Seniority",
        /// Size of the company they work for.
        StaffCountRange = "StaffCountRange",
    }
}

impl From<String> for PageFacet {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

/// Who looked at a page.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(from = "Map<String, Value>")]
pub struct PageStatistics {
    /// The page: an organization or a brand.
    pub page: Option<Urn>,
    /// The step, if figures over time were asked for.
    pub time_range: Option<TimeRange>,
    /// All figures together.
    pub totals: Option<PageFigures>,
    /// The figures by each value of a facet; empty over time.
    pub by: BTreeMap<PageFacet, Vec<Facet<PageFigures>>>,
}

impl From<Map<String, Value>> for PageStatistics {
    fn from(element: Map<String, Value>) -> Self {
        let page = element.get("organization").or_else(|| element.get("brand")).and_then(Value::as_str);
        Self {
            page: page.and_then(|urn| urn.parse().ok()),
            time_range: element.get("timeRange").and_then(|range| TimeRange::deserialize(range).ok()),
            totals: element
                .get("totalPageStatistics")
                .and_then(|totals| PageFigures::deserialize(totals).ok()),
            by: facets::read(&element, "pageStatisticsBy", "pageStatistics"),
        }
    }
}

/// Views of a page and clicks on it.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct PageFigures {
    /// Views by LinkedIn's name of the part of the page: `allPageViews`, `overviewPageViews`, `mobileJobsPageViews`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub views: Option<BTreeMap<String, PageViews>>,
    /// Clicks as LinkedIn gives them: they are nested differently for each kind.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub clicks: Option<Map<String, Value>>,
}

impl PageFigures {
    /// Views of the whole page.
    pub fn all_views(&self) -> Option<&PageViews> {
        self.views.as_ref()?.get("allPageViews")
    }
}

/// How often a part of a page was looked at.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PageViews {
    /// Views.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub page_views: Option<i64>,
    /// Different viewers. Over time only.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub unique_page_views: Option<i64>,
}
