//! The Facebook dialog, the token endpoint and `debug_token`.

use http::Method;

use super::{
    driver::{Bench, GraphCode},
    facebook_client::{CLIENT, SECRET, code_for, decide, dialog_fields, exchange_fields, token_call},
};
use crate::{SandboxConfig, request::encode_form};

#[tokio::test]
async fn the_dialog_shows_the_app_and_what_it_asks_for() {
    let bench = Bench::new().await;
    let query = encode_form(&dialog_fields("email,pages_show_list"));
    let page = bench.get(&format!("{}/v26.0/dialog/oauth?{query}", bench.endpoints().facebook)).await;
    assert_eq!(page.status, 200);
    for part in [
        "Sandbox Social",
        "Ada Sandbox",
        "value=\"email\"",
        "pages_show_list",
        "st/ate =&amp;",
        "id=\"continue\"",
    ] {
        assert!(page.text.contains(part), "{part} in {}", page.text);
    }
}

#[tokio::test]
async fn login_goes_from_code_to_long_lived_token() {
    let bench = Bench::new().await;
    let mut fields = dialog_fields("email,pages_show_list");
    fields.push(("decision", "continue"));
    let back = decide(&bench, &fields).await;
    assert_eq!(back.redirected("state").as_deref(), Some("st/ate =&"));
    assert_eq!(back.redirected("from").as_deref(), Some("test"));
    assert!(back.header("location").ends_with("#_=_"));
    let code = back.redirected("code").unwrap();

    let short = token_call(&bench, &exchange_fields(&code)).await.json();
    assert_eq!((&short["token_type"], &short["expires_in"]), (&"bearer".into(), &5400.into()));
    let short = short["access_token"].as_str().unwrap().to_owned();
    let exchange = [
        ("grant_type", "fb_exchange_token"),
        ("client_id", CLIENT),
        ("client_secret", SECRET),
        ("fb_exchange_token", short.as_str()),
    ];
    let long = token_call(&bench, &exchange).await.json();
    assert_eq!(long["expires_in"], 5_183_944);
    let long = long["access_token"].as_str().unwrap();
    assert_ne!(long, short);
    let me = bench.graph_get("/v26.0/me?fields=id,name,email", long).await.json();
    assert_eq!((&me["id"], &me["email"]), (&"10160000000000001".into(), &"ada@example.com".into()));
    assert!(bench.sandbox.received().violations.is_empty());
}

#[tokio::test]
async fn a_browser_can_untick_a_permission_and_is_asked_again_only_on_rerequest() {
    let bench = Bench::new().await;
    let scope = "email,pages_show_list";
    let mut fields = dialog_fields(scope);
    fields.extend([("chosen", "1"), ("grant", "pages_show_list"), ("decision", "continue")]);
    fields.retain(|(name, _)| *name != "response_type");
    fields.push(("response_type", "code,granted_scopes"));
    let back = decide(&bench, &fields).await;
    assert_eq!(back.redirected("granted_scopes").as_deref(), Some("pages_show_list,public_profile"));
    assert_eq!(back.redirected("denied_scopes").as_deref(), Some("email"));

    let dialog =
        format!("{}/v26.0/dialog/oauth?{}", bench.endpoints().facebook, encode_form(&dialog_fields(scope)));
    assert!(!bench.get(&dialog).await.text.contains("value=\"email\""));
    assert!(bench.get(&format!("{dialog}&auth_type=rerequest")).await.text.contains("value=\"email\""));

    let code = back.redirected("code").unwrap();
    let token = token_call(&bench, &exchange_fields(&code)).await.json();
    let token = token["access_token"].as_str().unwrap();
    let permissions = bench.graph_get("/v26.0/me/permissions", token).await.json();
    assert_eq!(
        permissions["data"],
        serde_json::json!([
            {"permission": "email", "status": "declined"},
            {"permission": "pages_show_list", "status": "granted"},
            {"permission": "public_profile", "status": "granted"},
        ])
    );
}

#[tokio::test]
async fn refusing_sends_the_person_back_with_the_reason() {
    let bench = Bench::new().await;
    let mut fields = dialog_fields("email");
    fields.push(("decision", "not_now"));
    let back = decide(&bench, &fields).await;
    for (name, value) in [("error", "access_denied"), ("error_reason", "user_denied"), ("state", "st/ate =&")]
    {
        assert_eq!(back.redirected(name).as_deref(), Some(value));
    }
    assert_eq!(back.redirected("code"), None);
}

#[tokio::test]
async fn a_browser_that_cannot_post_decides_in_the_query() {
    let bench = Bench::new().await;
    for (decision, name) in [("continue", "code"), ("not_now", "error")] {
        let mut fields = dialog_fields("email");
        fields.push(("sandbox_decision", decision));
        let url = format!("{}/v26.0/dialog/oauth?{}", bench.endpoints().facebook, encode_form(&fields));
        assert!(bench.get(&url).await.redirected(name).is_some(), "{decision}");
    }
    let mut fields = dialog_fields("email");
    fields.push(("sandbox_decision", "perhaps"));
    let url = format!("{}/v26.0/dialog/oauth?{}", bench.endpoints().facebook, encode_form(&fields));
    assert_eq!(bench.get(&url).await.status, 400);
}

#[tokio::test]
async fn a_wrong_dialog_request_is_a_page_and_never_a_redirect() {
    let bench = Bench::new().await;
    let cases: [(&str, &str, &str); 8] = [
        ("client_id", "1", "Invalid App ID"),
        ("client_id", "", "client_id"),
        ("redirect_uri", "https://evil.example/cb", "URL Blocked"),
        ("redirect_uri", "", "redirect_uri"),
        ("state", "", "state"),
        ("response_type", "token", "response_type"),
        ("scope", "email,manage_pages", "Invalid Scopes: manage_pages"),
        ("scope", "<script>", "&lt;script&gt;"),
    ];
    for (name, value, reason) in cases {
        let mut fields = dialog_fields("email");
        fields.retain(|(known, _)| *known != name);
        fields.extend([(name, value), ("decision", "continue")]);
        let page = decide(&bench, &fields).await;
        assert_eq!(page.status, 400, "{name}={value}");
        assert!(page.text.contains(reason), "{name}={value}: {}", page.text);
        assert!(!page.headers.contains_key("location"));
    }
}

#[tokio::test]
async fn the_token_endpoint_is_as_strict_as_metas() {
    let bench = Bench::new().await;
    let code = code_for(&bench, "email").await;
    let cases: [(&str, &str, GraphCode); 6] = [
        ("client_id", "1", (400, 101, None)),
        ("client_secret", "wrong", (400, 1, None)),
        ("redirect_uri", "http://127.0.0.1:9/callback", (400, 100, Some(36008))),
        ("redirect_uri", "", (400, 100, None)),
        ("code", "AQnonsense", (400, 100, None)),
        ("grant_type", "password", (400, 100, None)),
    ];
    for (name, value, expected) in cases {
        let mut fields = exchange_fields(&code);
        fields.retain(|(known, _)| *known != name);
        fields.push((name, value));
        assert_eq!(token_call(&bench, &fields).await.graph_error(), expected, "{name}={value}");
    }
    assert_eq!(token_call(&bench, &exchange_fields(&code)).await.status, 200);
    assert_eq!(token_call(&bench, &exchange_fields(&code)).await.graph_error(), (400, 100, Some(36009)));

    let late = code_for(&bench, "email").await;
    let clock = serde_json::json!({"advance_seconds": 601});
    bench.control(Method::POST, "/clock", &clock).await;
    assert_eq!(token_call(&bench, &exchange_fields(&late)).await.graph_error(), (400, 100, Some(36007)));
}

#[tokio::test]
async fn a_posted_exchange_works_and_an_expired_token_cannot_be_exchanged() {
    let bench = Bench::new().await;
    let code = code_for(&bench, "email").await;
    let url = format!("{}/v26.0/oauth/access_token", bench.endpoints().graph);
    let short = bench.send(bench.http.post(&url).form(&exchange_fields(&code))).await.json();
    let short = short["access_token"].as_str().unwrap().to_owned();
    bench.control(Method::POST, "/clock", &serde_json::json!({"advance_seconds": 5401})).await;
    let exchange = [
        ("grant_type", "fb_exchange_token"),
        ("client_id", CLIENT),
        ("client_secret", SECRET),
        ("fb_exchange_token", short.as_str()),
    ];
    let reply = bench.send(bench.http.post(&url).form(&exchange)).await;
    assert_eq!(reply.graph_error(), (401, 190, Some(463)));
}

#[tokio::test]
async fn debug_token_tells_what_a_token_is() {
    let bench = Bench::new().await;
    let app = format!("{CLIENT}|{SECRET}");
    let user = bench.user_token();
    let page = bench.page_token(&user).await;
    let inspect = async |token: &str, by: &str| {
        let url = format!(
            "{}/v26.0/debug_token?{}",
            bench.endpoints().graph,
            encode_form(&[("input_token", token)])
        );
        bench.send(bench.http.get(url).bearer_auth(by)).await.json()["data"].clone()
    };
    let of_user = inspect(&user, &app).await;
    assert_eq!(
        (&of_user["type"], &of_user["is_valid"], &of_user["app_id"]),
        (&"USER".into(), &true.into(), &CLIENT.into())
    );
    assert!(of_user["expires_at"].as_i64().unwrap() > 0);
    let of_page = inspect(&page, &app).await;
    assert_eq!((&of_page["type"], &of_page["expires_at"]), (&"PAGE".into(), &0.into()));
    assert_eq!(of_page["profile_id"], super::driver::PAGE);
    assert_eq!(inspect("EAAnonsense", &app).await["error"]["code"], 190);
    assert_eq!(inspect(&app, &app).await["type"], "APP");
    bench
        .control(Method::POST, "/tokens/expire", &serde_json::json!({"platform": "meta", "kind": "user"}))
        .await;
    let dead = inspect(&user, &app).await;
    assert_eq!((&dead["is_valid"], &dead["error"]["subcode"]), (&false.into(), &463.into()));

    let url = format!("{}/v26.0/debug_token?input_token=x", bench.endpoints().graph);
    assert_eq!(bench.get(&url).await.graph_error(), (400, 100, None));
    // The literal app token also travels as a parameter, as in Meta's examples: no violation.
    let url = format!("{url}&{}", encode_form(&[("access_token", &app)]));
    assert_eq!(bench.get(&url).await.status, 200);
    assert!(bench.sandbox.received().violations.is_empty());
}

#[tokio::test]
async fn client_credentials_give_an_app_token_that_works() {
    let bench = Bench::new().await;
    let fields = [("grant_type", "client_credentials"), ("client_id", CLIENT), ("client_secret", SECRET)];
    let body = token_call(&bench, &fields).await.json();
    let token = body["access_token"].as_str().unwrap();
    assert!(!token.contains(SECRET));
    let url = format!("{}/v26.0/debug_token?input_token=x", bench.endpoints().graph);
    assert_eq!(bench.send(bench.http.get(url).bearer_auth(token)).await.status, 200);
}

#[tokio::test]
async fn tokens_survive_a_restart_with_the_same_seed_only() {
    let first = Bench::new().await;
    let token = first.user_token();
    first.sandbox.shutdown().await;
    let again = Bench::new().await;
    assert_eq!(again.graph_get("/v26.0/me", &token).await.status, 200);
    let other = Bench::with(SandboxConfig { seed: "another".to_owned(), ..SandboxConfig::default() }).await;
    assert_eq!(other.graph_get("/v26.0/me", &token).await.graph_error(), (401, 190, None));
}
