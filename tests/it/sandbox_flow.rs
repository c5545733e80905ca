//! Whole flows against the sandbox, which plays both platforms strictly.

use std::sync::Arc;
use std::time::Duration;

use futures_util::TryStreamExt;
use serde_json::json;
use sociogram::api_core::http::{BaseUrl, ReqwestTransport, RetryPolicy, Timeouts, Transport};
use sociogram::api_core::{Clock, ErrorKind, SystemClock};
use sociogram::capi::{self, ConversionsClient, Outcome, PrepareOptions};
use sociogram::linkedin_api;
use sociogram::linkedin_api::organizations::ListOrganizationAcls;
use sociogram::linkedin_api::posts::CreatePost;
use sociogram::meta_graph::debug_token::DebugToken;
use sociogram::meta_graph::oauth::AppToken;
use sociogram::meta_graph::pages::{CreatePagePost, ListAccounts};
use sociogram::meta_graph::{self, AppId, AppSecret, DatasetId, PageId};
use sociogram::oauth_core::{
    Actor, BrowserBinder, CallbackParams, ClientSecret, DenialKind, MemorySessionStore, OAuthClient,
    Provider, RedirectUri, ScopeSet, StartRequest, StaticToken, TenantId, TokenSet, scope,
};
use sociogram_sandbox::{Sandbox, SandboxConfig};

const REDIRECT: &str = "http://127.0.0.1:9/callback";

async fn sandbox() -> Sandbox {
    Sandbox::start(SandboxConfig::default()).await.unwrap()
}

fn base(url: &str) -> BaseUrl {
    BaseUrl::parse(url).unwrap()
}

fn transport() -> Arc<dyn Transport> {
    Arc::new(ReqwestTransport::new().unwrap())
}

fn actor() -> Actor {
    Actor::new(TenantId::from_bytes([7; 16]), "ada")
}

fn oauth(provider: Provider, id: &str, secret: &str) -> OAuthClient {
    OAuthClient::builder(provider, id)
        .client_secret(ClientSecret::new(secret))
        .redirect_uri(RedirectUri::parse(REDIRECT).unwrap())
        .transport(transport())
        .sessions(Arc::new(MemorySessionStore::new()))
        .insecure_loopback_cookie()
        .build()
        .unwrap()
}

fn facebook(sandbox: &Sandbox) -> OAuthClient {
    let (endpoints, app) = (sandbox.endpoints(), &sandbox.config().meta);
    let graph = meta_graph::Client::builder().base_url(base(&endpoints.graph)).build().unwrap();
    let provider = meta_graph::oauth::facebook(&graph, app.id.parse().unwrap(), app.secret.as_str().into())
        .with_authorize_base(&base(&endpoints.facebook))
        .with_token_base(&base(&endpoints.graph));
    oauth(provider, &app.id, &app.secret)
}

fn linkedin(sandbox: &Sandbox) -> OAuthClient {
    let (endpoints, app) = (sandbox.endpoints(), &sandbox.config().linkedin);
    let api = linkedin_api::Client::builder().base_url(base(&endpoints.linkedin_api)).build().unwrap();
    let dialog = base(&endpoints.linkedin_oauth);
    let provider = linkedin_api::oauth::linkedin(&api).with_authorize_base(&dialog).with_token_base(&dialog);
    oauth(provider, &app.id, &app.secret)
}

/// What the browser brings back when the person decides.
async fn visit(url: &str, decision: &str) -> String {
    let browser =
        reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
    let answer = browser.get(format!("{url}&sandbox_decision={decision}")).send().await.unwrap();
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    assert!(location.starts_with(REDIRECT), "{location}");
    location.split_once('?').unwrap().1.to_owned()
}

async fn start(client: &OAuthClient, scopes: &[&'static str]) -> (String, BrowserBinder) {
    let started = client.start(StartRequest::new(actor(), ScopeSet::from_static(scopes))).await.unwrap();
    (started.url.to_string(), started.binder)
}

async fn login(client: &OAuthClient, scopes: &[&'static str], decision: &str) -> TokenSet {
    let (url, binder) = start(client, scopes).await;
    let callback = CallbackParams::parse(&visit(&url, decision).await).unwrap();
    let verified = client.complete(callback, &binder, &actor()).await.unwrap();
    client.exchange(verified).await.unwrap()
}

fn graph(sandbox: &Sandbox, tokens: &TokenSet) -> meta_graph::Client {
    meta_graph::Client::builder()
        .access_token(tokens.access().clone())
        .app_secret(sandbox.config().meta.secret.as_str())
        .base_url(base(&sandbox.endpoints().graph))
        .retry(RetryPolicy::new().backoff(Duration::from_millis(1), Duration::from_millis(5)))
        .timeouts(Timeouts::new(Duration::from_millis(800), Duration::from_secs(5)))
        .build()
        .unwrap()
}

const META_SCOPES: &[&str] =
    &[scope::PAGES_SHOW_LIST, scope::PAGES_READ_ENGAGEMENT, scope::PAGES_MANAGE_POSTS, scope::ADS_MANAGEMENT];

/// A client for the first Page, and the Page.
async fn page(sandbox: &Sandbox, client: &meta_graph::Client) -> (meta_graph::Client, PageId) {
    let accounts: Vec<_> = client.items(ListAccounts::new()).try_collect().await.unwrap();
    assert_eq!(accounts.len(), sandbox.world().pages.len());
    let account = accounts.into_iter().find(|account| account.access_token.is_some()).unwrap();
    let token = StaticToken::new(account.access_token.unwrap());
    (client.with_token(Arc::new(token)), account.id)
}

async fn fault(sandbox: &Sandbox, fault: serde_json::Value) {
    let url = format!("{}/_sandbox/faults", sandbox.url());
    let answer = reqwest::Client::new().post(url).json(&fault).send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
}

#[tokio::test]
async fn meta_from_login_to_post() {
    let sandbox = sandbox().await;
    let oauth = facebook(&sandbox);
    let short = login(&oauth, META_SCOPES, "continue").await;
    let long = oauth.exchange_long_lived(&short).await.unwrap();
    let now = SystemClock::new().now();
    let days = long.expiry().at().unwrap().saturating_duration_since(now).as_secs() / 86_400;
    assert!((58..=60).contains(&days), "{days}");

    let client = graph(&sandbox, &long);
    let (app, secret): (AppId, AppSecret) =
        (sandbox.config().meta.id.parse().unwrap(), sandbox.config().meta.secret.as_str().into());
    let as_app = client.with_token(Arc::new(AppToken::new(&app, &secret)));
    let info = as_app.send(DebugToken::new(long.access().clone())).await.unwrap();
    assert!(info.is_valid && info.app_id == Some(app));
    assert!(info.scopes.contains(scope::PAGES_MANAGE_POSTS));

    let (page_client, page) = page(&sandbox, &client).await;
    let created = page_client.send(CreatePagePost::new(page.clone()).message("Grüße ✨")).await.unwrap();
    let received = sandbox.received();
    assert_eq!(received.facebook_posts.len(), 1);
    assert_eq!(received.facebook_posts[0].id, created.id.as_str());
    assert_eq!(received.facebook_posts[0].message.as_deref(), Some("Grüße ✨"));

    let again = page_client.send(CreatePagePost::new(page).message("Grüße ✨")).await.unwrap_err();
    assert_eq!(again.kind(), ErrorKind::Conflict);
    assert!(sandbox.received().violations.is_empty(), "{:?}", sandbox.received().violations);
}

#[tokio::test]
async fn linkedin_from_login_to_post() {
    let sandbox = sandbox().await;
    let oauth = linkedin(&sandbox);
    let scopes = [scope::W_ORGANIZATION_SOCIAL, scope::RW_ORGANIZATION_ADMIN, scope::W_MEMBER_SOCIAL];
    let tokens = login(&oauth, &scopes, "allow").await;
    assert!(tokens.refresh().is_some());
    let client = linkedin_api::Client::builder()
        .access_token(tokens.access().clone())
        .base_url(base(&sandbox.endpoints().linkedin_api))
        .build()
        .unwrap();
    let acls: Vec<_> = client.items(ListOrganizationAcls::new()).try_collect().await.unwrap();
    assert_eq!(acls.len(), 2);
    let organization = acls.iter().find(|acl| acl.can_post()).unwrap().organization_urn().unwrap();
    let text = "Parentheses (and #these_) survive\nsecond line";
    let post = client.send(CreatePost::new(organization.clone(), text)).await.unwrap();
    let received = sandbox.received();
    assert_eq!(received.linkedin_posts[0].urn, post.urn.as_str());
    assert_eq!(received.linkedin_posts[0].visible_text, text, "nothing was cut off");
    assert!(!received.linkedin_posts[0].truncated);

    let error = client.send(CreatePost::new(organization, text)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert_eq!(error.existing_post().map(ToString::to_string), Some(post.urn.to_string()));
    let analyst = acls.iter().find(|acl| !acl.can_post()).unwrap().organization_urn().unwrap();
    let error = client.send(CreatePost::new(analyst, "no")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Permission);
    assert!(sandbox.received().violations.is_empty());
}

#[tokio::test]
async fn a_refusal_is_told_apart_from_a_fault() {
    let sandbox = sandbox().await;
    for (client, scope, decision) in [
        (facebook(&sandbox), scope::PAGES_SHOW_LIST, "not_now"),
        (linkedin(&sandbox), scope::W_MEMBER_SOCIAL, "cancel"),
    ] {
        let (url, binder) = start(&client, &[scope]).await;
        let callback = CallbackParams::parse(&visit(&url, decision).await).unwrap();
        let error = client.complete(callback, &binder, &actor()).await.unwrap_err();
        assert_eq!(error.denial().unwrap().kind(), DenialKind::Cancelled, "{error}");
    }
}

#[tokio::test]
async fn a_callback_works_once_and_for_its_own_person_only() {
    let sandbox = sandbox().await;
    let client = facebook(&sandbox);
    let (url, binder) = start(&client, META_SCOPES).await;
    let query = visit(&url, "continue").await;
    let callback = || CallbackParams::parse(&query).unwrap();
    let eve = Actor::new(TenantId::from_bytes([7; 16]), "eve");
    let error = client.complete(callback(), &binder, &eve).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    let error = client.complete(callback(), &binder, &actor()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected, "the login was used up");

    let (url, binder) = start(&client, META_SCOPES).await;
    let query = visit(&url, "continue").await;
    let verified = client.complete(CallbackParams::parse(&query).unwrap(), &binder, &actor()).await.unwrap();
    client.exchange(verified).await.unwrap();
    let error = client.complete(CallbackParams::parse(&query).unwrap(), &binder, &actor()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    let exchanges =
        sandbox.received().calls.iter().filter(|call| call.path.ends_with("/oauth/access_token")).count();
    assert_eq!(exchanges, 1);
}

#[tokio::test]
async fn a_post_is_there_once_whatever_breaks() {
    let sandbox = sandbox().await;
    let tokens = login(&facebook(&sandbox), META_SCOPES, "continue").await;
    let (client, page) = page(&sandbox, &graph(&sandbox, &tokens)).await;
    let feed = |kind: &str, after_effect: bool| {
        let ms = (kind == "slow").then_some(2000);
        let which = json!({"platform": "meta", "path_contains": "/feed", "method": "POST"});
        json!({"match": which, "kind": kind, "times": 1, "ms": ms, "after_effect": after_effect})
    };
    // The fault, and how many posts it leaves behind; in every case the caller only learns that it is in doubt.
    let faults =
        [("reset", true, 1), ("reset", false, 0), ("server_error", true, 1), ("server_error", false, 0)];
    for (index, (kind, after_effect, made)) in faults.into_iter().enumerate() {
        let before = sandbox.received().facebook_posts.len();
        fault(&sandbox, feed(kind, after_effect)).await;
        let post = CreatePagePost::new(page.clone()).message(format!("post {index}"));
        let error = client.send(post).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InDoubt, 1), "{kind}: {error}");
        assert_eq!(
            sandbox.received().facebook_posts.len() - before,
            made,
            "{kind}, after effect: {after_effect}"
        );
    }
    fault(&sandbox, feed("slow", false)).await;
    let late = CreatePagePost::new(page.clone()).message("too late");
    let error = client.send(late).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::InDoubt, 1), "no answer in time: {error}");
    let throttle = feed("throttle", false);
    fault(&sandbox, throttle).await;
    let error = client.send(CreatePagePost::new(page).message("throttled")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Throttled);
    assert!(error.retry_after().is_some());
}

#[tokio::test]
async fn one_bad_event_does_not_cost_the_batch() {
    let sandbox = sandbox().await;
    let tokens = login(&facebook(&sandbox), META_SCOPES, "continue").await;
    let client = graph(&sandbox, &tokens);
    let now = SystemClock::new().now();
    let event = |index: usize, age_days: i64| {
        json!({
            "event_name": "Lead", "event_time": now.as_unix_seconds() - age_days * 86_400 - 60, "event_id": format!("e{index}"),
            "action_source": "website", "event_source_url": "https://example.com/",
            "user_data": {"em": format!("person{index}@example.com"), "client_user_agent": "Mozilla/5.0"}
        })
    };
    // The checks here are told nothing of the time, so that the platform finds the two that are too old.
    let events: Vec<_> = (0..40)
        .map(|index| {
            capi::Event::from_json(&event(index, if index % 17 == 5 { 9 } else { 0 }).to_string()).unwrap()
        })
        .collect();
    let dataset: DatasetId = sandbox.world().datasets[0].parse().unwrap();
    let report =
        ConversionsClient::new(client, dataset).send(&events, &PrepareOptions::without_clock()).await;
    let rejected: Vec<usize> = report
        .outcomes
        .iter()
        .filter(|(_, outcome)| match outcome {
            Outcome::Rejected(why) => why.refusal().is_some_and(|told| told.subcode == Some(2_804_003)),
            _ => false,
        })
        .map(|(index, _)| *index)
        .collect();
    assert_eq!(rejected, [5, 22, 39]);
    let sent = report.outcomes.iter().filter(|(_, outcome)| matches!(outcome, Outcome::Sent { .. })).count();
    assert_eq!(sent, 37);
    assert_eq!(sandbox.received().events.len(), 37, "no event was counted twice");
}
