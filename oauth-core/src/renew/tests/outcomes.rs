//! What a failed renewal means for the token that was used.

use super::*;

fn rotating(rotation: Rotation) -> Provider {
    generic(metadata()).with_rotation(rotation)
}

fn current(kind: TokenKind) -> TokenSet {
    TokenSet::new("old".into(), kind)
        .with_refresh(RefreshToken::new(canary::secret("refresh")), Expiry::Unknown)
}

async fn fail(
    provider: Provider,
    kind: TokenKind,
    script: impl FnOnce(ScriptedTransport) -> ScriptedTransport,
) -> (RefreshError, usize) {
    let world = World::scripted(script);
    let (client, tokens) = (world.client(provider), current(kind));
    let error = world.drive(async move { client.refresh(&tokens).await }).await.unwrap_err();
    assert_eq!(canary::leaks(&canary::printed(&error)), Vec::<String>::new());
    (error, world.transport.requests().len())
}

#[tokio::test]
async fn refusals_say_whether_the_token_may_be_tried_again() {
    use RefreshErrorKind::{Misconfigured, Refused, Revoked, Throttled};
    let cases = [
        (400, r#"{"error":"invalid_grant"}"#, Revoked),
        (401, r#"{"error":"invalid_client"}"#, Misconfigured),
        (400, r#"{"error":"unauthorized_client"}"#, Misconfigured),
        (302, "", Misconfigured),
        (429, "", Throttled),
        (400, r#"{"error":"something_new"}"#, Refused),
        (404, "gone", Refused),
    ];
    for rotation in [Rotation::None, Rotation::Strict] {
        for (status, body, kind) in cases {
            let script = |t: ScriptedTransport| {
                let answer =
                    |t: ScriptedTransport| t.respond(status, &[("location", "https://x.example")], body);
                (0..10).fold(t, |t, _| answer(t))
            };
            let (error, _) = fail(rotating(rotation), TokenKind::Generic, script).await;
            assert_eq!(error.kind(), kind, "{rotation:?} {status} {body}");
        }
    }
}

#[tokio::test]
async fn a_lost_grant_says_why_where_the_answer_does() {
    use ReauthReason::{GrantExpired, PermissionsLost};
    let answered = |status, body: &'static str| {
        fail(rotating(Rotation::None), TokenKind::Generic, move |t| t.respond(status, &[], body))
    };
    // `invalid_grant` does not tell a revoked grant from an ended one (RFC 6749 section 5.2).
    let (error, _) = answered(400, r#"{"error":"invalid_grant"}"#).await;
    assert_eq!((error.kind(), error.reauth_reason()), (RefreshErrorKind::Revoked, None));
    let (error, _) = answered(403, r#"{"error":"insufficient_scope"}"#).await;
    assert_eq!((error.kind(), error.reauth_reason()), (RefreshErrorKind::Revoked, Some(PermissionsLost)));

    let world = World::scripted(|t| t.json(r#"{"access_token":"new"}"#));
    let ended = Expiry::At(world.clock_in(0));
    for (client, tokens) in [
        (world.client(linkedin()), TokenSet::new("old".into(), TokenKind::LinkedInMember)),
        (world.client(linkedin()), current(TokenKind::LinkedInMember).with_refresh("r".into(), ended)),
        (world.client(instagram()), TokenSet::new("old".into(), TokenKind::InstagramUser).with_expiry(ended)),
    ] {
        let error = client.refresh(&tokens).await.unwrap_err();
        assert_eq!((error.kind(), error.reauth_reason()), (RefreshErrorKind::Revoked, Some(GrantExpired)));
    }
    assert!(world.transport.requests().is_empty());
}

/// Hooks that read a reason out of every refusal.
#[derive(Debug)]
struct Explains(crate::OAuthErrorClass, ReauthReason);

impl ProviderHooks for Explains {
    fn refusal(&self, _: &RefusedAnswer<'_>) -> Refusal {
        Refusal::new(self.0).with_reauth_reason(self.1)
    }
}

#[tokio::test]
async fn the_reason_that_the_hooks_read_reaches_the_vault() {
    use crate::OAuthErrorClass::{
        InvalidClient, Misconfigured, Permission, Reauthorize, Rejected, Throttled, Transient,
    };
    for reason in ReauthReason::ALL {
        for class in [Reauthorize, Permission, InvalidClient, Misconfigured, Rejected, Throttled, Transient] {
            // With a status of success, too, a refusal is one.
            for (status, body) in [(400, "{}"), (200, r#"{"error":{"code":190}}"#)] {
                let hooks = Arc::new(Explains(class, *reason));
                let script = |t: ScriptedTransport| (0..10).fold(t, |t, _| t.respond(status, &[], body));
                let (error, _) = fail(facebook().with_hooks(hooks), TokenKind::MetaUserLong, script).await;
                let lost = matches!(class, Reauthorize | Permission);
                assert_eq!(error.kind() == RefreshErrorKind::Revoked, lost, "{class:?} {status}");
                assert_eq!(error.reauth_reason(), lost.then_some(*reason), "{class:?} {status}");
            }
        }
    }
}

#[tokio::test]
async fn the_wait_that_a_provider_asks_for_is_handed_on() {
    let script = |t: ScriptedTransport| t.respond(429, &[("retry-after", "60")], "");
    let (error, _) = fail(linkedin(), TokenKind::LinkedInMember, script).await;
    assert_eq!(
        (error.kind(), error.retry_after()),
        (RefreshErrorKind::Throttled, Some(Duration::from_secs(60)))
    );
}

#[tokio::test]
async fn an_unknown_outcome_leaves_a_rotating_token_in_doubt_and_another_one_good() {
    type Script = fn(ScriptedTransport) -> ScriptedTransport;
    let unknown: [Script; 7] = [
        |t| t.fail(TransportErrorKind::Timeout),
        |t| t.fail(TransportErrorKind::Interrupted),
        |t| t.fail(TransportErrorKind::TooLarge),
        |t| t.respond(503, &[], ""),
        |t| t.json(""),
        |t| t.json(r#"{"access_token":""}"#),
        |t| t.respond(200, &[], "<html>"),
    ];
    for script in unknown {
        for rotation in [Rotation::Strict, Rotation::Grace(Duration::from_secs(30))] {
            let (error, sent) = fail(rotating(rotation), TokenKind::Generic, script).await;
            assert_eq!((error.kind(), sent), (RefreshErrorKind::InDoubt, 1), "{error}");
        }
        // Whatever the road repeats ends in the script's end, which is a failure too.
        let (error, _) = fail(rotating(Rotation::None), TokenKind::Generic, script).await;
        assert_eq!(error.kind(), RefreshErrorKind::Transient, "{error}");
        let (error, _) = fail(linkedin(), TokenKind::LinkedInMember, script).await;
        assert_eq!(error.kind(), RefreshErrorKind::Transient, "{error}");
    }
}

#[tokio::test]
async fn a_connection_that_was_never_made_spends_nothing() {
    for rotation in [Rotation::None, Rotation::Strict] {
        let script = |t| (0..10).fold(t, |t: ScriptedTransport, _| t.fail(TransportErrorKind::Connect));
        let (error, _) = fail(rotating(rotation), TokenKind::Generic, script).await;
        assert_eq!(error.kind(), RefreshErrorKind::NotSent, "{rotation:?}");
    }
}

#[tokio::test]
async fn a_renewal_is_tried_again_when_the_connection_breaks() {
    let world =
        World::scripted(|t| t.fail(TransportErrorKind::Interrupted).json(r#"{"access_token":"new"}"#));
    let client = world.client(linkedin());
    let tokens = member(&world);
    let renewed = world.drive(async move { client.refresh(&tokens).await }).await.unwrap();
    assert_eq!(renewed.access().expose(), "new");
    assert_eq!(world.transport.requests().len(), 2);
}
