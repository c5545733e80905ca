//! What LinkedIn's REST API refuses, the body of a post aside.

use http::Method;
use serde_json::json;

use super::driver::{ANALYST_ORGANIZATION, Bench, MEMBER, ORGANIZATION, text_post};

fn error(status: u16, code: &str, service: Option<i64>) -> (u16, String, Option<i64>) {
    (status, code.to_owned(), service)
}

#[tokio::test]
async fn tokens_and_headers_are_checked() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let refresh_like = bench.user_token();
    let url = format!("{}/rest/organizationAcls?q=roleAssignee", bench.endpoints().linkedin_api);
    let call = |token: Option<&str>, version: Option<&str>, protocol: Option<&str>| {
        let mut request = bench.http.get(&url);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(version) = version {
            request = request.header("LinkedIn-Version", version);
        }
        if let Some(protocol) = protocol {
            request = request.header("X-Restli-Protocol-Version", protocol);
        }
        request
    };
    let good = Some("202609");
    let two = Some("2.0.0");
    let cases = [
        ("no token", call(None, good, two), error(401, "EMPTY_ACCESS_TOKEN", Some(65604))),
        ("garbage", call(Some("AQx"), good, two), error(401, "INVALID_ACCESS_TOKEN", Some(65600))),
        ("meta token", call(Some(&refresh_like), good, two), error(401, "INVALID_ACCESS_TOKEN", Some(65600))),
        ("no version", call(Some(&token), None, two), error(400, "VERSION_MISSING", None)),
        ("sunset", call(Some(&token), Some("202511"), two), error(426, "NONEXISTENT_VERSION", None)),
        ("future", call(Some(&token), Some("202701"), two), error(426, "NONEXISTENT_VERSION", None)),
        ("odd version", call(Some(&token), Some("202609.1"), two), error(426, "NONEXISTENT_VERSION", None)),
        ("no protocol", call(Some(&token), good, None), error(400, "ILLEGAL_ARGUMENT", None)),
        ("old protocol", call(Some(&token), good, Some("1.0.0")), error(400, "ILLEGAL_ARGUMENT", None)),
    ];
    for (name, request, expected) in cases {
        let reply = bench.send(request).await;
        assert_eq!(reply.linkedin_error(), expected, "{name}");
        assert!(!reply.header("x-li-uuid").is_empty());
    }
    let sunset = bench.send(call(Some(&token), Some("202511"), two)).await;
    assert_eq!(sunset.json()["message"], "Requested version 20251101 is not active");
    assert_eq!(bench.send(call(Some(&token), Some("202601.03"), two)).await.status, 200);
    bench.control(Method::POST, "/tokens/expire", &json!({"platform": "linkedin"})).await;
    let dead = bench.send(call(Some(&token), good, two)).await;
    assert_eq!(dead.linkedin_error(), error(401, "EXPIRED_ACCESS_TOKEN", Some(65602)));
}

#[tokio::test]
async fn paths_methods_and_encoding_are_checked() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let cases = [
        (Method::GET, "/nonsense", 404, "RESOURCE_NOT_FOUND"),
        (Method::PUT, "/posts", 405, "METHOD_NOT_ALLOWED"),
        (Method::PUT, "/posts/urn%3Ali%3Ashare%3A1", 405, "METHOD_NOT_ALLOWED"),
        (Method::GET, "/posts/urn%253Ali%253Ashare%253A1", 400, "ILLEGAL_ARGUMENT"),
        (
            Method::GET,
            "/posts?q=author&author=urn%253Ali%253Aorganization%253A5000001",
            400,
            "ILLEGAL_ARGUMENT",
        ),
        (Method::GET, "/posts?ids=List(urn%253Ali%253Ashare%253A1)", 400, "ILLEGAL_ARGUMENT"),
        (Method::GET, "/posts?ids=urn%3Ali%3Ashare%3A1", 400, "ILLEGAL_ARGUMENT"),
        (Method::GET, "/posts?ids=List()", 400, "ILLEGAL_ARGUMENT"),
        (Method::GET, "/posts/urn:li:share:1", 400, "ILLEGAL_ARGUMENT"),
        (Method::GET, "/posts/1", 400, "ILLEGAL_ARGUMENT"),
        (Method::GET, "/posts/urn%3Ali%3Ashare%3A1", 404, "NOT_FOUND"),
        (Method::DELETE, "/posts/urn%3Ali%3Ashare%3A1", 404, "NOT_FOUND"),
        (Method::GET, "/posts?q=author&author=urn:li:organization:5000001", 400, "ILLEGAL_ARGUMENT"),
        (Method::GET, "/posts?q=author", 400, "ILLEGAL_ARGUMENT"),
        (Method::GET, "/posts?q=dscAdAccount", 400, "ILLEGAL_ARGUMENT"),
        (Method::GET, "/organizationAcls?q=roleAssignee&q=roleAssignee", 400, "ILLEGAL_ARGUMENT"),
        (Method::GET, "/organizationAcls?q=roleAssignee&role=", 400, "ILLEGAL_ARGUMENT"),
        (Method::GET, "/organizationAcls?q=roleAssignee&role=List(A", 400, "ILLEGAL_ARGUMENT"),
        (Method::GET, "/organizationAcls?q=roleAssignee&count=0", 400, "ILLEGAL_ARGUMENT"),
        (Method::GET, "/organizationAcls?q=roleAssignee&count=101", 400, "ILLEGAL_ARGUMENT"),
        (Method::GET, "/organizationAcls?q=roleAssignee&start=-1", 400, "ILLEGAL_ARGUMENT"),
        (Method::GET, "/organizationAcls?q=roleAssignee&pageSize=5", 403, "ACCESS_DENIED"),
    ];
    for (method, path, status, code) in cases {
        let reply = bench.send(bench.rest(method.clone(), path, &token)).await;
        let (got_status, got_code, _) = reply.linkedin_error();
        assert_eq!((got_status, got_code.as_str()), (status, code), "{method} {path}");
    }
    let wrong_method = bench.rest(Method::GET, "/organizationAcls?q=roleAssignee", &token);
    let reply = bench.send(wrong_method.header("X-RestLi-Method", "GET_ALL")).await;
    assert_eq!(reply.linkedin_error().0, 400);
    let right_method = bench.rest(Method::GET, "/organizationAcls?q=roleAssignee", &token);
    assert_eq!(bench.send(right_method.header("X-RestLi-Method", "FINDER")).await.status, 200);
}

#[tokio::test]
async fn too_long_addresses_and_broken_tunnels_are_refused() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let long = format!("/organizationAcls?q=roleAssignee&role={}", "A".repeat(4100));
    assert_eq!(bench.rest_get(&long, &token).await.linkedin_error().0, 414);
    let tunnel = |method: Method, path: &str, over: &str, kind: &str, body: &'static str| {
        bench
            .rest(method, path, &token)
            .header("X-HTTP-Method-Override", over)
            .header("Content-Type", kind)
            .header("Content-Length", body.len().to_string())
            .body(body)
    };
    let form = "application/x-www-form-urlencoded";
    let acls = "/organizationAcls";
    let cases = [
        tunnel(Method::GET, acls, "GET", form, "q=roleAssignee"),
        tunnel(Method::POST, "/organizationAcls?q=roleAssignee", "GET", form, ""),
        tunnel(Method::POST, acls, "FETCH", form, "q=roleAssignee"),
        tunnel(Method::POST, acls, "GET", "application/json", "{}"),
        tunnel(Method::POST, "/posts", "POST", "multipart/mixed; boundary=B", "--B\r\n\r\nx\r\n--B--"),
    ];
    for (index, request) in cases.into_iter().enumerate() {
        let (status, code, _) = bench.send(request).await.linkedin_error();
        assert_eq!((status, code.as_str()), (400, "ILLEGAL_ARGUMENT"), "case {index}");
    }
}

#[tokio::test]
async fn scopes_and_roles_are_checked() {
    let bench = Bench::new().await;
    let member = bench.sandbox.linkedin_token(&["openid", "w_member_social"]);
    let organization = bench.sandbox.linkedin_token(&["w_organization_social"]);
    let all = bench.member_token();
    let denied = |reply: &super::driver::Reply| {
        assert_eq!(reply.linkedin_error(), error(403, "ACCESS_DENIED", Some(100)), "{}", reply.text);
    };
    let as_organization = bench.rest_post("/posts", &member, &text_post(ORGANIZATION, "x")).await;
    assert_eq!(as_organization.linkedin_error(), error(400, "", Some(0)));
    assert!(
        as_organization
            .text
            .contains("Organization permissions must be used when using organization as author")
    );
    denied(&bench.rest_post("/posts", &organization, &text_post(MEMBER, "x")).await);
    denied(&bench.rest_post("/posts", &all, &text_post("urn:li:person:somebody", "x")).await);
    denied(&bench.rest_post("/posts", &all, &text_post(ANALYST_ORGANIZATION, "x")).await);
    denied(&bench.rest_post("/posts", &all, &text_post("urn:li:organization:77", "x")).await);
    denied(&bench.rest_get("/organizationAcls?q=roleAssignee", &member).await);

    let made = bench.rest_post("/posts", &all, &text_post(ORGANIZATION, "x")).await;
    let path = format!("/posts/{}", made.header("x-restli-id").replace(':', "%3A"));
    denied(&bench.rest_get(&path, &member).await);
    denied(&bench.send(bench.rest(Method::DELETE, &path, &member)).await);
    let url = format!("{}/v2/userinfo", bench.endpoints().linkedin_api);
    let info = bench.send(bench.http.get(url).bearer_auth(&organization)).await;
    denied(&info);
    assert!(info.text.contains("userinfo.GET.NO_VERSION"));
}

#[tokio::test]
async fn the_same_text_again_is_a_duplicate_for_ten_minutes_even_when_deleted() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let post = async |author: &str| bench.rest_post("/posts", &token, &text_post(author, "same")).await;
    let first = post(ORGANIZATION).await;
    let urn = first.header("x-restli-id").to_owned();
    let path = format!("/posts/{}", urn.replace(':', "%3A"));
    bench.send(bench.rest(Method::DELETE, &path, &token)).await;
    let again = post(ORGANIZATION).await;
    assert_eq!(again.linkedin_error().0, 422);
    let body = again.json();
    assert_eq!(body["errorDetails"]["inputErrors"][0]["code"], "DUPLICATE_POST");
    assert_eq!(body["message"], format!("Content is a duplicate of {urn}"));
    assert_eq!(post(MEMBER).await.status, 201);
    bench.control(Method::POST, "/clock", &json!({"advance_seconds": 601})).await;
    assert_eq!(post(ORGANIZATION).await.status, 201);
}
