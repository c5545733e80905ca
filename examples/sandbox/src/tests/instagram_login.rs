//! Instagram Login.

use http::Method;
use serde_json::{Value, json};

use super::driver::{Bench, GraphCode, REDIRECT, Reply};
use crate::{InstagramApp, SandboxConfig, request::encode_form};

const CLIENT: &str = "900100200300501";
const SECRET: &str = "sandbox-instagram-app-secret";
const SCOPE: &str = "instagram_business_basic,instagram_business_content_publish";
const DAY: i64 = 86_400;

fn dialog_fields(scope: &str) -> Vec<(&str, &str)> {
    vec![
        ("client_id", CLIENT),
        ("redirect_uri", REDIRECT),
        ("response_type", "code"),
        ("scope", scope),
        ("state", "s t"),
    ]
}

async fn decide(bench: &Bench, fields: &[(&str, &str)]) -> Reply {
    bench.get(&format!("{}/oauth/authorize?{}", bench.endpoints().instagram, encode_form(fields))).await
}

async fn allow(bench: &Bench, more: &[(&str, &str)]) -> String {
    let mut fields = dialog_fields(SCOPE);
    fields.push(("sandbox_decision", "allow"));
    fields.extend(more);
    decide(bench, &fields).await.redirected("code").unwrap()
}

fn exchange_fields(code: &str) -> Vec<(&str, &str)> {
    vec![
        ("client_id", CLIENT),
        ("client_secret", SECRET),
        ("grant_type", "authorization_code"),
        ("redirect_uri", REDIRECT),
        ("code", code),
    ]
}

async fn exchange(bench: &Bench, fields: &[(&str, &str)]) -> Reply {
    bench
        .send(bench.http.post(format!("{}/oauth/access_token", bench.endpoints().instagram_api)).form(fields))
        .await
}

async fn api(bench: &Bench, path: &str, fields: &[(&str, &str)]) -> Reply {
    bench.get(&format!("{}{path}?{}", bench.endpoints().instagram_api, encode_form(fields))).await
}

async fn long_lived(bench: &Bench, token: &str) -> Reply {
    let fields = [("grant_type", "ig_exchange_token"), ("client_secret", SECRET), ("access_token", token)];
    api(bench, "/access_token", &fields).await
}

async fn refresh(bench: &Bench, token: &str) -> Reply {
    api(bench, "/refresh_access_token", &[("grant_type", "ig_refresh_token"), ("access_token", token)]).await
}

async fn me(bench: &Bench, token: &str) -> Reply {
    let url = format!("{}/v26.0/me?fields=user_id,username", bench.endpoints().instagram_api);
    bench.send(bench.http.get(url).bearer_auth(token)).await
}

fn token_in(value: &Value) -> String {
    value["access_token"].as_str().unwrap_or_else(|| panic!("no token: {value}")).to_owned()
}

/// The message of a flat error, whose shape is checked.
fn flat_error(reply: &Reply) -> String {
    let body = reply.json();
    assert_eq!(reply.status, 400, "{}", reply.text);
    assert_eq!(
        (&body["error_type"], &body["code"]),
        (&"OAuthException".into(), &400.into()),
        "{}",
        reply.text
    );
    assert!(body.get("error").is_none());
    body["error_message"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn login_goes_from_code_to_long_lived_token_to_refreshed_token() {
    let bench = Bench::new().await;
    let page = decide(&bench, &dialog_fields(SCOPE)).await;
    assert!(page.status == 200 && page.text.contains("sandbox.bakery") && page.text.contains("id=\"allow\""));
    let mut fields = dialog_fields(SCOPE);
    fields.push(("sandbox_decision", "allow"));
    let back = decide(&bench, &fields).await;
    assert_eq!(back.redirected("state").as_deref(), Some("s t"));
    assert!(back.header("location").ends_with("#_"));
    let code = back.redirected("code").unwrap();

    let answer = exchange(&bench, &exchange_fields(&code)).await.json();
    let entry = &answer["data"][0];
    assert_eq!((&entry["user_id"], &entry["permissions"]), (&"17841400000000101".into(), &SCOPE.into()));
    assert!(answer.get("access_token").is_none() && entry.get("expires_in").is_none());
    let short = token_in(entry);
    assert!(short.starts_with("IG"));
    let long = long_lived(&bench, &short).await.json();
    assert_eq!((&long["token_type"], &long["expires_in"]), (&"bearer".into(), &5_183_944.into()));
    let long = token_in(&long);
    // The account that publishes has another id than the one of the token answer.
    let account =
        json!({"id": "17841400000000101", "user_id": "17841405822300201", "username": "sandbox.bakery"});
    assert_eq!(me(&bench, &long).await.json(), account);

    bench.control(Method::POST, "/clock", &json!({"advance_seconds": 50 * DAY})).await;
    let renewed = refresh(&bench, &long).await.json();
    assert_eq!(renewed["expires_in"], 5_183_944);
    bench.control(Method::POST, "/clock", &json!({"advance_seconds": 11 * DAY})).await;
    assert_eq!(me(&bench, &long).await.graph_error(), (401, 190, Some(463)));
    assert_eq!(refresh(&bench, &long).await.graph_error(), (401, 190, Some(463)));
    assert_eq!(me(&bench, &token_in(&renewed)).await.status, 200);
    assert!(bench.sandbox.received().violations.is_empty());
}

#[tokio::test]
async fn a_token_is_refreshed_from_its_second_day_on() {
    let bench = Bench::new().await;
    let code = allow(&bench, &[]).await;
    let short = token_in(&exchange(&bench, &exchange_fields(&code)).await.json()["data"][0]);
    assert_eq!(refresh(&bench, &short).await.graph_error(), (400, 100, None));
    let long = token_in(&long_lived(&bench, &short).await.json());
    bench.control(Method::POST, "/clock", &json!({"advance_seconds": DAY - 60})).await;
    let early = refresh(&bench, &long).await;
    assert_eq!(early.graph_error(), (400, 100, None));
    assert!(early.text.contains("24 hours"), "{}", early.text);
    bench.control(Method::POST, "/clock", &json!({"advance_seconds": 61})).await;
    let renewed = token_in(&refresh(&bench, &long).await.json());
    assert_ne!(renewed, long);
    // The new token counts from now.
    assert_eq!(refresh(&bench, &renewed).await.graph_error(), (400, 100, None));
    // Neither a long-lived nor a dead token is exchanged.
    assert_eq!(long_lived(&bench, &long).await.graph_error(), (400, 452, None));
    assert_eq!(long_lived(&bench, &short).await.graph_error(), (401, 190, Some(463)));
}

#[tokio::test]
async fn the_person_declines_one_permission_or_all() {
    let bench = Bench::new().await;
    let code = allow(&bench, &[("sandbox_decline", "instagram_business_content_publish")]).await;
    let answer = exchange(&bench, &exchange_fields(&code)).await.json();
    assert_eq!(answer["data"][0]["permissions"], "instagram_business_basic");

    let mut form = dialog_fields(SCOPE);
    form.extend([("chosen", "1"), ("decision", "allow")]);
    let url = format!("{}/oauth/authorize", bench.endpoints().instagram);
    let code = bench.send(bench.http.post(&url).form(&form)).await.redirected("code").unwrap();
    let answer = exchange(&bench, &exchange_fields(&code)).await.json();
    assert_eq!(answer["data"][0]["permissions"], "instagram_business_basic");

    let mut fields = dialog_fields(SCOPE);
    fields.push(("sandbox_decision", "cancel"));
    let back = decide(&bench, &fields).await;
    for (name, value) in [
        ("error", "access_denied"),
        ("error_reason", "user_denied"),
        ("error_description", "The user denied your request"),
        ("state", "s t"),
    ] {
        assert_eq!(back.redirected(name).as_deref(), Some(value));
    }
    assert_eq!(back.redirected("code"), None);
}

#[tokio::test]
async fn a_wrong_request_for_consent_is_a_page_and_never_a_redirect() {
    let bench = Bench::new().await;
    for (name, value, reason) in [
        // The id of the Meta app is the usual mistake.
        ("client_id", "900100200300400", "Invalid platform app"),
        ("redirect_uri", "https://evil.example/", "Invalid redirect_uri"),
        ("response_type", "token", "Invalid response_type"),
        ("scope", "", "instagram_business_basic is required"),
        ("scope", "instagram_business_content_publish", "instagram_business_basic is required"),
        // The other family of Instagram permissions.
        ("scope", "instagram_basic", "Invalid Scopes: instagram_basic"),
        ("sandbox_decline", "instagram_business_basic", "cannot be declined"),
    ] {
        let mut fields = dialog_fields(SCOPE);
        fields.retain(|(known, _)| *known != name);
        fields.extend([(name, value), ("sandbox_decision", "allow")]);
        let page = decide(&bench, &fields).await;
        assert!(page.status == 400 && page.text.contains(reason), "{name}={value}: {}", page.text);
        assert!(!page.headers.contains_key("location"));
    }
    allow(&bench, &[("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")]).await;
    assert_eq!(bench.sandbox.received().violations[0].rule, "pkce-where-there-is-none");
}

#[tokio::test]
async fn the_code_exchange_refuses_in_flat_words() {
    let bench = Bench::new().await;
    let code = allow(&bench, &[]).await;
    let cases = [
        ("client_id", "1", "Invalid platform app"),
        ("client_secret", "wrong", "Error validating client secret"),
        ("grant_type", "password", "Invalid grant_type"),
        ("redirect_uri", "http://127.0.0.1:9/callback", "redirect_uri is identical"),
        ("code", "AQnonsense", "Matching code was not found"),
        ("code", "", "code is required"),
    ];
    for (name, value, reason) in cases {
        let mut fields = exchange_fields(&code);
        fields.retain(|(known, _)| *known != name);
        fields.push((name, value));
        let message = flat_error(&exchange(&bench, &fields).await);
        assert!(message.contains(reason), "{name}={value}: {message}");
    }
    let url = format!("{}/oauth/access_token", bench.endpoints().instagram_api);
    let good = encode_form(&exchange_fields(&code));
    flat_error(&bench.get(&format!("{url}?{good}")).await);
    let body: Value = exchange_fields(&code).into_iter().map(|(k, v)| (k.to_owned(), json!(v))).collect();
    flat_error(&bench.send(bench.http.post(&url).json(&body)).await);

    // Documentation and curl send it as multipart.
    let part = |(name, value): (&str, &str)| {
        format!("--xx\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let body = exchange_fields(&code).into_iter().map(part).collect::<String>() + "--xx--\r\n";
    let request = bench.http.post(&url).header("content-type", "multipart/form-data; boundary=xx").body(body);
    assert_eq!(bench.send(request).await.status, 200);
    assert!(flat_error(&exchange(&bench, &exchange_fields(&code)).await).contains("already used"));

    let late = allow(&bench, &[]).await;
    bench.control(Method::POST, "/clock", &json!({"advance_seconds": 3601})).await;
    assert!(flat_error(&exchange(&bench, &exchange_fields(&late)).await).contains("expired"));
}

#[tokio::test]
async fn the_token_endpoints_are_strict() {
    let bench = Bench::new().await;
    let code = allow(&bench, &[]).await;
    let short = token_in(&exchange(&bench, &exchange_fields(&code)).await.json()["data"][0]);
    let exchange = [("grant_type", "ig_exchange_token"), ("client_secret", SECRET), ("access_token", &short)];
    let cases: [(usize, &str, GraphCode); 4] = [
        (0, "fb_exchange_token", (400, 100, None)),
        (1, "wrong", (400, 1, None)),
        (2, "", (400, 100, None)),
        (2, "IGAAnonsense", (401, 190, None)),
    ];
    for (position, value, expected) in cases {
        let mut wrong = exchange;
        wrong[position].1 = value;
        assert_eq!(api(&bench, "/access_token", &wrong).await.graph_error(), expected, "{position} {value}");
    }
    let url = format!("{}/access_token", bench.endpoints().instagram_api);
    assert_eq!(bench.send(bench.http.post(url).form(&exchange)).await.graph_error(), (400, 100, None));
    // A version before the path is tolerated.
    assert_eq!(api(&bench, "/v26.0/access_token", &exchange).await.status, 200);
    assert_eq!(api(&bench, "/v1.0/access_token", &exchange).await.graph_error(), (400, 2500, None));

    assert_eq!(me(&bench, &bench.user_token()).await.graph_error(), (401, 190, None));
    assert_eq!(bench.graph_get("/v26.0/me", &short).await.graph_error(), (401, 190, None));
    let unknown = api(&bench, "/v26.0/me", &[("fields", "id,email"), ("access_token", &short)]).await;
    assert_eq!(unknown.graph_error(), (400, 100, None));
    assert_eq!(bench.sandbox.received().violations.last().unwrap().rule, "token-in-query");
}

#[tokio::test]
async fn an_app_can_be_answered_in_the_flat_shape_seen_in_practice() {
    let instagram = InstagramApp { flat_answers: true, ..InstagramApp::default() };
    let bench = Bench::with(SandboxConfig { instagram, ..SandboxConfig::default() }).await;
    let code = allow(&bench, &[]).await;
    let answer = exchange(&bench, &exchange_fields(&code)).await;
    assert!(answer.text.contains("\"user_id\":17841400000000101"), "{}", answer.text);
    let permissions: Vec<&str> = SCOPE.split(',').collect();
    assert_eq!(answer.json()["permissions"], json!(permissions));
    assert_eq!(long_lived(&bench, &token_in(&answer.json())).await.status, 200);
}
