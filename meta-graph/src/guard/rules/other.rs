//! Lead forms, audiences, catalogs and insights (Lead Ads, Custom Audiences, Catalog Batch API, Page Insights).

use super::rules;

/// The most questions of one's own in a lead form.
pub const L1_MAX_QUESTIONS: usize = 15;
/// The most rows of one call about an audience.
pub const A1_MAX_ROWS: usize = 10_000;
/// The most items of one call about a catalog.
pub const A2_MAX_ITEMS: usize = 5_000;
/// The longest range of insights of a Page, in seconds: 90 days.
pub const A3_MAX_SECONDS: i64 = 90 * 86_400;

rules! { OTHER:
    L1, Error, "lead.form.questions", "the form has too many questions of its own",
        "at most 15", "leave some out";
    L1_PRIVACY, Error, "lead.form.privacy_policy", "the form has no address of a privacy policy",
        "a web address", "add the address of the privacy policy";
    A1, Error, "ads.audience.rows", "there are too many rows for one call",
        "at most 10000 rows", "send them in several calls";
    A2, Error, "catalog.batch.items", "there are too many items for one call",
        "at most 5000 items", "send them in several calls";
    A3, Error, "page.insights.range", "the range is too long",
        "at most 90 days", "ask in several calls";
}
