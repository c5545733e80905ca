use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};
use sociogram_api_core::testing::ScriptedTransport;

use super::super::metrics::AdMetric;
use super::super::row::MetricValue;
use super::super::words::{AdGranularity, AdPivot};
use super::*;
use crate::urn::{AdAccountUrn, CampaignUrn};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn campaign(number: usize) -> CampaignUrn {
    CampaignUrn::from_id(&number.to_string()).unwrap()
}

fn metric(number: usize) -> AdMetric {
    AdMetric::from(format!("m{number}").as_str())
}

/// What happened: campaign, day, metric and how much of it.
type Events = Vec<(usize, Date, usize, i64)>;

/// As LinkedIn answers: only rows with a figure that was asked for, and no more than `most` of them.
fn answer(events: &Events, call: &GetAdAnalytics, most: usize) -> Page<AdAnalyticsRow> {
    let (first, last) = (call.range.start(), call.range.end().unwrap());
    let mut rows = Rows::default();
    let mut sums = std::collections::BTreeMap::<(DateRange, usize, usize), i64>::new();
    for (campaign, at, metric, amount) in events {
        if (first..=last).contains(at) {
            let step = match call.granularity {
                AdGranularity::Daily => DateRange::new(*at, *at),
                AdGranularity::Monthly => {
                    DateRange::new(at.first_of_month_after(0).max(first), at.last_of_month().min(last))
                }
                _ => call.range,
            };
            *sums.entry((step, *campaign, *metric)).or_default() += amount;
        }
    }
    for ((step, number, of), amount) in sums {
        if call.metrics.contains(&metric(of)) {
            rows.add(AdAnalyticsRow {
                pivot_values: vec![campaign(number).as_str().to_owned()],
                date_range: Some(step),
                metrics: [(metric(of), MetricValue::Integer(amount))].into(),
            })
            .unwrap();
        }
    }
    let mut rows = rows.rows();
    rows.truncate(most);
    Page::new(rows, None)
}

fn request(granularity: AdGranularity, start: &str, end: &str, metrics: usize) -> GetAdAnalytics {
    GetAdAnalytics::new(AdPivot::Campaign, DateRange::new(day(start), day(end)), granularity)
        .accounts([AdAccountUrn::from_id("9").unwrap()])
        .metrics((0..metrics).map(metric))
}

/// All calls, each state stored and loaded; and the calls.
fn run(events: &Events, request: GetAdAnalytics, most: usize) -> (AdAnalytics, Vec<GetAdAnalytics>) {
    let today = day("2026-06-30");
    let mut report = AdAnalyticsReport { most, ..AdAnalyticsReport::new(request) };
    let mut calls = Vec::new();
    while let Some(call) = report.next_call(today) {
        assert!(call.check().iter().all(|finding| finding.severity() != sociogram_api_core::Severity::Error));
        let page = answer(events, &call, most);
        calls.push(call);
        report.take(page, today);
        let stored = serde_json::to_string(&report).unwrap();
        report = AdAnalyticsReport { most, ..serde_json::from_str(&stored).unwrap() };
    }
    (report.put_together(), calls)
}

fn rules_of(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(Finding::rule).collect()
}

proptest! {
    #[test]
    fn splitting_and_merging_equals_the_whole_answer(
        events in prop::collection::vec((0_usize..4, 0_i64..200, 0_usize..40, -3_i64..1000), 0..120),
        metrics in 1_usize..40,
        which in 0_usize..3,
    ) {
        let granularity =
            [AdGranularity::Daily, AdGranularity::Monthly, AdGranularity::All][which].clone();
        let first = day("2025-11-20");
        let events: Events =
            events.into_iter().map(|(of, at, metric, many)| (of, first.plus_days(at), metric, many)).collect();
        let request = request(granularity, "2025-11-20", "2026-05-31", metrics);
        let whole = answer(&events, &request, usize::MAX);
        // One step never has as many rows as are taken for cut: there are four campaigns.
        let (merged, calls) = run(&events, request, 5);
        prop_assert_eq!(&merged.rows, &whole.items);
        prop_assert!(merged.unmerged.is_empty() && merged.cut.is_empty());
        prop_assert_eq!(merged.calls, calls.len());
        prop_assert!(calls.iter().all(|call| call.metrics.len() <= rules::MAX_METRICS));
    }
}

#[test]
fn days_are_asked_for_by_the_month_and_metrics_in_groups() {
    let (_, calls) = run(&Vec::new(), request(AdGranularity::Daily, "2026-01-15", "2026-02-10", 20), 15_000);
    let asked: Vec<_> =
        calls.iter().map(|call| (call.range.start().to_string(), call.metrics.len())).collect();
    let expected = [("2026-01-15", 18), ("2026-01-15", 2), ("2026-02-01", 18), ("2026-02-01", 2)];
    assert_eq!(asked, expected.map(|(start, metrics)| (start.to_owned(), metrics)));
}

#[test]
fn a_cut_answer_is_asked_for_again_in_halves_and_its_rows_are_not_used() {
    let events: Events = (1..=4).map(|at| (0, day(&format!("2026-01-0{at}")), 0, at)).collect();
    let (merged, calls) = run(&events, request(AdGranularity::Daily, "2026-01-01", "2026-01-04", 19), 3);
    let asked: Vec<_> = calls.iter().map(|call| (days_of(call.range), call.metrics.len())).collect();
    assert_eq!(
        asked,
        [("01-04", 18), ("01-02", 18), ("01-02", 1), ("03-04", 18), ("03-04", 1)]
            .map(|(range, many)| (range.to_owned(), many))
    );
    assert_eq!((merged.rows.len(), merged.cut.len()), (4, 0));
}

/// First and last day of the month.
fn days_of(range: DateRange) -> String {
    format!("{:02}-{:02}", range.start().day(), range.end().unwrap().day())
}

#[test]
fn what_cannot_be_narrowed_is_kept_and_told() {
    let events: Events = (0..9).map(|of| (of, day("2026-01-01"), 0, 1)).collect();
    for granularity in [AdGranularity::Daily, AdGranularity::All] {
        let end = if granularity == AdGranularity::All { "2026-03-01" } else { "2026-01-01" };
        let (merged, calls) = run(&events, request(granularity, "2026-01-01", end, 1), 5);
        assert_eq!((merged.rows.len(), merged.cut.len(), calls.len()), (5, 1, 1));
        assert_eq!(rules_of(&merged.findings), ["linkedin.ad_analytics.cut"]);
    }
}

#[test]
fn silence_is_told_because_it_may_mean_no_permission() {
    let request = request(AdGranularity::All, "2026-01-01", "2026-01-31", 1).campaigns([
        campaign(0),
        campaign(1),
        campaign(2),
    ]);
    let events: Events = vec![(1, day("2026-01-01"), 0, 1)];
    let (some, _) = run(&events, request.clone(), 100);
    assert_eq!(some.silent, [campaign(0), campaign(2)].map(|urn| urn.as_urn().clone()));
    assert_eq!(rules_of(&some.findings), ["linkedin.ad_analytics.silent"]);
    assert_eq!(some.findings[0].measured_value(), Some("2"));
    let (none, _) = run(&Vec::new(), request, 100);
    assert_eq!(rules_of(&none.findings), ["linkedin.ad_analytics.empty"]);
}

#[test]
fn rows_that_contradict_each_other_are_kept_apart() {
    let mut report = AdAnalyticsReport::new(request(AdGranularity::All, "2026-01-01", "2026-01-31", 1));
    let today = day("2026-06-30");
    assert!(report.next_call(today).is_some());
    let row = |amount| AdAnalyticsRow {
        pivot_values: vec!["x".into()],
        date_range: None,
        metrics: [(metric(0), MetricValue::Integer(amount))].into(),
    };
    report.take(Page::new(vec![row(1), row(2), row(1)], None), today);
    let merged = report.put_together();
    assert_eq!((merged.rows, merged.unmerged), (vec![row(1)], vec![row(2)]));
    assert_eq!(rules_of(&merged.findings), ["linkedin.ad_analytics.unmerged"]);
}

fn element(of: usize, at: i8, members: Value) -> Value {
    let date = json!({"year": 2026, "month": 1, "day": at});
    let mut element =
        json!({"pivotValues": [campaign(of).as_str()], "dateRange": {"start": date, "end": date}});
    let Value::Object(members) = members else { panic!("no object") };
    element.as_object_mut().unwrap().extend(members);
    element
}

#[tokio::test]
async fn a_failed_call_is_made_again_and_nothing_is_lost() {
    let transport = ScriptedTransport::new()
        .json(json!({"elements": [element(1, 1, json!({"m0": 3})), 7]}).to_string())
        .respond(400, &[], r#"{"status":400,"code":"FIELD_INVALID","message":"no"}"#)
        .json(json!({"elements": [element(1, 1, json!({"m18": "1.50"}))]}).to_string());
    let client = Client::builder().access_token("token").transport(Arc::new(transport)).build().unwrap();
    let mut report = AdAnalyticsReport::new(request(AdGranularity::Daily, "2026-01-01", "2026-01-02", 19));
    assert_eq!(report.advance(&client).await.unwrap(), Progress::Again);
    assert_eq!(report.calls_left(), Some(1));
    assert!(report.advance(&client).await.is_err());
    let mut saved = 0;
    let figures = report.run(&client, |_| saved += 1).await.unwrap();
    assert_eq!((saved, figures.calls, figures.rows.len()), (1, 2, 1));
    assert_eq!(figures.rows[0].count(&metric(0)), Some(3));
    assert_eq!(figures.rows[0].decimal(&metric(18)).unwrap(), "1.50");
    assert_eq!(rules_of(&figures.findings), ["linkedin.ad_analytics.unreadable"]);
    // Done stays done, without a call.
    assert_eq!(report.advance(&client).await.unwrap(), Progress::Done(figures));
}

#[tokio::test]
async fn a_request_that_breaks_a_rule_is_not_sent() {
    let transport = Arc::new(ScriptedTransport::new());
    let client = Client::builder().access_token("token").transport(transport.clone()).build().unwrap();
    let range = DateRange::new(day("2026-01-01"), day("2026-01-02"));
    let request = GetAdAnalytics::new(AdPivot::Campaign, range, AdGranularity::All);
    let error = AdAnalyticsReport::new(request).run(&client, |_| {}).await.unwrap_err();
    assert_eq!(rules_of(error.findings()), ["linkedin.ad_analytics.filter"]);
    assert_eq!((error.attempts(), transport.requests().len()), (0, 0));
}
