//! WhatsApp Embedded Signup: a login in the page's script, with a code that lives thirty seconds.

use std::time::Duration;

use serde_json::{Value, json};
use sociogram::api_core::ErrorKind;
use sociogram::meta_graph::WhatsAppAccountId;
use sociogram::meta_graph::oauth::embedded_signup::{SignupMessage, SignupOutcome, confirm};
use sociogram::meta_graph::oauth::whatsapp_embedded_signup;
use sociogram::oauth_core::{
    CallbackParams, EmbeddedSignup, OAuthClient, OAuthError, Reason, Refresh, ScopeSet, StartRequest,
    TokenKind, VerifiedCode, scope,
};

use super::stage::{DAY, META_SIXTY_DAYS, Stage, actor, request};

const CONFIG: &str = "700100200300403";

/// The product's server. It has no redirect URI.
fn client(stage: &Stage) -> OAuthClient {
    let (app, secret) = stage.app();
    let provider = whatsapp_embedded_signup(CONFIG, &stage.graph(), app, secret);
    let app = &stage.sandbox.config().meta;
    stage.builder(stage.at_facebook(provider), &app.id, &app.secret).build().unwrap()
}

fn whatsapp() -> StartRequest {
    let scopes = [scope::WHATSAPP_BUSINESS_MANAGEMENT, scope::WHATSAPP_BUSINESS_MESSAGING];
    request(ScopeSet::from_static(&scopes))
}

/// What the page hands to its server: Meta's answer to `FB.login` and the message of its window.
async fn in_the_page(stage: &Stage, started: &EmbeddedSignup, decision: &str) -> (Value, SignupMessage) {
    let options: Value = serde_json::from_str(&started.options).unwrap();
    assert_eq!((&options["config_id"], options.get("scope")), (&json!(CONFIG), None));
    let answer = stage.control("script-login", &json!({"options": options, "decision": decision})).await;
    (answer["response"].clone(), SignupMessage::parse(&answer["message"].to_string()).unwrap())
}

/// A login whose code has just reached the server.
async fn signed_up(stage: &Stage, client: &OAuthClient) -> (VerifiedCode, SignupMessage) {
    let started = client.start_embedded(whatsapp()).await.unwrap();
    let (response, message) = in_the_page(stage, &started, "continue").await;
    let code = response["authResponse"]["code"].as_str().unwrap();
    let callback = CallbackParams::from_script(code, &started.state).unwrap();
    (client.complete(callback, &started.binder, &actor()).await.unwrap(), message)
}

fn in_one_line(error: &OAuthError) -> (Reason, Option<i64>, Option<i64>) {
    (error.reason(), error.code(), error.subcode())
}

#[tokio::test]
async fn a_signup_brings_a_business_token_for_the_account_that_the_browser_names() {
    let stage = Stage::new().await;
    let client = client(&stage);
    let (verified, message) = signed_up(&stage, &client).await;
    assert_eq!(message.outcome(), SignupOutcome::Finished);
    let business = &stage.sandbox.world().business;
    assert_eq!(message.phone_number_id.as_ref().unwrap().as_str(), business.phone_number);

    // 28 seconds are not too late.
    stage.pass(28).await;
    let login = client.log_in(verified).await.unwrap();
    let debug = "GET graph/v26.0/debug_token";
    let calls = ["POST graph/v26.0/oauth/access_token", debug, "GET graph/v26.0/me", debug];
    assert_eq!(stage.calls_since(0), calls);
    assert_eq!(login.tokens.kind(), TokenKind::WhatsAppBusiness);
    assert!(stage.ends_in(login.tokens.expiry(), META_SIXTY_DAYS));
    assert_eq!(login.identity.id, business.system_user);
    assert!(login.scopes.is_complete(), "{}", login.scopes);

    let facts = login.facts.unwrap();
    let claimed = message.waba_id.unwrap();
    assert_eq!(claimed.as_str(), business.whatsapp_account);
    confirm(&facts, &claimed).unwrap();
    let foreign: WhatsAppAccountId = "400500600700999".parse().unwrap();
    assert_eq!(confirm(&facts, &foreign).unwrap_err().kind(), ErrorKind::Rejected);

    // The business token is renewed like any token of a system user.
    stage.pass(40 * DAY).await;
    let renewed = client.refresh(&login.tokens).await.unwrap();
    assert_eq!(renewed.kind(), TokenKind::WhatsAppBusiness);
    assert!(stage.ends_in(renewed.expiry(), META_SIXTY_DAYS));

    client.revoke(&renewed).await.unwrap();
    let facts = client.inspect(&renewed).await.unwrap().unwrap();
    assert_eq!(confirm(&facts, &claimed).unwrap_err().kind(), ErrorKind::Reauthorize);
    stage.no_violations();
}

#[tokio::test]
async fn a_code_that_was_kept_for_thirty_seconds_is_not_sent() {
    let stage = Stage::new().await;
    let client = client(&stage);
    let (verified, _) = signed_up(&stage, &client).await;
    stage.clock.advance(Duration::from_secs(30));
    let error = client.log_in(verified).await.unwrap_err();
    assert_eq!(in_one_line(&error), (Reason::CodeTooOld, None, None));
    assert_eq!(error.kind(), ErrorKind::Reauthorize);
    assert_eq!(stage.calls_since(0), [""; 0]);
    stage.no_violations();
}

#[tokio::test]
async fn a_code_that_took_too_long_on_its_way_is_refused_and_sent_once() {
    let stage = Stage::new().await;
    let client = client(&stage);
    let (verified, _) = signed_up(&stage, &client).await;
    // The page was slow: by the server's clock the code has only just come.
    stage.pass_at_the_platforms(31).await;
    let error = client.log_in(verified).await.unwrap_err();
    assert_eq!(in_one_line(&error), (Reason::CodeRefused, Some(100), Some(36_007)), "{error}");
    assert_eq!(stage.calls_since(0), ["POST graph/v26.0/oauth/access_token"]);
    stage.no_violations();
}

#[tokio::test]
async fn a_code_works_once_and_for_its_own_login_only() {
    let stage = Stage::new().await;
    let client = client(&stage);
    let mine = client.start_embedded(whatsapp()).await.unwrap();
    let other = client.start_embedded(whatsapp()).await.unwrap();
    let (response, _) = in_the_page(&stage, &mine, "continue").await;
    let code = response["authResponse"]["code"].as_str().unwrap();

    // The state of one page with the cookie of another.
    let callback = CallbackParams::from_script(code, &mine.state).unwrap();
    let error = client.complete(callback, &other.binder, &actor()).await.unwrap_err();
    assert_eq!(error.reason(), Reason::OtherBrowser);
    let callback = CallbackParams::from_script(code, &mine.state).unwrap();
    let error = client.complete(callback, &mine.binder, &actor()).await.unwrap_err();
    assert_eq!(error.reason(), Reason::SessionUnknown, "the attempt used the login up");

    // A code that another page's script brought: the provider takes it once.
    for expected in [None, Some((Reason::CodeRefused, Some(100), Some(36_009)))] {
        let started = client.start_embedded(whatsapp()).await.unwrap();
        let callback = CallbackParams::from_script(code, &started.state).unwrap();
        let verified = client.complete(callback, &started.binder, &actor()).await.unwrap();
        let error = client.log_in(verified).await.err();
        assert_eq!(error.as_ref().map(in_one_line), expected);
    }
    stage.no_violations();
}

#[tokio::test]
async fn a_signup_that_is_given_up_brings_no_code() {
    let stage = Stage::new().await;
    let client = client(&stage);
    let started = client.start_embedded(whatsapp()).await.unwrap();
    let (response, message) = in_the_page(&stage, &started, "not_now").await;
    assert_eq!(response["authResponse"], Value::Null);
    assert_eq!(message.outcome(), SignupOutcome::Abandoned);
    assert_eq!(message.current_step.as_deref(), Some("BUSINESS_ACCOUNT_SELECTION"));
    let error = CallbackParams::from_script("", &started.state).unwrap_err();
    assert_eq!(error.reason(), Reason::CallbackWithoutOutcome);

    // Each product starts in its own way.
    assert_eq!(client.start(whatsapp()).await.unwrap_err().reason(), Reason::NotOffered);
    let redirecting = stage.facebook();
    assert_eq!(redirecting.start_embedded(whatsapp()).await.unwrap_err().reason(), Reason::NotOffered);
    assert_eq!(stage.calls_since(0), [""; 0]);
    stage.no_violations();
}
