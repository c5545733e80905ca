//! Taking a grant back, as a vault does it.

use super::*;

fn revoking() -> Provider {
    generic(metadata().with_revocation("https://id.example.com/revoke").unwrap())
}

fn tokens() -> TokenSet {
    TokenSet::new("access".into(), TokenKind::Generic).with_refresh("refresh".into(), Expiry::Unknown)
}

/// What becomes of a revocation when both tokens are answered so.
async fn withdrawn(status: u16, body: &'static str) -> Result<bool, RefreshErrorKind> {
    let world = World::scripted(|t| (0..20).fold(t, |t, _| t.respond(status, &[], body)));
    let client = world.client(revoking());
    let outcome = world.drive(async move { Refresh::revoke(&client, &tokens()).await }).await;
    outcome.map_err(|error| error.kind())
}

#[tokio::test]
async fn only_the_providers_word_confirms() {
    use RefreshErrorKind::{Misconfigured, Refused, Throttled, Transient};
    for (status, body, outcome) in [
        (200, "", Ok(true)),
        // The token is no good any more: there is nothing to withdraw.
        (400, r#"{"error":"invalid_grant"}"#, Ok(true)),
        (400, r#"{"error":"invalid_token"}"#, Ok(true)),
        (400, r#"{"error":"unsupported_token_type"}"#, Ok(false)),
        // The app may not: that is no word about the grant.
        (403, r#"{"error":"access_denied"}"#, Err(Refused)),
        (401, r#"{"error":"invalid_client"}"#, Err(Misconfigured)),
        (400, r#"{"error":"something_new"}"#, Err(Refused)),
        (429, "", Err(Throttled)),
        (503, "", Err(Transient)),
        (200, "<html>", Err(Transient)),
    ] {
        assert_eq!(withdrawn(status, body).await, outcome, "{status} {body}");
    }
    let world = World::new();
    let client = world.client(generic(metadata()));
    assert!(!Refresh::revoke(&client, &tokens()).await.unwrap());
    assert!(world.transport.requests().is_empty());
}

#[tokio::test]
async fn a_token_that_is_gone_does_not_confirm_the_other_one() {
    let world = World::scripted(|t| {
        t.respond(400, &[], r#"{"error":"invalid_token"}"#).respond(400, &[], r#"{"error":"x"}"#)
    });
    let error = Refresh::revoke(&world.client(revoking()), &tokens()).await.unwrap_err();
    assert_eq!(error.kind(), RefreshErrorKind::Refused);
    assert_eq!(world.transport.requests().len(), 2);
}

/// Hooks that say why they could not.
#[derive(Debug)]
struct Fails(Option<ReauthReason>);

#[crate::async_trait]
impl ProviderHooks for Fails {
    fn refusal(&self, answer: &RefusedAnswer<'_>) -> Refusal {
        crate::StandardHooks::new().refusal(answer)
    }

    async fn revoke(&self, _: &TokenSet) -> Result<bool, OAuthError> {
        let error = OAuthError::because(Reason::GrantRevoked);
        Err(match self.0 {
            Some(reason) => error.with_reauth_reason(reason),
            None => error,
        })
    }
}

#[tokio::test]
async fn a_grant_that_is_gone_is_confirmed_and_a_token_that_may_revive_is_not() {
    use RefreshErrorKind::{Refused, Revoked};
    let reasons = ReauthReason::ALL.iter().copied().map(Some).chain([None]);
    for reason in reasons {
        let client = World::new().client(generic(metadata()).with_hooks(Arc::new(Fails(reason))));
        let outcome = Refresh::revoke(&client, &tokens()).await;
        let outcome = outcome.map_err(|error| (error.kind(), error.reauth_reason()));
        let expected = match reason {
            None | Some(ReauthReason::AppRemoved | ReauthReason::GrantRevoked) => Ok(true),
            Some(ReauthReason::Checkpoint) => Err((Refused, None)),
            // The token is dead, and the grant may not be: nothing more can be done with it.
            other => Err((Revoked, other)),
        };
        assert_eq!(outcome, expected, "{reason:?}");
    }
}
