//! Logins: through the dialogs, and everything that must not become one.

use http::{Method, header};
use serde_json::Value;
use sociogram::oauth_core::TokenKind;

use super::driver::{Bench, PAGE, WEAK_PAGE, problem};
use crate::{Config, demo::Reply};

async fn connections(bench: &Bench) -> Vec<Value> {
    bench.json("/api/connections").await["connections"].as_array().unwrap().clone()
}

#[tokio::test]
async fn both_platforms_connect_and_no_token_is_ever_shown() {
    let bench = Bench::connected().await;
    let connections = connections(&bench).await;
    assert_eq!(connections.len(), 2);
    for connection in &connections {
        assert_eq!(connection["state"], "connected");
        assert_eq!(connection["name"], "Ada Sandbox");
        assert_eq!(connection["missing_scopes"].as_array().unwrap().len(), 0);
        assert_eq!((&connection["usable"], &connection["needs_login"]), (&true.into(), &false.into()));
        assert!(connection["ends"][0]["at"].is_string());
    }
    let mut shown = vec![
        bench.get("/").await.text,
        bench.get("/api/connections").await.text,
        bench.get("/api/events").await.text,
    ];
    for connection in &connections {
        let id = connection["id"].as_str().unwrap();
        shown.push(bench.get(&format!("/api/connections/{id}/accounts")).await.text);
    }
    let app = bench.server.app();
    let all = app.all_connections().await.unwrap();
    assert_eq!(all.iter().filter(|connection| connection.token.kind == TokenKind::MetaPage).count(), 1);
    for connection in all {
        let token = app.vault.resolve(app.tenant(), connection.id).await.unwrap().token;
        assert!(shown.iter().all(|text| !text.contains(token.expose())));
    }
    assert!(shown[0].contains("Ada Sandbox") && shown[0].contains("color-scheme:light dark"));
    assert_eq!(bench.received().violations, []);
}

#[tokio::test]
async fn pages_are_subscribed_once_and_weak_ones_say_why_they_are_blocked() {
    let bench = Bench::connected().await;
    let id = bench.connection("facebook").await;
    let listing = bench.json(&format!("/api/connections/{id}/accounts")).await;
    let accounts = listing["accounts"].as_array().unwrap();
    let page = accounts.iter().find(|account| account["id"] == PAGE).unwrap();
    assert_eq!((page["can_publish"].as_bool(), page["kind"].as_str()), (Some(true), Some("page")));
    assert_eq!(page["webhooks"], serde_json::json!(["feed", "leadgen", "messages", "message_echoes"]));
    let weak = accounts.iter().find(|account| account["id"] == WEAK_PAGE).unwrap();
    assert_eq!(weak["can_publish"], false);
    assert!(weak["blocked"]["reason"].as_str().unwrap().contains("CREATE_CONTENT"));
    assert!(!weak["blocked"]["action"].as_str().unwrap().is_empty());

    let received = bench.received();
    let subscribed = received.calls.iter().filter(|call| call.path.ends_with("/subscribed_apps"));
    assert_eq!(subscribed.count(), 1, "listing again does not subscribe again");
    assert_eq!(received.subscriptions.len(), 1);
    assert_eq!(received.subscriptions[0].fields, ["feed", "leadgen", "message_echoes", "messages"]);
}

#[tokio::test]
async fn connecting_again_keeps_the_connection() {
    let mut bench = Bench::connected().await;
    let before = bench.connection("facebook").await;
    bench.browser.log_in("facebook", "continue").await.unwrap();
    assert_eq!(bench.connection("facebook").await, before);
    assert_eq!(connections(&bench).await.len(), 2);
}

#[tokio::test]
async fn a_callback_works_once() {
    let mut bench = Bench::new().await;
    let callback = bench.browser.go_through_dialog("linkedin", "allow").await.unwrap();
    let cookie = bench.browser.cookie_header();
    let visit = || bench.browser.client.get(&callback).header(header::COOKIE, &cookie);
    let first = bench.send(visit()).await;
    assert_eq!((first.status, first.header(header::LOCATION)), (303, Some("/")));
    assert_eq!(first.header(header::REFERRER_POLICY), Some("no-referrer"));
    assert_eq!(first.header(header::CACHE_CONTROL), Some("no-store"));
    assert!(first.header(header::SET_COOKIE).unwrap().contains("Max-Age=0"));

    let exchanges = |bench: &Bench| {
        bench.received().calls.iter().filter(|call| call.path.ends_with("/accessToken")).count()
    };
    assert_eq!(exchanges(&bench), 1);
    let second = bench.send(visit()).await;
    problem(&second, 400);
    assert!(second.header(header::SET_COOKIE).unwrap().contains("Max-Age=0"));
    assert_eq!((exchanges(&bench), connections(&bench).await.len()), (1, 1));
}

#[tokio::test]
async fn a_callback_in_another_browser_is_refused() {
    let mut bench = Bench::new().await;
    let callback = bench.browser.go_through_dialog("facebook", "continue").await.unwrap();
    problem(&bench.send(bench.browser.client.get(&callback)).await, 400);
    // Somebody else's login in that browser does not help either.
    let mut other = crate::demo::Browser::new(&bench.server.url()).unwrap();
    other.go_through_dialog("facebook", "continue").await.unwrap();
    problem(&other.open(&callback).await.unwrap(), 400);
    assert_eq!(connections(&bench).await.len(), 0);
}

#[tokio::test]
async fn a_callback_at_the_other_provider_is_refused() {
    let mut bench = Bench::new().await;
    let facebook = bench.browser.go_through_dialog("facebook", "continue").await.unwrap();
    let linkedin = bench.browser.go_through_dialog("linkedin", "allow").await.unwrap();
    let crossed = facebook.replace("/callback/facebook", "/callback/linkedin");
    // Even with the right secret under the other provider's cookie name.
    let cookie = bench.browser.cookie_header();
    let value = cookie.split("; ").find(|pair| pair.contains("facebook")).unwrap().split_once('=').unwrap().1;
    let name = bench.server.app().linkedin.oauth.cookie().name().to_owned();
    let request = bench.browser.client.get(crossed).header(header::COOKIE, format!("{name}={value}"));
    problem(&bench.send(request).await, 400);
    assert_eq!(connections(&bench).await.len(), 0);
    let exchanged = bench.received().calls.iter().any(|call| call.path.contains("ccess"));
    assert!(!exchanged, "no code was sent anywhere");
    // The attempt used up the login it named; the other one stands.
    problem(&bench.browser.open(&facebook).await.unwrap(), 400);
    assert_eq!(bench.browser.open(&linkedin).await.unwrap().status, 303);
}

#[tokio::test]
async fn a_denial_is_told_as_problem_or_page() {
    let mut bench = Bench::new().await;
    for (provider, button) in [("facebook", "not_now"), ("linkedin", "cancel")] {
        let callback = bench.browser.go_through_dialog(provider, button).await.unwrap();
        let denied = problem(&bench.browser.open(&callback).await.unwrap(), 403);
        assert_eq!(denied["detail"], "the person did not agree");

        let callback = bench.browser.go_through_dialog(provider, button).await.unwrap();
        let request = bench.browser.client.get(&callback).header(header::ACCEPT, "text/html,*/*;q=0.8");
        let page = bench.send(request.header(header::COOKIE, bench.browser.cookie_header())).await;
        assert_eq!((page.status, page.header(header::CONTENT_TYPE)), (403, Some("text/html; charset=utf-8")));
        assert!(page.text.contains("the person did not agree") && page.text.contains("What to do"));
        assert!(page.header("content-security-policy").unwrap().contains("default-src 'none'"));
    }
    assert_eq!(connections(&bench).await.len(), 0);
}

#[tokio::test]
async fn a_login_without_a_needed_permission_stores_nothing_and_asks_again_for_just_that() {
    let mut bench = Bench::new().await;
    let declined = ["pages_manage_posts", "leads_retrieval"];
    let callback = bench.browser.decide("/connect/facebook", "continue", &declined).await.unwrap();
    let request = bench.browser.client.get(&callback).header(header::ACCEPT, "text/html");
    let page = bench.send(request.header(header::COOKIE, bench.browser.cookie_header())).await;
    assert_eq!(page.status, 403);
    assert!(
        page.text.contains("leads_retrieval (optional) and pages_manage_posts were declined"),
        "{}",
        page.text
    );
    let again = "/connect/facebook?ask=pages_manage_posts";
    assert!(page.text.contains(&format!("href=\"{again}\">Ask again</a>")), "{}", page.text);
    assert_eq!(connections(&bench).await.len(), 0);

    let callback = bench.browser.decide(again, "continue", &[]).await.unwrap();
    assert_eq!(bench.browser.open(&callback).await.unwrap().status, 303);
    let connections = connections(&bench).await;
    assert_eq!(
        connections[0]["missing_scopes"],
        serde_json::json!(["leads_retrieval"]),
        "optional, so no obstacle"
    );
    assert_eq!(bench.received().violations, []);
}

#[tokio::test]
async fn only_what_the_server_needs_can_be_asked_for_again() {
    let bench = Bench::new().await;
    for ask in ["pages_utility_messaging", "email%20instagram_basic"] {
        let refused = problem(&bench.get(&format!("/connect/facebook?ask={ask}")).await, 400);
        assert!(refused["action"].as_str().unwrap().contains("pages_manage_posts"), "{refused}");
    }
    // LinkedIn's tokens hold what was asked for last, so a part alone would lose the rest.
    let reply = bench.get("/connect/linkedin?ask=w_organization_social").await;
    let location = reply.header(header::LOCATION).unwrap();
    assert!(location.contains("openid") && location.contains("w_organization_social"), "{location}");
}

#[tokio::test]
async fn a_login_that_breaks_on_the_way_stores_nothing() {
    let mut bench = Bench::new().await;
    for path in ["/oauth/access_token", "/debug_token", "/me"] {
        let callback = bench.browser.go_through_dialog("facebook", "continue").await.unwrap();
        bench.fault(path, "expired_token", 10).await;
        let reply = bench.browser.open(&callback).await.unwrap();
        assert!(reply.status >= 400, "{path}: {}", reply.text);
        problem(&reply, reply.status);
        bench.clear_faults().await;
    }
    assert_eq!(connections(&bench).await.len(), 0);
}

fn cookie_of(reply: &Reply) -> String {
    reply.header(header::SET_COOKIE).unwrap().to_owned()
}

#[tokio::test]
async fn the_cookie_is_secure_wherever_the_address_is() {
    let plain = Bench::new().await;
    let reply = plain.get("/connect/facebook").await;
    assert_eq!(reply.status, 303);
    assert!(cookie_of(&reply).starts_with("sociogram-facebook-dev="));
    assert!(cookie_of(&reply).contains("HttpOnly; SameSite=Lax"));

    let config = Config { public_url: Some("https://social.example.com".to_owned()), ..Config::sandboxed() };
    let public = Bench::with(config).await;
    let reply = public.get("/connect/linkedin").await;
    assert!(
        cookie_of(&reply).starts_with("__Host-sociogram-linkedin=") && cookie_of(&reply).contains("Secure")
    );
    let location = reply.header(header::LOCATION).unwrap();
    let redirect = "redirect_uri=https%3A%2F%2Fsocial.example.com%2Fcallback%2Flinkedin";
    assert!(location.contains(redirect), "{location}");
    let request = public.request(Method::GET, "/healthz").header(header::HOST, "social.example.com");
    assert_eq!(public.send(request).await.status, 200);
}

#[tokio::test]
async fn a_login_starts_under_the_name_it_will_end_under() {
    let bench = Bench::new().await;
    let named = format!("localhost:{}", bench.server.address().port());
    let reply = bench.send(bench.request(Method::GET, "/connect/facebook").header(header::HOST, named)).await;
    assert_eq!((reply.status, reply.header(header::SET_COOKIE)), (303, None));
    assert_eq!(reply.header(header::LOCATION), Some(bench.browser.at("/connect/facebook").as_str()));
}

#[tokio::test]
async fn disconnecting_deletes_the_secrets_of_the_account_and_its_pages() {
    let bench = Bench::connected().await;
    let id = bench.connection("facebook").await;
    let app = bench.server.app();
    let page = app.all_connections().await.unwrap();
    let page = page.into_iter().find(|connection| connection.token.kind == TokenKind::MetaPage).unwrap();
    let child = format!("/api/connections/{}", page.id);
    problem(&bench.send(bench.request(Method::DELETE, &child)).await, 404);

    let path = format!("/api/connections/{id}");
    for _ in 0..2 {
        assert_eq!(bench.send(bench.request(Method::DELETE, &path)).await.status, 204);
    }
    let state = |provider: &'static str| {
        let bench = &bench;
        async move {
            let all = connections(bench).await;
            all.into_iter().find(|connection| connection["provider"] == provider).unwrap()["state"].clone()
        }
    };
    assert_eq!(
        (state("facebook").await, state("linkedin").await),
        ("disconnected".into(), "connected".into())
    );
    for connection in app.all_connections().await.unwrap() {
        let usable = app.vault.resolve(app.tenant(), connection.id).await.is_ok();
        assert_eq!(usable, connection.account.provider.as_str() == "linkedin");
    }
    let calls = bench.received().calls.len();
    problem(&bench.get(&format!("{path}/accounts")).await, 409);
    let post = serde_json::json!({"connection": id, "account": PAGE, "text": "x"});
    problem(&bench.post(&post, None).await, 409);
    assert_eq!(bench.received().calls.len(), calls, "nothing was sent for it");
}
