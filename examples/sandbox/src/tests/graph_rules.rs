//! What the Graph API refuses.

use http::Method;
use serde_json::{Value, json};

use super::driver::{Bench, DATASET, GraphCode, PAGE, WEAK_PAGE};

#[tokio::test]
async fn tokens_and_proofs_are_checked() {
    let bench = Bench::new().await;
    let user = bench.user_token();
    let base = bench.endpoints().graph;
    let me = format!("{base}/v26.0/me");
    let with = |url: String| bench.http.get(url).bearer_auth(&user);
    let cases = [
        ("no token", bench.http.get(&me), (400, 2500, None)),
        ("no token, other object", bench.http.get(format!("{base}/v26.0/{PAGE}/feed")), (400, 104, None)),
        ("garbage token", bench.http.get(&me).bearer_auth("EAA123"), (401, 190, None)),
        ("unknown scheme", bench.http.get(&me).header("authorization", "Basic abc"), (401, 190, None)),
        ("no proof", with(me.clone()), (400, 100, None)),
        ("wrong proof", with(format!("{me}?appsecret_proof=00")), (400, 100, None)),
        (
            "proof of another token",
            with(format!("{me}?appsecret_proof={}", bench.proof("x"))),
            (400, 100, None),
        ),
        (
            "upper-case proof",
            with(format!("{me}?appsecret_proof={}", bench.proof(&user).to_uppercase())),
            (400, 100, None),
        ),
    ];
    for (name, request, expected) in cases {
        let reply = bench.send(request).await;
        assert_eq!(reply.graph_error(), expected, "{name}");
        assert!(!reply.header("x-fb-trace-id").is_empty());
    }
    let page = bench.page_token(&user).await;
    bench.control(Method::POST, "/tokens/expire", &json!({"platform": "meta"})).await;
    for token in [&user, &page] {
        assert_eq!(bench.graph_get("/v26.0/me", token).await.graph_error(), (401, 190, Some(463)));
    }
    assert_eq!(bench.graph_get("/v26.0/me", &bench.user_token()).await.status, 200);
}

#[tokio::test]
async fn paths_versions_and_methods_are_checked() {
    let bench = Bench::new().await;
    let user = bench.user_token();
    let page = bench.page_token(&user).await;
    let cases: [(Method, &str, &str, GraphCode); 11] = [
        (Method::GET, "/v99.0/me", &user, (400, 2500, None)),
        (Method::GET, "/v24.0/me", &user, (400, 2500, None)),
        (Method::GET, "/v26.0/nonsense", &user, (400, 2500, None)),
        (Method::GET, "/v26.0/me/nonsense", &user, (400, 2500, None)),
        (Method::GET, "/v26.0/102030405060701/nonsense", &page, (400, 2500, None)),
        (Method::GET, "/v26.0/123456", &user, (400, 100, Some(33))),
        (Method::GET, "/v26.0/102030405060701_1", &page, (400, 100, Some(33))),
        (Method::PUT, "/v26.0/102030405060701/feed", &page, (400, 100, Some(33))),
        (Method::DELETE, "/v26.0/me/accounts", &user, (400, 100, Some(33))),
        (Method::GET, "/v26.0/200300400500601/events", &user, (400, 100, Some(33))),
        (Method::GET, "/v26.0/me?fields=id,shoe_size", &user, (400, 100, None)),
    ];
    for (method, path, token, expected) in cases {
        let reply = bench.send(bench.graph(method.clone(), path, token)).await;
        assert_eq!(reply.graph_error(), expected, "{method} {path}");
    }
    // `date_format` is gone since v26.0, and `tasks` is no field of the Page itself.
    assert_eq!(bench.graph_get("/v25.0/me?date_format=U", &user).await.status, 200);
    assert_eq!(bench.graph_get("/v26.0/me?date_format=U", &user).await.graph_error(), (400, 100, None));
    let tasks = format!("/v26.0/{PAGE}?fields=tasks");
    assert_eq!(bench.graph_get(&tasks, &page).await.graph_error(), (400, 100, None));
    assert!(bench.sandbox.received().violations.is_empty());
}

#[tokio::test]
async fn sloppy_calls_are_answered_and_noted() {
    let bench = Bench::new().await;
    let user = bench.user_token();
    let proof = bench.proof(&user);
    let base = bench.endpoints().graph;
    let in_query = format!("{base}/v26.0/me?access_token={user}&appsecret_proof={proof}");
    assert_eq!(bench.get(&in_query).await.status, 200);
    let unversioned = bench.graph_get("/me", &user).await;
    assert_eq!((unversioned.status, unversioned.header("facebook-api-version")), (200, "v25.0"));
    let rules: Vec<_> = bench.sandbox.received().violations.iter().map(|violation| violation.rule).collect();
    assert_eq!(rules, ["token-in-query", "unversioned-call"]);
}

#[tokio::test]
async fn page_edges_want_that_pages_token_and_its_permissions() {
    let bench = Bench::new().await;
    let user = bench.user_token();
    let page = bench.page_token(&user).await;
    let feed = format!("/v26.0/{PAGE}/feed");
    let hello = json!({"message": "hello"});
    let denied = (403, 200, None);
    assert_eq!(bench.graph_post(&feed, &user, &hello).await.graph_error(), denied);
    assert_eq!(
        bench.graph_post(&format!("/v26.0/{WEAK_PAGE}/feed"), &page, &hello).await.graph_error(),
        denied
    );
    assert_eq!(bench.graph_get("/v26.0/me/permissions", &page).await.graph_error().1, 2500);

    let few = bench.sandbox.meta_user_token(&["pages_show_list"]);
    let few = bench.page_token(&few).await;
    assert_eq!(bench.graph_post(&feed, &few, &hello).await.graph_error(), denied);
    let subscribed = format!("/v26.0/{PAGE}/subscribed_apps");
    let fields = json!({"subscribed_fields": "feed"});
    assert_eq!(bench.graph_post(&subscribed, &few, &fields).await.graph_error(), denied);
    let some = bench.sandbox.meta_user_token(&["pages_show_list", "pages_manage_metadata"]);
    let some = bench.page_token(&some).await;
    let leads = json!({"subscribed_fields": ["leadgen"]});
    assert_eq!(bench.graph_post(&subscribed, &some, &leads).await.graph_error(), denied);

    let none = bench.sandbox.meta_user_token(&["email"]);
    assert_eq!(bench.graph_get("/v26.0/me/accounts", &none).await.json(), json!({"data": []}));
}

#[tokio::test]
async fn a_post_is_checked() {
    let bench = Bench::new().await;
    let token = bench.page_token(&bench.user_token()).await;
    let feed = format!("/v26.0/{PAGE}/feed");
    let now = crate::clock::wall_millis() / 1000;
    let cases: [(&str, Value); 12] = [
        ("empty", json!({})),
        ("blank", json!({"message": "  "})),
        ("unknown field", json!({"message": "x", "mesage": "y"})),
        ("not text", json!({"message": {"a": 1}})),
        ("bad link", json!({"link": "example.com"})),
        ("bad boolean", json!({"message": "x", "published": "maybe"})),
        ("too long", json!({"message": "x".repeat(63_207)})),
        ("schedule of a published post", json!({"message": "x", "scheduled_publish_time": now + 3600})),
        ("too soon", json!({"message": "x", "published": false, "scheduled_publish_time": now + 60})),
        ("too far", json!({"message": "x", "published": false, "scheduled_publish_time": now + 80 * 86_400})),
        ("time in words", json!({"message": "x", "published": false, "scheduled_publish_time": "tomorrow"})),
        ("unknown media", json!({"message": "x", "attached_media": [{"media_fbid": "1"}]})),
    ];
    for (name, body) in cases {
        let (status, code, _) = bench.graph_post(&feed, &token, &body).await.graph_error();
        assert_eq!((status, code), (400, 100), "{name}");
    }
    let raw = |kind: &'static str, body: &'static str| {
        bench.graph(Method::POST, &feed, &token).header("content-type", kind).body(body)
    };
    for (kind, body) in [
        ("application/json", "[1]"),
        ("application/json", "{"),
        ("text/plain", "message=x"),
        ("application/x-www-form-urlencoded", "message=x&message=y"),
    ] {
        assert_eq!(bench.send(raw(kind, body)).await.graph_error(), (400, 100, None), "{kind} {body}");
    }
    assert!(bench.sandbox.received().facebook_posts.is_empty());
    let later = json!({"message": "x", "published": false, "scheduled_publish_time": now + 3600});
    assert_eq!(bench.graph_post(&feed, &token, &later).await.status, 200);
    assert_eq!(bench.graph_get(&feed, &token).await.json()["data"], json!([]));
}

#[tokio::test]
async fn the_same_post_twice_in_a_row_is_a_duplicate() {
    let bench = Bench::new().await;
    let token = bench.page_token(&bench.user_token()).await;
    let feed = format!("/v26.0/{PAGE}/feed");
    let post = async |text: &str| bench.graph_post(&feed, &token, &json!({ "message": text })).await;
    assert_eq!(post("a").await.status, 200);
    assert_eq!(post("a").await.graph_error(), (400, 506, None));
    assert_eq!(post("b").await.status, 200);
    assert_eq!(post("a").await.status, 200);
    assert_eq!(bench.sandbox.received().facebook_posts.len(), 3);
}

#[tokio::test]
async fn a_subscription_is_checked() {
    let bench = Bench::new().await;
    let token = bench.page_token(&bench.user_token()).await;
    let path = format!("/v26.0/{PAGE}/subscribed_apps");
    for body in [
        json!({}),
        json!({"subscribed_fields": []}),
        json!({"subscribed_fields": ["nonsense"]}),
        json!({"subscribed_fields": "feed", "callback_url": "x"}),
    ] {
        assert_eq!(bench.graph_post(&path, &token, &body).await.graph_error(), (400, 100, None), "{body}");
    }
    assert!(bench.sandbox.received().subscriptions.is_empty());
}

#[tokio::test]
async fn events_need_a_user_token_with_an_ads_permission_and_a_known_dataset() {
    let bench = Bench::new().await;
    let user = bench.user_token();
    let page = bench.page_token(&user).await;
    let few = bench.sandbox.meta_user_token(&["email"]);
    let body = json!({"data": [{}]});
    let path = format!("/v26.0/{DATASET}/events");
    assert_eq!(bench.graph_post(&path, &page, &body).await.graph_error(), (403, 200, None));
    assert_eq!(bench.graph_post(&path, &few, &body).await.graph_error(), (403, 200, None));
    assert_eq!(
        bench.graph_post("/v26.0/1234/events", &user, &body).await.graph_error(),
        (400, 100, Some(33))
    );
}
