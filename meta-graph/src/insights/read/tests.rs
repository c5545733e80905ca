use sociogram_api_core::testing::ScriptedTransport;

use super::*;
use crate::error_class::TokenInvalidReason;
use crate::id::{InstagramAccountId, MediaId, PageId, VideoId};
use crate::insights::{
    GetInstagramInsights, GetMediaInsights, GetPageInsights, GetVideoInsights, MediaProduct, MetricType,
    Period,
};
use crate::scripted::{client, error_body};
use crate::{ErrorKind, GraphHost};

/// Plays a script: each entry is the number of an error, or 0 for figures of what was asked for.
fn script(answers: &[i64]) -> ScriptedTransport {
    answers.iter().fold(ScriptedTransport::new(), |transport, answer| match answer {
        0 => transport.json(r#"{"data":[{"name":"served","values":[{"value":1}]}]}"#),
        code => transport.respond(400, &[], error_body(*code, 0)),
    })
}

fn asked(transport: &ScriptedTransport) -> Vec<String> {
    let metric = |uri: &http::Uri| {
        url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
            .find(|(name, _)| name == "metric")
            .map(|(_, value)| value.into_owned())
            .unwrap_or_default()
    };
    transport.requests().iter().map(|request| metric(&request.uri)).collect()
}

const FOUR: [&str; 4] = ["page_follows", "page_media_view", "page_views_total", "page_post_engagements"];

fn page(metrics: &[&str]) -> GetPageInsights {
    GetPageInsights::new(PageId::from(42), metrics.to_vec()).period(Period::Day)
}

fn names(report: &InsightsReport) -> Vec<&str> {
    report.refused.iter().map(|refused| refused.metric.as_str()).collect()
}

#[tokio::test]
async fn one_refused_metric_costs_itself_and_nothing_else() {
    let transport = script(&[100, 0, 100, 100, 0]);
    let report = read_insights(&client(&transport), page(&FOUR)).await.unwrap();
    assert_eq!(
        asked(&transport),
        [
            "page_follows,page_media_view,page_views_total,page_post_engagements",
            "page_follows,page_media_view",
            "page_views_total,page_post_engagements",
            "page_views_total",
            "page_post_engagements",
        ]
    );
    assert_eq!((names(&report), report.insights.items.len()), (vec!["page_views_total"], 2));
    let RefusalReason::Now(error) = &report.refused[0].reason else { panic!("{report:?}") };
    assert_eq!((error.class(), error.code()), (Some(ErrorClass::InvalidParam), Some(100)));
    assert!(report.is_complete() && report.stopped_by.is_none() && report.calls == 5);
}

#[tokio::test]
async fn without_a_culprit_it_is_one_call() {
    let transport = script(&[0]);
    let report = read_insights(&client(&transport), page(&FOUR)).await.unwrap();
    assert_eq!((report.calls, report.refused.len(), report.unread.len()), (1, 0, 0));
    assert!(report.findings.is_empty());
}

#[tokio::test]
async fn what_the_tables_doubt_is_asked_for_apart() {
    let transport = script(&[0, 100]);
    let metrics = ["page_fans", "page_follows"];
    let report = read_insights(&client(&transport), page(&metrics)).await.unwrap();
    assert_eq!(asked(&transport), ["page_follows", "page_fans"]);
    assert_eq!(names(&report), ["page_fans"]);
    assert_eq!(report.findings[0].rule(), "insights.metric.retired");
    assert_eq!(report.findings[0].advice_text(), Some("ask for `page_follows` instead"));
}

#[tokio::test]
async fn a_token_a_permission_or_a_limit_is_not_split() {
    for (code, class) in [
        (190, ErrorClass::TokenInvalid(TokenInvalidReason::Unknown)),
        (200, ErrorClass::PermissionMissing),
        (10, ErrorClass::PermissionMissing),
        (803, ErrorClass::NotFoundOrHidden),
    ] {
        // A refused token is tried once more, for its source may have a new one.
        let transport = script(&[code, code]);
        let error = read_insights(&client(&transport), page(&FOUR)).await.unwrap_err();
        assert_eq!(error.class(), Some(class));
        assert!(asked(&transport).iter().all(|metrics| *metrics == FOUR.join(",")), "{code}");
    }
    let hidden = ScriptedTransport::new().respond(400, &[], error_body(100, 33));
    let error = read_insights(&client(&hidden), page(&FOUR)).await.unwrap_err();
    assert_eq!((error.class(), hidden.requests().len()), (Some(ErrorClass::NotFoundOrHidden), 1));
}

#[tokio::test]
async fn a_stop_in_between_keeps_what_came_in() {
    let transport = script(&[100, 0, 190, 190]);
    let report = read_insights(&client(&transport), page(&FOUR)).await.unwrap();
    assert_eq!(report.insights.items.len(), 1);
    assert_eq!(report.unread, [Metric::from("page_views_total"), Metric::from("page_post_engagements")]);
    assert_eq!(report.stopped_by.as_ref().map(Error::kind), Some(ErrorKind::Reauthorize));
    assert!(!report.is_complete() && report.refused.is_empty());
}

#[tokio::test]
async fn known_culprits_are_not_asked_for_again() {
    let mut health = MetricHealth::new();
    let transport = script(&[100, 100, 0]);
    let metrics = ["page_follows", "page_views_total"];
    read_insights_with(&client(&transport), page(&metrics), &mut health).await.unwrap();
    assert_eq!(health.len(), 1);

    let mut health: MetricHealth = serde_json::from_str(&serde_json::to_string(&health).unwrap()).unwrap();
    let transport = script(&[0]);
    let report = read_insights_with(&client(&transport), page(&metrics), &mut health).await.unwrap();
    assert_eq!(
        (asked(&transport), names(&report)),
        (vec!["page_views_total".to_owned()], vec!["page_follows"])
    );
    let RefusalReason::Earlier(known) = report.refused[0].reason else { panic!("{report:?}") };
    assert_eq!(known.code, Some(100));

    // Another way of asking may be served.
    let transport = script(&[0]);
    let weekly = page(&["page_views_total", "page_media_view"]).period(Period::Week);
    read_insights_with(&client(&transport), weekly, &mut health).await.unwrap();
    let transport = script(&[0, 0]);
    let weekly = page(&metrics).period(Period::Week);
    let report = read_insights_with(&client(&transport), weekly, &mut health).await.unwrap();
    assert!(report.refused.is_empty());

    health.forget_before(known.at.saturating_add(std::time::Duration::from_secs(1)));
    assert!(health.is_empty());
}

#[tokio::test]
async fn when_everything_is_refused_nothing_is_remembered() {
    let mut health = MetricHealth::new();
    let transport = script(&[100, 100, 100]);
    let metrics = ["page_follows", "page_views_total"];
    let report = read_insights_with(&client(&transport), page(&metrics), &mut health).await.unwrap();
    assert_eq!((report.refused.len(), report.insights.items.len()), (2, 0));
    assert!(health.is_empty());
}

#[tokio::test]
async fn the_number_of_calls_has_an_end() {
    let metrics: Vec<String> = (0..60).map(|number| format!("new_metric_{number}")).collect();
    let transport = script(&[100; 60]);
    let request = GetPageInsights::new(PageId::from(42), metrics);
    let report = read_insights(&client(&transport), request).await.unwrap();
    assert_eq!((report.calls, transport.requests().len()), (MAX_CALLS, MAX_CALLS));
    assert_eq!(report.refused.len() + report.unread.len(), 60);
    assert!(!report.is_complete());
    assert!(asked(&transport).iter().all(|metrics| metrics.split(',').count() <= METRICS_PER_CALL));
}

#[tokio::test]
async fn nothing_to_ask_for_is_an_error_before_sending_but_for_videos() {
    let transport = ScriptedTransport::new();
    let error = read_insights(&client(&transport), page(&[])).await.unwrap_err();
    assert_eq!((error.kind(), error.findings()[0].rule()), (ErrorKind::Invalid, "insights.metric.none"));
    assert!(transport.requests().is_empty());
    let transport = script(&[0]);
    let video = GetVideoInsights::new(VideoId::from(7), Vec::<Metric>::new());
    assert_eq!(read_insights(&client(&transport), video).await.unwrap().calls, 1);
    let transport = script(&[100]);
    let video = GetVideoInsights::new(VideoId::from(7), Vec::<Metric>::new());
    assert!(read_insights(&client(&transport), video).await.is_err());
}

#[tokio::test]
async fn the_kind_of_medium_decides_what_is_doubted() {
    let metrics = ["views", "navigation", "ig_reels_avg_watch_time"];
    let transport = script(&[0, 0]);
    let medium = GetMediaInsights::new(MediaId::from(7), metrics).product(MediaProduct::Story);
    let report = read_insights(&client(&transport), medium).await.unwrap();
    assert_eq!(asked(&transport), ["views,navigation", "ig_reels_avg_watch_time"]);
    assert_eq!(report.findings[0].rule(), "insights.metric.product");

    let reel = GetMediaInsights::of(MediaId::from(7), MediaProduct::Reels, GraphHost::Instagram);
    assert!(reel.check().is_empty(), "{:?}", reel.check());
}

#[test]
fn the_form_of_an_instagram_metric_is_known() {
    let request = |metrics: &[&str]| {
        GetInstagramInsights::new(InstagramAccountId::from(9), metrics.to_vec(), Period::Day)
    };
    let rules =
        |request: GetInstagramInsights| -> Vec<&str> { request.check().iter().map(Finding::rule).collect() };
    assert_eq!(rules(request(&["views", "reach"])), ["insights.metric.type"]);
    assert!(rules(request(&["views", "reach"]).metric_type(MetricType::TotalValue)).is_empty());
    assert_eq!(rules(request(&["likes"]).metric_type(MetricType::TimeSeries)), ["insights.metric.type"]);
}
