//! How Facebook's tokens end, and what a Page's token hangs on.

use http::Method;
use serde_json::json;

use super::{
    driver::{ALL_META, Bench, GraphCode, PAGE, WEAK_PAGE},
    facebook_client::{CLIENT, SECRET, access_token, inspect, log_in, token_call},
};
use crate::request::encode_form;

const DEAD: GraphCode = (401, 190, Some(458));

async fn revoke(bench: &Bench, fields: &[(&str, &str)]) -> super::driver::Reply {
    bench.get(&format!("{}/v26.0/oauth/revoke?{}", bench.endpoints().graph, encode_form(fields))).await
}

#[tokio::test]
async fn taking_the_app_off_an_account_ends_every_token_made_until_then() {
    let bench = Bench::new().await;
    let short = log_in(&bench, &ALL_META.join(",")).await;
    let exchange = [
        ("grant_type", "fb_exchange_token"),
        ("client_id", CLIENT),
        ("client_secret", SECRET),
        ("fb_exchange_token", short.as_str()),
    ];
    let long = access_token(&token_call(&bench, &exchange).await);
    let page = bench.page_token(&long).await;
    let done = bench.send(bench.graph(Method::DELETE, "/v26.0/10160000000000001/permissions", &long)).await;
    assert_eq!(done.json(), json!({"success": true}));
    for token in [&short, &long, &page] {
        assert_eq!(bench.graph_get("/v26.0/me", token).await.graph_error(), DEAD);
        let data = inspect(&bench, token).await;
        assert_eq!((&data["is_valid"], &data["error"]["subcode"]), (&false.into(), &458.into()));
    }
    assert_eq!(token_call(&bench, &exchange).await.graph_error(), DEAD);
    // What was declined or granted before is forgotten: the next login begins anew.
    let again = log_in(&bench, "email").await;
    assert_eq!(inspect(&bench, &again).await["scopes"], json!(["email", "public_profile"]));
}

#[tokio::test]
async fn one_permission_can_be_given_back_in_both_spellings() {
    let bench = Bench::new().await;
    let token = log_in(&bench, "email,pages_show_list,pages_manage_posts").await;
    for path in ["/me/permissions/email", "/me/permissions?permission=pages_manage_posts"] {
        let done = bench.send(bench.graph(Method::DELETE, &format!("/v26.0{path}"), &token)).await;
        assert_eq!(done.json(), json!({"success": true}), "{path}");
    }
    let left = inspect(&bench, &token).await;
    assert_eq!(left["scopes"], json!(["pages_show_list", "public_profile"]));
    assert_eq!(
        left["granular_scopes"][0],
        json!({"scope": "pages_show_list", "target_ids": [PAGE, WEAK_PAGE]})
    );
    assert_eq!(left["granular_scopes"][1], json!({"scope": "public_profile"}));
    let unknown = bench.send(bench.graph(Method::DELETE, "/v26.0/me/permissions/ads_read", &token)).await;
    assert_eq!(unknown.graph_error(), (400, 100, None));
}

#[tokio::test]
async fn one_token_can_be_revoked_alone() {
    let bench = Bench::new().await;
    let (first, second) = (log_in(&bench, "email").await, log_in(&bench, "email").await);
    let app = format!("{CLIENT}|{SECRET}");
    let fields = [
        ("client_id", CLIENT),
        ("client_secret", SECRET),
        ("revoke_token", first.as_str()),
        ("access_token", app.as_str()),
    ];
    let cases: [(usize, &str, GraphCode); 5] = [
        (0, "1", (400, 101, None)),
        (1, "wrong", (400, 1, None)),
        (2, "", (400, 100, None)),
        (2, "EAAnonsense", (401, 190, None)),
        (3, "", (401, 190, None)),
    ];
    for (position, value, expected) in cases {
        let mut wrong = fields;
        wrong[position].1 = value;
        assert_eq!(revoke(&bench, &wrong).await.graph_error(), expected, "{position} {value}");
    }
    assert_eq!(revoke(&bench, &fields[..3]).await.graph_error(), (400, 104, None));
    assert_eq!(bench.graph_get("/v26.0/me", &first).await.status, 200);

    assert_eq!(revoke(&bench, &fields).await.json(), json!({"success": true}));
    assert_eq!(bench.graph_get("/v26.0/me", &first).await.graph_error(), (401, 190, Some(467)));
    assert_eq!(inspect(&bench, &first).await["error"]["subcode"], 467);
    assert_eq!(bench.graph_get("/v26.0/me", &second).await.status, 200);
}

#[tokio::test]
async fn a_page_gives_its_token_and_the_token_hangs_on_the_persons() {
    let bench = Bench::new().await;
    let short = log_in(&bench, "pages_show_list").await;
    let read = async |id: &str, by: &str| {
        bench.graph_get(&format!("/v26.0/{id}?fields=access_token"), by).await.json()
    };
    let page = read(PAGE, &short).await["access_token"].as_str().unwrap().to_owned();
    let data = inspect(&bench, &page).await;
    assert_eq!((&data["type"], &data["profile_id"]), (&"PAGE".into(), &PAGE.into()));
    // As long as the short token it comes from.
    assert_eq!(data["expires_at"], inspect(&bench, &short).await["expires_at"]);
    assert_eq!(read(WEAK_PAGE, &short).await, json!({"id": WEAK_PAGE}));

    let long = bench.sandbox.meta_user_token(&["pages_show_list"]);
    let lasting = read(PAGE, &long).await["access_token"].as_str().unwrap().to_owned();
    assert_eq!(inspect(&bench, &lasting).await["expires_at"], 0);
    // Without the permission the Page is not even visible.
    let blind = bench.graph(Method::DELETE, "/v26.0/me/permissions/pages_show_list", &long);
    assert_eq!(bench.send(blind).await.status, 200);
    let hidden = bench.graph_get(&format!("/v26.0/{PAGE}?fields=access_token"), &long).await;
    assert_eq!(hidden.graph_error(), (400, 100, Some(33)));
}
