//! Facebook Login for Business and WhatsApp Embedded Signup.

use http::Method;
use serde_json::{Value, json};

use super::{
    driver::{Bench, PAGE, REDIRECT, Reply},
    facebook_client::{
        CLIENT, SECRET, access_token, decide, dialog, dialog_fields, exchange_fields, inspect, token_call,
    },
};
use crate::{LoginConfiguration, MetaApp, SandboxConfig};

const USER: &str = "700100200300401";
const SYSTEM_USER: &str = "700100200300402";
const WHATSAPP: &str = "700100200300403";
const SYSTEM_USER_ID: &str = "10160000000000091";

fn fields(config: &str) -> Vec<(&str, &str)> {
    let mut fields = dialog_fields("");
    fields.retain(|(name, _)| *name != "scope");
    fields.extend([("config_id", config), ("override_default_response_type", "true")]);
    fields
}

async fn continue_with(bench: &Bench, config: &str) -> String {
    let mut fields = fields(config);
    fields.push(("decision", "continue"));
    let code = decide(bench, &fields).await.redirected("code").unwrap();
    access_token(&token_call(bench, &exchange_fields(&code)).await)
}

async fn by_script(bench: &Bench, config: &str, decision: &str) -> Value {
    let options = json!({
        "config_id": config,
        "response_type": "code",
        "override_default_response_type": true,
        "extras": {"setup": {}, "featureType": "", "sessionInfoVersion": "3"},
    });
    let body = json!({"options": options, "decision": decision});
    let reply = bench.control(Method::POST, "/script-login", &body).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json()
}

async fn renew(bench: &Bench, token: &str, more: &[(&str, &str)]) -> Reply {
    let mut fields = vec![
        ("grant_type", "fb_exchange_token"),
        ("client_id", CLIENT),
        ("client_secret", SECRET),
        ("fb_exchange_token", token),
    ];
    fields.extend(more);
    token_call(bench, &fields).await
}

#[tokio::test]
async fn a_configuration_takes_the_place_of_scopes() {
    let bench = Bench::new().await;
    let page = bench.get(&dialog(&bench, &fields(USER))).await;
    assert!(page.text.contains("pages_manage_posts") && !page.text.contains("checkbox"), "{}", page.text);
    let token = continue_with(&bench, USER).await;
    let data = inspect(&bench, &token).await;
    assert_eq!((&data["type"], &data["user_id"]), (&"USER".into(), &"10160000000000001".into()));
    assert_eq!(data["scopes"].as_array().unwrap().len(), 5);
    // It is a person's token: short, and exchanged for a long one.
    assert!(data["issued_at"].is_null());
    assert_eq!(renew(&bench, &token, &[]).await.json()["expires_in"], 5_183_944);
    assert!(bench.sandbox.received().violations.is_empty());
}

#[tokio::test]
async fn a_configuration_is_granted_whole_or_not_at_all() {
    let bench = Bench::new().await;
    for config in [USER, SYSTEM_USER] {
        let mut query = fields(config);
        query.extend([("sandbox_decision", "continue"), ("sandbox_decline", "pages_manage_posts")]);
        let back = bench.get(&dialog(&bench, &query)).await;
        assert_eq!(back.redirected("error").as_deref(), Some("access_denied"), "{config}");
        assert_eq!(back.redirected("code"), None);
    }
    // Nothing was granted by it.
    let token = bench.sandbox.meta_user_token(&["public_profile"]);
    let permissions = bench.graph_get("/v26.0/me/permissions", &token).await.json();
    assert_eq!(permissions["data"], json!([{"permission": "public_profile", "status": "granted"}]));
}

#[tokio::test]
async fn a_system_user_configuration_gives_the_token_of_the_business() {
    let bench = Bench::new().await;
    let mut form = fields(SYSTEM_USER);
    form.push(("decision", "continue"));
    let code = decide(&bench, &form).await.redirected("code").unwrap();
    let answer = token_call(&bench, &exchange_fields(&code)).await;
    assert!(answer.json().get("expires_in").is_none(), "{}", answer.text);
    let token = access_token(&answer);

    let me = bench.graph_get("/v26.0/me?fields=id,name,client_business_id", &token).await.json();
    assert_eq!((&me["id"], &me["client_business_id"]), (&SYSTEM_USER_ID.into(), &"300400500600701".into()));
    let data = inspect(&bench, &token).await;
    assert_eq!((&data["type"], &data["user_id"]), (&"SYSTEM_USER".into(), &SYSTEM_USER_ID.into()));
    assert_eq!((&data["expires_at"], &data["data_access_expires_at"]), (&0.into(), &0.into()));
    assert!(data["issued_at"].as_i64().unwrap() > 0);
    let limits = data["granular_scopes"].as_array().unwrap();
    assert!(limits.contains(&json!({"scope": "business_management", "target_ids": ["300400500600701"]})));
    let page = bench.page_token(&token).await;
    let posted = bench
        .graph_post(&format!("/v26.0/{PAGE}/feed"), &page, &json!({"message": "from the business"}))
        .await;
    assert_eq!(posted.status, 200, "{}", posted.text);
    // Ten years later it is still good.
    bench.control(Method::POST, "/clock", &json!({"advance_seconds": 3650 * 86_400})).await;
    assert_eq!(bench.graph_get("/v26.0/me", &token).await.status, 200);
}

#[tokio::test]
async fn a_system_user_token_is_renewed_for_sixty_days_while_it_is_good() {
    const DAY: i64 = 86_400;
    let bench = Bench::new().await;
    let endless = continue_with(&bench, SYSTEM_USER).await;
    assert_eq!(renew(&bench, &endless, &[]).await.graph_error(), (400, 100, None));
    let sixty = ("set_token_expires_in_60_days", "true");
    let first = renew(&bench, &endless, &[sixty]).await;
    assert_eq!(first.json()["expires_in"], 5_183_944);
    let first = access_token(&first);
    bench.control(Method::POST, "/clock", &json!({"advance_seconds": 50 * DAY})).await;
    let second = access_token(&renew(&bench, &first, &[sixty]).await);
    // The old token keeps its own end, the new one has another sixty days.
    bench.control(Method::POST, "/clock", &json!({"advance_seconds": 9 * DAY})).await;
    for token in [&first, &second] {
        assert_eq!(bench.graph_get("/v26.0/me", token).await.status, 200);
    }
    bench.control(Method::POST, "/clock", &json!({"advance_seconds": 2 * DAY})).await;
    assert_eq!(bench.graph_get("/v26.0/me", &first).await.graph_error(), (401, 190, Some(463)));
    assert_eq!(renew(&bench, &first, &[sixty]).await.graph_error(), (401, 190, Some(463)));
    assert_eq!(inspect(&bench, &second).await["type"], "SYSTEM_USER");
}

#[tokio::test]
async fn a_configuration_is_asked_for_correctly_or_not_at_all() {
    let bench = Bench::new().await;
    for (config, dropped, reason) in [
        ("1", "", "Invalid config_id"),
        (SYSTEM_USER, "override_default_response_type", "override_default_response_type=true"),
        (SYSTEM_USER, "response_type", "response_type=code"),
        (WHATSAPP, "", "page&#39;s script"),
    ] {
        let mut form = fields(config);
        form.retain(|(name, _)| *name != dropped);
        form.push(("decision", "continue"));
        let page = decide(&bench, &form).await;
        assert_eq!(page.status, 400, "{config} without {dropped}");
        assert!(page.text.contains(reason), "{config} without {dropped}: {}", page.text);
    }
    let mut form = fields(USER);
    form.extend([("scope", "email"), ("decision", "continue")]);
    assert!(decide(&bench, &form).await.redirected("code").is_some());
    assert_eq!(bench.sandbox.received().violations[0].rule, "scope-with-config-id");

    let meta = MetaApp { configurations: Vec::new(), ..MetaApp::default() };
    let classic = Bench::with(SandboxConfig { meta, ..SandboxConfig::default() }).await;
    assert_eq!(decide(&classic, &form).await.status, 400);
}

#[tokio::test]
async fn embedded_signup_gives_a_code_that_is_exchanged_within_thirty_seconds_and_without_a_redirect() {
    let bench = Bench::new().await;
    let done = by_script(&bench, WHATSAPP, "continue").await;
    assert_eq!(
        (&done["message"]["type"], &done["message"]["event"]),
        (&"WA_EMBEDDED_SIGNUP".into(), &"FINISH".into())
    );
    let account = done["message"]["data"]["waba_id"].as_str().unwrap();
    let code = done["response"]["authResponse"]["code"].as_str().unwrap();
    let exchange = [("client_id", CLIENT), ("client_secret", SECRET), ("code", code)];
    let mut with_redirect = exchange.to_vec();
    with_redirect.push(("redirect_uri", REDIRECT));
    assert_eq!(token_call(&bench, &with_redirect).await.graph_error(), (400, 100, Some(36008)));
    bench.control(Method::POST, "/clock", &json!({"advance_seconds": 28})).await;
    let answer = token_call(&bench, &exchange).await;
    assert_eq!(answer.json()["expires_in"], 5_183_944);
    let data = inspect(&bench, &access_token(&answer)).await;
    assert_eq!((&data["type"], &data["user_id"]), (&"SYSTEM_USER".into(), &SYSTEM_USER_ID.into()));
    // What the browser says about the account can be checked here.
    let limits = data["granular_scopes"].as_array().unwrap();
    assert!(limits.contains(&json!({"scope": "whatsapp_business_management", "target_ids": [account]})));
    assert_eq!(token_call(&bench, &exchange).await.graph_error(), (400, 100, Some(36009)));

    let late = by_script(&bench, WHATSAPP, "continue").await;
    let code = late["response"]["authResponse"]["code"].as_str().unwrap();
    bench.control(Method::POST, "/clock", &json!({"advance_seconds": 31})).await;
    let exchange = [("client_id", CLIENT), ("client_secret", SECRET), ("code", code)];
    assert_eq!(token_call(&bench, &exchange).await.graph_error(), (400, 100, Some(36007)));
}

#[tokio::test]
async fn a_script_can_use_any_configuration_and_a_person_can_say_no() {
    let bench = Bench::new().await;
    let done = by_script(&bench, SYSTEM_USER, "continue").await;
    assert_eq!(done["message"], Value::Null);
    let code = done["response"]["authResponse"]["code"].as_str().unwrap();
    // This code lives as long as any other.
    bench.control(Method::POST, "/clock", &json!({"advance_seconds": 31})).await;
    let exchange = [("client_id", CLIENT), ("client_secret", SECRET), ("code", code)];
    assert_eq!(
        inspect(&bench, &access_token(&token_call(&bench, &exchange).await)).await["type"],
        "SYSTEM_USER"
    );

    let refused = by_script(&bench, WHATSAPP, "not_now").await;
    assert_eq!(refused["response"], json!({"authResponse": null, "status": "unknown"}));
    assert_eq!(refused["message"]["event"], "CANCEL");
}

#[tokio::test]
async fn options_that_would_not_bring_a_code_are_refused() {
    let bench = Bench::new().await;
    let good =
        json!({"config_id": WHATSAPP, "response_type": "code", "override_default_response_type": true});
    for (name, value) in [
        ("response_type", json!("token")),
        ("response_type", json!(null)),
        ("override_default_response_type", json!(false)),
        ("override_default_response_type", json!("true")),
        ("config_id", json!("1")),
        ("config_id", json!(null)),
        ("extras", json!("{}")),
    ] {
        let mut options = good.clone();
        options[name] = value;
        let body = json!({"options": options, "decision": "continue"});
        let reply = bench.control(Method::POST, "/script-login", &body).await;
        assert_eq!(reply.status, 400, "{options}: {}", reply.text);
    }
    let body = json!({"options": good, "decision": "continue"});
    assert_eq!(bench.control(Method::POST, "/script-login", &body).await.status, 200);
}

#[tokio::test]
async fn a_configuration_of_ones_own_can_end_after_sixty_days() {
    let configuration = LoginConfiguration {
        id: "42".to_owned(),
        permissions: vec!["ads_read".to_owned()],
        token: crate::ConfiguredToken::SystemUser,
        sixty_days: true,
    };
    let meta = MetaApp { configurations: vec![configuration], ..MetaApp::default() };
    let bench = Bench::with(SandboxConfig { meta, ..SandboxConfig::default() }).await;
    let token = continue_with(&bench, "42").await;
    let data = inspect(&bench, &token).await;
    assert_eq!(data["scopes"], json!(["ads_read"]));
    let life = data["expires_at"].as_i64().unwrap() - data["issued_at"].as_i64().unwrap();
    assert!((5_183_943..=5_183_945).contains(&life), "{life}");
}
