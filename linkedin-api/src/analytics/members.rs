//! A member's own posts, videos and followers.

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer};
use serde_json::Value;
use sociogram_api_core::http::Page;
use sociogram_api_core::{Finding, open_enum};
use sociogram_oauth_core::scope;

use crate::collection::whole;
use crate::date::DateRange;
use crate::endpoint::endpoint;
use crate::guard::rules;
use crate::lenient;
use crate::restli::{Query, RestliValue, restli_words};
use crate::urn::{PostUrn, Urn};

open_enum! {
    /// What is counted of a member's posts. From `POST_SAVE` on they need version 202604.
    pub enum MemberPostMetric {
        /// How often they were shown.
        Impression = "IMPRESSION",
        /// To how many different members. Not by day.
        MembersReached = "MEMBERS_REACHED",
        /// Reshares.
        Reshare = "RESHARE",
        /// Reactions.
        Reaction = "REACTION",
        /// Comments.
        Comment = "COMMENT",
        /// How often they were saved.
        PostSave = "POST_SAVE",
        /// How often they were sent on.
        PostSend = "POST_SEND",
        /// Clicks on links.
        LinkClicks = "LINK_CLICKS",
        /// Clicks on the button of a premium profile.
        PremiumCtaClicks = "PREMIUM_CTA_CLICKS",
        /// Followers gained.
        FollowerGainedFromContent = "FOLLOWER_GAINED_FROM_CONTENT",
        /// Views of the profile that came from them.
        ProfileViewFromContent = "PROFILE_VIEW_FROM_CONTENT",
    }
}

open_enum! {
    /// What is counted of a member's video.
    pub enum MemberVideoMetric {
        /// Plays of at least 2 seconds.
        Play = "VIDEO_PLAY",
        /// Different viewers. Only in all.
        Viewer = "VIDEO_VIEWER",
        /// Time watched, in milliseconds. Only in all.
        WatchTime = "VIDEO_WATCH_TIME",
    }
}

open_enum! {
    /// The steps of a member's figures.
    pub enum MemberAggregation {
        /// One element in all.
        Total = "TOTAL",
        /// One element for each day.
        Daily = "DAILY",
    }
}

restli_words!(MemberPostMetric, MemberVideoMetric, MemberAggregation);

endpoint! {
    /// Reads one figure of all posts of the token's member: `GET /rest/memberCreatorPostAnalytics?q=me` (LinkedIn: Member
    /// Post Statistics).
    ///
    /// Needs `r_member_postAnalytics` (Community Management) and version 202506 or later.
    pub struct GetMemberAnalytics -> Page<MemberFigure<MemberPostMetric>>;
    "linkedin.member_post_analytics.me": Finder "/rest/memberCreatorPostAnalytics", Safe, [scope::R_MEMBER_POST_ANALYTICS];
    fixed { q: "me" }
    new { metric as "queryType": MemberPostMetric, aggregation: MemberAggregation }
    with {
        /// Only these days. Whether the last one is included is not documented.
        date_range as "dateRange": DateRange,
    }
    checked by check;
    read by whole;
}

endpoint! {
    /// Reads one figure of a post of the token's member: `GET /rest/memberCreatorPostAnalytics?q=entity` (LinkedIn: Member
    /// Post Statistics).
    ///
    /// Scope and version as for [`GetMemberAnalytics`].
    pub struct GetMemberPostAnalytics -> Page<MemberFigure<MemberPostMetric>>;
    "linkedin.member_post_analytics.entity": Finder "/rest/memberCreatorPostAnalytics", Safe,
        [scope::R_MEMBER_POST_ANALYTICS];
    fixed { q: "entity" }
    new { post as "entity": PostUrn, metric as "queryType": MemberPostMetric, aggregation: MemberAggregation }
    with {
        /// Only these days. Whether the last one is included is not documented.
        date_range as "dateRange": DateRange,
    }
    subject post;
    checked by check;
    query by entity;
    read by whole;
}

endpoint! {
    /// Reads one figure of a video post of the token's member: `GET /rest/memberCreatorVideoAnalytics?q=entity` (LinkedIn:
    /// Member Video Statistics).
    ///
    /// Plays and viewers are kept for a year after the post was created. Needs `r_member_postAnalytics` and version 202506
    /// or later.
    pub struct GetMemberVideoAnalytics -> Page<MemberFigure<MemberVideoMetric>>;
    "linkedin.member_video_analytics.get": Finder "/rest/memberCreatorVideoAnalytics", Safe,
        [scope::R_MEMBER_POST_ANALYTICS];
    fixed { q: "entity" }
    new { post as "entity": PostUrn, metric as "queryType": MemberVideoMetric }
    with {
        /// In steps; all together unless told.
        aggregation: MemberAggregation,
        /// Only these days.
        date_range as "dateRange": DateRange,
    }
    subject post;
    checked by check;
    query by entity;
    read by whole;
}

endpoint! {
    /// Reads how many followers the token's member has: `GET /rest/memberFollowersCount?q=me` (LinkedIn: Member Follower
    /// Statistics).
    ///
    /// Needs `r_member_profileAnalytics` (Community Management).
    pub struct GetMemberFollowerCount -> Page<MemberFollowers>;
    "linkedin.member_followers.me": Finder "/rest/memberFollowersCount", Safe, [scope::R_MEMBER_PROFILE_ANALYTICS];
    fixed { q: "me" }
    read by whole;
}

endpoint! {
    /// Reads how many followers the token's member gained on each day: `GET /rest/memberFollowersCount?q=dateRange`
    /// (LinkedIn: Member Follower Statistics).
    ///
    /// Needs `r_member_profileAnalytics` (Community Management).
    pub struct GetMemberFollowersByDay -> Page<MemberFollowers>;
    "linkedin.member_followers.by_day": Finder "/rest/memberFollowersCount", Safe, [scope::R_MEMBER_PROFILE_ANALYTICS];
    fixed { q: "dateRange" }
    new { date_range as "dateRange": DateRange }
    checked by check;
    read by whole;
}

impl GetMemberAnalytics {
    /// What is wrong with it, as far as that can be told without LinkedIn.
    pub fn check(&self) -> Vec<Finding> {
        let never_daily = [MemberPostMetric::MembersReached];
        check(&self.metric, &never_daily, Some(&self.aggregation), self.date_range)
    }
}

impl GetMemberPostAnalytics {
    /// What is wrong with it, as far as that can be told without LinkedIn.
    pub fn check(&self) -> Vec<Finding> {
        let never_daily = [MemberPostMetric::MembersReached, MemberPostMetric::Impression];
        check(&self.metric, &never_daily, Some(&self.aggregation), self.date_range)
    }

    fn entity(&self, query: Query) -> Query {
        query.param("entity", entity(&self.post))
    }
}

impl GetMemberVideoAnalytics {
    /// What is wrong with it, as far as that can be told without LinkedIn.
    pub fn check(&self) -> Vec<Finding> {
        let never_daily = [MemberVideoMetric::Viewer, MemberVideoMetric::WatchTime];
        check(&self.metric, &never_daily, self.aggregation.as_ref(), self.date_range)
    }

    fn entity(&self, query: Query) -> Query {
        query.param("entity", entity(&self.post))
    }
}

impl GetMemberFollowersByDay {
    /// What is wrong with it, as far as that can be told without LinkedIn.
    pub fn check(&self) -> Vec<Finding> {
        self.date_range.check("dateRange").into_iter().collect()
    }
}

fn check<M: PartialEq + std::fmt::Display>(
    metric: &M,
    never_daily: &[M],
    aggregation: Option<&MemberAggregation>,
    range: Option<DateRange>,
) -> Vec<Finding> {
    let mut findings: Vec<Finding> = range.and_then(|range| range.check("dateRange")).into_iter().collect();
    if aggregation == Some(&MemberAggregation::Daily) && never_daily.contains(metric) {
        findings.push(rules::AGGREGATION.finding("aggregation").measured(format_args!("DAILY {metric}")));
    }
    findings
}

/// A union of the two kinds of posts.
fn entity(post: &PostUrn) -> RestliValue {
    let kind = if post.as_urn().entity_type() == "share" { "share" } else { "ugc" };
    RestliValue::record([(kind, post)])
}

/// A figure of a member's posts.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", bound = "M: DeserializeOwned")]
pub struct MemberFigure<M> {
    /// The figure.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub count: Option<i64>,
    /// What was counted.
    #[serde(default, rename = "metricType", deserialize_with = "text_inside")]
    pub metric: Option<M>,
    /// The post, if the figure is of one.
    #[serde(default, deserialize_with = "text_inside")]
    pub target_entity: Option<Urn>,
    /// The day or days.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub date_range: Option<DateRange>,
}

/// Plain text, or an object with one member that holds it: metrics before version 202605, and unions.
fn text_inside<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    let text = match lenient::or_none::<Value, D>(deserializer)? {
        Some(Value::Object(members)) if members.len() == 1 => {
            members.into_iter().next().map(|(_, value)| value)
        }
        other => other,
    };
    Ok(text.filter(Value::is_string).and_then(|text| T::deserialize(text).ok()))
}

/// How many followers a member has, or gained.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MemberFollowers {
    /// How many.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub member_followers_count: Option<i64>,
    /// The day, if days were asked for.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub date_range: Option<DateRange>,
}

#[cfg(test)]
mod tests {
    use super::*;

    type Figure = MemberFigure<MemberPostMetric>;

    #[test]
    fn the_metric_is_read_before_and_after_it_became_text() {
        for json in [
            r#"{"metricType":"IMPRESSION"}"#,
            r#"{"metricType":{"com.linkedin.adsexternalapi.memberanalytics.v1.CreatorPostAnalyticsMetricTypeV1":"IMPRESSION"}}"#,
        ] {
            let figure: Figure = serde_json::from_str(json).unwrap();
            assert_eq!(figure.metric, Some(MemberPostMetric::Impression), "{json}");
        }
        for json in ["{}", r#"{"metricType":7,"count":{},"targetEntity":{"a":1,"b":2},"dateRange":[]}"#] {
            let figure: Figure = serde_json::from_str(json).unwrap();
            assert_eq!((figure.metric, figure.count, figure.target_entity), (None, None, None), "{json}");
        }
    }

    #[test]
    fn what_linkedin_does_not_count_by_day_is_warned_about() {
        let post = PostUrn::parse("urn:li:ugcPost:1").unwrap();
        let me = |metric| GetMemberAnalytics::new(metric, MemberAggregation::Daily).check();
        let one =
            |metric| GetMemberPostAnalytics::new(post.clone(), metric, MemberAggregation::Daily).check();
        let found = |findings: Vec<Finding>| findings.iter().map(Finding::rule).collect::<Vec<_>>();
        let warned = ["linkedin.analytics.aggregation"];
        assert_eq!(found(me(MemberPostMetric::MembersReached)), warned);
        assert_eq!(found(me(MemberPostMetric::Impression)), [""; 0]);
        assert_eq!(found(one(MemberPostMetric::Impression)), warned);
        let video = GetMemberVideoAnalytics::new(post, MemberVideoMetric::WatchTime);
        assert_eq!(found(video.check()), [""; 0]);
        assert_eq!(found(video.aggregation(MemberAggregation::Daily).check()), warned);
    }
}
