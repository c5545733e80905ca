//! Figures: one wrong metric refuses all, ranges have an end, reports take a while.

use http::Method;
use serde_json::{Value, json};

use super::driver::{Bench, PAGE, Reply};
use crate::graph::areas::{
    ads::{AD_ACCOUNT, CAMPAIGN},
    insights::{INSTAGRAM_PICTURE, INSTAGRAM_REEL, INSTAGRAM_STORY, REEL, VIDEO},
};

const ALL: [&str; 7] = [
    "pages_show_list",
    "pages_read_engagement",
    "pages_manage_posts",
    "read_insights",
    "instagram_basic",
    "instagram_manage_insights",
    "ads_read",
];
const INSTAGRAM: &str = "17841405822300201";

async fn bench() -> (Bench, String, String) {
    let bench = Bench::new().await;
    let user = bench.sandbox.meta_user_token(&ALL);
    let page = bench.page_token(&user).await;
    (bench, user, page)
}

async fn get(bench: &Bench, token: &str, path: &str) -> Reply {
    bench.graph_get(&format!("/v26.0/{path}"), token).await
}

async fn data(bench: &Bench, token: &str, path: &str) -> Value {
    let reply = get(bench, token, path).await;
    assert_eq!(reply.status, 200, "{path}: {}", reply.text);
    reply.json()["data"].clone()
}

#[tokio::test]
async fn one_unknown_or_retired_metric_refuses_the_whole_request() {
    let (bench, user, page) = bench().await;
    let good = format!("{PAGE}/insights?metric=page_media_view,page_follows&period=day");
    assert_eq!(data(&bench, &page, &good).await.as_array().unwrap().len(), 2);
    for (metric, token, id) in [
        ("page_follows,page_impressions", &page, PAGE),
        ("page_follows,nonsense", &page, PAGE),
        ("post_clicks", &page, PAGE),
        ("views,impressions", &user, INSTAGRAM),
        ("views,plays", &user, INSTAGRAM_REEL),
        ("navigation", &user, INSTAGRAM_PICTURE),
    ] {
        let path = format!("{id}/insights?metric={metric}&period=day&metric_type=total_value");
        let path = if id == PAGE { path.replace("&metric_type=total_value", "") } else { path };
        let path = if id.starts_with("1791") { path.replace("period=day", "period=lifetime") } else { path };
        assert_eq!(get(&bench, token, &path).await.graph_error(), (400, 100, None), "{path}");
    }
    let none = get(&bench, &page, &format!("{PAGE}/insights?period=day")).await;
    assert_eq!(none.graph_error(), (400, 3001, Some(1_504_028)));
    let wrong = get(&bench, &user, &good).await;
    assert_eq!(wrong.graph_error(), (403, 200, None));
}

#[tokio::test]
async fn a_range_of_a_page_has_ninety_days_at_most_and_a_value_for_each() {
    let (bench, _, page) = bench().await;
    let path = |since: &str, until: &str| {
        format!("{PAGE}/insights?metric=page_media_view&period=day&since={since}&until={until}")
    };
    let rows = data(&bench, &page, &path("2026-10-01", "2026-10-04")).await;
    let values = rows[0]["values"].as_array().unwrap();
    assert_eq!(values.len(), 3);
    assert_eq!(values[0]["end_time"], "2026-10-02T00:00:00+0000");
    assert_eq!(get(&bench, &page, &path("2026-01-01", "2026-04-01")).await.status, 200);
    for (since, until) in [("2026-01-01", "2026-04-02"), ("2026-03-02", "2026-03-01"), ("soon", "2026-01-01")]
    {
        assert_eq!(get(&bench, &page, &path(since, until)).await.graph_error(), (400, 100, None), "{since}");
    }
    let month = format!("{PAGE}/insights?metric=page_media_view&period=month");
    assert_eq!(get(&bench, &page, &month).await.graph_error(), (400, 100, None));
}

#[tokio::test]
async fn posts_and_videos_have_lifetime_values() {
    let (bench, _, page) = bench().await;
    let post =
        bench.graph_post(&format!("/v26.0/{PAGE}/feed"), &page, &json!({"message": "Hi"})).await.json();
    let post = post["id"].as_str().unwrap();
    let rows =
        data(&bench, &page, &format!("{post}/insights?metric=post_clicks_by_type,post_media_view")).await;
    assert!(rows[0]["values"][0]["value"].is_object() && rows[1]["values"][0]["value"].is_number());
    assert!(rows[0]["values"][0].get("end_time").is_none());
    assert_eq!(data(&bench, &page, &format!("{VIDEO}/video_insights")).await[0]["name"], "total_video_views");
    let reel = format!("{REEL}/video_insights?metric=blue_reels_play_count");
    assert_eq!(data(&bench, &page, &reel).await[0]["period"], "lifetime");
    let mixed = format!("{REEL}/video_insights?metric=total_video_views");
    assert_eq!(get(&bench, &page, &mixed).await.graph_error(), (400, 100, None));
}

#[tokio::test]
async fn an_instagram_account_wants_the_right_type_period_and_range() {
    let (bench, user, _) = bench().await;
    let path = |rest: &str| format!("{INSTAGRAM}/insights?{rest}");
    let total = "metric=views,likes&period=day&metric_type=total_value&breakdown=media_product_type";
    let rows = data(&bench, &user, &path(total)).await;
    assert_eq!(rows[0]["total_value"]["breakdowns"][0]["dimension_keys"], json!(["media_product_type"]));
    assert!(data(&bench, &user, &path("metric=reach&period=day")).await[0]["values"].is_array());
    for rest in [
        "metric=views&period=day",
        "metric=views&metric_type=total_value",
        "metric=views&period=lifetime&metric_type=total_value",
        "metric=replies&period=day&metric_type=total_value&breakdown=media_product_type",
        "metric=reach&period=day&since=2026-09-01&until=2026-10-02",
        "metric=follower_demographics&period=lifetime&metric_type=total_value&breakdown=age",
        "metric=follower_demographics&period=lifetime&metric_type=total_value&breakdown=age&timeframe=last_30_days",
    ] {
        assert_eq!(get(&bench, &user, &path(rest)).await.graph_error(), (400, 100, None), "{rest}");
    }
    let people = "metric=follower_demographics&period=lifetime&metric_type=total_value&breakdown=age&timeframe=this_week";
    assert_eq!(get(&bench, &user, &path(people)).await.status, 200);
    let steps = "metric=navigation&breakdown=story_navigation_action_type";
    assert_eq!(get(&bench, &user, &format!("{INSTAGRAM_STORY}/insights?{steps}")).await.status, 200);
    let weak = bench.sandbox.meta_user_token(&["instagram_basic"]);
    assert_eq!(get(&bench, &weak, &path("metric=reach&period=day")).await.graph_error(), (403, 10, None));
}

#[tokio::test]
async fn rows_of_ads_have_text_for_numbers_and_their_rules() {
    let (bench, user, _) = bench().await;
    let path = |rest: &str| format!("{AD_ACCOUNT}/insights?{rest}");
    let rows = data(
        &bench,
        &user,
        &path("level=ad&fields=ad_id,impressions,actions&time_increment=1&date_preset=last_7d"),
    )
    .await;
    assert_eq!(rows.as_array().unwrap().len(), 7);
    assert!(rows[0]["impressions"].is_string() && rows[0]["actions"][0]["value"].is_string());
    let own = data(&bench, &user, &format!("{CAMPAIGN}/insights?breakdowns=age,gender")).await;
    assert_eq!((own.as_array().unwrap().len(), &own[0]["age"]), (4, &json!("25-34")));
    for rest in [
        "fields=shoes",
        "breakdowns=age,region",
        "breakdowns=shoes",
        "time_increment=91",
        "level=page",
        "time_range={\"since\":\"2026-10-02\",\"until\":\"2026-10-01\"}",
    ] {
        assert_eq!(get(&bench, &user, &path(rest)).await.graph_error(), (400, 100, None), "{rest}");
    }
    let old = "time_range={\"since\":\"2020-01-01\",\"until\":\"2020-02-01\"}";
    assert_eq!(get(&bench, &user, &path(old)).await.graph_error(), (400, 3018, None));
    let above = get(&bench, &user, &format!("{CAMPAIGN}/insights?level=account")).await;
    assert_eq!(above.graph_error(), (400, 1, Some(99)));
    let heavy = "level=ad&time_increment=1&date_preset=last_90d&breakdowns=hourly_stats_aggregated_by_advertiser_time_zone";
    assert_eq!(get(&bench, &user, &path(heavy)).await.graph_error(), (400, 100, Some(1_487_534)));
}

#[tokio::test]
async fn a_report_is_ready_when_its_job_is_complete_and_not_at_a_hundred_percent() {
    let (bench, user, _) = bench().await;
    let body = json!({"level": "ad", "time_increment": 1, "date_preset": "last_90d",
        "breakdowns": ["hourly_stats_aggregated_by_advertiser_time_zone"]});
    let edge = format!("/v26.0/{AD_ACCOUNT}/insights");
    let run = bench.graph_post(&edge, &user, &body).await.json()["report_run_id"].as_u64().unwrap();
    let rows = format!("{run}/insights?limit=5");
    let mut seen = Vec::new();
    for _ in 0..4 {
        assert_eq!(get(&bench, &user, &rows).await.graph_error(), (400, 2601, Some(1_815_107)));
        let body = get(&bench, &user, &run.to_string()).await.json();
        seen.push((
            body["async_status"].as_str().unwrap().to_owned(),
            body["async_percent_completion"].as_u64(),
        ));
    }
    assert_eq!(seen[2], ("Job Running".to_owned(), Some(100)));
    assert_eq!(seen[3], ("Job Completed".to_owned(), Some(100)));
    assert_eq!(data(&bench, &user, &rows).await.as_array().unwrap().len(), 5);
    let huge = json!({"level": "ad", "time_increment": 1, "date_preset": "last_90d", "breakdowns": ["dma"]});
    let reply = bench.graph_post(&edge, &user, &huge).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    bench.control(Method::POST, "/clock", &json!({"advance_seconds": 31 * 86_400})).await;
    let user = bench.sandbox.meta_user_token(&ALL);
    assert_eq!(get(&bench, &user, &run.to_string()).await.graph_error(), (400, 100, Some(33)));
}
