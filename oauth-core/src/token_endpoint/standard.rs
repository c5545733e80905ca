//! Requests as the standards write them, by the `oauth2` crate.
//!
//! The crate only writes: its transport is one that hands the request back instead of sending it. So no answer,
//! and no token in one, ever reaches the crate's types, whose errors keep bodies.

use std::{error::Error, fmt};

use http::{HeaderValue, Method, header::AUTHORIZATION};
use oauth2::{
    AuthType, ClientId, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IntrospectionUrl,
    RedirectUrl, RequestTokenError, RevocableToken, RevocationUrl, SyncHttpClient, TokenUrl,
    basic::{
        BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenResponse,
    },
};
use sociogram_api_core::{ErrorKind, http::RequestParts};

use crate::{
    AuthorizationCode, ClientAuth, ClientSecret, OAuthError, PkceVerifier, Reason, RefreshToken, ScopeSet,
    provider::endpoint::Target,
};

const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");

/// Required by the crate, and looked at by nobody: where a request goes is decided by its [`Target`].
const NOWHERE: &str = "https://localhost/";

type Client = oauth2::Client<
    BasicErrorResponse,
    BasicTokenResponse,
    BasicTokenIntrospectionResponse,
    Revoked,
    BasicRevocationErrorResponse,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
    EndpointSet,
    EndpointSet,
>;

/// The `oauth2` crate's client. Lives for one request, because it does not wipe its secrets.
pub(super) struct Writer(Client);

impl Writer {
    pub(super) fn new(
        client_id: &str,
        secret: Option<&ClientSecret>,
        auth: ClientAuth,
    ) -> Result<Self, OAuthError> {
        let wrong = |_| unwritten();
        let auth_type = match auth {
            ClientAuth::Basic => AuthType::BasicAuth,
            ClientAuth::Body | ClientAuth::None => AuthType::RequestBody,
        };
        let mut client = oauth2::Client::new(ClientId::new(client_id.to_owned()))
            .set_auth_type(auth_type)
            .set_introspection_url(IntrospectionUrl::new(NOWHERE.to_owned()).map_err(wrong)?)
            .set_revocation_url(RevocationUrl::new(NOWHERE.to_owned()).map_err(wrong)?)
            .set_token_uri(TokenUrl::new(NOWHERE.to_owned()).map_err(wrong)?);
        if let Some(secret) = secret.filter(|_| auth != ClientAuth::None) {
            client = client.set_client_secret(oauth2::ClientSecret::new(secret.expose().to_owned()));
        }
        Ok(Self(client))
    }

    /// RFC 6749 section 4.1.3, RFC 7636 section 4.5.
    pub(super) fn code(
        self,
        target: &Target,
        code: &AuthorizationCode,
        verifier: Option<&PkceVerifier>,
        redirect_uri: Option<&str>,
    ) -> Result<RequestParts, OAuthError> {
        let mut client = self.0;
        if let Some(redirect_uri) = redirect_uri {
            let uri = RedirectUrl::new(redirect_uri.to_owned()).map_err(|_| unwritten())?;
            client = client.set_redirect_uri(uri);
        }
        let mut request = client.exchange_code(oauth2::AuthorizationCode::new(code.expose().to_owned()));
        if let Some(verifier) = verifier {
            request = request.set_pkce_verifier(oauth2::PkceCodeVerifier::new(verifier.expose().to_owned()));
        }
        parts(target, request.request(&Catch))
    }

    /// RFC 6749 section 6.
    pub(super) fn refresh(self, target: &Target, refresh: &RefreshToken) -> Result<RequestParts, OAuthError> {
        let refresh = oauth2::RefreshToken::new(refresh.expose().to_owned());
        parts(target, self.0.exchange_refresh_token(&refresh).request(&Catch))
    }

    /// RFC 6749 section 4.4.2.
    pub(super) fn client_credentials(
        self,
        target: &Target,
        scopes: &ScopeSet,
    ) -> Result<RequestParts, OAuthError> {
        let scopes = scopes.iter().map(|scope| oauth2::Scope::new(scope.as_str().to_owned()));
        parts(target, self.0.exchange_client_credentials().add_scopes(scopes).request(&Catch))
    }

    /// RFC 7662 section 2.1.
    pub(super) fn introspection(self, target: &Target, token: &str) -> Result<RequestParts, OAuthError> {
        let token = oauth2::AccessToken::new(token.to_owned());
        parts(target, self.0.introspect(&token).request(&Catch))
    }

    /// RFC 7009 section 2.1.
    pub(super) fn revocation(
        self,
        target: &Target,
        token: &str,
        hint: Option<&str>,
    ) -> Result<RequestParts, OAuthError> {
        let token = Revoked { token: token.to_owned(), hint: hint.map(ToOwned::to_owned) };
        let request = self.0.revoke_token(token).map_err(|_| unwritten())?;
        parts(target, request.request(&Catch))
    }
}

/// A token to withdraw, with its sort where the provider takes it.
struct Revoked {
    token: String,
    hint: Option<String>,
}

impl RevocableToken for Revoked {
    fn secret(&self) -> &str {
        &self.token
    }

    fn type_hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

/// Hands the request back as if it had failed.
struct Catch;

/// The request that was written. Neither form of it shows anything.
struct Written(Box<HttpRequest>);

impl SyncHttpClient for Catch {
    type Error = Written;

    fn call(&self, request: HttpRequest) -> Result<HttpResponse, Written> {
        Err(Written(Box::new(request)))
    }
}

impl fmt::Debug for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Written([redacted])")
    }
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the request was written and not sent")
    }
}

impl Error for Written {}

fn parts<T, E: oauth2::ErrorResponse + 'static>(
    target: &Target,
    caught: Result<T, RequestTokenError<Written, E>>,
) -> Result<RequestParts, OAuthError> {
    let Err(RequestTokenError::Request(Written(mut request))) = caught else { return Err(unwritten()) };
    let mut parts = target.request(Method::POST);
    if let Some(mut basic) = request.headers_mut().remove(AUTHORIZATION) {
        basic.set_sensitive(true);
        parts.header(AUTHORIZATION, basic);
    }
    parts.body(request.into_body().into(), FORM);
    Ok(parts)
}

fn unwritten() -> OAuthError {
    OAuthError::because(Reason::Other)
        .with_kind(ErrorKind::Internal)
        .with_message("the request could not be written")
}
