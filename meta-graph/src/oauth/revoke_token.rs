//! Ending one token (Marketing API: Install Apps, Generate, Refresh, and Revoke Tokens).

use http::Method;
use sociogram_api_core::http::{DecodeError, Endpoint, RawResponse, Replay, RequestParts};
use sociogram_api_core::{Finding, InvalidRequest};
use sociogram_oauth_core::AccessToken;

use crate::acknowledged;
use crate::id::AppId;
use crate::proof::AppSecret;

/// Ends one token of a system user: `GET /oauth/revoke`.
///
/// Send it with a token of whoever may end it: the token itself, or one of an administrator of the business.
/// Needs no permission. Secret and token travel in the query, because Meta documents no other place; no error,
/// log or trace shows them. Repeating it changes nothing.
#[derive(Clone, Debug)]
pub struct RevokeToken {
    app: AppId,
    secret: AppSecret,
    token: AccessToken,
}

impl RevokeToken {
    /// Ends `token`, which this app issued.
    pub fn new(app: AppId, secret: impl Into<AppSecret>, token: impl Into<AccessToken>) -> Self {
        Self { app, secret: secret.into(), token: token.into() }
    }
}

impl Endpoint for RevokeToken {
    type Output = ();

    const NAME: &'static str = "token.revoke";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/oauth/revoke";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[];
    const SENSITIVE: bool = true;

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        if self.secret.is_empty() || self.token.is_empty() {
            return Err(Finding::error(
                "token.revoke.empty",
                "revoke_token",
                "the secret or the token is empty",
            )
            .into());
        }
        parts
            .query("client_id", &self.app)
            .query("client_secret", self.secret.expose())
            .query("revoke_token", self.token.expose());
        Ok(())
    }

    fn decode(&self, response: &RawResponse) -> Result<(), DecodeError> {
        acknowledged::read(response)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;
    use crate::scripted::{client, exchange, line};
    use sociogram_api_core::testing::ScriptedTransport;

    #[tokio::test]
    async fn the_token_to_end_is_not_the_one_that_asks() {
        let endpoint = RevokeToken::new(AppId::from(7), "CANARY|secret", "CANARYtoken");
        assert!(!format!("{endpoint:?}").contains("CANARY"));
        let (result, request) = exchange(endpoint, r#"{"success":true}"#).await;
        result.unwrap();
        assert_eq!(
            line(&request),
            "GET /v26.0/oauth/revoke?client_id=7&client_secret=CANARY%7Csecret&revoke_token=CANARYtoken"
        );
        assert_eq!(request.header("authorization"), "Bearer TOKEN");
        assert!(!format!("{request:?}").contains("CANARY"), "{request:?}");
    }

    #[tokio::test]
    async fn nothing_empty_is_sent() {
        for (secret, token) in [("", "token"), ("secret", "")] {
            let transport = ScriptedTransport::new();
            let error =
                client(&transport).send(RevokeToken::new(AppId::from(7), secret, token)).await.unwrap_err();
            assert_eq!(
                (error.kind(), error.findings()[0].rule()),
                (ErrorKind::Invalid, "token.revoke.empty")
            );
            assert!(transport.requests().is_empty());
        }
    }
}
