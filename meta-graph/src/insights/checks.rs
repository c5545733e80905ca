//! What can be told about a request for figures before it is sent.

use sociogram_api_core::Finding;

use super::metrics::{MetricInfo, MetricState, metric_info};
use super::request::MetricContext;
use super::words::{MediaProduct, Metric, MetricBreakdown, MetricType, Period};
use crate::UnixTime;
use crate::guard::rules;
use crate::host::GraphHost;

const DAY: i64 = 86_400;
/// The earliest time of Threads figures, in Unix seconds (Threads API: Insights).
const THREADS_FIRST: i64 = 1_712_991_600;

/// Looks at the metrics: whether they still live, and fit the object and the way they are asked for.
pub(super) fn metrics(metrics: &[Metric], context: &MetricContext) -> Vec<Finding> {
    if metrics.is_empty() {
        return vec![
            Finding::error("insights.metric.none", "metric", "no metric is asked for")
                .advice("name at least one; `metrics_for` lists those that are known"),
        ];
    }
    metrics.iter().filter_map(|metric| one(metric, context)).collect()
}

/// Whether the metric is likely to be refused, so that it is better asked for on its own.
pub(super) fn is_suspect(metric: &Metric, context: &MetricContext, host: GraphHost) -> bool {
    let elsewhere =
        metric_info(context.kind, metric.as_str()).is_some_and(|info| !info.hosts.contains(&host));
    elsewhere || one(metric, context).is_some()
}

fn one(metric: &Metric, context: &MetricContext) -> Option<Finding> {
    let Some(info) = metric_info(context.kind, metric.as_str()) else {
        return Some(
            warning(metric, "insights.metric.unknown", "this metric is not in the list of known ones")
                .advice("check the name; if Meta has added it, it is served all the same"),
        );
    };
    if let MetricState::Retired { since } = info.state {
        let advice = match info.replacement {
            Some(replacement) => format!("ask for `{replacement}` instead"),
            None => "leave it out; nothing replaces it".to_owned(),
        };
        return Some(
            warning(metric, "insights.metric.retired", "this metric is no longer served")
                .measured(format_args!("retired {since}"))
                .advice(advice),
        );
    }
    unfit(metric, info, context)
}

fn unfit(metric: &Metric, info: &MetricInfo, context: &MetricContext) -> Option<Finding> {
    if let Some(product) = &context.product
        && !info.products.is_empty()
        && !info.products.contains(product)
    {
        return Some(
            warning(metric, "insights.metric.product", "this metric does not exist for this kind of medium")
                .measured(product)
                .allowed(list(info.products.iter().map(MediaProduct::as_str)))
                .advice("leave it out for this kind of medium"),
        );
    }
    if let Some(period) = &context.period
        && !info.periods.is_empty()
        && !info.periods.contains(period)
    {
        return Some(
            warning(metric, "insights.metric.period", "this metric is not counted by this period")
                .measured(period)
                .allowed(list(info.periods.iter().map(Period::as_str)))
                .advice("ask for it with another period"),
        );
    }
    let wanted = context.metric_type.as_ref().unwrap_or(&MetricType::Default);
    if !info.types.is_empty() && !info.types.contains(wanted) {
        return Some(
            warning(metric, "insights.metric.type", "this metric is not given in this form")
                .measured(wanted)
                .allowed(list(info.types.iter().map(MetricType::as_str)))
                .advice("set `metric_type`"),
        );
    }
    if let Some(breakdown) = &context.breakdown
        && !info.breakdowns.contains(breakdown)
    {
        return Some(
            warning(metric, "insights.metric.breakdown", "this metric cannot be split like this")
                .measured(breakdown)
                .allowed(list(info.breakdowns.iter().map(MetricBreakdown::as_str)))
                .advice("ask for it without this breakdown"),
        );
    }
    None
}

fn warning(metric: &Metric, rule: &'static str, message: &'static str) -> Finding {
    Finding::warning(rule, format!("metric.{metric}"), message)
}

fn list<'t>(names: impl Iterator<Item = &'t str>) -> String {
    let names: Vec<&str> = names.collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

/// A range of time of a Page: at most 90 days.
pub(super) fn page_range(since: Option<UnixTime>, until: Option<UnixTime>) -> Option<Finding> {
    range(since, until, |seconds| {
        (seconds > rules::A3_MAX_SECONDS)
            .then(|| rules::A3.finding("until").measured(format_args!("{} days", days(seconds))))
    })
}

/// A range of time of Instagram; the documentation is not of one mind how long it may be, so Meta has the last word.
pub(super) fn instagram_range(since: Option<UnixTime>, until: Option<UnixTime>) -> Option<Finding> {
    range(since, until, |seconds| {
        (seconds > 30 * DAY).then(|| {
            Finding::warning("instagram.insights.range", "until", "the range may be too long")
                .measured(format_args!("{} days", days(seconds)))
                .allowed("30 days")
                .advice("ask in several calls")
        })
    })
}

/// A range of time of Threads, which has figures since the 13th of April 2024.
pub(super) fn threads_range(since: Option<UnixTime>, until: Option<UnixTime>) -> Option<Finding> {
    let early =
        [since, until].into_iter().flatten().any(|time| time.timestamp().as_unix_seconds() < THREADS_FIRST);
    if early {
        return Some(
            Finding::error("threads.insights.since", "since", "there are no figures of so long ago")
                .allowed(format_args!("{THREADS_FIRST} or later"))
                .advice("begin later"),
        );
    }
    range(since, until, |_| None)
}

/// `too_long` gets the length of the range in seconds.
fn range(
    since: Option<UnixTime>,
    until: Option<UnixTime>,
    too_long: impl FnOnce(i64) -> Option<Finding>,
) -> Option<Finding> {
    let (since, until) = (since?.timestamp().as_unix_seconds(), until?.timestamp().as_unix_seconds());
    if until < since {
        return Some(
            Finding::error("insights.range.order", "until", "the range ends before it begins")
                .advice("exchange `since` and `until`"),
        );
    }
    too_long(until.saturating_sub(since))
}

/// In whole days, rounded up.
const fn days(seconds: i64) -> i64 {
    seconds / DAY + (seconds % DAY > 0) as i64
}

#[cfg(test)]
mod tests;
