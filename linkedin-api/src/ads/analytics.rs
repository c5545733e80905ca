//! The figures of ads, in one call.

use http::Method;
use serde::{Deserialize, Serialize};
use sociogram_api_core::http::{DecodeError, Endpoint, Page, RawResponse, Replay, RequestParts};
use sociogram_api_core::{Finding, InvalidRequest};
use sociogram_oauth_core::scope;

use super::metrics::AdMetric;
use super::row::AdAnalyticsRow;
use super::words::{AdGranularity, AdPivot};
use crate::collection;
use crate::date::DateRange;
use crate::endpoint::Params;
use crate::guard::rules;
use crate::method::RestliMethod;
use crate::restli::RestliValue;
use crate::urn::{AdAccountUrn, CampaignGroupUrn, CampaignUrn, CreativeUrn, OrganizationUrn, PostUrn, Urn};

/// Reads figures of ads: `GET /rest/adAnalytics` (LinkedIn: Ads Reporting).
///
/// By one pivot (`q=analytics`) or by up to three (`q=statistics`), for at least one account, campaign group, campaign,
/// creative, post or company, and at most 18 metrics; impressions and clicks unless told. The answer comes whole: from
/// about 15 000 elements on, LinkedIn leaves out the rest and does not say so. [`AdAnalyticsReport`](super::AdAnalyticsReport)
/// splits what is too much.
///
/// Needs `r_ads_reporting` and a role on the ad account; without a role the answer is empty, not refused. LinkedIn allows an
/// app 45 million values in 5 minutes.
///
/// ```
/// use sociogram_linkedin_api::ads::{AdGranularity, AdMetric, AdPivot, GetAdAnalytics};
/// use sociogram_linkedin_api::{AdAccountUrn, Date, DateRange};
///
/// let january = DateRange::new(Date::new(2026, 1, 1).unwrap(), Date::new(2026, 1, 31).unwrap());
/// let request = GetAdAnalytics::new(AdPivot::Creative, january, AdGranularity::All)
///     .metrics([AdMetric::Impressions, AdMetric::from("aNewMetric")]);
/// assert_eq!(request.check()[0].rule(), "linkedin.ad_analytics.filter");
/// let account: AdAccountUrn = "urn:li:sponsoredAccount:512345678".parse().unwrap();
/// assert!(request.accounts([account]).check().is_empty());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[must_use = "an endpoint does nothing until it is sent"]
pub struct GetAdAnalytics {
    /// One of them with the finder for one, any number with the one for several.
    pivots: Vec<AdPivot>,
    statistics: bool,
    pub(super) range: DateRange,
    pub(super) granularity: AdGranularity,
    #[serde(default)]
    accounts: Vec<AdAccountUrn>,
    #[serde(default)]
    campaign_groups: Vec<CampaignGroupUrn>,
    #[serde(default)]
    campaigns: Vec<CampaignUrn>,
    #[serde(default)]
    creatives: Vec<CreativeUrn>,
    #[serde(default)]
    shares: Vec<PostUrn>,
    #[serde(default)]
    companies: Vec<OrganizationUrn>,
    pub(super) metrics: Vec<AdMetric>,
}

impl GetAdAnalytics {
    /// By one pivot (`q=analytics`).
    pub fn new(pivot: impl Into<AdPivot>, range: DateRange, granularity: AdGranularity) -> Self {
        Self {
            pivots: vec![pivot.into()],
            statistics: false,
            range,
            granularity,
            accounts: Vec::new(),
            campaign_groups: Vec::new(),
            campaigns: Vec::new(),
            creatives: Vec::new(),
            shares: Vec::new(),
            companies: Vec::new(),
            metrics: vec![AdMetric::Impressions, AdMetric::Clicks],
        }
    }

    /// By up to three pivots at once (`q=statistics`).
    pub fn statistics(
        pivots: impl IntoIterator<Item = AdPivot>,
        range: DateRange,
        granularity: AdGranularity,
    ) -> Self {
        let first = Self::new(AdPivot::Account, range, granularity);
        Self { pivots: pivots.into_iter().collect(), statistics: true, ..first }
    }

    /// Of these ad accounts.
    pub fn accounts(mut self, accounts: impl IntoIterator<Item = AdAccountUrn>) -> Self {
        self.accounts = accounts.into_iter().collect();
        self
    }

    /// Of these campaign groups.
    pub fn campaign_groups(mut self, groups: impl IntoIterator<Item = CampaignGroupUrn>) -> Self {
        self.campaign_groups = groups.into_iter().collect();
        self
    }

    /// Of these campaigns.
    pub fn campaigns(mut self, campaigns: impl IntoIterator<Item = CampaignUrn>) -> Self {
        self.campaigns = campaigns.into_iter().collect();
        self
    }

    /// Of these creatives.
    pub fn creatives(mut self, creatives: impl IntoIterator<Item = CreativeUrn>) -> Self {
        self.creatives = creatives.into_iter().collect();
        self
    }

    /// Of these sponsored posts.
    pub fn shares(mut self, shares: impl IntoIterator<Item = PostUrn>) -> Self {
        self.shares = shares.into_iter().collect();
        self
    }

    /// Of these advertised companies.
    pub fn companies(mut self, companies: impl IntoIterator<Item = OrganizationUrn>) -> Self {
        self.companies = companies.into_iter().collect();
        self
    }

    /// These metrics in place of impressions and clicks. Repeated ones count once; `dateRange` and `pivotValues` are asked
    /// for in any case.
    pub fn metrics(mut self, metrics: impl IntoIterator<Item = AdMetric>) -> Self {
        self.metrics.clear();
        for metric in metrics {
            if !metric.is_part_of_the_key() && !self.metrics.contains(&metric) {
                self.metrics.push(metric);
            }
        }
        self
    }

    /// What is wrong with it, as far as that can be told without LinkedIn.
    pub fn check(&self) -> Vec<Finding> {
        let mut findings = self.check_all_but_size();
        if self.metrics.len() > rules::MAX_METRICS {
            findings.push(rules::REPORT_METRICS.finding("fields").measured(self.metrics.len()));
        }
        findings
    }

    /// A report splits what is too much for one call.
    pub(super) fn check_all_but_size(&self) -> Vec<Finding> {
        let mut findings: Vec<Finding> = self.range.check("dateRange").into_iter().collect();
        if !(1..=rules::MAX_PIVOTS).contains(&self.pivots.len()) {
            findings.push(rules::REPORT_PIVOTS.finding("pivots").measured(self.pivots.len()));
        }
        if self.filters().next().is_none() {
            findings.push(rules::REPORT_FILTER.finding("accounts"));
        }
        if self.metrics.is_empty() {
            findings.push(rules::REPORT_METRICS.finding("fields").measured(0));
        }
        if self.metrics.iter().any(|metric| !metric.is_plain()) {
            findings.push(rules::REPORT_METRIC_NAME.finding("fields"));
        }
        let demographic = self.pivots.iter().any(AdPivot::is_demographic);
        if self.statistics && demographic {
            findings.push(rules::REPORT_DEMOGRAPHIC.finding("pivots"));
        }
        let days = self.range.end().map(|end| self.range.start().days_until(end) + 1);
        let is_long = days.is_some_and(|days| days > rules::REACH_DAYS);
        if self.metrics.contains(&AdMetric::ApproximateMemberReach) && (demographic || is_long) {
            findings.push(rules::REPORT_REACH.finding("fields"));
        }
        findings
    }

    /// The filters that are set, by the names of their parameters.
    fn filters(&self) -> impl Iterator<Item = (&'static str, RestliValue)> {
        let filters = [
            ("accounts", RestliValue::from(&self.accounts)),
            ("campaignGroups", RestliValue::from(&self.campaign_groups)),
            ("campaigns", RestliValue::from(&self.campaigns)),
            ("creatives", RestliValue::from(&self.creatives)),
            ("shares", RestliValue::from(&self.shares)),
            ("companies", RestliValue::from(&self.companies)),
        ];
        filters.into_iter().filter(|(_, list)| list.as_list().is_some_and(|list| !list.is_empty()))
    }

    /// What was named and has a pivot of its own, so that it should stand in the answer.
    pub(super) fn expected(&self) -> impl Iterator<Item = &Urn> {
        let asked = |pivot: AdPivot| self.pivots.contains(&pivot);
        let accounts =
            self.accounts.iter().map(AdAccountUrn::as_urn).filter(move |_| asked(AdPivot::Account));
        let groups = self.campaign_groups.iter().map(CampaignGroupUrn::as_urn);
        let campaigns = self.campaigns.iter().map(CampaignUrn::as_urn);
        let creatives = self.creatives.iter().map(CreativeUrn::as_urn);
        let shares = self.shares.iter().map(PostUrn::as_urn);
        let companies = self.companies.iter().map(OrganizationUrn::as_urn);
        accounts
            .chain(groups.filter(move |_| asked(AdPivot::CampaignGroup)))
            .chain(campaigns.filter(move |_| asked(AdPivot::Campaign)))
            .chain(creatives.filter(move |_| asked(AdPivot::Creative)))
            .chain(shares.filter(move |_| asked(AdPivot::Share)))
            .chain(companies.filter(move |_| asked(AdPivot::Company)))
    }

    fn mask(&self) -> String {
        let metrics = self.metrics.iter().map(AdMetric::as_str);
        metrics.chain(["dateRange", "pivotValues"]).collect::<Vec<_>>().join(",")
    }
}

impl Endpoint for GetAdAnalytics {
    type Output = Page<AdAnalyticsRow>;

    const NAME: &'static str = "linkedin.ad_analytics.get";
    const METHOD: Method = RestliMethod::Finder.http_method();
    const PATH: &'static str = "/rest/adAnalytics";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::R_ADS_REPORTING];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        if let Some(invalid) = InvalidRequest::from_findings(self.check()) {
            return Err(invalid);
        }
        let mut params = Params::new(parts, RestliMethod::Finder, false);
        match self.pivots.as_slice() {
            [pivot] if !self.statistics => {
                params.query("q", "analytics");
                params.query("pivot", pivot);
            }
            _ => {
                params.query("q", "statistics");
                params.query("pivots", &self.pivots);
            }
        }
        params.query("dateRange", &self.range);
        params.query("timeGranularity", &self.granularity);
        for (name, list) in self.filters() {
            params.query(name, list);
        }
        params.mask(&self.mask());
        params.finish();
        Ok(())
    }

    fn decode(&self, response: &RawResponse) -> Result<Self::Output, DecodeError> {
        collection::whole(self, response)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range() -> DateRange {
        DateRange::new("2026-01-01".parse().unwrap(), "2026-04-02".parse().unwrap())
    }

    fn request(pivot: AdPivot) -> GetAdAnalytics {
        let account = AdAccountUrn::from_id("9").unwrap();
        GetAdAnalytics::new(pivot, range(), AdGranularity::All).accounts([account])
    }

    fn found(request: &GetAdAnalytics) -> Vec<&'static str> {
        request.check().iter().map(Finding::rule).collect()
    }

    #[test]
    fn what_linkedin_refuses_is_not_sent() {
        assert_eq!(found(&request(AdPivot::Campaign)), [""; 0]);
        let many = (0..19).map(|number| AdMetric::from(format!("m{number}").as_str()));
        assert_eq!(
            found(&request(AdPivot::Campaign).metrics(many.clone())),
            ["linkedin.ad_analytics.metrics"]
        );
        assert_eq!(found(&request(AdPivot::Campaign).metrics(many.take(18))), [""; 0]);
        assert_eq!(found(&request(AdPivot::Campaign).metrics([])), ["linkedin.ad_analytics.metrics"]);
        let odd = request(AdPivot::Campaign).metrics([AdMetric::from("clicks,id:(x)")]);
        assert_eq!(found(&odd), ["linkedin.ad_analytics.metric_name"]);
        let nobody = GetAdAnalytics::statistics([], range(), AdGranularity::All);
        assert_eq!(found(&nobody), ["linkedin.ad_analytics.pivots", "linkedin.ad_analytics.filter"]);
    }

    #[test]
    fn what_linkedin_may_leave_empty_is_warned_about() {
        let reach = [AdMetric::ApproximateMemberReach];
        // 1 January to 2 April is 92 days.
        assert_eq!(found(&request(AdPivot::Campaign).metrics(reach.clone())), [""; 0]);
        let mut long = request(AdPivot::Campaign).metrics(reach.clone());
        long.range = DateRange::new(range().start(), "2026-04-03".parse().unwrap());
        assert_eq!(found(&long), ["linkedin.ad_analytics.reach"]);
        assert_eq!(found(&request(AdPivot::MemberIndustry).metrics(reach)), ["linkedin.ad_analytics.reach"]);
        let both = GetAdAnalytics::statistics(
            [AdPivot::Campaign, AdPivot::MemberIndustry],
            range(),
            AdGranularity::All,
        );
        let both = both.campaigns([CampaignUrn::from_id("1").unwrap()]);
        assert_eq!(found(&both), ["linkedin.ad_analytics.demographic"]);
    }

    #[test]
    fn metrics_count_once_and_the_key_is_none_of_them() {
        let names = ["clicks", "dateRange", "clicks", "pivotValues", "impressions"];
        let request = request(AdPivot::Campaign).metrics(names.map(AdMetric::from));
        assert_eq!(request.mask(), "clicks,impressions,dateRange,pivotValues");
    }
}
