//! What a vault asks about a stored token: is it good, and what can be made of it.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use sociogram::api_core::Clock;
use sociogram::meta_graph::me::GetMe;
use sociogram::meta_graph::oauth::ThreadsHooks;
use sociogram::meta_graph::{self, GraphHost, pages::CreatePagePost};
use sociogram::oauth_core::{
    ClientSecret, Expiry, OAuthClient, Provider, ReauthReason, RedirectUri, Refresh, RefreshErrorKind,
    ScopeSet, StaticToken, TokenCheck, TokenKind, TokenSet, scope,
};

use super::stage::{DAY, META_SIXTY_DAYS, REDIRECT, Stage, base};

fn pages() -> ScopeSet {
    ScopeSet::from_static(&[scope::PAGES_SHOW_LIST, scope::PAGES_MANAGE_POSTS])
}

fn sign_in() -> ScopeSet {
    ScopeSet::from_static(&[scope::OPENID, scope::PROFILE])
}

async fn check(client: &OAuthClient, tokens: &TokenSet) -> TokenCheck {
    client.check(tokens).await.unwrap()
}

fn page_id(stage: &Stage, at: usize) -> String {
    stage.sandbox.world().pages[at].id.clone()
}

#[tokio::test]
async fn a_good_token_of_facebook_tells_all_that_is_known_of_it() {
    let stage = Stage::new().await;
    let client = stage.facebook();
    let login = stage.log_in(&client, pages()).await;
    let mark = stage.mark();
    let TokenCheck::Good(facts) = check(&client, &login.tokens).await else { panic!("it is good") };
    assert_eq!(stage.calls_since(mark), ["GET graph/v26.0/debug_token"]);
    assert_eq!(*facts, login.facts.unwrap());
    assert!(stage.ends_in(facts.expiry, META_SIXTY_DAYS));
    stage.no_violations();
}

#[tokio::test]
async fn facebook_says_why_a_token_is_dead_in_a_check_a_renewal_and_a_derivation() {
    use ReauthReason::{AppRemoved, GrantExpired, PasswordChanged};
    let cases: [(&str, Value, ReauthReason); 3] = [
        ("change-password", json!({"platform": "meta"}), PasswordChanged),
        ("remove-app", json!({"platform": "meta"}), AppRemoved),
        ("tokens/expire", json!({"platform": "meta"}), GrantExpired),
    ];
    for (what, body, reason) in cases {
        let stage = Stage::new().await;
        let client = stage.facebook();
        let tokens = stage.log_in(&client, pages()).await.tokens;
        let page = client.derive(&tokens, &page_id(&stage, 0)).await.unwrap();
        stage.control(what, &body).await;
        assert_eq!(check(&client, &tokens).await, TokenCheck::Dead(reason), "{what}");
        assert_eq!(check(&client, &page).await, TokenCheck::Dead(reason), "{what}");
        for error in [
            client.refresh(&tokens).await.unwrap_err(),
            client.derive(&tokens, &page_id(&stage, 0)).await.unwrap_err(),
        ] {
            assert_eq!((error.kind(), error.reauth_reason()), (RefreshErrorKind::Revoked, Some(reason)));
        }
        // The person logs in again, and all is well.
        let again = stage.log_in(&client, pages()).await.tokens;
        assert!(matches!(check(&client, &again).await, TokenCheck::Good(_)), "{what}");
        client.derive(&again, &page_id(&stage, 0)).await.unwrap();
        stage.no_violations();
    }
}

/// A client whose hooks wait by the stage's clock too.
fn patient_facebook(stage: &Stage) -> OAuthClient {
    let graph = meta_graph::Client::builder().timer(Arc::new(stage.clock.clone()));
    let graph = graph.base_url(base(&stage.sandbox.endpoints().graph)).build().unwrap();
    let (app, secret) = stage.app();
    stage.meta_client(meta_graph::oauth::facebook(&graph, app, secret))
}

#[tokio::test]
async fn a_platform_that_is_unwell_does_not_end_a_connection() {
    for (client, scopes, path) in [
        (patient_facebook as fn(&Stage) -> OAuthClient, pages(), "/debug_token"),
        (Stage::linkedin, sign_in(), "/introspectToken"),
    ] {
        let stage = Stage::new().await;
        let client = client(&stage);
        let tokens = stage.log_in(&client, scopes).await.tokens;
        for (kind, expected) in [
            ("html", RefreshErrorKind::Transient),
            ("malformed_json", RefreshErrorKind::Transient),
            ("server_error", RefreshErrorKind::Transient),
            ("html_error", RefreshErrorKind::Transient),
            ("reset", RefreshErrorKind::Transient),
            ("throttle", RefreshErrorKind::Throttled),
        ] {
            let fault = json!({"match": {"path_contains": path}, "kind": kind, "times": 9});
            stage.control("faults", &fault).await;
            let error = stage.let_time_run(client.check(&tokens)).await.unwrap_err();
            assert_eq!((error.kind(), error.reauth_reason()), (expected, None), "{path} {kind}: {error}");
            stage.no_more_faults().await;
        }
        // The pause after a throttle.
        stage.clock.advance(Duration::from_secs(300));
        assert!(matches!(check(&client, &tokens).await, TokenCheck::Good(_)), "{path}");
        stage.no_violations();
    }
}

#[tokio::test]
async fn an_app_with_a_wrong_secret_learns_nothing_and_blames_nobody() {
    let stage = Stage::new().await;
    let tokens = stage.log_in(&stage.facebook(), pages()).await.tokens;
    let (app, _) = stage.app();
    let hooks = meta_graph::oauth::facebook(&stage.graph(), app.clone(), "wrong".into());
    let client = stage.client(stage.at_facebook(hooks), app.as_str(), "wrong");
    for error in [client.check(&tokens).await.unwrap_err(), client.refresh(&tokens).await.unwrap_err()] {
        assert_eq!((error.kind(), error.reauth_reason()), (RefreshErrorKind::Misconfigured, None), "{error}");
    }

    let tokens = stage.log_in(&stage.linkedin(), sign_in()).await.tokens;
    let dialog = base(&stage.sandbox.endpoints().linkedin_oauth);
    let provider = sociogram::linkedin_api::oauth::linkedin(&stage.linkedin_api())
        .with_authorize_base(&dialog)
        .with_token_base(&dialog);
    let client = stage
        .public_builder(provider, &stage.sandbox.config().linkedin.id)
        .client_secret(ClientSecret::new("wrong"))
        .redirect_uri(RedirectUri::parse(REDIRECT).unwrap())
        .build()
        .unwrap();
    assert_eq!(check(&client, &tokens).await, TokenCheck::NotOffered);
    assert_eq!(client.refresh(&tokens).await.unwrap_err().kind(), RefreshErrorKind::Misconfigured);
    assert!(matches!(check(&stage.linkedin(), &tokens).await, TokenCheck::Good(_)));
    stage.no_violations();
}

#[tokio::test]
async fn linkedin_says_whether_a_token_was_revoked_or_has_ended() {
    let stage = Stage::new().await;
    let client = stage.linkedin();
    let tokens = stage.log_in(&client, sign_in()).await.tokens;
    let TokenCheck::Good(facts) = check(&client, &tokens).await else { panic!("it is good") };
    assert_eq!(facts.client_id.as_deref(), Some(client.client_id()));
    assert!(stage.ends_in(facts.expiry, 60 * DAY));

    stage.control("tokens/expire", &json!({"platform": "linkedin", "kind": "access"})).await;
    assert_eq!(check(&client, &tokens).await, TokenCheck::Dead(ReauthReason::GrantExpired));
    // The refresh token is good, and a check changes nothing about that.
    let tokens = client.refresh(&tokens).await.unwrap();
    assert!(matches!(check(&client, &tokens).await, TokenCheck::Good(_)));

    assert!(Refresh::revoke(&client, &tokens).await.unwrap());
    assert_eq!(check(&client, &tokens).await, TokenCheck::Dead(ReauthReason::GrantRevoked));
    let error = client.refresh(&tokens).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.reauth_reason()),
        (RefreshErrorKind::Revoked, Some(ReauthReason::TokenRejected))
    );
    assert!(Refresh::revoke(&client, &tokens).await.unwrap(), "a repeat changes nothing");

    let tokens = stage.log_in(&client, sign_in()).await.tokens;
    stage.control("remove-app", &json!({"platform": "linkedin"})).await;
    assert_eq!(check(&client, &tokens).await, TokenCheck::Dead(ReauthReason::GrantRevoked));
    stage.no_violations();
}

#[tokio::test]
async fn threads_answers_a_tester_and_instagram_nobody() {
    let stage = Stage::new().await;
    let (endpoints, app) = (stage.sandbox.endpoints(), &stage.sandbox.config().threads);
    let at = |provider: Provider| {
        let provider = provider
            .with_authorize_base(&base(&endpoints.threads))
            .with_token_base(&base(&endpoints.threads_api));
        stage.client(provider, &app.id, &app.secret)
    };
    let api = Stage::site(GraphHost::Threads, &endpoints.threads_api);
    let scopes = || ScopeSet::from_static(&[scope::THREADS_BASIC]);
    let plain = at(meta_graph::oauth::threads(&api));
    let tester = stage.log_in(&plain, scopes()).await.tokens;
    let mark = stage.mark();
    assert_eq!(check(&plain, &tester).await, TokenCheck::NotOffered);
    assert_eq!(stage.mark(), mark);

    let hooks = ThreadsHooks::new(&api).inspecting_with(Arc::new(StaticToken::new(tester.access().clone())));
    let asking = at(Provider::threads(Arc::new(hooks)));
    stage.sign_in("threads", &stage.sandbox.world().threads[1].id).await;
    let tokens = stage.log_in(&asking, scopes()).await.tokens;
    assert!(matches!(check(&asking, &tokens).await, TokenCheck::Good(_)));
    stage.control("change-password", &json!({"platform": "threads"})).await;
    assert_eq!(check(&asking, &tokens).await, TokenCheck::Dead(ReauthReason::PasswordChanged));
    stage.clock.advance(Duration::from_secs(2 * DAY));
    let error = asking.refresh(&tokens).await.unwrap_err();
    assert_eq!(error.reauth_reason(), Some(ReauthReason::PasswordChanged));

    let (app, site) = (&stage.sandbox.config().instagram, &endpoints.instagram_api);
    let api = Stage::site(GraphHost::Instagram, site);
    let instagram = stage.client(meta_graph::oauth::instagram(&api), &app.id, &app.secret);
    let stored = TokenSet::new("IGAA".into(), TokenKind::InstagramUser);
    let mark = stage.mark();
    assert_eq!(check(&instagram, &stored).await, TokenCheck::NotOffered);
    assert_eq!(stage.mark(), mark);
    stage.no_violations();
}

#[tokio::test]
async fn a_page_token_is_derived_and_acts_for_the_page() {
    let stage = Stage::new().await;
    let client = stage.facebook();
    let posting = [scope::PAGES_SHOW_LIST, scope::PAGES_READ_ENGAGEMENT, scope::PAGES_MANAGE_POSTS];
    let parent = stage.log_in(&client, ScopeSet::from_static(&posting)).await.tokens;
    let mark = stage.mark();
    let page = client.derive(&parent, &page_id(&stage, 0)).await.unwrap();
    assert_eq!(stage.calls_since(mark), [format!("GET graph/v26.0/{}", page_id(&stage, 0))]);
    assert_eq!((page.kind(), page.expiry()), (TokenKind::MetaPage, Expiry::Never));
    assert_eq!((page.scopes(), page.issued_at().is_some()), (parent.scopes(), true));

    // Meta says the same of its end, and that it is the Page's.
    let TokenCheck::Good(facts) = check(&client, &page).await else { panic!("it is good") };
    assert_eq!((facts.expiry, facts.subject), (page.expiry(), Some(page_id(&stage, 0))));
    let acting = stage.acting(page.access().clone());
    assert_eq!(acting.send(GetMe::new()).await.unwrap().id.as_str(), page_id(&stage, 0));
    let post =
        CreatePagePost::new(page_id(&stage, 0).parse::<meta_graph::PageId>().unwrap()).message("derived");
    acting.send(post).await.unwrap();

    // The parent's own end is not the Page's.
    stage.pass(61 * DAY).await;
    assert!(parent.expiry().is_past(stage.clock.now()));
    assert!(matches!(check(&client, &page).await, TokenCheck::Good(_)));
    let error = client.derive(&parent, &page_id(&stage, 0)).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.reauth_reason()),
        (RefreshErrorKind::Revoked, Some(ReauthReason::GrantExpired))
    );
    stage.no_violations();
}

#[tokio::test]
async fn a_page_out_of_reach_is_a_lost_permission_and_the_parent_stays_good() {
    let stage = Stage::new().await;
    let client = stage.facebook();
    let parent = stage.log_in(&client, pages()).await.tokens;
    let lost = async |tokens: &TokenSet, id: &str, why: &str| {
        let error = client.derive(tokens, id).await.unwrap_err();
        assert_eq!(error.kind(), RefreshErrorKind::Revoked, "{why}: {error}");
        assert_eq!(error.reauth_reason(), Some(ReauthReason::PermissionsLost), "{why}: {error}");
        assert!(matches!(check(&client, tokens).await, TokenCheck::Good(_)), "{why}");
    };
    lost(&parent, &page_id(&stage, 1), "the tasks are too weak for a token").await;
    lost(&parent, "999", "there is no such Page").await;
    stage.control("permissions", &json!({"permission": scope::PAGES_SHOW_LIST, "status": "declined"})).await;
    lost(&parent, &page_id(&stage, 0), "the permission was taken back").await;

    stage.sign_in("meta", &stage.sandbox.world().other_users[0].id).await;
    let stranger = stage.log_in(&client, pages()).await.tokens;
    lost(&stranger, &page_id(&stage, 0), "this person has no role on the Page").await;
    stage.no_violations();
}
