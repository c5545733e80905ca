//! Which callbacks belong to which login.

use super::*;

#[tokio::test]
async fn a_login_completes_once_for_the_one_who_started_it() {
    let world = World::new();
    let client = world.client(facebook());
    let started = client.start(request()).await.unwrap();
    let query = format!("code=c&state={}", state(&started));
    let verified = client.complete(callback(&query), &started.binder, &actor()).await.unwrap();
    assert_eq!(verified.return_to().unwrap().as_str(), "/settings");
    assert_eq!(verified.requested_scopes().required, ScopeSet::parse("email public_thing"));
    assert_eq!(verified.expected_user(), None);

    let replayed = client.complete(callback(&query), &started.binder, &actor()).await.unwrap_err();
    assert_eq!((replayed.kind(), replayed.reason()), (ErrorKind::Rejected, Reason::SessionUnknown));
    assert!(world.transport.requests().is_empty());
}

#[tokio::test]
async fn an_app_without_cookies_keeps_the_binder_itself() {
    let world = World::new();
    let client = world.client(linkedin());
    let started = client.start(request()).await.unwrap();
    let kept = started.binder.expose().to_owned();
    let query = callback(&format!("code=c&state={}", state(&started)));
    client.complete(query, &BrowserBinder::new(kept), &actor()).await.unwrap();
}

#[tokio::test]
async fn every_foreign_callback_gets_the_same_answer_and_burns_the_login() {
    let world = World::new();
    let facebook_client = world.client(facebook());
    let linkedin_client = world.client(linkedin());
    let other_app = OAuthClient::builder(facebook(), "app-2")
        .client_secret(ClientSecret::new("s"))
        .redirect_uri(RedirectUri::parse(REDIRECT).unwrap())
        .transport(Arc::new(world.transport.clone()))
        .sessions(world.sessions.clone())
        .timer(Arc::new(world.clock.clone()))
        .build()
        .unwrap();
    let elsewhere = facebook().with_token_base(&BaseUrl::parse("https://evil.example").unwrap());
    let other_endpoint = world.client(elsewhere);
    let other_user = Actor::new(actor().tenant, "user-8");
    let other_tenant = Actor::new(TenantId::from_bytes([2; 16]), "user-7");
    let other_browser = BrowserBinder::new("A".repeat(43));
    let expect = |error: OAuthError, reason: Reason| {
        assert_eq!((error.kind(), error.reason()), (ErrorKind::Rejected, reason));
        assert_eq!(
            error.to_string(),
            "this login is not open any more, or was started by someone else or in another browser",
            "{reason}"
        );
        assert_eq!(
            error.user_action(),
            "start the login again, in one browser and within ten minutes",
            "{reason}"
        );
        assert!(error.denial().is_none());
    };
    let cases: [(Reason, &OAuthClient, Option<&BrowserBinder>, Actor, &str); 7] = [
        (Reason::OtherBrowser, &facebook_client, Some(&other_browser), actor(), ""),
        (Reason::OtherActor, &facebook_client, None, other_user, ""),
        (Reason::OtherActor, &facebook_client, None, other_tenant, ""),
        (Reason::OtherProvider, &linkedin_client, None, actor(), ""),
        (Reason::OtherProvider, &other_app, None, actor(), ""),
        (Reason::OtherProvider, &other_endpoint, None, actor(), ""),
        (Reason::IssuerMismatch, &facebook_client, None, actor(), "&iss=https%3A%2F%2Fevil.example"),
    ];
    for (reason, client, binder, actor_now, extra) in cases {
        for outcome in ["code=c", "error=access_denied"] {
            let started = facebook_client.start(request()).await.unwrap();
            let query = format!("{outcome}&state={}", state(&started));
            let binder = binder.unwrap_or(&started.binder);
            let refused = client.complete(callback(&format!("{query}{extra}")), binder, &actor_now);
            expect(refused.await.unwrap_err(), reason);
            let retried = facebook_client.complete(callback(&query), &started.binder, &actor()).await;
            expect(retried.unwrap_err(), Reason::SessionUnknown);
        }
    }

    let started = facebook_client.start(request()).await.unwrap();
    let unknown = callback("code=c&state=unknown");
    expect(
        facebook_client.complete(unknown, &started.binder, &actor()).await.unwrap_err(),
        Reason::SessionUnknown,
    );
    world.clock.advance(Duration::from_secs(600));
    let late = callback(&format!("code=c&state={}", state(&started)));
    // The store has dropped it by itself.
    expect(
        facebook_client.complete(late, &started.binder, &actor()).await.unwrap_err(),
        Reason::SessionUnknown,
    );
    assert!(world.transport.requests().is_empty());
}

#[tokio::test]
async fn a_session_that_a_store_gives_back_too_late_is_expired() {
    /// Forgets to look at the time.
    #[derive(Debug)]
    struct Lax(MemorySessionStore);

    #[crate::async_trait]
    impl SessionStore for Lax {
        async fn put(&self, session: crate::NewSession) -> Result<(), SessionStoreError> {
            self.0.put(session).await
        }

        async fn take(
            &self,
            key: &crate::SessionKey,
            _: Timestamp,
        ) -> Result<Option<Vec<u8>>, SessionStoreError> {
            self.0.take(key, Timestamp::from_unix_seconds(0)).await
        }
    }

    let world = World::new();
    let lax = Arc::new(Lax(MemorySessionStore::new()));
    let client = world.builder(facebook(), REDIRECT).sessions(lax).build().unwrap();
    let started = client.start(request()).await.unwrap();
    world.clock.advance(Duration::from_secs(600));
    let late = callback(&format!("code=c&state={}", state(&started)));
    let error = client.complete(late, &started.binder, &actor()).await.unwrap_err();
    assert_eq!(error.reason(), Reason::SessionExpired);
}

#[tokio::test]
async fn a_store_that_fails_is_not_the_persons_fault() {
    #[derive(Debug)]
    struct Away;

    #[crate::async_trait]
    impl SessionStore for Away {
        async fn put(&self, _: crate::NewSession) -> Result<(), SessionStoreError> {
            Err(SessionStoreError::new("away"))
        }

        async fn take(
            &self,
            _: &crate::SessionKey,
            _: Timestamp,
        ) -> Result<Option<Vec<u8>>, SessionStoreError> {
            Err(SessionStoreError::new("away"))
        }
    }

    let world = World::new();
    let client = world.builder(facebook(), REDIRECT).sessions(Arc::new(Away)).build().unwrap();
    let started = client.start(request()).await.map(|_| ()).unwrap_err();
    let binder = BrowserBinder::new("A".repeat(43));
    let completed =
        client.complete(callback("code=c&state=s"), &binder, &actor()).await.map(|_| ()).unwrap_err();
    for error in [started, completed] {
        assert_eq!((error.kind(), error.reason()), (ErrorKind::Unavailable, Reason::StoreUnavailable));
    }
}

#[tokio::test]
async fn a_known_issuer_is_accepted_exactly_as_it_is() {
    let world = World::new();
    for (provider, issuer, good) in [
        (facebook(), "https%3A%2F%2Fwww.facebook.com", true),
        (linkedin(), "https%3A%2F%2Fwww.linkedin.com%2Foauth", true),
        (linkedin(), "https%3A%2F%2Fwww.linkedin.com", true),
        (linkedin(), "https%3A%2F%2Fwww.linkedin.com%2Foauth%2F", false),
        (linkedin(), "https%3A%2F%2FWWW.linkedin.com", false),
        (linkedin(), "", false),
    ] {
        let client = world.client(provider);
        let started = client.start(request()).await.unwrap();
        let query = format!("code=c&state={}&iss={issuer}", state(&started));
        let completed = client.complete(callback(&query), &started.binder, &actor()).await;
        let reason = completed.map(|_| ()).map_err(|error| error.reason());
        assert_eq!(reason, if good { Ok(()) } else { Err(Reason::IssuerMismatch) }, "{issuer}");
    }
}

#[tokio::test]
async fn an_issuer_that_was_promised_must_come_with_codes_and_denials() {
    let json = format!(
        r#"{{"issuer":"{ISSUER}","authorization_endpoint":"{ISSUER}/a","token_endpoint":"{ISSUER}/t",
            "response_types_supported":["code"],"authorization_response_iss_parameter_supported":true}}"#
    );
    let world = World::new();
    let client = world.client(generic(ProviderMetadata::parse(ISSUER, json.as_bytes()).unwrap()));
    for outcome in ["code=c", "error=access_denied"] {
        let started = client.start(request()).await.unwrap();
        let query = format!("{outcome}&state={}", state(&started));
        let error = client.complete(callback(&query), &started.binder, &actor()).await.unwrap_err();
        assert_eq!(error.reason(), Reason::IssuerMissing, "{outcome}");

        let started = client.start(request()).await.unwrap();
        let query = format!("{outcome}&state={}&iss=https%3A%2F%2Fid.example.com", state(&started));
        let completed = client.complete(callback(&query), &started.binder, &actor()).await;
        assert_ne!(completed.err().map(|error| error.reason()), Some(Reason::IssuerMissing), "{outcome}");
    }
}

#[tokio::test]
async fn a_denial_is_typed_and_knows_the_way_back_once_it_is_verified() {
    let world = World::new();
    let client = world.client(facebook());
    let started = client.start(request()).await.unwrap();
    let query = format!("error=access_denied&error_reason=user_denied&state={}", state(&started));
    let error = client.complete(callback(&query), &started.binder, &actor()).await.unwrap_err();
    assert_eq!((error.kind(), error.reason()), (ErrorKind::Cancelled, Reason::Denied));
    let denial = error.denial().unwrap();
    assert_eq!((denial.kind(), denial.error()), (DenialKind::Cancelled, "access_denied"));
    assert_eq!(denial.return_to().unwrap().as_str(), "/settings");

    let forged = client.complete(callback(&query), &started.binder, &actor()).await.unwrap_err();
    assert!(forged.denial().is_none());
    assert_eq!(forged.kind(), ErrorKind::Rejected);
}

#[tokio::test]
async fn fifty_callbacks_at_once_have_one_winner() {
    let world = World::new();
    let client = world.client(facebook());
    let started = client.start(request()).await.unwrap();
    let query = format!("code=c&state={}", state(&started));
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let (client, query, binder) = (client.clone(), query.clone(), started.binder.clone());
            tokio::spawn(async move { client.complete(callback(&query), &binder, &actor()).await.is_ok() })
        })
        .collect();
    let mut winners = 0;
    for task in tasks {
        winners += usize::from(task.await.unwrap());
    }
    assert_eq!(winners, 1);
}
