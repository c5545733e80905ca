//! Metrics of Pages and their posts (Graph API: Page Insights; Page Insights: Deprecated Metrics).

use super::super::words::{MetricBreakdown as B, Period as P};
use super::{MetricInfo, ObjectKind};

const DAILY: &[P] = &[P::Day];
const ROLLING: &[P] = &[P::Day, P::Week, P::Days28];
const LIFETIME: &[P] = &[P::Lifetime];
const SOURCES: &[B] = &[B::IsFromAds, B::IsFromFollowers];

/// All versions of the API dropped these days' metrics at once.
const SPRING_2024: &str = "2024-03-14";
const AUTUMN_2024: &str = "2024-09-16";
const AUTUMN_2025: &str = "2025-11-15";
const SUMMER_2026: &str = "2026-06-15";

const fn page(name: &'static str) -> MetricInfo {
    MetricInfo::new(ObjectKind::Page, name)
}

const fn post(name: &'static str) -> MetricInfo {
    MetricInfo::new(ObjectKind::Post, name).periods(LIFETIME)
}

pub(super) const METRICS: &[MetricInfo] = &[
    page("page_media_view").periods(ROLLING).breakdowns(SOURCES),
    page("page_total_media_view_unique").periods(ROLLING),
    page("page_post_engagements").periods(ROLLING),
    page("page_views_total").periods(ROLLING),
    page("page_follows").periods(DAILY),
    page("page_daily_follows").periods(DAILY),
    page("page_daily_follows_unique").periods(DAILY),
    page("page_daily_unfollows_unique").periods(DAILY),
    page("page_total_actions").periods(ROLLING),
    page("page_video_views").periods(ROLLING),
    page("page_video_views_paid").periods(ROLLING).uncertain(),
    page("page_video_views_organic").periods(ROLLING).uncertain(),
    page("page_video_views_autoplayed").periods(ROLLING).uncertain(),
    page("page_actions_post_reactions_like_total").periods(DAILY),
    page("page_actions_post_reactions_love_total").periods(DAILY),
    page("page_actions_post_reactions_wow_total").periods(DAILY),
    page("page_actions_post_reactions_haha_total").periods(DAILY),
    page("page_actions_post_reactions_sorry_total").periods(DAILY),
    page("page_actions_post_reactions_anger_total").periods(DAILY),
    page("page_follows_city").periods(DAILY).uncertain(),
    page("page_follows_country").periods(DAILY).uncertain(),
    page("page_fan_adds_by_paid_non_paid_unique").periods(DAILY).uncertain(),
    page("page_engaged_users").retired(SPRING_2024),
    page("page_consumptions").retired(AUTUMN_2024),
    page("page_consumptions_unique").retired(AUTUMN_2024),
    page("page_consumptions_by_consumption_type").retired(AUTUMN_2024),
    page("page_fans_online").retired(AUTUMN_2024),
    page("page_fans_online_per_day").retired(AUTUMN_2024),
    page("page_negative_feedback").retired(AUTUMN_2024),
    page("page_negative_feedback_unique").retired(AUTUMN_2024),
    page("page_fans").retired(AUTUMN_2025).instead("page_follows"),
    page("page_fans_locale").retired(AUTUMN_2025),
    page("page_fans_city").retired(AUTUMN_2025),
    page("page_fans_country").retired(AUTUMN_2025),
    page("page_fan_adds").retired(AUTUMN_2025).instead("page_daily_follows"),
    page("page_fan_adds_unique").retired(AUTUMN_2025).instead("page_daily_follows_unique"),
    page("page_fan_removes").retired(AUTUMN_2025).instead("page_daily_unfollows_unique"),
    page("page_fan_removes_unique").retired(AUTUMN_2025).instead("page_daily_unfollows_unique"),
    page("page_impressions").retired(AUTUMN_2025).instead("page_media_view"),
    page("page_impressions_paid").retired(AUTUMN_2025).instead("page_media_view"),
    page("page_impressions_viral").retired(AUTUMN_2025).instead("page_media_view"),
    page("page_impressions_nonviral").retired(AUTUMN_2025).instead("page_media_view"),
    page("page_impressions_unique").retired(SUMMER_2026).instead("page_total_media_view_unique"),
    page("page_video_views_unique").retired(SUMMER_2026).instead("page_total_media_view_unique"),
];

pub(super) const POST_METRICS: &[MetricInfo] = &[
    post("post_media_view"),
    post("post_total_media_view_unique"),
    post("post_clicks"),
    post("post_clicks_by_type"),
    post("post_reactions_by_type_total"),
    post("post_reactions_like_total"),
    post("post_reactions_love_total"),
    post("post_reactions_wow_total"),
    post("post_reactions_haha_total"),
    post("post_reactions_sorry_total"),
    post("post_reactions_anger_total"),
    post("post_video_views"),
    post("post_video_avg_time_watched"),
    post("post_video_view_time"),
    post("post_activity").retired(SPRING_2024),
    post("post_engaged_users").retired(AUTUMN_2024),
    post("post_negative_feedback").retired(AUTUMN_2024),
    post("post_impressions").retired(AUTUMN_2025).instead("post_media_view"),
    post("post_impressions_paid").retired(AUTUMN_2025).instead("post_media_view"),
    post("post_impressions_organic").retired(AUTUMN_2025).instead("post_media_view"),
    post("post_impressions_viral").retired(AUTUMN_2025).instead("post_media_view"),
    post("post_impressions_nonviral").retired(AUTUMN_2025).instead("post_media_view"),
    post("post_impressions_unique").retired(SUMMER_2026).instead("post_total_media_view_unique"),
    post("post_video_views_unique").retired(SUMMER_2026).instead("post_total_media_view_unique"),
];
