//! Figures of Instagram accounts and media (Instagram Platform: Insights).

use http::Method;
use sociogram_api_core::InvalidRequest;
use sociogram_api_core::http::{DecodeError, Endpoint, RawResponse, Replay, RequestParts};
use sociogram_oauth_core::scope;

use super::answer::Insights;
use super::checks;
use super::metrics::ObjectKind;
use super::request::{MetricContext, insights_request};
use super::words::{MediaProduct, MetricBreakdown, MetricType, Metrics, Period, Timeframe};
use crate::UnixTime;
use crate::endpoint::{Encoding, Params, endpoint};
use crate::id::{InstagramAccountId, MediaId};

endpoint! {
    /// Reads figures of an Instagram account: `GET /{ig_id}/insights` (Instagram Platform: User Insights).
    ///
    /// Needs `instagram_basic`, `instagram_manage_insights` and `pages_read_engagement`; with Instagram Login
    /// `instagram_business_basic` and `instagram_business_manage_insights`. Figures are kept for 90 days, may be two
    /// days late, and those about followers need at least 100 of them. Where there is no figure, there is no entry.
    ///
    /// Most metrics exist only as totals: set [`metric_type`](Self::metric_type) to [`MetricType::TotalValue`], and
    /// read [`Insight::number`](super::Insight::number), which fits both forms.
    pub struct GetInstagramInsights -> Insights;
    "instagram.insights.get": GET "/{ig_id}/insights", Safe, [scope::INSTAGRAM_BASIC, scope::INSTAGRAM_MANAGE_INSIGHTS, scope::PAGES_READ_ENGAGEMENT];
    new { ig_id: InstagramAccountId, metric: Metrics, period: Period }
    with {
        /// Totals or one figure a day.
        metric_type: MetricType,
        /// What totals are split by.
        breakdown: MetricBreakdown,
        /// How far demographics look back; they need it.
        timeframe: Timeframe,
        /// From then on.
        since: UnixTime,
        /// Until then; for series at most 30 days after `since`.
        until: UnixTime,
    }
    subject ig_id;
    checked by check;
    decode Insights::read;
}

insights_request!(
    GetInstagramInsights,
    |request| MetricContext {
        period: Some(request.period.clone()),
        metric_type: request.metric_type.clone(),
        breakdown: request.breakdown.clone(),
        ..MetricContext::of(ObjectKind::InstagramAccount)
    },
    checks::instagram_range(request.since, request.until)
);

/// Reads figures of an Instagram medium: `GET /{media_id}/insights` (Instagram Platform: Media Insights).
///
/// Needs the same permissions as [`GetInstagramInsights`]. Which metrics exist depends on the kind of medium: tell it
/// with [`product`](Self::product), or start from [`of`](Self::of). Figures of a story end after 24 hours, and below 5
/// viewers there are none; items of a carousel never have any.
#[derive(Clone, Debug)]
pub struct GetMediaInsights {
    media: MediaId,
    metric: Metrics,
    product: Option<MediaProduct>,
    period: Option<Period>,
    breakdown: Option<MetricBreakdown>,
}

impl GetMediaInsights {
    /// These figures of a medium.
    pub fn new(media: impl Into<MediaId>, metric: impl Into<Metrics>) -> Self {
        Self { media: media.into(), metric: metric.into(), product: None, period: None, breakdown: None }
    }

    /// All figures that this API serves for this kind of medium.
    pub fn of(media: impl Into<MediaId>, product: MediaProduct, host: crate::GraphHost) -> Self {
        let metrics: Metrics =
            super::metrics_for_media(&product, host).map(super::MetricInfo::metric).collect();
        Self::new(media, metrics).product(product)
    }

    /// The kind of medium (`media_product_type`). It is not sent; metrics that it does not have are named by
    /// [`check`](Self::check).
    pub fn product(mut self, product: MediaProduct) -> Self {
        self.product = Some(product);
        self
    }

    /// The time that one figure stands for; figures of media are counted since the medium exists.
    pub fn period(mut self, period: impl Into<Period>) -> Self {
        self.period = Some(period.into());
        self
    }

    /// What the figures are split by; only `profile_activity` and `navigation` can be.
    pub fn breakdown(mut self, breakdown: impl Into<MetricBreakdown>) -> Self {
        self.breakdown = Some(breakdown.into());
        self
    }
}

impl Endpoint for GetMediaInsights {
    type Output = Insights;

    const NAME: &'static str = "instagram.media_insights.get";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/{media_id}/insights";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] =
        &[scope::INSTAGRAM_BASIC, scope::INSTAGRAM_MANAGE_INSIGHTS, scope::PAGES_READ_ENGAGEMENT];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        if let Some(invalid) = InvalidRequest::from_findings(self.check()) {
            return Err(invalid);
        }
        let mut params = Params::new(parts, Encoding::Form);
        params.put("media_id", &self.media)?;
        params.put("metric", &self.metric)?;
        if let Some(period) = &self.period {
            params.put("period", period)?;
        }
        if let Some(breakdown) = &self.breakdown {
            params.put("breakdown", breakdown)?;
        }
        params.finish()
    }

    fn decode(&self, response: &RawResponse) -> Result<Insights, DecodeError> {
        Insights::read(response)
    }
}

insights_request!(
    GetMediaInsights,
    |request| MetricContext {
        product: request.product.clone(),
        period: request.period.clone(),
        breakdown: request.breakdown.clone(),
        ..MetricContext::of(ObjectKind::InstagramMedia)
    },
    None
);
