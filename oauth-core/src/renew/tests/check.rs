//! Whether a token is good.

use super::*;

const TOKEN: &str = "token-to-look-at";

fn introspecting() -> Provider {
    generic(metadata().with_introspection("https://id.example.com/introspect").unwrap())
}

fn stored(expiry: Expiry) -> TokenSet {
    TokenSet::new(TOKEN.into(), TokenKind::Generic).with_expiry(expiry)
}

/// What an introspection that is answered so makes of a stored token.
async fn checked(expiry: Expiry, status: u16, body: &'static str) -> Result<TokenCheck, RefreshError> {
    let headers: &[(&str, &str)] = &[("location", "https://x.example")];
    let world = World::scripted(|t| (0..10).fold(t, |t, _| t.respond(status, headers, body)));
    let client = world.client(introspecting());
    let checked = world.drive(async move { client.check(&stored(expiry)).await }).await;
    if let Err(error) = &checked {
        assert_eq!(canary::leaks(&canary::printed(error)), Vec::<String>::new());
        assert_eq!(error.reauth_reason(), None, "{error}");
    }
    checked
}

#[tokio::test]
async fn the_question_is_one_introspection_and_changes_nothing() {
    let world = World::scripted(|t| t.json(r#"{"active":true,"client_id":"app-1","scope":"a b","sub":"u"}"#));
    let check = world.client(introspecting()).check(&stored(Expiry::Unknown)).await.unwrap();
    let mut facts = TokenFacts::new(true);
    facts.client_id = Some("app-1".to_owned());
    facts.subject = Some("u".to_owned());
    facts.scopes = Some(ScopeSet::parse("a b"));
    assert_eq!(check, TokenCheck::Good(Box::new(facts)));
    let requests = world.transport.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].uri.to_string(), "https://id.example.com/introspect");
    assert_eq!(form(&requests[0])["token"], TOKEN);
}

#[tokio::test]
async fn a_token_that_is_not_active_is_dead_for_the_reason_that_is_known() {
    use ReauthReason::{GrantExpired, GrantRevoked, LegacyToken, TokenRejected};
    let now = World::new().clock_in(0);
    let (past, future) = (Expiry::At(now), Expiry::At(now.saturating_add(Duration::from_secs(1))));
    for (expiry, body, reason) in [
        (Expiry::Unknown, r#"{"active":false}"#, TokenRejected),
        (Expiry::Never, r#"{"active":false}"#, TokenRejected),
        (future, r#"{"active":false}"#, TokenRejected),
        (past, r#"{"active":false}"#, GrantExpired),
        (future, r#"{"active":false,"status":"expired"}"#, GrantExpired),
        (future, r#"{"active":false,"status":"revoked"}"#, GrantRevoked),
        // The provider's own word counts more than the clock.
        (past, r#"{"active":false,"status":"revoked"}"#, GrantRevoked),
        (future, r#"{"active":true,"client_id":"app-2"}"#, LegacyToken),
        (future, r#"{"active":false,"client_id":"app-2"}"#, TokenRejected),
    ] {
        assert_eq!(checked(expiry, 200, body).await.unwrap(), TokenCheck::Dead(reason), "{expiry:?} {body}");
    }
    // What is good for the provider is good, whatever was stored about its end.
    let good = checked(past, 200, r#"{"active":true}"#).await.unwrap();
    assert_eq!(good, TokenCheck::Good(Box::new(TokenFacts::new(true))));
}

#[tokio::test]
async fn a_provider_that_may_not_be_asked_offers_no_answer() {
    for (status, body) in [
        (401, r#"{"error":"invalid_client"}"#),
        (400, r#"{"error":"invalid_client"}"#),
        (401, ""),
        (403, r#"{"error":"access_denied"}"#),
        (400, r#"{"error":"unsupported_token_type"}"#),
    ] {
        assert_eq!(
            checked(Expiry::Unknown, status, body).await.unwrap(),
            TokenCheck::NotOffered,
            "{status} {body}"
        );
    }
    let world = World::new();
    for provider in [generic(metadata()), Provider::linkedin_native(Arc::new(crate::StandardHooks::new()))] {
        let builder = match provider.id() {
            id if *id == crate::ProviderId::LINKEDIN => world
                .bare(provider)
                .redirect_uri(crate::RedirectUri::parse("http://127.0.0.1:4711/cb").unwrap()),
            _ => world.builder(provider, "https://app.example.com/cb"),
        };
        let client = builder.build().unwrap();
        assert_eq!(client.check(&stored(Expiry::Unknown)).await.unwrap(), TokenCheck::NotOffered);
    }
    assert!(world.transport.requests().is_empty());
}

#[tokio::test]
async fn a_question_that_failed_never_reads_as_a_dead_token() {
    use RefreshErrorKind::{Misconfigured, Refused, Throttled, Transient};
    for (status, body, kind) in [
        // About whoever asks, who is the app.
        (401, r#"{"error":"invalid_token"}"#, Refused),
        (400, r#"{"error":"invalid_grant"}"#, Refused),
        (400, r#"{"error":"something_new"}"#, Refused),
        (404, "gone", Refused),
        (400, r#"{"error":"unauthorized_client"}"#, Misconfigured),
        (302, "", Misconfigured),
        (429, "", Throttled),
        (503, "", Transient),
        (200, "<html>", Transient),
        (200, "", Transient),
        (200, "{}", Transient),
    ] {
        let error = checked(Expiry::Unknown, status, body).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{status} {body}: {error}");
    }
    for (failure, kind) in [
        (TransportErrorKind::Connect, RefreshErrorKind::NotSent),
        (TransportErrorKind::Timeout, Transient),
        (TransportErrorKind::Interrupted, Transient),
    ] {
        let world = World::scripted(|t| (0..10).fold(t, |t, _| t.fail(failure)));
        let client = world.client(introspecting());
        let error =
            world.drive(async move { client.check(&stored(Expiry::Unknown)).await }).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{failure:?}");
    }
}

/// Hooks that look into tokens themselves.
#[derive(Debug)]
struct Looks(fn() -> Result<Option<TokenFacts>, OAuthError>);

#[crate::async_trait]
impl ProviderHooks for Looks {
    fn refusal(&self, answer: &RefusedAnswer<'_>) -> Refusal {
        crate::StandardHooks::new().refusal(answer)
    }

    async fn inspect(&self, token: &AccessToken) -> Result<Option<TokenFacts>, OAuthError> {
        assert_eq!(token.expose(), TOKEN);
        (self.0)()
    }
}

fn dead(reason: Option<ReauthReason>) -> TokenFacts {
    let mut facts = TokenFacts::new(false);
    facts.reauth_reason = reason;
    facts.client_id = Some("app-1".to_owned());
    facts
}

async fn looked_at(
    look: fn() -> Result<Option<TokenFacts>, OAuthError>,
) -> Result<TokenCheck, RefreshErrorKind> {
    let world = World::new();
    let client = world.client(generic(metadata()).with_hooks(Arc::new(Looks(look))));
    let check = client.check(&stored(Expiry::Unknown)).await;
    assert!(world.transport.requests().is_empty());
    check.map_err(|error| error.kind())
}

#[tokio::test]
async fn what_hooks_say_counts() {
    use ReauthReason::{AppRemoved, TokenRejected};
    assert_eq!(looked_at(|| Ok(Some(dead(Some(AppRemoved))))).await, Ok(TokenCheck::Dead(AppRemoved)));
    assert_eq!(looked_at(|| Ok(Some(dead(None)))).await, Ok(TokenCheck::Dead(TokenRejected)));
    let ended = || {
        let mut facts = TokenFacts::new(false);
        facts.expiry = Expiry::At(sociogram_api_core::Timestamp::UNIX_EPOCH);
        Ok(Some(facts))
    };
    assert_eq!(looked_at(ended).await, Ok(TokenCheck::Dead(ReauthReason::GrantExpired)));
    assert_eq!(looked_at(|| Ok(None)).await, Ok(TokenCheck::NotOffered));

    let failed: [(fn() -> _, _); 4] = [
        (|| Err(OAuthError::because(Reason::PermissionMissing)), Ok(TokenCheck::NotOffered)),
        (|| Err(OAuthError::because(Reason::ClientRefused)), Err(RefreshErrorKind::Misconfigured)),
        (|| Err(OAuthError::because(Reason::GrantRevoked)), Err(RefreshErrorKind::Refused)),
        (|| Err(OAuthError::because(Reason::ProviderDown)), Err(RefreshErrorKind::Transient)),
    ];
    for (look, expected) in failed {
        assert_eq!(looked_at(look).await, expected);
    }
}

#[tokio::test]
async fn a_token_of_another_app_is_logged() {
    let logs = CapturedLogs::start();
    checked(Expiry::Unknown, 200, r#"{"active":true,"client_id":"app-2"}"#).await.unwrap();
    assert!(logs.text().contains("a stored token was made for another app"), "{}", logs.text());
    assert!(!logs.text().contains(TOKEN));
}
