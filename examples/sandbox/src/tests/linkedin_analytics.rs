//! Figures of LinkedIn's API, ads aside.

use serde_json::{Value, json};

use super::{
    driver::{ANALYST_ORGANIZATION, Bench, MEMBER, ORGANIZATION, Reply, text_post},
    linkedin_media::uploaded_video,
};

const DAY: i64 = 86_400_000;
const SHARES: &str = "/organizationalEntityShareStatistics?q=organizationalEntity&organizationalEntity=";
const FOLLOWERS: &str =
    "/organizationalEntityFollowerStatistics?q=organizationalEntity&organizationalEntity=";

fn encoded(urn: &str) -> String {
    urn.replace(':', "%3A")
}

fn elements(reply: &Reply) -> Vec<Value> {
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json()["elements"].as_array().unwrap().clone()
}

/// The beginning of this day, in milliseconds.
fn today() -> i64 {
    crate::clock::wall_millis().div_euclid(DAY) * DAY
}

fn intervals(start: i64, end: i64, granularity: &str) -> String {
    format!("&timeIntervals=(timeRange:(start:{start},end:{end}),timeGranularityType:{granularity})")
}

fn date(millis: i64) -> String {
    let (year, month, day) = crate::clock::civil_from_days(millis.div_euclid(DAY));
    format!("(day:{day},month:{month},year:{year})")
}

fn analyst() -> [&'static str; 3] {
    ["r_member_postAnalytics", "r_member_profileAnalytics", "w_member_social"]
}

#[tokio::test]
async fn figures_of_a_lifetime_and_of_intervals_look_different() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let base = format!("{SHARES}{}", encoded(ORGANIZATION));
    let lifetime = elements(&bench.rest_get(&base, &token).await);
    assert_eq!(lifetime.len(), 1);
    assert_eq!(lifetime[0].get("timeRange"), None);
    let total = &lifetime[0]["totalShareStatistics"];
    assert!(total["impressionCount"].as_i64() > total["uniqueImpressionsCount"].as_i64());
    assert!(total["engagement"].is_f64());
    let (start, end) = (today() - 5 * DAY, today() - 2 * DAY);
    let by_day = elements(&bench.rest_get(&format!("{base}{}", intervals(start, end, "DAY")), &token).await);
    assert_eq!(by_day.len(), 3);
    assert_eq!(by_day[0]["timeRange"], json!({"start": start, "end": start + DAY}));
    let again = elements(&bench.rest_get(&format!("{base}{}", intervals(start, end, "DAY")), &token).await);
    assert_eq!(by_day, again);
    let gains = format!("{FOLLOWERS}{}{}", encoded(ORGANIZATION), intervals(start, end, "WEEK"));
    assert!(
        elements(&bench.rest_get(&gains, &token).await)[0]["followerGains"]["organicFollowerGain"].is_i64()
    );
    let facets = elements(&bench.rest_get(&format!("{FOLLOWERS}{}", encoded(ORGANIZATION)), &token).await);
    for facet in
        ["AssociationType", "Function", "Geo", "GeoCountry", "Industry", "Seniority", "StaffCountRange"]
    {
        let first = &facets[0][format!("followerCountsBy{facet}")][0];
        assert!(first["followerCounts"]["organicFollowerCount"].is_i64(), "{facet}");
    }
}

#[tokio::test]
async fn a_month_is_the_sum_of_its_days() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let path = |granularity: &str, start: i64, end: i64| {
        format!("{SHARES}{}{}", encoded(ORGANIZATION), intervals(start, end, granularity))
    };
    let month =
        elements(&bench.rest_get(&path("MONTH", today() - 40 * DAY, today() - 39 * DAY), &token).await);
    let range = &month[0]["timeRange"];
    let (start, end) = (range["start"].as_i64().unwrap(), range["end"].as_i64().unwrap());
    let days = elements(&bench.rest_get(&path("DAY", start, end), &token).await);
    assert_eq!(i64::try_from(days.len()).unwrap(), (end - start) / DAY);
    let clicks = |element: &Value| element["totalShareStatistics"]["clickCount"].as_i64().unwrap();
    assert_eq!(days.iter().map(clicks).sum::<i64>(), clicks(&month[0]));
}

#[tokio::test]
async fn intervals_are_refused_when_they_are_wrong() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let now = today();
    for (path, rest) in [
        (SHARES, intervals(now - 400 * DAY, now, "DAY")),
        (SHARES, intervals(now - 10 * DAY, now, "WEEK")),
        (SHARES, intervals(now, now - DAY, "DAY")),
        (SHARES, intervals(now - DAY, now, "HOUR")),
        (SHARES, "&timeIntervals=(timeGranularityType:DAY)".to_owned()),
        (SHARES, "&timeIntervals=List()".to_owned()),
        (SHARES, format!("{}&shares=List(urn%3Ali%3Ashare%3A1)", intervals(now - DAY, now, "DAY"))),
        (SHARES, format!("{}&ugcPosts=List(urn%3Ali%3AugcPost%3A1)", intervals(now - DAY, now, "DAY"))),
        (SHARES, "&shares=List(7)".to_owned()),
        (FOLLOWERS, intervals(now - 400 * DAY, now, "DAY")),
        (FOLLOWERS, intervals(now - DAY, now, "YEAR")),
    ] {
        let reply = bench.rest_get(&format!("{path}{}{rest}", encoded(ORGANIZATION)), &token).await;
        assert_eq!(reply.linkedin_error().0, 400, "{rest}");
    }
    let dotted = format!("{SHARES}{}&timeIntervals.timeGranularityType=DAY", encoded(ORGANIZATION));
    assert_eq!(bench.rest_get(&dotted, &token).await.linkedin_error().0, 403);
}

#[tokio::test]
async fn figures_are_for_administrators() {
    let bench = Bench::new().await;
    let poor = bench.sandbox.linkedin_token(&["r_organization_social"]);
    let token = bench.member_token();
    for path in [SHARES, FOLLOWERS, "/organizationPageStatistics?q=organization&organization="] {
        let analyst = bench.rest_get(&format!("{path}{}", encoded(ANALYST_ORGANIZATION)), &token).await;
        assert_eq!(analyst.linkedin_error().0, 403, "{path}");
        let scope = bench.rest_get(&format!("{path}{}", encoded(ORGANIZATION)), &poor).await;
        assert_eq!(scope.linkedin_error().0, 403, "{path}");
        let person = bench.rest_get(&format!("{path}{}", encoded(MEMBER)), &token).await;
        assert_eq!(person.linkedin_error().0, 400, "{path}");
    }
}

#[tokio::test]
async fn gains_of_the_last_two_days_are_not_known() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let rest = intervals(today() - 5 * DAY, today() + DAY, "DAY");
    let found =
        elements(&bench.rest_get(&format!("{FOLLOWERS}{}{rest}", encoded(ORGANIZATION)), &token).await);
    assert_eq!(found.len(), 3);
    assert_eq!(found[2]["timeRange"]["end"], today() - 2 * DAY);
    let shares = elements(&bench.rest_get(&format!("{SHARES}{}{rest}", encoded(ORGANIZATION)), &token).await);
    assert!(shares.len() > 5);
}

#[tokio::test]
async fn posts_without_activity_and_of_another_kind_are_left_out() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let make = |text: &'static str, visibility: &'static str| {
        let mut body = text_post(ORGANIZATION, text);
        body["visibility"] = json!(visibility);
        let (bench, token) = (&bench, &token);
        async move { bench.rest_post("/posts", token, &body).await.header("x-restli-id").to_owned() }
    };
    let seen = make("seen", "PUBLIC").await;
    let hidden = make("hidden", "LOGGED_IN").await;
    let base = format!("{SHARES}{}", encoded(ORGANIZATION));
    let list = format!("{},{},urn%3Ali%3Ashare%3A1", encoded(&seen), encoded(&hidden));
    let found = elements(&bench.rest_get(&format!("{base}&shares=List({list})"), &token).await);
    assert_eq!((found.len(), &found[0]["share"]), (1, &json!(seen)));
    assert!(found[0]["totalShareStatistics"]["clickCount"].is_i64());
    let wrong = elements(&bench.rest_get(&format!("{base}&ugcPosts=List({})", encoded(&seen)), &token).await);
    assert_eq!(wrong, Vec::<Value>::new());
}

#[tokio::test]
async fn visits_are_counted_for_pages_and_brands() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let page = format!("/organizationPageStatistics?q=organization&organization={}", encoded(ORGANIZATION));
    let brand = "/brandPageStatistics?q=brand&brand=urn%3Ali%3AorganizationBrand%3A5000011";
    for (path, owner) in [(page.as_str(), "organization"), (brand, "brand")] {
        let found = elements(&bench.rest_get(path, &token).await);
        assert!(found[0][owner].is_string(), "{path}");
        let views = &found[0]["totalPageStatistics"]["views"]["allPageViews"];
        assert!(views["pageViews"].as_i64() > views["uniquePageViews"].as_i64());
        assert!(found[0]["pageStatisticsByGeoCountry"].is_array());
        let days = intervals(today() - 3 * DAY, today() - DAY, "DAY");
        let days = elements(&bench.rest_get(&format!("{path}{days}"), &token).await);
        assert_eq!((days.len(), days[0].get("pageStatisticsByGeoCountry")), (2, None));
    }
}

#[tokio::test]
async fn a_members_figures_come_in_total_and_by_day() {
    let bench = Bench::new().await;
    let token = bench.sandbox.linkedin_token(&analyst());
    let base = "/memberCreatorPostAnalytics?q=me&queryType=REACTION";
    let total = elements(&bench.rest_get(&format!("{base}&aggregation=TOTAL"), &token).await);
    assert_eq!(
        (total.len(), &total[0]["metricType"], total[0].get("dateRange")),
        (1, &json!("REACTION"), None)
    );
    assert_eq!(elements(&bench.rest_get(base, &token).await), total);
    let range = format!("&dateRange=(start:{},end:{})", date(today() - 4 * DAY), date(today() - DAY));
    let days = elements(&bench.rest_get(&format!("{base}&aggregation=DAILY{range}"), &token).await);
    assert_eq!(days.len(), 3);
    assert!(days[0]["dateRange"]["start"]["year"].is_i64());
    let whole = elements(&bench.rest_get(&format!("{base}&aggregation=TOTAL{range}"), &token).await);
    let sum: i64 = days.iter().map(|day| day["count"].as_i64().unwrap()).sum();
    assert_eq!(whole[0]["count"], sum);
}

#[tokio::test]
async fn the_version_decides_how_metrics_are_written_and_which_there_are() {
    let bench = Bench::new().await;
    let token = bench.sandbox.linkedin_token(&analyst());
    let get = |version: &'static str, query_type: &'static str| {
        let path = format!("/rest/memberCreatorPostAnalytics?q=me&queryType={query_type}&aggregation=TOTAL");
        let request = bench.http.get(format!("{}{path}", bench.endpoints().linkedin_api)).bearer_auth(&token);
        let request =
            request.header("LinkedIn-Version", version).header("X-Restli-Protocol-Version", "2.0.0");
        bench.send(request)
    };
    assert_eq!(elements(&get("202605", "IMPRESSION").await)[0]["metricType"], "IMPRESSION");
    let old = elements(&get("202604", "IMPRESSION").await)[0]["metricType"].clone();
    let old = old.as_object().unwrap();
    assert_eq!((old.len(), old.values().next().unwrap()), (1, &json!("IMPRESSION")));
    assert_eq!(get("202603", "POST_SAVE").await.linkedin_error().0, 400);
    assert_eq!(get("202604", "POST_SAVE").await.status, 200);
}

#[tokio::test]
async fn one_post_of_the_member_is_named_by_a_union() {
    let bench = Bench::new().await;
    let token = bench.sandbox.linkedin_token(&analyst());
    let made = bench.rest_post("/posts", &token, &text_post(MEMBER, "count me")).await;
    let urn = made.header("x-restli-id").to_owned();
    let path = |entity: &str, rest: &str| {
        format!("/memberCreatorPostAnalytics?q=entity&entity={entity}&queryType=COMMENT{rest}")
    };
    let entity = format!("(share:{})", encoded(&urn));
    let found = elements(&bench.rest_get(&path(&entity, ""), &token).await);
    assert_eq!(found[0]["targetEntity"], json!({"share": urn}));
    for (entity, status) in [
        (format!("(ugc:{})", encoded(&urn)), 400),
        (encoded(&urn), 400),
        ("(share:urn%3Ali%3Ashare%3A1)".to_owned(), 404),
    ] {
        assert_eq!(bench.rest_get(&path(&entity, ""), &token).await.linkedin_error().0, status, "{entity}");
    }
    let daily = "&aggregation=DAILY";
    let impressions = path(&entity, daily).replace("COMMENT", "IMPRESSION");
    assert_eq!(bench.rest_get(&impressions, &token).await.linkedin_error().0, 400);
    assert_eq!(bench.rest_get(&path(&entity, daily), &token).await.status, 200);
    let watched = format!("/memberCreatorVideoAnalytics?q=entity&entity={entity}&queryType=VIDEO_PLAY");
    assert_eq!(elements(&bench.rest_get(&watched, &token).await).len(), 1);
}

#[tokio::test]
async fn questions_nobody_can_answer_are_refused() {
    let bench = Bench::new().await;
    let token = bench.sandbox.linkedin_token(&analyst());
    for query in [
        "q=me&queryType=IMPRESSION&aggregation=WEEKLY",
        "q=me&queryType=LOVE",
        "q=me",
        "q=you&queryType=IMPRESSION",
        "q=me&queryType=MEMBERS_REACHED&aggregation=DAILY",
        "q=me&queryType=IMPRESSION&dateRange=(start:(day:31,month:2,year:2026))",
        "q=me&queryType=IMPRESSION&dateRange=(start:1770000000000)",
        "q=me&queryType=IMPRESSION&dateRange=(start:(day:2,month:2,year:2026),end:(day:1,month:2,year:2026))",
    ] {
        let reply = bench.rest_get(&format!("/memberCreatorPostAnalytics?{query}"), &token).await;
        assert_eq!(reply.linkedin_error().0, 400, "{query}");
    }
    let poor = bench.member_token();
    for path in ["/memberCreatorPostAnalytics?q=me&queryType=IMPRESSION", "/memberFollowersCount?q=me"] {
        assert_eq!(bench.rest_get(path, &poor).await.linkedin_error().0, 403, "{path}");
    }
}

#[tokio::test]
async fn a_members_followers_are_counted_for_all_time_and_by_day() {
    let bench = Bench::new().await;
    let token = bench.sandbox.linkedin_token(&analyst());
    let all = elements(&bench.rest_get("/memberFollowersCount?q=me", &token).await);
    assert!(all[0]["memberFollowersCount"].as_i64().unwrap() > 0);
    let range = format!("(start:{},end:{})", date(today() - 3 * DAY), date(today() - DAY));
    let days = elements(
        &bench.rest_get(&format!("/memberFollowersCount?q=dateRange&dateRange={range}"), &token).await,
    );
    assert_eq!(days.len(), 2);
    assert!(days[0]["dateRange"]["end"]["day"].is_i64());
    assert_eq!(bench.rest_get("/memberFollowersCount?q=dateRange", &token).await.linkedin_error().0, 400);
}

/// The post of a video.
async fn video_post(bench: &Bench, token: &str, author: &str) -> String {
    let mut body = text_post(author, "watch me");
    let video = uploaded_video(bench, token, author).await;
    body["content"] = json!({"media": {"id": video, "title": "a"}});
    let made = bench.rest_post("/posts", token, &body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    made.header("x-restli-id").to_owned()
}

#[tokio::test]
async fn a_members_video_is_a_ugc_post() {
    let bench = Bench::new().await;
    let token = bench.sandbox.linkedin_token(&analyst());
    let urn = video_post(&bench, &token, MEMBER).await;
    let path = |query_type: &str| {
        let entity = encoded(&urn);
        format!("/memberCreatorVideoAnalytics?q=entity&entity=(ugc:{entity})&queryType={query_type}")
    };
    let found = elements(&bench.rest_get(&path("VIDEO_WATCH_TIME"), &token).await);
    assert_eq!((found.len(), &found[0]["targetEntity"]), (1, &json!({"ugc": urn})));
    assert_eq!(bench.rest_get(&path("IMPRESSION"), &token).await.linkedin_error().0, 400);
}

#[tokio::test]
async fn an_organizations_video_is_counted() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let urn = video_post(&bench, &token, ORGANIZATION).await;
    let path = |rest: &str| format!("/videoAnalytics?q=entity&entity={}{rest}", encoded(&urn));
    let total = elements(&bench.rest_get(&path("&type=VIDEO_VIEW&aggregation=ALL"), &token).await);
    assert_eq!((total.len(), &total[0]["statisticsType"]), (1, &json!("VIDEO_VIEW")));
    let range = format!("&timeRange=(start:{},end:{})", today() - 14 * DAY, today());
    let weeks =
        elements(&bench.rest_get(&path(&format!("&type=VIEWER&aggregation=WEEK{range}")), &token).await);
    let days =
        elements(&bench.rest_get(&path(&format!("&type=VIEWER&aggregation=DAY{range}")), &token).await);
    assert_eq!((weeks.len(), days.len()), (2, 14));
    let value = |element: &Value| element["value"].as_i64().unwrap();
    assert_eq!(weeks.iter().map(value).sum::<i64>(), days.iter().map(value).sum::<i64>());
}

#[tokio::test]
async fn a_post_without_video_has_no_video_figures() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let made = bench.rest_post("/posts", &token, &text_post(ORGANIZATION, "no video")).await;
    let urn = encoded(made.header("x-restli-id"));
    let path = |rest: &str| format!("/videoAnalytics?q=entity&entity={urn}{rest}");
    assert_eq!(elements(&bench.rest_get(&path("&type=VIDEO_VIEW&aggregation=ALL"), &token).await).len(), 0);
    for bad in ["&type=VIDEO_PLAY", "&type=VIEWER&aggregation=MONTH", ""] {
        assert_eq!(bench.rest_get(&path(bad), &token).await.linkedin_error().0, 400, "{bad}");
    }
    let unknown = "/videoAnalytics?q=entity&entity=urn%3Ali%3AugcPost%3A1&type=VIEWER";
    assert_eq!(bench.rest_get(unknown, &token).await.linkedin_error().0, 404);
}
