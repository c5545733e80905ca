use std::time::Duration;

use sociogram_api_core::{
    http::TransportErrorKind,
    testing::{ScriptedTransport, canary},
};

use crate::{
    Expiry, Provider, Refresh, RefreshErrorKind, RefreshToken, ScopeSet, TokenKind, TokenSet,
    client::tests::World,
};

fn member(world: &World) -> TokenSet {
    TokenSet::new("old".into(), TokenKind::LinkedInMember)
        .with_refresh(RefreshToken::new(canary::secret("refresh")), Expiry::At(world.clock_in(1_000)))
        .with_scopes(ScopeSet::parse("email"))
}

fn scripted(script: impl FnOnce(ScriptedTransport) -> ScriptedTransport) -> World {
    let mut world = World::new();
    world.transport = script(world.transport);
    world
}

#[tokio::test]
async fn linkedin_renews_with_the_refresh_token_and_keeps_what_is_not_repeated() {
    let world = scripted(|t| t.json(r#"{"access_token":"new","expires_in":5184000}"#));
    let client = world.client(Provider::linkedin());
    let renewed = client.refresh(&member(&world)).await.unwrap();
    assert_eq!(renewed.access().expose(), "new");
    assert_eq!(renewed.kind(), TokenKind::LinkedInMember);
    assert_eq!(renewed.expiry(), Expiry::At(world.clock_in(5_184_000)));
    assert_eq!(renewed.refresh().unwrap().expose(), canary::secret("refresh"));
    assert_eq!(renewed.refresh_expiry(), Expiry::At(world.clock_in(1_000)));
    assert_eq!(renewed.scopes(), Some(&ScopeSet::parse("email")));

    let requests = world.transport.requests();
    assert_eq!(requests[0].uri.to_string(), "https://www.linkedin.com/oauth/v2/accessToken");
    let form: std::collections::BTreeMap<_, _> = form_urlencoded::parse(&requests[0].body).collect();
    let expected = [
        ("client_id", "app-1".to_owned()),
        ("client_secret", canary::secret("secret")),
        ("grant_type", "refresh_token".to_owned()),
        ("refresh_token", canary::secret("refresh")),
    ];
    assert_eq!(form, expected.map(|(name, value)| (name.into(), value.into())).into());
}

#[tokio::test]
async fn what_linkedin_does_repeat_replaces_the_old() {
    let world = scripted(|t| {
        t.json(
            r#"{"access_token":"new","refresh_token":"next","refresh_token_expires_in":500,"scope":"email,openid"}"#,
        )
    });
    let renewed = world.client(Provider::linkedin()).refresh(&member(&world)).await.unwrap();
    assert_eq!(renewed.refresh().unwrap().expose(), "next");
    assert_eq!(renewed.refresh_expiry(), Expiry::At(world.clock_in(500)));
    assert_eq!(renewed.scopes(), Some(&ScopeSet::parse("email openid")));
}

#[tokio::test]
async fn without_a_usable_refresh_token_nothing_is_sent() {
    let world = World::new();
    let client = world.client(Provider::linkedin());
    let none = TokenSet::new("t".into(), TokenKind::LinkedInMember);
    let empty = none.clone().with_refresh(RefreshToken::new(""), Expiry::Unknown);
    let ended = none.clone().with_refresh(RefreshToken::new("r"), Expiry::At(world.clock_in(0)));
    for tokens in [none, empty, ended] {
        let client = client.clone();
        let error = world.drive(async move { client.refresh(&tokens).await }).await.unwrap_err();
        assert_eq!(error.kind(), RefreshErrorKind::Revoked);
    }
    assert!(world.transport.requests().is_empty());
}

#[tokio::test]
async fn facebook_renews_by_exchanging_the_token_itself() {
    let world = scripted(|t| t.json(r#"{"access_token":"long","token_type":"bearer","expires_in":5183944}"#));
    let client = world.client(Provider::facebook());
    let short = TokenSet::new(canary::secret("short").into(), TokenKind::MetaUserShort)
        .with_scopes(ScopeSet::parse("email"));
    let long = client.exchange_long_lived(&short).await.unwrap();
    assert_eq!((long.access().expose(), long.kind()), ("long", TokenKind::MetaUserLong));
    assert_eq!(long.expiry(), Expiry::At(world.clock_in(5_183_944)));
    assert_eq!(long.scopes(), Some(&ScopeSet::parse("email")));

    let request = &world.transport.requests()[0];
    assert_eq!(request.uri.to_string(), "https://graph.facebook.com/v26.0/oauth/access_token");
    let form: std::collections::BTreeMap<_, _> = form_urlencoded::parse(&request.body).collect();
    let expected = [
        ("client_id", "app-1".to_owned()),
        ("client_secret", canary::secret("secret")),
        ("fb_exchange_token", canary::secret("short")),
        ("grant_type", "fb_exchange_token".to_owned()),
    ];
    assert_eq!(form, expected.map(|(name, value)| (name.into(), value.into())).into());
}

#[tokio::test]
async fn tokens_without_a_longer_form_are_left_alone() {
    let world = World::new();
    let page = TokenSet::new("t".into(), TokenKind::MetaPage);
    let facebook = world.client(Provider::facebook());
    assert_eq!(facebook.refresh(&page).await.unwrap_err().kind(), RefreshErrorKind::Misconfigured);
    let linkedin = world.client(Provider::linkedin());
    assert!(linkedin.exchange_long_lived(&member(&world)).await.is_err());
    assert!(world.transport.requests().is_empty());
}

#[tokio::test]
async fn failures_say_whether_the_token_may_be_tried_again() {
    let cases = [
        (400, r#"{"error":"invalid_request"}"#, RefreshErrorKind::Revoked),
        (400, r#"{"error":"invalid_grant"}"#, RefreshErrorKind::Revoked),
        (401, r#"{"error":"invalid_client"}"#, RefreshErrorKind::Misconfigured),
        (200, r#"{"access_token":""}"#, RefreshErrorKind::Retry),
    ];
    for (status, body, kind) in cases {
        let world = scripted(|t| t.respond(status, &[], body));
        let (client, tokens) = (world.client(Provider::linkedin()), member(&world));
        let error = world.drive(async move { client.refresh(&tokens).await }).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{status} {body}");
        assert_eq!(world.transport.requests().len(), 1, "{status} {body}");
        assert_eq!(canary::leaks(&canary::printed(&error)), Vec::<String>::new());
    }
    let world = scripted(|t| t.respond(429, &[("retry-after", "60")], ""));
    let (client, tokens) = (world.client(Provider::linkedin()), member(&world));
    let error = world.drive(async move { client.refresh(&tokens).await }).await.unwrap_err();
    assert_eq!((error.kind(), error.retry_after()), (RefreshErrorKind::Retry, Some(Duration::from_secs(60))));
}

#[tokio::test]
async fn a_renewal_is_tried_again_when_the_connection_breaks() {
    let world = scripted(|t| t.fail(TransportErrorKind::Interrupted).json(r#"{"access_token":"new"}"#));
    let client = world.client(Provider::linkedin());
    let tokens = member(&world);
    let renewed = world.drive(async move { client.refresh(&tokens).await }).await.unwrap();
    assert_eq!(renewed.access().expose(), "new");
    assert_eq!(world.transport.requests().len(), 2);
}
