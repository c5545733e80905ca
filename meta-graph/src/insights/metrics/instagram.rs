//! Metrics of Instagram accounts and media (Instagram Platform: Insights, User Insights, Media Insights, Changelog).

use super::super::words::{MediaProduct as M, MetricBreakdown as B, MetricType as T, Period as P};
use super::{BOTH, FACEBOOK, MetricInfo, ObjectKind};

const DAILY: &[P] = &[P::Day];
const LIFETIME: &[P] = &[P::Lifetime];
const TOTAL: &[T] = &[T::TotalValue];
const TOTAL_OR_SERIES: &[T] = &[T::TotalValue, T::TimeSeries, T::Default];
const PRODUCT: &[B] = &[B::MediaProductType];
const PRODUCT_AND_FOLLOWERS: &[B] = &[B::MediaProductType, B::FollowType, B::FollowerType];
const DEMOGRAPHIC: &[B] = &[B::Age, B::City, B::Country, B::Gender];

const WINTER_2023: &str = "2023-12-11";
const WINTER_2025: &str = "2025-01-08";
const SPRING_2025: &str = "2025-04-21";

const fn account(name: &'static str) -> MetricInfo {
    MetricInfo::new(ObjectKind::InstagramAccount, name).hosts(BOTH)
}

/// A daily total, by kind of medium.
const fn daily(name: &'static str) -> MetricInfo {
    account(name).periods(DAILY).types(TOTAL).breakdowns(PRODUCT)
}

pub(super) const ACCOUNT: &[MetricInfo] = &[
    account("reach").periods(DAILY).types(TOTAL_OR_SERIES).breakdowns(PRODUCT_AND_FOLLOWERS),
    account("views").periods(DAILY).types(TOTAL).breakdowns(PRODUCT_AND_FOLLOWERS),
    account("accounts_engaged").periods(DAILY).types(TOTAL),
    daily("total_interactions"),
    daily("likes"),
    daily("comments"),
    daily("saves"),
    daily("shares"),
    daily("reposts"),
    account("replies").periods(DAILY).types(TOTAL),
    account("follows_and_unfollows").periods(DAILY).types(TOTAL).breakdowns(&[B::FollowType]),
    account("profile_links_taps").periods(DAILY).types(TOTAL).breakdowns(&[B::ContactButtonType]),
    account("follower_demographics").periods(LIFETIME).types(TOTAL).breakdowns(DEMOGRAPHIC),
    account("engaged_audience_demographics").periods(LIFETIME).types(TOTAL).breakdowns(DEMOGRAPHIC),
    account("reached_audience_demographics")
        .periods(LIFETIME)
        .types(TOTAL)
        .breakdowns(DEMOGRAPHIC)
        .uncertain(),
    account("follower_count").periods(DAILY).uncertain(),
    account("online_followers").periods(LIFETIME).uncertain(),
    account("engagement").retired(WINTER_2023).instead("total_interactions"),
    account("profile_views").retired(WINTER_2025),
    account("website_clicks").retired(WINTER_2025),
    account("email_contacts").retired(WINTER_2025).instead("profile_links_taps"),
    account("text_message_clicks").retired(WINTER_2025).instead("profile_links_taps"),
    account("get_directions_clicks").retired(WINTER_2025).instead("profile_links_taps"),
    account("phone_call_clicks").retired(WINTER_2025).instead("profile_links_taps"),
    account("video_views").retired(WINTER_2025).instead("views"),
    account("impressions").retired(SPRING_2025).instead("views"),
];

const ALL: &[M] = &[M::Feed, M::Reels, M::Story];
const FEED_AND_REELS: &[M] = &[M::Feed, M::Reels];
const FEED_AND_STORY: &[M] = &[M::Feed, M::Story];
const REELS: &[M] = &[M::Reels];
const STORY: &[M] = &[M::Story];

const fn media(name: &'static str, products: &'static [M]) -> MetricInfo {
    MetricInfo::new(ObjectKind::InstagramMedia, name).hosts(BOTH).products(products).periods(LIFETIME)
}

pub(super) const MEDIA: &[MetricInfo] = &[
    media("views", ALL),
    media("reach", ALL),
    media("shares", ALL),
    media("total_interactions", ALL),
    media("reposts", ALL),
    media("likes", FEED_AND_REELS),
    media("comments", FEED_AND_REELS),
    media("saved", FEED_AND_REELS),
    media("follows", FEED_AND_STORY),
    media("profile_visits", FEED_AND_STORY),
    media("profile_activity", FEED_AND_STORY).breakdowns(&[B::ActionType]),
    media("replies", STORY),
    media("navigation", STORY).breakdowns(&[B::StoryNavigationActionType]),
    media("link_clicks", STORY),
    media("ig_reels_avg_watch_time", REELS),
    media("ig_reels_video_view_total_time", REELS),
    media("reels_skip_rate", REELS),
    media("crossposted_views", REELS),
    media("facebook_views", ALL),
    media("total_views", FEED_AND_REELS).hosts(FACEBOOK),
    media("total_likes", FEED_AND_REELS).hosts(FACEBOOK),
    media("total_comments", FEED_AND_REELS).hosts(FACEBOOK),
    media("engagement", ALL).retired(WINTER_2023).instead("total_interactions"),
    media("video_views", ALL).retired(WINTER_2025).instead("views"),
    media("impressions", ALL).retired(SPRING_2025).instead("views"),
    media("plays", ALL).retired(SPRING_2025).instead("views"),
    media("clips_replays_count", ALL).retired(SPRING_2025).instead("views"),
    media("ig_reels_aggregated_all_plays_count", ALL).retired(SPRING_2025).instead("views"),
];
