//! Statistics.

use serde_json::{Value, json};
use sociogram_api_core::Timestamp;
use sociogram_linkedin_api::analytics::{
    FollowerFacet, GetBrandPageStatistics, GetFollowerGains, GetFollowerStatistics, GetMemberAnalytics,
    GetMemberFollowerCount, GetMemberFollowersByDay, GetMemberPostAnalytics, GetMemberVideoAnalytics,
    GetPageStatistics, GetShareStatistics, GetVideoAnalytics, MemberAggregation, MemberPostMetric,
    MemberVideoMetric, PageFacet, TimeGranularity, TimeIntervals, VideoAggregation, VideoMetric,
};
use sociogram_linkedin_api::{Date, DateRange, OrganizationUrn, PostUrn, TimeRange, Urn};

use crate::table::{Answer, Table};

const RANGE: &str =
    "timeIntervals=(timeGranularityType:DAY,timeRange:(end:1634623599000,start:1634018799000))";

fn page() -> OrganizationUrn {
    OrganizationUrn::from_id("2414183").unwrap()
}

fn post(urn: &str) -> PostUrn {
    PostUrn::parse(urn).unwrap()
}

fn time_range() -> TimeRange {
    let [start, end] = [1_634_018_799_000, 1_634_623_599_000].map(Timestamp::from_unix_millis);
    TimeRange::new(start, end)
}

fn by_day() -> TimeIntervals {
    TimeIntervals::of(TimeGranularity::Day, time_range())
}

fn dates() -> DateRange {
    DateRange::new(Date::new(2026, 5, 4).unwrap(), Date::new(2026, 5, 6).unwrap())
}

const DATES: &str = "dateRange=(end:(day:6,month:5,year:2026),start:(day:4,month:5,year:2026))";

fn elements(elements: &Value) -> Answer {
    Answer::json(json!({"elements": elements, "paging": {"count": 10, "start": 0, "links": []}}))
}

#[tokio::test]
async fn posts_of_an_organization() {
    let table = Table::new().await;
    let address = "finder GET /rest/organizationalEntityShareStatistics?";
    table
        .row(
            GetShareStatistics::new(page()),
            &format!("{address}organizationalEntity=urn%3Ali%3Aorganization%3A2414183&q=organizationalEntity"),
            elements(&json!([{
                "organizationalEntity": "urn:li:organization:2414183",
                "totalShareStatistics": {
                    "uniqueImpressionsCount": 9327, "clickCount": 109_276, "engagement": 0.007_549_471_334_119_487,
                    "likeCount": 52, "commentCount": 70, "shareCount": 0, "impressionCount": 14_490_816,
                },
            }, "surprise"])),
            |answer| {
                let all = &answer.items[0];
                assert_eq!((all.totals.impression_count, all.totals.share_count), (Some(14_490_816), Some(0)));
                assert_eq!(all.totals.engagement, Some(0.007_549_471_334_119_487));
                assert_eq!((all.post(), all.time_range, answer.malformed.len()), (None, None, 1));
            },
        )
        .await;
    table
        .row(
            GetShareStatistics::new(page()).intervals(by_day()),
            &format!(
                "{address}organizationalEntity=urn%3Ali%3Aorganization%3A2414183&q=organizationalEntity&{RANGE}"
            ),
            elements(&json!([{
                "timeRange": {"start": 1_634_018_799_000_i64, "end": 1_634_105_199_000_i64},
                "totalShareStatistics": {"likeCount": -2, "uniqueImpressionsCounts": 11, "engagement": 0},
            }])),
            |answer| {
                let day = &answer.items[0];
                assert_eq!(day.time_range.unwrap().start(), time_range().start());
                let totals = &day.totals;
                assert_eq!((totals.like_count, totals.unique_impressions_count), (Some(-2), Some(11)));
                assert_eq!((totals.engagement, totals.click_count), (Some(0.0), None));
            },
        )
        .await;
    table
        .row(
            GetShareStatistics::new(page()).posts([post("urn:li:ugcPost:2"), post("urn:li:share:1")]),
            &format!(
                "{address}organizationalEntity=urn%3Ali%3Aorganization%3A2414183&q=organizationalEntity\
                 &shares=List(urn%3Ali%3Ashare%3A1)&ugcPosts=List(urn%3Ali%3AugcPost%3A2)"
            ),
            elements(&json!([
                {"share": "urn:li:share:1", "totalShareStatistics": {"clickCount": 3}},
                {"ugcPost": "urn:li:ugcPost:2", "totalShareStatistics": null},
            ])),
            |answer| {
                assert_eq!(answer.items[0].post(), Some(&post("urn:li:share:1")));
                assert_eq!(answer.items[0].totals.click_count, Some(3));
                assert_eq!(answer.items[1].post(), Some(&post("urn:li:ugcPost:2")));
            },
        )
        .await;
}

#[tokio::test]
async fn followers_of_an_organization() {
    let table = Table::new().await;
    let address = "finder GET /rest/organizationalEntityFollowerStatistics?\
                   organizationalEntity=urn%3Ali%3Aorganization%3A2414183&q=organizationalEntity";
    let counts = |organic: i64| json!({"organicFollowerCount": organic, "paidFollowerCount": 0});
    table
        .row(
            GetFollowerStatistics::new(page()),
            address,
            elements(&json!([{
                "organizationalEntity": "urn:li:organization:2414183",
                "followerCountsByAssociationType": [{"associationType": "EMPLOYEE", "followerCounts": counts(25)}],
                "followerCountsByStaffCountRange": [{"staffCountRange": "SIZE_51_TO_200", "followerCounts": counts(3)}],
                "followerCountsByGeoCountry": [
                    {"geo": "urn:li:geo:101282230", "followerCounts": counts(7)},
                    {"geo": "urn:li:geo:103644278", "followerCounts": counts(5)},
                ],
                "followerCountsByIndustry": [],
            }])),
            |answer| {
                let by = &answer.items[0].by;
                let country = &by[&FollowerFacet::GeoCountry][1];
                assert_eq!(country.value.as_deref(), Some("urn:li:geo:103644278"));
                assert_eq!(country.figures.as_ref().unwrap().organic_follower_count, Some(5));
                assert_eq!(by[&FollowerFacet::AssociationType][0].value.as_deref(), Some("EMPLOYEE"));
                assert_eq!((by.len(), by[&FollowerFacet::Industry].len()), (4, 0));
            },
        )
        .await;
    table
        .row(
            GetFollowerGains::new(page(), by_day()),
            &format!("{address}&{RANGE}"),
            elements(&json!([{
                "timeRange": {"start": 1_634_018_799_000_i64, "end": 1_634_105_199_000_i64},
                "followerGains": {"organicFollowerGain": -1, "paidFollowerGain": 4},
                "organizationalEntity": "urn:li:organization:2414183",
            }, {}])),
            |answer| {
                let day = &answer.items[0];
                assert_eq!((day.organic_follower_gain, day.paid_follower_gain), (Some(-1), Some(4)));
                assert_eq!(day.time_range.unwrap().start(), time_range().start());
                assert_eq!(answer.items[1].organic_follower_gain, None);
            },
        )
        .await;
}

#[tokio::test]
async fn pages_and_brands() {
    let table = Table::new().await;
    let views = |views: i64| json!({"allPageViews": {"pageViews": views, "uniquePageViews": 2}, "mobileJobsPageViews": {"pageViews": 1}});
    table
        .row(
            GetPageStatistics::new(page()),
            "finder GET /rest/organizationPageStatistics?organization=urn%3Ali%3Aorganization%3A2414183&q=organization",
            elements(&json!([{
                "organization": "urn:li:organization:2414183",
                "totalPageStatistics": {
                    "views": views(126),
                    "clicks": {"mobileCustomButtonClickCounts": [], "careersPageClicks": {"careersPageJobsClicks": 1}},
                },
                "pageStatisticsBySeniority": [
                    {"seniority": "urn:li:seniority:9", "pageStatistics": {"views": views(4)}},
                ],
                "pageStatisticsByIndustryV2": [{"industryV2": "urn:li:industry:4", "pageStatistics": {"views": {}}}],
            }])),
            |answer| {
                let page = &answer.items[0];
                let totals = page.totals.as_ref().unwrap();
                assert_eq!(totals.all_views().unwrap().page_views, Some(126));
                assert_eq!(totals.clicks.as_ref().unwrap()["careersPageClicks"]["careersPageJobsClicks"], 1);
                let senior = &page.by[&PageFacet::Seniority][0];
                assert_eq!(senior.figures.as_ref().unwrap().all_views().unwrap().page_views, Some(4));
                assert!(page.by.contains_key(&PageFacet::IndustryV2));
                assert_eq!(page.page.as_ref().unwrap().id(), "2414183");
            },
        )
        .await;
    table
        .row(
            GetBrandPageStatistics::new(Urn::parse("urn:li:organizationBrand:3617422").unwrap())
                .intervals(by_day()),
            &format!(
                "finder GET /rest/brandPageStatistics?brand=urn%3Ali%3AorganizationBrand%3A3617422&q=brand&{RANGE}"
            ),
            elements(&json!([{
                "brand": "urn:li:organizationBrand:3617422",
                "timeRange": {"start": 1_634_018_799_000_i64, "end": 1_634_105_199_000_i64},
                "totalPageStatistics": {"views": views(3)},
            }])),
            |answer| {
                let day = &answer.items[0];
                assert_eq!(day.page.as_ref().unwrap().entity_type(), "organizationBrand");
                assert_eq!(day.time_range.unwrap().start(), time_range().start());
                let totals = day.totals.as_ref().unwrap();
                assert_eq!(totals.all_views().unwrap().unique_page_views, Some(2));
            },
        )
        .await;
}

#[tokio::test]
async fn posts_of_a_member() {
    let table = Table::new().await;
    table
        .row(
            GetMemberAnalytics::new(MemberPostMetric::Impression, MemberAggregation::Daily).date_range(dates()),
            &format!("finder GET /rest/memberCreatorPostAnalytics?aggregation=DAILY&{DATES}&q=me&queryType=IMPRESSION"),
            elements(&json!([{
                "count": 12, "metricType": "IMPRESSION",
                "dateRange": {
                    "start": {"day": 4, "month": 5, "year": 2026}, "end": {"day": 5, "month": 5, "year": 2026},
                },
            }])),
            |answer| {
                let day = &answer.items[0];
                assert_eq!((day.count, day.metric.clone()), (Some(12), Some(MemberPostMetric::Impression)));
                assert_eq!(day.date_range.unwrap().start(), dates().start());
            },
        )
        .await;
    for (urn, entity) in [
        ("urn:li:share:1", "(share:urn%3Ali%3Ashare%3A1)"),
        ("urn:li:ugcPost:2", "(ugc:urn%3Ali%3AugcPost%3A2)"),
    ] {
        table
            .row(
                GetMemberPostAnalytics::new(post(urn), MemberPostMetric::PostSave, MemberAggregation::Total),
                &format!(
                    "finder GET /rest/memberCreatorPostAnalytics?aggregation=TOTAL&entity={entity}&q=entity&queryType=POST_SAVE"
                ),
                elements(&json!([{
                    "count": 3, "targetEntity": {"ugc": urn},
                    "metricType": {"com.linkedin.adsexternalapi.memberanalytics.v1.CreatorPostAnalyticsMetricTypeV1": "POST_SAVE"},
                }])),
                |answer| {
                    assert_eq!(answer.items[0].metric, Some(MemberPostMetric::PostSave));
                    assert_eq!(answer.items[0].target_entity.as_ref().unwrap().as_str(), urn);
                },
            )
            .await;
    }
    table
        .row(
            GetMemberVideoAnalytics::new(post("urn:li:ugcPost:2"), MemberVideoMetric::Play)
                .aggregation(MemberAggregation::Daily)
                .date_range(dates()),
            &format!(
                "finder GET /rest/memberCreatorVideoAnalytics?aggregation=DAILY&{DATES}\
                 &entity=(ugc:urn%3Ali%3AugcPost%3A2)&q=entity&queryType=VIDEO_PLAY"
            ),
            elements(
                &json!([{"count": "5", "metricType": "VIDEO_PLAY", "targetEntity": "urn:li:ugcPost:2"}]),
            ),
            |answer| {
                assert_eq!((answer.items[0].count, answer.items[0].date_range), (Some(5), None));
                assert_eq!(answer.items[0].metric, Some(MemberVideoMetric::Play));
            },
        )
        .await;
}

#[tokio::test]
async fn followers_of_a_member() {
    let table = Table::new().await;
    table
        .row(
            GetMemberFollowerCount::new(),
            "finder GET /rest/memberFollowersCount?q=me",
            elements(&json!([{"memberFollowersCount": 1024}])),
            |answer| assert_eq!(answer.items[0].member_followers_count, Some(1024)),
        )
        .await;
    table
        .row(
            GetMemberFollowersByDay::new(dates()),
            &format!("finder GET /rest/memberFollowersCount?{DATES}&q=dateRange"),
            elements(&json!([{
                "memberFollowersCount": 2,
                "dateRange": {"start": {"day": 4, "month": 5, "year": 2026}},
            }])),
            |answer| {
                assert_eq!(answer.items[0].member_followers_count, Some(2));
                assert_eq!(answer.items[0].date_range, Some(DateRange::since(dates().start())));
            },
        )
        .await;
}

#[tokio::test]
async fn videos_of_an_organization() {
    let table = Table::new().await;
    table
        .row(
            GetVideoAnalytics::new(post("urn:li:ugcPost:2"), VideoMetric::TimeWatched)
                .aggregation(VideoAggregation::Week)
                .time_range(time_range()),
            "finder GET /rest/videoAnalytics?aggregation=WEEK&entity=urn%3Ali%3AugcPost%3A2&q=entity\
             &timeRange=(end:1634623599000,start:1634018799000)&type=TIME_WATCHED",
            elements(&json!([{
                "entity": "urn:li:ugcPost:2", "statisticsType": "TIME_WATCHED", "value": 90_000,
                "timeRange": {"start": 1_634_018_799_000_i64, "end": 1_634_623_599_000_i64},
            }])),
            |answer| {
                let week = &answer.items[0];
                assert_eq!((week.value, week.metric.clone()), (Some(90_000), Some(VideoMetric::TimeWatched)));
                assert_eq!(week.time_range, Some(time_range()));
            },
        )
        .await;
}
