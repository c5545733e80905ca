use std::{collections::BTreeMap, sync::Arc, time::Duration};

use sociogram_api_core::{
    http::TransportErrorKind,
    testing::{CapturedLogs, ScriptedTransport, canary},
};

use super::*;
use crate::{
    AccessToken, Provider, ProviderHooks, ReauthReason, Refresh, RefreshError, RefreshErrorKind,
    RefreshToken, Refusal, RefusedAnswer, Rotation, TokenCheck, TokenFacts,
    client::tests::{FakeHooks, World, facebook, form, generic, linkedin, metadata},
};

mod check;
mod derive;
mod outcomes;
mod withdraw;

fn member(world: &World) -> TokenSet {
    TokenSet::new("old".into(), TokenKind::LinkedInMember)
        .with_refresh(RefreshToken::new(canary::secret("refresh")), Expiry::At(world.clock_in(1_000)))
        .with_scopes(ScopeSet::parse("email"))
}

fn sent<const N: usize>(pairs: [(&str, String); N]) -> BTreeMap<String, String> {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

#[tokio::test]
async fn linkedin_renews_with_the_refresh_token_and_keeps_what_is_not_repeated() {
    let world = World::scripted(|t| t.json(r#"{"access_token":"new","expires_in":5184000}"#));
    let client = world.client(linkedin());
    let renewed = client.refresh(&member(&world)).await.unwrap();
    assert_eq!(renewed.access().expose(), "new");
    assert_eq!(renewed.kind(), TokenKind::LinkedInMember);
    assert_eq!(renewed.expiry(), Expiry::At(world.clock_in(5_184_000)));
    assert_eq!(renewed.refresh().unwrap().expose(), canary::secret("refresh"));
    assert_eq!(renewed.refresh_expiry(), Expiry::At(world.clock_in(1_000)));
    assert_eq!(renewed.scopes(), Some(&ScopeSet::parse("email")));

    let requests = world.transport.requests();
    assert_eq!(requests[0].uri.to_string(), "https://www.linkedin.com/oauth/v2/accessToken");
    let expected = sent([
        ("client_id", "app-1".to_owned()),
        ("client_secret", canary::secret("secret")),
        ("grant_type", "refresh_token".to_owned()),
        ("refresh_token", canary::secret("refresh")),
    ]);
    assert_eq!(form(&requests[0]), expected);
}

#[tokio::test]
async fn what_the_provider_does_repeat_replaces_the_old() {
    let world = World::scripted(|t| {
        t.json(
            r#"{"access_token":"new","refresh_token":"next","refresh_token_expires_in":500,"scope":"email,openid"}"#,
        )
    });
    let renewed = world.client(linkedin()).refresh(&member(&world)).await.unwrap();
    assert_eq!(renewed.refresh().unwrap().expose(), "next");
    assert_eq!(renewed.refresh_expiry(), Expiry::At(world.clock_in(500)));
    assert_eq!(renewed.scopes(), Some(&ScopeSet::parse("email openid")));
}

#[tokio::test]
async fn the_end_of_a_replaced_refresh_token_says_nothing_about_the_new_one() {
    for (token, known) in [("next".to_owned(), false), (canary::secret("refresh"), true)] {
        let answer = format!(r#"{{"access_token":"new","refresh_token":"{token}"}}"#);
        let world = World::scripted(|t| t.json(answer));
        let renewed = world.client(linkedin()).refresh(&member(&world)).await.unwrap();
        let expected = if known { Expiry::At(world.clock_in(1_000)) } else { Expiry::Unknown };
        assert_eq!(renewed.refresh_expiry(), expected);
    }
}

#[tokio::test]
async fn without_a_usable_refresh_token_nothing_is_sent() {
    let world = World::new();
    let client = world.client(linkedin());
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
async fn facebook_exchanges_the_token_itself() {
    let world = World::scripted(|t| t.json(r#"{"access_token":"long","expires_in":5183944}"#));
    let client = world.client(facebook());
    let short = TokenSet::new(canary::secret("short").into(), TokenKind::MetaUserShort)
        .with_scopes(ScopeSet::parse("email"));
    let long = client.exchange_long_lived(&short).await.unwrap();
    assert_eq!((long.access().expose(), long.kind()), ("long", TokenKind::MetaUserLong));
    assert_eq!(long.expiry(), Expiry::At(world.clock_in(5_183_944)));
    assert_eq!(long.scopes(), Some(&ScopeSet::parse("email")));

    let request = &world.transport.requests()[0];
    assert_eq!(request.uri.to_string(), "https://graph.facebook.com/v26.0/oauth/access_token");
    let expected = sent([
        ("client_id", "app-1".to_owned()),
        ("client_secret", canary::secret("secret")),
        ("fb_exchange_token", canary::secret("short")),
        ("grant_type", "fb_exchange_token".to_owned()),
    ]);
    assert_eq!(form(request), expected);
}

fn instagram() -> Provider {
    Provider::instagram(Arc::new(FakeHooks::default()))
}

#[tokio::test]
async fn every_sort_of_token_is_renewed_its_own_way() {
    let business = || Provider::whatsapp_embedded_signup("11", Arc::new(FakeHooks::default()));
    let threads = || Provider::threads(Arc::new(FakeHooks::default()));
    let graph = "https://graph.facebook.com/v26.0/oauth/access_token";
    let cases: [(TokenKind, Provider, &str, &str); 5] = [
        (TokenKind::MetaUserShort, facebook(), graph, "fb_exchange_token"),
        (TokenKind::MetaUserLong, facebook(), graph, "fb_exchange_token"),
        (TokenKind::WhatsAppBusiness, business(), graph, "fb_exchange_token"),
        (
            TokenKind::InstagramUser,
            instagram(),
            "https://graph.instagram.com/refresh_access_token",
            "ig_refresh_token",
        ),
        (
            TokenKind::ThreadsUser,
            threads(),
            "https://graph.threads.net/refresh_access_token",
            "th_refresh_token",
        ),
    ];
    for (kind, provider, url, grant) in cases {
        let world = World::scripted(|t| t.json(r#"{"access_token":"new","expires_in":5183944}"#));
        let client = match provider.id() {
            id if *id == crate::ProviderId::WHATSAPP => {
                world.bare(provider).client_secret("s".into()).build().unwrap()
            }
            _ => world.client(provider),
        };
        let renewed = client.refresh(&TokenSet::new("old".into(), kind)).await.unwrap();
        assert_eq!(renewed.access().expose(), "new", "{kind}");
        let expected = if kind == TokenKind::MetaUserShort { TokenKind::MetaUserLong } else { kind };
        assert_eq!(renewed.kind(), expected);
        let request = &world.transport.requests()[0];
        let (address, query) = {
            let uri = request.uri.to_string();
            let (address, query) = uri.split_once('?').unwrap_or((&uri, ""));
            (address.to_owned(), query.to_owned())
        };
        let body = String::from_utf8(request.body.to_vec()).unwrap();
        assert_eq!(address, url, "{kind}");
        assert!(format!("{query}&{body}").contains(&format!("grant_type={grant}")), "{kind}: {query}");
    }
}

#[tokio::test]
async fn a_sixty_day_token_of_facebook_is_exchanged_and_the_answer_is_handed_on_whatever_its_end() {
    let world = World::new();
    let old = Expiry::At(world.clock_in(1_000));
    for (body, access, end) in [
        (r#"{"access_token":"new","expires_in":5183944}"#, "new", Expiry::At(world.clock_in(5_183_944))),
        // The same end as before, and one that is nearer.
        (r#"{"access_token":"new","expires_in":1000}"#, "new", old),
        (r#"{"access_token":"old","expires_in":1000}"#, "old", old),
        (r#"{"access_token":"new","expires_in":7}"#, "new", Expiry::At(world.clock_in(7))),
        // Nothing is known of the end of another token; of the same one nothing has changed.
        (r#"{"access_token":"new"}"#, "new", Expiry::Unknown),
        (r#"{"access_token":"old"}"#, "old", old),
    ] {
        let world = World::scripted(|t| t.json(body));
        let client = world.client(facebook());
        let current = TokenSet::new("old".into(), TokenKind::MetaUserLong)
            .with_expiry(old)
            .with_scopes(ScopeSet::parse("email"));
        assert_eq!(current.renewal(client.rotation()), Renewal::MayExtend);
        let renewed = client.refresh(&current).await.unwrap();
        assert_eq!((renewed.access().expose(), renewed.expiry()), (access, end), "{body}");
        assert_eq!((renewed.kind(), renewed.scopes()), (TokenKind::MetaUserLong, current.scopes()));
        assert_eq!(form(&world.transport.requests()[0])["fb_exchange_token"], "old");
    }
}

#[test]
fn the_rotation_is_the_providers() {
    let world = World::new();
    let grace = Rotation::Grace(Duration::from_secs(30));
    assert_eq!(world.client(generic(metadata())).rotation(), Rotation::Strict);
    assert_eq!(world.client(generic(metadata()).with_rotation(grace)).rotation(), grace);
    assert_eq!(world.client(linkedin()).rotation(), Rotation::None);
}

#[tokio::test]
async fn a_token_that_is_too_young_is_kept_and_nothing_is_sent() {
    let world = World::scripted(|t| t.json(r#"{"access_token":"new"}"#));
    let client = world.client(instagram());
    let young = TokenSet::new("t".into(), TokenKind::InstagramUser).with_issued_at(world.clock_in(0));
    assert_eq!(
        young.renewal(client.rotation()),
        Renewal::WhileValid { min_age: Duration::from_secs(86_400) }
    );
    world.clock.advance(Duration::from_secs(86_399));
    let error = client.refresh(&young).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.retry_after()),
        (RefreshErrorKind::Throttled, Some(Duration::from_secs(1)))
    );
    assert!(world.transport.requests().is_empty());
    world.clock.advance(Duration::from_secs(1));
    assert_eq!(client.refresh(&young).await.unwrap().access().expose(), "new");
}

#[tokio::test]
async fn a_token_that_has_ended_cannot_renew_itself() {
    let world = World::new();
    for (provider, kind) in [(instagram(), TokenKind::InstagramUser), (facebook(), TokenKind::MetaUserLong)] {
        let ended = TokenSet::new("t".into(), kind).with_expiry(Expiry::At(world.clock_in(0)));
        let error = world.client(provider).refresh(&ended).await.unwrap_err();
        assert_eq!(error.kind(), RefreshErrorKind::Revoked, "{kind}");
    }
    assert!(world.transport.requests().is_empty());
}

#[tokio::test]
async fn tokens_that_are_not_renewed_this_way_are_left_alone() {
    let world = World::new();
    let client = world.client(facebook());
    for (tokens, what) in [
        (TokenSet::new("t".into(), TokenKind::MetaPage), "parent"),
        (TokenSet::new("t".into(), TokenKind::MetaSystemUser).with_expiry(Expiry::Never), "no end"),
    ] {
        let error = client.refresh(&tokens).await.unwrap_err();
        assert_eq!(error.kind(), RefreshErrorKind::NotOffered);
        assert!(error.to_string().contains(what), "{error}");
    }
    let error = world.client(linkedin()).exchange_long_lived(&member(&world)).await.unwrap_err();
    assert_eq!(error.reason(), Reason::NotOffered);
    let page = TokenSet::new("t".into(), TokenKind::MetaPage);
    assert_eq!(client.exchange_long_lived(&page).await.unwrap_err().reason(), Reason::NotOffered);
    assert!(world.transport.requests().is_empty());
}

#[tokio::test]
async fn an_apps_own_token_is_made_anew() {
    let world = World::scripted(|t| t.json(r#"{"access_token":"app","expires_in":"1800"}"#));
    let old = TokenSet::new("old".into(), TokenKind::LinkedInApp);
    let client = world.client(linkedin());
    assert_eq!(old.renewal(client.rotation()), Renewal::FromApp);
    let renewed = client.refresh(&old).await.unwrap();
    assert_eq!((renewed.access().expose(), renewed.kind()), ("app", TokenKind::LinkedInApp));
    assert_eq!(form(&world.transport.requests()[0])["grant_type"], "client_credentials");
}

#[tokio::test]
async fn lost_scopes_are_logged_and_gained_ones_are_not() {
    for (scope, lost) in [("email", Some("w_member_social")), ("email,w_member_social,openid", None)] {
        let logs = CapturedLogs::start();
        let world = World::scripted(|t| t.json(format!(r#"{{"access_token":"t","scope":"{scope}"}}"#)));
        let before = member(&world).with_scopes(ScopeSet::parse("email w_member_social"));
        let renewed = world.client(linkedin()).refresh(&before).await.unwrap();
        assert_eq!(renewed.scopes(), Some(&ScopeSet::parse(scope)));
        let text = logs.text();
        let warned = text.lines().any(|line| line.contains("WARN") && line.contains("scopes were lost"));
        assert_eq!(warned, lost.is_some(), "{text}");
        assert!(lost.is_none_or(|lost| text.contains(&format!("lost={lost}"))), "{text}");
    }
}
