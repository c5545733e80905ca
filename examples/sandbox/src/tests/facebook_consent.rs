//! What a person can say in the Facebook dialog, and what the app learns of it.

use http::Method;
use serde_json::json;

use super::{
    driver::{Bench, Reply},
    facebook_client::{
        CLIENT, access_token, code_for, dialog, dialog_fields, exchange_fields, inspect, log_in, token_call,
    },
};

const PAGES: &str = "pages_show_list,pages_read_engagement,pages_manage_posts";

/// Decides in the query, as a script does.
async fn decide_in_query(bench: &Bench, scope: &str, more: &[(&str, &str)]) -> Reply {
    let mut fields = dialog_fields(scope);
    fields.push(("sandbox_decision", "continue"));
    fields.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
    fields.extend(more);
    bench.get(&dialog(bench, &fields)).await
}

async fn statuses(bench: &Bench, token: &str) -> Vec<(String, String)> {
    let body = bench.graph_get("/v26.0/me/permissions", token).await.json();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (text(&row["permission"]), text(&row["status"])))
        .collect()
}

#[tokio::test]
async fn a_script_declines_by_name_and_is_asked_again_for_what_is_missing() {
    let bench = Bench::new().await;
    let lists = ("response_type", "code,granted_scopes");
    let decline = ("sandbox_decline", "pages_manage_posts pages_read_engagement");
    let back = decide_in_query(&bench, PAGES, &[lists, decline]).await;
    assert_eq!(back.redirected("granted_scopes").as_deref(), Some("pages_show_list,public_profile"));
    assert_eq!(back.redirected("denied_scopes").as_deref(), Some("pages_read_engagement,pages_manage_posts"));
    let code = back.redirected("code").unwrap();
    let short = access_token(&token_call(&bench, &exchange_fields(&code)).await);
    assert_eq!(inspect(&bench, &short).await["scopes"], json!(["pages_show_list", "public_profile"]));
    let seen = statuses(&bench, &short).await;
    assert!(seen.contains(&("pages_manage_posts".to_owned(), "declined".to_owned())), "{seen:?}");
    let filtered = bench.graph_get("/v26.0/me/permissions?status=declined", &short).await.json();
    assert_eq!(filtered["data"].as_array().unwrap().len(), 2);

    // Asking once more changes nothing, and says so, until it is asked for again in so many words.
    let same = decide_in_query(&bench, PAGES, &[lists]).await;
    assert_eq!(same.redirected("denied_scopes").as_deref(), Some("pages_read_engagement,pages_manage_posts"));
    let missing = "pages_read_engagement,pages_manage_posts";
    let again = decide_in_query(&bench, missing, &[lists, ("auth_type", "rerequest")]).await;
    assert_eq!(again.redirected("denied_scopes").as_deref(), Some(""));
    let code = again.redirected("code").unwrap();
    let token = access_token(&token_call(&bench, &exchange_fields(&code)).await);
    // The token has what was granted before, too.
    let all = json!(["pages_manage_posts", "pages_read_engagement", "pages_show_list", "public_profile"]);
    assert_eq!(inspect(&bench, &token).await["scopes"], all);
    assert!(statuses(&bench, &token).await.iter().all(|(_, status)| status == "granted"));
}

#[tokio::test]
async fn a_misspelled_decline_is_noticed() {
    let bench = Bench::new().await;
    for (name, reason) in [
        ("pages_manage_post", "not asked for"),
        ("email", "not asked for"),
        ("public_profile", "cannot be declined"),
    ] {
        let page = decide_in_query(&bench, PAGES, &[("sandbox_decline", name)]).await;
        assert_eq!(page.status, 400, "{name}");
        assert!(page.text.contains(reason), "{name}: {}", page.text);
    }
}

#[tokio::test]
async fn a_challenge_must_be_well_formed_and_met_whenever_it_is_sent() {
    let bench = Bench::new().await;
    // RFC 7636, appendix B.
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    for bad in [
        &[("code_challenge", "short"), ("code_challenge_method", "S256")][..],
        &[("code_challenge", challenge), ("code_challenge_method", "S512")],
        &[("code_challenge_method", "S256")],
    ] {
        assert_eq!(decide_in_query(&bench, "email", bad).await.status, 400, "{bad:?}");
    }
    let sent = [("code_challenge", challenge), ("code_challenge_method", "S256")];
    let code = decide_in_query(&bench, "email", &sent).await.redirected("code").unwrap();
    let mut exchange = exchange_fields(&code);
    exchange.push(("code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl"));
    assert_eq!(token_call(&bench, &exchange).await.graph_error(), (400, 100, None));
    exchange.pop();
    exchange.push(("code_verifier", verifier));
    assert_eq!(token_call(&bench, &exchange).await.status, 200);
    // Without a challenge a verifier does no harm.
    let code = code_for(&bench, "email").await;
    let mut exchange = exchange_fields(&code);
    exchange.push(("code_verifier", verifier));
    assert_eq!(token_call(&bench, &exchange).await.status, 200);
}

#[tokio::test]
async fn access_to_data_ends_after_ninety_days_and_comes_back_when_asked_for() {
    const DAY: i64 = 86_400;
    let bench = Bench::new().await;
    let begun = crate::clock::wall_millis() / 1000;
    let days_left = async |token: &str, now: i64| {
        let data = inspect(&bench, token).await;
        (data["data_access_expires_at"].as_i64().unwrap() - now + 60).div_euclid(DAY)
    };
    let token = log_in(&bench, "email").await;
    assert_eq!(days_left(&token, begun).await, 90);

    bench.control(Method::POST, "/clock", &json!({"advance_seconds": 91 * DAY})).await;
    let now = begun + 91 * DAY;
    // The login works all the same.
    let token = log_in(&bench, "email").await;
    assert_eq!(inspect(&bench, &token).await["is_valid"], true);
    assert_eq!(days_left(&token, now).await, -1);
    let back = decide_in_query(&bench, "email", &[("auth_type", "reauthorize")]).await;
    let code = back.redirected("code").unwrap();
    let token = access_token(&token_call(&bench, &exchange_fields(&code)).await);
    assert_eq!(days_left(&token, now).await, 90);
}

#[tokio::test]
async fn every_person_has_decisions_of_their_own() {
    let bench = Bench::new().await;
    let ada = log_in(&bench, PAGES).await;
    let bo = json!({"platform": "meta", "id": "10160000000000002"});
    assert_eq!(bench.control(Method::POST, "/person", &bo).await.status, 200);
    let page = bench.get(&dialog(&bench, &dialog_fields(PAGES))).await;
    assert!(page.text.contains("Bo Sandbox") && !page.text.contains("Ada Sandbox"));
    let back = decide_in_query(&bench, PAGES, &[("sandbox_decline", "pages_manage_posts")]).await;
    let code = back.redirected("code").unwrap();
    let bo = access_token(&token_call(&bench, &exchange_fields(&code)).await);

    for (token, id, manages) in [(&ada, "10160000000000001", true), (&bo, "10160000000000002", false)] {
        assert_eq!(bench.graph_get("/v26.0/me", token).await.json()["id"], id);
        let data = inspect(&bench, token).await;
        assert_eq!((&data["user_id"], &data["app_id"]), (&id.into(), &CLIENT.into()));
        let scopes = data["scopes"].as_array().unwrap();
        assert_eq!(scopes.contains(&"pages_manage_posts".into()), manages, "{id}");
        let pages = bench.graph_get("/v26.0/me/accounts?fields=id", token).await.json();
        assert_eq!(pages["data"].as_array().unwrap().len(), if manages { 2 } else { 0 });
    }
    // Nobody reads about somebody else, and one person's removal of the app is not another's.
    let other = bench.graph_get("/v26.0/10160000000000001/permissions", &bo).await;
    assert_eq!(other.graph_error(), (400, 100, Some(33)));
    bench.send(bench.graph(Method::DELETE, "/v26.0/me/permissions", &bo)).await;
    assert_eq!(bench.graph_get("/v26.0/me", &bo).await.graph_error(), (401, 190, Some(458)));
    assert_eq!(bench.graph_get("/v26.0/me", &ada).await.status, 200);
}
