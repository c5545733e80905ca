//! Organizations of LinkedIn's API: lookup, people, notifications, subscriptions.

use http::Method;
use serde_json::{Value, json};

use super::driver::{ANALYST_ORGANIZATION, Bench, MEMBER, ORGANIZATION, Reply, text_post};

const BRAND: &str = "urn:li:organizationBrand:5000011";
const KEY: &str = "/eventSubscriptions/(developerApplication:urn%3Ali%3AdeveloperApplication%3A77,\
                   user:urn%3Ali%3Aperson%3Asbx-Ada_01,entity:urn%3Ali%3Aorganization%3A5000001,\
                   eventType:ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS)";

fn encoded(urn: &str) -> String {
    urn.replace(':', "%3A")
}

fn elements(reply: &Reply) -> Vec<Value> {
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json()["elements"].as_array().unwrap().clone()
}

#[tokio::test]
async fn an_administrator_sees_more_of_an_organization() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let own = bench.rest_get("/organizations/5000001", &token).await.json();
    assert_eq!((&own["id"], &own["vanityName"]), (&json!(5_000_001), &json!("sandbox-bakery")));
    assert_eq!(own["name"]["localized"]["en_US"], "Sandbox Bakery");
    assert_eq!(own["staffCountRange"], "SIZE_11_TO_50");
    for id in ["5000002", "5000009"] {
        let other = bench.rest_get(&format!("/organizations/{id}"), &token).await.json();
        assert_eq!(other["primaryOrganizationType"], "NONE");
        assert_eq!(other.get("staffCountRange"), None, "{id}");
    }
    let brand = bench.rest_get("/organizationBrands/5000011", &token).await.json();
    assert_eq!(
        (&brand["primaryOrganizationType"], brand["parentRelationship"]["parent"].as_str()),
        (&json!("BRAND"), Some(ORGANIZATION))
    );
    assert_eq!(bench.rest_get("/organizationBrands/5000001", &token).await.linkedin_error().0, 404);
    assert_eq!(
        bench.rest_get("/organizations/urn%3Ali%3Aorganization%3A5000001", &token).await.linkedin_error().0,
        400
    );
    let poor = bench.sandbox.linkedin_token(&["w_member_social"]);
    assert_eq!(bench.rest_get("/organizations/5000001", &poor).await.linkedin_error().0, 403);
}

#[tokio::test]
async fn organizations_are_found_by_name_domain_and_parent() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    for (query, ids) in [
        ("q=vanityName&vanityName=sandbox-mill".to_owned(), vec![5_000_009]),
        ("q=vanityName&vanityName=nobody".to_owned(), vec![]),
        ("q=emailDomain&emailDomain=sandbox-bakery.example.com".to_owned(), vec![5_000_001]),
        (format!("q=parentOrganization&parent={}", encoded(ORGANIZATION)), vec![5_000_011]),
    ] {
        let found = elements(&bench.rest_get(&format!("/organizations?{query}"), &token).await);
        let found: Vec<i64> = found.iter().map(|entry| entry["id"].as_i64().unwrap()).collect();
        assert_eq!(found, ids, "{query}");
    }
    for bad in ["q=vanityName", "q=nobody", "q=vanityName&vanityName=x&emailDomain=y"] {
        let reply = bench.rest_get(&format!("/organizations?{bad}"), &token).await;
        assert!(matches!(reply.linkedin_error().0, 400 | 403), "{bad}");
    }
}

#[tokio::test]
async fn one_foreign_id_refuses_only_its_own_key() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let body = bench.rest_get("/organizations?ids=List(5000001,5000002,7)", &token).await.json();
    assert_eq!(body["results"]["5000001"]["localizedName"], "Sandbox Bakery");
    assert_eq!(body["statuses"], json!({"5000001": 200, "5000002": 403, "7": 404}));
    assert_eq!(body["errors"]["5000002"]["serviceErrorCode"], 100);
    assert_eq!(body["results"].as_object().unwrap().len(), 1);
    let public = bench.rest_get("/organizationsLookup?ids=List(5000001,5000009,7)", &token).await.json();
    assert_eq!(public["results"].as_object().unwrap().len(), 2);
    assert_eq!(public["results"]["5000001"].get("staffCountRange"), None);
    assert_eq!((&public["errors"], public["statuses"].get("7")), (&json!({}), None));
    for bad in ["ids=5000001", "ids=List(a)", "ids=List(5000001", "ids=List(1)&ids=List(2)"] {
        assert_eq!(
            bench.rest_get(&format!("/organizations?{bad}"), &token).await.linkedin_error().0,
            400,
            "{bad}"
        );
    }
}

#[tokio::test]
async fn roles_of_an_organization_are_for_its_administrators() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let path = |urn: &str| format!("/organizationAcls?q=organization&organization={}", encoded(urn));
    let found = elements(&bench.rest_get(&path(ORGANIZATION), &token).await);
    assert_eq!((found.len(), &found[0]["roleAssignee"]), (1, &json!(MEMBER)));
    assert_eq!(bench.rest_get(&path(ANALYST_ORGANIZATION), &token).await.linkedin_error().0, 403);
    let state = bench.rest_get("/organizationAcls?q=roleAssignee&state=SOON", &token).await;
    assert_eq!(state.linkedin_error().0, 400);
}

#[tokio::test]
async fn each_action_is_authorized_on_its_own() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let query = "bq=authorizationActionsAndImpersonator&authorizationActions=List(\
                 (OrganizationRoleAuthorizationAction:(actionType:ADMINISTRATOR_READ)),\
                 (authorizationAction:(organizationAnalyticsAuthorizationAction:(actionType:VISITOR_ANALYTICS_READ))),\
                 (NobodyKnows:(actionType:X)),\
                 (organizationRoleAuthorizationAction:(actionType:A)),\
                 (authorizationAction:(OrganizationRoleAuthorizationAction:(actionType:A))))";
    let reply = bench.rest_get(&format!("/organizationAuthorizations?{query}"), &token).await;
    let parts = elements(&reply);
    let organizations = |part: &Value| -> Vec<String> {
        let list = part["elements"].as_array().unwrap();
        list.iter().map(|entry| entry["organization"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(organizations(&parts[0]), [ORGANIZATION]);
    assert_eq!(organizations(&parts[1]), [ORGANIZATION, ANALYST_ORGANIZATION]);
    assert_eq!(parts[0]["elements"][0]["status"], json!({"approved": {}}));
    for part in &parts[2..=4] {
        assert_eq!((&part["isError"], &part["error"]["status"]), (&json!(true), &json!(400)), "{part}");
    }
    for bad in [
        "bq=other&authorizationActions=List((OrganizationRoleAuthorizationAction:(actionType:A)))",
        "bq=authorizationActionsAndImpersonator&authorizationActions=List()",
        "bq=authorizationActionsAndImpersonator",
    ] {
        let reply = bench.rest_get(&format!("/organizationAuthorizations?{bad}"), &token).await;
        assert_eq!(reply.linkedin_error().0, 400, "{bad}");
    }
}

#[tokio::test]
async fn followers_are_counted_by_the_name_of_the_edge() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let get = |urn: &str, edge: &str| format!("/networkSizes/{}{edge}", encoded(urn));
    let new = bench.rest_get(&get(ORGANIZATION, "?edgeType=COMPANY_FOLLOWED_BY_MEMBER"), &token).await.json();
    let old = bench.rest_get(&get(ORGANIZATION, "?edgeType=CompanyFollowedByMember"), &token).await.json();
    assert!(new["firstDegreeSize"].as_i64().unwrap() > 0);
    assert_eq!(new, old);
    let brand = bench.rest_get(&get(BRAND, "?edgeType=COMPANY_FOLLOWED_BY_MEMBER"), &token).await;
    assert_eq!(brand.status, 200);
    for (path, status) in [
        (get(ORGANIZATION, ""), 400),
        (get(ORGANIZATION, "?edgeType=FRIENDS"), 400),
        ("/networkSizes/5000001?edgeType=COMPANY_FOLLOWED_BY_MEMBER".to_owned(), 400),
        (get("urn:li:organization:1", "?edgeType=COMPANY_FOLLOWED_BY_MEMBER"), 404),
    ] {
        assert_eq!(bench.rest_get(&path, &token).await.linkedin_error().0, status, "{path}");
    }
}

#[tokio::test]
async fn followers_are_found_for_mentions() {
    let bench = Bench::new().await;
    let token = bench.sandbox.linkedin_token(&["r_organization_followers"]);
    let search = |organization: &str, keywords: &str| {
        let organization = encoded(organization);
        format!("/peopleTypeahead?q=organizationFollowers&organization={organization}&keywords={keywords}")
    };
    let found = elements(&bench.rest_get(&search(ORGANIZATION, "vis"), &token).await);
    assert_eq!((found.len(), &found[0]["member"]), (1, &json!("urn:li:person:sbx-Visitor_1")));
    assert_eq!(elements(&bench.rest_get(&search(ORGANIZATION, "sitor"), &token).await).len(), 0);
    assert_eq!(bench.rest_get(&search(ANALYST_ORGANIZATION, "v"), &token).await.linkedin_error().0, 403);
    let by_address =
        "/vanityUrl?q=vanityUrlAsOrganization&vanityUrl=https%3A%2F%2Fwww.linkedin.com%2Fin%2Fvera-visitor";
    let found = elements(&bench.rest_get(by_address, &token).await);
    assert_eq!(found[0]["member"], "urn:li:person:sbx-Visitor_1");
    let poor = bench.member_token();
    assert_eq!(bench.rest_get(by_address, &poor).await.linkedin_error().0, 403);
    assert_eq!(bench.rest_get(&search(ORGANIZATION, "v"), &poor).await.linkedin_error().0, 403);
}

#[tokio::test]
async fn people_are_asked_for_by_a_record() {
    let bench = Bench::new().await;
    let token = bench.sandbox.linkedin_token(&["r_basicprofile"]);
    let person = bench.rest_get("/people/(id:sbx-Bo_02)", &token).await.json();
    assert_eq!((&person["localizedFirstName"], &person["vanityName"]), (&json!("Bo"), &json!("bo-sandbox")));
    let several = bench.rest_get("/people?ids=List((id:sbx-Bo_02),(id:nobody))", &token).await.json();
    assert_eq!(several["results"]["(id:sbx-Bo_02)"]["id"], "sbx-Bo_02");
    assert_eq!(several["statuses"]["(id:nobody)"], 404);
    for (path, status) in [
        ("/people/sbx-Bo_02", 400),
        ("/people/(id:sbx-Bo_02,more:1)", 400),
        ("/people/%28id%3Asbx-Bo_02%29", 400),
        ("/people/(id:nobody)", 404),
    ] {
        assert_eq!(bench.rest_get(path, &token).await.linkedin_error().0, status, "{path}");
    }
}

#[tokio::test]
async fn connections_need_no_version_but_their_scope() {
    let bench = Bench::new().await;
    let token = bench.sandbox.linkedin_token(&["r_1st_connections_size"]);
    let get = |key: &str, token: &str| {
        let url = format!("{}/v2/connections/{key}", bench.endpoints().linkedin_api);
        bench.send(bench.http.get(url).bearer_auth(token))
    };
    for key in [MEMBER.to_owned(), encoded(MEMBER)] {
        let reply = get(&key, &token).await;
        assert!(reply.json()["firstDegreeSize"].as_i64().unwrap() > 0, "{}", reply.text);
    }
    assert_eq!(get("urn:li:person:sbx-Bo_02", &token).await.linkedin_error().0, 403);
    assert_eq!(get(MEMBER, &bench.member_token()).await.linkedin_error().0, 403);
    assert_eq!(get("7", &token).await.linkedin_error().0, 400);
}

#[tokio::test]
async fn what_happens_on_posts_can_be_pulled_for_sixty_days() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let made = bench.rest_post("/posts", &token, &text_post(ORGANIZATION, "pull me")).await;
    let post = made.header("x-restli-id").to_owned();
    let path = |rest: &str| {
        let entity = encoded(ORGANIZATION);
        format!("/organizationalEntityNotifications?q=criteria&organizationalEntity={entity}{rest}")
    };
    let all = elements(&bench.rest_get(&path(""), &token).await);
    assert_eq!((all.len(), &all[0]["action"], &all[0]["sourcePost"]), (1, &json!("COMMENT"), &json!(post)));
    let time = all[0]["lastModifiedAt"].as_i64().unwrap();
    for (rest, count) in [
        ("&actions=List(COMMENT,SHARE_MENTION)".to_owned(), 1),
        ("&actions=List(LIKE)".to_owned(), 0),
        (format!("&timeRange=(start:{},end:{})", time, time + 1), 1),
        (format!("&timeRange=(start:{})", time + 1), 0),
        (format!("&timeRange=(end:{time})"), 0),
    ] {
        assert_eq!(elements(&bench.rest_get(&path(&rest), &token).await).len(), count, "{rest}");
    }
    for (rest, status) in [("&actions=List(WAVE)", 400), ("&timeRange=(from:1)", 400), ("&actions=LIKE", 400)]
    {
        assert_eq!(bench.rest_get(&path(rest), &token).await.linkedin_error().0, status, "{rest}");
    }
    let foreign = format!(
        "/organizationalEntityNotifications?q=criteria&organizationalEntity={}",
        encoded(ANALYST_ORGANIZATION)
    );
    assert_eq!(bench.rest_get(&foreign, &token).await.linkedin_error().0, 403);
    bench.control(Method::POST, "/clock", &json!({"advance_seconds": 61 * 86_400})).await;
    let later = bench.member_token();
    assert_eq!(elements(&bench.rest_get(&path(""), &later).await).len(), 0);
}

#[tokio::test]
async fn a_subscription_is_put_read_found_and_deleted() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    assert_eq!(bench.rest_get(KEY, &token).await.linkedin_error().0, 404);
    let put = |webhook: &str| {
        let body = json!({"webhook": webhook});
        bench.send(bench.rest(Method::PUT, KEY, &token).json(&body))
    };
    for bad in ["http://example.com/hook", "ftp://example.com", "hook"] {
        assert_eq!(put(bad).await.linkedin_error(), (400, "INVALID_URL".to_owned(), None), "{bad}");
    }
    for webhook in ["https://example.com/first", "https://example.com/second"] {
        let reply = put(webhook).await;
        assert_eq!((reply.status, reply.text.as_str()), (204, ""));
        let read = bench.rest_get(KEY, &token).await.json();
        assert_eq!((&read["webhook"], &read["user"]), (&json!(webhook), &json!(MEMBER)));
        assert!(read["expiresAt"].is_i64());
    }
    let find =
        "/eventSubscriptions?q=subscriberAndEventType&eventType=ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS";
    assert_eq!(elements(&bench.rest_get(find, &token).await).len(), 1);
    let gone = bench.send(bench.rest(Method::DELETE, KEY, &token)).await;
    assert_eq!(gone.status, 204);
    assert_eq!(elements(&bench.rest_get(find, &token).await).len(), 0);
    assert_eq!(bench.send(bench.rest(Method::DELETE, KEY, &token)).await.linkedin_error().0, 404);
}

#[tokio::test]
async fn a_subscription_is_for_administrators_and_ends_with_the_token() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let body = json!({"webhook": "https://example.com/hook"});
    let put = |key: String, token: &str| bench.send(bench.rest(Method::PUT, &key, token).json(&body));
    for (key, status) in [
        (KEY.replace("5000001", "5000002"), 403),
        (KEY.replace("sbx-Ada_01", "sbx-Bo_02"), 403),
        (KEY.replace("SOCIAL", "OTHER"), 400),
        (KEY.replace("developerApplication%3A77", "developerApplication%3A"), 400),
        (KEY.replace("user:", "member:"), 400),
    ] {
        assert_eq!(put(key.clone(), &token).await.linkedin_error().0, status, "{key}");
    }
    let reader = bench.sandbox.linkedin_token(&["r_organization_admin"]);
    assert_eq!(put(KEY.to_owned(), &reader).await.linkedin_error().0, 403);
    assert_eq!(put(KEY.to_owned(), &token).await.status, 204);
    bench.control(Method::POST, "/tokens/expire", &json!({"platform": "linkedin"})).await;
    assert_eq!(bench.rest_get(KEY, &bench.member_token()).await.linkedin_error().0, 404);
}

#[tokio::test]
async fn a_comment_goes_to_the_address_that_subscribed() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    // Nobody listens there: what counts is that it is tried without a registration elsewhere.
    let body = json!({"webhook": "http://127.0.0.1:9/hook"});
    assert_eq!(bench.send(bench.rest(Method::PUT, KEY, &token).json(&body)).await.status, 204);
    bench.rest_post("/posts", &token, &text_post(ORGANIZATION, "listen")).await;
    bench.until("the delivery is tried", |received| received.deliveries.len() == 1).await;
    let deliveries = bench.sandbox.received().deliveries;
    assert_eq!(deliveries[0].topic, "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS");
}
