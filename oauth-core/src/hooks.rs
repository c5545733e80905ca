//! What a provider does its own way.

use std::fmt;

use async_trait::async_trait;

use crate::{
    AccessToken, Grant, Identity, OAuthError, OAuthErrorClass, Permissions, Refusal, RefusedAnswer,
    TokenFacts, TokenSet, reply::Reply,
};

/// What a provider does its own way: how it refuses, and where it tells about tokens. The crate that knows the
/// provider's API implements it once (`meta_graph::oauth`, `linkedin_api::oauth`).
///
/// Every method but [`refusal`](Self::refusal) may answer `None`: then the standard endpoint is asked, where the
/// provider has one (RFC 7662, RFC 7009, OpenID Connect's userinfo).
#[async_trait]
pub trait ProviderHooks: fmt::Debug + Send + Sync + 'static {
    /// Reads a refusal of the token endpoint. Takes codes out of it, never text.
    fn refusal(&self, answer: &RefusedAnswer<'_>) -> Refusal;

    /// What the provider says about a token.
    ///
    /// # Errors
    ///
    /// [`OAuthError`] when the provider could not be asked. A token that is not good is no error, but
    /// [`TokenFacts::active`] is `false`. What the provider says about the app or about itself is an error, and never
    /// a token that is not active.
    async fn inspect(&self, _token: &AccessToken) -> Result<Option<TokenFacts>, OAuthError> {
        Ok(None)
    }

    /// Whose token it is.
    ///
    /// # Errors
    ///
    /// [`OAuthError`] when the provider could not be asked or refused the token.
    async fn identify(&self, _token: &AccessToken) -> Result<Option<Identity>, OAuthError> {
        Ok(None)
    }

    /// What the person answered for each scope.
    ///
    /// # Errors
    ///
    /// [`OAuthError`] when the provider could not be asked or refused the token.
    async fn permissions(&self, _token: &AccessToken) -> Result<Option<Permissions>, OAuthError> {
        Ok(None)
    }

    /// The token of the account `account_id` (a Page) that is made from the token of a person or a system user.
    /// `None` if this provider makes none from a token of this sort.
    ///
    /// # Errors
    ///
    /// [`OAuthError`] when the provider could not be asked or refused. One of kind `Permission` says that the parent
    /// no longer reaches the account, one of kind `Reauthorize` that the parent is dead.
    async fn derive(&self, _parent: &TokenSet, _account_id: &str) -> Result<Option<TokenSet>, OAuthError> {
        Ok(None)
    }

    /// Withdraws everything the person granted the app with this token. `false` if this provider has no way of
    /// its own.
    ///
    /// # Errors
    ///
    /// [`OAuthError`] when the provider did not confirm. Whoever stores the token must stop using it anyway.
    async fn revoke(&self, _tokens: &TokenSet) -> Result<bool, OAuthError> {
        Ok(false)
    }
}

/// Keeps to the standards and knows no provider: reads refusals by RFC 6749 section 5.2, RFC 6750 section 3.1,
/// RFC 7009 section 2.2.1 and OpenID Connect Core section 3.1.2.6.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StandardHooks;

impl StandardHooks {
    /// The only ones there are.
    pub const fn new() -> Self {
        Self
    }
}

impl ProviderHooks for StandardHooks {
    fn refusal(&self, answer: &RefusedAnswer<'_>) -> Refusal {
        let body = Reply::read(answer.body).ok();
        let told = body.as_ref().and_then(|body| body.text("error"));
        let error = told.or_else(|| challenge_error(answer.challenge?));
        Refusal::new(class(answer.grant, answer.status, error)).with_error(error.unwrap_or_default())
    }
}

/// The `error` of a `WWW-Authenticate` header: `Bearer realm="x", error="invalid_token"`.
fn challenge_error(header: &str) -> Option<&str> {
    let mut rest = header;
    while let Some((before, after)) = rest.split_once("error=") {
        let starts_a_word = before.is_empty() || before.ends_with([' ', ',', '\t']);
        let value = after
            .strip_prefix('"')
            .and_then(|value| value.split_once('"'))
            .map_or_else(|| after.split([',', ' ']).next().unwrap_or_default(), |(value, _)| value);
        if starts_a_word && !value.is_empty() {
            return Some(value);
        }
        rest = after;
    }
    None
}

fn class(grant: Grant, status: u16, error: Option<&str>) -> OAuthErrorClass {
    use OAuthErrorClass as Class;
    match (status, error) {
        (429, _) => Class::Throttled,
        (500.., _) | (_, Some("server_error" | "temporarily_unavailable")) => Class::Transient,
        (
            _,
            Some(
                "invalid_grant"
                | "invalid_token"
                | "login_required"
                | "consent_required"
                | "interaction_required",
            ),
        ) => Class::Reauthorize,
        (_, Some("access_denied" | "insufficient_scope")) => Class::Permission,
        (
            _,
            Some(
                "unauthorized_client"
                | "unsupported_grant_type"
                | "unsupported_response_type"
                | "invalid_scope"
                | "invalid_request"
                | "redirect_uri_mismatch",
            ),
        ) => Class::Misconfigured,
        // Without a word of explanation, the credential of the call is meant: here the token itself.
        (401, None) if grant == Grant::UserInfo => Class::Reauthorize,
        (403, None) if grant == Grant::UserInfo => Class::Permission,
        (_, Some("invalid_client")) | (401, None) => Class::InvalidClient,
        _ => Class::Rejected,
    }
}

#[cfg(test)]
mod tests;
