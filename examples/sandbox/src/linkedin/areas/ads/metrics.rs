//! The metrics of ad reports (LinkedIn: Ads Reporting Schema).

use serde_json::{Value, json};

/// Metrics answered as whole numbers.
const COUNTS: [&str; 42] = [
    "impressions",
    "clicks",
    "actionClicks",
    "adUnitClicks",
    "approximateMemberReach",
    "cardClicks",
    "cardImpressions",
    "commentLikes",
    "comments",
    "companyPageClicks",
    "documentCompletions",
    "documentFirstQuartileCompletions",
    "externalWebsiteConversions",
    "externalWebsitePostClickConversions",
    "externalWebsitePostViewConversions",
    "follows",
    "fullScreenPlays",
    "landingPageClicks",
    "leadGenerationMailContactInfoShares",
    "likes",
    "oneClickLeadFormOpens",
    "oneClickLeads",
    "opens",
    "otherEngagements",
    "postClickRegistrations",
    "postViewRegistrations",
    "qualifiedLeads",
    "reactions",
    "registrations",
    "sends",
    "shares",
    "textUrlClicks",
    "totalEngagements",
    "validWorkEmailLeads",
    "videoCompletions",
    "videoFirstQuartileCompletions",
    "videoMidpointCompletions",
    "videoStarts",
    "videoThirdQuartileCompletions",
    "videoViews",
    "viralClicks",
    "viralImpressions",
];
/// Metrics answered as decimal text.
const AMOUNTS: [&str; 5] = [
    "costInLocalCurrency",
    "costInUsd",
    "conversionValueInLocalCurrency",
    "costPerQualifiedLead",
    "audiencePenetration",
];

/// The metrics of a report that names none.
pub(super) const USUAL: [&str; 2] = ["impressions", "clicks"];

/// What a metric is answered as; a metric nobody knows is left out.
pub(super) fn value(name: &str, number: i64) -> Option<Value> {
    match name {
        "impressions" => Some(json!(number * 30)),
        known if COUNTS.contains(&known) => Some(json!(number)),
        known if AMOUNTS.contains(&known) => Some(json!(decimal(number * 7))),
        _ => None,
    }
}

/// Hundredths as decimal text.
pub(super) fn decimal(hundredths: i64) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}
