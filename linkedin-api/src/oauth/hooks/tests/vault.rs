//! What a vault learns of LinkedIn's answers through the client.

use sociogram_oauth_core::{
    Expiry, MemorySessionStore, OAuthClient, ReauthReason, RedirectUri, Refresh, RefreshErrorKind, Rotation,
    TokenCheck, TokenKind,
};

use super::*;

fn vault_client(transport: &ScriptedTransport) -> OAuthClient {
    OAuthClient::builder(crate::oauth::linkedin(&builder(transport).build().unwrap()), "86app")
        .client_secret("secret".into())
        .redirect_uri(RedirectUri::parse("https://app.example.com/cb").unwrap())
        .transport(Arc::new(transport.clone()))
        .sessions(Arc::new(MemorySessionStore::new()))
        .build()
        .unwrap()
}

fn always(status: u16, body: &str) -> ScriptedTransport {
    (0..10).fold(ScriptedTransport::new(), |script, _| script.respond(status, &[], body.to_owned()))
}

fn member() -> TokenSet {
    TokenSet::new("token".into(), TokenKind::LinkedInMember).with_refresh("refresh".into(), Expiry::Unknown)
}

#[tokio::test]
async fn the_status_of_an_introspection_is_the_reason() {
    use ReauthReason::{GrantExpired, GrantRevoked, LegacyToken, TokenRejected};
    for (answer, reason) in [
        (r#"{"active":false,"status":"revoked","client_id":"86app"}"#, GrantRevoked),
        (r#"{"active":false,"status":"expired","client_id":"86app","expires_at":1}"#, GrantExpired),
        // What LinkedIn says of somebody else's token, and of text that is none.
        (r#"{"active":false}"#, TokenRejected),
        (r#"{"active":true,"status":"active","client_id":"86other"}"#, LegacyToken),
    ] {
        let transport = always(200, answer);
        let check = vault_client(&transport).check(&member()).await.unwrap();
        assert_eq!(check, TokenCheck::Dead(reason), "{answer}");
        let [request] = transport.requests().try_into().unwrap();
        assert_eq!(request.uri.to_string(), "https://www.linkedin.com/oauth/v2/introspectToken");
        assert!(request.text().contains("token=token"), "the access token is the one that is looked at");
    }
    let good = always(200, r#"{"active":true,"status":"active","client_id":"86app","scope":"email,openid"}"#);
    let check = vault_client(&good).check(&member()).await.unwrap();
    assert!(matches!(check, TokenCheck::Good(facts) if facts.scopes.is_some()));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_of_the_app_says_nothing_about_the_member() {
    for (status, answer, kind) in [
        (400, r#"{"error":"invalid_request"}"#, RefreshErrorKind::Misconfigured),
        (401, "", RefreshErrorKind::Refused),
        (429, "", RefreshErrorKind::Throttled),
        (503, "", RefreshErrorKind::Transient),
    ] {
        let error = vault_client(&always(status, answer)).check(&member()).await.unwrap_err();
        assert_eq!((error.kind(), error.reauth_reason()), (kind, None), "{status} {answer}");
    }
    let closed = always(401, r#"{"error":"invalid_client"}"#);
    assert_eq!(vault_client(&closed).check(&member()).await.unwrap(), TokenCheck::NotOffered);
}

#[tokio::test]
async fn a_refused_refresh_token_and_one_that_is_missing_differ() {
    let refused = always(400, r#"{"error":"invalid_request","error_description":"CANARY"}"#);
    let client = vault_client(&refused);
    assert_eq!(client.rotation(), Rotation::None);
    let without = TokenSet::new("token".into(), TokenKind::LinkedInMember);
    for (tokens, reason) in [(member(), ReauthReason::TokenRejected), (without, ReauthReason::GrantExpired)] {
        let error = client.refresh(&tokens).await.unwrap_err();
        assert_eq!((error.kind(), error.reauth_reason()), (RefreshErrorKind::Revoked, Some(reason)));
        assert_eq!(canary::leaks(&canary::printed(&error)), [""; 0]);
    }
    assert_eq!(refused.requests().len(), 1);
}

#[tokio::test]
async fn nothing_is_derived_and_a_revocation_that_linkedin_accepts_is_confirmed() {
    let transport = always(200, "");
    let client = vault_client(&transport);
    let error = client.derive(&member(), "urn:li:organization:7").await.unwrap_err();
    assert_eq!(error.kind(), RefreshErrorKind::NotOffered);
    assert!(transport.requests().is_empty());
    assert!(Refresh::revoke(&client, &member()).await.unwrap());
    let refused = vault_client(&always(400, r#"{"error":"invalid_request"}"#));
    let error = Refresh::revoke(&refused, &member()).await.unwrap_err();
    assert_eq!(error.kind(), RefreshErrorKind::Misconfigured);
}
