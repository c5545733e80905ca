//! Statistics (LinkedIn: Organization Share Statistics; Organization Follower Statistics; Member Post Statistics).

use super::rules;

/// How far back the statistics of organizations reach, in days: 12 months.
pub const STATISTICS_DAYS: i64 = 366;
/// How many days pass before gains of followers are counted.
pub const FOLLOWER_LAG_DAYS: i64 = 2;

rules! { ANALYTICS:
    RANGE_ORDER, Error, "linkedin.analytics.range_order", "the range ends before it begins",
        "an end after the start", "exchange start and end";
    RANGE_LONG, Warning, "linkedin.analytics.range_long", "the range is longer than what LinkedIn keeps",
        "the last 12 months", "ask for less, and keep what you read";
    RANGE_OLD, Warning, "linkedin.analytics.range_old", "the range begins before what LinkedIn keeps",
        "the last 12 months", "begin later";
    RANGE_FRESH, Warning, "linkedin.analytics.range_fresh", "the last days are not counted yet",
        "an end 2 days ago", "end earlier, or read these days again later";
    RANGE_PER_POST, Error, "linkedin.analytics.per_post", "figures of single posts cannot be had over time",
        "posts or time intervals", "leave out one of them";
    STEPS, Warning, "linkedin.analytics.steps", "LinkedIn documents no such steps for these figures",
        "DAY or MONTH, and WEEK for followers", "use other steps";
    POST_KIND, Warning, "linkedin.analytics.post_kind", "a post stands in the list of the other kind",
        "urn:li:share in shares, urn:li:ugcPost in ugcPosts", "pass all posts together and have them sorted";
    AGGREGATION, Warning, "linkedin.analytics.aggregation", "LinkedIn does not count this by day",
        "TOTAL", "ask for the total";
}
