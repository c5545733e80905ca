//! Figures of Pages, posts and videos (Graph API: Page Insights, Video Insights).

use http::Method;
use sociogram_api_core::http::{DecodeError, Endpoint, RawResponse, Replay, RequestParts};
use sociogram_api_core::{Finding, InvalidRequest};
use sociogram_oauth_core::scope;

use super::answer::Insights;
use super::checks;
use super::metrics::ObjectKind;
use super::request::private::Sealed;
use super::request::{InsightsRequest, MetricContext, insights_request};
use super::words::{DatePreset, Metric, MetricBreakdown, Metrics, Period};
use crate::UnixTime;
use crate::endpoint::{Encoding, Params, endpoint};
use crate::id::{PageId, PostId, VideoId};

endpoint! {
    /// Reads figures of a Page: `GET /{page_id}/insights` (Graph API: Page Insights).
    ///
    /// Needs the Page's token from a person with the task `ANALYZE`, and the permissions `read_insights` and
    /// `pages_read_engagement`. The Page needs 100 likes. Figures are kept for two years and most are counted anew once
    /// a day. One call covers at most 90 days.
    pub struct GetPageInsights -> Insights;
    "page.insights.get": GET "/{page_id}/insights", Safe, [scope::READ_INSIGHTS, scope::PAGES_READ_ENGAGEMENT];
    new { page_id: PageId, metric: Metrics }
    with {
        /// The time that one figure stands for; Meta gives all periods of a metric unless told.
        period: Period,
        /// From then on. The first figure ends a day later.
        since: UnixTime,
        /// Until then, at most 90 days after `since`.
        until: UnixTime,
        /// A range by name, in place of `since` and `until`.
        date_preset: DatePreset,
        /// What the figures are split by; few metrics can be.
        breakdown: MetricBreakdown,
    }
    subject page_id;
    checked by check;
    decode Insights::read;
}

insights_request!(
    GetPageInsights,
    |request| MetricContext {
        period: request.period.clone(),
        breakdown: request.breakdown.clone(),
        ..MetricContext::of(ObjectKind::Page)
    },
    checks::page_range(request.since, request.until)
);

endpoint! {
    /// Reads figures of a post: `GET /{post_id}/insights` (Graph API: Page Insights).
    ///
    /// Needs the Page's token from a person with the task `ANALYZE`, and the permissions `read_insights` and
    /// `pages_read_engagement`. Figures of unpublished posts are kept for 5 days. Comments, shares and saves are fields
    /// of the post and no metrics.
    pub struct GetPostInsights -> Insights;
    "page.post_insights.get": GET "/{post_id}/insights", Safe, [scope::READ_INSIGHTS, scope::PAGES_READ_ENGAGEMENT];
    new { post_id: PostId, metric: Metrics }
    with {
        /// The time that one figure stands for; figures of posts are counted since the post exists.
        period: Period,
        /// From then on.
        since: UnixTime,
        /// Until then, at most 90 days after `since`.
        until: UnixTime,
        /// A range by name, in place of `since` and `until`.
        date_preset: DatePreset,
    }
    checked by check;
    decode Insights::read;
}

insights_request!(
    GetPostInsights,
    |request| MetricContext { period: request.period.clone(), ..MetricContext::of(ObjectKind::Post) },
    checks::page_range(request.since, request.until)
);

/// Reads figures of a video or reel: `GET /{video_id}/video_insights` (Graph API: Video Insights).
///
/// Needs the Page's token, and the permissions `read_insights` and `pages_manage_engagement`. Reels have no other
/// figures than these. Without a metric Meta gives the ones it likes.
#[derive(Clone, Debug)]
pub struct GetVideoInsights {
    video: VideoId,
    reel: bool,
    metric: Metrics,
}

impl GetVideoInsights {
    /// These figures of a video; an empty list asks for Meta's own selection.
    pub fn new(video: impl Into<VideoId>, metric: impl Into<Metrics>) -> Self {
        Self { video: video.into(), reel: false, metric: metric.into() }
    }

    /// These figures of a reel, which has other metrics than a video.
    pub fn reel(video: impl Into<VideoId>, metric: impl Into<Metrics>) -> Self {
        Self { reel: true, ..Self::new(video, metric) }
    }

    /// What is odd about it, as far as that can be told without asking Meta. Nothing of it stops the call.
    pub fn check(&self) -> Vec<Finding> {
        if self.metric.as_slice().is_empty() {
            return Vec::new();
        }
        checks::metrics(self.metric.as_slice(), &self.context())
    }
}

impl Endpoint for GetVideoInsights {
    type Output = Insights;

    const NAME: &'static str = "page.video_insights.get";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/{video_id}/video_insights";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::READ_INSIGHTS, scope::PAGES_MANAGE_ENGAGEMENT];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        let mut params = Params::new(parts, Encoding::Form);
        params.put("video_id", &self.video)?;
        if !self.metric.as_slice().is_empty() {
            params.put("metric", &self.metric)?;
        }
        params.finish()
    }

    fn decode(&self, response: &RawResponse) -> Result<Insights, DecodeError> {
        Insights::read(response)
    }
}

impl Sealed for GetVideoInsights {}

impl InsightsRequest for GetVideoInsights {
    fn metrics(&self) -> &[Metric] {
        self.metric.as_slice()
    }

    fn with_metrics(mut self, metrics: Metrics) -> Self {
        self.metric = metrics;
        self
    }

    fn context(&self) -> MetricContext {
        MetricContext::of(if self.reel { ObjectKind::Reel } else { ObjectKind::Video })
    }

    fn check(&self) -> Vec<Finding> {
        Self::check(self)
    }
}
