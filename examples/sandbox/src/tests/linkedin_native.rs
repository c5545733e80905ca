//! LinkedIn's login for native apps.

use http::Method;
use serde_json::json;

use super::{
    driver::{Bench, Reply},
    linkedin_client::{CLIENT, SECRET, call, oauth_error, userinfo},
};
use crate::{LinkedInApp, RedirectRule, SandboxConfig, request::encode_form};

const LOOPBACK: &str = "http://127.0.0.1:49152/callback";
// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

fn dialog_fields() -> Vec<(&'static str, &'static str)> {
    vec![
        ("response_type", "code"),
        ("client_id", CLIENT),
        ("redirect_uri", LOOPBACK),
        ("state", "s t"),
        ("scope", "openid profile"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("sandbox_decision", "allow"),
    ]
}

async fn decide(bench: &Bench, fields: &[(&str, &str)]) -> Reply {
    let base = bench.endpoints().linkedin_oauth;
    bench.get(&format!("{base}/oauth/native-pkce/authorization?{}", encode_form(fields))).await
}

fn exchange_fields<'a>(code: &'a str, proof: (&'a str, &'a str)) -> Vec<(&'a str, &'a str)> {
    vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("client_id", CLIENT),
        ("redirect_uri", LOOPBACK),
        proof,
    ]
}

#[tokio::test]
async fn a_native_app_logs_in_with_a_verifier_and_without_a_secret() {
    // Whatever the app has registered, a native app listens on any port of this machine.
    let redirects = RedirectRule::Listed(vec!["https://app.example/cb".to_owned()]);
    let bench = Bench::with(SandboxConfig { redirects, ..SandboxConfig::default() }).await;
    let mut shown = dialog_fields();
    shown.pop();
    let page = decide(&bench, &shown).await;
    assert!(page.status == 200 && page.text.contains(CHALLENGE) && page.text.contains("id=\"allow\""));
    let back = decide(&bench, &dialog_fields()).await;
    assert_eq!(back.redirected("state").as_deref(), Some("s t"));
    let code = back.redirected("code").unwrap();
    let answer = call(&bench, "accessToken", &exchange_fields(&code, ("code_verifier", VERIFIER))).await;
    let tokens = answer.json();
    assert_eq!((&tokens["expires_in"], &tokens["scope"]), (&5_184_000.into(), &"openid,profile".into()));
    // Nobody could use a refresh token without the secret.
    assert!(tokens.get("refresh_token").is_none());
    assert_eq!(userinfo(&bench, tokens["access_token"].as_str().unwrap()).await.status, 200);
    let again = call(&bench, "accessToken", &exchange_fields(&code, ("code_verifier", VERIFIER))).await;
    assert_eq!(oauth_error(&again), (401, "invalid_request".to_owned()));
}

#[tokio::test]
async fn only_the_right_proof_redeems_a_native_code() {
    let bench = Bench::new().await;
    let code = decide(&bench, &dialog_fields()).await.redirected("code").unwrap();
    let (other, secret) = ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl", ("client_secret", SECRET));
    let mismatch = (400, "invalid_redirect_uri".to_owned());
    let unauthenticated = (401, "invalid_client".to_owned());
    let mut both = exchange_fields(&code, ("code_verifier", VERIFIER));
    both.push(secret);
    let cases = [
        (exchange_fields(&code, ("code_verifier", other)), &mismatch),
        (exchange_fields(&code, ("code_verifier", "")), &mismatch),
        // The secret instead of the verifier, and both: this is not the app the code was made for.
        (exchange_fields(&code, secret), &mismatch),
        (both, &unauthenticated),
    ];
    for (fields, expected) in cases {
        assert_eq!(oauth_error(&call(&bench, "accessToken", &fields).await), *expected, "{fields:?}");
    }
    let mut wrong_client = exchange_fields(&code, ("code_verifier", VERIFIER));
    wrong_client[2].1 = "other";
    let refused = oauth_error(&call(&bench, "accessToken", &wrong_client).await);
    assert_eq!(refused, (401, "invalid_client_id".to_owned()));
    let mut elsewhere = exchange_fields(&code, ("code_verifier", VERIFIER));
    elsewhere[3].1 = "http://127.0.0.1:49153/callback";
    assert_eq!(oauth_error(&call(&bench, "accessToken", &elsewhere).await), mismatch);
    let unknown = exchange_fields("AQnonsense", ("code_verifier", VERIFIER));
    assert_eq!(
        oauth_error(&call(&bench, "accessToken", &unknown).await),
        (401, "invalid_request".to_owned())
    );

    bench.control(Method::POST, "/clock", &json!({"advance_seconds": 1801})).await;
    let late = call(&bench, "accessToken", &exchange_fields(&code, ("code_verifier", VERIFIER))).await;
    assert_eq!(oauth_error(&late), mismatch);
}

#[tokio::test]
async fn a_native_request_needs_a_hashed_challenge_and_an_address_in_figures() {
    let bench = Bench::new().await;
    let replaced = |name: &'static str, value: Option<&'static str>| {
        let mut fields = dialog_fields();
        fields.retain(|(known, _)| *known != name);
        fields.extend(value.map(|value| (name, value)));
        fields
    };
    for (name, value) in [
        ("code_challenge", None),
        ("code_challenge", Some("short")),
        ("code_challenge_method", None),
        ("code_challenge_method", Some("plain")),
        ("scope", Some("")),
    ] {
        let back = decide(&bench, &replaced(name, value)).await;
        assert_eq!(back.redirected("error").as_deref(), Some("invalid_request"), "{name}={value:?}");
    }
    for redirect in ["http://localhost:49152/callback", "https://app.example/cb", "myapp://cb"] {
        let page = decide(&bench, &replaced("redirect_uri", Some(redirect))).await;
        assert!(page.status == 400 && !page.headers.contains_key("location"), "{redirect}");
    }
    for redirect in ["http://[::1]:5/", "https://127.0.0.1:5/"] {
        assert_eq!(decide(&bench, &replaced("redirect_uri", Some(redirect))).await.status, 302, "{redirect}");
    }

    let linkedin = LinkedInApp { native_pkce: false, ..LinkedInApp::default() };
    let plain = Bench::with(SandboxConfig { linkedin, ..SandboxConfig::default() }).await;
    let page = decide(&plain, &dialog_fields()).await;
    assert!(page.status == 400 && page.text.contains("not enabled"));
}
