//! The server under a client, as a vault asks it.

use super::*;
use crate::{
    Actor, CallbackParams, ClientSecret, Expiry, MemorySessionStore, OAuthClient, Provider, ProviderId,
    ProviderMetadata, ReauthReason, RedirectUri, Refresh, RefreshErrorKind, ScopeSet, StartRequest, TenantId,
    TokenCheck, TokenSet,
};

async fn client(bench: &Bench) -> OAuthClient {
    let metadata = ProviderMetadata::discover(ISSUER, Arc::new(bench.server.clone())).await.unwrap();
    OAuthClient::builder(Provider::generic(ProviderId::new("fake"), metadata).unwrap(), "app-1")
        .client_secret(ClientSecret::new("s3cret"))
        .redirect_uri(RedirectUri::parse(REDIRECT).unwrap())
        .transport(Arc::new(bench.server.clone()))
        .sessions(Arc::new(MemorySessionStore::new()))
        .timer(Arc::new(bench.clock.clone()))
        .build()
        .unwrap()
}

async fn log_in(bench: &Bench, client: &OAuthClient) -> TokenSet {
    let actor = Actor::new(TenantId::from_bytes([1; 16]), "user-7");
    let started = client.start(StartRequest::new(actor.clone(), ScopeSet::parse("read"))).await.unwrap();
    let query = bench.server.authorize(started.url.as_str(), Decision::approve("person-1")).unwrap();
    let callback = CallbackParams::parse(&query).unwrap();
    let verified = client.complete(callback, &started.binder, &actor).await.unwrap();
    client.log_in(verified).await.unwrap().tokens
}

#[tokio::test]
async fn a_token_is_good_until_it_ends_or_is_taken_back() {
    let bench = Bench::plain();
    let client = client(&bench).await;
    let first = log_in(&bench, &client).await;
    let TokenCheck::Good(facts) = client.check(&first).await.unwrap() else { panic!("it is good") };
    assert_eq!((facts.subject.as_deref(), facts.expiry), (Some("person-1"), first.expiry()));

    bench.clock.advance(Duration::from_secs(3600));
    assert_eq!(client.check(&first).await.unwrap(), TokenCheck::Dead(ReauthReason::GrantExpired));
    let second = client.refresh(&first).await.unwrap();
    assert!(matches!(client.check(&second).await.unwrap(), TokenCheck::Good(_)));

    bench.server.withdraw("person-1");
    assert_eq!(client.check(&second).await.unwrap(), TokenCheck::Dead(ReauthReason::TokenRejected));
    assert_eq!(client.refresh(&second).await.unwrap_err().kind(), RefreshErrorKind::Revoked);
}

#[tokio::test]
async fn a_token_that_was_withdrawn_is_confirmed_once_more() {
    let bench = Bench::plain();
    let client = client(&bench).await;
    let tokens = log_in(&bench, &client).await;
    for _ in 0..2 {
        assert!(Refresh::revoke(&client, &tokens).await.unwrap());
        assert!(!bench.server.is_active(tokens.access().expose()));
    }
    assert_eq!(client.check(&tokens).await.unwrap(), TokenCheck::Dead(ReauthReason::TokenRejected));
}

#[tokio::test]
async fn an_app_whose_secret_was_replaced_learns_nothing_about_the_token() {
    let bench = Bench::plain();
    let client = client(&bench).await;
    let tokens = log_in(&bench, &client).await.with_expiry(Expiry::Unknown);
    bench.server.rotate_secrets("app-1", &["another"]);
    assert_eq!(client.check(&tokens).await.unwrap(), TokenCheck::NotOffered);
    assert_eq!(client.refresh(&tokens).await.unwrap_err().kind(), RefreshErrorKind::Misconfigured);
}
