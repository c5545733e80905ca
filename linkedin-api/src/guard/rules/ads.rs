//! Ads and their reports (LinkedIn: Campaign Management; Ads Reporting).

use super::rules;

/// How many metrics one report call may ask for: 20 fields, of which `dateRange` and `pivotValues` are two.
pub const MAX_METRICS: usize = 18;
/// How many pivots one report call may have.
pub const MAX_PIVOTS: usize = 3;
/// How many elements LinkedIn gives before it silently leaves out the rest.
pub const MAX_ELEMENTS: usize = 15_000;
/// The longest range for `approximateMemberReach`, in days.
pub const REACH_DAYS: i64 = 92;

rules! { ADS:
    ADS_NAME, Error, "linkedin.ads.name", "the name is empty",
        "at least one visible character", "give it a name";
    ADS_CURRENCY, Error, "linkedin.ads.currency", "the currency is not three capital letters",
        "a code of ISO 4217", "write it as USD";
    REPORT_PIVOTS, Error, "linkedin.ad_analytics.pivots", "the number of pivots is out of range",
        "1 to 3 pivots", "ask in several reports";
    REPORT_FILTER, Error, "linkedin.ad_analytics.filter", "nothing says whose figures are wanted",
        "at least one account, campaign group, campaign, creative, share or company", "name an ad account";
    REPORT_METRICS, Error, "linkedin.ad_analytics.metrics", "the number of metrics is out of range",
        "1 to 18 metrics in one call", "let a report split them";
    REPORT_METRIC_NAME, Error, "linkedin.ad_analytics.metric_name", "it is not the name of a metric",
        "letters, digits and _", "use a name of the reporting schema";
    REPORT_DEMOGRAPHIC, Warning, "linkedin.ad_analytics.demographic",
        "LinkedIn may refuse demographic pivots beside others", "one MEMBER pivot",
        "ask by one pivot, and expect approximate figures";
    REPORT_REACH, Warning, "linkedin.ad_analytics.reach", "LinkedIn may give no reach for this",
        "at most 92 days and no demographic pivot", "ask for the reach apart, over a shorter range";
    REPORT_EMPTY, Warning, "linkedin.ad_analytics.empty", "there are no figures at all",
        "figures, or a role on the ad account", "check that the member has a role: without one the answer is empty too";
    REPORT_SILENT, Warning, "linkedin.ad_analytics.silent", "there are no figures for some of what was named",
        "figures, or a role on their ad account", "check that the member has a role: without one the answer is empty too";
    REPORT_CUT, Warning, "linkedin.ad_analytics.cut", "some answers were likely cut off",
        "fewer than 15000 elements in one answer", "name fewer campaigns, or use a coarser pivot";
    REPORT_UNREADABLE, Warning, "linkedin.ad_analytics.unreadable", "some elements could not be read",
        "elements of the documented shape", "report it";
    REPORT_UNMERGED, Warning, "linkedin.ad_analytics.unmerged", "some elements contradict others of the same day and pivot",
        "one value for each metric, day and pivot", "see them apart from the rows, and report it";
}
