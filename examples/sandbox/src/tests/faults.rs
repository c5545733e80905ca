//! Faults on demand.

use http::Method;
use serde_json::{Value, json};

use super::driver::{Bench, MEMBER, PAGE, text_post};

async fn inject(bench: &Bench, fault: Value) {
    let reply = bench.control(Method::POST, "/faults", &fault).await;
    assert_eq!(reply.status, 200, "{fault}: {}", reply.text);
}

#[tokio::test]
async fn each_platform_fails_in_its_own_words() {
    let bench = Bench::new().await;
    let user = bench.user_token();
    let member = bench.member_token();
    let graph = [
        ("throttle", "/v26.0/me", (403, 4, None)),
        ("throttle", "/v26.0/102030405060701", (400, 80_001, None)),
        ("server_error", "/v26.0/me", (500, 2, None)),
        ("expired_token", "/v26.0/me", (401, 190, Some(463))),
    ];
    for (kind, path, expected) in graph {
        inject(&bench, json!({"match": {"platform": "meta"}, "kind": kind})).await;
        let reply = bench.graph_get(path, &user).await;
        assert_eq!(reply.graph_error(), expected, "{kind}");
        let usage: Value = match expected.1 {
            4 => serde_json::from_str(reply.header("x-app-usage")).unwrap(),
            80_001 => {
                let usage: Value = serde_json::from_str(reply.header("x-business-use-case-usage")).unwrap();
                assert_eq!(usage[PAGE][0]["estimated_time_to_regain_access"], 1);
                usage[PAGE][0].clone()
            }
            _ => continue,
        };
        assert_eq!(usage["call_count"], 100);
    }
    let linkedin = [
        ("throttle", (429, "TOO_MANY_REQUESTS", Some(101))),
        ("server_error", (500, "INTERNAL_SERVER_ERROR", None)),
        ("expired_token", (401, "EXPIRED_ACCESS_TOKEN", Some(65602))),
    ];
    for (kind, (status, code, service)) in linkedin {
        inject(&bench, json!({"match": {"platform": "linkedin"}, "kind": kind})).await;
        let reply = bench.rest_get("/organizationAcls?q=roleAssignee", &member).await;
        assert_eq!(reply.linkedin_error(), (status, code.to_owned(), service), "{kind}");
    }
    inject(&bench, json!({"kind": "html_error"})).await;
    let html = bench.graph_get("/v26.0/me", &user).await;
    assert!(html.status == 502 && html.header("content-type").starts_with("text/html"));
    inject(&bench, json!({"kind": "malformed_json"})).await;
    let broken = bench.graph_get("/v26.0/me", &user).await;
    assert!(broken.status == 200 && serde_json::from_str::<Value>(&broken.text).is_err());
    assert_eq!(bench.graph_get("/v26.0/me", &user).await.status, 200);
}

#[tokio::test]
async fn a_fault_hits_what_it_matches_and_as_often_as_it_says() {
    let bench = Bench::new().await;
    let user = bench.user_token();
    let matching = json!({"platform": "meta", "path_contains": "/accounts", "method": "GET"});
    inject(&bench, json!({"match": matching, "kind": "server_error", "times": 2})).await;
    assert_eq!(bench.graph_get("/v26.0/me", &user).await.status, 200);
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(bench.graph_get("/v26.0/me/accounts", &user).await.status);
    }
    assert_eq!(statuses, [500, 500, 200]);
    inject(&bench, json!({"match": {"platform": "linkedin"}, "kind": "server_error"})).await;
    assert_eq!(bench.control(Method::DELETE, "/faults", &json!(null)).await.json()["removed"], 1);
    let list = bench.rest_get("/organizationAcls?q=roleAssignee", &bench.member_token()).await;
    assert_eq!(list.status, 200);
}

#[tokio::test]
async fn resets_break_the_connection_before_or_after_the_effect() {
    let bench = Bench::new().await;
    let page = bench.page_token(&bench.user_token()).await;
    let member = bench.member_token();
    let feed = format!("/v26.0/{PAGE}/feed");
    for (kind, effects) in [("reset", 0), ("reset_after_effect", 1)] {
        inject(&bench, json!({"match": {"method": "POST"}, "kind": kind, "times": 2})).await;
        let post = bench.graph(Method::POST, &feed, &page).json(&json!({"message": kind}));
        let error = post.send().await.unwrap_err();
        assert!(!error.is_connect() && !error.is_timeout(), "{error:?}");
        bench.rest(Method::POST, "/posts", &member).json(&text_post(MEMBER, kind)).send().await.unwrap_err();
        let received = bench.sandbox.received();
        assert_eq!(received.facebook_posts.len(), effects, "{kind}");
        assert_eq!(received.linkedin_posts.len(), effects, "{kind}");
        assert_eq!(received.calls.last().unwrap().status, 0);
    }
    // The platform tells a careful client that its post arrived.
    let again = bench.graph_post(&feed, &page, &json!({"message": "reset_after_effect"})).await;
    assert_eq!(again.graph_error().1, 506);
}

#[tokio::test]
async fn an_error_after_the_effect_leaves_the_post_there() {
    let bench = Bench::new().await;
    let page = bench.page_token(&bench.user_token()).await;
    inject(&bench, json!({"kind": "server_error", "after_effect": true})).await;
    let reply = bench.graph_post(&format!("/v26.0/{PAGE}/feed"), &page, &json!({"message": "a"})).await;
    assert_eq!(reply.graph_error().0, 500);
    assert_eq!(bench.sandbox.received().facebook_posts.len(), 1);
}

#[tokio::test]
async fn a_slow_answer_comes_late_and_is_right() {
    let bench = Bench::new().await;
    let user = bench.user_token();
    inject(&bench, json!({"kind": "slow", "ms": 300})).await;
    let before = crate::clock::wall_millis();
    assert_eq!(bench.graph_get("/v26.0/me", &user).await.status, 200);
    assert!(crate::clock::wall_millis() - before >= 300);
}
