//! Which metrics there are. One that is not here, or no longer, makes the whole call fail.

use super::super::super::{Call, answer::GraphError};

const DAYS: &[&str] = &["day", "week", "days_28"];
const DAY: &[&str] = &["day"];
const LIFETIME: &[&str] = &["lifetime"];

/// A metric with its periods and breakdowns.
pub(super) struct Metric {
    pub(super) name: &'static str,
    pub(super) periods: &'static [&'static str],
    pub(super) breakdowns: &'static [&'static str],
}

const fn metric(
    name: &'static str,
    periods: &'static [&'static str],
    breakdowns: &'static [&'static str],
) -> Metric {
    Metric { name, periods, breakdowns }
}

const VIEWERS: &[&str] = &["is_from_ads", "is_from_followers"];

pub(super) const PAGE: &[Metric] = &[
    metric("page_media_view", DAYS, VIEWERS),
    metric("page_total_media_view_unique", DAYS, &[]),
    metric("page_post_engagements", DAYS, &[]),
    metric("page_views_total", DAYS, &[]),
    metric("page_follows", DAY, &[]),
    metric("page_daily_follows", DAY, &[]),
    metric("page_daily_follows_unique", DAY, &[]),
    metric("page_daily_unfollows_unique", DAY, &[]),
    metric("page_total_actions", DAYS, &[]),
    metric("page_video_views", DAYS, &[]),
    metric("page_video_views_paid", DAYS, &[]),
    metric("page_video_views_organic", DAYS, &[]),
    metric("page_video_views_autoplayed", DAYS, &[]),
    metric("page_actions_post_reactions_like_total", DAY, &[]),
    metric("page_actions_post_reactions_love_total", DAY, &[]),
    metric("page_actions_post_reactions_wow_total", DAY, &[]),
    metric("page_actions_post_reactions_haha_total", DAY, &[]),
    metric("page_actions_post_reactions_sorry_total", DAY, &[]),
    metric("page_actions_post_reactions_anger_total", DAY, &[]),
];

pub(super) const POST: &[Metric] = &[
    metric("post_media_view", LIFETIME, VIEWERS),
    metric("post_total_media_view_unique", LIFETIME, &[]),
    metric("post_clicks", LIFETIME, &[]),
    metric("post_clicks_by_type", LIFETIME, &[]),
    metric("post_reactions_by_type_total", LIFETIME, &[]),
    metric("post_reactions_like_total", LIFETIME, &[]),
    metric("post_reactions_love_total", LIFETIME, &[]),
    metric("post_reactions_wow_total", LIFETIME, &[]),
    metric("post_reactions_haha_total", LIFETIME, &[]),
    metric("post_reactions_sorry_total", LIFETIME, &[]),
    metric("post_reactions_anger_total", LIFETIME, &[]),
    metric("post_video_views", LIFETIME, &[]),
    metric("post_video_avg_time_watched", LIFETIME, &[]),
    metric("post_video_view_time", LIFETIME, &[]),
];

pub(super) const REEL: &[Metric] = &[
    metric("blue_reels_play_count", LIFETIME, &[]),
    metric("fb_reels_total_plays", LIFETIME, &[]),
    metric("fb_reels_replay_count", LIFETIME, &[]),
    metric("post_video_avg_time_watched", LIFETIME, &[]),
    metric("post_video_view_time", LIFETIME, &[]),
    metric("post_video_likes_by_reaction_type", LIFETIME, &[]),
    metric("post_video_social_actions", LIFETIME, &[]),
    metric("post_video_followers", LIFETIME, &[]),
    metric("post_video_retention_graph", LIFETIME, &[]),
];

pub(super) const VIDEO: &[Metric] = &[
    metric("total_video_views", LIFETIME, &[]),
    metric("total_video_views_unique", LIFETIME, &[]),
    metric("total_video_avg_time_watched", LIFETIME, &[]),
    metric("total_video_view_total_time", LIFETIME, &[]),
    metric("total_video_complete_views", LIFETIME, &[]),
    metric("total_video_retention_graph", LIFETIME, &[]),
    metric("total_video_views_by_distribution_type", LIFETIME, &[]),
    metric("total_video_view_time_by_age_bucket_and_gender", LIFETIME, &[]),
    metric("total_video_view_time_by_country_id", LIFETIME, &[]),
    metric("total_video_reactions_by_type_total", LIFETIME, &[]),
];

const PRODUCT: &[&str] = &["media_product_type"];
const FOLLOW: &[&str] = &["follow_type", "media_product_type"];
const PEOPLE: &[&str] = &["age", "city", "country", "gender"];

pub(super) const INSTAGRAM: &[Metric] = &[
    metric("reach", DAY, FOLLOW),
    metric("views", DAY, &["follow_type", "follower_type", "media_product_type"]),
    metric("accounts_engaged", DAY, &[]),
    metric("total_interactions", DAY, PRODUCT),
    metric("likes", DAY, PRODUCT),
    metric("comments", DAY, PRODUCT),
    metric("saves", DAY, PRODUCT),
    metric("shares", DAY, PRODUCT),
    metric("replies", DAY, &[]),
    metric("reposts", DAY, PRODUCT),
    metric("follows_and_unfollows", DAY, &["follow_type"]),
    metric("profile_links_taps", DAY, &["contact_button_type"]),
    metric("follower_demographics", LIFETIME, PEOPLE),
    metric("engaged_audience_demographics", LIFETIME, PEOPLE),
    metric("follower_count", DAY, &[]),
    metric("online_followers", LIFETIME, &[]),
];

const ACTION: &[&str] = &["action_type"];
const STEPS: &[&str] = &["story_navigation_action_type"];

pub(super) const FEED_MEDIA: &[Metric] = &[
    metric("views", LIFETIME, &[]),
    metric("reach", LIFETIME, &[]),
    metric("shares", LIFETIME, &[]),
    metric("total_interactions", LIFETIME, &[]),
    metric("reposts", LIFETIME, &[]),
    metric("likes", LIFETIME, &[]),
    metric("comments", LIFETIME, &[]),
    metric("saved", LIFETIME, &[]),
    metric("follows", LIFETIME, &[]),
    metric("profile_visits", LIFETIME, &[]),
    metric("profile_activity", LIFETIME, ACTION),
    metric("facebook_views", LIFETIME, &[]),
    metric("total_views", LIFETIME, &[]),
    metric("total_likes", LIFETIME, &[]),
    metric("total_comments", LIFETIME, &[]),
];

pub(super) const REELS_MEDIA: &[Metric] = &[
    metric("views", LIFETIME, &[]),
    metric("reach", LIFETIME, &[]),
    metric("shares", LIFETIME, &[]),
    metric("total_interactions", LIFETIME, &[]),
    metric("reposts", LIFETIME, &[]),
    metric("likes", LIFETIME, &[]),
    metric("comments", LIFETIME, &[]),
    metric("saved", LIFETIME, &[]),
    metric("ig_reels_avg_watch_time", LIFETIME, &[]),
    metric("ig_reels_video_view_total_time", LIFETIME, &[]),
    metric("reels_skip_rate", LIFETIME, &[]),
    metric("crossposted_views", LIFETIME, &[]),
    metric("facebook_views", LIFETIME, &[]),
    metric("total_views", LIFETIME, &[]),
    metric("total_likes", LIFETIME, &[]),
    metric("total_comments", LIFETIME, &[]),
];

pub(super) const STORY_MEDIA: &[Metric] = &[
    metric("views", LIFETIME, &[]),
    metric("reach", LIFETIME, &[]),
    metric("shares", LIFETIME, &[]),
    metric("total_interactions", LIFETIME, &[]),
    metric("reposts", LIFETIME, &[]),
    metric("follows", LIFETIME, &[]),
    metric("profile_visits", LIFETIME, &[]),
    metric("profile_activity", LIFETIME, ACTION),
    metric("replies", LIFETIME, &[]),
    metric("navigation", LIFETIME, STEPS),
    metric("link_clicks", LIFETIME, &[]),
    metric("facebook_views", LIFETIME, &[]),
    metric("total_views", LIFETIME, &[]),
    metric("total_likes", LIFETIME, &[]),
    metric("total_comments", LIFETIME, &[]),
];

pub(super) const THREADS_PROFILE: &[Metric] = &[
    metric("views", DAY, &[]),
    metric("likes", DAY, &[]),
    metric("replies", DAY, &[]),
    metric("reposts", DAY, &[]),
    metric("quotes", DAY, &[]),
    metric("clicks", DAY, &[]),
    metric("followers_count", DAY, &[]),
    metric("follower_demographics", LIFETIME, PEOPLE),
];

pub(super) const THREADS_POST: &[Metric] = &[
    metric("views", LIFETIME, &[]),
    metric("likes", LIFETIME, &[]),
    metric("replies", LIFETIME, &[]),
    metric("reposts", LIFETIME, &[]),
    metric("quotes", LIFETIME, &[]),
    metric("shares", LIFETIME, &[]),
];

/// The metrics asked for; the whole call fails when one of them is not in the table.
pub(super) fn asked(
    call: &Call<'_>,
    tables: &[&'static [Metric]],
) -> Result<Vec<&'static Metric>, GraphError> {
    let names = call.params.list("metric")?.unwrap_or_default();
    let mut out = Vec::new();
    for name in names {
        let found = tables.iter().flat_map(|table| table.iter()).find(|metric| metric.name == name);
        let message = format!("The value must be a valid insights metric: {name}");
        out.push(found.ok_or_else(|| GraphError::parameter(message))?);
    }
    if let Some(twice) =
        out.iter().enumerate().find(|(at, one)| out.iter().take(*at).any(|before| before.name == one.name))
    {
        return Err(GraphError::parameter(format!("The metric {} was asked for twice.", twice.1.name)));
    }
    Ok(out)
}

/// The breakdowns asked for, which every metric of the call must have.
pub(super) fn breakdowns(call: &Call<'_>, asked: &[&Metric]) -> Result<Vec<String>, GraphError> {
    let names = call.params.list("breakdown")?.unwrap_or_default();
    for name in &names {
        if let Some(metric) = asked.iter().find(|metric| !metric.breakdowns.contains(&name.as_str())) {
            let message = format!("Incompatible breakdown ({name}) for metric ({})", metric.name);
            return Err(GraphError::parameter(message));
        }
    }
    Ok(names)
}
