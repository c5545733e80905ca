//! Reading figures although some metrics are refused.

use std::collections::VecDeque;

use sociogram_api_core::Finding;

use super::answer::Insights;
use super::checks;
use super::health::{KnownRefusal, MetricHealth};
use super::request::{InsightsRequest, MetricContext};
use super::words::Metric;
use crate::client::Client;
use crate::error::Error;
use crate::error_class::ErrorClass;

/// How many metrics are asked for in one call.
pub const METRICS_PER_CALL: usize = 20;

/// The most calls that one reading makes, retries left aside.
pub const MAX_CALLS: usize = 40;

/// What came of reading figures.
#[non_exhaustive]
#[derive(Debug, Default)]
pub struct InsightsReport {
    /// The figures of all metrics that Meta serves.
    pub insights: Insights,
    /// The metrics that Meta refuses, each with the reason.
    pub refused: Vec<RefusedMetric>,
    /// Metrics that were not read, because the reading was stopped or the calls were used up.
    pub unread: Vec<Metric>,
    /// What stopped the reading, after some of it was done.
    pub stopped_by: Option<Error>,
    /// What was odd about the request.
    pub findings: Vec<Finding>,
    /// How many calls were made.
    pub calls: usize,
}

impl InsightsReport {
    /// Whether every metric was either read or refused.
    pub fn is_complete(&self) -> bool {
        self.unread.is_empty()
    }
}

/// A metric that Meta refuses.
#[non_exhaustive]
#[derive(Debug)]
pub struct RefusedMetric {
    /// The metric.
    pub metric: Metric,
    /// Why.
    pub reason: RefusalReason,
}

/// Why a metric has no figures.
#[non_exhaustive]
#[derive(Debug)]
pub enum RefusalReason {
    /// Meta refused it just now.
    Now(Error),
    /// Meta refused it earlier, so it was not asked for.
    Earlier(KnownRefusal),
}

/// Reads figures: asks in groups, and where Meta refuses a group as invalid, splits it until the metrics to blame are
/// known. A refused metric never costs the others.
///
/// Metrics that the tables call retired or unfit are asked for apart from the rest, so that they cost it no calls. Use
/// [`read_insights_with`] to remember what was refused.
///
/// # Errors
/// When the request itself is refused before anything was read: a token, a permission, a limit, an object that is not
/// visible, a network. Those are not a metric's fault and nothing is split for them. Once something was read, what
/// came in is returned and [`stopped_by`](InsightsReport::stopped_by) tells the rest.
pub async fn read_insights<R: InsightsRequest>(client: &Client, request: R) -> Result<InsightsReport, Error> {
    read_insights_with(client, request, &mut MetricHealth::new()).await
}

/// Like [`read_insights`], with a memory of what was refused: known culprits are not asked for again, and new ones are
/// added to it. When every metric was refused, the fault may lie elsewhere in the request, and nothing is added.
///
/// # Errors
/// As [`read_insights`].
pub async fn read_insights_with<R: InsightsRequest>(
    client: &Client,
    request: R,
    health: &mut MetricHealth,
) -> Result<InsightsReport, Error> {
    let mut report = InsightsReport { findings: request.check(), ..InsightsReport::default() };
    let context = request.context();
    let mut groups = plan(client, &request, &context, health, &mut report);
    let mut any_served = false;
    let mut new_culprits = Vec::new();
    while let Some(group) = groups.pop_front() {
        if report.calls == MAX_CALLS {
            report.unread.extend(group);
            continue;
        }
        report.calls += 1;
        match client.send(request.clone().with_metrics(group.iter().cloned().collect())).await {
            Ok(insights) => {
                any_served = true;
                report.insights.append(insights);
            }
            Err(error) if is_metric_fault(&error) => match <[Metric; 1]>::try_from(group) {
                Ok([metric]) => {
                    new_culprits.push((metric.clone(), error.code(), error.subcode()));
                    report.refused.push(RefusedMetric { metric, reason: RefusalReason::Now(error) });
                }
                Err(group) if group.is_empty() => return Err(error),
                Err(mut group) => {
                    let second = group.split_off(group.len() / 2);
                    groups.push_front(second);
                    groups.push_front(group);
                }
            },
            Err(error) if !any_served && new_culprits.is_empty() => return Err(error),
            Err(error) => {
                report.stopped_by = Some(error);
                report.unread.extend(group);
                report.unread.extend(groups.drain(..).flatten());
            }
        }
    }
    if any_served {
        let at = client.pipeline.timer().now();
        for (metric, code, subcode) in new_culprits {
            health.remember(client.version(), &context, metric, KnownRefusal { at, code, subcode });
        }
    }
    Ok(report)
}

/// The groups to ask for: first what should be served, then what the tables doubt. Known culprits are left out.
fn plan<R: InsightsRequest>(
    client: &Client,
    request: &R,
    context: &MetricContext,
    health: &MetricHealth,
    report: &mut InsightsReport,
) -> VecDeque<Vec<Metric>> {
    let (mut sound, mut doubted) = (Vec::new(), Vec::new());
    for metric in request.metrics() {
        if let Some(known) = health.refusal(client.version(), context, metric) {
            let reason = RefusalReason::Earlier(known);
            report.refused.push(RefusedMetric { metric: metric.clone(), reason });
        } else if checks::is_suspect(metric, context, client.host()) {
            doubted.push(metric.clone());
        } else {
            sound.push(metric.clone());
        }
    }
    let groups = |list: &[Metric]| list.chunks(METRICS_PER_CALL).map(<[Metric]>::to_vec).collect::<Vec<_>>();
    let mut all: VecDeque<Vec<Metric>> = groups(&sound).into_iter().chain(groups(&doubted)).collect();
    if request.metrics().is_empty() {
        // Nothing to split: the request says for itself whether that is allowed.
        all.push_back(Vec::new());
    }
    all
}

/// Whether a metric may be to blame: Meta calls the request invalid. Everything else would be refused again.
fn is_metric_fault(error: &Error) -> bool {
    const NO_METRIC: i64 = 3001;
    error.class() == Some(ErrorClass::InvalidParam) && error.code() != Some(NO_METRIC)
}

#[cfg(test)]
mod tests;
