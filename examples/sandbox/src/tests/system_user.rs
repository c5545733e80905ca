//! Tokens that a business makes for its system user.

use http::Method;
use serde_json::{Value, json};

use super::{
    driver::{Bench, Reply},
    facebook_client::{CLIENT, access_token, decide, dialog_fields, exchange_fields, inspect, token_call},
};
use crate::SandboxConfig;

const SYSTEM_USER: &str = "/v26.0/10160000000000091/access_tokens";
const BUSINESS: &str = "/v26.0/300400500600701/system_user_access_tokens";

async fn post(bench: &Bench, path: &str, token: &str, fields: &[(&str, &str)]) -> Reply {
    bench.send(bench.graph(Method::POST, path, token).form(fields)).await
}

/// A token of the business, through its configuration.
async fn given(bench: &Bench) -> String {
    let mut fields = dialog_fields("");
    fields.retain(|(name, _)| *name != "scope");
    let config = [("config_id", "700100200300402"), ("override_default_response_type", "true")];
    fields.extend(config);
    fields.push(("decision", "continue"));
    let code = decide(bench, &fields).await.redirected("code").unwrap();
    access_token(&token_call(bench, &exchange_fields(&code)).await)
}

#[tokio::test]
async fn an_administrator_makes_tokens_and_ends_them_all() {
    let bench = Bench::new().await;
    let admin = bench.sandbox.meta_user_token(&["business_management"]);
    let wanted = [("business_app", CLIENT), ("scope", "ads_read,business_management")];
    let endless = access_token(&post(&bench, SYSTEM_USER, &admin, &wanted).await);
    let mut ending = wanted.to_vec();
    ending.push(("set_token_expires_in_60_days", "true"));
    let ending = access_token(&post(&bench, SYSTEM_USER, &admin, &ending).await);
    for (token, ends) in [(&endless, false), (&ending, true)] {
        let data = inspect(&bench, token).await;
        assert_eq!(data["type"], "SYSTEM_USER");
        assert_eq!(data["scopes"], json!(["ads_read", "business_management"]));
        assert_eq!(data["expires_at"].as_i64().unwrap() > 0, ends);
    }
    let done = bench.send(bench.graph(Method::DELETE, SYSTEM_USER, &admin)).await;
    assert_eq!(done.json(), json!({"success": true}));
    for token in [&endless, &ending] {
        assert_eq!(bench.graph_get("/v26.0/me", token).await.graph_error(), (401, 190, Some(467)));
    }
    assert_eq!(bench.graph_get("/v26.0/me", &admin).await.status, 200);
}

#[tokio::test]
async fn the_token_of_a_client_is_fetched_and_narrowed() {
    let bench = Bench::new().await;
    let admin = bench.sandbox.meta_user_token(&["business_management"]);
    let fetch = [("fetch_only", "true")];
    assert_eq!(post(&bench, BUSINESS, &admin, &fetch).await.graph_error(), (400, 100, None));
    let token = given(&bench).await;
    for asker in [&admin, &token] {
        assert_eq!(access_token(&post(&bench, BUSINESS, asker, &fetch).await), token);
    }
    let narrow = access_token(&post(&bench, BUSINESS, &token, &[("scope", "pages_show_list")]).await);
    assert_eq!(inspect(&bench, &narrow).await["scopes"], json!(["pages_show_list"]));
    let wide = post(&bench, BUSINESS, &token, &[("scope", "pages_show_list,ads_management")]).await;
    assert_eq!(wide.graph_error(), (403, 200, None));
}

#[tokio::test]
async fn only_the_business_may_and_only_with_a_proof() {
    let bench = Bench::new().await;
    let admin = bench.sandbox.meta_user_token(&["business_management"]);
    let other = json!({"platform": "meta", "id": "10160000000000002"});
    bench.control(Method::POST, "/person", &other).await;
    let stranger = bench.sandbox.meta_user_token(&["business_management"]);
    let good = vec![("business_app", CLIENT), ("scope", "ads_read")];
    let cases = [
        (&stranger, good.clone(), (403, 200)),
        (&admin, vec![("business_app", "1"), ("scope", "ads_read")], (400, 100)),
        (&admin, vec![("business_app", CLIENT)], (400, 100)),
        (&admin, vec![("business_app", CLIENT), ("scope", "instagram_business_basic")], (400, 100)),
        (&admin, [good.clone(), vec![("expires", "never")]].concat(), (400, 100)),
    ];
    for (token, fields, (status, code)) in cases {
        let refused = post(&bench, SYSTEM_USER, token, &fields).await;
        assert_eq!(refused.graph_error(), (status, code, None), "{fields:?}");
    }
    let blind =
        bench.graph(Method::DELETE, "/v26.0/10160000000000001/permissions/business_management", &admin);
    assert_eq!(bench.send(blind).await.status, 200);
    assert_eq!(post(&bench, SYSTEM_USER, &admin, &good).await.graph_error(), (403, 200, None));

    // Here the proof is needed even if the app does not demand it elsewhere.
    let relaxed = Bench::with(SandboxConfig { require_proof: false, ..SandboxConfig::default() }).await;
    let admin = relaxed.sandbox.meta_user_token(&["business_management"]);
    let url = format!("{}{SYSTEM_USER}", relaxed.endpoints().graph);
    let bare = relaxed.send(relaxed.http.post(url).bearer_auth(&admin).form(&good)).await;
    assert_eq!(bare.graph_error(), (400, 100, None));
    assert!(matches!(
        post(&relaxed, SYSTEM_USER, &admin, &good).await.json()["access_token"],
        Value::String(_)
    ));
}
