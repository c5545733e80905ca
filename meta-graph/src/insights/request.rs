//! What all requests for figures have in common.

use serde::{Deserialize, Serialize};
use sociogram_api_core::Finding;
use sociogram_api_core::http::Endpoint;

use super::answer::Insights;
use super::metrics::ObjectKind;
use super::words::{MediaProduct, Metric, MetricBreakdown, MetricType, Metrics, Period};

/// A request for figures whose metrics can be exchanged, so that [`read_insights`](super::read_insights) can ask in
/// groups. Not meant to be implemented outside this crate.
pub trait InsightsRequest: Endpoint<Output = Insights> + Clone + private::Sealed {
    /// The metrics asked for.
    fn metrics(&self) -> &[Metric];

    /// The same request for other metrics.
    fn with_metrics(self, metrics: Metrics) -> Self;

    /// What decides which metrics are served.
    fn context(&self) -> MetricContext;

    /// What is odd about it, as far as that can be told without asking Meta. Sending it checks the same; warnings do
    /// not stop it.
    fn check(&self) -> Vec<Finding>;
}

/// What decides whether Meta serves a metric: the kind of object, and how it is asked for.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MetricContext {
    /// The kind of object.
    pub kind: ObjectKind,
    /// The kind of medium, if it was told.
    pub product: Option<MediaProduct>,
    /// The period, if one was asked for.
    pub period: Option<Period>,
    /// The form, if one was asked for.
    pub metric_type: Option<MetricType>,
    /// What it is split by.
    pub breakdown: Option<MetricBreakdown>,
}

impl MetricContext {
    pub(super) const fn of(kind: ObjectKind) -> Self {
        Self { kind, product: None, period: None, metric_type: None, breakdown: None }
    }
}

pub(super) mod private {
    /// Keeps the trait to this crate.
    pub trait Sealed {}
}

/// Implements [`InsightsRequest`] for an endpoint whose metrics stand in the field `metric`.
macro_rules! insights_request {
    ($name:ident, |$request:ident| $context:expr, $range:expr) => {
        impl $name {
            /// What is odd about it, as far as that can be told without asking Meta. Sending it checks the same;
            /// warnings do not stop it.
            pub fn check(&self) -> Vec<::sociogram_api_core::Finding> {
                let $request = self;
                let mut findings = $crate::insights::checks::metrics(self.metric.as_slice(), &$context);
                let range: Option<::sociogram_api_core::Finding> = $range;
                findings.extend(range);
                findings
            }
        }

        impl $crate::insights::request::private::Sealed for $name {}

        impl $crate::insights::InsightsRequest for $name {
            fn metrics(&self) -> &[$crate::insights::Metric] {
                self.metric.as_slice()
            }

            fn with_metrics(mut self, metrics: $crate::insights::Metrics) -> Self {
                self.metric = metrics;
                self
            }

            fn context(&self) -> $crate::insights::MetricContext {
                let $request = self;
                $context
            }

            fn check(&self) -> Vec<::sociogram_api_core::Finding> {
                Self::check(self)
            }
        }
    };
}

pub(super) use insights_request;
