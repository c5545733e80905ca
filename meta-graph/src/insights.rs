//! Figures: of Pages, posts, videos, Instagram accounts and media, Threads, ads.
//!
//! Meta refuses a whole request for the sake of one metric that it does not know, no longer serves or does not serve
//! for this object. So metric lists are data here ([`metrics_for`], [`MetricInfo`]), a request tells what is odd about
//! it before it is sent (`check`), and [`read_insights`] finds out which metric is to blame and reads the others.
//!
//! Figures of ads have an API of their own: [`ListAdsInsights`] and [`StartAdsInsights`].

mod ads;
mod answer;
mod checks;
mod health;
mod instagram;
mod metrics;
mod page;
mod read;
mod request;
mod threads;
mod words;

pub use ads::{
    ActionStat, AdsInsightsQuery, AdsInsightsRow, AdsPeriod, AttributionWindow, Figure, ListAdsInsights,
    ReportLevel, ReportTime, StartAdsInsights, TimeIncrement,
};
pub use answer::{Breakdown, BreakdownResult, Insight, InsightPoint, InsightValue, Insights, TotalValue};
pub use health::{KnownRefusal, MetricHealth};
pub use instagram::{GetInstagramInsights, GetMediaInsights};
pub use metrics::{MetricInfo, MetricState, ObjectKind, metric_info, metrics_for, metrics_for_media};
pub use page::{GetPageInsights, GetPostInsights, GetVideoInsights};
pub use read::{
    InsightsReport, MAX_CALLS, METRICS_PER_CALL, RefusalReason, RefusedMetric, read_insights,
    read_insights_with,
};
pub use request::{InsightsRequest, MetricContext};
pub use threads::{GetThreadsPostInsights, GetThreadsProfileInsights};
pub use words::{DatePreset, MediaProduct, Metric, MetricBreakdown, MetricType, Metrics, Period, Timeframe};
