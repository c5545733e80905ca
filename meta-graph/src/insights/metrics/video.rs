//! Metrics of videos and reels of Pages (Graph API: Video Insights).

use super::super::words::Period;
use super::{MetricInfo, ObjectKind};

const LIFETIME: &[Period] = &[Period::Lifetime];

const fn video(name: &'static str) -> MetricInfo {
    MetricInfo::new(ObjectKind::Video, name).periods(LIFETIME)
}

const fn reel(name: &'static str) -> MetricInfo {
    MetricInfo::new(ObjectKind::Reel, name).periods(LIFETIME)
}

pub(super) const METRICS: &[MetricInfo] = &[
    video("total_video_views"),
    video("total_video_views_unique"),
    video("total_video_avg_time_watched"),
    video("total_video_view_total_time"),
    video("total_video_complete_views"),
    video("total_video_retention_graph"),
    video("total_video_views_by_distribution_type"),
    video("total_video_view_time_by_age_bucket_and_gender"),
    video("total_video_view_time_by_country_id"),
    video("total_video_reactions_by_type_total"),
    reel("blue_reels_play_count"),
    reel("fb_reels_total_plays"),
    reel("fb_reels_replay_count"),
    reel("post_video_avg_time_watched"),
    reel("post_video_view_time"),
    reel("post_video_likes_by_reaction_type"),
    reel("post_video_social_actions"),
    reel("post_video_followers"),
    reel("post_video_retention_graph"),
    reel("post_impressions_unique").uncertain(),
];
