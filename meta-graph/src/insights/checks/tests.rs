use sociogram_api_core::{Severity, Timestamp};

use super::*;
use crate::insights::ObjectKind;

fn day(days: i64) -> UnixTime {
    Timestamp::from_unix_seconds(1_760_000_000 + days * DAY).into()
}

#[test]
fn a_metric_is_held_against_the_tables() {
    let page = || MetricContext::of(ObjectKind::Page);
    let media =
        |product| MetricContext { product: Some(product), ..MetricContext::of(ObjectKind::InstagramMedia) };
    let account = |metric_type, breakdown| MetricContext {
        period: Some(Period::Day),
        metric_type,
        breakdown,
        ..MetricContext::of(ObjectKind::InstagramAccount)
    };
    let total = Some(MetricType::TotalValue);
    for (metric, context, rule) in [
        ("page_follows", page(), None),
        ("page_fans", page(), Some("insights.metric.retired")),
        ("page_engaged_users", page(), Some("insights.metric.retired")),
        ("page_brand_new", page(), Some("insights.metric.unknown")),
        ("post_clicks", page(), Some("insights.metric.unknown")),
        (
            "page_follows",
            MetricContext { period: Some(Period::Month), ..page() },
            Some("insights.metric.period"),
        ),
        ("page_media_view", MetricContext { breakdown: Some(MetricBreakdown::IsFromAds), ..page() }, None),
        (
            "page_follows",
            MetricContext { breakdown: Some(MetricBreakdown::IsFromAds), ..page() },
            Some("insights.metric.breakdown"),
        ),
        ("saved", media(MediaProduct::Feed), None),
        ("saved", media(MediaProduct::Story), Some("insights.metric.product")),
        ("reach", account(None, None), None),
        ("reach", account(Some(MetricType::TimeSeries), None), None),
        ("views", account(None, None), Some("insights.metric.type")),
        ("views", account(total.clone(), Some(MetricBreakdown::FollowType)), None),
        ("views", account(total, Some(MetricBreakdown::Age)), Some("insights.metric.breakdown")),
    ] {
        let found = metrics(&[Metric::from(metric)], &context);
        assert_eq!(found.first().map(Finding::rule), rule, "{metric} {context:?}");
        assert!(found.iter().all(|finding| finding.severity() == Severity::Warning));
    }
    let none = metrics(&[], &page());
    assert_eq!((none[0].rule(), none[0].severity()), ("insights.metric.none", Severity::Error));
}

#[test]
fn another_api_does_not_serve_everything() {
    let context = MetricContext::of(ObjectKind::InstagramMedia);
    let metric = Metric::from("total_views");
    assert!(!is_suspect(&metric, &context, GraphHost::Facebook));
    assert!(is_suspect(&metric, &context, GraphHost::Instagram));
}

#[test]
fn ranges_are_measured() {
    let second = |days: i64| Some(Timestamp::from_unix_seconds(1_760_000_000 + days * DAY + 1).into());
    for (since, until, page, instagram) in [
        (None, Some(day(500)), None, None),
        (Some(day(0)), Some(day(30)), None, None),
        (Some(day(0)), second(30), None, Some("instagram.insights.range")),
        (Some(day(0)), Some(day(90)), None, Some("instagram.insights.range")),
        (Some(day(0)), second(90), Some("page.insights.range"), Some("instagram.insights.range")),
        (Some(day(1)), Some(day(0)), Some("insights.range.order"), Some("insights.range.order")),
    ] {
        let found = page_range(since, until);
        assert_eq!(found.as_ref().map(Finding::rule), page, "{since:?} {until:?}");
        assert!(found.is_none_or(|finding| finding.severity() == Severity::Error));
        assert_eq!(instagram_range(since, until).as_ref().map(Finding::rule), instagram);
    }
    let found = page_range(Some(day(0)), second(90)).unwrap();
    assert_eq!((found.measured_value(), found.allowed_value()), (Some("91 days"), Some("at most 90 days")));
    let first = Timestamp::from_unix_seconds(1_712_991_600);
    let before = Timestamp::from_unix_seconds(1_712_991_599);
    assert!(threads_range(Some(first.into()), None).is_none());
    assert_eq!(threads_range(Some(before.into()), None).unwrap().rule(), "threads.insights.since");
}
