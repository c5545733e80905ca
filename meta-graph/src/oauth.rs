//! Tokens that Meta gives for other credentials.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use http::Method;
use serde::Deserialize;
use serde_json::Value;
use sociogram_api_core::http::{DecodeError, Endpoint, RawResponse, Replay, RequestParts};
use sociogram_api_core::{Finding, InvalidRequest, Timestamp};
use sociogram_oauth_core::{AccessToken, Expiry, TokenError, TokenKind, TokenSet, TokenSource};

use crate::id::AppId;
use crate::lenient;
use crate::proof::AppSecret;

/// The app's own token, `{app id}|{app secret}` (Facebook Login: App Access Tokens). For Debug Token and
/// the app's webhook subscriptions.
///
/// ```
/// use std::sync::Arc;
/// use sociogram_meta_graph::{AppId, AppSecret, Client, oauth::AppToken};
///
/// # fn on(client: &Client, app: &AppId, secret: &AppSecret) {
/// let as_app = client.with_token(Arc::new(AppToken::new(app, secret)));
/// # }
/// ```
#[derive(Clone)]
pub struct AppToken(Arc<AccessToken>);

impl AppToken {
    /// Made from the app's id and secret; nothing is sent for it.
    pub fn new(app: &AppId, secret: &AppSecret) -> Self {
        Self(Arc::new(AccessToken::new(format!("{app}|{}", secret.expose()))))
    }
}

#[async_trait]
impl TokenSource for AppToken {
    async fn token(&self) -> Result<Arc<AccessToken>, TokenError> {
        Ok(Arc::clone(&self.0))
    }

    /// It cannot be renewed: a refusal means that the secret was reset.
    async fn reject(&self, _used: &AccessToken) {}
}

impl fmt::Debug for AppToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AppToken([redacted])")
    }
}

/// Trades a token for one that lives about 60 days: `POST /oauth/access_token` with
/// `grant_type=fb_exchange_token` (Facebook Login: Long-Lived Access Tokens).
///
/// Works for user tokens and for system-user tokens that end; an expired token can never be exchanged. The
/// request carries its own credentials, so the client needs no token. Repeating it is safe: every
/// repetition gives another valid token, older ones stay valid, and nothing is used up — unlike the
/// exchange of a login code.
#[derive(Clone, Debug)]
pub struct ExchangeLongLivedToken {
    app: AppId,
    secret: AppSecret,
    token: AccessToken,
    renew_for_60_days: bool,
}

impl ExchangeLongLivedToken {
    /// Exchanges `token`, which the app with this id and secret issued.
    pub fn new(app: AppId, secret: impl Into<AppSecret>, token: impl Into<AccessToken>) -> Self {
        Self { app, secret: secret.into(), token: token.into(), renew_for_60_days: false }
    }

    /// For system-user tokens: the new one ends in 60 days, counted from now.
    pub const fn renew_for_60_days(mut self) -> Self {
        self.renew_for_60_days = true;
        self
    }
}

impl Endpoint for ExchangeLongLivedToken {
    type Output = ExchangedToken;

    const NAME: &'static str = "token.exchange_long_lived";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/oauth/access_token";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[];
    const SENSITIVE: bool = true;

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        if self.token.is_empty() || self.secret.is_empty() {
            return Err(Finding::error(
                "token.exchange.empty",
                "fb_exchange_token",
                "the token or the secret is empty",
            )
            .into());
        }
        parts
            .form_field("grant_type", "fb_exchange_token")
            .form_field("client_id", &self.app)
            .form_field("client_secret", self.secret.expose())
            .form_field("fb_exchange_token", self.token.expose());
        if self.renew_for_60_days {
            parts.form_field("set_token_expires_in_60_days", "true");
        }
        Ok(())
    }

    fn decode(&self, response: &RawResponse) -> Result<ExchangedToken, DecodeError> {
        let answer: TokenAnswer = response.json()?;
        if answer.access_token.is_empty() {
            return Err(DecodeError::new("access_token", "it is empty"));
        }
        let seconds = answer.expires_in.or(answer.expires).as_ref().and_then(lenient::int_of);
        Ok(ExchangedToken {
            access_token: AccessToken::new(answer.access_token),
            expires_in: seconds.and_then(|seconds| u64::try_from(seconds).ok()).map(Duration::from_secs),
        })
    }
}

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: String,
    #[serde(default)]
    expires_in: Option<Value>,
    /// The older name of the same.
    #[serde(default)]
    expires: Option<Value>,
}

/// A token that was traded in.
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct ExchangedToken {
    /// The new token.
    pub access_token: AccessToken,
    /// How long it lives. Meta often leaves it out: then ask Debug Token.
    pub expires_in: Option<Duration>,
}

impl ExchangedToken {
    /// With its end computed from when the request was sent. Without a lifetime, or with one of zero, the
    /// end is [`Expiry::Unknown`].
    pub fn into_token_set(self, kind: TokenKind, sent_at: Timestamp) -> TokenSet {
        let expiry = match self.expires_in {
            Some(lifetime) if !lifetime.is_zero() => Expiry::At(sent_at.saturating_add(lifetime)),
            // Only Debug Token is documented to say 0 for "no end".
            _ => Expiry::Unknown,
        };
        TokenSet::new(self.access_token, kind).with_expiry(expiry).with_issued_at(sent_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::{client, exchange, line};
    use crate::{Client, ErrorKind, TokenInvalidReason};
    use sociogram_api_core::testing::{ScriptedTransport, canary};

    fn trade() -> ExchangeLongLivedToken {
        ExchangeLongLivedToken::new(AppId::from(7), canary::secret("app"), canary::secret("short"))
    }

    #[tokio::test]
    async fn the_app_token_is_id_and_secret() {
        let token = AppToken::new(&AppId::from(7), &AppSecret::new("CANARY"));
        assert_eq!(token.token().await.unwrap().expose(), "7|CANARY");
        assert!(!format!("{token:?}").contains("CANARY"));
    }

    #[tokio::test]
    async fn the_exchange_carries_its_credentials_in_the_form_and_no_token() {
        let transport = ScriptedTransport::new().json(r#"{"access_token":"LONG","expires_in":5183944}"#);
        let bare =
            Client::builder().transport(Arc::new(transport.clone())).app_secret("other").build().unwrap();
        let exchanged = bare.send(trade()).await.unwrap();
        assert_eq!(exchanged.access_token.expose(), "LONG");
        let sent = &transport.requests()[0];
        assert_eq!(line(sent), "POST /v26.0/oauth/access_token");
        assert!(!sent.headers.contains_key("authorization"));
        assert_eq!(
            sent.text(),
            "grant_type=fb_exchange_token&client_id=7&client_secret=CANARYappCANARY\
             &fb_exchange_token=CANARYshortCANARY"
        );
        let sent_at = Timestamp::from_unix_seconds(1000);
        let tokens = exchanged.into_token_set(TokenKind::MetaUserLong, sent_at);
        assert_eq!(tokens.expiry(), Expiry::At(Timestamp::from_unix_seconds(5_184_944)));
        assert_eq!((tokens.kind(), tokens.issued_at()), (TokenKind::MetaUserLong, Some(sent_at)));
    }

    #[tokio::test]
    async fn a_missing_lifetime_is_unknown_and_never_for_ever() {
        for (body, seconds) in [
            (r#"{"access_token":"L","token_type":"bearer"}"#, None),
            (r#"{"access_token":"L","expires_in":null}"#, None),
            (r#"{"access_token":"L","expires_in":"60"}"#, Some(60)),
            (r#"{"access_token":"L","expires":60}"#, Some(60)),
            (r#"{"access_token":"L","expires_in":-5}"#, None),
        ] {
            let exchanged = exchange(trade(), body).await.0.unwrap();
            assert_eq!(exchanged.expires_in.map(|left| left.as_secs()), seconds, "{body}");
        }
        let exchanged = exchange(trade(), r#"{"access_token":"L","expires_in":0}"#).await.0.unwrap();
        let set = exchanged.into_token_set(TokenKind::MetaSystemUser, Timestamp::UNIX_EPOCH);
        assert_eq!(set.expiry(), Expiry::Unknown);
    }

    #[tokio::test]
    async fn system_users_ask_for_another_60_days() {
        let (_, request) = exchange(trade().renew_for_60_days(), r#"{"access_token":"L"}"#).await;
        assert!(request.text().ends_with("&set_token_expires_in_60_days=true"));
    }

    #[tokio::test]
    async fn a_failure_keeps_nothing_of_the_answer() {
        let answer = crate::scripted::error_body(190, 463);
        let transport = ScriptedTransport::new().respond(400, &[], answer.clone()).respond(400, &[], answer);
        let error = client(&transport).send(trade()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Reauthorize);
        assert_eq!(error.class(), Some(crate::ErrorClass::TokenInvalid(TokenInvalidReason::Expired)));
        assert_eq!((error.raw_body(), error.api().and_then(|api| api.message())), (None, None));
        assert_eq!(canary::leaks(&canary::printed(&error)), [""; 0]);
        let (empty, _) = exchange(trade(), r#"{"access_token":""}"#).await;
        assert_eq!(empty.unwrap_err().kind(), ErrorKind::Decode);
    }

    #[tokio::test]
    async fn empty_credentials_are_not_sent() {
        let transport = ScriptedTransport::new();
        let endpoint = ExchangeLongLivedToken::new(AppId::from(7), "", "token");
        let error = client(&transport).send(endpoint).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Invalid, 0));
    }
}
