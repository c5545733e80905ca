//! Any other provider that keeps to the standards.

use std::{borrow::Cow, sync::Arc};

use super::Provider;
use crate::{OAuthError, ProviderId, ProviderMetadata, Reason, Rotation, StandardHooks, TokenKind};

impl Provider {
    /// A provider that keeps to RFC 6749, and to OpenID Connect where `openid` is asked for. PKCE is sent,
    /// tokens are of kind [`TokenKind::Generic`], and a used refresh token is taken to be used up.
    ///
    /// Adjust it with [`with_client_auth`](Self::with_client_auth), [`with_pkce`](Self::with_pkce),
    /// [`with_rotation`](Self::with_rotation) and [`with_hooks`](Self::with_hooks) where the provider does not
    /// publish, or keep to, what its metadata says.
    ///
    /// ```
    /// use sociogram_oauth_core::{ClientAuth, Provider, ProviderId, ProviderMetadata};
    ///
    /// let metadata = ProviderMetadata::new("https://id.example/authorize", "https://id.example/token?tenant=7")?
    ///     .with_revocation("https://id.example/revoke")?;
    /// let provider = Provider::generic(ProviderId::new("example"), metadata)?.with_client_auth(ClientAuth::Body);
    /// assert_eq!(provider.token_url(), "https://id.example/token?tenant=7");
    /// # Ok::<(), sociogram_oauth_core::OAuthError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`OAuthError`] of kind `Misconfigured` for an id that is not a short word of lower-case letters, digits,
    /// `-` and `_`: it becomes part of cookies, stored rows and metrics.
    pub fn generic(id: ProviderId, metadata: ProviderMetadata) -> Result<Self, OAuthError> {
        let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, b'-' | b'_');
        let name = id.as_str();
        if name.is_empty() || name.len() > 40 || !name.bytes().all(plain) {
            return Err(OAuthError::because(Reason::Setup)
                .with_message("the provider's id is not a short word of a-z, 0-9, - and _"));
        }
        Ok(Self {
            introspection: metadata.introspection,
            revocation: metadata.revocation,
            revocation_hint: true,
            userinfo: metadata.userinfo,
            client_auth: metadata.client_auth,
            introspection_auth: metadata.introspection_auth,
            revocation_auth: metadata.revocation_auth,
            pkce: metadata.pkce,
            nonce: true,
            token_kind: TokenKind::Generic,
            app_kind: Some(TokenKind::Generic),
            rotation: Rotation::Strict,
            issuers: metadata.issuer.map(Cow::Owned).into_iter().collect(),
            iss_required: metadata.iss_required,
            ..Self::plain(id, "oauth", metadata.authorization, metadata.token, Arc::new(StandardHooks::new()))
        })
    }
}
