//! Ad accounts, what is in them, and ad reports.

use http::Method;
use serde_json::{Value, json};

use super::driver::{Bench, MEMBER, Reply};

const ACCOUNT: &str = "506070801";
const VIEWED: &str = "506070802";
const FOREIGN: &str = "506070809";
const SCOPES: [&str; 3] = ["r_ads", "rw_ads", "r_ads_reporting"];
const MINE: &str = "&accounts=List(urn%3Ali%3AsponsoredAccount%3A506070801)";

fn token(bench: &Bench) -> String {
    bench.sandbox.linkedin_token(&SCOPES)
}

fn elements(reply: &Reply) -> Vec<Value> {
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json()["elements"].as_array().unwrap().clone()
}

async fn patch(bench: &Bench, token: &str, path: &str, changes: &Value) -> Reply {
    let request = bench.rest(Method::POST, path, token).header("X-RestLi-Method", "PARTIAL_UPDATE");
    bench.send(request.json(&json!({"patch": changes}))).await
}

#[tokio::test]
async fn accounts_are_searched_by_a_grammar() {
    let bench = Bench::new().await;
    let token = token(&bench);
    for (search, ids) in [
        ("", vec![ACCOUNT, VIEWED]),
        ("&search=(status:(values:List(ACTIVE)),type:(values:List(BUSINESS)),test:false)", vec![ACCOUNT]),
        ("&search=(reference:(values:List(urn%3Ali%3Aorganization%3A5000002)))", vec![VIEWED]),
        ("&search=(name:(values:List(Sandbox%20Bakery%20Ads)))", vec![ACCOUNT]),
        ("&search=(id:(values:List(urn%3Ali%3AsponsoredAccount%3A506070802)))", vec![VIEWED]),
        ("&search=(test:true)", vec![]),
    ] {
        let found = elements(&bench.rest_get(&format!("/adAccounts?q=search{search}"), &token).await);
        let found: Vec<String> = found.iter().map(|account| account["id"].to_string()).collect();
        assert_eq!(found, ids, "{search}");
    }
    for bad in ["&search=(status:List(ACTIVE))", "&search=(colour:(values:List(RED)))", "&search=ACTIVE"] {
        let reply = bench.rest_get(&format!("/adAccounts?q=search{bad}"), &token).await;
        assert_eq!(reply.linkedin_error().0, 400, "{bad}");
    }
    let poor = bench.member_token();
    assert_eq!(bench.rest_get("/adAccounts?q=search", &poor).await.linkedin_error().0, 403);
}

#[tokio::test]
async fn pages_are_turned_by_token_only() {
    let bench = Bench::new().await;
    let token = token(&bench);
    let base = format!("/adAccounts/{ACCOUNT}/adCampaigns?q=search&pageSize=2");
    let first = bench.rest_get(&base, &token).await.json();
    assert_eq!(first["elements"].as_array().unwrap().len(), 2);
    let next = first["metadata"]["nextPageToken"].as_str().unwrap();
    let second = bench.rest_get(&format!("{base}&pageToken={next}"), &token).await.json();
    assert_eq!(second["elements"].as_array().unwrap().len(), 1);
    assert_eq!(second["metadata"].get("nextPageToken"), None);
    assert_ne!(first["elements"][0]["id"], second["elements"][0]["id"]);
    let other = format!("/adAccounts/{ACCOUNT}/adCampaignGroups?q=search&pageToken={next}");
    for bad in [
        other,
        format!("{base}&pageToken=2"),
        format!("{base}&start=0"),
        format!("{base}&count=10"),
        "/adAccounts?q=search&start=0".to_owned(),
        "/adAccounts?q=search&pageSize=0".to_owned(),
        "/adAccounts?q=search&pageSize=1001".to_owned(),
    ] {
        assert_eq!(bench.rest_get(&bad, &token).await.linkedin_error().0, 400, "{bad}");
    }
}

#[tokio::test]
async fn the_members_roles_are_listed() {
    let bench = Bench::new().await;
    let token = token(&bench);
    let found = elements(&bench.rest_get("/adAccountUsers?q=authenticatedUser", &token).await);
    let roles: Vec<&str> = found.iter().map(|entry| entry["role"].as_str().unwrap()).collect();
    assert_eq!(roles, ["ACCOUNT_MANAGER", "VIEWER"]);
    assert_eq!(found[0]["user"], MEMBER);
    let key = "(account:urn%3Ali%3AsponsoredAccount%3A506070802,user:urn%3Ali%3Aperson%3Asbx-Ada_01)";
    let one = bench.rest_get(&format!("/adAccountUsers/{key}"), &token).await.json();
    assert_eq!(one["role"], "VIEWER");
    let foreign = key.replace(VIEWED, FOREIGN);
    assert_eq!(bench.rest_get(&format!("/adAccountUsers/{foreign}"), &token).await.linkedin_error().0, 404);
    assert_eq!(bench.rest_get("/adAccountUsers/7", &token).await.linkedin_error().0, 400);
}

#[tokio::test]
async fn one_test_account_is_all_an_app_gets() {
    let bench = Bench::new().await;
    let token = token(&bench);
    let body = json!({"currency": "USD", "name": "Try me", "type": "BUSINESS", "test": true});
    let mut earnest = body.clone();
    earnest["test"] = json!(false);
    assert_eq!(bench.rest_post("/adAccounts", &token, &earnest).await.linkedin_error().0, 403);
    let mut odd = body.clone();
    odd["type"] = json!("HOBBY");
    assert_eq!(bench.rest_post("/adAccounts", &token, &odd).await.linkedin_error().0, 400);
    let made = bench.rest_post("/adAccounts", &token, &body).await;
    assert_eq!((made.status, made.text.as_str()), (201, ""));
    let id = made.header("x-restli-id").to_owned();
    let read = bench.rest_get(&format!("/adAccounts/{id}"), &token).await.json();
    assert_eq!((&read["test"], &read["status"]), (&json!(true), &json!("ACTIVE")));
    let again = bench.rest_post("/adAccounts", &token, &body).await;
    assert_eq!(again.linkedin_error().1, "TEST_ACCOUNT_LIMIT_REACHED");
    let path = format!("/adAccounts/{id}");
    assert_eq!(patch(&bench, &token, &path, &json!({"$set": {"test": false}})).await.linkedin_error().0, 400);
    let found = elements(&bench.rest_get("/adAccounts?q=search&search=(test:true)", &token).await);
    assert_eq!(found.len(), 1);
}

#[tokio::test]
async fn things_are_created_read_and_patched_in_their_account() {
    let bench = Bench::new().await;
    let token = token(&bench);
    let groups = format!("/adAccounts/{ACCOUNT}/adCampaignGroups");
    let group = json!({
        "account": format!("urn:li:sponsoredAccount:{ACCOUNT}"), "name": "Summer", "status": "DRAFT",
        "runSchedule": {"start": 1, "end": 2},
    });
    let made = bench.rest_post(&groups, &token, &group).await;
    let id = made.header("x-restli-id").to_owned();
    let path = format!("{groups}/{id}");
    let change =
        json!({"$set": {"status": "ACTIVE"}, "$delete": ["name"], "runSchedule": {"$set": {"end": 3}}});
    assert_eq!(patch(&bench, &token, &path, &change).await.status, 204);
    let read = bench.rest_get(&path, &token).await.json();
    assert_eq!(read["runSchedule"], json!({"start": 1, "end": 3}));
    assert_eq!((&read["status"], read.get("name")), (&json!("ACTIVE"), None));
    // Without the header the call is not told from another one.
    let bare = bench.rest_post(&path, &token, &json!({"patch": change})).await;
    assert_eq!(bare.linkedin_error().0, 400);

    let campaigns = format!("/adAccounts/{ACCOUNT}/adCampaigns");
    let campaign = json!({"name": "Sun", "campaignGroup": format!("urn:li:sponsoredCampaignGroup:{id}")});
    let made = bench.rest_post(&campaigns, &token, &campaign).await;
    let campaign_urn = format!("urn:li:sponsoredCampaign:{}", made.header("x-restli-id"));
    let creatives = format!("/adAccounts/{ACCOUNT}/creatives");
    let creative = json!({"campaign": campaign_urn, "content": {"reference": "urn:li:share:1"}});
    let made = bench.rest_post(&creatives, &token, &creative).await;
    let creative = made.header("x-restli-id").to_owned();
    assert!(creative.starts_with("urn:li:sponsoredCreative:"), "{creative}");
    let read = bench.rest_get(&format!("{creatives}/{}", creative.replace(':', "%3A")), &token).await.json();
    assert_eq!((&read["campaign"], &read["intendedStatus"]), (&json!(campaign_urn), &json!("DRAFT")));

    for (path, body, status) in [
        (&groups, json!({"status": "DRAFT"}), 400),
        (&groups, json!({"name": "x", "account": "urn:li:sponsoredAccount:1"}), 400),
        (&campaigns, json!({"name": "x", "campaignGroup": "urn:li:sponsoredCampaignGroup:1"}), 400),
        (&creatives, json!({"campaign": "urn:li:sponsoredCampaign:1"}), 400),
        (&creatives, json!({"campaign": "urn:li:share:1"}), 400),
        (&creatives, json!({"content": {}}), 400),
    ] {
        assert_eq!(bench.rest_post(path, &token, &body).await.linkedin_error().0, status, "{body}");
    }
}

#[tokio::test]
async fn roles_and_scopes_decide_who_changes_what() {
    let bench = Bench::new().await;
    let token = token(&bench);
    let reader = bench.sandbox.linkedin_token(&["r_ads"]);
    let group = json!({"name": "x"});
    for (account, token, status, code) in [
        (VIEWED, &token, 403, "NO_PERMISSION_ON_ENTITY"),
        (FOREIGN, &token, 403, "NO_PERMISSION_ON_ENTITY"),
        (ACCOUNT, &reader, 403, "ACCESS_DENIED"),
        ("1", &token, 404, "NOT_FOUND"),
    ] {
        let made = bench.rest_post(&format!("/adAccounts/{account}/adCampaignGroups"), token, &group).await;
        let (found, found_code, _) = made.linkedin_error();
        assert_eq!((found, found_code.as_str()), (status, code), "{account}");
    }
    assert_eq!(bench.rest_get(&format!("/adAccounts/{VIEWED}"), &reader).await.status, 200);
    let body = bench.rest_get(&format!("/adAccounts?ids=List({ACCOUNT},{FOREIGN})"), &reader).await.json();
    assert_eq!(body["statuses"], json!({ACCOUNT: 200, FOREIGN: 403}));
    bench.control(Method::POST, "/person", &json!({"platform": "linkedin", "id": "sbx-Bo_02"})).await;
    let stranger = bench.sandbox.linkedin_token(&SCOPES);
    assert_eq!(elements(&bench.rest_get("/adAccounts?q=search", &stranger).await).len(), 0);
    let report = format!(
        "/adAnalytics?q=analytics&pivot=ACCOUNT&timeGranularity=ALL{MINE}\
                          &dateRange=(start:(year:2026,month:1,day:1))"
    );
    assert_eq!(elements(&bench.rest_get(&report, &stranger).await).len(), 0);
}

#[tokio::test]
async fn creatives_are_found_by_criteria_and_a_header() {
    let bench = Bench::new().await;
    let token = token(&bench);
    let path = format!(
        "/adAccounts/{ACCOUNT}/creatives?q=criteria&campaigns=List(urn%3Ali%3AsponsoredCampaign%3A607080901)"
    );
    assert_eq!(bench.rest_get(&path, &token).await.linkedin_error().0, 400);
    let find = |path: &str| bench.rest(Method::GET, path, &token).header("X-RestLi-Method", "FINDER");
    let found = elements(&bench.send(find(&path)).await);
    assert_eq!((found.len(), &found[0]["id"]), (2, &json!("urn:li:sponsoredCreative:708091001")));
    let shown = format!("{path}&contentReferences=List(urn%3Ali%3Ashare%3A7200000000000000012)");
    let found = elements(&bench.send(find(&shown)).await);
    assert_eq!((found.len(), &found[0]["id"]), (1, &json!("urn:li:sponsoredCreative:708091002")));
    for wrong in [path.replace("sponsoredCampaign", "sponsoredAccount"), shown.replace("Ashare", "Aimage")] {
        assert_eq!(bench.send(find(&wrong)).await.linkedin_error().1, "INVALID_URN_TYPE", "{wrong}");
    }
}

/// A report of January 2026.
fn january(rest: &str) -> String {
    format!("/adAnalytics?{rest}&dateRange=(start:(year:2026,month:1,day:1),end:(year:2026,month:1,day:31))")
}

#[tokio::test]
async fn a_report_has_the_fields_of_its_mask() {
    let bench = Bench::new().await;
    let token = token(&bench);
    let base = format!("q=analytics&pivot=CAMPAIGN&timeGranularity=ALL{MINE}");
    let usual = elements(&bench.rest_get(&january(&base), &token).await);
    assert_eq!(usual.len(), 2);
    let names: Vec<&String> = usual[0].as_object().unwrap().keys().collect();
    assert_eq!(names, ["clicks", "impressions"]);
    let fields = "&fields=dateRange,pivotValues,costInLocalCurrency,likes,nobodyKnows";
    let masked = elements(&bench.rest_get(&january(&format!("{base}{fields}")), &token).await);
    let row = masked[0].as_object().unwrap();
    assert_eq!(row["pivotValues"], json!(["urn:li:sponsoredCampaign:607080901"]));
    assert_eq!(row["dateRange"]["end"], json!({"year": 2026, "month": 1, "day": 31}));
    assert!(row["likes"].is_i64());
    let cost = row["costInLocalCurrency"].as_str().unwrap();
    assert_eq!(cost.split_once('.').unwrap().1.len(), 2, "{cost}");
    assert_eq!(row.len(), 4);
    let value_style = base.replace("timeGranularity=ALL", "timeGranularity=(value:ALL)");
    assert_eq!(elements(&bench.rest_get(&january(&value_style), &token).await), usual);
}

#[tokio::test]
async fn pivots_and_periods_cut_the_same_figures() {
    let bench = Bench::new().await;
    let token = token(&bench);
    let clicks = |rows: &[Value]| rows.iter().map(|row| row["clicks"].as_i64().unwrap()).sum::<i64>();
    let report = |rest: &str| january(&format!("{rest}{MINE}"));
    let whole =
        elements(&bench.rest_get(&report("q=analytics&pivot=ACCOUNT&timeGranularity=ALL"), &token).await);
    assert_eq!(whole.len(), 1);
    for (rest, rows) in [
        ("q=analytics&pivot=ACCOUNT&timeGranularity=DAILY", 31),
        ("q=analytics&pivot=ACCOUNT&timeGranularity=MONTHLY", 1),
        ("q=analytics&pivot=CREATIVE&timeGranularity=YEARLY", 3),
        ("q=statistics&pivots=List(CAMPAIGN,CREATIVE)&timeGranularity=ALL", 3),
        ("q=statistics&pivots=List(COMPANY)&timeGranularity=DAILY", 31),
    ] {
        let found = elements(&bench.rest_get(&report(rest), &token).await);
        assert_eq!((found.len(), clicks(&found)), (rows, clicks(&whole)), "{rest}");
    }
    let two = format!("{MINE}&creatives=List(urn%3Ali%3AsponsoredCreative%3A708091003)");
    let one = january(&format!("q=analytics&pivot=CREATIVE&timeGranularity=ALL{two}"));
    assert_eq!(elements(&bench.rest_get(&one, &token).await).len(), 1);
    let revenue = report("q=attributedRevenueMetrics&pivots=List(CAMPAIGN_GROUP)");
    let revenue = elements(&bench.rest_get(&revenue, &token).await);
    assert!(revenue[0]["revenueAttributionMetrics"]["revenueWonInUsd"].is_string());
}

#[tokio::test]
async fn reports_are_refused_when_they_are_wrong() {
    let bench = Bench::new().await;
    let token = token(&bench);
    let good = format!("q=analytics&pivot=CAMPAIGN&timeGranularity=ALL{MINE}");
    assert_eq!(bench.rest_get(&january(&good), &token).await.status, 200);
    let fields: Vec<String> = (0..21).map(|number| format!("metric{number}")).collect();
    let twenty = format!("{good}&fields={}", fields[..20].join(","));
    assert_eq!(bench.rest_get(&january(&twenty), &token).await.status, 200);
    for (bad, status) in [
        (good.replace(MINE, ""), 400),
        (good.replace(MINE, "&accounts=List()"), 400),
        (good.replace("sponsoredAccount", "organization"), 400),
        (good.replace("CAMPAIGN", "WEATHER"), 400),
        (good.replace("&pivot=CAMPAIGN", ""), 400),
        (good.replace("ALL", "WEEKLY"), 400),
        (good.replace("&timeGranularity=ALL", ""), 400),
        (good.replace("analytics", "insights"), 400),
        (good.replace("analytics", "statistics"), 403),
        (
            good.replace(
                "q=analytics&pivot=CAMPAIGN",
                "q=statistics&pivots=List(ACCOUNT,SHARE,CREATIVE,COMPANY)",
            ),
            400,
        ),
        (good.replace("q=analytics&pivot=CAMPAIGN", "q=statistics"), 400),
        (format!("{good}&fields={}", fields.join(",")), 400),
        (format!("{good}&fields=clicks%2Clikes"), 400),
        (format!("{good}&start=0"), 403),
    ] {
        assert_eq!(bench.rest_get(&january(&bad), &token).await.linkedin_error().0, status, "{bad}");
    }
    let undated = bench.rest_get(&format!("/adAnalytics?{good}"), &token).await;
    assert_eq!(undated.linkedin_error().0, 400);
    let reach = format!(
        "/adAnalytics?{good}&fields=approximateMemberReach&dateRange=(start:(year:2026,month:1,day:1))"
    );
    assert_eq!(bench.rest_get(&reach, &token).await.linkedin_error().1, "FIELD_INVALID");
    let poor = bench.sandbox.linkedin_token(&["r_ads"]);
    assert_eq!(bench.rest_get(&january(&good), &poor).await.linkedin_error().0, 403);
}

#[tokio::test]
async fn accounts_of_others_are_silently_missing() {
    let bench = Bench::new().await;
    let token = token(&bench);
    let report = |accounts: &str| {
        january(&format!("q=analytics&pivot=ACCOUNT&timeGranularity=ALL&accounts=List({accounts})"))
    };
    let foreign = format!("urn%3Ali%3AsponsoredAccount%3A{FOREIGN}");
    let own = format!("urn%3Ali%3AsponsoredAccount%3A{ACCOUNT}");
    assert_eq!(elements(&bench.rest_get(&report(&foreign), &token).await).len(), 0);
    assert_eq!(elements(&bench.rest_get(&report(&format!("{foreign},{own}")), &token).await).len(), 1);
}

#[tokio::test]
async fn a_large_report_is_cut_without_a_word() {
    let bench = Bench::new().await;
    let token = token(&bench);
    let report = format!(
        "/adAnalytics?q=analytics&pivot=MEMBER_JOB_TITLE&timeGranularity=DAILY{MINE}&fields=clicks\
         &dateRange=(start:(year:2026,month:1,day:1),end:(year:2026,month:10,day:31))"
    );
    assert_eq!(elements(&bench.rest_get(&report, &token).await).len(), 15_000);
}
