//! Where a client takes its access token from, call by call.

use std::{borrow::Cow, error::Error, fmt, sync::Arc};

use async_trait::async_trait;
use sociogram_api_core::ErrorKind;

use crate::AccessToken;

/// Hands out the access token to use now.
///
/// A vault implements it with stored and renewed tokens, [`StaticToken`] with one fixed text.
#[async_trait]
pub trait TokenSource: fmt::Debug + Send + Sync + 'static {
    /// The token to use for one call. Cheap when nothing has to be renewed; ask again for every call.
    ///
    /// # Errors
    ///
    /// [`TokenError`] when there is no usable token; its kind says whether the person must log in again
    /// ([`ErrorKind::Reauthorize`]) or whether waiting helps.
    async fn token(&self) -> Result<Arc<AccessToken>, TokenError>;

    /// The server refused this very token. May be called many times for one token.
    async fn reject(&self, used: &AccessToken);
}

/// A fixed token: for scripts and tests. It cannot be renewed; a refusal changes nothing.
#[derive(Clone, Debug)]
pub struct StaticToken(Arc<AccessToken>);

impl StaticToken {
    /// From the token's text.
    pub fn new(token: impl Into<AccessToken>) -> Self {
        Self(Arc::new(token.into()))
    }
}

#[async_trait]
impl TokenSource for StaticToken {
    async fn token(&self) -> Result<Arc<AccessToken>, TokenError> {
        Ok(Arc::clone(&self.0))
    }

    async fn reject(&self, _used: &AccessToken) {}
}

/// Has no token: for a client that is given one later, per tenant.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct NoToken;

impl NoToken {
    /// Has no token.
    pub const fn new() -> Self {
        Self
    }
}

#[async_trait]
impl TokenSource for NoToken {
    /// # Errors
    ///
    /// Always, with kind `Misconfigured`.
    async fn token(&self) -> Result<Arc<AccessToken>, TokenError> {
        Err(TokenError::new(
            ErrorKind::Misconfigured,
            "the client has no token: give it one with `with_token`",
        ))
    }

    async fn reject(&self, _used: &AccessToken) {}
}

/// There is no usable token.
#[derive(Debug)]
pub struct TokenError(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl TokenError {
    /// Says what is wrong, in one lower-case line without any secret.
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner { kind, message: message.into(), source: None }))
    }

    /// Adds the cause.
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// What sort of trouble it is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What a person should do next.
    pub fn user_action(&self) -> &'static str {
        self.0.kind.user_action()
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl Error for TokenError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_static_token_outlives_its_rejection() {
        let source: Arc<dyn TokenSource> = Arc::new(StaticToken::new("CANARY"));
        let token = source.token().await.unwrap();
        source.reject(&token).await;
        assert_eq!(source.token().await.unwrap().expose(), "CANARY");
        assert!(!format!("{source:?}").contains("CANARY"));
    }

    #[test]
    fn the_error_is_small_and_keeps_its_cause() {
        assert_eq!(size_of::<TokenError>(), size_of::<usize>());
        let error = TokenError::new(ErrorKind::Unavailable, "the store is away")
            .with_source(std::io::Error::other("no route"));
        assert_eq!(error.to_string(), "the store is away");
        assert_eq!(error.source().unwrap().to_string(), "no route");
        assert_eq!(error.kind(), ErrorKind::Unavailable);
    }
}
