use serde_json::json;
use sociogram_api_core::testing::ScriptedTransport;
use sociogram_api_core::{ErrorKind, Finding};

use super::*;
use crate::ads::{ActionBreakdown, AdsBreakdown, Filter, FilterOperator, TimeRange};
use crate::error_class::ErrorClass;
use crate::id::AdAccountId;
use crate::insights::DatePreset;
use crate::scripted::{client, error_body, exchange, line};

fn query() -> AdsInsightsQuery {
    AdsInsightsQuery::new(AdAccountId::of("5").unwrap())
}

fn sent(text: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

#[tokio::test]
async fn the_period_is_always_sent() {
    for (query, expected) in [
        (query().fields(["spend"]), "fields=spend&date_preset=last_30d"),
        (query().fields(["spend"]).period(DatePreset::Maximum), "fields=spend&date_preset=maximum"),
        (
            query().fields(["spend"]).period(TimeRange::new("2026-01-01", "2026-01-31")),
            "fields=spend&time_range=%7B%22since%22%3A%222026-01-01%22%2C%22until%22%3A%222026-01-31%22%7D",
        ),
    ] {
        let (page, request) = exchange(ListAdsInsights::new(query), r#"{"data":[]}"#).await;
        assert!(page.unwrap().items.is_empty());
        assert_eq!(line(&request), format!("GET /v26.0/act_5/insights?{expected}"));
    }
}

#[tokio::test]
async fn every_parameter_goes_under_its_name() {
    let query = query()
        .fields(["spend", "actions"])
        .period(vec![TimeRange::new("2026-01-01", "2026-01-02")])
        .level(ReportLevel::AdSet)
        .time_increment(TimeIncrement::Days(7))
        .breakdowns([AdsBreakdown::Age, AdsBreakdown::Gender])
        .action_breakdowns([ActionBreakdown::ActionType])
        .summary_action_breakdowns([ActionBreakdown::ActionDevice])
        .attribution_windows([AttributionWindow::Click7d, AttributionWindow::View1d])
        .report_time(ReportTime::Mixed)
        .filtering([Filter::new("impressions", FilterOperator::GreaterThan, 0)])
        .sort(["spend_descending"])
        .summary(["spend"])
        .default_summary(true)
        .use_account_attribution_setting(false)
        .use_unified_attribution_setting(true)
        .product_id_limit(10);
    let (started, request) =
        exchange(StartAdsInsights::new(query), r#"{"report_run_id":6023920149050}"#).await;
    assert_eq!(started.unwrap().report_run_id.as_str(), "6023920149050");
    assert_eq!(line(&request), "POST /v26.0/act_5/insights");
    let expected = [
        ("fields", "spend,actions"),
        ("time_ranges", r#"[{"since":"2026-01-01","until":"2026-01-02"}]"#),
        ("level", "adset"),
        ("time_increment", "7"),
        ("breakdowns", r#"["age","gender"]"#),
        ("action_breakdowns", r#"["action_type"]"#),
        ("summary_action_breakdowns", r#"["action_device"]"#),
        ("action_attribution_windows", r#"["7d_click","1d_view"]"#),
        ("action_report_time", "mixed"),
        ("filtering", r#"[{"field":"impressions","operator":"GREATER_THAN","value":0}]"#),
        ("sort", r#"["spend_descending"]"#),
        ("summary", r#"["spend"]"#),
        ("default_summary", "true"),
        ("use_account_attribution_setting", "false"),
        ("use_unified_attribution_setting", "true"),
        ("product_id_limit", "10"),
    ];
    assert_eq!(sent(request.text()), expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[tokio::test]
async fn rows_keep_their_digits_and_every_field() {
    let row = json!({"campaign_id": 7, "impressions": "1234", "spend": "12.340000001", "ctr": 1.5, "age": "25-34",
        "date_start": "2026-01-01", "video_p25_watched_actions": [{"action_type": "video_view", "value": "9"}],
        "quality_ranking": "AVERAGE", "cost_per_unique_click": "0.5", "clicks": {"odd": 1},
        "actions": [{"action_type": "link_click", "value": "31", "1d_view": "3", "7d_click": 28}, 5]});
    let answer = json!({"data": [row, "odd"], "summary": {"spend": "99.00"}}).to_string();
    let transport = ScriptedTransport::new().json(answer);
    let call = client(&transport).send(ListAdsInsights::new(query())).with_meta().await;
    let (page, raw) = call.unwrap();
    let [row] = page.items.as_slice() else { panic!("{page:?}") };
    assert_eq!(page.malformed.len(), 1);
    assert_eq!(row.campaign_id.as_ref().unwrap().as_str(), "7");
    assert_eq!((row.impressions, row.clicks), (Some(1234), None));
    assert_eq!(row.spend.as_ref().map(Figure::as_str), Some("12.340000001"));
    assert_eq!(row.ctr.as_ref().and_then(Figure::as_f64), Some(1.5));
    assert_eq!((row.text("age"), row.text("quality_ranking")), (Some("25-34"), Some("AVERAGE")));
    assert_eq!((row.number("cost_per_unique_click"), row.number("nothing")), (Some(0.5), None));
    assert_eq!((row.action("link_click"), row.action("purchase")), (Some(31.0), None));
    let windows = [AttributionWindow::View1d, AttributionWindow::Click7d, AttributionWindow::Click1d];
    assert_eq!(windows.map(|window| row.actions[0].in_window(&window)), [Some(3.0), Some(28.0), None]);
    let watched = row.action_list("video_p25_watched_actions");
    assert_eq!(watched[0].value.as_ref().map(ToString::to_string).as_deref(), Some("9"));
    let summary = ListAdsInsights::summary(&raw).unwrap();
    assert_eq!(summary.spend.as_ref().map(Figure::as_str), Some("99.00"));
}

#[tokio::test]
async fn too_much_data_points_to_the_asynchronous_report() {
    for (code, subcode) in [(100, 1_487_534), (100, 1_504_018), (2, 1_504_038)] {
        let transport = ScriptedTransport::new().respond(400, &[], error_body(code, subcode));
        let error = client(&transport).send(ListAdsInsights::new(query())).await.unwrap_err();
        assert_eq!(error.class(), Some(ErrorClass::DataTooLarge));
        assert!(error.api().unwrap().advice().contains("async"), "{error}");
        assert_eq!(transport.requests().len(), 1, "the same query is not sent again");
    }
}

#[tokio::test]
async fn findings_name_the_rule_and_errors_are_not_sent() {
    let hourly = AdsBreakdown::HourlyStatsAggregatedByAudienceTimeZone;
    for (query, rules, stops) in [
        (query(), &[][..], false),
        (query().time_increment(TimeIncrement::Days(0)), &["ads.insights.increment"], true),
        (query().time_increment(TimeIncrement::Days(91)), &["ads.insights.increment"], true),
        (query().time_increment(TimeIncrement::Days(90)), &[], false),
        (query().time_increment(TimeIncrement::Monthly), &[], false),
        (query().period(Vec::new()), &["ads.insights.ranges"], true),
        (query().period(TimeRange::new("2026-02-01", "2026-01-01")), &["ads.time_range.order"], true),
        (query().breakdowns([hourly.clone()]), &[], false),
        (query().breakdowns([hourly, AdsBreakdown::Age]), &["ads.insights.hourly"], false),
        (query().attribution_windows([AttributionWindow::View7d]), &["ads.insights.window"], false),
    ] {
        let found: Vec<&str> = query.check().iter().map(Finding::rule).collect();
        assert_eq!(found, rules, "{query:?}");
        let transport = ScriptedTransport::new().json(r#"{"data":[]}"#);
        let result = client(&transport).send(ListAdsInsights::new(query)).await;
        assert_eq!(transport.requests().is_empty(), stops);
        assert_eq!(result.err().map(|error| error.kind()), stops.then_some(ErrorKind::Invalid));
    }
}
