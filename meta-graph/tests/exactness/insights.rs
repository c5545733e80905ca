//! Figures (Graph API: Insights; Instagram Platform: Insights; Threads API: Insights; Marketing API: Insights).

use serde_json::json;
use sociogram_api_core::Timestamp;
use sociogram_meta_graph::ads::{AdsBreakdown, Filter, FilterOperator, TimeRange};
use sociogram_meta_graph::insights::{
    AdsInsightsQuery, DatePreset, GetInstagramInsights, GetMediaInsights, GetPageInsights, GetPostInsights,
    GetThreadsPostInsights, GetThreadsProfileInsights, GetVideoInsights, ListAdsInsights, MetricBreakdown,
    MetricType, Period, ReportLevel, StartAdsInsights, TimeIncrement, Timeframe,
};
use sociogram_meta_graph::{
    AdAccountId, CampaignId, GraphHost, InstagramAccountId, MediaId, PageId, PostId, ThreadsUserId, VideoId,
};

use crate::table::Table;

#[tokio::test]
async fn figures_of_pages() {
    let table = Table::new().await;
    let since = Timestamp::from_unix_seconds(1_767_225_600);
    let until = Timestamp::from_unix_seconds(1_767_484_800);
    table
        .row(
            GetPageInsights::new(PageId::from(42), ["page_media_view", "page_total_media_view_unique"])
                .period(Period::Day)
                .since(since)
                .until(until),
            "GET /v26.0/42/insights?metric=page_media_view%2Cpage_total_media_view_unique&period=day&since=1767225600\
             &until=1767484800",
            json!({"data": [
                {"name": "page_media_view", "period": "day", "title": "Daily views", "description": "d",
                 "values": [{"value": 12, "end_time": "2026-01-02T08:00:00+0000"},
                            {"value": 3, "end_time": "2026-01-03T08:00:00+0000"}],
                 "id": "42/insights/page_media_view/day"}],
                "paging": {"previous": "https://graph.facebook.com/v26.0/42/insights?since=1&until=2",
                           "next": "https://graph.facebook.com/v26.0/42/insights?since=3&until=4"}}),
            |insights| {
                let views = insights.get("page_media_view").unwrap();
                let numbers: Vec<f64> =
                    views.values.iter().filter_map(|point| point.value.as_ref()?.as_number()).collect();
                assert_eq!(numbers, [12.0, 3.0]);
            },
        )
        .await;
    table
        .row(
            GetPageInsights::new(PageId::from(42), ["page_media_view"])
                .period(Period::Days28)
                .date_preset(DatePreset::Last30d)
                .breakdown(MetricBreakdown::IsFromAds),
            "GET /v26.0/42/insights?metric=page_media_view&period=days_28&date_preset=last_30d&breakdown=is_from_ads",
            json!({"data": []}),
            |insights| assert!(insights.items.is_empty()),
        )
        .await;
    table
        .row(
            GetPostInsights::new(
                PostId::new("42_7").unwrap(),
                ["post_media_view", "post_reactions_by_type_total"],
            )
            .period(Period::Lifetime),
            "GET /v26.0/42_7/insights?metric=post_media_view%2Cpost_reactions_by_type_total&period=lifetime",
            json!({"data": [
                {"name": "post_media_view", "period": "lifetime", "values": [{"value": 99}], "title": "t",
                 "description": "d", "id": "42_7/insights/post_media_view/lifetime"},
                {"name": "post_reactions_by_type_total", "period": "lifetime",
                 "values": [{"value": {"like": 5, "love": 1}}], "id": "x"}]}),
            |insights| {
                assert_eq!(insights.get("post_media_view").unwrap().number(), Some(99.0));
                let by_type =
                    insights.get("post_reactions_by_type_total").unwrap().values[0].value.clone().unwrap();
                assert_eq!(by_type.as_map().unwrap()["love"].as_number(), Some(1.0));
            },
        )
        .await;
    table
        .row(
            GetVideoInsights::reel(VideoId::from(8), ["blue_reels_play_count", "post_video_social_actions"]),
            "GET /v26.0/8/video_insights?metric=blue_reels_play_count%2Cpost_video_social_actions",
            json!({"data": [
                {"name": "blue_reels_play_count", "period": "lifetime", "values": [{"value": 7}], "id": "x"},
                {"name": "post_video_social_actions", "period": "lifetime",
                 "values": [{"value": {"COMMENT": 1, "SHARE": 2}}], "id": "y"}]}),
            |insights| assert_eq!((insights.items.len(), insights.malformed.len()), (2, 0)),
        )
        .await;
}

#[tokio::test]
async fn figures_of_instagram_and_threads() {
    let table = Table::new().await;
    table
        .row(
            GetInstagramInsights::new(InstagramAccountId::from(9), ["views", "reach"], Period::Day)
                .metric_type(MetricType::TotalValue)
                .breakdown(MetricBreakdown::MediaProductType)
                .since(Timestamp::from_unix_seconds(1_767_225_600))
                .until(Timestamp::from_unix_seconds(1_767_312_000)),
            "GET /v26.0/9/insights?metric=views%2Creach&period=day&metric_type=total_value&breakdown=media_product_type\
             &since=1767225600&until=1767312000",
            json!({"data": [{"name": "reach", "period": "day", "title": "Accounts reached", "description": "d",
                "total_value": {"value": 224, "breakdowns": [{"dimension_keys": ["media_product_type"],
                    "results": [{"dimension_values": ["CAROUSEL_CONTAINER"], "value": 100},
                                {"dimension_values": ["POST"], "value": 124}]}]},
                "id": "9/insights/reach/day"}]}),
            |insights| {
                let reach = insights.get("reach").unwrap();
                assert_eq!(reach.number(), Some(224.0));
                let results = &reach.total_value.as_ref().unwrap().breakdowns[0].results;
                assert_eq!(results[1].dimension_values, ["POST"]);
            },
        )
        .await;
    table
        .row(
            GetInstagramInsights::new(
                InstagramAccountId::from(9),
                ["follower_demographics"],
                Period::Lifetime,
            )
            .metric_type(MetricType::TotalValue)
            .breakdown(MetricBreakdown::Country)
            .timeframe(Timeframe::ThisMonth),
            "GET /v26.0/9/insights?metric=follower_demographics&period=lifetime&metric_type=total_value\
             &breakdown=country&timeframe=this_month",
            json!({"data": []}),
            |insights| assert!(insights.get("follower_demographics").is_none()),
        )
        .await;
    table
        .row(
            GetMediaInsights::new(MediaId::from(17), ["profile_activity"])
                .period(Period::Lifetime)
                .breakdown(MetricBreakdown::ActionType),
            "GET /v26.0/17/insights?metric=profile_activity&period=lifetime&breakdown=action_type",
            json!({"data": [{"name": "profile_activity", "period": "lifetime", "values": [{"value": 4}],
                "title": "Profile activity", "description": "d", "id": "17/insights/profile_activity/lifetime"}]}),
            |insights| assert_eq!(insights.items[0].number(), Some(4.0)),
        )
        .await;

    let table = Table::of(GraphHost::Threads).await;
    table
        .row(
            GetThreadsPostInsights::new(MediaId::from(18), ["views", "likes"]),
            "GET /v1.0/18/insights?metric=views%2Clikes",
            json!({"data": [{"name": "likes", "period": "lifetime", "values": [{"value": 100}], "title": "Likes",
                "description": "d", "id": "18/insights/likes/lifetime"}]}),
            |insights| assert_eq!(insights.get("likes").unwrap().number(), Some(100.0)),
        )
        .await;
    table
        .row(
            GetThreadsProfileInsights::new(ThreadsUserId::from(19), ["views", "followers_count"])
                .since(Timestamp::from_unix_seconds(1_712_991_600))
                .until(Timestamp::from_unix_seconds(1_713_078_000)),
            "GET /v1.0/19/threads_insights?metric=views%2Cfollowers_count&since=1712991600&until=1713078000",
            json!({"data": [{"name": "followers_count", "period": "day", "title": "followers", "description": "d",
                "total_value": {"value": 10}, "id": "19/insights/followers_count/day"}]}),
            |insights| assert_eq!(insights.get("followers_count").unwrap().number(), Some(10.0)),
        )
        .await;
}

#[tokio::test]
async fn figures_of_ads() {
    let table = Table::new().await;
    let query = AdsInsightsQuery::new(AdAccountId::of("5").unwrap())
        .fields(["impressions", "spend"])
        .period(TimeRange::new("2026-01-01", "2026-01-31"))
        .level(ReportLevel::Campaign)
        .time_increment(TimeIncrement::Monthly)
        .breakdowns([AdsBreakdown::Age])
        .filtering([Filter::new("spend", FilterOperator::GreaterThan, 0)]);
    table
        .row(
            ListAdsInsights::new(query).limit(500),
            "GET /v26.0/act_5/insights?fields=impressions%2Cspend\
             &time_range=%7B%22since%22%3A%222026-01-01%22%2C%22until%22%3A%222026-01-31%22%7D&level=campaign\
             &time_increment=monthly&breakdowns=%5B%22age%22%5D\
             &filtering=%5B%7B%22field%22%3A%22spend%22%2C%22operator%22%3A%22GREATER_THAN%22%2C%22value%22%3A0%7D%5D\
             &limit=500",
            json!({"data": [{"impressions": "9708", "spend": "50.05", "age": "25-34", "date_start": "2026-01-01",
                "date_stop": "2026-01-31"}],
                "paging": {"cursors": {"before": "MAZDZD", "after": "MQZDZD"},
                           "next": "https://graph.facebook.com/v26.0/act_5/insights?after=MQZDZD"}}),
            |page| {
                let row = &page.items[0];
                assert_eq!((row.impressions, row.text("age")), (Some(9708), Some("25-34")));
                assert_eq!(row.spend.as_ref().unwrap().as_str(), "50.05");
                assert_eq!(page.next.unwrap().as_str(), "after=MQZDZD");
            },
        )
        .await;
    let query = AdsInsightsQuery::new(CampaignId::from(6)).fields(["spend"]);
    table
        .row(
            StartAdsInsights::new(query),
            "POST /v26.0/6/insights\nform fields=spend&date_preset=last_30d",
            json!({"report_run_id": 6_023_920_149_050_u64}),
            |started| assert_eq!(started.report_run_id.as_str(), "6023920149050"),
        )
        .await;
}
