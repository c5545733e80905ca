//! What an organization's posts came to.

use serde::{Deserialize, Deserializer};
use sociogram_api_core::http::Page;
use sociogram_api_core::{Finding, Timestamp};
use sociogram_oauth_core::scope;

use super::intervals::{TimeGranularity, TimeIntervals};
use crate::collection::whole;
use crate::endpoint::endpoint;
use crate::guard::rules;
use crate::lenient;
use crate::time_range::TimeRange;
use crate::urn::{OrganizationUrn, PostUrn, Urn};

endpoint! {
    /// Reads what an organization's posts came to: `GET /rest/organizationalEntityShareStatistics?q=organizationalEntity`
    /// (LinkedIn: Organization Share Statistics).
    ///
    /// Alone it gives one element for the last 12 months; with [`intervals`](Self::intervals) one for each day or month;
    /// with [`posts`](Self::posts) one for each post that had any activity, for its whole life. Organic figures only.
    ///
    /// Needs `rw_organization_admin` and the role of administrator.
    ///
    /// ```
    /// use sociogram_linkedin_api::{OrganizationUrn, PostUrn};
    /// use sociogram_linkedin_api::analytics::GetShareStatistics;
    ///
    /// let page: OrganizationUrn = "urn:li:organization:5".parse().unwrap();
    /// let posts: [PostUrn; 2] = ["urn:li:share:1", "urn:li:ugcPost:2"].map(|urn| urn.parse().unwrap());
    /// assert!(GetShareStatistics::new(page).posts(posts).check().is_empty());
    /// ```
    pub struct GetShareStatistics -> Page<ShareStatistics>;
    "linkedin.share_statistics.get": Finder "/rest/organizationalEntityShareStatistics", Safe, [scope::RW_ORGANIZATION_ADMIN];
    fixed { q: "organizationalEntity" }
    new { organization as "organizationalEntity": OrganizationUrn }
    with {
        /// Over time, by `DAY` or `MONTH`. Not together with posts.
        intervals as "timeIntervals": TimeIntervals,
        /// Only these posts, all of them `urn:li:share`.
        shares: Vec<PostUrn>,
        /// Only these posts, all of them `urn:li:ugcPost`.
        ugc_posts as "ugcPosts": Vec<PostUrn>,
    }
    subject organization;
    checked by check;
    read by whole;
}

impl GetShareStatistics {
    /// Only these posts, of either kind. A post in the list of the other kind yields nothing, so they are sorted here.
    pub fn posts(self, posts: impl IntoIterator<Item = PostUrn>) -> Self {
        let (shares, ugc_posts): (Vec<_>, Vec<_>) = posts.into_iter().partition(is_share);
        let with_shares = if shares.is_empty() { self } else { self.shares(shares) };
        if ugc_posts.is_empty() { with_shares } else { with_shares.ugc_posts(ugc_posts) }
    }

    /// What is wrong with it, as far as that can be told without LinkedIn.
    pub fn check(&self) -> Vec<Finding> {
        let steps = [TimeGranularity::Day, TimeGranularity::Month];
        let mut findings: Vec<Finding> =
            self.intervals.iter().flat_map(|intervals| intervals.check(&steps)).collect();
        if self.intervals.is_some() && (self.shares.is_some() || self.ugc_posts.is_some()) {
            findings.push(rules::RANGE_PER_POST.finding("timeIntervals"));
        }
        for (field, posts, shares) in [("shares", &self.shares, true), ("ugcPosts", &self.ugc_posts, false)] {
            let strangers = posts.iter().flatten().filter(|post| is_share(post) != shares).count();
            if strangers > 0 {
                findings.push(rules::POST_KIND.finding(field).measured(strangers));
            }
        }
        findings
    }

    /// The same, and what follows from the time: LinkedIn keeps 12 months.
    pub fn check_at(&self, now: Timestamp) -> Vec<Finding> {
        let mut findings = self.check();
        findings.extend(self.intervals.iter().flat_map(|intervals| intervals.check_at(now, None)));
        findings
    }
}

fn is_share(post: &PostUrn) -> bool {
    post.as_urn().entity_type() == "share"
}

/// What posts came to: all of an organization's, or one.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShareStatistics {
    /// The organization.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub organizational_entity: Option<Urn>,
    /// The post, if it was asked for as a share.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub share: Option<PostUrn>,
    /// The post, if it was asked for as a ugcPost.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub ugc_post: Option<PostUrn>,
    /// The step, if figures over time were asked for.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub time_range: Option<TimeRange>,
    /// The figures.
    #[serde(default, rename = "totalShareStatistics", deserialize_with = "totals")]
    pub totals: ShareTotals,
}

fn totals<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ShareTotals, D::Error> {
    Ok(lenient::or_none(deserializer)?.unwrap_or_default())
}

impl ShareStatistics {
    /// The post, of either kind.
    pub fn post(&self) -> Option<&PostUrn> {
        self.share.as_ref().or(self.ugc_post.as_ref())
    }
}

/// The figures of posts.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(from = "Wire")]
pub struct ShareTotals {
    /// How often they were shown.
    pub impression_count: Option<i64>,
    /// To how many different members.
    pub unique_impressions_count: Option<i64>,
    /// Clicks on content, name or logo.
    pub click_count: Option<i64>,
    /// Reactions. Negative in a step in which more were taken back than given.
    pub like_count: Option<i64>,
    /// Comments; may be negative like reactions.
    pub comment_count: Option<i64>,
    /// Reshares; may be negative like reactions.
    pub share_count: Option<i64>,
    /// Clicks, reactions, comments and reshares for each impression.
    pub engagement: Option<f64>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Wire {
    #[serde(deserialize_with = "lenient::integer")]
    impression_count: Option<i64>,
    #[serde(deserialize_with = "lenient::integer")]
    unique_impressions_count: Option<i64>,
    /// Some answers have the plural.
    #[serde(deserialize_with = "lenient::integer")]
    unique_impressions_counts: Option<i64>,
    #[serde(deserialize_with = "lenient::integer")]
    click_count: Option<i64>,
    #[serde(deserialize_with = "lenient::integer")]
    like_count: Option<i64>,
    #[serde(deserialize_with = "lenient::integer")]
    comment_count: Option<i64>,
    #[serde(deserialize_with = "lenient::integer")]
    share_count: Option<i64>,
    #[serde(deserialize_with = "lenient::float")]
    engagement: Option<f64>,
}

impl From<Wire> for ShareTotals {
    fn from(wire: Wire) -> Self {
        Self {
            impression_count: wire.impression_count,
            unique_impressions_count: wire.unique_impressions_count.or(wire.unique_impressions_counts),
            click_count: wire.click_count,
            like_count: wire.like_count,
            comment_count: wire.comment_count,
            share_count: wire.share_count,
            engagement: wire.engagement,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> OrganizationUrn {
        OrganizationUrn::from_id("5").unwrap()
    }

    fn rules_of(endpoint: &GetShareStatistics) -> Vec<&'static str> {
        endpoint.check().iter().map(Finding::rule).collect()
    }

    #[test]
    fn posts_are_not_combined_with_time() {
        let [start, end] = [1_767_225_600, 1_767_312_000].map(Timestamp::from_unix_seconds);
        let posts = ["urn:li:share:1", "urn:li:ugcPost:2"].map(|urn| PostUrn::parse(urn).unwrap());
        let over_time =
            GetShareStatistics::new(page()).intervals(TimeIntervals::new(TimeGranularity::Day, start, end));
        assert_eq!(rules_of(&over_time), [""; 0]);
        assert_eq!(rules_of(&over_time.clone().posts(posts.clone())), ["linkedin.analytics.per_post"]);
        assert_eq!(rules_of(&over_time.posts([])), [""; 0]);
        assert_eq!(rules_of(&GetShareStatistics::new(page()).posts(posts.clone())), [""; 0]);
        assert_eq!(
            rules_of(&GetShareStatistics::new(page()).shares(posts)),
            ["linkedin.analytics.post_kind"]
        );
    }

    #[test]
    fn old_figures_are_warned_about() {
        let [start, end] = [1_700_000_000, 1_700_086_400].map(Timestamp::from_unix_seconds);
        let old =
            GetShareStatistics::new(page()).intervals(TimeIntervals::new(TimeGranularity::Month, start, end));
        let findings = old.check_at(Timestamp::from_unix_seconds(1_767_225_600));
        assert_eq!(findings.iter().map(Finding::rule).collect::<Vec<_>>(), ["linkedin.analytics.range_old"]);
    }

    #[test]
    fn every_spelling_of_the_figures_is_read() {
        for (json, unique) in [
            (r#"{"uniqueImpressionsCount":9}"#, Some(9)),
            (r#"{"uniqueImpressionsCounts":7}"#, Some(7)),
            (r#"{"uniqueImpressionsCount":9,"uniqueImpressionsCounts":7}"#, Some(9)),
            (r#"{"uniqueImpressionsCount":null,"uniqueImpressionsCounts":"7"}"#, Some(7)),
            ("{}", None),
        ] {
            let totals: ShareTotals = serde_json::from_str(json).unwrap();
            assert_eq!(totals.unique_impressions_count, unique, "{json}");
        }
        let totals: ShareTotals =
            serde_json::from_str(r#"{"likeCount":-3,"engagement":"0.025","clickCount":{}}"#).unwrap();
        assert_eq!((totals.like_count, totals.engagement, totals.click_count), (Some(-3), Some(0.025), None));
    }
}
