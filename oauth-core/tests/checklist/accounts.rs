//! Whose token it is, for which app, in which tenant, and with which scopes: C23 to C26, and C31.

use std::sync::{Arc, Mutex};

use sociogram_api_core::{ErrorKind, testing::CapturedLogs};
use sociogram_oauth_core::{
    AccessToken, Actor, CallbackParams, Identity, OAuthClient, OAuthError, Permissions, Provider,
    ProviderHooks, Reason, Refresh, Refusal, RefusedAnswer, ScopeChange, ScopeRequest, ScopeSet,
    StandardHooks, StartRequest, TokenFacts, async_trait,
    testing::{Answer, Decision, ServerEndpoint},
};

use crate::world::{APP, Browser, PERSON, World, actor, param, query, request, tenant};

/// Meta's side as the test wants it.
#[derive(Debug, Default)]
struct Meta {
    facts: Mutex<Option<TokenFacts>>,
    permissions: Mutex<Permissions>,
}

#[async_trait]
impl ProviderHooks for Meta {
    fn refusal(&self, answer: &RefusedAnswer<'_>) -> Refusal {
        StandardHooks::new().refusal(answer)
    }

    async fn inspect(&self, _: &AccessToken) -> Result<Option<TokenFacts>, OAuthError> {
        Ok(self.facts.lock().unwrap().clone())
    }

    async fn identify(&self, _: &AccessToken) -> Result<Option<Identity>, OAuthError> {
        Ok(Some(Identity::new("10158")))
    }

    async fn permissions(&self, _: &AccessToken) -> Result<Option<Permissions>, OAuthError> {
        Ok(Some(self.permissions.lock().unwrap().clone()))
    }
}

fn facebook() -> (World, OAuthClient, Arc<Meta>) {
    let world = World::at("https://www.facebook.com", |server| server);
    let hooks = Arc::new(Meta::default());
    let client = world.build(Provider::facebook(hooks.clone()));
    for _ in 0..4 {
        world.server.answer_next(ServerEndpoint::Token, Answer::facebook_token("short", Some(3_600)));
        world.server.answer_next(ServerEndpoint::Token, Answer::facebook_token("long", None));
    }
    (world, client, hooks)
}

fn set(scopes: &str) -> ScopeSet {
    ScopeSet::parse(scopes)
}

#[tokio::test]
async fn c23_scope_downgrade() {
    let wanted = || ScopeRequest::new(set("read write")).with_optional(set("stats"));
    let ask = || StartRequest::new(actor(), wanted());
    let all = || Decision::approve(PERSON);
    for (decision, missing, extra, sufficient) in [
        (all(), "", "", true),
        (all().declining("stats"), "stats", "", true),
        (all().declining("write"), "write", "", false),
        (all().declining("read write stats"), "read write stats", "", false),
        (all().also_granting("admin"), "", "admin", true),
        (all().declining("write").also_granting("admin"), "write", "admin", false),
    ] {
        let world = World::new();
        let client = world.client().await;
        let shown = format!("{decision:?}");
        let login = client.log_in(world.verified_as(&client, ask(), decision).await).await.unwrap();
        assert_eq!((&login.scopes.missing, &login.scopes.extra), (&set(missing), &set(extra)), "{shown}");
        match login.require_scopes() {
            Ok(login) => assert!(sufficient && login.scopes.is_sufficient(), "{shown}"),
            Err(error) => {
                assert!(!sufficient, "{shown}");
                assert_eq!((error.reason(), error.kind()), (Reason::ScopesMissing, ErrorKind::Permission));
                assert_eq!(error.scope_report().unwrap().missing, set(missing), "{shown}");
            }
        }
    }

    // Facebook's answer has no list: what counts is what the person answered, and one scope was declined.
    let (world, client, meta) = facebook();
    let ask =
        ScopeRequest::new(set("pages_show_list pages_manage_posts")).with_optional(set("read_insights"));
    let mut answered = Permissions::new();
    answered.granted = set("public_profile pages_show_list read_insights");
    answered.declined = set("pages_manage_posts");
    *meta.permissions.lock().unwrap() = answered;
    let verified = world.verified_as(&client, StartRequest::new(actor(), ask.clone()), all()).await;
    let login = client.log_in(verified).await.unwrap();
    assert_eq!(login.scopes.declined, set("pages_manage_posts"));
    assert_eq!(login.scopes.extra, set("public_profile"));
    let error = login.require_scopes().unwrap_err();
    let report = error.scope_report().unwrap();
    // Facebook adds grants up, so only what is missing is asked for again.
    let mut browser = Browser::default();
    let url = browser.start(&client, StartRequest::new(actor(), ask).reconsent(report)).await;
    assert_eq!(query(&url)["scope"], "pages_manage_posts");
    assert_eq!(query(&url)["auth_type"], "rerequest");

    // LinkedIn writes commas, and in another order.
    let world = World::at("https://www.linkedin.com", |server| server);
    let client = world.build(Provider::linkedin(Arc::new(StandardHooks::new())));
    let answer = Answer::linkedin_token("AQV", "w_member_social,openid", None);
    world.server.answer_next(ServerEndpoint::Token, answer);
    world.server.answer_next(
        ServerEndpoint::Introspection,
        Answer::json(
            200,
            format!(r#"{{"active":true,"client_id":"{APP}","scope":"w_member_social,openid"}}"#),
        ),
    );
    world.server.answer_next(ServerEndpoint::Userinfo, Answer::json(200, r#"{"sub":"782bbtaQ"}"#));
    let ask = StartRequest::new(actor(), set("openid profile w_member_social"));
    let login = client.log_in(world.verified_as(&client, ask, all()).await).await.unwrap();
    assert_eq!(login.scopes.granted, set("openid w_member_social"));
    assert_eq!(login.scopes.missing, set("profile"));
}

#[tokio::test]
async fn c24_scope_change_on_refresh() {
    let logs = CapturedLogs::start();
    let world = World::new();
    let client = world.client().await;
    let login = client.log_in(world.verified(&client).await).await.unwrap();
    assert_eq!(login.tokens.scopes(), Some(&set("read write")));
    let narrower = r#"{"access_token":"t2","refresh_token":"r2","scope":"read admin"}"#;
    world.server.answer_next(ServerEndpoint::Token, Answer::json(200, narrower));
    let renewed = Refresh::refresh(&client, &login.tokens).await.unwrap();
    let change = ScopeChange::between(login.tokens.scopes().unwrap(), renewed.scopes().unwrap());
    assert_eq!((&change.lost, &change.gained), (&set("write"), &set("admin")));
    assert!(change.has_lost());
    let text = logs.text();
    let line = text.lines().find(|line| line.contains("scopes were lost")).expect("nothing was logged");
    assert!(line.contains("WARN") && line.contains("lost=write"), "{line}");

    // An inspection tells as well.
    let fewer = format!(r#"{{"active":true,"client_id":"{APP}","scope":"read"}}"#);
    world.server.answer_next(ServerEndpoint::Introspection, Answer::json(200, fewer));
    let facts = client.inspect(&login.tokens).await.unwrap().unwrap();
    let change = ScopeChange::between(login.tokens.scopes().unwrap(), &facts.scopes.unwrap());
    assert_eq!(change.lost, set("write"));
}

#[tokio::test]
async fn c25_token_substitution() {
    // RFC 7662 and LinkedIn: the introspection names the app.
    let introspected = |json: &str| Answer::json(200, json.to_owned());
    for (answer, reason) in [
        (r#"{"active":true,"client_id":"app-2","sub":"person-1"}"#, Reason::ForeignToken),
        (r#"{"active":false,"client_id":"app-2"}"#, Reason::TokenInactive),
        (r#"{"active":false}"#, Reason::TokenInactive),
        (r#"{"active":true,"client_id":"app-1","sub":"person-2"}"#, Reason::SubjectMismatch),
    ] {
        let world = World::new();
        let client = world.client().await;
        let verified = world.verified(&client).await;
        world.server.answer_next(ServerEndpoint::Introspection, introspected(answer));
        let error = client.log_in(verified).await.unwrap_err();
        assert_eq!(error.reason(), reason, "{answer}");
    }
    let world = World::new();
    let client = world.client().await;
    let login = client.log_in(world.verified(&client).await).await.unwrap();
    assert_eq!(login.facts.unwrap().client_id.as_deref(), Some(APP));
    assert_eq!(login.identity.id, PERSON);

    // Meta: Debug Token names the app, and may say that the token is not valid.
    for (app, active, expected) in [
        (Some("999"), true, Some(Reason::ForeignToken)),
        (Some(APP), false, Some(Reason::TokenInactive)),
        (Some(APP), true, None),
    ] {
        let (world, client, meta) = facebook();
        let mut facts = TokenFacts::new(active);
        facts.client_id = app.map(ToOwned::to_owned);
        *meta.facts.lock().unwrap() = Some(facts);
        let login = StartRequest::new(actor(), set("email"));
        let verified = world.verified_as(&client, login, Decision::approve(PERSON)).await;
        assert_eq!(
            client.log_in(verified).await.err().map(|error| error.reason()),
            expected,
            "{app:?} {active}"
        );
    }
}

#[tokio::test]
async fn c26_account_swap_at_reconnect() {
    let world = World::new();
    let client = world.client().await;
    let first = client.log_in(world.verified(&client).await).await.unwrap();
    let reconnect = || request().for_user(first.identity.id.as_str());

    let other = world.verified_as(&client, reconnect(), Decision::approve("person-2")).await;
    let error = client.log_in(other).await.unwrap_err();
    assert_eq!((error.reason(), error.kind()), (Reason::AccountSwapped, ErrorKind::Conflict));
    assert!(world.server.is_active(first.tokens.access().expose()), "the old token is left alone");

    let same = world.verified_as(&client, reconnect(), Decision::approve(PERSON)).await;
    assert_eq!(client.log_in(same).await.unwrap().identity.id, PERSON);
    let allowed = reconnect().allow_other_user();
    let other = world.verified_as(&client, allowed, Decision::approve("person-2")).await;
    assert_eq!(client.log_in(other).await.unwrap().identity.id, "person-2");
}

#[tokio::test]
async fn c31_wrong_tenant() {
    let world = World::new();
    let client = world.client().await;
    let mut browser = Browser::default();
    let url = browser.start(&client, request()).await;
    let callback = world.server.authorize(&url, Decision::approve(PERSON)).unwrap();
    // The same person of the product, signed in to another tenant by now.
    let elsewhere = Actor::new(tenant(2), actor().app_user);
    let error = browser.come_back(&client, &callback, &elsewhere).await.unwrap_err();
    assert_eq!(error.reason(), Reason::OtherActor);
    assert_eq!(world.token_calls(), 0);

    // A tenant in the callback is not read, and the state carries none.
    let url = browser.start(&client, request()).await;
    let hex = "02".repeat(16);
    let callback = format!("code=c&state={}&tenant={hex}&tenant_id={hex}", param(&url, "state"));
    let binder = browser.binder(&client).unwrap();
    let callback = CallbackParams::parse(&callback).unwrap();
    let verified = client.complete(callback, &binder, &actor()).await.unwrap();
    assert!(!format!("{verified:?} {url}").contains(&hex));
    let other = StartRequest::new(elsewhere, set("read write"));
    browser.start(&client, other).await;
    let puts = world.sessions.puts.lock().unwrap();
    assert_ne!(puts[0].owner, puts[2].owner, "tenants share no list of open logins");
}
