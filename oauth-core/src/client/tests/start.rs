//! What the provider's page is asked.

use super::*;
use crate::{ScopeReport, pkce};

#[tokio::test]
async fn facebooks_dialog_gets_exactly_these_parameters() {
    let world = World::new();
    let client = world.client(facebook());
    let started = client.start(request().with_rerequest()).await.unwrap();
    let state = state(&started);
    assert_eq!(
        started.url.as_str(),
        format!(
            "https://www.facebook.com/v26.0/dialog/oauth?response_type=code&client_id=app-1\
             &redirect_uri=https%3A%2F%2Fapp.example.com%2Foauth%2Fcb%3Fx%3D1&state={state}\
             &scope=email%2Cpublic_thing&auth_type=rerequest"
        )
    );
    assert_eq!(state.len(), 43);
    assert_eq!(started.expires_at, world.clock_in(600));
    assert!(!query(&client.start(request()).await.unwrap().url).contains_key("auth_type"));
}

#[tokio::test]
async fn linkedins_page_gets_spaces_as_percent_20_and_no_pkce() {
    let world = World::new();
    let started = world.client(linkedin()).start(request().with_rerequest()).await.unwrap();
    assert_eq!(
        started.url.as_str(),
        format!(
            "https://www.linkedin.com/oauth/v2/authorization?response_type=code&client_id=app-1\
             &redirect_uri=https%3A%2F%2Fapp.example.com%2Foauth%2Fcb%3Fx%3D1&state={}\
             &scope=email%20public_thing",
            state(&started)
        )
    );
}

#[tokio::test]
async fn a_configuration_takes_the_place_of_the_scopes() {
    let world = World::new();
    let hooks = Arc::new(StandardHooks::new());
    let provider = Provider::facebook_for_business("11", crate::BusinessToken::SystemUser, hooks);
    let sent = query(&world.client(provider).start(request()).await.unwrap().url);
    assert_eq!(sent["config_id"], "11");
    assert_eq!(
        (sent["response_type"].as_str(), sent["override_default_response_type"].as_str()),
        ("code", "true")
    );
    assert!(!sent.contains_key("scope"));
}

#[tokio::test]
async fn parameters_of_the_provider_go_along() {
    let world = World::new();
    let client = world.client(linkedin().with_authorize_param("prompt", "none now"));
    let url = client.start(request()).await.unwrap().url;
    assert!(url.as_str().ends_with("&prompt=none%20now"), "{url}");
}

#[tokio::test]
async fn asking_again_goes_before_a_parameter_of_the_same_name() {
    let world = World::new();
    let client = world.client(facebook().with_authorize_param("auth_type", "reauthorize"));
    for (request, expected) in [(request(), "reauthorize"), (request().with_rerequest(), "rerequest")] {
        let url = client.start(request).await.unwrap().url;
        let sent: Vec<_> = url.query_pairs().filter(|(name, _)| name == "auth_type").collect();
        assert_eq!(sent, [("auth_type".into(), expected.into())]);
    }
}

#[tokio::test]
async fn pkce_is_sent_where_it_is_known_and_its_verifier_comes_at_the_exchange() {
    for support in [PkceSupport::Optional, PkceSupport::Required] {
        let world = World::scripted(|t| t.json(r#"{"access_token":"t"}"#));
        let client = world.client(linkedin().with_pkce(support));
        let started = client.start(request()).await.unwrap();
        let sent = query(&started.url);
        assert_eq!(sent["code_challenge_method"], "S256");
        let query = callback(&format!("code=c&state={}", state(&started)));
        let code = client.complete(query, &started.binder, &actor()).await.unwrap();
        client.exchange(code).await.unwrap();
        let verifier = form(&world.transport.requests()[0])["code_verifier"].clone();
        assert_eq!(verifier.len(), 43);
        assert_eq!(pkce::challenge(&verifier.into()), sent["code_challenge"]);
    }
}

#[tokio::test]
async fn a_nonce_is_sent_with_openid_only() {
    let world = World::new();
    let client = world.client(generic(metadata()));
    let openid = StartRequest::new(actor(), ScopeSet::parse("openid email"));
    let (a, b) = (client.start(openid.clone()).await.unwrap(), client.start(openid).await.unwrap());
    let (a, b) = (query(&a.url), query(&b.url));
    assert_eq!(a["nonce"].len(), 43);
    assert_ne!(a["nonce"], b["nonce"]);
    assert_ne!(a["nonce"], a["state"]);
    assert!(!query(&client.start(request()).await.unwrap().url).contains_key("nonce"));
    // LinkedIn does not repeat a nonce in its id token.
    let linkedin = world.client(linkedin());
    let started = linkedin.start(StartRequest::new(actor(), ScopeSet::parse("openid"))).await.unwrap();
    assert!(!query(&started.url).contains_key("nonce"));
}

#[tokio::test]
async fn two_logins_share_no_secret() {
    let world = World::new();
    let client = world.client(facebook());
    let (a, b) = (client.start(request()).await.unwrap(), client.start(request()).await.unwrap());
    assert_ne!(state(&a), state(&b));
    assert!(!a.binder.ct_eq(&b.binder));
    assert_ne!(a.binder.expose(), state(&a));
}

#[tokio::test]
async fn the_store_is_given_no_secret() {
    #[derive(Debug, Default)]
    struct Spy(std::sync::Mutex<Vec<u8>>);

    #[crate::async_trait]
    impl SessionStore for Spy {
        async fn put(&self, session: crate::NewSession) -> Result<(), SessionStoreError> {
            self.0.lock().unwrap().extend(session.key.as_bytes());
            self.0.lock().unwrap().extend(session.blob);
            Ok(())
        }

        async fn take(
            &self,
            _: &crate::SessionKey,
            _: Timestamp,
        ) -> Result<Option<Vec<u8>>, SessionStoreError> {
            Ok(None)
        }
    }

    let (world, spy) = (World::new(), Arc::new(Spy::default()));
    let provider = generic(metadata());
    let client = world.builder(provider, REDIRECT).sessions(spy.clone()).build().unwrap();
    let openid = StartRequest::new(actor(), ScopeSet::parse("openid"));
    let started = client.start(openid).await.unwrap();
    let sent = query(&started.url);
    let verifier = started.binder.derive(crate::binder::Purpose::PkceVerifier, &sent["state"]);
    assert_eq!(pkce::challenge(&verifier.clone().into()), sent["code_challenge"]);
    let kept = spy.0.lock().unwrap();
    let kept = String::from_utf8_lossy(&kept);
    assert!(kept.contains("user-7"));
    for secret in [started.binder.expose(), &sent["state"], &sent["nonce"], &verifier, "CANARY"] {
        assert!(!kept.contains(secret));
    }
}

#[tokio::test]
async fn senseless_requests_are_not_started() {
    let world = World::new();
    let client = world.client(facebook());
    let smuggled: ScopeSet = [crate::Scope::new("email,ads_read")].into_iter().collect();
    let optional = ScopeRequest::new(ScopeSet::new()).with_optional(smuggled.clone());
    for (what, request) in [
        ("app user", StartRequest::new(Actor::new(actor().tenant, ""), ScopeSet::new())),
        ("scope", StartRequest::new(actor(), smuggled)),
        ("scope", StartRequest::new(actor(), optional)),
        ("account", request().for_user("")),
    ] {
        let error = client.start(request).await.unwrap_err();
        assert_eq!((error.kind(), error.reason()), (ErrorKind::Invalid, Reason::Input), "{what}");
        assert!(error.to_string().contains(what), "{error}");
    }
    let none = client.start(StartRequest::new(actor(), ScopeSet::new())).await.unwrap();
    assert!(!query(&none.url).contains_key("scope"));
}

#[tokio::test]
async fn scopes_of_another_login_product_are_named_and_not_sent() {
    let world = World::new();
    for (provider, scopes, foreign) in [
        (
            facebook(),
            "pages_show_list instagram_business_basic threads_basic",
            "instagram_business_basic threads_basic",
        ),
        (linkedin(), "w_member_social pages_show_list", "pages_show_list"),
    ] {
        let request = StartRequest::new(actor(), ScopeSet::parse(scopes));
        let error = world.client(provider).start(request).await.unwrap_err();
        assert_eq!((error.kind(), error.reason()), (ErrorKind::Invalid, Reason::MixedScopes));
        assert_eq!(error.to_string(), format!("these scopes belong to another login product: {foreign}"));
    }
    let own = StartRequest::new(actor(), ScopeSet::parse("pages_show_list instagram_basic email brand_new"));
    world.client(facebook()).start(own).await.unwrap();
}

fn report(granted: &str, missing: &str, declined: &str) -> ScopeReport {
    ScopeReport {
        requested: ScopeRequest::new(ScopeSet::parse("a b")).with_optional(ScopeSet::parse("c")),
        granted: ScopeSet::parse(granted),
        missing: ScopeSet::parse(missing),
        declined: ScopeSet::parse(declined),
        ..ScopeReport::default()
    }
}

#[tokio::test]
async fn asking_again_asks_for_what_is_missing_where_grants_add_up() {
    let world = World::new();
    for (provider, report, scope, auth_type) in [
        (facebook(), report("a", "b c", "c"), "b,c", Some("rerequest")),
        (facebook(), report("a", "b c", ""), "b,c", None),
        // Nothing is missing: an ordinary login.
        (facebook(), report("a b c d", "", ""), "a,b,c", None),
        (linkedin(), report("a", "b c", "c"), "a b c", None),
    ] {
        let client = world.client(provider);
        let request = StartRequest::new(actor(), report.requested.clone()).reconsent(&report);
        let started = client.start(request).await.unwrap();
        let sent = query(&started.url);
        assert_eq!((sent["scope"].as_str(), sent.get("auth_type").map(String::as_str)), (scope, auth_type));
        let callback = callback(&format!("code=c&state={}", state(&started)));
        let verified = client.complete(callback, &started.binder, &actor()).await.unwrap();
        assert_eq!(verified.requested_scopes(), &report.requested);
    }
}

#[tokio::test]
async fn a_login_that_runs_in_a_script_is_started_for_it() {
    let world = World::new();
    let hooks = Arc::new(StandardHooks::new());
    let provider = Provider::whatsapp_embedded_signup("99", hooks);
    let client = world.bare(provider).client_secret(canary::secret("secret").into()).build().unwrap();
    let scopes = ScopeSet::parse("whatsapp_business_management");
    let started = client.start_embedded(StartRequest::new(actor(), scopes.clone())).await.unwrap();
    let options: serde_json::Value = serde_json::from_str(&started.options).unwrap();
    assert_eq!(options["config_id"], "99");
    assert_eq!(options["response_type"], "code");
    assert_eq!(options["override_default_response_type"], true);
    assert!(options["extras"]["setup"].is_object());
    assert_eq!(started.expires_at, world.clock_in(600));
    assert!(!format!("{started:?}").contains(&started.state));

    let callback = CallbackParams::from_script("code", &started.state).unwrap();
    let verified = client.complete(callback, &started.binder, &actor()).await.unwrap();
    assert_eq!(verified.requested_scopes().required, scopes);

    let error = client.start(request()).await.unwrap_err();
    assert_eq!((error.reason(), error.user_action()), (Reason::NotOffered, "use `start_embedded`"));
    let error = world.client(facebook()).start_embedded(request()).await.unwrap_err();
    assert_eq!((error.reason(), error.user_action()), (Reason::NotOffered, "use `start`"));
}

#[tokio::test]
async fn the_twenty_first_open_login_pushes_out_the_first() {
    let world = World::new();
    let client = world.client(facebook());
    let mut started = Vec::new();
    for _ in 0..21 {
        started.push(client.start(request()).await.unwrap());
    }
    for (index, expected) in [(0, false), (1, true), (20, true)] {
        let login = &started[index];
        let query = callback(&format!("code=c&state={}", state(login)));
        assert_eq!(client.complete(query, &login.binder, &actor()).await.is_ok(), expected, "{index}");
    }
}

#[tokio::test]
async fn what_an_app_will_be_refused_is_told_before_the_person_is_sent_away() {
    let world = World::new();
    for (scopes, told) in [
        ("r_liteprofile r_emailaddress w_member_social", "retired=r_emailaddress r_liteprofile"),
        ("r_emailaddress", "instead=email openid"),
        ("openid w_organization_social w_organization_social_feed", "apart=openid"),
        ("openid profile email w_member_social r_ads", ""),
        ("r_basicprofile w_organization_social_feed r_member_postAnalytics", ""),
    ] {
        let logs = CapturedLogs::start();
        let request = StartRequest::new(actor(), ScopeSet::parse(scopes));
        let started = world.client(linkedin()).start(request).await.unwrap();
        let text = logs.text();
        assert!(text.contains(told) && text.contains("WARN") != told.is_empty(), "{scopes}: {text}");
        // Nothing is added and nothing left out: old apps may have them.
        assert_eq!(ScopeSet::parse(&query(&started.url)["scope"]), ScopeSet::parse(scopes));
    }
}

#[tokio::test]
async fn two_apps_of_one_provider_stand_side_by_side() {
    let world = World::scripted(|t| t.json(r#"{"access_token":"t"}"#));
    let app = |id: &str| {
        OAuthClient::builder(linkedin(), id)
            .client_secret(ClientSecret::new(format!("secret-of-{id}")))
            .redirect_uri(RedirectUri::parse(REDIRECT).unwrap())
            .transport(Arc::new(world.transport.clone()))
            .sessions(world.sessions.clone())
            .timer(Arc::new(world.clock.clone()))
            .build()
            .unwrap()
    };
    let (sign_in, pages) = (app("sign-in"), app("pages"));
    for (client, id) in [(&sign_in, "sign-in"), (&pages, "pages")] {
        let started = client.start(request()).await.unwrap();
        assert_eq!(query(&started.url)["client_id"], id);
    }
    // What one of them began is not finished by the other.
    let started = pages.start(request()).await.unwrap();
    let back = callback(&format!("code=c&state={}", state(&started)));
    assert!(sign_in.complete(back, &started.binder, &actor()).await.is_err());
    let verified = world.verified(&pages).await;
    pages.exchange(verified).await.unwrap();
    let sent = form(&world.transport.requests()[0]);
    assert_eq!((sent["client_id"].as_str(), sent["client_secret"].as_str()), ("pages", "secret-of-pages"));
}
