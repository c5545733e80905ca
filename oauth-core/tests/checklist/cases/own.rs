//! Mistakes and troubles on the product's own side.

use std::sync::{Arc, atomic::Ordering};

use sociogram_api_core::{Clock, testing::canary};
use sociogram_oauth_core::{
    AccessToken, Actor, ClientSecret, Expiry, OAuthError, Provider, ProviderId, ProviderMetadata, Reason,
    RedirectUri, Refresh, ReturnTo, Scope, ScopeSet, StandardHooks, StartRequest, TokenKind, TokenSet,
};

use super::{Case, Login};
use crate::world::{APP, World, actor, request, tenant};

pub(crate) async fn all() -> Vec<Case> {
    let mut cases = set_up().await;
    cases.extend(input().await);
    cases.extend(renewals().await);
    cases
}

async fn set_up() -> Vec<Case> {
    let world = World::new();
    let generic = || world.generic();
    let hooks = || Arc::new(StandardHooks::new());
    let redirect = RedirectUri::parse("https://app.example.com/cb").unwrap();
    let metadata = |json: &str| ProviderMetadata::parse("https://as.example", json.as_bytes()).map(|_| ());
    let mut errors = vec![
        (
            "no secret",
            Reason::Setup,
            world.bare(generic().await, APP).redirect_uri(redirect.clone()).build().err(),
        ),
        (
            "an empty secret",
            Reason::Setup,
            world.builder(generic().await).client_secret(ClientSecret::new(" ")).build().err(),
        ),
        (
            "no redirect URI",
            Reason::Setup,
            world
                .bare(generic().await, APP)
                .client_secret(ClientSecret::new(canary::secret("s")))
                .build()
                .err(),
        ),
        ("no client id", Reason::Setup, world.bare(generic().await, "").build().err()),
        (
            "a cookie for loopback",
            Reason::Setup,
            world.builder(generic().await).insecure_loopback_cookie().build().err(),
        ),
        (
            "a parameter of the flow's own",
            Reason::Setup,
            world.builder(generic().await.with_authorize_param("state", "CANARYx")).build().err(),
        ),
        (
            "a redirect URI with a wildcard",
            Reason::Setup,
            RedirectUri::parse("https://*.example.com/CANARY").err(),
        ),
        ("metadata that are no JSON", Reason::MetadataInvalid, metadata("CANARY").err()),
        (
            "metadata of another issuer",
            Reason::MetadataInvalid,
            metadata(r#"{"issuer":"https://CANARY.example"}"#).err(),
        ),
        (
            "metadata without endpoints",
            Reason::MetadataInvalid,
            metadata(r#"{"issuer":"https://as.example"}"#).err(),
        ),
    ];
    let embedded = world.build(Provider::facebook(hooks()));
    errors.push((
        "a signup in a script where there is none",
        Reason::NotOffered,
        embedded.start_embedded(StartRequest::new(actor(), ScopeSet::new())).await.err(),
    ));
    let bad = Provider::generic(ProviderId::new("CANARY id"), world.metadata().await);
    errors.push(("a provider id that is none", Reason::Setup, bad.err()));
    collect(&world, errors)
}

async fn input() -> Vec<Case> {
    let world = World::new();
    let client = world.client().await;
    let facebook = world.build(Provider::facebook(Arc::new(StandardHooks::new())));
    let start = |request: StartRequest| {
        let client = client.clone();
        async move { client.start(request).await.err() }
    };
    let two_in_one: ScopeSet = [Scope::new("read,CANARY write")].into_iter().collect();
    let errors = vec![
        ("nobody", Reason::Input, start(StartRequest::new(Actor::new(tenant(1), ""), ScopeSet::new())).await),
        ("two scopes in one", Reason::Input, start(StartRequest::new(actor(), two_in_one)).await),
        ("an empty account", Reason::Input, start(request().for_user("")).await),
        ("a return to another site", Reason::Input, ReturnTo::parse("//evil.example/CANARY").err()),
        (
            "another product's scope",
            Reason::MixedScopes,
            facebook.start(StartRequest::new(actor(), ScopeSet::parse("w_member_social"))).await.err(),
        ),
    ];
    let mut cases = collect(&world, errors);

    world.sessions.is_away.store(true, Ordering::Relaxed);
    let error = client.start(request()).await.err();
    cases.extend(collect(
        &world,
        vec![("a store that is away at the start", Reason::StoreUnavailable, error)],
    ));
    let login = Login::new().await;
    login.world.sessions.is_away.store(true, Ordering::Relaxed);
    let error = login.browser.come_back(&login.client, &login.query, &actor()).await.unwrap_err();
    cases.push(login.case("a store that is away at the callback", Reason::StoreUnavailable, &error));
    cases
}

async fn renewals() -> Vec<Case> {
    let world = World::new();
    let client = world.client().await;
    let instagram = world.build(Provider::instagram(Arc::new(StandardHooks::new())));
    let token = |kind| TokenSet::new(AccessToken::new(canary::secret("token")), kind);
    let now = world.clock.now();
    let ended = token(TokenKind::Generic).with_refresh(canary::secret("refresh").into(), Expiry::At(now));
    let young = token(TokenKind::InstagramUser).with_issued_at(now);
    let too_young = instagram.refresh(&young).await.unwrap_err();
    let cause = std::error::Error::source(&too_young).unwrap().downcast_ref::<OAuthError>().unwrap();
    let too_young = Case::alone("a token that is too young", Reason::TooYoung, cause, &world.sessions);
    let errors = vec![
        (
            "no refresh token",
            Reason::NoRefreshToken,
            client.refresh_token(&token(TokenKind::Generic)).await.err(),
        ),
        ("a refresh token that has ended", Reason::NoRefreshToken, client.refresh_token(&ended).await.err()),
        (
            "no long-lived form",
            Reason::NotOffered,
            client.exchange_long_lived(&token(TokenKind::Generic)).await.err(),
        ),
    ];
    let mut cases = collect(&world, errors);
    cases.push(too_young);
    cases
}

fn collect(world: &World, errors: Vec<(&str, Reason, Option<OAuthError>)>) -> Vec<Case> {
    let case = |(what, expected, error): (&str, Reason, Option<OAuthError>)| {
        let error = error.unwrap_or_else(|| panic!("{what} is no error"));
        Case::alone(what, expected, &error, &world.sessions)
    };
    errors.into_iter().map(case).collect()
}
